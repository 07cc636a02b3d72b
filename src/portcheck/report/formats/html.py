"""The report as one HTML file: no script, nothing from elsewhere, for a screen and for A4.

Every text is escaped; the file forbids itself to load or run anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import IO

from portcheck.domain.text import clean, count
from portcheck.report.formats import NUMBERS, Report
from portcheck.report.formats.parts.extracts import Extract, extracts
from portcheck.report.formats.parts.svg import bars, hours
from portcheck.report.sections import (
    CARDS,
    GROUPS,
    Figure,
    Section,
    about,
    held_line,
    hour_by_hour,
    incomplete,
    minute,
    reconciliation,
    sections,
)

_MOST_BARS = 10


def write(report: Report, out: IO[bytes]) -> None:
    """Write the page."""
    for piece in _page(report):
        out.write(piece.encode() + b"\n")


def esc(text: str) -> str:
    """Foreign text as HTML text or attribute.

    >>> esc('<b onclick="x">&')
    '&lt;b onclick=&quot;x&quot;&gt;&amp;'
    """
    return escape(clean(text))


def _page(report: Report) -> Iterator[str]:
    found = sections(report.statement)
    yield from _top(report)
    yield "<main>"
    yield from _charts(found)
    yield '<div class="cards">'
    for name in CARDS:
        yield from _card(found[name])
    yield "</div>"
    for extract in extracts(report):
        yield from _rows(extract)
    yield '<div class="cards">'
    for name in GROUPS:
        yield from _card(found[name])
    yield "</div>"
    yield "</main>"
    yield from _foot(report)


def _top(report: Report) -> Iterator[str]:
    tally = report.statement.tally
    yield '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield (
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    )
    yield f"<title>{esc(tally.operation)}: {esc(tally.press_sentence)}</title>"
    yield f"<style>\n{_style()}{_paper(tally.marking)}\n</style>\n</head>\n<body>\n<header>"
    yield f'<p class="marking">{esc(tally.marking)}</p>'
    yield f"<h1>{esc(tally.press_sentence)}</h1>"
    for line in about(report.statement):
        yield f'<p dir="auto">{esc(line)}</p>'
    if not tally.complete:
        yield f'<p class="loud">{esc(incomplete(tally))}</p>'
        for one in tally.unresolved:
            yield (
                f'<p dir="auto">{esc(one.ref)}: {esc(one.unit)} {esc(one.typed)},'
                f" {esc(one.tier)}: {esc(one.registration)} on {esc(one.list)}</p>"
            )
    for disputed in tally.disputes:
        yield f'<p dir="auto">{esc(disputed.shown)}</p>'
    yield "</header>"


def _style() -> str:
    return files("portcheck.report.formats.parts").joinpath("page.css").read_text("utf-8")


def _paper(marking: str) -> str:
    """A4, with the marking and the page's number on every page."""
    return (
        "@page { size: A4; margin: 14mm 13mm;"
        f" @top-center {{ content: {_css_string(marking)}; font: bold 8pt sans-serif; }}"
        ' @bottom-right { content: "Page " counter(page) " of " counter(pages);'
        " font: 8pt sans-serif; } }"
    )


def _css_string(text: str) -> str:
    r"""Foreign text as a string in a style sheet: all but letters and digits by their number.

    >>> _css_string('A";}')
    '"A\\22 \\3b \\7d "'
    """
    kept = (c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in clean(text))
    return f'"{"".join(kept)}"'


def _charts(found: Mapping[str, Section]) -> Iterator[str]:
    yield '<div class="cards">'
    for name, figures, draw in (
        ("hours", hour_by_hour(found["hours"]), hours),
        ("outcomes", found["outcomes"].figures, bars),
        ("countries", found["countries"].figures[:_MOST_BARS], bars),
    ):
        if figures:
            title = found[name].title
            if len(figures) < len(found[name].figures):
                title += f" (the {len(figures)} most frequent)"
            yield f'<figure class="card"><h2>{esc(title)}</h2>'
            yield draw(f"chart-{name}", title, figures)
            yield "</figure>"
    yield "</div>"


def _card(section: Section) -> Iterator[str]:
    if not section.figures:
        return
    yield f'<section class="card"><h2>{esc(section.title)}</h2><table><tbody>'
    for one in section.figures:
        yield _figure(one)
    yield "</tbody></table></section>"


def _figure(one: Figure) -> str:
    return (
        f'<tr><th scope="row" dir="auto">{esc(one.label)}</th>'
        f'<td class="number" data-figure="{esc(one.key)}">{esc(one.shown)}</td></tr>'
    )


def _rows(extract: Extract) -> Iterator[str]:
    """A table that scrolls sideways where the screen is too narrow for it."""
    title = esc(extract.title)
    yield f'<section class="wide"><h2>{title}</h2>'
    yield f'<div class="scroll" role="region" aria-label="{title}" tabindex="0">'
    yield '<table class="rows"><thead><tr>'
    marks = [' class="number"' if c.kind in NUMBERS else ' dir="auto"' for c in extract.columns]
    for column, mark in zip(extract.columns, marks, strict=True):
        yield f'<th scope="col"{mark}>{esc(column.heading)}</th>'
    yield "</tr></thead><tbody>"
    for row in extract.rows:
        yield _row(row, marks)
    yield "</tbody></table></div>"
    if extract.left_out:
        yield f"<p>and {extract.left_out:,} more: the workbook has them all</p>"
    yield "</section>"


def _row(row: Sequence[str], marks: Sequence[str]) -> str:
    cells = (f"<td{mark}>{esc(text)}</td>" for text, mark in zip(row, marks, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def _foot(report: Report) -> Iterator[str]:
    statement = report.statement
    tally = statement.tally
    yield '<footer>\n<section class="wide"><h2>Lists used</h2>'
    for one in tally.lists:
        yield (
            f'<p dir="auto">{esc(one.name)} version {one.version}, {minute(one.imported_at)},'
            f" {one.rows:,} rows, {one.rejected:,} rejected; {count(one.checks, 'check')}</p>"
        )
    yield '</section>\n<section class="wide"><h2>It adds up</h2>'
    for total in reconciliation(tally, statement.contradictions()):
        mark = "" if total.holds else ' class="loud"'
        yield f"<p{mark}>{'' if total.holds else 'DOES NOT HOLD: '}{esc(total.words)}</p>"
    yield "</section>"
    yield f'<p>Journal <span class="fingerprint">{esc(tally.fingerprint)}</span></p>'
    yield '<p class="quiet">A journal cut short shows only against this line: keep it.</p>'
    yield f'<p dir="auto">{esc(held_line(statement))}</p>'
    yield '<div class="signature"><p>Signed</p><p>Date</p></div>'
    yield f'<p class="marking">{esc(tally.marking)}</p>\n</footer>\n</body>\n</html>'
