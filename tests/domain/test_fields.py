"""Values typed and written back: what a log says is what a log import reads."""

import string
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portcheck.domain.details import DETAILS
from portcheck.domain.fields import (
    LARGEST_COUNT,
    LONGEST_TEXT,
    Field,
    Kind,
    Part,
    PartKind,
    choose,
    combine,
    format_value,
    parse,
)
from portcheck.domain.outcome import BY_NAME, OUTCOME
from portcheck.domain.text import one_line
from portcheck.errors import Refused

ALL = {field.name: field for field in (*DETAILS, *OUTCOME)}

# Strategies for every kind of value a field may have.

hostile = st.text(st.sampled_from(";:\\=,| ab1€é'\"\n\x1b\u202e\ud800[]"), max_size=15)
texts = (hostile | st.text(max_size=15)).map(one_line)
full_texts = texts.filter(bool)
counts = st.integers(0, LARGEST_COUNT)
currencies = st.sampled_from(["GBP", "EUR", "JPY", "KWD"])
amounts = st.integers(0, 10**11)


@st.composite
def records(draw: st.DrawFn, field: Field) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for part in field.parts:
        if not part.required and draw(st.booleans()):
            continue
        match part.kind:
            case PartKind.CHOICE:
                record[part.name] = draw(st.sampled_from(part.choices))
            case PartKind.COUNT:
                record[part.name] = draw(counts)
            case PartKind.TEXT:
                record[part.name] = draw(full_texts)
            case PartKind.CURRENCY:
                record[part.name] = draw(currencies)
            case PartKind.MONEY | PartKind.QUANTITY:
                record[part.name] = draw(amounts)
            case PartKind.NATION:
                record[part.name] = draw(st.sampled_from(["GB", "VN", "XX"]))
    return record


def values_of(field: Field) -> st.SearchStrategy[Any]:
    match field.kind:
        case Kind.FLAG:
            return st.booleans()
        case Kind.COUNT:
            return counts
        case Kind.MONEY:
            return amounts
        case Kind.CHOICE:
            return st.sampled_from(field.choices)
        case Kind.CHOICES:
            return st.lists(st.sampled_from(field.choices), min_size=1, unique=True)
        case Kind.TEXT:
            return texts
        case Kind.TEXTS:
            return st.lists(full_texts, min_size=1, max_size=4)
        case Kind.RECORDS:
            return st.lists(records(field), min_size=1, max_size=4)


pairs = st.sampled_from(list(ALL.values())).flatmap(
    lambda field: st.tuples(st.just(field), values_of(field))
)
PENALTY = {"reference": "method=card", "action": "refused", "receipt": "a=b:c;d\\"}


@given(pairs)
@example((BY_NAME["penalties"], [PENALTY]))
@example((BY_NAME["penalties"], [{"reference": "\\", "action": "referred", "method": "x"}]))
@example((BY_NAME["notes"], ["a;b", "\\;", "\\\\", ":", "=1+1"]))
@example((BY_NAME["cash"], [{"currency": "JPY", "amount_minor": 5000, "disposal": "seized"}]))
def test_what_is_written_is_read_back(pair: tuple[Field, Any]) -> None:
    field, value = pair
    assert parse(field, format_value(field, value)) == value


@given(st.sampled_from(list(ALL.values())), hostile | st.text(max_size=20))
@example(BY_NAME["persons"], "9" * 5000)
@example(BY_NAME["arrests"], "9" * 5000 + ":x")
def test_any_text_is_a_value_or_refused(field: Field, text: str) -> None:
    try:
        value = parse(field, text)
    except Refused as refusal:
        str(refusal).encode()
        return
    assert parse(field, format_value(field, value)) == value


