"""The documents hold: their commands are real, their links lead somewhere, nothing private is in."""

import importlib.util
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
import typer.main

from portcheck.cli.commands import COMMANDS
from portcheck.cli.main import app, load
from portcheck.errors import ExitCode

ROOT = Path(__file__).resolve().parents[2]
GUIDES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`(portcheck [^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PROGRAM = re.compile(r"(?:\.venv[/\\](?:bin|Scripts)[/\\])?portcheck\s")
SHELL = re.compile(r"\n|\s[|<>]\s")
NEEDS = " needs "


class Typed(NamedTuple):
    """A command line in a document."""

    guide: str
    words: str
    whole: bool


def _typed(path: Path) -> Iterator[Typed]:
    text = path.read_text(encoding="utf-8")
    guide = str(path.relative_to(ROOT))
    for language, block in FENCE.findall(text):
        if language not in {"sh", "bat"}:
            continue
        for piece in SHELL.split(block.replace("\\\n", " ")):
            if PROGRAM.match(piece):
                yield Typed(guide, PROGRAM.sub("", piece, count=1), whole=True)
    for words in INLINE.findall(FENCE.sub("", text)):
        yield Typed(guide, words.removeprefix("portcheck "), whole=False)


ALL_TYPED = sorted({typed for path in GUIDES for typed in _typed(path)})


@cache
def _tree() -> Any:
    return typer.main.get_command(app)


def _spelled(command: Any) -> dict[str, Any]:
    return {name: p for p in command.params for name in (*p.opts, *p.secondary_opts)}


def faults(words: list[str]) -> Iterator[str]:
    """What is not real in a command line: the command, an option, a missing or spare value."""
    words = ["--version" if word == "--help" else word for word in words]
    command, path = _tree(), "portcheck"
    while hasattr(command, "commands"):
        words, wrong = _past_options(command, words)
        yield from wrong
        if not words:
            if not (command.invoke_without_command or wrong or "--version" in _spelled(command)):
                yield f"{path} needs a command"
            return
        name, *words = words
        path = f"{path} {name}"
        if command is _tree() and name in COMMANDS:
            command = load(name)
        elif name in command.commands:
            command = command.commands[name]
        else:
            yield f"there is no command {path}"
            return
    if "--version" in words:
        return
    rest, wrong = _past_options(command, words, everywhere=True)
    yield from wrong
    given = {word.partition("=")[0] for word in words}
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    least = sum(p.required for p in arguments)
    most = 99 if any(p.nargs == -1 for p in arguments) else len(arguments)
    if not least <= len(rest) <= most:
        yield f"{path} needs {least} to {most} arguments and not {rest}"
    for name, param in _spelled(command).items():
        if param.param_type_name == "option" and param.required and name not in given:
            yield f"{path} needs {name}"


def _past_options(
    command: Any, words: list[str], *, everywhere: bool = False
) -> tuple[list[str], list[str]]:
    """The words without options (only the leading ones, unless `everywhere`), and what is wrong."""
    known = _spelled(command)
    rest: list[str] = []
    wrong: list[str] = []
    left = list(words)
    while left and (everywhere or left[0].startswith("-")):
        word = left.pop(0)
        if not word.startswith("-") or word == "-":
            rest.append(word)
            continue
        option = known.get(word.partition("=")[0])
        if option is None:
            wrong.append(f"{command.name} has no option {word}")
        elif not option.is_flag and "=" not in word and not (left and left.pop(0)):
            wrong.append(f"{word} needs a value")
    return [*rest, *left], wrong


@pytest.mark.parametrize("typed", ALL_TYPED, ids=lambda typed: f"{typed.guide}: {typed.words}")
def test_every_command_in_the_documents_is_real(typed: Typed) -> None:
    """In running text a command may stand without its arguments."""
    words = shlex.split(typed.words, comments=True)
    found = [fault for fault in faults(words) if typed.whole or NEEDS not in fault]
    assert found == []


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("sail", "no command portcheck sail"),
        ("list merge", "no command portcheck list merge"),
        ("list", "needs a command"),
        ("check AB12CDE --colour red", "no option --colour"),
        ("check", "needs 1 to 1 arguments"),
        ("check A1 B2", "needs 1 to 1 arguments"),
        ("decide L2-001 --reject", "--reject needs a value"),
        ("amend L2-001", "needs --reason"),
        ("--colour tally", "no option --colour"),
    ],
)
def test_a_command_that_is_not_real_is_found_out(words: str, what: str) -> None:
    assert any(what in fault for fault in faults(words.split()))


def test_enough_commands_were_looked_at() -> None:
    """Every command stands in a guide that people read, not only in the reference."""
    shown = {typed.words.split()[0] for typed in ALL_TYPED if typed.guide != "docs/commands.md"}
    assert shown >= COMMANDS.keys()


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text("utf-8")), re.MULTILINE)
    bare = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in bare}


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        if link.startswith(("https://", "mailto:")):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), f"{path.name}: {link}"
        assert not anchor or anchor in _anchors(target), f"{path.name}: {link}"


PRIVATE = re.compile(
    r"/(?:home|root|Users|work|tmp|mnt)/\w|[A-Za-z]:\\Users|file://"
    r"|pypi|index-url|/simple/|artifactory|nexus|localhost|127\.0\.0\.1",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "path",
    [*GUIDES, ROOT / "LICENSE", *sorted((ROOT / "docs").rglob("*.json")),
     *sorted((ROOT / "docs").rglob("*.svg"))],
    ids=lambda path: path.name,
)  # fmt: skip
def test_no_document_tells_of_a_machine_or_a_registry(path: Path) -> None:
    found = PRIVATE.search(path.read_text(encoding="utf-8"))
    assert found is None, found


def test_every_exit_code_is_in_the_readme() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(",")} == set(ExitCode)


def test_the_readme_gives_one_command_that_runs_the_tests() -> None:
    """CI takes it from there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, after = text.partition("\n## Run the tests\n")
    assert FENCE.search(after) is not None
    assert FENCE.findall(after)[0] == ("sh", "make test\n")


def _tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_documents_are_in_step(tmp_path: Path) -> None:
    tool = _tool("make_docs")
    wanted = tool.documents()
    assert tool.differences(ROOT / "docs", wanted) == []
    assert tool.documents() == wanted

    tool.write(tmp_path, wanted)
    assert tool.differences(tmp_path, wanted) == []
    (tmp_path / "commands.md").write_text("old", encoding="utf-8")
    (tmp_path / "schemas" / "gone.json").write_text("{}", encoding="utf-8")
    (tmp_path / "schemas" / "tally.json").unlink()
    assert tool.differences(tmp_path, wanted) == [
        "commands.md", "schemas/gone.json", "schemas/tally.json",
    ]  # fmt: skip
    tool.write(tmp_path, wanted)
    assert tool.differences(tmp_path, wanted) == []


def test_every_picture_shows_what_its_command_line_says() -> None:
    """The first line of a picture is the command; the pictures the README shows are there."""
    steps = {step.picture: step.command for step in _tool("make_screenshots").STEPS if step.picture}
    folder = ROOT / "docs" / "screenshots"  # those of the lane are made by another tool
    pictures = {p.stem: p for p in folder.glob("*.svg") if not p.stem.startswith("lane")}
    assert pictures.keys() == steps.keys()
    for name, command in steps.items():
        assert list(faults(shlex.split(command)[1:])) == []
        text = pictures[name].read_text("utf-8").replace("&#160;", " ").replace("&quot;", '"')
        assert f"$ {command}" in text
