"""The chain's arithmetic, against a calculation of its own."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.journal.chain import (
    GENESIS,
    Header,
    canonical,
    link,
    payload_digest,
    short_fingerprint,
)

HEADER = Header(1, "L2", 1, "check_recorded", "2021-06-17T08:05:00.000000Z", "4711", "Polizei Köln")


def test_a_known_event_has_a_known_hash() -> None:
    salt = bytes(range(16))
    payload = '{"kind":"check_recorded","note":"é"}'
    header = (
        '[1,"L2",1,"check_recorded","2021-06-17T08:05:00.000000Z","4711","Polizei Köln"]'
    ).encode()
    digest = hashlib.sha256(salt + payload.encode()).digest()
    first = hashlib.sha256(bytes(32) + header + digest)

    assert payload_digest(salt, payload) == digest
    assert HEADER.encoded() == header
    assert link(GENESIS, HEADER, digest) == first.digest()
    assert first.hexdigest() == "c58440ce4a07460de6ea7c75d76cf71d390cdf8bd496210542f001db7336704c"


def test_the_fingerprint_is_the_first_80_bits() -> None:
    chain_hash = hashlib.sha256(b"any").digest()
    device, number, digits = short_fingerprint("L2", 7, chain_hash).split(":")
    assert (device, number) == ("L2", "7")
    assert digits.replace("-", "").lower() == chain_hash.hex()[:20]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [1, None, True]}, '{"a":[1,null,true],"b":1}'),
        ({"é": "ü"}, '{"é":"ü"}'),
        ('"\\\n', '"\\"\\\\\\n"'),
        (1.5, "1.5"),
        ([], "[]"),
    ],
)
def test_canonical(value: object, text: str) -> None:
    assert canonical(value) == text


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), documents, max_size=4))
def test_equal_values_have_one_text(value: dict[str, object]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical(value) == canonical(turned)
    assert json.loads(canonical(value)) == value


@given(st.integers(0, 6), st.text(max_size=3))
def test_every_part_of_the_header_is_hashed(place: int, text: str) -> None:
    parts = [1, "L2", 1, "kind", "2021", "4711", "Police"]
    changed = list(parts)
    changed[place] = 2 if isinstance(parts[place], int) else f"{parts[place]}{text}x"
    one, other = Header(*parts), Header(*changed)  # type: ignore[arg-type]
    assert link(GENESIS, one, b"d") != link(GENESIS, other, b"d")
    assert link(GENESIS, one, b"d") != link(b"\1" * 32, one, b"d")
    assert link(GENESIS, one, b"d") != link(GENESIS, one, b"e")
