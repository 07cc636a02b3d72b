"""What people read, word for word: 80 columns, plain.

After a wanted change: pytest tests/cli/test_golden.py --rewrite-golden, and
read the difference before you keep it.
"""

import functools
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from portcheck.cli import session
from portcheck.services.context import Context

if TYPE_CHECKING:
    from tests.conftest import Program

    Golden = Callable[[str, str], None]

NOW = datetime(2021, 6, 17, 12, 6, tzinfo=UTC)
IDENTITY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FINGERPRINT = re.compile(r"\b(\w+:\d+):[0-9A-F]{4}(-[0-9A-F]{4}){4}")


@pytest.fixture
def noon(
    program: "Program",
    in_process: Callable[["Program"], "Program"],
    monkeypatch: pytest.MonkeyPatch,
) -> "Program":
    """The program at noon of 17 June 2021, with the small list imported then."""
    monkeypatch.setattr(session, "Context", functools.partial(Context, now=lambda: NOW))
    (program.folder / "list.csv").write_text(LIST, encoding="utf-8")
    here = in_process(program)
    here.good("list", "import", "list.csv", "--list", "CECPT")
    return here


LIST = """\
Registration,Country,Unit,Trailer,Haulier,Liable party,Role,Penalty reference,Section,Issued,Due,Amount,Balance,Status
AB12 CDE,GB,tractor,C123 4567,Northsea Haulage Ltd,Northsea Haulage Ltd,owner,CP-1042,32,12/01/2021,13/03/2021,2400.00,2400.00,outstanding
AB12 CDE,GB,tractor,,Northsea Haulage Ltd,A Driver,driver,CP-1043,32,12/01/2021,13/03/2021,2000.00,2000.00,objection
WX 12345,PL,tractor,,Trans-Bajka Sp. z o.o.,Trans-Bajka Sp. z o.o.,owner,CP-1044,31A,01/06/2021,31/07/2021,6000,6000,outstanding
"""


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("card_listed", ["AB12 CDE"]),
        ("card_lookalike", ["A812 CDE"]),
        ("card_looks_like", ["AB12 CED"]),
        ("card_clear", ["ZZ99 ZZZ"]),
        ("card_not_yet_due", ["WX12345", "--country", "PL"]),
    ],
)
def test_card(noon: "Program", golden: "Golden", name: str, args: list[str]) -> None:
    golden(name, noon.good("lookup", *args).out)


PAID_IN_PART = "CP-1042:part_paid:400.00"


def test_a_penalty_paid_here(noon: "Program", golden: "Golden") -> None:
    """In part, then the rest; as the card and as `log show` tell it."""
    noon.good("op", "start", "Portsmouth 17 June 2021", "--at", "05:30")
    noon.good("check", "AB12CDE", "--confirm", "--penalty", PAID_IN_PART, "--at", "10:05")
    golden("card_paid_in_part", noon.good("lookup", "AB12 CDE").out)
    noon.good("check", "AB12CDE", "--confirm", "--penalty", "CP-1042:paid_in_full", "--at", "11:00")
    golden("card_paid", noon.good("lookup", "AB12 CDE").out)
    golden("log_show_paid", IDENTITY.sub("…", noon.good("log", "show", "1").out))


def test_a_second_payment_says_what_to_do(noon: "Program") -> None:
    noon.good("op", "start", "Portsmouth 17 June 2021", "--at", "05:30")
    paid = ("check", "AB12CDE", "--confirm", "--penalty", "CP-1042:paid_in_full:2400.00")
    noon.good(*paid)
    refused = noon.run(*paid)
    assert refused.code == 3
    assert "penalty CP-1042 is paid already: £2,400.00 at L1-001" in refused.err
    assert "--again" in refused.err
    assert noon.json("tally")["checks"] == 1
    again = noon.good(*paid, "--again")
    assert "£2,400.00 recorded, £0.00 owed: £2,400.00 is above it" in again.err
    assert noon.json("tally")["penalties"]["overpaid_pence"] == 240000
    (answer,) = noon.json("lookup", "AB12CDE")
    penalty = answer["matches"][0]["penalties"][0]
    assert (penalty["enforceable"], penalty["left_pence"]) == ("no", 0)
    assert penalty["recorded"][0] == {
        "ref": "L1-001",
        "operation": "Portsmouth 17 June 2021",
        "at": "2021-06-17T13:06:00+01:00",
        "action": "paid_in_full",
        "amount_pence": 240000,
    }


