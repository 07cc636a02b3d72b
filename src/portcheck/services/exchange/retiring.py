"""Taking a list out of force: here, and where a lead does it, for all who share the operation."""

from dataclasses import dataclass

from portcheck.domain.text import one_line
from portcheck.errors import Refused, WrongUsage
from portcheck.services.context import Context
from portcheck.services.exchange.devices import only_a_lead
from portcheck.services.lists.staging import list_name
from portcheck.services.lists.store_list import retire_list
from portcheck.store.listrows import current_version, names_in_force


@dataclass(frozen=True, slots=True)
class Retired:
    """A list that went out of force: by which version, the entries it had, and what is left."""

    list_name: str
    version: int
    reason: str
    entries: int
    in_force: tuple[str, ...]


def retire(context: Context, name: str, reason: str) -> Retired:
    """Take a list out of force; its versions stay, and a new one brings it back.

    Raises NotFound; WrongUsage without a reason; Refused where it is out of force already, or
    where this device takes part in an operation that another one leads.
    """
    reason = one_line(reason)
    if not reason:
        raise WrongUsage("say why the list is retired", hint="--reason TEXT")
    connection = context.connection
    current = current_version(connection, list_name(context, name, known_only=True))
    if current.retired:
        raise Refused(f"list {current.name} was retired already: {current.retired}")
    if (operation := context.current()) and not operation.ended_at:
        only_a_lead(context, operation, f"retire list {current.name} in")
    entries = retire_list(context, current, reason)
    left = tuple(names_in_force(connection))
    return Retired(current.name, current.version + 1, reason, entries, left)
