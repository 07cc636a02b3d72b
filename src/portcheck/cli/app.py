"""Commands whose help is plain text in sections: quick to load, and read aloud as it stands."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_WITHOUT_DOCSTRINGS = 2  # what -OO sets sys.flags.optimize to


def _write_options(command: Any, ctx: Any, formatter: Any) -> None:
    """Arguments and options by panel, the panels in the order of their first option."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is None:
            continue
        usual = "Arguments" if param.param_type_name == "argument" else "Options"
        title = getattr(param, "rich_help_panel", None) or usual
        names, words = record
        sections.setdefault(title, []).append((names.replace(" <str>", ""), words))
    for title, records in sections.items():
        with formatter.section(title):
            formatter.write_dl(records)


class PlainCommand(TyperCommand):
    """A command with sections of options."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The options by panel."""
        _write_options(self, ctx, formatter)


class PlainGroup(TyperGroup):
    """A group with sections of commands."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The commands by panel, then the options."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                panel = getattr(command, "rich_help_panel", None) or "Commands"
                sections.setdefault(panel, []).append((name, command.get_short_help_str(70)))
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)
        _write_options(self, ctx, formatter)


def _help_of(function: Callable[..., Any]) -> str | None:
    """What a command says of itself: its docstring, which “python -OO” leaves in the source."""
    if function.__doc__ or sys.flags.optimize < _WITHOUT_DOCSTRINGS:
        return function.__doc__
    import ast
    import inspect

    try:
        source = ast.parse(inspect.getsource(function))
    except OSError:  # the source was not installed
        return None
    definition = next(node for node in ast.walk(source) if isinstance(node, ast.FunctionDef))
    return ast.get_docstring(definition)


class App(typer.Typer):
    """A command, or a group of commands, of portcheck."""

    def __init__(self, **settings: Any) -> None:
        defaults: dict[str, Any] = {"cls": PlainGroup, "add_completion": False}
        super().__init__(
            rich_markup_mode=None, pretty_exceptions_enable=False, **defaults | settings
        )

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        """As Typer's, with plain help."""
        return self._with_help(partial(super().command, name, cls=PlainCommand, **settings))

    def callback(self, **settings: Any) -> Callable[[Any], Any]:
        """As Typer's."""
        return self._with_help(partial(super().callback, **settings))

    @staticmethod
    def _with_help(register: Callable[..., Any]) -> Callable[[Any], Any]:
        return lambda function: register(help=_help_of(function))(function)
