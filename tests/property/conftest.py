"""The tally counted a second time, the slow way, from the checks as people read them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import pytest

from portcheck.domain.outcome import Primary
from portcheck.domain.registration.guess import guess_country
from portcheck.domain.registration.key import key_of
from portcheck.domain.tally import Tally
from portcheck.services.day.overview import AmendmentView, CheckView
from portcheck.services.settings import zone

Versions = dict[tuple[str, int], tuple[datetime, datetime]]
"""When each version of a list was imported, and its date."""

ENFORCING = {"paid_in_full", "part_paid", "security_given"}


def named(words: Iterable[str]) -> dict[str, int]:
    """How often each word comes; none is "not_recorded"."""
    return dict(Counter(word or "not_recorded" for word in words))


def summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The numbers of each word together; a word that has none is left out."""
    found: Counter[str] = Counter()
    for word, number in pairs:
        found[word] += number
    return dict(+found)


def comparable(found: Tally) -> dict[str, Any]:
    """The figures of a tally; lists and open matches by what tells them apart."""
    return found.document() | {
        "lists": {(one.name, one.version): one.checks for one in found.lists},
        "unresolved": sorted((u.ref, u.unit, u.registration, u.tier) for u in found.unresolved),
    }


def by_hand(seen: list[CheckView], versions: Versions) -> dict[str, Any]:
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
        "amended": sum(any(map(corrects, check.amendments)) for check in valid),
        "vehicles": len({check.vehicle_key for check in valid}),
        "trailers": len({key_of(check.trailer) for check in valid if check.trailer}),
        "containers": 0,
        "inbound": sum(check.details.get("direction") == "inbound" for check in valid),
        "outbound": sum(check.details.get("direction") == "outbound" for check in valid),
        "uk": sum(check.country == "GB" for check in valid),
        "foreign": sum(check.country not in {"", "GB"} for check in valid),
        "country_not_recorded": sum(not check.country for check in valid),
        "country_guessed": sum(bool(guess_of(check)) for check in valid),
        "by_country_guessed": named(filter(None, map(guess_of, valid))),
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
        "penalties": money(valid, versions, {check.check_id for check in seen}),
    }


def guess_of(check: CheckView) -> str:
    """The country that the mark of a check tells of, where nobody gave it."""
    return "" if check.country else guess_country(check.vehicle_key)


def corrects(change: AmendmentView) -> bool:
    """Whether it changed what is recorded, and is not about a decision or a void alone."""
    return change.field != "void" and not change.field.startswith("match_")


