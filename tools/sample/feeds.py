"""A ferry's manifest and a number-plate camera's reads, about the same day."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portcheck.domain.registration.key import key_of
from sample import scene
from sample.files import save_csv
from sample.marks import Marks
from sample.traffic import MANIFESTED, Lorry, drawn

UNITS = 60
READS = 38
"""Reads of the camera without the repeat and the bad line."""
_COUNTRIES = ("GB", "GB", "FR", "FR", "ES", "PL", "RO", "PT", "DE", "LT")
_HEADINGS = ("Registration", "Trailer", "Container", "Country", "Haulier", "Sailing")
_BAD_LINE = '{"plate": "KX68VT", "confidence": 0.9'
_SLIPS = {"0": "O", "8": "B", "5": "S", "1": "I", "B": "8", "S": "5", "Z": "2", "G": "6", "D": "0"}

Read = dict[str, Any]


def manifest(lorries: Sequence[Lorry], marks: Marks) -> list[Lorry]:
    """The freight of one sailing: those checked, and others who drove past the lanes.

    One of the latter pulls the listed trailer.
    """
    draw = random.Random("portcheck sample: manifest")
    booked = [
        lorry
        for lorry in lorries
        if lorry.sailing == MANIFESTED.name and lorry.direction == MANIFESTED.direction
    ]
    others = UNITS - len(booked)
    booked += [drawn(marks, draw, draw.choice(_COUNTRIES), "hard_sided") for _ in range(others)]
    booked[-1] = replace(booked[-1], trailer=scene.TRAILER_LISTED)
    draw.shuffle(booked)
    return booked


def write_manifest(path: Path, booked: Iterable[Lorry]) -> None:
    """The manifest as the ferry's booking office exports it."""
    draw = random.Random("portcheck sample: booking clerk")
    sailing = f"{MANIFESTED.name} {scene.OPERATION_ON:%d/%m/%Y}"
    rows = (
        (
            _typed(lorry.registration, draw),
            _typed(lorry.trailer, draw),
            lorry.container,
            lorry.country,
            lorry.haulier,
            sailing,
        )
        for lorry in booked
    )
    save_csv(path, [_HEADINGS, *rows])


def write_camera(path: Path, lorries: Sequence[Lorry]) -> None:
    """What the camera before the inbound lanes read, one JSON document a line.

    One lorry is read twice within a minute; the listed one is misread, with
    its mark among the other candidates; one line breaks off.
    """
    draw = random.Random("portcheck sample: camera")
    inbound = [
        lorry
        for lorry in lorries
        if lorry.direction == "inbound" and lorry.registration != scene.LOOKALIKE_SEEN
    ]
    listed = next(i for i, o in enumerate(inbound) if o.registration == scene.LISTED)
    first = min(max(listed - READS // 2, 0), len(inbound) - READS)
    reads = [_read(lorry, draw) for lorry in inbound[first : first + READS]]
    surer = {"plate": reads[4]["plate"], "confidence": 0.97}
    reads.append(reads[4] | surer | {"candidates": [surer], "at": _later(reads[4]["at"], 23)})
    reads.sort(key=lambda read: str(read["at"]))
    lines = [json.dumps(read, ensure_ascii=False) for read in reads]
    lines.insert(17, _BAD_LINE)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _typed(mark: str, draw: random.Random) -> str:
    """A mark as a booking clerk types it."""
    key = "".join(c for c in mark if c.isalnum())
    return draw.choice((mark, mark, key, key.lower(), mark.replace("-", " ")))


def _read(lorry: Lorry, draw: random.Random) -> Read:
    at = lorry.at - timedelta(seconds=draw.randrange(45, 200))
    plates = list(_candidates(lorry, draw))
    return {
        "plate": plates[0]["plate"],
        "confidence": plates[0]["confidence"],
        "candidates": plates,
        "at": at.isoformat(timespec="seconds"),
        "lane": lorry.lane,
        "country": lorry.country,
    }


def _candidates(lorry: Lorry, draw: random.Random) -> Iterator[dict[str, str | float]]:
    """What the camera takes the plate for, the surest first."""
    key = key_of(lorry.registration)
    if lorry.registration == scene.LISTED:
        yield {"plate": scene.MISREAD, "confidence": 0.58}
        yield {"plate": key, "confidence": 0.51}
        return
    surest = draw.randrange(82, 99)
    yield {"plate": key, "confidence": surest / 100}
    slip = next((i for i, c in enumerate(key) if c in _SLIPS), None)
    if slip is not None and surest < 92:
        other = key[:slip] + _SLIPS[key[slip]] + key[slip + 1 :]
        yield {"plate": other, "confidence": (100 - surest) / 100}


def _later(at: str, seconds: int) -> str:
    return (datetime.fromisoformat(at) + timedelta(seconds=seconds)).isoformat()
