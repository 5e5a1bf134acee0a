"""HM209: amounts and whole values meet in one cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM209",
    scope="cell",
    shared=True,
    premise="TA6",
    mend="Feed the cell in one way: amounts only, or whole values only, or both from one source in one order.",
)
def set_adjust_mix(case: Case) -> list[Answer]:
    """One path sets a cell and another adds to it, in no common order: an amount counts twice or not at all.

    The snapshot says 48 and has the receipt in it; the receipt itself comes a minute later and makes 49.
    An amount too many is promised and planned with until the next snapshot, and with the next late
    receipt it happens again: forecasting and reordering errors, manual reconciliation work.

    Cleared by:
    - one way of feeding the cell: amounts only, or whole values only
    - both from one source in one order (`order: per_key` or `total`, in one `lane`)
    - disjoint places (`location`) or items (`items`)

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: nightly-stock
            from: wms
            to: erp
            trigger: schedule
            schedule: {every: 24h, covers: full}
            only_if_changed: false
            op: set
            maps: {on_hand: on_hand}
            order: none
          - id: receipt-to-erp
            from: wms
            to: erp
            events: [po_received]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            order: none

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: nightly-stock
            from: wms
            to: erp
            trigger: schedule
            schedule: {every: 24h, covers: full}
            only_if_changed: false
            op: set
            maps: {on_hand: on_hand}
            order: none

    References:
    - https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities
    - msupply-foundation/mobile#638
    """
    return said(conflicts_of(case), "set-adjust-mix")
