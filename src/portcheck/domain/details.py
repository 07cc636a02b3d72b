"""What is known of a vehicle when it is stopped: the details of a check."""

from portcheck.domain.fields import Field, Kind
from portcheck.domain.listing import UnitKind

DIRECTIONS = ("inbound", "outbound")
BODIES = (
    "hard_sided",
    "curtain_sided",
    "soft_sided",
    "refrigerated",
    "tanker",
    "container",
    "flatbed",
    "car_transporter",
    "livestock",
    "bulk_tipper",
    "other",
)
LOAD_STATES = ("laden", "part_laden", "empty")

DETAILS: tuple[Field, ...] = (
    Field(
        "direction",
        Kind.CHOICE,
        "Direction",
        "Which way it travels.",
        choices=DIRECTIONS,
        letter="d",
    ),
    Field("unit", Kind.CHOICE, "Unit", "What the vehicle is.", choices=tuple(UnitKind), letter="u"),
    Field("body", Kind.CHOICE, "Body", "How the load is enclosed.", choices=BODIES, letter="b"),
    Field(
        "load_state",
        Kind.CHOICE,
        "Load",
        "How full it is.",
        "load",
        choices=LOAD_STATES,
        letter="l",
    ),
    Field("accompanied", Kind.FLAG, "Accompanied", "Whether a driver travels with it.", letter="m"),
    Field("haulier", Kind.TEXT, "Haulier", "The name on the cab.", letter="h"),
    Field("origin", Kind.TEXT, "Origin", "Where it comes from.", letter="g"),
    Field("destination", Kind.TEXT, "Destination", "Where it goes.", letter="e"),
    Field("sailing", Kind.TEXT, "Sailing", "The ferry or sailing.", letter="s"),
    Field("lane", Kind.TEXT, "Lane", "The lane it was stopped in.", letter="n"),
    Field(
        "site",
        Kind.TEXT,
        "Site",
        "Where it was stopped, if not at the operation's site.",
        letter="xs",
    ),
)
