"""Lines of number-plate readers: what is understood, what is refused, and nothing else raised."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portcheck.domain.registration.key import key_of
from portcheck.errors import Refused
from portcheck.intake.feed import (
    LONGEST_LINE,
    MOST_CANDIDATES,
    CameraRead,
    Day,
    parse_read,
    parse_reads,
    text_of_line,
    waiting_lines,
)

NOW = datetime(2021, 6, 17, 12, tzinfo=UTC)
SHARE = st.none() | st.floats(0, 1)

REKOR = {
    "data_type": "alpr_results",
    "camera_id": 1234,
    "epoch_time": 1562681608425,
    "results": [
        {
            "plate": "AB12CDE",
            "confidence": 92.94,
            "region": "eu-gb",
            "region_confidence": 90,
            "candidates": [
                {"plate": "AB12CDE", "confidence": 92.94, "matches_template": 1},
                {"plate": "AB12CDF", "confidence": 80.87, "matches_template": 0},
            ],
        }
    ],
}
REKOR_GROUP = {
    "data_type": "alpr_group",
    "country": "eu",
    "camera_id": 1234,
    "epoch_start": 1562681608425,
    "epoch_end": 1562681611000,
    "best_plate_number": "AB12CDE",
    "best_confidence": 92.94,
    "best_region": "gb",
    "best_region_confidence": 88.0,
    "candidates": [{"plate": "AB12CDF", "confidence": 80.87, "matches_template": 0}],
}
REKOR_ALERT = {
    "data_type": "alpr_alert",
    "plate_number": "AB12CDE",
    "camera_name": "1234",
    "epoch_time": 1562681608425,
    "group": {
        "best_plate": {
            "plate": "AB12CDE",
            "confidence": 92.94,
            "region": "gb",
            "region_confidence": 88,
            "candidates": [{"plate": "AB12CDF", "confidence": 80.87}],
        }
    },
}
SNAPSHOT = {
    "camera_id": "1234",
    "timestamp": "2019-07-09T14:13:28.425000Z",
    "results": [
        {
            "plate": "AB12CDE",
            "score": 0.9294,
            "region": {"code": "gb", "score": 0.93},
            "candidates": [
                {"plate": "ab12cde", "score": 0.9294},
                {"plate": "AB12CDF", "score": 0.8087},
            ],
        }
    ],
}
STREAM = {"hook": {"event": "recognition", "id": "1234"}, "data": SNAPSHOT}
OWN = {
    "plate": "AB12CDE",
    "confidence": 0.9294,
    "candidates": [{"plate": "AB12CDF", "confidence": 0.8087}],
    "at": "2019-07-09T15:13:28.425+01:00",
    "lane": "1234",
    "country": "GB",
}
THE_SAME = CameraRead(
    "AB12CDE",
    0.9294,
    (("AB12CDF", 0.8087),),
    datetime(2019, 7, 9, 14, 13, 28, 425_000, tzinfo=UTC),
    "1234",
    "GB",
)
FRIGATE = {
    "type": "update",
    "before": {"recognized_license_plate": None},
    "after": {
        "camera": "in_1",
        "label": "car",
        "score": 0.78,
        "region": [264, 450, 667, 853],
        "start_time": 1607123955.475377,
        "frame_time": 1607123962.08,
        "sub_label": ["Daily delivery", 0.8],
        "recognized_license_plate": "AB12CDE",
        "recognized_license_plate_score": 0.93,
    },
}
TRACKED_AT = datetime(2020, 12, 4, 23, 19, 15, 475_377, tzinfo=UTC)
FRIGATE_READ = CameraRead("AB12CDE", 0.93, (), TRACKED_AT, "in_1")


def frigate(**after: Any) -> dict[str, Any]:
    return {**FRIGATE, "after": {**FRIGATE["after"], **after}}  # type: ignore[dict-item]


DAY = Day(NOW, began=datetime(2010, 1, 1, tzinfo=UTC))
"""An operation that began before the oldest of the vendors' own examples."""


def read(document: Any, day: Day = DAY) -> CameraRead:
    return parse_read(json.dumps(document), day)


