"""The operation of 17 June 2021, replayed through the real services in a throw-away database."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from portcheck.domain.answer import Answer
from portcheck.domain.statement import Statement
from portcheck.domain.times import read_utc
from portcheck.errors import NotFound
from portcheck.intake.files.source import Source, open_source, source_of_bytes
from portcheck.journal.append import Actor
from portcheck.services import operation
from portcheck.services.checks.import_log import LogImportResult, import_log
from portcheck.services.context import Context
from portcheck.services.day.selection import select
from portcheck.services.day.tally import statement
from portcheck.services.lists.import_list import ImportOptions, ImportResult, import_list
from portcheck.services.matching.matcher import Query, answer_marks, marks_of
from portcheck.services.settings import Settings, zone
from portcheck.store.schema import open_in_memory
from portcheck.store.singlechecks import confirmed_checks

_LIST, _CHECKS = "action_list.xlsx", "checks.csv"
_NAME = "Portsmouth 17 June 2021"
_SITE = "Portsmouth International Port"
_AGENCIES = ("Police", "Border Force", "Port")
_MORNING = datetime(2021, 6, 17, 4, 30, tzinfo=UTC)
_EVENING = datetime(2021, 6, 17, 17, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Demo:
    """What the replay came to; `hits` are the answers for confirmed matches."""

    imported: ImportResult
    log: LogImportResult
    hits: tuple[Answer, ...]
    statement: Statement


@contextmanager
def replay(settings: Settings, actor: Actor, checks: Path | None = None) -> Iterator[Demo]:
    """Import the sample list in the morning and the day's checks in the evening.

    `checks` is another log to replay.  Raises what importing raises.
    """
    with closing(open_in_memory()) as connection:
        nowhere = Path(":memory:")
        morning = Context(connection, nowhere, settings, actor, now=lambda: _MORNING)
        evening = Context(connection, nowhere, settings, actor, now=lambda: _EVENING)
        imported = import_list(morning, sample(_LIST), ImportOptions(list_name="CECPT"))
        operation.start(morning, _NAME, site=_SITE, agencies=_AGENCIES)
        log = import_log(evening, open_source(checks) if checks else sample(_CHECKS))
        yield Demo(imported, log, tuple(_hits(evening)), statement(evening, select(evening)))


def sample(name: str) -> Source:
    """A file of sample data: within the package when installed, in the repository otherwise.

    Raises NotFound.
    """
    package = resources.files("portcheck")
    for folder in (package / "sample_data", package / ".." / ".." / "sample_data"):
        if (folder / name).is_file():
            return source_of_bytes(name, (folder / name).read_bytes())
    raise NotFound(f"the sample file {name} is missing", hint="Install portcheck again.")


def _hits(context: Context) -> Iterator[Answer]:
    """What the officer saw of each confirmed match, asked again as before its check."""
    here = zone(context.operation().timezone)
    for at, *typed in confirmed_checks(context.connection):
        marks = marks_of(Query(*typed))
        yield answer_marks(context, marks, "", now=context.now(), zone=here, before=read_utc(at))
