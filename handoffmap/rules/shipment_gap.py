"""HM405: goods have left and somebody still counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM405",
    scope="cell",
    shared=True,
    premise="TA1",
    mend="Carry `shipment_confirmed` (and its undo) to the cell.",
)
def shipment_gap(case: Case) -> list[Answer]:
    """A shipment never reaches a cell that it moves, which goes on holding what has left.

    One shipment, one unit that never comes free: the warehouse is at 9 with nothing allocated, the shop still
    allocates 1. After 1,000 shipped orders the shop holds back a thousand units that were paid for and
    delivered long ago, and turns customers away from the stock behind them. Where on_hand is the cell, it
    sells what has left instead.

    Cleared by:

    - a path carries `shipment_confirmed` (and `shipment_voided`) to the cell
    - a state path feeds the cell
    - the path is there and drops the quantity, is disabled, or is filtered: then that is told
    - the cell is a `consumer` or derived, or counts other places

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront, holds: {allocated: mirror}}
          oms: {kind: oms, holds: {allocated: authoritative}}
          threepl: {kind: 3pl}
        events:
          order_captured: {at: [shop]}
          shipment_confirmed: {at: [threepl]}
        write_paths:
          - id: order-to-oms
            from: shop
            to: oms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
          - id: shipment-to-oms
            from: threepl
            to: oms
            events: [shipment_confirmed]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          shop: {kind: storefront, holds: {allocated: mirror}}
          oms: {kind: oms, holds: {allocated: authoritative}}
          threepl: {kind: 3pl}
        events:
          order_captured: {at: [shop]}
          shipment_confirmed: {at: [threepl]}
        write_paths:
          - id: order-to-oms
            from: shop
            to: oms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
          - id: shipment-to-oms
            from: threepl
            to: oms
            events: [shipment_confirmed]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
          - id: shipment-to-shop
            from: oms
            to: shop
            events: [shipment_confirmed]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - magento/inventory#2269: reservations stay open for orders that were never marked as shipped
    - magento/inventory#2847: a mirror refuses to book what has left the warehouse
    """
    return said(reach_of(case), "shipment-gap")
