"""All findings of a run in one order: of files that could not be read, then each map's, the first to mend first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.diagnosis import Diagnosis, Report
    from handoffmap.finding import Finding

__all__ = ["told_findings", "told_with_maps"]


def told_findings(report: Report) -> Iterator[Finding]:
    """Every finding of a run."""
    return (finding for finding, _ in told_with_maps(report))


def told_with_maps(report: Report) -> Iterator[tuple[Finding, Diagnosis | None]]:
    """Every finding of a run with what is known of its map; None where the file could not be read."""
    yield from ((problem, None) for problem in report.problems)
    for diagnosis in report.diagnoses:
        yield from ((finding, diagnosis) for finding in diagnosis.findings)
