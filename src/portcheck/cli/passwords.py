"""Passwords of workbooks: from a file, standard input, or asked for; never an option's value."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from portcheck.cli.session import asker
from portcheck.errors import FileRefused

PasswordFileOption = Annotated[
    str,
    typer.Option(
        metavar="FILE", help="The file that holds the workbook's password; - reads stdin."
    ),
]
_LONGEST = 1000  # spreadsheet programs take 255
Result = TypeVar("Result")


def with_password(path: str, read: Callable[[str | None], Result]) -> Result:
    """`read` with the password in `path`, or with one asked for on the terminal when it is needed.

    Raises PasswordNeeded where nobody can be asked, or when the password is wrong.
    """
    from portcheck.intake.files.workbook import PasswordNeeded

    if path:
        return read(_from_file(path))
    try:
        return read(None)
    except PasswordNeeded as needed:
        ask = asker()
        if ask is None:
            raise
        return read(ask(f"Password of {needed.where}"))


def _from_file(path: str) -> str:
    try:
        if path == "-":
            line = sys.stdin.readline(_LONGEST + 1)
        else:
            with Path(path).open(encoding="utf-8") as file:
                line = file.readline(_LONGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: no UTF-8, or no file's name
        raise FileRefused("the password cannot be read from it", where=path) from error
    if len(line) > _LONGEST:
        raise FileRefused(
            f"its first line has more than {_LONGEST} characters and is no password",
            where=path,
            hint="Name the file that holds the password alone.",
        )
    return line.rstrip("\r\n")
