"""What a search found and what was done: the registry of outcome fields.

Its entries stand in `outcome_found` and `outcome_done`, its words in `outcome_words`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portcheck.domain.fields import Values, combine
from portcheck.domain.outcome_done import DONE
from portcheck.domain.outcome_found import FOUND
from portcheck.domain.outcome_words import SEIZED, WITH_AMOUNT
from portcheck.errors import Refused

ENFORCING = frozenset({"paid_in_full", "part_paid", "security_given"})
_ENFORCED = ENFORCING | {"vehicle_detained"}
SEARCHED = ("searched", "nothing_found")
"""The fields that say that a vehicle was searched."""

OUTCOME = (*FOUND, *DONE)
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
    _persons(values)
    _referred(values)
    if values.get("nothing_found"):
        found = [f.label.lower() for f in OUTCOME if f.is_find and values.get(f.name)]
        if found:
            raise Refused(f"nothing found, and yet {', '.join(found)} is recorded")
    for offence in values.get("offences", ()):
        if "amount_pence" in offence and offence["disposal"] not in WITH_AMOUNT:
            raise Refused(
                "an amount goes with a fixed penalty, a deposit or a conditional offer, not with "
                f"{offence['disposal']}"
            )


def _persons(values: Mapping[str, Any]) -> None:
    """What is said of persons found is said of no more than were found."""
    persons = values.get("persons", 0)
    if values.get("minors", 0) > persons:
        raise Refused("more minors than persons found", hint="Persons found counts everybody.")
    for name in ("deaths", "asylum_claimed", "handed_over", "nationalities"):
        said = values.get(name, 0)
        number = said if isinstance(said, int) else sum(one["count"] for one in said)
        if number > persons:
            label = BY_NAME[name].label.lower()
            raise Refused(
                f"{label}: {number} of {persons} persons found",
                hint="Persons found counts everybody.",
            )
    for name in ("found_by", "found_in"):
        if values.get(name) and not persons:
            raise Refused(f"{BY_NAME[name].label.lower()}, and yet no person found is recorded")


def _referred(values: Mapping[str, Any]) -> None:
    """A child is always referred; only an adult is notified without consent.

    Drivers and passengers are referred too, without a person found.
    """
    persons, minors = values.get("persons", 0), values.get("minors", 0)
    notified, crew = values.get("nrm_notifications", 0), values.get("nrm_crew", 0)
    helped = values.get("nrm_referrals", 0) + notified
    hint = f"Say with {BY_NAME['nrm_crew'].flag} how many of them are drivers or passengers."
    if crew > helped:
        raise Refused("more drivers and passengers than were referred or notified")
    if helped - crew > persons:
        raise Refused("more referrals and notifications than persons found", hint=hint)
    if notified - crew > persons - minors:
        raise Refused(
            "more notifications without consent than adults found: a minor is always referred",
            hint=hint,
        )


def primary_outcome(values: Mapping[str, Any], *, unresolved: bool) -> Primary:
    """The first that fits.

    `penalty_enforced` is a penalty paid, part paid or secured, or a vehicle
    detained for it.  Anything recorded as searched, or as nothing found, is
    `nothing_found` when nothing above it fits.

    >>> primary_outcome({"searched": ["dog"]}, unresolved=False)
    <Primary.NOTHING_FOUND: 'nothing_found'>
    """
    offences = values.get("offences", ())
    if values.get("persons", 0) > 0:
        return Primary.PERSONS_FOUND
    if any(one["disposal"] == SEIZED for one in values.get("cash", ())):
        return Primary.CASH_SEIZED
    if any(one["action"] in _ENFORCED for one in values.get("penalties", ())):
        return Primary.PENALTY_ENFORCED
    if any(one["disposal"] == "arrest" for one in offences) or any(
        one["count"] for one in values.get("arrests", ())
    ):
        return Primary.ARREST
    if offences:
        return Primary.OFFENCE_DEALT_WITH
    if unresolved:
        return Primary.MATCH_UNRESOLVED
    searched = values.get("searched") or values.get("nothing_found")
    return Primary.NOTHING_FOUND if searched else Primary.NOT_SEARCHED


def merged(old: Values, new: Values) -> Values:
    """`old` completed by `new`, validated.  Raises Refused (see `fields.combine`)."""
    result = combine(OUTCOME, old, new)
    validate(result)
    return result
