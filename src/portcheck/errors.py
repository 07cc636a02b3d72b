"""The one family of errors that people see, and the exit codes they lead to.

Every error says what was wrong and, where it can, *where* (file, sheet, row,
column) and *what to do next*.  Nothing below the command line catches them:
the entry point turns them into a message on standard error and an exit code.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell is told.  Part of the output contract."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    REFUSED = 3
    DATABASE = 4
    UNREACHABLE = 5
    PENDING = 6
    LISTED = 10
    POSSIBLE = 11


class PortcheckError(Exception):
    """What went wrong, where, and what to do about it.

    >>> str(Refused("row 7 has no registration", where="list.csv, row 7"))
    'list.csv, row 7: row 7 has no registration'
    """

    exit_code = ExitCode.FAULT

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class WrongUsage(PortcheckError):
    """The command's words do not fit together."""

    exit_code = ExitCode.USAGE


class Refused(PortcheckError):
    """The input was read and cannot be taken; nothing was stored."""

    exit_code = ExitCode.REFUSED


class NotFound(Refused):
    """What was named (a check, an operation, a list) is not there."""


class RegistrationRefused(Refused):
    """A text that cannot be a registration, with the character that is to blame."""


class FileRefused(Refused):
    """A file that cannot be read, or that would harm the machine."""


class JournalBroken(Refused):
    """The journal was altered outside portcheck."""


class DatabaseUnusable(PortcheckError):
    """The database cannot be opened, read or written; its data are as they were."""

    exit_code = ExitCode.DATABASE


class TargetUnreachable(PortcheckError):
    """What devices exchange through cannot be reached; what was to be sent is kept."""

    exit_code = ExitCode.UNREACHABLE
