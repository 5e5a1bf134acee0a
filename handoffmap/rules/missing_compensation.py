"""HM403: what is taken back stays booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM403",
    scope="cell",
    shared=True,
    premise="TA7",
    mend="Carry the undo by the same path (`events`).",
)
def missing_compensation(case: Case) -> list[Answer]:
    """An event reaches the cell and its undo does not.

    What was taken off stays off. An order takes 10 down to 9, its cancellation never arrives, and the piece
    is there and not for sale: with 3 cancellations in 100 orders, 1,000 orders hide 30 pieces. The shop loses
    sales to false stockouts and buys in goods that it has.

    Cleared by:

    - a path carries the undo to the cell, the same one or another
    - a state path feeds the cell
    - the undo is not in the map: `undocumented-event` says that
    - the event itself does not reach the cell either: then a broader rule speaks, once
    - a filter (`only`, `except`) lets every class of the undo through on some path

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms: {kind: wms, holds: {available: authoritative}}
        events:
          order_captured: {at: [shop]}
          order_cancelled: {at: [shop]}
        write_paths:
          - id: orders-to-wms
            from: shop
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms: {kind: wms, holds: {available: authoritative}}
        events:
          order_captured: {at: [shop]}
          order_cancelled: {at: [shop]}
        write_paths:
          - id: orders-to-wms
            from: shop
            to: wms
            events: [order_captured, order_cancelled]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - thorshammer419/evry_bites#54: a cancelled order does not give its stock back
    - shopperlabs/shopper#607: unpaid orders are cancelled and their stock returns through one guarded
      listener
    """
    return said(reach_of(case), "missing-compensation")
