"""A camera's reads, answered one by one, each of them a check on disk before it is answered.

Lines that wait together are recorded in one transaction: none of their answers
is given before its commit, and a burst costs one wait for the disk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from importlib import import_module
from typing import Any

from portcheck.domain.answer import ALERTING, Answer, Match, Unit, Verdict
from portcheck.domain.matching import Tier
from portcheck.domain.registration.key import key_of, skeleton_of
from portcheck.errors import Refused
from portcheck.intake.feed import CameraLine, CameraRead, Day, parse_reads, text_of_line
from portcheck.services.checks.check import Observed, SavedCheck, examine, unscreened, write
from portcheck.services.context import Context, Writer
from portcheck.services.matching.lookup import note_consulted
from portcheck.services.matching.matcher import answer_marks, mark_typed
from portcheck.services.matching.seen import CAMERA, REPEATED_WITHIN, with_seen
from portcheck.services.settings import zone
from portcheck.store.connection import snapshot
from portcheck.store.finder import OperationRow, lists_in_force
from portcheck.store.singlechecks import recorded_between

MOST_REMEMBERED = 50_000
"""Vehicles held against those that follow: a minute of four times the reads that are wanted."""

LEAST_CONFIDENCE = 0.3
"""How sure a reader must be of a candidate before it is matched."""

_ORDER = {tier: place for place, tier in enumerate(Tier)}
_STRENGTH = {Verdict.CLEAR: 0, Verdict.POSSIBLE: 1, Verdict.LISTED: 2}


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """How reads are taken: `details` are those of every check, as its lane or direction."""

    details: Mapping[str, Any] = field(default_factory=dict)
    least_confidence: float = LEAST_CONFIDENCE
    record: bool = True
    no_list: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """A read and its answer, saved as a check; or the check it repeats; or neither."""

    line: int
    read: CameraRead
    at: datetime
    answer: Answer
    saved: SavedCheck | None = None
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True)
class NotRead:
    """A line, or a vehicle in it, that could not be read, and why."""

    line: int
    refusal: Refused


Reply = Answered | NotRead


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A vehicle in view from its first read to its last so far, and the check it was saved as."""

    first: datetime
    last: datetime
    ref: str
    verdict: Verdict

    def has(self, reply: Answered) -> bool:
        """Whether a read is of the same pass, and says no more than the check does."""
        near = self.first - REPEATED_WITHIN <= reply.at <= self.last + REPEATED_WITHIN
        return near and _STRENGTH[self.verdict] >= _STRENGTH[reply.answer.verdict]

    def prolonged(self, at: datetime) -> "_Sighting":
        """With another read at `at`."""
        return replace(self, first=min(self.first, at), last=max(self.last, at))


@dataclass(slots=True)
class FeedCounts:
    """What has come so far; reads = saved + repeated + only answered."""

    lines: int = 0
    reads: int = 0
    saved: int = 0
    repeated: int = 0
    refused: int = 0
    listed: int = 0
    possible: int = 0

    def add(self, reply: Reply) -> None:
        """Count one reply."""
        if isinstance(reply, NotRead):
            self.refused += 1
            return
        self.reads += 1
        self.saved += reply.saved is not None
        self.repeated += bool(reply.duplicate_of)
        if not reply.duplicate_of:
            self.listed += reply.answer.verdict is Verdict.LISTED
            self.possible += reply.answer.verdict is Verdict.POSSIBLE