class Figures:
    """What is counted of outcomes."""

    def __init__(self, valid: list[CheckView]) -> None:
        self.checks = valid
        self.outcomes = [check.outcome for check in valid]
        self.primary = Counter(check.primary_outcome for check in valid)

    def items(self, field: str) -> list[Any]:
        return [item for outcome in self.outcomes for item in outcome.get(field, ())]

    def some(self, *fields: str) -> list[dict[str, Any]]:
        return [o for o in self.outcomes if any(o.get(field) for field in fields)]

    def vehicles(self, wanted: Callable[[dict[str, Any]], object]) -> int:
        """The distinct vehicles of the checks whose outcome is wanted."""
        return len({check.vehicle_key for check in self.checks if wanted(check.outcome)})

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

    def issued(self) -> dict[str, Any]:
        """New penalties, and vehicles that are held."""
        issued = self.items("new_penalties")
        return {
            "notices_issued": sum(one["done"] == "notice_issued" for one in issued),
            "cases_referred": sum(one["done"] == "case_referred" for one in issued),
            "new_penalties_pence": sum(one.get("amount_pence", 0) for one in issued),
            "by_new_penalty": named(
                f"{one['done']}.{one['section']}.{one['against']}" for one in issued
            ),
            "detention_expenses_pence": sum(
                o.get("detention_expenses_pence", 0) for o in self.outcomes
            ),
            "vehicles_held": self.vehicles(lambda o: o.get("held_for")),
            "by_held_for": named(self.items("held_for")),
        }

    def seizures(self) -> dict[str, Any]:
        """What was seized: as it is recorded now, and as it was once, by how many."""
        seized = self.items("seizures")
        smallest = {"kg": "g", "litres": "ml", None: "items"}
        return {
            "seizures": sum(one.get("count", 1) for one in seized),
            "seizures_pence": sum(one.get("value_pence", 0) for one in seized),
            "by_seizure": summed(
                (one.get("kind", "not_recorded"), one.get("count", 1)) for one in seized
            ),
            "seized": summed(
                (
                    f"{one['kind']}.{smallest.get(one.get('unit'), one.get('unit'))}",
                    one["quantity_minor"],
                )
                for one in seized
                if "quantity_minor" in one
            ),
        }

    def all(self) -> dict[str, Any]:
        offences = self.items("offences")
        searched = self.some("searched", "nothing_found")
        fines = {
            disposal: sum(o.get("amount_pence", 0) for o in offences if o["disposal"] == disposal)
            for disposal in ("fixed_penalty", "deposit", "conditional_offer")
        }
        return {
            "primary_outcomes": {name: self.primary[name] for name in map(str, Primary)},
            "searched": len(searched),
            "by_search_method": named(self.items("searched")),
            "nothing_found": sum(
                not (o.get("persons") or o.get("cash") or _seized(o)) for o in searched
            ),
            "checks_with_persons": len(self.some("persons")),
            "vehicles_with_persons": self.vehicles(lambda o: o.get("persons")),
            "persons_found": sum(o.get("persons", 0) for o in self.outcomes),
            "minors_found": sum(o.get("minors", 0) for o in self.outcomes),
            **{
                name: sum(o.get(name, 0) for o in self.outcomes)
                for name in ("deaths", "nrm_referrals", "nrm_notifications", "nrm_crew")
            },
            "asylum_claimed": sum(o.get("asylum_claimed", 0) for o in self.outcomes),
            "medical_help": sum(bool(o.get("medical_help")) for o in self.outcomes),
            "by_found_by": named(self.items("found_by")),
            "by_found_in": named(self.items("found_in")),
            "by_handed_over": summed((o["to"], o["count"]) for o in self.items("handed_over")),
            "by_nationality": summed(
                (o["nationality"], o["count"]) for o in self.items("nationalities")
            ),
            "cash": self.cash(),
            **self.issued(),
            **self.seizures(),
            "vehicles_detained": self.vehicles(
                lambda o: (
                    o.get("detained")
                    or any(p["action"] == "vehicle_detained" for p in o.get("penalties", ()))
                )
            ),
            "traffic_offences": len(offences),
            "by_offence": named(o["offence"] for o in offences),
            "by_disposal": named(o["disposal"] for o in offences),
            "prohibitions": sum("prohibition" in o["disposal"] for o in offences),
            "conditional_offers_pence": fines["conditional_offer"],
            "fixed_penalties_pence": fines["fixed_penalty"],
            "deposits_pence": fines["deposit"],
            "arrests": self.arrests(),
            "drivers_educated": len(self.some("education")),
        }


def _seized(outcome: dict[str, Any]) -> bool:
    return bool(outcome.get("seizures"))


def money(valid: list[CheckView], versions: Versions, ours: set[str]) -> dict[str, int]:
    """Each penalty line once, as its newest showing has it, held against what was taken for it
    here, and what other operations had taken when it was shown.
    """
    in_order = sorted(valid, key=lambda check: (check.at, check.check_id))
    showings: dict[Any, list[tuple[Any, CheckView, dict[str, Any], bool]]] = {}
    for check in in_order:
        for key, line, sure, newness, _ in lines_of(check, versions):
            showings.setdefault(key, []).append(((sure, *newness), check, line, sure))
    paid = paid_on(in_order, versions)
    found: Counter[str] = Counter()
    for key, some in showings.items():
        _, _, line, sure = max(some, key=lambda one: one[0])
        others = [
            (datetime.fromisoformat(one["at"]), one["given_pence"], one["owed_pence"], False)
            for one in line["recorded"]
            if one["check_id"] not in ours
        ]
        all_paid = sorted([*paid.get(key, []), *others], key=lambda one: one[0])
        taken, over, left, doubt = held_against(all_paid, line["owed_pence"])
        acted, open_ = taken > 0, not sure and not (taken or over)
        by_others = left == 0 and not doubt and not acted and any(one[1] for one in others)
        answer = "" if by_others else line["otherwise"]
        yes = (answer or line["enforceable"]) == "yes" and not doubt and not open_
        owed = 0 if left is None else taken + left
        rest = "outstanding" if (yes or acted) and not doubt else "not_enforceable"
        found.update(
            {
                "listed_pence": owed,
                "enforceable_count": yes,
                "enforceable_pence": owed if yes else 0,
                "enforced_count": acted,
                "enforced_pence": taken,
                f"{rest}_pence": left or 0,
                "enforced_without_sum_pence": taken if left is None else 0,
                "overpaid_pence": over,
                "undecided_count": open_,
                "undecided_pence": owed if open_ else 0,
            }
        )
    return {name: found[name] for name in MONEY}


