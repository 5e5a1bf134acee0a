"""HM505: a check that cannot help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.model import Control
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM505",
    scope="cell",
    premise="TC",
    severity="warning",
    mend="Compare cell by cell, in full, at a known interval, wait until nothing is under way (`settle`), and watch "
    "that it runs.",
)
def ineffective_control(case: Case) -> list[Answer]:
    """A reconciliation exists that cannot see the drift, does not run, or creates drift of its own.

    It is worse than none, because everybody relies on it. In a total the item that is 12 over hides the one
    that is 12 short; a sample misses the item that matters; a job that died in March still stands in the
    list. And a correction that does not wait for what is under way books the same piece twice: the control
    makes the work that it was to save.

    Cleared by:

    - full scope, cell by cell, at a known interval, and something happens on a mismatch
    - for `alert` and `report`: somebody would notice if it stopped (`last_success_monitored: true`)
    - a correction waits (`settle`) for at least as long as messages to either cell can be under way
    - the corrected cell has neither events of its own nor deltas under way to it
    - a fact of the control that is not stated is asked

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: version
        controls:
          - id: weekly-erp
            kind: reconciliation
            compare: {authority: wms.on_hand, mirror: erp.on_hand}
            every: 7d
            scope: full
            measure: totals
            on_mismatch: alert
            last_success_monitored: true

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: version
        controls:
          - id: weekly-erp
            kind: reconciliation
            compare: {authority: wms.on_hand, mirror: erp.on_hand}
            every: 7d
            scope: full
            measure: cells
            on_mismatch: alert
            last_success_monitored: true

    References:
    - https://consolut.com/saphelp-en?article=D-$SCWM$ERP_STOCKCHECK: tells what is stuck in a queue from a
      real difference
    - openlinker-project/openlinker#2623: the sweep that should find every change takes a day for one round
    """
    return [*said(conflicts_of(case), "ineffective-control"), *_blind(case)]


def _blind(case: Case) -> list[Answer]:
    """Reconciliations of the cell that cannot find or mend a difference."""
    found: list[Answer] = []
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
    pair = (control.authority, control.mirror)
    if None not in pair and pair[0].quantity != pair[1].quantity:  # type: ignore[union-attr]
        return "it compares two different quantities"
    if control.measure == "totals":
        return "it compares totals, in which differences cancel out"
    if control.last_success_monitored is False and control.on_mismatch in {"alert", "report"}:
        return "nobody would notice if it stopped running"
    if control.survives_restart is False:
        return "it does not survive a restart"
    return None
