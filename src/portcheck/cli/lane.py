"""`portcheck lane`: the officer's full-screen program, or the same loop by prompts."""

import os
import sys
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portcheck.cli.app import App
from portcheck.cli.background import syncing
from portcheck.cli.options import takes_fields
from portcheck.cli.session import actor_of, console, note, opened, say_who, settings_of, warn
from portcheck.errors import WrongUsage
from portcheck.services.context import Context

if TYPE_CHECKING:
    from portcheck.tui.surface import Options

app = App()


@app.command()
@takes_fields(details=True, outcome=False)
def lane(
    *,
    ctx: typer.Context,
    details: dict[str, Any],
    search: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORD",
            help="How vehicles are searched here: F2 records it with “nothing found”. "
            "May be given again.",
        ),
    ] = None,
    no_list: Annotated[
        bool, typer.Option("--no-list", help="Record checks although no list is in force.")
    ] = False,
    plain: Annotated[
        bool, typer.Option("--plain", help="By prompts, line by line; so it is on a pipe.")
    ] = False,
    mute: Annotated[bool, typer.Option("--mute", help="No bell on a hit.")] = False,
    contrast: Annotated[
        bool, typer.Option("--contrast", help="Black on white, for sunlight.")
    ] = False,
    feed: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="A file or named pipe of camera lines: its reads are offered."
        ),
    ] = "",
) -> None:
    """The officer's screen: check, decide, record, all day.

    The options under Details go with every check. On a pipe, and on a terminal
    that can do nothing else, it is the same by prompts.

    Example: portcheck lane --lane 3 --direction inbound
    """
    by_prompts = plain or os.environ.get("TERM") == "dumb"
    streams = (sys.stdin, sys.stdout, sys.stderr)  # the screen is drawn on standard error
    by_prompts = by_prompts or not all(stream.isatty() for stream in streams)
    if by_prompts and feed:
        raise WrongUsage(
            "--feed goes with the full screen", hint="“portcheck feed” takes a camera's lines."
        )
    options = _options(ctx, details, search or [], no_list=no_list, mute=mute)
    with opened(ctx) as context:
        with syncing(context.settings):
            if by_prompts:
                _prompts(ctx, context, options)
            else:
                _screen(ctx, context, options, contrast=contrast, feed=feed)
        say_who(ctx, context)


def _options(
    ctx: typer.Context, details: dict[str, Any], search: list[str], *, no_list: bool, mute: bool
) -> "Options":
    from portcheck.domain.fields import parse
    from portcheck.domain.outcome import BY_NAME
    from portcheck.tui.surface import Options

    settings = settings_of(ctx)
    actor = actor_of(settings)
    methods = [word for text in search for word in parse(BY_NAME["searched"], text)]
    return Options(
        actor.officer,
        actor.agency,
        settings.zone,
        details,
        tuple(dict.fromkeys(methods)),
        no_list=no_list,
        muted=mute,
        officer_is_user=settings.values["officer"].source == "system",
    )


def _prompts(ctx: typer.Context, context: Context, options: "Options") -> None:
    from portcheck.tui.plain import Plain

    def ask(prompt: str) -> str | None:
        """A line of standard input; the prompt is no data and goes to standard error."""
        if not ctx.obj.quiet:
            sys.stderr.write(prompt)
            sys.stderr.flush()
        return sys.stdin.readline() or None

    lane = Plain(context, options, console(ctx), ask)
    lane.run()
    if not sys.stdin.isatty():
        note(ctx, "the input has ended")
    if lane.fault:
        raise lane.fault


def _screen(
    ctx: typer.Context, context: Context, options: "Options", *, contrast: bool, feed: str
) -> None:
    from pathlib import Path

    os.environ.setdefault("TEXTUAL_FPS", "120")  # an answer waits 8 ms at most to be drawn
    from portcheck.tui.app import LaneApp
    from portcheck.tui.camera import Camera
    from portcheck.tui.desk import Desk

    if ctx.obj.plain:
        os.environ["NO_COLOR"] = "1"
    told: list[str] = []  # the screen is drawn where it would be said
    again = replace(context, tell=told.append).again
    camera = Camera(Path(feed).expanduser(), again, options.details) if feed else None
    with closing(Desk(again, context.path)) as desk:
        shown = LaneApp(
            desk, options, camera=camera, contrast=contrast, no_color=bool(ctx.obj.plain)
        )
        try:
            shown.run(mouse=False)
        finally:
            if camera:
                camera.stop()
            for text in told:
                warn(text)
    if shown.fault:
        raise shown.fault
