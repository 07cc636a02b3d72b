"""What was recorded here, in any operation, about penalty lines that are looked at now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from portcheck.domain.settlement import (
    Act,
    Key,
    Recorded,
    Settlement,
    Shown,
    by_line,
    records_of,
    reference_key,
    settle,
    together,
)
from portcheck.domain.times import read_utc, utc_text
from portcheck.services.context import Context
from portcheck.store.recorded import ActRow, LineRow, acts_on, key_from, lines_at


@dataclass(frozen=True, slots=True)
class RecordedHere:
    """What is known of some penalties, by line."""

    records: Mapping[Key, list[Recorded]] = field(default_factory=dict)

    def about(self, key: Key, shown: Shown) -> Settlement | None:
        """How a line stands that a list gives as `shown`; None where nothing was recorded."""
        found = records_of(key, self.records) if key[0] else []
        return settle(found, shown) if found else None


NOTHING = RecordedHere()


def recorded_here(
    context: Context,
    references: Iterable[str],
    here: tzinfo,
    *,
    before: datetime | None = None,
    without: str = "",
) -> RecordedHere:
    """What was recorded about the penalties of these references; times are those of `here`.

    Two queries, and one where nothing was recorded.  Void checks and rejected matches do
    not count, nor checks from `before` on, nor the check `without`.
    """
    connection = context.connection
    keys = {reference_key(reference) for reference in references} - {""}
    acts = acts_on(connection, keys, before=utc_text(before) if before else "") if keys else []
    acts = [act for act in acts if act.check_id != without]
    if not acts:
        return NOTHING
    there = _lines(lines_at(connection, list({act.check_id for act in acts})), here)
    return RecordedHere(by_line(_acts(acts, there, here)))


def _lines(rows: Iterable[LineRow], here: tzinfo) -> Mapping[str, dict[Key, Shown]]:
    """The lines of each check, each as the newest list that was asked there gave it."""
    found: dict[str, dict[Key, Shown]] = defaultdict(dict)

    def newness(row: LineRow) -> tuple[object, ...]:
        return not row.later, row.dated, row.owed_pence or 0, row.owed_pence is None

    for row in sorted(rows, key=newness):
        dated = read_utc(row.dated).astimezone(here).date()
        there, key = found[row.check_id], key_from(row.line_key)
        there.pop(key, None)  # so that the newest comes last
        there[key] = Shown(row.owed_pence, dated)
    return found


def _acts(
    acts: Iterable[ActRow], there: Mapping[str, Mapping[Key, Shown]], here: tzinfo
) -> Iterator[Act]:
    for act in acts:
        some = {
            key: shown
            for key, shown in there.get(act.check_id, {}).items()
            if key[0] == act.reference_key
        }
        one_line = together(some)
        lines: dict[Key, Shown] = {}
        for key, shown in some.items():
            lines[one_line[key]] = shown
        if lines:
            first = next(iter(lines.values()))
            yield Act(_record(act, first, here), tuple(lines.items()))


def _record(act: ActRow, shown: Shown, here: tzinfo) -> Recorded:
    at = read_utc(act.at).astimezone(here)
    return Recorded(
        act.check_id,
        act.operation_id,
        act.operation,
        act.ref,
        at,
        act.action,
        act.amount_pence,
        0,
        shown,
    )
