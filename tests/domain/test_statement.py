"""What stands behind a tally's money, and whether it adds up."""

import json
from dataclasses import replace
from typing import Any

import pytest

from portcheck.domain.findings import COUNTED, FAMILIES
from portcheck.domain.statement import (
    CashSeized,
    LineAccount,
    NotEnforceable,
    Statement,
    currency_of,
    statement_from,
)
from portcheck.domain.tally import CashFigures, MatchFigures, PenaltyFigures, Tally

LINE = LineAccount(
    check_id="a",
    match=1,
    number=1,
    owed_pence=240000,
    enforceable="yes",
    rule=8,
    enforced_pence=100000,
    outstanding_pence=140000,
    not_enforceable_pence=0,
    refs=["L1-001"],
    enforced_by={"a": 100000},
    actions=[{"ref": "L1-001", "reference": "CP-1", "action": "part_paid"}],
)
OBJECTED = replace(
    LINE,
    number=2,
    owed_pence=50000,
    enforceable="no",
    rule=2,
    enforced_pence=0,
    outstanding_pence=0,
    not_enforceable_pence=50000,
    enforced_by={},
    actions=[],
)
NO_SUM = replace(OBJECTED, number=3, owed_pence=None, rule=7, not_enforceable_pence=0)
TAKEN = replace(NO_SUM, enforced_pence=7000, enforced_by={"a": 7000})
AT = "2021-06-17T12:06:00+01:00"
CASH = CashSeized("a", "L1-001", AT, "AB12 CDE", "EUR", 125050, "2021-06-21", False)
DAY = Statement(
    tally=Tally(
        operation="Dover",
        site="",
        started_at="2021-06-17T05:30:00+01:00",
        ended_at=None,
        agencies=[],
        lists=[],
        checks=1,
        vehicles=1,
        trailers=0,
        containers=0,
        inbound=1,
        outbound=0,
        uk=1,
        foreign=0,
        country_not_recorded=0,
        not_screened=0,
        by_country={"GB": 1},
        by_body={"not_recorded": 1},
        by_hour={"2021-06-17T12": 1},
        by_officer={"4711": 1},
        by_agency={"Police": 1},
        by_unit={"tractor": 1},
        by_lane={"a_pence": 1},
        matches=MatchFigures(1, 0, 0, 1, 0, 0),
        unresolved=[],
        counts=dict.fromkeys(COUNTED, 0) | {"drivers_educated": 1},
        families={key: {} for key in FAMILIES} | {"education": {"leaflet": 1, "talk": 1}},
        cash=[CashFigures("EUR", 1, 125050)],
        penalties=PenaltyFigures(290000, 1, 240000, 1, 100000, 140000, 50000),
        amended=0,
        voided=0,
        primary_outcomes={"cash_seized": 1},
        fingerprint="L1:1:0000-0000-0000-0000-0000",
        marking="OFFICIAL",
    ),
    operations=["Dover"],
    timezone="Europe/London",
    as_of="2021-06-17T18:00:00+01:00",
    lines=[LINE, OBJECTED],
    cash_seized=[CASH],
)


def test_it_adds_up_and_is_read_back_from_json() -> None:
    assert DAY.contradictions() == []
    kept = json.loads(json.dumps(DAY.document(), sort_keys=True))
    assert statement_from(kept) == DAY
    assert list(statement_from(kept).tally.primary_outcomes) == ["cash_seized"]


def test_what_was_kept_before_a_field_was_counted_is_read_back() -> None:
    kept = DAY.document()
    kept["education"] = kept["tally"].pop("education")
    del kept["tally"]["prohibitions"]
    assert statement_from(kept) == DAY


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"lines": [OBJECTED]}, "lines listed: 50000 instead of 290000"),
    ({"lines": [LINE]}, "not enforceable, by reason: 0 instead of 50000"),
    ({"lines": [replace(LINE, enforced_pence=1), OBJECTED]}, "lines enforced: 1 instead of 100000"),
    (
        {"lines": [replace(LINE, outstanding_pence=1), OBJECTED]},
        "lines outstanding: 1 instead of 140000",
    ),
    (
        {"lines": [LINE, OBJECTED, TAKEN]},
        "lines enforced without a sum: 7000 instead of 0",
    ),
    ({"cash_seized": []}, "cash seized, by check: [] instead of [('EUR', 125050)]"),
    ({"tally": replace(DAY.tally, uk=2)}, "UK, foreign and not recorded: 2 instead of 1"),
]


