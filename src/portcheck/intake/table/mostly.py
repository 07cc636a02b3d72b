"""A long file most of whose rows cannot be taken, or are the same, is refused whole.

It is another file than it was taken for, or its columns were: nobody mends ten
thousand rows, and to keep each of them with its reason takes ever more memory.  A
workbook of a thousand bytes can say of one row that it stands there a million times.
"""

from collections.abc import Iterable

from portcheck.domain.problem import Problem, first_reasons
from portcheck.errors import FileRefused

MOST_TO_MEND = 10_000
"""Rows of a file that may all be rejected and are still told one by one."""


def refuse_mostly_rejected(
    where: str, rows: int, rejected: int, problems: Iterable[Problem], *, more: bool
) -> None:
    """Raise FileRefused when more than half of over `MOST_TO_MEND` rows were rejected.

    While there are `more` rows to come, only when more than `MOST_TO_MEND` were, so
    that a file is not judged by its beginning.
    """
    counted = rejected if more else rows
    if counted <= MOST_TO_MEND or rejected * 2 <= rows:
        return
    of = f"the first {rows:,}" if more else f"its {rows:,}"
    raise FileRefused(
        f"{rejected:,} of {of} rows cannot be taken ({first_reasons(problems)})",
        where=where,
        hint="It may be another file than it was taken for, or the columns may be others: say"
        " which is which with --map FIELD=HEADING.",
    )


def refuse_mostly_repeated(where: str, rows: int, repeated: int) -> None:
    """Raise FileRefused when more than `MOST_TO_MEND` of the rows so far, and nine of ten, are
    copies of another near them.
    """
    if repeated <= MOST_TO_MEND or repeated * 10 <= rows * 9:
        return
    raise FileRefused(
        f"{repeated:,} of the first {rows:,} rows are copies of another one",
        where=where,
        hint="No list does that: look where a row was filled down, take the copies out, and save"
        " it again.",
    )
