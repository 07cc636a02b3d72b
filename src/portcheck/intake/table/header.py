"""Which column of a sheet is which field, by its headings and by its values."""

from collections.abc import Mapping, Sequence

from portcheck.domain.text import fold
from portcheck.intake.files.sheetreach import column_letters
from portcheck.intake.table.byhand import (
    ByHand,
    told_of_gone,
)
from portcheck.intake.table.choice import Choice
from portcheck.intake.table.columns import (
    is_ignored,
    month_first,
    other_money,
)
from portcheck.intake.table.headerrow import Header
from portcheck.intake.table.judged import fit_of, held_instead
from portcheck.intake.table.layout import MONEY, Layout, MarkColumn


def layout_of(where: str, header: Header, settled: ByHand) -> Layout:
    """Which column is which field.  Raises FileRefused when two columns claim one, and when what
    was settled by hand is not there.
    """
    warnings: list[str] = []
    texts = tuple(
        text or f"column {column_letters(column)}" for column, text in enumerate(header.texts())
    )
    pieces = tuple(heading.pieces for heading in header.headings)
    place = f"{where}, row {header.last + 1}"
    found = settled.columns(place, texts, pieces)
    warnings += (
        f"column “{texts[column]}” was read as POUNDS: --map says it is {name}, now or before"
        for name, column in found.items()
        if name in MONEY and other_money(texts[column])
    )
    recognised, others = _recognised(place, header, found, texts, warnings)
    found |= recognised
    gone = settled.gone(texts, pieces)
    instead = {name: texts[found[name]] for name in gone if name in found}
    warnings += told_of_gone(place, gone, instead)
    columns = {name: (column, texts[column]) for name, column in found.items()}
    further = tuple(
        MarkColumn(header.paired.get(column, (name,)), column, texts[column])
        for name, column in others
    )
    taken = {*found.values(), *(one.place for one in further)}
    ignored = frozenset(i for i, heading in enumerate(texts) if is_ignored(heading))
    unknown = tuple((i, t) for i, t in enumerate(texts) if i not in taken and i not in ignored)
    if header.score == 0:
        warnings.append(f"no heading was recognised; row {header.last + 1} was taken for them")
    return Layout(
        header.top.name,
        header.last + 1,
        dict(sorted(columns.items(), key=lambda item: item[1])),
        unknown,
        texts,
        ignored,
        (*warnings, *header.top.warnings),
        {name: said for name, said in settled.every.items() if name not in instead},
        further,
        {i: fields for i, fields in header.paired.items() if found.get(fields[0]) == i},
        tuple(frozenset(map(fold, (text, *own))) for text, own in zip(texts, pieces, strict=True)),
    )


def _recognised(
    where: str,
    header: Header,
    settled: Mapping[str, int],
    texts: Sequence[str],
    warnings: list[str],
) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """The columns of the fields that were not settled by hand, and the further columns of
    registrations, each with its field.
    """
    columns: dict[str, int] = {}
    further: list[tuple[str, int]] = []
    passed_over: dict[int, str] = {}
    for name, places in header.found.items():
        free = [column for column in places if column not in settled.values()]
        series = [column for column in free if column in header.numbered]
        rest = [column for column in free if column not in series]
        if name not in settled and free:
            choice = Choice(name, rest or series[:1], header, texts)
            columns[name] = choice.column(where)
            warnings += choice.told
            passed_over |= choice.passed_over
            further += [(name, column) for column in choice.beside]
        further += [(name, column) for column in series if columns.get(name) != column]
    _put_right(header, columns, settled, texts, passed_over)
    warnings += passed_over.values()
    for name, column in [*columns.items()]:
        heading = texts[column]
        if name in MONEY and other_money(heading):
            warnings.append(f"column “{heading}” is not in pounds: it was kept as written, unread")
            del columns[name]
        elif name.endswith("_on") and month_first(heading):
            warnings.append(
                f"column “{heading}” says month first; dates written as text are read DAY first"
            )
    return columns, further


def _put_right(
    header: Header,
    columns: dict[str, int],
    settled: Mapping[str, int],
    texts: Sequence[str],
    told: dict[int, str],
) -> None:
    """Read columns as what their values plainly are, where no other column is that."""
    for name, places in header.found.items():
        for column in (one for one in places if one not in settled.values()):
            own = columns.get(name) == column
            cells = header.cells(column)
            taken = {*columns, *settled} - ({name} if own else set())
            other = held_instead(name, cells, taken, passed_over=column in told)
            if other:
                if own:
                    del columns[name]
                columns[other] = column
                told[column] = (
                    f"column “{texts[column]}” was read as {other} and not as {name}:"
                    f" {fit_of(other, cells)} are"
                )
