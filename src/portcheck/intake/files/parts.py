"""The small parts of an .xlsx workbook: its sheets, its date system, its styles."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from portcheck.intake.cells import OTHER_CURRENCY
from portcheck.intake.files.guard import Archive
from portcheck.intake.files.sheetscan import Looks

_CURRENCY = re.compile(rf"\[\$([^\]-]*)[^\]]*\]|({OTHER_CURRENCY})", re.IGNORECASE)
_CODES = {"€": "EUR", "$": "USD", "zł": "PLN", "US$": "USD"}
_LONGEST_FORMAT = 255  # characters: spreadsheet programs take no longer ones
_POUNDS = {"£", "GBP"}


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """What the workbook says of itself.

    `sheets` maps a sheet's name to the archive part that holds it; `dates_1904`
    is set when serial numbers count from 1904 (workbooks from older Macs);
    `partly_struck` when some text is struck through inside its cell.
    """

    sheets: dict[str, str]
    dates_1904: bool
    looks: Looks


def read_parts(archive: Archive) -> WorkbookParts:
    """Read the workbook's own parts.  Raises FileRefused when they are damaged."""
    book = _parse(archive, "xl/workbook.xml")
    targets = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in _parse(archive, "xl/_rels/workbook.xml.rels")
    }
    sheets: dict[str, str] = {}
    dates_1904 = False
    for element in book.iter():
        match _local(element.tag):
            case "sheet":
                target = targets.get(_attribute(element, "id"), "")
                sheets[element.get("name", "")] = _resolved(target)
            case "workbookPr":
                dates_1904 = element.get("date1904", "") in {"1", "true"}
            case _:
                pass
    return WorkbookParts(sheets, dates_1904, _looks(archive))


def _parse(archive: Archive, part: str) -> Element:
    if part not in archive:
        return Element("none")
    try:
        return fromstring(archive.read(part), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise archive.damaged(f"its part {part} is no XML that can be read") from error


def _looks(archive: Archive) -> Looks:
    codes: dict[str, str] = {}
    struck_fonts: set[str] = set()
    struck: set[str] = set()
    currencies: dict[str, str] = {}
    for group in _parse(archive, "xl/styles.xml"):
        match _local(group.tag):
            case "numFmts":
                codes = {e.get("numFmtId", ""): _currency(e.get("formatCode", "")) for e in group}
            case "fonts":
                struck_fonts = {str(i) for i, font in enumerate(group) if _is_struck(font)}
            case "cellXfs":
                for index, style in enumerate(group):
                    if style.get("fontId", "") in struck_fonts:
                        struck.add(str(index))
                    if code := codes.get(style.get("numFmtId", "")):
                        currencies[str(index)] = code
            case _:
                pass
    return Looks(frozenset(struck), currencies)


def _is_struck(font: Element) -> bool:
    return any(
        _local(element.tag) == "strike" and element.get("val", "1") not in {"0", "false"}
        for element in font
    )


def _currency(code: str) -> str:
    """The currency other than pounds that a number format shows, or ""."""
    plain = code[:_LONGEST_FORMAT].replace('"', " ").replace("\\", " ")
    for in_brackets, sign in _CURRENCY.findall(plain):
        found = str(in_brackets or sign).strip()
        if found and found not in _POUNDS:
            return _CODES.get(found, found[:8])
    return ""


def _resolved(target: str) -> str:
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return target.lstrip("/")
    return target.removeprefix("../") if target.startswith("../xl/") else f"xl/{target}"


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element: Element, local: str) -> str:
    for name, value in element.attrib.items():
        if _local(name) == local and name != local:
            return value
    return ""
