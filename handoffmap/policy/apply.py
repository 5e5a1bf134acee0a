"""A run as the team takes it: waivers applied, rules selected and graded, the baseline taken off, in this order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.policy.selection import EVERYTHING
from handoffmap.policy.waivers import apply_waivers
from handoffmap.priorities.rank import of_those_told

if TYPE_CHECKING:
    from datetime import date

    from handoffmap.diagnosis import Diagnosis, Report
    from handoffmap.policy.baseline import Known
    from handoffmap.policy.selection import Selection

__all__ = ["Policy", "apply_policy"]


class Policy(NamedTuple):
    """What a team makes of findings."""

    today: date
    """The day on which waivers are judged."""
    selection: Selection = EVERYTHING
    waivers: bool = True
    baseline: tuple[Known, ...] | None = None


def apply_policy(report: Report, policy: Policy) -> Report:
    """The same run with the findings that count; what is waived or known stands beside them."""
    judged = report._replace(diagnoses=tuple(_of_map(diagnosis, policy) for diagnosis in report.diagnoses))
    if policy.baseline is None:
        return judged
    from handoffmap.policy.baseline import apply_baseline

    looked_at = {*judged.sources, *(diagnosis.file for diagnosis in judged.diagnoses)}
    return apply_baseline(judged, policy.baseline, lambda file: file not in looked_at and Path(file).exists())


def _of_map(diagnosis: Diagnosis, policy: Policy) -> Diagnosis:
    found = diagnosis.findings
    # Waivers first: whether one is used is a question to the map, not to what is told of it.
    if policy.waivers:
        diagnosis = apply_waivers(diagnosis, policy.today)
    if not policy.selection.is_all:
        diagnosis = diagnosis._replace(findings=policy.selection.of(diagnosis.findings))
    if diagnosis.findings is found:  # nothing has touched it: a large map is not gone through once more
        return diagnosis
    return diagnosis._replace(gaps=of_those_told(diagnosis.gaps, diagnosis.findings))
