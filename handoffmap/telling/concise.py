"""One line a finding, as compilers and linters write it: `file:line:col: severity code slug: message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.sanitize import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.diagnosis import Report
    from handoffmap.finding import Finding

__all__ = ["render_concise"]


def render_concise(report: Report) -> str:
    """Give a line for every finding of a run and nothing else; an empty text where there are none."""
    return "".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield from map(_line, report.problems)
    for diagnosis in report.diagnoses:
        yield from map(_line, diagnosis.findings)


def _line(finding: Finding) -> str:
    place = finding.location
    severity = finding.severity if finding.confidence == "confirmed" else "undetermined"
    hint = "" if finding.suggestion is None else f'; did you mean "{visible(finding.suggestion)}"?'
    return (
        f"{visible(place.file)}:{place.line}:{place.column}: "
        f"{severity} {finding.code} {finding.slug}: {visible(finding.message)}{hint}\n"
    )
