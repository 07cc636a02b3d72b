"""Files whose bytes depend on nothing but their contents."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

_MOMENT = (2021, 6, 16, 16, 30, 0)
WRITTEN_AT = datetime(*_MOMENT)  # noqa: DTZ001 - a workbook's times have no zone
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def save_workbook(book: Workbook, path: Path) -> None:
    """Save with fixed times and without compression, which differs from machine to machine."""
    book.properties.creator = "portcheck sample data"
    book.properties.created = WRITTEN_AT
    saved = io.BytesIO()
    book.save(saved)
    moment = WRITTEN_AT.isoformat().encode() + b"Z"
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(path, "w") as target:
        for part in parts.infolist():
            data = parts.read(part)
            if part.filename == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + moment, data)
            target.writestr(zipfile.ZipInfo(part.filename, _MOMENT), data)


def save_csv(
    path: Path, rows: Iterable[Iterable[str]], *, delimiter: str = ",", mark: bool = False
) -> None:
    """UTF-8 with the line ends a spreadsheet writes; `mark` puts the byte order mark first."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig" if mark else "utf-8"))
