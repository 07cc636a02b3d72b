"""Action lists: imports, versions, entries."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from portcheck.report.contract.answers import Tier
from portcheck.report.contract.values import (
    Count,
    Country,
    Day,
    Document,
    Number,
    Pence,
    Ref,
    Sha256,
    Sparse,
    Texts,
    Time,
    Words,
    hold,
    may_be_left_out,
)

Chance = Annotated[float, Field(ge=0, le=1)]


class Problem(Document):
    """What is wrong with one value of one row.

    A duplicate and a rejected row were not taken; a warning was.  `column` is
    "" where the whole row is meant, `row` 0 where the whole file is; `sheet` is
    named where several were read.
    """

    sheet: str
    row: Count
    column: str
    value: str
    reason: Words
    severity: Literal["rejected", "duplicate", "warning"]


Problems = list[Problem]
Refs = list[Ref]


class RowsCounted(Document):
    """Every data row of a file: rows = accepted + duplicates + rejected."""

    sheet: str
    rows: Count
    accepted: Count
    duplicates: Count
    rejected: Count

    @model_validator(mode="after")
    def _rows_are_accounted_for(self) -> Self:
        taken = self.accepted + self.duplicates + self.rejected
        hold("rows = accepted + duplicates + rejected", holds=self.rows == taken)
        return self


class Accounted(RowsCounted):
    """What became of a file, told by its content."""

    file: Words
    sha256: Sha256


class Version(RowsCounted):
    """How a version differs from the one before: lines = added + changed + unchanged.

    `lines` came of the rows accepted, several of one that names several vehicles.
    `kept` are the entries of the one before to which those of the file were added:
    0 for a file that takes the place of the list.
    """

    version: Number
    lines: Count
    added: Count
    changed: Count
    removed: Count
    unchanged: Count
    kept: Count

    @model_validator(mode="after")
    def _entries_are_accounted_for(self) -> Self:
        kept = self.added + self.changed + self.unchanged
        hold("lines = added + changed + unchanged", holds=self.lines == kept)
        return self


class Column(Document):
    """A heading and the field its column was read as."""

    field: Words
    heading: str


Columns = list[Column]


class SheetRead(Document):
    """A sheet of a file of which several were read, and how many rows it has."""

    sheet: Words
    rows: Count


SheetsRead = list[SheetRead]


class ListImport(Version, Accounted):
    """What came of importing one file.

    `columns` says which heading was read as which field, and `further_columns` which
    others name further vehicles of their row; `sheets` are those that were read, where
    there are several; `now_listed` names
    the checks made before that are listed now.  `stored` is false for a dry
    run, and where the file is in force already (`same_file`).
    """

    list: Words
    problems: Problems
    warnings: Texts
    columns: dict[str, str]
    sheets: SheetsRead
    further_columns: Columns
    unknown_columns: Texts
    now_listed: Refs
    stored: bool
    same_file: bool


class ListVersion(Version):
    """One version of a list.

    `odds` are the chances by tier that an unlisted vehicle looks like this list; `retired`
    says why this version took the list out of force, if it did: it came of no file then.
    """

    name: Words
    file: Words | None
    sha256: Sha256 | None
    in_force: bool
    imported_at: Time
    as_of: Time
    officer: Words
    warnings: Count
    max_age_days: Count
    odds: dict[Tier, Chance]
    retired: str


class Row(Document):
    """One row of a list: one penalty line.  `unread` holds what could not be read, by
    field; `extra` what stood in other columns, by heading.
    """

    row: Number
    registration: str
    country: Country
    unit: str
    trailer_registration: str
    container: str
    haulier: str
    liable_party: str
    liable_role: Literal["", "owner", "hirer", "driver", "operator"]
    penalty_reference: str
    section: Literal["", "31A", "32"]
    incident_on: Day | None
    issued_on: Day | None
    due_on: Day | None
    amount_pence: Pence | None
    paid_pence: Pence | None
    balance_pence: Pence | None
    status: str
    objection_on: Day | None
    objection_decided_on: Day | None
    appeal_on: Day | None
    appeal_decided_on: Day | None
    action: str
    priority: str
    contact: str
    expires_on: Day | None
    notes: str
    unread: dict[str, str]
    extra: dict[str, str]

    @model_validator(mode="after")
    def _has_a_mark(self) -> Self:
        marks = self.registration or self.trailer_registration or self.container
        hold("an entry has a registration", holds=bool(marks))
        return self


class Entry(Row):
    """An entry in force, with the version that added it; `sheet` where several were read."""

    entry_id: Number
    list_name: Words
    added_version: Number
    sheet: str


Rows = list[Row]


class ChangedRow(Document):
    """An entry before and after; `fields` names those that differ."""

    row: Number
    fields: Annotated[Texts, Field(min_length=1)]
    before: Row
    after: Row

    @model_validator(mode="after")
    def _only_these_differ(self) -> Self:
        before, after = self.before.model_dump(), self.after.model_dump()
        differ = {name for name in before if before[name] != after[name]} - {"row"}
        hold("the fields named are those that differ", holds=differ == set(self.fields))
        return self


ChangedRows = list[ChangedRow]


class ListDiff(Document):
    """How one version, or a file, differs from an earlier version; both are named in words."""

    model_config = ConfigDict(serialize_by_alias=True)

    list: Words
    older: Words = Field(alias="from")
    newer: Words = Field(alias="to")
    added: Rows
    removed: Rows
    changed: ChangedRows
    unchanged: Count


class RetiredList(Document):
    """A list that went out of force: the version that did it, and how many entries it had;
    `in_force` are the lists that are left.
    """

    list: Words
    version: Number
    reason: Words
    removed: Count
    in_force: Texts


class RolledBack(Document):
    """The version that an earlier one, `restored`, was stored as again."""

    list: Words
    version: Number
    restored: Number
    entries: Count
    added: Count
    changed: Count
    removed: Count
    unchanged: Count
    now_listed: Refs

    @model_validator(mode="after")
    def _goes_back(self) -> Self:
        hold("an earlier version is restored", holds=self.restored < self.version)
        kept = self.added + self.changed + self.unchanged
        hold("entries = added + changed + unchanged", holds=self.entries == kept)
        return self


class ListShown(ListVersion, Sparse):
    """A list in force; `entries` with --rows, `problems` with --problems, else left out."""

    entries: list[Entry] = may_be_left_out()
    problems: Problems = may_be_left_out()
