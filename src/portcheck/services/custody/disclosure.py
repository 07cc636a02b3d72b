"""Records that leave portcheck: the file and the record of it, both or neither."""

from collections.abc import Callable
from pathlib import Path

from portcheck.domain.text import one_line
from portcheck.journal.events import DataDisclosed
from portcheck.services.context import Context


def disclose(
    context: Context,
    path: Path,
    *,
    command: str,
    records: int,
    recipient: str,
    write: Callable[[], None],
) -> None:
    """Record that `records` are written to `path` for `recipient`, and `write` them.

    Whoever calls has asked `check_target`.  Raises FileRefused when the file cannot be
    written; then nothing is recorded.
    """
    with context.writing() as writer:
        writer.append(
            DataDisclosed(
                command=command,
                file_name=one_line(path.name),
                format=path.suffix.lower().removeprefix("."),
                records=records,
                recipient=one_line(recipient),
            )
        )
        write()
