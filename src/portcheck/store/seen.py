"""The checks in which a registration stood before, as vehicle, trailer or container."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from portcheck.domain.seen import MOST

_PLACES = ("vehicle", "trailer", "container")
# A check without a trailer is not in the index of trailers: that there is one has to be said.
_OF = (
    "SELECT asked.key AS asked, c.rowid AS place, c.at FROM json_each(?1) AS asked"
    " CROSS JOIN json_each(asked.value) AS wanted CROSS JOIN vehicle_check AS c"
    " ON c.{0}_key = wanted.value WHERE c.voided = 0 AND c.{0}_key > '' AND c.at BETWEEN ?2 AND ?3"
    " AND NOT (c.source = ?4 AND c.at BETWEEN ?5 AND ?6)"
)
_ANY = f"{' UNION ALL '.join(map(_OF.format, _PLACES))} LIMIT 1"
_SEEN = (
    f"WITH met AS ({' UNION '.join(map(_OF.format, _PLACES))}), newest AS (SELECT asked, place,"
    " ROW_NUMBER() OVER (PARTITION BY asked ORDER BY at DESC, place DESC) AS number,"
    " COUNT(*) OVER (PARTITION BY asked) AS total FROM met)"
    " SELECT n.asked, n.total, c.ref, o.name, c.at, c.direction, c.verdict, c.screened,"
    " c.primary_outcome, c.operation_id IS NOT (SELECT operation_id FROM device_state"
    " WHERE device = ?7), c.vehicle_key, c.trailer_key, c.container_key"
    " FROM newest AS n CROSS JOIN vehicle_check AS c ON c.rowid = n.place"
    " CROSS JOIN operation AS o ON o.operation_id = c.operation_id"
    " WHERE n.number <= ?8 ORDER BY n.asked, n.number"
)


class SeenRow(NamedTuple):
    """An earlier check; `asked` is the place of those keys in what was asked, `total` how many
    checks have one of them, `at` a UTC text, and `elsewhere` 1 for another operation than the
    device's.
    """

    asked: int
    total: int
    ref: str
    operation: str
    at: str
    direction: str
    verdict: str
    screened: int
    primary_outcome: str
    elsewhere: int
    vehicle_key: str
    trailer_key: str
    container_key: str


class Reads(NamedTuple):
    """Checks of a source between two times (UTC texts) that are not meant."""

    source: str = ""
    since: str = ""
    until: str = ""


NONE = Reads()


def seen_checks(
    connection: sqlite3.Connection,
    asked: Sequence[Iterable[str]],
    since: str,
    until: str,
    *,
    device: str,
    but_for: Reads = NONE,
) -> list[SeenRow]:
    """The newest checks of each set of keys from `since` to `until` (UTC texts), MOST of each.

    One query, whatever is asked, after a cheap one that tells whether there is anything:
    mostly there is not.  Void checks do not count.
    """
    wanted = json.dumps([list(keys) for keys in asked]), since, until, *but_for
    if connection.execute(_ANY, wanted).fetchone() is None:
        return []
    return list(map(SeenRow._make, connection.execute(_SEEN, (*wanted, device, MOST))))
