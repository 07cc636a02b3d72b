"""A spreadsheet program and a browser as officers have them, and what portcheck wrote for them.

A program that is not here skips the test, and fails it where CI is set: .ci/run installs them.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from browser import Session, browser
from desktop import Office, Print

if TYPE_CHECKING:
    from tests.conftest import NewWorld, Program

PACKAGES = {
    "soffice": "libreoffice-calc-nogui",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "pdftotext": "poppler-utils",
}
"""Debian's package for each program; .ci/run names the same."""

LISTED = """\
Registration,Country,Haulier,Liable party,Role,Penalty reference,Issued on,Amount,Balance,Status,Notes
22E1,GB,=cmd,Jan Kowalski,owner,00123,04/01/2021,2400.00,2400.00,outstanding,+1
1234E5,GB,+1,Northsea Haulage Ltd,owner,CP-2,05/01/2021,1000.50,1000.50,objection,-1
00123,PL,-1,Przykładowy Transport Sp. z o.o.,owner,CP-3,06/01/2021,500,500,paid,@x
# KL65 XYZ,GB,@x,Weald Freight Ltd,owner,2E5,07/01/2021,750.25,750.25,outstanding,=1+1
,GB,-1,+1,owner,00124,08/01/2021,600.00,600.00,outstanding,=cmd|' /C calc'!A0
"""
"""An action list of what spreadsheet programs like to take for something else."""

CHECKED = """\
At,Registration,Country,Trailer,Haulier,Lane,Officer,Agency,Searched,Cash,Penalty,Offence,Note,Decision
17/06/2021 06:02,22E1,GB,00123,=cmd,+1,4711,Police,visual; dog,EUR:1250.50:seized; JPY:5000:seized,00123:part_paid:1000.00:card:R-77,tachograph:fixed_penalty:300.00,@x,confirmed
17/06/2021 07:30,1234E5,GB,,-1,@x,4712,Border Force,,GBP:7.00:counted,,,=1+1,rejected: another make and no trailer
17/06/2021 08:16,AB12 CDE,GB,,A Haulier of a Very Long Name That Fills More than a Line Ltd,1,4711,Police,visual,,,,+44 20 7946 0000,
"""
"""A day's checks, likewise."""

MANIFEST = """\
Registration,Country,Trailer,Haulier,Sailing
22E1,GB,,=cmd,+1
1234E5,GB,,-1,@x
=cmd,GB,,,
"""

BOOKS = ("day", "rejects", "template", "screened", "log")
"""Every workbook that portcheck writes, by the name it has here."""


def require(*programs: str) -> None:
    """Skip the test when a program is not here; fail it in CI, which has them."""
    missing = [PACKAGES[one] for one in programs if shutil.which(one) is None]
    if missing:
        _without(f"not here: install Debian's {' '.join(missing)}")


def _without(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def need() -> Callable[..., None]:
    """As `require`."""
    return require


@pytest.fixture
def packages() -> dict[str, str]:
    """Debian's package for each program."""
    return PACKAGES


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """LibreOffice as it is when it was just installed."""
    require("soffice")
    return Office(tmp_path)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, new_world: "NewWorld") -> "Program":
    """A day of awkward texts, and in its folder all that portcheck writes about it."""
    made = new_world(tmp_path_factory.mktemp("desktop"))
    for name, text in (("list", LISTED), ("checks", CHECKED), ("manifest", MANIFEST)):
        (made.folder / f"{name}.csv").write_text(text, encoding="utf-8")
    for words in (
        ("list", "import", "list.csv", "--list", "CECPT", "--rejects", "rejects.xlsx"),
        ("list", "template", "template.xlsx"),
        ("op", "start", "Portsmouth", "--site", "Portsmouth International Port"),
        ("log", "import", "checks.csv"),
        ("screen", "manifest.csv", "--out", "screened.xlsx"),
        ("log", "export", "log.xlsx"),
        ("report", "day.xlsx"),
        ("report", "day.html"),
        ("report", "day.json"),
    ):
        made.good(*words)
    return made


@pytest.fixture(scope="session")
def opened(world: "Program", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every workbook as LibreOffice understood it, saved as .ods."""
    require("soffice")
    office = Office(tmp_path_factory.mktemp("office"))
    return office.saved_as("ods", *(world.folder / f"{name}.xlsx" for name in BOOKS))[0].parent


@pytest.fixture(scope="session")
def paper(world: "Program", tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Print]:
    """Gives a workbook as LibreOffice prints it."""
    require("soffice", "pdftotext")
    office = Office(tmp_path_factory.mktemp("paper"))
    made = office.saved_as("pdf", *(world.folder / f"{name}.xlsx" for name in BOOKS))
    return {path.stem: Print.of(path) for path in made}.__getitem__


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Chromium as it is when it was just installed."""
    require("chromium", "chromedriver")
    with browser(tmp_path) as session:
        yield session
