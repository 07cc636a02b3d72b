"""Accuracy of matching beside the baselines, and its speed on a store of any length.

    python bench/accuracy.py [--quick] [--picture FILE.svg]

Costs and thresholds (`portcheck.domain.matching.costs`) were set on other seeds
than those measured here.  Without --quick the curve is drawn as docs/accuracy.svg.
"""

import argparse
import time
from collections.abc import Iterable
from functools import reduce
from operator import add
from pathlib import Path

from accuracy_curve import curve, draw
from accuracy_methods import BASELINES, METHODS, TIERS, Measured, Tally, alerts, recall
from accuracy_speed import speeds
from accuracy_traffic import ELSEWHERE, ActionList, fleet, unlisted, wrong_reads
from accuracy_weights import weights
from errors import MIXED, SHARES
from portcheck.domain.matching import Tier
from portcheck.domain.matching.odds import Odds, odds

TUNED_ON = (1, 2)
"""Seeds of the lists on which costs and thresholds were set."""
MEASURED_ON = (41, 42, 43, 44)
"""Seeds of the lists that are measured."""
ENTRIES = 10_000
CAPTION = f"What is found, and at what price: a list of {ENTRIES:,} entries"
PICTURE = Path(__file__).parents[1] / "docs" / "accuracy.svg"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer vehicles, shorter lists")
    parser.add_argument("--picture", type=Path, help="where to draw the curve")
    options = parser.parse_args()
    quick = options.quick
    started = time.perf_counter()
    seeds = MEASURED_ON[:1] if quick else MEASURED_ON
    checks = 10_000 if quick else 100_000
    reads = 500 if quick else 2_500
    print(
        f"Lists of {ENTRIES:,} Faker plates of 27 European locales; costs were set on seeds "
        f"{TUNED_ON}, measured here on {seeds}\n"
    )
    lists = [ActionList(seed, ENTRIES) for seed in seeds]
    found = show_recall(lists, reads)
    false = show_alerts(lists, checks)
    show_odds(lists[0], false)
    picture = options.picture or (None if quick else PICTURE)
    if picture:
        points = curve(lists[0], checks, 2 * reads)
        shown = {name: (false.share(name), found.share(name)) for name in BASELINES}
        draw(picture, points, shown, CAPTION)
        print(f"\nThe curve is drawn in {picture.name}")
    if not quick:
        weights(ActionList(TUNED_ON[0], ENTRIES), TUNED_ON[1])
    speeds(quick=quick)
    print(f"\n{time.perf_counter() - started:.0f} s")


def over(lists: Iterable[Measured]) -> Measured:
    """What was measured on several lists, added up."""
    found = list(lists)
    return reduce(add, (plain for plain, _ in found)), reduce(add, (known for _, known in found))


def show_recall(lists: list[ActionList], reads: int) -> Tally:
    """Of a hundred wrong reads of a listed vehicle, how many find it; returns mixed ones."""
    print("Found of 100 wrong reads of a listed vehicle (tiers add up from left to right)")
    print(f"{'':<59}{'portcheck through':<33}{'and with the country known'}")
    heading("share", (*METHODS, *TIERS), 26)
    for kind in (*SHARES, MIXED):
        plain, known = over(
            recall(wrong_reads(one, one.seed + 51, reads, kind), one) for one in lists
        )
        share = f"{SHARES[kind]} %" if kind in SHARES else ""
        cells = [plain.share(name) for name in METHODS] + [known.share(name) for name in TIERS]
        print(f"{kind:<20}{share:>6}" + "".join(f"{100 * cell:>11.1f}" for cell in cells))
    return plain


def show_alerts(lists: list[ActionList], checks: int) -> Tally:
    """Of a hundred vehicles that are not listed, how many raise an alert; returns plain ones."""
    print(f"\nAlerts on 100 vehicles that are not listed, {ENTRIES:,} entries (tiers add up)")
    heading("checks", METHODS, 46)
    plain, known = over(alerts(unlisted(one, one.seed + 52, checks), one) for one in lists)
    elsewhere, _ = over(
        alerts(unlisted(one, one.seed + 53, checks // 2, ELSEWHERE), one) for one in lists
    )
    rows = {
        "country not known": plain,
        "country known": known,
        "plates of other continents, not known": elsewhere,
    }
    for within, name in ((1, "next number"), (10, "within ten")):
        _, rows[f"fleet, {name}, country known"] = over(
            alerts(fleet(one, one.seed + 54, checks // 20, within), one) for one in lists
        )
    for name, tally in rows.items():
        cells = "".join(f"{100 * tally.share(method):>11.4f}" for method in METHODS)
        print(f"{name:<37}{tally.vehicles:>9,}{cells}")
    return plain


def show_odds(listed: ActionList, seen: Tally) -> None:
    """What portcheck says of the list by itself, beside what was seen."""
    said = odds(listed.countries)
    print("\nThe list's own odds beside what was seen, country not known")
    surer = 0.0
    for name in TIERS:
        tier, share = Tier(name), seen.share(name)
        real = Odds(0, *([share - surer] * len(TIERS))).sentence(tier)
        met = real if share > surer else f"in none of {seen.vehicles:,}"
        print(f"   {name:<10} said {said.sentence(tier):<28} seen {met}")
        surer = share


def heading(first: str, names: Iterable[str], width: int) -> None:
    print(f"{first:>{width}}" + "".join(f"{name:>11}" for name in names))


if __name__ == "__main__":
    main()
