"""The sample held against portcheck itself: what matches, and the figures of the log."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from portcheck.domain.listing import ListedRow
from portcheck.domain.matching import compare, neighbours
from portcheck.domain.outcome import primary_outcome
from portcheck.domain.outcome_words import PROHIBITIONS
from portcheck.domain.problem import Problem
from portcheck.domain.registration.key import key_of, skeleton_of
from portcheck.domain.registration.readings import spellings
from portcheck.intake.files.source import open_source
from portcheck.intake.listrows import read_action_list
from portcheck.store.entryvalues import entry_of
from sample.findings import Outcome
from sample.traffic import Lorry


class ReadRow(NamedTuple):
    """A data row as portcheck reads it; `entry` is None when it was rejected."""

    row: int
    entry: ListedRow | None
    problems: tuple[Problem, ...]


def every_row(path: Path) -> tuple[list[ReadRow], tuple[str, ...]]:
    """The data rows of an action list in order, and what is told of the file."""
    rows: list[ReadRow] = []
    with read_action_list(open_source(path)) as file:
        for batch in file.batches():
            problems: dict[int, list[Problem]] = {}
            for problem in batch.problems:
                problems.setdefault(problem.row, []).append(problem)
            for number, *values in zip(batch.rows, *batch.columns.values(), strict=True):
                entry = entry_of(dict(zip(batch.columns, values, strict=True)))
                rows.append(ReadRow(number, entry, tuple(problems.get(number, ()))))
            rows += (ReadRow(number, None, tuple(problems[number])) for number in batch.rejected)
        warnings = file.warnings
    return sorted(rows, key=lambda row: row.row), warnings


def listed(path: Path) -> list[ListedRow]:
    """The rows of an action list that portcheck takes."""
    return [row.entry for row in every_row(path)[0] if row.entry is not None]


def accounting(path: Path) -> str:
    """Rows, accepted, duplicates and rejected, in words."""
    rows, _ = every_row(path)
    taken = [row.entry for row in rows if row.entry is not None]
    accepted = len(set(taken))
    return (
        f"{path.name}: {len(rows)} rows = {accepted} accepted"
        f" + {len(taken) - accepted} duplicates + {len(rows) - len(taken)} rejected"
    )


def matches(marks: Iterable[str], entries: Iterable[ListedRow]) -> dict[str, str]:
    """The tier of every one of `marks` that resembles a listed one in any way."""
    index: dict[str, set[tuple[str, str]]] = {}
    for entry in entries:
        for text in (entry.registration, entry.trailer_registration, entry.container):
            for key in spellings(text) if text else ():
                index.setdefault(skeleton_of(key), set()).add((key, entry.country))
    found = {}
    for mark in marks:
        key = key_of(mark)
        for skeleton in neighbours(skeleton_of(key)):
            for other, country in index.get(skeleton, ()):
                comparison = compare(key, other, listed_country=country)
                found[mark] = comparison.tier.value if comparison else "beside"
    return found


def marks_of(lorries: Iterable[Lorry]) -> list[str]:
    """Every registration of the log."""
    return [
        mark
        for lorry in lorries
        for mark in (lorry.registration, lorry.trailer, lorry.container)
        if mark
    ]


def figures(lorries: Sequence[Lorry], outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The figures of the log, one a line."""
    offences = [offence for o in outcomes for offence in o.get("offences", ())]
    money = Counter[str]()
    for offence in offences:
        money[offence["disposal"]] += offence.get("amount_pence", 0)
    primary = Counter(primary_outcome(o, unresolved=False).value for o in outcomes)
    searched = [o for o in outcomes if o.get("searched")]
    yield f"checks {len(lorries)}, vehicles {len({key_of(o.registration) for o in lorries})}"
    yield f"trailers {sum(bool(o.trailer) for o in lorries)}"
    yield f"containers {sum(bool(o.container) for o in lorries)}"
    yield f"direction {dict(Counter(lorry.direction for lorry in lorries))}"
    yield f"country {dict(Counter(lorry.country for lorry in lorries).most_common())}"
    yield f"body {dict(Counter(lorry.body for lorry in lorries).most_common())}"
    yield f"unit {dict(Counter(lorry.unit for lorry in lorries))}"
    yield f"hour {dict(sorted(Counter(lorry.at.hour for lorry in lorries).items()))}"
    yield f"officer {dict(Counter(lorry.officer for lorry in lorries))}"
    yield f"agency {dict(Counter(lorry.agency for lorry in lorries))}"
    yield f"searched {len(searched)}, nothing found {sum('cash' not in o for o in searched)}"
    yield f"offences {len(offences)}, by disposal {dict(Counter(o['disposal'] for o in offences))}"
    yield f"prohibitions {sum(o['disposal'] in PROHIBITIONS for o in offences)}"
    yield f"fixed penalties {money['fixed_penalty']}p, deposits {money['deposit']}p"
    yield f"educated {sum(bool(o.get('education')) for o in outcomes)}"
    yield f"primary outcomes {dict(primary)}"
