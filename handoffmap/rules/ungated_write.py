"""HM104: a mirror changes and its authority never hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM104",
    scope="cell",
    shared=True,
    premise="TB4",
    mend="Send the event from the mirror to the authority, or let the mirror ask it first (`trigger: sync_call`, "
    "`op: reserve`).",
)
def ungated_write(case: Case) -> list[Answer]:
    """A mirror's own event never reaches the authority, so that the authority stays wrong or writes over it.

    The shop sells 2 of 2 and shows 0; the record still says 2, and the nightly run writes 2 back. The
    same goods are sold again: pick failures and rush reallocations, and orders that have to be cancelled.

    Cleared by:
    - a path that brings the mirror's event to the authority, by whatever way
    - a call before the event is accepted (`trigger: sync_call` with `op: reserve` or `cas`)
    - no events of its own at the mirror, or `applies: []`: it books nothing itself

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          erp: {kind: erp, owner: finance, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: stock-to-storefront
            from: erp
            to: storefront
            trigger: schedule
            schedule: {every: 24h, covers: full}
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
            trigger: sync_call
            op: reserve
            maps: {available: available}
          - id: stock-to-storefront
            from: erp
            to: storefront
            trigger: schedule
            schedule: {every: 24h, covers: full}
            op: set
            maps: {available: available}

    References:
    - Starktail/woocommerce_fusion#170
    - libracore/WooCommerceConnector#41
    """
    return said((*reach_of(case), *conflicts_of(case)), "ungated-write")
