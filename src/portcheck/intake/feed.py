"""A camera's reads: JSON lines in, one `CameraRead` a vehicle out.

What readers call things is told in `readers`.

Nothing in a line is trusted: it has a greatest length, must be plain JSON, and
its texts are cleaned.  A line whose plate can be used is a read; what
else cannot be read in it is left out and told of in the read's remarks, because
to refuse the line would be to miss a vehicle.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple, NoReturn

from portcheck.domain.registration.countries import country_code
from portcheck.domain.registration.key import key_of
from portcheck.domain.registration.one_mark import hold_one_mark
from portcheck.domain.text import one_line, shorten
from portcheck.errors import Refused
from portcheck.intake.readers import (
    AT,
    CONFIDENCE,
    HINT,
    LANE,
    PLATE,
    REGION,
    Document,
    first,
    rows,
    vehicles,
)

LONGEST_LINE = 64 * 1024
"""Bytes of one line: a read with many candidates has a few thousand; pictures are not read."""

MOST_CANDIDATES = 10
"""Candidates of one read that are considered, the surest first; readers give ten at most."""

SURE_OF_REGION = 0.8
"""How sure a reader must be of the country it guesses: a wrong one would lower a true match."""

_AHEAD = timedelta(minutes=5)
_BEHIND = timedelta(days=1)
_MILLISECONDS_FROM = 1e11
_LONGEST_LANE = 60
_PER_CENT = 100
_BOM = b"\xef\xbb\xbf"


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
    """A line as text; what is not UTF-8 becomes U+FFFD, which no plate can hold.

    Raises Refused when it is too long.
    """
    if data is None:
        raise Refused(
            f"the line is longer than {LONGEST_LINE // 1024} KB",
            hint="Leave the pictures out of what the reader sends.",
        )
    return data.removeprefix(_BOM).decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Day:
    """What bounds the times of reads: the clock, when the operation `began` (the clock
    where there is none), and the `zone` of times without an offset.
    """

    now: datetime
    zone: tzinfo = UTC
    began: datetime | None = None

    @property
    def earliest(self) -> datetime:
        """A camera whose clock says less has none: it begins anew in 1970 or 2004."""
        return min(self.began or self.now, self.now) - _BEHIND


def parse_read(line: str, day: Day) -> CameraRead:
    """The one read in a line.

    Raises Refused, with the reason, for a line without a plate that can be used,
    and for one that tells of several vehicles (`parse_reads` takes those).

    >>> parse_read('{"plate": "ab12 cde", "score": 0.9}', Day(datetime(2021, 6, 17, tzinfo=UTC)))
    CameraRead(plate='ab12 cde', confidence=0.9, candidates=(), at=None, lane='', country='', \
remarks=())
    """
    reads = parse_reads(line, day)
    if len(reads) > 1:
        raise Refused(f"the line tells of {len(reads)} vehicles, not of one")
    if isinstance(reads[0], Refused):
        raise reads[0]
    return reads[0]


def parse_reads(line: str, day: Day) -> list[CameraRead | Refused]:
    """Every vehicle in a line: its read, or why it has none.  Never empty.

    Raises Refused when the line as a whole cannot be read.
    """
    found = vehicles(_document(line))
    per_cent = any(map(_in_per_cent, found))
    return [_read_or_refusal(vehicle, day, per_cent=per_cent) for vehicle in found]


def _document(line: str) -> Document:
    try:
        document = json.loads(line, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Refused(
            f"the line is not JSON ({error.msg}, character {error.pos + 1})", hint=HINT
        ) from error
    except RecursionError as error:
        raise Refused("the line is not a read: it is nested too deeply", hint=HINT) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise Refused("the line has a number that is too long", hint=HINT) from error
    if not isinstance(document, dict):
        raise Refused("the line is JSON, but not an object", hint=HINT)
    return document


def _no_number(word: str) -> NoReturn:
    raise Refused(f"the line is not JSON: {word} is no number", hint=HINT)


def _read_or_refusal(vehicle: Document, day: Day, *, per_cent: bool) -> CameraRead | Refused:
    try:
        return _read(vehicle, day, per_cent=per_cent)
    except Refused as refusal:
        return refusal


def _read(vehicle: Document, day: Day, *, per_cent: bool) -> CameraRead:
    remarks: list[str] = []
    plate = _plate(first(vehicle, PLATE))
    given = first(vehicle, CONFIDENCE)
    confidence = _share(given, per_cent=per_cent)
    if confidence is None and given is not None:
        remarks.append("the camera's confidence cannot be read")
    return CameraRead(
        plate,
        confidence,
        _candidates(vehicle, key_of(plate), per_cent=per_cent),
        _time(first(vehicle, AT), day, remarks),
        _lane(first(vehicle, LANE)),
        _country(vehicle, remarks, per_cent=per_cent),
        tuple(remarks),
    )


def _plate(value: Any) -> str:
    """The plate, cleaned.  Raises Refused when there is none or it cannot be one."""
    if value is None:
        raise Refused("there is no plate in it", hint=HINT)
    if not isinstance(value, str):
        raise Refused("the plate is not a text", hint="Write it in quotation marks.")
    plate = one_line(value)
    hold_one_mark(plate)
    key_of(plate)
    return plate


def _in_per_cent(vehicle: Document) -> bool:
    """Whether scores are given in per cent: one of them is over 1."""
    scores = [first(vehicle, CONFIDENCE), *(vehicle.get(name) for name in REGION.values())]
    scores += [first(one, CONFIDENCE) for one in rows(vehicle, "candidates")]
    return any(_is_number(score) and score > 1 for score in scores)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _share(value: Any, *, per_cent: bool) -> float | None:
    """A confidence from 0 to 1.  None when it is none."""
    if not _is_number(value):
        return None
    share = value / _PER_CENT if per_cent else value
    return round(float(share), 4) if 0 <= share <= 1 else None


def _candidates(
    vehicle: Document, own: str, *, per_cent: bool
) -> tuple[tuple[str, float | None], ...]:
    """The other readings, each once; what cannot be a registration is passed over."""
    found: dict[str, tuple[str, float | None]] = {}
    for one in rows(vehicle, "candidates"):
        try:
            plate = _plate(first(one, PLATE))
        except Refused:
            continue
        if (key := key_of(plate)) != own:
            sure = _share(first(one, CONFIDENCE), per_cent=per_cent)
            found.setdefault(key, (plate, sure))
    surest = sorted(found.values(), key=lambda pair: -(pair[1] or 0.0))
    return tuple(surest[:MOST_CANDIDATES])


def _time(value: Any, day: Day, remarks: list[str]) -> datetime | None:
    if value is None:
        return None
    when = _instant(value, day.zone)
    if when is not None and day.earliest <= when <= day.now + _AHEAD:
        return when
    shown = shorten(one_line(str(value)), 40)
    remarks.append(
        f"the camera's time “{shown}” {_why_not(when, day)}: the time of arrival was taken"
    )
    return None


def _why_not(when: datetime | None, day: Day) -> str:
    if when is None:
        return "cannot be read"
    return "has not come yet" if when > day.now else "is before this operation"


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


def _country(vehicle: Document, remarks: list[str], *, per_cent: bool) -> str:
    """The country given, else the one the reader guesses, where it is sure enough of it."""
    given = vehicle.get("country")
    if isinstance(given, str) and (code := _code(given)):
        return code
    for name, sureness in REGION.items():
        region: Any = vehicle.get(name)
        sure = vehicle.get(sureness)
        if isinstance(region, dict):
            region, sure = region.get("code"), region.get("score")
        share = _share(sure, per_cent=per_cent)
        if isinstance(region, str) and (sure is None or (share or 0) >= SURE_OF_REGION):
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
