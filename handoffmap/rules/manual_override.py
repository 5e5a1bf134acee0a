"""HM105: a person changes a number and nothing else hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM105",
    scope="cell",
    shared=True,
    premise="TA6",
    mend="Book the change in the authority and let it flow from there, or send the event on to it.",
)
def manual_override(case: Case) -> list[Answer]:
    """A person or a spreadsheet changes stock in one system, and the authority never hears of it.

    Somebody books 5 returned units in the shop's admin screen; the record does not know them, and no log
    of any integration shows where the difference comes from. Until a count finds it the units are sold
    and missed by turns, and finding the cause is manual reconciliation work.

    Cleared by:
    - a path that brings the change from where it is made to the authority
    - the change booked in the authority itself, from which it flows to the others

    Flagged::

        handoffmap: 1
        systems:
          clerk: {kind: human, owner: ecommerce, holds: {}}
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          return_restocked: {at: [clerk]}
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: admin-screen
            from: clerk
            to: storefront
            events: [return_restocked]
            trigger: manual
            op: adjust
            maps: {available: available}
          - id: adjustment-to-storefront
            from: wms
            to: storefront
            events: [inventory_adjusted]
            trigger: webhook
            op: adjust
            maps: {available: available}

    Use instead::

        handoffmap: 1
        systems:
          clerk: {kind: human, owner: ecommerce, holds: {}}
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          return_restocked: {at: [clerk]}
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: handheld
            from: clerk
            to: wms
            events: [return_restocked]
            trigger: manual
            op: adjust
            maps: {available: available}
          - id: adjustment-to-storefront
            from: wms
            to: storefront
            events: [inventory_adjusted, return_restocked]
            trigger: webhook
            op: adjust
            maps: {available: available}

    References:
    - shopware/shopware#4326
    """
    return said(reach_of(case), "manual-override")
