"""The program that opens workbooks, run as a process of its own.

A damaged or hostile workbook can make a library abort, take all memory or never
end.  Here that ends one process with limits, not portcheck.

It reads one JSON line from standard input, {"task", "path", "size", "memory",
"seconds"}, then `size` bytes of workbook when `path` is null.  The task "look"
({"name", "kind"}) looks at what the workbook is made of (`look`).  "decrypt"
({"password"}) sends what is inside a protected one.  "read" tells the sheets of the
workbook, reads {"sheets", "top"}, sends the first rows of each of those, and then
all rows of each sheet whose number it reads; it too is told {"name", "kind"}.
It answers in frames: four bytes of length, then a marshalled tuple of plain
texts, numbers and tuples, the first of which names it.
"""

import datetime as dt
import io
import json
import marshal
import struct
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, BinaryIO

from portcheck.intake.cells import LONGEST_TEXT, Cell
from portcheck.intake.files.top import rows_of_block

FRAME = struct.Struct(">I")

MOST_MERGES = 100_000
"""Merged cells of a sheet: a list of them would be the most that anybody laid out by hand."""

_ANEW = "Open it in the spreadsheet program and save it anew as .xlsx."
_PLAIN = {str, float, int}
_OF_PARTS = {"xlsx", "ods"}


def main() -> int:
    """Serve one workbook; 0 when all went well."""
    source, out = sys.stdin.buffer, sys.stdout.buffer
    request = json.loads(source.readline())
    _limit(request["memory"], request["seconds"])
    tasks = {"look": _look, "decrypt": _decrypt, "read": _read}
    return tasks[request["task"]](request, source, out)


def _file(request: dict[str, Any], source: BinaryIO) -> BinaryIO:
    if request["path"] is None:
        return io.BytesIO(source.read(request["size"]))
    return open(request["path"], "rb")  # noqa: PTH123 - until the process ends


def _look(request: dict[str, Any], source: BinaryIO, out: BinaryIO) -> int:
    from portcheck.errors import FileRefused  # noqa: PLC0415  after the limits are set
    from portcheck.intake.files.look import look  # noqa: PLC0415

    try:
        for frame in look(request["name"], _file(request, source), request["kind"], source):
            _send(out, frame)
    except FileRefused as refused:
        _send(out, ("refused", refused.message, refused.where, refused.hint))
        return 1
    return 0


def _read(request: dict[str, Any], source: BinaryIO, out: BinaryIO) -> int:
    import python_calamine as calamine  # noqa: PLC0415  after the limits are set

    from portcheck.errors import FileRefused  # noqa: PLC0415

    try:
        book = _Book(request, _file(request, source))
        _send(out, ("book", _sheets_of(book.book), book.dates_1904))
        order = json.loads(source.readline())
        sheets = book.sheets(order["sheets"])
    except calamine.PasswordError:
        _send(out, ("password",))
        return 1
    except FileRefused as refused:
        _send(out, ("refused", refused.message, refused.where, refused.hint))
        return 1
    except (calamine.CalamineError, OSError, ValueError) as error:
        _send(out, ("refused", f"the workbook cannot be read ({_why(error)})", "", _ANEW))
        return 1
    for number, sheet in sheets.items():
        top = list(islice(sheet.iter_rows(), order["top"]))
        height = sheet.end[0] + 1 if sheet.end else 0
        merges = _merges(sheet)
        if len(merges) > MOST_MERGES:
            why = f"more than {MOST_MERGES:,} of its cells are merged over several rows or columns"
            _send(out, ("refused", why, "", "Copy the list as values into a new sheet."))
            return 1
        _send(out, ("sheet", number, height, merges, *_columns(top, _indent(sheet))))
    _send(out, ("ready",))
    for line in source:
        _send_rows(sheets[int(line)], out)
    return 0


class _Book:
    """A workbook that is open: as it is, or made plain where the library could not read it so.

    `dates_1904` is told of an .xls alone; of the others it stands in a part of their own.
    """

    def __init__(self, request: dict[str, Any], file: BinaryIO) -> None:
        self._kind, self._name, self._file = request["kind"], request["name"], file
        self.dates_1904 = False
        if self._kind == "xls":
            from portcheck.intake.files.biff import told_by_xls  # noqa: PLC0415

            told = told_by_xls(file)
            self.dates_1904 = told.dates_1904
            if told.strange:
                raise ValueError(f"its texts are in code page {told.code_page}, which is not known")
        self.book = self._opened()
        self.names = self.book.sheet_names

    def sheets(self, numbers: Iterable[int]) -> dict[int, Any]:
        """The sheets of these numbers."""
        import python_calamine as calamine  # noqa: PLC0415

        try:
            found = {number: self.book.get_sheet_by_index(number) for number in numbers}
            for sheet in found.values():
                _merges(sheet)
        except calamine.CalamineError:
            if self._kind not in _OF_PARTS:
                raise
            plain = self._plain()
            found = {n: plain.get_sheet_by_name(self.names[n]) for n in numbers}
        return found

    def _opened(self) -> Any:
        import python_calamine as calamine  # noqa: PLC0415

        from portcheck.intake.files.mended import is_plain  # noqa: PLC0415

        try:
            if self._kind not in _OF_PARTS or is_plain(self._archive(), self._kind):
                self._file.seek(0)
                return calamine.CalamineWorkbook.from_filelike(self._file)
        except calamine.PasswordError:
            raise
        except (calamine.CalamineError, OSError, ValueError):
            if self._kind not in _OF_PARTS:
                raise
        return self._plain()  # which says what is wrong with it, if anything is

    def _plain(self) -> Any:
        import python_calamine as calamine  # noqa: PLC0415

        from portcheck.intake.files.mended import mended  # noqa: PLC0415

        return calamine.CalamineWorkbook.from_filelike(mended(self._archive(), self._kind))

    def _archive(self) -> Any:
        from portcheck.intake.files.guard import Archive  # noqa: PLC0415

        return Archive(self._name, self._file)


