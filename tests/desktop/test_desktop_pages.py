"""The HTML report in Chromium: what it asks for, what it shows, how it is printed."""

import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browser import Session
from desktop import Print
from make_pictures import look_at, reports

if TYPE_CHECKING:
    from tests.conftest import Program

pytestmark = pytest.mark.desktop

SHOWN = """
const seen = {};
for (const cell of document.querySelectorAll('[data-figure]'))
  if (cell.checkVisibility()) seen[cell.dataset.figure] = cell.innerText;
return seen;
"""
MARGIN = 13 / 25.4 * 72  # points: 13 mm


def opened(session: Session, page: Path) -> list[str]:
    """Open a page; the addresses that it asked for."""
    session.command("url", {"url": page.as_uri()})
    return session.requests(page.as_uri())


def printed(session: Session, folder: Path) -> Print:
    """The page that is open, on paper."""
    path = folder / "printed.pdf"
    path.write_bytes(session.printed())
    return Print.of(path)


def test_the_report_asks_for_nothing(world: "Program", session: Session) -> None:
    page = world.folder / "day.html"
    assert opened(session, page) == [page.as_uri()]


def test_a_request_would_be_seen_and_the_report_forbids_it(
    world: "Program", session: Session, tmp_path: Path
) -> None:
    """An image put into the report by force; without its policy it would be asked for."""
    place = "http://127.0.0.1:9/x.png"
    text = (world.folder / "day.html").read_text("utf-8")
    text = text.replace("<main>", f'<main><img src="{place}"><script>document.title="run"</script>')
    policy = re.search(r'<meta http-equiv="Content-Security-Policy"[^>]*>', text)
    assert policy is not None
    guarded, bare = tmp_path / "guarded.html", tmp_path / "bare.html"
    guarded.write_text(text, encoding="utf-8")
    bare.write_text(text.replace(policy[0], ""), encoding="utf-8")
    assert place not in opened(session, guarded)
    assert session.script("return document.title") != "run"
    assert place in opened(session, bare)
    assert session.script("return document.title") == "run"


def test_every_figure_is_seen(world: "Program", session: Session) -> None:
    opened(session, world.folder / "day.html")
    seen = session.script(SHOWN)
    tally = json.loads((world.folder / "day.json").read_text("utf-8"))["tally"]
    assert seen["checks"] == str(tally["checks"]) == "3"
    for group in ("matches", "primary_outcomes", "by_country", "by_lane"):
        for key, number in tally[group].items():
            assert seen.get(f"{group}.{key}", "0") == f"{number:,}"
    for key, number in tally["penalties"].items():
        wanted = f"£{number / 100:,.2f}" if key.endswith("pence") else f"{number:,}"
        assert seen[f"penalties.{key}"] == wanted
    assert (seen["cash.EUR"], seen["cash.JPY"]) == ("EUR 1,250.50", "JPY 5,000")
    text = session.script("return document.body.innerText")
    for awkward in ("22E1", "1234E5", "00123", "another make and no trailer"):
        assert awkward in text


def test_it_is_printed_on_a4_with_nothing_cut_off(
    world: "Program", session: Session, tmp_path: Path
) -> None:
    page = world.folder / "day.html"
    opened(session, page)
    found = printed(session, tmp_path)
    assert {(round(width), round(height)) for width, height in found.sizes} == {(595, 842)}
    for number in range(len(found.sizes)):
        assert "OFFICIAL-SENSITIVE" in found.text(number)
        assert f"Page {number + 1} of {len(found.sizes)}" in found.text(number)
    for word in found.words:
        assert word.left >= MARGIN - 1
        assert word.right <= found.sizes[word.page][0] - MARGIN + 1
    assert found.collisions() == []
    seen = Counter(part for word in found.words for part in word.text.split("-"))
    assert words_of(page) - seen == Counter()
    assert "Signed" in found.text(len(found.sizes) - 1)
    assert "Journal" in found.text(len(found.sizes) - 1)


def words_of(page: Path) -> Counter[str]:
    """The words of every heading, cell and figure; a hyphen may end a line."""
    texts = re.findall(r"<(?:h1|h2|th|td)[^>]*>([^<]*)<", page.read_text("utf-8"))
    return Counter(filter(None, re.split(r"[\s-]+", html.unescape(" ".join(texts)))))


def test_pages_look_right_wherever_they_are_seen(session: Session, tmp_path: Path) -> None:
    """At a desk, in the dark, on a phone and on paper: the published day, and names without end."""
    faults: list[Any] = []
    for page in reports(tmp_path):
        faults += look_at(session, page, keep=False)
    assert faults == []
