"""After an import: checks of open operations that were clear and are now listed."""

from collections.abc import Collection, Iterator

from portcheck.domain.answer import Mark, Match, Unit
from portcheck.journal.events import MatchesFoundLater
from portcheck.services.context import Writer
from portcheck.services.matching import evidence
from portcheck.services.matching.matcher import answer_marks
from portcheck.services.settings import zone
from portcheck.store.finder import lists_in_force
from portcheck.store.listrows import version_of
from portcheck.store.singlechecks import Asked, asking, matched_before


def rematch(writer: Writer, list_name: str, only: str = "") -> Iterator[str]:
    """Match the open operations' checks, or the one of identity `only`, with the new version.

    Records a fact for every check with a match it did not have, and yields
    those checks' references.  Weak matches alert nobody and are left out.
    """
    context = writer.context
    version = version_of(context.connection, list_name)
    for one in asking(context.connection, only):
        answer = answer_marks(
            context,
            _marks(one),
            one.haulier or "",
            now=context.now(),
            zone=zone(one.timezone),
            only=list_name,
        )
        known, last = matched_before(context.connection, one.check_id, list_name)
        fresh = [m for m in answer.matches if m.alerts and _identity(m) not in known]
        if fresh:
            writer.append(
                MatchesFoundLater(
                    check_id=one.check_id,
                    list_name=list_name,
                    list_version=version,
                    entries_sha256=fresh[0].entries_sha256,
                    matches=evidence.matches_seen(fresh, last + 1),
                )
            )
            yield one.ref


def listed_meanwhile(
    writer: Writer, check_id: str, asked: Collection[tuple[str, int]] = ()
) -> Iterator[str]:
    """Match a check with the lists in force that were not `asked` (name, version), and say
    which of them name it now.
    """
    for one in lists_in_force(writer.context.connection):
        if (one.name, one.version) not in asked:
            for ref in list(rematch(writer, one.name, check_id)):
                yield f"list {one.name} was imported meanwhile and names it: “log show {ref}”"


def _marks(one: Asked) -> tuple[Mark, ...]:
    marks = (
        Mark(Unit.VEHICLE, one.vehicle, one.vehicle_key, one.country),
        Mark(Unit.TRAILER, one.trailer, one.trailer_key, one.trailer_country),
        Mark(Unit.CONTAINER, one.container, one.container_key),
    )
    return tuple(mark for mark in marks if mark.key)


def _identity(match: Match) -> tuple[str, str]:
    return match.unit.value, match.registration
