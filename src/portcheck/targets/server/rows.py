"""Pieces as rows of the exchange: headers once for all, texts for each operation."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import psycopg

from portcheck.errors import FileRefused
from portcheck.journal.chain import Header, Sealed, link, payload_digest
from portcheck.journal.pieces import Piece, PieceName, name_of, pack
from portcheck.targets.server.connection import Connection
from portcheck.targets.target import MOST_PIECES

_AHEAD, _PIECES_AHEAD = 2_000, 500
"""So many events are fetched with a piece that is asked for, of so many pieces at most."""


class Place(NamedTuple):
    """A piece at an exchange: for which operation, and which one."""

    operation: str
    piece: PieceName


class Fetched(NamedTuple):
    """A piece as it stands there: what was signed, and its events, as far as there are any."""

    note: str
    events: list[Sealed]


_PIECES = (
    "SELECT operation, chain, first, last, hash, size FROM portcheck.piece"
    " WHERE (%(operation)s = '' OR operation = %(operation)s)"
    " AND (%(chain)s::bytea IS NULL OR chain = %(chain)s) LIMIT %(most)s"
)
_CONTENTS = (
    "SELECT name, octet_length(content) FROM portcheck.content"
    " WHERE (%(operation)s = '' OR operation = %(operation)s) LIMIT %(most)s"
)
_FETCH = (
    "WITH wanted AS MATERIALIZED (SELECT * FROM portcheck.piece WHERE operation = %(operation)s"
    " AND chain = %(chain)s AND last = %(last)s AND first = %(first)s),"
    " after AS MATERIALIZED (SELECT p.* FROM portcheck.piece AS p"
    " WHERE p.operation = %(operation)s"
    " AND (p.chain, p.last, p.first) >= (%(chain)s, %(last)s, %(first)s)"
    " AND p.arrived >= (SELECT arrived FROM wanted)"
    " ORDER BY p.chain, p.last, p.first LIMIT %(pieces)s),"
    " ahead AS MATERIALIZED (SELECT a.*,"
    " SUM(a.last - a.first + 1) OVER (ORDER BY a.chain, a.last, a.first) AS events FROM after AS a)"
    " SELECT a.chain, a.first, a.last, a.hash, CASE WHEN e.seq = a.first THEN a.note END,"
    ' e."position", e.device, e.seq, e.kind,'
    " e.recorded_at, e.officer, e.agency, e.digest, e.previous, e.hash, t.salt, t.text"
    " FROM ahead AS a LEFT JOIN LATERAL (SELECT h.* FROM portcheck.event AS h"
    " WHERE h.chain = a.chain AND h.seq BETWEEN a.first AND a.last ORDER BY h.seq OFFSET 0) AS e"
    " ON true LEFT JOIN LATERAL (SELECT s.salt, s.text FROM portcheck.payload AS s"
    " WHERE s.operation = a.operation AND s.chain = e.chain AND s.seq = e.seq"
    " AND s.month = a.month OFFSET 0) AS t ON true"
    " WHERE a.events <= %(events)s OR (a.chain, a.last, a.first) = (%(chain)s, %(last)s, %(first)s)"
    " ORDER BY a.chain, a.last, a.first, e.seq"
)
"""One row after another is looked for by its key: no statistics can lead the engine elsewhere."""

_PUT = (
    "WITH month AS (SELECT COALESCE((SELECT p.month FROM portcheck.piece AS p"
    " WHERE p.operation = %(operation)s AND p.chain = %(chain)s AND p.last = %(last)s"
    " AND p.first = %(first)s), date_trunc('month', now() AT TIME ZONE 'UTC')::date) AS month),"
    ' headers AS (INSERT INTO portcheck.event (chain, seq, "position", device, kind, recorded_at,'
    " officer, agency, previous, digest, hash) SELECT %(chain)s, u.* FROM unnest(%(seq)s::int[],"
    " %(position)s::bigint[], %(device)b::text[], %(kind)b::text[], %(recorded_at)b::text[],"
    " %(officer)b::text[], %(agency)b::text[], %(previous)b::bytea[], %(digest)b::bytea[],"
    " %(hash)b::bytea[]) AS u ON CONFLICT DO NOTHING),"
    " texts AS (INSERT INTO portcheck.payload (operation, chain, seq, month, salt, text)"
    " SELECT %(operation)s, %(chain)s, u.seq, m.month, u.salt, u.text FROM month AS m,"
    " unnest(%(told)s::int[], %(salt)b::bytea[], %(text)b::text[]) AS u (seq, salt, text)"
    " ON CONFLICT DO NOTHING)"
    " INSERT INTO portcheck.piece (operation, chain, first, last, hash, note, size, month)"
    " SELECT %(operation)s, %(chain)s, %(first)s, %(last)s, %(own)s, %(note)s, %(size)s, m.month"
    " FROM month AS m ON CONFLICT DO NOTHING"
)


def pieces(connection: Connection, operation: str, chain: bytes | None) -> dict[Place, int]:
    """The pieces of an operation ("": of all), of one chain or of any, each with its bytes."""
    found = connection.execute(
        _PIECES, {"operation": operation, "chain": chain, "most": MOST_PIECES + 1}
    )
    return {
        Place(name, name_of(of_chain, first, last, own_hash)): size
        for name, of_chain, first, last, own_hash, size in found
    }


def contents(connection: Connection, operation: str) -> dict[str, int]:
    """What else is there of an operation ("": of all), by name, each with its bytes."""
    given = {"operation": operation, "most": MOST_PIECES + 1}
    return dict(connection.execute(_CONTENTS, given).fetchall())


def content(connection: Connection, name: str) -> bytes | None:
    """What stands under a name that is none of a piece of a chain."""
    query = "SELECT content FROM portcheck.content WHERE name = %s"
    row = connection.execute(query, (name,)).fetchone()
    return bytes(row[0]) if row else None


def abouts(connection: Connection) -> list[tuple[str, bytes]]:
    """What devices told of operations, each with the identity of the operation."""
    query = "SELECT operation, content FROM portcheck.content WHERE name LIKE '%/about/%'"
    return [(operation, bytes(said)) for operation, said in connection.execute(query)]


def put_content(connection: Connection, name: str, content: bytes) -> bool:
    """Put something under a name; whether there was nothing before."""
    query = "INSERT INTO portcheck.content (name, content) VALUES (%s, %s) ON CONFLICT DO NOTHING"
    return connection.execute(query, (name, content)).rowcount == 1


def fetch(connection: Connection, place: Place) -> dict[Place, Fetched]:
    """A piece, and some that came after it: who wants it has most likely none of these.

    {} where it is not there.
    """
    name = place.piece
    given = {
        "operation": place.operation,
        "chain": name.chain,
        "first": name.first,
        "last": name.last,
        "events": _AHEAD,
        "pieces": _PIECES_AHEAD,
    }
    found: dict[Place, Fetched] = {}
    with connection.cursor(binary=True) as cursor:
        by_piece = groupby(cursor.execute(_FETCH, given).fetchall(), key=itemgetter(0, 1, 2, 3))
    for (chain, first, last, end), several in by_piece:
        of_piece = [row[4:] for row in several if row[5] is not None]
        note = next((row[0] for row in of_piece if row[0]), "")
        events = [_sealed(chain, row[1:]) for row in of_piece]
        found[Place(place.operation, name_of(chain, first, last, end))] = Fetched(note, events)
    return found


def _sealed(chain: bytes, row: Sequence[Any]) -> Sealed:
    *head, digest, previous, own_hash, salt, text = row
    return Sealed(chain, Header(*head), digest, previous, own_hash, salt, text)


def packed(place: Place, found: Fetched) -> bytes:
    """The bytes of a piece.  Raises FileRefused, which names the event, where rows of it were
    deleted or altered.
    """
    name = place.piece
    before = None
    for seq, one in zip(range(name.first, name.last + 1), [*found.events, None], strict=False):
        if one is None or one.header.seq != seq:
            raise _altered(place, seq, "is missing: it was deleted there")
        if one.hash != link(one.previous, one.header, one.digest):
            raise _altered(place, seq, "has another header or hash than it was written with")
        if before is not None and one.previous != before:
            raise _altered(place, seq, "does not follow the one before it any more")
        if one.text is not None and payload_digest(one.salt or b"", one.text) != one.digest:
            raise _altered(place, seq, "has another text than it was written with")
        before = one.hash
    return pack(found.note, found.events)


def _altered(place: Place, seq: int, what: str) -> FileRefused:
    chain = place.piece.chain.hex()[:16]
    return FileRefused(
        f"event {seq} of chain {chain} {what}",
        where=f"operation {place.operation}",
        hint="Whoever runs the server has to say who changed its rows.",
    )


def put(connection: Connection, operation: str, piece: Piece, size: int) -> bool:
    """Put a piece there in one transaction; what is there of it already is left as it is.

    False where the engine refuses it: `stands` says what is there then.  Raises FileRefused for
    texts that no database keeps.
    """
    told = [one for one in piece.events if one.text is not None]
    given = {
        "operation": operation,
        "chain": piece.head.chain,
        "first": piece.first,
        "last": piece.head.seq,
        "own": piece.head.hash,
        "note": piece.note,
        "size": size,
        **_columns(piece.events),
        "told": [one.header.seq for one in told],
        "salt": [one.salt for one in told],
        "text": [one.text for one in told],
    }
    try:
        connection.execute(_PUT, given)
    except psycopg.IntegrityError:
        return False
    except psycopg.DataError as error:
        raise FileRefused(
            f"it cannot be kept in a database ({error.diag.message_primary})"
        ) from error
    return True


def _columns(events: Iterable[Sealed]) -> dict[str, list[Any]]:
    """The values of each column of `event` but the chain."""
    columns: dict[str, list[Any]] = defaultdict(list)
    for one in events:
        for column in ("seq", "position", "device", "kind", "recorded_at", "officer", "agency"):
            columns[column].append(getattr(one.header, column))
        for column in ("previous", "digest", "hash"):
            columns[column].append(getattr(one, column))
    return columns


def stands(connection: Connection, chain: bytes, first: int, last: int) -> dict[int, bytes]:
    """The hashes of the events of a chain that are there, by their numbers."""
    query = "SELECT seq, hash FROM portcheck.event WHERE chain = %s AND seq BETWEEN %s AND %s"
    return dict(connection.execute(query, (chain, first, last)).fetchall())
