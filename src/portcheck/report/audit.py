"""The journal, for people and for programs."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from rich.table import Table
from rich.text import Text

from portcheck.domain.text import count
from portcheck.report.console import safe
from portcheck.services.audit import EventView, Verification
from portcheck.services.times import iso, local


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
    }


def verified_lines(found: Verification) -> Iterator[Text]:
    """What verifying found, in words."""
    if found.fault:
        fault = found.fault
        yield safe(
            f"■■ ALTERED: event {fault.position} ({fault.kind}, {fault.device} {fault.seq}): "
            f"{fault.what}",
            "bold",
        )
        yield safe(f"   {count(found.events, 'event')} before it are as they were written")
        return
    if found.mismatch:
        yield safe(f"■■ NOT WHAT WAS PRINTED: {found.mismatch}", "bold")
        return
    yield safe(f"· INTACT: {count(found.events, 'event')}, each as it was written", "bold")
    yield from (safe(f"   fingerprint {one}") for one in found.fingerprints)
    if found.against:
        yield safe("   the journal holds the event that was printed, and what came before it")
    else:
        yield safe(
            "   A journal that was cut short shows only against a fingerprint held elsewhere: "
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
