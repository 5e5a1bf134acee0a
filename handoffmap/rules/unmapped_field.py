"""HM301: the message arrives and the quantity does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM301",
    scope="cell",
    shared=True,
    premise="TA1",
    mend="Map the quantity (`maps`) at the seam that drops it.",
)
def unmapped_field(case: Case) -> list[Answer]:
    """A path brings the event to the system and leaves the quantity behind.

    The message arrives and every log is green; only the number stays where it was. A receipt of 60 units
    lifts the ERP from 140 to 200 and leaves the WMS at 140: 60 pieces lie on the shelf that nobody can sell
    or pick, sales are turned away, and somebody reorders goods that are there.

    Cleared by:

    - the quantity is mapped at the seam, under whatever name it has at the source
    - another path brings the event's amount to the cell, or a state path feeds it
    - the event does not move the quantity, or the cell is derived and needs no mapping
    - a dropped field of `fields` says why (`ignored`), or the write is applied without it (then it is no
      matter of counts)

    Flagged::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {on_hand: mirror}}
          wms: {kind: wms, holds: {on_hand: authoritative}}
        events:
          po_received: {at: [erp]}
        write_paths:
          - id: receipt-to-wms
            from: erp
            to: wms
            events: [po_received]
            trigger: webhook
            op: adjust
            maps: {on_hand: null}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {on_hand: mirror}}
          wms: {kind: wms, holds: {on_hand: authoritative}}
        events:
          po_received: {at: [erp]}
        write_paths:
          - id: receipt-to-wms
            from: erp
            to: wms
            events: [po_received]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - msupply-foundation/mobile#2501: a count arrives without the flag that makes it count
    """
    return said(reach_of(case), "unmapped-field")
