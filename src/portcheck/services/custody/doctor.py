"""Is this machine fit, and is the database whole?"""

import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from portcheck.domain.fitness import Finding
from portcheck.domain.times import utc_text
from portcheck.errors import JournalBroken, PortcheckError
from portcheck.journal.append import heads
from portcheck.journal.verify import verify
from portcheck.services.clock import behind
from portcheck.services.context import Context
from portcheck.services.installation import DeviceKey
from portcheck.services.settings import zone
from portcheck.store import holding, projections
from portcheck.store.connection import (
    SQLITE,
    UNREADABLE,
    durability,
    snapshot,
    transaction,
    unusable,
)
from portcheck.store.difference import shortened
from portcheck.store.footing import OwnChain, own_chains, same_file
from portcheck.store.listrows import list_names
from portcheck.store.revisions import HEAD
from portcheck.store.schema import guards, schema_faults
from portcheck.store.whole import loose_references

_LEAST_ROOM = 100 * 1024 * 1024
_MOST_FAULTS = 5
_GUARDS = tuple(
    f"{table}_refuses_{verb}"
    for table in ("journal", "payload")
    for verb in ("update", "delete", "replace")
)
_OLDEST_SQLITE = (3, 37, 0)  # STRICT tables


def examine_machine() -> Iterator[Finding]:
    """What needs no database."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), version)
    yield Finding("SQLite", SQLITE >= _OLDEST_SQLITE, ".".join(map(str, SQLITE)))
    yield Finding("time zones", bool(zone("Europe/London")), "Europe/London is known")
    encoding = (sys.stdout.encoding or "").lower()
    yield Finding("text encoding", encoding.startswith("utf"), encoding or "none")


def examine_key(key: DeviceKey) -> Finding:
    """Whether this installation has a key of its own, or can have one."""
    fault = key.fault()
    if fault:
        return Finding("device key", False, fault)
    where = f"{key.identity} in" if key.identity else "made at the first record:"
    return Finding("device key", True, f"{where} {key.file}")


def examine_database(context: Context) -> Iterator[Finding]:
    """Everything about the database, from its file to its projections."""
    yield from _told("privacy", lambda: [_private(context.path)])
    yield from _told("disk", lambda: [_room(context.path)])
    seen = {}
    for finding in _told("database", lambda: _contents(context)):
        seen[finding.what] = finding
        yield finding
    if "records" in seen:
        return
    yield from _told("lists", lambda: _lists(context))
    if "journal" not in seen:
        yield Finding("projections", False, "not looked at: the journal could not be read")
    elif seen["journal"].good:
        yield from _told("projections", lambda: [_projections(context)])
    else:
        yield Finding("projections", False, "cannot be held against an altered journal")


def _told(what: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """The findings of a look; one that the disk or the file's damage ended is a finding too."""
    try:
        yield from look()
    except (PortcheckError, OSError, *UNREADABLE) as error:
        known = error if isinstance(error, PortcheckError) else unusable(error)
        yield unfit(known, what)


def unfit(error: PortcheckError, what: str = "database") -> Finding:
    """What could not be looked at, and why."""
    return Finding(what, False, f"{error}: {error.hint}" if error.hint else str(error))


def _room(path: Path) -> Finding:
    room = shutil.disk_usage(path.absolute().parent).free
    return Finding("disk", room >= _LEAST_ROOM, f"{room // 1024**2:,} MB free")


def _contents(context: Context) -> Iterator[Finding]:
    connection = context.connection
    mode, level = durability(connection)
    yield Finding("durability", True, f"journal_mode {mode}, synchronous {level}")
    faults = [
        fault for fault in schema_faults(connection) if not any(name in fault for name in _GUARDS)
    ]
    yield Finding("schema", not faults, "; ".join(faults[:_MOST_FAULTS]) or HEAD)
    if any(fault.startswith("table") for fault in faults):
        yield Finding("records", False, "not looked at: without its tables nothing can be said")
        return
    faults = holding.file_faults(connection, context.path)
    yield Finding("database file", not faults, "; ".join(faults[:_MOST_FAULTS]) or "ok")
    with snapshot(connection):
        loose = loose_references(connection)
        yield Finding("references", not loose, f"{loose} broken" if loose else "whole")
        yield _triggers(context)
        journal = _journal(context)
        yield journal
        yield Finding("devices", True, "; ".join(_devices(context)) or "none has written yet")
        yield _clock(context)


def rebuild(context: Context) -> tuple[int, bool]:
    """Make the projections anew from the journal: how many events, and whether anything changed.

    Raises JournalBroken; then the tables are as they were.
    """
    connection = context.connection
    with snapshot(connection):
        journal = _journal(context)
    if not journal.good:
        raise JournalBroken(
            f"the journal was altered ({journal.seen}): nothing was rebuilt",
            hint="“portcheck audit verify” says more. Restore a copy of the database.",
        )
    changed = not _projections(context).good
    with transaction(connection):
        return projections.rebuild(connection), changed


def _private(path: Path) -> Finding:
    if sys.platform == "win32":
        return Finding("privacy", True, "kept in the user's own folder")
    mode = stat.S_IMODE(path.stat().st_mode)
    return Finding("privacy", not mode & 0o077, f"file mode {mode:04o}")


def _triggers(context: Context) -> Finding:
    missing = {*_GUARDS} - guards(context.connection)
    return Finding(
        "append-only",
        not missing,
        f"missing {', '.join(sorted(missing))}" if missing else "guarded",
    )


def _journal(context: Context) -> Finding:
    found = verify(context.connection)
    if found.fault:
        return Finding("journal", False, f"{found.fault.place}: {found.fault.what}")
    return Finding("journal", True, f"{found.events:,} events intact")


def _devices(context: Context) -> Iterator[str]:
    """Every chain by its label, how many events it has, and whose it is."""
    found = context.footing()
    own = {one.chain: one for one in own_chains(context.connection)}
    for head in heads(context.connection):
        whose = "received"
        if head.chain in own:
            whose = _whose(own[head.chain], context.actor.installation, found.place)
        yield f"{head.device} ({head.seq:,} events) {whose}"


def _whose(chain: OwnChain, installation: str, here: str) -> str:
    copied = "" if same_file(chain.place, here) else ", before this file was copied"
    if not chain.installation:
        return ("of an installation without a key" if chain.place else "from before") + copied
    if chain.installation != installation:
        return f"of another installation, {chain.installation}{copied}"
    asked = f" (the settings say {chain.asked})" if chain.asked else ""
    return f"of this installation{asked}{copied}"


def _clock(context: Context) -> Finding:
    """Whether this computer's clock is behind what was recorded last."""
    told = behind(context)
    return Finding("clock", not told, told or utc_text(context.now()))


def _lists(context: Context) -> Iterator[Finding]:
    """Whether each list is what was imported."""
    altered: dict[str, list[str]] = {name: [] for name in list_names(context.connection)}
    for one in holding.lists(context.connection):
        told = altered.setdefault(one.list_name, [])
        if len(told) < _MOST_FAULTS:
            told.append(f"{one.row}: {one.what}")
    for name, told in altered.items():
        seen = f"altered: {'; '.join(told)}" if told else "as imported"
        yield Finding(f"list {name}".rstrip(), not told, seen)


def _projections(context: Context) -> Finding:
    _, number = shortened(holding.projections(context.connection), 0)
    same = not number
    return Finding("projections", same, "as the journal says" if same else "differ: use --rebuild")
