"""A ferry's manifest against the lists, before the ship docks.

Every row is accounted for: rows = accepted + duplicates + rejected.  No check
is recorded, only that the file was held against the lists.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from portcheck.domain.answer import Answer, HaulierAdvice, ListInForce, Mark, Match, Unit, Verdict
from portcheck.domain.matching import Tier
from portcheck.domain.problem import Problem, Severity, first_reasons
from portcheck.domain.text import count, fold, one_line
from portcheck.errors import Refused, RegistrationRefused
from portcheck.intake.cells import Cell, shown, text_of
from portcheck.intake.files.source import Source
from portcheck.intake.table.columns import names_of
from portcheck.intake.table.layout import Layout
from portcheck.intake.table.mostly import refuse_mostly_rejected
from portcheck.intake.table.reading import TableFile, TableRow, read_table
from portcheck.intake.values.marks import mark_of
from portcheck.intake.values.severalmarks import marks_apart
from portcheck.intake.values.words import ValueRefused
from portcheck.intake.values.words import country as country_of
from portcheck.services.context import Context
from portcheck.services.matching.lookup import note_consulted
from portcheck.services.matching.matcher import answer_marks, mark_typed, no_list
from portcheck.services.matching.seen import with_seen
from portcheck.store.connection import snapshot
from portcheck.store.finder import CurrentList, lists_in_force

_UNITS = {
    "registration": Unit.VEHICLE,
    "trailer_registration": Unit.TRAILER,
    "container": Unit.CONTAINER,
}
_AT_A_TIME = 100
"""Rows matched in one read transaction: somebody who records a check waits for no more."""

_ORDER = {tier: place for place, tier in enumerate(Tier)}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One line of a manifest that can be matched; `duplicate_of` is an earlier row, or 0."""

    row: int
    marks: tuple[Mark, ...]
    haulier: str
    sailing: str
    duplicate_of: int = 0


@dataclass(frozen=True, slots=True)
class Screened:
    """A line of a manifest and its answer."""

    line: ManifestRow
    answer: Answer

    @property
    def stops(self) -> list[Match]:
        """The matches to stop it for, the surest first and then the dearest."""
        found = [match for match in self.answer.matches if match.alerts]
        return sorted(found, key=lambda m: (_ORDER[m.tier], -owed_pence(m)))

    @property
    def urgency(self) -> tuple[int, int, int]:
        """Sorts what to stop: by how sure, then how much is owed, then its row."""
        first = self.stops[0]
        owed = sum(owed_pence(match) for match in self.stops if match.tier is first.tier)
        return _ORDER[first.tier], -owed, self.line.row


@dataclass(frozen=True, slots=True)
class ScreenResult:
    """What came of a manifest; rows = accepted + duplicates + rejected.

    `screened` are the accepted rows and `repeated` the duplicates, with the
    answers of the rows they repeat, both in the order of the file.
    """

    file_name: str
    sha256: str
    layout: Layout
    rows: int
    rejected: int
    problems: tuple[Problem, ...]
    lists: tuple[ListInForce, ...]
    screened: tuple[Screened, ...]
    repeated: tuple[Screened, ...]
    at: datetime
    zone: tzinfo

    @property
    def accepted(self) -> int:
        """Rows that were matched."""
        return len(self.screened)

    @property
    def duplicates(self) -> int:
        """Rows that say the same as an earlier one."""
        return len(self.repeated)

    @property
    def accounting(self) -> str:
        """Where every row went."""
        return (
            f"{count(self.rows, 'row')} = {self.accepted:,} accepted + "
            f"{self.duplicates:,} duplicate + {self.rejected:,} rejected"
        )

    @property
    def stops(self) -> list[Screened]:
        """What to stop, the most urgent first."""
        return sorted((one for one in self.screened if one.stops), key=lambda one: one.urgency)

    @property
    def advised(self) -> list[tuple[HaulierAdvice, list[int]]]:
        """The listed hauliers that lorries go for, with their rows; the largest sums first."""
        rows: dict[HaulierAdvice, list[int]] = {}
        for one in self.screened:
            for advice in one.answer.advice:  # however the name is written, where it is the same
                told = replace(advice, typed="") if advice.same else advice
                rows.setdefault(told, []).append(one.line.row)
        return sorted(rows.items(), key=lambda pair: (-pair[0].owed_pence, pair[1]))

    @property
    def not_screened(self) -> list[Problem]:
        """The rejected rows, each once with all its reasons."""
        rows: dict[int, list[Problem]] = {}
        for problem in self.problems:
            if problem.severity is Severity.REJECTED:
                rows.setdefault(problem.row, []).append(problem)
        return [
            replace(all_[0], reason="; ".join(p.reason for p in all_)) for all_ in rows.values()
        ]

    def verdicts(self) -> dict[Verdict, int]:
        """How many accepted rows came to each verdict."""
        found = [one.answer.verdict for one in self.screened]
        return {verdict: found.count(verdict) for verdict in Verdict}


def owed_pence(match: Match) -> int:
    """What is left to be paid on a match; a line without a sum counts as nothing."""
    return sum(penalty.left_pence or 0 for penalty in match.penalties)


