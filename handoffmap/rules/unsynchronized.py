"""HM401: an event never gets there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM401",
    scope="cell",
    shared=True,
    premise="TA1",
    mend="Add a write path that carries the event to the cell, or feed the cell with whole values from the authority.",
)
def unsynchronized(case: Case) -> list[Answer]:
    """An event moves a quantity that a system holds, and nothing brings it there.

    Each instance leaves the cell off by its own amount, and the amounts add up: after a month of 40 returns a
    week the ERP is some 160 pieces behind the warehouse. Which way it hurts depends on the event: what is
    missing upward is not sold and is bought again, what is missing downward is sold and cannot be picked.

    Cleared by:

    - a path carries the event to the cell, over relays or other systems if need be
    - a state path feeds the cell: a change that it does not send is a `trigger-gap`
    - the cell is a `consumer` or derived, or counts only its own events (`share: own`)
    - the event does not happen in any place or with any item that the cell counts
    - a narrower name speaks: `unmapped-field`, `disabled-path`, `missing-compensation`, `shipment-gap`,
      `count-gap`
    - `complete: false`: then it is asked whether there is a path

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
          return_received: {at: [wms]}
        write_paths:
          - id: receipt-to-erp
            from: wms
            to: erp
            events: [po_received]
            trigger: queue
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
          return_received: {at: [wms]}
        write_paths:
          - id: receipt-to-erp
            from: wms
            to: erp
            events: [po_received, return_received]
            trigger: queue
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - microsoft/ALAppExtensions#26215: returns without a refund are never read
    - shopware/shopware#4326: a finished return moves no stock
    """
    return said(reach_of(case), "unsynchronized")
