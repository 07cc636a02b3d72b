"""Pieces of a tally on a terminal: panels of figures, and a chart of the hours.

They read the same without colour and on a pipe.
"""

from collections.abc import Iterable, Sequence
from math import ceil

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from portcheck.report.console import safe
from portcheck.report.sections import Figure, Section

_BAR, _NUMBER, _GAP = 10, 6, 2
_MOST_COLUMNS = 3
Row = tuple[str, str]


def panel(title: str, *parts: RenderableType) -> Panel:
    """A box with a title."""
    return Panel(
        Group(*parts), title=safe(title, "bold"), title_align="left", box=box.SQUARE, padding=(0, 1)
    )


def rows(lines: Iterable[Row]) -> Table:
    """Labels on the left, figures on the right."""
    table = Table.grid(expand=True, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for label, value in lines:
        table.add_row(safe(label), safe(value))
    return table


def figures(section: Section) -> list[Row]:
    """The figures of a section as rows."""
    return [(one.label, one.shown) for one in section.figures]


def pairs(left: Sequence[Row], right: Sequence[Row]) -> Table:
    """Two short columns of figures side by side."""
    table = Table.grid(expand=True, padding=(0, 1, 0, 0), pad_edge=False)
    for _ in range(2):
        table.add_column(ratio=1, overflow="fold")
        table.add_column(justify="right", no_wrap=True)
    for one, other in zip(left, right, strict=True):
        table.add_row(*map(safe, (*one, *other)))
    return table


def running(label: str, found: Sequence[Figure], most: int = 0) -> Text:
    """Figures in a line of text, as "by visual 120, dog 24"; "none" where there are none."""
    shown = found[:most] if most else found
    words = [f"{one.label} {one.shown}" for one in shown]
    if len(found) > len(shown):
        words.append(f"and {len(found) - len(shown)} more")
    return safe(f"{label} {', '.join(words) or 'none'}".strip())


def chart(found: Sequence[Figure], width: int) -> Table:
    """Figures as bars, down one column and then the next, as many as `width` has room for."""
    most = max((one.number for one in found), default=0)
    widest = max((len(one.label) for one in found), default=0)
    room = (width + _GAP) // (widest + _BAR + _NUMBER + 2 + _GAP)
    columns = max(1, min(room, _MOST_COLUMNS))
    height = ceil(len(found) / columns)
    table = Table.grid(padding=(0, _GAP, 0, 0), pad_edge=False)
    for _ in range(columns):
        table.add_column(no_wrap=True)
    for place in range(height):
        table.add_row(*(_bar(one, most, widest) for one in found[place::height]))
    return table


def _bar(one: Figure, most: int, widest: int) -> Text:
    length = max(round(_BAR * one.number / most), 1) if one.number else 0
    return safe(f"{one.label:<{widest}} {'█' * length:<{_BAR}} {one.shown:>{_NUMBER}}")
