"""Workbooks that other programs open and the library that reads values does not, made plain.

Their parts stand where the relationships say and not where they usually do, are written in
UTF-16, merge whole columns, or stand beside sheets without cells (charts, macros, dialogs);
an OpenDocument sheet is indented, or does not say what it is.  What is needed of such a
workbook is copied, part by part and in little memory, into one that is like all others.
"""

import codecs
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import quoteattr

from portcheck.intake.files.guard import Archive
from portcheck.intake.files.parts import WorkbookParts, read_parts

_UTF16 = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARATION = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\?>")
_WHOLE_LINES = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]*ref=[\"']\$?(?:[A-Z]+:\$?[A-Z]+|\d+:\$?\d+)[\"'][^<>]*/>"
)
_INDENTED = re.compile(rb">\s*[\r\n]\s*<")
_LONGEST_TAG = 4096
_MIMETYPE, _CONTENT, _MANIFEST = "mimetype", "content.xml", "META-INF/manifest.xml"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def is_plain(archive: Archive, kind: str) -> bool:
    """Whether the parts of a workbook are where and as most programs write them."""
    if kind == "ods":
        return _MIMETYPE in archive
    parts = read_parts(archive)
    names = (parts.workbook, parts.styles, parts.texts, *parts.sheets.values())
    return parts.workbook.startswith("xl/") and not any(
        _encoding(_start(archive, name)) for name in names if name in archive
    )


def mended(archive: Archive, kind: str) -> io.BytesIO:
    """The workbook made plain, its sheets by the same names and in the same order; those
    without cells are left out.  Raises FileRefused when it is damaged.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        if kind == "ods":
            _mend_opendocument(archive, target)
        else:
            _mend_office(archive, read_parts(archive), target)
    made.seek(0)
    return made


def _mend_office(archive: Archive, parts: WorkbookParts, target: zipfile.ZipFile) -> None:
    sheets, relations = [], []
    for number, (name, part) in enumerate(parts.sheets.items(), 1):
        state = quoteattr(parts.states[name])
        sheets.append(
            f'<sheet name={quoteattr(name)} sheetId="{number}" state={state} r:id="s{number}"/>'
        )
        relations.append((f"s{number}", "worksheet", f"worksheets/sheet{number}.xml", part))
    relations.append(("styles", "styles", "styles.xml", parts.styles))
    relations.append(("texts", "sharedStrings", "sharedStrings.xml", parts.texts))
    target.writestr(
        "_rels/.rels",
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="workbook"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    target.writestr(
        "xl/workbook.xml",
        f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_OFFICE}">'
        f'<workbookPr date1904="{int(parts.dates_1904)}"/>'
        f"<sheets>{''.join(sheets)}</sheets></workbook>",
    )
    target.writestr(
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{_PACKAGE}">'
        + "".join(
            f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{where}"/>'
            for name, kind, where, part in relations
            if part in archive
        )
        + "</Relationships>",
    )
    for _, _, where, part in relations:
        if part in archive:
            _copy(target, f"xl/{where}", _without(_WHOLE_LINES, b"", _utf8(archive.chunks(part))))


def _mend_opendocument(archive: Archive, target: zipfile.ZipFile) -> None:
    target.writestr(_MIMETYPE, _ODS, zipfile.ZIP_STORED)
    if _CONTENT in archive:
        content = _without(_INDENTED, b"><", _utf8(archive.chunks(_CONTENT)))
        _copy(target, _CONTENT, content)
    if _MANIFEST in archive:
        _copy(target, _MANIFEST, archive.chunks(_MANIFEST))


def _copy(target: zipfile.ZipFile, name: str, chunks: Iterable[bytes]) -> None:
    with target.open(name, "w", force_zip64=True) as part:
        for chunk in chunks:
            part.write(chunk)


def _without(what: re.Pattern[bytes], instead: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The text with what fits the pattern replaced, also where it runs over two chunks."""
    rest = b""
    for chunk in chunks:
        block = rest + chunk
        at = max(block.rfind(b"<", 0, len(block) - 1), len(block) - _LONGEST_TAG, 0)
        before = block.rfind(b">", 0, at)  # white space before a tag belongs to it
        cut = before if before >= 0 and not block[before + 1 : at].strip() else at
        yield what.sub(instead, block[:cut])
        rest = block[cut:]
    yield what.sub(instead, rest)


def _utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """A part in UTF-8, from its beginning, without its declaration."""
    decoder = None
    for number, chunk in enumerate(chunks):
        if number == 0 and (encoding := _encoding(chunk)):
            decoder = codecs.getincrementaldecoder(encoding)("replace")
        text = decoder.decode(chunk).encode() if decoder else chunk
        yield _DECLARATION.sub(b"", text) if number == 0 else text


def _encoding(start: bytes) -> str:
    """The two-byte encoding that a part begins in, or ""."""
    return next((encoding for sign, encoding in _UTF16 if start.startswith(sign)), "")


def _start(archive: Archive, part: str) -> bytes:
    return next(archive.chunks(part), b"")
