"""Which of a file's sheets are read: the one with the best headings, all that have any, or
two that are joined; and what is said of the others.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from portcheck.domain.text import count, fold
from portcheck.errors import FileRefused, WrongUsage
from portcheck.intake.cells import is_blank, shown, text_of
from portcheck.intake.files.top import TOP_ROWS, Top
from portcheck.intake.table.byhand import Mapped, by_hand, listed, taken_back
from portcheck.intake.table.columns import MARKS, Headings
from portcheck.intake.table.header import layout_of
from portcheck.intake.table.headerrow import Finder, Header
from portcheck.intake.table.layout import Layout

ALL_SHEETS = "*"
"""Said in the place of a sheet's name, which no sheet can have in Excel."""

GUIDE_SHEET = "Guide"
"""The sheet that explains the others, in the workbook that an office is given to fill in."""

_PENALTY = ("penalty_reference", "amount", "paid", "balance", "status", "issued_on", "due_on")
_LEAST_OF_A_PENALTY = 2


class Join(NamedTuple):
    """A sheet of penalties that is joined to the sheet of vehicles, and the heading of the
    column that both have.
    """

    sheet: str
    column: str

    @classmethod
    def of(cls, text: str) -> "Join":
        """From SHEET:COLUMN.  Raises WrongUsage for anything else."""
        sheet, _, column = (part.strip() for part in text.partition(":"))
        if not sheet or not column:
            raise WrongUsage(
                f"--join “{shown(text)}” is not SHEET:COLUMN",
                hint='As --join "Penalties:Case ID": the other sheet, and the heading of the column'
                " that both have.",
            )
        return cls(sheet, column)


class Chosen(NamedTuple):
    """A sheet that is read, and its layout; `common` is the place of the column of a join."""

    top: Top
    layout: Layout
    common: int = -1


class Ways(NamedTuple):
    """What whoever reads the file can say of its sheets: `together` when all may be read, and
    what to do when two are equally good.
    """

    together: bool = False
    hint: str = "Say which with --sheet NAME."


ONE_SHEET = Ways()
"""A sheet is named, or the best one found."""


