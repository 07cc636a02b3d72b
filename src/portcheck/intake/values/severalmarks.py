"""A cell that holds several registrations: of a lorry and its trailer, or of several lorries.

Nothing is guessed at: only what stands between slashes, commas or line breaks, and is a
registration by itself, is taken for one of several.
"""

from collections.abc import Sequence

from portcheck.domain.registration.one_mark import several_marks
from portcheck.intake.cells import Cell, text_of
from portcheck.intake.values.words import ValueRefused


def marks_apart(cell: Cell, fields: Sequence[str]) -> tuple[tuple[str, Cell], ...]:
    """Each registration in a cell with the field it is of, in the cell's order.

    `fields` are those its heading names.  Of one field, all are of it; of several, as in
    "Reg / Trailer", the first is of the first.  A cell with one registration, or none, is
    of the first field as it stands.  Raises ValueRefused where there are more than the
    heading has names for.

    >>> marks_apart("AB12CDE / C1234567", ("registration", "trailer_registration"))
    (('registration', 'AB12CDE'), ('trailer_registration', 'C1234567'))
    >>> marks_apart("AB12CDE, CD34EFG", ("registration",))
    (('registration', 'AB12CDE'), ('registration', 'CD34EFG'))
    """
    texts = several_marks(cell) if isinstance(cell, str) else ()
    if not texts:
        return ((fields[0], cell),)
    if len(fields) == 1:
        return tuple((fields[0], text) for text in texts)
    if len(texts) > len(fields):
        raise ValueRefused(
            f"holds {len(texts)} registrations ({', '.join(map(text_of, texts))}) under a heading"
            f" that names {len(fields)}"
        )
    return tuple(zip(fields, texts, strict=False))
