"""Where a file may be written: never in the place of one that is read."""

import os
import sys
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from portcheck.errors import FileRefused, Refused
from portcheck.intake.files.source import Source
from portcheck.services.checks.drafts import draft_files
from portcheck.services.installation import DeviceKey
from portcheck.services.settings import Settings

_BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a database (sqlite.org/tempfiles.html)."""

_Read = Path | int
"""A file by its path, or by the descriptor it is open under."""


def check_target(
    settings: Settings,
    path: Path,
    *,
    formats: Collection[str],
    force: bool,
    sources: Sequence[Source] = (),
    password_file: str = "",
) -> None:
    """Raise Refused (FileRefused) for a file that nothing may (can) be written to.

    Its suffix is one of `formats` and its folder exists.  It is none of the files that are
    read, under whatever name or link: the database, its journal and the lane's half-filled
    outcomes beside it, the settings, `sources` and the password's.  It is not there already,
    unless `force` says to replace it.
    """
    where = str(path)
    if path.suffix.lower() not in formats:
        raise Refused(
            f"“{path.name}” is none of {', '.join(formats)}",
            where=where,
            hint=f"The file's name says what is written, as {path.stem or 'file'}"
            f"{next(iter(formats))}.",
        )
    if path.is_dir():
        raise FileRefused(
            "it cannot be written: this is a folder", where=where, hint="Name a file in it."
        )
    if not path.absolute().parent.is_dir():
        raise FileRefused(
            "it cannot be written: there is no such folder",
            where=where,
            hint="Name one that there is.",
        )
    for what, read in _files_read(settings, sources, password_file):
        if _same(path, read):
            raise Refused(
                f"what is written would take the place of {what}",
                where=where,
                hint="Name another file for it.",
            )
    if os.path.lexists(path) and not force:
        raise Refused("the file is there already", where=where, hint="Replace it with --force.")


def _files_read(
    settings: Settings, sources: Sequence[Source], password_file: str
) -> Iterator[tuple[str, _Read]]:
    database = settings.database
    for name in dict.fromkeys((str(database), os.path.realpath(database))):
        yield "the database", Path(name)
        for suffix in _BESIDE:
            yield "the database's journal", Path(name + suffix)
    yield "the settings", settings.file
    yield "this device's key", DeviceKey(settings.file).file
    for draft in draft_files(database):
        yield "an outcome that is half-filled", draft
    for source in sources:
        yield "the file that is read", source.path or _standard_input()
    if password_file:
        yield "the password", _standard_input() if password_file == "-" else Path(password_file)  # noqa: S105


def _standard_input() -> int:
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):  # closed, or no file
        return -1


def _same(path: Path, read: _Read) -> bool:
    """Whether both are one file, or would be: a name may lack its file, as a journal's does."""
    try:
        if os.path.samestat(os.stat(path), os.stat(read)):  # noqa: PTH116 - a descriptor too
            return True
    except OSError:
        pass
    return isinstance(read, Path) and _folded(path) == _folded(read)


def _folded(path: Path) -> str:
    """The name under which some file systems find the same file."""
    return unicodedata.normalize("NFC", os.path.realpath(path)).casefold()
