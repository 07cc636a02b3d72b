"""Importing a version of an action list: every row accounted for, all of it or nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portcheck.domain.problem import Problem, Severity
from portcheck.domain.text import clean
from portcheck.errors import Refused
from portcheck.intake.header import Layout
from portcheck.intake.listrows import ActionListFile, read_action_list
from portcheck.intake.source import Source
from portcheck.services.context import Context
from portcheck.services.staging import (
    Counts,
    CurrentVersion,
    current_version,
    list_name,
    stage_file,
)
from portcheck.services.store_list import Origin, store_staged
from portcheck.store import entries
from portcheck.store.entries import Differences

MOST_DROPPED = 3  # a version that would drop more than one entry in three asks first


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
    current = current_version(connection, list_name(connection, options.list_name))
    if current.version and current.sha256 == source.sha256:
        return _same(context, current, source)
    mapping = current.column_map | dict(options.mapping)
    sheet = clean(options.sheet) or current.sheet
    try:
        with read_action_list(
            source, sheet=sheet or None, mapping=mapping, password=options.password
        ) as file:
            counts = stage_file(connection, file)
            problems = list(entries.staged_problems(connection))
            if not counts.accepted:
                raise Refused(_none_taken(counts, problems), where=source.name)
            found = entries.differences(connection, current.name)
            now_listed: tuple[str, ...] = ()
            if not options.dry_run:
                _ask_if_short(found, options, current.name)
                origin = Origin(
                    source.name,
                    source.sha256,
                    file.layout.sheet,
                    sheet,
                    mapping,
                    options.as_of or context.now(),
                    _max_age(context, options, current),
                )
                found, now_listed = store_staged(context, current, origin, counts)
            return _result(file, current, options, counts, found, problems, now_listed)
    finally:
        entries.end_staging(connection)


def _result(
    file: ActionListFile,
    current: CurrentVersion,
    options: ImportOptions,
    counts: Counts,
    found: Differences,
    problems: list[tuple[Problem, list[str]]],
    now_listed: tuple[str, ...],
) -> ImportResult:
    return ImportResult(
        list_name=current.name,
        version=current.version + 1,
        file_name=file.source.name,
        sha256=file.source.sha256,
        sheet=file.layout.sheet,
        rows=counts.rows,
        accepted=counts.accepted,
        duplicates=counts.duplicates,
        rejected=counts.rejected,
        differences=found,
        problems=tuple(problem for problem, _ in problems),
        rejected_rows=_rejected(problems),
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


def _none_taken(counts: Counts, problems: list[tuple[Problem, list[str]]]) -> str:
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


def _max_age(context: Context, options: ImportOptions, current: CurrentVersion) -> int:
    if options.max_age_days is not None:
        return options.max_age_days
    if current.max_age_days is not None:
        return current.max_age_days
    return int(context.settings["max_age_days"])


def _same(context: Context, current: CurrentVersion, source: Source) -> ImportResult:
    """The accounting of the version that this very file made."""
    sheet, rows, accepted, duplicates, rejected = context.connection.execute(
        "SELECT sheet, rows, accepted, duplicates, rejected FROM list_version"
        " WHERE list_name = ? AND version = ?",
        (current.name, current.version),
    ).fetchone()
    return ImportResult(
        list_name=current.name,
        version=current.version,
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
