"""The entry point: the table of commands, the global options, and the one place for errors."""

import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from portcheck import __version__
from portcheck.cli.app import App, PlainGroup
from portcheck.cli.commands import COMMANDS
from portcheck.cli.session import Globals
from portcheck.cli.texts import keep_texts_and_flags
from portcheck.domain.text import clean
from portcheck.errors import ExitCode, PortcheckError, Refused

keep_texts_and_flags()


class LazyGroup(PlainGroup):
    """A group whose commands are loaded when they run; help text stands in the table."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, command in COMMANDS.items():
            self.add_command(
                TyperCommand(name, help=command.help, rich_help_panel=command.panel), name
            )

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Put the real command in the stub's place before it is called."""
        if args and args[0] in COMMANDS:
            self.add_command(load(args[0]), args[0])
        return super().resolve_command(ctx, args)


def load(name: str) -> Any:
    """The real command of this name."""
    command = COMMANDS[name]
    app: typer.Typer = import_module(command.module).__dict__[command.app]
    loaded = typer.main.get_command(app)
    loaded.name = name
    return loaded


app = App(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"portcheck {__version__}")
        raise typer.Exit


@app.callback()
def portcheck(
    ctx: typer.Context,
    db: Annotated[
        str | None,
        typer.Option(
            metavar="PATH", help="The database: a path, or sqlite:/// and a path. [PORTCHECK_DB]"
        ),
    ] = None,
    officer: Annotated[
        str | None, typer.Option(metavar="ID", help="Your officer ID. [PORTCHECK_OFFICER]")
    ] = None,
    agency: Annotated[
        str | None, typer.Option(metavar="NAME", help="Your agency. [PORTCHECK_AGENCY]")
    ] = None,
    no_color: Annotated[bool, typer.Option("--no-color", help="Plain text. [NO_COLOR]")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No messages besides answers and errors.")
    ] = False,
    _show_version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Freight checks at a port.

    Match vehicles, trailers and containers against the vehicle action list,
    record what was found, and tally the day.

    Begin with: portcheck demo
    """
    ctx.obj = Globals(
        options={"database": db, "officer": officer, "agency": agency},
        no_color=no_color,
        quiet=quiet,
    )


def run() -> None:
    """Run the program: answers to standard output, the rest to standard error."""
    os.umask(0o077)
    _stand_in_for_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(guarded(typer.main.get_command(app)))


def _stand_in_for_closed_streams() -> None:
    for name, flags, mode in (
        ("stdin", os.O_RDONLY, "r"),
        ("stdout", os.O_WRONLY, "w"),
        ("stderr", os.O_WRONLY, "w"),
    ):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode))


def guarded(call: Any) -> int:
    """Run `call`; tell every error in words and return the exit code it means."""
    try:
        call()
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # as Click and Rich end on one
            return _pipe_closed()
        return _flushed(stop.code if isinstance(stop.code, int) else int(bool(stop.code)))
    except BrokenPipeError:
        return _pipe_closed()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - the one place where errors become exit codes;
        return _ended(error)  # a library in Rust panics with what is no Exception
    return _flushed(ExitCode.DONE)


def _ended(error: BaseException) -> int:
    """Tell an error; what was printed before it may have no place to go, which is no other one."""
    code = _tell(error)
    try:
        sys.stdout.flush()
    except OSError:
        _discard_output()
    return code


def _tell(error: BaseException) -> int:
    known = _known(error)
    if known is None:
        _print_error(f"a fault in portcheck: {type(error).__name__}: {error}{_place(error)}")
        _print_error("  Please report it, with what you did. What was saved is safe.")
        return ExitCode.FAULT
    _print_error(str(known))
    if known.hint:
        _print_error(f"  {known.hint}", name=False)
    return known.exit_code


def _known(error: BaseException) -> PortcheckError | None:
    if isinstance(error, PortcheckError):
        return error
    cause = getattr(error, "orig", None) or error
    from portcheck.store.connection import UNREADABLE, unusable

    if isinstance(cause, UNREADABLE):  # texts are read from there only
        return unusable(cause)
    if isinstance(cause, OSError) and cause.filename:
        return Refused(
            f"it cannot be used ({cause.strerror})",
            where=str(cause.filename),
            hint="Check the name, the folder and who may use it.",
        )
    if isinstance(cause, OSError):
        return PortcheckError(
            f"the answer could not be written ({cause.strerror})",
            hint="What was saved is safe: “portcheck log” shows it.",
        )
    return None


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    place = ""
    while trace:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith("portcheck"):
            place = f" ({module}, line {trace.tb_lineno})"
        trace = trace.tb_next
    return place


def _print_error(text: str, *, name: bool = True) -> None:
    lines = [clean(line) for line in text.splitlines()] or [""]
    sys.stderr.write(("portcheck: " if name else "") + "\n".join(lines) + "\n")


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _pipe_closed()
    except OSError as error:
        _discard_output()
        return _tell(error)
    return code


def _pipe_closed() -> int:
    _discard_output()
    return ExitCode.DONE


def _discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
