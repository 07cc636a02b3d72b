"""What `tally` and `report` share: which checks they are about."""

from typing import TYPE_CHECKING, Annotated

import typer

from portcheck.cli.session import note
from portcheck.domain.text import count

if TYPE_CHECKING:
    from portcheck.services.context import Context
    from portcheck.services.day.selection import Selection

OperationsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--op",
        metavar="NAME",
        help="Another operation than the current one, or the last that ended where none is "
        "current. May be given again: they count together.",
    ),
]
SinceOption = Annotated[
    str, typer.Option("--since", metavar="TIME", help="Only checks from then on: 14:05.")
]
UntilOption = Annotated[
    str, typer.Option("--until", metavar="TIME", help="Only checks before then: 16:00.")
]
RecountOption = Annotated[
    bool,
    typer.Option("--recount", help="Count an ended operation anew, with corrections made since."),
]


def tell_of_operation(ctx: typer.Context, selection: "Selection") -> None:
    """Say which operation was taken, where none was named and none is under way."""
    if selection.just_ended:
        from portcheck.domain.times import local

        (ended,) = selection.operations
        at = f", which ended {local(ended.ended_at, selection.zone)}" if ended.ended_at else ""
        note(ctx, f"no operation is under way: this is {ended.name}{at}")


def tell_of_corrections(ctx: typer.Context, context: "Context", selection: "Selection") -> None:
    """Say that what ended was corrected afterwards, where that is not counted."""
    from portcheck.services.day.tally import corrected_since, late

    if selection.recount:
        return
    came = late(context, selection)
    corrected = corrected_since(context, selection) - sum(came.values())
    said = [f"{count(number, 'check')} of {label}" for label, number in came.items()]
    told = [f"since the end: {', '.join(said)}"] if said else []
    if corrected:
        told.append(f"{count(corrected, 'check')} corrected after the end")
    if told:
        note(ctx, f"{'; '.join(told)}: not in these figures. “--recount” counts anew.")
