"""Lists of other devices: a lead's newest comes into force here, as the content it was there,
and one that a lead retired goes out of force.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portcheck.domain.listing import ListedRow
from portcheck.errors import FileRefused, TargetUnreachable
from portcheck.journal.exchange import Refusal
from portcheck.services.context import Context
from portcheck.services.exchange.sending import LISTS
from portcheck.services.lists.staging import stage_rows
from portcheck.services.matching.rematch import rematch
from portcheck.store import entries, projections
from portcheck.store.exchangerows import ListOffered, hold_list, lists_offered
from portcheck.store.finder import lists_in_force
from portcheck.store.listrows import version_of
from portcheck.store.staged import end_staging
from portcheck.store.whole import storing_lists
from portcheck.targets.target import Target


@dataclass(slots=True)
class Brought:
    """Lists that came into force, or went out of it where `retired`; those that other devices
    use (or retired) and that do not (or do) here; the checks made here that are now listed,
    what was refused, and lists that are not at the target yet.
    """

    lists: list[ListOffered] = field(default_factory=list)
    offered: list[ListOffered] = field(default_factory=list)
    now_listed: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    missing: list[ListOffered] = field(default_factory=list)


def bring(context: Context, target: Target, operation_id: str, *, dry: bool = False) -> Brought:
    """Bring the lists of leads into force that are newer than those in force here."""
    brought = Brought()
    here = {(one.name, one.entries_sha256) for one in lists_in_force(context.connection)}
    names = {name for name, _ in here}
    there = target.have(f"{operation_id}/{LISTS}")
    for one in lists_offered(context.connection):
        if (one.list_name, one.entries_sha256) in here:
            continue
        if one.retired and one.list_name not in names:
            continue
        name = f"{operation_id}/{LISTS}/{one.entries_sha256}.list"
        if not one.wanted:
            brought.offered.append(one)
        elif name not in there and not one.retired:
            brought.missing.append(one)
        elif dry:
            brought.lists.append(one)
        else:
            _take(context, target, name, one, brought)
    return brought


def _take(context: Context, target: Target, name: str, one: ListOffered, brought: Brought) -> None:
    from portcheck.store.listcontent import unpack  # noqa: PLC0415 - where a list came

    try:
        found = () if one.retired else unpack(target.fetch(name))
        brought.now_listed += _store(context, one, found)
        brought.lists.append(one)
    except (FileRefused, TargetUnreachable) as error:
        why = f"list {one.list_name}: {error.message}"
        brought.refused.append(Refusal(one.chain, one.label, one.seq, why))
    finally:
        end_staging(context.connection)


def _store(context: Context, one: ListOffered, found: Iterable[tuple[int, ListedRow]]) -> list[str]:
    """Store a version as the next one here; the checks that are now listed.  Raises FileRefused
    where it is not the content that was imported there; then nothing is stored.
    """
    connection = context.connection
    stage_rows(context, found)
    with context.writing(storing_lists) as writer:
        version = version_of(connection, one.list_name) + 1
        stored = entries.store_version(connection, one.list_name, version)
        if stored.entries != one.entries_sha256:
            raise FileRefused("it is not the list that was imported there")
        hold_list(connection, one.list_name, version, one.chain, one.seq)
        projections.take_again(connection, one.chain, one.seq)
        return list(rematch(writer, one.list_name))
