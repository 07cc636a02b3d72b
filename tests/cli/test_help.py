"""The table of commands says what the commands say, and every help has an example."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from portcheck.cli.commands import COMMANDS
from portcheck.cli.main import load

if TYPE_CHECKING:
    from tests.conftest import Program, RunHere


def first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0].strip()


def subcommands() -> Iterator[tuple[str, ...]]:
    for name in COMMANDS:
        loaded: Any = load(name)
        yield (name,)
        for sub in getattr(loaded, "commands", {}):
            yield (name, sub)


ALL = list(subcommands())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_agrees_with_the_command(name: str) -> None:
    assert first_line(load(name).help) == COMMANDS[name].help


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_help_has_an_example(
    program: "Program", run_here: "RunHere", words: tuple[str, ...]
) -> None:
    ran = run_here(program, *words, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "Example:" in ran.out
    assert f"portcheck {' '.join(words)}" in " ".join(ran.out.split("Example:")[1].split())
    assert max(map(len, ran.out.splitlines())) <= 80
    assert not program.database.exists()


def test_help_lists_every_command(program: "Program", run_here: "RunHere") -> None:
    ran = run_here(program, "--help")
    listed = {line.split()[0] for line in ran.out.splitlines() if line.startswith("  ")}
    assert COMMANDS.keys() <= listed
    for command in COMMANDS.values():
        assert f"{command.panel}:" in ran.out


@pytest.mark.parametrize("words", [("-h",), ("check", "-h"), ("list", "import", "-h")])
def test_short_help(program: "Program", run_here: "RunHere", words: tuple[str, ...]) -> None:
    ran = run_here(program, *words)
    assert ran.code == 0
    assert ran.out.startswith("Usage: portcheck")


def test_version(program: "Program") -> None:
    ran = program.good("--version")
    assert ran.out.startswith("portcheck ")
    assert program.words[-1] == "portcheck"


def test_nothing_given(program: "Program", run_here: "RunHere") -> None:
    ran = run_here(program)
    assert ran.code == 2
    assert "Usage: portcheck" in ran.out + ran.err
