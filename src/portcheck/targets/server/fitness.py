"""Whether an exchange is as it was made: its keys, its rights, its places for texts.

Anybody who may look at the catalogue can ask; what rows say is held against the journals of
devices by those who have them.
"""

from collections.abc import Iterator
from datetime import date

from portcheck.domain.fitness import Finding
from portcheck.targets.server.connection import Connection
from portcheck.targets.server.schema import DEVICE, ERASER, OLDEST_SERVER, PARTS
from portcheck.targets.server.version import LEAST, VERSION, version_of

_AHEAD = 2  # months for which there should be a place
_GUARDED = ("payload", "piece", "content", "member")
_RIGHTS = (
    "SELECT c.relname || ': ' || r.name || ' may ' || p.what"
    " FROM pg_class AS c CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER'])"
    " AS p (what) CROSS JOIN (SELECT rolname AS name FROM pg_roles WHERE rolname = ANY(%s)"
    " UNION SELECT 'public') AS r WHERE c.relnamespace = 'portcheck'::regnamespace"
    " AND c.relkind IN ('r', 'p') AND has_table_privilege(r.name, c.oid, p.what)"
    " AND NOT (r.name = %s AND c.relname = 'payload' AND p.what = 'DELETE') ORDER BY 1"
)
_AROUND = (
    "SELECT r.rolname FROM pg_roles AS r JOIN portcheck.member AS m ON m.role = r.rolname"
    " WHERE r.rolsuper OR r.rolbypassrls GROUP BY r.rolname ORDER BY 1"
)
_KEYS = (
    "SELECT c.relname, k.contype::text, COUNT(*) FROM pg_constraint AS k"
    " JOIN pg_class AS c ON c.oid = k.conrelid WHERE c.relnamespace = 'portcheck'::regnamespace"
    " AND c.relname LIKE 'event\\___' AND k.convalidated AND (k.contype IN ('p', 'u', 'f')"
    " OR k.conname IN ('begins', 'as_hashed')) GROUP BY c.relname, k.contype"
)
_ASLEEP = (
    "SELECT DISTINCT c.relname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid"
    " WHERE c.relnamespace = 'portcheck'::regnamespace AND t.tgenabled <> 'O' ORDER BY 1"
)
_WHOLE = {"p": 1, "u": 1, "f": 1, "c": 2}
"""How many keys of each kind a part of the headers has."""


def examine(connection: Connection, *, open_to_listeners: bool) -> list[Finding]:
    """Everything that can be seen without a journal.

    Raises psycopg.errors.UndefinedTable where there is no exchange.
    """
    return list(_findings(connection, open_to_listeners=open_to_listeners))


def _findings(connection: Connection, *, open_to_listeners: bool) -> Iterator[Finding]:
    number = connection.info.server_version
    good = number >= OLDEST_SERVER * 10_000
    yield Finding("server", good, f"PostgreSQL {number // 10_000}.{number % 10_000}")
    way = "not encrypted, and it passes a network" if open_to_listeners else "encrypted, or local"
    yield Finding("connection", not open_to_listeners, way)
    yield _durable(connection)
    version, least = version_of(connection)
    yield Finding("form", version == VERSION and least == LEAST, f"{version}")
    yield _keys(connection)
    yield _rights(connection)
    yield _guards(connection)
    yield _months(connection)


def _all(connection: Connection, query: str, *values: object) -> list[tuple[object, ...]]:
    return connection.execute(query.encode(), values or None).fetchall()


def _durable(connection: Connection) -> Finding:
    settings = ("fsync", "full_page_writes")
    off = [
        name
        for name in settings
        if _all(connection, "SELECT current_setting(%s)", name) == [("off",)]
    ]
    seen = f"{' and '.join(off)} off: what it took is lost if the power fails" if off else "on disk"
    return Finding("durability", not off, seen)


def _keys(connection: Connection) -> Finding:
    """The keys that refuse gaps, forks and wrong links, and whether somebody put them to sleep."""
    found: dict[str, dict[str, int]] = {}
    for part, kind, number in connection.execute(_KEYS.encode()):
        found.setdefault(part, {})[kind] = number
    parts = [f"event_{number:02}" for number in range(PARTS)]
    broken = [part for part in parts if found.get(part) != _WHOLE]
    asleep = [str(name) for (name,) in _all(connection, _ASLEEP)]
    faults = [f"keys are missing on {', '.join(broken)}"] if broken else []
    faults += [f"keys are put to sleep on {', '.join(asleep)}"] if asleep else []
    return Finding("keys", not faults, "; ".join(faults) or f"on all {PARTS} parts")


def _rights(connection: Connection) -> Finding:
    faults = [str(one) for (one,) in _all(connection, _RIGHTS, [DEVICE, ERASER], ERASER)]
    faults += [f"{name} gets round what it was granted" for (name,) in _all(connection, _AROUND)]
    return Finding("rights", not faults, "; ".join(faults) or "nobody may change what is there")


def _guards(connection: Connection) -> Finding:
    """Row-level security, on all tables that not everybody may read."""
    query = (
        "SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'portcheck'::regnamespace"
        " AND c.relname = ANY(%s) AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy"
        " AS p WHERE p.polrelid = c.oid AND p.polname IN ('granted', 'own'))) ORDER BY 1"
    )
    bare = [str(name) for (name,) in _all(connection, query, list(_GUARDED))]
    seen = f"not on {', '.join(bare)}" if bare else "each role reads what it was granted"
    return Finding("row security", not bare, seen)


def _months(connection: Connection) -> Finding:
    query = (
        "SELECT (now() AT TIME ZONE 'UTC')::date, MAX(to_date(right(relname, 7), 'YYYY_MM'))"
        " FROM pg_class WHERE relnamespace = 'portcheck'::regnamespace"
        " AND relname ~ '^payload_[0-9]{4}_[0-9]{2}$' AND relispartition"
    )
    ((today, last),) = _all(connection, query)
    assert isinstance(today, date)
    if not isinstance(last, date):
        return Finding("months", False, "there is no place for texts: run “exchange init” again")
    ahead = (last.year - today.year) * 12 + last.month - today.month
    good = ahead >= _AHEAD
    again = "" if good else ": run “exchange init” again"
    return Finding("months", good, f"texts have their places until {last:%Y-%m}{again}")
