"""Reading reports back, each format with other means than those it was written with.

`figures_in` gives the figures by their keys, money in minor units.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from python_calamine import CalamineWorkbook

from portcheck.domain.money import decimals
from portcheck.domain.registration.key import key_of
from portcheck.domain.statement import Statement
from portcheck.report.sections import sections

Figures = dict[str, int]
FORMULA = ("=", "+", "-", "@")


def minor(text: str) -> int:
    """An amount or a count as it is shown, in minor units."""
    digits = re.sub(r"[^0-9]", "", text)
    return -int(digits) if text.startswith("-") else int(digits)


def as_text(suffix: str, data: bytes) -> str:
    """A file as people review it; a workbook sheet by sheet."""
    if suffix != ".xlsx":
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    lines = []
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for name in book.sheet_names:
            lines.append(f"[{name}]")
            rows = book.get_sheet_by_name(name).to_python()
            lines.extend("\t".join(map(str, row)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def sheet_rows(data: bytes, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by their headings."""
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        headings, *rows = book.get_sheet_by_name(name).to_python()
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def workbook_figures(data: bytes, _statement: Statement) -> Figures:
    found: Figures = {}
    for row in sheet_rows(data, "Figures"):
        places = decimals(row["Currency"]) if row["Currency"] else 0
        found[row["Key"]] = int(Decimal(str(row["Number"])).scaleb(places))
    return found


class Page(HTMLParser):
    """What stands in an HTML page: elements, attributes, and the cells of figures."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.figures: Figures = {}
        self.texts: list[str] = []
        self._cell = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self._cell = dict(attrs).get("data-figure") or ""

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._cell:
            self.figures[self._cell] = minor(data)
            self._cell = ""


def html_figures(data: bytes, _statement: Statement) -> Figures:
    return Page(data.decode()).figures


def markdown_figures(data: bytes, statement: Statement) -> Figures:
    keys = {
        (section.title, figure.label): figure.key
        for section in sections(statement).values()
        for figure in section.figures
    }
    found: Figures = {}
    title = ""
    for line in data.decode().splitlines():
        if line.startswith("## "):
            title = _plain(line[3:])
        cells = [_plain(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 2 and (title, cells[0]) in keys:
            found[keys[title, cells[0]]] = minor(cells[1])
    return found


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def json_figures(data: bytes, _statement: Statement) -> Figures:
    document = json.loads(data)
    found: Figures = {}
    for name, value in document["tally"].items():
        if isinstance(value, dict):
            found |= {f"{name}.{key}": number for key, number in value.items()}
        elif isinstance(value, int) and not isinstance(value, bool) and name != "pending":
            found[name] = value
    for cash in document["tally"]["cash"]:
        found[f"cash.{cash['currency']}"] = cash["amount_minor"]
        found[f"cash.{cash['currency']}.seizures"] = cash["seizures"]
    found["lines_without_sum"] = document["lines_without_sum"]
    for one in document["not_enforceable"]:
        found[f"not_enforceable.{one['reason']}"] = one["pence"]
        found[f"not_enforceable.{one['reason']}.lines"] = one["lines"]
    return found | {f"education.{name}": number for name, number in document["education"].items()}


def checks_in_csv(data: bytes) -> list[dict[str, str]]:
    """The rows, each text without the apostrophe that keeps it from being run."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [{name: _restored(text) for name, text in row.items()} for row in rows]


def _restored(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text


def csv_figures(data: bytes, _statement: Statement) -> Figures:
    """What can be counted from the rows alone."""
    rows = checks_in_csv(data)
    found: Counter[str] = Counter()
    for row in rows:
        found.update(dict(_of_check(row)))
    for figure, some in (
        ("vehicles_with_persons", [row for row in rows if int(row["Persons found"] or 0)]),
        ("vehicles_detained", [row for row in rows if row["Vehicle detained"] == "yes"]),
    ):
        found[figure] = len({key_of(row["Registration"]) for row in some})
    for family, heading in (
        ("by_country", "Country"),
        ("by_body", "Body"),
        ("by_unit", "Unit"),
        ("by_lane", "Lane"),
        ("by_officer", "Officer"),
        ("by_agency", "Agency"),
        ("primary_outcomes", "Outcome"),
    ):
        found.update(f"{family}.{row[heading] or 'not_recorded'}" for row in rows)
    found.update(f"by_hour.{datetime.fromisoformat(row['At']):%Y-%m-%dT%H}" for row in rows)
    for family, heading in (("by_search_method", "Searched"), ("education", "Education")):
        found.update(f"{family}.{one}" for row in rows for one in _items(row[heading]))
    for row in rows:
        for offence, disposal, *_ in _records(row["Offence"]):
            found.update((f"by_offence.{offence}", f"by_disposal.{disposal}"))
        for currency, amount, disposal in _records(row["Cash"]):
            if disposal == "seized":
                found[f"cash.{currency}"] += minor(amount)
                found[f"cash.{currency}.seizures"] += 1
    return dict(found)


def _of_check(row: dict[str, str]) -> Iterator[tuple[str, int]]:
    searched = bool(row["Searched"]) or row["Nothing found"] == "yes"
    found = int(row["Persons found"] or 0) or row["Cash"] or row["Seizures"]
    yield "checks", 1
    yield "inbound", row["Direction"] == "inbound"
    yield "outbound", row["Direction"] == "outbound"
    yield "uk", row["Country"] == "GB"
    yield "foreign", row["Country"] not in {"", "GB"}
    yield "country_not_recorded", row["Country"] == ""
    yield "country_guessed", row["Country guessed"] != ""
    yield "not_screened", row["Screened"] == "no"
    yield "searched", searched
    yield "nothing_found", searched and not found
    yield "checks_with_persons", int(row["Persons found"] or 0) > 0
    yield "persons_found", int(row["Persons found"] or 0)
    yield "minors_found", int(row["Minors found"] or 0)
    yield "nrm_referrals", int(row["NRM referrals"] or 0)
    yield "nrm_notifications", int(row["NRM notifications"] or 0)
    yield "deaths", int(row["Deaths"] or 0)
    yield "asylum_claimed", int(row["Asylum claimed"] or 0)
    yield "detention_expenses_pence", minor(row["Expenses of detention (£)"] or "0")
    yield "matches.confirmed", int(row["Matches confirmed"])
    yield "matches.rejected", int(row["Matches rejected"])
    yield "matches.unresolved", int(row["Matches unresolved"])
    yield "penalties.enforced_pence", minor(row["Enforced (£)"])
    yield "traffic_offences", int(row["Offences (number)"])
    yield "fixed_penalties_pence", minor(row["Fixed penalties (£)"])
    yield "deposits_pence", minor(row["Deposits (£)"])
    yield "arrests", int(row["Arrests (number)"])
    yield "seizures", int(row["Seizures (number)"])
    yield "drivers_educated", bool(row["Education"])
    yield "amended", row["Amended"] == "yes"


def _items(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"(?<!\\);", text) if one.strip()]


def _records(text: str) -> list[list[str]]:
    return [re.split(r"(?<!\\):", one) for one in _items(text)]


READERS: dict[str, Callable[[bytes, Statement], Figures]] = {
    ".xlsx": workbook_figures,
    ".html": html_figures,
    ".md": markdown_figures,
    ".json": json_figures,
    ".csv": csv_figures,
}
"""How each format is read; a .csv gives what can be counted from its rows."""
