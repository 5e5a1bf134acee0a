"""HM020: a waiver without reason or end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.policy.standing import Standing


@rule("HM020", scope="waiver", severity="error", mend="Say why it is lived with, and until when (`reason`, `until`).")
def reasonless_waiver(standing: Standing) -> str | None:
    """A waiver lacks a reason or an end, and waives nothing.

    What nobody gave a reason for nobody can judge later, and what has no end is never looked at again:
    drift that was to be lived with for a quarter is lived with for years. The finding that it names goes
    on counting.

    Cleared by:
    - a `reason` and an `until` at the entry, or `until 2027-03-31: reason` in the comment

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront, owner: web, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [shop]}
        write_paths:
          - id: order-to-wms
            from: shop
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: at_least_once
            dedupe: none
        waivers:
          - rule: duplicate-delivery
            subject: order-to-wms
            until: 2099-03-31

    Use instead::

        handoffmap: 1
        systems:
          shop: {kind: storefront, owner: web, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [shop]}
        write_paths:
          - id: order-to-wms
            from: shop
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: at_least_once
            dedupe: none
        waivers:
          - rule: duplicate-delivery
            subject: order-to-wms
            reason: the new middleware comes in Q1
            until: 2099-03-31

    References:
    - google.github.io/osv-scanner/configuration
    """
    if standing.is_complete:
        return None
    waiver = standing.waiver
    lacks = "an end date" if waiver.reason else "a reason" if standing.end is not None else "a reason and an end date"
    wrong = f" (`{waiver.until}` is no date)" if waiver.until and standing.end is None else ""
    return f"the waiver of {waiver.told} lacks {lacks}{wrong} and waives nothing"
