"""`--map FIELD=HEADER`: which column of a file is which field."""

from typing import Annotated

import typer

from portcheck.domain.text import clean, one_line
from portcheck.errors import WrongUsage

_METAVAR = "FIELD=HEADER"

MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar=_METAVAR, help="Which column is which field. May be given again."
    ),
]
"""For a file that is read once."""

RememberedMapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar=_METAVAR,
        help="Which column is which field; remembered for the list. FIELD= forgets it. "
        "May be given again.",
    ),
]
"""For a list, whose next file is read likewise."""


def mapping_of(pairs: list[str] | None, *, may_forget: bool = False) -> dict[str, str]:
    """Field to heading as written, or "col:B"; with `may_forget` the heading may be blank.

    Raises WrongUsage for what is no pair, and for a field that is named twice.

    >>> mapping_of(["registration=Reg  no", "balance=col:B"])
    {'registration': 'Reg no', 'balance': 'col:B'}
    >>> mapping_of(["balance="], may_forget=True)
    {'balance': ''}
    """
    mapping: dict[str, str] = {}
    for pair in pairs or []:
        name, equals, heading = pair.partition("=")
        field, wanted = one_line(name), one_line(heading)
        forgets = may_forget and not heading.strip()
        if not equals or not field or not (wanted or forgets):
            raise WrongUsage(
                f"--map “{clean(pair)}” is not {_METAVAR}", hint='As --map registration="Reg no".'
            )
        if field in mapping:
            raise WrongUsage(
                f"--map says twice which column is “{field}”", hint="Name each field once."
            )
        mapping[field] = wanted
    return mapping
