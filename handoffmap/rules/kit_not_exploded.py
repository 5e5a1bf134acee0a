"""HM309: a kit is sold and its parts stay on the shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.rules._rule import rule
from handoffmap.rules.item_key_mismatch import same_application

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.graph import Write


@rule(
    "HM309",
    scope="write",
    premise="TA2",
    mend="Turn each kit into its components on the way (`unit_factor: per_item`).",
)
def kit_not_exploded(write: Write, case: Case) -> Answer | None:
    """A channel sells kits, the target counts their components, and nothing turns the one into the other on the way.

    A gift box of two bottles is sold, and the warehouse books one box that it has never had: ten bottles stay
    ten where eight are left. The bottles are sold again one by one, the last two orders fail at the pick, and
    the kit itself runs into the negative on an item number that nobody counts.

    Cleared by:

    - each kit goes over as its components, on whichever side they are looked up (`unit_factor: per_item`)
    - the source sells no kits (`sells_kits: false`), or the target counts kits as such (`holds_components:
      false`)
    - source and target are parts of one application (`part_of`)
    - neither of the two is stated; of one alone, or where the path carries certain items only, it is asked

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront, sells_kits: true}
          wms: {kind: wms, holds_components: true, holds: {available: authoritative}}
        events:
          order_captured: {at: [shop]}
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
          shop: {kind: storefront, sells_kits: true}
          wms: {kind: wms, holds_components: true, holds: {available: authoritative}}
        events:
          order_captured: {at: [shop]}
        write_paths:
          - id: orders-to-wms
            from: shop
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: {to: available, unit_factor: per_item}}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - frappe/erpnext#49021: the parts of a bundle are not taken off
    - microsoft/BCApps#8396: a platform that refuses to set the stock of a bundle
    """
    path, slug = write.path, "kit-not-exploded"
    source, target = case.graph.systems[path.source], case.system
    sells, counts = source.sells_kits, target.holds_components
    if sells is False or counts is False or not (sells or counts):
        return None
    if same_application(source, target):
        return None
    premise = "TA2" if case.survey.handoff(path).flow == "delta" else "TB5"
    if write.mapping.unit_factor == "per_item":
        return held(slug, premise, "each kit goes over as its components", path)
    asks: list[Ask] = []
    if sells is None:
        asks.append(Ask("system", source.id, "sells_kits"))
    if counts is None:
        asks.append(Ask("system", target.id, "holds_components"))
    if not asks and path.items:
        asks.append(Ask("path", path.id, f"maps.{write.left}.unit_factor"))
    return Claim(
        slug,
        premise,
        None if asks else BROKEN,
        "nobody has said whether kits come by it, and what becomes of them"
        if asks
        else f"{source.id} sells kits, and {target.id} counts their components",
        path,
        f"{path.id} {'may bring' if asks else 'brings'} kits to {target.id}, which counts their components",
        keys=("maps", write.left),
        asks=tuple(asks),
        own_heal=False,
    )
