"""HM506: two moments are compared as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.model import Control
    from handoffmap.premises.survey import Survey

AT_ANY_TIME = ("none", "block")


@rule(
    "HM506",
    scope="control",
    premise="TC",
    severity="warning",
    mend="Read both sides as of one moment (`aligned_as_of: true`), or roll one side forward to the other's.",
)
def misaligned_cutoff(control: Control, survey: Survey) -> Claim | None:
    """A reconciliation compares two numbers that are true for different moments.

    The record is read at six in the evening and the copy is of midnight: all that was sold in between is a
    difference, every day, and none of it is drift. Whoever looks into the list learns that it is never about
    anything, and the one line that matters goes by among them. The work is real, and so is the drift that it
    hides.

    Cleared by:

    - both sides are read as of one moment (`aligned_as_of: true`)
    - nothing in the map ever moves either of the two cells
    - nothing happens on a mismatch: `ineffective-control` tells that
    - nothing is said of `aligned_as_of`, and the copy is brought up to a cut-off: then it is asked

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
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
          - id: nightly-erp
            kind: reconciliation
            compare: {authority: wms.on_hand, mirror: erp.on_hand}
            every: 24h
            scope: full
            measure: cells
            on_mismatch: alert
            last_success_monitored: true
            aligned_as_of: false

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
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
          - id: nightly-erp
            kind: reconciliation
            compare: {authority: wms.on_hand, mirror: erp.on_hand}
            every: 24h
            scope: full
            measure: cells
            on_mismatch: alert
            last_success_monitored: true
            aligned_as_of: true

    References:
    - https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Validating.html: a difference is looked at again
      before it is called one
    - https://consolut.com/saphelp-en?article=D-$SCWM$ERP_STOCKCHECK: what is still in a queue is told apart
    """
    if control.kind != "reconciliation" or control.aligned_as_of or control.on_mismatch in AT_ANY_TIME:
        return None
    pair = [cell for cell in (control.authority, control.mirror) if cell is not None]
    if len(pair) < 2 or any(cell not in survey.graph.cells for cell in pair):
        return None
    if not any(survey.case(cell).changes for cell in pair):
        return None
    unsaid = control.aligned_as_of is None
    if unsaid and not _cut_off(survey, control):
        return None
    return Claim(
        "misaligned-cutoff",
        "TC",
        None if unsaid else False,
        "the copy is brought up to a cut-off, and nobody has said whether the record is read as of it"
        if unsaid
        else "the two sides are read at different moments",
        None,
        f"{control.id} {'may compare' if unsaid else 'compares'} {pair[0]} and {pair[1]} of different moments",
        drift=None,
        keys=() if unsaid else ("aligned_as_of",),
        asks=(Ask("control", control.id, "aligned_as_of"),) if unsaid else (),
        control=control.id,
        cell=control.mirror,
    )


def _cut_off(survey: Survey, control: Control) -> bool:
    """Whether some run into the copy takes changes along up to a time of day only."""
    if control.mirror is None:
        return False
    return any(
        write.path.schedule is not None and write.path.schedule.cutoff is not None
        for write in survey.graph.writers_of(control.mirror)
    )
