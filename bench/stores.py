"""Databases of any size for the benchmarks, made through the program's own code."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from portcheck.domain.answer import Answer, Mark, Unit
from portcheck.domain.listing import ListedRow
from portcheck.domain.registration.key import key_of, skeleton_of
from portcheck.journal.append import Actor
from portcheck.journal.events import ListImported
from portcheck.services import operation
from portcheck.services.check import Observed, Prepared, examine, write
from portcheck.services.context import Context
from portcheck.services.settings import load
from portcheck.store import entries
from portcheck.store.connection import private
from portcheck.store.finder import OperationRow
from portcheck.store.schema import open_store

NOW = datetime(2021, 6, 17, 12, 0, tzinfo=UTC)
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"
_BATCH = 5_000


def context_for(path: Path) -> Context:
    """A context on a new or existing database at `path`."""
    settings = load({"database": str(path), "officer": "bench"}, {})
    actor = Actor("bench", "Bench", "L1")
    return Context(open_store(path, create=True), path, settings, actor, now=lambda: NOW)


def registrations(seed: int) -> Iterator[str]:
    """Endless distinct marks in the British shape."""
    rng = random.Random(seed)
    seen: set[str] = set()
    while True:
        mark = (
            "".join(rng.choices(_LETTERS, k=2))
            + f"{rng.randrange(100):02d}"
            + "".join(rng.choices(_LETTERS, k=3))
        )
        if mark not in seen:
            seen.add(mark)
            yield mark


def fill_list(context: Context, entries_wanted: int, seed: int = 1) -> None:
    """Import a list of so many entries, bypassing only the file."""
    connection = context.connection
    marks = registrations(seed)
    with private(connection):
        entries.begin_staging(connection)
        for start in range(1, entries_wanted + 1, _BATCH):
            count = min(_BATCH, entries_wanted + 1 - start)
            entries.stage(
                connection,
                (
                    (
                        start + i,
                        ListedRow(
                            registration=mark,
                            country="GB",
                            haulier=f"Haulier {(start + i) % 5000}",
                            penalty_reference=f"CP-{start + i}",
                            amount_pence=240000,
                            balance_pence=240000,
                            status="overdue",
                        ),
                        [(skeleton_of(key_of(mark)), key_of(mark), "vehicle")],
                    )
                    for i, mark in enumerate(islice(marks, count))
                ),
            )
        entries.drop_duplicates(connection)
    with context.writing() as writer:
        found = entries.differences(connection, "bench")
        digest = entries.store_version(connection, "bench", 1)
        writer.append(
            ListImported(
                list_name="bench",
                version=1,
                file_name="bench",
                sha256="0" * 64,
                as_of=NOW,
                max_age_days=7,
                rows=entries_wanted,
                accepted=entries_wanted,
                duplicates=0,
                rejected=0,
                warnings=0,
                added=found.added,
                changed=0,
                removed=0,
                unchanged=0,
                entries_sha256=digest,
            )
        )
    entries.end_staging(connection)


def fill_checks(context: Context, checks: int, seed: int = 2) -> OperationRow:
    """Record so many checks with outcomes, one in fifty of them a hit, in batches."""
    rng = random.Random(seed)
    chosen = operation.start(context, f"Bench {checks}", site="Bench")
    marks = registrations(seed)
    made = 0
    while made < checks:
        with context.writing() as writer:
            for _ in range(min(_BATCH, checks - made)):
                write(writer, _check(rng, chosen, next(marks), made))
                made += 1
    return chosen


def _check(rng: random.Random, chosen: OperationRow, text: str, number: int) -> Prepared:
    country = rng.choice(("GB", "PL", "RO", "DE", "NL", ""))
    mark = Mark(Unit.VEHICLE, text, text, country)
    outcome: dict[str, object] = {"searched": [rng.choice(("visual", "dog", "physical"))]}
    if rng.random() < 0.1:
        outcome["offences"] = [
            {"offence": "tachograph", "disposal": "fixed_penalty", "amount_pence": 10000}
        ]
    if rng.random() < 0.3:
        outcome["education"] = ["leaflet"]
    observed = Observed(
        details={
            "direction": rng.choice(("inbound", "outbound")),
            "body": rng.choice(("curtain_sided", "refrigerated", "hard_sided")),
            "lane": str(rng.randrange(1, 7)),
        },
        outcome=outcome,
        at=NOW - timedelta(seconds=number % 36_000),
    )
    return examine(chosen, Answer((mark,), (), ()), observed)
