"""HM402: a path exists and does not fire for every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.premises.silence import silences_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM402",
    scope="cell",
    premise="TB3",
    mend="Add the missing events to the path, or let it fire on every change.",
)
def trigger_gap(case: Case) -> list[Answer]:
    """A path feeds the cell but does not fire for every event that changes it.

    The number is right after some changes and old after others, until something else happens to send it. Ten
    pieces are received, nothing is sent, and the shop says sold out until the next shipment of that very
    item: lost sales, longest on the slowest items. Where the number should have gone down, it is sold once
    more instead.

    Cleared by:

    - the path lists no events: it then fires on every change of what it reads
    - every event that changes what it reads is on its list, or on that of another path from the same source
    - it runs by the clock and covers everything (`schedule: {every: …, covers: full}`)
    - its source never hears of the event (that is told at the source)
    - `only`, `except`, `fires_for` leave out nothing that ever changes the source

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          shop: {kind: storefront, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
          shipment_confirmed: {at: [wms]}
        write_paths:
          - id: stock-to-shop
            from: wms
            to: shop
            events: [shipment_confirmed]
            trigger: webhook
            op: set
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: version

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          shop: {kind: storefront, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
          shipment_confirmed: {at: [wms]}
        write_paths:
          - id: stock-to-shop
            from: wms
            to: shop
            trigger: webhook
            op: set
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: version

    References:
    - frappe/ecommerce_integrations#207: nothing is sent before the last shipment of an order
    - hyyan/woo-poly-integration#334: a sale does not set off the copy to the other languages
    """
    return [*said(reach_of(case), "trigger-gap"), *silences_of(case)]
