"""Storing what is staged as a list's next version, and telling which checks it now names."""

from dataclasses import dataclass
from datetime import datetime

from portcheck.domain.matching import Tier
from portcheck.domain.matching.odds import odds
from portcheck.errors import Refused
from portcheck.journal.events import ListImported, ListRetired
from portcheck.services.context import Context
from portcheck.services.lists.staging import Counts, stage_rows
from portcheck.services.matching.rematch import rematch
from portcheck.store import entries, staged
from portcheck.store.entries import Differences
from portcheck.store.listrows import CurrentVersion, version_of
from portcheck.store.whole import storing_lists


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a version comes from: its file (name and SHA-256), sheet, columns, and its date.

    With `adding`, its rows are added to the version in force.
    """

    file_name: str
    sha256: str
    sheet: str
    sheet_wanted: str
    join_wanted: str
    column_map: dict[str, str]
    status_words: dict[str, str]
    as_of: datetime
    max_age_days: int
    adding: bool = False


def store_staged(
    context: Context, current: CurrentVersion, origin: Origin, counts: Counts
) -> tuple[Differences, tuple[str, ...]]:
    """Write the staged version; returns its differences and the checks that are now listed.

    Raises Refused when the list got another version since `current` was read.
    """
    connection, name = context.connection, current.name
    chances = odds(entries.keys(connection, name, adding=origin.adding))
    with context.writing(storing_lists) as writer:
        _still_newest(context, current)
        found = entries.differences(connection, name, adding=origin.adding)
        stored = entries.store_version(connection, name, current.version + 1, adding=origin.adding)
        writer.append(
            ListImported(
                list_name=name,
                version=current.version + 1,
                file_name=origin.file_name,
                sha256=origin.sha256,
                sheet=origin.sheet,
                sheet_wanted=origin.sheet_wanted,
                join_wanted=origin.join_wanted,
                as_of=origin.as_of,
                max_age_days=origin.max_age_days,
                rows=counts.rows,
                accepted=counts.accepted,
                lines=counts.lines,
                duplicates=counts.duplicates,
                rejected=counts.rejected,
                warnings=counts.warnings,
                added=found.added,
                changed=found.changed,
                removed=found.removed,
                unchanged=found.unchanged,
                kept=found.kept,
                entries_sha256=stored.entries,
                rows_sha256=stored.rows,
                problems_sha256=stored.problems,
                column_map=origin.column_map,
                status_words=origin.status_words,
                odds={tier.value: chances.of(tier) for tier in Tier},
            )
        )
        return found, tuple(rematch(writer, name))


def retire_list(context: Context, current: CurrentVersion, reason: str) -> int:
    """Take a list out of force; returns how many entries it had.  Raises as `store_staged`."""
    name = current.name
    stage_rows(context, ())
    try:
        with context.writing(storing_lists) as writer:
            _still_newest(context, current)
            removed = entries.differences(context.connection, name).removed
            stored = entries.store_version(context.connection, name, current.version + 1)
            writer.append(
                ListRetired(
                    list_name=name,
                    version=current.version + 1,
                    reason=reason,
                    removed=removed,
                    entries_sha256=stored.entries,
                )
            )
            return removed
    finally:
        staged.end_staging(context.connection)


def _still_newest(context: Context, current: CurrentVersion) -> None:
    if version_of(context.connection, current.name) != current.version:
        raise Refused(
            f"somebody else stored a version of list {current.name} meanwhile",
            hint="Look at “portcheck list history” and try again; nothing was stored.",
        )