@pytest.mark.parametrize(("change", "said"), BROKEN)
def test_what_does_not_add_up_is_named(change: dict[str, Any], said: str) -> None:
    assert said in replace(DAY, **change).contradictions()


REASONS = [
    (1, "no", "nothing_owed"),
    (1, "refer", "ran_out"),
    (2, "no", "objection"),
    (3, "no", "not_due"),
    (4, "no", "appeal"),
    (5, "no", "arrangement"),
    (6, "refer", "no_tie"),
    (7, "refer", "doubtful"),
    (9, "no", "recorded_here"),
    (13, "refer", "ran_out"),
    (99, "no", "other"),
    (8, "yes", ""),
]


@pytest.mark.parametrize(("rule", "answer", "reason"), REASONS)
def test_why_a_line_is_not_enforceable(rule: int, answer: str, reason: str) -> None:
    assert replace(OBJECTED, rule=rule, enforceable=answer).reason == reason
    assert replace(OBJECTED, rule=rule, enforceable=answer, enforced_by={"a": 1}).reason == ""


def test_reasons_are_added_up() -> None:
    found = replace(DAY, lines=[LINE, OBJECTED, replace(NO_SUM, rule=2)])
    assert found.not_enforceable == [NotEnforceable("objection", 2, 50000)]
    assert found.lines_without_sum == 1
    assert found.figures()["lines_without_sum"] == 1


WITHOUT_SUM: list[tuple[list[LineAccount], int, str]] = [
    ([LINE, OBJECTED], 0, ""),
    (
        [LINE, NO_SUM],
        0,
        "The list gives no sum for 1 penalty line: what is owed there is not known",
    ),
    (
        [NO_SUM, TAKEN],
        7000,
        (
            "The list gives no sum for 2 penalty lines: what is owed there is not known;"
            " £70.00 taken there is enforced"
        ),
    ),
]


@pytest.mark.parametrize(("lines", "taken", "sentence"), WITHOUT_SUM)
def test_what_is_not_known_is_said(lines: list[LineAccount], taken: int, sentence: str) -> None:
    money = replace(DAY.tally.penalties, enforced_without_sum_pence=taken)
    found = replace(DAY, lines=lines, tally=replace(DAY.tally, penalties=money))
    assert found.not_known == sentence


def test_every_number_has_a_key() -> None:
    figures = DAY.figures()
    assert figures["checks"] == 1
    assert figures["penalties.enforced_pence"] == 100000
    assert figures["cash.EUR"] == 125050
    assert figures["cash.EUR.seizures"] == 1
    assert figures["not_enforceable.objection"] == 50000
    assert figures["not_enforceable.objection.lines"] == 1
    assert figures["education.leaflet"] == 1
    assert "complete" not in figures


@pytest.mark.parametrize(
    ("key", "currency"),
    [
        ("checks", ""),
        ("deposits_pence", "GBP"),
        ("penalties.listed_pence", "GBP"),
        ("penalties.enforced_count", ""),
        ("by_lane.a_pence", ""),
        ("by_officer.x.y_pence", ""),
        ("cash.EUR", "EUR"),
        ("cash.EUR.seizures", ""),
        ("not_enforceable.appeal", "GBP"),
        ("not_enforceable.appeal.lines", ""),
    ],
)
def test_the_currency_of_a_figure(key: str, currency: str) -> None:
    assert currency_of(key) == currency


def test_what_is_narrowed() -> None:
    assert not DAY.narrowed
    assert replace(DAY, since=DAY.as_of).narrowed
    assert replace(DAY, operations=["Dover", "Folkestone"]).narrowed
