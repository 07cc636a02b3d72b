"""Files that are no list as they are, told by their beginning, each with the way out."""

import re

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_COMMENT = re.compile(rb"<!--.*?-->|<\?(?!mso-|xml).*?\?>", re.DOTALL)
_TAG = re.compile(rb"<(?:!doctype|\?xml|\?mso|[a-z][a-z0-9:]*)[\s>/-]")
_SAVE = "Open it in the spreadsheet program and save it as .xlsx or .csv."
_TEXTS = (
    (re.compile(rb"id;p[^\r\n]*[\r\n]+(?:[bcfopnwe]|n[nu]);"), "a SYLK file", _SAVE),
    (
        re.compile(rb"table\s*[\r\n]+0\s*,\s*1\s*[\r\n]"),
        "a DIF file (Data Interchange Format)",
        _SAVE,
    ),
    (
        re.compile(rb"\[\s*(?:[\[{\"]|\])|\{\s*(?:\"|\})"),
        "JSON, data for programs",
        "Have its sender export it as .csv or .xlsx; in Excel, Data > Get Data > From JSON.",
    ),
    (
        re.compile(rb"(?=[a-z][a-z0-9-]*:)(?s:.*?)^mime-version:", re.MULTILINE),
        "a web archive or a mail (MHTML)",
        _SAVE,
    ),
)
_MARKUP = (
    (re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet"), "an XML spreadsheet of 2003"),
    (
        re.compile(rb"<!doctype html|<(?:html|head|body|table|meta|style|div)[\s>/]"),
        "a web page (HTML)",
    ),
    (re.compile(rb"</|/>|<\?xml"), "an XML document"),
)
_SIGNS = (
    (b"%pdf", "a PDF"),
    (b"\x89png", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"gif8", "a picture"),
    (b"{\\rtf", "a word-processing document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed archive"),
    (b"rar!", "a compressed archive"),
    (b"sqlite format 3", "a database"),
)


def told_apart(head: bytes) -> tuple[str, str]:
    r"""What a file is that is neither a workbook nor a delimited text, by its first bytes, and
    what to do with it; ("", "") for anything else.

    >>> told_apart(b"<!-- made by x --><HTML><table>")[0], told_apart(b"Registration;Balance")
    ('a web page (HTML)', ('', ''))
    >>> told_apart(b"ID;PWXL;N;E\nC;X1;Y1")[0], told_apart(b"ID;Plate\n1;AB12 CDE")[0]
    ('a SYLK file', '')
    """
    lowered = head.lower()
    plain = lowered.replace(b"\0", b"")  # UTF-16 and UTF-32 as well
    for mark in _MARKS:
        plain = plain.removeprefix(mark)
    plain = plain.lstrip()
    for signature, what in _SIGNS:
        if lowered.startswith(signature):
            return what, _SAVE
    for pattern, what, hint in _TEXTS:
        if pattern.match(plain):
            return what, hint
    plain = _COMMENT.sub(b"", plain).lstrip()
    what = ""
    if _TAG.match(plain):
        what = next((said for sign, said in _MARKUP if sign.search(plain)), "")
    return what, _SAVE if what else ""
