"""The words of the trade in which outcomes are recorded.

New words come last: the keys by which they are chosen never move.
"""

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
    "speeding",
    "due_care",
    "drink_drug",
    "operator_licence",
    "cabotage",
    "red_diesel",
    "levy",
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
    "traffic_offence_report",
    "prohibition_s_marked",
    "drivers_hours_prohibition",
    "immobilised",
    "conditional_offer",
)
PROHIBITIONS = frozenset(
    {
        "prohibition_immediate",
        "prohibition_delayed",
        "prohibition_s_marked",
        "drivers_hours_prohibition",
    }
)
WITH_AMOUNT = frozenset({"fixed_penalty", "deposit", "conditional_offer"})
"""The disposals that have a sum."""
PENALTY_ACTIONS = (
    "paid_in_full",
    "part_paid",
    "vehicle_detained",
    "security_given",
    "refused",
    "referred",
    "not_enforceable",
)
NEW_PENALTIES = ("notice_issued", "case_referred")
SECTIONS = ("31A", "32")
PARTIES = ("owner", "hirer", "driver", "operator")
HOLDERS = ("border_force", "police", "dvsa", "other")
RECEIVERS = (
    "immigration",
    "police",
    "foreign_police",
    "hospital",
    "local_authority",
    "other",
)
SEIZURES = (
    "drugs",
    "tobacco",
    "alcohol",
    "weapons",
    "stolen_vehicle",
    "stolen_parts",
    "false_documents",
    "fuel",
    "phones",
    "other",
)
EDUCATION = ("leaflet", "talk", "checklist_shown")
SEIZED = "seized"
CASH = (SEIZED, "counted")
