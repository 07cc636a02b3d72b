"""Is it listed?  Answering records no check, only that somebody asked."""

from collections.abc import Sequence

from portcheck.domain.answer import Answer
from portcheck.journal.append import append
from portcheck.services.context import Context
from portcheck.services.matching import Query, answer
from portcheck.store.connection import snapshot, transaction

CONSULTED = "record_consulted"


def look_up(context: Context, queries: Sequence[Query]) -> list[Answer]:
    """One answer a query, all against the same state of the lists.

    Raises RegistrationRefused or Refused for a query that cannot be asked.
    """
    zone, now = context.zone_here(), context.now()
    with snapshot(context.connection):
        return [answer(context.connection, query, now=now, zone=zone) for query in queries]


def note_consulted(
    context: Context, command: str, queries: Sequence[str], verdicts: Sequence[str] = ()
) -> None:
    """Log a consultation (Data Protection Act 2018 s.62).

    Written without the event's class, which would have to be loaded first; a
    test holds the payload against it.
    """
    payload = {
        "kind": CONSULTED,
        "command": command,
        "queries": list(queries),
        "verdicts": list(verdicts),
    }
    with transaction(context.connection):
        append(context.connection, CONSULTED, payload, context.actor, context.now())
