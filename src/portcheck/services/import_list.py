"""Importing a version of an action list: every row accounted for, all of it or nothing."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from portcheck.domain.listing import ListedRow
from portcheck.domain.matching import Tier
from portcheck.domain.matching.odds import odds
from portcheck.domain.problem import Problem, Severity
from portcheck.domain.registration.key import skeleton_of, spellings
from portcheck.domain.text import one_line
from portcheck.errors import Refused, RegistrationRefused
from portcheck.intake.header import Layout
from portcheck.intake.listrows import ActionListFile, ReadRow, read_action_list
from portcheck.intake.source import Source
from portcheck.journal.events import ListImported
from portcheck.services.context import Context
from portcheck.services.rematch import rematch
from portcheck.store import entries
from portcheck.store.connection import private
from portcheck.store.entries import Differences, Mark

FIRST_NAME = "main"
MOST_DROPPED = 3  # a version that would drop more than one entry in three asks first
_BATCH = 2_000
_MARKS = (
    ("registration", "vehicle"),
    ("trailer_registration", "trailer"),
    ("container", "container"),
)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to take a file: as which list, from which sheet and columns, how old it may become.

    `confirm` is asked, with a sentence, before a suspiciously short version is
    stored; without it the import is refused.
    """

    list_name: str = ""
    sheet: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    password: str | None = None
    max_age_days: int | None = None
    as_of: datetime | None = None
    dry_run: bool = False
    confirm: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not taken, as texts, and why."""

    row: int
    raw: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of an import: rows = accepted + duplicates + rejected."""

    list_name: str
    version: int
    file_name: str
    sha256: str
    sheet: str
    rows: int
    accepted: int
    duplicates: int
    rejected: int
    differences: Differences
    problems: tuple[Problem, ...]
    rejected_rows: tuple[RejectedRow, ...]
    warnings: tuple[str, ...]
    layout: Layout
    now_listed: tuple[str, ...]
    stored: bool
    same_file: bool = False


def import_list(context: Context, source: Source, options: ImportOptions) -> ImportResult:
    """Read a file and store it as the list's next version.

    The file that is in force already is not stored again.  Raises FileRefused,
    Refused and WrongUsage; then nothing was stored.
    """
    connection = context.connection
    name = _list_name(context, options.list_name)
    current = connection.execute(
        "SELECT v.version, v.sha256, l.column_map, l.sheet, l.max_age_days FROM action_list AS l"
        " JOIN list_version AS v ON v.list_name = l.name AND v.version = l.version"
        " WHERE l.name = ?",
        (name,),
    ).fetchone()
    if current and current[1] == source.sha256:
        return _same(context, name, source)
    remembered = _remembered(current)
    mapping = remembered[0] | dict(options.mapping)
    sheet = options.sheet or remembered[1] or None
    try:
        with read_action_list(
            source, sheet=sheet, mapping=mapping, password=options.password
        ) as file:
            with private(connection):
                entries.begin_staging(connection)
                rows = _stage(context, file)
                duplicates = _stage_duplicates(context)
            return _finish(
                context, file, options, _Staged(name, rows, duplicates, mapping, current)
            )
    finally:
        entries.end_staging(connection)


@dataclass(frozen=True, slots=True)
class _Staged:
    name: str
    rows: int
    duplicates: int
    mapping: dict[str, str]
    current: Any

    @property
    def version(self) -> int:
        """The number the staged version will have."""
        return int(self.current[0]) + 1 if self.current else 1


@dataclass(frozen=True, slots=True)
class _Counts:
    rows: int
    accepted: int
    duplicates: int
    rejected: int
    warnings: int


def _list_name(context: Context, given: str) -> str:
    """The list meant: as given, else the only one there is."""
    known = [row[0] for row in context.connection.execute("SELECT name FROM action_list")]
    given = one_line(given)
    if given:
        same = [name for name in known if name.casefold() == given.casefold()]
        return same[0] if same else given
    if len(known) > 1:
        raise Refused(
            f"there are {len(known)} lists: {', '.join(sorted(known))}",
            hint="Say which one this file is for with --list NAME.",
        )
    return known[0] if known else FIRST_NAME


def _remembered(current: Any) -> tuple[dict[str, str], str]:
    return (json.loads(current[2]), str(current[3])) if current else ({}, "")


def _stage(context: Context, file: ActionListFile) -> int:
    """Stage every row of the file; returns how many there are."""
    rows = 0
    reading = file.rows()
    while batch := list(islice(reading, _BATCH)):
        rows += len(batch)
        entries.stage(context.connection, _accepted(batch))
        entries.stage_problems(context.connection, _problems(batch))
    return rows


def _accepted(batch: Iterable[ReadRow]) -> Iterator[tuple[int, ListedRow, list[Mark]]]:
    for read in batch:
        if read.entry is not None:
            yield read.row, read.entry, marks_of(read.entry)


def _problems(batch: Iterable[ReadRow]) -> Iterator[tuple[Problem, tuple[str, ...]]]:
    for read in batch:
        for problem in read.problems:
            yield problem, read.raw


def marks_of(entry: ListedRow) -> list[Mark]:
    """Every key under which an entry is found, its own registration first."""
    marks: list[Mark] = []
    for name, unit in _MARKS:
        text = getattr(entry, name)
        if not text:
            continue
        try:
            keys = spellings(text)
        except RegistrationRefused:
            continue  # the reader has reported it; the row stands by its other registrations
        carried_by = _own_unit(entry) if name == "registration" else unit
        marks += [(skeleton_of(key), key, carried_by) for key in keys]
    return marks


def _own_unit(entry: ListedRow) -> str:
    return entry.unit if entry.unit in {"trailer", "container"} else "vehicle"


