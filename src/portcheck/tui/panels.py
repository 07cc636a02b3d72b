"""What stands where on the screen, as lines of text: every state in word, symbol and place."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from rich.console import Console
from rich.text import Text

from portcheck.domain.answer import Verdict
from portcheck.domain.tally import Tally
from portcheck.domain.text import count, shorten
from portcheck.report.card import STYLES, SYMBOLS, WORDS, card, display_of
from portcheck.report.console import safe
from portcheck.services.lane import CheckLine
from portcheck.services.settings import zone
from portcheck.tui.hand import Hand
from portcheck.tui.help import FIRST_USE
from portcheck.tui.keys import COMMANDS, F_DIGITS, shown
from portcheck.tui.lane import Lane
from portcheck.tui.line import Line
from portcheck.tui.wording import (
    NO_LIST,
    NO_OPERATION,
    OUTCOMES,
    day_words,
    list_words,
    next_steps,
    recorded,
    waiting_words,
)

_CONSOLE = Console(markup=False, emoji=False, highlight=False, color_system=None)
_WIDE = 44  # columns from which a recent check is shown with its time and trailer
_MESSAGE_LINES = 3
_FOOT = ("help", "nothing_found", "outcome", "confirm", "reject", "undo", "find")
_FOOT_BELOW = ("amend", "details", "leave")


def wrapped(lines: Iterable[Text], width: int) -> list[Text]:
    """Lines in so many columns; one too long goes on under its own beginning."""
    drawn: list[Text] = []
    for line in lines:
        if line.cell_len <= width:
            drawn.append(line)
            continue
        indent = min(len(line.plain) - len(line.plain.lstrip(" ")), width // 2)
        for piece in line[indent:].wrap(_CONSOLE, max(width - indent, 1)):
            piece.rstrip()
            drawn.append(Text(" " * indent) + piece)
    return drawn


def here(lane: Lane) -> tzinfo:
    """The operation's time zone; without an operation the one of new ones."""
    operation = lane.view.standing.operation
    return zone(operation.timezone) if operation else lane.options.zone


def title(lane: Lane, width: int) -> Text:
    """Operation, lane, officer, device and the time, in one line."""
    if not lane.begun:
        return Text(" portcheck lane")
    operation = lane.view.standing.operation
    details = lane.details
    parts = [
        operation.name if operation else "NO OPERATION",
        f"lane {details['lane']}" if details.get("lane") else "",
        str(details.get("direction", "")),
        str(details.get("sailing", "")),
        f"officer {lane.options.officer} {lane.options.agency}".rstrip(),
        lane.options.device,
    ]
    clock = f"{lane.options.now().astimezone(here(lane)):%H:%M}"
    words = " · ".join(filter(None, parts))
    return safe(f" {shorten(words, width - 8):<{width - 8}} {clock} ")


def lists(lane: Lane, width: int) -> Text:
    """The lists in force with version and age; a stale one is loud.  The bell at the right."""
    if not lane.begun:
        return Text("")
    found = lane.view.standing.lists
    bell = "bell OFF" if lane.muted else "bell on"
    line = Text(" ")
    if lane.view.standing.clock:
        line.append("■ THIS MACHINE'S CLOCK IS BEHIND ■", style="bold reverse").append(" · ")
    if not found:
        line.append("■ NO LIST IN FORCE: checks are not screened ■", style="bold reverse")
    for place, one in enumerate(found):
        line.append(" · " if place else "")
        line.append_text(safe(list_words(one), "bold reverse" if one.stale else ""))
    left = width - len(bell) - 2
    if line.cell_len > left:
        line.truncate(left, overflow="ellipsis")
    return line.append(" " * (left - line.cell_len + 1)).append(bell)


def typed(line: Line, width: int, *, active: bool) -> Text:
    """What is typed in a field, in capitals: they are read sooner."""
    shown = line.drawn(width, active=active)
    capitals = "".join(c.upper() if len(c.upper()) == 1 else c for c in shown.plain)
    return Text(capitals, spans=shown.spans)