def screen(
    context: Context,
    source: Source,
    *,
    sheet: str = "",
    mapping: Mapping[str, str] | None = None,
    password: str | None = None,
    progress: Progress = lambda _done, _total: None,
) -> ScreenResult:
    """Hold every row of a manifest against the lists in force.

    `progress` is told how many rows of how many are done.  Raises FileRefused
    and WrongUsage as every import does, and Refused without a list in force and
    for a file none of whose rows can be used.
    """
    if not lists_in_force(context.connection):
        raise no_list("screened")
    with read_table(
        source,
        names_of("manifest"),
        _UNITS,
        sheet=sheet or None,
        mapping=mapping,
        password=password,
    ) as table:
        reader = _Reader(table)
        lines = list(reader.lines())
        warnings = [Problem(0, "", "", text, Severity.WARNING) for text in table.warnings]
    if not lines:
        raise Refused(_none_taken(reader), where=source.name)
    here, now = context.zone_here(), context.now()
    answers = _answers(context, lines, now, here, progress)
    screened = [Screened(line, answer) for line, answer in zip(lines, answers, strict=True)]
    return ScreenResult(
        file_name=source.name,
        sha256=source.sha256,
        layout=table.layout,
        rows=reader.rows,
        rejected=reader.rejected,
        problems=(*warnings, *reader.problems),
        lists=answers[0].lists,
        screened=tuple(one for one in screened if not one.line.duplicate_of),
        repeated=tuple(one for one in screened if one.line.duplicate_of),
        at=now,
        zone=here,
    )


def note_screened(context: Context, result: ScreenResult) -> None:
    """Log the consultation: the file and its figures (Data Protection Act 2018 s.62)."""
    told = f"{result.file_name}, sha256 {result.sha256}: {result.accounting}"
    found = [f"{number:,} {verdict}" for verdict, number in result.verdicts().items()]
    note_consulted(context, "screen", [told], found)


def _none_taken(reader: "_Reader") -> str:
    if not reader.rows:
        return "it has a heading and no rows"
    first = first_reasons(reader.problems)
    return f"none of its {count(reader.rows, 'row')} can be screened ({first})"


def _answers(
    context: Context, lines: Sequence[ManifestRow], now: datetime, here: tzinfo, progress: Progress
) -> list[Answer]:
    """The answers, all against the same versions of the lists.

    The rows are matched some at a time, because a reader holds up those who
    write.  When a list is imported meanwhile, all are matched again.
    """
    answers: list[Answer] = []
    lists: list[CurrentList] = []
    while len(answers) < len(lines):
        with snapshot(context.connection):
            current = lists_in_force(context.connection)
            if current != lists:
                lists, answers = current, []
            first = len(answers)
            found = [
                answer_marks(
                    context,
                    line.marks,
                    line.haulier,
                    now=now,
                    zone=here,
                    advise=True,
                    at_check=False,
                )
                for line in lines[first : first + _AT_A_TIME]
            ]
            answers += with_seen(context, found, now, here)
        progress(len(answers), len(lines))
    return answers


@dataclass(slots=True)
class _Reader:
    """Reads rows into what can be matched; what cannot be is a problem with its place."""

    table: TableFile
    rows: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    _seen: dict[tuple[object, ...], int] = field(default_factory=dict)

    def lines(self) -> Iterator[ManifestRow]:
        """Every row that is not rejected."""
        for row in self.table.rows():
            self.rows += 1
            line = None if row.rejected else self._line(row)
            self.problems += row.problems
            if line is None:
                self.rejected += 1
                self._check(more=True)
            else:
                yield line
        self._check(more=False)

    def _check(self, *, more: bool) -> None:
        where = self.table.source.name
        refuse_mostly_rejected(where, self.rows, self.rejected, self.problems, more=more)

    def _line(self, row: TableRow) -> ManifestRow | None:
        country, troubles = self._country(row)
        marks: list[Mark] = []
        for fields, heading, cell in row.marks:
            try:
                found = [(_UNITS[name], mark_of(one)) for name, one in marks_apart(cell, fields)]
                marks += [
                    mark_typed(unit, mark.text, country if unit is Unit.VEHICLE else "")
                    for unit, mark in found
                    if mark.text
                ]
            except (ValueRefused, RegistrationRefused) as error:
                troubles.append(_problem(row, heading, cell, error.message))
                continue
            warnings = [mark.warning for _, mark in found if mark.warning]
            if len(found) > len(fields):
                warnings.append(f"holds {len(found)} registrations: each is matched")
            troubles += [_problem(row, heading, cell, warning) for warning in warnings]
        if not marks:
            self._reject(row, troubles)
            return None
        self.problems += troubles
        haulier = one_line(text_of(row.cells.get("haulier", "")))
        sailing = one_line(text_of(row.cells.get("sailing", "")))
        first = self._first_like(row.row, marks, sailing)
        return ManifestRow(row.row, tuple(marks), haulier, sailing, first)

    def _first_like(self, row: int, marks: Sequence[Mark], sailing: str) -> int:
        """The earlier row with the same registrations on the same sailing, or 0."""
        same = (*((mark.unit, mark.key) for mark in marks), fold(sailing))
        first = self._seen.setdefault(same, row)
        if first == row:
            return 0
        reason = f"the same registrations on the same sailing as row {first}"
        self.problems.append(Problem(row, "", "", reason, Severity.DUPLICATE))
        return first

    def _country(self, row: TableRow) -> tuple[str, list[Problem]]:
        """The vehicle's country; one that nobody knows is told of, and is none."""
        try:
            return country_of(row.cells.get("country", "")), []
        except ValueRefused as error:
            heading = self.table.layout.columns["country"][1]
            return "", [_problem(row, heading, row.cells["country"], error.message)]

    def _reject(self, row: TableRow, troubles: Sequence[Problem]) -> None:
        marks = {one.heading for one in self.table.layout.marks}
        refused = [p for p in troubles if p.column in marks]
        nothing = Problem(row.row, "", "", "there is no registration in this row")
        self.problems += [replace(p, severity=Severity.REJECTED) for p in refused] or [nothing]


def _problem(row: TableRow, heading: str, cell: Cell, reason: str) -> Problem:
    return Problem(row.row, heading, shown(cell), reason, Severity.WARNING)
