"""What a list says to do about a vehicle, for whoever stands before it."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.text import Text

from portcheck.domain.answer import Match
from portcheck.domain.instructions import COMMENT, Instructions
from portcheck.domain.text import count, one_line
from portcheck.report.console import safe

LONGEST = 160
"""Characters of a text on a card: two lines and a bit of 80 columns."""
_MOST = 3
IN_WORDS = ("Action", "Priority", "Contact", "Notes", "Other columns")
_MOST_COLUMNS = 8
Source = tuple[str, Instructions]
"""The reference of a penalty ("" where there is none), and what its entry says."""


def sources(match: Match) -> list[Source]:
    """What the entries of a match say, those without a penalty line first."""
    own = [("", told) for told in match.told]
    return own + [(p.line.reference, p.line.told) for p in match.penalties]


def first_lines(said: Sequence[Source], condition: str = "") -> Iterator[Text]:
    """What is read before anything else: action and priority, notes, comments of cells.

    `condition` stands before an action that may be meant for another vehicle.
    """
    lead = f"{condition}: " if condition else ""
    yield from _few(said, _action, "action", lead=lead, style="" if condition else "bold")
    yield from _few(said, lambda told: _labelled("notes", told.notes), "note", style="bold")
    yield from _few(
        said, lambda told: _columns(told, comments=True), "comment of a cell", style="bold"
    )


def last_lines(said: Sequence[Source]) -> Iterator[Text]:
    """Whom to ask, and the columns of the list that portcheck knows nothing about."""
    yield from _few(said, lambda told: _labelled("contact", told.contact), "contact")
    yield from _few(
        said, lambda told: _columns(told, comments=False), "other column", most=_MOST_COLUMNS
    )


def _few(
    said: Sequence[Source],
    texts_of: Callable[[Instructions], list[str]],
    noun: str,
    *,
    most: int = _MOST,
    lead: str = "",
    style: str = "",
) -> Iterator[Text]:
    """The first distinct texts of a kind, and how many more there are."""
    found = list(_distinct(said, texts_of))
    for text, whose in found[:most]:
        yield safe(f"   {lead}{_folded(text)}{whose}", style)
    if len(found) > most:
        left = len(found) - most
        yield safe(f"   [and {left:,} more of {noun}, hidden: --json has all]", "bold")


def whole_lines(told: Instructions, indent: str) -> Iterator[Text]:
    """All of it, nothing left out."""
    words = [*_action(told), *_labelled("notes", told.notes)]
    words += _labelled("contact", told.contact)
    words += [*_columns(told, comments=True), *_columns(told, comments=False)]
    yield from (safe(f"{indent}{one_line(text)}") for text in words)


def in_words(said: Iterable[Source]) -> list[str]:
    """For a table with the columns IN_WORDS: every distinct text once."""
    told = [one for _, one in said]
    others = [text for one in told for text in _columns(one, comments=False)]
    comments = [text for one in told for text in _columns(one, comments=True)]
    return [
        _joined(one.action for one in told),
        _joined(one.priority for one in told),
        _joined(one.contact for one in told),
        _joined(one.notes for one in told),
        _joined([*comments, *others]),
    ]


def action_words(match: Match) -> list[str]:
    """What is to be done with a match, in short, and that there is more to read."""
    told = [one for _, one in sources(match)]
    actions = _joined(text for one in told for text in _action(one))
    notes = any(one.notes or _columns(one, comments=True) for one in told)
    others = any(one.contact or one.extra for one in told)
    more = "notes: lookup shows them" if notes else "the list says more: lookup shows it"
    return [_folded(actions), more if notes or others else ""]


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, texts)))


def _action(told: Instructions) -> list[str]:
    words = _labelled("ACTION", told.action)
    words += [f"priority {told.priority}"] if told.priority else []
    return [" · ".join(words)]


def _labelled(label: str, text: str) -> list[str]:
    return [f"{label}: {text}"] if text else []


def _columns(told: Instructions, *, comments: bool) -> list[str]:
    return [
        f"{heading}: {text}"
        for heading, text in told.extra
        if heading.startswith(COMMENT) is comments
    ]


def _distinct(
    said: Sequence[Source], texts_of: Callable[[Instructions], list[str]]
) -> Iterator[tuple[str, str]]:
    """Each text once, with the penalties it stands at where that is not all of them."""
    at: dict[str, list[str]] = {}
    for reference, told in said:
        for text in filter(None, texts_of(told)):
            at.setdefault(text, []).append(reference)
    for text, references in at.items():
        named = list(dict.fromkeys(filter(None, references)))
        everywhere = len(references) >= len(said) or not named
        yield text, "" if everywhere else f" ({', '.join(named)})"


def _folded(text: str) -> str:
    """In one line; what is too long for a card says how much of it is hidden."""
    text = one_line(text)
    if len(text) <= LONGEST:
        return text
    hidden = len(text) - LONGEST
    return f"{text[:LONGEST].rstrip()}… [{count(hidden, 'more character')} hidden]"
