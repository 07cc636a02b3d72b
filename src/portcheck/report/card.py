"""The card an officer reads: the verdict first, in symbol, word and place.

Nothing is told by colour alone, so the card reads the same without it.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from rich.text import Text

from portcheck.domain.answer import ALERTING, Answer, AssessedPenalty, Match, Verdict
from portcheck.domain.decision import Decision, certain
from portcheck.domain.enforceability import Enforceable
from portcheck.domain.matching import Tier
from portcheck.domain.money import pounds
from portcheck.domain.recorded import acts
from portcheck.domain.registration.formats import display
from portcheck.domain.registration.guess import as_guessed, guess_country
from portcheck.domain.seen import Seen
from portcheck.domain.text import count, day, shorten
from portcheck.report.console import safe
from portcheck.report.told import first_lines, last_lines, sources

SYMBOLS = {Verdict.LISTED: "■■", Verdict.POSSIBLE: "≈ ", Verdict.CLEAR: "· "}
WORDS = {Verdict.LISTED: "LISTED", Verdict.POSSIBLE: "LOOKS LIKE", Verdict.CLEAR: "CLEAR"}
STYLES = {Verdict.LISTED: "bold reverse", Verdict.POSSIBLE: "bold", Verdict.CLEAR: ""}
_ENFORCEABLE = {
    Enforceable.YES: "ENFORCEABLE: YES",
    Enforceable.NO: "ENFORCEABLE: NO",
    Enforceable.REFER: "ENFORCEABLE: REFER",
}
_WIDEST = 80
"""Characters of a name: what is longer is no name, and would push the answer off the screen."""
_LONGEST_NAME = 40
_UNDECIDED: Mapping[int, str] = MappingProxyType({})


def enforceable_words(word: Enforceable, tier: Tier, decision: str) -> Text:
    """Whether a penalty line can be enforced, loud only where the match is `certain`.

    `decision` is the match's.
    """
    if certain(tier, decision):
        style = "bold reverse" if word is Enforceable.YES else "bold"
        return Text().append(_ENFORCEABLE[word], style=style)
    return Text(f"{_condition(tier, decision)}, enforceable: {word.value}")


def _condition(tier: Tier, decision: str) -> str:
    """What stands before whatever may be meant for another vehicle; "" where it is this one."""
    if certain(tier, decision):
        return ""
    return "if it is this vehicle" if decision == Decision.OPEN else "for the listed vehicle"


def card(answer: Answer, decisions: Mapping[int, str] = _UNDECIDED) -> Iterator[Text]:
    """The lines of the card, most important first.

    `decisions` are those on the matches by number; one that is not there is open.
    """
    verdict = answer.verdict
    if not any(match.alerts for match in answer.matches):
        yield _headline(verdict, _typed(answer))
    for number, match in enumerate(answer.matches, 1):
        if match.alerts:
            yield from _match_lines(match, answer, decisions.get(number, Decision.OPEN))
    yield from _seen(answer.seen)
    yield from _weak(answer)
    yield from (safe(f"   haulier: {one.why}", "bold") for one in answer.advice)
    yield from (safe(f"   note: {remark}") for remark in answer.remarks)
    yield from _lists(answer)


def _headline(verdict: Verdict, rest: str) -> Text:
    line = Text(f"{SYMBOLS[verdict]} ")
    line.append(WORDS[verdict], style=STYLES[verdict])
    return line.append("  ").append_text(safe(rest, "bold"))


def _typed(answer: Answer) -> str:
    return "  ".join(
        f"{mark.text}  {'' if mark.country else as_guessed(guess_country(mark.key))}".rstrip()
        if mark.unit.value == "vehicle"
        else f"{mark.unit.value} {mark.text}"
        for mark in answer.marks
    )


def _match_lines(match: Match, answer: Answer, decision: str) -> Iterator[Text]:
    decided = "" if decision == Decision.OPEN else decision
    parts = (match.unit.value, match.country, f"list {match.list_name}", decided)
    where = " · ".join(filter(None, parts))
    yield _headline(ALERTING[match.tier], f"{display_of(match)}   {where}")
    said = sources(match)
    yield from first_lines(said, _condition(match.tier, decision))
    unsure = decision == Decision.OPEN and not certain(match.tier, decision)
    yield safe(f"   how: {match.why} (typed {match.typed})", "bold" if unsure else "")
    yield from (safe(f"   {often}") for often in _odds(match, answer))
    if match.haulier:
        yield safe(f"   haulier: {shorten(match.haulier, _WIDEST)}")
    if not match.penalties:
        yield safe("   the list gives no penalty line for it")
    for penalty in match.penalties:
        yield from _penalty_lines(penalty, match.tier, decision)
    yield from last_lines(said)


def _odds(match: Match, answer: Answer) -> Iterator[str]:
    """How often chance alone would do it, beside what is not certain."""
    for one in answer.lists:
        if one.name == match.list_name and one.odds and match.cost and match.tier is not Tier.EXACT:
            often = one.odds.sentence(match.tier)
            yield f"by chance: an unlisted vehicle looks like this list in {often}"


def display_of(match: Match) -> str:
    """The listed registration, grouped the way its country writes it."""
    return display(match.registration, match.country)


def _penalty_lines(penalty: AssessedPenalty, tier: Tier, decision: str) -> Iterator[Text]:
    line = penalty.line
    parts = (
        f"penalty {line.reference}" if line.reference else "penalty without a reference",
        f"s.{line.section}" if line.section else "",
        f"{line.liable_role} {shorten(line.liable_party, _WIDEST)}".strip(),
        line.status,
        f"issued {day(line.issued_on)}" if line.issued_on else "",
        f"{pounds(line.owed_pence)} owed" if line.owed_pence is not None else "sum owed not known",
    )
    yield safe("   " + " · ".join(filter(None, parts)))
    word = penalty.assessment.enforceable
    yield Text("     ").append_text(enforceable_words(word, tier, decision))
    reasons = penalty.assessment.reasons
    here = acts(penalty.recorded, "; ".join(reasons)) if penalty.recorded else ()
    for reason in (*reasons, *here):
        yield safe(f"       {reason}")


def _seen(seen: Seen) -> Iterator[Text]:
    """The newest check before this one, and how many more there are."""
    if not (seen.checks and seen.asked_at):
        return
    one, more = seen.checks[0], len(seen.checks) - 1 + seen.more
    operation = shorten(one.operation, _LONGEST_NAME)
    parts = (
        f"{one.ref} ({operation})" if one.elsewhere else one.ref,
        one.when(seen.asked_at),
        one.direction,
        verdict_word(Verdict(one.verdict), screened=one.screened),
        one.primary_outcome.replace("_", " "),
    )
    said = ", ".join(filter(None, parts)) + (f" (and {more:,} more)" if more else "")
    what = f"{shorten(one.only, _WIDEST)} at " if one.only else ""
    yield safe(f"   Seen here before: {what}{said}", "bold")


def verdict_word(verdict: Verdict, *, screened: bool) -> str:
    """What was answered; nothing is clear where no list was asked."""
    unknown = verdict is Verdict.CLEAR and not screened
    return "NOT SCREENED" if unknown else WORDS[verdict]


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
        line = f"   list {one.name} version {one.version}, {count(one.rows, 'row')}, {one.age}"
        yield safe(": ".join(filter(None, (line, one.doubt))), "bold" if one.stale else "dim")
