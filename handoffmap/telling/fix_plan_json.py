"""The machine's form of a fix plan."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.remedy.effort import EFFORT_LABEL
from handoffmap.telling.json_v1 import envelope, waived_data
from handoffmap.telling.remedy_data import cells_data, edits_data, number

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis
    from handoffmap.priorities.estimate import Costs
    from handoffmap.remedy.plan import Plan, Step

__all__ = ["render_plan_json"]


def render_plan_json(plan: Plan) -> str:
    """Tell one plan."""
    return envelope(
        topologies=[
            {
                "file": plan.start.file,
                "name": plan.start.topology.name,
                "steps": [_step(place, step) for place, step in enumerate(plan.steps, 1)],
                "left": [
                    {
                        "fingerprint": finding.fingerprint,
                        "code": finding.code,
                        "slug": finding.slug,
                        "severity": finding.severity,
                        "message": finding.message,
                        "because": why,
                    }
                    for finding, why in plan.left
                ],
                "waived": [waived_data(each) for each in plan.waived],
                "start": _standing(plan.start),
                "end": _standing(plan.end),
                "effort": number(sum((step.effort for step in plan.steps), start=Fraction(0))),
                "effort_label": EFFORT_LABEL,
                "exact": plan.exact,
                "tried": plan.tried,
            }
        ]
    )


def _step(place: int, step: Step) -> dict[str, object]:
    return {
        "step": place,
        "edits": edits_data(step.edits),
        "effort": number(step.effort),
        "clears": [
            {"fingerprint": finding.fingerprint, "code": finding.code, "slug": finding.slug} for finding in step.clears
        ],
        "mends": cells_data(step.mends),
        "left": {"confirmed": step.left, "drifting": step.drifting, "undetermined": step.asks},
        "cost": {"before": _cost(step.before), "after": _cost(step.after)},
        "patch": step.difference.patch,
    }


def _standing(diagnosis: Diagnosis) -> dict[str, object]:
    confirmed = [finding.fingerprint for finding in diagnosis.findings if finding.confidence == "confirmed"]
    return {
        "confirmed": confirmed,
        "undetermined": len(diagnosis.findings) - len(confirmed),
        "drifting": cells_data(verdict.cell for verdict in diagnosis.verdicts if verdict.verdict == "drifts"),
        "cost": _cost(diagnosis.costs),
    }


def _cost(costs: Costs) -> dict[str, object] | None:
    if costs.total is None:
        return None
    total = costs.total
    return {
        "low": number(total.low),
        "mode": number(total.mode),
        "high": number(total.high),
        "per_orders": 1000,
        "basis": costs.mode,
        "label": costs.label,
    }
