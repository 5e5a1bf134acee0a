"""HM208: a snapshot wipes out what is still on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM208",
    scope="cell",
    shared=True,
    premise="TB4",
    mend="Compare before writing (`op: cas`, or `guard: cas` on a set), or book those events in the source only.",
)
def snapshot_over_in_flight(case: Case) -> list[Answer]:
    """A whole value is written over local events that its source does not know of yet.

    The shop sells its last 2 units and shows 0; the order is on its way to the ERP when the run of every
    15 minutes writes the 2 back. Until the next run the same units are sold again, which ends in pick
    failures and rush reallocations.

    Cleared by:
    - `op: cas`, or `guard: cas` on a set: it waits while the target has an event that the source has not
    - no events of its own at the cell, or none that it applies to it (`applies: []`)
    - `guard: version` and `event_time` do not clear it: the value is new, only not complete
    - events that reach the source at once (`trigger: sync_call`) do not clear it either: a value that was read
      before may still be under way

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          erp: {kind: erp, owner: finance, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: order-to-erp
            from: storefront
            to: erp
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
          - id: stock-to-storefront
            from: erp
            to: storefront
            trigger: schedule
            schedule: {every: 15m, covers: full}
            op: set
            maps: {available: available}

    Use instead::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          erp: {kind: erp, owner: finance, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: order-to-erp
            from: storefront
            to: erp
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
          - id: stock-to-storefront
            from: erp
            to: storefront
            trigger: schedule
            schedule: {every: 15m, covers: full}
            op: cas
            maps: {available: available}

    References:
    - Starktail/woocommerce_fusion#170
    - libracore/WooCommerceConnector#41
    """
    return said(conflicts_of(case), "snapshot-over-in-flight")
