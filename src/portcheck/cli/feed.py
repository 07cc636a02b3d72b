"""`portcheck feed`: a number-plate camera's reads, answered line by line."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from portcheck.cli.app import App
from portcheck.cli.background import syncing
from portcheck.cli.options import takes_fields
from portcheck.cli.session import note, opened, print_json_line, say_who

if TYPE_CHECKING:
    from datetime import tzinfo
    from io import BufferedReader

    from portcheck.intake.feed import CameraLine
    from portcheck.services.checks.feed import Feed, FeedCounts, Reply
    from portcheck.services.context import Context

app = App()

MOST_AT_ONCE = 50
"""Lines recorded in one transaction: a burst is answered a part at a time."""

_CHUNK = 64 * 1024


@app.command()
@takes_fields(details=True, outcome=False)
def feed(
    *,
    ctx: typer.Context,
    details: dict[str, Any],
    candidate_confidence: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, metavar="SHARE", help="How sure a candidate must be to be matched."
        ),
    ] = 0.3,
    no_record: Annotated[
        bool, typer.Option("--no-record", help="Answer only; record no checks.")
    ] = False,
    no_list: Annotated[
        bool, typer.Option("--no-list", help="Record them although no list is in force.")
    ] = False,
) -> None:
    """Check what a number-plate camera reads.

    Standard input has a JSON document a line; each is answered with a line of
    JSON as soon as its check is on disk. A plate that is read again within a
    minute is not recorded again, and a line that cannot be read is answered
    with the reason. The options under Details hold for every vehicle.

    Example: camera-reader | portcheck feed --direction inbound
    """
    from portcheck.intake.feed import waiting_lines
    from portcheck.services.checks.feed import Feed, FeedOptions

    with opened(ctx) as context:
        taking = Feed(
            context,
            FeedOptions(details, candidate_confidence, record=not no_record, no_list=no_list),
        )
        try:
            with syncing(context.settings), _input() as read:
                for lines in waiting_lines(read):
                    _answer(context, taking, lines)
        finally:
            note(ctx, _summary(taking.counts, recorded=not no_record))
        say_who(ctx, context)


def _answer(context: "Context", taking: "Feed", lines: "Sequence[CameraLine]") -> None:
    """Record the lines and print their answers, so many at a time."""
    here = context.zone_here()
    for first in range(0, len(lines), MOST_AT_ONCE):
        for reply in taking.take(lines[first : first + MOST_AT_ONCE]):
            print_json_line(_document(reply, here))


@contextmanager
def _input() -> Iterator[Callable[[], bytes]]:
    """Reads standard input until it ends or the program is asked to stop.

    Asked to stop, it ends the input.  Only a wait for more is broken off: what
    has been read is recorded and answered first.
    """
    state = {"asked": False, "waiting": False}

    def ask(*_: object) -> None:
        state["asked"] = True
        if state["waiting"]:
            raise KeyboardInterrupt

    def read() -> bytes:
        if state["asked"]:
            return b""
        try:
            state["waiting"] = True
            return cast("BufferedReader", sys.stdin.buffer).read1(_CHUNK)
        except KeyboardInterrupt:
            return b""
        finally:
            state["waiting"] = False

    before = {name: signal.signal(name, ask) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield read
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _document(reply: "Reply", here: "tzinfo") -> dict[str, Any]:
    from portcheck.domain.times import iso
    from portcheck.report.answer import answer_document, saved_document
    from portcheck.services.checks.feed import NotRead

    if isinstance(reply, NotRead):
        refusal = reply.refusal
        return {"error": {"line": reply.line, "reason": str(refusal), "hint": refusal.hint}}
    document = answer_document(reply.answer, here)
    document |= {"line": reply.line, "at": iso(reply.at, here), "lane": reply.read.lane}
    if reply.duplicate_of:
        document["duplicate_of"] = reply.duplicate_of
    if reply.saved:
        document["check"] = saved_document(reply.saved)
    return document


def _summary(counts: "FeedCounts", *, recorded: bool) -> str:
    from portcheck.domain.text import count

    told = f"{count(counts.saved, 'check')} recorded" if recorded else "none recorded"
    return (
        f"{count(counts.lines, 'line')}: {told}, {counts.repeated:,} repeated, "
        f"{counts.refused:,} refused; {counts.listed:,} listed, {counts.possible:,} possible"
    )
