"""Workbooks: looked at here, opened in a process of their own (`worker`)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any

from portcheck.domain.text import fold
from portcheck.errors import FileRefused
from portcheck.intake.cells import Cell, text_of
from portcheck.intake.child import DEFAULT_SECONDS, Child
from portcheck.intake.guard import Archive
from portcheck.intake.parts import WorkbookParts, read_parts
from portcheck.intake.sheetreach import LAST_ROW
from portcheck.intake.sheetscan import MOST_CELLS, SheetFacts, filled_cells, scan_sheet
from portcheck.intake.source import MOST_BYTES, Kind, Source, source_of_bytes
from portcheck.intake.top import TOP_ROWS, Apart, Block, Top

LAST_ROW_XLS = 65_536

_ODS_CONTENT, _ODS_ERROR = "content.xml", b'calcext:value-type="error"'
_MB = 1024 * 1024
_LEAST_MEMORY = 448 * _MB  # the library itself, and MOST_CELLS in its rows and columns
_BYTES_A_BYTE = 16
_BYTES_AN_UNPACKED_BYTE = 3
_MOST_MEMORY = 4096 * _MB
_DECRYPT_MEMORY = 512 * _MB
_MOST_NAMED_RANGES = 12


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


class WorkbookReader:
    """The sheets of one workbook.  Close it, or use it in a `with`.

    With `sheet` only that sheet is read, hidden or not; otherwise the visible
    ones.  Raises FileRefused for a file that is damaged, would harm the
    machine or has no such sheet; PasswordNeeded when it is protected.
    """

    def __init__(
        self,
        source: Source,
        *,
        sheet: str | None = None,
        password: str | None = None,
        seconds: float = DEFAULT_SECONDS,
    ) -> None:
        self._where = source.name
        self._outer = source
        self._source = _opened(source, password, seconds)
        self._facts: dict[str, SheetFacts] = {}
        self.dates_1904 = False
        self.tops: list[Top] = []
        self.warnings: list[str] = []
        self._child = Child(self._where, seconds)
        try:
            self._open(sheet)
        except FileRefused:
            self._child.close()
            raise

    def close(self) -> None:
        """End the reading process."""
        self._child.close()

    def _open(self, sheet: str | None) -> None:
        parts, memory = self._look()
        self._send_source(memory)
        _, about = self._answer("book")
        wanted = self._wanted(about, sheet)
        # The child opens the sheets while they are looked at here: this is the quicker of the
        # two, and ends the child when it does not like what it sees.
        self._child.tell({"sheets": list(wanted), "memory": memory, "top": TOP_ROWS})
        if parts is not None:
            self._scan(parts, set(wanted.values()))
        else:
            self.warnings.append(
                f"this is an .{self._source.kind} workbook: only its values can be read. Cells"
                " with errors or with formulas that were never calculated read as blank, and rows"
                " that are hidden or struck through and amounts shown in other currencies cannot be"
                " told; save it as .xlsx to have them looked at"
            )
        while (frame := self._answer("sheet", "ready"))[0] == "sheet":
            _, number, height, *columns = frame
            self.tops.append(self._top(number, wanted[number], height, columns))

    def _look(self) -> tuple[WorkbookParts | None, int]:
        """Before anything opens it: the archive's figures, and the memory it may need."""
        memory = _LEAST_MEMORY + 2 * self._source.size
        parts = None
        if self._source.kind is Kind.XLS:
            memory += _BYTES_A_BYTE * self._source.size
        else:
            with self._source.open() as file, Archive(self._where, file) as archive:
                memory += _BYTES_AN_UNPACKED_BYTE * archive.unpacked
                if self._source.kind is Kind.XLSX:
                    parts = read_parts(archive)
                elif self._source.kind is Kind.ODS:
                    self._refuse_errors(archive)
        return parts, min(memory, _MOST_MEMORY)

    def _refuse_errors(self, archive: Archive) -> None:
        """Errors in an OpenDocument sheet read as blank: a balance would be taken for none."""
        count, rest = 0, b""
        for chunk in archive.chunks(_ODS_CONTENT) if _ODS_CONTENT in archive else ():
            block = rest + chunk
            count += block.count(_ODS_ERROR)
            rest = block[-len(_ODS_ERROR) + 1 :]
        if count:
            raise FileRefused(
                f"errors of the spreadsheet (as #N/A) stand in {count:,} of its cells, and from an"
                " .ods workbook they read as blank",
                where=self._where,
                hint="Save it as .xlsx and import that: there each of them is told.",
            )

    def _send_source(self, memory: int) -> None:
        path = self._source.path
        request = {
            "path": str(path.resolve()) if path else None,
            "size": self._source.size,
            "memory": memory,
            "password": None,
        }
        if path:
            self._source.check_unchanged()
            self._child.tell(request)
        else:
            with self._source.open() as data:
                self._child.tell(request, data)

    def _wanted(self, about: list[tuple[str, bool, bool]], sheet: str | None) -> dict[int, str]:
        """The sheets to read, by their number in the workbook."""
        tables = [
            (i, name, visible) for i, (name, is_table, visible) in enumerate(about) if is_table
        ]
        if sheet is not None:
            for same in (str, text_of, fold):
                found = {i: name for i, name, _ in tables if same(name) == same(sheet)}
                if len(found) == 1:
                    return found
            names = ", ".join(f"“{text_of(name)}”" for _, name, _ in tables)
            raise FileRefused(
                f"there is no sheet “{text_of(sheet)}”", where=self._where, hint=f"It has {names}."
            )
        self.warnings += [
            f"hidden sheet “{text_of(name)}” was not read; name it with --sheet to read it"
            for _, name, visible in tables
            if not visible
        ]
        return {i: name for i, name, visible in tables if visible}

    def _scan(self, parts: WorkbookParts, names: set[str]) -> None:
        """Look through the sheets as XML."""
        self.dates_1904 = parts.dates_1904
        with self._source.open() as file, Archive(self._where, file) as archive:
            found = {
                name: parts.sheets[name] for name in names if parts.sheets.get(name, "") in archive
            }
            for name, part in found.items():
                where = f"{self._where}, sheet {text_of(name)}"
                self._facts[name] = scan_sheet(where, archive.chunks(part), parts.looks)
            cells = sum(facts.reach.cells for facts in self._facts.values())
            if cells > MOST_CELLS:
                cells = sum(filled_cells(self._where, archive.chunks(p)) for p in found.values())
            if cells > MOST_CELLS:
                raise archive.harmful(f"it reaches over {cells:,} cells (at most {MOST_CELLS:,})")

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

    def _top(self, number: int, name: str, height: int, columns: list[Any]) -> Top:
        facts = self._facts.get(name, SheetFacts())
        warnings = []
        last = LAST_ROW_XLS if self._source.kind is Kind.XLS else LAST_ROW
        if height in {last, LAST_ROW_XLS}:
            warnings.append(
                f"sheet “{text_of(name)}” is filled to row {height:,}, the last a sheet can have:"
                " what came after it is MISSING from the file. Ask for the list as .csv"
            )
        if facts.hidden:
            warnings.append(f"hidden rows were read like the others: {_ranges(facts.hidden)}")
        if facts.struck:
            warnings.append(
                f"rows with struck-through text were read like the others: {_ranges(facts.struck)}"
            )
        rows = tuple(zip(*columns, strict=True))
        return Top(number, name, rows, tuple(warnings))

    def blocks(self, key: int, width: int) -> Iterator[Block]:
        """The rows of a sheet that are not blank."""
        name = next(top.name for top in self.tops if top.key == key)
        facts = self._facts.get(name, SheetFacts())
        unusual = sorted(facts.special.keys() | facts.foreign.keys())
        self._child.tell(key)
        first = 1
        while (frame := self._answer("rows", "end"))[0] == "rows":
            _, long, *columns = frame
            rows = range(first, first + len(columns[0]))
            first = rows.stop
            known = unusual[bisect_left(unusual, rows.start) : bisect_left(unusual, rows.stop)]
            yield _block(rows, _completed(rows, columns, facts, known), width, long)
        late = unusual[bisect_left(unusual, first) :]
        if late:
            yield _block(late, _completed(late, [], facts, late), width, ())
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
    facts: SheetFacts,
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


def _ranges(rows: list[int]) -> str:
    """Row numbers in words: "rows 5-9, 12 (6 rows)"."""
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    named = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges[:_MOST_NAMED_RANGES])
    more = ", …" if len(ranges) > _MOST_NAMED_RANGES else ""
    return f"{named}{more} ({len(rows):,} in all)"


def _opened(source: Source, password: str | None, seconds: float) -> Source:
    """The source itself, or what is inside when it is protected."""
    if source.kind is Kind.ENCRYPTED and password is None:
        raise PasswordNeeded(source.name)
    if password is None or source.kind not in {Kind.ENCRYPTED, Kind.XLS}:
        return source
    child = Child(source.name, seconds)
    try:
        memory = _DECRYPT_MEMORY + 6 * source.size
        with source.open() as data:
            child.tell({"memory": memory, "password": password, "size": source.size}, data)
        frame = child.frame(most=MOST_BYTES)
    finally:
        child.close()
    if frame[0] == "password":
        raise PasswordNeeded(source.name, wrong=True)
    return source_of_bytes(source.name, frame[1])
