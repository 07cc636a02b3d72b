"""Tables for analysts, in a database of theirs: rows of what is known here, operation by operation.

They are copied, never counted anew there: `store.copies` says which, and
`targets/server/figures.sql` what they are.
"""

import json
from collections.abc import Sequence
from contextlib import closing
from functools import partial

from portcheck.services.context import Context
from portcheck.services.exchange.devices import Device, devices
from portcheck.services.exchange.published import Published
from portcheck.services.exchange.standing import completeness
from portcheck.services.operation import named
from portcheck.services.settings import zone
from portcheck.store import copies
from portcheck.store.connection import snapshot
from portcheck.store.finder import OperationRow
from portcheck.store.operationrows import operation_ids
from portcheck.targets.server import figures
from portcheck.targets.server.connection import Server
from portcheck.targets.server.figures import Mark, Table

_DEVICE = (
    "operation_id", "chain", "label", "state", "finished", "events", "checks", "heard_at",
)  # fmt: skip


def publish(context: Context, text: str, names: Sequence[str]) -> list[Published]:
    """Publish operations (none named: all that are here) in a database, each in a transaction of
    its own, and of each what changed since.

    Raises NotFound, WrongUsage for what is no address, TargetUnreachable, and Refused where it
    may not be written there.
    """
    with closing(Server(text, context.ask)) as server:
        server.run(partial(figures.make_figures, words=server.words))
        chosen = names or operation_ids(context.connection)
        return [_publish(context, server, named(context, name)) for name in chosen]


def _publish(context: Context, server: Server, operation: OperationRow) -> Published:
    operation_id = operation.operation_id
    before = server.run(partial(figures.published, operation_id=operation_id))
    with snapshot(context.connection):  # not for as long as the server takes: officers record
        changed, tables, mark, result = _gathered(context, operation, before)
        said = copies.operation_copied(context.connection, operation_id)
    said |= {
        "awaited": json.dumps(result.awaited),
        "disputes": result.disputes,
        "pending": result.pending,
    }
    server.run(partial(figures.publish, operation=said, tables=tables, checks=changed, mark=mark))
    return result


def _gathered(
    context: Context, operation: OperationRow, before: Mark | None
) -> tuple[list[str] | None, list[Table], Mark, Published]:
    """What changed since, the rows of it, up to where they are known, and what that comes to."""
    operation_id, connection = operation.operation_id, context.connection
    changed = None
    if before:
        since = copies.Reading(before.arrival, before.event, before.texts)
        changed = copies.changed_since(connection, operation_id, since)
    rows = [
        Table(one.table, one.columns, one.rows.fetchall())
        for one in copies.copies(connection, operation_id, changed)
    ]
    part = [_device(operation_id, one) for one in devices(context, operation_id)]
    told = completeness(context, [operation_id], zone(operation.timezone))
    result = Published(
        operation,
        len(rows[0].rows),
        changed is None,
        tuple(one.label for one in told["devices"] if one.awaited),
        len(told["disputes"]),
        told["pending"],
    )
    tables = [*rows, Table("devices", _DEVICE, part)]
    return changed, tables, Mark(*copies.reading(connection)), result


def _device(operation_id: str, one: Device) -> tuple[object, ...]:
    heard_at = one.heard_at.isoformat() if one.heard_at else None
    return (
        *(operation_id, one.chain, one.label, one.state, one.finished, one.events, one.checks),
        heard_at,
    )
