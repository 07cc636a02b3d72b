"""Recall against false alerts as the threshold for near moves, drawn as an SVG."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from math import log10
from pathlib import Path

from accuracy_methods import candidates
from accuracy_traffic import ActionList, unlisted, wrong_reads
from errors import MIXED
from portcheck.domain.matching import Tier, compare, costs

THRESHOLDS = range(2, 14)
"""Tenths of an edit; `costs.NEAR_AT_MOST` is the one in use."""
ALERTING = frozenset({Tier.EXACT, Tier.LOOKALIKE, Tier.NEAR})
FEWEST, MOST = -5.3, -2.3
"""The figure's left and right edge: powers of ten of false alerts a check."""
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 460, 70, 56, 30, 60

FONT = 'font-family="sans-serif" font-size="13" role="img"'

STYLES = (("#1f4e79", "start", 20), ("#b3541e", "end", -12))
"""Colour of each curve; where the label of the threshold in use stands beside its point."""
LIMIT = 0.0005
"""The most false alerts a check that near may cost on a list of 10,000 entries."""

Pair = tuple[int, str, str, str, str]
"""Number of the vehicle; key and country as typed, as listed."""
Point = tuple[int, float, float]
"""Threshold, false alerts a check, recall."""


def curve(listed: ActionList, checks: int, reads: int) -> dict[str, list[Point]]:
    """Points for every threshold, by what is known of the vehicle."""
    strangers = [
        (number, typed, country, key, listed.countries[key])
        for number, (typed, country) in enumerate(unlisted(listed, listed.seed + 60, checks))
        for key in candidates(typed, listed)
    ]
    mistyped = [
        (number, typed, listed.countries[meant], meant, listed.countries[meant])
        for number, (typed, meant) in enumerate(wrong_reads(listed, listed.seed + 61, reads, MIXED))
    ]
    return {
        name: [
            (
                tenths,
                _alerting(strangers, tenths, country=country) / checks,
                _alerting(mistyped, tenths, country=country) / reads,
            )
            for tenths in THRESHOLDS
        ]
        for name, country in (("country not known", False), ("country known", True))
    }


def _alerting(pairs: Iterable[Pair], tenths: int, *, country: bool) -> int:
    """How many vehicles raise an alert when near is at most `tenths`."""
    with _near_at_most(tenths):
        return len(
            {
                number
                for number, typed, its, key, listed_country in pairs
                if (
                    found := compare(
                        typed,
                        key,
                        typed_country=its if country else "",
                        listed_country=listed_country if country else "",
                    )
                )
                and found.tier in ALERTING
            }
        )


@contextmanager
def _near_at_most(tenths: int) -> Iterator[None]:
    near, weak = costs.NEAR_AT_MOST, costs.WEAK_AT_MOST
    vars(costs).update(NEAR_AT_MOST=tenths, WEAK_AT_MOST=max(tenths, weak))
    try:
        yield
    finally:
        vars(costs).update(NEAR_AT_MOST=near, WEAK_AT_MOST=weak)


def draw(
    path: Path,
    curves: Mapping[str, list[Point]],
    methods: Mapping[str, tuple[float, float]],
    caption: str,
) -> None:
    """Write the figure: curves over thresholds, and the baselines as points."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f"<title>{escape(caption)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="26" font-size="15" font-weight="bold">{escape(caption)}</text>',
        *_grid(),
    ]
    for (name, points), style in zip(curves.items(), STYLES, strict=True):
        parts += _line(name, points, *style)
    for name, (false, found) in methods.items():
        x, y = _x(false), _y(found)
        at_the_edge = x < LEFT + 40
        parts.append(
            f'<path d="M{x - 5:.1f} {y:.1f}h10M{x:.1f} {y - 5:.1f}v10" stroke="#333" '
            f'stroke-width="2"/><text x="{x + (8 if at_the_edge else -8):.1f}" '
            f'y="{y - 7:.1f}" text-anchor="{"start" if at_the_edge else "end"}">'
            f"{escape(name)}</text>"
        )
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def _grid() -> Iterator[str]:
    for tenth in range(0, 11, 2):
        y = _y(tenth / 10)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tenth * 10} %</text>'
    for percent in (0.001, 0.005, 0.01, 0.05, 0.1, 0.3):
        x = _x(percent / 100)
        yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
        yield (
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{percent} %</text>'
        )
    limit = _x(LIMIT)
    yield f'<path d="M{limit:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#999" stroke-dasharray="4 4"/>'
    yield (
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 16}" text-anchor="middle">'
        "alerts on vehicles that are not listed (each step to the right: more drivers stopped "
        "for nothing)</text>"
    )
    yield f'<text x="{LEFT}" y="{TOP - 10}">wrong reads of a listed vehicle that are found</text>'


def _line(name: str, points: list[Point], colour: str, anchor: str, below: int) -> Iterator[str]:
    places = [(tenths, _x(false), _y(found)) for tenths, false, found in points]
    path = "L".join(f"{x:.1f} {y:.1f}" for _, x, y in places)
    yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for tenths, x, y in places:
        in_use = tenths == costs.NEAR_AT_MOST
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{6 if in_use else 3}" fill="{colour}"/>'
        if in_use:
            aside = 8 if anchor == "start" else -8
            yield (
                f'<text x="{x + aside:.1f}" y="{y + below:.1f}" fill="{colour}" '
                f'text-anchor="{anchor}">near at {tenths / 10}, {escape(name)}</text>'
            )


def _x(false: float) -> float:
    power = min(max(log10(false) if false else FEWEST, FEWEST), MOST)
    return LEFT + (power - FEWEST) / (MOST - FEWEST) * (WIDTH - LEFT - RIGHT)


def _y(found: float) -> float:
    return TOP + (1 - found) * (HEIGHT - TOP - BOTTOM)
