"""HM505: a check that cannot help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim, said
from handoffmap.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.model import Control


@rule(
    "HM505",
    scope="cell",
    premise="TC",
    severity="warning",
    mend="Compare cell by cell, in full, at a known interval, wait until nothing is under way (`settle`), and watch that it runs.",
)
def ineffective_control(case: Case) -> list[Claim]:
    """A reconciliation exists that cannot see the drift, does not run, or creates drift of its own."""
    return [*said(conflicts_of(case), "ineffective-control"), *_blind(case)]


def _blind(case: Case) -> list[Claim]:
    """Reconciliations of the cell that cannot find or mend a difference."""
    found = []
    for control in case.reconciliations:
        if control.mirror != case.cell or control.on_mismatch == "block":
            continue
        because = _defect(control)
        asks = tuple(
            Ask("control", control.id, fact)
            for fact in ("every", "scope", "on_mismatch", "compare.authority")
            if _unstated(control, fact)
        )
        if because is None and control.on_mismatch in {"alert", "report"} and control.last_success_monitored is None:
            asks = (*asks, Ask("control", control.id, "last_success_monitored"))
        if because is None and not asks:
            continue
        found.append(
            Claim(
                "ineffective-control",
                "TC",
                None if because is None else False,
                because or "nobody has said what would make it dependable",
                None,
                f"{control.id} {'may not' if because is None else 'does not'} keep {case.cell} from drifting",
                drift=None,
                asks=() if because else asks,
                group=control.id,
                keys=("on_mismatch",) if control.on_mismatch == "none" else (),
            )
        )
    return found


def _unstated(control: Control, fact: str) -> bool:
    return (control.authority if fact == "compare.authority" else getattr(control, fact)) is None


def _defect(control: Control) -> str | None:
    """Why a reconciliation cannot help; None: nothing stated speaks against it."""
    if control.on_mismatch == "none":
        return "nothing happens on a mismatch"
    if control.scope in {"sampled", "changed_only"}:
        return f"it looks at {'a sample' if control.scope == 'sampled' else 'changed items only'}"
    if control.measure == "totals":
        return "it compares totals, in which differences cancel out"
    if control.last_success_monitored is False and control.on_mismatch in {"alert", "report"}:
        return "nobody would notice if it stopped running"
    if control.survives_restart is False:
        return "it does not survive a restart"
    if control.aligned_as_of is False:
        return "the two sides are read at different moments"
    return None
