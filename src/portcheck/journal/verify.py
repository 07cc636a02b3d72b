"""Reading the journal back and telling whether anything was altered.

A tail that was cut off leaves a shorter chain that is sound in itself: it can
only be found against a fingerprint held elsewhere, which the tally prints.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portcheck.errors import Refused
from portcheck.journal.append import subject_of
from portcheck.journal.chain import (
    GENESIS,
    Header,
    canonical,
    link,
    payload_digest,
    short_fingerprint,
)

_TEXTS = ("device", "kind", "recorded_at", "officer", "agency")
_COLUMNS = ", ".join(
    ["j.arrival", "j.chain", "j.seq", "j.position", "j.digest", "j.previous", "j.hash"]
    + ["CAST(j.subject AS BLOB)"]
    + [
        "p.salt",
        "CAST(p.text AS BLOB)",
        "e.ground IS NOT NULL",
        "o.chain IS NOT NULL",
        "h.chain IS NOT NULL",
    ]
    + [f"CAST(j.{name} AS BLOB)" for name in _TEXTS]  # a text that is no UTF-8 is a fault to name
)
_WALK = (
    f"SELECT {_COLUMNS} FROM journal AS j LEFT JOIN payload AS p ON p.arrival = j.arrival"
    " LEFT JOIN erased AS e ON e.chain = j.chain AND e.seq = j.seq"
    " LEFT JOIN own_chain AS o ON o.chain = j.chain"
    " LEFT JOIN heard AS h ON h.chain = j.chain ORDER BY j.arrival"
)
_CHANGED = "its content is not what was written"
_FINGERPRINT = re.compile(r"(\S+):([0-9]{1,18}):([0-9A-F]{4}(?:-[0-9A-F]{4}){4})")


class Kept(StrEnum):
    """What is held of an event's text."""

    WHOLE = "whole"
    ERASED = "erased"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first event that is not as it was written; `position` is its place in this file, 0
    where there is no such event and the fault is the journal's.
    """

    position: int
    device: str
    seq: int
    kind: str
    what: str

    @property
    def place(self) -> str:
        """Where it is, in words."""
        if not self.position:
            return "the journal"
        told = f"{self.kind}, {self.device} {self.seq}" if self.seq else "not held"
        return f"event {self.position} ({told})"


@dataclass(frozen=True, slots=True)
class Verified:
    """How many events were read, the devices' newest fingerprints, the first fault, and of
    how many events the text was erased or withheld.
    """

    events: int
    fingerprints: tuple[str, ...]
    fault: Fault | None
    erased: int = 0
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    """One event as it stands in the file; `text` is None where it is missing."""

    arrival: int
    chain: bytes
    digest: bytes
    previous: bytes
    stored: bytes
    subject: bytes
    salt: bytes | None
    text: bytes | None
    erased: bool
    own: bool
    heard: bool
    header: Header
    readable: bool


def verify(connection: sqlite3.Connection) -> Verified:
    """Walk the whole journal in the order of arrival, to the first event that does not fit."""
    heads: dict[bytes, tuple[Header, bytes]] = {}
    kept: Counter[Kept] = Counter()
    events = 0
    for row in _rows(connection):
        what = _fault(row, events + 1, heads.get(row.chain))
        if what:
            header = row.header
            fault = Fault(row.arrival, header.device, header.seq, header.kind, what)
            return _verified(events, heads, fault, kept)
        heads[row.chain] = row.header, row.stored
        kept[_kept(row)] += 1
        events += 1
    missing = _chain_removed(connection) or _without_events(connection)
    return _verified(events, heads, missing, kept)


def check_fingerprint(connection: sqlite3.Connection, text: str) -> str:
    """What is wrong with the journal against a printed fingerprint; "" when it holds the event.

    `text` is one device's fingerprint or several, parted by spaces.  Raises
    Refused when it is no fingerprint.
    """
    pieces = text.upper().replace(",", " ").split()
    parsed = [_FINGERPRINT.fullmatch(piece) for piece in pieces]
    if not pieces or not all(parsed):
        raise Refused(
            f"“{text}” is not a fingerprint",
            hint="Type it as the tally prints it, as L2:512:0001-0203-0405-0607-0809.",
        )
    for match in parsed:
        if match is None:
            continue
        rows = connection.execute(
            "SELECT device, seq, hash FROM journal WHERE upper(device) = ? AND seq = ?",
            (match[1], int(match[2])),
        ).fetchall()
        if not rows:
            return f"event {match[2]} of device {match[1]} is missing: the journal was cut short"
        if all(short_fingerprint(*row).upper() != match[0] for row in rows):
            return f"event {match[2]} of device {match[1]} is not the one that was printed"
    return ""


def _rows(connection: sqlite3.Connection) -> Iterator[_Row]:
    for row in connection.execute(_WALK):
        arrival, chain, seq, position, digest, previous, stored, subject, salt, text, *rest = row
        erased, own, heard, *raw = rest
        device, kind, at, officer, agency = texts = [one.decode(errors="replace") for one in raw]
        yield _Row(
            arrival,
            chain,
            digest,
            previous,
            stored,
            subject,
            salt,
            text,
            bool(erased),
            bool(own),
            bool(heard),
            Header(position, device, seq, kind, at, officer, agency),
            [one.encode() for one in texts] == raw,
        )


def _fault(row: _Row, expected: int, newest: tuple[Header, bytes] | None) -> str:
    """What is wrong with an event, "" where nothing is."""
    before, last = newest or (None, GENESIS)
    return (
        _out_of_place(row, expected, before)
        or ("" if row.readable else "its text was changed and cannot be read")
        or _wrong_payload(row)
        or _wrong_link(row, last)
    )


def _out_of_place(row: _Row, expected: int, before: Header | None) -> str:
    header = row.header
    if row.arrival != expected:
        return f"an event is missing before it: it stands in place {row.arrival}, not {expected}"
    if not (row.own or row.heard):
        return "its chain was neither written here nor received"
    seq, position = (before.seq, before.position) if before else (0, 0)
    if header.seq != seq + 1:
        return f"the device's events run from {seq} to {header.seq}"
    if header.position <= position:
        return f"it stands in place {header.position}, after one in place {position}"
    return ""


def _wrong_payload(row: _Row) -> str:
    """A text may be missing where an erasing event names it, or where another device kept it."""
    if row.text is None or row.salt is None:
        return "" if row.erased or not row.own else "its content was taken out"
    text = row.text.decode(errors="replace")
    if text.encode() != row.text:
        return "its text was changed and cannot be read"
    if payload_digest(row.salt, text) != row.digest:
        return _CHANGED
    return "" if _is_about(text, row.subject) else "what it is about was changed"


def _is_about(text: str, subject: bytes) -> bool:
    """Whether an event of this text is kept under what it is about; to parse it is slow."""
    about = subject.decode(errors="replace")
    if about and f'"check_id":{canonical(about)}' in text:
        return True
    return subject_of(json.loads(text)) == about


def _wrong_link(row: _Row, last: bytes) -> str:
    if row.previous != last:
        return "it does not follow the event before it: one was removed, inserted or moved"
    if link(row.previous, row.header, row.digest) != row.stored:
        return "its header or hash was changed"
    if row.header.seq == 1 and row.chain != row.stored:
        return "its chain is not named by its first event"
    return ""


def _kept(row: _Row) -> Kept:
    if row.text is not None:
        return Kept.WHOLE
    return Kept.ERASED if row.erased else Kept.WITHHELD


def _chain_removed(connection: sqlite3.Connection) -> Fault | None:
    """Where a whole chain was taken out and the rest closed up: the positions have a gap.

    The position of an event that was written here is one more than the greatest that was
    held then: an event stands in the place before it, whoever wrote that.
    """
    row = connection.execute(
        "SELECT j.arrival, j.device, j.seq, j.kind, j.position FROM own_chain AS o"
        " JOIN journal AS j ON j.chain = o.chain WHERE j.position > 1 AND NOT EXISTS"
        " (SELECT 1 FROM journal AS b WHERE b.position = j.position - 1)"
        " ORDER BY j.position LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    arrival, device, seq, kind, position = row
    (before,) = connection.execute(
        "SELECT COALESCE(MAX(position), 0) FROM journal WHERE position < ?", (position,)
    ).fetchone()
    what = (
        f"events are missing before it: nothing stands in place {before + 1}, and it was "
        f"written in place {position}"
    )
    return Fault(arrival, device, seq, kind, what)


def _without_events(connection: sqlite3.Connection) -> Fault | None:
    """A chain that was written here or received, or a text, of which there is no event.

    A journal without any event has been emptied or is new, which what is beside it shows.
    """
    if not connection.execute("SELECT 1 FROM journal LIMIT 1").fetchone():
        return None
    for table in ("own_chain", "heard"):
        row = connection.execute(
            f"SELECT hex(chain) FROM {table} WHERE chain NOT IN (SELECT chain FROM journal) LIMIT 1"
        ).fetchone()
        if row:
            return Fault(0, "", 0, "", f"no event is held of the chain {row[0][:16]}")
    row = connection.execute(
        "SELECT arrival FROM payload WHERE arrival NOT IN (SELECT arrival FROM journal) LIMIT 1"
    ).fetchone()
    return Fault(row[0], "", 0, "", "there is a text of an event, and no event") if row else None


def _verified(
    events: int,
    heads: Mapping[bytes, tuple[Header, bytes]],
    fault: Fault | None,
    kept: Mapping[Kept, int],
) -> Verified:
    newest = sorted((header.device, header.seq, last) for header, last in heads.values())
    fingerprints = tuple(short_fingerprint(*head) for head in newest)
    return Verified(events, fingerprints, fault, kept[Kept.ERASED], kept[Kept.WITHHELD])
