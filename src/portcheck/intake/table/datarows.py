"""The rows below the headings: data, blank after all, or no row of the list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from portcheck.domain.problem import Problem, Severity
from portcheck.intake.cells import LONGEST_TEXT, Cell, Cells, is_blank, restored, shown
from portcheck.intake.files.top import Apart, Block, Merge
from portcheck.intake.table.byhand import MAY_BE_BLANK
from portcheck.intake.table.layout import Layout
from portcheck.intake.table.merged import Merged
from portcheck.intake.table.rowsapart import NO_SECTION, RowsApart, Section

_TEXTS = MAY_BE_BLANK | {"country", "unit", "sailing"}
"""Fields from which nothing wrong follows when another's value has slipped into them."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Data rows that follow each other, column by column.

    Every column has a cell for each of `numbers`, the rows' numbers in the
    file.  By a row's number, `refusals` say why it is no row of the list,
    `problems` what else is wrong with it, and `beyond` are its cells to the
    right of the headings.  `sections` are the lines of text that the rows stand under,
    one for each row where there is any.  `comments` are those of the cells of these rows
    and others, by column.
    """

    numbers: Sequence[int]
    columns: Sequence[Sequence[Cell]]
    refusals: dict[int, str]
    problems: dict[int, tuple[Problem, ...]]
    beyond: dict[int, Cells]
    comments: Mapping[int, Mapping[int, str]]
    sections: Sequence[Section] = ()

    def cells(self, place: int) -> Cells:
        """One row as it stands, by its place among these."""
        row = tuple(column[place] for column in self.columns)
        return row + self.beyond.get(self.numbers[place], ())

    def problems_of(self, place: int) -> tuple[Problem, ...]:
        """A row's problems, its refusal first."""
        number = self.numbers[place]
        others = self.problems.get(number, ())
        if number not in self.refusals:
            return others
        value = next((shown(cell) for cell in self.cells(place) if cell != ""), "")
        return (Problem(number, "", value, self.refusals[number]), *others)

    def at(self, kept: Sequence[bool]) -> "Rows":
        """These rows without those whose place in `kept` is false."""
        numbers = list(compress(self.numbers, kept))
        beyond = {n: self.beyond[n] for n in numbers if n in self.beyond}
        columns = [list(compress(column, kept)) for column in self.columns]
        sections = list(compress(self.sections, kept))
        return replace(self, numbers=numbers, columns=columns, beyond=beyond, sections=sections)


class Sorter:
    """Sorts the blocks of one table."""

    def __init__(self, layout: Layout, merges: Sequence[Merge] = ()) -> None:
        self._layout = layout
        self._merged = Merged(layout, merges)
        self._width = len(layout.headings)
        self._special = RowsApart(layout)
        self._section = NO_SECTION
        self._shifts = any(
            place and name not in _TEXTS for name, (place, _) in layout.columns.items()
        )

    def __call__(self, block: Block) -> Rows:
        """The block's data rows, without what is above the headings and what is blank."""
        columns, apart = block.columns, block.apart
        if self._layout.ignored:
            columns = [tuple(map(restored, column)) for column in columns]
            apart = {i: replace(a, cells=tuple(map(restored, a.cells))) for i, a in apart.items()}
        columns = self._merged(block.rows, columns)
        rows = Rows(block.rows, columns, {}, self._merged.left, {}, block.comments)
        no_data = {i for i, row in enumerate(block.rows) if row <= self._layout.header_row}
        begun = [(0, self._section)]
        for place in sorted({*self._special.suspects(columns), *apart} - no_data):
            closely = apart.get(place) or Apart(rows.cells(place))
            if all(map(is_blank, closely.cells)):
                no_data.add(place)
            else:
                section = self._judge(rows, place, closely)
                begun += [(place, section)] if section else []
        self._section = begun[-1][1]
        if any(section != NO_SECTION for _, section in begun):
            rows = replace(rows, sections=_spread(begun, len(block.rows)))
        if any(_is_long(cell) for closely in apart.values() for cell in closely.cells):
            rows = replace(rows, columns=[tuple(map(_cut, column)) for column in columns])
        if no_data:
            rows = rows.at([place not in no_data for place in range(len(block.rows))])
        return rows

    def _judge(self, rows: Rows, place: int, closely: Apart) -> Section | None:
        number = rows.numbers[place]
        refusal, section = self._special.look(closely.cells)
        if closely.doubtful and not refusal:
            refusal = self._not_told_apart(closely)
        if refusal:
            rows.refusals[number] = refusal
        if problems := tuple(self._problems(number, closely)):
            rows.problems[number] = (*problems, *rows.problems.get(number, ()))
        if beyond := closely.cells[self._width :]:
            rows.beyond[number] = tuple(map(_cut, beyond))
        return section

    def _not_told_apart(self, closely: Apart) -> str:
        """Why a value of a row may stand under another's heading, or ""."""
        if closely.reason and len(closely.cells) != self._width:
            return f"{closely.reason}, and its cells cannot be told apart"
        if self._shifts and self._beyond(closely):
            return (
                f"has {len(closely.cells)} cells under {self._width} headings, and they cannot be"
                " told apart: put a value that holds the delimiter between quotation marks"
            )
        return ""

    def _beyond(self, closely: Apart) -> bool:
        """Whether something stands to the right of the headings."""
        return any(not is_blank(cell) for cell in closely.cells[self._width :])

    def _problems(self, number: int, closely: Apart) -> Iterator[Problem]:
        cells, headings = closely.cells, self._layout.headings
        if closely.reason:
            yield Problem(number, "", "", closely.reason, Severity.WARNING)
        if self._beyond(closely) and not (closely.doubtful and self._shifts):
            reason = (
                f"has {len(cells)} cells under {self._width} headings: is a value split in two?"
            )
            yield Problem(number, "", "", reason, Severity.WARNING)
        for index, cell in enumerate(cells):
            if isinstance(cell, str) and _is_long(cell):
                heading = (headings[index : index + 1] or ("",))[0]
                reason = f"is {len(cell):,} characters long; only {LONGEST_TEXT:,} were kept"
                yield Problem(number, heading, shown(cell), reason, Severity.WARNING)


def _spread(begun: Sequence[tuple[int, Section]], number: int) -> list[Section]:
    """The section of each of a `number` of rows, from the places at which each begins."""
    ends = [place for place, _ in begun[1:]] + [number]
    return [
        section
        for (place, section), end in zip(begun, ends, strict=True)
        for _ in range(end - place)
    ]


def _is_long(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) > LONGEST_TEXT


def _cut(cell: Cell) -> Cell:
    return cell[:LONGEST_TEXT] if isinstance(cell, str) else cell
