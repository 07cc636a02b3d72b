"""What devices share, as SQL: who takes part in an operation, which pieces of chains are known,
which lists of others are held.
"""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from portcheck.domain.times import read_utc, utc_text
from portcheck.journal.chain import Header, Sealed
from portcheck.journal.exchange import QUIET
from portcheck.journal.pieces import PieceName, name_of

_WITHHELD = ("record_consulted", "data_disclosed", "journals_sent")
_TEXTS = (
    "SELECT j.position, j.device, j.seq, j.kind, j.recorded_at, j.officer, j.agency,"
    " j.digest, j.previous, j.hash, p.salt, p.text, j.kind NOT IN (?1, ?2, ?3)"
    " AND (j.subject = ?4 OR NOT EXISTS (SELECT 1 FROM operation WHERE operation_id = j.subject)"
    " AND COALESCE((SELECT f.payload ->> 'operation_id' FROM fact AS f WHERE f.subject = j.subject"
    " AND j.subject > '' AND f.kind = 'check_recorded' ORDER BY f.position LIMIT 1), ?4) = ?4)"
    " FROM journal AS j LEFT JOIN payload AS p ON p.arrival = j.arrival"
    " WHERE j.chain = ?5 AND j.seq BETWEEN ?6 AND ?7 ORDER BY j.seq"
)


class DeviceRow(NamedTuple):
    """A chain that takes part in an operation (`operation_device`), and what is here of it:
    the number of its newest event, how many checks under its label (of one that is not trusted,
    or shares it, how many it recorded), how many it recorded after it was revoked, when it was
    heard from last (None for one of this file's own), and whether it recorded anything about
    the operation since it finished.
    """

    chain: bytes
    label: str
    key: str
    opener: bool
    trusted: bool
    lead: bool
    counted_to: int | None
    revoked: bool
    lost: bool
    finished: int
    unheeded: str
    own: bool
    events: int
    checks: int
    beyond: int
    heard_at: datetime | None
    went_on: bool
    forked: bool


_DEVICES = (
    "SELECT d.chain, d.label, d.key, d.opener, d.trusted, d.lead, d.counted_to, d.revoked, d.lost,"
    " d.finished, d.unheeded, o.chain IS NOT NULL,"
    " COALESCE((SELECT MAX(seq) FROM journal WHERE chain = d.chain), 0),"
    " CASE WHEN (d.trusted OR o.chain IS NOT NULL) AND (SELECT COUNT(*) FROM operation_device AS e"
    " WHERE e.operation_id = d.operation_id AND e.label = d.label) = 1"
    " THEN (SELECT COUNT(*) FROM vehicle_check AS v"
    " WHERE v.operation_id = d.operation_id AND v.device = d.label) ELSE (SELECT COUNT(*)"
    " FROM fact AS f WHERE f.chain = d.chain AND f.kind = 'check_recorded'"
    " AND f.payload ->> 'operation_id' = d.operation_id) END,"
    " CASE WHEN d.counted_to IS NULL THEN 0 ELSE (SELECT COUNT(*) FROM fact AS f"
    " WHERE f.chain = d.chain AND f.seq > d.counted_to AND f.kind = 'check_recorded'"
    " AND f.payload ->> 'operation_id' = d.operation_id) END, h.heard_at,"
    " d.finished AND EXISTS (SELECT 1 FROM journal AS j JOIN vehicle_check AS v"
    " ON v.check_id = j.subject WHERE j.chain = d.chain AND j.seq > d.finished"
    " AND v.operation_id = d.operation_id AND j.kind <> 'matches_found_later'),"
    " EXISTS (SELECT 1 FROM refused_event AS r WHERE r.chain = d.chain AND r.hash > ''"
    " AND r.why LIKE 'its chain was continued twice%')"
    " FROM operation_device AS d LEFT JOIN own_chain AS o ON o.chain = d.chain"
    " LEFT JOIN heard AS h ON h.chain = d.chain"
    " WHERE d.operation_id = ? ORDER BY d.opener DESC, d.label, d.chain"
)


