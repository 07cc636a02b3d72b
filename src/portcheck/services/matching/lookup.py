"""Is it listed?  Answering records no check, only that somebody asked."""

from collections.abc import Sequence

from portcheck.domain.answer import Answer
from portcheck.errors import Refused
from portcheck.services.clock import remarked
from portcheck.services.context import Context
from portcheck.services.matching.matcher import Query, answer
from portcheck.services.matching.seen import with_seen
from portcheck.store.connection import snapshot

CONSULTED = "record_consulted"


def look_up(context: Context, queries: Sequence[Query]) -> list[Answer | Refused]:
    """One answer a query, or why it cannot be asked; all against the same state of the lists."""
    zone, now = context.zone_here(), context.now()

    def found(query: Query) -> Answer | Refused:
        try:
            return remarked(context, answer(context, query, now=now, zone=zone))
        except Refused as refusal:
            return refusal

    with snapshot(context.connection):
        asked = [found(query) for query in queries]
        answers = [one for one in asked if isinstance(one, Answer)]
        told = iter(with_seen(context, answers, now, zone))
    return [next(told) if isinstance(one, Answer) else one for one in asked]


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
    with context.writing() as writer:
        writer.note(CONSULTED, payload)
