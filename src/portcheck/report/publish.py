"""Making a report: a file with the figures and their rows, and a record of the disclosure."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portcheck.disk.whole import replace_file
from portcheck.domain.statement import Statement
from portcheck.errors import FileRefused
from portcheck.report.formats import FORMATS, Report, writer_for
from portcheck.report.sheets import read_iso, sheets
from portcheck.services.context import Context
from portcheck.services.custody.disclosure import disclose
from portcheck.services.custody.targets import check_target
from portcheck.services.day.selection import Selection
from portcheck.services.day.tally import completed, counted, recorded, standing


@dataclass(frozen=True, slots=True)
class Published:
    """What was written, and where the rows disagree with figures that were kept earlier."""

    statement: Statement
    faults: list[str]


def publish(
    context: Context, selection: Selection, path: Path, *, recipient: str = "", force: bool = False
) -> Published:
    """Write the report of `selection` to `path` and record the disclosure.

    The format follows from the name.  The rows are read from a copy, so that
    officers never wait for a report; the file is put in its place in the
    transaction of its record, whole or not at all.  Raises Refused as
    `check_target` does; FileRefused when it cannot be written.
    """
    check_target(context.settings, path, formats=FORMATS, force=force)
    write = writer_for(path)
    with tempfile.TemporaryFile() as made:
        with standing(context, selection, copy=True) as state:
            kept = recorded(context, selection)
            now = counted(context, selection, state, by_rows=kept is not None)
            found = completed(kept, now)
            stamped_at = read_iso(found.as_of)
            rows = sheets(context, selection, found)
            try:
                write(Report(found, rows, selection.zone, stamped_at), made)
            except OSError as error:
                raise FileRefused(
                    f"it cannot be written ({error.strerror or error})", where=str(path)
                ) from error
        made.seek(0)
        disclose(
            context,
            path,
            command="report",
            records=found.tally.checks,
            recipient=recipient,
            write=lambda: replace_file(path, lambda out: shutil.copyfileobj(made, out)),
        )
    return Published(found, _disagreements(now, found))


def _disagreements(now: Statement, kept: Statement) -> list[str]:
    """Figures kept at the end of an operation that its checks no longer give."""
    ours, theirs = now.figures(), kept.figures()
    return [
        f"{key}: {theirs.get(key, 0)} was kept at the end, the checks give {ours.get(key, 0)}"
        for key in dict.fromkeys((*theirs, *ours))
        if ours.get(key, 0) != theirs.get(key, 0)
    ]
