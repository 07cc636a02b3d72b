"""Lists and imports, for people and for programs."""

from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from portcheck.domain.matching import Tier
from portcheck.domain.matching.odds import Odds
from portcheck.domain.money import pounds
from portcheck.domain.text import as_argument, count, day, shorten
from portcheck.domain.times import iso, local
from portcheck.report.console import safe
from portcheck.report.problems import layout_lines, problem_document, problem_lines
from portcheck.services.lists.import_list import ImportResult

if TYPE_CHECKING:
    from portcheck.services.exchange.retiring import Retired
    from portcheck.services.lists.browse import VersionView
    from portcheck.store.tables import Entry

MOST_SHOWN = 20
_WIDEST = 60
"""Characters of a name: what is longer is no name, and would hide the rest."""


def import_document(result: ImportResult) -> dict[str, Any]:
    """What came of an import, by the keys of the output contract."""
    found = result.differences
    return {
        "list": result.list_name,
        "version": result.version,
        "file": result.file_name,
        "sha256": result.sha256,
        "sheet": result.sheet,
        "rows": result.rows,
        "accepted": result.accepted,
        "lines": result.lines,
        "duplicates": result.duplicates,
        "rejected": result.rejected,
        "added": found.added,
        "changed": found.changed,
        "removed": found.removed,
        "unchanged": found.unchanged,
        "kept": found.kept,
        "problems": [problem_document(problem) for problem in result.problems],
        "warnings": list(result.warnings),
        "sheets": [{"sheet": name, "rows": rows} for name, rows in result.sheets.items()],
        "columns": {
            name: heading
            for layout in reversed(result.layouts)
            for name, (_, heading) in layout.columns.items()
        },
        "further_columns": [
            {"field": one.fields[0], "heading": one.heading} for one in result.layout.further
        ],
        "unknown_columns": [*dict.fromkeys(h for one in result.layouts for _, h in one.unknown)],
        "now_listed": list(result.now_listed),
        "stored": result.stored,
        "same_file": result.same_file,
    }


def import_lines(result: ImportResult) -> Iterator[Text]:
    """What came of an import: the accounting first, then what needs a look."""
    if result.same_file:
        yield safe(
            f"{result.file_name} is version {result.version} of list {result.list_name} already: "
            "nothing to import"
        )
        return
    state = "" if result.stored else " (dry run: nothing was stored)"
    yield safe(f"List {result.list_name}, version {result.version}{state}", "bold")
    several = len(result.sheets) > 1
    sheet = f", sheet {result.sheet}" if result.sheet and not several else ""
    yield safe(f"   file       {result.file_name}{sheet}")
    if several:
        rows = (f"{name} {count(rows, 'row')}" for name, rows in result.sheets.items())
        yield safe(f"   sheets     {', '.join(rows)}")
    yield safe(
        f"   rows       {result.rows:,} = {result.accepted:,} accepted + "
        f"{result.duplicates:,} duplicate + {result.rejected:,} rejected"
    )
    if result.lines != result.accepted:
        yield safe(f"   lines      {result.lines:,} came of the rows accepted")
    found = result.differences
    yield safe(
        f"   changes    {found.added:,} added, {found.changed:,} changed, "
        f"{found.removed:,} removed, {found.unchanged:,} unchanged"
    )
    if found.kept:
        kept = count(found.kept, "entry")
        yield safe(f"   added to   {kept} of version {result.version - 1}, which stay in force")
    shown: list[list[str]] = []
    for layout in result.layouts:
        lines = [line.plain for line in layout_lines(layout)]
        if lines not in shown:
            yield from layout_lines(layout, of_sheet=len(result.layouts) > 1)
            shown.append(lines)
    yield from (safe(f"   ! {warning}") for warning in result.warnings)
    yield from problem_lines(result.problems, most=MOST_SHOWN)
    if result.now_listed:
        yield safe(
            f"■■ NOW LISTED: {count(len(result.now_listed), 'check')} made before: "
            f"{', '.join(result.now_listed)}",
            "bold reverse",
        )


def version_document(version: "VersionView", zone: tzinfo) -> dict[str, Any]:
    """A version as JSON values."""
    return {
        "name": version.name,
        "version": version.version,
        "in_force": version.in_force,
        "imported_at": iso(version.imported_at, zone),
        "as_of": iso(version.as_of, zone),
        "officer": version.officer,
        "file": version.file_name or None,
        "sha256": version.sha256 or None,
        "sheet": version.sheet,
        "rows": version.rows,
        "accepted": version.accepted,
        "lines": version.lines,
        "duplicates": version.duplicates,
        "rejected": version.rejected,
        "warnings": version.warnings,
        "added": version.added,
        "changed": version.changed,
        "removed": version.removed,
        "unchanged": version.unchanged,
        "kept": version.kept,
        "max_age_days": version.max_age_days,
        "odds": version.odds,
        "retired": version.retired,
    }


