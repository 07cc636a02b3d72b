"""The tally on a terminal: the sentence first, then the figures, then where they come from.

Zeros are printed as 0.  It reads the same without colour, and fits an A4 page.
"""

from collections.abc import Iterable, Iterator, Mapping

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from portcheck.domain.money import amount, pounds
from portcheck.domain.registration.countries import country_name
from portcheck.domain.tally import NOT_RECORDED, Tally, contradictions, count
from portcheck.report.console import safe

_TWO_COLUMNS_FROM = 76
_BAR = 20
_MOST_COUNTRIES = 8
Rows = Iterable[tuple[str, object]]


def tally_view(tally: Tally, width: int) -> Iterator[RenderableType]:
    """The parts of the tally, top to bottom, for a screen of `width` columns."""
    yield _head(tally)
    left = (_vehicles(tally), _searches(tally), _found(tally))
    right = (_outcomes(tally), _traffic(tally), Group(_matches(tally), _money(tally)))
    if width >= _TWO_COLUMNS_FROM:
        grid = Table.grid(expand=True, padding=(0, 1))
        grid.add_column(ratio=1)
        grid.add_column(ratio=1)
        for pair in zip(left, right, strict=True):
            grid.add_row(*pair)
        yield grid
    else:
        yield from (*left, *right)
    yield _groups(tally)
    yield _hours(tally)
    if tally.unresolved:
        yield _unresolved(tally)
    yield from _foot(tally)


def _head(tally: Tally) -> Panel:
    lines = [safe(tally.press_sentence, "bold")]
    place = " · ".join(filter(None, (tally.operation, tally.site)))
    lines.append(safe(place))
    if tally.agencies:
        lines.append(safe(", ".join(tally.agencies)))
    ended = f" to {_time(tally.ended_at)}" if tally.ended_at else ", under way"
    lines.append(safe(f"{_time(tally.started_at)}{ended}"))
    if not tally.complete:
        waits = count(tally.matches.unresolved, "match")
        lines.append(safe(f"INCOMPLETE: {waits} unresolved", "bold reverse"))
    return Panel(Group(*lines), title=safe(tally.marking), box=box.SQUARE)


def _time(iso: str) -> str:
    return iso[:16].replace("T", " ")


