"""The databases that speed is measured on hold what they are said to hold."""

from importlib import import_module
from pathlib import Path

import pytest

from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement

BENCH = Path(__file__).parents[2] / "bench"


@pytest.mark.slow
@pytest.mark.parametrize("rich", [False, True])
def test_an_operation_of_so_many_checks(
    rich: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    stores = import_module("stores")
    context = stores.context_for(tmp_path / "bench.db")
    stores.fill_list(context, 1)
    stores.fill_checks(context, 600, rich=rich)
    found = statement(context, select(context))
    tally, money = found.tally, found.tally.penalties
    assert found.contradictions() == []
    assert (tally.checks, tally.counts["searched"]) == (600, 600)
    assert [one.checks for one in tally.lists] == ([600] if rich else [])
    hits = tally.matches.confirmed
    assert (hits > 10, tally.trailers > 300, bool(tally.cash)) == (rich,) * 3
    assert len(found.lines) == 3 * hits
    assert found.lines_without_sum == hits
    assert (money.enforced_pence > 0) is rich
    context.connection.close()
