"""Importing a version of an action list: every row accounted for, all of it or nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from portcheck.domain.problem import Problem, Severity, first_reasons
from portcheck.domain.text import as_argument, clean, count, fold
from portcheck.errors import Refused, WrongUsage
from portcheck.intake.files.source import Source
from portcheck.intake.listrows import ActionListFile, read_action_list
from portcheck.intake.table.byhand import MAY_BE_BLANK
from portcheck.intake.table.columns import REASON_HEADING
from portcheck.intake.table.layout import Layout
from portcheck.intake.table.sheets import ALL_SHEETS, Join
from portcheck.services.clock import behind
from portcheck.services.context import Context
from portcheck.services.lists.point import Lost
from portcheck.services.lists.staging import Counts, leave_out_known, list_name, stage_file, taught
from portcheck.services.lists.store_list import Origin, store_staged
from portcheck.services.uncollected import uncollected
from portcheck.store import entries, staged
from portcheck.store.entries import Differences
from portcheck.store.listrows import CurrentVersion, accounting_of, current_version

MOST_DROPPED = 3  # a version that would drop more than one entry in three asks first


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to take a file: as which list, from which sheet and columns, how old it may become.

    With `add` its rows are added to the version in force, whose age and columns stay
    as they are; without, it takes that version's place.  `mapping` says which column
    is which field; a blank heading forgets what is remembered for the field.  `sheet` may
    be ALL_SHEETS; `statuses` says what words of the office mean (`domain.penalty.Status`), a
    blank forgets one; `join` is SHEET:COLUMN, "" for no join, None for what is remembered.
    With `rejects` the rejected rows are told also of a file that is in force already.
    `confirm` is asked, with a sentence, before a suspiciously short version is
    stored; without it the import is refused.
    """

    list_name: str = ""
    sheet: str = ""
    join: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    password: str | None = None
    max_age_days: int | None = None
    as_of: datetime | None = None
    add: bool = False
    rejects: bool = False
    dry_run: bool = False
    confirm: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not taken, as texts, and why; its sheet, where several were read."""

    row: int
    raw: tuple[str, ...]
    reason: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of an import: rows = accepted + duplicates + rejected.

    `lines` came of the rows accepted: several of one that names several vehicles.
    `sheets` has the rows of each sheet, and `layouts` where things stand in it.
    """

    list_name: str
    version: int
    file_name: str
    sha256: str
    sheet: str
    rows: int
    accepted: int
    lines: int
    duplicates: int
    rejected: int
    differences: Differences
    problems: tuple[Problem, ...]
    rejected_rows: tuple[RejectedRow, ...]
    warnings: tuple[str, ...]
    layouts: tuple[Layout, ...]
    sheets: dict[str, int]
    now_listed: tuple[str, ...]
    stored: bool
    same_file: bool = False

    @property
    def layout(self) -> Layout:
        """Where things stand in the first sheet."""
        return self.layouts[0]


def import_list(context: Context, source: Source, options: ImportOptions) -> ImportResult:
    """Read a file and store it as the list's next version.

    The file that is in force already is not stored again, unless another sheet or its
    columns are to be read otherwise, or another age is given.  Raises FileRefused,
    Refused and WrongUsage; then nothing was stored.
    """
    connection = context.connection
    name = list_name(context, options.list_name, known_only=options.add)
    current = current_version(connection, name)
    if options.add:
        _check_addition(current, options)
    join = _join(current, options)
    same = _same(context, current, source, options)
    if same and not options.rejects:
        return same
    try:
        with (
            uncollected(),
            read_action_list(
                source,
                sheet=_sheet(current, options) or None,
                join=Join.of(join) if join else None,
                mapping=options.mapping,
                remembered=current.column_map,
                taught=taught(_statuses(current, options)),
                password=options.password,
            ) as file,
        ):
            counts = stage_file(context, file)
            if same:
                rejected = _rejected(staged.staged_problems(connection))
                return replace(same, rejected_rows=rejected, layouts=file.layouts)
            if options.add:
                counts = leave_out_known(context, current.name, counts)
            problems = list(staged.staged_problems(connection))
            if not counts.accepted:
                raise Refused(_none_taken(counts, problems), where=source.name)
            found = entries.differences(connection, current.name, adding=options.add)
            lost = Lost(context, file, current.name)
            warnings = (*lost.warnings, *_warnings(context, file, current, options))
            now_listed: tuple[str, ...] = ()
            if not options.dry_run:
                _ask_if_lost(lost, options)
                _ask_if_short(found, file.layout, options, current.name)
                origin = _origin(context, file, current, options)
                found, now_listed = store_staged(context, current, origin, counts)
            stored = not options.dry_run
            result = _result(file, current, counts, found, problems)
            return replace(result, warnings=warnings, now_listed=now_listed, stored=stored)
    finally:
        staged.end_staging(connection)


