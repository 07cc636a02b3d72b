"""Whatever stands where a registration belongs, every line and row is accounted for."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import pytest

from portcheck.intake.feed import CameraLine
from portcheck.intake.files.source import source_of_bytes
from portcheck.services.checks.feed import Feed, FeedOptions, NotRead
from portcheck.services.checks.import_log import import_log
from portcheck.services.context import Context
from portcheck.services.lists.import_list import ImportOptions, ImportResult, import_list
from portcheck.services.matching.screen import screen

# What was once taken apart by a later step than the one that took it for a separator, and
# what grows, shrinks or changes its kind when it is folded.
ODD = "´¨¸˚΄`ʼ′ÄÖÜäßŉǆﷺİı٣①½㎏ﬁﬃΐᾳ҉ªº㋿ЖЩΩ湘🚚( ) [ / - ; + & ' \" \\ \u0308\u0301\u200f\u200d\u2028\ufeff\ufffe\ud800\x00\x1b\x85\n\t"


def any_texts(number: int, seed: int = 11) -> list[str]:
    """Texts from all of Unicode, most of them near enough to a mark to be folded."""
    random = Random(seed)

    def one() -> str:
        part = random.random()
        if part < 0.5:
            return random.choice("ABCDEZO0123456789 ")
        return random.choice(ODD) if part < 0.8 else chr(random.randrange(0x110000))

    texts = ["".join(one() for _ in range(random.randint(0, 14))) for _ in range(number)]
    return [text * random.choice((1, 1, 1, 1, 20)) for text in texts]


SOME = any_texts(300)


def feed_all(context: Context, texts: Iterable[str], **options: Any) -> list[Any]:
    lines = [
        CameraLine(n, json.dumps({"plate": text, "candidates": [{"plate": text[::-1]}]}).encode())
        for n, text in enumerate(texts, 1)
    ]
    feed = Feed(context, FeedOptions(**options))
    return [
        reply
        for first in range(0, len(lines), 50)
        for reply in feed.take(lines[first : first + 50])
    ]


def rows_of(texts: Iterable[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Registration", "Trailer", "Container", "Balance"])
    writer.writerow(["AB12CDE", "", "", "10.00"])
    writer.writerows([text, text[::-1], "", "10.00"] for text in texts)
    return out.getvalue().encode(errors="replace").replace(b"\x00", b"?")


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(SOME, id="some"),
        pytest.param(any_texts(10_000, seed=12), id="ten thousand", marks=pytest.mark.slow),
    ],
)
def test_every_plate_a_camera_may_send_is_answered(under_way: Context, texts: list[str]) -> None:
    """The feed never ends; what cannot be a plate is answered with why."""
    replies = feed_all(under_way, texts)
    assert [reply.line for reply in replies] == list(range(1, len(texts) + 1))
    refused = [reply.refusal for reply in replies if isinstance(reply, NotRead)]
    assert 0 < len(refused) < len(replies)
    for refusal in refused:
        str(refusal).encode()


@pytest.mark.parametrize("record", [True, False])
def test_an_accent_ends_no_feed(under_way: Context, *, record: bool) -> None:
    replies = feed_all(under_way, ["ZZ11AAA", "AB12´CDE", "EN167", "B NO 1234"], record=record)
    assert [reply.answer.verdict.value for reply in replies] == [
        "clear",
        "listed",
        "clear",
        "clear",
    ]


def test_a_list_is_refused_for_no_cell(context: Context, take: Callable[..., ImportResult]) -> None:
    result = take(
        [{"Registration": text, "Balance": "1"} for text in ("AB12CDE", "CVP´1142", "Ж1")]
    )
    assert (result.accepted, result.rejected) == (2, 1)


def test_every_row_of_a_list_is_accounted_for(context: Context) -> None:
    options = ImportOptions(list_name="CECPT", confirm=lambda _: True)
    counts = import_list(context, source_of_bytes("list.csv", rows_of(SOME)), options)
    assert counts.rows == counts.accepted + counts.duplicates + counts.rejected
    assert counts.accepted
    assert counts.rejected


def test_every_row_of_a_manifest_and_of_a_log_is_accounted_for(under_way: Context) -> None:
    data = rows_of(SOME)
    screened = screen(under_way, source_of_bytes("manifest.csv", data))
    assert screened.rows == screened.accepted + screened.duplicates + screened.rejected
    taken = import_log(under_way, source_of_bytes("log.csv", data))
    assert taken.rows == taken.accepted + taken.duplicates + taken.rejected
    for result in (screened, taken):
        assert result.accepted
        assert result.rejected
