"""The machine's form of a fix plan and of remedies."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.remedy.effort import EFFORT_LABEL
from handoffmap.telling.json_v1 import envelope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.estimate import Costs
    from handoffmap.finding import Diagnosis
    from handoffmap.model import Cell
    from handoffmap.remedy.edit import Edit
    from handoffmap.remedy.offer import Remedy
    from handoffmap.remedy.plan import Plan, Step

__all__ = ["remedy_data", "render_plan_json"]


def render_plan_json(plan: Plan) -> str:
    """Tell one plan."""
    return envelope(
        topologies=[
            {
                "file": plan.start.file,
                "name": plan.start.topology.name,
                "steps": [_step(number, step) for number, step in enumerate(plan.steps, 1)],
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
                "start": _standing(plan.start),
                "end": _standing(plan.end),
                "effort": _number(sum((step.effort for step in plan.steps), start=Fraction(0))),
                "effort_label": EFFORT_LABEL,
                "exact": plan.exact,
                "tried": plan.tried,
            }
        ]
    )


def remedy_data(remedy: Remedy) -> dict[str, object]:
    """One remedy as it stands beside its finding."""
    return {
        "id": remedy.id,
        "edits": _edits(remedy.edits),
        "effort": _number(remedy.effort),
        "effort_label": EFFORT_LABEL,
        "clears": list(remedy.clears),
        "mends": _cells(remedy.mends),
        "asks": remedy.asks,
        "patch": remedy.patch,
    }


def _step(number: int, step: Step) -> dict[str, object]:
    return {
        "step": number,
        "edits": _edits(step.edits),
        "effort": _number(step.effort),
        "clears": [
            {"fingerprint": finding.fingerprint, "code": finding.code, "slug": finding.slug} for finding in step.clears
        ],
        "mends": _cells(step.mends),
        "left": {"confirmed": step.left, "drifting": step.drifting, "undetermined": step.asks},
        "cost": {"before": _cost(step.before), "after": _cost(step.after)},
        "patch": step.patch,
    }


def _standing(diagnosis: Diagnosis) -> dict[str, object]:
    confirmed = [finding.fingerprint for finding in diagnosis.findings if finding.confidence == "confirmed"]
    return {
        "confirmed": confirmed,
        "undetermined": len(diagnosis.findings) - len(confirmed),
        "drifting": _cells(verdict.cell for verdict in diagnosis.verdicts if verdict.verdict == "drifts"),
        "cost": _cost(diagnosis.costs),
    }


def _edits(edits: Iterable[Edit]) -> list[dict[str, object]]:
    return [
        {
            "section": edit.section,
            "entry": edit.entry,
            "fact": ".".join(edit.keys) or None,
            "action": edit.action,
            "value": edit.value,
        }
        for edit in edits
    ]


def _cells(cells: Iterable[Cell]) -> list[dict[str, str]]:
    return [{"system": cell.system, "quantity": cell.quantity} for cell in cells]


def _cost(costs: Costs) -> dict[str, object] | None:
    if costs.total is None:
        return None
    total = costs.total
    return {
        "low": _number(total.low),
        "mode": _number(total.mode),
        "high": _number(total.high),
        "per_orders": 1000,
        "basis": costs.mode,
        "label": costs.label,
    }


def _number(value: Fraction) -> int | float:
    return int(value) if value == int(value) else round(float(value), 6)
