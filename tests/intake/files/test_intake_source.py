import hashlib
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from portcheck.errors import FileRefused
from portcheck.intake.files.source import Kind, open_source, source_of_bytes
from portcheck.intake.listrows import read_action_list

MakeText = Callable[..., Path]
MakeBook = Callable[..., Path]


@pytest.mark.parametrize(
    "data",
    [
        b"ID;Plate;Balance\n1;AB12 CDE;5\n",
        b"Table;Reg\n0,1;AB12 CDE\n",
        b"Reg,Notes\nAB12 CDE,MIME-Version: 1.0\n",
        b"<Reg>,Notes\nAB12 CDE,x\n",
        b"[Reg],Notes\nAB12 CDE,x\n",
    ],
)
def test_a_text_that_only_begins_like_something_else_is_a_text(data: bytes) -> None:
    assert source_of_bytes("list.csv", data).kind is Kind.TEXT


def test_a_file_is_hashed_and_told_by_its_content(make_text: MakeText) -> None:
    path = make_text("Reg\nAB12\n")
    source = open_source(path)
    assert source.kind is Kind.TEXT
    assert source.name == "list.csv"
    assert source.size == 9
    assert source.sha256 == hashlib.sha256(b"Reg\nAB12\n").hexdigest()
    assert source.warnings == ()


def test_a_name_that_is_wrong_is_only_a_warning(make_text: MakeText, make_book: MakeBook) -> None:
    text = open_source(make_text("Reg\nAB12\n", name="list.xlsx"))
    assert text.kind is Kind.TEXT
    assert "is a delimited text, whatever its name says" in text.warnings[0]
    book = open_source(make_book([["Reg"], ["AB12"]], name="book.csv.xlsx"))
    assert book.kind is Kind.XLSX
    path = book.path
    assert path is not None
    misnamed = path.rename(path.with_name("book.csv"))
    with read_action_list(open_source(misnamed)) as file:
        assert [batch.columns["registration"] for batch in file.batches()] == [["AB12"]]
        assert "is a workbook (xlsx)" in file.warnings[0]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\r\n<!-- made by a system -->\n<style>td {}</style><table><tr><td>Reg", "a web page"),
        (b"<div><table><tr><td>Reg", "a web page"),
        ("<html><body><table>".encode("utf-16"), "a web page"),
        (b"<meta charset='utf-8'><table>", "a web page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "MHTML"),
        (b"From: <Saved by x>\r\nSubject: list\r\nMIME-Version: 1.0\r\n", "MHTML"),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
            "an XML spreadsheet of 2003",
        ),
        (b'ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K"Reg"\r\n', "a SYLK file"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n', "a DIF file"),
        (b'[{"registration": "AB12 CDE"}]', "JSON"),
        (b' {"rows": []}', "JSON"),
        (b"\xef\xbb\xbf <!DOCTYPE html><table>", "a web page"),
        (b"<html><table><tr><td>Reg", "a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "an XML document"),
        (b"{\\rtf1}", "a word-processing document"),
        (b"\x1f\x8b\x08", "a compressed archive"),
        (b"", "the file is empty"),
        (b"PK\x03\x04 but no more", "its archive cannot be opened"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "without a workbook"),
    ],
)
def test_what_is_no_list_is_refused_by_its_content(
    make_text: MakeText, content: bytes, what: str
) -> None:
    with pytest.raises(FileRefused, match=what):
        open_source(make_text(content))


def test_an_archive_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lists.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("list.csv", "Reg\nAB12\n")
    with pytest.raises(FileRefused, match="an archive without a workbook"):
        open_source(path)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path, make_text: MakeText) -> None:
    with pytest.raises(FileRefused, match="no such file"):
        open_source(tmp_path / "gone.csv")
    with pytest.raises(FileRefused, match="a folder"):
        open_source(tmp_path)
    with pytest.raises(FileRefused, match="larger than 0 MB"):
        open_source(make_text("Reg\nAB12\n"), max_bytes=5)


def test_a_locked_file_says_so(make_text: MakeText, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_text("Reg\nAB12\n")

    def locked(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(FileRefused, match="may not be read") as refused:
        open_source(path)
    assert "open in another program" in refused.value.hint


def test_standard_input(make_book: MakeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_book([["Reg"], ["AB12"]]).read_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    source = open_source("-")
    assert source.name == "standard input"
    assert source.kind is Kind.XLSX
    with read_action_list(source) as file:
        assert [batch.columns["registration"] for batch in file.batches()] == [["AB12"]]
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"x" * 20)))
    with pytest.raises(FileRefused, match="larger"):
        open_source("-", max_bytes=19)


@pytest.mark.parametrize("path", ["/dev/null", "/dev/zero"])
def test_a_device_is_not_read(path: str) -> None:
    with pytest.raises(FileRefused, match="no file but a pipe or a device") as refused:
        open_source(Path(path))
    assert refused.value.hint
    assert "standard input" in refused.value.hint
