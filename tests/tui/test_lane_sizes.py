"""Any size of terminal: the lane goes on, and at 60 by 15 what decides is in view."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from portcheck.tui.fitting import around, beside, cut, page, squeezed, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Officer, Work, World

LISTED = ("AB12 CDE", "tab", "gb", "enter")
STATES: dict[str, tuple[str, ...]] = {
    "nothing yet": (),
    "a hit": LISTED,
    "looks like": ("ab12cdf", "enter"),
    "typing a trailer": (*LISTED, "zz99", "tab", "tab", "c1234567"),
    "the letters": (*LISTED, "escape"),
    "the second key": (*LISTED, "escape", "n"),
    "the form": (*LISTED, "f3", "s13", "f", "2"),
    "a record": (*LISTED, "f3", "o"),
    "a text": (*LISTED, "f3", "t", "seen at the gate"),
    "a reason": (*LISTED, "f3", "f", "2", "enter", "f3", "f", "3", "enter", "mis"),
    "a question": (*LISTED, "f5", "anot"),
    "decided already": (*LISTED, "f4", "f5"),
    "undo": (*LISTED, "f6"),
    "finding": (*LISTED, "f7", "ab", "enter"),
    "amending": (*LISTED, "f8"),
    "details": ("f9", "b"),
    "leaving": (*LISTED, "f10"),
    "help": ("f1",),
}
SIZES = [(1, 1), (7, 24), (200, 60), (60, 15), (30, 8), (71, 19), (80, 24)]
IN_SHORT = ("a hit", "typing a trailer", "a record", "a question")


def words_on(officer: "Officer") -> str:
    """The words of the whole screen, wherever their lines break."""
    return " ".join(officer.text.replace("▌", " ").split())


async def fits(officer: "Officer", width: int, height: int) -> None:
    await officer.pilot.resize_terminal(width, height)
    drawn = officer.app.screen_stack[0]._compositor.render_strips
    await officer.until(lambda: officer.app.fault is not None or len(drawn()) == height)
    await officer.settle()
    assert officer.app.fault is None
    strips = drawn()
    assert all(strip.cell_length <= width for strip in strips)


@pytest.mark.slow
@pytest.mark.parametrize("state", IN_SHORT)
def test_any_size_and_back(work: "Work", world: "World", state: str) -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press(*STATES[state])
        before = officer.text, [part.title for part in officer.lane.parts]
        for width, height in SIZES:
            await fits(officer, width, height)
        assert (officer.text, [part.title for part in officer.lane.parts]) == before

    work(shift)
    assert len(world.query("SELECT ref FROM vehicle_check")) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("state", STATES)
def test_more_sizes(work: "Work", state: str) -> None:
    """1 by 1 to 200 by 60, in steps that meet every remainder."""

    async def shift(officer: "Officer") -> None:
        await officer.press(*STATES[state])
        for number in range(30):
            await fits(officer, 1 + number * 61 % 200, 1 + number * 37 % 60)

    work(shift)


@pytest.mark.slow
def test_the_palette_goes_where_it_has_no_room(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        for width in (4, 6, 1):
            await officer.press("ctrl+p")
            assert len(officer.app.screen_stack) > 1
            await fits(officer, width, 5)
            assert len(officer.app.screen_stack) == 1
            await officer.press("ctrl+p")
            assert "The palette has no room here" in officer.message
            await fits(officer, 80, 24)

    work(shift)


def test_what_is_typed_at_any_size_is_taken(work: "Work", world: "World") -> None:
    sizes = ((1, 1), (7, 2), (60, 15), (3, 60), (200, 60))

    async def shift(officer: "Officer") -> None:
        for (width, height), letter in zip(sizes, "zz99z", strict=True):
            await fits(officer, width, height)
            await officer.press(letter)
        await fits(officer, 2, 2)
        await officer.press("enter", "f2")

    work(shift, size=(1, 1))
    assert world.query("SELECT vehicle, primary_outcome FROM vehicle_check") == [
        ("zz99z", "nothing_found")
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (LISTED, ("■■ LISTED", "ENFORCEABLE: YES")),
        (("kl65xyz", "enter"), ("■■ LISTED", "ENFORCEABLE: NO")),
        (("ab12cdf", "enter"), ("≈ LOOKS LIKE", "if it is this vehicle, enforceable: yes")),
        (("ab12cdf", "enter", "f4"), ("≈ LOOKS LIKE", "ENFORCEABLE: YES")),
        (("ab12cde", "enter", "f5", "1"), ("■■ LISTED", "rejected")),
        (("zz99zzz", "enter"), ("· CLEAR",)),
        ((*LISTED, "escape", "v", "enter", "twice", "enter"), ("■■ LISTED", "VOID")),
    ],
)
def test_what_decides_is_in_view(
    work: "Work", keys: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """On every page of the answer."""

    async def shift(officer: "Officer") -> None:
        await officer.press(*keys)
        for width, height in ((60, 15), (72, 19), (71, 20), (80, 24)):
            await officer.pilot.resize_terminal(width, height)
            for _ in range(3):
                await officer.press("pagedown")
                rows = officer.text.splitlines()
                text = " ".join(row.partition("│")[0] for row in rows).replace("▌", " ")
                for one in words:
                    assert one in " ".join(text.split()), officer.text
            assert any("F4" in row for row in rows)

    work(shift, size=(60, 15))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("ab12cde", "enter"), "■■ LISTED ENFORCEABLE: YES"),
        (("ab12cdf", "enter"), "≈ LOOKS LIKE if it is this vehicle, enforceable: yes"),
        (("zz99zzz", "enter"), "· CLEAR zz99zzz"),
    ],
)
def test_seen_before_pushes_no_answer_out(
    work: "Work", world: "World", keys: tuple[str, ...], words: str
) -> None:
    async def shift(officer: "Officer") -> None:
        for _ in range(3):
            await officer.press(*keys)
            world.clock += timedelta(minutes=70)
        pages = [words_on(officer)]
        assert words in pages[0]
        for _ in range(4):
            await officer.press("pagedown")
            pages.append(words_on(officer))
            assert words.split(" if ", maxsplit=1)[0].split(" zz", maxsplit=1)[0] in pages[-1]
        assert any("Seen here before: L2-002, 1 h ago (13:10), " in page for page in pages), pages
        assert any("more)" in page for page in pages)  # where a page ends between

    work(shift, size=(60, 15))


@pytest.mark.parametrize("name", ["hit", "form", "question"])
def test_sixty_by_fifteen(work: "Work", golden: "Callable[[str, str], None]", name: str) -> None:
    keys = {"hit": (), "form": ("f3", "s13", "f", "2", "o"), "question": ("f5",)}

    async def shift(officer: "Officer") -> None:
        await officer.press(*LISTED, *keys[name])
        golden(f"{name}-60x15", officer.text)

    work(shift, size=(60, 15))


def test_what_has_no_room_is_marked(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        await officer.press("zz99", "tab", "tab", "c1234567", "tab")
        text = officer.text
        assert "ZZ99" in text
        assert "Trailer C1234567 · T…" in text
        assert "… wider: last checks, day" in text
        await officer.pilot.resize_terminal(80, 15)
        await officer.settle()
        assert "… higher: the day" in officer.text
        await officer.pilot.resize_terminal(80, 24)
        await officer.settle()
        assert "more" not in officer.text.replace("more to record", "")
        assert "…" not in officer.text

    work(shift, size=(60, 15))


def test_every_line_of_a_long_answer_is_reached(work: "Work") -> None:
    """No page leaves out a line between it and the one before."""

    async def shift(officer: "Officer") -> None:
        await officer.press(*LISTED)
        seen: list[str] = []
        for _ in range(12):
            seen += officer.text.splitlines()
            await officer.press("pagedown")
        text = " ".join(seen)
        await officer.pilot.resize_terminal(60, 60)
        await officer.settle()
        whole = [line for line in officer.text.splitlines() if line.startswith("▌  ")]
        assert len(whole) > 6
        assert [line for line in whole if line.strip("▌ ") not in text] == []
        await officer.pilot.resize_terminal(60, 15)
        await officer.press("pageup")
        await officer.press("pageup")
        assert "above" not in officer.text

    work(shift, size=(60, 15))


rows = st.integers(-2, 40)
lines = st.lists(st.text("ab |█漢", max_size=30).map(Text), max_size=40)


@given(lines, st.integers(-5, 60), st.integers(1, 40), rows)
def test_a_page_counts_what_it_hides(
    found: list[Text], first: int, width: int, height: int
) -> None:
    shown = page(found, first, width, height)
    assert len(shown.lines) <= max(height, 0)
    if len(found) <= height:
        assert shown.lines == found
    elif height > 1:
        assert shown.lines[:-1] == found[shown.first : shown.first + height - 1]
        marker = shown.lines[-1].plain
        assert ("PgUp" in marker or width < 30) == (shown.first > 0 or width < 30)
        following = page(found, shown.first + shown.step, width, height)
        assert following.first <= shown.first + len(shown.lines) - 1  # none between them


@given(lines, rows)
def test_squeezed_keeps_the_first_and_the_last(found: list[Text], height: int) -> None:
    shown = squeezed(found, height)
    written = [line for line in found if line.plain.strip()]
    assert len(shown) <= max(height, 0) or len(found) <= height
    if len(written) > height > 2:
        assert (shown[0], shown[-1]) == (written[0], written[-1])
        assert f"… {len(written) - height + 1} " in shown[1].plain or len(written) - height < 1


@pytest.mark.slow
@given(lines.filter(bool), st.integers(0, 39), rows)
def test_around_shows_the_place(found: list[Text], place: int, height: int) -> None:
    place %= len(found)
    shown = around(found, place, height)
    assert len(shown) <= max(height, 0) or len(found) <= height
    if height > 1:
        assert any(line is found[place] for line in shown)


@given(st.text("ab 漢", max_size=40), st.text("ab 漢", max_size=40), st.integers(0, 50))
def test_nothing_is_wider_than_its_columns(left: str, right: str, width: int) -> None:
    assert beside(Text(left), Text(right), width).cell_len <= width
    assert cut(Text(left), width).cell_len <= width
    assert all(line.cell_len <= max(width, 2) for line in wrapped([Text(left)], width))
