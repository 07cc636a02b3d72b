"""What a search found and what was done: the registry of outcome fields.

The words are those of the trade (Carriers' Liability Regulations 2002 as
amended by uksi/2023/29; Proceeds of Crime Act 2002 ss.289-295; Road Traffic
Offenders Act 1988).  A person found is counted, never named: they may be a
victim (Data Protection Act 2018 s.38(3)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portcheck.domain.fields import Field, Kind, Part, PartKind, Values, combine
from portcheck.errors import Refused

SEARCH_METHODS = (
    "visual",
    "physical",
    "dog",
    "co2",
    "heartbeat",
    "motion",
    "pmmwi",
    "xray",
    "gamma",
)
SEARCH_PLACES = ("load_space", "roof", "external_storage", "wind_deflector", "underneath", "cab")
OFFENCES = (
    "drivers_hours",
    "tachograph",
    "overweight",
    "roadworthiness",
    "load_security",
    "licence",
    "insurance",
    "vehicle_tax",
    "mobile_phone",
    "seat_belt",
    "hazchem",
    "other",
)
DISPOSALS = (
    "words_of_advice",
    "fixed_penalty",
    "deposit",
    "prohibition_immediate",
    "prohibition_delayed",
    "vehicle_seized",
    "report_for_summons",
    "arrest",
)
PROHIBITIONS = frozenset({"prohibition_immediate", "prohibition_delayed"})
PENALTY_ACTIONS = (
    "paid_in_full",
    "part_paid",
    "vehicle_detained",
    "security_given",
    "refused",
    "referred",
    "not_enforceable",
)
ENFORCING = frozenset({"paid_in_full", "part_paid", "security_given"})
EDUCATION = ("leaflet", "talk", "checklist_shown")

_TEXT, _CHOICE, _MONEY = PartKind.TEXT, PartKind.CHOICE, PartKind.MONEY

OUTCOME: tuple[Field, ...] = (
    Field("searched", Kind.CHOICES, "Searched", "How it was searched.", "search", SEARCH_METHODS),
    Field("places", Kind.CHOICES, "Places", "Where it was searched.", "place", SEARCH_PLACES),
    Field("nothing_found", Kind.FLAG, "Nothing found", "Searched, and nothing was found."),
    Field("persons", Kind.COUNT, "Persons found", "How many persons were found."),
    Field("minors", Kind.COUNT, "Minors found", "How many of them are, or may be, under 18."),
    Field("medical_help", Kind.FLAG, "Medical help", "Medical help was given or called."),
    Field(
        "nrm_referrals",
        Kind.COUNT,
        "NRM referrals",
        "Referred to the National Referral Mechanism (a child always; an adult with consent).",
    ),
    Field(
        "nrm_notifications",
        Kind.COUNT,
        "NRM notifications",
        "Duty-to-notify forms for adults who did not consent.",
    ),
    Field(
        "checklist",
        Kind.CHOICE,
        "Security checklist",
        "The driver's vehicle security checklist.",
        choices=("yes", "no", "incomplete"),
    ),
    Field(
        "seal",
        Kind.CHOICE,
        "Seal",
        "The seal on the load.",
        choices=("intact", "broken", "replaced"),
    ),
    Field("seal_old", Kind.TEXT, "Old seal", "Number of the seal taken off."),
    Field("seal_new", Kind.TEXT, "New seal", "Number of the seal put on."),
    Field("damage_over_25cm", Kind.FLAG, "Damage over 25 cm", "A cut or hole over 25 cm."),
    Field(
        "cash",
        Kind.RECORDS,
        "Cash",
        "Cash found.",
        parts=(
            Part("currency", PartKind.CURRENCY, required=True),
            Part("amount_minor", _MONEY, required=True),
            Part("disposal", _CHOICE, ("seized", "counted"), required=True),
        ),
        example="GBP:1250.00:seized",
    ),
    Field(
        "penalties",
        Kind.RECORDS,
        "Penalty",
        "What was done about a penalty line.",
        "penalty",
        parts=(
            Part("reference", _TEXT, required=True),
            Part("action", _CHOICE, PENALTY_ACTIONS, required=True),
            Part("amount_pence", _MONEY),
            Part("method", _TEXT),
            Part("receipt", _TEXT),
            Part("authorised_by", _TEXT),
        ),
        example="CP-1042:paid_in_full:2400.00:card:R-77:CIO 12",
    ),
    Field(
        "offences",
        Kind.RECORDS,
        "Offence",
        "A road-traffic offence and how it was dealt with.",
        "offence",
        parts=(
            Part("offence", _CHOICE, OFFENCES, required=True),
            Part("disposal", _CHOICE, DISPOSALS, required=True),
            Part("amount_pence", _MONEY),
        ),
        example="tachograph:fixed_penalty:100",
    ),
    Field("education", Kind.CHOICES, "Education", "How the driver was advised.", choices=EDUCATION),
    Field("language", Kind.TEXT, "Language", "The language it was given in."),
    Field("detained", Kind.FLAG, "Vehicle detained", "The vehicle was detained."),
    Field(
        "arrests",
        Kind.RECORDS,
        "Arrests",
        "Arrests, and what for.",
        "arrest",
        parts=(Part("count", PartKind.COUNT, required=True), Part("reason", _TEXT)),
        example="1:facilitation",
    ),
    Field(
        "seizures",
        Kind.RECORDS,
        "Seizures",
        "Things seized other than cash.",
        "seizure",
        parts=(Part("count", PartKind.COUNT, required=True), Part("what", _TEXT)),
        example="1:tobacco, 4000 cigarettes",
    ),
    Field("notes", Kind.TEXTS, "Note", "A note.", "note"),
)
BY_NAME = {field.name: field for field in OUTCOME}


class Primary(StrEnum):
    """The one outcome a check is counted under, in order of precedence."""

    PERSONS_FOUND = "persons_found"
    CASH_SEIZED = "cash_seized"
    PENALTY_ENFORCED = "penalty_enforced"
    ARREST = "arrest"
    OFFENCE_DEALT_WITH = "offence_dealt_with"
    MATCH_UNRESOLVED = "match_unresolved"
    NOTHING_FOUND = "nothing_found"
    NOT_SEARCHED = "not_searched"


def validate(values: Mapping[str, Any]) -> None:
    """Raises Refused when the fields of one outcome contradict each other."""
    persons = values.get("persons", 0)
    if values.get("minors", 0) > persons:
        raise Refused("more minors than persons found", hint="Persons found counts everybody.")
    helped = values.get("nrm_referrals", 0) + values.get("nrm_notifications", 0)
    if helped > persons:
        raise Refused("more referrals and notifications than persons found")
    if values.get("nothing_found"):
        found = [f.label.lower() for f in OUTCOME if f.name in _FINDS and values.get(f.name)]
        if found:
            raise Refused(f"nothing found, and yet {', '.join(found)} is recorded")
    for offence in values.get("offences", ()):
        if "amount_pence" in offence and offence["disposal"] not in {"fixed_penalty", "deposit"}:
            raise Refused(
                f"an amount goes with a fixed penalty or a deposit, not with {offence['disposal']}"
            )


_FINDS = frozenset({"persons", "cash", "seizures"})


def primary_outcome(values: Mapping[str, Any], *, unresolved: bool) -> Primary:
    """The first that fits.

    `penalty_enforced` is a penalty paid, part paid or secured, or a vehicle
    detained for it.  Anything recorded as searched, or as nothing found, is
    `nothing_found` when nothing above it fits.

    >>> primary_outcome({"searched": ["dog"]}, unresolved=False)
    <Primary.NOTHING_FOUND: 'nothing_found'>
    """
    actions = {p["action"] for p in values.get("penalties", ())}
    disposals = {o["disposal"] for o in values.get("offences", ())}
    tests = (
        (Primary.PERSONS_FOUND, values.get("persons", 0) > 0),
        (Primary.CASH_SEIZED, any(c["disposal"] == "seized" for c in values.get("cash", ()))),
        (Primary.PENALTY_ENFORCED, bool(actions & (ENFORCING | {"vehicle_detained"}))),
        (
            Primary.ARREST,
            "arrest" in disposals or any(a["count"] for a in values.get("arrests", ())),
        ),
        (Primary.OFFENCE_DEALT_WITH, bool(values.get("offences"))),
        (Primary.MATCH_UNRESOLVED, unresolved),
        (Primary.NOTHING_FOUND, bool(values.get("searched") or values.get("nothing_found"))),
    )
    return next((primary for primary, fits in tests if fits), Primary.NOT_SEARCHED)


@dataclass(frozen=True, slots=True)
class Finding:
    """One countable item of an outcome, the row that a tally counts.

    `field` is the registry's name; `value` and `detail` its first and second
    word (offence and disposal, reference and action); `quantity` a count;
    `amount_minor` money in minor units of `currency`.
    """

    field: str
    position: int
    value: str = ""
    detail: str = ""
    quantity: int = 1
    amount_minor: int | None = None
    currency: str = ""


def findings(values: Mapping[str, Any]) -> list[Finding]:
    """The countable items of an outcome, in the registry's order."""
    rows: list[Finding] = []
    for field in OUTCOME:
        if field.name in values:
            rows.extend(_items(field, values[field.name]))
    return rows


