"""Headings in one, two or three rows, groups, languages, sections, pages and footers."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from portcheck.intake.files.source import open_source
from portcheck.intake.table.columns import Headings, names_of
from portcheck.intake.table.reading import read_table

CASES = Path(__file__).parents[1] / "cases"
MARKS = ("registration", "trailer_registration", "container")
AFTER = (("AB12CDE", "GB", "CP-1", 1500, 600), ("CD34EFG", "GB", "CP-2", 700, 700))

Read = Callable[..., Any]
MakeBook = Callable[..., Path]
MakeText = Callable[..., Path]


def merging(*cells: str) -> Callable[[openpyxl.Workbook], None]:
    def merge(book: openpyxl.Workbook) -> None:
        for one in cells:
            book.worksheets[0].merge_cells(one)

    return merge


@pytest.mark.parametrize(
    ("rows", "merged", "read_as"),
    [
        (
            [["Vehicle", "", "Fine", "Fine", "Still owed"], ["Reg", "Nat.", "Number", "Amount", "(GBP)"]],
            (),
            {"registration": "Reg", "country": "Nat.", "penalty_reference": "Fine Number",
             "amount": "Fine Amount", "balance": "Still owed (GBP)"},
        ),
        (
            [["Vehicle", None, "Penalty", None, "Outstanding"], ["Reg", "Nat", "Ref", "Amount", None]],
            ("A1:B1", "C1:D1", "E1:E2"),
            {"registration": "Reg", "country": "Nat", "penalty_reference": "Ref",
             "amount": "Amount", "balance": "Outstanding"},
        ),
        (
            [["Immatriculation", "Pays", "Référence", "Montant", "Solde"],
             ["Registration", "Country", "Reference", "Amount", "Balance"]],
            (),
            {"registration": "Immatriculation Registration", "country": "Pays Country",
             "penalty_reference": "Référence Reference", "amount": "Montant Amount",
             "balance": "Solde Balance"},
        ),
        (
            [["Civil penalties", None, None, None, None],
             ["Vehicle", None, "Penalty", None, None],
             ["Reg", "Nat", "Ref", "Amount", "Balance"]],
            ("A1:E1", "A2:B2", "C2:E2"),
            {"registration": "Reg", "country": "Nat", "penalty_reference": "Ref",
             "amount": "Amount", "balance": "Balance"},
        ),
        (
            [["Vehicle", None, "Penalty", None, None],
             ["Registration", "Country", "Fine", "Fine", "Balance"],
             [None, None, "number", "amount", "(£)"]],
            ("A1:B1", "C1:E1"),
            {"registration": "Registration", "country": "Country",
             "penalty_reference": "Penalty Fine number", "amount": "Fine amount",
             "balance": "Balance (£)"},
        ),
    ],
)  # fmt: skip
def test_headings_over_several_rows(
    read: Read,
    make_book: MakeBook,
    rows: list[list[str | None]],
    merged: Sequence[str],
    read_as: dict[str, str],
) -> None:
    found = read(make_book([*rows, *AFTER], finish=merging(*merged)))
    assert set(found.layout.columns) == set(read_as), found.layout
    assert found.registrations == ["AB12CDE", "CD34EFG"]
    assert [entry.balance_pence for entry in found.entries] == [60_000, 70_000]
    assert [entry.penalty_reference for entry in found.entries] == ["CP-1", "CP-2"]
    assert not found.rejected


def test_a_lorry_and_its_trailer_in_groups(read: Read, make_book: MakeBook) -> None:
    rows = [
        ["Tractor", "", "Trailer", "", "Haulier", ""],
        ["Plate", "Nat", "Plate", "Nat", "Name", "Country"],
        ["AB12CDE", "GB", "B 99 ABC", "RO", "Acme Ltd", "IE"],
    ]
    (entry,) = read(make_book(rows)).entries
    assert (entry.registration, entry.country, entry.haulier) == ("AB12CDE", "GB", "Acme Ltd")
    assert entry.trailer_registration == "B 99 ABC"
    assert entry.extra == (("Trailer Nat", "RO"), ("Haulier Country", "IE"))


def test_an_appeals_status_is_not_the_penaltys(read: Read, make_book: MakeBook) -> None:
    rows = [
        ["Vehicle", "Penalty", None, "Appeal", None],
        ["Reg", "Ref", "Status", "Date", "Status"],
        ["AB12CDE", "CP-1", "Overdue", "01/02/2025", "dismissed"],
    ]
    (entry,) = read(make_book(rows, finish=merging("B1:C1", "D1:E1"))).entries
    assert (entry.status, str(entry.appeal_on)) == ("Overdue", "2025-02-01")
    assert entry.extra == (("Appeal Status", "dismissed"),)


def test_no_row_of_data_is_taken_for_headings(read: Read, make_text: MakeText) -> None:
    text = "Reg,Pymt,Role,Owed\nTBC,Outstanding,Driver,Fine\nAB12CDE,Outstanding,Owner,5\n"
    found = read(make_text(text))
    assert found.layout.header_row == 1
    assert [row.row for row in found.rows] == [2, 3]


def test_a_column_of_stacked_headings_is_mapped_by_any_of_its_texts(
    read: Read, make_book: MakeBook
) -> None:
    rows = [["Vehicle", "", "Money"], ["Reg", "Nat", "Zzz"], ["AB12CDE", "GB", "15"]]
    for heading in ("Money Zzz", "Zzz", "col:C"):
        found = read(make_book(rows), mapping={"balance": heading})
        assert [entry.balance_pence for entry in found.entries] == [1_500]


@pytest.mark.parametrize(
    ("line", "reason", "haulier", "title"),
    [
        (["ACME HAULAGE LTD"], "the haulier of the rows below", "ACME HAULAGE LTD", ""),
        (["3M TRANSPORT LTD", None, None, 2200], "the haulier of", "3M TRANSPORT LTD", ""),
        (["Haulier: Jones"], "the haulier of the rows below", "Jones", ""),
        (["Smith Haulage"], "the haulier of the rows below", "Smith Haulage", ""),
        (["TRANSPORT PENALTIES OVERDUE"], "a line of text", "", "TRANSPORT PENALTIES OVERDUE"),
        (["Not to be enforced"], "a line of text", "", "Not to be enforced"),
        (["March 2025"], "a line of text", "", "March 2025"),
        (["Page 2 of 3"], "a page number", "Old Ltd", ""),
        (["ACTION LIST  Page 2"], "a page number", "Old Ltd", ""),
        (["Sub-total", None, None, 2200], "totals row", "Old Ltd", ""),
        (["TOTAL UNITS", None, None, 2], "totals row", "Old Ltd", ""),
        (["Reg", "Country", "Ref", "Balance"], "the headings again", "Old Ltd", ""),
        (["1", "2", "3", "4"], "the columns' numbers", "Old Ltd", ""),
        ([1, 2, 3, 4], "the columns' numbers", "Old Ltd", ""),
    ],
)
def test_lines_between_the_rows(
    read: Read, make_book: MakeBook, line: list[Any], reason: str, haulier: str, title: str
) -> None:
    rows = [
        ["Reg", "Country", "Ref", "Balance"],
        ["Old Ltd"],
        ["AB12CDE", "GB", "CP-1", 1500],
        line,
        ["CD34EFG", "GB", "CP-2", 700],
        ["*** End of report ***"],
    ]
    found = read(make_book(rows))
    assert reason in found.rejected[4]
    assert found.rejected[6] == "a line of text, no row of the list"
    first, second = found.entries
    assert (first.haulier, second.haulier) == ("Old Ltd", haulier)
    assert second.extra == ((("section of the sheet", title),) if title else ())


def test_a_section_goes_on_over_thousands_of_rows_and_its_own_haulier_comes_first(
    read: Read, make_text: MakeText
) -> None:
    rows = "\n".join(f"WX {10_000 + n},,CP-{n}" for n in range(9_000))
    text = f"Reg,Haulier,Ref\nBETA TRANS SRL,,\n{rows}\nCD34EFG,Acme Ltd,CP\n"
    hauliers = [entry.haulier for entry in read(make_text(text)).entries]
    assert hauliers == ["BETA TRANS SRL"] * 9_000 + ["Acme Ltd"]


def test_sections_and_two_languages_as_offices_sent_them(read: Read) -> None:
    found = read(CASES / "g_sections.xlsx")
    assert [(e.registration, e.haulier) for e in found.entries] == [
        ("AB12CDE", "ACME HAULAGE LTD"),
        ("CD34EFG", "ACME HAULAGE LTD"),
        ("B123XYZ", "BETA TRANS SRL"),
    ]
    assert set(found.rejected) == {2, 5}
    (entry,) = read(CASES / "h_bilingual.xlsx").entries
    assert (entry.registration, entry.country, entry.balance_pence) == ("AB12CDE", "GB", 150_000)


def test_a_manifest_under_two_rows_of_headings() -> None:
    with read_table(open_source(CASES / "manifest300.xlsx"), names_of("manifest"), MARKS) as table:
        rows = list(table.rows())
    assert set(table.layout.columns) == {*MARKS[:2], "country", "haulier"}
    taken = [row for row in rows if not row.rejected]
    assert taken[1].cells["registration"] == "M-UK 0494"
    assert taken[1].cells["trailer_registration"] == "M-DL 2470"
    assert sum(bool(row.cells["trailer_registration"]) for row in taken) > 50
    assert {row.problems[0].reason for row in rows if row.rejected} == {
        "the headings again, in the middle of the sheet",
        "totals row",
        "a line of text, no row of the list",
    }


@pytest.mark.parametrize("name", ["vessel_voyage.csv", "reg_plate.csv"])
def test_manifests_that_were_refused(name: str) -> None:
    with read_table(open_source(CASES / name), names_of("manifest"), MARKS) as table:
        assert [row.cells["registration"] for row in table.rows()] == ["AB12CDE"]


def test_one_table_of_headings_serves_every_kind_of_file() -> None:
    tables = [names_of(kind) for kind in ("action_list", "manifest", "log")]
    for field in {*tables[0]} & {*tables[1]} & {*tables[2]}:
        said = [{*table[field]} for table in tables]
        assert said[0] ^ said[1] | said[0] ^ said[2] <= {"Unit"}, field
    for table in tables:
        assert Headings(table).field_of("Reg plate") == "registration"
        assert Headings(table).field_of("Vessel") in {"sailing", None}
