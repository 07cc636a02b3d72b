"""The figures that matching is held to, on third-party plates and with fixed seeds."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from portcheck.domain.matching import costs

BENCH = Path(__file__).parents[2] / "bench"
SEED, ENTRIES, CHECKS, READS = 2021, 10_000, 60_000, 800
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


@pytest.fixture(scope="module")
def listed() -> Any:
    """A list of 10,000 plates."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCH))
        return import_module("accuracy_traffic").ActionList(SEED, ENTRIES)


@pytest.mark.parametrize(
    ("kind", "method", "least"),
    [
        ("lookalike", "near", 1.0),
        ("swapped", "near", 1.0),
        ("doubled", "near", 1.0),
        ("mixed", "near", 0.72),
        ("mixed", "weak", 0.90),
    ],
)
def test_what_is_found(listed: Any, kind: str, method: str, least: float) -> None:
    traffic, methods = import_module("accuracy_traffic"), import_module("accuracy_methods")
    reads = list(traffic.wrong_reads(listed, SEED + 1, READS, kind))
    plain, known = methods.recall(reads, listed)
    assert plain.share(method) >= least
    assert known.share(method) >= plain.share(method)
    if kind != "mixed":
        assert plain.share(method) >= plain.share("Lev. ≤ 1")


def test_what_is_alerted_for_nothing(listed: Any) -> None:
    traffic, methods = import_module("accuracy_traffic"), import_module("accuracy_methods")
    for tally in methods.alerts(traffic.unlisted(listed, SEED + 2, CHECKS), listed):
        assert tally.share("exact") == 0
        assert tally.share("lookalike") <= 0.00005
        assert tally.share("near") <= 0.0005
        assert tally.share("near") < tally.share("Lev. ≤ 1") / 4


@pytest.mark.parametrize("within", [1, 10])
def test_fleets_are_not_alerted(listed: Any, within: int) -> None:
    traffic, methods = import_module("accuracy_traffic"), import_module("accuracy_methods")
    for tally in methods.alerts(traffic.fleet(listed, SEED + 3, 4_000, within), listed):
        assert tally.share("near") <= 0.05
        assert tally.share("Lev. ≤ 1") > 0.3


@pytest.mark.parametrize("kind", ["lookalike", "two slips", "mixed"])
def test_a_wrong_read_is_never_the_registration_itself(listed: Any, kind: str) -> None:
    errors = import_module("errors")
    traffic = import_module("accuracy_traffic")
    assert sum(errors.SHARES.values()) == 100
    assert errors.SHARES.keys() == errors.SLIPS.keys()
    for typed, meant in traffic.wrong_reads(listed, SEED, 200, kind):
        assert typed != meant
        assert typed not in listed.countries
        assert meant in listed.countries


def test_the_curve_moves_with_the_threshold_and_leaves_it_alone(
    listed: Any, tmp_path: Path
) -> None:
    before = dict(vars(costs))
    curve = import_module("accuracy_curve")
    points = curve.curve(listed, 20_000, 400)
    assert dict(vars(costs)) == before
    for line in points.values():
        assert [p[1] for p in line] == sorted(p[1] for p in line)
        assert [p[2] for p in line] == sorted(p[2] for p in line)
        assert line[0][2] < line[-1][2]
    curve.draw(tmp_path / "picture.svg", points, {"Lev. ≤ 1": (0.0025, 0.8)}, "A & B")
    drawn = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    assert drawn.count("<circle") == 2 * len(curve.THRESHOLDS)
    assert "A &amp; B" in drawn
