"""A list without penalties, or without what is owed, says so and asks before it replaces one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portcheck.errors import Refused
from portcheck.intake.files.source import open_source, source_of_bytes
from portcheck.services.context import Context
from portcheck.services.lists.import_list import ImportOptions, ImportResult, import_list

CASES = Path(__file__).parents[2] / "intake" / "cases"
WHOLE = "Reg,Penalty ref,Balance\n" + "".join(f"AB1{n} CDE,CP-{n},500\n" for n in range(6))
BARE = "Reg,Colour\n" + "".join(f"AB1{n} CDE,red\n" for n in range(6))
HALF = "Reg,Penalty ref,Balance\n" + "".join(
    f"AB1{n} CDE,CP-{n},{500 if n < 3 else ''}\n" for n in range(6)
)


def take(context: Context, text: str, **options: Any) -> ImportResult:
    source = source_of_bytes("list.csv", text.encode())
    return import_list(context, source, ImportOptions(list_name="CECPT", **options))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (WHOLE, ""),
        (BARE, "NO PENALTY came of any row"),
        (HALF, "ONLY 3 of 6 lines say what is owed"),
        ("Reg,Ref,Amount\nAB12CDE,CP-1,5\nCD34EFG,CP-2,0\n", ""),
        ("Reg,Status\nAB12CDE,paid\n", "ONLY 0 of 1 line say what is owed"),
    ],
)
def test_it_is_said_first(context: Context, text: str, first: str) -> None:
    warnings = take(context, text).warnings
    assert (warnings[0] if warnings else "").startswith(first)
    assert bool(warnings) == bool(first)


@pytest.mark.parametrize(
    ("column", "cells", "told"),
    [
        ("Zzz", ["£1,500.00", "£600.00"], "holds sums and was ONLY KEPT, not read: if it is amount"),
        ("Zzz", ["1500", "600"], ""),  # as a text it may be any number
        ("Zzz", ["01/02/2025", "2025-03-04"], "holds dates and was ONLY KEPT"),
        ("Nr", ["1", "2"], ""),
        ("Amount (EUR)", ["1.500,00", "600,00"], ""),
    ],
)  # fmt: skip
def test_sums_and_dates_that_were_only_kept(
    context: Context, column: str, cells: list[str], told: str
) -> None:
    rows = "".join(f'AB1{n} CDE,CP-{n},5,"{cell}"\n' for n, cell in enumerate(cells))
    kept = [
        warning
        for warning in take(context, f"Reg,Ref,Balance,{column}\n{rows}").warnings
        if "ONLY KEPT" in warning
    ]
    assert bool(kept) == bool(told)
    assert all(told in warning for warning in kept)


def test_the_way_out_that_is_told_works(context: Context) -> None:
    text = "Reg,Ref,Zzz\nAB12CDE,CP-1,£5.00\nCD34EFG,CP-2,£6.50\n"
    (kept,) = [warning for warning in take(context, text).warnings if "ONLY KEPT" in warning]
    field, heading = kept.split('--map "')[1].rstrip('"').split("=")
    assert (field, heading) == ("balance", "Zzz")
    assert take(context, text, mapping={field: heading}).warnings == ()


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        (WHOLE, BARE, "no penalty came of this file, and list CECPT has 6 lines with one"),
        (WHOLE, HALF, "3 of 6 lines of this file say what is owed, and in list CECPT it is 6 of 6"),
        (HALF, WHOLE, ""),
        (HALF, HALF.replace("CP-5", "CP-9"), ""),
        (BARE, BARE.replace("red", "blue"), ""),
        ("", BARE, ""),
    ],
)
def test_it_asks_before_it_replaces_a_list_that_had_them(
    context: Context, before: str, after: str, asked: str
) -> None:
    if before:
        take(context, before)
    if asked:
        with pytest.raises(Refused, match="nothing was stored") as refused:
            take(context, after)
        assert asked in refused.value.message
        assert "--yes" in refused.value.hint
        assert take(context, after, dry_run=True).warnings
    questions: list[str] = []

    def answer(question: str) -> bool:
        questions.append(question)
        return True

    assert take(context, after, confirm=answer).stored
    assert [question for question in questions if "owed" in question or "penalty" in question] == (
        [asked] if asked else []
    )


def test_rows_that_are_added_are_not_asked_about(context: Context) -> None:
    take(context, WHOLE)
    assert take(context, "Reg\nZZ99 ZZZ\n", add=True).stored


def test_an_agencys_list_whose_penalties_nobody_knew(
    context: Context, make_alien: Callable[[], Path]
) -> None:
    found = import_list(context, open_source(make_alien()), ImportOptions(list_name="CECPT"))
    assert found.warnings[0].startswith("NO PENALTY came of any row")
    assert "column “Qqq owed” holds sums and was ONLY KEPT" in " / ".join(found.warnings)


@pytest.fixture
def make_alien(tmp_path: Path) -> Callable[[], Path]:
    def making() -> Path:
        path = tmp_path / "alien.csv"
        path.write_text("VRM,Qqq,Qqq owed\nAB12CDE,x,£5.00\nCD34EFG,y,£6.00\n", encoding="utf-8")
        return path

    return making
