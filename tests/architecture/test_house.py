"""The house stands as drawn: one direction, small rooms, nothing left lying about."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "portcheck"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
DISTRIBUTIONS = {
    "msoffcrypto": "msoffcrypto-tool",
    "pydantic_core": "pydantic",
    "python_calamine": "python-calamine",
    "stdnum": "python-stdnum",
    "uuid_utils": "uuid-utils",
}
"""Packages that are imported under another name than they are asked for."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """The module's tree, itself first."""
    return tuple(ast.walk(ast.parse(text_of(path))))


@pytest.fixture(scope="module", autouse=True)
def _trees_are_let_go() -> Iterator[None]:
    """So many objects would slow every test that comes after."""
    yield
    nodes.cache_clear()


def module_of(path: Path) -> ast.Module:
    module = nodes(path)[0]
    assert isinstance(module, ast.Module)
    return module


def place(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def test_enough_is_looked_at() -> None:
    assert len(MODULES) > 50
    assert len(TESTS) > 20


def test_imports_go_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_no_module_is_a_house_of_its_own() -> None:
    long = [place(path) for path in MODULES if len(text_of(path).splitlines()) > LONGEST_MODULE]
    assert long == []


def length(function: Function) -> int:
    """Lines of the body: a command's options stand in its signature, one below the other."""
    return (function.body[-1].end_lineno or 0) - function.body[0].lineno + 1


def test_every_function_fits_a_screen() -> None:
    """All but the migrations, which list columns."""
    long = [
        place(path, node.lineno)
        for path in MODULES
        if "migrations" not in path.parts
        for node in nodes(path)
        if isinstance(node, Function) and length(node) > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        place(path)
        for path in MODULES
        if text_of(path).strip() and not ast.get_docstring(module_of(path))
    ]
    assert silent == []


def test_sql_lives_in_the_store() -> None:
    """And in the journal, which knows its own tables, and where a server is spoken to; the
    store's models may be asked elsewhere.
    """
    rooms = (PACKAGE / "store", PACKAGE / "journal", PACKAGE / "targets" / "server")
    elsewhere = [
        place(path, node.lineno)
        for path in MODULES
        if not any(path.is_relative_to(room) for room in rooms)
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in {"execute", "executemany"}
    ]
    assert elsewhere == []


def test_use_cases_are_handed_a_context() -> None:
    """Of connections and of SQLite itself only the store knows, and the context that holds one."""
    holder = PACKAGE / "services" / "context.py"
    above = [
        path
        for room in ("services", "report", "tui", "cli")
        for path in (PACKAGE / room).rglob("*.py")
        if path != holder
    ]
    assert len(above) > 100
    handed = [
        place(path, node.lineno)
        for path in above
        for node in nodes(path)
        if isinstance(node, ast.arg)
        and (node.arg == "connection" or "Connection" in ast.dump(node.annotation or node))
    ]
    assert handed == []
    assert [place(path) for path in above if "sqlite3" in dict(imported(path))] == []


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that is imported, with how many dots stand before it."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.level


def test_imports_are_written_out() -> None:
    dotted = [place(path) for path in MODULES if any(level for _, level in imported(path))]
    assert dotted == []


def test_every_package_that_is_imported_is_asked_for() -> None:
    """What runs here because some tool brought it must run on an officer's machine too."""
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *(one for name in extras for one in extras[name] if name != "dev"),
    ]
    asked = {re.split(r"[^A-Za-z0-9_-]", text)[0].lower() for text in wanted}
    used = {name.split(".")[0] for path in MODULES for name, _ in imported(path)}
    others = used - sys.stdlib_module_names - {"portcheck"}
    missing = {name for name in others if DISTRIBUTIONS.get(name, name) not in asked}
    assert missing == set()


def test_nothing_is_left_for_later() -> None:
    left = [
        place(path, number)
        for path in MODULES
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if re.search(r"\b(?:TODO|FIXME|XXX|HACK)\b", line)
    ]
    assert left == []


def catches_anything(node: ast.AST) -> bool:
    """Also what is no Exception, but not where all of it is passed on."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    named = ast.walk(node.type) if node.type else ()
    names = {one.id for one in named if isinstance(one, ast.Name)}
    passed_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
    anything = node.type is None or "Exception" in names
    return anything or ("BaseException" in names and not passed_on)


def test_errors_are_caught_by_name() -> None:
    """All but the entry point's, where errors become exit codes."""
    found = [
        place(path)
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler) and catches_anything(node)
    ]
    assert found == ["src/portcheck/cli/main.py"]


def test_test_files_have_names_of_their_own() -> None:
    names = [path.name for path in TESTS if path.name != "conftest.py"]
    assert len(set(names)) == len(names)
    assert "__init__.py" not in names


def test_no_test_is_expected_to_fail() -> None:
    """Only where the words stand at all is the tree looked at."""
    words = {"xfail", "importorskip"}
    found = [
        place(path, node.lineno)
        for path in TESTS
        if any(word in text_of(path) for word in words)
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in words
    ]
    assert found == []
