"""Checks in a file that `log import` reads back."""

import json
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import IO

from portcheck.disk.whole import replace_file
from portcheck.domain.decision import STANDING, Decision
from portcheck.domain.details import DETAILS
from portcheck.domain.fields import format_value
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.times import iso
from portcheck.output.writing import write_table
from portcheck.report.checks import check_document
from portcheck.services.checks.import_log import OTHERS, REGISTRATIONS
from portcheck.services.context import Context
from portcheck.services.custody.disclosure import disclose
from portcheck.services.custody.targets import check_target
from portcheck.services.day.overview import CheckView, Wanted, checks
from portcheck.services.settings import zone
from portcheck.store.finder import OperationRow

FORMATS = (".csv", ".xlsx", ".jsonl")
_SHEET = "Checks"


def export_checks(
    context: Context,
    operation: OperationRow,
    path: Path,
    *,
    recipient: str = "",
    force: bool = False,
) -> int:
    """Write the operation's checks to `path` and record that they were; how many there are.

    Void checks are left out of tables, which `log import` would count, and
    stand in .jsonl.  Raises Refused as `check_target` does; FileRefused when it
    cannot be written.
    """
    check_target(context.settings, path, formats=FORMATS, force=force)
    kind = path.suffix.lower()
    here = zone(operation.timezone)
    found = checks(context, operation.operation_id, Wanted())
    if kind != ".jsonl":
        found = [check for check in found if not check.voided]

    def write() -> None:
        if kind == ".jsonl":
            replace_file(path, lambda out: _write_lines(out, found, here))
        else:
            write_table(path, _rows(found, here), sheet=_SHEET)

    disclose(
        context, path, command="log export", records=len(found), recipient=recipient, write=write
    )
    return len(found)


def _write_lines(out: IO[bytes], found: Sequence[CheckView], here: tzinfo) -> None:
    for check in found:
        line = json.dumps(check_document(check, here), ensure_ascii=False)
        out.write(line.encode() + b"\n")


def _rows(found: Sequence[CheckView], here: tzinfo) -> Iterator[list[str]]:
    yield [
        OTHERS["at"],
        *REGISTRATIONS.values(),
        *(field.label for field in DETAILS),
        OTHERS["officer"],
        OTHERS["agency"],
        *(field.label for field in OUTCOME),
        OTHERS["decision"],
    ]
    for check in found:
        yield [
            iso(check.at, here),
            check.vehicle,
            check.country,
            check.trailer,
            check.trailer_country,
            check.container,
            *(
                format_value(field, check.details[field.name])
                if field.name in check.details
                else ""
                for field in DETAILS
            ),
            check.officer,
            check.agency,
            *(
                format_value(field, check.outcome[field.name])
                if field.name in check.outcome
                else ""
                for field in OUTCOME
            ),
            _decision(check),
        ]


def _decision(check: CheckView) -> str:
    """What was decided, where one word covers every match."""
    decided = {(m.decision, m.reason) for m in check.matches if m.decision in STANDING}
    if len(decided) != 1:
        return ""
    ((decision, reason),) = decided
    if decision == Decision.OPEN:
        return ""
    return f"{decision}: {reason}" if reason else decision
