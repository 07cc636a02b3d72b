"""The tally counted a second time, the slow way, from the checks as people read them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from portcheck.domain.outcome import Primary
from portcheck.domain.registration.key import key_of
from portcheck.domain.tally import Tally
from portcheck.services.overview import CheckView
from portcheck.services.settings import zone

ENFORCING = {"paid_in_full", "part_paid", "security_given"}


def named(words: Iterable[str]) -> dict[str, int]:
    """How often each word comes; none is "not_recorded"."""
    return dict(Counter(word or "not_recorded" for word in words))


def comparable(found: Tally) -> dict[str, Any]:
    """The figures of a tally; lists and open matches by what tells them apart."""
    return found.document() | {
        "lists": {(one.name, one.version): one.checks for one in found.lists},
        "unresolved": sorted((u.ref, u.unit, u.registration, u.tier) for u in found.unresolved),
    }


def by_hand(seen: list[CheckView]) -> dict[str, Any]:
    """Figures of a tally, counted the slow way."""
    here = zone("Europe/London")
    valid = [check for check in seen if not check.voided]
    matches = [(check, m) for check in valid for m in check.matches]
    standing = [(c, m) for c, m in matches if m.decision not in {"", "replaced"}]
    tiers = Counter(m.tier for _, m in standing)
    decisions = Counter(m.decision for _, m in standing)
    waiting = [(c.ref, m.unit, m.registration, m.tier) for c, m in standing if m.decision == "open"]
    found = Figures(valid).all()
    return found | {
        "checks": len(valid),
        "voided": len(seen) - len(valid),
        "amended": sum(bool(check.amendments) for check in valid),
        "vehicles": len({check.vehicle_key for check in valid}),
        "trailers": len({key_of(check.trailer) for check in valid if check.trailer}),
        "containers": 0,
        "inbound": sum(check.details.get("direction") == "inbound" for check in valid),
        "outbound": sum(check.details.get("direction") == "outbound" for check in valid),
        "uk": sum(check.country == "GB" for check in valid),
        "foreign": sum(check.country not in {"", "GB"} for check in valid),
        "country_not_recorded": sum(not check.country for check in valid),
        "not_screened": sum(not check.screened for check in valid),
        "by_country": named(check.country for check in valid),
        "by_officer": named(check.officer for check in valid),
        "by_agency": named(check.agency for check in valid),
        "by_hour": named(f"{check.at.astimezone(here):%Y-%m-%dT%H}" for check in valid),
        **{
            f"by_{name}": named(check.details.get(name, "") for check in valid)
            for name in ("unit", "body", "lane")
        },
        "matches": {tier: tiers[tier] for tier in ("exact", "lookalike", "near")}
        | {
            "confirmed": decisions["confirmed"],
            "rejected": decisions["rejected"],
            "unresolved": decisions["open"],
        },
        "unresolved": sorted(waiting),
        "lists": dict(
            Counter((one["name"], one["version"]) for check in valid for one in check.lists)
        ),
        "penalties": money(valid),
    }


class Figures:
    """What is counted of outcomes."""

    def __init__(self, valid: list[CheckView]) -> None:
        self.outcomes = [check.outcome for check in valid]
        self.primary = Counter(check.primary_outcome for check in valid)

    def items(self, field: str) -> list[Any]:
        return [item for outcome in self.outcomes for item in outcome.get(field, ())]

    def some(self, *fields: str) -> list[dict[str, Any]]:
        return [o for o in self.outcomes if any(o.get(field) for field in fields)]

    def arrests(self) -> int:
        total = 0
        for outcome in self.outcomes:
            said = sum(one["count"] for one in outcome.get("arrests", ()))
            dealt = sum(o["disposal"] == "arrest" for o in outcome.get("offences", ()))
            total += max(said, dealt)
        return total

    def cash(self) -> list[dict[str, Any]]:
        seized = [one for one in self.items("cash") if one["disposal"] == "seized"]
        return [
            {
                "currency": currency,
                "seizures": sum(one["currency"] == currency for one in seized),
                "amount_minor": sum(
                    one["amount_minor"] for one in seized if one["currency"] == currency
                ),
            }
            for currency in sorted({one["currency"] for one in seized})
        ]

    def all(self) -> dict[str, Any]:
        offences = self.items("offences")
        searched = self.some("searched", "nothing_found")
        fines = {
            disposal: sum(o.get("amount_pence", 0) for o in offences if o["disposal"] == disposal)
            for disposal in ("fixed_penalty", "deposit")
        }
        return {
            "primary_outcomes": {name: self.primary[name] for name in map(str, Primary)},
            "searched": len(searched),
            "by_search_method": named(self.items("searched")),
            "nothing_found": sum(
                not (o.get("persons") or o.get("cash") or _seized(o)) for o in searched
            ),
            "vehicles_with_persons": len(self.some("persons")),
            "persons_found": sum(o.get("persons", 0) for o in self.outcomes),
            "minors_found": sum(o.get("minors", 0) for o in self.outcomes),
            "nrm_referrals": sum(o.get("nrm_referrals", 0) for o in self.outcomes),
            "cash": self.cash(),
            "vehicles_detained": sum(
                bool(o.get("detained"))
                or any(p["action"] == "vehicle_detained" for p in o.get("penalties", ()))
                for o in self.outcomes
            ),
            "traffic_offences": len(offences),
            "by_offence": named(o["offence"] for o in offences),
            "by_disposal": named(o["disposal"] for o in offences),
            "prohibitions": sum(o["disposal"].startswith("prohibition") for o in offences),
            "fixed_penalties_pence": fines["fixed_penalty"],
            "deposits_pence": fines["deposit"],
            "arrests": self.arrests(),
            "seizures": sum(one["count"] for one in self.items("seizures")),
            "drivers_educated": len(self.some("education")),
        }


def _seized(outcome: dict[str, Any]) -> bool:
    return bool(outcome.get("seizures"))


def money(valid: list[CheckView]) -> dict[str, int]:
    """Each penalty line once, as it stood when most was owed, less what was taken for it.

    Where the list gave no sum, whatever the lines with a sum leave is taken.
    """
    stands: dict[Any, dict[str, Any]] = {}
    weights: dict[Any, tuple[float, bool]] = {}
    in_order = sorted(valid, key=lambda check: (check.at, check.check_id))
    for check in in_order:
        for key, line, confirmed in lines_of(check):
            weight = (0.5 if line["owed_pence"] is None else line["owed_pence"], confirmed)
            if weight >= weights.get(key, (0, False)):
                weights[key], stands[key] = weight, line
    owed = {key: line["owed_pence"] for key, line in stands.items()}
    taken: Counter[Any] = Counter()
    for check in in_order:
        pool: Counter[str] = Counter()
        for action in check.outcome.get("penalties", ()):
            if action["action"] in ENFORCING:
                pool[action["reference"]] += action.get("amount_pence", 0)
        shown = {key: line["reference"] for key, line, _ in lines_of(check)}
        for key in [
            *(k for k in shown if owed[k] is not None),
            *(k for k in shown if owed[k] is None),
        ]:
            left = pool[shown[key]] if owed[key] is None else owed[key] - taken[key]
            now = min(pool[shown[key]], left)
            taken[key] += now
            pool[shown[key]] -= now
    acted = {key for key, line in stands.items() if taken[key] or line["enforceable"] == "yes"}
    enforceable = [owed[key] for key in owed if stands[key]["enforceable"] == "yes"]
    known = {key: pence for key, pence in owed.items() if pence is not None}
    return {
        "listed_pence": sum(known.values()),
        "enforceable_count": len(enforceable),
        "enforceable_pence": sum(enforceable),
        "enforced_count": sum(amount > 0 for amount in taken.values()),
        "enforced_pence": taken.total(),
        "outstanding_pence": sum(known[key] - taken[key] for key in acted & known.keys()),
        "not_enforceable_pence": sum(known[key] for key in known.keys() - acted),
        "enforced_without_sum_pence": sum(taken[key] for key in owed.keys() - known.keys()),
    }


def lines_of(check: CheckView) -> Iterator[tuple[Any, dict[str, Any], bool]]:
    """What names each penalty line of a check's standing matches, the line, and whether the
    match was confirmed.
    """
    for match in check.matches:
        if match.decision in {"open", "confirmed"}:
            for line in match.penalties:
                party = (line["reference"], line["liable_party"], line["liable_role"])
                key = (match.list_name, party if line["reference"] else line["entry_id"])
                yield key, line, match.decision == "confirmed"


@pytest.fixture(scope="session")
def recounted() -> Callable[[Tally, list[CheckView]], tuple[dict[str, Any], dict[str, Any]]]:
    """A tally's figures, and the same figures counted by hand from all checks of its operation."""

    def counting(found: Tally, seen: list[CheckView]) -> tuple[dict[str, Any], dict[str, Any]]:
        wanted, figures = by_hand(seen), comparable(found)
        return {name: figures[name] for name in wanted}, wanted

    return counting
