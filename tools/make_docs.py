"""Write docs/commands.md and docs/schemas from the program itself.

Run it as `.venv/bin/python tools/make_docs.py`; with `--check` it writes
nothing, and exits with 1 when what is there is out of step with the program.
"""

import inspect
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer.main
from pydantic.json_schema import GenerateJsonSchema
from typer.core import TyperArgument

from portcheck.cli.commands import COMMANDS
from portcheck.cli.main import app, load
from portcheck.domain.fields import Field, Part
from portcheck.domain.outcome import OUTCOME
from portcheck.report.contract import DOCUMENTS, FURTHER

_SHARED = ("Details", "Outcome")
DOCS = Path(__file__).resolve().parents[1] / "docs"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_HEAD = """\
# Commands

Made from the program by `tools/make_docs.py`: `make docs` writes it anew.
`--help` after a command says the same.

"""
_RECORDED_HEAD = """\
## What can be recorded

A flag is taken back with its `--no-` form. What an option takes several of may
be given again, or in one value parted by `;`.
"""
_PARTS_HEAD = """\
### Values with several parts

The parts are parted by `:`. Parts in brackets may be left out; one that stands
after a gap is named, as `CP-1042:paid_in_full:receipt=R-77`. An amount is typed
as 2400 or 2400.00. A `:` or `;` that belongs to the text is written `\\:` or
`\\;`.
"""
_DOCUMENTS_HEAD = """\
## JSON documents

With `--json` a command prints one JSON document; `log` and `screen` print a line
for each check or row, and `feed` always answers in such lines. A document holds
the keys of its schema and no others. Money is in integer pence (`_pence`) or in
minor units of the currency beside it (`_minor`); times are ISO 8601 with offset.
A text that is not known is `""`, a figure that is not known is `null`; 0 is a
written zero.
"""


def main(arguments: list[str]) -> int:
    """Write the documents, or with --check compare them; the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    wanted = documents()
    if not arguments:
        write(DOCS, wanted)
        return 0
    stale = differences(DOCS, wanted)
    if stale:
        print(
            f"out of step with the program: {', '.join(stale)}; “make docs” writes them anew",
            file=sys.stderr,
        )
    return int(bool(stale))


def documents() -> dict[str, str]:
    """The text of every generated file by its place under docs."""
    found = {"commands.md": _HEAD + "\n".join(_commands())}
    for name, published in (DOCUMENTS | FURTHER).items():
        about = {
            "$schema": _DIALECT,
            "title": " and ".join(f"portcheck {command}" for command in published.commands),
        }
        schema = published.reader.json_schema(schema_generator=_Untitled)
        schema = about | {"description": published.what} | schema | about
        found[f"schemas/{name}.json"] = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    return found


class _Untitled(GenerateJsonSchema):
    """Schemas without titles that only repeat a key."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's interface
        return False


def write(folder: Path, wanted: Mapping[str, str]) -> None:
    """Write every file, and take away schemas that are no more."""
    (folder / "schemas").mkdir(parents=True, exist_ok=True)
    for place in _strays(folder, wanted):
        (folder / place).unlink()
    for place, text in wanted.items():
        (folder / place).write_text(text, encoding="utf-8", newline="\n")


