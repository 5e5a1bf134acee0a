"""A run as a comment on a pull request: GitHub-flavoured Markdown, what has to be mended in the open, the rest folded.

Against a baseline or an earlier revision it tells what the change opens and what it closes; without one, what there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.everything import told_findings
from handoffmap.telling.markup import code, plain, prose
from handoffmap.telling.tally import tally
from handoffmap.telling.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoffmap.diagnosis import Report
    from handoffmap.finding import Finding
    from handoffmap.policy.gate import Gate

__all__ = ["render_comment"]

_MOST_ROWS = 50
"""Rows of one table: a comment of more than 65,536 characters is refused by GitHub, and read by nobody."""


def render_comment(report: Report, gate: Gate) -> str:
    """Tell a run; names from the files stay text wherever they stand."""
    lines = [f"### handoffmap: {_headline(report, gate)}", "", f"{plain(_sum(report))}.", ""]
    findings = list(told_findings(report))
    stopping = [finding for finding in findings if gate.stops(finding)]
    others = [finding for finding in findings if not gate.stops(finding) and finding.confidence == "confirmed"]
    hanging = [finding for finding in findings if not gate.stops(finding) and finding.confidence != "confirmed"]
    lines += _table(stopping)
    lines += _folded(f"{count(len(others), 'finding')} below the threshold", others)
    lines += _folded(f"{count(len(hanging), 'finding that hangs', 'findings that hang')} on a question", hanging)
    lines += _gone(report)
    lines += _waived(report)
    lines += _scorecard(report)
    return "\n".join(lines).rstrip("\n") + "\n"


def _headline(report: Report, gate: Gate) -> str:
    """What somebody who reads one line has to know."""
    stopping = sum(gate.stops(finding) for finding in told_findings(report))
    compared = report.gone is not None
    if report.invalid:
        return f"{count(len(report.invalid), 'file')} cannot be read"
    if not stopping:
        return "nothing new to fail on" if compared else "nothing to fail on"
    return f"{count(stopping, 'finding')} opened" if compared else f"{count(stopping, 'finding')} to mend"


def _sum(report: Report) -> str:
    counts = tally(report)
    cells = f"{counts.converges:,} of {counts.converges + counts.drifts + counts.open_cells:,} cells must agree"
    parts = [
        f"{count(counts.errors, 'error')}, {count(counts.warnings, 'warning')}, {count(counts.notes, 'note')}",
        f"{counts.undetermined:,} undetermined",
        cells,
        count(counts.files, "file"),
    ]
    if counts.known:
        parts.append(f"{counts.known:,} known from before")
    if counts.waived:
        parts.append(f"{counts.waived:,} waived")
    return "; ".join(parts)


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield "| rule | what | where |"
    yield "|---|---|---|"
    for finding in findings[:_MOST_ROWS]:
        grade = finding.severity if finding.confidence == "confirmed" else f"{finding.severity} if it proves true"
        place = f"{finding.location.file}:{finding.location.line}"
        mend = f"<br>{prose(finding.mend)}" if finding.mend else ""
        yield f"| {code(f'{finding.code} {finding.slug}')} {grade} | {prose(finding.message)}{mend} | {code(place)} |"
    if len(findings) > _MOST_ROWS:
        yield ""
        yield f"and {len(findings) - _MOST_ROWS:,} more"
    yield ""


def _folded(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        yield f"<details><summary>{title}</summary>"
        yield ""
        yield from _table(findings)
        yield "</details>"
        yield ""


def _gone(report: Report) -> Iterator[str]:
    if report.gone:
        yield f"<details open><summary>{count(len(report.gone), 'finding')} closed</summary>"
        yield ""
        for each in report.gone[:_MOST_ROWS]:
            yield f"- {code(f'{each.code} {each.slug}')} {prose(each.message)}"
        if len(report.gone) > _MOST_ROWS:
            yield f"- and {len(report.gone) - _MOST_ROWS:,} more"
        yield ""
        yield "</details>"
        yield ""


def _waived(report: Report) -> Iterator[str]:
    waived = [each for diagnosis in report.diagnoses for each in diagnosis.waived]
    if waived:
        yield f"<details><summary>{count(len(waived), 'finding')} waived</summary>"
        yield ""
        for each in waived[:_MOST_ROWS]:
            rule = code(f"{each.finding.code} {each.finding.slug}")
            until = f"until {plain(each.waiver.until or '')}, {count(each.days_left, 'day')} left"
            yield f"- {rule} {prose(each.finding.message)}: {plain(each.waiver.reason or '')} ({until})"
        yield ""
        yield "</details>"
        yield ""


def _scorecard(report: Report) -> Iterator[str]:
    """The three controls of each map."""
    for diagnosis in report.diagnoses[:_MOST_ROWS]:
        standings = "; ".join(f"{plain(control)}: {plain(standing)}" for control, standing, _ in diagnosis.scorecard)
        if standings:
            yield f"- {code(diagnosis.file)}: {standings}"
