"""Taking checks written down elsewhere into the current operation, outcomes included.

Every row is matched and recorded like a check that was typed; rows = accepted +
duplicates + rejected.  All accepted rows are stored in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Literal

from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, Kind, Values, parse
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.problem import Problem, Severity
from portcheck.domain.text import fold, one_line
from portcheck.errors import Refused
from portcheck.intake.cells import Cell, is_blank, restored, text_of
from portcheck.intake.columns import names_of
from portcheck.intake.source import Kind as FileKind
from portcheck.intake.source import Source
from portcheck.intake.table import TableRow, read_table
from portcheck.journal.append import utc_text
from portcheck.journal.events import ChecksImported
from portcheck.services.check import Observed, Prepared, examine, write
from portcheck.services.context import Context
from portcheck.services.matching import Query, answer
from portcheck.services.settings import zone
from portcheck.services.times import parse_time
from portcheck.store.finder import OperationRow, lists_in_force

SOURCE = "log_import"
REGISTRATIONS = {
    "registration": "Registration",
    "country": "Country",
    "trailer_registration": "Trailer",
    "trailer_country": "Trailer country",
    "container": "Container",
}
OTHERS = {"at": "At", "officer": "Officer", "agency": "Agency", "decision": "Decision"}


@dataclass(frozen=True, slots=True)
class LogImportResult:
    """What came of a log import: rows = accepted + duplicates + rejected."""

    operation: str
    file_name: str
    sha256: str
    sheet: str
    rows: int
    accepted: int
    duplicates: int
    rejected: int
    problems: tuple[Problem, ...]
    refs: tuple[str, ...]
    listed: tuple[str, ...]
    stored: bool
    same_file: bool = False


def headings() -> dict[str, tuple[str, ...]]:
    """The headings of a check log by field: the labels, the names, and what a list calls them."""
    lists = names_of("action_list")
    names = {
        name: tuple(dict.fromkeys((label, *lists.get(name, ()))))
        for name, label in REGISTRATIONS.items()
    }
    names |= {
        "at": ("At", "Time", "Date and time", "Checked at", "Date"),
        "officer": ("Officer", "Officer ID", "Checked by"),
        "agency": ("Agency",),
        "decision": ("Decision", "Match decision"),
    }
    for field in (*DETAILS, *OUTCOME):
        names[field.name] = tuple(
            dict.fromkeys((field.label, field.option or field.label, field.name))
        )
    return _without_clashes(names)


def _without_clashes(names: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Each heading under one field only; a field's own label comes before another's synonym."""
    owner = {fold(labels[0]): name for name, labels in names.items()}
    for name, labels in names.items():
        for label in labels:
            owner.setdefault(fold(label), name)
    return {
        name: tuple(label for label in labels if owner[fold(label)] == name)
        for name, labels in names.items()
    }


def import_log(
    context: Context,
    source: Source,
    *,
    sheet: str = "",
    dry_run: bool = False,
    no_list: bool = False,
) -> LogImportResult:
    """Take every row of a file of checks.

    A file that was taken into the operation already is not taken again.  Raises
    FileRefused, Refused without an operation, and without a list in force
    (unless `no_list`).
    """
    operation = context.operation()
    known = _taken_already(context, operation, source)
    if known:
        rows, accepted, duplicates, rejected = known
        return LogImportResult(
            operation=operation.name,
            file_name=source.name,
            sha256=source.sha256,
            sheet="",
            rows=rows,
            accepted=accepted,
            duplicates=duplicates,
            rejected=rejected,
            problems=(),
            refs=(),
            listed=(),
            stored=False,
            same_file=True,
        )
    if not no_list and not lists_in_force(context.connection):
        raise Refused(
            "no list is in force: nothing can be matched, and nothing was recorded",
            hint="Import one with “portcheck list import FILE”, or record the checks as not "
            "screened with --no-list.",
        )
    with read_table(source, headings(), ("registration",), sheet=sheet or None) as table:
        reader = _Reader(context, operation)
        for row in table.rows():
            reader.take(_as_exported(row) if source.kind is FileKind.TEXT else row)
        warnings = [Problem(0, "", "", text, Severity.WARNING) for text in table.warnings]
        refs = () if dry_run else _store(context, operation, source, reader)
        return LogImportResult(
            operation=operation.name,
            file_name=source.name,
            sha256=source.sha256,
            sheet=table.layout.sheet,
            rows=reader.rows,
            accepted=len(reader.accepted),
            duplicates=reader.duplicates,
            rejected=reader.rows - len(reader.accepted) - reader.duplicates,
            problems=(*warnings, *reader.problems),
            refs=refs,
            listed=tuple(
                f"{refs[i]} {p.answer.marks[0].text}" if refs else p.answer.marks[0].text
                for i, p in enumerate(reader.accepted)
                if p.answer.verdict.value == "listed"
            ),
            stored=not dry_run,
        )


