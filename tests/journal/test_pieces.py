"""Pieces: whole and as they were written, or refused."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from portcheck.errors import FileRefused
from portcheck.journal.chain import GENESIS, Header, Sealed, link, payload_digest
from portcheck.journal.notes import note, read
from portcheck.journal.pieces import MOST_EVENTS, Piece, PieceName, name_of, named, pack, unpack

NOON = datetime(2021, 6, 17, 12, 0, 0, 7, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


def chain_of(texts: list[str | None]) -> list[Sealed]:
    """A chain of events with these texts; None is withheld."""
    events: list[Sealed] = []
    previous, chain = GENESIS, b""
    for seq, text in enumerate(texts, 1):
        header = Header(seq * 3, "L2", seq, "outcome_recorded", "2021", "4711", "Police")
        salt = bytes([seq % 250]) * 16
        digest = payload_digest(salt, text or "")
        own = link(previous, header, digest)
        chain = chain or own
        kept = (None, None) if text is None else (salt, text)
        events.append(Sealed(chain, header, digest, previous, own, *kept))
        previous = own
    return events


def packed(events: list[Sealed], *, signed: bool = True) -> tuple[bytes, PieceName]:
    last = events[-1]
    head = (last.chain, "L2", last.header.seq, last.hash)
    said = note(head, NOON, PUBLIC, KEY.sign if signed else None)
    return pack(said, events), name_of(last.chain, events[0].header.seq, *head[2:])


@given(st.lists(st.one_of(st.none(), TEXTS), min_size=1, max_size=12), st.booleans(), st.data())
def test_what_is_packed_comes_out_as_it_was(
    texts: list[str | None], signed: bool, data: st.DataObject
) -> None:
    events = chain_of(texts)[data.draw(st.integers(0, len(texts) - 1)) :]
    content, name = packed(events, signed=signed)
    assert named(str(name)) == name
    piece = unpack(content, name)
    assert piece.events == events
    assert piece.first == events[0].header.seq
    assert (piece.head.label, piece.head.at) == ("L2", NOON)
    assert piece.head.by(PUBLIC) == signed
    assert not piece.head.by(b"2" * 32)


def test_every_single_byte_that_is_changed_is_refused_or_without_effect() -> None:
    content, name = packed(chain_of(["{}", None, '{"a":"ä"}']))
    whole = unpack(content, name)
    for place in range(len(content)):
        for flip in (1, 0x20, 0x80):
            changed = bytearray(content)
            changed[place] ^= flip
            try:
                piece: Piece | None = unpack(bytes(changed), name)
            except FileRefused:
                continue
            assert piece is not None
            same = (piece.events, piece.head.signature) == (whole.events, whole.head.signature)
            assert same or not piece.head.by(PUBLIC), (place, flip)


@pytest.mark.parametrize("length", [0, 1, 10, 100, 300, -1])
def test_a_piece_that_was_cut_off_is_refused(length: int) -> None:
    content, name = packed(chain_of(["{}"] * 5))
    with pytest.raises(FileRefused):
        unpack(content[:length], name)
    with pytest.raises(FileRefused):
        unpack(content + b"x", name)


def test_a_piece_under_another_name_is_refused() -> None:
    events = chain_of(["{}"] * 3)
    content, name = packed(events)
    for other in (
        name._replace(first=2),
        name._replace(last=4),
        name._replace(hash="0" * 16),
        name._replace(chain=b"3" * 32),
    ):
        with pytest.raises(FileRefused):
            unpack(content, other)


def test_too_many_events_are_refused() -> None:
    content, name = packed(chain_of(["{}"] * (MOST_EVENTS + 1)))
    with pytest.raises(FileRefused):
        unpack(content, name)


def test_a_note_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portcheck.journal.pieces.MOST_BYTES", 10_000)
    content, name = packed(chain_of(["x" * 20_000]))
    with pytest.raises(FileRefused):
        unpack(content, name)


@pytest.mark.parametrize(
    "name", ["", "x.piece", f"{'a' * 64}/1-2-{'0' * 16}.piece", f"{'G' * 64}/000000001-000000001-x"]
)
def test_other_names_are_no_pieces(name: str) -> None:
    assert named(name) is None


@pytest.mark.parametrize("text", ["", "portcheck head\n", "a\nb\nc\nd\ne\nf\n\n", "x" * 3000])
def test_other_texts_are_no_heads(text: str) -> None:
    with pytest.raises(ValueError):
        read(text)
