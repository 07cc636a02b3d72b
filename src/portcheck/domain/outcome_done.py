"""The fields of an outcome that say what was found besides persons, and what was done.

Carriers' Liability Regulations 2002 as amended by uksi/2023/29; Proceeds of Crime Act 2002
ss.289-295; Road Traffic Offenders Act 1988.
"""

from portcheck.domain import outcome_words as words
from portcheck.domain.counted import By, Counted, Family, Measure
from portcheck.domain.fields import Field, Kind, Part, PartKind
from portcheck.domain.units import UNITS

_TEXT, _CHOICE, _MONEY = PartKind.TEXT, PartKind.CHOICE, PartKind.MONEY
_COUNT = PartKind.COUNT

DONE: tuple[Field, ...] = (
    Field(
        "cash",
        Kind.RECORDS,
        "Cash",
        "Cash found.",
        parts=(
            Part("currency", PartKind.CURRENCY, required=True),
            Part("amount_minor", _MONEY, required=True),
            Part("disposal", _CHOICE, words.CASH, required=True),
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
            Part("action", _CHOICE, words.PENALTY_ACTIONS, required=True),
            Part("amount_pence", _MONEY),
            Part("method", _TEXT),
            Part("receipt", _TEXT),
            Part("authorised_by", _TEXT),
        ),
        example="CP-1042:paid_in_full:2400.00:card:R-77:CIO 12",
        letter="y",
    ),
    Field(
        "new_penalties",
        Kind.RECORDS,
        "New penalty",
        "A penalty notice issued at this check, or a case referred for one.",
        "new-penalty",
        parts=(
            Part("done", _CHOICE, words.NEW_PENALTIES, required=True),
            Part("section", _CHOICE, words.SECTIONS, required=True),
            Part("against", _CHOICE, words.PARTIES, required=True),
            Part("notice", _TEXT),
            Part("amount_pence", _MONEY),
        ),
        example="notice_issued:32:driver:CP-2077:6000.00",
        letter="xp",
        counted=(
            Counted(
                *("notices_issued", "penalty notices issued", "issued", Measure.ITEMS),
                frozenset({"notice_issued"}),
                rare=True,
            ),
            Counted(
                *("cases_referred", "cases referred", "issued", Measure.ITEMS),
                frozenset({"case_referred"}),
                rare=True,
            ),
            Counted(
                *("new_penalties_pence", "sum of new penalties", "issued", Measure.MONEY),
                rare=True,
            ),
            Family(
                *("by_new_penalty", "new_penalties", "New penalties by section and party"),
                *("issued", "by section and party:", By.BOTH),
            ),
        ),
        sheet="New penalties",
    ),
    Field(
        "detention_expenses_pence",
        Kind.MONEY,
        "Expenses of detention",
        "Expenses of detaining the vehicle (Immigration and Asylum Act 1999 s.36A(6)).",
        "detention-expenses",
        letter="xe",
        counted=(
            Counted(
                *("detention_expenses_pence", "expenses of detention", "issued", Measure.MONEY),
                rare=True,
            ),
        ),
    ),
    Field(
        "offences",
        Kind.RECORDS,
        "Offence",
        "A road-traffic offence and how it was dealt with.",
        "offence",
        parts=(
            Part("offence", _CHOICE, words.OFFENCES, required=True),
            Part("disposal", _CHOICE, words.DISPOSALS, required=True),
            Part("amount_pence", _MONEY),
        ),
        example="tachograph:fixed_penalty:100",
        letter="o",
        sheet="Offences",
        counted=(
            Counted(
                *("traffic_offences", "offences", "traffic", Measure.ITEMS),
                column=("offences_count", "Offences (number)"),
            ),
            Counted("prohibitions", "prohibitions", "traffic", Measure.ITEMS, words.PROHIBITIONS),
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
            Counted(
                *("conditional_offers_pence", "conditional offers", "traffic", Measure.MONEY),
                frozenset({"conditional_offer"}),
                rare=True,
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
        parts=(Part("count", _COUNT, required=True), Part("reason", _TEXT)),
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
        parts=(
            Part("kind", _CHOICE, words.SEIZURES, required=True),
            Part("unit", _CHOICE, UNITS),
            Part("quantity_minor", PartKind.QUANTITY),
            Part("value_pence", _MONEY),
            Part("what", _TEXT),
        ),
        example="drugs:kg:2.5:100000:cannabis",
        letter="z",
        is_find=True,
        sheet="Seizures",
        earlier=(Part("count", _COUNT, required=True), Part("what", _TEXT)),
        counted=(
            Counted(
                *("seizures", "seizures other than cash", "found", Measure.QUANTITY),
                column=("seizures_count", "Seizures (number)"),
            ),
            Counted(
                *("seizures_pence", "value of seizures", "found", Measure.MONEY),
                rare=True,
            ),
            Family(
                *("by_seizure", "seizures", "Seizures by kind", "found", "seized:"),
                measure=Measure.QUANTITY,
            ),
            Family(
                *("seized", "seized", "Quantities seized", "found", "quantities:", By.BOTH),
                measure=Measure.MEASURED,
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
        "held_for",
        Kind.CHOICES,
        "Held for",
        "For whom the vehicle is held.",
        choices=words.HOLDERS,
        letter="xo",
        counted=(
            Counted("vehicles_held", "vehicles held", "issued", Measure.VEHICLES, rare=True),
            Family("by_held_for", "held_for", "Vehicles held", "issued", "held for:"),
        ),
    ),
    Field(
        "education",
        Kind.CHOICES,
        "Education",
        "How the driver was advised.",
        choices=words.EDUCATION,
        letter="u",
        counted=(
            Counted("drivers_educated", "drivers educated", "found", Measure.CHECKS),
            Family("education", "education", "Drivers educated by", "found", "educated by:"),
        ),
    ),
    Field("language", Kind.TEXT, "Language", "The language it was given in.", letter="g"),
    Field("notes", Kind.TEXTS, "Note", "A note.", "note", letter="t"),
)