def _section(title: str, rows: Rows) -> RenderableType:
    table = Table(box=None, show_header=False, pad_edge=False, expand=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for label, value in rows:
        shown = f"{value:,}" if isinstance(value, int) else str(value)
        table.add_row(safe(f"  {label}"), safe(shown))
    return Group(safe(title.upper(), "bold"), table, Text(""))


def _vehicles(tally: Tally) -> RenderableType:
    return _section(
        "Vehicles",
        (
            ("checks", tally.checks),
            ("distinct vehicles", tally.vehicles),
            ("trailers", tally.trailers),
            ("containers", tally.containers),
            ("inbound", tally.inbound),
            ("outbound", tally.outbound),
            ("UK", tally.uk),
            ("foreign", tally.foreign),
            ("country not recorded", tally.country_not_recorded),
            ("not screened (no list)", tally.not_screened),
        ),
    )


def _matches(tally: Tally) -> RenderableType:
    matches = tally.matches
    return _section(
        "Matches",
        (
            ("exact", matches.exact),
            ("lookalike", matches.lookalike),
            ("near", matches.near),
            ("confirmed", matches.confirmed),
            ("rejected", matches.rejected),
            ("unresolved", matches.unresolved),
        ),
    )


def _searches(tally: Tally) -> RenderableType:
    methods = [(f"by {name}", number) for name, number in tally.by_search_method.items()]
    return _section(
        "Searches",
        (("searched", tally.searched), ("nothing found", tally.nothing_found), *methods),
    )


def _found(tally: Tally) -> RenderableType:
    cash = [
        (f"cash seized, {one.currency} ({one.seizures})", amount(one.amount_minor, one.currency))
        for one in tally.cash
    ]
    return _section(
        "Found and done",
        (
            ("vehicles with persons found", tally.vehicles_with_persons),
            ("persons found", tally.persons_found),
            ("of them minors", tally.minors_found),
            ("NRM referrals", tally.nrm_referrals),
            *(cash or [("cash seized", pounds(0))]),
            ("other seizures", tally.seizures),
            ("arrests", tally.arrests),
            ("vehicles detained", tally.vehicles_detained),
            ("drivers educated", tally.drivers_educated),
        ),
    )


def _money(tally: Tally) -> RenderableType:
    money = tally.penalties
    return _section(
        "Penalties",
        (
            ("listed", pounds(money.listed_pence)),
            (f"enforceable ({money.enforceable_count})", pounds(money.enforceable_pence)),
            (f"enforced ({money.enforced_count})", pounds(money.enforced_pence)),
            ("outstanding", pounds(money.outstanding_pence)),
            ("not enforceable", pounds(money.not_enforceable_pence)),
        ),
    )


def _traffic(tally: Tally) -> RenderableType:
    offences = [(name.replace("_", " "), number) for name, number in tally.by_offence.items()]
    return _section(
        "Road traffic",
        (
            ("offences", tally.traffic_offences),
            *((f"  {name}", number) for name, number in offences),
            ("prohibitions", tally.prohibitions),
            ("fixed penalties", pounds(tally.fixed_penalties_pence)),
            ("deposits", pounds(tally.deposits_pence)),
        ),
    )


def _outcomes(tally: Tally) -> RenderableType:
    rows = ((name.replace("_", " "), number) for name, number in tally.primary_outcomes.items())
    return _section("One outcome a check", (*rows, ("= checks", tally.checks)))


def _groups(tally: Tally) -> RenderableType:
    countries = [f"{_country(code)} {number:,}" for code, number in list(tally.by_country.items())]
    shown = countries[:_MOST_COUNTRIES]
    if len(countries) > len(shown):
        shown.append(f"and {len(countries) - len(shown)} more")
    return Group(
        safe("BY COUNTRY", "bold"),
        safe("  " + (", ".join(shown) or "none")),
        Text(""),
        safe("BY BODY", "bold"),
        safe("  " + (_listed(tally.by_body) or "none")),
        Text(""),
    )


def _country(code: str) -> str:
    return "not recorded" if code == NOT_RECORDED else country_name(code)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in counts.items())


def _hours(tally: Tally) -> RenderableType:
    most = max(tally.by_hour.values(), default=0)
    days = {hour[:10] for hour in tally.by_hour}
    lines = [safe("BY HOUR", "bold")]
    for hour, number in tally.by_hour.items():
        label = f"{hour[-2:]}:00" if len(days) == 1 else f"{hour[:10]} {hour[-2:]}:00"
        bar = "█" * max(round(_BAR * number / most), 1)
        lines.append(safe(f"  {label}  {bar:<{_BAR}} {number:>4}"))
    return Group(*lines, Text(""))


def _unresolved(tally: Tally) -> RenderableType:
    lines = [safe("UNRESOLVED", "bold reverse")]
    lines += [
        safe(f"  ! {one.ref}  {one.unit} {one.typed}  {one.tier}: {one.registration} on {one.list}")
        for one in tally.unresolved
    ]
    return Group(*lines, Text(""))


def _foot(tally: Tally) -> Iterator[RenderableType]:
    yield safe("LISTS USED", "bold")
    for one in tally.lists:
        yield safe(
            f"  {one.name} version {one.version}, {_time(one.imported_at)}, {one.rows:,} rows, "
            f"{one.rejected:,} rejected; {count(one.checks, 'check')}"
        )
    if not tally.lists:
        yield safe("  none")
    if tally.amended or tally.voided:
        yield safe(f"CORRECTIONS  {tally.amended:,} amended, {tally.voided:,} void")
    for fault in contradictions(tally):
        yield safe(f"! does not add up: {fault}", "bold reverse")
    yield Text("")
    yield safe(f"Journal {tally.fingerprint}")
    yield safe("A journal cut short shows only against this line: keep it.", "dim")
    yield safe(f"{tally.marking}     Signed ______________________   Date ______________")
