"""Comments of cells: kept with the vehicle of their row, whichever program wrote them."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from portcheck.errors import FileRefused
from portcheck.intake.files import commentscan
from portcheck.intake.files.commentscan import CommentScan
from portcheck.intake.files.guard import Archive

Read = Callable[..., Any]
MakeBook = Callable[..., Path]

ROWS = (("Reg", "Notes", "Zone"), ("AB12 CDE", "", "N"), ("KL65 XYZ", "ring", ""), ("", "", "S"))
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
THREADED = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"


def noted(ref: str, text: str) -> str:
    return f'<comment ref="{ref}" authorId="0"><text><r><rPr/><t>{text}</t></r></text></comment>'


def notes(*comments: str) -> str:
    inside = "".join(comments)
    return f'<comments xmlns="{MAIN}"><commentList>{inside}</commentList></comments>'


def threads(*said: tuple[str, str]) -> str:
    inside = "".join(
        f'<threadedComment ref="{ref}" id="{{0}}"><text>{text}</text><mentions/></threadedComment>'
        for ref, text in said
    )
    return f'<ThreadedComments xmlns="{THREADS}">{inside}</ThreadedComments>'


@pytest.fixture
def with_parts(make_book: MakeBook) -> Callable[..., Path]:
    """A book of `ROWS` whose sheet has `relations` (type, target), and `parts` by name."""

    def making(relations: tuple[tuple[str, str], ...], parts: dict[str, str | bytes]) -> Path:
        path = make_book(ROWS)
        named = "".join(
            f'<Relationship Id="r{n}" Type="{kind}" Target="{target}"/>'
            for n, (kind, target) in enumerate(relations)
        )
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            relations_part = f'<Relationships xmlns="{RELATIONS}">{named}</Relationships>'
            archive.writestr(SHEET_RELATIONS, relations_part)
            for name, data in parts.items():
                archive.writestr(name, data)
        return path

    return making


@pytest.fixture
def noting(with_parts: Callable[..., Path]) -> Callable[[str | bytes], Path]:
    """A book with one part of notes."""
    return lambda part: with_parts(((RELATED, "../comments1.xml"),), {"xl/comments1.xml": part})


def extras(read: Read, path: Path) -> list[tuple[tuple[str, str], ...]]:
    return [entry.extra for entry in read(path).entries]


def test_they_stand_under_the_heading_of_their_column(read: Read, make_book: MakeBook) -> None:
    def comment(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[0]
        for cell, text in (
            ("A1", "all of them"),
            ("A2", "appeal pending -\ndo not enforce\x1f"),
            ("C2", "[red]gate[/red]"),
            ("E3", "beside the list"),
            ("A4", "no vehicle here"),
        ):
            sheet[cell].comment = Comment(text.replace("\x1f", "\u202e"), "office")

    outcome = read(make_book(ROWS, finish=comment))
    assert [entry.extra for entry in outcome.entries] == [
        (
            ("Zone", "N"),
            ("Comment (Reg)", "appeal pending - do not enforce"),
            ("Comment (Zone)", "[red]gate[/red]"),
        ),
        (("Comment (column E)", "beside the list"),),
    ]
    assert "shown with the vehicle of their row: 2-3 (2 in all)" in outcome.warnings
    assert "at no vehicle of the list were not kept: 1, 4 (2 in all)" in outcome.warnings
    assert "comments" not in read(make_book(ROWS)).warnings


def test_comments_make_no_row_and_no_duplicate(read: Read, make_book: MakeBook) -> None:
    def comment(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["A900"].comment = Comment("below", "office")
        book.worksheets[0]["A3"].comment = Comment("other", "office")

    outcome = read(make_book([["Reg"], ["AB12 CDE"], ["AB12 CDE"]], finish=comment))
    assert [row.row for row in outcome.rows] == [2, 3]
    assert [entry.extra for entry in outcome.entries] == [(), (("Comment (Reg)", "other"),)]


@pytest.mark.parametrize("target", ["../comments1.xml", "/xl/comments1.xml", "..\\comments1.xml"])
@pytest.mark.parametrize("kind", [RELATED, "http://purl.oclc.org/ooxml/relationships/comments"])
def test_the_part_is_found_however_it_is_named(
    read: Read, with_parts: Callable[..., Path], kind: str, target: str
) -> None:
    path = with_parts(((kind, target),), {"xl/comments1.xml": notes(noted("A3", "stop"))})
    assert extras(read, path)[1] == (("Comment (Reg)", "stop"),)


@pytest.mark.parametrize(
    ("part", "found"),
    [
        (notes(noted("A3", "a"), noted("A3", "b")), "a; b"),
        (notes(noted("$A$3:B4", "of a range")), "of a range"),
        (notes(noted("a3", "&lt;b&gt; &#x41;")), "<b> A"),
        (notes(noted("A3", "x</t><rPh><t>spoken</t></rPh><t>y")), "xy"),
        (notes(noted("A3", "one</t></r><r><t xml:space='preserve'> two")), "one two"),
        (notes(noted("A3", "stop")).encode("utf-16"), "stop"),
        (notes(noted("A3", "w" * 10_001)), "w" * 10_000),
    ],
)
def test_what_programs_write(
    read: Read, noting: Callable[[str | bytes], Path], part: str | bytes, found: str
) -> None:
    assert extras(read, noting(part))[1] == (("Comment (Reg)", found),)


def test_elements_with_a_prefix(read: Read, noting: Callable[[str | bytes], Path]) -> None:
    part = notes(noted("A3", "stop")).replace("<", "<x:").replace("<x:/", "</x:")
    assert extras(read, noting(part.replace("xmlns=", "xmlns:x=")))[1] == (
        ("Comment (Reg)", "stop"),
    )


@pytest.mark.parametrize("ref", ["", "A0", "A1048577", "XFE2", "ZZZ9", "3", "A", "é2"])
def test_what_stands_at_no_cell_is_passed_over(
    read: Read, noting: Callable[[str | bytes], Path], ref: str
) -> None:
    outcome = read(noting(notes(noted(ref, "nowhere"), noted("A3", ""))))
    assert [entry.extra for entry in outcome.entries] == [(("Zone", "N"),), ()]
    assert "comments" not in outcome.warnings


def test_a_thread_stands_for_the_note_beside_it(
    read: Read, with_parts: Callable[..., Path]
) -> None:
    said = threads(("A3", "do not enforce"), ("A3", "until when?"), ("A2", "ring first"))
    old = notes(noted("A3", "[Threaded comment] do not enforce"), noted("B3", "a note"))
    path = with_parts(
        ((THREADED, "../threadedComments/threadedComment1.xml"), (RELATED, "../comments1.xml")),
        {"xl/threadedComments/threadedComment1.xml": said, "xl/comments1.xml": old},
    )
    assert extras(read, path) == [
        (("Zone", "N"), ("Comment (Reg)", "ring first")),
        (("Comment (Reg)", "do not enforce; until when?"), ("Comment (Notes)", "a note")),
    ]


def test_a_part_that_is_not_there_is_none(read: Read, with_parts: Callable[..., Path]) -> None:
    path = with_parts(((RELATED, "../../../../etc/passwd"), (RELATED, "")), {})
    assert len(extras(read, path)) == 2


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (notes(noted("A3", "x"))[:-9], "damaged: its part /xl/comments1.xml is no XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + notes(noted("A3", "&b;")), "declares entities"),
        (
            " " * 5_000 + '<!DOCTYPE a [<!ENTITY b "c">]>' + notes(noted("A3", "&b;")),
            "declares entities",
        ),
        (notes(noted("A3", "x" * 2_500_001), noted("Q3", "y" * 2_500_001)), "5,000,000 characters"),
    ],
)
def test_what_would_harm_is_refused(
    read: Read, noting: Callable[[str | bytes], Path], part: str, reason: str
) -> None:
    with pytest.raises(FileRefused, match=reason) as refused:
        read(noting(part))
    assert refused.value.hint


def test_more_than_may_be_kept_of_a_whole_workbook_are_refused(
    monkeypatch: pytest.MonkeyPatch, noting: Callable[[str | bytes], Path]
) -> None:
    monkeypatch.setattr(commentscan, "MOST_COMMENTS", 4)
    with Archive("list.xlsx", noting(notes(noted("A2", "x"), noted("A3", "y"))).open("rb")) as book:
        scan = CommentScan(book)
        for _ in range(2):
            assert scan.of("xl/worksheets/sheet1.xml") == [(2, 0, "x"), (3, 0, "y")]
        with pytest.raises(FileRefused, match="more than 4 comments"):
            scan.of("xl/worksheets/sheet1.xml")


@pytest.mark.slow
def test_as_many_as_may_be_are_read(read: Read, noting: Callable[[str | bytes], Path]) -> None:
    several = (noted(f"A{n}", "w" * 50) for n in range(3, commentscan.MOST_COMMENTS + 3))
    outcome = read(noting(notes(*several)))
    assert outcome.entries[1].extra == (("Comment (Reg)", "w" * 50),)
    assert "not kept: 4-100002 (99,999 in all)" in outcome.warnings
