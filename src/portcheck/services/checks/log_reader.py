"""Reading the rows of a check log into checks that can be recorded."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from portcheck.domain.answer import Answer, Mark
from portcheck.domain.decision import Decision, Said
from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, Kind, Values, parse
from portcheck.domain.outcome import ENFORCING, OUTCOME
from portcheck.domain.problem import Problem, Severity
from portcheck.domain.registration.one_mark import is_no_registration
from portcheck.domain.settlement import reference_key
from portcheck.domain.text import as_name, fold, one_line
from portcheck.domain.times import parse_time
from portcheck.errors import Refused
from portcheck.intake.cells import Cell, is_blank, restored, text_of
from portcheck.intake.files.source import Kind as FileKind
from portcheck.intake.table.mostly import refuse_mostly_rejected
from portcheck.intake.table.reading import TableFile, TableRow
from portcheck.intake.values.severalmarks import marks_apart
from portcheck.intake.values.words import blank
from portcheck.services.checks.check import Observed, Prepared, examine
from portcheck.services.checks.penalties import PaidAlready
from portcheck.services.context import Context
from portcheck.services.matching.matcher import Query, answer
from portcheck.services.settings import zone
from portcheck.store.finder import OperationRow
from portcheck.store.singlechecks import recorded_at

SOURCE = "log_import"


class LogReader:
    """Reads rows into checks that can be recorded; what cannot be is a problem with its place.

    `unread` are the headings of columns that hold something and are none of a check's.
    `again` says that money on penalties that are paid already is meant.
    """

    def __init__(self, context: Context, operation: OperationRow, *, again: bool = False) -> None:
        self._context = context
        self._again = again
        self._operation = operation
        self._zone: tzinfo = zone(operation.timezone)
        self._seen: dict[tuple[str, str], list[tuple[str, int]]] = {}
        self._paid: Counter[str] = Counter()  # pence in earlier rows, by `reference_key`
        self.rows = 0
        self.duplicates = 0
        self.accepted: list[Prepared] = []
        self.problems: list[Problem] = []
        self.unread: dict[str, None] = {}

    @property
    def rejected(self) -> int:
        """Rows that are neither accepted nor duplicates."""
        return self.rows - len(self.accepted) - self.duplicates

    def read(self, table: TableFile) -> None:
        """Account for every row of a file."""
        for row in table.rows():
            self._take(_as_exported(row) if table.source.kind is FileKind.TEXT else row)
            self._check(table, more=True)
        self._check(table, more=False)

    def _check(self, table: TableFile, *, more: bool) -> None:
        where = table.source.name
        refuse_mostly_rejected(where, self.rows, self.rejected, self.problems, more=more)

    def _take(self, row: TableRow) -> None:
        self.rows += 1
        self.problems += row.problems
        self.unread |= dict.fromkeys(heading for heading, _ in row.extra)
        if row.rejected:
            return
        try:
            prepared = self._prepared(row)
            if self._is_duplicate(row, prepared):
                return
            if not self._again:
                once = replace(prepared.observed, again=False)
                when = once.at or self._context.now()
                prepared = examine(self._operation, prepared.answer, once, when)
                self._hold_unpaid(prepared)
        except Refused as error:
            column = error.where
            value = one_line(text_of(row.cells.get(column, ""))) if column else ""
            self.problems.append(Problem(row.row, column, value, error.message))
            return
        self.accepted.append(prepared)
        for action in _payments(prepared.observed.outcome):
            self._paid[reference_key(action["reference"])] += action["amount_pence"]
        self.problems += [
            Problem(row.row, "", "", warning, Severity.WARNING) for warning in prepared.warnings
        ]

    def _prepared(self, row: TableRow) -> Prepared:
        texts = {name: one_line(text_of(cell)) for name, cell in row.cells.items()}
        texts |= _marks(row)
        at = self._at(row.cells.get("at", ""))
        decision, reason = _decision(texts.get("decision", ""))
        details = _values(DETAILS, row.cells)
        observed = Observed(
            details=details,
            outcome=_values(OUTCOME, row.cells),
            decision=decision,
            reason=reason,
            at=at,
            source=SOURCE,
            checked_by=as_name(texts.get("officer", "")),
            checked_by_agency=as_name(texts.get("agency", "")),
            again=True,  # until it is known to be no check that was taken already
        )
        query = Query(
            texts.get("registration", ""),
            texts.get("country", ""),
            _or_none(texts.get("trailer_registration", "")),
            texts.get("trailer_country", ""),
            _or_none(texts.get("container", "")),
            details.get("haulier", ""),
        )
        clock = self._context.now()
        found = answer(self._context, query, now=at, zone=self._zone, clock=clock)
        for action in _payments(observed.outcome):
            left = self._left(found, action["reference"])
            if action["action"] == "paid_in_full" and left and left > 0:
                action.setdefault("amount_pence", left)
        return examine(self._operation, found, observed, at)

    def _left(self, found: Answer, reference: str) -> int | None:
        """What earlier rows leave of a penalty of which they pay; else None, as without a sum."""
        wanted = reference_key(reference)
        lines = {
            one.key: one.left_pence
            for match in found.matches
            for one in match.penalties
            if match.alerts and one.key[0] == wanted
        }
        sums = [pence for pence in lines.values() if pence is not None]
        if not self._paid[wanted] or not sums or len(sums) < len(lines):
            return None
        return sum(sums) - self._paid[wanted]

    def _hold_unpaid(self, prepared: Prepared) -> None:
        """Raises PaidAlready for money on a penalty that earlier rows pay."""
        for action in _payments(prepared.observed.outcome):
            left = self._left(prepared.answer, action["reference"])
            if left is not None and left <= 0:
                raise PaidAlready(f"penalty {action['reference']} is paid already in earlier rows")

    def _at(self, cell: Cell) -> datetime:
        now = self._context.now()
        if is_blank(cell):
            return now
        try:
            return parse_time(_clock_text(cell), now=now, zone=self._zone)
        except Refused as error:
            said = f"{error.message} {error.hint}".strip()
            raise Refused(said, where="at") from error

    def _is_duplicate(self, row: TableRow, prepared: Prepared) -> bool:
        """Whether an earlier row or an earlier check has the same vehicle at the same time: one
        mark in two countries is two vehicles, and where one of them is not told it is the same.
        """
        mark, at = prepared.answer.marks[0], prepared.observed.at
        if is_blank(row.cells.get("at", "")) or at is None:
            return False
        before = self._seen.setdefault((mark.key, at.isoformat()), [])
        same = [one for country, one in before if mark.country in {country, ""} or not country]
        before.append((mark.country, row.row))
        reason = f"the same vehicle at the same time as row {same[0]}" if same else ""
        if not reason and (ref := self._recorded(mark, at)):
            reason = f"recorded already as {ref}"
        if reason:
            self.duplicates += 1
            self.problems.append(Problem(row.row, "", "", reason, Severity.DUPLICATE))
        return bool(reason)

    def _recorded(self, mark: Mark, at: datetime) -> str:
        operation_id = self._operation.operation_id
        return recorded_at(self._context.connection, operation_id, mark.key, mark.country, at)


def _marks(row: TableRow) -> dict[str, str]:
    """The registrations of a row by field.  Raises Refused for a second lorry or trailer."""
    found: dict[str, str] = {}
    for fields, heading, cell in row.marks:
        for name, one in marks_apart(cell, fields):
            text = one_line(text_of(one))
            if text and found.get(name):
                raise Refused(
                    f"“{text}” stands in a row with “{found[name]}”: a check is of one vehicle,"
                    " so give each a row of its own",
                    where=heading,
                )
            found[name] = text or found.get(name, "")
    return found


def _payments(outcome: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in outcome.get("penalties", ()) if one["action"] in ENFORCING]


def _or_none(text: str) -> str:
    """What is towed or carried; "" for a word that says there is nothing."""
    return "" if blank(text) or is_no_registration(text) else text


def _clock_text(cell: Cell) -> str:
    """A cell as a time.  Spreadsheets keep a clock as a part of a day, and a number like 0905
    without its zero.
    """
    if not isinstance(cell, float):
        return text_of(cell)
    if 0 <= cell < 1:
        return str(timedelta(seconds=round(cell * 86_400)))
    return f"{cell:04.0f}" if cell.is_integer() else text_of(cell)


def _as_exported(row: TableRow) -> TableRow:
    """The row without the apostrophes that keep a delimited text's cells from being run."""
    return replace(row, cells={name: restored(cell) for name, cell in row.cells.items()})


def _values(fields: tuple[Field, ...], cells: Mapping[str, Cell]) -> Values:
    values: Values = {}
    for field in fields:
        cell = cells.get(field.name, "")
        if is_blank(cell):
            continue
        try:
            value: Any = parse(field, text_of(cell))
        except Refused as error:
            raise Refused(error.message, where=field.name) from error
        if value is False and field.kind is Kind.FLAG and field.name != "accompanied":
            continue
        values[field.name] = value
    return values


def _decision(
    text: str,
) -> tuple[Said, str]:
    """(decision, reason) from "confirmed" or "rejected: reason"."""
    if not text:
        return Decision.NONE, ""
    word, _, reason = text.partition(":")
    folded = fold(word)
    if folded in {"confirmed", "confirm", "yes"}:
        return Decision.CONFIRMED, reason.strip()
    if folded in {"rejected", "reject", "no"} and reason.strip():
        return Decision.REJECTED, reason.strip()
    raise Refused(
        f"decision: “{text}” is neither “confirmed” nor “rejected: reason”", where="decision"
    )
