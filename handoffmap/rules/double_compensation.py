"""HM404: what is taken back is taken back twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM404",
    scope="cell",
    shared=True,
    premise="TA7",
    mend="Let one handler put back what is still open, and only that.",
)
def double_compensation(case: Case) -> list[Answer]:
    """The undo of an event reaches the cell more than once.

    Two handlers each put the same goods back. One piece of 50 is sold, the refund books it in again, the
    cancellation once more, and the count says 51. The extra piece exists nowhere but in the number. It is
    sold and then not found, and with every cancelled order there is one more of its kind: pick failures and
    refunds.

    Cleared by:

    - one path alone carries the undo to the cell
    - the paths share a named ledger (`dedupe: {ledger: …}`) whose key knows the second as the first
    - their filters (`only`, `except`) leave no instance to both
    - the two paths start from alternative origins of the event: one instance has one origin

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
            events: [order_captured, order_cancelled]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
          - id: restock-to-wms        # set off by the refund of a cancelled order
            from: shop
            to: wms
            events: [order_cancelled]
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
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
          - id: restock-to-wms        # set off by the refund of a cancelled order
            from: shop
            to: wms
            events: [order_cancelled]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - PrestaShop/PrestaShop#35460: refunded with restocking, then cancelled
    - woocommerce/woocommerce#27504: refunded with restocking, then the line deleted
    """
    return said(reach_of(case), "double-compensation")
