"""Pouring rows into a workbook that is laid out already."""

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from portcheck.domain.money import decimals, plain_amount
from portcheck.domain.text import clean, shorten
from portcheck.output.writing import row_height
from portcheck.report.columns import Column, Kind
from portcheck.report.sheets import Sheet

LONGEST_TEXT = 32_767
"""The characters a cell holds."""

_DAY_ZERO = date(1899, 12, 30)
_REMEMBERED = 16_384  # texts of a column, most of which come again and again
_EARLIEST_YEAR = 1980  # in a zip file
_SECONDS_A_DAY = 86_400
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"')
_END = b"</sheetData>"
_MANY = 4096
_QUICK = 1  # zlib's level: a quarter larger than by its usual one, in a quarter of the time
_ROW, _HEIGHT = "\0", "\1"
"""In a cell that is made: where its row's number goes; around the height that its text needs."""
_LARGE = 100_000

Style = Mapping[int, int]
"""A column's style numbers: of amounts by their currency's decimals, of all else under 0."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A sheet's rows as they stand in its file.

    `styles` gives each column's style number, `widths` its width in characters.
    """

    sheet: Sheet
    styles: Sequence[Style]
    widths: Sequence[float]
    zone: tzinfo

    def extent(self) -> bytes:
        """What the file says of the sheet's size."""
        last = column_letters(len(self.sheet.columns))
        return f'<dimension ref="A1:{last}{self.sheet.count + 1}"'.encode()

    def xml(self) -> Iterator[str]:
        """The rows, from the second on: the first one has the headings."""
        plan = list(zip(self.sheet.columns, self.styles, self.widths, strict=True))
        makers = [_maker(place, *one, self.zone) for place, one in enumerate(plan, 1)]
        for number, row in enumerate(self.sheet.rows(), 2):
            cells = "".join([make(value) for make, value in zip(makers, row, strict=True)])
            texts = cells.replace(_ROW, str(number)).split(_HEIGHT)
            heights = texts[1::2]
            tall = f' ht="{max(map(int, heights))}" customHeight="1"' if heights else ""
            yield f'<row r="{number}"{tall}>{"".join(texts[::2])}</row>'


def pour(layout: bytes, tables: Mapping[str, Cells], out: IO[bytes], stamped_at: datetime) -> None:
    """Write the workbook `layout` with the rows of its `tables` (by path) to `out`.

    Every part of it carries the time `stamped_at` and nothing of this machine.
    """
    stamp = max(stamped_at.timetuple()[:6], (_EARLIEST_YEAR, 1, 1, 0, 0, 0))
    with ZipFile(io.BytesIO(layout)) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name, stamp)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3
            cells = tables.get(name)
            large = cells is not None and cells.sheet.count > _LARGE
            with target.open(entry, "w", force_zip64=large) as part:
                if cells is None:
                    part.write(source.read(name))
                else:
                    before, _, after = source.read(name).partition(_END)
                    part.write(_DIMENSION.sub(cells.extent(), before, count=1))
                    for piece in _gathered(cells.xml()):
                        part.write(piece)
                    part.write(_END + after)


def _gathered(pieces: Iterator[str]) -> Iterator[bytes]:
    """Many small pieces as a few large ones."""
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if len(held) == _MANY:
            yield "".join(held).encode()
            held.clear()
    yield "".join(held).encode()


def column_letters(place: int) -> str:
    """The name of a column by its place from 1.

    >>> column_letters(1), column_letters(26), column_letters(57)
    ('A', 'Z', 'BE')
    """
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_text(text: str) -> str:
    """Foreign text as a cell shows it: cleaned, cut to what fits, kept from being unescaped."""
    return _LOOKS_ESCAPED.sub("_x005F_", shorten(clean(text), LONGEST_TEXT))


Maker = Callable[[Any], str]


def _maker(place: int, column: Column, style: Style, width: float, zone: tzinfo) -> Maker:
    """What makes a cell of a value of the column, as it stands in whichever row (_ROW)."""
    begin = f'<c r="{column_letters(place)}{_ROW}"'
    make = _filled(begin, column.kind, style, width, zone)
    return lru_cache(maxsize=_REMEMBERED)(
        lambda value: "" if value is None or value == "" else make(value)
    )


def _filled(begin: str, kind: Kind, style: Style, width: float, zone: tzinfo) -> Maker:
    """The same of a value that is not blank."""
    if kind is Kind.MONEY:
        return lambda value: (
            f'{begin} s="{style[decimals(value.currency)]}"><v>{plain_amount(*value)}</v></c>'
        )
    begin = f'{begin} s="{style[0]}"'
    match kind:
        case Kind.COUNT:
            return lambda value: f"{begin}><v>{value}</v></c>"
        case Kind.PENCE:
            return lambda value: f"{begin}><v>{plain_amount(value)}</v></c>"
        case Kind.TIME:
            return lambda value: f"{begin}><v>{_serial(value.astimezone(zone))}</v></c>"
        case Kind.DAY:
            return lambda value: (
                f"{begin}><v>{(date.fromisoformat(value) - _DAY_ZERO).days}</v></c>"
            )
        case Kind.FLAG:
            return lambda value: _text(begin, "yes" if value else "no")
        case _:
            return lambda value: _text(begin, value, width)


def _text(begin: str, text: str, width: float = LONGEST_TEXT) -> str:
    shown = cell_text(text)
    space = "" if shown == shown.strip() else ' xml:space="preserve"'
    height = row_height([shown], [width])
    end = f"{_HEIGHT}{height}{_HEIGHT}" if height else ""
    return f'{begin} t="inlineStr"><is><t{space}>{escape(shown)}</t></is></c>{end}'


def _serial(when: datetime) -> str:
    """A time as spreadsheets count it: days since 1899-12-30, by the clock on the wall.

    With fewer digits it may fall below its minute, and be shown as the one before.
    """
    seconds = when.hour * 3600 + when.minute * 60 + when.second
    return str((when.date() - _DAY_ZERO).days + seconds / _SECONDS_A_DAY)


def number_format(kind: Kind, currency: str = "GBP") -> str:
    """How a spreadsheet shows a value."""
    places = decimals(currency)
    amount = "#,##0" + (f".{'0' * places}" if places else "")
    return {
        Kind.COUNT: "#,##0",
        Kind.PENCE: f'"£"{amount}',
        Kind.MONEY: amount,
        Kind.TIME: "yyyy-mm-dd hh:mm",
        Kind.DAY: "yyyy-mm-dd",
    }.get(kind, "@")