def _why(error: Exception) -> str:
    """What the library says of a workbook, in an office's words where it has a name for it."""
    said = str(error)
    if "detect file format" in said:
        return "its parts are damaged, or not those of a workbook"
    return said[:300]


def _sheets_of(book: Any) -> tuple[tuple[str, bool, bool], ...]:
    """For each sheet of the book: its name, whether it is a table, whether it can be seen."""
    return tuple(
        (sheet.name, str(sheet.typ).endswith("WorkSheet"), str(sheet.visible).endswith(".Visible"))
        for sheet in book.sheets_metadata
    )


def _send_rows(sheet: Any, out: BinaryIO) -> None:
    for batch in _batches(sheet.iter_rows(), rows_of_block(sheet.total_width)):
        columns = _columns(batch, _indent(sheet))
        if columns:
            _send(out, ("rows", _long_texts(columns), *columns))
    _send(out, ("end",))


def _batches(rows: Iterable[list[Any]], size: int) -> Iterable[list[list[Any]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def _indent(sheet: Any) -> int:
    """Blank columns before the first one, which the library leaves out of its rows."""
    start = sheet.start
    return start[1] if start else 0


def _merges(sheet: Any) -> tuple[tuple[int, int, int, int], ...]:
    """The merged cells of a sheet: first row from 1, column from 0, last row, last column."""
    return tuple(
        (top + 1, left, bottom + 1, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )


def _columns(rows: Sequence[Sequence[Any]], indent: int) -> list[tuple[Cell, ...]]:
    """The rows turned into columns of plain cells: types are then told by the column."""
    blank: tuple[Cell, ...] = ("",) * len(rows)
    return [blank] * indent + [
        column if set(map(type, column)) <= _PLAIN else tuple(map(_cell, column))
        for column in zip(*rows, strict=True)
    ]


def _long_texts(columns: list[tuple[Cell, ...]]) -> tuple[int, ...]:
    """The places of rows with a text that is longer than what is kept."""
    return tuple(
        {
            place
            for column in columns
            if _longest(column) > LONGEST_TEXT
            for place, cell in enumerate(column)
            if isinstance(cell, str) and len(cell) > LONGEST_TEXT
        }
    )


def _longest(column: tuple[Any, ...]) -> int:
    try:
        return max(map(len, column))
    except TypeError:  # numbers have no length
        return max((len(cell) for cell in set(column) if isinstance(cell, str)), default=0)


def _cell(value: Any) -> Cell:
    kind = type(value)
    if kind in _PLAIN:
        plain: Cell = value
        return plain
    if kind is bool:
        return ("bool", "TRUE" if value else "FALSE")
    if kind is dt.datetime:
        return ("datetime", value.isoformat())
    if kind is dt.date:
        return ("date", value.isoformat())
    if kind is dt.time:
        return ("time", value.isoformat())
    return ("duration", str(value))


def _decrypt(request: dict[str, Any], source: BinaryIO, out: BinaryIO) -> int:
    """Send the workbook that is inside an encrypted package; nothing is written to disk."""
    import msoffcrypto  # type: ignore[import-untyped]  # noqa: PLC0415  needed for protected workbooks only
    from msoffcrypto.exceptions import InvalidKeyError  # type: ignore[import-untyped]  # noqa: PLC0415

    data = _file(request, source).read()
    package = msoffcrypto.OfficeFile(io.BytesIO(data))
    opened = io.BytesIO()
    try:
        if package.is_encrypted():
            package.load_key(password=request["password"], verify_password=True)
            package.decrypt(opened)
        else:
            opened.write(data)
    except InvalidKeyError:
        _send(out, ("password",))
        return 1
    _send(out, ("data", opened.getvalue()))
    return 0


def _send(out: BinaryIO, frame: tuple[Any, ...]) -> None:
    body = marshal.dumps(frame)
    out.write(FRAME.pack(len(body)))
    out.write(body)
    out.flush()


def _limit(memory: int, seconds: int) -> None:
    """Cap the address space and the processor time where the platform can (not on Windows, and
    macOS has no cap on memory).
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  there is no such module on Windows

    limits = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_CPU, seconds)]
    if sys.platform == "linux":
        limits.append((resource.RLIMIT_AS, memory))
    for limit, most in limits:
        _, highest = resource.getrlimit(limit)
        if highest in {resource.RLIM_INFINITY, -1} or most <= highest:
            resource.setrlimit(limit, (most, highest))


if __name__ == "__main__":
    sys.exit(main())
