"""Other ways to look at a tally: by group, beside an earlier one, and check by check."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from rich.console import RenderableType
from rich.table import Table

from portcheck.domain.money import amount, pounds
from portcheck.domain.registration.countries import country_name
from portcheck.domain.statement import Statement
from portcheck.domain.tally import NOT_RECORDED
from portcheck.domain.text import count
from portcheck.domain.times import local
from portcheck.report.console import safe
from portcheck.report.sections import Figure, incomplete, sections
from portcheck.report.tally import head, sign_off
from portcheck.services.day.explain import Explained
from portcheck.services.day.groups import Group

_MEASURES = (
    ("checks", "Checks"),
    ("searched", "Searched"),
    ("confirmed", "Confirmed"),
    ("persons_found", "Persons"),
    ("traffic_offences", "Offences"),
    ("drivers_educated", "Educated"),
)


def by_view(statement: Statement, by: str, groups: Sequence[Group]) -> Iterator[RenderableType]:
    """A line a group and the sums of every column."""
    yield head(statement)
    table = _table(by.capitalize())
    for _, heading in _MEASURES:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Enforced", justify="right", no_wrap=True)
    for one in groups:
        numbers = [f"{getattr(one, name):,}" for name, _ in _MEASURES]
        table.add_row(
            safe(_group_name(by, one.name)), *map(safe, numbers), safe(pounds(one.enforced_pence))
        )
    sums = [f"{sum(getattr(one, name) for one in groups):,}" for name, _ in _MEASURES]
    enforced = pounds(sum(one.enforced_pence for one in groups))
    table.add_section()
    table.add_row(*(safe(text, "bold") for text in ("all", *sums, enforced)))
    yield table
    yield from sign_off(statement)


def _group_name(by: str, name: str) -> str:
    if name == NOT_RECORDED:
        return "not recorded"
    if by == "hour":
        return f"{name[:10]} {name[-2:]}:00"
    if by == "country":
        code, *guessed = name.split(" ", 1)
        return " ".join((country_name(code), *guessed))
    return name.replace("_", " ") if by == "body" else name


def compared_view(now: Statement, then: Statement) -> Iterator[RenderableType]:
    """Every figure of `now` beside the same of `then`, and the difference."""
    yield head(now)
    yield safe(f"beside {then.tally.operation}: {then.tally.press_sentence}")
    if not then.tally.complete:
        yield safe(f"The earlier one is {incomplete(then.tally)}.", "bold")
    table = _table("Figure")
    for heading in ("This", "Earlier", "Change"):
        table.add_column(heading, justify="right", no_wrap=True)
    ours, theirs = sections(now), sections(then)
    for name, section in ours.items():
        pairs = _side_by_side(section.figures, theirs[name].figures)
        if not pairs or name == "hours":  # the hours of two days have nothing in common
            continue
        table.add_row(safe(section.title, "bold"), "", "", "")
        for one, other in pairs:
            change = Figure(one.key, "", one.number - other.number, one.currency).shown
            sign = "+" if one.number > other.number else ""
            table.add_row(
                safe(f"  {one.label}"), safe(one.shown), safe(other.shown), safe(sign + change)
            )
    yield table
    yield from sign_off(now)


def _side_by_side(ours: Sequence[Figure], theirs: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """The figures of both by key; one that only one of them has is 0 in the other."""
    known = {one.key: one for one in (*theirs, *ours)}
    here, there = ({one.key: one.number for one in figures} for figures in (ours, theirs))
    order = [*here, *(key for key in there if key not in here)]
    return [
        (
            Figure(key, known[key].label, here.get(key, 0), known[key].currency),
            Figure(key, known[key].label, there.get(key, 0), known[key].currency),
        )
        for key in order
    ]


def explained_view(found: Explained, zone: tzinfo) -> Iterator[RenderableType]:
    """The checks behind a figure, what each gives, and their sum."""
    given = sum(one.number for one in found.shares)
    yield safe(found.marking, "bold")
    yield safe(f"{found.figure} = {_shown(found, found.total)}", "bold")
    several = len({one.operation for one in found.shares}) > 1
    table = _table("Check")
    table.add_column("Time", no_wrap=True)
    table.add_column("Vehicle", overflow="fold")
    if several:
        table.add_column("Operation", overflow="fold")
    table.add_column("Gives", justify="right", no_wrap=True)
    for one in found.shares:
        more = (safe(one.operation),) if several else ()
        table.add_row(
            safe(one.ref),
            safe(local(one.at, zone)),
            safe(one.vehicle),
            *more,
            safe(_shown(found, one.number)),
        )
    if found.shares:
        yield table
    sentence = f"{count(len(found.shares), 'check')}, {_shown(found, given)} together"
    if given == found.total:
        yield safe(sentence)
    else:
        yield safe(f"! {sentence}: the tally says {_shown(found, found.total)}", "bold reverse")
    if found.note:
        yield safe(found.note)


def _shown(found: Explained, number: int) -> str:
    return amount(number, found.currency) if found.currency else f"{number:,}"


def _table(first: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first, overflow="fold", min_width=12)
    return table
