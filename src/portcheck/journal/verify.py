"""Reading the journal back and telling whether anything was altered.

A tail that was cut off leaves a shorter chain that is sound in itself: it can
only be found against a fingerprint held elsewhere, which the tally prints.
"""

import re
import sqlite3
from dataclasses import dataclass

from portcheck.errors import Refused
from portcheck.journal.chain import GENESIS, Header, link, payload_digest, short_fingerprint

_TEXTS = ("device", "kind", "recorded_at", "officer", "agency", "payload")
_COLUMNS = ", ".join(
    ["position", "seq", "salt", "digest", "previous", "hash"]
    + [f"CAST({name} AS BLOB)" for name in _TEXTS]  # a text that is no UTF-8 is a fault to name
)
_FINGERPRINT = re.compile(r"(\S+):([0-9]{1,18}):([0-9A-F]{4}(?:-[0-9A-F]{4}){4})")


@dataclass(frozen=True, slots=True)
class Fault:
    """The first event that is not as it was written."""

    position: int
    device: str
    seq: int
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How many events were read, the devices' newest fingerprints, and the first fault."""

    events: int
    fingerprints: tuple[str, ...]
    fault: Fault | None


def verify(connection: sqlite3.Connection) -> Verified:
    """Walk the whole journal in order and stop at the first event that does not fit."""
    heads: dict[str, tuple[int, bytes]] = {}
    expected = 1
    for row in connection.execute(f"SELECT {_COLUMNS} FROM journal ORDER BY position"):
        position, number, salt, digest, previous, stored, *texts = row
        device, kind, at, officer, agency, payload = (t.decode(errors="replace") for t in texts)
        header = Header(position, device, number, kind, at, officer, agency)
        seq, newest = heads.get(header.device, (0, GENESIS))
        what = (
            _out_of_place(header, expected, seq)
            or _unreadable(texts)
            or _wrong_payload(payload, salt, digest)
            or _wrong_link(header, digest, previous, stored, newest)
        )
        if what:
            fault = Fault(header.position, header.device, header.seq, header.kind, what)
            return Verified(expected - 1, _fingerprints(heads), fault)
        heads[header.device] = (header.seq, stored)
        expected += 1
    return Verified(expected - 1, _fingerprints(heads), None)


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
        row = connection.execute(
            "SELECT device, seq, hash FROM journal WHERE upper(device) = ? AND seq = ?",
            (match[1], int(match[2])),
        ).fetchone()
        if row is None:
            return f"event {match[2]} of device {match[1]} is missing: the journal was cut short"
        if short_fingerprint(*row).upper() != match[0]:
            return f"event {match[2]} of device {match[1]} is not the one that was printed"
    return ""


def _out_of_place(header: Header, expected: int, seq: int) -> str:
    if header.position != expected:
        return (
            f"an event is missing before it: it stands in place {header.position}, not {expected}"
        )
    if header.seq != seq + 1:
        return f"the device's events run from {seq} to {header.seq}"
    return ""


def _unreadable(texts: list[bytes]) -> str:
    if any(text.decode(errors="replace").encode() != text for text in texts):
        return "its text was changed and cannot be read"
    return ""


def _wrong_payload(payload: str, salt: bytes, digest: bytes) -> str:
    if payload_digest(salt, payload) != digest:
        return "its content is not what was written"
    return ""


def _wrong_link(
    header: Header, digest: bytes, previous: bytes, stored: bytes, newest: bytes
) -> str:
    if previous != newest:
        return "it does not follow the event before it: one was removed, inserted or moved"
    if link(previous, header, digest) != stored:
        return "its header or hash was changed"
    return ""


def _fingerprints(heads: dict[str, tuple[int, bytes]]) -> tuple[str, ...]:
    return tuple(short_fingerprint(device, *head) for device, head in sorted(heads.items()))
