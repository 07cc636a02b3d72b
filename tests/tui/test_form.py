"""The form without a screen: what every key does to the values."""

import re
from string import ascii_lowercase
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portcheck.domain.details import DETAILS
from portcheck.domain.fields import Field, Kind, format_value, parse
from portcheck.domain.outcome import BY_NAME, OUTCOME
from portcheck.services.checks.drafts import _fits
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
        ("z3<enter>", {"seizures": [{"kind": "alcohol"}]}),
        (
            "z132.5<enter>900<enter><enter>",
            {
                "seizures": [
                    {"kind": "drugs", "unit": "kg", "quantity_minor": 2500, "value_pence": 90000}
                ]
            },
        ),
        ("xd2f3", {"deaths": 2, "persons": 3}),
        ("xdx", {}),
        ("xe125.50<enter>", {"detention_expenses_pence": 12550}),
        ("xe12<enter>xe<backspace><backspace><backspace><backspace><enter>", {"detention_expenses_pence": 100}),
        ("xnViet Nam<enter>2<enter>", {"nationalities": [{"nationality": "VN", "count": 2}]}),
        ("xo2xo3", {"held_for": ["police", "dvsa"]}),
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


LETTERS = (
    "searched s places p nothing_found n persons f minors i deaths xd found_by b found_in xf"
    " medical_help h nrm_referrals r nrm_notifications m nrm_crew xr handed_over xh nationalities xn"
    " asylum_claimed xa checklist k seal e seal_old l seal_new w damage_over_25cm d cash c"
    " penalties y new_penalties xp detention_expenses_pence xe offences o arrests a seizures z"
    " detained v held_for xo education u language g notes t direction d unit u body b load_state l"
    " accompanied m haulier h origin g destination e sailing s lane n"
    " site xs"
)
"""What officers know by heart: nothing here is ever changed, only added."""


def test_no_letter_moves() -> None:
    words = LETTERS.split()
    known = dict(zip(words[::2], words[1::2], strict=True))
    assert {field.name: field.letter for field in (*OUTCOME, *DETAILS)} == known


def test_more_fields_than_the_alphabet_has_letters() -> None:
    assert len(letters_for(OUTCOME)) == len(OUTCOME) > len(ascii_lowercase)
    letters = [*letters_for(OUTCOME)]
    assert not any(a != b and b.startswith(a) for a in letters for b in letters)


@pytest.mark.slow
@settings(deadline=None)
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


@pytest.mark.parametrize("height", [12, 17, 30])
@pytest.mark.parametrize("field", OUTCOME, ids=lambda field: field.name)
def test_the_active_field_stays_in_sight(field: Field, height: int) -> None:
    """A form longer than the screen says how many rows are above and below."""
    form, _ = filled("")
    form.active = field
    lines = [line.plain for line in form.lines(50, height)]
    assert any(f"{field.letter:<2}>" in line for line in lines)
    assert any("Enter: save" in line for line in lines)
    text = "\n".join(lines)
    cells = (re.search(rf"(^|\s){one:<2}[ >]·", text, re.MULTILINE) for one in form.letters)
    hidden = sum(not cell for cell in cells)
    assert any("more line" in line for line in lines) == (hidden > 0) == (height < 30)
