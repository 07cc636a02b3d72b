"""What other programs may rely on: the shape of every JSON document portcheck prints.

The program does not load these models when it runs.  Tests hold what is printed
against them, and `tools/make_docs.py` publishes their JSON Schemas.  A document
holds every key named here and no other; keys are only ever added.

Money is in integer pence (`_pence`) or in minor units of the currency beside it
(`_minor`).  Times are ISO 8601 with offset, dates ISO 8601.  A text that is not
known is "", a figure that is not known is null; 0 is a written zero.
"""

from typing import NamedTuple

from pydantic import TypeAdapter

from portcheck.report.contract.answers import Check, Lookup, NotLookedUp
from portcheck.report.contract.checks import (
    Amended,
    Decided,
    LogImport,
    LogLine,
    Operation,
    OutcomeSaved,
    Voided,
)
from portcheck.report.contract.custody import (
    AuditEvent,
    AuditVerify,
    Config,
    Doctor,
    ExchangeDoctor,
)
from portcheck.report.contract.exchange import Device, JoinedOperation, PublishedFigures, Synced
from portcheck.report.contract.lists import (
    Entry,
    ListDiff,
    ListImport,
    ListShown,
    ListVersion,
    RetiredList,
    RolledBack,
)
from portcheck.report.contract.report import (
    Explained,
    NarrowedTally,
    Report,
    TallyBy,
    TallyCompared,
)
from portcheck.report.contract.streams import (
    FeedRead,
    LineNotRead,
    RowNotScreened,
    ScreenedRow,
)
from portcheck.report.contract.tally import PrintedTally

__all__ = ["DOCUMENTS", "FURTHER", "Published"]


class Published(NamedTuple):
    """A document: the commands that print it, what it is, and the type that reads it."""

    commands: tuple[str, ...]
    what: str
    reader: TypeAdapter[object]


DOCUMENTS: dict[str, Published] = {
    "lookup": Published(
        ("lookup",),
        "One answer a registration, or why one of several was refused.",
        TypeAdapter[object](list[Lookup | NotLookedUp]),
    ),
    "check": Published(
        ("check",), "The answer, and the check that was saved.", TypeAdapter[object](Check)
    ),
    "feed": Published(
        ("feed",),
        "One plate that a camera read, or why a line was not read; a line for each.",
        TypeAdapter[object](FeedRead | LineNotRead),
    ),
    "screen": Published(
        ("screen",),
        "One row of a manifest, or why it was not screened; a line for each.",
        TypeAdapter[object](ScreenedRow | RowNotScreened),
    ),
    "decide": Published(("decide",), "What was decided.", TypeAdapter[object](Decided)),
    "outcome": Published(("outcome",), "What was recorded.", TypeAdapter[object](OutcomeSaved)),
    "amend": Published(("amend",), "What was corrected.", TypeAdapter[object](Amended)),
    "void": Published(("void",), "What counts no longer.", TypeAdapter[object](Voided)),
    "list-import": Published(
        ("list import",),
        "What came of an import; of several files, an array.",
        TypeAdapter[object](ListImport | list[ListImport]),
    ),
    "list-show": Published(
        ("list show",), "The lists in force.", TypeAdapter[object](list[ListShown])
    ),
    "list-find": Published(
        ("list find",), "The entries that were found.", TypeAdapter[object](list[Entry])
    ),
    "list-history": Published(
        ("list history",), "Every version of the lists.", TypeAdapter[object](list[ListVersion])
    ),
    "list-diff": Published(
        ("list diff",), "How two versions differ.", TypeAdapter[object](ListDiff)
    ),
    "list-retire": Published(
        ("list retire",), "What retiring a list came to.", TypeAdapter[object](RetiredList)
    ),
    "list-rollback": Published(
        ("list rollback",), "What going back came to.", TypeAdapter[object](RolledBack)
    ),
    "op": Published(
        ("op start", "op show", "op use", "op done", "op end", "op reopen"),
        "One operation.",
        TypeAdapter[object](Operation),
    ),
    "op-list": Published(("op list",), "All operations.", TypeAdapter[object](list[Operation])),
    "op-join": Published(
        ("op join",), "What joining came to.", TypeAdapter[object](JoinedOperation)
    ),
    "sync": Published(("sync",), "What a sync came to.", TypeAdapter[object](Synced)),
    "device-list": Published(
        ("device list", "device trust", "device revoke", "device lost"),
        "The devices of an operation.",
        TypeAdapter[object](list[Device]),
    ),
    "log": Published(
        ("log", "log show"),
        "One check; `log` prints a line for each.",
        TypeAdapter[object](LogLine),
    ),
    "log-import": Published(
        ("log import",), "What came of an import.", TypeAdapter[object](LogImport)
    ),
    "tally": Published(("tally", "demo"), "The day in figures.", TypeAdapter[object](PrintedTally)),
    "audit-verify": Published(
        ("audit verify",), "What verifying found.", TypeAdapter[object](AuditVerify)
    ),
    "audit-log": Published(
        ("audit log",), "The journal's events.", TypeAdapter[object](list[AuditEvent])
    ),
    "doctor": Published(("doctor",), "What was looked at.", TypeAdapter[object](Doctor)),
    "exchange-doctor": Published(
        ("exchange doctor",),
        "What was looked at of an exchange on a server.",
        TypeAdapter[object](ExchangeDoctor),
    ),
    "exchange-publish": Published(
        ("exchange publish",),
        "What was published for analysts.",
        TypeAdapter[object](PublishedFigures),
    ),
    "config": Published(("config",), "The settings in force.", TypeAdapter[object](Config)),
}
"""Every document by the name of its schema."""

FURTHER: dict[str, Published] = {
    "report": Published(("report FILE.json",), "A report's file.", TypeAdapter[object](Report)),
    "tally-narrowed": Published(
        ("tally --since --until",),
        "The figures of some hours, or of several operations.",
        TypeAdapter[object](NarrowedTally),
    ),
    "tally-by": Published(
        ("tally --by",), "The figures group by group.", TypeAdapter[object](TallyBy)
    ),
    "tally-compared": Published(
        ("tally --compare",),
        "The figures beside an earlier operation's.",
        TypeAdapter[object](TallyCompared),
    ),
    "tally-explained": Published(
        ("tally --explain",), "The checks behind a figure.", TypeAdapter[object](Explained)
    ),
}
"""Documents that a file or an option of a command gives, by the names of their schemas."""
