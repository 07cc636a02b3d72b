"""LibreOffice, and poppler's look at a PDF, for tests of what portcheck writes.

They are Debian's packages libreoffice-calc-nogui and poppler-utils.
"""

import os
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from python_calamine import CalamineWorkbook

SECONDS = 60
Rows = list[list[Any]]

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CORNERS = ("xMin", "yMin", "xMax", "yMax")
_SLACK = 2.0  # points: a letter's box is larger than what is seen of it


def finished(*words: str | Path, home: Path) -> str:
    """What a program prints that must end well; its profile is in `home`."""
    ran = subprocess.run(
        list(map(str, words)),
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "HOME": str(home)},
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, (words, ran.stdout, ran.stderr)
    return ran.stdout


@dataclass(frozen=True)
class Office:
    """LibreOffice with a profile of its own in `folder`."""

    folder: Path

    def saved_as(self, kind: str, *files: Path) -> list[Path]:
        """The files, each opened and saved in another format (and under its own name)."""
        suffix = kind.partition(":")[0]
        target = self.folder / f"as-{suffix}"
        target.mkdir(exist_ok=True)
        profile = (self.folder / "profile").as_uri()
        place = ("--outdir", str(target))
        program = ("soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore")
        finished(*program, "--convert-to", kind, *place, *files, home=self.folder)
        return [target / f"{file.stem}.{suffix}" for file in files]


def sheets_of(path: Path) -> dict[str, Rows]:
    """What stands in a workbook; days and times of day alike as times, blank ends left out."""
    with CalamineWorkbook.from_path(path) as book:
        return {
            name: _trimmed(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names
        }


def _trimmed(rows: Rows) -> Rows:
    kept = [[_value(cell) for cell in row] for row in rows]
    for row in kept:
        while row and row[-1] == "":
            row.pop()
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _value(cell: Any) -> Any:
    """A day as the time at which it begins."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time())
    return cell


def column(rows: Rows, heading: str) -> list[Any]:
    """What stands under a heading, blanks left out."""
    place = rows[0].index(heading)
    return [row[place] for row in rows[1:] if len(row) > place and row[place] != ""]


def formulas(ods: Path) -> list[str]:
    """The formulas of a workbook as LibreOffice understood it."""
    cells = _content(ods).iter()
    return [cell.attrib[f"{_TABLE}formula"] for cell in cells if f"{_TABLE}formula" in cell.attrib]


def shown(ods: Path, sheet: str) -> list[dict[str, str]]:
    """The rows of a sheet by their headings, as a person sees the cells; blanks left out."""
    tables = _content(ods).iter(f"{_TABLE}table")
    (table,) = (one for one in tables if one.attrib[f"{_TABLE}name"] == sheet)
    headings, *rows = (_texts(row) for row in table.iter(f"{_TABLE}table-row"))
    return [{headings[place]: text for place, text in row.items()} for row in rows if row]


def _content(ods: Path) -> ET.Element:
    with zipfile.ZipFile(ods) as parts:
        return ET.fromstring(parts.read("content.xml"))


def _texts(row: ET.Element) -> dict[int, str]:
    """The texts of a row by the places of their cells; equal neighbours stand there once."""
    found: dict[int, str] = {}
    place = 0
    for cell in row:
        text = "\n".join("".join(line.itertext()) for line in cell.iter(f"{_TEXT}p"))
        for _ in range(int(cell.attrib.get(f"{_TABLE}number-columns-repeated", 1))):
            if text:
                found[place] = text
            place += 1
    return found


@dataclass(frozen=True)
class Word:
    """A word on a printed page, in points from the page's upper left corner."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Print:
    """A PDF: the size of its pages in points, and every word on them that can be seen."""

    sizes: list[tuple[float, float]]
    words: list[Word]

    @classmethod
    def of(cls, pdf: Path) -> "Print":
        """Read it, with the help of pdftotext."""
        tree = ET.fromstring(finished("pdftotext", "-bbox", pdf, "-", home=pdf.parent))
        pages = [one for one in tree.iter() if one.tag.endswith("}page")]
        return cls(
            [(float(page.attrib["width"]), float(page.attrib["height"])) for page in pages],
            [
                Word(number, word.text or "", *(float(word.attrib[one]) for one in _CORNERS))
                for number, page in enumerate(pages)
                for word in page
            ],
        )

    def text(self, page: int) -> str:
        """The words of a page."""
        return " ".join(word.text for word in self.words if word.page == page)

    def collisions(self) -> list[tuple[str, str]]:
        """Words that are printed over each other."""
        found = []
        for page in range(len(self.sizes)):
            words = sorted((one for one in self.words if one.page == page), key=lambda one: one.top)
            for place, one in enumerate(words):
                for other in words[place + 1 :]:
                    if other.top >= one.bottom - _SLACK:
                        break
                    if min(one.right, other.right) - max(one.left, other.left) > _SLACK:
                        found.append((one.text, other.text))
        return found
