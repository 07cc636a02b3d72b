"""All files of the sample, in the order in which they depend on one another."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from portcheck.domain.listing import ListedRow
from sample import action_list, check_log, feeds, proof, scene
from sample.findings import outcomes
from sample.marks import Marks
from sample.penalties import lines, next_day
from sample.traffic import lorries

_SEEN = {scene.LISTED: "exact", scene.LOOKALIKE_SEEN: "lookalike"}


def write(folder: Path) -> Iterator[str]:
    """Write every file into `folder`; yields what was counted, a line at a time.

    Raises ValueError when the sample would not say what it is meant to say.
    """
    marks = Marks("portcheck sample: registrations")
    marks.reserve(*scene.RESERVED)
    today, day = lines(marks), lorries(marks)
    found = outcomes(day)
    old, new = folder / "action_list.xlsx", folder / "action_list_18_june.csv"
    action_list.write_workbook(old, today)
    action_list.write_csv(new, next_day(marks, today))
    table = check_log.rows(day, found)
    check_log.write_csv(folder / "checks.csv", table)
    check_log.write_workbook(folder / "checks.xlsx", table)
    booked = feeds.manifest(day, marks)
    feeds.write_manifest(folder / "manifest.csv", booked)
    feeds.write_camera(folder / "camera.jsonl", day)

    listed, listed_next = proof.listed(old), proof.listed(new)
    checked = proof.marks_of(day)
    _expect("the log", checked, listed, _SEEN)
    _expect("the log, next day", checked, listed_next, _SEEN | {scene.NEW_NEXT_DAY: "exact"})
    _expect("the manifest", proof.marks_of(booked), listed, _SEEN | {scene.TRAILER_LISTED: "exact"})
    _expect("the misread plate", [scene.MISREAD], listed, {})
    yield proof.accounting(old)
    yield proof.accounting(new)
    yield from proof.figures(day, found)


def _expect(
    what: str, marks: Iterable[str], listed: Iterable[ListedRow], wanted: dict[str, str]
) -> None:
    found = proof.matches(marks, listed)
    if found != wanted:
        raise ValueError(f"{what}: {found} matches, and not {wanted}")