def _check_addition(current: CurrentVersion, options: ImportOptions) -> None:
    """Raise WrongUsage for what only a whole list can be given, Refused for a retired list."""
    if not all(options.mapping.values()):
        raise WrongUsage(
            "what is added leaves the columns that are remembered alone",
            hint="Give --map FIELD= with the next whole list.",
        )
    if options.as_of:
        raise WrongUsage(
            "what is added leaves the list as old as it is",
            hint="Give --as-of with the next whole list.",
        )
    if current.retired:
        raise Refused(
            f"list {current.name} was retired: there is nothing in force to add rows to",
            hint="Import a whole list, or “portcheck list rollback"
            f" {current.version - 1} --list {as_argument(current.name)}”.",
        )


def _sheet(current: CurrentVersion, options: ImportOptions) -> str:
    """The sheet to read: the one remembered for the list is not looked for in what is added."""
    return clean(options.sheet) or ("" if options.add else current.sheet)


def _join(current: CurrentVersion, options: ImportOptions) -> str:
    if options.join is not None:
        return clean(options.join).strip()
    return "" if options.add or options.sheet == ALL_SHEETS else current.join


def _statuses(current: CurrentVersion, options: ImportOptions) -> dict[str, str]:
    """What words for a status mean in this file: as remembered, and as is said now."""
    said = {fold(word) for word in options.statuses}
    known = {word: what for word, what in current.status_words.items() if fold(word) not in said}
    return known | {word: what for word, what in options.statuses.items() if what}


def _origin(
    context: Context, file: ActionListFile, current: CurrentVersion, options: ImportOptions
) -> Origin:
    as_it_was = options.add or file.source.sha256 == current.sha256
    as_of = options.as_of or (current.as_of if as_it_was else None)
    return Origin(
        file_name=file.source.name,
        sha256=file.source.sha256,
        sheet=_named(file),
        sheet_wanted=current.sheet if options.add else _sheet(current, options),
        join_wanted=current.join if options.add else _join(current, options),
        column_map=current.column_map if options.add else file.mapped,
        status_words=_statuses(current, ImportOptions() if options.add else options),
        as_of=as_of or context.now(),
        max_age_days=_max_age(context, options, current),
        adding=options.add,
    )


def _named(file: ActionListFile) -> str:
    """The sheet, or the sheets, that were read."""
    return ", ".join(file.sheets)


def _warnings(
    context: Context, file: ActionListFile, current: CurrentVersion, options: ImportOptions
) -> Iterator[str]:
    """About the file, its columns, those that the version in force had and it has not, and the
    clock that tells the day it was drawn up.
    """
    yield from file.warnings
    if late := behind(context):
        yield late
    if options.add:
        return
    gone = [
        name
        for name in entries.filled(context.connection, current.name)
        if name not in {*file.fields, *MAY_BE_BLANK}
    ]
    if gone:
        names = ", ".join(name.removesuffix("_pence") for name in gone)
        yield (
            f"version {current.version} gave {names}, and NO column of this file was recognised as"
            " that: if it has one, say which with --map FIELD=HEADING"
        )
    for name, heading in current.column_map.items():
        if name not in file.mapped and name not in options.mapping:
            yield f"once this file is stored, “{heading}” is remembered for {name} no longer"


def _otherwise(current: CurrentVersion, options: ImportOptions) -> bool:
    """Whether more is said than the version in force was stored with: a column, a sheet, an age."""
    said = options.mapping.items()
    if any(current.column_map.get(name, "") != heading for name, heading in said):
        return True
    if _statuses(current, options) != current.status_words:
        return True
    if options.join is not None and _join(current, options) != current.join:
        return True
    if options.sheet == ALL_SHEETS:
        other = current.sheet != ALL_SHEETS
    else:
        other = options.sheet != "" and fold(options.sheet) != fold(current.sheet_read)
    if other or options.add:
        return other
    return options.as_of not in {None, current.as_of} or options.max_age_days not in {
        None,
        current.max_age_days,
    }