def devices_of(connection: sqlite3.Connection, operation_id: str) -> list[DeviceRow]:
    """Who takes part in an operation, who opened it first."""
    return [
        DeviceRow._make(
            (
                *row[:3],
                *map(bool, row[3:6]),
                row[6],
                *map(bool, row[7:9]),
                *row[9:11],
                bool(row[11]),
                *row[12:15],
                read_utc(row[15]) if row[15] else None,
                *map(bool, row[16:]),
            )
        )
        for row in connection.execute(_DEVICES, (operation_id,))
    ]


def clock_offset(connection: sqlite3.Connection, chain: bytes) -> int:
    """By how many seconds another device's clock is known to be fast (more than 0) or slow: it
    told of a time that had not come here yet, or of one before what it had already received
    from here.  0 where neither is so, which is no proof that it is right.
    """
    (fast,) = connection.execute(
        "SELECT (julianday(j.recorded_at) - julianday(h.heard_at)) * 86400 FROM heard AS h"
        " JOIN journal AS j ON j.chain = h.chain WHERE h.chain = ? ORDER BY j.seq DESC LIMIT 1",
        (chain,),
    ).fetchone() or (0.0,)
    (slow,) = connection.execute(
        "SELECT MAX(julianday(known.recorded_at) - julianday(r.recorded_at)) * 86400 FROM"
        " (SELECT recorded_at, payload FROM fact WHERE chain = ? AND kind = 'journals_received'"
        "  AND payload IS NOT NULL ORDER BY seq DESC LIMIT 20) AS r,"
        " json_each(r.payload, '$.heads') AS e JOIN own_chain AS o"
        " ON lower(hex(o.chain)) = e.value ->> 'chain' JOIN journal AS known"
        " ON known.chain = o.chain AND known.seq = e.value ->> 'seq'",
        (chain,),
    ).fetchone()
    if fast > 0:
        return int(fast)
    return -int(slow) if slow and slow > 0 else 0


def shared_operations(connection: sqlite3.Connection) -> list[str]:
    """The operations in which a chain of this file takes part, the newest first."""
    rows = connection.execute(
        "SELECT DISTINCT d.operation_id FROM operation_device AS d JOIN own_chain USING (chain)"
        " JOIN operation AS o ON o.operation_id = d.operation_id WHERE d.key > '' OR EXISTS"
        " (SELECT 1 FROM journal AS j WHERE j.chain = d.chain AND j.subject = d.operation_id"
        " AND j.kind = 'device_joined') ORDER BY o.started_at DESC, o.operation_id"
    )
    return [name for (name,) in rows]


def takes_part(connection: sqlite3.Connection, operation_id: str, chain: bytes) -> bool:
    """Whether a chain says of itself that it takes part."""
    query = (
        "SELECT 1 FROM journal WHERE chain = ? AND subject = ? AND kind = 'device_joined' LIMIT 1"
    )
    return connection.execute(query, (chain, operation_id)).fetchone() is not None


def pin(connection: sqlite3.Connection, operation_id: str, opener: bytes) -> None:
    """Note who opened an operation that is joined from here."""
    connection.execute(
        "INSERT INTO joined (operation_id, opener) VALUES (?, ?)", (operation_id, opener)
    )


def pinned(connection: sqlite3.Connection, operation_id: str) -> bytes | None:
    """Who opened an operation that was joined from here; None where it was not."""
    query = "SELECT opener FROM joined WHERE operation_id = ?"
    row = connection.execute(query, (operation_id,)).fetchone()
    return row[0] if row else None


def newest_arrival(connection: sqlite3.Connection) -> int:
    """The journal's newest event, by its arrival."""
    (newest,) = connection.execute("SELECT COALESCE(MAX(arrival), 0) FROM journal").fetchone()
    return int(newest)


def keys_of(connection: sqlite3.Connection, operation_id: str) -> dict[bytes, str]:
    """The public keys, in hex, of the devices of an operation, "" for one without."""
    rows = connection.execute(
        "SELECT chain, key FROM operation_device WHERE operation_id = ?", (operation_id,)
    )
    return dict(rows.fetchall())


