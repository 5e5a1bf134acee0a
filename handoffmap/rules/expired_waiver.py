"""HM022: a waiver past its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.policy.standing import Standing


@rule(
    "HM022", scope="waiver", severity="warning", mend="Mend what it waived, or decide anew until when it is lived with."
)
def expired_waiver(standing: Standing) -> str | None:
    """A waiver has ended, and what it waived counts again.

    The date was the promise to have mended it by then. Prolonging it is a decision that somebody takes by
    name; letting it lapse unseen would leave the counts wrong with nobody deciding so.

    Cleared by:
    - an `until` that has not passed; it holds on that very day, too

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront, owner: web, allocates: true, holds: {available: mirror}}
          bazaar: {kind: marketplace, owner: web, allocates: true, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [shop, bazaar]}
        write_paths: []
        waivers:
          - rule: multiple-allocators
            subject: "*"
            reason: the pilot sells five items on the marketplace
            ticket: SHOP-118
            until: 2020-01-31

    Use instead::

        handoffmap: 1
        systems:
          shop: {kind: storefront, owner: web, allocates: true, holds: {available: mirror}}
          bazaar: {kind: marketplace, owner: web, allocates: true, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [shop, bazaar]}
        write_paths: []
        waivers:
          - rule: multiple-allocators
            subject: "*"
            reason: the pilot sells five items on the marketplace
            ticket: SHOP-118
            until: 2099-01-31

    References:
    - google.github.io/osv-scanner/configuration
    """
    if standing.days_left >= 0:
        return None
    return f"the waiver of {standing.waiver.told} ended on {standing.waiver.until}"
