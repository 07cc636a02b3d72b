"""What the doctor saw, for people and for programs."""

from typing import Any

from rich.text import Text

from portcheck.domain.fitness import Finding
from portcheck.report.console import safe


def finding_document(finding: Finding) -> dict[str, Any]:
    """A finding as JSON values."""
    return {"what": finding.what, "good": finding.good, "seen": finding.seen}


def finding_line(finding: Finding) -> Text:
    """A finding in a line."""
    state = "ok  " if finding.good else "BAD "
    return safe(f"{state} {finding.what:<14} {finding.seen}", "" if finding.good else "bold")
