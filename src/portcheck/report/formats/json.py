"""The report for other programs: one JSON document, the rows one on a line.

Keys are those of the columns; money is in minor units, times are ISO 8601 with
offset, and null stands where nothing was recorded.
"""

import json
from collections.abc import Callable, Iterator
from datetime import tzinfo
from functools import lru_cache
from typing import IO, Any

from portcheck.domain.text import clean
from portcheck.domain.times import iso
from portcheck.report.columns import Column, Kind
from portcheck.report.formats import Report
from portcheck.report.sheets import Sheet
from portcheck.report.tallydocuments import held_document

_ENCODER = json.JSONEncoder(ensure_ascii=False)
_KEPT = 16_384


def write(report: Report, out: IO[bytes]) -> None:
    """Write the document; the rows follow each other without being held together."""
    for piece in _pieces(report):
        out.write(piece.encode())


def _pieces(report: Report) -> Iterator[str]:
    yield "{\n"
    for key, value in _head(report).items():
        yield f'"{key}": {_text(value)},\n'
    for number, sheet in enumerate(report.sheets):
        yield f'"{sheet.name}": ['
        for place, line in enumerate(_rows(sheet, report.zone)):
            yield f"{',' if place else ''}\n{line}"
        yield "]\n" if number == len(report.sheets) - 1 else "],\n"
    yield "}\n"


def _text(value: Any) -> str:
    return _ENCODER.encode(value)


def _head(report: Report) -> dict[str, Any]:
    found = report.statement
    document: dict[str, Any] = {
        "operations": found.operations,
        "timezone": found.timezone,
        "as_of": found.as_of,
        "since": found.since or None,
        "until": found.until or None,
        "marking": found.tally.marking,
        "held": held_document(found),
        "tally": found.tally.document(),
        "not_enforceable": [
            {"reason": one.reason, "lines": one.lines, "pence": one.pence}
            for one in found.not_enforceable
        ],
        "lines_without_sum": found.lines_without_sum,
        "education": found.tally.families["education"],
    }
    return {key: _cleaned(value) for key, value in document.items()}


def _cleaned(value: Any) -> Any:
    """`value` without controls in any of its texts, keys included."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {clean(key): _cleaned(one) for key, one in value.items()}
    return value


def _rows(sheet: Sheet, here: tzinfo) -> Iterator[str]:
    """Each row as a JSON object.  It is put together from its cells' texts, most of which are
    the same in many rows: encoding every row anew takes twice as long.
    """
    cells = [_cell(column, here) for column in sheet.columns]
    for row in sheet.rows():
        yield f"{{{', '.join([cell(value) for cell, value in zip(cells, row, strict=True)])}}}"


def _cell(column: Column, here: tzinfo) -> Callable[[Any], str]:
    """What turns a value of the column into its key and its value."""
    start, make = f"{_text(column.key)}: ", _maker(column, here)
    return lru_cache(_KEPT)(lambda value: start + _text(None if value is None else make(value)))


def _maker(column: Column, here: tzinfo) -> Callable[[Any], Any]:
    """What turns a value of the column into a JSON value."""
    match column.kind:
        case Kind.TEXT | Kind.DAY:
            return clean
        case Kind.MONEY:
            return lambda value: value.minor
        case Kind.TIME:
            return lambda value: iso(value, here)
        case _:
            return lambda value: value
