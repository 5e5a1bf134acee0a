"""HM407: what was set aside is never freed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM407",
    scope="cell",
    shared=True,
    premise="TA7",
    mend="Carry the event that ends the reservation to the cell (`events`), or let the reservation expire "
    "(`expires_after`).",
)
def reservation_leak(case: Case) -> list[Answer]:
    """A reservation reaches the cell, and an event that ends it does not.

    The order is cut at the pick, and in the shop its unit stays promised to nobody. Nothing looks wrong on
    any single day: the number of units held back only ever grows, the shop sells less than is there (sales
    lost to false stockouts), and purchasing buys what lies on the shelf.

    Cleared by:

    - a path carries the event that ends the reservation to the cell
    - a state path feeds the cell with whole values
    - no reservation reaches the cell either: then `unsynchronized` speaks, once
    - the event takes back the one that reserved: `missing-compensation`; it is a shipment of what nobody
      reserved by `op: reserve`: `shipment-gap`
    - no event of the map ends a reservation: `undocumented-event` notes that
    - a reservation that expires (`expires_after: 30m`) is freed late, and the drift is transient

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms: {kind: wms}
          oms: {kind: oms, holds: {allocated: authoritative}}
        events:
          order_captured: {at: [shop]}
          order_cancelled: {at: [shop]}
          shipment_confirmed: {at: [wms]}
          pick_shorted: {at: [wms]}
        write_paths:
          - id: orders-to-oms
            from: shop
            to: oms
            events: [order_captured, order_cancelled]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
          - id: shipments-to-oms
            from: wms
            to: oms
            events: [shipment_confirmed]
            trigger: queue
            op: adjust
            maps: {allocated: allocated}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms: {kind: wms}
          oms: {kind: oms, holds: {allocated: authoritative}}
        events:
          order_captured: {at: [shop]}
          order_cancelled: {at: [shop]}
          shipment_confirmed: {at: [wms]}
          pick_shorted: {at: [wms]}
        write_paths:
          - id: orders-to-oms
            from: shop
            to: oms
            events: [order_captured, order_cancelled]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
          - id: shipments-to-oms
            from: wms
            to: oms
            events: [shipment_confirmed, pick_shorted]
            trigger: queue
            op: adjust
            maps: {allocated: allocated}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - magento/inventory#2269: the order is never marked as shipped, and its reservation stays
    - frappe/erpnext#52851: the rest of a partly delivered pick stays reserved
    """
    return said(reach_of(case), "reservation-leak")
