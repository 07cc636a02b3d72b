"""The tally on a terminal: plain at 80 columns, on a page, and in its other views."""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console, RenderableType

from portcheck.domain.statement import Statement
from portcheck.domain.tally import MatchFigures
from portcheck.report.contract.report import Explained, NarrowedTally, TallyBy, TallyCompared
from portcheck.report.sections import RECORDED, sections
from portcheck.report.tally import tally_view
from portcheck.report.tallydocuments import (
    by_document,
    compared_document,
    explained_document,
    tally_document,
)
from portcheck.report.tallyviews import by_view, compared_view, explained_view
from portcheck.services import operation
from portcheck.services.context import Context
from portcheck.services.day.end_operation import end
from portcheck.services.day.explain import explain
from portcheck.services.day.groups import BY, groups
from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement

PORTSMOUTH = ("Portsmouth 17 June 2021",)
A4_LINES, A4_COLUMNS = 66, 80
Golden = Callable[[str, str], None]


def printed(parts: Iterable[RenderableType], width: int = 80, *, color: bool = False) -> str:
    """What a pipe (or a terminal with colour) is given, without trailing spaces."""
    out = io.StringIO()
    console = Console(
        file=out, width=width, markup=False, emoji=False, highlight=False,
        force_terminal=color, color_system="truecolor" if color else None,
    )  # fmt: skip
    for part in parts:
        console.print(part)
    lines = out.getvalue().splitlines()
    return re.sub(
        r"L1:\d+(:[0-9A-F]{4}|-[0-9A-F]{4})+",
        "L1:999:0000-0000-0000-0000-0000",
        "\n".join(line.rstrip() for line in lines) + "\n",
    )


def view(found: Statement, width: int = 80) -> str:
    return printed(tally_view(found.tally, width, found), width)


@pytest.mark.parametrize("width", [80, 60, 132])
def test_golden_tally(width: int, portsmouth: Context, golden: Golden) -> None:
    golden(f"tally-{width}", view(statement(portsmouth, select(portsmouth, PORTSMOUTH)), width))


def test_golden_eventful_tally(eventful: Context, golden: Golden) -> None:
    golden("tally-eventful", view(statement(eventful, select(eventful))))


def test_golden_tally_with_money_taken_without_a_sum(without_sum: Context, golden: Golden) -> None:
    here = select(without_sum)
    explained = explained_view(explain(without_sum, here, "enforced_pence"), here.zone)
    golden("tally-without-sum", view(statement(without_sum, here)) + printed(explained))


def test_golden_views(eventful: Context, portsmouth: Context, golden: Golden) -> None:
    here = select(eventful)
    now = statement(eventful, here)
    then = statement(portsmouth, select(portsmouth, PORTSMOUTH))
    views: dict[str, Iterator[RenderableType]] = {
        "by-lane": by_view(now, "lane", groups(eventful, here, "lane")[1]),
        "by-country": by_view(now, "country", groups(eventful, here, "country")[1]),
        "compared": compared_view(now, then),
        "explained": explained_view(explain(eventful, here, "enforced_pence"), here.zone),
        "none": explained_view(explain(eventful, here, "containers"), here.zone),
    }
    text = "".join(f"[{name}]\n{printed(parts)}\n" for name, parts in views.items())
    golden("tally-views", text)


@pytest.mark.parametrize("guessed", [{}, {"GB": 40, "NL": 12, "TR": 6, "IE": 1, "BE": 1}])
def test_the_tally_fits_a_page_of_a4(portsmouth: Context, guessed: dict[str, int]) -> None:
    day = statement(portsmouth, select(portsmouth, PORTSMOUTH))
    tally = replace(day.tally, by_country_guessed=guessed, country_guessed=sum(guessed.values()))
    lines = view(replace(day, tally=tally)).splitlines()
    assert any("United Kingdom (guessed) 40" in one for one in lines) is bool(guessed)
    assert len(lines) <= A4_LINES
    assert max(map(len, lines)) <= A4_COLUMNS


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("day", ["portsmouth", "eventful", "without_sum", "context"])
def test_every_figure_is_on_the_screen_at_any_width(
    day: str, width: int, request: pytest.FixtureRequest
) -> None:
    context: Context = request.getfixturevalue(day)
    found = statement(context, select(context, PORTSMOUTH if day == "portsmouth" else ()))
    text = view(found, width)
    assert max(map(len, text.splitlines())) <= width
    words = re.sub(r"[│\s]+", "", text)
    zeros = words.partition("0each:")[2]
    for name in ("vehicles", "outcomes", "matches", *RECORDED, "corrections"):
        for one in sections(found)[name].figures:
            label, shown = re.sub(r"\s", "", one.label), re.sub(r"\s", "", one.shown)
            if width != 40:  # where a label may be parted from its number
                assert label + shown in words or (not one.number and label in zeros), one.key