def page(lines: list[Text], first: int, height: int) -> list[Text]:
    """The lines from `first` on that fit; the last says how many more there are."""
    left = lines[min(first, max(len(lines) - height, 0)) :]
    if len(left) <= height:
        return left
    more = safe(f"PgDn: {len(left) - height + 1} more lines", "bold reverse")
    return [*left[: height - 1], more]


def camera(lane: Lane, width: int) -> Text:
    """What the camera offers, and how much more of it waits."""
    offered = lane.offers.first
    if offered is None:
        return Text(" camera: nothing read yet")
    read, verdict = offered.read, offered.answer.verdict
    sure = f" ({read.confidence:.0%})" if read.confidence is not None else ""
    alike = next((f" {display_of(m)}" for m in offered.answer.matches if m.alerts), "")
    more = f" · {len(lane.offers) - 1} more" if len(lane.offers) > 1 else ""
    words = f"{SYMBOLS[verdict]} {WORDS[verdict]}{alike} · Enter takes it{more}"
    when = f"{offered.at.astimezone(here(lane)):%H:%M:%S}"
    text = f" camera {when} {read.plate}{sure} {words}"
    return safe(shorten(text, width), "" if verdict is Verdict.CLEAR else "bold reverse")


def message(lane: Lane, width: int) -> list[Text]:
    """What was done last, or what went wrong; else the details the next check will have."""
    if lane.message.text:
        mark = "! " if lane.message.loud else "  "
        style = "bold reverse" if lane.message.loud else ""
        return wrapped([safe(f"{mark}{lane.message.text}", style)], width)[:_MESSAGE_LINES]
    others = [
        str(value).replace("_", " ")
        for name, value in lane.details.items()
        if name not in {"direction", "lane", "sailing"}
    ]
    return [safe(shorten(f"  next: {', '.join(others)}", width) if others else "")]


def answer(lane: Lane, first: int, width: int, height: int) -> list[Text]:
    """The check in hand from line `first` on, and what to do next below it; or how to begin."""
    hand = lane.hand
    if hand is None:
        return page(wrapped(map(safe, _to_begin(lane)), width), first, height)
    known = hand.answer is not None or hand.view is not None
    below = wrapped(next_steps(hand, shown), width) if known else []
    return [*page(wrapped(_hand(lane, hand), width), first, height - len(below)), *below]


def _to_begin(lane: Lane) -> tuple[str, ...]:
    if not lane.begun:
        return ()
    if lane.view.standing.operation is None:
        return NO_OPERATION
    if not lane.view.standing.lists and not lane.options.no_list:
        return NO_LIST
    mine = any(one.officer == lane.options.officer for one in lane.view.last)
    return ("Type a registration, then Enter.",) if mine else FIRST_USE


def _hand(lane: Lane, hand: Hand) -> Iterator[Text]:
    if hand.answer is not None:
        if hand.view is not None and (said := recorded(hand.view)):
            yield safe(f"RECORDED  {said}", "bold")
        yield from card(hand.answer, hand.decisions)
    elif hand.view is not None:
        from portcheck.report.checks import check_lines  # noqa: PLC0415 - loads the ORM

        yield _headline(lane, hand)
        yield from check_lines(hand.view, here(lane))
    else:
        yield safe(f"{hand.vehicle}  {hand.state.value}", "bold")


def _headline(lane: Lane, hand: Hand) -> Text:
    """What was answered when it was checked."""
    line = Text()
    if hand.verdict is not None:
        unknown = hand.verdict is Verdict.CLEAR and not hand.screened
        word = "NOT SCREENED" if unknown else WORDS[hand.verdict]
        line.append(f"{SYMBOLS[hand.verdict]} {word}", style=STYLES[hand.verdict])
    if hand.named and hand.named.check_id in lane.drafts:
        line.append(f"  * HALF-FILLED OUTCOME: {shown('outcome')} goes on with it", style="bold")
    return line