def differences(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """The places whose file is missing, is not as wanted, or should not be there."""
    wrong = [
        place
        for place, text in wanted.items()
        if not (folder / place).is_file() or (folder / place).read_bytes() != text.encode()
    ]
    return sorted([*wrong, *_strays(folder, wanted)])


def _strays(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    there = {f"schemas/{path.name}" for path in (folder / "schemas").glob("*.json")}
    return sorted(there - wanted.keys())


def _commands() -> Iterator[str]:
    yield "## Before the command\n"
    yield from _parameters(typer.main.get_command(app))
    for panel in dict.fromkeys(command.panel for command in COMMANDS.values()):
        yield f"## {panel}\n"
        for name, command in COMMANDS.items():
            if command.panel == panel:
                yield from _command(name, load(name))
    yield from _recorded()
    yield _DOCUMENTS_HEAD
    yield from _table(
        ("Command", "Schema", "What it is"),
        (
            (
                ", ".join(f"`{command}`" for command in one.commands),
                f"[{name}](schemas/{name}.json)",
                one.what,
            )
            for name, one in (DOCUMENTS | FURTHER).items()
        ),
    )


def _recorded() -> Iterator[str]:
    """The options that follow from the registries of fields, once for all commands."""
    yield _RECORDED_HEAD
    _, options = _apart(load("amend"))
    for panel in _SHARED:
        yield f"### {panel}\n"
        yield from _options("Option", (o for o in options if o.rich_help_panel == panel))
    yield _PARTS_HEAD
    yield from _table(
        ("Option", "Parts", "Example"),
        ((f"`{f.flag}`", _parts(f), f"`{f.example}`") for f in OUTCOME if f.parts),
    )


def _command(path: str, command: Any) -> Iterator[str]:
    """A command's section, and the sections of its subcommands."""
    nested: dict[str, Any] = getattr(command, "commands", {})
    runs_itself = not nested or command.invoke_without_command
    yield f"### portcheck {path}\n"
    if runs_itself:
        yield from _section(path, command)
    else:
        yield f"{command.help}\n"
    for name, sub in nested.items():
        yield f"### portcheck {path} {name}\n"
        yield from _section(f"{path} {name}", sub)


def _section(path: str, command: Any) -> Iterator[str]:
    about, example = _help(command)
    yield f"{about}\n"
    yield f"```text\n{_usage(path, command)}\n```\n"
    yield from _parameters(command)
    yield f"For example:\n\n```sh\n{example}\n```\n"
    schema = next((name for name, one in DOCUMENTS.items() if path in one.commands), "")
    if schema:
        asked = any("--json" in option.opts for option in command.params)
        when = "With `--json` it" if asked else "It"
        yield f"{when} prints [{schema}](schemas/{schema}.json).\n"


def _help(command: Any) -> tuple[str, str]:
    """What the command does and an example, from its docstring."""
    text = inspect.cleandoc(command.callback.__doc__ or "")
    about, _, example = text.partition("Example: ")
    if not about.strip() or not example.strip():
        raise SystemExit(f"the command {command.name} has no help with an example")
    return about.strip(), " ".join(example.split())


def _usage(path: str, command: Any) -> str:
    words = ["portcheck", path]
    arguments, options = _apart(command)
    words += ["[OPTIONS]"] if options else []
    for argument in arguments:
        words.append(argument.metavar if argument.required else f"[{argument.metavar}]")
    return " ".join(words)


def _apart(command: Any) -> tuple[list[Any], list[Any]]:
    shown = [p for p in command.params if not getattr(p, "hidden", False)]
    arguments = [p for p in shown if isinstance(p, TyperArgument)]
    return arguments, [p for p in shown if not isinstance(p, TyperArgument)]


def _parameters(command: Any) -> Iterator[str]:
    """Tables of the arguments and of the options; the shared options are linked to."""
    arguments, options = _apart(command)
    if arguments:
        yield from _table(
            ("Argument", "What it is"), ((f"`{a.metavar}`", a.help) for a in arguments)
        )
    own = [option for option in options if option.rich_help_panel not in _SHARED]
    if own:
        yield from _options("Option", own)
    shared = [panel for panel in _SHARED if any(o.rich_help_panel == panel for o in options)]
    if shared:
        links = " and ".join(f"[{panel.lower()}](#{panel.lower()})" for panel in shared)
        yield f"It also takes the options of the {links}.\n"


def _options(heading: str, options: Iterable[Any]) -> Iterator[str]:
    return _table((heading, "Value", "What it does"), map(_option, options))


def _option(option: Any) -> tuple[str, str, str]:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    words = (option.help or "").replace("\\[", "[")
    if option.required:
        words += " Required."
    if type(option.default) in {int, float} and option.default:
        words += f" {option.default} unless said otherwise."
    return names, f"`{option.metavar}`" if option.metavar else "", words


def _parts(field: Field) -> str:
    return ", ".join(_part(part) for part in field.parts)


def _part(part: Part) -> str:
    name = part.name if part.required else f"[{part.name}]"
    return f"{name} ({', '.join(part.choices)})" if part.choices else name


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    lines = [headings, tuple("---" for _ in headings), *rows]
    yield (
        "\n".join(
            "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
            for line in lines
        )
        + "\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
