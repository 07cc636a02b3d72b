"""After `op end`, `tally` and `report` are about the operation that ended last, and say so."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Program

SAID = "no operation is under way: this is Dover 1, which ended "


@pytest.fixture
def ended(desk: "Program") -> "Program":
    """Dover 1 has ended with two checks, Calais before it with none."""
    desk.good("op", "start", "Calais")
    desk.good("op", "end")
    desk.good("op", "use", "Dover 1")
    desk.good("op", "end", "--reason", "the day is over")
    return desk


def test_the_tally_is_that_of_the_last_that_ended(ended: "Program") -> None:
    ran = ended.good("tally", "--json")
    assert SAID in ran.err
    assert ran.document == ended.json("tally", "--op", "Dover 1")
    assert (ran.document["operation"], ran.document["checks"]) == ("Dover 1", 2)
    assert SAID in ended.good("tally", "--by", "officer").err


def test_so_is_the_report(ended: "Program") -> None:
    ran = ended.good("report", "day.json")
    assert SAID in ran.err
    text = (ended.folder / "day.json").read_text(encoding="utf-8")
    ended.good("report", "named.json", "--op", "Dover 1")
    assert text == (ended.folder / "named.json").read_text(encoding="utf-8")
    assert json.loads(text)["tally"]["operation"] == "Dover 1"


def test_nothing_is_said_where_one_is_named_or_under_way(ended: "Program") -> None:
    assert "this is" not in ended.good("tally", "--op", "Calais").err
    ended.good("op", "start", "Dover 2")
    ran = ended.good("tally", "--json")
    assert "this is" not in ran.err
    assert ran.document["operation"] == "Dover 2"
