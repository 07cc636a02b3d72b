"""Tables for analysts: they say what the tally says, and are the same however they came to be."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from tests.targets.conftest import Exchange, new_place

from portcheck.report.contract import DOCUMENTS

if TYPE_CHECKING:
    from tests.conftest import Clone, NewWorld, Program

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_data"
DAY = "Portsmouth 17 June 2021"
TABLES = ("operations", "devices", "checks", "matches", "penalties", "findings", "penalty_actions")
QUERIES = re.findall(
    r"^```sql\n(SELECT.*?)^```$",
    (ROOT / "docs/server.md").read_text("utf-8"),
    re.DOTALL | re.MULTILINE,
)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with new_place("database") as made:
        assert isinstance(made, Exchange)
        yield made


@pytest.fixture(scope="module")
def portsmouth(tmp_path_factory: pytest.TempPathFactory, new_world: "NewWorld") -> Path:
    """A database with Portsmouth's day on one laptop, as it was recorded."""
    one = new_world(tmp_path_factory.mktemp("portsmouth"))
    one.good("list", "import", SAMPLES / "action_list.xlsx", "--list", "CECPT")
    one.good("op", "start", DAY, "--site", "Portsmouth International Port", "--at",
             "2021-06-17 06:00")  # fmt: skip
    one.good("log", "import", SAMPLES / "checks.csv")
    return one.database


@pytest.fixture
def office(
    tmp_path: Path,
    portsmouth: Path,
    clone: "Clone",
    new_world: "NewWorld",
    in_process: Callable[["Program"], "Program"],
) -> "Program":
    """The laptop on which that day was recorded."""
    one = in_process(new_world(tmp_path))
    clone(portsmouth, one.database)
    return one


def pairs(exchange: Exchange, query: str) -> dict[Any, Any]:
    return dict(exchange.sql(query))  # type: ignore[arg-type]


COUNTED = "portcheck_figures.checks AS c WHERE NOT c.voided"


def assert_agrees(exchange: Exchange, office: "Program") -> None:
    """What is counted there is what `tally` counts here."""
    told = office.json("tally", "--op", DAY, "--recount")
    checks, vehicles = exchange.sql(
        f"SELECT count(*), count(DISTINCT NULLIF(vehicle_key, '')) FROM {COUNTED}"
    )[0]
    assert (checks, vehicles) == (told["checks"], told["vehicles"])
    by = pairs(exchange, f"SELECT direction, count(*) FROM {COUNTED} GROUP BY 1")
    assert (by["inbound"], by["outbound"]) == (told["inbound"], told["outbound"])
    for column, key in (("agency", "by_agency"), ("officer", "by_officer"), ("body", "by_body")):
        found = pairs(exchange, f"SELECT {column}, count(*) FROM {COUNTED} GROUP BY 1")
        given = {name: number for name, number in told[key].items() if number}
        assert sorted(found.values()) == sorted(given.values()), key
    found = pairs(exchange, f"SELECT primary_outcome, count(*) FROM {COUNTED} GROUP BY 1")
    assert found == {name: number for name, number in told["primary_outcomes"].items() if number}
    (amended, voided) = exchange.sql(
        "SELECT count(*) FILTER (WHERE amended AND NOT voided), count(*) FILTER (WHERE voided)"
        " FROM portcheck_figures.checks"
    )[0]
    assert (amended, voided) == (told["amended"], told["voided"])
    of_matches = (
        " FROM portcheck_figures.matches AS m JOIN portcheck_figures.checks AS c USING (check_id)"
        " WHERE m.counts AND NOT c.voided GROUP BY 1"
    )
    tiers = pairs(exchange, f"SELECT tier, count(*){of_matches}")
    decided = pairs(exchange, f"SELECT decision, count(*){of_matches}")
    assert {tier: tiers.get(tier, 0) for tier in ("exact", "lookalike", "near")} == {
        tier: told["matches"][tier] for tier in ("exact", "lookalike", "near")
    }
    assert decided.get("confirmed", 0) == told["matches"]["confirmed"]
    assert decided.get("rejected", 0) == told["matches"]["rejected"]
    assert decided.get("open", 0) == told["matches"]["unresolved"]
    cash = exchange.sql(
        "SELECT currency, count(*), sum(amount_minor)::bigint FROM portcheck_figures.findings"
        " WHERE field = 'cash' AND value = 'seized' GROUP BY 1 ORDER BY 1"
    )
    assert cash == [
        (one["currency"], one["seizures"], one["amount_minor"])
        for one in sorted(told["cash"], key=lambda one: one["currency"])
    ]
    (people,) = exchange.sql(
        "SELECT COALESCE(sum(quantity), 0) FROM portcheck_figures.findings"
        " WHERE field = 'persons_found'"
    )[0]
    assert people == told["persons_found"]
    assert exchange.sql("SELECT complete FROM portcheck_figures.operations") == [(True,)]


