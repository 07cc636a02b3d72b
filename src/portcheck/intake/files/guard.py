"""A workbook's archive, looked at before it is opened."""

import re
from collections.abc import Iterator

from portcheck.disk import archive
from portcheck.intake.files.source import MOST_ENTRIES

MOST_SMALL_PART = 16 * 1024 * 1024
"""Bytes of a part that is read whole (styles, the list of sheets): 65,000 styles are 10 MB."""

_DECLARATIONS = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


class Archive(archive.Archive):
    """The parts of a workbook: XML, of which none declares entities.

    A full sheet of nine columns is about 400 MB of XML.
    """

    what = "workbook"
    renewed = "Ask for it again, or open it in the spreadsheet program and save it anew."
    safer = "Ask the sender what it is; a list saved anew as .xlsx does not look like this."
    most_parts = MOST_ENTRIES

    def read(self, part: str) -> bytes:
        """A small part, whole; b"" when the archive has no such part."""
        if part not in self:
            return b""
        if self.size(part) > MOST_SMALL_PART:
            raise self.harmful(f"its part {part} is {self.size(part):,} bytes long")
        return b"".join(self.chunks(part))

    def chunks(self, part: str) -> Iterator[bytes]:
        """The unpacked bytes of a part; FileRefused where it declares entities."""
        for number, chunk in enumerate(super().chunks(part)):
            if number == 0 and _DECLARATIONS.search(chunk[:4096]):
                raise self.harmful("it declares entities, which no workbook needs")
            yield chunk
