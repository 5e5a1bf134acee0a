"""What a command's exit code says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.diagnosis import Report
    from handoffmap.policy.gate import Gate

__all__ = ["FAILED", "FINDINGS", "NOTHING_CHECKED", "exit_code"]

FINDINGS, FAILED, NOTHING_CHECKED = 1, 2, 3


def exit_code(report: Report, gate: Gate) -> int:
    """The exit code of a run."""
    if report.invalid:
        return FAILED
    if not report.diagnoses:
        return NOTHING_CHECKED
    stopped = any(gate.stops(finding) for diagnosis in report.diagnoses for finding in diagnosis.findings)
    return FINDINGS if stopped else 0
