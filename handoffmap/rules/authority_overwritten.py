"""HM108: a mirror's number lands on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM108",
    scope="cell",
    shared=True,
    premise="TB4",
    mend="Turn the path round: the authority writes, the mirror reads; what happens at the mirror goes up as an "
    "amount.",
)
def authority_overwritten(case: Case) -> list[Answer]:
    """A mirror writes its number over the authority.

    The record takes whatever the copy last knew: 47 on the shelf, one sold and booked, and a save in the
    mirror puts 47 back. From then on every system that follows the record is wrong with it, which costs
    pick failures, rush reallocations and the manual reconciliation work of finding out who changed it.

    Cleared by:
    - whole values that go from the authority to the mirror and not back
    - what happens at the mirror sent up as an amount (`op: adjust`), or asked for first (`trigger:
      sync_call`, `op: reserve`)
    - an origin tag, where the mirror changes by nothing but what the authority sends
    - disjoint places or items

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          erp: {kind: erp, owner: finance, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
          po_received: {at: [erp]}
        write_paths:
          - id: receipt-to-storefront
            from: erp
            to: storefront
            events: [po_received]
            trigger: webhook
            op: adjust
            maps: {available: available}
          - id: stock-to-erp
            from: storefront
            to: erp
            trigger: queue
            op: set
            maps: {available: available}

    Use instead::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          erp: {kind: erp, owner: finance, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
          po_received: {at: [erp]}
        write_paths:
          - id: receipt-to-storefront
            from: erp
            to: storefront
            events: [po_received]
            trigger: webhook
            op: adjust
            maps: {available: available}
          - id: order-to-erp
            from: storefront
            to: erp
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}

    References:
    - umbraco/Umbraco.Commerce.Issues#93
    """
    return said(conflicts_of(case), "authority-overwritten")
