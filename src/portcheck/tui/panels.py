"""What stands where on the screen, as lines of text: every state in word, symbol and place."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from rich.text import Text

from portcheck.domain.answer import Verdict
from portcheck.domain.decision import Decision
from portcheck.domain.enforceability import Enforceable
from portcheck.domain.matching import Tier
from portcheck.domain.tally import Tally
from portcheck.domain.text import count, shorten
from portcheck.report.card import (
    STYLES,
    SYMBOLS,
    WORDS,
    card,
    display_of,
    enforceable_words,
    verdict_word,
)
from portcheck.report.console import safe
from portcheck.services.lane import STAYING
from portcheck.services.settings import zone
from portcheck.store.singlechecks import CheckLine
from portcheck.tui.entry import LABELS, Entry
from portcheck.tui.fitting import Page, beside, cut, page, wrapped
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
    sync_words,
    waiting_words,
)

_WIDE = 44  # columns from which a recent check is shown with its time and trailer
_MESSAGE_LINES = 3
_FOOT = ("help", "nothing_found", "outcome", "confirm", "reject", "undo", "find")
_FOOT_BELOW = ("amend", "details", "leave")


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
        str(details.get("site", "")),
        f"officer {lane.options.officer} {lane.options.agency}".rstrip(),
        lane.view.standing.device,
    ]
    clock = f"{lane.options.now().astimezone(here(lane)):%H:%M}"
    words = safe(f" {' · '.join(filter(None, parts))}")
    return beside(words, Text(f"{clock} "), width)


def lists(lane: Lane, width: int) -> Text:
    """The lists in force with version and age; a stale one is loud.  The bell at the right."""
    if not lane.begun:
        return Text("")
    found = lane.view.standing.lists
    bell = "bell OFF" if lane.muted else "bell on"
    sync = lane.view.standing.sync
    sent = f"{sync_words(sync, lane.options.now(), here(lane))} · " if sync else ""
    line = Text(" ")
    if lane.view.standing.clock:
        line.append("■ THIS MACHINE'S CLOCK IS BEHIND ■", style="bold reverse").append(" · ")
    if not found:
        line.append("■ NO LIST IN FORCE: checks are not screened ■", style="bold reverse")
    for place, one in enumerate(found):
        line.append(" · " if place else "")
        line.append_text(safe(list_words(one), "bold reverse" if one.stale else ""))
    return beside(line, Text(f"{sent}{bell} "), width)


def typed(line: Line, width: int, *, active: bool) -> Text:
    """What is typed in a field, in capitals: they are read sooner."""
    shown = line.drawn(width, active=active)
    capitals = "".join(c.upper() if len(c.upper()) == 1 else c for c in shown.plain)
    return Text(capitals, spans=shown.spans)


def hidden_fields(entry: Entry, hidden: Iterable[str]) -> str:
    """What is typed in the fields that have no room, or how to come to them."""
    names = list(hidden)
    words = [f"{LABELS[name]} {entry.lines[name].text.upper()}" for name in names]
    filled = [said for name, said in zip(names, words, strict=True) if entry.lines[name].text]
    more = len(names) - len(filled)
    return " · ".join([*filled, *([f"Tab: {more} more"] if more else [])])


def labelled(label: str, field: Text, more: str, width: int) -> Text:
    """A field in one row: its label, what is typed, and what is hidden at the end."""
    line = Text.assemble((f"{label} ", "bold"), field)
    room = width - line.cell_len - 2
    return beside(line, safe(shorten(more, room)), width) if room > 1 else line


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
        lines = wrapped([safe(f"{mark}{lane.message.text}", style)], width)
        if len(lines) > _MESSAGE_LINES:
            last = cut(lines[_MESSAGE_LINES - 1] + Text(" …"), width)
            return [*lines[: _MESSAGE_LINES - 1], last]
        return lines
    others = [
        str(value).replace("_", " ") for name, value in lane.details.items() if name not in STAYING
    ]
    return [safe(shorten(f"  next: {', '.join(others)}", width) if others else "")]


def answer(lane: Lane, first: int, width: int, height: int) -> Page:
    """The check in hand from line `first` on, and what to do next below it; or how to begin.

    Where the lines that decide have no room among them, they stand above, in short.
    """
    hand = lane.hand
    if hand is None:
        return page(wrapped(map(safe, _to_begin(lane)), width), first, width, height)
    known = hand.answer is not None or hand.view is not None
    below = wrapped(next_steps(hand, shown), width) if known else []
    lines = wrapped(_hand(lane, hand), width)
    found = page(lines, first, width, height - len(below))
    text = "\n".join(line.plain for line in [*found.lines, *below][: max(height, 0)])
    if known and not all(one.plain in text for one in _deciding(hand)):
        above = wrapped([Text("  ").join(_deciding(hand))], width)[: max(height, 0)]
        below = below[: max(height - len(above), 0) // 3]
        found = page(lines, first, width, height - len(above) - len(below))
        return Page([*above, *found.lines, *below], found.first, found.step)
    return Page([*found.lines, *below], found.first, found.step)


def _deciding(hand: Hand) -> list[Text]:
    """What decides: the answer with its symbol, and whether a penalty can be enforced."""
    verdict = hand.verdict or Verdict.CLEAR
    word = verdict_word(verdict, screened=hand.screened)
    found = [Text(f"{SYMBOLS[verdict]} {word}", style=STYLES[verdict])]
    if hand.voided:
        return [*found, Text("VOID", style="bold")]
    word, sure = hand.enforceable
    if word:
        tier = Tier.EXACT if sure else Tier.NEAR
        found.append(enforceable_words(Enforceable(word), tier, Decision.OPEN))
    elif Decision.REJECTED in hand.decisions.values():
        found.append(Text("rejected", style="bold"))
    return found


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
        word = verdict_word(hand.verdict, screened=hand.screened)
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
        room = max(width - 19, 0)
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


def waiting(lane: Lane, width: int, hidden: str) -> Text:
    """The matches nobody has decided on, and the outcomes left half-filled; at the end what
    is `hidden`, or its beginning where there is no room for all of it.
    """
    line, fewest = Text(" "), hidden.partition(":")[0]
    if lane.unsaved:
        line.append(f"■ {count(len(lane.unsaved), 'check')} NOT SAVED ■", style="bold reverse")
        line.append(" Enter tries again  ")
    words = waiting_words(lane.view.waiting) if lane.begun else ""
    if lane.view.waiting:
        room = width - 16 - len(fewest)
        line.append_text(safe(shorten(words, max(room, 10)), "bold reverse"))
        line.append(f"  {shown('confirm')}/{shown('reject')}")
    else:
        line.append(words)
    if lane.drafts:
        refs = ", ".join(draft.ref for draft in lane.drafts.values())
        line.append_text(safe(f"  * half-filled: {refs}", "bold"))
    fits = len(hidden) <= width - line.cell_len - 2
    return beside(line, Text(hidden if fits else fewest), width)


def keys(lane: Lane, width: int, rows: int) -> list[Text]:
    """The keys, in so many rows; after Esc the letters."""
    if lane.choosing:
        words = [f"{one.letter} {one.label}" for one in COMMANDS]
        digits = f"{next(iter(F_DIGITS))}-0 the F keys"
        return _fitted([*words, digits], width)[:rows]
    above = _labels(_FOOT)
    below = [*_labels(_FOOT_BELOW), ("↑↓", "earlier checks"), ("Esc", "then a letter: all")]
    return [_keyed(above, width), _keyed(below, width)][:rows]


def _labels(names: Iterable[str]) -> list[tuple[str, str]]:
    table = {one.name: one for one in COMMANDS}
    return [(table[name].shown, table[name].label) for name in names]


def _keyed(pairs: Iterable[tuple[str, str]], width: int) -> Text:
    line = Text()
    for key, label in pairs:
        line.append(f" {key}", style="bold").append(f" {label} ")
    line.rstrip()
    return cut(line, width)


def _fitted(words: list[str], width: int) -> list[Text]:
    lines = [Text()]
    for word in words:
        if len(lines[-1]) + len(word) + 2 > width:
            lines.append(Text())
        lines[-1].append(f" {word[:1]}", style="bold underline").append(f"{word[1:]} ")
    return lines
