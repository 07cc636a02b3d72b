"""The sample data is what its README says, and its script writes it again to the byte."""

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from portcheck.domain.details import DETAILS
from portcheck.domain.enforceability import Enforceable, ListAge, assess
from portcheck.domain.fields import Field, parse
from portcheck.domain.haulier import fold_haulier
from portcheck.domain.listing import ListedRow
from portcheck.domain.matching import compare
from portcheck.domain.outcome import OUTCOME, primary_outcome, validate
from portcheck.domain.outcome_words import PROHIBITIONS
from portcheck.domain.penalty import PenaltyLine
from portcheck.domain.problem import Severity
from portcheck.domain.registration.countries import country_code
from portcheck.domain.registration.formats import fits
from portcheck.domain.registration.key import key_of
from portcheck.domain.registration.readings import spellings
from portcheck.intake.cells import Cell, text_of
from portcheck.intake.files.source import open_source
from portcheck.intake.table.columns import names_of
from portcheck.intake.table.reading import read_table
from portcheck.services.matching.containers import container_remark
from sample.proof import ReadRow, every_row

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data"
OPERATION_ON = date(2021, 6, 17)
HEADINGS = [
    *("At", "Registration", "Country", "Trailer", "Trailer country", "Container"),
    *("Direction", "Unit", "Body", "Load", "Accompanied", "Haulier", "Origin", "Destination"),
    *("Sailing", "Lane", "Officer", "Agency"),
    *(field.label for field in OUTCOME),
    "Decision",
]

Row = dict[str, str]
Values = dict[str, Any]


@cache
def the_list(name: str) -> tuple[tuple[ReadRow, ...], tuple[str, ...]]:
    rows, warnings = every_row(SAMPLE / name)
    return tuple(rows), warnings


def entries(name: str) -> list[ListedRow]:
    return [row.entry for row in the_list(name)[0] if row.entry is not None]


