"""`portcheck check`: the answer first, then the saving."""

from datetime import tzinfo
from typing import Annotated, Any

import typer

from portcheck.cli.app import App
from portcheck.cli.lookup import CountryOption, ExitCodeOption, verdict_code
from portcheck.cli.options import takes_fields
from portcheck.cli.session import (
    AgainOption,
    JsonOption,
    console,
    note,
    opened,
    print_json,
    say_who,
    show_lines,
    warn,
)
from portcheck.domain.answer import Answer
from portcheck.domain.decision import Decision
from portcheck.domain.text import one_line
from portcheck.domain.times import parse_time
from portcheck.errors import PortcheckError, Refused
from portcheck.services.checks.check import (
    Observed,
    Prepared,
    SavedCheck,
    answer_only,
    prepare,
    record,
)
from portcheck.services.context import Context
from portcheck.services.matching.lookup import note_consulted
from portcheck.services.matching.matcher import Query
from portcheck.services.settings import zone
from portcheck.store.connection import UNREADABLE

app = App()


@app.command()
@takes_fields(details=True, outcome=True)
def check(
    *,
    ctx: typer.Context,
    registration: Annotated[str, typer.Argument(metavar="REG", help="The vehicle.")],
    details: dict[str, Any],
    outcome: dict[str, Any],
    country: CountryOption = "",
    trailer: Annotated[str, typer.Option(metavar="REG", help="Its trailer.")] = "",
    trailer_country: Annotated[
        str, typer.Option(metavar="CODE", help="The trailer's country.")
    ] = "",
    container: Annotated[str, typer.Option(metavar="NO", help="Its container.")] = "",
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When it was, if not now: 14:05, or a date too.")
    ] = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The listed vehicle is this one.")
    ] = False,
    reject: Annotated[
        str, typer.Option(metavar="REASON", help="The listed vehicle is not this one.")
    ] = "",
    no_list: Annotated[
        bool, typer.Option("--no-list", help="Record it although no list is in force.")
    ] = False,
    again: AgainOption = False,
    as_json: JsonOption = False,
    exit_code: ExitCodeOption = False,
) -> None:
    """Check a vehicle: match it, show it, save it.

    Without an operation it is answered all the same, and not recorded (exit code 3).

    Example: portcheck check "AB12 CDE" --trailer C1234567 --direction inbound
    --search visual --search dog --nothing-found
    """
    if confirm and reject:
        raise typer.BadParameter("choose one of --confirm and --reject")
    query = Query(
        registration, country, trailer, trailer_country, container, details.get("haulier", "")
    )
    with opened(ctx) as context:
        when = parse_time(at, now=context.now(), zone=context.zone_here()) if at else None
        try:
            context.operation()
        except Refused:
            found = answer_only(context, query, when)
            _answer_unrecorded(ctx, context, found, as_json=as_json)
            raise
        observed = Observed(
            details,
            outcome,
            decision=Decision.of(confirm=confirm) if confirm or reject else Decision.NONE,
            reason=one_line(reject),
            at=when,
            again=again,
        )
        prepared = prepare(context, query, observed, no_list=no_list)
        try:
            if not as_json:
                from portcheck.report.card import card

                show_lines(ctx, card(prepared.answer, prepared.decisions))
        finally:  # what was shown is recorded, also when whoever reads it has gone
            saved = _recorded(context, prepared, as_json=as_json)
        if as_json:
            print_json(_document(prepared.answer, zone(prepared.operation.timezone), saved))
        else:
            console(ctx).print(f"   saved as {saved.ref}")
        for warning in saved.warnings:
            warn(warning)
        if _undecided(prepared):
            note(
                ctx,
                f"{saved.ref} waits for a decision: portcheck decide {saved.ref} --confirm "
                "or --reject REASON",
            )
        say_who(ctx, context)
    if exit_code:
        raise typer.Exit(verdict_code([prepared.answer]))


def _answer_unrecorded(
    ctx: typer.Context, context: Context, found: Answer, *, as_json: bool
) -> None:
    """Answer, and log that somebody asked, where no check can be recorded."""
    try:
        if as_json:
            print_json(_document(found, context.zone_here(), None))
        else:
            from portcheck.report.card import card

            show_lines(ctx, card(found))
    finally:
        _note_asked(context, found)


def _recorded(context: Context, prepared: Prepared, *, as_json: bool) -> SavedCheck:
    """The check on disk; one that cannot be recorded any more is answered all the same."""
    try:
        return record(context, prepared)
    except (PortcheckError, *UNREADABLE) as error:
        found = prepared.answer
        if as_json:
            print_json(_document(found, zone(prepared.operation.timezone), None))
        if isinstance(error, Refused):
            _note_asked(context, found)
        raise


def _note_asked(context: Context, found: Answer) -> None:
    note_consulted(context, "check", [mark.text for mark in found.marks], [found.verdict.value])


def _undecided(prepared: Prepared) -> bool:
    return not prepared.observed.decision and any(m.alerts for m in prepared.answer.matches)


def _document(found: Answer, here: tzinfo, saved: SavedCheck | None) -> dict[str, Any]:
    from portcheck.report.answer import answer_document, saved_document

    return answer_document(found, here) | {"check": saved and saved_document(saved)}
