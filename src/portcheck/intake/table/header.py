"""Which row holds the headings, which sheet the list, which column which field."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portcheck.domain.text import fold
from portcheck.errors import FileRefused, WrongUsage
from portcheck.intake.cells import Cell, is_blank, shown, text_of
from portcheck.intake.files.sheetreach import column_letters
from portcheck.intake.files.top import TOP_ROWS, Top
from portcheck.intake.table.byhand import (
    DECIDES_NOTHING,
    ByHand,
    Mapped,
    asks_which,
    by_hand,
    listed,
    taken_back,
    told_of_gone,
)
from portcheck.intake.table.columns import Headings, is_ignored, month_first, other_money

MONEY = frozenset({"amount", "paid", "balance"})

_MARK = re.compile(r"(?=.*\d)(?!.*[^\W\d_]{4}).{2,17}")  # a heading with a digit has a longer word


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand in the file.

    `sheet` is "" for a delimited text; `header_row` counts from 1; `columns`
    gives for each field found its column (from 0) and heading; `unknown` the
    columns kept word for word; `headings` all headings, by column, made up
    ("column C") where there is none.  `mapped` is what was settled by hand and
    is to be remembered for the next file.
    """

    sheet: str
    header_row: int
    columns: dict[str, tuple[int, str]]
    unknown: tuple[tuple[int, str], ...]
    headings: tuple[str, ...]
    ignored: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()
    mapped: Mapped = field(default_factory=dict)

    def heading_of(self, column: int) -> str:
        """The heading of a column, made up to the right of all headings."""
        known = self.headings[column : column + 1]
        return known[0] if known else f"column {column_letters(column)}"


@dataclass(slots=True)
class _Header:
    """One row taken for the headings, and what was recognised in it."""

    top: Top
    index: int
    found: dict[str, list[int]] = field(default_factory=dict)

    @property
    def score(self) -> int:
        return len(self.found)

    @property
    def width(self) -> int:
        return len(self.top.rows[self.index])


def choose_layout(
    where: str,
    tops: Sequence[Top],
    headings: Headings,
    required: Iterable[str],
    mapping: Mapped,
    remembered: Mapped,
) -> tuple[Top, Layout]:
    """The sheet with the best headings, and its layout.

    At least one of `required` must be found, and what `mapping` says.  What is
    only `remembered` may be gone, if the column is recognised by another
    heading.  Raises FileRefused when something is not found, when two sheets
    have equally good headings, and when two columns claim one field;
    WrongUsage when an unknown field is named.
    """
    for name in (*mapping, *remembered):
        if name not in headings.fields:
            raise WrongUsage(
                f"there is no field “{name}”", hint=f"The fields are {', '.join(headings.fields)}."
            )
    wanted = tuple(required)
    settled = by_hand(mapping, remembered)
    found = [h for top in tops if (h := _find(top, headings, wanted, settled)) is not None]
    if not found:
        raise _no_header(where, tops, headings, wanted, settled)
    chosen = _best(where, found)
    others = [h.top.name for h in found if h is not chosen and h.top.name]
    warnings = [
        f"sheet “{text_of(n)}” also has headings of a list; it was NOT read" for n in others
    ]
    warnings += taken_back(mapping, remembered)
    return chosen.top, _layout(where, chosen, settled, warnings)


def _best(where: str, found: list[_Header]) -> _Header:
    if not found[0].top.name:
        return max(found, key=lambda header: (header.score, header.width))
    best = max(header.score for header in found)
    equal = [header for header in found if header.score == best]
    filled = [header for header in equal if len(header.top.rows) > header.index + 1]
    if len(filled) > 1:
        names = " and ".join(f"“{text_of(header.top.name)}”" for header in filled)
        raise FileRefused(
            f"the sheets {names} have equally good headings",
            where=where,
            hint="Say which with --sheet NAME, and import the others after it.",
        )
    return (filled or equal)[0]


