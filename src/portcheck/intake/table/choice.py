"""One of several columns that could be one field: chosen by their values and headings."""

from collections.abc import Sequence

from portcheck.intake.table.byhand import DECIDES_NOTHING, asks_which
from portcheck.intake.table.columns import MARKS, is_general
from portcheck.intake.table.headerrow import Header
from portcheck.intake.table.judged import fit_of


class Choice:
    """The choice among the columns that a header gives a field.

    Once `column` has chosen, `told` are sentences about the others, `passed_over` those whose
    values are not of the field, and `beside` those that hold registrations as well, of which
    none is to be lost.
    """

    def __init__(
        self, name: str, columns: Sequence[int], header: Header, texts: Sequence[str]
    ) -> None:
        self._name = name
        self._columns = columns
        self._texts = texts
        self._fits = {column: fit_of(name, header.cells(column)) for column in columns}
        self.told: list[str] = []
        self.passed_over: dict[int, str] = {}
        self.beside: list[int] = []

    def column(self, where: str) -> int:
        """The column.  Raises FileRefused where several are as good, and it matters which."""
        left = list(self._columns)
        if len(left) > 1:
            left = self._fitting(left)
        if len(left) > 1:
            left = self._telling(left)
        if len(left) > 1 and self._name not in DECIDES_NOTHING:
            raise asks_which(where, self._name, left, self._texts)
        if len(left) > 1:
            self._kept(left[0], left[1:])
        return left[0]

    def _fitting(self, left: list[int]) -> list[int]:
        """Those whose values are of the field, if any are."""
        fitting = [column for column in left if self._fits[column].is_good]
        for column in left if fitting else ():
            if column not in fitting:
                fit = self._fits[column]
                heading = self._texts[column]
                self.passed_over[column] = (
                    f"column “{heading}” was not read as {self._name}: {fit} are"
                )
        return fitting or left

    def _telling(self, left: list[int]) -> list[int]:
        """Those whose heading says it more plainly, if any does."""
        telling = [column for column in left if not is_general(self._name, self._texts[column])]
        others = [column for column in left if column not in telling]
        if not telling or not others:
            return left
        if self._name in MARKS:
            self.beside = [column for column in others if self._fits[column].values]
            others = [column for column in others if column not in self.beside]
        if len(telling) == 1 and others:
            self._kept(telling[0], others)
        return telling

    def _kept(self, column: int, others: Sequence[int]) -> None:
        named = " and ".join(f"“{self._texts[other]}”" for other in others)
        heading = self._texts[column]
        self.told.append(f"column “{heading}” was read as {self._name}; {named} kept as written")