MONEY = [f"{name}_pence" for name in ("listed", "enforceable", "enforced", "outstanding")]
MONEY += ["enforceable_count", "enforced_count", "undecided_count", "undecided_pence"]
MONEY += ["not_enforceable_pence", "enforced_without_sum_pence", "overpaid_pence"]
Paid = list[tuple[datetime, int, int | None, bool]]
"""Payments on a line: when, how much, what the list gave as owed there, and whether it was in
the operation that is counted.
"""


def paid_on(in_order: list[CheckView], versions: Versions) -> dict[Any, Paid]:
    """The payments of each line, as they are shared out at their checks."""
    found: dict[Any, Paid] = {}
    for check in in_order:
        there: dict[Any, tuple[Any, dict[str, Any]]] = {}
        for key, line, sure, newness, asked in lines_of(check, versions):
            if key not in there or (asked, sure, *newness) > there[key][0]:
                there[key] = (asked, sure, *newness), line
        for action in check.outcome.get("penalties", ()):
            rest = action.get("amount_pence", 0) if action["action"] in ENFORCING else 0
            concerned = {
                key: line["owed_pence"]
                for key, (_, line) in there.items()
                if key[0] == plain(action["reference"])
            }
            first = True
            for key in sorted(concerned, key=lambda key: concerned[key] is None):
                owed = concerned[key]
                left = held_against(found.get(key, []), owed)[2]
                part = rest if left is None or len(concerned) == 1 else min(rest, left)
                rest -= part
                found.setdefault(key, []).append((check.at, part, owed, True))
                first = False
            assert first or rest == 0, "one reference, one line, in this small world"
    return found


def held_against(paid: Paid, newest: int | None) -> tuple[int, int, int | None, bool]:
    """What was taken and what was over, what is left, and whether that is in doubt."""
    taken, over, base = 0, 0, None
    waiting: list[int] = []
    doubt = False
    for amount, listed, ours in [*((p[1], p[2], p[3]) for p in paid), (0, newest, True)]:
        explained = [0, *waiting, *(sum(waiting[:n]) for n in range(1, len(waiting) + 1))]
        if not waiting or listed == 0:
            base, waiting, doubt = listed, [], False
        elif listed == base:
            doubt = False
        elif listed is None or base is None or base - listed not in explained:
            doubt = True
        else:
            gone, base, doubt = base - listed, listed, False
            firsts = [n for n in range(1, len(waiting) + 1) if sum(waiting[:n]) == gone]
            if firsts:
                waiting = waiting[firsts[0] :]
            else:
                waiting.remove(gone)
        left = None if listed is None else max(listed - sum(waiting), 0)
        now = amount if left is None else min(amount, left)
        taken, over = taken + now * ours, over + (amount - now) * ours
        if now:
            waiting.append(now)
    return taken, over, left, doubt


def plain(reference: str) -> str:
    return reference.replace("-", "").replace(" ", "").lower()


def lines_of(
    check: CheckView, versions: Versions
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any], bool, tuple[Any, ...], bool]]:
    """What names each penalty line of a check's standing matches, the line, whether it is
    taken for the vehicle's, how new the showing is, and whether its list was asked then.
    """
    for match in check.matches:
        if match.decision in {"open", "confirmed"}:
            imported, dated = versions[match.list_name, match.list_version]
            for line in match.penalties:
                party = line["liable_party"].lower().replace(" limited", "").replace(" ltd", "")
                key = (plain(line["reference"]), party)
                owed = line["owed_pence"]
                yield (
                    key if line["reference"] else ("", match.list_name, line["entry"]),
                    line,
                    match.decision == "confirmed" or match.tier != "near",
                    (
                        *(max(check.at, imported), dated, match.list_version),
                        *(owed or 0, owed is None, match.decision == "confirmed"),
                    ),
                    not match.later,
                )


@pytest.fixture(scope="session")
def recounted() -> Callable[
    [Tally, list[CheckView], Versions], tuple[dict[str, Any], dict[str, Any]]
]:
    """A tally's figures, and the same figures counted by hand from all checks of its operation."""

    def counting(
        found: Tally, seen: list[CheckView], versions: Versions
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        wanted, figures = by_hand(seen, versions), comparable(found)
        return {name: figures[name] for name in wanted}, wanted

    return counting
