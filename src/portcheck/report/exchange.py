"""What devices share, for people and for programs: syncing, joining, who takes part."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from rich.table import Table
from rich.text import Text

from portcheck.domain.text import count
from portcheck.domain.times import iso, local
from portcheck.journal.exchange import Refusal
from portcheck.report.console import safe
from portcheck.services.exchange.devices import Device
from portcheck.services.exchange.joining import JoinedOperation
from portcheck.services.exchange.published import Published
from portcheck.services.exchange.sync import Synced

_MOST = 5
_STATES = {
    "waiting": "asks to join",
    "active": "at work",
    "finished": "finished",
    "lost": "lost",
    "revoked": "revoked",
    "forked": "FORKED",
}
_ACTS = {
    "operation_ended": "ended the operation",
    "operation_reopened": "reopened the operation",
    "device_trusted": "trusted a device",
    "device_revoked": "revoked a device",
    "device_lost": "gave a device up",
}


def synced_document(found: Synced) -> dict[str, Any]:
    """What a sync came to, as JSON values."""
    return {
        "target": found.target,
        "sent": {"events": found.sent.events, "lists": found.sent.lists},
        "received": {
            "events": found.received.events,
            "lists": len(found.lists.lists),
            "chains": len(found.received.chains),
        },
        "pending": found.pending,
        "refused": [_refused(one) for one in found.refused],
        "disputes": found.disputes,
        "now_listed": found.lists.now_listed,
        "waiting": [{"label": one.label, "checks": one.checks} for one in found.waiting],
        "revoked": found.revoked,
        "offered": [
            {"label": one.label, "list": one.list_name, "rows": one.rows, "retired": one.retired}
            for one in found.lists.offered
        ],
        "retired": [one.list_name for one in found.lists.lists if one.retired],
        "dry_run": found.dry,
    }


def _refused(one: Refusal) -> dict[str, Any]:
    return {"chain": one.chain.hex(), "label": one.label, "seq": one.seq, "why": one.why}


def synced_lines(found: Synced) -> Iterator[Text]:
    """The same in words: what asks for something first."""
    for text in found.lists.now_listed[:_MOST]:
        yield safe(f"■■ now listed: {text}: “portcheck log show {text}”", "bold")
    if len(found.lists.now_listed) > _MOST:
        yield safe(f"■■ and {len(found.lists.now_listed) - _MOST} more", "bold")
    for one in found.refused[:_MOST]:
        who = one.label or one.chain.hex()[:16]
        yield safe(f"■■ REFUSED: {who}, event {one.seq}: {one.why}", "bold")
    if len(found.refused) > _MOST:
        yield safe(f"■■ and {len(found.refused) - _MOST} more", "bold")
    if found.revoked:
        yield safe("■■ THIS DEVICE WAS REVOKED: what it records counts nowhere else", "bold")
    for waiting in found.waiting:
        how = f" “portcheck device trust {waiting.ref}”" if found.leads else ""
        said = f"! {waiting.label} asks to join: {count(waiting.checks, 'check')} held back.{how}"
        yield safe(said, "bold" if found.leads else "")
    if found.disputes:
        yield safe(f"! {count(found.disputes, 'dispute')}: “portcheck log --disputed”", "bold")
    if found.pending:
        yield safe(f"! {found.pending:,} pending: something before it has not come yet", "bold")
    yield from _list_lines(found)
    sent = f"{count(found.sent.events, 'event')}, {count(found.sent.lists, 'list')}"
    came = f"{count(found.received.events, 'event')}, {count(len(found.lists.lists), 'list')}"
    would = "would be " if found.dry else ""
    yield safe(f"{would}sent {sent} · {would}received {came} · {found.target}")


def _list_lines(found: Synced) -> Iterator[Text]:
    for one in found.lists.lists:
        if one.retired:
            yield safe(f"! {one.label} retired list {one.list_name}: nothing answers of it", "bold")
    for one in found.lists.offered:
        if one.retired:
            yield safe(f"{one.label} retired its list {one.list_name}, which stays in force here")
        else:
            yield safe(
                f"{one.label} uses a list {one.list_name} of its own"
                f" ({one.rows:,} rows), which is not in force here"
            )


def joined_document(found: JoinedOperation) -> dict[str, Any]:
    """What joining came to, as JSON values."""
    return {
        "operation": found.operation.operation_id,
        "name": found.operation.name,
        "label": found.label,
        "opener": {"label": found.opener, "code": found.code},
        "sync": synced_document(found.synced),
    }


def joined_lines(found: JoinedOperation) -> Iterator[Text]:
    """The same in words."""
    yield safe(f"· JOINED {found.operation.name} as {found.label}", "bold")
    if found.waits:
        yield safe(f"   opened by {found.opener}, whose code is {found.code}")
        yield safe(f"   compare it with “portcheck device list” on {found.opener}")
        yield safe(f"   to be trusted on {found.opener}: “portcheck device trust {found.label}”")
    yield from synced_lines(found.synced)


def published_document(exchange: str, found: Sequence[Published]) -> dict[str, Any]:
    """What was published, as JSON values."""
    return {
        "exchange": exchange,
        "operations": [
            {
                "id": one.operation.operation_id,
                "operation": one.operation.name,
                "checks": one.checks,
                "whole": one.whole,
                "complete": one.complete,
                "awaited": list(one.awaited),
                "disputes": one.disputes,
                "pending": one.pending,
            }
            for one in found
        ],
    }


def published_lines(found: Sequence[Published]) -> Iterator[Text]:
    """What was published, a line for each operation, and where something is missing."""
    for one in found:
        missing = [f"{label} not finished" for label in one.awaited]
        missing += [count(one.disputes, "dispute")] if one.disputes else []
        missing += [f"{one.pending:,} pending"] if one.pending else []
        what = "published" if one.whole else "changed since, published"
        told = f" · INCOMPLETE: {', '.join(missing)}" if missing else ""
        yield safe(f"{one.operation.name}: {count(one.checks, 'check')} {what}{told}")


def devices_document(found: Sequence[Device], zone: tzinfo) -> list[dict[str, Any]]:
    """Who takes part, as JSON values."""
    return [
        {
            "label": one.label,
            "chain": one.chain,
            "code": one.code,
            "own": one.own,
            "opener": one.opener,
            "lead": one.lead,
            "trusted": one.trusted,
            "signed": one.signed,
            "events": one.events,
            "checks": one.checks,
            "heard_at": iso(one.heard_at, zone) if one.heard_at else None,
            "clock_offset_s": one.clock_offset_s or 0,
            "finished": one.finished,
            "state": one.state,
            "unheeded": list(one.unheeded),
            "counts_to": one.counts_to,
            "not_counted": one.not_counted,
        }
        for one in found
    ]


def devices_table(found: Sequence[Device], zone: tzinfo) -> Table:
    """Who takes part, a row each."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "Device", "State"):
        table.add_column(heading, overflow="fold")
    table.add_column("Checks", justify="right")
    table.add_column("To", justify="right")
    table.add_column("Heard", overflow="fold")
    table.add_column("Code", no_wrap=True)  # two people read it to each other
    for one in found:
        lead = " · lead" if one.lead else ""
        unsigned = "" if one.signed else " · unsigned"
        table.add_row(
            Text("»" if one.own else ""),
            safe(one.label),
            safe(f"{_STATES[one.state]}{lead}{unsigned}"),
            safe(f"{one.checks:,}"),
            safe(f"{one.events:,}"),
            safe(local(one.heard_at, zone) if one.heard_at else "here"),
            safe(one.code),
        )
    return table


