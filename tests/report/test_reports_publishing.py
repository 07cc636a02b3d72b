"""A report leaves the database whole or not at all, and is recorded when it does."""

import errno
import json
import os
from pathlib import Path
from typing import IO, Any

import pytest

from portcheck.domain.tally import Tally
from portcheck.errors import FileRefused, Refused
from portcheck.report.formats import FORMATS, Report, workbook, writer_for
from portcheck.report.formats import markdown as one_format
from portcheck.report.publish import publish
from portcheck.services.context import Context
from portcheck.services.day.selection import select
from portcheck.services.operation import start
from portcheck.store.connection import connect


def disclosures(context: Context) -> list[dict[str, Any]]:
    rows = context.connection.execute(
        "SELECT payload FROM fact WHERE kind = 'data_disclosed' ORDER BY position"
    )
    return [json.loads(text) for (text,) in rows]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_report_is_recorded_with_whom_it_was_for(
    suffix: str, eventful: Context, tmp_path: Path
) -> None:
    path = tmp_path / f"Dover{suffix.upper()}"
    publish(eventful, select(eventful), path, recipient="Border Force\n")
    assert disclosures(eventful) == [
        {
            "kind": "data_disclosed",
            "command": "report",
            "file_name": path.name,
            "format": suffix[1:],
            "records": 5,
            "recipient": "Border Force",
        }
    ]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_report_names_the_state_before_its_own_record(eventful: Context, tmp_path: Path) -> None:
    first = publish(eventful, select(eventful), tmp_path / "one.md").statement
    second = publish(eventful, select(eventful), tmp_path / "two.md").statement
    assert first.tally.fingerprint != second.tally.fingerprint
    assert first.figures() == second.figures()


@pytest.mark.parametrize("name", ["report.pdf", "report", "report.xls", ".xlsx"])
def test_an_unknown_format_is_refused(name: str, eventful: Context, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"none of \.xlsx, \.html, \.json, \.csv, \.md"):
        publish(eventful, select(eventful), tmp_path / name)
    assert disclosures(eventful) == []


def test_a_file_that_is_there_is_not_replaced_unasked(eventful: Context, tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("older")
    with pytest.raises(Refused, match="there already"):
        publish(eventful, select(eventful), path)
    assert path.read_text() == "older"
    publish(eventful, select(eventful), path, force=True)
    assert "5 vehicle checks" in path.read_text(encoding="utf-8")


def _full(_report: Report, out: IO[bytes]) -> None:
    out.write(b"half of it")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("fault", ["no room", "no folder", "a folder", "cannot be put in place"])
def test_what_cannot_be_written_leaves_everything_as_it_was(
    fault: str, eventful: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.md"
    path.write_text("older")
    if fault == "no room":
        monkeypatch.setattr(one_format, "write", _full)
    elif fault == "no folder":
        path = tmp_path / "nowhere" / "report.md"
    elif fault == "a folder":
        path = tmp_path / "folder.md"
        path.mkdir()
    else:
        monkeypatch.setattr(Path, "replace", _refuse)
    with pytest.raises(FileRefused, match="cannot be written"):
        publish(eventful, select(eventful), path, force=True)
    assert (tmp_path / "report.md").read_text() == "older"
    assert disclosures(eventful) == []
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".portcheck-")] == []
    assert not eventful.connection.in_transaction
    left = eventful.connection.execute("SELECT name FROM sqlite_temp_schema").fetchall()
    assert left == []


def _refuse(self: Path, _target: Path) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))


def test_more_rows_than_a_sheet_holds_are_refused(
    eventful: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    with pytest.raises(Refused, match="5 rows of checks do not fit into a workbook"):
        publish(eventful, select(eventful), tmp_path / "report.xlsx")
    assert list(tmp_path.glob("report*")) == []
    assert disclosures(eventful) == []


def test_rows_that_no_longer_give_the_figures_kept_are_named(
    portsmouth: Context, tmp_path: Path
) -> None:
    connection = portsmouth.connection
    changed = "UPDATE vehicle_check SET voided = ? WHERE ref = 'L1-003'"
    try:
        connection.execute(changed, (1,))
        made = publish(
            portsmouth, select(portsmouth, ("Portsmouth 17 June 2021",)), tmp_path / "report.md"
        )
    finally:
        connection.execute(changed, (0,))
    assert "checks: 132 was kept at the end, the checks give 131" in made.faults
    assert made.statement.tally.checks == 132


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_has_a_writer(suffix: str) -> None:
    assert writer_for(Path(f"x{suffix}")).__module__.startswith("portcheck.report.formats.")


def test_others_can_record_while_a_report_is_written(
    eventful: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are read from a copy: what is recorded meanwhile is neither stopped nor in it."""
    seen: list[Tally] = []

    def slowly(report: Report, out: IO[bytes]) -> None:
        rows = report.sheet("checks").rows()
        next(rows)
        other = connect(eventful.path)
        other.execute("PRAGMA busy_timeout = 0")
        try:
            other_context = Context(
                other, eventful.path, eventful.settings, eventful.who, now=eventful.now
            )
            start(other_context, "meanwhile")
            other.execute("UPDATE vehicle_check SET voided = 1")
        finally:
            other.close()
        assert sum(1 for _ in rows) == 4
        seen.append(report.statement.tally)
        out.write(b"written")

    monkeypatch.setattr(one_format, "write", slowly)
    publish(eventful, select(eventful), tmp_path / "report.md")
    assert [one.checks for one in seen] == [5]
    assert (tmp_path / "report.md").read_bytes() == b"written"
