"""`--map FIELD=HEADER`: which column of a file is which field; `--status WORD=STATUS`: what an
office's own word means.
"""

from collections.abc import Iterator
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


StatusOption = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        metavar="WORD=STATUS",
        help="What a word of the office for a status means, as offen=outstanding; remembered for "
        "the list. WORD= forgets it. May be given again.",
    ),
]


def mapping_of(pairs: list[str] | None, *, may_forget: bool = False) -> dict[str, str]:
    """Field to heading as written, or "col:B"; with `may_forget` the heading may be blank.

    Raises WrongUsage for what is no pair, and for a field that is named twice.

    >>> mapping_of(["registration=Reg  no", "balance=col:B"])
    {'registration': 'Reg no', 'balance': 'col:B'}
    >>> mapping_of(["balance="], may_forget=True)
    {'balance': ''}
    """
    hint = 'As --map registration="Reg no".'
    mapping: dict[str, str] = {}
    for field, wanted in _pairs(pairs, "--map", _METAVAR, hint, may_forget=may_forget):
        if field in mapping:
            raise WrongUsage(
                f"--map says twice which column is “{field}”", hint="Name each field once."
            )
        mapping[field] = wanted
    return mapping


def statuses_of(pairs: list[str] | None) -> dict[str, str]:
    """Word as written to what it means (the values of `domain.penalty.Status`), "" to forget it.

    Raises WrongUsage for what is no pair, and for a meaning that is no status.

    >>> statuses_of(["Kat. B=part paid", "closed="])
    {'Kat. B': 'part_paid', 'closed': ''}
    """
    from portcheck.domain.penalty import STATUS_WORDS, Status, status_of

    found: dict[str, str] = {}
    hint = 'As --status "offen=outstanding".'
    for word, meaning in _pairs(pairs, "--status", "WORD=STATUS", hint, may_forget=True):
        status = status_of(meaning)
        if status is Status.UNKNOWN:
            raise WrongUsage(
                f"“{meaning}” is not a status", hint=f"These are: {', '.join(STATUS_WORDS)}."
            )
        found[word] = status.value if meaning else ""
    return found


def _pairs(
    pairs: list[str] | None, option: str, metavar: str, hint: str, *, may_forget: bool
) -> Iterator[tuple[str, str]]:
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        first, second = one_line(name), one_line(value)
        forgets = may_forget and not value.strip()
        if not equals or not first or not (second or forgets):
            raise WrongUsage(f"{option} “{clean(pair)}” is not {metavar}", hint=hint)
        yield first, second
