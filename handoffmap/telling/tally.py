"""How many of what: the figures of the summary line and of the JSON summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from handoffmap.diagnosis import Report

__all__ = ["Tally", "tally"]


class Tally(NamedTuple):
    """Counts over one run. Errors, warnings and notes are confirmed; undetermined findings count apart."""

    files: int
    invalid: int
    skipped: int
    errors: int
    warnings: int
    notes: int
    undetermined: int
    converges: int
    drifts: int
    open_cells: int
    """Cells whose verdict is `undetermined`."""
    questions: int
    waived: int
    known: int
    """Findings that the baseline holds already."""


def tally(report: Report) -> Tally:
    """Count the files, findings, cells and questions of a run."""
    levels = {"error": 0, "warning": 0, "note": 0, "undetermined": 0}
    cells = {"converges": 0, "drifts": 0, "undetermined": 0}
    questions = 0
    for problem in report.problems:
        levels[problem.severity] += 1
    for diagnosis in report.diagnoses:
        questions += len(diagnosis.questions)
        for finding in diagnosis.findings:
            levels[finding.severity if finding.confidence == "confirmed" else "undetermined"] += 1
        for verdict in diagnosis.verdicts:
            cells[verdict.verdict] += 1
    return Tally(
        files=len(report.diagnoses) + len(report.invalid),
        invalid=len(report.invalid),
        skipped=report.skipped,
        errors=levels["error"],
        warnings=levels["warning"],
        notes=levels["note"],
        undetermined=levels["undetermined"],
        converges=cells["converges"],
        drifts=cells["drifts"],
        open_cells=cells["undetermined"],
        questions=questions,
        waived=sum(len(diagnosis.waived) for diagnosis in report.diagnoses),
        known=sum(len(diagnosis.known) for diagnosis in report.diagnoses),
    )
