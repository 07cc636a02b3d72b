"""What a search found and what was done: the registry of outcome fields.

The words are those of the trade (Carriers' Liability Regulations 2002 as
amended by uksi/2023/29; Proceeds of Crime Act 2002 ss.289-295; Road Traffic
Offenders Act 1988).  A person found is counted, never named: they may be a
victim (Data Protection Act 2018 s.38(3)).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portcheck.domain.counted import By, Counted, Family, Measure
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

SEARCHED = ("searched", "nothing_found")
"""The fields that say that a vehicle was searched."""
SEIZED = "seized"

_TEXT, _CHOICE, _MONEY = PartKind.TEXT, PartKind.CHOICE, PartKind.MONEY

OUTCOME: tuple[Field, ...] = (
    Field(
        "searched",
        Kind.CHOICES,
        "Searched",
        "How it was searched.",
        "search",
        SEARCH_METHODS,
        letter="s",
        counted=(
            Counted("searched", "searched", "searches", Measure.RULE),
            Family(
                *("by_search_method", "methods", "Searches by method", "searches", "by method:"),
                always=True,
            ),
        ),
    ),
    Field(
        "places",
        Kind.CHOICES,
        "Places",
        "Where it was searched.",
        "place",
        SEARCH_PLACES,
        letter="p",
    ),
    Field(
        "nothing_found",
        Kind.FLAG,
        "Nothing found",
        "Searched, and nothing was found.",
        letter="n",
        counted=(Counted("nothing_found", "searched, nothing found", "searches", Measure.RULE),),
    ),
    Field(
        "persons",
        Kind.COUNT,
        "Persons found",
        "How many persons were found.",
        letter="f",
        is_find=True,
        counted=(
            Counted(
                "vehicles_with_persons", "vehicles with persons found", "found", Measure.CHECKS
            ),
            Counted("persons_found", "persons found", "found", Measure.QUANTITY),
        ),
    ),
    Field(
        "minors",
        Kind.COUNT,
        "Minors found",
        "How many of them are, or may be, under 18.",
        letter="i",
        counted=(Counted("minors_found", "of them minors", "found", Measure.QUANTITY),),
    ),
    Field(
        "medical_help",
        Kind.FLAG,
        "Medical help",
        "Medical help was given or called.",
        letter="h",
    ),
    Field(
        "nrm_referrals",
        Kind.COUNT,
        "NRM referrals",
        "Referred to the National Referral Mechanism (a child always; an adult with consent).",
        letter="r",
        counted=(Counted("nrm_referrals", "NRM referrals", "found", Measure.QUANTITY),),
    ),
    Field(
        "nrm_notifications",
        Kind.COUNT,
        "NRM notifications",
        "Duty-to-notify forms for adults who did not consent.",
        letter="m",
    ),
    Field(
        "checklist",
        Kind.CHOICE,
        "Security checklist",
        "The driver's vehicle security checklist.",
        choices=("yes", "no", "incomplete"),
        letter="k",
    ),
    Field(
        "seal",
        Kind.CHOICE,
        "Seal",
        "The seal on the load.",
        choices=("intact", "broken", "replaced"),
        letter="e",
    ),
    Field("seal_old", Kind.TEXT, "Old seal", "Number of the seal taken off.", letter="l"),
    Field("seal_new", Kind.TEXT, "New seal", "Number of the seal put on.", letter="w"),
    Field(
        "damage_over_25cm",
        Kind.FLAG,
        "Damage over 25 cm",
        "A cut or hole over 25 cm.",
        letter="d",
    ),
    Field(
        "cash",
        Kind.RECORDS,
        "Cash",
        "Cash found.",
        parts=(
            Part("currency", PartKind.CURRENCY, required=True),
            Part("amount_minor", _MONEY, required=True),
            Part("disposal", _CHOICE, (SEIZED, "counted"), required=True),
        ),
        example="GBP:1250.00:seized",
        letter="c",
        is_find=True,
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
        letter="y",
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
        letter="o",
        counted=(
            Counted(
                *("traffic_offences", "offences", "traffic", Measure.ITEMS),
                column=("offences_count", "Offences (number)"),
            ),
            Counted("prohibitions", "prohibitions", "traffic", Measure.ITEMS, PROHIBITIONS),
            Counted(
                *("fixed_penalties_pence", "fixed penalties", "traffic", Measure.MONEY),
                frozenset({"fixed_penalty"}),
                ("fixed_penalties_pence", "Fixed penalties"),
            ),
            Counted(
                *("deposits_pence", "deposits", "traffic", Measure.MONEY),
                frozenset({"deposit"}),
                ("deposits_pence", "Deposits"),
            ),
            Family(
                *("by_offence", "offences", "Road traffic by offence", "traffic", "by offence:"),
                always=True,
            ),
            Family(
                *("by_disposal", "disposals", "Road traffic by disposal", "traffic"),
                *("by disposal:", By.DETAIL),
                always=True,
            ),
        ),
    ),
    Field(
        "arrests",
        Kind.RECORDS,
        "Arrests",
        "Arrests, and what for.",
        "arrest",
        parts=(Part("count", PartKind.COUNT, required=True), Part("reason", _TEXT)),
        example="1:facilitation",
        letter="a",
        counted=(
            Counted(
                *("arrests", "arrests", "found", Measure.RULE),
                column=("arrests_count", "Arrests (number)"),
            ),
        ),
    ),
    Field(
        "seizures",
        Kind.RECORDS,
        "Seizures",
        "Things seized other than cash.",
        "seizure",
        parts=(Part("count", PartKind.COUNT, required=True), Part("what", _TEXT)),
        example="1:tobacco, 4000 cigarettes",
        letter="z",
        is_find=True,
        counted=(
            Counted(
                *("seizures", "seizures other than cash", "found", Measure.QUANTITY),
                column=("seizures_count", "Seizures (number)"),
            ),
        ),
    ),
    Field(
        "detained",
        Kind.FLAG,
        "Vehicle detained",
        "The vehicle was detained.",
        letter="v",
        counted=(Counted("vehicles_detained", "vehicles detained", "found", Measure.RULE),),
    ),
    Field(
        "education",
        Kind.CHOICES,
        "Education",
        "How the driver was advised.",
        choices=EDUCATION,
        letter="u",
        counted=(
            Counted("drivers_educated", "drivers educated", "found", Measure.CHECKS),
            Family("education", "education", "Drivers educated by", "found", "educated by:"),
        ),
    ),
    Field("language", Kind.TEXT, "Language", "The language it was given in.", letter="g"),
    Field("notes", Kind.TEXTS, "Note", "A note.", "note", letter="t"),
)
BY_NAME = {field.name: field for field in OUTCOME}
FINDS = tuple(field.name for field in OUTCOME if field.is_find)
"""The fields that say that something was found."""


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
        found = [f.label.lower() for f in OUTCOME if f.is_find and values.get(f.name)]
        if found:
            raise Refused(f"nothing found, and yet {', '.join(found)} is recorded")
    for offence in values.get("offences", ()):
        if "amount_pence" in offence and offence["disposal"] not in {"fixed_penalty", "deposit"}:
            raise Refused(
                f"an amount goes with a fixed penalty or a deposit, not with {offence['disposal']}"
            )


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
        (Primary.CASH_SEIZED, any(c["disposal"] == SEIZED for c in values.get("cash", ()))),
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


def merged(old: Values, new: Values) -> Values:
    """`old` completed by `new`, validated.  Raises Refused (see `fields.combine`)."""
    result = combine(OUTCOME, old, new)
    validate(result)
    return result
