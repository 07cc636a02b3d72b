"""An officer at the lane: the real screen over a real database, driven by keys alone."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual import events
from textual.pilot import Pilot

from portcheck.intake.files.source import open_source
from portcheck.journal.append import Actor
from portcheck.services import operation
from portcheck.services.context import Context
from portcheck.services.lane import LaneView, view
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.services.settings import Settings, load
from portcheck.store.schema import open_store
from portcheck.tui.app import LaneApp
from portcheck.tui.camera import Camera
from portcheck.tui.desk import Desk
from portcheck.tui.lane import Lane
from portcheck.tui.surface import Options

if TYPE_CHECKING:
    from tests.conftest import Clone

LIST = """\
Registration,Country,Unit,Trailer,Haulier,Liable party,Role,Penalty reference,Section,Issued,Due,Amount,Balance,Status
AB12 CDE,GB,tractor,,Northsea Haulage Ltd,Northsea Haulage Ltd,owner,CP-1042,32,2021-01-10,2021-03-11,2400.00,2400.00,outstanding
KL65 XYZ,GB,rigid,,Weald Freight Ltd,Weald Freight Ltd,owner,CP-1043,32,2021-01-10,2021-03-11,1000.00,0,paid
WX 12345,PL,tractor,,Trans Pol Sp. z o.o.,Jan Kowalski,driver,CP-1044,32,2021-01-12,2021-03-13,2000.00,2000.00,objection
C1234567,GB,trailer,,Weald Freight Ltd,Weald Freight Ltd,owner,CP-1045,32,2021-01-12,2021-03-13,500,500,outstanding
C1234567,PL,trailer,,Trans Pol Sp. z o.o.,Trans Pol Sp. z o.o.,owner,CP-1046,32,2021-01-12,2021-03-13,700,700,outstanding
"""
NOON = datetime(2021, 6, 17, 11, 0, tzinfo=UTC)
WAIT = 60.0
"""Seconds until a lane is taken for hung: much more than it takes on a machine that is busy."""


@dataclass
class World:
    """A database with a clock of its own, and who works with it."""

    path: Path
    settings: Settings
    actor: Actor = field(default=Actor("4711", "Police", "L2"))
    clock: datetime = NOON

    def context(self) -> Context:
        """One more connection to the database."""
        return Context(
            open_store(self.path), self.path, self.settings, self.actor, now=lambda: self.clock
        )

    def view(self) -> LaneView:
        """How the database stands, read without the screen."""
        context = self.context()
        try:
            return view(context)
        finally:
            context.connection.close()

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says."""
        context = self.context()
        try:
            return context.connection.execute(sql, values).fetchall()
        finally:
            context.connection.close()


