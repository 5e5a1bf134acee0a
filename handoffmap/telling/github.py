"""A run as workflow commands of GitHub Actions: a note at the line of each finding.

GitHub shows ten errors, ten warnings and ten notices of a step (actions/toolkit, `docs/problem-matchers.md`): the ones
to mend first come first, and the rest is in the job's summary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.everything import told_findings
from handoffmap.telling.sanitize import visible

if TYPE_CHECKING:
    from handoffmap.diagnosis import Report
    from handoffmap.finding import Finding

__all__ = ["render_github"]

_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def render_github(report: Report) -> str:
    """Give a line for each finding; what hangs on a question is a notice."""
    return "".join(f"{_line(finding)}\n" for finding in told_findings(report))


def _line(finding: Finding) -> str:
    place = finding.location
    confirmed = finding.confidence == "confirmed"
    command = _COMMAND[finding.severity] if confirmed else "notice"
    where = {"file": place.file, "line": place.line, "endLine": place.end_line}
    if place.line == place.end_line:  # columns of a place that spans lines are not understood
        where |= {"col": place.column, "endColumn": place.end_column}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in where.items())
    title = _property(f"{finding.code} {finding.slug}")
    return f"::{command} {properties},title={title}::{_data(_message(finding))}"


def _message(finding: Finding) -> str:
    parts = [visible(finding.message)]
    if finding.why:
        parts.append(f"Why: {visible(finding.why)}")
    if finding.confidence != "confirmed":
        parts.append(f"Hangs on: {visible(', '.join(finding.asks))}")
    if finding.mend:
        parts.append(f"Mend: {visible(finding.mend)}")
    return "\n".join(parts)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
