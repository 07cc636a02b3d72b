"""A tally by officer, agency, site, lane and so on: columns that sum to the whole."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from portcheck.domain.statement import Statement
from portcheck.domain.tally import NOT_RECORDED
from portcheck.domain.times import read_utc
from portcheck.services.context import Context
from portcheck.services.day.accounts import accounts
from portcheck.services.day.counting import hour_of
from portcheck.services.day.selection import Selection
from portcheck.services.day.tally import standing, statement
from portcheck.store.groupings import grouped, groups_of

BY = ("officer", "agency", "site", "lane", "direction", "hour", "country", "body")


@dataclass(frozen=True, slots=True)
class Group:
    """What one group of checks came to; every number sums, over the groups, to the tally's."""

    name: str
    checks: int
    searched: int
    matches: int
    confirmed: int
    persons_found: int
    traffic_offences: int
    drivers_educated: int
    enforced_pence: int


def groups(context: Context, selection: Selection, by: str) -> tuple[Statement, list[Group]]:
    """The statement, and its checks by one of BY: hours in order, others the largest first."""
    kept = statement(context, selection)
    here, column = selection.zone, "minute" if by == "hour" else by
    with standing(context, selection):
        found = grouped(context.connection, selection.scope, column)
        enforced: Counter[str] = Counter()
        for line in accounts(context, selection.scope, here):
            enforced.update(line.enforced_by)
        owners = groups_of(context.connection, list(enforced), column)
    found["enforced"] = Counter()
    for check_id, pence in enforced.items():
        found["enforced"][owners[check_id]] += pence

    def name_of(value: str) -> str:
        return hour_of(read_utc(value), here) if by == "hour" else value or NOT_RECORDED

    named = {measure: _renamed(counts, name_of) for measure, counts in found.items()}
    order = sorted(
        named["checks"],
        key=lambda name: (
            (name,) if by == "hour" else (name == NOT_RECORDED, -named["checks"][name], name)
        ),
    )
    return kept, [_group(name, named) for name in order]


def _renamed(counts: Counter[str], name_of: Callable[[str], str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, number in counts.items():
        found[name_of(value)] += number
    return found


def _group(name: str, counts: dict[str, Counter[str]]) -> Group:
    return Group(
        name=name,
        checks=counts["checks"][name],
        searched=counts["searched"][name],
        matches=counts["matches"][name],
        confirmed=counts["confirmed"][name],
        persons_found=counts["persons"][name],
        traffic_offences=counts["offences"][name],
        drivers_educated=counts["education"][name],
        enforced_pence=counts["enforced"][name],
    )