class Feed:
    """The feed of one camera, or of several, into the device's current operation.

    Raises Refused, as a check does, when there is no operation (unless nothing
    is recorded) and when no list is in force (unless `no_list`).
    """

    def __init__(self, context: Context, options: FeedOptions) -> None:
        if options.record:
            context.operation()
            for name in ("services.matching.evidence", "store.projections"):
                import_module(f"portcheck.{name}")  # now, so that no answer waits for it
        if not options.no_list and not lists_in_force(context.connection):
            raise unscreened()
        self.counts = FeedCounts()
        self._context = context
        self._options = options
        self._operation_id = ""
        self._recent: dict[tuple[str, str], _Sighting] = {}

    def take(self, lines: Sequence[CameraLine]) -> list[Reply]:
        """Answer lines that came together, in their order; what is recorded is on disk by then.

        Raises Refused when the operation has ended.
        """
        context = self._context
        operation = context.operation() if self._options.record else None
        current = operation or context.current()
        day = Day(context.now(), context.zone_here(), current.started_at if current else None)
        replies: list[Reply] = []
        with snapshot(context.connection):
            for line in lines:
                replies += self._answered(line, day)
            if operation is None:
                replies = [
                    self._with_seen(reply, day.zone) if isinstance(reply, Answered) else reply
                    for reply in replies
                ]
        if operation is None:
            self._note(replies)
        else:
            replies = self._recorded(replies, operation)
        self.counts.lines += len(lines)
        for reply in replies:
            self.counts.add(reply)
        return replies

    def _answered(self, line: CameraLine, day: Day) -> Iterator[Reply]:
        """The replies to one line, nothing recorded yet."""
        try:
            found = parse_reads(text_of_line(line.data), day)
        except Refused as refusal:
            yield NotRead(line.number, refusal)
            return
        for read in found:
            yield self._reply(line, read, day)

    def _reply(self, line: CameraLine, read: CameraRead | Refused, day: Day) -> Reply:
        """The reply to one vehicle in a line; a refusal is a reply too, and ends nothing."""
        if isinstance(read, Refused):
            return NotRead(line.number, read)
        at = read.at or day.now
        try:
            return Answered(line.number, read, at, self._answer(read, at, day.zone))
        except Refused as refusal:
            return NotRead(line.number, refusal)

    def _answer(self, read: CameraRead, at: datetime, here: tzinfo) -> Answer:
        """The answer for the plate as read, with what its candidates match."""
        found = self._match(read.plate, read, at, here)
        if found.verdict is not Verdict.LISTED:
            sure = self._options.least_confidence
            for plate, confidence in read.candidates:
                if confidence is None or confidence >= sure:
                    other = self._match(plate, read, at, here).matches
                    found = merged(found, as_candidate(other, read, plate, confidence))
        return replace(found, remarks=(*found.remarks, *read.remarks))

    def _match(self, plate: str, read: CameraRead, at: datetime, here: tzinfo) -> Answer:
        mark = mark_typed(Unit.VEHICLE, plate, read.country)
        haulier = str(self._options.details.get("haulier", ""))
        clock = self._context.now()
        return answer_marks(self._context, (mark,), haulier, now=at, zone=here, clock=clock)

    def _note(self, replies: Iterable[Reply]) -> None:
        answered = [reply for reply in replies if isinstance(reply, Answered)]
        if answered:
            plates = [reply.read.plate for reply in answered]
            note_consulted(
                self._context, "feed", plates, [a.answer.verdict.value for a in answered]
            )

    def _recorded(self, replies: list[Reply], operation: OperationRow) -> list[Reply]:
        """The replies with the check that each read was saved as or repeats, on disk."""
        if not any(isinstance(reply, Answered) for reply in replies):
            return replies
        if operation.operation_id != self._operation_id:
            self._operation_id = operation.operation_id
            self._recent.clear()
        with self._context.writing() as writer:
            return [
                self._saved(writer, operation, reply) if isinstance(reply, Answered) else reply
                for reply in replies
            ]

    def _saved(self, writer: Writer, operation: OperationRow, reply: Answered) -> Answered:
        repeated = self._repeated(operation, reply)
        in_view = repeated.prolonged(reply.at) if repeated else None
        reply = self._with_seen(reply, zone(operation.timezone), in_view)
        if in_view:
            self._remember(reply, in_view)
            return replace(reply, duplicate_of=in_view.ref)
        read = reply.read
        details = dict(self._options.details)
        if read.lane:
            details["lane"] = read.lane
        observed = Observed(details=details, at=reply.at, read=read)
        saved = write(writer, examine(operation, reply.answer, observed, reply.at))
        sighting = _Sighting(reply.at, reply.at, saved.ref, reply.answer.verdict)
        self._remember(reply, sighting)
        return replace(reply, saved=saved)

    def _with_seen(
        self, reply: Answered, here: tzinfo, in_view: _Sighting | None = None
    ) -> Answered:
        """The reply with the checks before it, but for what was read while it is in view."""
        span = (in_view.first, in_view.last) if in_view else (reply.at, reply.at)
        (told,) = with_seen(self._context, [reply.answer], reply.at, here, in_view=span)
        return replace(reply, answer=told)

    def _remember(self, reply: Answered, sighting: _Sighting) -> None:
        for seen in _appearances(reply):
            self._recent.pop(seen, None)
            self._recent[seen] = sighting
        while len(self._recent) > MOST_REMEMBERED:
            del self._recent[next(iter(self._recent))]

    def _repeated(self, operation: OperationRow, reply: Answered) -> _Sighting | None:
        """The sighting that the read prolongs: each read is within a minute of another.

        The same plate anywhere, or one that looks the same in the same lane, or
        whose candidate does.  A read that is answered more strongly than the check
        was is no repeat.
        """
        for seen in _appearances(reply):
            sighting = self._recent.get(seen)
            if sighting and sighting.has(reply):
                return sighting
        around = reply.at - REPEATED_WITHIN, reply.at + REPEATED_WITHIN
        key = reply.answer.marks[0].key
        for at, ref, verdict in recorded_between(
            self._context.connection, operation.operation_id, key, CAMERA, around
        ):
            sighting = _Sighting(at, at, ref, Verdict(verdict))
            if sighting.has(reply):
                return sighting
        return None


def _appearances(reply: Answered) -> list[tuple[str, str]]:
    """What the vehicle looked like in its lane: as read, and as a candidate that is listed."""
    texts = [reply.read.plate, *(m.typed for m in reply.answer.matches if m.alerts)]
    return [(skeleton_of(key_of(text)), reply.read.lane) for text in dict.fromkeys(texts)]


def as_candidate(
    matches: Iterable[Match], read: CameraRead, plate: str, confidence: float | None
) -> Iterator[Match]:
    """The matches of a candidate that count, saying that it is one.

    Only a candidate that is itself listed counts: to stretch a guess a second
    time would alert on almost anything.
    """
    for match in matches:
        if ALERTING.get(match.tier) is Verdict.LISTED:
            why = (
                f"read as {with_share(read.plate, read.confidence)}, candidate "
                f"{with_share(plate, confidence)} matches: {match.why}"
            )
            yield replace(match, why=why)


def with_share(plate: str, confidence: float | None) -> str:
    """A reading, and how sure it was where that is known: AB12CDE (91%)."""
    return plate if confidence is None else f"{plate} ({confidence:.0%})"


def merged(found: Answer, others: Iterable[Match]) -> Answer:
    """`found` with other matches, each listed registration once, the surest match of it."""
    best: dict[tuple[str, str, str], Match] = {}
    for match in (*found.matches, *others):
        listed = (match.list_name, match.registration, match.country)
        known = best.get(listed)
        if known is None or _rank(match) < _rank(known):
            best[listed] = match
    return replace(found, matches=tuple(sorted(best.values(), key=_rank)))


def _rank(match: Match) -> tuple[int, float, str]:
    return _ORDER[match.tier], match.cost, match.registration
