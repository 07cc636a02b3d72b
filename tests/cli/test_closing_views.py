"""What a team lead reads at the end of a day: by `tally`, and at the end of `demo`."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program

LIST = """\
Registration,Country,Haulier,Penalty reference,Issued on,Balance
AB12 CDE,GB,Acme Ltd,CP-1,04/01/2021,2400.00
GA 777 QQ,FR,Transports,CP-2,04/01/2021,
"""
LOG = """\
At,Registration,Country,Cash
17/06/2021 09:05,ZZ1 ZZZ,GB,GBP:1250.00:seized
"""


@pytest.fixture
def taken(program: "Program", in_process: Callable[["Program"], "Program"]) -> "Program":
    """Money was taken on a penalty for which the list gives no sum, and on nothing else."""
    (program.folder / "list.csv").write_text(LIST, encoding="utf-8")
    here = in_process(program)
    here.good("list", "import", "list.csv", "--list", "CECPT")
    here.good("op", "start", "Dover")
    here.good("check", "AB12 CDE", "--confirm", "--penalty", "CP-1:refused")
    ran = here.good("check", "GA777QQ", "--confirm", "--penalty", "CP-2:paid_in_full:500.00")
    assert "£500.00 recorded; the list gives no sum, so that may not be all" in ran.err
    return here


def words(text: str) -> str:
    """A view's words without frames and line ends."""
    return " ".join(re.sub(r"[│┌┐└┘─]", " ", text).split())


def test_the_outcome_and_the_money_say_the_same(taken: "Program") -> None:
    tally = taken.json("tally")
    assert tally["primary_outcomes"]["penalty_enforced"] == 1
    assert tally["penalties"] == {
        "listed_pence": 240000,
        "enforceable_count": 1,
        "enforceable_pence": 240000,
        "enforced_count": 1,
        "enforced_pence": 50000,
        "outstanding_pence": 240000,
        "not_enforceable_pence": 0,
        "enforced_without_sum_pence": 50000,
        "overpaid_pence": 0,
        "undecided_count": 0,
        "undecided_pence": 0,
    }
    shown = taken.good("tally").out
    assert "1 outstanding penalty enforced (£500.00)" in words(shown)
    assert (
        "£2,400.00 listed + £500.00 taken where the list gave no sum (what remains there is not"
        " known) = £500.00 enforced + £2,400.00 outstanding + £0.00 not enforceable"
    ) in words(shown)


def test_the_checks_behind_it_are_named_with_what_is_not_known(taken: "Program") -> None:
    told = words(taken.good("tally", "--explain", "enforced_pence").out)
    assert "1 check, £500.00 together" in told
    assert told.endswith(
        "The list gives no sum for 1 penalty line: what is owed there is not known;"
        " £500.00 taken there is enforced"
    )
    (given,) = taken.json("tally", "--explain", "enforced_without_sum_pence")["checks"]
    assert (given["vehicle"], given["number"]) == ("GA777QQ", 50000)
    assert sum(one["enforced_pence"] for one in taken.json("tally", "--by", "lane")["groups"]) == (
        50000
    )


def test_the_demo_ends_as_a_day_does(
    program: "Program", in_process: Callable[["Program"], "Program"]
) -> None:
    (program.folder / "log.csv").write_text(LOG, encoding="utf-8")
    closing = words(in_process(program).good("demo", "--checks", "log.csv").out)
    assert "under way; as of 2021-06-17 18:00" in closing
    assert "the first detention runs out 2021-06-21 09:05" in closing
