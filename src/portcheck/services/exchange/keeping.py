"""Keeping an exchange on a server: making it, saying who may use it, and looking whether it is
as it was made.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial

from portcheck.domain.fitness import Finding
from portcheck.domain.text import as_name, count
from portcheck.errors import NotFound, Refused, WrongUsage
from portcheck.services.context import Ask, Context
from portcheck.services.exchange.holding import hold_against
from portcheck.services.exchange.receiving import EVENTS
from portcheck.store import exchangerows
from portcheck.store.finder import operations_named
from portcheck.targets.address import is_database
from portcheck.targets.postgresql import Postgresql
from portcheck.targets.server import fitness, roles, rows, schema
from portcheck.targets.server.connection import Server
from portcheck.targets.target import words_of

_IDENTITY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ROLE = re.compile(r"[A-Za-z_][A-Za-z0-9_$-]{0,62}")
_MOST = 5


def make(text: str, ask: Ask | None) -> bool:
    """Make an exchange in a database, or bring it up to date; whether there was none before.

    Raises WrongUsage for what is no address of a database, TargetUnreachable, and Refused where
    it cannot be made there.
    """
    with _server(text, ask) as server:
        return server.run(partial(schema.make_exchange, words=server.words))


def grant(
    text: str, ask: Ask | None, context: Context | None, role: str, names: Sequence[str]
) -> bool:
    """Let a role put and read pieces of operations, by name or identity (none: of all); whether
    the role was made, and has no password yet.  Raises as `make`, and NotFound.
    """
    with _server(text, ask) as server:
        wanted = _identities(server, context, names) or [roles.ALL]
        return server.run(partial(roles.grant, role=_role(role), operations=wanted))


def revoke(
    text: str, ask: Ask | None, context: Context | None, role: str, names: Sequence[str]
) -> int:
    """Take operations from a role (none named: all of them); how many.  Raises as `grant`."""
    with _server(text, ask) as server:
        wanted = _identities(server, context, names)
        return server.run(partial(roles.revoke, role=_role(role), operations=wanted))


def examine(text: str, ask: Ask | None, context: Context | None) -> Iterator[Finding]:
    """Whether an exchange is as it was made, and what stands there as it is known here.

    Raises as `make`, and Refused where there is no exchange.
    """
    with _server(text, ask) as server:
        listening = server.is_open_to_listeners
        yield from server.run(partial(fitness.examine, open_to_listeners=listening))
    if context is not None:
        for operation_id in exchangerows.shared_operations(context.connection):
            yield from _held(text, ask, context, operation_id)


def _held(text: str, ask: Ask | None, context: Context, operation_id: str) -> Iterator[Finding]:
    """What stands there of an operation, against this file's journal."""
    target = Postgresql(text, writing=False, ask=ask)
    there = target.have(f"{operation_id}/{EVENTS}")
    if not there:
        return
    known = exchangerows.pieces_known(context.connection, operation_id)
    names = [name for name in known if f"{operation_id}/{EVENTS}/{name}" in there]
    held = hold_against(context, target, operation_id, names)
    faults = [f"{one.label}: {one.why}" for one in held.changed[:_MOST]]
    if len(held.changed) > _MOST:
        faults.append(f"and {len(held.changed) - _MOST} more")
    if len(known) > len(names):
        faults.append(f"{count(len(known) - len(names), 'piece')} not there: sync puts them there")
    if held.texts_missing:
        faults.append(
            f"{count(held.texts_missing, 'text')} not there any more: erased, detached or deleted"
        )
    (operation,) = operations_named(context.connection, operation_id)
    seen = "; ".join(faults) or f"{count(held.pieces, 'piece')} as known here"
    yield Finding(f"rows of {operation.name}", not faults, seen)
    target.close()


@contextmanager
def _server(text: str, ask: Ask | None) -> Iterator[Server]:
    if not is_database(text):
        raise WrongUsage(
            f"“{words_of(text)}” is no database",
            hint="Name one: postgresql://OWNER@SERVER/portcheck.",
        )
    with closing(Server(text, ask)) as server:
        yield server


def _role(name: str) -> str:
    """The role, as it is named at the server.  Raises WrongUsage for what cannot be one."""
    if not _ROLE.fullmatch(name) or name in {schema.DEVICE, schema.ERASER, "public"}:
        raise WrongUsage(
            f"“{as_name(name)}” cannot be the role of a device",
            hint="Letters, digits, - and _, as lane5.",
        )
    return name


def _identities(server: Server, context: Context | None, names: Sequence[str]) -> list[str]:
    """The identities of operations, as this file knows them, or else as the exchange does.

    Raises NotFound, and Refused where several are of one name.
    """
    found: list[str] = []
    for name in map(as_name, names):
        here = operations_named(context.connection, name) if context else []
        same = {one.operation_id for one in here} or _named_there(server, name)
        if not same and _IDENTITY.fullmatch(name.lower()):
            same = {name.lower()}
        if not same:
            raise NotFound(
                f"there is no operation “{name}”, neither here nor at {server.words}",
                hint="Give its identity, which “portcheck op show --json” prints where it was"
                " started.",
            )
        if len(same) > 1:
            raise Refused(
                f"{len(same)} operations are called {name}",
                hint=f"Give the identity of the one: {', '.join(sorted(same))}.",
            )
        found += same
    return found


def _named_there(server: Server, name: str) -> set[str]:
    """The operations of this name that devices told of at the exchange."""
    found = set()
    for operation_id, said in server.run(rows.abouts):
        try:
            if as_name(json.loads(said)["name"]).casefold() == name.casefold():
                found.add(operation_id)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
    return found