def test_colour_tells_nothing_that_words_do_not(eventful: Context) -> None:
    found = statement(eventful, select(eventful))
    coloured = printed(tally_view(found.tally, 80, found), color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).replace(" ", "") == view(found).replace(" ", "")


def test_a_day_counted_anew_says_so(
    eventful: Context, clock: list[datetime], written: Callable[..., bytes]
) -> None:
    end(eventful, reason="night")
    clock.append(clock[-1] + timedelta(days=2))
    operation.start(eventful, "Folkestone")
    kept = view(statement(eventful, select(eventful, ("Dover",))))
    anew = view(statement(eventful, select(eventful, ("Dover",), recount=True)))
    words = "counted anew as of 2021-06-19 12:00"
    assert (words in kept, words in anew) == (False, True)
    assert words in written(eventful, ".md", "Dover", recount=True).decode()


@pytest.mark.parametrize("day", ["portsmouth", "eventful"])
def test_whatever_is_printed_carries_the_marking_and_room_for_a_signature(
    day: str, request: pytest.FixtureRequest, written: Callable[..., bytes]
) -> None:
    context: Context = request.getfixturevalue(day)
    names = PORTSMOUTH if day == "portsmouth" else ()
    here = select(context, names)
    found = statement(context, here)
    screens = [
        view(found),
        printed(by_view(found, "hour", groups(context, here, "hour")[1])),
        printed(compared_view(found, found)),
    ]
    texts = [*screens, *(written(context, one, *names).decode() for one in (".html", ".md"))]
    for text in texts:
        assert text.count("OFFICIAL-SENSITIVE") >= 2
        assert "Signed" in text
        assert "Journal" in text
    listed = printed(explained_view(explain(context, here, "checks"), here.zone))
    assert listed.startswith("OFFICIAL-SENSITIVE\n")


def test_what_does_not_add_up_says_so(portsmouth: Context) -> None:
    found = statement(portsmouth, select(portsmouth, PORTSMOUTH))
    wrong = replace(found, tally=replace(found.tally, checks=133, matches=MatchFigures(9)))
    text = view(wrong)
    assert "IT DOES NOT ADD UP" in text
    assert "!primary outcomes: 132 instead of 133" in text
    assert "IT DOES NOT ADD UP" not in view(found)


def test_a_tally_alone_is_shown_too(portsmouth: Context) -> None:
    found = statement(portsmouth, select(portsmouth, PORTSMOUTH))
    text = printed(tally_view(found.tally, 80))
    assert "£2,400.00 listed = £2,400.00 enforced" in text
    assert "IT DOES NOT ADD UP" not in text


def test_documents_are_what_the_contract_says(without_sum: Context, portsmouth: Context) -> None:
    day = without_sum
    here, then = select(day), statement(portsmouth, select(portsmouth, PORTSMOUTH))
    now = statement(day, here)
    part = statement(day, select(day, since="11:00", until="12:30"))
    documents: list[tuple[Any, dict[str, Any]]] = [
        (NarrowedTally, tally_document(now)),
        (NarrowedTally, tally_document(part)),
        (TallyCompared, compared_document(now, then)),
        (TallyCompared, compared_document(part, then)),
        *((TallyBy, by_document(now, by, groups(day, here, by)[1])) for by in BY),
        *(
            (Explained, explained_document(explain(day, here, key), here.zone))
            for key in now.figures()
        ),
    ]
    for model, document in documents:
        text = json.dumps(document)
        assert model.model_validate_json(text).model_dump(mode="json") == json.loads(text)
    assert "scope" in documents[1][1]
    assert "scope" not in documents[0][1]


def test_the_report_tells_of_a_part_of_the_day(
    eventful: Context, written: Callable[..., bytes], tmp_path: Path
) -> None:
    for suffix in (".html", ".md"):
        text = written(eventful, suffix, since="11:00").decode()
        assert "ONLY PART OF THE DAY: checks from 2021-06-17 11:00" in text
    assert json.loads(written(eventful, ".json", until="13:00"))["until"] is not None
