"""`portcheck exchange`: a PostgreSQL database through which many devices share operations."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from portcheck.cli.app import App
from portcheck.cli.session import (
    JsonOption,
    asker,
    note,
    opened,
    print_json,
    settings_of,
    show_lines,
)
from portcheck.errors import ExitCode, WrongUsage

if TYPE_CHECKING:
    from portcheck.services.context import Context

app = App(
    no_args_is_help=True,
    help="An exchange on a PostgreSQL server: init, grant, revoke, doctor, publish.\n\n"
    "Example: portcheck exchange init postgresql://owner@server/portcheck",
)

UrlArgument = Annotated[
    str,
    typer.Argument(
        metavar="URL", help="postgresql://ROLE@SERVER/DATABASE. Passwords: PGPASSFILE, or asked."
    ),
]
RoleArgument = Annotated[str, typer.Argument(metavar="ROLE", help="A device's role: lane5.")]
OperationsOption = Annotated[
    list[str] | None,
    typer.Option("--operation", metavar="NAME", help="Its name or identity; may be given again."),
]
AllOption = Annotated[
    bool, typer.Option("--all", help="Every operation, also those that come later.")
]
AtOption = Annotated[
    str, typer.Option("--at", metavar="URL", help="Which exchange. Left out: “config set sync”.")
]


@app.command()
def init(ctx: typer.Context, url: UrlArgument) -> None:
    """Make an exchange in a database, or bring it up to date.

    It may be run again as often as you like: nothing that is there is lost. Run it at least
    once a year, so that there is a place for each month's texts.

    Example: portcheck exchange init postgresql://owner@server/portcheck
    """
    from portcheck.services.exchange.keeping import make
    from portcheck.targets.target import words_of

    new = make(url, asker())
    note(ctx, f"{'an exchange was made' if new else 'the exchange is up to date'} at"
         f" {words_of(url)}")  # fmt: skip
    if new:
        note(ctx, "let devices in: “portcheck exchange grant ROLE --operation NAME”")


@app.command()
def grant(
    ctx: typer.Context,
    role: RoleArgument,
    operation: OperationsOption = None,
    every: AllOption = False,
    at: AtOption = "",
) -> None:
    """Let a device's role read the texts of an operation, and put its own there.

    A role that the server does not know is made; it has no password then.

    Example: portcheck exchange grant lane5 --operation "Portsmouth 17 June" --at postgresql://owner@server/portcheck
    """
    from portcheck.services.exchange.keeping import grant as let_in

    with _known_here(ctx) as context:
        new = let_in(_url(ctx, at), asker(), context, role, _chosen(operation, every=every))
    if new:
        note(ctx, f"role {role} was made; it has no password yet: set one with psql's"
             f" “\\password {role}”, or let it in by a certificate")  # fmt: skip
    note(ctx, f"{role} may use {', '.join(operation or ['every operation'])}")


@app.command()
def revoke(
    ctx: typer.Context,
    role: RoleArgument,
    operation: OperationsOption = None,
    every: AllOption = False,
    at: AtOption = "",
) -> None:
    """Take an operation from a device's role, or all of them, and with them the exchange.

    What it has fetched it keeps; “device revoke” has what it records count no longer.

    Example: portcheck exchange revoke lane5 --all --at postgresql://owner@server/portcheck
    """
    from portcheck.services.exchange.keeping import revoke as shut_out

    with _known_here(ctx) as context:
        gone = shut_out(_url(ctx, at), asker(), context, role, _chosen(operation, every=every))
    note(ctx, f"taken from {role}: {gone}")


@app.command()
def publish(
    ctx: typer.Context,
    url: UrlArgument,
    operation: OperationsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put tables for analysts into a database: what is known here, and changed since.

    Checks, matches, penalties, findings, devices and how complete it all is, in a schema of
    their own, portcheck_figures. Without --operation every operation that is here.

    Example: portcheck exchange publish postgresql://owner@server/figures
    """
    from portcheck.report.exchange import published_document, published_lines
    from portcheck.services.exchange.publishing import publish as put_there
    from portcheck.targets.target import words_of

    with opened(ctx) as context:
        found = put_there(context, url, operation or ())
    if as_json:
        print_json(published_document(words_of(url), found))
    else:
        show_lines(ctx, published_lines(found))


@app.command()
def doctor(ctx: typer.Context, url: UrlArgument, as_json: JsonOption = False) -> None:
    """Is the exchange as it was made, and does it hold what is known here?

    Looks at its keys, rights and places, and holds every piece that was sent from here or
    taken here against what stands there; exit 4 when something needs attention.

    Example: portcheck exchange doctor postgresql://lane5@server/portcheck
    """
    from portcheck.report.doctor import finding_document, finding_line
    from portcheck.services.exchange.keeping import examine
    from portcheck.targets.target import words_of

    with _known_here(ctx) as context:
        findings = list(examine(url, asker(), context))
    good = all(one.good for one in findings)
    if as_json:
        print_json(
            {
                "exchange": words_of(url),
                "good": good,
                "findings": [finding_document(one) for one in findings],
            }
        )
    else:
        show_lines(ctx, map(finding_line, findings))
    if not good:
        raise typer.Exit(ExitCode.DATABASE)


@contextmanager
def _known_here(ctx: typer.Context) -> "Iterator[Context | None]":
    """The database here, where there is one: whoever runs a server needs none."""
    if settings_of(ctx).database.exists():
        with opened(ctx) as context:
            yield context
    else:
        yield None


def _url(ctx: typer.Context, at: str) -> str:
    url = at or settings_of(ctx)["sync"]
    if not url:
        raise WrongUsage(
            "no exchange is named", hint="Say which: --at postgresql://OWNER@SERVER/portcheck."
        )
    return url


def _chosen(operations: list[str] | None, *, every: bool) -> list[str]:
    """The operations that are meant, none for all.  Raises WrongUsage where that is not said."""
    if every == bool(operations):
        raise WrongUsage(
            "which operations are meant?",
            hint="Name them, --operation NAME, or say --all.",
        )
    return operations or []