def _result(
    file: ActionListFile,
    current: CurrentVersion,
    counts: Counts,
    found: Differences,
    problems: list[tuple[Problem, list[str]]],
) -> ImportResult:
    return ImportResult(
        list_name=current.name,
        version=current.version + 1,
        file_name=file.source.name,
        sha256=file.source.sha256,
        sheet=_named(file),
        rows=counts.rows,
        accepted=counts.accepted,
        lines=counts.lines,
        duplicates=counts.duplicates,
        rejected=counts.rejected,
        differences=found,
        problems=tuple(problem for problem, _ in problems),
        rejected_rows=_rejected(problems),
        warnings=(),
        layouts=file.layouts,
        sheets=counts.sheets,
        now_listed=(),
        stored=False,
    )


def _rejected(problems: Iterable[tuple[Problem, list[str]]]) -> tuple[RejectedRow, ...]:
    """Each rejected row once, with every reason."""
    rows: dict[tuple[str, int], tuple[list[str], list[str]]] = {}
    for problem, raw in problems:
        if problem.severity is Severity.REJECTED:
            place = (problem.sheet, problem.row)
            rows.setdefault(place, (raw, []))[1].append(problem.reason)
    return tuple(
        RejectedRow(row, tuple(raw), "; ".join(why), sheet)
        for (sheet, row), (raw, why) in rows.items()
    )


def _none_taken(counts: Counts, problems: list[tuple[Problem, list[str]]]) -> str:
    if not counts.rows:
        return "it has a heading and no rows; the list in force stays as it was"
    rows = count(counts.rows, "row")
    if counts.duplicates == counts.rows:
        return f"nothing in its {rows} is new: all that it says is in the list already"
    first = first_reasons(problem for problem, _ in problems)
    return f"none of its {rows} can be taken ({first})"


def _ask_if_short(found: Differences, layout: Layout, options: ImportOptions, name: str) -> None:
    """Ask before a list is replaced by what is hardly a whole one.  Raises Refused."""
    hint = "If it is the right file, import it again with --yes."
    question = (
        f"this file would drop {found.removed:,} of the {found.current:,} entries of list {name}"
    )
    if found.current and not options.add and REASON_HEADING in layout.headings:
        question = (
            f"these are rejected rows (column “{REASON_HEADING}”): in the place of list {name} they"
            f" would drop {count(found.removed, 'entry')} of {found.current:,}"
        )
        hint = "Add them with --add. If they are the whole list, import it again with --yes."
    elif found.removed * MOST_DROPPED <= found.current:
        return
    if options.confirm is None or not options.confirm(question):
        raise Refused(f"{question}: nothing was stored", hint=hint)


def _ask_if_lost(lost: Lost, options: ImportOptions) -> None:
    """Ask before a list with penalties is replaced by one without, unless a column of them was
    just taken back.  Raises Refused.
    """
    if options.add or not lost.question or not all(options.mapping.values()):
        return
    if options.confirm is None or not options.confirm(lost.question):
        raise Refused(
            f"{lost.question}: nothing was stored",
            hint="Look at it with --dry-run, and say which column is which with --map"
            " FIELD=HEADING. If it is the right file, import it again with --yes.",
        )


def _max_age(context: Context, options: ImportOptions, current: CurrentVersion) -> int:
    if options.max_age_days is not None:
        return options.max_age_days
    if current.max_age_days is not None:
        return current.max_age_days
    return int(context.settings["max_age_days"])


def _same(
    context: Context, current: CurrentVersion, source: Source, options: ImportOptions
) -> ImportResult | None:
    """The accounting of the version in force, if this very file made it."""
    if not current.version or current.sha256 != source.sha256 or _otherwise(current, options):
        return None
    sheet, rows, accepted, lines, duplicates, rejected, kept = accounting_of(
        context.connection, current.name, current.version
    )
    return ImportResult(
        list_name=current.name,
        version=current.version,
        file_name=source.name,
        sha256=source.sha256,
        sheet=sheet,
        rows=rows,
        accepted=accepted,
        lines=lines,
        duplicates=duplicates,
        rejected=rejected,
        differences=Differences(lines + kept, 0, 0, 0, lines, kept),
        problems=(),
        rejected_rows=(),
        warnings=(),
        layouts=(Layout(sheet, 0, {}, (), ()),),
        sheets={},
        now_listed=(),
        stored=False,
        same_file=True,
    )
