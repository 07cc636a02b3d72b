"""A camera's reads: JSON lines in, one `CameraRead` a vehicle out.

Besides portcheck's own names (plate, confidence, candidates, at, lane, country)
the documents of common number-plate readers are understood:

- OpenALPR and Rekor Scout: `results[]` or an `alpr_group`; confidence in per
  cent, times in milliseconds (docs.rekor.ai/scout/application-integration).
- Plate Recognizer Snapshot and Stream: `results[]`, there inside `data`; scores
  from 0 to 1, candidates with or without one
  (guides.platerecognizer.com/docs/stream/results).
- Frigate: `frigate/events`, whose `after` has `recognized_license_plate`, and
  the "lpr" updates (docs.frigate.video/integrations/mqtt).

Nothing in a line is trusted: it has a greatest length, must be UTF-8 and plain
JSON, and its texts are cleaned.  A line whose plate can be used is a read; what
else cannot be read in it is left out and told of in the read's remarks, because
to refuse the line would be to miss a vehicle.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple, NoReturn

from portcheck.domain.registration.countries import country_code
from portcheck.domain.registration.key import key_of
from portcheck.domain.text import one_line, shorten
from portcheck.errors import Refused

LONGEST_LINE = 64 * 1024
"""Bytes of one line: a read with many candidates has a few thousand; pictures are not read."""

MOST_CANDIDATES = 10
"""Candidates of one read that are considered, the surest first; readers give ten at most."""

SURE_OF_REGION = 0.8
"""How sure a reader must be of the country it guesses: a wrong one would lower a true match."""

_AHEAD = timedelta(minutes=5)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 1e11
_LONGEST_LANE = 60
_PER_CENT = 100
_BOM = b"\xef\xbb\xbf"
_HINT = "A read is an object with “plate”, and may have confidence, candidates, at, lane, country."

_INNER = ("data", "group", "after", "best_plate")
_PLATE = (
    "plate",
    "best_plate_number",
    "plate_number",
    "license_plate_number",
    "license_plate",
    "licence_plate",
    "registration",
    "vrm",
)
_CONFIDENCE = ("confidence", "score", "best_confidence")
_AT = ("at", "epoch_time", "epoch_start", "timestamp", "captured_at", "time")
_LANE = ("lane", "camera_name", "camera", "camera_id")
_REGION = {"region": "region_confidence", "best_region": "best_region_confidence"}

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CameraRead:
    """One plate as a camera read it.

    `confidence` is from 0 to 1, None when it was not given.  `candidates` are
    the other readings with theirs, the surest first.  `at` is None when the line
    gives no time that can be used; `country` is an ISO code or "".  `remarks`
    are sentences about what was left out.
    """

    plate: str
    confidence: float | None = None
    candidates: tuple[tuple[str, float | None], ...] = ()
    at: datetime | None = None
    lane: str = ""
    country: str = ""
    remarks: tuple[str, ...] = ()


class CameraLine(NamedTuple):
    """One line as it came, by its number counted from 1; `data` is None for one too long."""

    number: int
    data: bytes | None


def waiting_lines(read: Callable[[], bytes]) -> Iterator[list[CameraLine]]:
    r"""The lines that have come, as soon as they have; blank ones are passed over.

    `read` waits for bytes and gives what is there, b"" at the end.  No more than
    one line of the greatest length is ever kept.

    >>> pieces = iter([b'{"plate": ', b'"AB12CDE"}\n\n{"pl', b""])
    >>> [line.number for batch in waiting_lines(lambda: next(pieces)) for line in batch]
    [1, 3]
    """
    number, rest, too_long = 0, b"", False
    while chunk := read():
        *whole, rest = (rest + chunk).split(b"\n")
        batch = []
        for data in whole:
            number += 1
            kept = None if too_long or len(data) > LONGEST_LINE else data
            too_long = False
            if kept is None or kept.strip():
                batch.append(CameraLine(number, kept))
        if too_long or len(rest) > LONGEST_LINE:
            rest, too_long = b"", True
        if batch:
            yield batch
    if too_long or rest.strip():
        yield [CameraLine(number + 1, None if too_long else rest)]


def text_of_line(data: bytes | None) -> str:
    """A line as text.  Raises Refused when it is too long or not UTF-8."""
    if data is None:
        raise Refused(
            f"the line is longer than {LONGEST_LINE // 1024} KB",
            hint="Leave the pictures out of what the reader sends.",
        )
    try:
        return data.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        raise Refused(
            f"the line is not UTF-8 text (byte {error.start + 1})",
            hint="Let the reader write UTF-8.",
        ) from error


def parse_read(line: str, *, now: datetime, zone: tzinfo = UTC) -> CameraRead:
    """The one read in a line.

    Raises Refused, with the reason, for a line without a plate that can be used,
    and for one that tells of several vehicles (`parse_reads` takes those).

    >>> parse_read('{"plate": "ab12 cde", "score": 0.9}', now=datetime(2021, 6, 17, tzinfo=UTC))
    CameraRead(plate='ab12 cde', confidence=0.9, candidates=(), at=None, lane='', country='', \
remarks=())
    """
    reads = parse_reads(line, now=now, zone=zone)
    if len(reads) > 1:
        raise Refused(f"the line tells of {len(reads)} vehicles, not of one")
    if isinstance(reads[0], Refused):
        raise reads[0]
    return reads[0]


def parse_reads(line: str, *, now: datetime, zone: tzinfo = UTC) -> list[CameraRead | Refused]:
    """Every vehicle in a line: its read, or why it has none.  Never empty.

    `now` bounds the times; one without an offset is in `zone`.  Raises Refused
    when the line as a whole cannot be read.
    """
    document = _document(line)
    for name in _INNER:
        inner = document.get(name)
        if isinstance(inner, dict):
            frigate = _of_frigate(inner) if name == "after" else {}
            document = {**document, **inner, **frigate}
    results = document.get("results")
    if not isinstance(results, list):
        return [_read_or_refusal(document, now, zone)]
    if not results:
        raise Refused("the reader saw no plate", hint=_HINT)
    shared = {name: document[name] for name in (*_AT, *_LANE) if name in document}
    return [
        _read_or_refusal({**shared, **one} if isinstance(one, dict) else {}, now, zone)
        for one in results
    ]


def _document(line: str) -> Document:
    try:
        document = json.loads(line, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Refused(
            f"the line is not JSON ({error.msg}, character {error.pos + 1})", hint=_HINT
        ) from error
    except RecursionError as error:
        raise Refused("the line is not a read: it is nested too deeply", hint=_HINT) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise Refused("the line has a number that is too long", hint=_HINT) from error
    if not isinstance(document, dict):
        raise Refused("the line is JSON, but not an object", hint=_HINT)
    return document


def _no_number(word: str) -> NoReturn:
    raise Refused(f"the line is not JSON: {word} is no number", hint=_HINT)


def _of_frigate(event: Document) -> dict[str, Any]:
    """The names of a Frigate event, whose `score` and `region` are not the plate's.

    The time is the one at which the vehicle was first tracked, which all the
    event's updates share.  A `sub_label` without a digit is a name or a logo.
    """
    plate, sure = event.get("recognized_license_plate"), event.get("recognized_license_plate_score")
    if not plate:
        plate, sure = event.get("sub_label"), None
        text = plate[0] if isinstance(plate, list) and plate else plate
        if not any(map(str.isdigit, str(text))):
            plate = None
    if isinstance(plate, list):
        plate, beside = (*plate, None, None)[:2]
        sure = beside if sure is None else sure
    at = event.get("start_time")
    return {"plate": plate, "confidence": sure, "score": None, "at": at, "region": None}


def _read_or_refusal(vehicle: Document, now: datetime, zone: tzinfo) -> CameraRead | Refused:
    try:
        return _read(vehicle, now, zone)
    except Refused as refusal:
        return refusal


def _read(vehicle: Document, now: datetime, zone: tzinfo) -> CameraRead:
    remarks: list[str] = []
    plate = _plate(_first(vehicle, _PLATE))
    given = _first(vehicle, _CONFIDENCE)
    confidence = _share(given)
    if confidence is None and given is not None:
        remarks.append("the camera's confidence cannot be read")
    return CameraRead(
        plate,
        confidence,
        _candidates(vehicle.get("candidates"), key_of(plate)),
        _time(_first(vehicle, _AT), now, zone, remarks),
        _lane(_first(vehicle, _LANE)),
        _country(vehicle, remarks),
        tuple(remarks),
    )


def _first(vehicle: Document, names: tuple[str, ...]) -> Any:
    return next((vehicle[name] for name in names if vehicle.get(name) is not None), None)


def _plate(value: Any) -> str:
    """The plate, cleaned.  Raises Refused when there is none or it cannot be one."""
    if value is None:
        raise Refused("there is no plate in it", hint=_HINT)
    if not isinstance(value, str):
        raise Refused("the plate is not a text", hint="Write it in quotation marks.")
    plate = one_line(value)
    key_of(plate)
    return plate


def _share(value: Any) -> float | None:
    """A confidence from 0 to 1; what is over 1 is in per cent.  None when it is neither."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    share = value if value <= 1 else value / _PER_CENT
    return round(float(share), 4) if 0 <= share <= 1 else None