class Chooser:
    """Chooses among the sheets of one file (or the ways of splitting a text).

    Raises WrongUsage when an unknown field is named in `mapping`.
    """

    def __init__(
        self,
        where: str,
        tops: Sequence[Top],
        headings: Headings,
        required: Iterable[str],
        mapping: Mapped,
        remembered: Mapped,
        ways: Ways,
    ) -> None:
        for name in (*mapping, *remembered):
            if name not in headings.fields:
                known = ", ".join(headings.fields)
                raise WrongUsage(f"there is no field “{name}”", hint=f"The fields are {known}.")
        self._where = where
        self._tops = tops
        self._headings = headings
        self._required = tuple(required)
        self._settled = by_hand(mapping, remembered)
        self._ways = ways
        find = Finder(headings, self._required, self._settled)
        self._found = [header for top in tops if (header := find(top)) is not None]
        self._warnings = tuple(taken_back(mapping, remembered))

    def one(self) -> tuple[Chosen, ...]:
        """The sheet with the best headings.

        Raises FileRefused when there is none, when two have equally good headings, and when
        two columns claim one field.
        """
        chosen = self._best(self._found)
        return (self._chosen(chosen, self._not_read([chosen.top.name])),)

    def every(self) -> tuple[Chosen, ...]:
        """Each sheet that has headings of a list and rows below them.  Raises as `one` does."""
        if not self._tops or not self._tops[0].name:
            return self.one()
        filled = [header for header in self._found if header.top.height > header.last + 1]
        if not filled:
            return self.one()
        names = [header.top.name for header in filled]
        others = tuple(self._not_read(names))
        return tuple(
            self._chosen(header, () if place else others, several=len(filled) > 1)
            for place, header in enumerate(filled)
        )

    def joined(self, join: Join) -> tuple[Chosen, ...]:
        """The sheet of vehicles, and the one that is joined to it.

        Raises FileRefused as `one` does, when the sheet or the column is not there, and when
        both sheets name vehicles.
        """
        same = [top for top in self._tops if fold(top.name) == fold(join.sheet) and top.name]
        if not same:
            known = listed([text_of(one.name) for one in self._tops])
            raise FileRefused(
                f"there is no sheet “{shown(join.sheet)}” to join",
                where=self._where,
                hint=f"It has {known}. --join SHEET:COLUMN names another, and --join with an empty"
                " text none.",
            )
        (top, *_) = same
        rest = [header for header in self._found if header.top is not top]
        vehicles = self._best(rest)
        pieces = [heading.pieces for heading in vehicles.headings]
        self._settled, theirs = self._settled.apart(vehicles.texts(), pieces)
        penalties = Finder(self._headings, self._headings.fields, theirs)(top)
        if penalties is None:
            raise self._no_column(top, join.column, ())
        names = [vehicles.top.name, top.name]
        shared, common = self._common(vehicles, join), self._common(penalties, join)
        vehicles.give_way(shared)
        penalties.give_way(common)
        first = self._chosen(vehicles, self._not_read(names), shared)
        layout = layout_of(f"{self._where}, sheet “{text_of(top.name)}”", penalties, theirs)
        if set(MARKS) & set(layout.columns):
            raise FileRefused(
                f"the sheets {listed([text_of(name) for name in names])} both name vehicles",
                where=self._where,
                hint="Read them one below the other with --all-sheets.",
            )
        return _without_common(first, Chosen(top, layout, common))

    def _common(self, header: Header, join: Join) -> int:
        texts = header.texts()
        same = [i for i, text in enumerate(texts) if fold(text) == fold(join.column)]
        if not same:
            raise self._no_column(header.top, join.column, texts)
        return same[0]

    def _no_column(self, top: Top, column: str, texts: Sequence[str]) -> FileRefused:
        return FileRefused(
            f"sheet “{text_of(top.name)}” has no column “{shown(column)}” to join by",
            where=self._where,
            hint=f"Its headings are {listed(texts)}." if texts else "It has no headings.",
        )

    def _chosen(
        self, header: Header, others: Iterable[str], common: int = -1, *, several: bool = False
    ) -> Chosen:
        where = self._where
        if header.top.name and len(self._tops) > 1:
            where = f"{where}, sheet “{text_of(header.top.name)}”"
        layout = layout_of(where, header, self._settled)
        sheet = f"sheet “{text_of(header.top.name)}”: " if several else ""
        said = (*others, *self._warnings, *(f"{sheet}{warning}" for warning in layout.warnings))
        self._warnings = ()
        return Chosen(header.top, layout.saying(said), common)

    def _best(self, found: Sequence[Header]) -> Header:
        if not found:
            raise self._no_header()
        if not found[0].top.name:
            return max(found, key=lambda header: (header.score, header.width))
        best = max(header.score for header in found)
        equal = [header for header in found if header.score == best]
        filled = [header for header in equal if len(header.top.rows) > header.last + 1]
        if len(filled) > 1:
            names = " and ".join(f"“{text_of(header.top.name)}”" for header in filled)
            raise FileRefused(
                f"the sheets {names} have equally good headings",
                where=self._where,
                hint=self._ways.hint,
            )
        return (filled or equal)[0]

    def _not_read(self, names: Sequence[str]) -> Iterator[str]:
        """A sentence for each sheet that holds something and is none of these."""
        vehicles = [header for header in self._found if header.top.name in names]
        lists = {header.top.name: header for header in self._found}
        find = Finder(self._headings, _PENALTY, by_hand({}, {}))
        for top in self._tops:
            if not top.name or top.name in names or not top.height:
                continue
            header = lists.get(top.name) or find(top)
            if top.name == GUIDE_SHEET and header is None:
                continue
            rows = count(max(top.height - (header.last + 1 if header else 0), 0), "row")
            told = f"sheet “{text_of(top.name)}” ({rows}) was NOT read"
            if top.name in lists:
                way = ": --all-sheets reads it too" if self._ways.together else ""
                yield f"{told}; it also has headings of a list{way}"
            elif self._ways.together and header and (column := _evident(vehicles, header)):
                argument = f"{text_of(top.name)}:{column}"
                yield f'{told}; it has “{column}” in common: --join "{argument}" joins it'
            else:
                yield f"{told}: it has no column of registrations"

    def _no_header(self) -> FileRefused:
        required, settled = self._required, self._settled
        looked_for = self._headings.examples(required[0])
        if required[0] in settled.every and not settled.by_letter(required[0]):
            looked_for = f"“{settled.every[required[0]]}”, {looked_for}"
        widest: tuple[str, ...] = ()
        for top in self._tops:
            for cells in top.rows[:TOP_ROWS]:
                texts = tuple(
                    shown(cell) for cell in cells if isinstance(cell, str) and cell.strip()
                )
                if len(texts) > len(widest):
                    widest = texts
        seen = (
            f" The first full row reads {listed(widest)}." if widest else " There is nothing in it."
        )
        return FileRefused(
            f"no heading row with a {required[0]} column was found in the first {TOP_ROWS} rows"
            f" (looked for {looked_for} and the like).{seen}",
            where=self._where,
            hint=f'If a column holds it under another heading: --map "{required[0]}=Heading",'
            f' or --map "{required[0]}=col:B" for column B.',
        )


def _without_common(vehicles: Chosen, penalties: Chosen) -> tuple[Chosen, ...]:
    """Both, where the penalties have a reference of their own: then the common column is none."""
    reference = "penalty_reference"
    common, _ = penalties.layout.columns.get(reference, (penalties.common, ""))
    if common == penalties.common:
        return vehicles, penalties
    place, _ = vehicles.layout.columns.get(reference, (-1, ""))
    if place != vehicles.common:
        return vehicles, penalties
    return vehicles._replace(layout=vehicles.layout.without(reference)), penalties


def _evident(vehicles: Sequence[Header], penalties: Header) -> str:
    """The heading of the column by which a sheet of penalties belongs to the vehicles, or ""."""
    if not vehicles or len({*penalties.found} & {*_PENALTY}) < _LEAST_OF_A_PENALTY:
        return ""
    texts = [fold(text) for text in penalties.texts()]
    for column, text in enumerate(vehicles[0].texts()):
        said = {*text, *penalties.top.name}
        if not text or fold(text) not in texts or not said.isdisjoint('"$`\\%!:'):
            continue
        own = [fold(text_of(cell)) for cell in vehicles[0].cells(column) if not is_blank(cell)]
        theirs = penalties.cells(texts.index(fold(text)))
        shared = {fold(text_of(cell)) for cell in theirs} & {*own}
        if shared and len({*own}) == len(own):
            return text
    return ""