def _stage_duplicates(context: Context) -> int:
    duplicates = entries.drop_duplicates(context.connection)
    entries.stage_problems(
        context.connection,
        (
            (Problem(row, "", "", f"says the same as row {first}", Severity.DUPLICATE), ())
            for row, first in duplicates
        ),
    )
    return len(duplicates)


def _finish(
    context: Context, file: ActionListFile, options: ImportOptions, staged: _Staged
) -> ImportResult:
    problems = list(entries.staged_problems(context.connection))
    rejected_rows = _rejected(problems)
    counts = _Counts(
        staged.rows,
        staged.rows - staged.duplicates - len(rejected_rows),
        staged.duplicates,
        len(rejected_rows),
        sum(problem.severity is Severity.WARNING for problem, _ in problems),
    )
    if not counts.accepted:
        raise Refused(_none_taken(counts, problems), where=file.source.name)
    found = entries.differences(context.connection, staged.name)
    now_listed: tuple[str, ...] = ()
    if not options.dry_run:
        _ask_if_short(found, options, staged.name)
        found, now_listed = _store(context, file, options, staged, counts)
    return ImportResult(
        list_name=staged.name,
        version=staged.version,
        file_name=file.source.name,
        sha256=file.source.sha256,
        sheet=file.layout.sheet,
        rows=counts.rows,
        accepted=counts.accepted,
        duplicates=counts.duplicates,
        rejected=counts.rejected,
        differences=found,
        problems=tuple(problem for problem, _ in problems),
        rejected_rows=rejected_rows,
        warnings=tuple(file.warnings),
        layout=file.layout,
        now_listed=now_listed,
        stored=not options.dry_run,
    )


def _rejected(problems: Iterable[tuple[Problem, list[str]]]) -> tuple[RejectedRow, ...]:
    """Each rejected row once, with every reason."""
    rows: dict[int, tuple[list[str], list[str]]] = {}
    for problem, raw in problems:
        if problem.severity is Severity.REJECTED:
            rows.setdefault(problem.row, (raw, []))[1].append(problem.reason)
    return tuple(RejectedRow(row, tuple(raw), "; ".join(why)) for row, (raw, why) in rows.items())


def _none_taken(counts: _Counts, problems: list[tuple[Problem, list[str]]]) -> str:
    if not counts.rows:
        return "it has a heading and no rows; the list in force stays as it was"
    first = "; ".join(f"row {p.row}: {p.reason}" for p, _ in problems[:3])
    return f"none of its {counts.rows:,} rows can be taken ({first})"


def _ask_if_short(found: Differences, options: ImportOptions, name: str) -> None:
    if found.removed * MOST_DROPPED <= found.current:
        return
    question = (
        f"this file would drop {found.removed:,} of the {found.current:,} entries of list {name}"
    )
    if options.confirm is None or not options.confirm(question):
        raise Refused(
            f"{question}: nothing was stored",
            hint="If it is the right file, import it again with --yes.",
        )


def _store(
    context: Context,
    file: ActionListFile,
    options: ImportOptions,
    staged: _Staged,
    counts: _Counts,
) -> tuple[Differences, tuple[str, ...]]:
    connection, name = context.connection, staged.name
    chances = odds(entries.staged_keys(connection))
    with context.writing() as writer:
        _still_newest(context, staged)
        found = entries.differences(connection, name)
        entries_sha256 = entries.store_version(connection, name, staged.version)
        writer.append(
            ListImported(
                list_name=name,
                version=staged.version,
                file_name=file.source.name,
                sha256=file.source.sha256,
                sheet=file.layout.sheet,
                as_of=options.as_of or context.now(),
                max_age_days=_max_age(context, options, staged),
                rows=counts.rows,
                accepted=counts.accepted,
                duplicates=counts.duplicates,
                rejected=counts.rejected,
                warnings=counts.warnings,
                added=found.added,
                changed=found.changed,
                removed=found.removed,
                unchanged=found.unchanged,
                entries_sha256=entries_sha256,
                column_map=staged.mapping,
                odds={tier.value: chances.of(tier) for tier in Tier},
            )
        )
        return found, tuple(rematch(writer, name))


def _still_newest(context: Context, staged: _Staged) -> None:
    row = context.connection.execute(
        "SELECT version FROM action_list WHERE name = ?", (staged.name,)
    ).fetchone()
    if (int(row[0]) if row else 0) != staged.version - 1:
        raise Refused(
            f"somebody else imported a version of list {staged.name} meanwhile",
            hint="Look at “portcheck list history” and import again; nothing was stored.",
        )


def _max_age(context: Context, options: ImportOptions, staged: _Staged) -> int:
    if options.max_age_days is not None:
        return options.max_age_days
    if staged.current:
        return int(staged.current[4])
    return int(context.settings["max_age_days"])


def _same(context: Context, name: str, source: Source) -> ImportResult:
    """The accounting of the version that this very file made."""
    row = context.connection.execute(
        "SELECT v.version, v.sheet, v.rows, v.accepted, v.duplicates, v.rejected FROM action_list"
        " AS l JOIN list_version AS v ON v.list_name = l.name AND v.version = l.version"
        " WHERE l.name = ?",
        (name,),
    ).fetchone()
    version, sheet, rows, accepted, duplicates, rejected = row
    return ImportResult(
        list_name=name,
        version=version,
        file_name=source.name,
        sha256=source.sha256,
        sheet=sheet,
        rows=rows,
        accepted=accepted,
        duplicates=duplicates,
        rejected=rejected,
        differences=Differences(accepted, 0, 0, 0, accepted),
        problems=(),
        rejected_rows=(),
        warnings=(),
        layout=Layout(sheet, 0, {}, (), ()),
        now_listed=(),
        stored=False,
        same_file=True,
    )