def last_checks(lane: Lane, width: int) -> list[Text]:
    """The newest checks, one line each, the one in hand marked."""
    zone_here = here(lane)
    rows = [_check(lane, one, width, zone_here) for one in lane.view.last]
    return [safe(f"LAST CHECKS {'':─<{max(width - 12, 0)}}"), *rows]


def _check(lane: Lane, one: CheckLine, width: int, zone_here: tzinfo) -> Text:
    named = lane.hand.named if lane.hand else None
    marked = named is not None and named.check_id == one.check_id
    outcome = "VOID" if one.voided else OUTCOMES[one.primary_outcome]
    flag = "!" if one.unresolved and not one.voided else " "
    flag = "*" if one.check_id in lane.drafts else flag
    symbol = SYMBOLS[Verdict(one.verdict)]
    if width >= _WIDE:
        room = width - 38
        vehicle = shorten(f"{one.vehicle} {one.country}".strip(), 15)
        rest = shorten(" · ".join(filter(None, (one.trailer, one.officer))), max(room, 0))
        text = (
            f"{one.ref:<7}{one.at.astimezone(zone_here):%H:%M} {symbol} {vehicle:<15}"
            f"{flag}{outcome:<7} {rest}"
        )
    else:
        room = width - 19
        text = f"{one.ref:<7}{symbol} {shorten(one.vehicle_key, room):<{room}}{flag}{outcome}"
    return safe(
        f"{'>' if marked else ' '}{text}"[:width], "bold" if marked or one.unresolved else ""
    )


def figures(tally: Tally | None, width: int) -> list[Text]:
    """The day so far, as the tally counts it."""
    if tally is None:
        return []
    head, *words = day_words(tally)
    half = width // 2
    pairs = zip(words[::2], words[1::2], strict=True)
    rows = (safe(f"{left:<{half}}{right}"[:width]) for left, right in pairs)
    return [safe(f"{head + ' ':─<{width}}"[:width]), *rows]


def waiting(lane: Lane, width: int) -> Text:
    """The matches nobody has decided on, and the outcomes left half-filled."""
    line = Text(" ")
    if lane.unsaved:
        line.append(f"■ {count(len(lane.unsaved), 'check')} NOT SAVED ■", style="bold reverse")
        line.append(" Enter tries again  ")
    words = waiting_words(lane.view.waiting) if lane.begun else ""
    if lane.view.waiting:
        line.append_text(safe(shorten(words, max(width - 16, 10)), "bold reverse"))
        line.append(f"  {shown('confirm')}/{shown('reject')}")
    else:
        line.append(words)
    if lane.drafts:
        refs = ", ".join(draft.ref for draft in lane.drafts.values())
        line.append_text(safe(f"  * half-filled: {refs}", "bold"))
    line.truncate(width, overflow="ellipsis")
    return line


def keys(lane: Lane, width: int) -> list[Text]:
    """The keys, in two lines; after Esc the letters."""
    if lane.choosing:
        words = [f"{one.letter} {one.label}" for one in COMMANDS]
        digits = f"{next(iter(F_DIGITS))}-0 the F keys"
        return _fitted([*words, digits], width)
    above = _labels(_FOOT)
    below = [*_labels(_FOOT_BELOW), ("↑↓", "earlier checks"), ("Esc", "then a letter: all")]
    return [_keyed(above, width), _keyed(below, width)]


def _labels(names: Iterable[str]) -> list[tuple[str, str]]:
    table = {one.name: one for one in COMMANDS}
    return [(table[name].shown, table[name].label) for name in names]


def _keyed(pairs: Iterable[tuple[str, str]], width: int) -> Text:
    line = Text()
    for key, label in pairs:
        line.append(f" {key}", style="bold").append(f" {label} ")
    line.truncate(width)
    return line


def _fitted(words: list[str], width: int) -> list[Text]:
    lines = [Text()]
    for word in words:
        if len(lines[-1]) + len(word) + 2 > width:
            lines.append(Text())
        lines[-1].append(f" {word[:1]}", style="bold underline").append(f"{word[1:]} ")
    return lines
