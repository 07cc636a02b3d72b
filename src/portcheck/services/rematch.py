"""After an import: checks of open operations that were clear and are now listed."""

from collections.abc import Collection, Iterator

from portcheck.domain.answer import Mark, Match, Unit
from portcheck.journal.events import MatchesFoundLater
from portcheck.services import evidence
from portcheck.services.context import Context, Writer
from portcheck.services.matching import answer_marks
from portcheck.services.settings import zone
from portcheck.store.finder import lists_in_force

_CHECKS = (
    "SELECT c.check_id, c.ref, c.vehicle, c.vehicle_key, c.country, c.trailer, c.trailer_key,"
    " c.trailer_country, c.container, c.container_key, c.details ->> 'haulier', o.timezone"
    " FROM vehicle_check AS c JOIN operation AS o ON o.operation_id = c.operation_id"
    " WHERE o.ended_at IS NULL AND c.voided = 0 AND ?1 IN ('', c.check_id)"
    " ORDER BY c.at, c.check_id"
)


def rematch(writer: Writer, list_name: str, only: str = "") -> Iterator[str]:
    """Match the open operations' checks, or the one of identity `only`, with the new version.

    Records a fact for every check with a match it did not have, and yields
    those checks' references.  Weak matches alert nobody and are left out.
    """
    context = writer.context
    version = context.connection.execute(
        "SELECT version FROM action_list WHERE name = ?", (list_name,)
    ).fetchone()[0]
    for row in context.connection.execute(_CHECKS, (only,)).fetchall():
        check_id, ref, *typed, haulier, timezone = row
        answer = answer_marks(
            context.connection,
            _marks(typed),
            haulier or "",
            now=context.now(),
            zone=zone(timezone),
            only=list_name,
        )
        known, last = _known(context, check_id, list_name)
        fresh = [m for m in answer.matches if m.alerts and _identity(m) not in known]
        if fresh:
            writer.append(
                MatchesFoundLater(
                    check_id=check_id,
                    list_name=list_name,
                    list_version=version,
                    matches=evidence.matches_seen(fresh, last + 1),
                )
            )
            yield ref


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


def _marks(typed: list[str]) -> tuple[Mark, ...]:
    vehicle, vehicle_key, country, trailer, trailer_key, trailer_country, box, box_key = typed
    marks = (
        Mark(Unit.VEHICLE, vehicle, vehicle_key, country),
        Mark(Unit.TRAILER, trailer, trailer_key, trailer_country),
        Mark(Unit.CONTAINER, box, box_key),
    )
    return tuple(mark for mark in marks if mark.key)


def _identity(match: Match) -> tuple[str, str]:
    return match.unit.value, match.registration


def _known(context: Context, check_id: str, list_name: str) -> tuple[set[tuple[str, str]], int]:
    """The alerting matches that stand between check and list, and the number of its last match."""
    rows = context.connection.execute(
        "SELECT unit, registration, number, list_name = ? AND tier <> 'weak'"
        " AND decision <> 'replaced' FROM check_match WHERE check_id = ?",
        (list_name, check_id),
    ).fetchall()
    known = {(unit, registration) for unit, registration, _, stands in rows if stands}
    return known, max((number for _, _, number, _ in rows), default=0)
