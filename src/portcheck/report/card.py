"""The card an officer reads: the verdict first, in symbol, word and place.

Nothing is told by colour alone, so the card reads the same without it.
"""

from collections.abc import Iterator

from rich.text import Text

from portcheck.domain.answer import Answer, AssessedPenalty, Match, Verdict
from portcheck.domain.enforceability import Enforceable, day
from portcheck.domain.matching import Tier
from portcheck.domain.money import pounds
from portcheck.domain.registration.formats import display
from portcheck.report.console import safe

SYMBOLS = {Verdict.LISTED: "■■", Verdict.POSSIBLE: "≈ ", Verdict.CLEAR: "· "}
_WORDS = {Verdict.LISTED: "LISTED", Verdict.POSSIBLE: "LOOKS LIKE", Verdict.CLEAR: "CLEAR"}
_STYLES = {Verdict.LISTED: "bold reverse", Verdict.POSSIBLE: "bold", Verdict.CLEAR: ""}
_ENFORCEABLE = {
    Enforceable.YES: "ENFORCEABLE: YES",
    Enforceable.NO: "ENFORCEABLE: NO",
    Enforceable.REFER: "ENFORCEABLE: REFER",
}


def card(answer: Answer) -> Iterator[Text]:
    """The lines of the card, most important first."""
    verdict = answer.verdict
    alerting = [match for match in answer.matches if match.alerts]
    if not alerting:
        yield _headline(verdict, _typed(answer))
    for match in alerting:
        yield from _match_lines(match, answer)
    yield from _weak(answer)
    yield from (safe(f"   haulier: {one.why}", "bold") for one in answer.advice)
    yield from (safe(f"   note: {remark}") for remark in answer.remarks)
    yield from _lists(answer)


def _headline(verdict: Verdict, rest: str) -> Text:
    line = Text(f"{SYMBOLS[verdict]} ")
    line.append(f"{_WORDS[verdict]}", style=_STYLES[verdict])
    return line.append("  ").append_text(safe(rest, "bold"))


def _typed(answer: Answer) -> str:
    return "  ".join(
        mark.text if mark.unit.value == "vehicle" else f"{mark.unit.value} {mark.text}"
        for mark in answer.marks
    )


def _match_lines(match: Match, answer: Answer) -> Iterator[Text]:
    verdict = Verdict.POSSIBLE if match.tier is Tier.NEAR else Verdict.LISTED
    where = " · ".join(filter(None, (match.unit.value, match.country, f"list {match.list_name}")))
    yield _headline(verdict, f"{display_of(match)}   {where}")
    yield safe(f"   how: {match.why} (typed {match.typed})")
    yield from (safe(f"   {said}") for said in _odds(match, answer))
    if match.haulier:
        yield safe(f"   haulier: {match.haulier}")
    if not match.penalties:
        yield safe("   the list gives no penalty line for it")
    for penalty in match.penalties:
        yield from _penalty_lines(penalty)


def _odds(match: Match, answer: Answer) -> Iterator[str]:
    """How often chance alone would do it, beside what is not certain."""
    for one in answer.lists:
        if one.name == match.list_name and one.odds and match.cost and match.tier is not Tier.EXACT:
            often = one.odds.sentence(match.tier)
            yield f"by chance: an unlisted vehicle looks like this list in {often}"


def display_of(match: Match) -> str:
    """The listed registration, grouped the way its country writes it."""
    return display(match.registration, match.country)


def _penalty_lines(penalty: AssessedPenalty) -> Iterator[Text]:
    line = penalty.line
    parts = (
        f"penalty {line.reference}" if line.reference else "penalty without a reference",
        f"s.{line.section}" if line.section else "",
        f"{line.liable_role} {line.liable_party}".strip(),
        line.status,
        f"issued {day(line.issued_on)}" if line.issued_on else "",
        f"{pounds(line.owed_pence)} owed" if line.owed_pence is not None else "sum owed not known",
    )
    yield safe("   " + " · ".join(filter(None, parts)))
    style = "bold reverse" if penalty.assessment.enforceable is Enforceable.YES else "bold"
    yield Text("     ").append(_ENFORCEABLE[penalty.assessment.enforceable], style=style)
    for reason in penalty.assessment.reasons:
        yield safe(f"       {reason}")


def _weak(answer: Answer) -> Iterator[Text]:
    weak = [match for match in answer.matches if not match.alerts]
    if weak:
        named = ", ".join(f"{display_of(match)} ({match.why})" for match in weak[:3])
        more = f", and {len(weak) - 3} more" if len(weak) > 3 else ""  # noqa: PLR2004 - as shown
        yield safe(f"   near, not a match: {named}{more}", "dim")


def _lists(answer: Answer) -> Iterator[Text]:
    if not answer.lists:
        yield safe("   NOT SCREENED: no list is in force", "bold")
    for one in answer.lists:
        age = "today" if one.days_old == 0 else f"{one.days_old} days old"
        line = f"   list {one.name} version {one.version}, {one.rows:,} rows, {age}"
        if one.stale:
            yield safe(f"{line}: STALE, {one.max_age_days} days are allowed", "bold")
        else:
            yield safe(line, "dim")
