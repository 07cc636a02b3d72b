"""How long a match takes in the process, and how that grows with the list."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from itertools import islice
from pathlib import Path

from accuracy_traffic import traffic
from portcheck.domain.matching.odds import odds
from portcheck.domain.registration.key import skeleton_of
from portcheck.services.context import Context
from portcheck.services.matching.matcher import Query, answer
from portcheck.store.tables import Entry
from stores import LIST, NOW, context_for, imported

MATCHES = 400
WARM_UP = 2_600
"""Look-ups after which a process has read the skeletons of a million entries."""
MANIFEST = 10_000
LISTED_OF_A_HUNDRED = 2


def speeds(*, quick: bool) -> None:
    """Print medians for lists of several lengths, and the time for a manifest."""
    print("\nOne match in the process, milliseconds, medians (and the slowest twentieth)")
    names = ("vehicle", "+ trailer", "+ container", "the first")
    print(f"{'entries':<12}{'built in':>10}" + "".join(f"{name:>16}" for name in names))
    lengths = (10_000, 50_000) if quick else (10_000, 100_000, 1_000_000)
    medians: dict[int, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="portcheck-bench-") as folder:
        for entries in lengths:
            start = time.perf_counter()
            context = store(Path(folder) / f"{entries}.db", entries)
            built = time.perf_counter() - start
            medians[entries] = matches(context, entries, built)
            if entries == lengths[-1]:
                manifest(context, entries, MANIFEST // 5 if quick else MANIFEST)
            context.connection.close()
    ratios = (
        long / short for short, long in zip(medians[lengths[0]], medians[lengths[-1]], strict=True)
    )
    print(
        f"{lengths[-1] // lengths[0]} times the entries, so many times as long: "
        + ", ".join(f"{ratio:.2f}" for ratio in ratios)
    )


def matches(context: Context, entries: int, built: float) -> list[float]:
    """Print a line; returns the medians in seconds, for one, two and three registrations."""
    drawn = list(islice(vehicles(3), WARM_UP + 4 * MATCHES))
    first = [timed(context, query) for query in drawn[:MATCHES]]
    for query in drawn[MATCHES : MATCHES + WARM_UP]:
        timed(context, query)
    settled = drawn[MATCHES + WARM_UP :]
    forms: tuple[Callable[[Query], Query], ...] = (
        lambda q: Query(q.vehicle, q.country),
        lambda q: Query(q.vehicle, q.country, q.trailer, q.trailer_country),
        lambda q: q,
    )
    times = [
        [timed(context, form(query)) for query in settled[n * MATCHES : (n + 1) * MATCHES]]
        for n, form in enumerate(forms)
    ]
    cells = "".join(f"{_shown(some):>16}" for some in times)
    print(f"{entries:<12,}{built:>8.1f} s{cells}{_shown(first):>16}", flush=True)
    return [statistics.median(some) for some in times]


def _shown(times: list[float]) -> str:
    slowest = sorted(times)[len(times) * 19 // 20]
    return f"{1000 * statistics.median(times):.2f} ({1000 * slowest:.2f})"


def timed(context: Context, query: Query) -> float:
    """Seconds for one answer."""
    start = time.perf_counter()
    answer(context, query, now=NOW, zone=UTC)
    return time.perf_counter() - start


def manifest(context: Context, entries: int, size: int) -> None:
    """A ferry's manifest, a few of its lorries listed, every line matched in turn."""
    rows = context.connection.execute(
        "SELECT registration, country FROM entry LIMIT ?", (size // 100 * LISTED_OF_A_HUNDRED,)
    )
    listed = [Query(*row) for row in rows]
    lines = [*listed, *islice(vehicles(4), size - len(listed))]
    start = time.perf_counter()
    hits = 0
    for line in lines:
        query = Query(line.vehicle, line.country, line.trailer, line.trailer_country)
        found = answer(context, query, now=NOW, zone=UTC)
        hits += found.verdict.value == "listed"
    seconds = time.perf_counter() - start
    print(
        f"a manifest of {size:,} lorries with trailers against {entries:,} entries: "
        f"{seconds:.1f} s in one process ({hits} listed)"
    )


def vehicles(seed: int) -> Iterator[Query]:
    """Lorries with a trailer and a container."""
    chance = random.Random(seed)
    plates = traffic(seed)
    while True:
        vehicle, trailer = next(plates), next(plates)
        owner = "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=3))
        box = f"{owner}U{chance.randrange(10**7):07d}"
        yield Query(vehicle[0], vehicle[1], trailer[0], trailer[1], box)


def store(path: Path, entries: int) -> Context:
    """A database with a list in force, put straight into its tables."""
    context = context_for(path)
    countries: dict[str, str] = {}
    for key, country in traffic(7):
        countries.setdefault(key, country)
        if len(countries) == entries:
            break
    said = odds(countries)
    with context.writing() as writer:
        fill(context, countries)
        writer.append(imported(entries, "0" * 64, added=entries, odds=said))
    return context


def fill(context: Context, countries: dict[str, str]) -> None:
    """One penalty line for each vehicle, and the key under which it is found."""
    given = {
        "entry_id": "number",
        "row": "number",
        "content": "CAST(number AS BLOB)",
        "registration": "key",
        "country": "country",
        "list_name": f"'{LIST}'",
        "added_version": "1",
        "haulier": "'Haulier ' || (number % 5000)",
        "penalty_reference": "'CP-' || number",
        "status": "'overdue'",
        "amount_pence": "240000",
        "balance_pence": "240000",
        "unread": "'[]'",
        "extra": "'[]'",
    }
    columns = Entry.__table__.columns  # type: ignore[attr-defined]
    values = [given.get(c.name) or ("NULL" if c.nullable else "''") for c in columns]
    connection = context.connection
    connection.execute("CREATE TEMP TABLE made (number INTEGER PRIMARY KEY, key, skel, country)")
    connection.executemany("INSERT INTO made VALUES (?, ?, ?, ?)", _numbered(countries.items()))
    names = ", ".join(c.name for c in columns)
    connection.execute(f"INSERT INTO entry ({names}) SELECT {', '.join(values)} FROM made")
    connection.execute(
        "INSERT INTO entry_mark (skeleton, key, entry_id, unit)"
        " SELECT skel, key, number, 'vehicle' FROM made ORDER BY 1, 2, 3"
    )
    connection.execute("DROP TABLE made")


def _numbered(vehicles: Iterable[tuple[str, str]]) -> Iterator[tuple[int, str, str, str]]:
    return (
        (number, key, skeleton_of(key), country)
        for number, (key, country) in enumerate(vehicles, 1)
    )