def test_seen_here_before(noon: "Program", golden: "Golden") -> None:
    """As the card tells it, newest first, and as programs read it."""
    hostile = "Dover \x1b[31m[bold]" + 50 * "x"
    noon.good("op", "start", hostile, "--at", "2021-06-14 05:30")
    noon.good("check", "ZZ99 ZZZ", "--trailer", "C765 4321", "--at", "2021-06-14 10:05")
    noon.good("op", "end")
    noon.good("op", "start", "Portsmouth 17 June 2021", "--at", "05:30")
    cards = [noon.good("check", "XX1", "--trailer", "C765 4321", "--at", "10:06").out]
    for minute in range(10, 16):
        noon.good(
            "check", "ZZ99 ZZZ", "--direction", "inbound", "--search", "dog", "--nothing-found",
            "--at", f"11:{minute}",
        )  # fmt: skip
    cards += [noon.good("lookup", text).out for text in ("ZZ99 ZZZ", "XX1", "C765 4321")]
    golden("card_seen", "\n".join(cards))
    (answer,) = noon.json("lookup", "ZZ99ZZZ")
    assert [one["ref"] for one in answer["seen"]] == [
        "L1-007", "L1-006", "L1-005", "L1-004", "L1-003",
    ]  # fmt: skip
    assert answer["seen_more"] == 2
    assert answer["seen"][0] == {
        "ref": "L1-007",
        "operation": "Portsmouth 17 June 2021",
        "at": "2021-06-17T11:15:00+01:00",
        "direction": "inbound",
        "verdict": "clear",
        "primary_outcome": "nothing_found",
    }
    assert noon.json("check", "ZZ99ZZZ")["seen"] == answer["seen"]
    (noon.folder / "manifest.csv").write_text("Registration\nZZ99ZZZ\nYY1\n", encoding="utf-8")
    first, second = noon.good("screen", "manifest.csv", "--json").lines
    assert (first["seen"][0]["ref"], first["seen_more"]) == ("L1-008", 3)
    assert (second["seen"], second["seen_more"]) == ([], 0)
    noon.good("config", "set", "seen_days", "0")
    assert "Seen here" not in noon.good("lookup", "ZZ99 ZZZ").out
    assert noon.json("check", "ZZ99ZZZ")["seen"] == []


def test_check_with_trailer_and_container(noon: "Program", golden: "Golden") -> None:
    noon.good("op", "start", "Portsmouth 17 June 2021", "--at", "05:30")
    ran = noon.good(
        "check", "ZZ99 ZZZ", "--trailer", "C123 4567", "--container", "CSQU3054389",
        "--direction", "inbound", "--search", "dog",
    )  # fmt: skip
    golden("check_trailer", ran.out)


def test_tally_of_the_sample_log(
    program: "Program", in_process: Callable[["Program"], "Program"], golden: "Golden"
) -> None:
    printed = in_process(program).good("demo").out
    begin = printed.index("3. The day in figures")
    golden("tally_sample", FINGERPRINT.sub(r"\1:…", printed[begin:]))


def test_golden_files_are_plain_and_fit_the_screen(request: pytest.FixtureRequest) -> None:
    files = list((request.path.parent / "golden").glob("*.txt"))
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert "\x1b" not in text
        assert max(map(len, text.splitlines())) <= 80