PLATE_OBJECT = {
    "camera_id": "In 1",
    "timestamp": "2021-06-17T11:00:00.5Z",
    "results": [
        {
            "plate": {
                "type": "Plate",
                "score": 0.5,
                "box": {},
                "props": {
                    "plate": [
                        {"value": "ab12cde", "score": 0.9},
                        {"value": "ab12cdf", "score": 0.3},
                    ],
                    "region": [{"value": "gb", "score": 0.9}, {"value": "fr", "score": 0.1}],
                },
            },
            "vehicle": {"type": "Truck", "props": {}},
            "direction": 180,
        }
    ],
}
VERKADA = {
    "org_id": "o",
    "webhook_type": "lpr",
    "created_at": 1623931200,
    "data": {
        "camera_id": "In 1",
        "created": 1623927600,
        "detected": 1623927600500,
        "license_plate_number": "AB12CDE",
        "confidence": 0.96,
    },
}
HALF_PAST = NOW - timedelta(minutes=59, seconds=59, milliseconds=500)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            {"data": PLATE_OBJECT},
            CameraRead("ab12cde", 0.9, (("ab12cdf", 0.3),), HALF_PAST, "In 1", "GB"),
        ),
        (VERKADA, CameraRead("AB12CDE", 0.96, (), HALF_PAST, "In 1")),
    ],
    ids=["plate as an object", "verkada"],
)
def test_readers_that_say_it_otherwise(document: Any, expected: CameraRead) -> None:
    assert read(document) == expected


@pytest.mark.parametrize("plate", [{}, {"props": 1}, {"props": {"plate": [7]}}, {"props": []}])
def test_a_plate_that_is_an_object_without_a_reading_is_none(plate: Any) -> None:
    with pytest.raises(Refused, match="no plate"):
        read({"results": [{"plate": plate}]})


def test_what_is_over_one_anywhere_makes_every_score_a_percentage() -> None:
    line = json.dumps(
        {"results": [{"plate": "A1", "confidence": 1}, {"plate": "B1", "confidence": 93.5}]}
    )
    assert [one.confidence for one in parse_reads(line, DAY) if isinstance(one, CameraRead)] == [
        0.01,
        0.935,
    ]