# pieces


def pieces_known(
    connection: sqlite3.Connection, operation_id: str
) -> dict[PieceName, tuple[str, int]]:
    """The pieces that were sent or taken for an operation, by name, each with its note and its
    size in bytes.
    """
    rows = connection.execute(
        "SELECT s.chain, s.first, s.seq, j.hash, s.note, s.size FROM signed_head AS s"
        " JOIN journal AS j ON j.chain = s.chain AND j.seq = s.seq"
        " WHERE s.operation_id = ? ORDER BY s.chain, s.seq",
        (operation_id,),
    )
    return {name_of(*row[:4]): (row[4], row[5]) for row in rows}


def note_piece(
    connection: sqlite3.Connection, operation_id: str, name: PieceName, note: str, size: int
) -> None:
    """Note that a piece was sent or taken, and its size in bytes."""
    connection.execute(
        "INSERT OR IGNORE INTO signed_head (operation_id, chain, seq, first, note, size)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (operation_id, name.chain, name.last, name.first, note, size),
    )


def signed_to(connection: sqlite3.Connection, operation_id: str, chain: bytes) -> int:
    """The number of the newest event of a chain that is in a piece for an operation."""
    (newest,) = connection.execute(
        "SELECT COALESCE(MAX(seq), 0) FROM signed_head WHERE operation_id = ? AND chain = ?",
        (operation_id, chain),
    ).fetchone()
    return int(newest)


def events_for(
    connection: sqlite3.Connection, operation_id: str, chain: bytes, first: int, last: int
) -> Iterator[Sealed]:
    """A chain's events as they go to the other devices of an operation: look-ups, disclosures
    and what is about another operation go without their texts.
    """
    for *head, digest, previous, own_hash, salt, text, told in connection.execute(
        _TEXTS, (*_WITHHELD, operation_id, chain, first, last)
    ):
        kept = (salt, text) if told else (None, None)
        yield Sealed(chain, Header(*head), digest, previous, own_hash, *kept)


def news(connection: sqlite3.Connection, chain: bytes, after: int) -> tuple[int, int]:
    """The number of a chain's newest event, and how many after `after` are news to others."""
    marks = ", ".join("?" * len(QUIET))
    newest, told = connection.execute(
        f"SELECT MAX(seq), COUNT(*) FILTER (WHERE seq > ? AND kind NOT IN ({marks}))"
        " FROM journal WHERE chain = ?",
        (after, *sorted(QUIET), chain),
    ).fetchone()
    return int(newest or 0), int(told)


# lists


class ListOffered(NamedTuple):
    """A version of a list that another device imported, or `retired` the list by: where the
    event stands, its label and the list, and whether it is to come into force here (a lead's,
    newer than what is).
    """

    chain: bytes
    seq: int
    label: str
    list_name: str
    entries_sha256: str
    rows: int
    retired: bool
    wanted: bool


_OFFERED = (
    "SELECT f.chain, f.seq, f.device, f.payload ->> 'list_name', f.payload ->> 'entries_sha256',"
    " COALESCE(f.payload ->> 'rows', 0), f.kind = 'list_retired',"
    " EXISTS (SELECT 1 FROM operation_device AS d JOIN operation AS o USING (operation_id)"
    " WHERE d.chain = f.chain AND d.lead AND o.ended_at IS NULL), f.position,"
    " EXISTS (SELECT 1 FROM own_chain AS o WHERE o.chain = f.chain)"
    " FROM fact AS f WHERE f.kind IN ('list_imported', 'list_retired') AND f.payload IS NOT NULL"
    " ORDER BY f.position, f.chain"
)
_PLACE = (
    "SELECT j.position, j.chain FROM action_list AS a LEFT JOIN list_held AS h"
    " ON h.list_name = a.name AND h.version = a.version JOIN fact AS j"
    " ON j.kind IN ('list_imported', 'list_retired') AND j.subject = a.name"
    " AND CASE WHEN h.chain IS NULL THEN j.payload ->> 'version' = a.version AND j.chain IN"
    " (SELECT chain FROM own_chain) ELSE j.chain = h.chain AND j.seq = h.seq END"
    " WHERE a.name = ? ORDER BY j.position DESC LIMIT 1"
)


