"""Make the pictures of the lane for docs/screenshots: the real screen on the sample data.

Run it as `.venv/bin/python tools/make_lane_pictures.py`.  The clock stands at noon
of the published operation, so that the pictures differ only when the screen does.
"""

import asyncio
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from textual import events

from portcheck.domain.text import one_line
from portcheck.journal.append import Actor
from portcheck.services import operation
from portcheck.services.context import Context
from portcheck.services.demo import sample
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.services.settings import load
from portcheck.store.schema import open_store
from portcheck.tui.app import LaneApp
from portcheck.tui.desk import Desk
from portcheck.tui.surface import Options

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
NOON = datetime(2021, 6, 17, 11, 6, tzinfo=UTC)
ACTOR = Actor("4711", "Police", "L2")
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_IDENTITY = re.compile(r"terminal-\d+")

MORNING = (
    *("GN67 SSB", "tab", "gb", "tab", "D077 1721", "enter", "f2"),
    *("4AI 7382", "tab", "cz", "enter", "f5", "1"),
    *("ES-977-GH", "tab", "fr", "enter", "f3", "s13", "n", "u1", "enter"),
    *("HF68 SZJ", "tab", "gb", "enter", "f3", "s1", "o", "2", "2", "100", "enter", "enter"),
    *("CJ 47 TKV", "tab", "ro", "enter"),
)
"""What was typed until the listed lorry came: a word that is no key is typed letter by letter."""


class Picture(NamedTuple):
    """A picture's name, the keys after the morning's, and the screen it is of."""

    name: str
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (80, 24)
    contrast: bool = False


SHOWN = (
    Picture("lane"),
    Picture("lane-outcome", ("f3", "s13", "y", "1")),
    Picture("lane-clear", ("00-WX-72", "tab", "pt", "enter")),
    Picture("lane-sunlight", contrast=True),
    Picture("lane-wide", size=(140, 34)),
)


def main() -> None:
    """Draw every picture on a fresh database."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for picture in SHOWN:
        with tempfile.TemporaryDirectory(prefix="portcheck-lane-") as folder:
            svg = asyncio.run(drawn(picture, Path(folder) / "lane.db"))
        path = PICTURES / f"{picture.name}.svg"
        path.write_text(svg, encoding="utf-8", newline="\n")
        print(path.relative_to(PICTURES.parents[1]))


async def drawn(picture: Picture, path: Path) -> str:
    """The screen as SVG after the morning and the picture's own keys."""
    settings = load({"database": str(path), "officer": ACTOR.officer}, {"PORTCHECK_CONFIG": "none"})
    open_store(path, create=True).close()

    def context() -> Context:
        return Context(open_store(path), path, settings, ACTOR, now=lambda: NOON)

    begin(context())
    details = {"lane": "In 3", "direction": "inbound"}
    options = Options(ACTOR.officer, ACTOR.agency, settings.zone, details, now=lambda: NOON)
    desk = Desk(context, path)
    app = LaneApp(desk, options, contrast=picture.contrast)
    async with app.run_test(size=picture.size) as pilot:
        await pilot.pause(0.5)
        for key in (*MORNING, *picture.keys):
            press(app, key)
            await pilot.pause(0.15)
        svg = app.export_screenshot(title="portcheck lane")
    desk.close()
    return _IDENTITY.sub(f"portcheck-{picture.name}", _FONT_FACE.sub("", svg))


def begin(context: Context) -> None:
    """The sample list in force, and the operation under way."""
    source = sample("action_list.xlsx")
    import_list(context, source, ImportOptions(list_name="CECPT"))
    operation.start(
        context,
        "Portsmouth 17 June 2021",
        site="Portsmouth International Port",
        started_at=NOON - timedelta(hours=6),
    )
    context.connection.close()


def press(app: LaneApp, key: str) -> None:
    """One key by its name, or a text letter by letter."""
    named = key in {"tab", "enter"} or re.fullmatch(r"f\d+", key)
    for one in [key] if named else one_line(key):
        app.post_message(events.Key("space" if one == " " else one, None if named else one))


if __name__ == "__main__":
    main()