def contents(exchange: Exchange) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: exchange.sql(f"SELECT t::text FROM portcheck_figures.{table} AS t ORDER BY 1")
        for table in TABLES
    }


def test_they_agree_with_the_tally_and_are_the_same_however_they_came(
    exchange: Exchange, office: "Program"
) -> None:
    first = office.json("exchange", "publish", exchange.owner)["operations"]
    for words in (("publish", exchange.owner), ("doctor", exchange.owner)):
        text = office.run("exchange", *words, "--json").out
        reader = DOCUMENTS[f"exchange-{words[0]}"].reader
        assert reader.dump_python(reader.validate_json(text), mode="json") == json.loads(text)
    assert [(one["checks"], one["whole"], one["complete"]) for one in first] == [(132, True, True)]
    assert_agrees(exchange, office)
    again = office.json("exchange", "publish", exchange.owner)["operations"]
    assert [(one["checks"], one["whole"]) for one in again] == [(0, False)]
    refs = [line["ref"] for line in office.good("log", "--json").lines]
    office.good("amend", refs[0], "--direction", "outbound", "--reason", "slip")
    office.good("void", refs[1], "--reason", "twice")
    office.good("outcome", refs[2], "--cash", "EUR:1200:seized")
    office.good("check", "AB12 CDE", "--direction", "inbound")
    changed = office.json("exchange", "publish", exchange.owner)["operations"]
    assert [(one["checks"], one["whole"]) for one in changed] == [(4, False)]
    assert_agrees(exchange, office)
    with new_place("database") as other:
        assert isinstance(other, Exchange)
        office.good("exchange", "publish", other.owner)
        assert contents(other) == contents(exchange)
    office.good("op", "end", "--reason", "the ship sails")
    ended = office.json("exchange", "publish", exchange.owner)["operations"]
    assert [one["whole"] for one in ended] == [True]
    ((tally,),) = exchange.sql("SELECT tally FROM portcheck_figures.operations")
    assert isinstance(tally, dict)
    assert tally["checks"] == office.json("tally", "--op", DAY)["checks"]
    assert_agrees(exchange, office)


def test_the_queries_that_people_ask(exchange: Exchange, office: "Program") -> None:
    assert len(QUERIES) == 10
    office.good("exchange", "publish", exchange.owner)
    exchange.sql("CREATE ROLE analyst_1 LOGIN; GRANT portcheck_analyst TO analyst_1")
    try:
        with psycopg.connect(exchange.owner.replace("keeper@", "analyst_1@")) as connection:
            found = [connection.execute(query.encode()).fetchall() for query in QUERIES]
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM portcheck_figures.checks")
    finally:
        exchange.sql("DROP ROLE analyst_1")
    debts, sites, decided, _, days, outcomes, things, *_, missing = found
    told = office.json("tally")
    assert debts
    assert [site for site, _ in sites] == ["Portsmouth International Port"]
    assert sum(number for *_, number in decided) == sum(
        told["matches"][tier] for tier in ("exact", "lookalike", "near")
    )
    assert sum(row[2] for row in days) == 132
    assert sum(row[2] for row in outcomes) == 132
    assert things
    assert missing == []


def test_what_is_missing_is_said(
    exchange: Exchange,
    office: "Program",
    tmp_path: Path,
    new_world: "NewWorld",
    in_process: Callable[["Program"], "Program"],
) -> None:
    (tmp_path / "lane").mkdir()
    lane = in_process(new_world(tmp_path / "lane"))
    office.good("sync", exchange.text)
    lane.good("op", "join", exchange.text)
    lane.good("check", "AB12CDE")
    lane.good("sync", exchange.text)
    office.good("sync", exchange.text)
    ran = office.good("exchange", "publish", exchange.owner)
    assert "INCOMPLETE: L2 not finished" in ran.out
    (row,) = exchange.sql("SELECT complete, awaited FROM portcheck_figures.operations")
    assert row == (False, ["L2"])
    assert exchange.sql("SELECT label, state FROM portcheck_figures.devices ORDER BY 1") == [
        ("L1", "active"),
        ("L2", "waiting"),
    ]
    office.good("device", "trust", "L2")
    lane.good("op", "done")
    lane.good("sync", exchange.text)
    office.good("sync", exchange.text)
    assert office.json("exchange", "publish", exchange.owner)["operations"][0]["complete"]


def test_where_it_may_not_be_written(exchange: Exchange, office: "Program") -> None:
    refused = office.run("exchange", "publish", exchange.text)
    assert refused.code == 3
    assert "lane may not make the tables for analysts" in refused.err