def devices_remarks(found: Sequence[Device]) -> Iterator[Text]:
    """What asks for something of who leads."""
    for one in found:
        if one.held_back and one.state == "waiting":
            yield safe(
                f"! {one.label} asks to join: {count(one.checks, 'check')} held back. Compare its"
                f" code, then “portcheck device trust {one.ref}”",
                "bold",
            )
        if one.state == "revoked" and one.not_counted:
            where = "counted here alone" if one.own else "held back"
            yield safe(
                f"! {one.label} was revoked at event {one.counts_to:,}:"
                f" {count(one.not_counted, 'check')} after that {where}",
                "bold",
            )
        if one.state == "forked":
            yield safe(
                f"■■ {one.label} wrote two different events under one number: a disk that was"
                " cloned, or set back to an earlier day. On that device:"
                " “portcheck device rejoin”",
                "bold",
            )
        offset = one.clock_offset_s or 0
        if abs(offset) > _CLOCK:
            how = "fast" if offset > 0 else "slow"
            yield safe(f"! the clock of {one.label} is {abs(offset):,} s {how}", "bold")
        for act in dict.fromkeys(one.unheeded):
            said = _ACTS.get(act, act)
            yield safe(f"! {one.label} {said}, which had no effect: it is no lead", "bold")


_CLOCK = 60
"""Seconds that two clocks may differ."""
