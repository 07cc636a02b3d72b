"""What the searches of the day found, and what was done."""

import random
from collections.abc import Sequence
from typing import Any

from portcheck.domain.fields import parse
from portcheck.domain.outcome import BY_NAME
from sample import scene
from sample.names import LANGUAGES
from sample.traffic import Lorry

NOT_SEARCHED = 12
EDUCATED = 61

_INCIDENTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("GB", {"offences": "mobile_phone:fixed_penalty:200"}),
    ("GB", {"offences": "seat_belt:fixed_penalty:100"}),
    (
        "GB",
        {
            "offences": "roadworthiness:prohibition_immediate; roadworthiness:fixed_penalty:100",
            "notes": "Trailer tyre, nearside rear, worn to the cord, changed before it left",
        },
    ),
    ("GB", {"offences": "vehicle_tax:words_of_advice"}),
    (
        "PL",
        {
            "offences": "drivers_hours:deposit:300",
            "notes": "Daily rest short on two days, no UK address",
        },
    ),
    ("RO", {"offences": "tachograph:fixed_penalty:300"}),
    ("ES", {"offences": "load_security:fixed_penalty:100"}),
    ("FR", {"offences": "drivers_hours:words_of_advice"}),
    ("DE", {"offences": "load_security:words_of_advice"}),
    (
        "BG",
        {
            "cash": "GBP:850.00:counted",
            "notes": "Cash in the cab, wages, accounted for and given back",
        },
    ),
    (
        "FR",
        {
            "seal": "replaced",
            "seal_old": "SMP 100318",
            "seal_new": "SMP 204611",
            "notes": "Seal cut to search the load",
        },
    ),
    ("GB", {"seal": "replaced", "seal_old": "SMP 100322", "seal_new": "SMP 204612"}),
    ("ES", {"seal": "broken", "notes": "Driver says it was cut at the loading bay, load checked"}),
    (
        "PL",
        {"damage_over_25cm": "yes", "notes": "Cut in the curtain, offside, taped before boarding"},
    ),
)
"""What befell some lorry of a country, as text that the registry's fields read."""

_METHODS = {
    "curtain_sided": ("co2", "dog", "physical"),
    "soft_sided": ("co2", "dog", "pmmwi"),
    "refrigerated": ("physical", "dog", "heartbeat"),
    "hard_sided": ("heartbeat", "xray", "physical"),
    "container": ("xray", "gamma", "heartbeat"),
    "tanker": ("dog", "heartbeat"),
    "flatbed": ("physical",),
    "car_transporter": ("physical", "motion"),
    "bulk_tipper": ("physical", "dog"),
    "livestock": ("motion",),
}
_WAYS_TO_EDUCATE = (["leaflet"], ["leaflet", "talk"], ["talk", "checklist_shown"], ["talk"])
_WHY_NOT = ("Documents only, sailing closing", "Documents only", "")

Outcome = dict[str, Any]


def outcomes(lorries: Sequence[Lorry]) -> list[Outcome]:
    """One outcome a lorry, as the registry's values."""
    draw = random.Random("portcheck sample: findings")
    plain = [
        i
        for i, lorry in enumerate(lorries)
        if lorry.registration not in {scene.LISTED, scene.LOOKALIKE_SEEN, scene.NEW_NEXT_DAY}
    ]
    unsearched = set(draw.sample(plain, NOT_SEARCHED))
    found = [
        _not_searched(draw) if i in unsearched else _searched(lorry, draw)
        for i, lorry in enumerate(lorries)
    ]
    _befall(lorries, found, [i for i in plain if i not in unsearched], draw)
    for i, lorry in enumerate(lorries):
        if lorry.registration == scene.LISTED:
            found[i] |= _read(
                {"penalties": scene.ENFORCED, "notes": "Paid by the owner by telephone"}
            )
    for i in draw.sample(range(len(lorries)), EDUCATED):
        found[i] |= {
            "education": draw.choice(_WAYS_TO_EDUCATE),
            "language": _language(lorries[i], draw),
        }
    return found


def _not_searched(draw: random.Random) -> Outcome:
    why = draw.choice(_WHY_NOT)
    return {"notes": [why]} if why else {}


def _searched(lorry: Lorry, draw: random.Random) -> Outcome:
    methods = ["visual", *draw.sample(_METHODS[lorry.body], draw.choice((0, 1, 1)))]
    places = ["load_space", *draw.sample(("underneath", "cab", "roof"), draw.choice((0, 1, 1, 2)))]
    if lorry.unit == "tractor" and draw.random() < 0.2:
        places.append("wind_deflector")
    found: Outcome = {"searched": methods, "places": places, "nothing_found": True}
    if draw.random() < 0.7:
        found["checklist"] = draw.choices(("yes", "incomplete", "no"), (75, 15, 10))[0]
    if lorry.body in {"hard_sided", "refrigerated", "container"} and lorry.load_state != "empty":
        found["seal"] = "intact"
    return found


def _befall(
    lorries: Sequence[Lorry], found: list[Outcome], free: list[int], draw: random.Random
) -> None:
    """Put each incident down for a searched lorry of its country that has none yet."""
    for country, texts in _INCIDENTS:
        chosen = draw.choice([i for i in free if lorries[i].country == country])
        free.remove(chosen)
        found[chosen] |= _read(texts)
        if "cash" in texts:
            del found[chosen]["nothing_found"]
            found[chosen]["places"] = ["load_space", "cab"]
            found[chosen]["searched"] = ["visual", "dog"]


def _read(texts: dict[str, str]) -> Outcome:
    return {name: parse(BY_NAME[name], text) for name, text in texts.items()}


def _language(lorry: Lorry, draw: random.Random) -> str:
    usual = LANGUAGES[lorry.country]
    return draw.choices((usual, "Romanian", "Polish", "English"), (80, 8, 6, 6))[0]
