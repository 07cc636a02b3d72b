"""Charts as inline SVG: drawn for a narrow screen, told in words, readable without colour."""

from collections.abc import Iterator, Sequence
from html import escape

from portcheck.report.sections import Figure

_WIDTH = 360
_ROW, _BAR_HEIGHT, _LABEL = 22, 14, 140
_MOST_LABELS = 14  # as many as there is room for
_COLUMNS_HEIGHT, _FLOOR, _CEILING = 190, 150, 24


def bars(name: str, title: str, figures: Sequence[Figure]) -> str:
    """A bar a line, its label before it and its number behind it."""
    most = max((one.number for one in figures), default=0) or 1
    room = _WIDTH - _LABEL - 50
    body = []
    for place, one in enumerate(figures):
        top = place * _ROW
        length = round(room * one.number / most, 1)
        middle = top + _ROW / 2 + 4
        body.append(
            f'<text x="{_LABEL - 6}" y="{middle:g}" text-anchor="end">{escape(one.label)}</text>'
            f'<rect x="{_LABEL}" y="{top + 4}" width="{length:g}" height="{_BAR_HEIGHT}"/>'
            f'<text x="{_LABEL + length + 5:g}" y="{middle:g}">{one.shown}</text>'
        )
    return _picture(name, title, figures, len(figures) * _ROW + 4, body)


def hours(name: str, title: str, figures: Sequence[Figure]) -> str:
    """A column an hour, its number on top and the hour's first two digits below it."""
    most = max((one.number for one in figures), default=0) or 1
    step = _WIDTH / max(len(figures), 1)
    thick = min(step * 0.7, 40)
    every = -(-len(figures) // _MOST_LABELS)
    body = []
    for place, one in enumerate(figures):
        middle = step * (place + 0.5)
        height = round((_FLOOR - _CEILING) * one.number / most, 1)
        body.append(
            f'<rect x="{middle - thick / 2:.1f}" y="{_FLOOR - height:g}" width="{thick:.1f}"'
            f' height="{height:g}"/>'
        )
        if place % every == 0:
            body.append(
                f'<text x="{middle:.1f}" y="{_FLOOR - height - 5:g}" text-anchor="middle">'
                f"{one.shown}</text>"
                f'<text x="{middle:.1f}" y="{_FLOOR + 17}" text-anchor="middle">'
                f"{escape(one.label[-5:-3])}</text>"
            )
    body.append(f'<path d="M0 {_FLOOR}.5H{_WIDTH}"/>')
    return _picture(name, title, figures, _COLUMNS_HEIGHT, body)


def _picture(
    name: str, title: str, figures: Sequence[Figure], height: int, body: Sequence[str]
) -> str:
    return "".join(_parts(name, title, figures, height, body))


def _parts(
    name: str, title: str, figures: Sequence[Figure], height: int, body: Sequence[str]
) -> Iterator[str]:
    told = ", ".join(f"{one.label} {one.shown}" for one in figures)
    yield (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc">'
    )
    yield f'<title id="{name}-title">{escape(title)}</title>'
    yield f'<desc id="{name}-desc">{escape(told)}</desc>'
    yield from body
    yield "</svg>"
