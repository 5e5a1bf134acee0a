"""HM202: one event arrives by two roads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM202",
    scope="cell",
    shared=True,
    premise="TA1",
    mend="Take one route away, or let both share a `ledger` that names the event.",
)
def duplicate_route(case: Case) -> list[Answer]:
    """One event reaches one cell by two routes, and nothing recognises the second as the first.

    Each route is right by itself, and together they take 2 off for every unit sold. The stock that is
    hidden cannot be sold (sales lost to false stockouts), and no log of either route shows an error.

    Cleared by:
    - one `ledger` that both paths name, with a key that names the event
    - a route that does not carry this quantity, or filters (`only`, `except`) that share no instance
    - two alternative origins: each instance starts in one of them only
    - whole values on one of the routes (then `set-adjust-mix` judges)

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          oms: {kind: oms, owner: operations, holds: {}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: storefront-to-wms
            from: storefront
            to: wms
            events: [order_captured]
            op: adjust
            maps: {available: available}
            dedupe: none
          - {id: storefront-to-oms, from: storefront, to: oms, events: [order_captured], op: adjust}
          - id: oms-to-wms
            from: oms
            to: wms
            events: [order_captured]
            op: adjust
            maps: {available: available}
            dedupe: none

    Use instead::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          oms: {kind: oms, owner: operations, holds: {}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: storefront-to-wms
            from: storefront
            to: wms
            events: [order_captured]
            op: adjust
            maps: {available: available}
            dedupe: {ledger: orders, key: [event_id], retention: forever, stable_across_retries: true}
          - {id: storefront-to-oms, from: storefront, to: oms, events: [order_captured], op: adjust}
          - id: oms-to-wms
            from: oms
            to: wms
            events: [order_captured]
            op: adjust
            maps: {available: available}
            dedupe: {ledger: orders, key: [event_id], retention: forever, stable_across_retries: true}

    References:
    - woocommerce/woocommerce#38786
    """
    return said(reach_of(case), "duplicate-route")
