"""What a command's exit code says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.diagnosis import Report

__all__ = ["FAILED", "FINDINGS", "NOTHING_CHECKED", "exit_code", "failing"]

FINDINGS, FAILED, NOTHING_CHECKED = 1, 2, 3

_SEVERITIES = ("note", "warning", "error")


def exit_code(report: Report, fail_on: str, *, strict: bool) -> int:
    """The exit code of a run."""
    if report.invalid:
        return FAILED
    if not report.diagnoses:
        return NOTHING_CHECKED
    if fail_on == "never":
        return 0
    counted = failing(fail_on)
    failed = any(
        finding.severity in counted and (strict or finding.confidence == "confirmed")
        for diagnosis in report.diagnoses
        for finding in diagnosis.findings
    )
    return FINDINGS if failed else 0


def failing(fail_on: str) -> tuple[str, ...]:
    """The severities that count for `--fail-on`."""
    return () if fail_on == "never" else _SEVERITIES[_SEVERITIES.index(fail_on) :]
