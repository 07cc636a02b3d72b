"""A manifest's answers: for people, for programs, and in a file for the lane."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from portcheck.domain.answer import ALERTING, Mark, Match, Unit, Verdict
from portcheck.domain.decision import Decision, certain
from portcheck.domain.enforceability import Enforceable
from portcheck.domain.matching import Tier
from portcheck.domain.money import pounds
from portcheck.domain.problem import Severity
from portcheck.domain.text import count
from portcheck.domain.times import local
from portcheck.output.writing import write_table
from portcheck.report.answer import answer_document
from portcheck.report.card import SYMBOLS, WORDS, display_of
from portcheck.report.console import safe
from portcheck.report.problems import layout_lines, problem_document, problem_lines, row_places
from portcheck.report.told import IN_WORDS, action_words, in_words, sources
from portcheck.services.context import Context
from portcheck.services.custody.disclosure import disclose
from portcheck.services.matching.screen import Screened, ScreenResult, owed_pence

MOST_PROBLEMS = 20
MOST_HAULIERS = 10

_SHEET = "To stop"
_HEADINGS = (
    "Verdict",
    "Vehicle",
    "Unit",
    "On the manifest",
    "On the list",
    "Country",
    "How it matches",
    "List",
    "Haulier",
    "Owed",
    "Enforceable",
    "Why",
    "Penalties",
    *IN_WORDS,
    "Sailing",
    "Row",
)


def screen_documents(result: ScreenResult) -> Iterator[dict[str, Any]]:
    """A document a row: what to stop first, then what was not screened, then the rest."""
    stops = result.stops
    yield from (_document(one, result.zone) for one in stops)
    for problem in result.not_screened:
        yield {"row": problem.row, "error": problem_document(problem)}
    rest = [one for one in result.screened if not one.stops] + list(result.repeated)
    for one in sorted(rest, key=lambda one: one.line.row):
        yield _document(one, result.zone)


def _document(one: Screened, zone: tzinfo) -> dict[str, Any]:
    first = one.answer.marks[0]  # a trailer without a lorry is asked for as itself
    named = replace(one.answer, marks=(Mark(Unit.VEHICLE, first.text, first.key),))
    document = answer_document(named, zone)
    document |= {"row": one.line.row, "sailing": one.line.sailing}
    if one.line.duplicate_of:
        document["duplicate_of"] = one.line.duplicate_of
    return document


def stops_table(result: ScreenResult) -> Table:
    """What to stop, the most urgent first; a line for every match."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "Unit", "Manifest", "List"):
        table.add_column(heading, overflow="fold")
    table.add_column("Owed", justify="right")
    table.add_column("Enforceable", overflow="fold")
    table.add_column("Row", justify="right")
    for one in result.stops:
        for match in one.stops:
            how = "" if match.tier is Tier.EXACT and not match.cost else match.why
            drawn = "" if match.unit is Unit.VEHICLE else _vehicle(one)
            table.add_row(
                _verdict(match),
                safe(match.unit.value),
                _over(match.typed, f"with {drawn}" if drawn else ""),
                _over(display_of(match), how, *action_words(match)),
                safe(_owed(match)),
                safe(_enforceable(match)),
                safe(f"{one.line.row:,}"),
            )
    return table


def _over(*lines: str) -> Text:
    """The lines that are not blank, in one cell."""
    return Text("\n").join(safe(line) for line in lines if line)


def _vehicle(one: Screened) -> str:
    """The lorry of a row, by which its trailer or container is known in the lane."""
    return next((mark.text for mark in one.answer.marks if mark.unit is Unit.VEHICLE), "")


def _verdict(match: Match) -> Text:
    verdict = ALERTING[match.tier]
    style = "bold reverse" if verdict is Verdict.LISTED else "bold"
    return Text(f"{SYMBOLS[verdict]} ").append(WORDS[verdict], style=style)


def _owed(match: Match) -> str:
    known = [p for p in match.penalties if p.left_pence is not None]
    return pounds(owed_pence(match)) if known else "not known"


def _enforceable(match: Match) -> str:
    """The best that can be said of its penalty lines; a match without any is referred.

    Of a vehicle that only looks like the listed one it is said as a condition.
    """
    found = {penalty.assessment.enforceable for penalty in match.penalties}
    best = (Enforceable.YES, Enforceable.REFER, Enforceable.NO)
    word = next((word for word in best if word in found), Enforceable.REFER)
    return word.value.upper() if certain(match.tier, Decision.OPEN) else f"if so: {word.value}"


