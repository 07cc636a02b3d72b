"""Staging a version of a list: reading it beside the database, in bounded memory."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from portcheck.domain.listing import ListedRow
from portcheck.domain.maxima import BOTH_SECTIONS, MAXIMA, cannot_be
from portcheck.domain.penalty import Status
from portcheck.domain.problem import Problem, Severity
from portcheck.domain.text import as_name, fold
from portcheck.errors import NotFound, Refused
from portcheck.intake.listrows import ActionListFile
from portcheck.intake.table.mostly import refuse_mostly_rejected
from portcheck.services.context import Context
from portcheck.services.matching.containers import CHECK_DIGIT, container_remark
from portcheck.store import staged
from portcheck.store.connection import private
from portcheck.store.listrows import list_names, names_in_force
from portcheck.store.marks import marks_of, marks_of_columns
from portcheck.store.staged import Dropped

FIRST_NAME = "main"
_KNOWN = "is in the list already"
_OTHERWISE = "this vehicle has that penalty in the list already, and otherwise: both stay"
_NOT_YET = "is the date of issue and comes after today: the penalty is not issued yet"
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Counts:
    """rows = accepted + duplicates + rejected; `lines` came of the rows accepted, and
    `warnings` are problems of theirs.  `sheets` has the rows of each, where several were read.
    """

    rows: int
    accepted: int
    lines: int
    duplicates: int = 0
    rejected: int = 0
    warnings: int = 0
    sheets: dict[str, int] = field(default_factory=dict)


def list_name(context: Context, given: str, *, known_only: bool = False) -> str:
    """The list meant: as given, else the only one in force, or else that was retired.

    Raises Refused when there are several, NotFound with `known_only` when there is none.
    """
    connection = context.connection
    known = list_names(connection)
    given = as_name(given)
    if given:
        same = [name for name in known if as_name(name).casefold() == given.casefold()]
        if known_only and not same:
            raise NotFound(f"there is no list “{given}”", hint="“portcheck list show” names them.")
        return same[0] if same else given
    known = names_in_force(connection) or known
    if len(known) > 1:
        raise Refused(
            f"there are {len(known)} lists: {', '.join(known)}",
            hint="Say which one is meant with --list NAME.",
        )
    if known_only and not known:
        raise NotFound("no list is in force", hint="Import one with “portcheck list import FILE”.")
    return known[0] if known else FIRST_NAME


def taught(words: Mapping[str, str]) -> dict[str, Status]:
    """What an office's words for a status mean, by `fold`."""
    return {fold(word): Status(status) for word, status in words.items()}


def stage_file(context: Context, file: ActionListFile) -> Counts:
    """Stage every row of `file`; the caller ends the staging.

    Raises FileRefused when it breaks off, or most of its many rows cannot be taken.
    """
    connection = context.connection
    rows = lines = rejected = warnings = 0
    first: list[Problem] = []
    sheets: Counter[str] = Counter()
    with private(connection):
        staged.begin_staging(connection, file.fields)
        for batch in file.batches():
            number = len(set(batch.rows)) + len(batch.rejected) + batch.used
            rows += number
            sheets.update({batch.sheet: number} if batch.sheet else {})
            lines += len(batch.rows)
            rejected += len(batch.rejected)
            first = first or [p for p in batch.problems if p.severity is Severity.REJECTED]
            refuse_mostly_rejected(file.source.name, rows, rejected, first, more=True)
            warnings += sum(p.severity is Severity.WARNING for p in batch.problems)
            marks = marks_of_columns(batch.columns, len(batch.rows))
            staged.stage_columns(connection, batch.rows, batch.columns, marks, batch.sheet)
            staged.stage_problems(
                connection,
                (
                    (p, batch.rejected[p.row] if p.severity is Severity.REJECTED else ())
                    for p in batch.problems
                ),
            )
        refuse_mostly_rejected(file.source.name, rows, rejected, first, more=False)
        dropped = staged.drop_duplicates(connection)
        duplicates = _stage_duplicates(context, dropped)
        impossible = list(_impossible(context))
        staged.stage_problems(connection, ((problem, ()) for problem in impossible))
        warnings += len(impossible) + sum(one.partly for one in dropped)
    accepted = rows - duplicates - rejected
    left = lines - len(dropped)
    return Counts(rows, accepted, left, duplicates, rejected, warnings, dict(sheets))


def leave_out_known(context: Context, name: str, counts: Counts) -> Counts:
    """Before rows are added to a list: what is staged and in the list already is a duplicate,
    and what says otherwise than the list is told of.
    """
    connection = context.connection
    with private(connection):
        known = staged.drop_known(connection, name)
        again = _stage_duplicates(context, known)
        beside = staged.staged_beside(connection, name)
        otherwise = (
            Problem(row, "", reference, _OTHERWISE, Severity.WARNING, sheet)
            for sheet, row, reference in beside
        )
        staged.stage_problems(connection, ((problem, ()) for problem in otherwise))
    return replace(
        counts,
        accepted=counts.accepted - again,
        lines=counts.lines - len(known),
        duplicates=counts.duplicates + again,
        warnings=counts.warnings + len(beside) + sum(one.partly for one in known),
    )


def stage_rows(context: Context, rows: Iterable[tuple[int, ListedRow]]) -> Counts:
    """Stage entries that were accepted before; the caller ends the staging."""
    connection = context.connection
    number = 0
    reading = iter(rows)
    with private(connection):
        staged.begin_staging(connection)
        while batch := list(islice(reading, _BATCH)):
            number += len(batch)
            staged.stage(connection, ((row, entry, marks_of(entry)) for row, entry in batch))
    return Counts(number, number, number)


def _impossible(context: Context) -> Iterator[Problem]:
    """A warning for each penalty that cannot be as the list gives it (domain.maxima), or not yet,
    and for each container whose number is wrong.
    """
    sections = {rate.section for rate in MAXIMA}
    for sheet, row, line in staged.staged_of_section(context.connection, sections):
        for why in cannot_be(line):
            yield Problem(row, "", line.reference, f"{why}: refer it", Severity.WARNING, sheet)
    for sheet, row, party in staged.staged_under_both(context.connection):
        yield Problem(row, "", party, f"{BOTH_SECTIONS}: refer it", Severity.WARNING, sheet)
    today = context.now().astimezone(context.settings.zone).date()
    for sheet, row, issued in staged.staged_after(context.connection, today.isoformat()):
        yield Problem(row, "", issued, _NOT_YET, Severity.WARNING, sheet)
    for sheet, row, number in staged.staged_containers(context.connection):
        if (remark := container_remark(number)).startswith(CHECK_DIGIT):
            why = f"container: the {remark}; kept as written"
            yield Problem(row, "", number, why, Severity.WARNING, sheet)


def _stage_duplicates(context: Context, dropped: Sequence[Dropped]) -> int:
    """Tell of entries that were taken out; how many rows have none left."""
    rows = {(one.sheet, one.row): one for one in dropped if not one.partly}
    told = (
        Problem(
            one.row,
            "",
            one.key if one.partly else "",
            _same_as(one),
            Severity.WARNING if one.partly else Severity.DUPLICATE,
            one.sheet,
        )
        for one in (*rows.values(), *(one for one in dropped if one.partly))
    )
    staged.stage_problems(context.connection, ((problem, ()) for problem in told))
    return len(rows)


def _same_as(one: Dropped) -> str:
    if not one.first_row:
        return _KNOWN
    there = f" of sheet “{one.first_sheet}”" if one.first_sheet != one.sheet else ""
    return f"says the same as row {one.first_row}{there}"