def lists_offered(connection: sqlite3.Connection) -> list[ListOffered]:
    """The newest version of every list that other devices imported and may use, or retired:
    first those of leads, which come into force where they are newer than what is in force here;
    what others imported before a lead did is in force nowhere.
    """
    leads: dict[str, ListOffered | None] = {}
    others: dict[tuple[str, bytes], ListOffered] = {}
    for *said, lead, position, own in connection.execute(_OFFERED):
        chain, _, _, name, *_ = said
        in_force = connection.execute(_PLACE, (name,)).fetchone() or (0, b"")
        found = ListOffered._make((*said, bool(lead) and (position, chain) > in_force))
        if lead:
            leads[name] = None if own else found
            others = {key: one for key, one in others.items() if key[0] != name}
        elif not own:
            others[(name, chain)] = found
    return [*filter(None, leads.values()), *others.values()]


def hold_list(
    connection: sqlite3.Connection, list_name: str, version: int, chain: bytes, seq: int
) -> None:
    """Note which event brought a version of a list that is stored here."""
    connection.execute(
        "INSERT INTO list_held (list_name, version, chain, seq) VALUES (?, ?, ?, ?)",
        (list_name, version, chain, seq),
    )


# when a target was reached


def note_synced(
    connection: sqlite3.Connection, target: str, chain: bytes, sent_to: int, now: datetime
) -> None:
    """Note that a target was reached, and up to which event a chain is there."""
    connection.execute(
        "INSERT INTO sync_state (target, chain, sent_to, synced_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (target, chain) DO UPDATE SET sent_to = excluded.sent_to,"
        " synced_at = excluded.synced_at",
        (target, chain, sent_to, utc_text(now)),
    )


def is_revoked(connection: sqlite3.Connection, operation_id: str, chain: bytes) -> bool:
    """Whether what a chain records in an operation counts no longer."""
    query = "SELECT revoked FROM operation_device WHERE operation_id = ? AND chain = ?"
    row = connection.execute(query, (operation_id, chain)).fetchone()
    return bool(row and row[0])


def held_back(connection: sqlite3.Connection, operation_id: str, ref: str) -> str:
    """The label of a device that recorded a check of this reference, which is known here and
    stands in no figure; "" where nobody did.
    """
    row = connection.execute(
        "SELECT f.device FROM operation_device AS d JOIN fact AS f ON f.chain = d.chain"
        " WHERE d.operation_id = ?1 AND (NOT d.trusted OR f.seq > d.counted_to)"
        " AND f.kind = 'check_recorded' AND f.payload ->> 'operation_id' = ?1"
        " AND f.payload ->> 'ref' = ?2 COLLATE NOCASE LIMIT 1",
        (operation_id, ref),
    ).fetchone()
    return str(row[0]) if row else ""


def synced(
    connection: sqlite3.Connection, target: str, chain: bytes
) -> tuple[datetime, int] | None:
    """When a target was reached last, and how many checks of a chain it does not have yet."""
    row = connection.execute(
        "SELECT synced_at, (SELECT COUNT(*) FROM journal AS j WHERE j.chain = s.chain"
        " AND j.seq > s.sent_to AND j.kind = 'check_recorded') FROM sync_state AS s"
        " WHERE target = ? AND chain = ?",
        (target, chain),
    ).fetchone()
    return (read_utc(row[0]), int(row[1])) if row else None


def checks_made(connection: sqlite3.Connection, chain: bytes) -> int:
    """How many checks a chain has recorded."""
    query = "SELECT COUNT(*) FROM journal WHERE chain = ? AND kind = 'check_recorded'"
    (number,) = connection.execute(query, (chain,)).fetchone()
    return int(number)