def screen_lines(result: ScreenResult) -> Iterator[Text]:
    """Below the table: the figures, the lists, what was not screened."""
    found = result.verdicts()
    advised = list(_haulier_lines(result))
    yield from (safe(line, "bold") for line in advised[:MOST_HAULIERS])
    if len(advised) > MOST_HAULIERS:
        yield safe(f"   … and {len(advised) - MOST_HAULIERS:,} more hauliers: --out names all")
    if not result.stops:
        yield safe(f"{SYMBOLS[Verdict.CLEAR]} CLEAR  no row that was screened is listed", "bold")
    yield safe(
        f"Manifest {result.file_name}" + (f", {result.layout.sheet}" if result.layout.sheet else "")
    )
    yield safe(f"   file       {result.accounting}")
    yield from layout_lines(result.layout, others="not used")
    yield safe(
        f"   answers    {found[Verdict.LISTED]:,} listed, {found[Verdict.POSSIBLE]:,} possible, "
        f"{found[Verdict.CLEAR]:,} clear"
    )
    for one in result.lists:
        line = (
            f"   list       {one.name} version {one.version}, {count(one.rows, 'row')}, {one.age}"
        )
        yield safe(": ".join(filter(None, (line, one.doubt))), "bold" if one.stale else "")
    if result.rejected:
        yield safe(f"! NOT SCREENED: {count(result.rejected, 'row')}", "bold")
    yield from problem_lines(result.not_screened)
    others = [p for p in result.problems if p.severity is not Severity.REJECTED]
    yield from problem_lines(others[:MOST_PROBLEMS])
    if len(others) > MOST_PROBLEMS:
        yield safe(f"   … and {len(others) - MOST_PROBLEMS:,} more to look at")


def _haulier_lines(result: ScreenResult) -> Iterator[str]:
    """What is known of hauliers on the manifest: advice about them, no reason to stop."""
    for advice, rows in result.advised:
        yield f"   haulier    {advice.why} ({row_places(rows)})"


def write_stops(context: Context, result: ScreenResult, path: Path, *, recipient: str = "") -> int:
    """Write what to stop to `path`, and record that it was; how many lines there are.

    `check_target` is asked before.  Raises FileRefused when it cannot be written.
    """
    rows = [*_stop_rows(result), *_not_screened_rows(result)]
    table = [_HEADINGS, *rows, *_closing_rows(context, result)]
    disclose(
        context,
        path,
        command="screen",
        records=len(rows),
        recipient=recipient,
        write=lambda: write_table(path, table, sheet=_SHEET),
    )
    return len(rows)


def _stop_rows(result: ScreenResult) -> Iterator[list[str]]:
    for one in result.stops:
        for match in one.stops:
            reasons = [reason for p in match.penalties for reason in p.assessment.reasons]
            yield [
                _verdict(match).plain,
                _vehicle(one),
                match.unit.value,
                match.typed,
                display_of(match),
                match.country,
                match.why,
                f"{match.list_name} version {match.list_version}",
                match.haulier,
                _owed(match),
                _enforceable(match),
                "; ".join(dict.fromkeys(reasons)),
                ", ".join(p.line.reference for p in match.penalties if p.line.reference),
                *in_words(sources(match)),
                one.line.sailing,
                str(one.line.row),
            ]


def _not_screened_rows(result: ScreenResult) -> Iterator[list[str]]:
    for problem in result.not_screened:
        row = dict.fromkeys(_HEADINGS, "") | {
            "Verdict": "! NOT SCREENED",
            "On the manifest": problem.value,
            "Why": problem.reason,
            "Row": str(problem.row),
        }
        yield list(row.values())


def _closing_rows(context: Context, result: ScreenResult) -> Iterator[list[str]]:
    """What the table was made from, so that it can be told from another day's."""
    yield []
    yield [context.settings["marking"]]
    yield [f"Manifest {result.file_name}, sha256 {result.sha256}"]
    yield [result.accounting]
    found = [f"{number:,} {verdict}" for verdict, number in result.verdicts().items()]
    yield [f"Answers: {', '.join(found)}; made {local(result.at, result.zone)}"]
    yield from ([line.strip()] for line in _haulier_lines(result))
    for one in result.lists:
        stale = "" if not one.stale else ", STALE" if one.doubt else f", {one.age}"
        yield [
            f"List {one.name} version {one.version}, {one.rows:,} rows, sha256 {one.sha256}{stale}"
        ]
