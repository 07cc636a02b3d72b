"""The checks behind a figure: every total can be traced to what gave it.

The shares are taken from the checks themselves, one after another, and not from
the counting that made the tally: the two must agree, figure by figure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from portcheck.domain.statement import Statement, currency_of
from portcheck.domain.times import read_utc
from portcheck.errors import WrongUsage
from portcheck.services.context import Context
from portcheck.services.day.accounts import accounts
from portcheck.services.day.selection import Selection
from portcheck.services.day.shares import Book, rule_of
from portcheck.services.day.tally import standing, statement
from portcheck.store.checkrows import VOID, check_rows, correction_rows

_MONEY = ("penalties.", "lines_without_sum")


@dataclass(frozen=True, slots=True)
class Share:
    """What one check gives to a figure, in the figure's unit."""

    check_id: str
    ref: str
    at: datetime
    vehicle: str
    operation: str
    number: int


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure, what the tally says, and the checks that give it; money in minor units of
    `currency`, which is "" for a count.  `note` is what else must be known of it.
    """

    figure: str
    total: int
    currency: str
    marking: str
    shares: list[Share]
    note: str = ""


def explain(context: Context, selection: Selection, figure: str) -> Explained:
    """The checks that give `figure`: its key, or the last part of it where that is enough.

    Raises WrongUsage for what is no figure of this tally.
    """
    kept = statement(context, selection)
    key = _key(kept, figure)
    with standing(context, selection):
        names = {one.operation_id: one.name for one in selection.operations}
        rows = _void(context, selection) if key == "voided" else _given(context, selection, key)
        shares = [
            Share(row[0], row[1], row[2], row[3], names[row[4]], number)
            for row, number in rows
            if number
        ]
    note = kept.not_known if key.startswith(_MONEY) else ""
    return Explained(key, kept.figures()[key], currency_of(key), kept.tally.marking, shares, note)


def _key(kept: Statement, text: str) -> str:
    known = kept.figures()
    found = [text] if text in known else [key for key in known if key.endswith(f".{text}")]
    if len(found) == 1:
        return found[0]
    if found:
        raise WrongUsage(f"“{text}” may be {' or '.join(found)}", hint="Say which.")
    raise WrongUsage(
        f"“{text}” is not a figure of this tally",
        hint="Use a key of “portcheck tally --json”, as checks, enforced_pence or by_country.PL.",
    )


_Place = tuple[str, str, datetime, str, str]


def _given(context: Context, selection: Selection, key: str) -> Iterator[tuple[_Place, int]]:
    lines = accounts(context, selection.scope, selection.zone)
    rule, book = rule_of(key), Book.of(lines, selection.zone)
    for row in check_rows(context.connection, selection.scope):
        yield (row.check_id, row.ref, row.at, row.vehicle, row.operation_id), int(rule(row, book))


def _void(context: Context, selection: Selection) -> Iterator[tuple[_Place, int]]:
    rows = correction_rows(context.connection, selection.scope)
    for row in {row.check_id: row for row in rows if row.field == VOID}.values():
        if row.after:  # and not counted again since
            yield (
                (row.check_id, row.ref, read_utc(row.checked_at), row.vehicle, row.operation_id),
                1,
            )
