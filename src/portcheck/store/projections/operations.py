"""Operations, the device's current one, files of checks taken into them, and when a
device last held its records against the journal.
"""

import sqlite3

from portcheck.domain.times import utc_text
from portcheck.journal import events
from portcheck.journal.append import Recorded
from portcheck.journal.chain import canonical
from portcheck.store.projections.rows import insert


def opened(
    connection: sqlite3.Connection, event: events.OperationOpened, recorded: Recorded
) -> None:
    """A new operation, current on the device that opened it."""
    insert(
        connection,
        "operation",
        {
            "operation_id": event.operation_id,
            "name": event.name,
            "site": event.site,
            "agencies": canonical(list(event.agencies)),
            "timezone": event.timezone,
            "marking": event.marking,
            "part": event.part.value,
            "started_at": utc_text(event.started_at),
            "end_reason": "",
        },
    )
    _make_current(connection, recorded.actor.device, event.operation_id)


def selected(
    connection: sqlite3.Connection, event: events.OperationSelected, recorded: Recorded
) -> None:
    """Another operation is current on the device."""
    _make_current(connection, recorded.actor.device, event.operation_id)


def continued(
    connection: sqlite3.Connection, event: events.ChainContinued, recorded: Recorded
) -> None:
    """What was current on the device whose database was copied stays current."""
    row = connection.execute(
        "SELECT operation_id FROM device_state WHERE device = ?", (event.label,)
    ).fetchone()
    if row and row[0]:
        _make_current(connection, recorded.actor.device, row[0])


def ended(
    connection: sqlite3.Connection, event: events.OperationEnded, _recorded: Recorded
) -> None:
    """The operation is over: no device has it as its current one."""
    connection.execute(
        "UPDATE operation SET ended_at = ?, end_reason = ?, tally = ?, fingerprint = ?"
        " WHERE operation_id = ?",
        (
            utc_text(event.ended_at),
            event.reason,
            canonical(event.tally),
            event.fingerprint,
            event.operation_id,
        ),
    )
    connection.execute(
        "UPDATE device_state SET operation_id = NULL WHERE operation_id = ?", (event.operation_id,)
    )


def checks_imported(
    connection: sqlite3.Connection, event: events.ChecksImported, recorded: Recorded
) -> None:
    """A file of checks, remembered by its hash so that it is not taken twice."""
    insert(
        connection,
        "log_import",
        {
            "operation_id": event.operation_id,
            "sha256": event.sha256,
            "imported_at": recorded.recorded_at,
            "file_name": event.file_name,
            "rows": event.rows,
            "accepted": event.accepted,
            "duplicates": event.duplicates,
            "rejected": event.rejected,
        },
    )


def records_held(
    connection: sqlite3.Connection, event: events.RecordsHeld, recorded: Recorded
) -> None:
    """When the device's records were last held against the journal, and found as it says."""
    connection.execute("DELETE FROM records_held WHERE device = ?", (recorded.actor.device,))
    insert(
        connection,
        "records_held",
        {
            "device": recorded.actor.device,
            "position": recorded.position,
            "at": recorded.recorded_at,
            "officer": recorded.actor.officer,
            "events": event.events,
        },
    )


def _make_current(connection: sqlite3.Connection, device: str, operation_id: str) -> None:
    connection.execute(
        "INSERT INTO device_state (device, operation_id) VALUES (?, ?)"
        " ON CONFLICT (device) DO UPDATE SET operation_id = excluded.operation_id",
        (device, operation_id),
    )