def _find(
    top: Top, headings: Headings, required: tuple[str, ...], settled: ByHand
) -> _Header | None:
    best: _Header | None = None
    named = settled.by_heading()
    places = settled.letters(required)
    for index, cells in enumerate(top.rows[:TOP_ROWS]):
        if any(_is_mark(cells[place]) for place in places if place < len(cells)):
            continue
        header = _Header(top, index)
        for column, cell in enumerate(cells):
            if cell == "" or not isinstance(cell, str):
                continue
            name = (named.get(fold(cell)) if named else None) or headings.field_of(cell)
            if name is not None:
                header.found.setdefault(name, []).append(column)
        if any(name in header.found for name in required) and (
            best is None or header.score > best.score
        ):
            best = header
            places.update(*(header.found.get(name, ()) for name in required))
    if best is None and any(map(settled.by_letter, required)):
        filled = (i for i, cells in enumerate(top.rows) if not all(map(is_blank, cells)))
        best = next((_Header(top, index) for index in filled), None)
    return best


def _is_mark(cell: Cell) -> bool:
    """A registration, or what a spreadsheet made of one: its row is data, whatever else it says."""
    return not isinstance(cell, str) or _MARK.fullmatch(text_of(cell)) is not None


def _layout(where: str, header: _Header, settled: ByHand, warnings: list[str]) -> Layout:
    cells = header.top.rows[header.index]
    texts = tuple(
        text_of(cell) or f"column {column_letters(column)}" for column, cell in enumerate(cells)
    )
    place = f"{where}, row {header.index + 1}"
    found = settled.columns(place, texts)
    warnings += (
        f"column “{texts[column]}” was read as POUNDS: --map says it is {name}, now or before"
        for name, column in found.items()
        if name in MONEY and other_money(texts[column])
    )
    found |= _recognised(place, header.found, found, texts, warnings)
    gone = settled.gone(texts)
    instead = {name: texts[found[name]] for name in gone if name in found}
    warnings += told_of_gone(place, gone, instead)
    columns = {name: (column, texts[column]) for name, column in found.items()}
    taken = set(found.values())
    ignored = frozenset(i for i, heading in enumerate(texts) if is_ignored(heading))
    unknown = tuple((i, t) for i, t in enumerate(texts) if i not in taken and i not in ignored)
    if header.score == 0:
        warnings.append(f"no heading was recognised; row {header.index + 1} was taken for them")
    return Layout(
        header.top.name,
        header.index + 1,
        dict(sorted(columns.items(), key=lambda item: item[1])),
        unknown,
        texts,
        ignored,
        (*warnings, *header.top.warnings),
        {name: said for name, said in settled.every.items() if name not in instead},
    )


def _recognised(
    where: str,
    places_of: Mapping[str, Sequence[int]],
    settled: Mapping[str, int],
    texts: Sequence[str],
    warnings: list[str],
) -> dict[str, int]:
    """The columns of the fields that were not settled by hand."""
    columns: dict[str, int] = {}
    for name, places in places_of.items():
        free = [column for column in places if column not in settled.values()]
        if name in settled or not free:
            continue
        heading = texts[free[0]]
        if len(free) > 1:
            if name not in DECIDES_NOTHING:
                raise asks_which(where, name, free, texts)
            others = " and ".join(f"“{texts[column]}”" for column in free[1:])
            warnings.append(f"column “{heading}” was read as {name}; {others} kept as written")
        if name in MONEY and other_money(heading):
            warnings.append(f"column “{heading}” is not in pounds: it was kept as written, unread")
            continue
        if name.endswith("_on") and month_first(heading):
            warnings.append(
                f"column “{heading}” says month first; dates written as text are read DAY first"
            )
        columns[name] = free[0]
    return columns


def _no_header(
    where: str,
    tops: Sequence[Top],
    headings: Headings,
    required: tuple[str, ...],
    settled: ByHand,
) -> FileRefused:
    looked_for = headings.examples(required[0])
    if required[0] in settled.every and not settled.by_letter(required[0]):
        looked_for = f"“{settled.every[required[0]]}”, {looked_for}"
    widest: tuple[str, ...] = ()
    for top in tops:
        for cells in top.rows[:TOP_ROWS]:
            texts = tuple(shown(cell) for cell in cells if isinstance(cell, str) and cell.strip())
            if len(texts) > len(widest):
                widest = texts
    seen = f" The first full row reads {listed(widest)}." if widest else " There is nothing in it."
    return FileRefused(
        f"no heading row with a {required[0]} column was found in the first {TOP_ROWS} rows"
        f" (looked for {looked_for} and the like).{seen}",
        where=where,
        hint=f'If a column holds it under another heading: --map "{required[0]}=Heading",'
        f' or --map "{required[0]}=col:B" for column B.',
    )
