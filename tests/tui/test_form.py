"""The form without a screen: what every key does to the values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, Kind, format_value, parse
from portcheck.domain.outcome import BY_NAME, OUTCOME
from portcheck.services.drafts import _fits
from portcheck.tui.amending import AMENDABLE
from portcheck.tui.form import Form, FormCalls
from portcheck.tui.form_keys import OPTION_KEYS, letters_for

Key = tuple[str, str | None]
NAMED = ("enter", "escape", "tab", "backspace", "delete", "space", "up", "down", "ctrl+d")


def keys_of(text: str) -> list[Key]:
    """Keys from text; a name in angle brackets is the key of that name."""
    keys: list[Key] = []
    while text:
        if text[0] == "<":
            name, _, text = text[1:].partition(">")
            keys.append((name, " " if name == "space" else None))
        else:
            keys.append((text[0], text[0]))
            text = text[1:]
    return keys


def filled(
    typed: str,
    base: dict[str, Any] | None = None,
    fields: tuple[Field, ...] = OUTCOME,
    known: tuple[str, ...] = (),
) -> tuple[Form, list[str]]:
    """The form after these keys, and what it told."""
    told: list[str] = []

    def save(reason: str) -> str:
        told.append(f"save {reason}".strip())
        return ""

    calls = FormCalls(
        save, changed=lambda: None, left=lambda: told.append("left"),
        dropped=lambda: told.append("dropped"), keeps=True,
    )  # fmt: skip
    form = Form("Form", fields, base or {}, calls, {"penalties": {"reference": known}})
    for key, character in keys_of(typed):
        form.take(key, character)
    return form, told


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("n", {"nothing_found": True}),
        ("nn", {}),
        ("n2", {"nothing_found": False}),
        ("n22", {}),
        ("v1", {}),
        ("<down><down>1", {"nothing_found": True}),
        ("s13p1", {"searched": ["visual", "dog"], "places": ["load_space"]}),
        ("s131", {"searched": ["dog"]}),
        ("s1<delete>", {}),
        ("f2i1hr1", {"persons": 2, "minors": 1, "medical_help": True, "nrm_referrals": 1}),
        ("f12", {"persons": 12}),
        ("f12f3", {"persons": 3}),
        ("f12<backspace>", {"persons": 1}),
        ("f1<backspace>", {}),
        ("f123456", {"persons": 3456}),
        ("k1e2", {"checklist": "yes", "seal": "broken"}),
        ("k11", {}),
        ("eee", {"seal": "broken"}),
        ("eeeee", {}),
        ("lA1:7;<enter>", {"seal_old": "A1:7;"}),
        ("lA1<escape>", {}),
        ("lA1<enter>l<ctrl+u><enter>", {}),
        ("c21250.50<enter>1",
         {"cash": [{"currency": "EUR", "amount_minor": 125050, "disposal": "seized"}]}),
        ("cpln<enter>10<enter>2",
         {"cash": [{"currency": "PLN", "amount_minor": 1000, "disposal": "counted"}]}),
        ("c1<backspace>3<enter>5<enter>1", {"cash": [
            {"currency": "USD", "amount_minor": 500, "disposal": "seized"}]}),
        ("c15<enter><escape>", {}),
        ("o22100<enter>o.5<enter>", {"offences": [
            {"offence": "tachograph", "disposal": "fixed_penalty", "amount_pence": 10000},
            {"offence": "hazchem", "disposal": "prohibition_delayed"}]}),
        ("o22100<enter>o.5<enter><delete>", {"offences": [
            {"offence": "tachograph", "disposal": "fixed_penalty", "amount_pence": 10000}]}),
        ("u12gPolish<enter>", {"education": ["leaflet", "talk"], "language": "Polish"}),
        ("a1<enter>a; b: c<enter>", {"arrests": [{"count": 1, "reason": "a; b: c"}]}),
        ("z3<enter><enter>", {"seizures": [{"count": 3}]}),
        ("tone<enter>ttwo<enter>", {"notes": ["one", "two"]}),
        ("tone<enter>ttwo<enter><delete>", {"notes": ["one"]}),
        ("t   <enter>", {}),
        ("<down><down><space>", {"nothing_found": True}),
        ("<up><space>a note<enter>", {"notes": ["a note"]}),
        ("N", {"nothing_found": True}),
    ],
)  # fmt: skip
def test_keys(typed: str, values: dict[str, Any]) -> None:
    form, _ = filled(typed)
    assert form.values == values


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("d1", {"direction": "inbound"}),  # also when it is the field that is marked already
        ("dd", {"direction": "inbound"}),
        ("ddd", {"direction": "outbound"}),
        ("d<down>d2", {"direction": "outbound"}),
        ("m2", {"accompanied": False}),
        ("b.", {"body": "other"}),
    ],
)
def test_details(typed: str, values: dict[str, Any]) -> None:
    form, _ = filled(typed, fields=DETAILS)
    assert form.values == values


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("y11<enter>", {"action": "paid_in_full"}),
        ("y121000.50<enter><enter>", {"action": "part_paid", "amount_pence": 100050}),
        ("y11<tab>card<enter>R:7<enter>CIO 12<enter>",
         {"action": "paid_in_full", "method": "card", "receipt": "R:7", "authorised_by": "CIO 12"}),
        ("y<enter>5<enter>", {"action": "refused"}),
    ],
)  # fmt: skip
def test_a_penalty_line_is_chosen(typed: str, action: dict[str, Any]) -> None:
    form, _ = filled(typed, known=("CP-1042",))
    assert form.values == {"penalties": [{"reference": "CP-1042"} | action]}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("c1abc<enter>", "“abc” is not an amount in GBP"),
        ("c1<enter>", "the amount is needed"),
        ("c1<tab>", "the amount is needed"),
        ("ax<enter>", "is not a whole number"),
        ("oq", "offence: choose with the key beside it"),
        ("y<enter>", "the reference is needed"),
    ],
)
def test_what_a_record_refuses(typed: str, words: str) -> None:
    form, _ = filled(typed)
    assert form.record is not None
    assert words in form.record.error
    assert any(words in line.plain for line in form.lines(50, 20))
    assert not form.values


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("n<enter>", ["save"]),
        ("n<escape>", ["left"]),
        ("n<ctrl+d>", ["dropped"]),
        ("lx<escape><enter>", ["save"]),
    ],
)
def test_how_it_ends(typed: str, told: list[str]) -> None:
    _, said = filled(typed)
    assert said == told


def test_a_correction_asks_for_a_reason() -> None:
    told: list[str] = []

    def save(reason: str) -> str:
        told.append(reason)
        return "not so" if len(told) == 1 else ""

    form = Form("Form", OUTCOME, {"persons": 2}, FormCalls(save, lambda: "Why?"))
    for key, character in keys_of("f3<enter><enter>"):
        form.take(key, character)
    assert form.error == "a correction needs a reason"
    for key, character in keys_of("<escape><enter>miscounted<enter>"):
        form.take(key, character)
    assert form.error == "not so"
    assert any("! not so" in line.plain for line in form.lines(50, 20))
    for key, character in keys_of("<enter>miscounted<enter>"):
        form.take(key, character)
    assert told == ["miscounted", "miscounted"]


def test_what_was_entered_stays_on_a_new_base() -> None:
    form, _ = filled("s1f2", {"places": ["roof"], "language": "Polish"})
    form.values.pop("language")
    form.rebase({"places": ["roof", "cab"], "language": "Polish", "notes": ["x"]})
    assert form.values == {
        "places": ["roof", "cab"], "searched": ["visual"], "persons": 2, "notes": ["x"],
    }  # fmt: skip


@pytest.mark.parametrize("fields", [OUTCOME, DETAILS, AMENDABLE])
def test_every_field_has_a_letter_of_its_own(fields: tuple[Field, ...]) -> None:
    letters = letters_for(fields)
    assert list(letters.values()) == list(fields)
    assert len(letters) == len(fields)
    for letter, field in letters.items():
        assert set(letter) - {"x"} <= set(field.label.lower())
        assert letter not in OPTION_KEYS
    assert all(len(field.choices) <= len(OPTION_KEYS) for field in fields)
    assert all(len(part.choices) <= len(OPTION_KEYS) for field in fields for part in field.parts)


def test_the_commonest_fields_have_the_letter_they_begin_with() -> None:
    letters = letters_for(OUTCOME)
    for letter, name in (("s", "searched"), ("p", "places"), ("n", "nothing_found")):
        assert letters[letter] is BY_NAME[name]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(NAMED).map(lambda name: (name, " " if name == "space" else None)),
            st.characters(codec="utf-8").map(lambda c: (c, c)),
            st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789.,").map(lambda c: (c, c)),
        ),
        max_size=60,
    )
)
def test_no_keys_lead_to_values_that_cannot_be_recorded(keys: list[Key]) -> None:
    form, _ = filled("", known=("CP-1042", "CP-1043"))
    for key, character in keys:
        form.take(key, character)
        for line in form.lines(40, 17):
            assert line.cell_len <= 200
    assert _fits(form.values)
    for name, value in form.values.items():
        field = BY_NAME[name]
        if field.kind is not Kind.FLAG:
            assert parse(field, format_value(field, value)) == value
