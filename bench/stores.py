"""Databases of any size for the benchmarks, made through the program's own code."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from portcheck.domain.answer import Answer, AssessedPenalty, ListInForce, Mark, Match, Unit
from portcheck.domain.decision import Decision
from portcheck.domain.enforceability import ListAge, assess
from portcheck.domain.listing import ListedRow
from portcheck.domain.matching import Tier
from portcheck.domain.matching.odds import Odds
from portcheck.domain.penalty import PenaltyLine
from portcheck.domain.registration.key import key_of, skeleton_of
from portcheck.journal.append import Actor
from portcheck.journal.events import ListImported
from portcheck.services import operation
from portcheck.services.checks.check import Observed, examine, write
from portcheck.services.context import Context
from portcheck.services.settings import load
from portcheck.store import entries, staged
from portcheck.store.connection import private
from portcheck.store.finder import OperationRow
from portcheck.store.schema import open_store

NOW = datetime(2021, 6, 17, 12, 0, tzinfo=UTC)
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"
_BATCH = 5_000
LIST = "bench"
_SHA256 = "0" * 64
_IN_FORCE = ListInForce(LIST, 1, 1, 0, _SHA256, NOW, 0, 7)


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
        staged.begin_staging(connection)
        for start in range(1, entries_wanted + 1, _BATCH):
            count = min(_BATCH, entries_wanted + 1 - start)
            staged.stage(
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
        staged.drop_duplicates(connection)
    with context.writing() as writer:
        found = entries.differences(connection, LIST)
        digest = entries.store_version(connection, LIST, 1).entries
        writer.append(imported(entries_wanted, digest, added=found.added))
    staged.end_staging(connection)


def imported(rows: int, digest: str, *, added: int, odds: Odds | None = None) -> ListImported:
    """The event of a list's first version, every row of it accepted."""
    return ListImported(
        list_name=LIST,
        version=1,
        file_name=LIST,
        sha256=_SHA256,
        as_of=NOW,
        max_age_days=7,
        rows=rows,
        accepted=rows,
        duplicates=0,
        rejected=0,
        warnings=0,
        added=added,
        changed=0,
        removed=0,
        unchanged=0,
        entries_sha256=digest,
        odds={tier.value: odds.of(tier) for tier in Tier} if odds else {},
    )


def fill_checks(
    context: Context, checks: int, seed: int = 2, *, rich: bool = False
) -> OperationRow:
    """Record so many checks with outcomes, in batches.

    None is a hit.  In a `rich` operation seven in ten have a trailer, cash is seized
    at one in eighty, and one in forty is a hit with three penalty lines, one of them
    without a sum; at every other hit a part is paid.
    """
    chosen = operation.start(context, f"Bench {checks}", site="Bench")
    add_checks(context, chosen, checks, seed, rich=rich)
    return chosen


def add_checks(
    context: Context, chosen: OperationRow, checks: int, seed: int = 2, *, rich: bool = False
) -> None:
    """The same in an operation that is under way."""
    rng = random.Random(seed)
    marks = registrations(seed)
    made = 0
    while made < checks:
        with context.writing() as writer:
            for _ in range(min(_BATCH, checks - made)):
                observed = _observed(rng, made)
                text, country = next(marks), rng.choice(("GB", "PL", "RO", "DE", "NL", ""))
                mark = Mark(Unit.VEHICLE, text, text, country)
                answer = Answer((mark,), (), (_IN_FORCE,) if rich else ())
                if rich:
                    answer, observed = _enriched(rng, answer, observed)
                write(writer, examine(chosen, answer, observed, observed.at or context.now()))
                made += 1


def _observed(rng: random.Random, number: int) -> Observed:
    outcome: dict[str, object] = {"searched": [rng.choice(("visual", "dog", "physical"))]}
    if rng.random() < 0.1:
        outcome["offences"] = [
            {"offence": "tachograph", "disposal": "fixed_penalty", "amount_pence": 10000}
        ]
    if rng.random() < 0.3:
        outcome["education"] = ["leaflet"]
    return Observed(
        details={
            "direction": rng.choice(("inbound", "outbound")),
            "body": rng.choice(("curtain_sided", "refrigerated", "hard_sided")),
            "lane": str(rng.randrange(1, 7)),
        },
        outcome=outcome,
        at=NOW - timedelta(seconds=number % 36_000),
    )


def _enriched(rng: random.Random, answer: Answer, observed: Observed) -> tuple[Answer, Observed]:
    """A check with what makes a tally long: a trailer, a match with its lines, cash."""
    outcome = dict(observed.outcome)
    if rng.random() < 0.7:
        text = f"C{rng.randrange(10**7):07d}"
        answer = replace(answer, marks=(*answer.marks, Mark(Unit.TRAILER, text, text, "GB")))
    if rng.random() < 1 / 80:
        sums = {"currency": rng.choice(("GBP", "EUR")), "amount_minor": rng.randrange(500_000)}
        outcome["cash"] = [sums | {"disposal": "seized"}]
    if rng.random() >= 1 / 40:
        return answer, replace(observed, outcome=outcome)
    mark = answer.marks[0]
    if rng.random() < 0.5:
        outcome["penalties"] = [
            {"reference": f"{mark.text}-1", "action": "part_paid", "amount_pence": 90_000}
        ]
    return (
        replace(answer, matches=(_match(mark),)),
        replace(observed, outcome=outcome, decision=Decision.CONFIRMED),
    )


def _match(mark: Mark) -> Match:
    """`mark` is listed, with a penalty line for each of three liable parties."""
    lines = (
        PenaltyLine(
            reference=f"{mark.text}-{number}",
            section="32",
            liable_party="Acme Ltd",
            liable_role=role,
            haulier="Acme Ltd",
            balance_pence=owed,
            status="overdue",
            issued_on=date(2021, 1, 4),
        )
        for number, (role, owed) in enumerate(
            (("owner", 240_000), ("hirer", 60_000), ("driver", None)), 1
        )
    )
    age = ListAge(0, _IN_FORCE.max_age_days)
    return Match(
        unit=mark.unit,
        typed=mark.text,
        registration=mark.text,
        listed_as="vehicle",
        country=mark.country,
        tier=Tier.EXACT,
        cost=0.0,
        why="same registration",
        list_name=LIST,
        list_version=1,
        haulier="Acme Ltd",
        penalties=tuple(
            AssessedPenalty(line, assess(line, today=NOW.date(), age=age), 1) for line in lines
        ),
    )
