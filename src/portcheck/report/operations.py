"""Operations, for people and for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from portcheck.domain.bank_holidays import PART_NAMES, UkPart
from portcheck.domain.text import count
from portcheck.domain.times import iso, local
from portcheck.report.console import safe
from portcheck.services.day.overview import OperationView


def operation_document(operation: OperationView) -> dict[str, Any]:
    """The operation as JSON values."""
    return {
        "id": operation.operation_id,
        "name": operation.name,
        "site": operation.site,
        "agencies": operation.agencies,
        "timezone": operation.timezone,
        "part": operation.part,
        "started_at": iso(operation.started_at, operation.zone),
        "ended_at": iso(operation.ended_at, operation.zone) if operation.ended_at else None,
        "end_reason": operation.end_reason,
        "fingerprint": operation.fingerprint,
        "checks": operation.checks,
        "unresolved": operation.unresolved,
        "current": operation.current,
    }


def operation_lines(operation: OperationView) -> Iterator[Text]:
    """The operation in a few lines."""
    yield safe(f"{operation.name}", "bold")
    if operation.site:
        yield safe(f"   site       {operation.site}")
    if operation.agencies:
        yield safe(f"   agencies   {', '.join(operation.agencies)}")
    yield safe(f"   part of UK {PART_NAMES[UkPart(operation.part)]}")
    yield safe(f"   started    {local(operation.started_at, operation.zone)}")
    if operation.ended_at:
        yield safe(f"   ended      {local(operation.ended_at, operation.zone)}")
        yield safe(f"   journal    {operation.fingerprint}")
        if operation.end_reason:
            yield safe(f"   reason     {operation.end_reason}")
    else:
        state = "current on this device" if operation.current else "open"
        yield safe(f"   state      {state}")
    yield safe(f"   checks     {operation.checks:,}")
    if operation.unresolved:
        yield safe(f"   ! {count(operation.unresolved, 'match')} unresolved", "bold")


def operations_table(operations: Sequence[OperationView]) -> Table:
    """All operations in a table."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "Operation", "Site", "Started", "Ended"):
        table.add_column(heading, overflow="fold")
    table.add_column("Checks", justify="right")
    table.add_column("Open", justify="right")
    for one in operations:
        table.add_row(
            Text("»" if one.current else ""),
            safe(one.name),
            safe(one.site),
            safe(local(one.started_at, one.zone)),
            safe(local(one.ended_at, one.zone) if one.ended_at else ""),
            safe(f"{one.checks:,}"),
            safe(one.unresolved or ""),
        )
    return table
