"""Addresses of targets on other machines, as “s3://bucket/day”: never with a password in them.

Who they are used as is found where the programs of each kind look for it, so that no password
stands in a settings file, among the words of a running program, or in a message.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from portcheck.domain.text import one_line
from portcheck.errors import WrongUsage


class Kind(NamedTuple):
    """What people call such a target, where its passwords or keys stand, and whether an address
    says who is there, and at which port.
    """

    word: str
    secrets: str
    login: bool = False


_KEYS = "Its tools know where to keep keys: docs/several-lanes.md, “Stores and servers”."
KINDS = {
    "s3": Kind("store", _KEYS),
    "gs": Kind("store", _KEYS),
    "abfs": Kind("store", _KEYS),
    "sftp": Kind(
        "server", "Use a key, as ssh does: ssh-agent, or IdentityFile in ~/.ssh/config.", login=True
    ),
}
_DATABASE = Kind(
    "server", "It is looked for in the file that PGPASSFILE names, or asked for.", login=True
)
KINDS |= {"postgresql": _DATABASE, "postgres": _DATABASE}
_SECRET = re.compile(r"(?i)([?&][\w-]*(?:password|secret|token|key)=)[^&]*")
_PLACE = re.compile(
    r"(?P<host>[A-Za-z0-9_](?:[A-Za-z0-9._-]*)|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>/[^?#]*)?"
)
_LAST_PORT = 65_535
_USER = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9._$-]*")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a target is: `host` is the bucket or container of a store, `path` is without slashes
    at its ends, `port` 0 where none is named.
    """

    scheme: str
    user: str
    host: str
    port: int
    path: str


def is_address(text: str) -> bool:
    """Whether a text is meant to name a target on another machine, and no file here."""
    return "://" in text


def is_database(text: str) -> bool:
    """Whether a text names a PostgreSQL database.

    >>> is_database("postgresql://lane5@server/portcheck"), is_database("s3://bucket/day")
    (True, False)
    """
    return KINDS.get(_parted(text)[0]) is _DATABASE


def shown(text: str) -> str:
    """An address as it may be shown: without what may be a password.

    >>> shown("sftp://l5:secret@share/day"), shown("s3://day/?token=secret")
    ('sftp://l5@share/day', 's3://day/?token=…')
    """
    scheme, user, rest = _parted(text)
    before = f"{user.partition(':')[0]}@" if user else ""
    after = _SECRET.sub(r"\1…", rest)
    return one_line(f"{scheme}://{before}{after}").rstrip("/")


def checked_address(text: str) -> Kind:
    """What kind of target an address names.  Raises WrongUsage for none, and for a password."""
    scheme, user, rest = _parted(text)
    kind = KINDS.get(scheme)
    if kind is None:
        raise _no_target(text)
    if ":" in user or _SECRET.search(rest):
        raise WrongUsage(
            f"a password stands in the address of {shown(text)}: others could read it here",
            hint=f"Leave it out. {kind.secrets}",
        )
    return kind


def read_address(text: str) -> Address:
    """The parts of an address.  Raises as `checked_address`.

    >>> read_address("sftp://l5@share:2222/ports/day/")
    Address(scheme='sftp', user='l5', host='share', port=2222, path='ports/day')
    """
    kind = checked_address(text)
    scheme, user, rest = _parted(text)
    found = _PLACE.fullmatch(rest)
    if not found or one_line(rest) != rest or (user and not _USER.fullmatch(user)):
        raise _no_target(text)
    port = int(found["port"] or 0)
    if port > _LAST_PORT or ((user or port) and not kind.login):
        raise _no_target(text)
    return Address(scheme, user, found["host"], port, (found["path"] or "").strip("/"))


def _parted(text: str) -> tuple[str, str, str]:
    """Scheme, what stands before the last @, and the rest: a password may hold anything."""
    scheme, _, rest = text.strip().partition("://")
    before, at, after = rest.rpartition("@")
    return scheme.lower(), before, after if at else rest


def _no_target(text: str) -> WrongUsage:
    return WrongUsage(
        f"“{shown(text)}” is no target",
        hint="Name a folder, a file whose name ends in .portcheck, or an address that begins "
        f"with {', '.join(f'{scheme}://' for scheme in KINDS)}.",
    )
