"""What may be recorded about a penalty line."""

from typing import Any

import pytest

from portcheck.errors import Refused
from portcheck.services.checks.penalties import with_amounts
from portcheck.services.checks.records import Line

OWED = Line("CP-1042", 240000, "yes", "confirmed")
UNKNOWN = Line("CP-2", None, "refer", "confirmed")
LINES = [OWED, UNKNOWN, Line("CP-3", 500, "no", "open"), Line("CP/4", 7, "yes", "rejected")]


def act(reference: str, action: str, **more: Any) -> dict[str, Any]:
    return {"reference": reference, "action": action, **more}


TIED: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    (act("CP-1042", "paid_in_full"), act("CP-1042", "paid_in_full", amount_pence=240000), []),
    (act(" cp 1042 ", "paid_in_full"), act("CP-1042", "paid_in_full", amount_pence=240000), []),
    (
        act("CP-1042", "paid_in_full", amount_pence=1),
        act("CP-1042", "paid_in_full", amount_pence=1),
        ["penalty CP-1042: £0.01 recorded, £2,400.00 owed: that is a part payment"],
    ),
    (
        act("CP-1042", "part_paid", amount_pence=5),
        act("CP-1042", "part_paid", amount_pence=5),
        [],
    ),
    (act("CP-1042", "refused"), act("CP-1042", "refused"), []),
    (act("CP-1042", "vehicle_detained"), act("CP-1042", "vehicle_detained"), []),
    (
        act("CP-2", "paid_in_full", amount_pence=5),
        act("CP-2", "paid_in_full", amount_pence=5),
        [
            "penalty CP-2 was not shown as enforceable (refer)",
            "penalty CP-2: £0.05 recorded; the list gives no sum, so that may not be all",
        ],
    ),
    (
        act("CP-2", "part_paid", amount_pence=5),
        act("CP-2", "part_paid", amount_pence=5),
        ["penalty CP-2 was not shown as enforceable (refer)"],
    ),
    (
        act("CP-3", "security_given", amount_pence=5),
        act("CP-3", "security_given", amount_pence=5),
        [
            "penalty CP-3 belongs to a match that waits for a decision",
            "penalty CP-3 was not shown as enforceable (no)",
        ],
    ),
    (
        act("cp4", "referred"),
        act("CP/4", "referred"),
        ["penalty CP/4 belongs to a match that was rejected"],
    ),
]


@pytest.mark.parametrize(("given", "settled", "warnings"), TIED)
def test_an_action_is_tied_to_its_line(
    given: dict[str, Any], settled: dict[str, Any], warnings: list[str]
) -> None:
    outcome = {"penalties": [given], "notes": ["x"]}
    before = {"penalties": [dict(given)], "notes": ["x"]}
    assert with_amounts(outcome, LINES) == ({"penalties": [settled], "notes": ["x"]}, warnings)
    assert outcome == before


OWNER = Line("CP-1", 240000, "yes", "confirmed", liable=("acme", "owner"))
DRIVER = Line("CP-1", 100000, "yes", "confirmed", liable=("smith", "driver"))
ANOTHER_LIST = Line("cp 1", 240000, "refer", "confirmed", liable=("acme", ""))
ANYBODYS = Line("CP-1", 340000, "refer", "confirmed")
DOUBTED = Line("CP-1", 100000, "refer", "confirmed", liable=("smith", "driver"))
REJECTED = Line("CP-1", 240000, "yes", "rejected", liable=("acme", "owner"))
SEVERAL: list[tuple[list[Line], list[int], list[str]]] = [
    ([OWNER, DRIVER], [300000], []),
    ([DRIVER, OWNER], [300000], []),
    ([OWNER, DRIVER], [240000, 100000], []),
    ([OWNER, DRIVER, ANYBODYS], [300000], []),
    ([ANYBODYS, OWNER, DRIVER], [300000], []),
    ([ANOTHER_LIST, OWNER, DRIVER], [300000, 40000], []),
    ([REJECTED, DRIVER], [100000], []),
    (
        [OWNER, DRIVER],
        [350000],
        ["penalty CP-1: £3,500.00 recorded, £3,400.00 owed on 2 lines: £100.00 is above it"],
    ),
    (
        [OWNER, DRIVER, ANYBODYS],
        [300000, 50000],
        ["penalty CP-1: £500.00 recorded, £400.00 owed on 2 lines: £100.00 is above it"],
    ),
    (
        [OWNER, ANOTHER_LIST],
        [250000],
        ["penalty CP-1: £2,500.00 recorded, £2,400.00 owed: £100.00 is above it"],
    ),
    ([OWNER, DOUBTED], [240000], []),
    ([OWNER, DOUBTED], [240001], ["penalty CP-1 was not shown as enforceable (refer)"]),
]