def retired_document(done: "Retired") -> dict[str, Any]:
    """What retiring a list came to."""
    return {
        "list": done.list_name,
        "version": done.version,
        "reason": done.reason,
        "removed": done.entries,
        "in_force": list(done.in_force),
    }


def retired_lines(done: "Retired") -> Iterator[Text]:
    """The same in words, with the way back."""
    entries = count(done.entries, "entry")
    yield safe(f"List {done.list_name} was retired: {done.reason}", "bold")
    yield safe(f"   not answered any more: {entries}; its versions stay in “list history”")
    back = f"portcheck list rollback {done.version - 1} --list {as_argument(done.list_name)}"
    yield safe(f"   “{back}” brings it back")
    left = ", ".join(done.in_force) or "none: nothing can be screened until one is imported"
    yield safe(f"   in force   {left}")


def version_lines(version: "VersionView", zone: tzinfo) -> Iterator[Text]:
    """A list in force, or one that was retired, in a few lines."""
    if version.retired:
        when = local(version.imported_at, zone)
        yield safe(f"List {version.name}: RETIRED {when} by {version.officer}", "bold")
        yield safe(f"   reason     {version.retired}")
        yield safe(f"   entries    {version.removed:,}, not answered any more")
        return
    yield safe(f"List {version.name}, version {version.version}", "bold")
    yield safe(f"   imported   {local(version.imported_at, zone)} by {version.officer}")
    yield safe(f"   as of      {local(version.as_of, zone)}; {version.max_age_days} days allowed")
    yield safe(f"   file       {version.file_name}  sha256 {version.sha256[:16]}…")
    yield safe(
        f"   rows       {version.rows:,} = {version.accepted:,} accepted + "
        f"{version.duplicates:,} duplicate + {version.rejected:,} rejected"
    )
    if version.lines != version.accepted:
        yield safe(f"   lines      {version.lines:,} came of the rows accepted")
    if version.kept:
        yield safe(f"   added to   {count(version.kept, 'entry')} of the version before")
    if version.odds:
        chances = Odds(
            version.lines + version.kept,
            version.odds["lookalike"],
            version.odds["near"],
            version.odds["weak"],
        )
        yield safe(
            "   by chance  an unlisted vehicle is shown as a lookalike in "
            f"{chances.sentence(Tier.LOOKALIKE)}, as near in {chances.sentence(Tier.NEAR)}"
        )


def versions_table(versions: "Sequence[VersionView]", zone: tzinfo) -> Table:
    """The history of lists."""
    table = Table(box=None, pad_edge=False)
    for heading, least in (("", 1), ("List", 1), ("Version", 1), ("Imported", 10), ("By", 1)):
        table.add_column(heading, overflow="fold", min_width=least)
    for heading in ("Rows", "Rejected", "Added", "Changed", "Removed"):
        table.add_column(heading, justify="right")
    for one in versions:
        table.add_row(
            Text("»" if one.in_force else ""),
            safe(one.name),
            safe(one.version),
            safe(local(one.imported_at, zone)),
            safe(one.officer),
            safe(_rows(one)),
            *(
                safe(f"{number:,}")
                for number in (one.rejected, one.added, one.changed, one.removed)
            ),
        )
    return table


def _rows(version: "VersionView") -> str:
    if version.retired:
        return "RETIRED"
    return f"{version.rows:,} + {version.kept:,} kept" if version.kept else f"{version.rows:,}"


def entries_table(entries: "Sequence[Entry]") -> Table:
    """Entries as rows: what is needed to recognise one."""
    from portcheck.services.lists.browse import line_of  # noqa: PLC0415 - an import need not load it

    table = Table(box=None, pad_edge=False)
    for heading in ("List", "Row", "Registration", "", "Haulier", "Penalty", "Status"):
        table.add_column(heading, overflow="fold")
    table.add_column("Owed", justify="right")
    table.add_column("Issued", overflow="fold")
    for entry in entries:
        owed = line_of(entry).owed_pence
        marks = " / ".join(
            filter(None, (entry.registration, entry.trailer_registration, entry.container))
        )
        table.add_row(
            safe(entry.list_name),
            safe(f"{entry.sheet} {entry.row}".lstrip()),
            safe(marks),
            safe(entry.country),
            safe(shorten(entry.haulier or entry.liable_party, _WIDEST)),
            safe(entry.penalty_reference),
            safe(entry.status),
            safe(pounds(owed) if owed is not None else ""),
            safe(_day(entry.issued_on)),
        )
    return table


def _day(text: str | None) -> str:

    return day(date.fromisoformat(text)) if text else ""
