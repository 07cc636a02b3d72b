"""Which row holds the headings, which sheet the list, which column which field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portcheck.domain.text import fold
from portcheck.errors import FileRefused, WrongUsage
from portcheck.intake.cells import is_blank, shown, text_of
from portcheck.intake.columns import Headings, is_ignored, month_first, other_money
from portcheck.intake.sheetreach import column_letters, column_number
from portcheck.intake.top import TOP_ROWS, Top

Mapped = Mapping[str, str]
"""What the caller says of columns: field to heading as written, or "col:B"."""

_BY_LETTER = "col:"
MONEY = frozenset({"amount", "paid", "balance"})
_MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand in the file.

    `sheet` is "" for a delimited text; `header_row` counts from 1; `columns`
    gives for each field found its column (from 0) and heading; `unknown` the
    columns kept word for word; `headings` all headings, by column, made up
    ("column C") where there is none.
    """

    sheet: str
    header_row: int
    columns: dict[str, tuple[int, str]]
    unknown: tuple[tuple[int, str], ...]
    headings: tuple[str, ...]
    ignored: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()


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
) -> tuple[Top, Layout]:
    """The sheet with the best headings, and its layout.

    At least one of `required` must be found.  Raises FileRefused when no
    heading row is found, when two sheets have equally good ones, and when two
    columns claim one field; WrongUsage when `mapping` names an unknown field.
    """
    for name in mapping:
        if name not in headings.fields:
            raise WrongUsage(
                f"there is no field “{name}”", hint=f"The fields are {', '.join(headings.fields)}."
            )
    wanted = tuple(required)
    found = [h for top in tops if (h := _find(top, headings, wanted, mapping)) is not None]
    if not found:
        raise _no_header(where, tops, headings, wanted)
    chosen = _best(where, found)
    others = [h.top.name for h in found if h is not chosen and h.top.name]
    warnings = [
        f"sheet “{text_of(n)}” also has headings of a list; it was NOT read" for n in others
    ]
    return chosen.top, _layout(where, chosen, mapping, warnings)


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
    top: Top, headings: Headings, required: tuple[str, ...], mapping: Mapped
) -> _Header | None:
    best: _Header | None = None
    for index, cells in enumerate(top.rows[:TOP_ROWS]):
        header = _Header(top, index)
        for column, cell in enumerate(cells):
            if cell == "" or not isinstance(cell, str):
                continue
            name = _mapped_field(cell, mapping) or headings.field_of(cell)
            if name is not None:
                header.found.setdefault(name, []).append(column)
        if any(name in header.found for name in required) and (
            best is None or header.score > best.score
        ):
            best = header
    if best is None and any(mapping.get(name, "").startswith(_BY_LETTER) for name in required):
        filled = (i for i, cells in enumerate(top.rows) if not all(map(is_blank, cells)))
        best = next((_Header(top, index) for index in filled), None)
    return best


def _mapped_field(heading: str, mapping: Mapped) -> str | None:
    for name, wanted in mapping.items():
        if not wanted.startswith(_BY_LETTER) and fold(wanted) == fold(heading):
            return name
    return None


def _layout(where: str, header: _Header, mapping: Mapped, warnings: list[str]) -> Layout:
    cells = header.top.rows[header.index]
    texts = tuple(
        text_of(cell) or f"column {column_letters(column)}" for column, cell in enumerate(cells)
    )
    place = f"{where}, row {header.index + 1}"
    columns: dict[str, tuple[int, str]] = {}
    settled = {name: _mapped_column(place, texts, name, mapping[name]) for name in mapping}
    for name, column in settled.items():
        columns[name] = (column, texts[column])
    for name, places in header.found.items():
        free = [column for column in places if column not in settled.values()]
        if name in settled or not free:
            continue
        if len(free) > 1:
            raise _asks_which(place, name, free, texts)
        heading = texts[free[0]]
        if name in MONEY and other_money(heading):
            warnings.append(f"column “{heading}” is not in pounds: it was kept as written, unread")
            continue
        if name.endswith("_on") and month_first(heading):
            warnings.append(
                f"column “{heading}” says month first; dates written as text are read DAY first"
            )
        columns[name] = (free[0], heading)
    taken = {column for column, _ in columns.values()}
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
    )


def _mapped_column(where: str, texts: tuple[str, ...], name: str, wanted: str) -> int:
    if wanted.startswith(_BY_LETTER):
        letters = wanted.removeprefix(_BY_LETTER).strip()
        column = column_number(letters) if letters.isascii() and letters.isalpha() else -1
        if 0 <= column < len(texts):
            return column
        raise FileRefused(f"there is no column “{letters}” for {name}", where=where)
    same = [i for i, text in enumerate(texts) if text == text_of(wanted)]
    same = same or [i for i, text in enumerate(texts) if fold(text) == fold(wanted)]
    if len(same) == 1:
        return same[0]
    if same:
        raise _asks_which(where, name, same, texts)
    raise FileRefused(
        f"there is no heading “{text_of(wanted)}” for {name}",
        where=where,
        hint=f"The headings are {_listed(texts)}.",
    )


def _asks_which(
    where: str, name: str, columns: Sequence[int], texts: tuple[str, ...]
) -> FileRefused:
    named = " and ".join(f"{column_letters(i)} “{texts[i]}”" for i in columns)
    same = len({texts[i] for i in columns}) == 1
    example = f"{_BY_LETTER}{column_letters(columns[0])}" if same else texts[columns[0]]
    return FileRefused(
        f"columns {named} could both be {name}",
        where=where,
        hint=f'Say which: --map "{name}={example}"',
    )


def _no_header(
    where: str, tops: Sequence[Top], headings: Headings, required: tuple[str, ...]
) -> FileRefused:
    looked_for = headings.examples(required[0])
    widest: tuple[str, ...] = ()
    for top in tops:
        for cells in top.rows[:TOP_ROWS]:
            texts = tuple(shown(cell) for cell in cells if isinstance(cell, str) and cell.strip())
            if len(texts) > len(widest):
                widest = texts
    seen = f" The first full row reads {_listed(widest)}." if widest else " There is nothing in it."
    return FileRefused(
        f"no heading row with a {required[0]} column was found in the first {TOP_ROWS} rows"
        f" (looked for {looked_for} and the like).{seen}",
        where=where,
        hint=f'If a column holds it under another heading: --map "{required[0]}=Heading",'
        f' or --map "{required[0]}=col:B" for column B.',
    )


def _listed(texts: Sequence[str]) -> str:
    named = ", ".join(f"“{text}”" for text in texts[:_MOST_SHOWN])
    return named + (" …" if len(texts) > _MOST_SHOWN else "")