@dataclass
class Officer:
    """Hands on the keys, eyes on the screen."""

    app: LaneApp
    pilot: Pilot[None]
    bells: list[str] = field(default_factory=list)

    @property
    def lane(self) -> Lane:
        """What the screen shows and does."""
        return self.app.lane

    def burst(self, *keys: str) -> None:
        """Send keys all at once, as a slow line delivers what was typed meanwhile.

        A word of several characters that is not the name of a key is typed.
        """
        for key in keys:
            for one in [key] if key in NAMES else key:
                character = one if len(one) == 1 else None
                self.app.post_message(events.Key("space" if one == " " else one, character))

    async def press(self, *keys: str) -> None:
        """Send keys and wait until everything they began is done and drawn."""
        self.burst(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is under way and the screen is drawn.

        Nothing here waits for a time: a machine with much else to do would still be drawing.
        """
        end = asyncio.get_running_loop().time() + WAIT
        done = asyncio.Event()
        self.app.call_later(done.set)
        await asyncio.wait_for(done.wait(), WAIT)
        quiet = 0
        while quiet < 2 and self.app.is_running:  # what was drawn last may make room for more
            assert asyncio.get_running_loop().time() < end, "the lane does not come to rest"
            while self._busy():
                assert asyncio.get_running_loop().time() < end, "the lane does not come to rest"
                await asyncio.sleep(0.002)
            await self.pilot._wait_for_screen()
            self.app.screen._on_timer_update()
            quiet = 0 if self._to_draw() or self._busy() else quiet + 1

    def _to_draw(self) -> bool:
        """Whether the app, its screen or anything on it has something left to do or to draw."""
        screen = self.app.screen
        waiting = (screen._layout_required, screen._repaint_required, screen._dirty_widgets)
        return (
            self.app._to_draw
            or any(waiting)
            or bool(screen._callbacks)
            or any(
                one.message_queue_size or one._next_callbacks
                for one in (self.app, *screen.walk_children(with_self=True))
            )
        )

    def _busy(self) -> bool:
        """Whether something runs that is not merely waiting for a camera or a late answer."""
        waiting = {"watch", "_say_if_slow", "_choose_no_more"}
        return any(
            not worker.is_finished and worker.name not in waiting
            for worker in self.app.workers._workers
        )

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait for something that another program or a thread brings."""
        end = asyncio.get_running_loop().time() + WAIT
        while not seen():
            assert asyncio.get_running_loop().time() < end, self.text
            await asyncio.sleep(0.02)

    @property
    def text(self) -> str:
        """The screen as text, line by line."""
        strips = self.app.screen_stack[0]._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"

    @property
    def left(self) -> str:
        """The words left of the last checks, wherever their lines break."""
        lines = (line[:51] for line in self.text.splitlines())
        return " ".join(" ".join(lines).replace("▌", " ").split())

    @property
    def message(self) -> str:
        """The line below the registration."""
        return self.lane.message.text


NAMES = frozenset(
    {"enter", "escape", "tab", "shift+tab", "up", "down", "left", "right", "home", "end"}
    | {"backspace", "delete", "pageup", "pagedown", "space"}
    | {f"f{number}" for number in range(1, 13)}
    | {f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"}
    | {f"alt+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789"}
)

Shift = Callable[[Officer], Awaitable[None]]
Work = Callable[..., None]


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the small list in force and an operation under way."""
    folder = tmp_path_factory.mktemp("lane")
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    path = folder / "lane.db"
    settings = load({"database": str(path), "officer": "4711"}, {"PORTCHECK_CONFIG": "none"})
    context = Context(
        open_store(path, create=True),
        path,
        settings,
        Actor("4711", "Police", "L2"),
        now=lambda: NOON - timedelta(hours=3),
    )
    import_list(context, open_source(folder / "list.csv"), ImportOptions(list_name="CECPT"))
    operation.start(context, "Portsmouth 17 June", site="Portsmouth")
    context.connection.close()
    return path


@pytest.fixture
def world(tmp_path: Path, _made: Path, clone: "Clone") -> World:
    """The list CECPT in force, the operation Portsmouth 17 June under way, no check yet."""
    path = tmp_path / "lane.db"
    clone(_made, path)
    settings = load({"database": str(path), "officer": "4711"}, {"PORTCHECK_CONFIG": "none"})
    return World(path, settings)


@pytest.fixture
def work(world: World, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Runs a shift, an async function that gets an Officer, on the real screen."""
    monkeypatch.delenv("NO_COLOR", raising=False)

    def run(
        shift: Shift,
        *,
        size: tuple[int, int] = (80, 24),
        camera: Path | None = None,
        contrast: bool = False,
        no_color: bool = False,
        **options: Any,
    ) -> None:
        desk = Desk(world.context, world.path)
        actor, zone = world.actor, world.settings.zone
        chosen = Options(actor.officer, actor.agency, zone, now=lambda: world.clock, **options)
        following = Camera(camera, world.context, chosen.details) if camera else None
        if no_color:
            monkeypatch.setenv("NO_COLOR", "1")
        app = LaneApp(desk, chosen, camera=following, contrast=contrast, no_color=no_color)

        async def drive() -> None:
            async with app.run_test(size=size) as pilot:
                officer = Officer(app, pilot)
                monkeypatch.setattr(app, "bell", lambda: officer.bells.append("bell"))
                await officer.until(lambda: app.lane.view.tally is not None or app.lane.begun)
                await officer.settle()
                await shift(officer)
                if following:
                    following.stop()

        try:
            asyncio.run(drive())
        finally:
            if following:
                following.stop()
            desk.close()
            gc.unfreeze()  # one shift's objects are not the next one's

    return run