READ: list[tuple[str, str, Any]] = [
    ("detained", "Yes", True),
    ("detained", " x ", True),
    ("detained", "FALSE", False),
    ("accompanied", "n", False),
    ("persons", "0", 0),
    ("persons", "12.0", 12),
    ("persons", "9999", 9999),
    ("persons", "007", 7),
    ("direction", " InBound ", "inbound"),
    ("body", "Curtain sided", "curtain_sided"),
    ("body", "CURTAIN-SIDED", "curtain_sided"),
    ("searched", "dog, visual; DOG|x-ray", ["dog", "visual", "xray"]),
    ("haulier", "  Müller \n GmbH ", "Müller GmbH"),
    ("haulier", "a;b:c\\", "a;b:c\\"),
    ("notes", "first; ;second", ["first", "second"]),
    ("notes", "see 14:05", ["see 14:05"]),
    ("notes", "one\\; still one", ["one; still one"]),
    ("notes", "C:\\new", ["C:\\new"]),
    ("notes", "ends with \\", ["ends with \\"]),
    ("arrests", "1", [{"count": 1}]),
    ("arrests", "2:facilitation", [{"count": 2, "reason": "facilitation"}]),
    ("arrests", "reason=x:count=3", [{"count": 3, "reason": "x"}]),
    (
        "cash",
        "gbp:1,250.00:Seized; EUR:5:counted",
        [
            {"currency": "GBP", "amount_minor": 125000, "disposal": "seized"},
            {"currency": "EUR", "amount_minor": 500, "disposal": "counted"},
        ],
    ),
    (  # the amount is read in its currency, whichever is typed first
        "cash",
        "amount_minor=1250:currency=JPY:seized",
        [{"currency": "JPY", "amount_minor": 1250, "disposal": "seized"}],
    ),
    (
        "penalties",
        "CP-1042:paid in full:2400.00:card:R-77:CIO 12",
        [
            {
                "reference": "CP-1042",
                "action": "paid_in_full",
                "amount_pence": 240000,
                "method": "card",
                "receipt": "R-77",
                "authorised_by": "CIO 12",
            }
        ],
    ),
    (  # a part that is left blank keeps its place
        "penalties",
        "CP-1:paid_in_full:2400::R-77:",
        [
            {
                "reference": "CP-1",
                "action": "paid_in_full",
                "amount_pence": 240000,
                "receipt": "R-77",
            }
        ],
    ),
    (
        "penalties",
        "CP-1:part_paid:receipt=R\\:7",
        [{"reference": "CP-1", "action": "part_paid", "receipt": "R:7"}],
    ),
    (
        "offences",
        "Tachograph:fixed-penalty:100",
        [{"offence": "tachograph", "disposal": "fixed_penalty", "amount_pence": 10000}],
    ),
]


@pytest.mark.parametrize(("name", "text", "value"), READ)
def test_values_that_are_read(name: str, text: str, value: Any) -> None:
    assert parse(ALL[name], text) == value


SEIZED: list[tuple[str, Any]] = [
    ("stolen vehicle", {"kind": "stolen_vehicle"}),
    ("drugs:kg:2.5", {"kind": "drugs", "unit": "kg", "quantity_minor": 2500}),
    ("drugs:g:2,500", {"kind": "drugs", "unit": "g", "quantity_minor": 2500}),
    ("phones::3", {"kind": "phones", "quantity_minor": 3}),
    ("quantity_minor=0.25:unit=litres:alcohol", {
        "kind": "alcohol", "unit": "litres", "quantity_minor": 250,
    }),
    ("other:what=a knife:value_pence=10", {
        "kind": "other", "value_pence": 1000, "what": "a knife",
    }),
    ("2", {"count": 2}),
    ("1:tobacco, 4000 cigarettes", {"count": 1, "what": "tobacco, 4000 cigarettes"}),
    ("what=x:count=3", {"count": 3, "what": "x"}),
]  # fmt: skip
"""The last three as seizures were written once."""


@pytest.mark.parametrize(("text", "value"), SEIZED)
def test_seizures_that_are_read(text: str, value: Any) -> None:
    assert parse(ALL["seizures"], text) == [value]
    assert parse(ALL["seizures"], format_value(ALL["seizures"], [value])) == [value]


REFUSED = [
    ("seizures", "lego", "Seizures, kind: “lego” is not one of drugs"),
    ("seizures", "drugs:g:2.5", "not a quantity in g"),
    ("seizures", "phones::1.5", "not a quantity in items"),
    ("seizures", "drugs:kg:1.2345", "not a quantity in kg"),
    ("seizures", "drugs:kg:-1", "not a quantity in kg"),
    ("nationalities", "Narnia:1", "is no nationality"),
    ("nationalities", "VN", "lacks the count"),
    ("new_penalties", "notice_issued:33:driver", "31A, 32"),
    ("detention_expenses_pence", "12.345", "not an amount"),
    ("detained", "maybe", "neither yes nor no"),
    ("detained", "", "neither yes nor no"),
    ("persons", "-1", "whole number"),
    ("persons", "1.5", "whole number"),
    ("persons", "10000", "whole number"),
    ("persons", "9" * 5000, "whole number"),
    ("persons", "٣", "whole number"),
    ("persons", "²", "whole number"),
    ("persons", "", "whole number"),
    ("persons", "some", "whole number"),
    ("direction", "sideways", "inbound, outbound"),
    ("searched", "dog;", "not one of"),
    ("haulier", "x" * (LONGEST_TEXT + 1), "longer than"),
    ("notes", "x" * (LONGEST_TEXT + 1), "longer than"),
    ("notes", " ; ", "is blank"),
    ("cash", "", "is blank"),
    ("cash", ":::", "lacks the currency"),
    ("cash", "GBP:100", "lacks the disposal"),
    ("cash", "GBP::seized", "lacks the amount_minor"),
    ("cash", "GBP:100:seized:more", "too many parts"),
    ("cash", "GBP:1.234:seized", "not an amount in GBP"),
    ("cash", "JPY:1.5:seized", "not an amount in JPY"),
    ("cash", "pounds:5:seized", "not a currency"),
    ("cash", "GBP:5:burnt", "seized, counted"),
    ("penalties", "CP-1", "lacks the action"),
    ("penalties", "CP-1:reference=CP-2:refused", "gives the reference twice"),
    ("offences", "tachograph:fixed_penalty:-5", "not an amount"),
    ("arrests", "many", "whole number"),
]


