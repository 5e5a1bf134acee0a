"""A run as the team takes it: waivers applied, rules selected and graded, the baseline taken off, in this order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.policy.selection import EVERYTHING
from handoffmap.policy.waivers import apply_waivers

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
    # Waivers first: whether one is used is a question to the map, not to what is told of it.
    if policy.waivers:
        diagnosis = apply_waivers(diagnosis, policy.today)
    if policy.selection.is_all:
        return diagnosis
    kept = policy.selection.of(diagnosis.findings)
    prints = {finding.fingerprint for finding in kept}
    gaps = tuple(gap for gap in diagnosis.gaps if gap.finding.fingerprint in prints)
    return diagnosis._replace(findings=kept, gaps=gaps)
