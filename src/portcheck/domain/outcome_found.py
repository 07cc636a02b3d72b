"""The fields of an outcome that say how a vehicle was searched, and whom it carried.

A person found is counted, never named: they may be a victim (Data Protection Act 2018
s.38(3)).
"""

from portcheck.domain import outcome_words as words
from portcheck.domain.counted import Counted, Family, Measure
from portcheck.domain.fields import Field, Kind, Part, PartKind
from portcheck.domain.nations import nation_name

_CHOICE, _COUNT = PartKind.CHOICE, PartKind.COUNT

FOUND: tuple[Field, ...] = (
    Field(
        "searched",
        Kind.CHOICES,
        "Searched",
        "How it was searched.",
        "search",
        words.SEARCH_METHODS,
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
        words.SEARCH_PLACES,
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
            Counted("checks_with_persons", "checks with persons found", "found", Measure.CHECKS),
            Counted(
                "vehicles_with_persons", "vehicles with persons found", "found", Measure.VEHICLES
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
        "deaths",
        Kind.COUNT,
        "Deaths",
        "How many of the persons found were dead, or died.",
        letter="xd",
        counted=(Counted("deaths", "deaths", "found", Measure.QUANTITY, rare=True),),
    ),
    Field(
        "found_by",
        Kind.CHOICES,
        "Found by",
        "By which method persons were found.",
        choices=words.SEARCH_METHODS,
        letter="b",
        counted=(
            Family(
                *("by_found_by", "found_by", "Persons found by method", "found"),
                "persons found by:",
            ),
        ),
    ),
    Field(
        "found_in",
        Kind.CHOICES,
        "Found in",
        "Where persons were found.",
        choices=words.SEARCH_PLACES,
        letter="xf",
        counted=(
            Family(
                *("by_found_in", "found_in", "Persons found by place", "found"),
                "persons found in:",
            ),
        ),
    ),
    Field(
        "medical_help",
        Kind.FLAG,
        "Medical help",
        "Medical help was given or called.",
        letter="h",
        counted=(Counted("medical_help", "medical help", "found", Measure.CHECKS, rare=True),),
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
        counted=(
            Counted(
                *("nrm_notifications", "NRM notifications", "found", Measure.QUANTITY),
                rare=True,
            ),
        ),
    ),
    Field(
        "nrm_crew",
        Kind.COUNT,
        "NRM: driver or passenger",
        "How many of those referred or notified were a driver or a passenger.",
        letter="xr",
        counted=(
            Counted(
                *("nrm_crew", "NRM: drivers and passengers", "found", Measure.QUANTITY),
                rare=True,
            ),
        ),
    ),
    Field(
        "handed_over",
        Kind.RECORDS,
        "Handed over",
        "To whom persons found were handed over, and how many.",
        parts=(
            Part("to", _CHOICE, words.RECEIVERS, required=True),
            Part("count", _COUNT, required=True),
        ),
        example="immigration:2",
        letter="xh",
        counted=(
            Family(
                *("by_handed_over", "handed_over", "Persons handed over", "found"),
                "handed over to:",
                measure=Measure.QUANTITY,
            ),
        ),
    ),
    Field(
        "nationalities",
        Kind.RECORDS,
        "Nationality",
        "Nationalities of persons found, and how many of each.",
        "nationality",
        parts=(
            Part("nationality", PartKind.NATION, required=True),
            Part("count", _COUNT, required=True),
        ),
        example="VN:2",
        letter="xn",
        counted=(
            Family(
                *("by_nationality", "nationalities", "Persons found by nationality", "found"),
                "nationalities:",
                measure=Measure.QUANTITY,
                said=nation_name,
            ),
        ),
        sensitive=True,
    ),
    Field(
        "asylum_claimed",
        Kind.COUNT,
        "Asylum claimed",
        "How many of the persons found claimed asylum.",
        letter="xa",
        counted=(
            Counted("asylum_claimed", "asylum claimed", "found", Measure.QUANTITY, rare=True),
        ),
        sensitive=True,
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
)