@pytest.mark.parametrize(("lines", "amounts", "warnings"), SEVERAL)
def test_a_payment_is_held_against_all_lines_of_its_penalty(
    lines: list[Line], amounts: list[int], warnings: list[str]
) -> None:
    """As it is given to them: what one line leaves goes to the next."""
    given = [act("CP-1", "part_paid", amount_pence=pence) for pence in amounts]
    assert with_amounts({"penalties": given}, lines)[1] == warnings


@pytest.mark.parametrize("lines", [[OWNER, DRIVER, ANYBODYS], [OWNER, ANOTHER_LIST, DRIVER]])
def test_money_on_a_penalty_of_which_every_line_is_paid_is_refused(lines: list[Line]) -> None:
    given = [act("CP-1", "part_paid", amount_pence=pence) for pence in (340000, 1)]
    with pytest.raises(Refused, match="paid already"):
        with_amounts({"penalties": given}, lines)
    assert with_amounts({"penalties": given}, lines, again=True)[1] == [
        "penalty CP-1: £0.01 recorded, £0.00 owed on 2 lines: £0.01 is above it"
    ]


REFUSED: list[tuple[dict[str, Any], list[Line], str, str]] = [
    (act("CP-9", "refused"), LINES, "no penalty line “CP-9”", "CP-1042, CP-2, CP-3, CP/4"),
    (act("CP-9", "refused"), [], "no penalty line “CP-9”", "as a note"),
    (act("CP-9", "refused"), [Line("", 1, "yes", "")], "no penalty line", "as a note"),
    (act("--", "refused"), [Line("", 1, "yes", "")], "no penalty line", "as a note"),
    (act("CP-1042", "part_paid"), LINES, "part_paid needs an amount", "CP-1042:part_paid:2400.00"),
    (act("CP-1042", "security_given"), LINES, "security_given needs an amount", "2400.00"),
    (act("CP-2", "paid_in_full"), LINES, "paid_in_full needs an amount", "2400.00"),
]


@pytest.mark.parametrize(("given", "lines", "said", "hint"), REFUSED)
def test_an_action_that_is_refused(
    given: dict[str, Any], lines: list[Line], said: str, hint: str
) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        with_amounts({"penalties": [given]}, lines)
    assert hint in refusal.value.hint


def test_an_outcome_without_penalties_needs_no_line() -> None:
    assert with_amounts({"persons": 1}, []) == ({"persons": 1}, [])


def test_a_reference_as_written_comes_before_one_that_only_looks_like_it() -> None:
    lines = [Line("CP 11", 100, "yes", ""), Line("CP-1-1", 200, "yes", "")]
    for reference, owed in (("CP-1-1", 200), ("CP 11", 100), ("cp11", 100)):
        outcome, _ = with_amounts({"penalties": [act(reference, "paid_in_full")]}, lines)
        assert outcome["penalties"][0]["amount_pence"] == owed


def test_several_actions_on_several_lines() -> None:
    outcome, warnings = with_amounts(
        {"penalties": [act("CP-1042", "refused"), act("CP-1042", "vehicle_detained")]}, LINES
    )
    assert [action["action"] for action in outcome["penalties"]] == ["refused", "vehicle_detained"]
    assert warnings == []
