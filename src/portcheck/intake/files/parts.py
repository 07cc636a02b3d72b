"""The small parts of an .xlsx workbook: its sheets, its date system, its styles."""

import posixpath
import re
from dataclasses import dataclass, field
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


_WORKBOOK = "xl/workbook.xml"
_SHEET = "/worksheet"
_LOOKS, _TEXTS = "/styles", "/sharedStrings"


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """What the workbook says of itself.

    `sheets` maps a sheet's name to the archive part that holds it, `states` to whether it is
    hidden; `others` are sheets that hold no cells (charts, macros, dialogs).  `dates_1904` is
    set when serial numbers count from 1904 (workbooks from older Macs).  `workbook`, `styles`
    and `texts` are parts, "" where there is none.
    """

    sheets: dict[str, str]
    dates_1904: bool
    looks: Looks
    states: dict[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    workbook: str = _WORKBOOK
    styles: str = ""
    texts: str = ""


def read_parts(archive: Archive) -> WorkbookParts:
    """Read the workbook's own parts, wherever the relationships say that they are.

    Raises FileRefused when they are damaged.
    """
    workbook = _workbook(archive)
    book = _parse(archive, workbook)
    related = _related(archive, workbook)
    sheets: dict[str, str] = {}
    states: dict[str, str] = {}
    others: list[str] = []
    dates_1904 = False
    for element in book:  # what extensions say of it, in elements of the same names, lies deeper
        if _local(element.tag) == "workbookPr":
            dates_1904 = element.get("date1904", "") in {"1", "true"}
        for sheet in element if _local(element.tag) == "sheets" else ():
            name = sheet.get("name", "")
            kind, part = related.get(_attribute(sheet, "id"), ("", ""))
            if kind.endswith(_SHEET):
                sheets[name], states[name] = part, sheet.get("state", "visible")
            else:
                others.append(name)
    by_kind = {kind[kind.rfind("/") :]: part for kind, part in related.values()}
    styles = by_kind.get(_LOOKS, "")
    return WorkbookParts(
        sheets,
        dates_1904,
        _looks(archive, styles),
        states,
        tuple(others),
        workbook,
        styles,
        by_kind.get(_TEXTS, ""),
    )


def _workbook(archive: Archive) -> str:
    """The part that is the workbook: as the package says, where it is not in the usual place."""
    if _WORKBOOK in archive:
        return _WORKBOOK
    parts = _related(archive, "").values()
    return next((part for kind, part in parts if kind.endswith("/officeDocument")), _WORKBOOK)


def _related(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """The type and the part of each relationship of a part, or of the package (""), by its id."""
    folder, name = posixpath.split(part)
    return {
        relation.get("Id", ""): (
            relation.get("Type", ""),
            _resolved(folder, relation.get("Target", "")),
        )
        for relation in _parse(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
        if relation.get("TargetMode", "") != "External"
    }


def _parse(archive: Archive, part: str) -> Element:
    if part not in archive:
        return Element("none")
    try:
        return fromstring(archive.read(part), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise archive.damaged(f"its part {part} is no XML that can be read") from error


def _looks(archive: Archive, part: str) -> Looks:
    codes: dict[str, str] = {}
    struck_fonts: set[str] = set()
    struck: set[str] = set()
    currencies: dict[str, str] = {}
    for group in _parse(archive, part):
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


def _resolved(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element: Element, local: str) -> str:
    for name, value in element.attrib.items():
        if _local(name) == local and name != local:
            return value
    return ""
