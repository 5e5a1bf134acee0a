"""HM023: a waiver that nothing needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.policy.standing import Standing


@rule("HM023", scope="waiver", severity="warning", mend="Take the waiver out.")
def unused_waiver(standing: Standing) -> str | None:
    """Nothing is left that a waiver would waive.

    The drift has been mended, or has moved. A waiver that stays behind would hide the same defect when it
    comes back, and the list of what is lived with reads longer than it is.

    Cleared by:
    - a finding of this rule and subject that is still there

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
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}
        waivers:
          - rule: duplicate-delivery
            subject: order-to-wms
            reason: the new middleware comes in Q1
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
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}

    References:
    - google.github.io/osv-scanner/configuration
    """
    if standing.used:
        return None
    return f"the waiver of {standing.waiver.told} waives nothing any more"
