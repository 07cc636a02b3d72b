"""What a heading leaves open, the values of its column tell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portcheck.errors import FileRefused

CASES = Path(__file__).parents[1] / "cases"

Read = Callable[..., Any]
MakeText = Callable[..., Path]


def test_pages_as_an_office_sent_them(read: Read) -> None:
    found = read(CASES / "11_pages.xlsx")
    assert len(found.entries) == 15
    assert {(e.country, e.status) for e in found.entries} == {("GB", "Outstanding")}
    assert sum(e.balance_pence for e in found.entries) == 15 * 100_800
    assert set(found.rejected) == {8, 9, 10, 16, 17, 18, 24, 25, 26, 27}
    assert "“State” was read as status and not as country: 15 of its first 15 values are" in (
        found.warnings
    )


@pytest.mark.parametrize(
    ("headings", "rows", "read_as"),
    [
        ("Reg,State", ["AB12CDE,Paid", "CD34EFG,Overdue"], {"status": "State"}),
        ("Reg,State", ["AB12CDE,DE", "CD34EFG,PL"], {"country": "State"}),
        ("Reg,State,Status", ["AB12CDE,Paid,x", "CD34EFG,Due,y"], {"country": "State", "status": "Status"}),
        ("Reg,Outstanding", ["AB12CDE,part paid", "CD34EFG,paid"], {"status": "Outstanding"}),
        ("Reg,Outstanding", ["AB12CDE,500", "CD34EFG,£600"], {"balance": "Outstanding"}),
        ("Reg,Due", ["AB12CDE,500", "CD34EFG,£600"], {"balance": "Due"}),
        ("Reg,Due", ["AB12CDE,01/02/2025", "CD34EFG,03/02/2025"], {"due_on": "Due"}),
        ("Reg,Case no,Penalty ref", ["AB12CDE,C1,CP-1"], {"penalty_reference": "Penalty ref"}),
        ("Reg,Case no,Amount", ["AB12CDE,C1,5"], {"penalty_reference": "Case no", "amount": "Amount"}),
        ("Reg,Haulier,Customer", ["AB12CDE,Acme,Beta"], {"haulier": "Haulier"}),
        ("Reg,Customer,Haulier", ["AB12CDE,Beta,Acme"], {"haulier": "Haulier"}),
        ("Reg,Contact,Phone", ["AB12CDE,A,1"], {"contact": "Contact"}),
        ("Vehicle,Index", ["Scania,AB12CDE", "Volvo,CD34EFG"], {"registration": "Index"}),
        ("Reg,Nat,Nationality", ["AB12CDE,GB,", "CD34EFG,GB,"], {"country": "Nat"}),
    ],
)  # fmt: skip
def test_a_column_is_what_its_values_are(
    read: Read, make_text: MakeText, headings: str, rows: list[str], read_as: dict[str, str]
) -> None:
    found = read(make_text("\n".join([headings, *rows, ""])))
    columns = {name: heading for name, (_, heading) in found.layout.columns.items()}
    assert columns == {"registration": "Reg"} | read_as
    assert len(found.entries) == len(rows)


@pytest.mark.parametrize(
    ("headings", "row", "field"),
    [
        ("Reg,Penalty ref,Notice number", "AB12CDE,CP-1,N-1", "penalty_reference"),
        ("Reg,Case no,Our ref", "AB12CDE,C-1,N-1", "penalty_reference"),
        ("Reg,Balance,Amount due", "AB12CDE,5,6", "balance"),
    ],
)
def test_a_doubt_that_matters_is_asked_about(
    read: Read, make_text: MakeText, headings: str, row: str, field: str
) -> None:
    with pytest.raises(FileRefused, match=f"could both be {field}") as refused:
        read(make_text(f"{headings}\n{row}\n"))
    assert "--map" in refused.value.hint


def test_what_is_settled_by_hand_is_not_judged(read: Read, make_text: MakeText) -> None:
    text = "Reg,State\nAB12CDE,Paid\nCD34EFG,Overdue\n"
    found = read(make_text(text), mapping={"country": "State"})
    assert found.layout.columns["country"] == (1, "State")
    assert "status" not in found.layout.columns
