"""Workbooks as offices send them: one trap a test, every row accounted for."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from portcheck.errors import FileRefused, WrongUsage
from portcheck.intake.files.source import open_source
from portcheck.intake.files.workbook import PasswordNeeded
from portcheck.intake.listrows import read_action_list

Read = Callable[..., Any]
MakeBook = Callable[..., Path]
RowsOf = Callable[..., list[Any]]

HEAD = ["Registration", "Amount", "Issue date", "Status"]


def test_a_plain_list(read: Read, make_book: MakeBook) -> None:
    path = make_book([HEAD, ["AB12 CDE", 2400, dt.date(2024, 3, 12), "outstanding"]])
    outcome = read(path)
    (entry,) = outcome.entries
    assert entry.registration == "AB12 CDE"
    assert entry.amount_pence == 240000
    assert entry.issued_on == dt.date(2024, 3, 12)
    assert entry.status == "outstanding"
    assert outcome.layout.sheet == "Sheet1"
    assert outcome.layout.columns["issued_on"] == (2, "Issue date")
    assert outcome.warnings == ""
    assert outcome.told == []


def test_titles_blank_rows_and_columns_before_the_headings(read: Read, make_book: MakeBook) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        book.worksheets[0].merge_cells("C2:E2")

    rows = [
        [],
        [None, None, "VEHICLE ACTION LIST"],
        [None, None, "Printed", dt.date(2024, 3, 1)],
        [],
        [None, None, " REG.  NO. ", "Outstanding", "Colour"],
        [],
        [None, None, "AB12 CDE", 10, " dark  red "],
        [],
        [None, None, "CD34 EFG", 20],
    ]
    outcome = read(make_book(rows, finish=merge))
    assert outcome.layout.header_row == 5
    assert [row.row for row in outcome.rows] == [7, 9]
    assert [e.balance_pence for e in outcome.entries] == [1000, 2000]
    assert outcome.entries[0].extra == (("Colour", "dark  red"),)
    assert outcome.entries[1].extra == ()


def test_totals_and_repeated_headings_are_rejected_with_their_reason(
    read: Read, make_book: MakeBook
) -> None:
    rows = [
        HEAD,
        ["AB12 CDE", 100],
        HEAD,
        ["CD34 EFG", 200],
        [None, 300],
        ["Total", 300],
        ["TOTAL: 2", 300],
        [None, 300, None, "Grand total"],
        [None, None, None, "see the other sheet"],
        ["   ", None, None, "  "],
    ]
    outcome = read(make_book(rows))
    assert outcome.registrations == ["AB12 CDE", "CD34 EFG"]
    assert outcome.rejected == {
        3: "the headings again, in the middle of the sheet",
        5: "totals row: amounts alone, without a registration",
        6: "totals row",
        7: "totals row",
        8: "totals row",
        9: "there is no registration in this row",
    }
    assert len(outcome.rows) == len(outcome.entries) + len(outcome.rejected)


def test_a_bad_value_is_told_and_the_vehicle_kept(read: Read, make_book: MakeBook) -> None:
    outcome = read(make_book([HEAD, ["AB12 CDE", "2.400", "31/02/2024", "paid"]]))
    (entry,) = outcome.entries
    assert entry.amount_pence is None
    assert entry.issued_on is None
    assert entry.unread == (("amount", "2.400"), ("issued_on", "31/02/2024"))
    assert [(p.row, p.column, p.value) for p in outcome.told] == [
        (2, "Amount", "2.400"),
        (2, "Issue date", "31/02/2024"),
    ]


def test_any_usable_mark_keeps_a_row(read: Read, make_book: MakeBook) -> None:
    rows = [
        ["Registration", "Trailer", "Container no"],
        [dt.date(2024, 3, 12), "C123456", None],
        [None, None, "MSCU1234567"],
        ["N/A", "-", None],
        ["AB12 CDE", "AB12 CDE", ""],
    ]
    outcome = read(make_book(rows))
    assert [row.row for row in outcome.rows if row.entry] == [2, 3, 5]
    assert outcome.entries[0].registration == ""
    assert outcome.entries[0].trailer_registration == "C123456"
    assert outcome.entries[0].unread == (("registration", "2024-03-12"),)
    assert "MAR12" in outcome.told[0].reason
    assert outcome.rejected == {4: "there is no registration in this row"}


def test_what_a_spreadsheet_does_to_registrations(read: Read, make_book: MakeBook) -> None:
    rows = [
        ["Registration"],
        [123400000],
        [220],
        [dt.date(2024, 3, 12)],
        [True],
        ["#N/A"],
        [1.5],
        ["=A2"],
        ["'AB12 CDE"],
    ]
    outcome = read(make_book(rows))
    assert outcome.registrations == ["123400000", "220", "'AB12 CDE"]
    assert "1234E5" in outcome.told[0].reason
    assert "22E1" in outcome.told[1].reason
    assert {row: reason[:25] for row, reason in outcome.rejected.items()} == {
        4: "was turned into a date by",
        5: "is TRUE, a bool and not a",
        6: "is an error of the spread",
        7: "is the number 1.5, not a ",
        8: "is a formula that was nev",
    }


def test_formulas_are_read_by_their_last_value_or_told(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Registration", "Balance", "Notes"])
    sheet.write(1, 0, "AB12 CDE")
    sheet.write_formula(1, 1, "=1+1", None, 2)
    sheet.write_formula(1, 2, '=""', None, "")
    sheet.write(2, 0, "CD34 EFG")
    sheet.write_formula(2, 1, "=1+1", None, "")
    book.close()
    outcome = read(path)
    assert [e.balance_pence for e in outcome.entries] == [200, None]
    assert outcome.entries[0].notes == ""


def test_a_formula_without_a_value_is_never_a_blank(read: Read, make_book: MakeBook) -> None:
    rows = [
        ["Registration", "Balance", "Notes"],
        ["AB12 CDE", "=B1+1"],
        [None, None, None],
        [None, "=SUM(B2:B3)"],
    ]
    outcome = read(make_book(rows))
    assert outcome.entries[0].balance_pence is None
    assert "never calculated" in outcome.told[0].reason
    assert list(outcome.rejected) == [4]


def test_hidden_and_struck_rows_are_kept_and_named(read: Read, make_book: MakeBook) -> None:
    def mark(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        for row in (3, 4):
            sheet.row_dimensions[row].hidden = True
        sheet["A5"].font = Font(strike=True)
        sheet["C9"].font = Font(strike=True)

    rows = [HEAD, *([f"AB1{n} CDE", n] for n in range(5))]
    outcome = read(make_book(rows, finish=mark))
    assert len(outcome.entries) == 5
    assert "hidden rows were read like the others: 3-4 (2 in all)" in outcome.warnings
    assert "struck-through text were read like the others: 5 (1 in all)" in outcome.warnings


def test_amounts_shown_in_euros_are_not_pounds(read: Read, make_book: MakeBook) -> None:
    def euros(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        sheet["B2"].number_format = "[$€-2] #,##0.00"
        sheet["B3"].number_format = "[$£-809]#,##0.00"
        sheet["B4"].number_format = '"$"#,##0'

    rows = [["Reg", "Amount", "Paid (EUR)"], ["AB12", 5, 1], ["CD34", 5, 1], ["EF56", 5, 1]]
    outcome = read(make_book(rows, finish=euros))
    assert [e.amount_pence for e in outcome.entries] == [None, 500, None]
    assert [p.value for p in outcome.told] == ["EUR 5", "USD 5"]
    assert [e.paid_pence for e in outcome.entries] == [None] * 3
    assert "“Paid (EUR)” is not in pounds" in outcome.warnings


def test_the_sheet_with_the_headings_is_read(read: Read, make_book: MakeBook) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book.worksheets[2].sheet_state = "hidden"
        book.create_chartsheet("Chart")

    path = make_book(
        [["Read me first"]], [HEAD, ["AB12 CDE"]], [HEAD, ["CD34 EFG"]], [["Reg"], ["EF56 GHI"]],
        finish=hide,
    )  # fmt: skip
    outcome = read(path)
    assert outcome.registrations == ["AB12 CDE"]
    assert "hidden sheet “Sheet3” was not read" in outcome.warnings
    assert "“Sheet4” (1 row) was NOT read; it also has headings of a list" in outcome.warnings
    assert read(path, sheet="sheet 3").registrations == ["CD34 EFG"]
    with pytest.raises(FileRefused, match="no sheet “Sheet9”") as refused:
        read(path, sheet="Sheet9")
    assert "“Sheet3”" in refused.value.hint


def test_two_good_sheets_are_a_question(read: Read, make_book: MakeBook) -> None:
    path = make_book([HEAD, ["AB12 CDE"]], [HEAD, ["CD34 EFG"]], [HEAD])
    with pytest.raises(FileRefused, match="equally good headings") as refused:
        read(path)
    assert "--sheet" in refused.value.hint
    assert read(path, sheet="Sheet2").registrations == ["CD34 EFG"]
    assert read(make_book([HEAD], [HEAD, ["CD34 EFG"]])).registrations == ["CD34 EFG"]


@pytest.mark.slow
def test_a_repeated_heading_is_a_question(read: Read, make_book: MakeBook) -> None:
    path = make_book([["Reg", "VRM", "Ref"], ["AB12", "CD34", 7]])
    with pytest.raises(FileRefused, match="A “Reg” and B “VRM” could both be registration") as it:
        read(path)
    assert '--map "registration=Reg"' in it.value.hint
    outcome = read(path, mapping={"registration": "VRM"})
    assert outcome.registrations == ["CD34"]
    assert outcome.entries[0].extra == (("Reg", "AB12"),)
    assert outcome.entries[0].penalty_reference == "7"
    twice = make_book([["Reg", "Reg"], ["AB12", "CD34"]])
    with pytest.raises(FileRefused) as refused:
        read(twice)
    assert 'registration=col:A"' in refused.value.hint
    assert read(twice, mapping={"registration": "col:B"}).registrations == ["CD34"]


@pytest.mark.slow
def test_columns_settled_by_hand(read: Read, make_book: MakeBook) -> None:
    path = make_book([["Mark", "Tag"], ["AB12", "x"]])
    with pytest.raises(FileRefused, match="no heading row") as refused:
        read(path)
    assert "“Mark”, “Tag”" in refused.value.message
    assert read(path, mapping={"registration": "mark"}).registrations == ["AB12"]
    by_letter = read(path, mapping={"registration": "col:A", "notes": "Tag"})
    assert by_letter.entries[0].notes == "x"
    for wrong in ("Sign", "col:Z", "col:1"):
        with pytest.raises(FileRefused):
            read(path, mapping={"registration": "col:A", "notes": wrong})
    with pytest.raises(WrongUsage, match="no field “colour”"):
        read(path, mapping={"colour": "Tag"})


@pytest.mark.slow
def test_headings_of_other_languages(read: Read, make_book: MakeBook) -> None:
    for heading in (
        "N° d'immatriculation", "Amtliches Kennzeichen", "KENTEKEN", "Nr rejestracyjny",
        "Matrícula", "Targa", "Număr de înmatriculare", "V.R.M.", "Vehicle Reg. No (UK)",
    ):  # fmt: skip
        assert read(make_book([[heading], ["AB12 CDE"]])).registrations == ["AB12 CDE"]


def test_an_office_that_counts_days_from_1904(read: Read, make_book: MakeBook) -> None:
    def old(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    path = make_book([HEAD, ["AB12", 1, 43891]], finish=old)
    assert read(path).entries[0].issued_on == dt.date(2024, 3, 2)


def test_long_texts_are_cut_and_controls_dropped(read: Read, make_book: MakeBook) -> None:
    rows = [
        ["Reg", "Notes", "Colour"],
        ["AB12", "x" * 12_000, "\u202ered\x85"],
        ["CD34", "[/red]=1+1"],
    ]
    outcome = read(make_book(rows))
    assert len(outcome.entries[0].notes) == 10_000
    assert outcome.entries[0].extra == (("Colour", "red"),)
    assert [p.reason for p in outcome.told] == ["is 12,000 characters long; only 10,000 were kept"]
    assert outcome.entries[1].notes == "[/red]=1+1"


@pytest.mark.slow
def test_a_sheet_filled_to_its_last_row_is_a_loud_warning(read: Read, make_book: MakeBook) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["A1048576"] = "ZZ99 ZZZ"

    outcome = read(make_book([["Reg"], ["AB12"]], finish=fill))
    assert outcome.registrations == ["AB12", "ZZ99 ZZZ"]
    assert outcome.rows[-1].row == 1_048_576
    assert "MISSING" in outcome.warnings


def test_rows_can_be_read_again(rows_of: RowsOf, make_book: MakeBook) -> None:
    path = make_book([HEAD, ["AB12"], ["CD34"]])
    with read_action_list(open_source(path)) as file:
        first = next(iter(file.batches()))
        assert list(first.rows) == [2, 3]
        assert [row.row for row in rows_of(file)] == [2, 3]


def test_a_file_that_changes_meanwhile_is_refused(make_book: MakeBook) -> None:
    path = make_book([HEAD, ["AB12"]])
    source = open_source(path)
    with read_action_list(source) as file:
        path.write_bytes(path.read_bytes() + b"x")
        with pytest.raises(FileRefused, match="changed while"):
            list(file.batches())
    with pytest.raises(FileRefused, match="changed while"):
        read_action_list(source)


@pytest.mark.slow
def test_a_protected_workbook(read: Read, make_book: MakeBook, tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    _lock(make_book([HEAD, ["AB12 CDE", 5]]), path, "Sesame")
    with pytest.raises(PasswordNeeded) as needed:
        read(path)
    assert not needed.value.wrong
    with pytest.raises(PasswordNeeded) as needed:
        read(path, password="sesame")
    assert needed.value.wrong
    outcome = read(path, password="Sesame")
    assert outcome.registrations == ["AB12 CDE"]
    assert [f.name for f in tmp_path.iterdir() if f.name not in {"list.xlsx", "locked.xlsx"}] == []


def _lock(plain: Path, locked: Path, password: str) -> None:
    with plain.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt(password, target)


@pytest.mark.parametrize(
    ("number_format", "pence"),
    [
        ('[$-407]#,##0.00 "€"', None),
        ('#,##0.00\\ "Kč"', None),
        ('#,##0.00 "lei"', None),
        ("#,##0.00 [$Ft-40E]", None),
        ("#,##0.00\\ [$kr.-406]", None),
        ("[$-809]#,##0.00", 500),
        ('"£"#,##0.00', 500),
        ("_-[$£-809]* #,##0.00_-", 500),
    ],
)
def test_amounts_shown_in_any_other_currency_are_not_pounds(
    read: Read, make_book: MakeBook, number_format: str, pence: int | None
) -> None:
    def shown(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["B2"].number_format = number_format

    outcome = read(make_book([["Reg", "Amount"], ["AB12", 5]], finish=shown))
    assert [entry.amount_pence for entry in outcome.entries] == [pence]


@pytest.mark.parametrize(
    ("heading", "pence"),
    [
        ("Amount (pence)", None),
        ("Amount (p)", None),
        ("Amount (£k)", None),
        ("Amount (£000)", None),
        ("Amount (£1,000s)", None),
        ("Amount (CZK)", None),
        ("Amount [HUF]", None),
        ("Betrag (TEUR)", None),
        ("Amount (£)", 500),
        ("Amount (at most £20,000)", 500),
        ("Amount (GBP)", 500),
    ],
)
def test_a_heading_tells_what_its_amounts_count(
    read: Read, make_book: MakeBook, heading: str, pence: int | None
) -> None:
    outcome = read(make_book([["Reg", heading], ["AB12", 5]]))
    assert [entry.amount_pence for entry in outcome.entries] == [pence]
    assert ("is not in pounds" in outcome.warnings) is (pence is None)
    by_hand = read(make_book([["Reg", heading], ["AB12", 5]]), mapping={"amount": "col:B"})
    assert [entry.amount_pence for entry in by_hand.entries] == [500]
    assert ("was read as POUNDS" in by_hand.warnings) is (pence is None)


@pytest.mark.parametrize("mapping", [{}, {"registration": "col:A"}])
@pytest.mark.parametrize("first", ["Reg", "Nr des Fahrzeugs"])
def test_a_row_with_a_registration_is_never_the_headings(
    read: Read, make_book: MakeBook, first: str, mapping: dict[str, str]
) -> None:
    rows = [
        [first, "Category", "Payment"],
        ["AB12 CDE", "Tractor", "Outstanding"],
        ["C123 4567", "Trailer", "Outstanding"],
        ["AB13 CDE", "Tractor", "Outstanding"],
    ]
    mapping = mapping if first == "Reg" else {"registration": "col:A"}
    outcome = read(make_book(rows), mapping=mapping)
    assert outcome.layout.header_row == 1
    assert outcome.registrations == ["AB12 CDE", "C123 4567", "AB13 CDE"]


def test_a_title_with_a_heading_in_it_gives_way_to_the_headings(
    read: Read, make_book: MakeBook
) -> None:
    rows = [["Container", "(all)"], ["Registration", "Balance"], ["AB12 CDE", 5]]
    assert read(make_book(rows)).registrations == ["AB12 CDE"]


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        (("01/05/2026", "01/25/2026"), True),
        (("01/05/2026", "01/25/2026", "2026-01-25"), True),
        (("01/05/2026", "01/25/2026", "25/01/2026"), False),
        (("01/05/2026", "25/01/2026"), False),
    ],
)
def test_a_column_of_dates_that_are_month_first_is_told_of(
    read: Read, make_book: MakeBook, dates: tuple[str, ...], *, told: bool
) -> None:
    rows = [[f"AB1{number} CDE", text] for number, text in enumerate(dates)]
    outcome = read(make_book([["Reg", "Due on"], *rows]))
    assert ("READ WRONG" in outcome.warnings) is told
