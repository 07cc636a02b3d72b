"""Cash that was seized, with the time when each first detention runs out."""

from collections import defaultdict
from datetime import tzinfo

from portcheck.domain.bank_holidays import UkPart
from portcheck.domain.cash import below_minimum, runs_out_at
from portcheck.domain.outcome_words import SEIZED
from portcheck.domain.statement import CashSeized
from portcheck.domain.times import iso, read_utc
from portcheck.services.context import Context
from portcheck.store import figures
from portcheck.store.figures import CashFound, Scope


def cash_seized(context: Context, scope: Scope, here: tzinfo) -> list[CashSeized]:
    """Every sum that was seized, by the time of its check.

    The detention is taken to begin with the check.
    """
    found = [one for one in figures.cash_found(context.connection, scope) if one.disposal == SEIZED]
    together: dict[str, dict[str, int]] = defaultdict(dict)
    for one in found:
        sums = together[one.check_id]
        sums[one.currency] = sums.get(one.currency, 0) + one.amount_minor
    return [_seized(one, together[one.check_id], here) for one in found]


def _seized(one: CashFound, sums: dict[str, int], here: tzinfo) -> CashSeized:
    at = read_utc(one.at)
    runs_out = runs_out_at(at, here, UkPart(one.part))
    return CashSeized(
        one.check_id,
        one.ref,
        iso(at, here),
        one.vehicle,
        one.currency,
        one.amount_minor,
        iso(runs_out, here) if runs_out else "",
        below_minimum(sums, at.astimezone(here).date()),
        one.part,
    )
