"""Looking at action lists: their versions, their entries, and what a pattern finds."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from portcheck.domain.instructions import as_object
from portcheck.domain.penalty import PenaltyLine
from portcheck.domain.registration.key import pattern_of
from portcheck.domain.text import as_name, one_line
from portcheck.domain.times import read_utc
from portcheck.errors import NotFound, RegistrationRefused
from portcheck.services.context import Context
from portcheck.store.engine import reading
from portcheck.store.tables import ActionList, Entry, EntryMark, ListProblem, ListVersion

WILDCARDS = frozenset("?*")


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a list, with its accounting and its odds by tier, or why it `retired` it."""

    name: str
    version: int
    in_force: bool
    imported_at: datetime
    as_of: datetime
    officer: str
    file_name: str
    sha256: str
    sheet: str
    rows: int
    accepted: int
    lines: int
    duplicates: int
    rejected: int
    warnings: int
    added: int
    changed: int
    removed: int
    unchanged: int
    kept: int
    max_age_days: int
    odds: dict[str, float]
    retired: str


def versions(context: Context, name: str = "", *, newest_only: bool = False) -> list[VersionView]:
    """Versions by list, the newest first.  Raises NotFound for a list that is not there."""
    with reading(context.connection) as session:
        query = select(ListVersion, ActionList).join(
            ActionList, col(ActionList.name) == ListVersion.list_name
        )
        if name:
            query = query.where(col(ActionList.name).collate("NOCASE") == as_name(name))
        if newest_only:
            query = query.where(ListVersion.version == ActionList.version)
        query = query.order_by(ListVersion.list_name, col(ListVersion.version).desc())
        found = [_version(version, parent) for version, parent in session.exec(query)]
    if name and not found:
        raise NotFound(
            f"there is no list “{as_name(name)}”", hint="“portcheck list show” names them."
        )
    return found


def _version(row: ListVersion, parent: ActionList) -> VersionView:
    return VersionView(
        row.list_name,
        row.version,
        row.version == parent.version and not row.retired,
        read_utc(row.imported_at),
        read_utc(row.as_of),
        row.officer,
        row.file_name,
        row.sha256,
        row.sheet,
        row.rows,
        row.accepted,
        row.lines,
        row.duplicates,
        row.rejected,
        row.warnings,
        row.added,
        row.changed,
        row.removed,
        row.unchanged,
        row.kept,
        parent.max_age_days,
        json.loads(row.odds),
        row.retired,
    )


def entries(context: Context, name: str, limit: int) -> list[Entry]:
    """The first `limit` entries in force of a list, in the order of its sheet."""
    with reading(context.connection) as session:
        return list(
            session.exec(
                select(Entry)
                .where(Entry.list_name == name, col(Entry.removed_version).is_(None))
                .order_by(col(Entry.row), col(Entry.entry_id))
                .limit(limit)
            )
        )


def find(context: Context, text: str, limit: int) -> list[Entry]:
    """Entries in force whose registration contains `text`, or fits it with ? and *.

    A text that is no registration is looked for in hauliers, liable parties and
    penalty references.
    """
    with reading(context.connection) as session:
        query = select(Entry).where(col(Entry.removed_version).is_(None)).distinct()
        pattern = _pattern(text)
        if WILDCARDS & set(text):
            marks = select(EntryMark.entry_id).where(col(EntryMark.key).op("GLOB")(pattern))
            query = query.where(col(Entry.entry_id).in_(marks))
        else:
            words = one_line(text)
            marks = select(EntryMark.entry_id).where(
                col(EntryMark.key).contains(pattern), pattern != ""
            )
            query = query.where(
                col(Entry.entry_id).in_(marks)
                | col(Entry.haulier).contains(words, autoescape=True)
                | col(Entry.liable_party).contains(words, autoescape=True)
                | col(Entry.penalty_reference).contains(words, autoescape=True)
            )
        return list(session.exec(query.order_by(Entry.list_name, col(Entry.row)).limit(limit)))


def _pattern(text: str) -> str:
    """What to look for in registrations; "" when words are meant."""
    try:
        return pattern_of(text)
    except RegistrationRefused:
        if WILDCARDS & set(text) or not one_line(text):
            raise
        return ""


def problems(context: Context, name: str, version: int) -> list[ListProblem]:
    """The problems of one version, by row."""
    with reading(context.connection) as session:
        return list(
            session.exec(
                select(ListProblem)
                .where(ListProblem.list_name == name, ListProblem.version == version)
                .order_by(col(ListProblem.row), col(ListProblem.problem_id))
            )
        )


def line_of(entry: Entry) -> PenaltyLine:
    """The money of an entry's penalty line, and what of it could not be read."""
    return PenaltyLine(
        amount_pence=entry.amount_pence,
        paid_pence=entry.paid_pence,
        balance_pence=entry.balance_pence,
        unread=tuple((field, text) for field, text in json.loads(entry.unread)),
    )


def entry_document(entry: Entry) -> dict[str, Any]:
    """An entry as JSON values, without what is portcheck's own."""
    own = {"content", "identity", "removed_version", "reference_key"}
    document = entry.model_dump(exclude=own)
    return document | {
        "unread": dict(json.loads(entry.unread)),
        "extra": as_object(json.loads(entry.extra)),
    }
