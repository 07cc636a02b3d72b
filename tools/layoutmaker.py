"""Makes lists in the layouts that offices send, with what each must come to, known beforehand.

A layout is drawn from a seed: titles, headings in one to three rows and in any language of the
table, groups, several vehicles in a row, merged registrations, sections, pages, subtotals,
footers, sheets.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from portcheck.intake.table.columns import Headings, is_general, names_of, other_money

Row = list[str]
Line = tuple[str, str, str, str, int | None]
"""Registration, trailer, haulier, reference and balance in pence of one line."""

_NAMES = names_of("action_list")
_KNOWN = Headings(_NAMES)
_OPTIONAL = ("country", "haulier", "amount", "balance", "status", "issued_on", "priority")
_COUNTRIES = ("GB", "PL", "RO", "DE", "NL")
_STATUSES = ("Overdue", "Paid", "Outstanding", "Part paid")
_FIRMS = ("ACME HAULAGE LTD", "BETA TRANS SRL", "Müller Spedition GmbH", "Kowalski Sp. z o.o.")
_TITLES = ("CIVIL PENALTIES: ACTION LIST", "Prepared by the list office", "OFFICIAL-SENSITIVE")
_KINDS = ("plain", "pair", "numbered", "other", "cell", "merged")
_STACKS = ("one", "group", "merged group", "languages", "brackets")


@dataclass
class Sheet:
    """A sheet as it is written, and what must come of it."""

    name: str
    rows: list[Row] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    headings: int = 0
    data: int = 0
    rejected: int = 0
    lines: list[Line] = field(default_factory=list)


@dataclass
class Made:
    """A file: its sheets, and the names of what was drawn."""

    seed: int
    sheets: list[Sheet]
    traits: tuple[str, ...]

    @property
    def lines(self) -> Counter[Line]:
        """What must be in force, each line once: the same in two rows is a duplicate."""
        return Counter(dict.fromkeys((one for sheet in self.sheets for one in sheet.lines), 1))

    @property
    def is_text(self) -> bool:
        """Whether a delimited text can say all of it."""
        return len(self.sheets) == 1 and not self.sheets[0].merges


def made(seed: int) -> Made:
    """The layout of a seed."""
    maker = _Maker(seed)
    return Made(seed, maker.sheets(), maker.traits)


class _Maker:
    def __init__(self, seed: int) -> None:
        self._random = draw = Random(seed)
        self._kind = draw.choice(_KINDS)
        self._stack = draw.choice(_STACKS)
        self._sheets = draw.choice((1, 1, 1, 2, 3))
        self._sections = draw.choice(("", "", "firms", "titles", "pages"))
        optional = [name for name in _OPTIONAL if draw.random() < 0.6]
        self._fields = [*self._marks(), "penalty_reference", "balance", *optional]
        self._fields = list(dict.fromkeys(self._fields))
        if self._sections == "firms" and "haulier" in self._fields:
            self._fields.remove("haulier")
        draw.shuffle(self._fields)
        if self._sections:  # a line of text stands in the first column
            self._fields.sort(key=lambda name: name != self._marks()[0])
        self._headings = {name: self._heading(name) for name in self._fields}
        self._number = 0
        self.traits = (self._kind, self._stack, f"{self._sheets} sheets", self._sections or "rows")

    def sheets(self) -> list[Sheet]:
        return [self._sheet(f"Sheet {number}") for number in range(1, self._sheets + 1)]

    def _marks(self) -> list[str]:
        return {
            "pair": ["pair"],
            "numbered": ["Vehicle 1", "Vehicle 2", "Vehicle 3"],
            "other": ["registration", "Other vehicles"],
        }.get(self._kind, ["registration", "trailer_registration"])

    def _heading(self, name: str) -> str:
        if name == "pair":
            return self._random.choice(("Reg / Trailer", "Unit/Trailer No", "Tractor & trailer"))
        if name not in _NAMES:
            return name
        fitting = [
            one
            for one in (*_NAMES[name], name)
            if not is_general(name, one) and not other_money(one) and len(one) > 3
        ]
        return self._random.choice(fitting)

    def _sheet(self, name: str) -> Sheet:
        sheet = Sheet(name)
        for _ in range(self._random.choice((0, 0, 1, 3))):
            sheet.rows.append([self._random.choice(_TITLES)])
        self._head(sheet)
        sheet.headings = len(sheet.rows)
        haulier = ""
        for _ in range(self._random.randint(2, 7)):
            haulier = self._between(sheet, haulier)
            self._data(sheet, haulier)
        if self._random.random() < 0.4:
            self._apart(sheet, ["*** End of report ***"])
        return sheet

    def _head(self, sheet: Sheet) -> None:
        heads = [self._headings[name] for name in self._fields]
        if self._stack in {"group", "merged group"}:
            self._groups(sheet, merged=self._stack == "merged group")
        elif self._stack == "languages":
            sheet.rows.append([self._other_language(name) for name in self._fields])
        sheet.rows.append(heads)
        if self._stack == "brackets":
            units = {"balance": "(£)", "amount": "(£)", "issued_on": "(dd/mm/yyyy)"}
            under = [units.get(name, "") for name in self._fields]
            if sum(map(bool, under)) > 1:
                sheet.rows.append(under)

    def _groups(self, sheet: Sheet, *, merged: bool) -> None:
        """A row of groups above the headings: each over the columns that belong together."""
        vehicle = {*self._marks(), "country"}
        names = ["Vehicle" if name in vehicle else "Penalty" for name in self._fields]
        begins = [i for i, name in enumerate(names) if not i or names[i - 1] != name]
        row = [name if i in begins else "" for i, name in enumerate(names)]
        sheet.rows.append(row)
        for first, end in zip(begins, [*begins[1:], len(names)], strict=True):
            if merged and end - first > 1:
                sheet.merges.append((len(sheet.rows), first, len(sheet.rows), end - 1))

    def _other_language(self, name: str) -> str:
        """Another heading that says the same, where it cannot be taken for a series' next."""
        if name not in _NAMES:
            return self._headings[name]
        return self._heading(name)

    def _between(self, sheet: Sheet, haulier: str) -> str:
        """A line between the rows, sometimes; the haulier of the rows below it."""
        if not self._sections or self._random.random() < 0.5:
            return haulier
        if self._sections == "firms":
            haulier = self._random.choice(_FIRMS)
            self._apart(sheet, [haulier])
        elif self._sections == "titles":
            self._apart(sheet, [self._random.choice(("Not to be enforced", "March 2025"))])
        else:
            self._apart(sheet, ["Sub-total"])
            self._apart(sheet, ["Page 2 of 3"])
            sheet.rows.append([self._headings[name] for name in self._fields])
            sheet.data += 1
            sheet.rejected += 1
        return haulier

    def _apart(self, sheet: Sheet, row: Row) -> None:
        sheet.rows.append(row)
        sheet.data += 1
        sheet.rejected += 1

    def _mark(self, least: int = 0) -> str:
        self._number += 1
        letters = "ABCEHJKLMNPRSTUVWXY"
        at = self._number * 7 + least
        tail = letters[at % 19] + letters[at // 19 % 19] + "X"
        return f"A{letters[at // 361 % 19]}{10 + at % 80:02}{' ' * (at % 2)}{tail}"

    def _data(self, sheet: Sheet, haulier: str) -> None:
        """A row of the list, or the rows of a merged registration."""
        draw = self._random
        vehicles, cells = self._vehicles()
        times = draw.randint(2, 3) if self._kind == "merged" and draw.random() < 0.6 else 1
        first = len(sheet.rows) + 1
        for time in range(times):
            self._number += 1
            reference = f"CP-{self._number:05}"
            pence = draw.choice((0, 60_000, 150_000, 240_050))
            values = {
                "penalty_reference": reference,
                "balance": f"{pence / 100:.2f}",
                "amount": "2400.00",
                "country": draw.choice(_COUNTRIES),
                "status": draw.choice(_STATUSES),
                "issued_on": "12/03/2025",
                "haulier": draw.choice(("", "Gamma Ltd")),
                "priority": draw.choice(("", "High")),
            }
            own = values["haulier"] if "haulier" in self._fields else haulier
            values |= cells if not time else dict.fromkeys(cells, "")
            sheet.rows.append([values[name] for name in self._fields])
            sheet.data += 1
            if draw.random() < 0.08 and times == 1:
                sheet.rows[-1] = [("?!" if n in cells else values[n]) for n in self._fields]
                sheet.rejected += 1
                continue
            sheet.lines += [(reg, trailer, own, reference, pence) for reg, trailer in vehicles]
            if draw.random() < 0.1 and times == 1:  # word for word again: a duplicate
                sheet.rows.append([*sheet.rows[-1]])
                sheet.data += 1
        if times > 1:
            for name in cells:
                column = self._fields.index(name)
                sheet.merges.append((first, column, first + times - 1, column))

    def _vehicles(self) -> tuple[list[tuple[str, str]], dict[str, str]]:
        """The vehicles of a row, and the cells that name them."""
        draw = self._random
        mark, other = self._mark(), self._mark(3)
        if self._kind == "pair":
            between = draw.choice((" / ", "/", "\n", ", ", " + "))
            alone = draw.random() < 0.3
            cell = mark if alone else f"{mark}{between}{other}"
            return [(mark, "" if alone else other)], {"pair": cell}
        if self._kind == "numbered":
            found = [mark, *([other] if draw.random() < 0.7 else [])]
            named = dict.fromkeys(self._marks(), "") | dict(zip(self._marks(), found, strict=False))
            return [(one, "") for one in found], named
        if self._kind == "other":
            more = [other, self._mark(5)][: draw.randint(0, 2)]
            cells = {"registration": mark, "Other vehicles": ", ".join(more)}
            return [(one, "") for one in (mark, *more)], cells
        trailer = draw.choice(("", f"C{1_000_000 + self._number}"))
        cells = {"registration": mark, "trailer_registration": trailer}
        if self._kind == "cell" and draw.random() < 0.5:
            cells["registration"] = f"{mark} / {other}"
            return [(mark, trailer), (other, "")], cells
        return [(mark, trailer)], cells


def described(one: Made) -> Iterator[str]:
    """The file for a message."""
    yield f"seed {one.seed}: {', '.join(one.traits)}"
    for sheet in one.sheets:
        yield f"-- {sheet.name}, merged {sheet.merges}"
        yield from (f"{number}: {row}" for number, row in enumerate(sheet.rows, 1))
