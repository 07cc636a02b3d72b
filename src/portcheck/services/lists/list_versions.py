"""Comparing versions of a list, and going back to an earlier one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace

from portcheck.domain.listing import ListedRow
from portcheck.domain.times import read_utc
from portcheck.errors import NotFound, Refused
from portcheck.intake.files.source import Source
from portcheck.intake.listrows import read_action_list
from portcheck.intake.table.sheets import Join, Ways
from portcheck.services.context import Context
from portcheck.services.lists.staging import list_name, stage_file, stage_rows, taught
from portcheck.services.lists.store_list import Origin, store_staged
from portcheck.store import entries, staged
from portcheck.store.connection import snapshot
from portcheck.store.entries import Differences
from portcheck.store.listrows import CurrentVersion, current_version, origin_of

_FIELDS = tuple(field.name for field in fields(ListedRow))
_DIFF = Ways(hint="“list import --dry-run” with --all-sheets, or with --sheet NAME, compares them.")
Placed = tuple[int, str, ListedRow]


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry before and after, with the names of the fields that differ."""

    row: int
    before: ListedRow
    after: ListedRow
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListDiff:
    """How one version differs from another; rows are numbered as in their sheets.

    `warnings` are about the file that a version was held against.
    """

    list_name: str
    older: str
    newer: str
    added: tuple[tuple[int, ListedRow], ...]
    removed: tuple[tuple[int, ListedRow], ...]
    changed: tuple[Changed, ...]
    unchanged: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The version that an earlier one was stored as again."""

    list_name: str
    version: int
    restored: int
    entries: int
    differences: Differences
    now_listed: tuple[str, ...]


def diff_versions(context: Context, name: str, older: int, newer: int) -> ListDiff:
    """Two stored versions; 0 means the newest, or the one before it.  Raises NotFound."""
    connection = context.connection
    current = current_version(connection, list_name(context, name, known_only=True))
    newer = newer or current.version
    older = older or newer - 1
    for version in (older, newer):
        _known(current, version)
    with snapshot(connection):
        return _diff(
            current.name,
            (f"version {older}", entries.entries_of(connection, current.name, older)),
            (f"version {newer}", entries.entries_of(connection, current.name, newer)),
        )


def diff_file(
    context: Context, source: Source, name: str, *, password: str | None = None
) -> ListDiff:
    """A file against the version in force; nothing is stored.  Raises NotFound, FileRefused."""
    connection = context.connection
    current = current_version(connection, list_name(context, name, known_only=True))
    try:
        with read_action_list(
            source,
            sheet=current.sheet or None,
            join=Join.of(current.join) if current.join else None,
            ways=_DIFF,
            remembered=current.column_map,
            taught=taught(current.status_words),
            password=password,
        ) as file:
            stage_file(context, file)
        found = _diff(
            current.name,
            (
                f"version {current.version}",
                entries.entries_of(connection, current.name, current.version),
            ),
            (source.name, staged.staged_entries(connection)),
        )
        return replace(found, warnings=file.warnings)
    finally:
        staged.end_staging(connection)


def roll_back(context: Context, name: str, version: int) -> RolledBack:
    """Store an earlier version again, as the newest.  Raises NotFound, Refused."""
    connection = context.connection
    current = current_version(connection, list_name(context, name, known_only=True))
    _known(current, version)
    if version == current.version and not current.retired:
        raise Refused(f"version {version} of list {current.name} is in force already")
    file_name, sha256, sheet, as_of, retired = origin_of(connection, current.name, version)
    if retired:
        raise Refused(f"version {version} is that by which list {current.name} was retired")
    earlier = entries.entries_of(connection, current.name, version)
    try:
        # rows of several versions may have the same number: they are counted anew
        rows = [(row, entry) for row, (_, _, entry) in enumerate(earlier, 2)]
        counts = stage_rows(context, rows)
        origin = Origin(
            f"{file_name} (version {version} again)",
            sha256,
            sheet,
            current.sheet,
            current.join,
            current.column_map,
            dict(current.status_words),
            read_utc(as_of),
            current.max_age_days or 0,
        )
        found, now_listed = store_staged(context, current, origin, counts)
    finally:
        staged.end_staging(connection)
    return RolledBack(current.name, current.version + 1, version, counts.lines, found, now_listed)


def _known(current: CurrentVersion, version: int) -> None:
    if not 1 <= version <= current.version:
        raise NotFound(
            f"list {current.name} has no version {version}",
            hint=f"Its versions are 1 to {current.version}: “portcheck list history”.",
        )


def _diff(
    name: str, older: tuple[str, Iterable[Placed]], newer: tuple[str, Iterable[Placed]]
) -> ListDiff:
    """Entries in one only; those with the same identity are one that changed."""
    gone: dict[ListedRow, tuple[int, str]] = {}
    for row, identity, entry in older[1]:
        gone[entry] = (row, identity)
    come: list[Placed] = []
    unchanged = 0
    for row, identity, entry in newer[1]:
        if gone.pop(entry, None):
            unchanged += 1
        else:
            come.append((row, identity, entry))
    left: dict[str, list[tuple[int, ListedRow]]] = {}
    for entry, (row, identity) in gone.items():
        left.setdefault(identity, []).append((row, entry))
    changed: list[Changed] = []
    added: list[tuple[int, ListedRow]] = []
    for row, identity, entry in come:
        if left.get(identity):
            _, before = left[identity].pop(0)
            changed.append(Changed(row, before, entry, tuple(_differing(before, entry))))
        else:
            added.append((row, entry))
    removed = sorted((pair for pairs in left.values() for pair in pairs), key=lambda pair: pair[0])
    return ListDiff(
        name, older[0], newer[0], tuple(added), tuple(removed), tuple(changed), unchanged
    )


def _differing(before: ListedRow, after: ListedRow) -> Iterator[str]:
    return (name for name in _FIELDS if getattr(before, name) != getattr(after, name))
