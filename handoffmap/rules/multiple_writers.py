"""HM103: two systems each write the whole number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.premises.loops import loops_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM103",
    scope="cell",
    shared=True,
    premise="TB1",
    mend="Let one system be the source of the whole value and send the others through it, or give each its own items "
    "or places.",
)
def multiple_writers(case: Case) -> list[Answer]:
    """Two systems each write the whole value of one cell, and whichever writes last wins.

    The two sources learn of an event at different times: one sends 46, the other still 47, and the cell
    shows whichever message came last. Too much is promised or too little is offered: pick failures on one
    day, false stockouts on the next.

    Cleared by:
    - one source of the whole value, the other going through it
    - disjoint places (`location`) or items (`items`) of the two paths
    - amounts instead of whole values (then `duplicate-route` and `set-adjust-mix` judge)

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
          erp: {kind: erp, owner: finance, holds: {available: mirror}}
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - {id: wms-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {available: available}}
          - id: wms-to-storefront
            from: wms
            to: storefront
            trigger: queue
            op: set
            maps: {available: available}
          - id: erp-to-storefront
            from: erp
            to: storefront
            trigger: schedule
            schedule: {every: 1h, covers: changed_only}
            op: set
            maps: {available: available}

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
          erp: {kind: erp, owner: finance, holds: {available: mirror}}
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - {id: wms-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {available: available}}
          - id: wms-to-storefront
            from: wms
            to: storefront
            trigger: queue
            op: set
            maps: {available: available}

    References:
    - https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities
    """
    return said((*conflicts_of(case), *loops_of(case)), "multiple-writers")
