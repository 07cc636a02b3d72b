"""A file is replaced whole or not at all, with files that have no name and without them."""

import errno
import gc
import io
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from openpyxl import Workbook

from portcheck.disk.whole import replace_file
from portcheck.errors import FileRefused
from portcheck.output.workbookfile import save_workbook
from portcheck.output.writing import write_table


def _refuse(*_: Any, **__: Any) -> None:
    raise OSError(errno.EOPNOTSUPP, "Operation not supported")


def _none(patch: pytest.MonkeyPatch) -> None:
    patch.delattr(os, "O_TMPFILE", raising=False)


def _not_here(patch: pytest.MonkeyPatch) -> None:
    """The system knows such files, and this file system does not."""
    opened = os.open

    def opening(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & getattr(os, "O_TMPFILE", 0) and Path(path).is_dir():
            _refuse()
        return opened(path, flags, *more, **named)

    patch.setattr(os, "open", opening)


def _no_links(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(os, "link", _refuse)


SYSTEMS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "as here": lambda _: None,
    "no such files": _none,
    "not on this file system": _not_here,
    "not to be named": _no_links,
}


@pytest.fixture(params=SYSTEMS)
def _system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    SYSTEMS[request.param](monkeypatch)


@pytest.mark.usefixtures("_system")
@pytest.mark.parametrize("there", [False, True])
def test_it_is_there_whole_and_its_owners_alone(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "out.csv"
    if there:
        path.write_text("older and longer than what comes")
        path.chmod(0o644)
    write_table(path, [["Reg"], ["AB12 CDE"]], sheet="Rows")
    assert path.read_text("utf-8-sig").split() == ["Reg", "AB12", "CDE"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("_system")
def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    path, other = tmp_path / "out.csv", tmp_path / "other"
    other.write_text("another's")
    path.symlink_to(other)
    write_table(path, [["new"]], sheet="Rows")
    assert (path.read_text("utf-8-sig").strip(), path.is_symlink()) == ("new", False)
    assert other.read_text() == "another's"


@pytest.mark.usefixtures("_system")
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_what_was(tmp_path: Path, error: BaseException) -> None:
    def write(out: IO[bytes]) -> None:
        out.write(b"half")
        raise error

    path = tmp_path / "out.csv"
    path.write_text("older")
    wanted = FileRefused if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(wanted):
        replace_file(path, write)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_no_sheet_stands_in_a_file_with_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a file with a name")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr("openpyxl.worksheet._writer.create_temporary_file", refuse)
    write_table(tmp_path / "out.xlsx", [["Reg"], *[["AB12 CDE"]] * 1000], sheet="Rows")
    assert (tmp_path / "out.xlsx").stat().st_size > 1000


def test_a_workbook_there_is_no_room_for_is_broken_off_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is tried again when what was begun is forgotten, with a traceback of its own."""

    class Full(io.BytesIO):
        def write(self, _: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    out = Full()
    with pytest.raises(OSError, match="No space"):
        save_workbook(Workbook(), out)
    out.close()
    gc.collect()
    assert complaints == []
