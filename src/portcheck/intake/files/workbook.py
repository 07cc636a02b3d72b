"""Workbooks: looked at, and opened, in processes of their own (`worker`)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Any, Self

from portcheck.domain.text import fold
from portcheck.errors import FileRefused
from portcheck.intake.cells import Cell, Special, text_of
from portcheck.intake.files.child import Child
from portcheck.intake.files.sheetreach import LAST_ROW, row_ranges
from portcheck.intake.files.source import MOST_BYTES, Kind, Source, source_of_bytes
from portcheck.intake.files.top import TOP_ROWS, Apart, Block, Merge, Top

LAST_ROW_XLS = 65_536

MOST_TOP_CELLS = 2_000_000
"""Cells in the first rows of all sheets together, among which the headings are looked for."""


class PasswordNeeded(FileRefused):
    """The workbook is protected; `wrong` is set when a password was given and is not it."""

    def __init__(self, where: str, *, wrong: bool = False) -> None:
        super().__init__(
            "that is not the workbook's password" if wrong else "the workbook has a password",
            where=where,
            hint="Give it when asked, or in a file with --password-file FILE; or have a copy saved"
            " without one.",
        )
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class _Facts:
    """What `SheetFacts` says, the cells by row and column."""

    hidden: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    special: dict[int, dict[int, Special]] = field(default_factory=dict)
    foreign: dict[int, dict[int, str]] = field(default_factory=dict)
    comments: dict[int, dict[int, str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, hidden: list[int], struck: list[int], special: Any, foreign: Any, comments: Any
    ) -> Self:
        """The facts as the looking process sends them."""
        found = cls(hidden, struck)
        for cells, by_row in (
            (special, found.special),
            (foreign, found.foreign),
            (comments, found.comments),
        ):
            for row, column, what in cells:
                by_row.setdefault(row, {})[column] = what
        return found


class WorkbookReader:
    """The sheets of one workbook.  Close it, or use it in a `with`.

    With `sheets` only those are read, hidden or not; otherwise the visible
    ones.  Raises FileRefused for a file that is damaged, would harm the
    machine or has no such sheet; PasswordNeeded when it is protected.
    """

    def __init__(
        self,
        source: Source,
        *,
        sheets: Sequence[str] = (),
        password: str | None = None,
        seconds: float | None = None,
    ) -> None:
        self._where = source.name
        self._outer = source
        self._source = _opened(source, password, seconds)
        self._facts: dict[str, _Facts] = {}
        self.dates_1904 = False
        self.tops: list[Top] = []
        self.warnings: list[str] = []
        self._child = Child(self._where, self._source.size, seconds)
        looks = self._source.kind is not Kind.XLS  # it is no archive: there is nothing to look at
        self._looker = Child(self._where, self._source.size, seconds) if looks else None
        try:
            self._open(sheets)
        except BaseException:  # Ctrl-C too
            self.close()
            raise

    def close(self) -> None:
        """End the reading processes."""
        for child in (self._child, self._looker):
            if child is not None:
                child.close()

    def _open(self, sheets: Sequence[str]) -> None:
        if self._looker is not None:
            self._looker.begin("look", self._source, name=self._where, kind=self._source.kind.value)
            _, self.dates_1904 = self._looker.frame()
        kind = self._source.kind.value
        self._child.begin("read", self._source, name=self._where, kind=kind)
        _, about, counted = self._answer("book")
        self.dates_1904 = self.dates_1904 or counted
        wanted = self._wanted(about, sheets)
        # The sheets are opened by one process while the other looks at them; the first that
        # does not like what it sees ends both.
        self._child.tell({"sheets": list(wanted), "top": TOP_ROWS})
        if self._looker is not None and self._source.kind is Kind.XLSX:
            self._looker.tell(list(wanted.values()))
            _, facts = self._looker.frame()
            self._facts = {name: _Facts.of(*found) for name, found in facts.items()}
        else:
            self.warnings.append(
                f"this is an .{self._source.kind} workbook: only its values can be read. Cells"
                " with errors or with formulas that were never calculated read as blank, and rows"
                " that are hidden or struck through, comments of cells and amounts shown in other"
                " currencies cannot be told; save it as .xlsx to have them looked at"
            )
        if self._looker is not None:
            self._looker.close()
        cells = 0
        while (frame := self._answer("sheet", "ready"))[0] == "sheet":
            _, number, height, merges, *columns = frame
            self.tops.append(self._top(number, wanted[number], height, merges, columns))
            cells += sum(map(len, columns))
            if cells > MOST_TOP_CELLS:
                raise FileRefused(
                    f"the first {TOP_ROWS} rows of its sheets have more than {MOST_TOP_CELLS:,}"
                    " cells",
                    where=self._where,
                    hint="Name the sheet of the list with --sheet, or save it alone.",
                )

    def _wanted(self, about: list[tuple[str, bool, bool]], sheets: Sequence[str]) -> dict[int, str]:
        """The sheets to read, by their number in the workbook."""
        tables = {i: name for i, (name, is_table, _) in enumerate(about) if is_table}
        seen = {i: name for i, name in tables.items() if about[i][2]}
        if not sheets:
            self.warnings += [
                f"hidden sheet “{text_of(name)}” was not read; name it with --sheet to read it"
                for i, name in tables.items()
                if i not in seen
            ]
            return seen
        wanted = dict(self._called(sheet, tables) for sheet in sheets)
        if others := [text_of(name) for i, name in seen.items() if i not in wanted]:
            named = ", ".join(f"“{name}”" for name in others)
            self.warnings.append(f"only the sheet that was named was read, and not {named}")
        return wanted

    def _called(self, sheet: str, tables: dict[int, str]) -> tuple[int, str]:
        for same in (str, text_of, fold):
            found = [(i, name) for i, name in tables.items() if same(name) == same(sheet)]
            if len(found) == 1:
                return found[0]
        names = ", ".join(f"“{text_of(name)}”" for name in tables.values())
        raise FileRefused(
            f"there is no sheet “{text_of(sheet)}”", where=self._where, hint=f"It has {names}."
        )

    def _answer(self, *expected: str) -> tuple[Any, ...]:
        frame = self._child.frame()
        if frame[0] == "password":
            if self._source.kind is Kind.ODS:
                raise FileRefused(
                    "the workbook has a password", where=self._where, hint="Save it without one."
                )
            raise PasswordNeeded(self._where)
        assert frame[0] in expected
        return frame

    def _top(self, number: int, name: str, height: int, merges: Any, columns: list[Any]) -> Top:
        facts = self._facts.get(name, _Facts())
        warnings = []
        last = LAST_ROW_XLS if self._source.kind is Kind.XLS else LAST_ROW
        if height in {last, LAST_ROW_XLS}:
            warnings.append(
                f"sheet “{text_of(name)}” is filled to row {height:,}, the last a sheet can have:"
                " what came after it is MISSING from the file. Ask for the list as .csv"
            )
        if facts.hidden:
            warnings.append(f"hidden rows were read like the others: {row_ranges(facts.hidden)}")
        if facts.struck:
            warnings.append(
                "rows with struck-through text were read like the others:"
                f" {row_ranges(facts.struck)}"
            )
        rows = tuple(zip(*columns, strict=True))
        return Top(number, name, rows, tuple(warnings), tuple(map(Merge._make, merges)), height)

    def blocks(self, key: int, width: int) -> Iterator[Block]:
        """The rows of a sheet that are not blank."""
        name = next(top.name for top in self.tops if top.key == key)
        facts = self._facts.get(name, _Facts())
        unusual = sorted(facts.special.keys() | facts.foreign.keys())
        self._child.tell(key)
        first = 1
        while (frame := self._answer("rows", "end"))[0] == "rows":
            _, long, *columns = frame
            rows = range(first, first + len(columns[0]))
            first = rows.stop
            known = unusual[bisect_left(unusual, rows.start) : bisect_left(unusual, rows.stop)]
            block = _block(rows, _completed(rows, columns, facts, known), width, long)
            yield replace(block, comments=facts.comments)
        late = unusual[bisect_left(unusual, first) :]
        if late:
            block = _block(late, _completed(late, [], facts, late), width, ())
            yield replace(block, comments=facts.comments)
        self._outer.check_unchanged()


def _block(
    rows: Sequence[int], columns: list[Sequence[Cell]], width: int, long: Sequence[int]
) -> Block:
    """The rows that are not blank, under `width` headings; `long` are places of long texts."""
    columns = [*columns, *[("",) * len(rows)] * (width - len(columns))]
    closely = {rows[place] for place in long}
    if all("" in column for column in columns):
        filled = [cells.count("") < len(cells) for cells in zip(*columns, strict=True)]
        rows = list(compress(rows, filled))
        columns = [list(compress(column, filled)) for column in columns]
    for column in columns[width:]:
        closely |= {row for row, cell in zip(rows, column, strict=True) if cell != ""}
    apart = {
        place: Apart(tuple(column[place] for column in columns))
        for place, row in enumerate(rows if closely else ())
        if row in closely
    }
    return Block(rows, columns[:width], apart)


def _completed(
    rows: Sequence[int],
    columns: list[Sequence[Cell]],
    facts: _Facts,
    unusual: Sequence[int],
) -> list[Sequence[Cell]]:
    """The columns with the cells put in that the reader gives as blank or as a bare number."""
    if not unusual:
        return columns
    reach = max((column for row in unusual for column in facts.special.get(row, ())), default=-1)
    blank: Sequence[Cell] = ("",) * len(rows)
    whole = [list(column) for column in [*columns, *[blank] * (reach + 1 - len(columns))]]
    for row in unusual:
        place = bisect_left(rows, row)
        for number, what in facts.special.get(row, {}).items():
            whole[number][place] = what
        for number, code in facts.foreign.get(row, {}).items():
            if number < len(whole) and isinstance(whole[number][place], float | int):
                whole[number][place] = f"{code} {text_of(whole[number][place])}"
    return list(whole)


def _opened(source: Source, password: str | None, seconds: float | None) -> Source:
    """The source itself, or what is inside when it is protected."""
    if source.kind is Kind.ENCRYPTED and password is None:
        raise PasswordNeeded(source.name)
    if password is None or source.kind not in {Kind.ENCRYPTED, Kind.XLS}:
        return source
    child = Child(source.name, source.size, seconds)
    try:
        child.begin("decrypt", source, password=password)
        frame = child.frame(most=MOST_BYTES)
    finally:
        child.close()
    if frame[0] == "password":
        raise PasswordNeeded(source.name, wrong=True)
    return source_of_bytes(source.name, frame[1])
