"""The journal, for people and for programs."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from rich.table import Table
from rich.text import Text

from portcheck.domain.text import count
from portcheck.domain.times import iso, local
from portcheck.report.console import safe
from portcheck.services.custody.audit import EventView, Verification


def verified_document(found: Verification) -> dict[str, Any]:
    """What verifying found, as JSON values."""
    fault = found.fault
    return {
        "intact": found.intact,
        "events": found.events,
        "fingerprints": list(found.fingerprints),
        "fault": {
            "position": fault.position,
            "device": fault.device,
            "seq": fault.seq,
            "kind": fault.kind,
            "what": fault.what,
        }
        if fault
        else None,
        "against": found.against,
        "mismatch": found.mismatch,
        "emptied": found.emptied,
        "held": found.held,
        "differing": found.differing,
        "differences": [
            {"table": one.table, "row": one.row, "what": one.what} for one in found.differences
        ],
        "recorded": found.recorded,
    }


def verified_lines(found: Verification) -> Iterator[Text]:
    """What verifying found, in words."""
    if found.fault:
        fault = found.fault
        yield safe(
            f"■■ ALTERED: {fault.place}: {fault.what}",
            "bold",
        )
        where = " before it" if fault.seq else ""
        yield safe(f"   {count(found.events, 'event')}{where} are as they were written")
        return
    if found.emptied:
        yield safe("■■ EMPTIED: the journal holds no event, and there are records", "bold")
        return
    if found.mismatch:
        yield safe(f"■■ NOT WHAT WAS PRINTED: {found.mismatch}", "bold")
    if found.differing:
        yield from _differences(found)
    if not found.intact:
        return
    if not found.events:
        yield safe("· NOTHING RECORDED: the journal holds no event, and there are no records")
        return
    yield safe(f"· INTACT: {count(found.events, 'event')}, each as it was written", "bold")
    yield from (safe(f"   fingerprint {one}") for one in found.fingerprints)
    yield from (safe(f"   {line}") for line in _reach(found))


def _differences(found: Verification) -> Iterator[Text]:
    yield safe(
        f"■■ ALTERED: {count(found.differing, 'record')} outside the journal not as it says",
        "bold",
    )
    for one in found.differences:
        yield safe(f"   {' '.join(filter(None, (one.table, one.row)))}: {one.what}")
    if more := found.differing - len(found.differences):
        yield safe(f"   and {more:,} more")
    yield safe(
        "   The journal itself is as it was written. “portcheck doctor --rebuild” makes what is "
        "counted anew from it; a list is imported again."
    )


def _reach(found: Verification) -> Iterator[str]:
    """How far the answer goes."""
    if found.held:
        yield "lists, checks and figures are as the journal says"
        if not found.recorded:
            yield "that they were held against it could not be recorded"
    else:
        yield "lists, checks and figures were not held against it"
    if found.against:
        yield "the journal holds the event that was printed, and what came before it"
    else:
        yield (
            "A journal that was cut short shows only against a fingerprint held elsewhere: "
            "--fingerprint, from a printed tally."
        )


_SUBJECTS = (
    "ref",
    "name",
    "list_name",
    "command",
    "file_name",
    "decision",
    "queries",
    "reason",
)


def event_document(event: EventView, zone: tzinfo) -> dict[str, Any]:
    """An event as JSON values."""
    return {
        "position": event.position,
        "device": event.device,
        "seq": event.seq,
        "kind": event.kind,
        "recorded_at": iso(event.recorded_at, zone),
        "officer": event.officer,
        "agency": event.agency,
        "hash": event.hash,
        "payload": event.payload,
    }


def events_table(events: Sequence[EventView], zone: tzinfo) -> Table:
    """Events as rows: when, who, what, about what."""
    table = Table(box=None, pad_edge=False)
    for heading in ("Event", "Time", "Officer", "What", "About"):
        table.add_column(heading, overflow="fold")
    for event in events:
        table.add_row(
            safe(f"{event.device} {event.seq}"),
            safe(local(event.recorded_at, zone)),
            safe(event.officer),
            safe(event.kind.replace("_", " ")),
            safe(_about(event.payload)),
        )
    return table


def _about(payload: dict[str, Any]) -> str:
    parts = []
    for name in _SUBJECTS:
        value = payload.get(name)
        if value:
            parts.append(", ".join(value) if isinstance(value, list) else str(value))
    return " · ".join(parts) or str(payload.get("check_id", ""))