def _candidates(value: Any, own: str) -> tuple[tuple[str, float | None], ...]:
    """The other readings, each once; what cannot be a registration is passed over."""
    found: dict[str, tuple[str, float | None]] = {}
    for one in value if isinstance(value, list) else ():
        if not isinstance(one, dict):
            continue
        try:
            plate = _plate(_first(one, _PLATE))
        except Refused:
            continue
        if (key := key_of(plate)) != own:
            found.setdefault(key, (plate, _share(_first(one, _CONFIDENCE))))
    surest = sorted(found.values(), key=lambda pair: -(pair[1] or 0.0))
    return tuple(surest[:MOST_CANDIDATES])


def _time(value: Any, now: datetime, zone: tzinfo, remarks: list[str]) -> datetime | None:
    if value is None:
        return None
    when = _instant(value, zone)
    if when is not None and _EARLIEST <= when <= now + _AHEAD:
        return when
    shown = shorten(one_line(str(value)), 40)
    why = "has not come yet" if when is not None and when > now else "cannot be read"
    remarks.append(f"the camera's time “{shown}” {why}: the time of arrival was taken")
    return None


def _instant(value: Any, zone: tzinfo) -> datetime | None:
    """The time behind seconds or milliseconds since 1970, or ISO 8601; None for anything else."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip())
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        seconds = value / 1000 if value >= _MILLISECONDS_FROM else value
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _lane(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return shorten(one_line(str(value)), _LONGEST_LANE)


def _country(vehicle: Document, remarks: list[str]) -> str:
    """The country given, else the one the reader guesses, where it is sure enough of it."""
    given = vehicle.get("country")
    if isinstance(given, str) and (code := _code(given)):
        return code
    for name, sureness in _REGION.items():
        region: Any = vehicle.get(name)
        sure = vehicle.get(sureness)
        if isinstance(region, dict):
            region, sure = region.get("code"), region.get("score")
        if isinstance(region, str) and (sure is None or (_share(sure) or 0) >= SURE_OF_REGION):
            return _code(region)
    if isinstance(given, str) and one_line(given).casefold() not in {"", "eu"}:
        remarks.append(f"the camera's country “{shorten(one_line(given), 40)}” is not known")
    return ""


def _code(text: str) -> str:
    """The ISO code for "GB", "gb", "eu-at" or "es-ct"; "" when it is not known.

    >>> _code("eu-at"), _code("es-ct"), _code("PL"), _code("eu")
    ('AT', 'ES', 'PL', '')
    """
    first, _, second = text.partition("-")
    if first.strip().casefold() == "eu":
        return (country_code(second) or "") if second else ""
    return country_code(text) or country_code(first) or ""
