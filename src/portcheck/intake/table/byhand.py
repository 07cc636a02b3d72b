"""Columns settled by hand: as said now, or as remembered from the files before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portcheck.domain.text import fold
from portcheck.errors import FileRefused
from portcheck.intake.cells import text_of
from portcheck.intake.files.sheetreach import column_letters, column_number

Mapped = Mapping[str, str]
"""What the caller says of columns: field to heading as written, or "col:B"."""

_BY_LETTER = "col:"
_MOST_SHOWN = 30
MAY_BE_BLANK = frozenset(
    {
        "haulier",
        "liable_party",
        "section",
        "incident_on",
        "action",
        "priority",
        "contact",
        "notes",
    }
)
"""Fields without which no vehicle is missed, no penalty is taken for another, and none is called
enforceable that is not."""


DECIDES_NOTHING = frozenset({"haulier", "priority", "contact", "notes", "sailing"})
"""Fields that a file is never refused for: of several columns the first is read."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """`said` now, and `kept` from before: no field is in both.

    What is said now must be in the file.  What was kept may be gone from it:
    then its column is looked for as if nothing had been said.
    """

    said: Mapped
    kept: Mapped

    @property
    def every(self) -> dict[str, str]:
        """All of it, by field."""
        return {**self.said, **self.kept}

    def by_heading(self) -> dict[str, str]:
        """The fields that were settled by their heading, by that heading folded."""
        names = [name for name in self.every if not self.by_letter(name)]
        return {fold(self.every[name]): name for name in reversed(names)}

    def by_letter(self, name: str) -> bool:
        """Whether the field's column was settled by its letter."""
        return self.every.get(name, "").startswith(_BY_LETTER)

    def letters(self, names: Iterable[str]) -> set[int]:
        """The columns of those of the fields that were settled by their letter."""
        wanted = (self.every[name] for name in names if self.by_letter(name))
        return {column for one in wanted if (column := _lettered(one)) >= 0}

    def columns(
        self, where: str, texts: Sequence[str], also: Sequence[Sequence[str]] = ()
    ) -> dict[str, int]:
        """The columns of headings by field, without what was kept and is gone; `also` are the
        texts that each stands in, where they are in several rows.

        Raises FileRefused for what is said now and is not there, and for a
        heading that is there twice.
        """
        found = {}
        for name, wanted in self.every.items():
            same = _called(wanted, texts, also)
            if len(same) > 1:
                raise asks_which(where, name, same, texts)
            if same:
                found[name] = same[0]
            elif name in self.said:
                raise FileRefused(
                    f"there is no {_shown(wanted)} for {name}",
                    where=where,
                    hint=f"The headings are {listed(texts)}.",
                )
        return found

    def apart(
        self, texts: Sequence[str], also: Sequence[Sequence[str]]
    ) -> tuple["ByHand", "ByHand"]:
        """What is among these headings, and the rest: for the other of two sheets."""
        here = {name for name, wanted in self.every.items() if _called(wanted, texts, also)}
        return (
            ByHand(
                {name: wanted for name, wanted in self.said.items() if name in here},
                {name: wanted for name, wanted in self.kept.items() if name in here},
            ),
            ByHand(
                {name: wanted for name, wanted in self.said.items() if name not in here},
                {name: wanted for name, wanted in self.kept.items() if name not in here},
            ),
        )

    def gone(self, texts: Sequence[str], also: Sequence[Sequence[str]] = ()) -> dict[str, str]:
        """What was kept and is not among the headings."""
        kept = self.kept.items()
        return {name: wanted for name, wanted in kept if not _called(wanted, texts, also)}


def by_hand(mapping: Mapped, remembered: Mapped) -> ByHand:
    """What is said now comes before what is remembered; a blank heading only takes that back.

    >>> by_hand({"balance": "Owed", "amount": ""}, {"amount": "Sum", "notes": "Remarks"})
    ByHand(said={'balance': 'Owed'}, kept={'notes': 'Remarks'})
    """
    return ByHand(
        {name: wanted for name, wanted in mapping.items() if wanted},
        {name: wanted for name, wanted in remembered.items() if name not in mapping},
    )


def taken_back(mapping: Mapped, remembered: Mapped) -> Iterator[str]:
    """A sentence for each field that was named with a blank heading."""
    for name in (name for name, wanted in mapping.items() if not wanted):
        if name in remembered:
            was = f"the {_shown(remembered[name])} was remembered for {name}"
            yield f"{was}; once this file is stored it is forgotten"
        else:
            yield f"nothing was remembered for {name}, so there was nothing to forget"


def told_of_gone(where: str, gone: Mapped, found: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each remembered column that is gone; `found` are headings taken instead.

    Raises FileRefused where nothing was found instead, unless the field may be
    blank: a list whose column of registrations, balances or statuses was renamed
    would else be taken without them.
    """
    for name, wanted in gone.items():
        missing = f"there is no {_shown(wanted)}, as remembered for {name}"
        if name in found:
            yield f"{missing}: “{found[name]}” was recognised and read instead"
        elif name not in MAY_BE_BLANK:
            raise FileRefused(
                f"{missing}, and no other was recognised",
                where=where,
                hint=f'Import it with --map "{name}=HEADING", or with --map "{name}=" if this list'
                " has none any longer.",
            )
        else:
            yield (
                f"{missing}, and no other was recognised: {name} was left blank."
                f' It stays remembered; --map "{name}=" forgets it'
            )


def asks_which(where: str, name: str, columns: Sequence[int], texts: Sequence[str]) -> FileRefused:
    """Several columns could be one field: to be settled by hand."""
    named = " and ".join(f"{column_letters(i)} “{texts[i]}”" for i in columns)
    same = len({texts[i] for i in columns}) == 1
    example = f"{_BY_LETTER}{column_letters(columns[0])}" if same else texts[columns[0]]
    return FileRefused(
        f"columns {named} could both be {name}",
        where=where,
        hint=f'Say which: --map "{name}={example}"',
    )


def listed(texts: Sequence[str]) -> str:
    """Headings for a message."""
    named = ", ".join(f"“{text}”" for text in texts[:_MOST_SHOWN])
    return named + (" …" if len(texts) > _MOST_SHOWN else "")


def _called(wanted: str, texts: Sequence[str], also: Sequence[Sequence[str]]) -> list[int]:
    """The columns that are meant, spelled as they are if there is one."""
    if wanted.startswith(_BY_LETTER):
        column = _lettered(wanted)
        return [column] if 0 <= column < len(texts) else []
    same = [i for i, text in enumerate(texts) if text == text_of(wanted)]
    same = same or [i for i, text in enumerate(texts) if fold(text) == fold(wanted)]
    return same or [i for i, texts in enumerate(also) if fold(wanted) in map(fold, texts)]


def _lettered(wanted: str) -> int:
    """The column that is meant by its letters, from 0; -1 for none."""
    letters = _letters(wanted)
    return column_number(letters) if letters.isascii() and letters.isalpha() else -1


def _letters(wanted: str) -> str:
    return wanted.removeprefix(_BY_LETTER).strip()


def _shown(wanted: str) -> str:
    if wanted.startswith(_BY_LETTER):
        return f"column “{_letters(wanted)}”"
    return f"heading “{text_of(wanted)}”"
