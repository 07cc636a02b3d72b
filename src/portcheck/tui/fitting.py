"""Lines of text in so many columns and rows: what has no room is marked, never merely gone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from portcheck.domain.text import count
from portcheck.report.console import safe

_CONSOLE = Console(markup=False, emoji=False, highlight=False, color_system=None)


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


def cut(line: Text, width: int) -> Text:
    """The line in at most so many columns, with an ellipsis where it was cut."""
    if width <= 0:
        return Text()
    line = line.copy()
    line.truncate(width, overflow="ellipsis")
    return line


def beside(left: Text, right: Text, width: int) -> Text:
    """`right` at the end of the columns, `left` before it, cut to what is left."""
    right = cut(right, width)
    left = cut(left, width - right.cell_len - 1) if right else cut(left, width)
    return left + Text(" " * (width - left.cell_len - right.cell_len)) + right


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page, the number of its first, and how many lines further the next is."""

    lines: list[Text] = field(default_factory=list)
    first: int = 0
    step: int = 1


def page(lines: Sequence[Text], first: int, width: int, height: int) -> Page:
    """The lines from `first` on that fit; the last row says how many there are above and below."""
    if len(lines) <= height:
        return Page(list(lines))
    room = max(height - 1, 0)
    first = min(max(first, 0), len(lines) - room)
    below = len(lines) - first - room
    keys = " ".join(key for key, more in (("PgUp", first), ("PgDn", below)) if more)
    said = [f"{count(first, 'line')} above"] if first else []
    said += [f"{count(below, 'more line')}"] if below else []
    marker = cut(safe(f"{keys}: {', '.join(said)}", "bold reverse"), width)
    shown = [*lines[first : first + room], marker]
    return Page(shown[: max(height, 0)], first, max(room, 1))


def squeezed(lines: Sequence[Text], height: int) -> list[Text]:
    """As many lines as fit: without the blank ones first, then without those in the middle."""
    if len(lines) <= height:
        return list(lines)
    written = [line for line in lines if line.plain.strip()]
    if len(written) <= height:
        return written
    if height < 3:  # noqa: PLR2004 - the first, the marker and the last
        return written[len(written) - height :]
    hidden = len(written) - height + 1
    marker = safe(f"… {count(hidden, 'line')} hidden", "bold reverse")
    return [written[0], marker, *written[hidden + 1 :]]


def around(lines: Sequence[Text], place: int, height: int) -> list[Text]:
    """The lines about the one at `place`; the last row says how many are hidden."""
    if len(lines) <= height:
        return list(lines)
    room = max(height - 1, 0)
    first = min(max(place - room // 2, 0), len(lines) - room)
    marker = safe(f"↑ ↓ {count(len(lines) - room, 'more line')}", "bold reverse")
    return [*lines[first : first + room], marker][: max(height, 0)]