@pytest.mark.parametrize(
    "document",
    [OWN, REKOR, REKOR_GROUP, REKOR_ALERT, SNAPSHOT, STREAM],
    ids=["portcheck", "results", "group", "alert", "snapshot", "stream"],
)
def test_one_read_is_the_same_from_every_reader(document: Any) -> None:
    assert read(document) == THE_SAME


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (FRIGATE, FRIGATE_READ),
        (
            frigate(
                recognized_license_plate=["AB12CDE", 0.93], recognized_license_plate_score=None
            ),
            FRIGATE_READ,
        ),
        (
            frigate(recognized_license_plate_score=None),
            CameraRead("AB12CDE", None, (), TRACKED_AT, "in_1"),
        ),
        (frigate(recognized_license_plate=None, sub_label=["AB12CDE", 0.93]), FRIGATE_READ),
        (
            frigate(recognized_license_plate=None, sub_label="AB12CDE"),
            CameraRead("AB12CDE", None, (), TRACKED_AT, "in_1"),
        ),
        (
            {"type": "lpr", "name": "Daily", "plate": "AB12CDE", "score": 0.93, "camera": "in_1",
             "timestamp": 1607123955.475377},
            FRIGATE_READ,
        ),
    ],
    ids=["event", "pair", "no score", "sub label", "sub label alone", "update"],
)  # fmt: skip
def test_a_frigate_event(event: Any, expected: CameraRead) -> None:
    assert read(event) == expected


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "not JSON"),
        ("AB12CDE", "not JSON"),
        ('{"plate": "AB12CDE"', "not JSON .*character 20"),
        ('{"plate": "AB12CDE", "confidence": NaN}', "NaN is no number"),
        ('{"plate": "AB12CDE", "confidence": -Infinity}', "-Infinity is no number"),
        ('{"plate": "AB12CDE", "at": ' + "9" * 5000 + "}", "number that is too long"),
        ("[" * 60_000, "nested too deeply"),
        ('{"a":' * 10_000, "nested too deeply"),
        ('["AB12CDE"]', "not an object"),
        ('"AB12CDE"', "not an object"),
        ("null", "not an object"),
        ("{}", "no plate in it"),
        ('{"plate": null}', "no plate in it"),
        ('{"plate": 1234567}', "not a text"),
        ('{"plate": ["AB12CDE"]}', "not a text"),
        ('{"plate": ""}', "the registration is empty"),
        ('{"plate": " -- "}', "no letter or digit"),
        ('{"plate": "AB?2CDE"}', "QUESTION MARK.*cannot stand"),
        ('{"plate": "' + "A" * 500 + '"}', "too long for a registration"),
        ('{"results": []}', "saw no plate"),
        ('{"results": [7]}', "no plate in it"),
        ('{"data_type": "heartbeat", "timestamp": 1453426302097}', "no plate in it"),
        (json.dumps(frigate(recognized_license_plate=None, sub_label=None)), "no plate in it"),
        (json.dumps(frigate(recognized_license_plate=None)), "no plate in it"),
        (json.dumps(frigate(recognized_license_plate=[])), "no plate in it"),
    ],
)
def test_a_line_that_is_no_read_is_refused_with_the_reason(line: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        parse_read(line, DAY)


@pytest.mark.parametrize(
    ("given", "field", "expected", "remark"),
    [
        ({"confidence": 0.5}, "confidence", 0.5, ""),
        ({"confidence": 1}, "confidence", 1.0, ""),
        ({"confidence": 88.5}, "confidence", 0.885, ""),
        ({"confidence": 0}, "confidence", 0.0, ""),
        ({"confidence": None}, "confidence", None, ""),
        ({"confidence": 101}, "confidence", None, "confidence cannot be read"),
        ({"confidence": -0.1}, "confidence", None, "confidence cannot be read"),
        ({"confidence": True}, "confidence", None, "confidence cannot be read"),
        ({"confidence": "high"}, "confidence", None, "confidence cannot be read"),
        ({"at": "2021-06-17T11:00:00Z"}, "at", NOW - timedelta(hours=1), ""),
        ({"at": "2021-06-17T12:04:00Z"}, "at", NOW + timedelta(minutes=4), ""),
        ({"at": "2021-06-17T12:06:00Z"}, "at", None, "has not come yet: the time of arrival"),
        ({"at": "yesterday"}, "at", None, "“yesterday” cannot be read"),
        ({"at": [1]}, "at", None, "cannot be read"),
        ({"at": True}, "at", None, "cannot be read"),
        ({"at": 1e300}, "at", None, "cannot be read"),
        ({"at": -1}, "at", None, "is before this operation"),
        ({"at": 12}, "at", None, "“12” is before this operation: the time of arrival"),
        ({"at": "2004-01-01T00:00:00Z"}, "at", None, "is before this operation"),
        ({"at": 1623927600}, "at", NOW - timedelta(hours=1), ""),
        ({"epoch_time": 1623927600000}, "at", NOW - timedelta(hours=1), ""),
        ({"lane": " In\t 1\x1b[2J"}, "lane", "In 1[2J", ""),
        ({"lane": 3}, "lane", "3", ""),
        ({"lane": {"a": 1}}, "lane", "", ""),
        ({"camera": "gate"}, "lane", "gate", ""),
        ({"country": "D"}, "country", "DE", ""),
        ({"country": "Atlantis"}, "country", "", "“Atlantis” is not known"),
        ({"country": ""}, "country", "", ""),
        ({"country": 5}, "country", "", ""),
        ({"country": "eu", "region": "pl"}, "country", "PL", ""),
        ({"country": "GB", "region": "eu-pl"}, "country", "GB", ""),
        ({"region": "eu-pl", "region_confidence": 79}, "country", "", ""),
        ({"region": "eu-pl", "region_confidence": 1}, "country", "PL", ""),
        ({"region": "eu-pl", "region_confidence": 1, "confidence": 93.5}, "country", "", ""),
        ({"region": "eu-pl", "region_confidence": 1, "candidates": [{"plate": "B1", "score": 50}]},
         "candidates", (("B1", 0.5),), ""),
        ({"region": "\ufffd#", "region_confidence": 1}, "country", "", ""),
        ({"region": {"code": "pl", "score": 0.413}}, "country", "", ""),
        ({"region": {"code": "pl"}}, "country", "PL", ""),
        ({"region": [1, 2]}, "country", "", ""),
        ({"candidates": "AB12CDF"}, "candidates", (), ""),
        ({"candidates": [5, {}, {"plate": "?"}, {"plate": 7}]}, "candidates", (), ""),
        (
            {"candidates": [{"plate": "B1"}, {"plate": "C1", "score": 0.7}, {"plate": "b-1"}]},
            "candidates",
            (("C1", 0.7), ("B1", None)),
            "",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_besides_the_plate_is_left_out_and_told(
    given: dict[str, Any], field: str, expected: object, remark: str
) -> None:
    found = read({"plate": "AB12CDE"} | given)
    assert getattr(found, field) == expected
    assert found.plate == "AB12CDE"
    assert len(found.remarks) == bool(remark)
    assert remark in "".join(found.remarks)


def test_a_time_without_an_offset_is_in_the_operations_zone() -> None:
    document = {"plate": "AB12CDE", "at": "2021-06-17 12:00:00"}
    assert read(document).at == NOW
    assert read(document, Day(NOW, ZoneInfo("Europe/London"))).at == NOW - timedelta(hours=1)


def test_only_the_surest_candidates_are_kept() -> None:
    many = [{"plate": f"AB{n:02}CDF", "confidence": n / 100} for n in range(90)]
    found = read({"plate": "AB12CDE", "candidates": many}).candidates
    assert [plate for plate, _ in found] == [f"AB{n}CDF" for n in range(89, 79, -1)]
    assert len(found) == MOST_CANDIDATES


def test_every_vehicle_of_a_line_is_read_or_has_its_reason() -> None:
    line = json.dumps(
        {"camera_id": "7", "results": [{"plate": "AB12CDE"}, {"plate": "?"}, {"plate": "XX1"}]}
    )
    first, second, third = parse_reads(line, DAY)
    assert first == CameraRead("AB12CDE", lane="7")
    assert isinstance(second, Refused)
    assert third == CameraRead("XX1", lane="7")
    with pytest.raises(Refused, match="tells of 3 vehicles"):
        parse_read(line, DAY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["plate", "confidence", "score", "candidates", "at", "timestamp", "epoch_time", "lane",
     "camera_id", "country", "region", "region_confidence", "results", "data", "group", "after",
     "best_plate", "recognized_license_plate", "sub_label", "start_time"]
)  # fmt: skip


@pytest.mark.slow
@given(st.dictionaries(NAMES, JSON | st.just("AB12CDE")) | JSON)
def test_any_json_is_a_read_or_refused_and_nothing_else(document: Any) -> None:
    try:
        found = parse_reads(json.dumps(document), DAY)
    except Refused:
        return
    assert found
    for one in found:
        if isinstance(one, CameraRead):
            assert key_of(one.plate)
            assert one.confidence is None or 0 <= one.confidence <= 1
            assert one.at is None or one.at <= NOW + timedelta(minutes=5)
            assert all(c is None or 0 <= c <= 1 for _, c in one.candidates)


@given(st.text())
def test_any_text_is_a_read_or_refused_and_nothing_else(line: str) -> None:
    with pytest.raises(Refused):
        parse_read(line, DAY)


@given(st.lists(st.tuples(st.text("AB1", min_size=2, max_size=7), SHARE)), SHARE)
def test_a_read_comes_back_as_it_was_given(
    candidates: list[tuple[str, float | None]], confidence: float | None
) -> None:
    given_ = [{"plate": plate, "confidence": share} for plate, share in candidates]
    found = read({"plate": "ZZ99ZZZ", "confidence": confidence, "candidates": given_})
    assert found.confidence == (None if confidence is None else round(confidence, 4))
    assert {plate for plate, _ in found.candidates} <= {plate for plate, _ in candidates}
    shares = [share or 0.0 for _, share in found.candidates]
    assert shares == sorted(shares, reverse=True)


def taken(pieces: list[bytes]) -> Iterator[tuple[int, bytes | None]]:
    left = iter([*(piece for piece in pieces if piece), b""])
    for batch in waiting_lines(lambda: next(left)):
        assert batch
        yield from batch


@given(st.lists(st.binary(max_size=9).map(lambda b: b.replace(b"\n", b"x"))), st.data())
def test_lines_are_the_same_however_they_arrive(lines: list[bytes], data: st.DataObject) -> None:
    whole = b"\n".join(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)))))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    expected = [(n, line) for n, line in enumerate(lines, 1) if line.strip()]
    assert list(taken(pieces)) == expected


