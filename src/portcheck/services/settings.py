"""Who and where: option first, then environment, then the settings file, then a default."""

import getpass
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any

from portcheck.domain.bank_holidays import UkPart
from portcheck.domain.text import as_name, fold, one_line
from portcheck.errors import Refused, WrongUsage
from portcheck.store.connection import location
from portcheck.targets.address import checked_address, is_address, shown

DEFAULTS: dict[str, str] = {
    "database": "",
    "officer": "",
    "agency": "",
    "device": "L1",
    "site": "",
    "timezone": "Europe/London",
    "part": UkPart.ENGLAND_AND_WALES.value,
    "marking": "OFFICIAL-SENSITIVE",
    "max_age_days": "7",
    "seen_days": "30",
    "sync": "",
    "sync_seconds": "60",
}
HELP: dict[str, str] = {
    "database": "the database file",
    "officer": "your officer ID",
    "agency": "your agency",
    "device": "this device's label, the first part of every check's reference",
    "site": "the site of new operations",
    "timezone": "the time zone of new operations",
    "part": "the part of the United Kingdom of new operations, whose bank holidays hold",
    "marking": "the protective marking printed on tallies and reports",
    "max_age_days": "how old a new list may become, in days",
    "seen_days": "how many days back an earlier check of a vehicle is told, 0 for none",
    "sync": "where “sync” sends and fetches: a folder (stick, share), one file, day.portcheck, or"
    " an address, s3://…, sftp://… or postgresql://…",
    "sync_seconds": "how often lane and feed sync by themselves, in seconds, 0 for never",
}
_ENVIRONMENT = {
    "database": "PORTCHECK_DB",
    "officer": "PORTCHECK_OFFICER",
    "agency": "PORTCHECK_AGENCY",
    "device": "PORTCHECK_DEVICE",
}
_DEVICE = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_IN_DAYS = frozenset({"max_age_days", "seen_days"})
_DAYS = re.compile(r"[0-9]{1,4}")
_SECONDS = re.compile(r"[0-9]{1,5}")
_TEN_YEARS = 3660
_LONGEST_FILE = 64 * 1024  # characters


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and where it came from: "option", "environment", "file", "default", "system"."""

    value: str
    source: str

    @property
    def shown(self) -> str:
        """The value, without a password that somebody wrote into an address."""
        is_target = is_address(self.value) and not self.value.startswith("sqlite:")
        return shown(self.value) if is_target else self.value


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, each with its source; `file` is the settings file, present or not."""

    values: dict[str, Setting] = field(default_factory=dict)
    file: Path = Path()

    def __getitem__(self, name: str) -> str:
        return self.values[name].value

    @property
    def database(self) -> Path:
        """The database file."""
        return location(self["database"])

    @property
    def zone(self) -> tzinfo:
        """The time zone of new operations."""
        return zone(self["timezone"])


