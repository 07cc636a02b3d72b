"""Portsmouth on three laptops, through the commands alone: the tally is that of one laptop."""

import csv
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.targets.conftest import new_place

if TYPE_CHECKING:
    from tests.conftest import NewWorld, Program

SAMPLES = Path(__file__).parents[2] / "sample_data"
DAY = "Portsmouth 17 June 2021"
OWN = ("fingerprint", "lists", "devices", "complete", "pending", "held", "as_of")
"""What two laptops say of one day, each in its own words."""

InProcess = Callable[["Program"], "Program"]


@pytest.fixture
def laptops(
    tmp_path: Path, new_world: "NewWorld", in_process: InProcess
) -> Callable[[str], "Program"]:
    """Makes a laptop of its own."""

    def new(name: str) -> "Program":
        folder = tmp_path / name
        folder.mkdir()
        return in_process(new_world(folder))

    return new


def parts(folder: Path) -> dict[str, Path]:
    """The day's checks as each lane has written them down: inbound, outbound, the office."""
    with (SAMPLES / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    written = {}
    for number, (name, wanted) in enumerate(
        (("In", "inbound"), ("Out", "outbound"), ("Office", "")), 1
    ):
        path = folder / f"{name}.csv"
        chosen = [
            row
            for place, row in enumerate(rows)
            if ("" if place % 10 == 0 else row["Direction"]) == wanted
        ]
        assert chosen, number
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, rows[0].keys())
            out.writeheader()
            out.writerows(chosen)
        written[name] = path
    return written


def start(one: "Program") -> None:
    one.good("list", "import", SAMPLES / "action_list.xlsx", "--list", "CECPT")
    one.good("op", "start", DAY, "--site", "Portsmouth International Port", "--at",
             "2021-06-17 06:00")  # fmt: skip


def figures(one: "Program", *more: str) -> dict[str, Any]:
    """The tally, but for what each laptop says in its own words; references are made one."""
    found = one.json("tally", *more)
    for match in found["unresolved"]:
        match["ref"] = ""
    found["unresolved"].sort(key=json.dumps)
    return {key: value for key, value in found.items() if key not in OWN}


@pytest.fixture
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where the laptops sync: on a stick, in one file, or over a server."""
    if request.param == "database":
        with new_place("database") as made:
            yield made.text
        return
    place = tmp_path / request.param
    if request.param == "stick":
        place.mkdir()
    yield place


@pytest.mark.slow
@pytest.mark.parametrize("target", ["stick", "day.portcheck", "database"], indirect=True)
def test_portsmouth_on_three_laptops_has_the_tally_of_one(
    laptops: Callable[[str], "Program"], tmp_path: Path, target: Path | str
) -> None:
    alone = laptops("alone")
    start(alone)
    written = parts(tmp_path)
    for path in written.values():
        alone.good("log", "import", path)
    place = target
    lead, inbound, outbound = laptops("lead"), laptops("in"), laptops("out")
    start(lead)
    lead.good("sync", place)
    for lane, label in ((inbound, "L2"), (outbound, "L3")):
        assert lane.json("op", "join", place)["label"] == label
    lead.good("sync", place)
    for label in ("L2", "L3"):
        lead.good("device", "trust", label)
    for one, name in ((lead, "Office"), (inbound, "In"), (outbound, "Out")):
        one.good("log", "import", written[name])
    for lane in (inbound, outbound):
        lane.good("op", "done")
        lane.good("sync", place)
    lead.good("sync", place)
    for lane in (inbound, outbound):
        lane.good("sync", place)
    same = figures(alone)
    for one in (lead, inbound, outbound):
        assert figures(one) == same
        assert [(d["label"], d["finished"]) for d in one.json("tally")["devices"]] == [
            ("L1", False),
            ("L2", True),
            ("L3", True),
        ]
        assert one.json("audit", "verify")["intact"]
    assert lead.json("tally")["complete"] == alone.json("tally")["complete"]
    lead.good("op", "end", "--reason", "the ship sails")
    lead.good("sync", place, "--op", DAY)
    inbound.good("sync", place)
    assert figures(inbound, "--op", DAY) == figures(lead, "--op", DAY)


def test_what_the_shell_is_told(laptops: Callable[[str], "Program"], tmp_path: Path) -> None:
    lead, lane = laptops("lead"), laptops("lane")
    stick = tmp_path / "stick"
    assert lane.run("op", "join", stick).code == 5
    lead.good("op", "start", "Port")
    gone = lead.run("sync", stick)
    assert (gone.code, "is kept and will be sent" in " ".join(gone.err.split())) == (5, True)
    stick.mkdir()
    assert lead.run("sync").code == 2
    assert lane.run("op", "join", stick).code == 3
    lead.good("config", "set", "sync", stick)
    told = lead.good("sync")
    assert "is not encrypted" in told.err
    lane.good("op", "join", stick)
    lane.good("check", "AB12CDE", "--no-list")
    lane.good("sync", stick)
    own = max(stick.rglob("*.piece"), key=lambda path: path.stat().st_mtime_ns)
    kept = own.read_bytes()
    own.write_bytes(kept[:-1])
    refused = lead.run("sync", "--json")
    assert (refused.code, refused.document["refused"][0]["why"]) == (
        3,
        "it was changed on its way, or is not whole",
    )
    own.write_bytes(kept)
    assert lead.good("sync", "--json").document["waiting"] == [{"label": "L2", "checks": 1}]
    assert "L2 asks to join: 1 check held back" in lead.good("sync").out
    assert "L2 asks to join" in lead.good("device", "list").out
    assert lane.run("op", "end").code == 3
    assert "only L1 can end" in lane.run("op", "end").err
    assert lead.run("device", "trust", "L9").code == 3
    lead.good("device", "trust", "L2")
    assert "INCOMPLETE: L2 not finished" in lead.good("tally").out
    audit = lead.json("audit", "log")
    sent = [one for one in audit if one["kind"] == "journals_sent"]
    assert sent[0]["payload"]["target"] == f"folder {stick}"


def test_a_feed_syncs_by_itself(
    tmp_path: Path, new_world: "NewWorld", laptops: Callable[[str], "Program"]
) -> None:
    lead = laptops("lead")
    stick = tmp_path / "stick"
    stick.mkdir()
    lead.good("op", "start", "Port")
    lead.good("config", "set", "sync", stick)
    lead.good("sync")
    lead.good("config", "set", "sync_seconds", "1")
    before = len(list(stick.rglob("*.piece")))
    real = new_world(lead.folder)
    feed = subprocess.Popen(
        [*real.words, "feed", "--no-list"],
        env=real.env,
        cwd=real.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert feed.stdin is not None
    feed.stdin.write('{"plate": "AB12CDE", "confidence": 0.9}\n')
    feed.stdin.flush()
    end = time.monotonic() + 60
    while len(list(stick.rglob("*.piece"))) == before:
        assert time.monotonic() < end
        time.sleep(0.1)
    feed.stdin.close()
    assert feed.wait(60) == 0
