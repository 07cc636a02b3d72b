"""The small pieces behind the screen: a line of text, typed fields, drafts, differences, undo."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Values
from portcheck.domain.outcome import OUTCOME, merged
from portcheck.errors import Refused
from portcheck.services.checks import drafts
from portcheck.services.checks.drafts import Draft
from portcheck.services.lane import difference
from portcheck.tui.field_text import added, read_fields
from portcheck.tui.keys import BY_KEY, BY_LETTER, COMMANDS
from portcheck.tui.line import Line
from portcheck.tui.parts import Question

if TYPE_CHECKING:
    from tests.tui.conftest import World


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        ("abc", "abc", 3),
        (["a", "b", "left", "c"], "acb", 2),
        (["a", "b", "home", "c", "end", "d"], "cabd", 4),
        (["a", "b", "backspace", "backspace", "backspace"], "", 0),
        (["a", "b", "left", "delete", "delete"], "a", 1),
        (["a", "b", "ctrl+u", "c"], "c", 1),
        (["a", " ", "b", "c", "ctrl+w"], "a ", 2),
        (["a", "left", "left", "right", "right", "b"], "ab", 2),
        (["a", "\x1b", "\u202e", "b"], "ab", 2),
    ],
)
def test_a_line(keys: list[str], text: str, cursor: int) -> None:
    line = Line()
    for key in keys:
        line.take(key, key if len(key) == 1 else None)
    assert (line.text, line.cursor) == (text, cursor)


def test_a_line_takes_no_more_than_it_may() -> None:
    line = Line(longest=5)
    line.insert("abcdefgh")
    line.take("x", "x")
    assert line.text == "abcde"
    assert not line.take("f20", None)


@pytest.mark.parametrize("width", [1, 4, 8, 40])
@given(text=st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=30))
def test_the_cursor_is_always_in_sight(width: int, text: str) -> None:
    line = Line()
    line.insert(text)
    for key in ["home", *["right"] * len(text)]:
        line.take(key, None)
        drawn = line.drawn(width, active=True)
        assert len(drawn) <= width
        assert [drawn.plain[span.start : span.end] for span in drawn.spans if span.style]


@pytest.mark.parametrize(
    ("fields", "text", "values"),
    [
        (OUTCOME, "persons=2; searched=visual, dog; nothing found", {
            "persons": 2, "searched": ["visual", "dog"], "nothing_found": True}),
        (OUTCOME, "search dog;xray; note a: b", {"searched": ["dog", "xray"], "notes": ["a: b"]}),
        (OUTCOME, "Penalty=CP-1:refused:receipt=R=7; CP-2:part_paid:100", {"penalties": [
            {"reference": "CP-1", "action": "refused", "receipt": "R=7"},
            {"reference": "CP-2", "action": "part_paid", "amount_pence": 10000}]}),
        (OUTCOME, "old seal A1; DAMAGE OVER 25CM", {"seal_old": "A1", "damage_over_25cm": True}),
        (DETAILS, "body refrigerated; haulier Acme Ltd; accompanied no", {
            "body": "refrigerated", "haulier": "Acme Ltd", "accompanied": False}),
        (DETAILS, "", {}),
    ],
)  # fmt: skip
def test_fields_in_a_line(fields: Any, text: str, values: Values) -> None:
    assert read_fields(fields, text) == values


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour red", "begins with no field's name"),
        ("persons", "has no value"),
        ("persons many", "is not a whole number"),
        ("seal=open", "is not one of"),
    ],
)
def test_lines_that_are_refused(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_fields(OUTCOME, text)


BEFORE: Values = {"searched": ["dog"], "persons": 2, "notes": ["a"], "nothing_found": False}


@pytest.mark.parametrize(
    ("after", "adds", "corrects"),
    [
        (BEFORE, {}, False),
        (BEFORE | {"language": "x"}, {"language": "x"}, False),
        (BEFORE | {"searched": ["dog", "xray"]}, {"searched": ["xray"]}, False),
        (BEFORE | {"searched": ["xray"]}, {}, True),
        (BEFORE | {"notes": ["a", "b"]}, {"notes": ["b"]}, False),
        (BEFORE | {"notes": ["b"]}, {}, True),
        (BEFORE | {"persons": 3}, {}, True),
        (BEFORE | {"nothing_found": True}, {}, True),
        ({"searched": ["dog"], "notes": ["a"]}, {}, True),
        ({"searched": ["dog"], "persons": 2, "notes": ["a"]}, {}, False),
    ],
)
def test_differences(after: Values, adds: Values, corrects: bool) -> None:
    found = difference(BEFORE, after)
    assert found.added == adds
    assert found.corrects == corrects


@given(
    st.lists(st.sampled_from(["dog", "xray", "visual"]), unique=True),
    st.lists(st.sampled_from(["dog", "xray", "visual"]), unique=True),
)
def test_what_is_added_leads_there(old: list[str], more: list[str]) -> None:
    before: Values = {"searched": old} if old else {}
    after = added(OUTCOME, before, {"searched": more} if more else {})
    found = difference(before, after)
    assert not found.corrects
    assert merged(before, found.added) == after


def draft(**changes: Any) -> Draft:
    values: dict[str, Any] = {
        "check_id": "c1", "operation_id": "o1", "device": "L2", "ref": "L2-001",
        "vehicle": "AB12 CDE", "base": {}, "outcome": {"persons": 2},
    }  # fmt: skip
    return Draft(**values | changes)


def vars_of(**changes: Any) -> Values:
    return asdict(draft(check_id="c9")) | changes


def test_drafts_are_kept_until_they_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "lane.db"
    assert drafts.kept(path, "o1", "L2") == []
    drafts.keep(path, draft())
    drafts.keep(path, draft(outcome={"persons": 3}))
    drafts.keep(path, draft(check_id="c2", ref="L2-002"))
    drafts.keep(path, draft(check_id="c3", device="L3"))
    drafts.keep(path, draft(check_id="c4", operation_id="o2"))
    assert drafts.kept(path, "o1", "L2") == [
        draft(outcome={"persons": 3}), draft(check_id="c2", ref="L2-002")
    ]  # fmt: skip
    drafts.drop(path, "c1")
    drafts.drop(path, "c1")
    assert [one.ref for one in drafts.kept(path, "o1", "L2")] == ["L2-002"]
    folder = tmp_path / "lane.db.drafts"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


STRANGE: Values = {
    "a word for a number": {"outcome": {"persons": "two"}},
    "a field nobody knows": {"outcome": {"unheard_of": 1}},
    "a record without its parts": {"outcome": {"offences": [{"offence": "other"}]}},
    "another check's": {"check_id": "other"},
    "a number for a text": {"ref": 7},
    "no values": {"base": None},
    "one thing too many": {"extra": 1},
}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", "{}", *(json.dumps(vars_of(**change)) for change in STRANGE.values())],
    ids=["nothing", "half", "a list", "a number", "an empty one", *STRANGE],
)
def test_what_is_no_draft_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lane.db"
    drafts.keep(path, draft())
    strange = tmp_path / "lane.db.drafts" / "c9.json"
    strange.write_text(text, encoding="utf-8")
    assert drafts.kept(path, "o1", "L2") == [draft()]
    assert strange.exists()


def test_every_command_has_a_letter_and_no_key_two() -> None:
    assert len(BY_LETTER) == len(COMMANDS)
    assert len(BY_KEY) == sum(len(command.keys) for command in COMMANDS)


@pytest.mark.parametrize(
    ("keys", "answers"),
    [
        (["1"], [("1", "")]),
        (["x", "1", "enter"], [("", "x1")]),
        (["enter"], []),
        (["escape"], []),
    ],
)
def test_a_question_with_answers_and_words(keys: list[str], answers: list[tuple[str, str]]) -> None:
    given: list[tuple[str, str]] = []
    question = Question(
        "Why?", [], {"1": "one"}, lambda key, words: given.append((key, words)), words=""
    )
    for key in keys:
        question.take(key, key if len(key) == 1 else None)
    assert given == answers


def test_the_view_is_one_look(world: "World") -> None:
    seen = world.view()
    assert seen.standing.operation is not None
    assert seen.tally is not None
    assert seen.last == ()
