"""The tally on a terminal: the sentence first, then the figures, then where they come from.

Zeros are printed as 0.  It reads the same without colour, and fits an A4 page.
"""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from portcheck.domain.findings import COUNTED, FAMILIES
from portcheck.domain.money import amount
from portcheck.domain.statement import REASONS, Statement
from portcheck.domain.tally import Tally, contradictions
from portcheck.domain.text import count
from portcheck.report.console import safe
from portcheck.report.panels import chart, figures, pairs, panel, rows, running
from portcheck.report.sections import (
    RECORDED,
    Figure,
    Section,
    about,
    detention,
    held_line,
    hour_by_hour,
    incomplete,
    minute,
    reconciliation,
    sections,
)

_TWO_COLUMNS_FROM = 76
_FRAME = 4  # what a panel takes of a line
_MOST_COUNTRIES, _MOST_BESIDE_GUESSES, _MOST_GUESSES = 8, 4, 2
Sections = dict[str, Section]


def tally_view(
    tally: Tally, width: int, behind: Statement | None = None
) -> Iterator[RenderableType]:
    """The parts of the tally, top to bottom, for a screen of `width` columns.

    `behind` is what stands behind its money; without it, reasons and detentions
    are left out.
    """
    statement = behind or Statement(tally, [tally.operation], "", "")
    faults = behind.contradictions() if behind else contradictions(tally)
    found = sections(statement)
    yield head(statement)
    if tally.unresolved:
        yield _unresolved(tally)
    left = (
        _vehicles(found),
        *_recorded(found, "searches"),
        *_recorded(found, "found"),
        _corrections(found),
    )
    right = (
        _outcomes(found, tally),
        _matches(found),
        _money(found, statement),
        *_recorded(found, "traffic"),
        *_recorded(found, "issued"),
    )
    if width >= _TWO_COLUMNS_FROM:
        grid = Table.grid(expand=True)
        grid.add_column(ratio=1)
        grid.add_column(ratio=1)
        grid.add_row(Group(*left), Group(*right))
        yield grid
    else:
        yield from (*left, *right)
    yield _zeros(found)
    yield _breakdown(found, width - _FRAME)
    if statement.cash_seized:
        yield _detentions(statement)
    yield from _foot(statement, faults)


def head(statement: Statement) -> Panel:
    """The press sentence, what it is of, and whether anything waits for a decision."""
    tally = statement.tally
    lines = [safe(tally.press_sentence, "bold"), *map(safe, about(statement))]
    if not tally.complete:
        lines.append(safe(incomplete(tally), "bold reverse"))
    lines += [safe(f"disputed: {one.shown}", "bold") for one in tally.disputes]
    return Panel(Group(*lines), title=safe(tally.marking), box=box.SQUARE)


def _vehicles(found: Sections) -> RenderableType:
    shown = {one.key: (one.label, one.shown) for one in found["vehicles"].figures}
    sides = [
        [shown.pop(key) for key in keys] for keys in (("inbound", "uk"), ("outbound", "foreign"))
    ]
    lines = list(shown.values())
    return panel("Vehicles", rows(lines[:4]), pairs(*sides), rows(lines[4:]))


def _recorded(found: Sections, name: str) -> Iterator[RenderableType]:
    """Figures that follow from the registry of fields, with the families below them."""
    shown = [one for one in found[name].figures if not _told_below(one)]
    families = [one for _, one in FAMILIES.values() if one.section == name]
    lines = [
        running(one.lead, found[one.name].figures)
        for one in families
        if one.always or found[one.name].figures
    ]
    if shown or lines:
        yield panel(found[name].title, rows((one.label, one.shown) for one in shown), *lines)


def _told_below(one: Figure) -> bool:
    """Whether a figure is 0 and stands with others of its kind in the line of `_zeros`."""
    return not one.number and COUNTED[one.key][1].rare


def _zeros(found: Sections) -> Text:
    """The figures that are 0 on most days, in a line: they are printed all the same."""
    labels = [one.label for name in RECORDED for one in found[name].figures if _told_below(one)]
    return safe(f"0 each: {', '.join(labels)}") if labels else Text()


def _corrections(found: Sections) -> RenderableType:
    return panel("Corrections", rows(figures(found["corrections"])))


