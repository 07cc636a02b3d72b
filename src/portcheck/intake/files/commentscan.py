"""The comments of a sheet's cells, each in one streaming pass over the part that holds them.

A sheet names its parts of comments in its relationships: the notes of old, and the
threads of newer programs, which leave a note beside each thread that says no more
(ECMA-376 part 1, 18.7; the schema threadedcomments of 2018 in [MS-XLSX]).
"""

import posixpath
import re
from collections.abc import Callable
from xml.parsers import expat

from portcheck.intake.cells import LONGEST_TEXT
from portcheck.intake.files.guard import Archive
from portcheck.intake.files.sheetreach import LAST_COLUMN, LAST_ROW, column_number

MOST_COMMENTS = 100_000
"""Comments of all sheets of a workbook that are read."""

MOST_CHARACTERS = 5_000_000
"""Characters of all those comments together."""

_REFERENCE = re.compile(r"\s*\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_KINDS = {"/comments": ("comment", "t"), "/threadedComment": ("threadedComment", "text")}
"""By the end of a relationship's type: the element of a comment, and of its text in it."""

Comment = tuple[int, int, str]
"""Row from 1, column from 0, text."""


class CommentScan:
    """Reads the comments of one workbook's sheets; what may be kept is counted over all."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._comments = MOST_COMMENTS
        self._characters = MOST_CHARACTERS

    def of(self, sheet: str) -> list[Comment]:
        """Those of the sheet in the part `sheet`, by row and column; a thread is one comment.

        Raises FileRefused when there are more than can be kept, and for a part that is damaged.
        """
        notes: dict[tuple[int, int], str] = {}
        for kind, part in sorted(self._parts(sheet)):  # threads last: they stand for their notes
            notes |= self._read(part, *_KINDS[kind])
        return [(row, column, text) for (row, column), text in sorted(notes.items()) if text]

    def _parts(self, sheet: str) -> set[tuple[str, str]]:
        """The kinds and names of the sheet's parts of comments."""
        folder, name = posixpath.split(sheet)
        found: set[tuple[str, str]] = set()

        def begin(element: str, attributes: dict[str, str]) -> None:
            kind = attributes.get("Type", "")
            kind = kind[kind.rfind("/") :]
            if _local(element) == "Relationship" and kind in _KINDS:
                target = attributes.get("Target", "").replace("\\", "/")
                part = posixpath.normpath(posixpath.join("/", folder, target))
                if part in self._archive:
                    found.add((kind, part))

        self._parse(f"{folder}/_rels/{name}.rels", begin)
        return found

    def _read(self, part: str, comment: str, text: str) -> dict[tuple[int, int], str]:
        found: dict[tuple[int, int], str] = {}
        pieces: list[str] = []
        where = ""
        reading = phonetic = False

        def begin(element: str, attributes: dict[str, str]) -> None:
            nonlocal where, reading, phonetic
            name = _local(element)
            if name == comment:
                where = attributes.get("ref", "")
                pieces.clear()
            elif name == "rPh":  # how the text is spoken, which stands inside it
                phonetic = True
            reading = name == text and not phonetic

        def characters(said: str) -> None:
            if reading:
                self._characters -= len(said)
                if self._characters < 0:
                    raise self._too_many()
                pieces.append(said)

        def end(element: str) -> None:
            nonlocal reading, phonetic
            name = _local(element)
            reading = False
            phonetic = phonetic and name != "rPh"
            if name == comment and (place := _place(where)):
                self._comments -= 1
                if self._comments < 0:
                    raise self._too_many()
                said = "".join(pieces).strip()
                found[place] = "; ".join(filter(None, (found.get(place, ""), said)))[:LONGEST_TEXT]

        self._parse(part, begin, end, characters)
        return found

    def _parse(
        self,
        part: str,
        begin: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        characters: Callable[[str], None] | None = None,
    ) -> None:
        if part not in self._archive:
            return
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = begin
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters
        try:
            for chunk in self._archive.chunks(part):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self._archive.damaged(f"its part {part} is no XML that can be read") from error

    def _doctype(self, *_: object) -> None:
        raise self._archive.harmful("it declares entities, which no workbook needs")

    def _too_many(self) -> Exception:
        return self._archive.harmful(
            f"it has more than {MOST_COMMENTS:,} comments of cells, or more than"
            f" {MOST_CHARACTERS:,} characters in them"
        )


def _place(reference: str) -> tuple[int, int] | None:
    """The cell that a comment belongs to, the first one of a range; None where there is none."""
    found = _REFERENCE.match(reference)
    if not found:
        return None
    row, column = int(found[2]), column_number(found[1])
    return (row, column) if 0 < row <= LAST_ROW and column < LAST_COLUMN else None


def _local(name: str) -> str:
    return name.rpartition(":")[2]