def _taken_already(context: Context, operation: OperationRow, source: Source) -> Any:
    """(rows, accepted, duplicates, rejected) of this file's import into the operation, or None."""
    return context.connection.execute(
        "SELECT rows, accepted, duplicates, rejected FROM log_import"
        " WHERE operation_id = ? AND sha256 = ?",
        (operation.operation_id, source.sha256),
    ).fetchone()


def _store(
    context: Context, operation: OperationRow, source: Source, reader: "_Reader"
) -> tuple[str, ...]:
    if not reader.accepted:
        first = "; ".join(f"row {p.row}: {p.reason}" for p in reader.problems[:3])
        raise Refused(f"none of its {reader.rows:,} rows can be taken ({first})", where=source.name)
    with context.writing() as writer:
        if _taken_already(context, operation, source):
            raise Refused("it was taken in meanwhile: nothing more was stored", where=source.name)
        refs = tuple(write(writer, prepared).ref for prepared in reader.accepted)
        writer.append(
            ChecksImported(
                operation_id=operation.operation_id,
                file_name=source.name,
                sha256=source.sha256,
                rows=reader.rows,
                accepted=len(refs),
                duplicates=reader.duplicates,
                rejected=reader.rows - len(refs) - reader.duplicates,
            )
        )
    return refs


def _as_exported(row: TableRow) -> TableRow:
    """The row without the apostrophes that keep a delimited text's cells from being run."""
    return replace(row, cells={name: restored(cell) for name, cell in row.cells.items()})


class _Reader:
    """Reads rows into checks that can be recorded; what cannot be is a problem with its place."""

    def __init__(self, context: Context, operation: OperationRow) -> None:
        self._context = context
        self._operation = operation
        self._zone: tzinfo = zone(operation.timezone)
        self._seen: dict[tuple[str, str], int] = {}
        self.rows = 0
        self.duplicates = 0
        self.accepted: list[Prepared] = []
        self.problems: list[Problem] = []

    def take(self, row: TableRow) -> None:
        """Account for one row."""
        self.rows += 1
        self.problems += row.problems
        if row.rejected:
            return
        try:
            prepared = self._prepared(row)
        except Refused as error:
            column = error.where
            value = one_line(text_of(row.cells.get(column, ""))) if column else ""
            self.problems.append(Problem(row.row, column, value, error.message))
            return
        if self._is_duplicate(row, prepared):
            return
        self.accepted.append(prepared)
        self.problems += [
            Problem(row.row, "", "", warning, Severity.WARNING) for warning in prepared.warnings
        ]

    def _prepared(self, row: TableRow) -> Prepared:
        texts = {name: one_line(text_of(cell)) for name, cell in row.cells.items()}
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
            checked_by=texts.get("officer", ""),
            checked_by_agency=texts.get("agency", ""),
        )
        query = Query(
            texts.get("registration", ""),
            texts.get("country", ""),
            texts.get("trailer_registration", ""),
            texts.get("trailer_country", ""),
            texts.get("container", ""),
            details.get("haulier", ""),
        )
        found = answer(self._context.connection, query, now=at, zone=self._zone)
        return examine(self._operation, found, observed)

    def _at(self, cell: Cell) -> datetime:
        now = self._context.now()
        if is_blank(cell):
            return now
        return parse_time(text_of(cell), now=now, zone=self._zone)

    def _is_duplicate(self, row: TableRow, prepared: Prepared) -> bool:
        """Whether an earlier row or an earlier check has the same vehicle at the same time."""
        key, at = prepared.answer.marks[0].key, prepared.observed.at
        if is_blank(row.cells.get("at", "")) or at is None:
            return False
        first = self._seen.setdefault((key, at.isoformat()), row.row)
        reason = f"the same vehicle at the same time as row {first}" if first != row.row else ""
        if not reason and (ref := self._recorded(key, at)):
            reason = f"recorded already as {ref}"
        if reason:
            self.duplicates += 1
            self.problems.append(Problem(row.row, "", "", reason, Severity.DUPLICATE))
        return bool(reason)

    def _recorded(self, key: str, at: datetime) -> str:
        row = self._context.connection.execute(
            "SELECT ref FROM vehicle_check WHERE operation_id = ? AND vehicle_key = ? AND at = ?"
            " AND voided = 0",
            (self._operation.operation_id, key, utc_text(at)),
        ).fetchone()
        return str(row[0]) if row else ""


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


def _decision(text: str) -> tuple[Literal["", "confirmed", "rejected"], str]:
    """("confirmed" or "rejected" or "", reason) from "confirmed" or "rejected: reason"."""
    if not text:
        return "", ""
    word, _, reason = text.partition(":")
    folded = fold(word)
    if folded in {"confirmed", "confirm", "yes"}:
        return "confirmed", reason.strip()
    if folded in {"rejected", "reject", "no"} and reason.strip():
        return "rejected", reason.strip()
    raise Refused(
        f"decision: “{text}” is neither “confirmed” nor “rejected: reason”", where="decision"
    )