def _items(field: Field, value: Any) -> list[Finding]:
    match field.kind:
        case Kind.FLAG:
            return [Finding(field.name, 0)] if value else []
        case Kind.COUNT:
            return [Finding(field.name, 0, quantity=value)] if value else []
        case Kind.CHOICES:
            return [Finding(field.name, i, value=v) for i, v in enumerate(value)]
        case Kind.CHOICE:
            return [Finding(field.name, 0, value=value)]
        case Kind.RECORDS:
            return [_record_item(field, i, r) for i, r in enumerate(value)]
        case _:
            return []


def _record_item(field: Field, position: int, record: Mapping[str, Any]) -> Finding:
    words = [
        str(record.get(p.name, ""))
        for p in field.parts
        if p.kind in {PartKind.CHOICE, PartKind.TEXT}
    ]
    money = next(
        (record[p.name] for p in field.parts if p.kind is PartKind.MONEY and p.name in record), None
    )
    currency = record.get("currency", "GBP" if money is not None else "")
    return Finding(
        field.name,
        position,
        value=words[0] if words else "",
        detail=words[1] if len(words) > 1 else "",
        quantity=record.get("count", 1),
        amount_minor=money,
        currency=currency,
    )


def merged(old: Values, new: Values) -> Values:
    """`old` completed by `new`, validated.  Raises Refused (see `fields.combine`)."""
    result = combine(OUTCOME, old, new)
    validate(result)
    return result
