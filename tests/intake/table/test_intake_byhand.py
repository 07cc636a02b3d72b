"""Columns settled by hand: said now, taken back, or remembered from the files before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.errors import FileRefused, WrongUsage
from portcheck.intake.files.source import open_source
from portcheck.intake.table.byhand import by_hand
from portcheck.intake.table.columns import names_of
from portcheck.intake.table.reading import read_table

Read = Callable[..., Any]
MakeText = Callable[..., Path]

BEFORE = {"registration": "Kennung", "balance": "Wert", "notes": "Bem"}
"""What is remembered of a list whose headings were Kennung, Wert, Bem."""

FALLS_BACK = "was recognised and read instead"


@pytest.mark.parametrize(
    ("headings", "mapping", "columns", "mapped", "told"),
    [
        ("Kennung,Wert,Bem", {}, BEFORE, BEFORE, []),
        ("kennung,WERT.,Bem", {}, BEFORE | {"registration": "kennung", "balance": "WERT."}, BEFORE, []),
        # a heading that is gone, and its column recognised
        (
            "Reg,Wert,Bem", {}, BEFORE | {"registration": "Reg"},
            {"balance": "Wert", "notes": "Bem"},
            ["no heading “Kennung”, as remembered for registration: “Reg” " + FALLS_BACK],
        ),
        (
            "Reg,Balance,Notes", {},
            {"registration": "Reg", "balance": "Balance", "notes": "Notes"}, {},
            [
                f"no heading “{old}”, as remembered for {name}: “{new}” " + FALLS_BACK
                for old, name, new in (
                    ("Kennung", "registration", "Reg"),
                    ("Wert", "balance", "Balance"),
                    ("Bem", "notes", "Notes"),
                )
            ],
        ),
        # gone, not recognised, and nothing turns on it
        (
            "Kennung,Wert,Text", {}, {"registration": "Kennung", "balance": "Wert"}, BEFORE,
            ["no heading “Bem”, as remembered for notes, and no other was recognised: notes was left"],
        ),
        # said now comes first, and what it replaces is not looked for
        (
            "Mark,Wert,Bem", {"registration": "Mark"}, BEFORE | {"registration": "Mark"},
            BEFORE | {"registration": "Mark"}, [],
        ),
        (
            "Kennung,X,Bem", {"balance": "col:B"}, BEFORE | {"balance": "X"},
            BEFORE | {"balance": "col:B"}, [],
        ),
        # taken back: as if nothing had been said
        (
            "Kennung,Owed,Text", {"balance": "", "notes": ""},
            {"registration": "Kennung", "balance": "Owed"}, {"registration": "Kennung"},
            ["“Wert” was remembered for balance; once", "“Bem” was remembered for notes; once"],
        ),
        (
            "Kennung,Wert,Bem", {"amount": ""}, BEFORE, BEFORE,
            ["nothing was remembered for amount, so there was nothing to forget"],
        ),
    ],
)  # fmt: skip
def test_what_is_read_and_what_is_remembered(
    read: Read,
    make_text: MakeText,
    headings: str,
    mapping: dict[str, str],
    columns: dict[str, str],
    mapped: dict[str, str],
    told: list[str],
) -> None:
    path = make_text(f"{headings}\nAB12 CDE,5,x\n")
    outcome = read(path, mapping=mapping, remembered=BEFORE)
    assert {name: heading for name, (_, heading) in outcome.layout.columns.items()} == columns
    assert outcome.layout.mapped == mapped
    assert outcome.registrations == ["AB12 CDE"]
    warnings = outcome.warnings.split(" / ") if outcome.warnings else []
    assert len(warnings) == len(told)
    assert [one for one in told if not any(one in warning for warning in warnings)] == []


@pytest.mark.parametrize(
    ("headings", "mapping", "remembered", "said", "hint"),
    [
        # what is said now must be there
        ("Reg,Soll", {"balance": "Wert"}, {}, "there is no heading “Wert” for balance", "“Soll”"),
        ("Reg,Soll", {"balance": "Wert"}, BEFORE, "there is no heading “Wert” for balance", "“Reg”"),
        # gone, and something turns on it
        ("Kennung,Rest", {}, BEFORE, "“Wert”, as remembered for balance, and no", '--map "balance="'),
        (
            "Trailer,Balance", {}, {"registration": "Kennung"},
            "“Kennung”, as remembered for registration, and no other", '--map "registration=HEADING"',
        ),
        (
            "Trailer", {}, {"registration": "col:B"},
            "there is no column “B”, as remembered for registration", "registration=",
        ),
        ("Reg", {}, {"status": "Stand"}, "“Stand”, as remembered for status", '--map "status="'),
        # nothing to go by at all
        (
            "Mark,Wert", {}, BEFORE, "looked for “Kennung”, “Registration”",
            '--map "registration=Heading"',
        ),
        ("Kennung,Wert", {"registration": ""}, BEFORE, "no heading row", "--map"),
        # a heading that stands there twice is a question, as ever
        ("Kennung,Wert,Wert", {}, BEFORE, "B “Wert” and C “Wert” could both be balance", "col:B"),
        ("Kennung,Wert,wert.", {}, {"registration": "Kennung", "balance": "WERT"}, "both be balance", "balance=Wert"),
        ("Kennung,Balance,Owed", {}, BEFORE, "could both be balance", "balance=Balance"),
    ],
)  # fmt: skip
def test_what_is_refused(
    make_text: MakeText,
    read: Read,
    headings: str,
    mapping: dict[str, str],
    remembered: dict[str, str],
    said: str,
    hint: str,
) -> None:
    path = make_text(f"{headings}\nAB12 CDE,5,6\n")
    with pytest.raises(FileRefused) as refused:
        read(path, mapping=mapping, remembered=remembered)
    assert said in refused.value.message
    assert hint in refused.value.hint


@pytest.mark.parametrize("options", [{"mapping": {"colour": ""}}, {"remembered": {"colour": "X"}}])
def test_a_field_that_is_none_is_named(
    read: Read, make_text: MakeText, options: dict[str, Any]
) -> None:
    with pytest.raises(WrongUsage, match="no field “colour”"):
        read(make_text("Reg\nAB12 CDE\n"), **options)


@pytest.mark.parametrize("name", sorted(names_of("action_list")))
def test_no_field_that_an_answer_turns_on_is_left_blank_unasked(
    read: Read, make_text: MakeText, name: str
) -> None:
    """What may be lost with a warning is what no vehicle is found by and no penalty judged by."""
    spared = {
        "haulier", "liable_party", "section", "incident_on", "action", "priority", "contact", "notes",
    }  # fmt: skip
    path = make_text("Registration,Container,Text\nAB12 CDE,,x\n")
    if name in {"registration", "container"} | spared:
        layout = read(path, remembered={name: "Gone"}).layout
        assert layout.mapped == ({name: "Gone"} if name in spared else {})
        return
    with pytest.raises(FileRefused, match=f"“Gone”, as remembered for {name}"):
        read(path, remembered={name: "Gone"})


def test_other_kinds_of_file_remember_nothing(make_text: MakeText) -> None:
    source = open_source(make_text("Kennung,Ship\nAB12 CDE,x\n"))
    mapping = {"registration": "Kennung"}
    with read_table(source, names_of("manifest"), ["registration"], mapping=mapping) as table:
        assert table.layout.mapped == mapping
        assert table.warnings == ()


fields = st.sampled_from(["registration", "balance", "notes", "status"])
said = st.dictionaries(fields, st.sampled_from(["", "A", "col:B"]))
kept = st.dictionaries(fields, st.sampled_from(["A", "B"]))


@given(said, kept)
def test_a_field_is_settled_once(mapping: dict[str, str], remembered: dict[str, str]) -> None:
    settled = by_hand(mapping, remembered)
    assert not settled.said.keys() & settled.kept.keys()
    assert all(settled.every.values())
    for name in mapping.keys() | remembered.keys():
        assert settled.every.get(name, "") == mapping.get(name, remembered.get(name))