@cache
def the_log() -> list[Row]:
    with (SAMPLE / "checks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values(row: Row, fields: Iterable[Field]) -> Values:
    return {f.name: parse(f, row[f.label]) for f in fields if row.get(f.label)}


def outcomes() -> list[Values]:
    return [values(row, OUTCOME) for row in the_log()]


def resembling(marks: Iterable[str], listed: Iterable[ListedRow]) -> list[tuple[str, str, str]]:
    """(mark, listed key, tier) of every pair that is at least a weak match."""
    keys = {
        (key, entry.country)
        for entry in listed
        for text in (entry.registration, entry.trailer_registration, entry.container)
        if text
        for key in spellings(text)
    }
    found = []
    for mark in marks:
        key = key_of(mark)
        for other, country in keys:
            comparison = compare(key, other, listed_country=country)
            if comparison is not None:
                found.append((mark, other, comparison.tier.value))
    return sorted(found)


def line_of(entry: ListedRow) -> PenaltyLine:
    same = set(PenaltyLine.__slots__) & set(ListedRow.__slots__)
    known = {name: getattr(entry, name) for name in same}
    return PenaltyLine(reference=entry.penalty_reference, **known)


@pytest.mark.slow
def test_the_script_writes_every_file_again_to_the_byte(tmp_path: Path) -> None:
    script = ROOT / "tools" / "make_sample_data.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    stored = {p.name: p.read_bytes() for p in SAMPLE.iterdir() if p.name != "README.md"}
    assert sorted(made) == sorted(stored)
    assert [name for name in made if made[name] != stored[name]] == []


@pytest.mark.parametrize(
    ("name", "accounting"),
    [("action_list.xlsx", (320, 314, 1, 5)), ("action_list_18_june.csv", (321, 317, 1, 3))],
)
def test_every_row_of_the_lists_is_accounted_for(
    name: str, accounting: tuple[int, int, int, int]
) -> None:
    rows, _ = the_list(name)
    taken = entries(name)
    accepted = len(set(taken))
    counted = (len(rows), accepted, len(taken) - accepted, len(rows) - len(taken))
    assert counted == accounting
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    words = "{} rows = {} accepted + {} duplicate + {} rejected".format(*accounting)
    assert words in readme


def test_what_the_workbook_list_is_told_about() -> None:
    rows, warnings = the_list("action_list.xlsx")
    told = {
        severity: sorted(
            (p.column, p.value, p.reason.split(":")[0].split("(")[0].strip())
            for row in rows
            for p in row.problems
            if p.severity is severity
        )
        for severity in Severity
    }
    registration, amount = "Vehicle Reg No", "may be £2.40 or £2,400"
    assert told[Severity.REJECTED] == [
        ("", "TOTAL", "totals row"),
        (registration, "", "there is no registration in this row"),
        (registration, "#N/A", "is an error of the spreadsheet"),
        (registration, "2012-03-01", "was turned into a date by the spreadsheet"),
        (registration, "B?21 KLM", "“?”"),
    ]
    status = ("Current status", "see file", "is not a status portcheck knows")
    assert told[Severity.WARNING] == [
        ("Balance outstanding", "2.400", amount),
        *[status] * 4,
        ("Incident date", "31/02/2021", "is a day that does not exist"),
        ("Penalty amount (£)", "2.400", amount),
        (registration, "7310000", "is a number in the sheet"),
    ]
    assert "hidden sheet “old” was not read" in warnings[0]
    assert "sheet “Notes” (4 rows) was NOT read" in warnings[1]
    assert "struck-through" in warnings[2]


def test_the_list_has_what_offices_lists_have() -> None:
    listed = set(entries("action_list.xlsx"))
    lines = Counter(e.registration for e in listed if e.registration)
    assert sum(number > 1 for number in lines.values()) > 30
    roles = {e.liable_role for e in listed}
    assert roles == {"owner", "driver", "hirer", "operator"}
    alone = [e for e in listed if not e.registration]
    assert sorted((e.trailer_registration, e.container) for e in alone) == [
        ("", "QZXU 730216 4"),
        ("R 4417 BKV", ""),
    ]
    assert {e.section for e in listed} == {"32"}
    kept = {"Case officer team", "Port of encounter"}
    assert all(kept <= dict(entry.extra).keys() for entry in listed)
    references = [e.penalty_reference for e in listed]
    assert len(set(references)) == len(references) == 314


def test_dates_and_money_of_every_line_hang_together() -> None:
    for entry in set(entries("action_list.xlsx")):
        if entry.incident_on:
            assert entry.issued_on
            assert entry.incident_on < entry.issued_on < OPERATION_ON
        assert entry.issued_on
        assert entry.due_on
        assert entry.issued_on + timedelta(days=60) <= entry.due_on
        if entry.balance_pence:
            assert entry.amount_pence == entry.balance_pence + (entry.paid_pence or 0)


def test_one_vehicle_of_the_log_is_listed_with_one_enforceable_line() -> None:
    (entry,) = [e for e in entries("action_list.xlsx") if e.registration == "CJ 47 TKV"]
    answer = assess(line_of(entry), today=OPERATION_ON, age=ListAge(1, 7))
    assert answer.enforceable is Enforceable.YES
    assert (entry.penalty_reference, entry.balance_pence) == ("CP-1042", 240_000)
    assert (entry.section, entry.liable_role, entry.issued_on) == ("32", "owner", date(2021, 1, 12))
    assert entry.haulier


def test_the_next_day_s_list_differs_in_seven_lines() -> None:
    def by_reference(name: str) -> dict[str, ListedRow]:
        return {e.penalty_reference: e for e in entries(name)}

    old, new = by_reference("action_list.xlsx"), by_reference("action_list_18_june.csv")
    added = {ref: e.registration for ref, e in new.items() if ref not in old}
    changed = {ref for ref, e in new.items() if ref in old and old[ref] != e}
    assert len(old.keys() - new.keys()) == 1
    assert len(added) == 4
    assert {"WGM 58213", "MAR 12", "B 218 KRX"} < set(added.values())
    assert len(changed) == 2
    paid = new["CP-1042"]
    assert "CP-1042" in changed
    assert (paid.status, paid.paid_pence, paid.balance_pence) == ("Paid", 240_000, 0)
    assert all(old[ref].registration == new[ref].registration for ref in changed)


def test_the_log_has_132_distinct_lorries_under_the_agreed_headings() -> None:
    rows = the_log()
    assert list(rows[0]) == HEADINGS
    assert len(rows) == len({key_of(row["Registration"]) for row in rows}) == 132
    times = [datetime.strptime(row["At"], "%d/%m/%Y %H:%M").replace(tzinfo=UTC) for row in rows]
    assert times == sorted(times)
    assert all(time.date() == OPERATION_ON for time in times)
    assert (times[0].hour, times[-1].hour) == (6, 17)
    for row in rows:
        assert country_code(row["Country"]) == row["Country"]
        assert fits(key_of(row["Registration"]), row["Country"]), row
        assert bool(row["Trailer"]) == bool(row["Trailer country"]) == (row["Unit"] == "tractor")
        assert not row["Trailer"] or fits(key_of(row["Trailer"]), row["Trailer country"]), row
        assert bool(row["Container"]) == (row["Body"] == "container")
        assert not row["Container"] or container_remark(row["Container"]) == ""


def test_every_cell_of_the_log_reads() -> None:
    for row in the_log():
        validate(values(row, OUTCOME))
        details = values(row, DETAILS)
        assert set(details) == {field.name for field in DETAILS} - {"site"}  # all at one site
        assert details["accompanied"] is True
        assert not any(cell.startswith(("=", "+", "@")) or "\\" in cell for cell in row.values())


def test_the_figures_of_the_log() -> None:
    rows, found = the_log(), outcomes()
    offences = [offence for o in found for offence in o.get("offences", ())]
    money: Counter[str] = Counter()
    for offence in offences:
        money[offence["disposal"]] += offence.get("amount_pence", 0)
    assert Counter(row["Direction"] for row in rows) == {"inbound": 70, "outbound": 62}
    assert Counter(row["Unit"] for row in rows) == {"tractor": 118, "rigid": 14}
    assert sum(row["Country"] == "GB" for row in rows) == 46
    assert len({row["Body"] for row in rows}) == 10
    assert sum(bool(row["Trailer"]) for row in rows) == 118
    assert sum(bool(row["Container"]) for row in rows) == 9
    assert sum("searched" in o for o in found) == 120
    assert sum("nothing_found" in o for o in found) == 119
    assert not any("persons" in o or "arrests" in o or "seizures" in o for o in found)
    assert [o["cash"] for o in found if "cash" in o] == [
        [{"currency": "GBP", "amount_minor": 85_000, "disposal": "counted"}]
    ]
    assert len(offences) == 10
    assert sum("offences" in o for o in found) == 9
    assert sum(offence["disposal"] in PROHIBITIONS for offence in offences) == 1
    assert (money["fixed_penalty"], money["deposit"]) == (80_000, 30_000)
    assert sum("education" in o for o in found) == sum("language" in o for o in found) == 61
    assert Counter(primary_outcome(o, unresolved=False).value for o in found) == {
        "penalty_enforced": 1,
        "offence_dealt_with": 9,
        "nothing_found": 110,
        "not_searched": 12,
    }


def test_the_log_has_one_exact_match_one_lookalike_and_nothing_else_near() -> None:
    marks = {row[name] for row in the_log() for name in ("Registration", "Trailer", "Container")}
    marks.discard("")
    two = [("4AI 7382", "4A17382", "lookalike"), ("CJ 47 TKV", "CJ47TKV", "exact")]
    assert resembling(marks, entries("action_list.xlsx")) == two
    assert resembling(marks, entries("action_list_18_june.csv")) == [
        *two,
        ("WGM 58213", "WGM58213", "exact"),
    ]


def test_what_was_decided_and_enforced() -> None:
    decided = {row["Registration"]: row["Decision"] for row in the_log() if row["Decision"]}
    assert decided == {
        "CJ 47 TKV": "confirmed",
        "4AI 7382": "rejected: different make: not the listed vehicle",
    }
    (paid,) = [row for row in the_log() if row["Penalty"]]
    assert paid["Registration"] == "CJ 47 TKV"
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert f"checked at {paid['At'].split()[1]} and paid in full" in " ".join(readme.split())
    (enforced,) = [penalty for o in outcomes() for penalty in o.get("penalties", ())]
    assert enforced == {
        "reference": "CP-1042",
        "action": "paid_in_full",
        "amount_pence": 240_000,
        "method": "card",
        "receipt": "R-0001",
        "authorised_by": "CIO 7",
    }
    (clear,) = [row for row in the_log() if row["Registration"] == "WGM 58213"]
    assert (clear["Nothing found"], clear["Decision"]) == ("yes", "")


def test_only_the_listed_lorry_s_haulier_is_on_the_list() -> None:
    listed = {fold_haulier(e.haulier) for e in entries("action_list.xlsx")}
    hauliers = Counter(
        row["Haulier"] for row in the_log() if fold_haulier(row["Haulier"]) in listed
    )
    assert hauliers == {"Drumuri Închipuite SRL": 1}


def test_the_workbook_of_the_log_says_the_same() -> None:
    def read(name: str) -> list[dict[str, str]]:
        headings = dict.fromkeys(HEADINGS, ())
        with read_table(open_source(SAMPLE / name), headings, ("Registration",)) as table:
            return [{n: text(n, cell) for n, cell in row.cells.items()} for row in table.rows()]

    def text(name: str, cell: Cell) -> str:
        if name == "At" and isinstance(cell, tuple):
            return datetime.fromisoformat(cell[1]).strftime("%d/%m/%Y %H:%M")
        return text_of(cell)

    assert read("checks.xlsx") == read("checks.csv") == the_log()


def test_the_manifest_has_an_exact_match_a_lookalike_and_a_listed_trailer() -> None:
    source = open_source(SAMPLE / "manifest.csv")
    with read_table(source, names_of("manifest"), ("registration",)) as table:
        rows = list(table.rows())
    assert len(rows) == 60
    assert [row for row in rows if row.problems] == []
    names = ("registration", "trailer_registration", "container")
    marks = {text_of(row.cells[name]) for row in rows for name in names} - {""}
    found = [(key_of(m), tier) for m, _, tier in resembling(marks, entries("action_list.xlsx"))]
    assert sorted(found) == [
        ("4AI7382", "lookalike"),
        ("CJ47TKV", "exact"),
        ("R4417BKV", "exact"),
    ]
    trailers = {key_of(text_of(row.cells["trailer_registration"]) or "-0") for row in rows}
    assert "R4417BKV" in trailers
    assert {text_of(row.cells["sailing"]) for row in rows} == {"Caen 10:40 17/06/2021"}


def test_the_camera_misreads_the_listed_vehicle_repeats_one_and_breaks_off_once() -> None:
    lines = (SAMPLE / "camera.jsonl").read_text(encoding="utf-8").splitlines()
    reads, broken = [], []
    for line in lines:
        try:
            reads.append(json.loads(line))
        except json.JSONDecodeError:
            broken.append(line)
    assert (len(lines), len(reads), len(broken)) == (40, 39, 1)
    keys = {"plate", "confidence", "candidates", "at", "lane", "country"}
    assert all(read.keys() == keys for read in reads)
    times = [datetime.fromisoformat(read["at"]) for read in reads]
    assert times == sorted(times)
    assert {time.utcoffset() for time in times} == {timedelta(hours=1)}
    listed = entries("action_list.xlsx")
    assert resembling({read["plate"] for read in reads}, listed) == []
    other = [(r["plate"], c["plate"]) for r in reads for c in r["candidates"][1:]]
    found = [plate for plate, candidate in other if resembling([candidate], listed)]
    assert found == ["CU41TKV"]
    assert ("CU41TKV", "CJ47TKV") in other
    plates = Counter(read["plate"] for read in reads)
    (twice,) = [plate for plate, number in plates.items() if number > 1]
    first, second = [t for t, r in zip(times, reads, strict=True) if r["plate"] == twice]
    assert timedelta(0) < second - first < timedelta(minutes=1)
