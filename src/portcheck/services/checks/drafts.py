"""Half-filled outcomes: kept beside the database until they are recorded or dropped.

A draft is no fact and does not belong in the journal.  Each is a file that
only its owner can read, written whole or not at all, so that whatever ends the
program leaves the last one in place.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from portcheck.disk.whole import replace_file
from portcheck.domain.fields import Field, Kind
from portcheck.domain.outcome import BY_NAME

_FLAT: dict[Kind, type] = {
    Kind.FLAG: bool,
    Kind.COUNT: int,
    Kind.CHOICE: str,
    Kind.TEXT: str,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An outcome as far as it was entered; `base` is what was recorded when it was begun."""

    check_id: str
    operation_id: str
    device: str
    ref: str
    vehicle: str
    base: dict[str, Any]
    outcome: dict[str, Any]


def keep(database: Path, draft: Draft) -> None:
    """Put the draft on disk in the place of the check's earlier one.  Raises FileRefused."""
    folder = _folder(database)
    folder.mkdir(mode=0o700, exist_ok=True)
    text = json.dumps(asdict(draft), ensure_ascii=False)
    replace_file(_place(database, draft.check_id), lambda out: _write(out, text))


def _write(out: Any, text: str) -> None:
    out.write(text.encode())


def drop(database: Path, check_id: str) -> None:
    """The check's draft is not wanted any more, or there is none."""
    _place(database, check_id).unlink(missing_ok=True)


def kept(database: Path, operation_id: str, device: str) -> list[Draft]:
    """The drafts of this operation on this device, by reference; what is no draft is left alone."""
    found = (_read(path) for path in draft_files(database))
    mine = [d for d in found if d and (d.operation_id, d.device) == (operation_id, device)]
    return sorted(mine, key=lambda draft: draft.ref)


def draft_files(database: Path) -> list[Path]:
    """The files of all drafts, in the order of their checks' identities."""
    return sorted(_folder(database).glob("*.json"))


def _folder(database: Path) -> Path:
    return database.with_name(f"{database.name}.drafts")


def _place(database: Path, check_id: str) -> Path:
    return _folder(database) / f"{check_id}.json"


def _read(path: Path) -> Draft | None:
    try:
        draft = Draft(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    texts = (draft.check_id, draft.operation_id, draft.device, draft.ref, draft.vehicle)
    sound = all(isinstance(text, str) for text in texts) and draft.check_id == path.stem
    return draft if sound and _fits(draft.base) and _fits(draft.outcome) else None


def _fits(values: Any) -> bool:
    """Whether these can be an outcome's values."""
    return isinstance(values, Mapping) and all(
        name in BY_NAME and _fits_field(BY_NAME[name], value) for name, value in values.items()
    )


def _fits_field(field: Field, value: Any) -> bool:
    if field.kind in _FLAT:
        return type(value) is _FLAT[field.kind]
    if not isinstance(value, list):
        return False
    if field.kind is Kind.RECORDS:
        names = {part.name for part in field.parts}
        required = {part.name for part in field.parts if part.required}
        return all(isinstance(one, dict) and required <= one.keys() <= names for one in value)
    return all(isinstance(one, str) for one in value)
