"""The tally's figures, counted from a check log with the csv module alone.

By the words of the trade and without portcheck's code, so that the program's
own counting can be held against them.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

LOG = Path(__file__).parents[2] / "sample_data" / "checks.csv"

Row = dict[str, str]


def read_log(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_log(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def items(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def records(rows: Iterable[Row], heading: str) -> Iterator[list[str]]:
    for row in rows:
        for item in items(row[heading]):
            yield [part.strip() for part in item.split(":")]


def number(text: str) -> int:
    return int(text or 0)


def pence(text: str) -> int:
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def distinct(rows: list[Row], heading: str) -> int:
    return len({re.sub(r"[^A-Z0-9]", "", row[heading].upper()) for row in rows} - {""})


def by(rows: list[Row], heading: str) -> dict[str, int]:
    return dict(Counter(row[heading] or "not_recorded" for row in rows))


def hour(row: Row) -> str:
    day, month, year, clock, _ = re.split(r"[/ :]", row["At"])
    return f"{year}-{month}-{day}T{clock}"


def was_searched(row: Row) -> bool:
    return bool(row["Searched"] or row["Nothing found"])


def found_something(row: Row) -> bool:
    return bool(number(row["Persons found"]) or row["Cash"] or row["Seizures"])


def arrests(row: Row) -> int:
    counted = sum(int(one[0]) for one in records([row], "Arrests"))
    return max(counted, sum(one[1] == "arrest" for one in records([row], "Offence")))


def primary(row: Row) -> str:
    """The one outcome a check is counted under: the first that fits."""
    if number(row["Persons found"]):
        return "persons_found"
    if any(one[2] == "seized" for one in records([row], "Cash")):
        return "cash_seized"
    done = {one[1] for one in records([row], "Penalty")}
    if done & {"paid_in_full", "part_paid", "security_given", "vehicle_detained"}:
        return "penalty_enforced"
    if arrests(row):
        return "arrest"
    if row["Offence"]:
        return "offence_dealt_with"
    return "nothing_found" if was_searched(row) else "not_searched"


OUTCOMES = (
    "persons_found",
    "cash_seized",
    "penalty_enforced",
    "arrest",
    "offence_dealt_with",
    "match_unresolved",
    "nothing_found",
    "not_searched",
)


def figures(rows: list[Row]) -> dict[str, Any]:
    """The tally's figures, counted from the log alone."""
    offences = list(records(rows, "Offence"))
    cash = [one for one in records(rows, "Cash") if one[2] == "seized"]
    paid = [pence(one[2]) for one in records(rows, "Penalty") if one[1] == "paid_in_full"]
    outcomes = Counter(map(primary, rows))
    return {
        "checks": len(rows),
        "vehicles": distinct(rows, "Registration"),
        "trailers": distinct(rows, "Trailer"),
        "containers": distinct(rows, "Container"),
        "inbound": sum(row["Direction"] == "inbound" for row in rows),
        "outbound": sum(row["Direction"] == "outbound" for row in rows),
        "uk": sum(row["Country"] == "GB" for row in rows),
        "foreign": sum(row["Country"] not in {"", "GB"} for row in rows),
        "country_not_recorded": sum(row["Country"] == "" for row in rows),
        "not_screened": 0,
        "by_country": by(rows, "Country"),
        "by_body": by(rows, "Body"),
        "by_unit": by(rows, "Unit"),
        "by_lane": by(rows, "Lane"),
        "by_officer": by(rows, "Officer"),
        "by_agency": by(rows, "Agency"),
        "by_hour": dict(Counter(map(hour, rows))),
        "searched": sum(map(was_searched, rows)),
        "by_search_method": dict(Counter(m for row in rows for m in items(row["Searched"]))),
        "nothing_found": sum(was_searched(row) and not found_something(row) for row in rows),
        "checks_with_persons": sum(number(row["Persons found"]) > 0 for row in rows),
        "vehicles_with_persons": distinct(
            [row for row in rows if number(row["Persons found"])], "Registration"
        ),
        "persons_found": sum(number(row["Persons found"]) for row in rows),
        "minors_found": sum(number(row["Minors found"]) for row in rows),
        "nrm_referrals": sum(number(row["NRM referrals"]) for row in rows),
        "cash": [
            {
                "currency": currency,
                "seizures": sum(one[0] == currency for one in cash),
                "amount_minor": sum(pence(one[1]) for one in cash if one[0] == currency),
            }
            for currency in sorted({one[0] for one in cash})
        ],
        "vehicles_detained": distinct(
            [
                row
                for row in rows
                if row["Vehicle detained"] == "yes"
                or any(one[1] == "vehicle_detained" for one in records([row], "Penalty"))
            ],
            "Registration",
        ),
        "traffic_offences": len(offences),
        "by_offence": dict(Counter(one[0] for one in offences)),
        "by_disposal": dict(Counter(one[1] for one in offences)),
        "prohibitions": sum(one[1].startswith("prohibition_") for one in offences),
        "fixed_penalties_pence": sum(pence(o[2]) for o in offences if o[1] == "fixed_penalty"),
        "deposits_pence": sum(pence(o[2]) for o in offences if o[1] == "deposit"),
        "arrests": sum(map(arrests, rows)),
        "seizures": sum(int(one[0]) for one in records(rows, "Seizures")),
        "drivers_educated": sum(bool(row["Education"]) for row in rows),
        "amended": 0,
        "voided": 0,
        "primary_outcomes": {name: outcomes[name] for name in OUTCOMES},
        "matches": {
            "exact": 1,  # CJ 47 TKV
            "lookalike": 1,  # 4AI 7382, for 4A1 7382
            "near": 0,
            "confirmed": sum(row["Decision"] == "confirmed" for row in rows),
            "rejected": sum(row["Decision"].startswith("rejected") for row in rows),
            "unresolved": 0,
        },
        "unresolved": [],
        "penalties": {
            "listed_pence": 240_000,  # CP-1042, the one line of CJ 47 TKV
            "enforceable_count": 1,
            "enforceable_pence": 240_000,
            "enforced_count": len(paid),
            "enforced_pence": sum(paid),
            "outstanding_pence": 240_000 - sum(paid),
            "not_enforceable_pence": 0,
            "enforced_without_sum_pence": 0,
            "overpaid_pence": 0,
            "undecided_count": 0,
            "undecided_pence": 0,
        },
        "complete": True,
    }


@pytest.fixture
def sample_log() -> list[Row]:
    """The rows of the sample log, to be counted or changed."""
    return read_log(LOG)


@pytest.fixture
def log_file(tmp_path: Path) -> Callable[[list[Row]], Path]:
    """Writes rows to a file of their own."""
    return lambda rows: write_log(tmp_path / "log.csv", rows)


@pytest.fixture(name="figures")
def figures_of() -> Callable[[list[Row]], dict[str, Any]]:
    """Counts rows."""
    return figures
