"""Delimited texts: encodings, delimiters, quotes, and what exports do to them."""

import codecs
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.errors import FileRefused
from portcheck.intake.files.delimited import DELIMITERS, DelimitedReader
from portcheck.intake.files.source import source_of_bytes
from portcheck.intake.listrows import read_action_list

Read = Callable[..., Any]
MakeText = Callable[..., Path]
RowsOf = Callable[..., list[Any]]

LIST = "Reg;Haulier;Amount\nAB12 CDE;Müller & Söhne;£2.400,00\nCD34 EFG;Zoë;5\n"


@pytest.mark.parametrize(
    ("encoding", "says"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-be-bom", ""),
        ("cp1252", "Windows-1252"),
    ],
)
def test_encodings(read: Read, make_text: MakeText, encoding: str, says: str) -> None:
    if encoding == "utf-16-be-bom":
        data = codecs.BOM_UTF16_BE + LIST.encode("utf-16-be")
    else:
        data = LIST.encode(encoding)
    outcome = read(make_text(data))
    assert [e.haulier for e in outcome.entries] == ["Müller & Söhne", "Zoë"]
    assert [e.amount_pence for e in outcome.entries] == [240000, 500]
    assert says in outcome.warnings


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(
    read: Read, make_text: MakeText, delimiter: str, ending: str
) -> None:
    lines = [
        f"List of{delimiter}2024, March; all",
        "",
        f"Reg{delimiter}Haulier",
        f'AB12{delimiter}"Smith{delimiter} {ending}Sons"',
        "",
        f"CD34{delimiter}Jones",
    ]
    outcome = read(make_text(ending.join(lines)))
    assert outcome.layout.header_row == 3
    assert [row.row for row in outcome.rows] == [4, 6]
    assert outcome.entries[0].haulier == f"Smith{delimiter} Sons".replace("\t ", " ")
    assert outcome.registrations == ["AB12", "CD34"]


def test_one_column_is_enough(read: Read, make_text: MakeText) -> None:
    assert read(make_text("VRM\nAB12\nCD34\n")).registrations == ["AB12", "CD34"]


def test_a_hint_for_the_spreadsheet_program_is_passed_over(read: Read, make_text: MakeText) -> None:
    outcome = read(make_text("sep=;\nVehicle;Registration\nvan;AB12\n"))
    assert outcome.registrations == ["AB12"]
    assert outcome.layout.header_row == 2


@pytest.mark.parametrize(
    ("text", "registrations", "rejected"),
    [
        ('Reg,Haulier\nAB12,"Smith\nCD34,Jones\nEF56,Lee\n', ["AB12", "CD34", "EF56"], []),
        ('Reg,Haulier\n"AB12,Smith\n"CD34","Jones"\n', ["AB12", "CD34"], []),
        ('Reg,Haulier\nAB12,"Smith" Ltd\nCD34,Jones\n', ["AB12", "CD34"], []),
        ('Reg,Haulier\nAB12,5" exhaust\nCD34,Jones\n', ["AB12", "CD34"], []),
        ('Reg,Haulier\nAB12,"A, B" C\nCD34,Jones\n', ["CD34"], [2]),
        ('Reg,Haulier\nAB12,"Smith\n', ["AB12"], []),
    ],
)
def test_lone_quotation_marks_lose_no_row(
    read: Read, make_text: MakeText, text: str, registrations: list[str], rejected: list[int]
) -> None:
    outcome = read(make_text(text))
    assert outcome.registrations == registrations
    assert list(outcome.rejected) == rejected
    if '5"' not in text:
        told = [p.reason for p in outcome.told]
        assert "line 2 has a lone quotation mark" in told


def test_a_quotation_mark_that_never_closes_far_down(read: Read, make_text: MakeText) -> None:
    rows = [f"AB{n} CDE,x" for n in range(2_000)]
    rows[700] = 'AB700 CDE,"x'
    outcome = read(make_text("Reg,Notes\n" + "\n".join(rows)))
    assert len(outcome.entries) == 2_000
    assert [(p.row, p.reason) for p in outcome.told] == [
        (702, "line 702 has a lone quotation mark")
    ]


def test_nul_bytes_are_told_with_their_line(read: Read, make_text: MakeText) -> None:
    filler = "".join(f"CD{n} EFG,y\n" for n in range(20))
    outcome = read(make_text("Reg,Notes\nAB12\0,x\n" + filler))
    assert outcome.registrations[0] == "AB12"
    assert [p.reason for p in outcome.told] == ["line 2 holds NUL bytes; they were left out"]


def test_a_value_split_in_two_is_told(read: Read, make_text: MakeText) -> None:
    outcome = read(make_text("Reg,Haulier\nAB12,Smith, Sons\nCD34\n"))
    assert "has 3 cells under 2 headings" in outcome.told[0].reason
    assert outcome.entries[0].extra == (("column C", "Sons"),)
    assert outcome.registrations == ["AB12", "CD34"]


