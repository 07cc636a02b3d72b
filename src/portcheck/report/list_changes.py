"""Differences between versions of a list, for people and for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from rich.text import Text

from portcheck.domain.listing import ListedRow
from portcheck.domain.money import pounds
from portcheck.domain.text import day
from portcheck.report.console import safe
from portcheck.services.lists.list_versions import ListDiff, RolledBack

MOST_SHOWN = 20


def diff_document(diff: ListDiff) -> dict[str, Any]:
    """The differences as JSON values; entries by their canonical fields."""
    return {
        "list": diff.list_name,
        "from": diff.older,
        "to": diff.newer,
        "added": [_entry_document(row, entry) for row, entry in diff.added],
        "removed": [_entry_document(row, entry) for row, entry in diff.removed],
        "changed": [
            {
                "row": one.row,
                "fields": list(one.fields),
                "before": _entry_document(one.row, one.before),
                "after": _entry_document(one.row, one.after),
            }
            for one in diff.changed
        ],
        "unchanged": diff.unchanged,
    }


def _entry_document(row: int, entry: ListedRow) -> dict[str, Any]:
    document: dict[str, Any] = {"row": row}
    for name, value in asdict(entry).items():
        document[name] = value.isoformat() if isinstance(value, date) else value
    document |= {"unread": dict(entry.unread), "extra": dict(entry.extra)}
    return document


def diff_lines(diff: ListDiff, *, everything: bool = False) -> Iterator[Text]:
    """The differences: what came, what went, and what changed field by field."""
    most = 0 if everything else MOST_SHOWN
    yield safe(f"List {diff.list_name}: {diff.older} → {diff.newer}", "bold")
    yield safe(
        f"   {len(diff.added):,} added, {len(diff.removed):,} removed, "
        f"{len(diff.changed):,} changed, {diff.unchanged:,} unchanged"
    )
    yield from _some(
        [f"   + added    row {row}: {_named(entry)}" for row, entry in diff.added], most
    )
    yield from _some(
        [f"   - removed  row {row}: {_named(entry)}" for row, entry in diff.removed], most
    )
    changes = [
        f"   ~ changed  row {one.row}: {_named(one.after)}: "
        + "; ".join(
            f"{name.removesuffix('_pence').removesuffix('_on').replace('_', ' ')} "
            f"{_shown(name, getattr(one.before, name))} → {_shown(name, getattr(one.after, name))}"
            for name in one.fields
        )
        for one in diff.changed
    ]
    yield from _some(changes, most)


def _some(lines: Sequence[str], most: int) -> Iterator[Text]:
    for line in lines[:most] if most else lines:
        yield safe(line)
    if most and len(lines) > most:
        yield safe(f"     … and {len(lines) - most:,} more: --all names all")


def _named(entry: ListedRow) -> str:
    marks = (entry.registration, entry.trailer_registration, entry.container)
    name = " / ".join(filter(None, marks))
    return f"{name} ({entry.penalty_reference})" if entry.penalty_reference else name


def _shown(name: str, value: object) -> str:
    if value in {None, "", ()}:
        return "blank"
    if name.endswith("_pence") and isinstance(value, int):
        return pounds(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):
        return ", ".join(f"{heading}: {text}" for heading, text in value)
    return f"“{value}”"


def rolled_back_document(done: RolledBack) -> dict[str, Any]:
    """What going back came to, as JSON values."""
    return {
        "list": done.list_name,
        "version": done.version,
        "restored": done.restored,
        "entries": done.entries,
        "added": done.differences.added,
        "changed": done.differences.changed,
        "removed": done.differences.removed,
        "unchanged": done.differences.unchanged,
        "now_listed": list(done.now_listed),
    }


def rolled_back_lines(done: RolledBack) -> Iterator[Text]:
    """What going back came to."""
    found = done.differences
    yield safe(
        f"List {done.list_name}: version {done.restored} is in force again, as version "
        f"{done.version} ({done.entries:,} entries)",
        "bold",
    )
    yield safe(
        f"   changes    {found.added:,} added, {found.changed:,} changed, "
        f"{found.removed:,} removed, {found.unchanged:,} unchanged"
    )
    if done.now_listed:
        yield safe(f"■■ NOW LISTED: {', '.join(done.now_listed)}", "bold reverse")
