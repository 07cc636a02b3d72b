"""Taking checks written down elsewhere into the current operation, outcomes included.

Every row is matched and recorded like a check that was typed; rows = accepted +
duplicates + rejected.  All accepted rows are stored in one transaction.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portcheck.domain.answer import Verdict
from portcheck.domain.details import DETAILS
from portcheck.domain.outcome import OUTCOME
from portcheck.domain.problem import Problem, Severity, first_reasons
from portcheck.domain.text import fold
from portcheck.errors import Refused
from portcheck.intake.files.source import Source
from portcheck.intake.table.byhand import listed
from portcheck.intake.table.columns import names_of
from portcheck.intake.table.layout import Layout
from portcheck.intake.table.reading import TableFile, read_table
from portcheck.journal.events import ChecksImported
from portcheck.services.checks.check import unscreened, write
from portcheck.services.checks.log_reader import LogReader
from portcheck.services.context import Context
from portcheck.store.finder import OperationRow, lists_in_force
from portcheck.store.operationrows import log_taken

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
    """What came of a log import: rows = accepted + duplicates + rejected.

    Problems of row 0 are about the file as a whole.
    """

    operation: str
    file_name: str
    sha256: str
    sheet: str
    rows: int
    accepted: int
    duplicates: int
    rejected: int
    layout: Layout
    problems: tuple[Problem, ...]
    refs: tuple[str, ...]
    listed: tuple[str, ...]
    stored: bool
    same_file: bool = False


def headings() -> dict[str, tuple[str, ...]]:
    """The headings of a check log by field: its labels and names, then the table of headings."""
    known = names_of("log")
    labels = {name: (label,) for name, label in (REGISTRATIONS | OTHERS).items()} | {
        field.name: (field.label, field.option or field.label, field.name)
        for field in (*DETAILS, *OUTCOME)
    }
    return _without_clashes(
        {name: tuple(dict.fromkeys((*own, *known.get(name, ())))) for name, own in labels.items()}
    )


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
    mapping: Mapping[str, str] | None = None,
    password: str | None = None,
    dry_run: bool = False,
    no_list: bool = False,
    again: bool = False,
) -> LogImportResult:
    """Take every row of a file of checks.

    `mapping` settles columns by hand: field to heading as written, or "col:B".
    A row with money on a penalty that is paid already is rejected, unless `again` is set.
    A file that was taken into the operation already is not taken again.  Raises
    FileRefused (PasswordNeeded for a protected workbook), WrongUsage, Refused
    without an operation, and without a list in force (unless `no_list`).
    """
    operation = context.operation()
    known = log_taken(context.connection, operation.operation_id, source.sha256)
    if known:
        return _same_file(operation, source, known)
    if not no_list and not lists_in_force(context.connection):
        raise unscreened()
    with read_table(
        source,
        headings(),
        ("registration",),
        sheet=sheet or None,
        mapping=mapping,
        password=password,
    ) as table:
        reader = LogReader(context, operation, again=again)
        reader.read(table)
        refs = () if dry_run else _store(context, operation, source, reader)
        return _result(operation, table, reader, refs, stored=not dry_run)


def _result(
    operation: OperationRow,
    table: TableFile,
    reader: LogReader,
    refs: tuple[str, ...],
    *,
    stored: bool,
) -> LogImportResult:
    return LogImportResult(
        operation=operation.name,
        file_name=table.source.name,
        sha256=table.source.sha256,
        sheet=table.layout.sheet,
        rows=reader.rows,
        accepted=len(reader.accepted),
        duplicates=reader.duplicates,
        rejected=reader.rejected,
        layout=table.layout,
        problems=(*_of_the_file(table, reader, stored=stored), *reader.problems),
        refs=refs,
        listed=tuple(_listed(reader, refs)),
        stored=stored,
    )


def _of_the_file(table: TableFile, reader: LogReader, *, stored: bool) -> Iterator[Problem]:
    texts = list(table.warnings)
    if reader.unread:
        hint = "" if stored else "; --map FIELD=HEADER says what one is"
        names = listed(tuple(reader.unread))
        texts.append(f"columns that were not recognised were NOT read: {names}{hint}")
    return (Problem(0, "", "", text, Severity.WARNING) for text in texts)


def _listed(reader: LogReader, refs: tuple[str, ...]) -> Iterator[str]:
    """The checks that are listed, by their references where they have one, as typed."""
    for place, prepared in enumerate(reader.accepted):
        if prepared.answer.verdict is Verdict.LISTED:
            typed = prepared.answer.marks[0].text
            yield f"{refs[place]} {typed}" if refs else typed


def _same_file(
    operation: OperationRow, source: Source, known: tuple[int, int, int, int]
) -> LogImportResult:
    """The accounting of the import that this very file made."""
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
        layout=Layout("", 0, {}, (), ()),
        problems=(),
        refs=(),
        listed=(),
        stored=False,
        same_file=True,
    )


def _store(
    context: Context, operation: OperationRow, source: Source, reader: LogReader
) -> tuple[str, ...]:
    if not reader.accepted:
        first = first_reasons(reader.problems)
        raise Refused(f"none of its {reader.rows:,} rows can be taken ({first})", where=source.name)
    with context.writing() as writer:
        if log_taken(context.connection, operation.operation_id, source.sha256):
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
                rejected=reader.rejected,
            )
        )
    return refs