def test_a_cell_longer_than_the_parser_takes(read: Read, make_text: MakeText) -> None:
    outcome = read(make_text(f"Reg,Notes\nAB12,{'x' * 200_000}\nCD34,y\n"))
    assert outcome.registrations == ["AB12", "CD34"]
    assert len(outcome.entries[0].notes) == 10_000
    assert "131,072" in outcome.told[0].reason


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 40,
        b"R\0\0e\0g\0\0,N\0o\0t\0e\0s\n\0AB\0\0" * 40,
        b"x" * 3_000_000,
        b"Reg\n" + b"x" * 3_000_000,
        b"Reg" + b"," * 16_384 + b"\nAB12\n",
    ],
)
def test_what_is_not_text_is_refused(read: Read, make_text: MakeText, data: bytes) -> None:
    with pytest.raises(FileRefused):
        read(make_text(data))


@pytest.mark.slow
def test_columns_without_end_that_are_blank(read: Read, make_text: MakeText) -> None:
    commas = "," * 16_383
    outcome = read(make_text(f"Reg{commas}\n" + f"AB12 CDE{commas}\n" * 40))
    assert outcome.registrations == ["AB12 CDE"] * 40
    assert outcome.told == []
    assert {entry.extra for entry in outcome.entries} == {()}


@pytest.mark.slow
def test_a_list_cut_off_at_the_end_of_a_sheet(read: Read, make_text: MakeText) -> None:
    marks = [f"AB{number}\n" for number in range(65_535)]
    outcome = read(make_text("Reg\n" + "".join(marks)))
    assert len(outcome.rows) == 65_535
    assert "CUT OFF" in outcome.warnings
    assert "CUT OFF" not in read(make_text("Reg\n" + "".join(marks[1:]))).warnings


def test_all_headings_are_named_when_none_is_known(read: Read, make_text: MakeText) -> None:
    with pytest.raises(FileRefused, match="“colour”, “weight”") as refused:
        read(make_text("colour|weight\nred|5\n"))
    assert "--map" in refused.value.hint


@given(st.text(alphabet='AB1",;\n\r\t|\0é ', max_size=200))
def test_every_line_is_accounted_for(body: str) -> None:
    source = source_of_bytes("list.csv", f"Reg,Notes\n{'-' * 999}\n{body}".encode())
    reader = DelimitedReader(source)
    blocks = list(reader.blocks(0, 2))
    rows = [row for block in blocks for row in block.rows]
    assert rows == sorted(set(rows))
    lost = set("".join(body.split("\n"))) - set('",;\n\r\t| \0')
    if lost:
        texts = "".join(str(cell) for block in blocks for c in block.columns for cell in c)
        texts += "".join(str(a.cells) for block in blocks for a in block.apart.values())
        assert lost <= set(texts)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(rows_of: RowsOf, body: bytes) -> None:
    try:
        with read_action_list(source_of_bytes("list.csv", b"Reg,Amount,Issued\n" + body)) as file:
            rows = rows_of(file)
    except FileRefused:
        rows = []
    assert all(row.entry is not None or row.problems for row in rows)


POLISH = (
    "Numer rejestracyjny;Przewoźnik;Termin płatności;Kwota;Zapłacono\n"
    "WX 12345;Łódź Trans;06.03.2026;2400,00;2400,00\n"
)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (POLISH.encode("cp1250"), "Windows-1250"),
        (POLISH.encode("iso-8859-2"), "ISO 8859-2"),
        (POLISH.encode() + b"AB12 CDE;\xe9\n", "UTF-8 that is damaged"),
    ],
)
def test_the_headings_tell_the_encoding(
    read: Read, make_text: MakeText, data: bytes, says: str
) -> None:
    outcome = read(make_text(data))
    (entry, *_) = outcome.entries
    assert (entry.haulier, entry.amount_pence, entry.paid_pence) == ("Łódź Trans", 240000, 240000)
    assert entry.due_on is not None
    assert says in outcome.warnings


@pytest.mark.parametrize(
    "text",
    [
        "Reg,Balance,Haulier\nAB12 CDE,2,400.00,Smith\n",
        "Haulier,Reg\nSmith, Sons,AB12 CDE\n",
    ],
)
def test_a_split_value_is_not_taken_for_the_next_one(
    read: Read, make_text: MakeText, text: str
) -> None:
    outcome = read(make_text(text))
    assert outcome.entries == []
    assert "cannot be told apart" in outcome.rejected[2]


def test_a_cell_beside_the_list_of_a_sheet_shifts_nothing(
    read: Read, make_book: Callable[..., Path]
) -> None:
    outcome = read(make_book([["Reg", "Balance"], ["AB12 CDE", 5, "", "see file"]]))
    assert [entry.balance_pence for entry in outcome.entries] == [500]


