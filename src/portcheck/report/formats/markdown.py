"""The report as Markdown: tables of figures and rows, foreign text escaped."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from portcheck.domain.text import clean, count
from portcheck.report.formats import NUMBERS, Report
from portcheck.report.formats.parts.extracts import Extract, extracts
from portcheck.report.sections import (
    Section,
    about,
    held_line,
    incomplete,
    minute,
    reconciliation,
    sections,
)

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&$#@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_LIST = re.compile(r"^(?:(\d+)(?=[.)])|(?=[-+]))")


def write(report: Report, out: IO[bytes]) -> None:
    """Write the document."""
    for line in _lines(report):
        out.write(line.encode() + b"\n")


def esc(text: str) -> str:
    r"""Foreign text that stays text: no markup, no HTML, no link, no new cell or line.

    >>> esc("<b>*AB|12*</b> http://x")
    '\\<b\\>\\*AB\\|12\\*\\</b\\> http\\://x'
    """
    return _SPECIAL.sub(r"\\\g<0>", clean(text))


def _line(text: str) -> str:
    r"""As `esc`, for a text that stands at the beginning of a line.

    >>> _line("- a"), _line("1. a")
    ('\\- a', '1\\. a')
    """
    return _LIST.sub(r"\1\\", esc(text).strip(), count=1)


def _lines(report: Report) -> Iterator[str]:
    statement = report.statement
    tally = statement.tally
    yield f"**{esc(tally.marking)}**\n"
    yield f"# {esc(tally.press_sentence)}\n"
    for line in about(statement):
        yield f"{_line(line)}\n"
    if not tally.complete:
        yield f"**{esc(incomplete(tally))}**\n"
        for one in tally.unresolved:
            text = (
                f"{one.ref}: {one.unit} {one.typed}, {one.tier}: {one.registration} on {one.list}"
            )
            yield f"- {esc(text)}"
        for disputed in tally.disputes:
            yield f"- {esc(disputed.shown)}"
        yield ""
    for section in sections(statement).values():
        yield from _section(section)
    for extract in extracts(report):
        yield from _rows(extract)
    yield from _foot(report)


def _section(section: Section) -> Iterator[str]:
    if section.figures:
        yield f"## {esc(section.title)}\n"
        rows = ((esc(one.label), esc(one.shown)) for one in section.figures)
        yield from _table(("Figure", "Number"), (False, True), rows)


def _rows(extract: Extract) -> Iterator[str]:
    yield f"## {esc(extract.title)}: rows\n"
    headings = [esc(column.heading) for column in extract.columns]
    right = [column.kind in NUMBERS for column in extract.columns]
    yield from _table(headings, right, ([esc(text) for text in row] for row in extract.rows))
    if extract.left_out:
        yield f"and {extract.left_out:,} more: the workbook has them all\n"


def _table(
    headings: Sequence[str], right: Sequence[bool], rows: Iterable[Sequence[str]]
) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'|'.join('--:' if one else '---' for one in right)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _foot(report: Report) -> Iterator[str]:
    tally = report.statement.tally
    yield "## Lists used\n"
    for one in tally.lists:
        yield (
            f"- {esc(one.name)} version {one.version}, {minute(one.imported_at)},"
            f" {one.rows:,} rows, {one.rejected:,} rejected; {count(one.checks, 'check')}"
        )
    yield "\n## It adds up\n"
    for total in reconciliation(tally, report.statement.contradictions()):
        yield f"- {'' if total.holds else 'DOES NOT HOLD: '}{esc(total.words)}"
    yield f"\nJournal {esc(tally.fingerprint)}\n"
    yield "A journal cut short shows only against this line: keep it.\n"
    yield f"{esc(held_line(report.statement))}\n"
    yield "Signed: ______________________   Date: ______________\n".replace("_", "\\_")
    yield f"**{esc(tally.marking)}**"
