"""Every fact goes into the journal and comes out as it was."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from portcheck.domain.decision import Decision
from portcheck.journal import events, parts, sharing
from portcheck.journal.chain import canonical

NOON = datetime(2021, 6, 17, 12, 0, 0, 7, tzinfo=UTC)
PENALTY = parts.PenaltySeen(
    entry_id=7,
    reference="CP-1042",
    amount_pence=240000,
    owed_pence=0,
    issued_on=date(2021, 1, 4),
    enforceable="no",
    reasons=("nothing is owed on it (balance £0.00)",),
    rule=1,
)
MATCH = parts.MatchSeen(
    number=1,
    unit="trailer",
    tier="lookalike",
    typed="C1O",
    registration="C10",
    list_name="CECPT",
    list_version=3,
    why="O for 0",
    cost=0.3,
    penalties=(PENALTY,),
)
SEEN = parts.ListSeen(name="CECPT", version=3, sha256="ab", stale=False)

FACTS: list[events.Event] = [
    events.OperationOpened(
        operation_id="o",
        name="Portsmouth",
        agencies=("Police", "Border Force"),
        timezone="Europe/London",
        marking="OFFICIAL-SENSITIVE",
        started_at=NOON,
    ),
    events.OperationSelected(operation_id="o"),
    events.OperationEnded(
        operation_id="o",
        ended_at=NOON,
        reason="the ferry left",
        tally={"checks": 1, "by_hour": {"2021-06-17T12": 1}, "ended_at": None},
        fingerprint="L1:1:0000-0000-0000-0000-0000",
    ),
    events.ListImported(
        list_name="CECPT",
        version=1,
        file_name="list.csv",
        sha256="ab",
        as_of=NOON,
        max_age_days=7,
        rows=5,
        accepted=3,
        duplicates=1,
        rejected=1,
        warnings=0,
        added=3,
        changed=0,
        removed=0,
        unchanged=0,
        entries_sha256="cd",
        column_map={"registration": "col:B"},
        odds={"near": 0.001},
    ),
    events.ListRetired(
        list_name="CECPT", version=2, reason="replaced", removed=3, entries_sha256="ef"
    ),
    events.CheckRecorded(
        check_id="c",
        operation_id="o",
        number=1,
        ref="L1-001",
        at=NOON,
        vehicle=parts.MarkTyped(text="ab12 cde", key="AB12CDE", country="GB"),
        trailer=parts.MarkTyped(text="C1O", key="C1O"),
        details={"accompanied": False, "lane": "4"},
        screened=True,
        verdict="listed",
        lists=(SEEN,),
        matches=(MATCH,),
        checked_by="4712",
    ),
    events.MatchesFoundLater(check_id="c", list_name="CECPT", list_version=4, matches=(MATCH,)),
    events.MatchDecided(
        check_id="c",
        matches=(1, 2),
        decision=Decision.REJECTED,
        reason="another",
        over=("ab" * 32,),
    ),
    events.DecisionWithdrawn(check_id="c", matches=(1, 2), over=("ab" * 32,), reason="too soon"),
    events.OutcomeRecorded(
        check_id="c",
        outcome={"cash": [{"currency": "EUR", "amount_minor": 5, "disposal": "seized"}]},
    ),
    events.CheckAmended(
        check_id="c",
        changes=(
            events.Change(field="lane", before=None, after="5"),
            events.Change(field="accompanied", before=True, after=False),
        ),
        reason="misread",
        rematched=True,
        verdict="clear",
        lists=(SEEN,),
    ),
    events.CheckVoided(check_id="c", reason="typed twice"),
    events.VoidWithdrawn(check_id="c", reason="it was another lorry"),
    events.ChecksImported(
        operation_id="o",
        file_name="c.csv",
        sha256="ab",
        rows=3,
        accepted=1,
        duplicates=1,
        rejected=1,
    ),
    events.ChainContinued(continued=parts.EventName(chain="ab", seq=7, hash="cd"), label="L1"),
    events.PayloadsErased(
        events=(parts.EventName(chain="ab", seq=3),), ground="request", reason="asked"
    ),
    events.RecordConsulted(command="lookup", queries=("AB12 CDE",), verdicts=("clear",)),
    events.DataDisclosed(
        command="log export", file_name="log.csv", format="csv", records=1, recipient="CPS"
    ),
    events.RecordsHeld(events=12, fingerprint="L1:12:0000-0000-0000-0000-0000"),
    sharing.DeviceJoined(operation_id="o", key="ab" * 32),
    sharing.DeviceTrusted(operation_id="o", chain="ab", label="L2", lead=True),
    sharing.DeviceRevoked(operation_id="o", chain="ab", label="L2", last=7, reason="stolen"),
    sharing.DeviceLost(operation_id="o", chain="ab", label="L2", reason="in the harbour"),
    sharing.DeviceFinished(operation_id="o"),
    sharing.OperationReopened(operation_id="o", reason="one more ship"),
    sharing.JournalsReceived(
        source="/stick", events=3, heads=(parts.EventName(chain="ab", seq=3),)
    ),
    sharing.JournalsSent(operation="Port", target="/stick", events=3),
]
KINDS: list[str] = [fact.kind for fact in FACTS]


def test_there_is_one_of_every_kind() -> None:
    assert [type(fact) for fact in FACTS] == list(get_args(events.Event))
    assert len(set(KINDS)) == len(KINDS)


@pytest.mark.parametrize("fact", FACTS, ids=KINDS)
def test_a_fact_comes_out_as_it_went_in(fact: events.Event) -> None:
    payload = events.payload_of(fact)
    text = canonical(payload)
    assert events.adapter().validate_json(text) == fact
    assert json.loads(text) == payload
    assert canonical(events.payload_of(events.adapter().validate_json(text))) == text


@pytest.mark.parametrize("fact", FACTS, ids=KINDS)
def test_a_fact_cannot_be_changed_or_added_to(fact: events.Event) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        fact.kind = "other"  # type: ignore[assignment]
    with pytest.raises(ValidationError, match="extra_forbidden"):
        events.adapter().validate_python(events.payload_of(fact) | {"surprise": 1})


# What a journal written today holds without any default: these names are for ever.
REQUIRED: dict[str, set[str]] = {
    "operation_opened": {"operation_id", "name", "timezone", "marking", "started_at"},
    "operation_selected": {"operation_id"},
    "operation_ended": {"operation_id", "ended_at", "tally", "fingerprint"},
    "list_imported": {
        "list_name",
        "version",
        "file_name",
        "sha256",
        "as_of",
        "max_age_days",
        "rows",
        "accepted",
        "duplicates",
        "rejected",
        "warnings",
        "added",
        "changed",
        "removed",
        "unchanged",
        "entries_sha256",
    },
    "list_retired": {"list_name", "version", "reason", "removed", "entries_sha256"},
    "check_recorded": {
        "check_id",
        "operation_id",
        "number",
        "ref",
        "at",
        "vehicle",
        "screened",
        "verdict",
    },
    "matches_found_later": {"check_id", "list_name", "list_version", "matches"},
    "match_decided": {"check_id", "matches", "decision"},
    "decision_withdrawn": {"check_id", "matches", "over"},
    "outcome_recorded": {"check_id", "outcome"},
    "check_amended": {"check_id", "changes", "reason"},
    "check_voided": {"check_id", "reason"},
    "void_withdrawn": {"check_id"},
    "checks_imported": {
        "operation_id",
        "file_name",
        "sha256",
        "rows",
        "accepted",
        "duplicates",
        "rejected",
    },
    "chain_continued": {"continued", "label"},
    "payloads_erased": {"events", "ground"},
    "record_consulted": {"command", "queries"},
    "data_disclosed": {"command", "file_name", "format", "records"},
    "records_held": {"events", "fingerprint"},
    "device_joined": {"operation_id"},
    "device_trusted": {"operation_id", "chain", "label"},
    "device_revoked": {"operation_id", "chain", "label", "last"},
    "device_lost": {"operation_id", "chain", "label"},
    "device_finished": {"operation_id"},
    "operation_reopened": {"operation_id", "reason"},
    "journals_received": {"source", "events"},
    "journals_sent": {"operation", "target", "events"},
}


@pytest.mark.parametrize("fact", FACTS, ids=KINDS)
def test_a_journal_of_today_can_be_read_for_ever(fact: events.Event) -> None:
    fields = type(fact).model_fields
    needed = {name for name, field in fields.items() if field.is_required()}
    assert needed == REQUIRED[fact.kind]
    payload = events.payload_of(fact)
    least = {name: payload[name] for name in needed} | {"kind": fact.kind}
    assert events.adapter().validate_python(least).kind == fact.kind


def test_times_are_kept_in_utc_to_the_microsecond() -> None:
    summer = timezone(timedelta(hours=1))
    fact = FACTS[0].model_copy(update={"started_at": NOON.astimezone(summer)})
    assert events.payload_of(fact)["started_at"] == "2021-06-17T12:00:00.000007Z"


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("operation_opened", {"started_at": "2021-06-17T12:00:00"}, "timezone_aware"),
    ("list_imported", {"version": 0}, "greater_than_equal"),
    ("list_imported", {"rejected": -1}, "greater_than_equal"),
    ("list_retired", {"reason": ""}, "string_too_short"),
    ("check_recorded", {"number": 0}, "greater_than_equal"),
    ("check_recorded", {"verdict": "guilty"}, "literal_error"),
    ("check_recorded", {"vehicle": {"text": "AB12"}}, "missing"),
    ("match_decided", {"matches": []}, "too_short"),
    ("match_decided", {"decision": "open"}, "literal_error"),
    ("decision_withdrawn", {"over": []}, "too_short"),
    ("check_amended", {"changes": []}, "too_short"),
    ("check_amended", {"reason": ""}, "string_too_short"),
    ("check_voided", {"reason": ""}, "string_too_short"),
    ("chain_continued", {"continued": {"chain": "ab", "seq": 0}}, "greater_than_equal"),
    ("payloads_erased", {"events": []}, "too_short"),
    ("data_disclosed", {"records": -1}, "greater_than_equal"),
]


@pytest.mark.parametrize(("which", "change", "why"), REFUSED)
def test_what_is_no_fact_is_refused(which: str, change: dict[str, Any], why: str) -> None:
    payload = events.payload_of(FACTS[KINDS.index(which)]) | change
    with pytest.raises(ValidationError, match=why):
        events.adapter().validate_python(payload)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_pence": -1},
        {"owed_pence": -1},
        {"balance_pence": 1.5},
        {"enforceable": "perhaps"},
        {"issued_on": "04/01/2021"},
    ],
)
def test_a_penalty_is_in_whole_pence_and_dates(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parts.PenaltySeen.model_validate(PENALTY.model_dump() | change)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="union_tag_invalid"):
        events.adapter().validate_python({"kind": "coffee_drunk"})