@pytest.mark.parametrize(("name", "text", "reason"), REFUSED)
def test_values_that_are_not(name: str, text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        parse(ALL[name], text)


def test_the_examples_can_be_typed() -> None:
    shown = [field for field in ALL.values() if field.example]
    assert shown
    for field in shown:
        assert parse(field, field.example)
    assert all(field.example for field in ALL.values() if field.kind is Kind.RECORDS)


def test_names_labels_and_options_are_unique() -> None:
    fields = list(ALL.values())
    assert len(fields) == len(DETAILS) + len(OUTCOME)
    for one in ("name", "label", "flag"):
        assert len({getattr(field, one) for field in fields}) == len(fields)
    assert all(set(field.flag) <= set(string.ascii_lowercase + "-0123456789") for field in fields)


def test_choose_names_the_choices() -> None:
    with pytest.raises(Refused, match="Seal: “gone” is not one of intact, broken"):
        choose("Seal", ("intact", "broken"), "gone")


COMBINED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({}, {}, {}),
    ({}, {"persons": 1}, {"persons": 1}),
    ({"persons": 1}, {}, {"persons": 1}),
    ({"persons": 1}, {"persons": 1}, {"persons": 1}),
    ({"notes": ["a"]}, {"notes": ["a", "b"]}, {"notes": ["a", "a", "b"]}),
    ({"searched": ["dog"]}, {"searched": ["co2", "dog"]}, {"searched": ["dog", "co2"]}),
    (
        {"arrests": [{"count": 1}]},
        {"arrests": [{"count": 1}]},
        {"arrests": [{"count": 1}, {"count": 1}]},
    ),
    ({"detained": True}, {"detained": True}, {"detained": True}),
]


@pytest.mark.parametrize(("old", "new", "result"), COMBINED)
def test_combine(old: dict[str, Any], new: dict[str, Any], result: dict[str, Any]) -> None:
    before = (dict(old), dict(new))
    assert combine(OUTCOME, old, new) == result
    assert (old, new) == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({"persons": 1}, {"persons": 2}, "Persons found is already recorded as 1"),
        ({"persons": 0}, {"persons": 2}, "Persons found is already recorded as 0"),
        ({"detained": False}, {"detained": True}, "Vehicle detained is already recorded as no"),
        ({"seal": "intact"}, {"seal": "broken"}, "Seal is already recorded as intact"),
        ({"seal_old": "77"}, {"seal_old": "78"}, "Old seal is already recorded as 77"),
    ],
)
def test_what_is_recorded_is_only_amended(
    old: dict[str, Any], new: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        combine(OUTCOME, old, new)
    assert "amend" in refusal.value.hint


outcomes = st.lists(st.sampled_from(OUTCOME), unique=True, max_size=4).flatmap(
    lambda fields: st.fixed_dictionaries({field.name: values_of(field) for field in fields})
)


@pytest.mark.slow
@given(outcomes, outcomes)
def test_combining_loses_nothing(old: dict[str, Any], new: dict[str, Any]) -> None:
    try:
        result = combine(OUTCOME, old, new)
    except Refused:
        single = {f.name for f in OUTCOME if not f.several}
        assert any(old[name] != new[name] for name in old.keys() & new.keys() & single)
        return
    assert result.keys() == old.keys() | new.keys()
    for name, value in result.items():
        for said in (old.get(name), new.get(name)):
            if said is not None:
                assert value == said or all(item in value for item in said)


def test_a_part_without_choices_is_text() -> None:
    field = Field(
        "x", Kind.RECORDS, "X", "", parts=(Part("a", PartKind.TEXT), Part("b", PartKind.TEXT))
    )
    assert parse(field, ":only b") == [{"b": "only b"}]
    assert format_value(field, [{"b": "only b"}]) == "b=only b"
