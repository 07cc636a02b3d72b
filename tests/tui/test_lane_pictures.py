"""How the screen looks, held against pictures: at two sizes, with and without colour.

`--rewrite-golden` draws them anew; look at the difference before you keep it.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Officer, Work

GOLDEN = Path(__file__).parent / "golden"
SIZES = {"80x24": (80, 24), "160x50": (160, 50)}


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Hold a picture against golden/NAME.svg, or rewrite that file."""

    def hold(name: str, svg: str) -> None:
        path = GOLDEN / f"{name}.svg"
        if request.config.getoption("--rewrite-golden"):
            GOLDEN.mkdir(exist_ok=True)
            path.write_text(svg, encoding="utf-8")
        assert svg == path.read_text(encoding="utf-8")

    return hold


def normalised(svg: str) -> str:
    """Without what differs from one drawing to the next, and without fonts from elsewhere."""
    (identity,) = set(re.findall(r"terminal-\d+", svg)) or {"terminal-0"}
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return svg.replace(identity, "terminal")


async def a_hit(officer: "Officer") -> None:
    await officer.press("gn67ssb", "tab", "gb", "enter", "f2")
    await officer.press("ab12cdf", "tab", "pl", "tab", "d0771721", "enter")
    await officer.press("f5", "1")
    await officer.press("AB12 CDE", "tab", "gb", "enter")
    await officer.press("kl65")


async def a_form(officer: "Officer") -> None:
    await a_hit(officer)
    await officer.press("f3", "s13", "f", "2", "o", "2")


@pytest.mark.slow
@pytest.mark.parametrize("colour", ["colour", "no-colour"])
@pytest.mark.parametrize("size", SIZES)
def test_a_hit(work: "Work", picture: Callable[[str, str], None], size: str, colour: str) -> None:
    async def shift(officer: "Officer") -> None:
        await a_hit(officer)
        picture(f"hit-{size}-{colour}", normalised(officer.app.export_screenshot()))

    work(shift, size=SIZES[size], no_color=colour == "no-colour", details={"lane": "In 3"})


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_the_form(work: "Work", golden: Callable[[str, str], None], size: str) -> None:
    async def shift(officer: "Officer") -> None:
        await a_form(officer)
        golden(f"form-{size}", officer.text)

    work(shift, size=SIZES[size])


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("first-use", ()),
        ("clear", ("gn67ssb", "enter")),
        ("looks-like", ("ab12cdf", "enter")),
        ("no-penalty-now", ("kl65xyz", "enter")),
        ("help", ("f1",)),
        ("letters", ("escape",)),
        ("reject", ("ab12cdf", "enter", "f5")),
        ("undo", ("gn67ssb", "enter", "f2", "f6")),
        ("leave", ("ab12cde", "enter", "f10")),
        ("find", ("gn67ssb", "enter", "gn67ssc", "enter", "f7", "gn", "enter")),
        ("amend", ("gn67ssb", "enter", "f8")),
        ("details", ("f9", "b")),
    ],
)
def test_screens(
    work: "Work", golden: Callable[[str, str], None], name: str, keys: tuple[str, ...]
) -> None:
    async def shift(officer: "Officer") -> None:
        for key in keys:
            await officer.press(key)
        golden(name, officer.text)

    work(shift)


def test_no_colour_is_sent_where_none_is_wanted(work: "Work") -> None:
    async def shift(officer: "Officer") -> None:
        await a_form(officer)
        for strip in officer.app.screen_stack[0]._compositor.render_strips():
            for segment in strip:
                if segment.style is not None:
                    for colour in (segment.style.color, segment.style.bgcolor):
                        assert colour is None or colour.is_default

    work(shift, no_color=True)


@pytest.mark.slow
def test_the_same_words_with_and_without_colour(work: "Work") -> None:
    seen = []

    async def shift(officer: "Officer") -> None:
        await a_form(officer)
        seen.append(officer.text)

    work(shift)
    work(shift, no_color=True)
    first, second = ([line[:51] for line in text.splitlines()[4:21]] for text in seen)
    assert first == second
