"""The published operation through the screen: 132 lorries, every outcome, by keys alone."""

import csv
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, Kind, PartKind
from portcheck.domain.outcome import OUTCOME
from portcheck.intake.files.source import open_source
from portcheck.journal.append import Actor
from portcheck.services import operation
from portcheck.services.checks.import_log import import_log
from portcheck.services.day.tally import tally
from portcheck.services.lane import STAYING
from portcheck.services.lists.import_list import ImportOptions, import_list
from portcheck.store.schema import open_store
from portcheck.tui.form_keys import OPTION_KEYS, letters_for

if TYPE_CHECKING:
    from tests.tui.conftest import Officer, Work, World

SAMPLES = Path(__file__).parents[2] / "sample_data"
LONDON = ZoneInfo("Europe/London")
SENTENCE = "132 HGVs checked; 1 outstanding penalty enforced (£2,400.00); nobody found"

Row = dict[str, str]


def rows_of_the_log() -> list[Row]:
    with (SAMPLES / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def time_of(row: Row) -> datetime:
    local = datetime.strptime(row["At"], "%d/%m/%Y %H:%M").replace(tzinfo=LONDON)
    return local.astimezone(UTC)


def option(choices: tuple[str, ...], word: str) -> str:
    return OPTION_KEYS[choices.index(word.strip())]


def items(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def record_keys(field: Field, text: str) -> Iterator[str]:
    """The parts of one record, in their order; Enter passes over what is not given."""
    given = dict(zip(field.parts, text.split(":"), strict=False))
    for part in field.parts:
        if part not in given:
            yield "enter"
            return
        if part.kind is PartKind.CHOICE:
            yield option(part.choices, given[part])
        else:
            yield from (given[part], "enter")


def field_keys(letter: str, field: Field, text: str) -> Iterator[str]:
    """What an officer presses in the form to enter a value as the log has it."""
    match field.kind:
        case Kind.FLAG:
            yield from (letter,) if text == "yes" else (letter, "2")
        case Kind.COUNT:
            yield from (letter, *text)
        case Kind.CHOICE:
            yield from (letter, option(field.choices, text))
        case Kind.CHOICES:
            yield from (letter, *(option(field.choices, word) for word in items(text)))
        case Kind.TEXT:
            yield from (letter, "ctrl+u", text, "enter")
        case Kind.TEXTS:
            for item in items(text):
                yield from (letter, item, "enter")
        case Kind.RECORDS:
            for item in items(text):
                yield from (letter, *record_keys(field, item))


def form_keys(fields: tuple[Field, ...], row: Row) -> list[str]:
    """The keys that fill a form from a row, without the last Enter."""
    return [
        key
        for letter, field in letters_for(fields).items()
        if row.get(field.label)
        for key in field_keys(letter, field, row[field.label])
    ]


def details_that_differ(officer: "Officer", row: Row) -> Row:
    """The lane's details stay from one lorry to the next: only what is new is entered."""
    kept = officer.lane.details
    same = {f.label for f in DETAILS if f.name in STAYING and kept.get(f.name) == row.get(f.label)}
    return {label: text for label, text in row.items() if label not in same}


def begun(world: "World") -> None:
    context = world.context()
    source = open_source(SAMPLES / "action_list.xlsx")
    import_list(context, source, ImportOptions(list_name="CECPT"))
    operation.start(
        context, "Portsmouth 17 June 2021", site="Portsmouth International Port",
        agencies=("Police", "Border Force", "Port"),
    )  # fmt: skip
    context.connection.close()


def fresh(world: "World", folder: Path) -> "World":
    """An empty database in the place of the small one."""
    folder.mkdir()
    world.path = folder / "day.db"
    open_store(world.path, create=True).close()
    world.clock = datetime(2021, 6, 17, 4, 30, tzinfo=UTC)
    begun(world)
    return world


def comparable(world: "World") -> dict[str, Any]:
    context = world.context()
    found = tally(context)
    context.connection.close()
    return found.document() | {"fingerprint": ""}


@pytest.mark.slow
def test_the_operation_through_the_screen(work: "Work", world: "World", tmp_path: Path) -> None:
    rows = rows_of_the_log()
    fresh(world, tmp_path / "screen")
    people = list(dict.fromkeys((row["Officer"], row["Agency"]) for row in rows))
    for number, (who, agency) in enumerate(people, 1):
        world.actor = Actor(who, agency, f"L{number}")

        async def shift(officer: "Officer", mine: tuple[str, str] = (who, agency)) -> None:
            for row in rows:
                if (row["Officer"], row["Agency"]) == mine:
                    await check_one(officer, world, row)

        operation.use(world.context(), "Portsmouth 17 June 2021")
        work(shift)
    by_keys = comparable(world)
    assert by_keys["press_sentence"] == SENTENCE
    assert by_keys["checks"] == 132
    assert by_keys["complete"]

    shutil.rmtree(tmp_path / "screen")
    world.actor = Actor("4711", "Police", "L2")
    fresh(world, tmp_path / "commands")
    world.clock = datetime(2021, 6, 17, 18, 0, tzinfo=UTC)
    context = world.context()
    import_log(context, open_source(SAMPLES / "checks.csv"))
    context.connection.close()
    assert by_keys == comparable(world)


async def check_one(officer: "Officer", world: "World", row: Row) -> None:
    """One lorry: details, registration, answer, decision, outcome."""
    world.clock = time_of(row)
    officer.burst("f9", *form_keys(DETAILS, details_that_differ(officer, row)), "enter")
    officer.burst(row["Registration"], "tab", row["Country"], "tab", row["Trailer"], "tab")
    officer.burst(row["Trailer country"], "tab", row["Container"], "enter")
    word, _, reason = row["Decision"].partition(":")
    if word == "confirmed":
        officer.burst("f4")
    elif word == "rejected":
        officer.burst("f5", reason.strip(), "enter")
    if keys := form_keys(OUTCOME, row):
        officer.burst("f3", *keys, "enter")
    await officer.settle()
    assert not officer.lane.parts, (row, officer.text)
    assert not officer.lane.message.loud, (row, officer.text)
    assert officer.lane.hand is not None
    assert officer.lane.hand.named is not None