@pytest.mark.parametrize("piece", [1000, 65_536, 10**6])
def test_a_line_too_long_is_told_of_and_the_next_one_read(piece: int) -> None:
    text = b"x" * (LONGEST_LINE * 5) + b"\nshort\n" + b"y" * LONGEST_LINE + b"\n"
    text += b"z" * (LONGEST_LINE + 1)
    pieces = [text[i : i + piece] for i in range(0, len(text), piece)]
    kept = [(n, data and data[:5]) for n, data in taken(pieces)]
    assert kept == [(1, None), (2, b"short"), (3, b"yyyyy"), (4, None)]


def test_a_line_is_answered_before_the_next_one_is_there() -> None:
    asked: list[bytes] = [b'{"plate"', b': "A1"}\nmore', b" to come\n", b""]
    given_ = waiting_lines(lambda: asked.pop(0))
    assert next(given_) == [(1, b'{"plate": "A1"}')]
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (None, "longer than 64 KB"),
        (b'{"plate": "AB\xff"}', "AB\ufffd"),
        ('{"plate": "AB12CDE"}'.encode("utf-16"), "not JSON"),
    ],
)
def test_bytes_that_hold_no_plate_are_refused(data: bytes | None, why: str) -> None:
    with pytest.raises(Refused, match=why):
        parse_read(text_of_line(data), DAY)


def test_bytes_that_are_no_text_beside_the_plate_are_passed_over() -> None:
    line = b'{"plate": "AB12CDE", "region": "\xff\xfe#", "lane": "in \xff 1"}'
    assert parse_read(text_of_line(line), DAY) == CameraRead("AB12CDE", lane="in \ufffd 1")


def test_a_byte_order_mark_is_passed_over() -> None:
    assert text_of_line(b'\xef\xbb\xbf{"plate": "A1"}') == '{"plate": "A1"}'