@pytest.mark.slow
def test_a_file_that_is_one_row_again_and_again_is_refused(read: Read, make_text: MakeText) -> None:
    three_times = "".join(f"AB{n % 90 + 10} {n}\n" * 3 for n in range(6_000))
    assert len(read(make_text("Reg\n" + three_times)).rows) == 18_000
    with pytest.raises(FileRefused, match="copies of another one"):
        read(make_text("Reg\nCD34 EFG\n" + "AB12 CDE\n" * 10_003))


def test_a_file_of_more_blank_rows_than_a_sheet_has_is_refused(
    read: Read, make_text: MakeText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portcheck.intake.files.delimited.FULL_SHEETS", (9, 12))
    blank = "Reg\nAB12 CDE\n" + "\n" * 12
    assert [row.row for row in read(make_text(blank + "CD34 EFG\n")).rows] == [2, 15]
    with pytest.raises(FileRefused, match="more than 12 of its rows are blank"):
        read(make_text(blank + "\nCD34 EFG\n"))


WIDE = "Registration,Haulier,Balance\nAB12 CDE,Müller & Söhne,5\nB 123 XYZ,Łódź,6\n"


@pytest.mark.parametrize(
    "encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-32"]
)
def test_encodings_of_several_bytes_are_told_with_and_without_their_mark(
    read: Read, make_text: MakeText, encoding: str
) -> None:
    outcome = read(make_text(WIDE.encode(encoding)))
    assert [(e.registration, e.haulier) for e in outcome.entries] == [
        ("AB12 CDE", "Müller & Söhne"),
        ("B 123 XYZ", "Łódź"),
    ]
    assert outcome.warnings == ""


@pytest.mark.parametrize(
    ("encoding", "text", "said"),
    [
        ("cp850", 'Reg,Balance (£)\nAB12,"£2,000.00"\nCD34,£3\n', "MS-DOS 850"),
        ("cp437", "Reg,Haulier,Balance\nAB12,Müller,£5\nCD34,Café Señor,£6\n", "MS-DOS"),
        ("cp850", "Reg,Haulier\nAB12,Müller & Söhne\nCD34,Café Français\nEF56,ÅNGSTRÖM\n", "850"),
        ("cp1252", "Reg,Haulier\nAB12,Müller & Söhne\nCD34,Café d’Été\nEF56,£5 – “x”\n", "1252"),
        ("cp1250", "Reg,Przewoźnik\nAB12,Żółć Łódź\nCD34,Świętość\n", "1250"),
    ],
)
def test_encodings_of_one_byte_are_told_by_what_makes_sense(
    read: Read, make_text: MakeText, encoding: str, text: str, said: str
) -> None:
    outcome = read(make_text(text.encode(encoding)))
    assert f"it was read as {said}" in outcome.warnings or f"{said} (" in outcome.warnings
    rows = [line.split(",")[1] for line in text.splitlines()[1:]]
    if "Haulier" in text or "Przewoźnik" in text:
        assert [entry.haulier for entry in outcome.entries] == rows
    if "£" in text.splitlines()[1]:
        assert [entry.balance_pence for entry in outcome.entries][-1] in {300, 600}


def test_texts_that_are_written_as_formulas_are_texts(read: Read, make_text: MakeText) -> None:
    lines = [
        "Registration,Penalty ref,Balance,Status",
        '="AB12CDE",="CP-1",2000,outstanding',
        '"=""B123XYZ""","=""CP-2""","=""3000""",outstanding',
        '=SUM(A1),"CP-3",1,outstanding',
    ]
    text = "\n".join(lines)
    outcome = read(make_text(text))
    assert [(e.registration, e.penalty_reference, e.balance_pence) for e in outcome.entries] == [
        ("AB12CDE", "CP-1", 200_000),
        ("B123XYZ", "CP-2", 300_000),
    ]
    assert list(outcome.rejected) == [4]


def test_columns_parted_by_spaces_are_named_for_what_they_are(
    read: Read, make_text: MakeText
) -> None:
    text = "Registration   Penalty ref   Balance\nAB12 CDE       CP-1             5.00\n"
    with pytest.raises(FileRefused, match="fixed width") as refused:
        read(make_text(text))
    assert "From Text" in refused.value.hint
    assert read(make_text("Registration\nAB12  CDE\nCD34  EFG\n")).registrations == [
        "AB12 CDE",
        "CD34 EFG",
    ]


def test_an_acute_accent_in_a_registration_costs_no_other_row(
    read: Read, make_text: MakeText
) -> None:
    outcome = read(make_text("Registration,Balance\nAB12 CDE,1\nCV´PM-BM-41142,2\nB 123 XYZ,3\n"))
    assert len(outcome.entries) + len(outcome.rejected) == 3
    assert {"AB12 CDE", "B 123 XYZ"} <= set(outcome.registrations)