def load(options: Mapping[str, str | None], environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force.  Raises Refused for a settings file that cannot be read."""
    path = settings_file(environ)
    stored = read_file(path)
    values: dict[str, Setting] = {}
    for name, default in DEFAULTS.items():
        option = options.get(name)
        variable = environ.get(_ENVIRONMENT.get(name, ""), "")
        if option:
            values[name] = Setting(option, "option")
        elif variable:
            values[name] = Setting(variable, "environment")
        elif name in stored:
            values[name] = Setting(str(stored[name]), "file")
        else:
            values[name] = Setting(default, "default")
    if not as_name(values["officer"].value):
        values["officer"] = Setting(_system_user(), "system")
    if not values["database"].value:
        values["database"] = Setting(str(_data_folder(environ) / "portcheck.db"), "default")
    cleaned = {name: Setting(valid(name, s.value), s.source) for name, s in values.items()}
    return Settings(cleaned, path)


def valid(name: str, value: str) -> str:
    """`value` cleaned, for the setting `name`.  Raises WrongUsage when it cannot be one."""
    value = value if name in {"database", "sync"} else as_name(value)
    if name == "device":
        value = value.upper()
        if not _DEVICE.fullmatch(value):
            raise WrongUsage(
                f"device: “{value}” is not a label",
                hint="Use a letter and up to seven letters or digits, as L2.",
            )
    if name in _IN_DAYS and not (_DAYS.fullmatch(value) and int(value) <= _TEN_YEARS):
        raise WrongUsage(f"{name}: “{value}” is not a number of days")
    if name == "sync_seconds" and not _SECONDS.fullmatch(value):
        raise WrongUsage(f"{name}: “{value}” is not a number of seconds")
    if name == "part":
        value = uk_part(value).value
    if name == "timezone":
        zone(value)
    return value


def uk_part(text: str) -> UkPart:
    """The part of the United Kingdom as typed.  Raises WrongUsage when it is none."""
    for part in UkPart:
        if fold(text) == fold(part.value):
            return part
    raise WrongUsage(
        f"part: “{text}” is no part of the United Kingdom",
        hint=f"One of {', '.join(UkPart)}.",
    )


def zone(name: str) -> tzinfo:
    """The time zone of this name.  Raises WrongUsage when there is none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - only when a time is shown

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder of zones is none
        raise WrongUsage(f"“{name}” is not a time zone", hint="As Europe/London.") from error


def settings_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the settings are kept: PORTCHECK_CONFIG, or the user's configuration folder."""
    given = environ.get("PORTCHECK_CONFIG")
    if given:
        return Path(given).expanduser()
    from platformdirs import user_config_path  # noqa: PLC0415 - not needed when it is given

    return user_config_path("portcheck", appauthor=False) / "portcheck.toml"


def read_file(path: Path) -> dict[str, Any]:
    """The settings in the file; none when there is no file."""
    if not path.is_file():
        return {}
    import tomllib  # noqa: PLC0415 - only when there is a file

    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(_LONGEST_FILE + 1)
        stored = tomllib.loads(text[:_LONGEST_FILE])
    # ValueError: no UTF-8 or no TOML; RecursionError: lists in lists, hundreds deep
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(path, str(error)) from error
    if len(text) > _LONGEST_FILE:
        raise _unreadable(path, "it is too long")
    unknown = sorted(stored.keys() - DEFAULTS.keys())
    if unknown:
        raise Refused(
            f"“{one_line(unknown[0])}” is not a setting",
            where=str(path),
            hint=f"The settings are {', '.join(DEFAULTS)}.",
        )
    for name, value in stored.items():
        if type(value) not in {str, int}:
            raise Refused(
                f"{name} is not a text", where=str(path), hint=f'Write it as {name} = "…".'
            )
    return stored


def _unreadable(path: Path, why: str) -> Refused:
    return Refused(
        f"the settings cannot be read: {why}",
        where=str(path),
        hint="Mend the file, or delete it to start anew.",
    )


def store(path: Path, name: str, value: str) -> None:
    """Write one setting, keeping the rest of the file and its comments as they are.

    Raises WrongUsage, and Refused when the file cannot be read or written.
    """
    import tomlkit  # noqa: PLC0415 - only when a setting is written

    if name not in DEFAULTS:
        raise WrongUsage(
            f"“{one_line(name)}” is not a setting", hint=f"The settings are {', '.join(DEFAULTS)}."
        )
    value = valid(name, value)
    if name == "database":
        location(value)
    if name == "sync" and is_address(value):
        checked_address(value)
    read_file(path)  # a broken file is refused before it is touched
    document = (
        tomlkit.parse(path.read_text(encoding="utf-8")) if path.is_file() else tomlkit.document()
    )
    document[name] = value
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.touch(mode=0o600)
        fresh.chmod(0o600)
        fresh.write_text(tomlkit.dumps(document), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise Refused(
            f"the settings cannot be written: {error.strerror or error}",
            where=str(path),
            hint="Check who owns the file and its folder.",
        ) from error


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _data_folder(environ: Mapping[str, str]) -> Path:
    given = environ.get("PORTCHECK_DATA")
    if given:
        return Path(given).expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415 - not needed when --db is given

    return user_data_path("portcheck", appauthor=False)