def _outcomes(found: Sections, tally: Tally) -> RenderableType:
    return panel(
        "One outcome a check",
        rows([*figures(found["outcomes"]), ("= checks", f"{tally.checks:,}")]),
    )


def _matches(found: Sections) -> RenderableType:
    rows_ = figures(found["matches"])
    return panel("Matches", pairs(rows_[:3], rows_[3:]))


def _money(found: Sections, statement: Statement) -> RenderableType:
    money = statement.tally.penalties
    shown = {one.key: one.shown for one in found["penalties"].figures}
    lines = [
        ("listed", shown["penalties.listed_pence"]),
        (f"enforceable ({money.enforceable_count})", shown["penalties.enforceable_pence"]),
        (f"enforced ({money.enforced_count})", shown["penalties.enforced_pence"]),
    ]
    if money.enforced_without_sum_pence:
        without_sum = shown["penalties.enforced_without_sum_pence"]
        lines.append(("· where the list gave no sum", without_sum))
    lines += [
        ("outstanding", shown["penalties.outstanding_pence"]),
        ("not enforceable", shown["penalties.not_enforceable_pence"]),
    ]
    lines += [
        (f"· {REASONS[one.reason]} ({one.lines})", amount(one.pence, "GBP"))
        for one in statement.not_enforceable
    ]
    if money.overpaid_pence:
        lines.append(("paid above what was owed", shown["penalties.overpaid_pence"]))
    if statement.lines_without_sum:
        lines.append(("lines without a sum", f"{statement.lines_without_sum:,}"))
    cash = [
        (f"cash seized, {one.currency} ({one.seizures})", amount(one.amount_minor, one.currency))
        for one in statement.tally.cash
    ]
    return panel("Penalties and cash", rows(lines + (cash or [("cash seized", "£0.00")])))


def _breakdown(found: Sections, width: int) -> RenderableType:
    countries = [running("", found["countries"].figures, _MOST_COUNTRIES)]
    if guessed := found["guessed"].figures:  # one line each, in place of two
        countries = [
            running("", found["countries"].figures, _MOST_BESIDE_GUESSES),
            running("", guessed, _MOST_GUESSES),
        ]
    return panel(
        "Checks by country, body and hour",
        *countries,
        running("", found["bodies"].figures),
        chart(hour_by_hour(found["hours"]), width),
    )


def _unresolved(tally: Tally) -> RenderableType:
    return panel(
        "Unresolved",
        *(
            safe(
                f"! {one.ref}  {one.unit} {one.typed}  {one.tier}: {one.registration} on {one.list}"
            )
            for one in tally.unresolved
        ),
    )


def _detentions(statement: Statement) -> RenderableType:
    return panel(
        "Cash seized: the first detention runs out",
        *(
            safe(
                f"{detention(one)}:  {one.ref} {one.vehicle}  "
                f"{amount(one.amount_minor, one.currency)}"
                + ("; below the least sum that is recoverable" if one.below_minimum else "")
            )
            for one in statement.cash_seized
        ),
    )


def _foot(statement: Statement, faults: Sequence[str]) -> Iterator[RenderableType]:
    tally = statement.tally
    yield safe("Lists used", "bold")
    for one in tally.lists:
        yield safe(
            f"  {one.name} version {one.version}, {minute(one.imported_at)}, {one.rows:,} rows, "
            f"{one.rejected:,} rejected; {count(one.checks, 'check')}"
        )
    if not tally.lists:
        yield safe("  none")
    yield safe("It adds up" if not faults else "IT DOES NOT ADD UP", "bold")
    for found in reconciliation(tally, faults):
        mark, style = (" ", "") if found.holds else ("!", "bold reverse")
        yield Padding(safe(f"{mark}{found.words}", style), (0, 0, 0, 1), expand=False)
    yield from sign_off(statement)


def sign_off(statement: Statement) -> Iterator[Text]:
    """The fingerprint, when the figures were held against the journal, the marking, and room
    for a signature: what ends a printed page.
    """
    tally = statement.tally
    keep = safe("  keep it: it shows a journal cut short", "dim")
    yield safe(f"Journal {tally.fingerprint}").append_text(keep)
    yield safe(held_line(statement))
    yield safe(f"{tally.marking}     Signed ______________________   Date ______________")
