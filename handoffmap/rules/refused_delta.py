"""HM221: a guard made for values refuses amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.premises.ordering import order_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM221",
    scope="delta",
    premise="TA8",
    mend="Take the guard off the deltas (`guard: none`; amounts commute), or keep their order (`order: per_key`).",
)
def refused_delta(handoff: Handoff) -> Answer | None:
    """A guard that refuses what is older refuses an amount that merely came late, and the amount is lost.

    Of sales of 1 and 5 the second arrives first; the first is refused as older, and the WMS shows 42 of
    41. A version guard that is right for whole values drops an amount with every message that is
    overtaken: pick failures and rush reallocations.

    Cleared by:
    - `guard: none` on amounts: they commute, and a late one is as good as an early one
    - an order that is kept (`order: per_key` or `total`, nothing replayed behind it)
    - `guard: state_machine`, `lock` or `cas`: none of them refuses an amount for its age; `cas` refuses
      what the target cannot cover, which is told where what it lacks may still be on its way
    - a write in one step with its source

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: order-to-wms
            from: storefront
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            order: none
            guard: event_time

    Use instead::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: order-to-wms
            from: storefront
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            order: none
            guard: none

    References:
    - Shopify/shopify-app-js#603
    """
    path = handoff.path
    slug, premise = "refused-delta", "TA8"
    if handoff.one_step:
        return held(slug, premise, "written in one step with its source", path)
    if path.guard is not None and path.guard not in {"version", "event_time"}:
        return held(slug, premise, f"guard {path.guard} refuses no amount for its age", path)
    order, because = order_of(path)
    if order == () and handoff.shares_stamps:
        order, because = None, "several paths of one source share the stamp, each in an order of its own"
    if order == () and handoff.hears_in_order != ():
        order, because = handoff.hears_in_order, "its source hears of events in another order than they happened in"
    if order == ():
        return held(slug, premise, because, path)
    asks = order or ()
    if path.guard is None:
        asks = (Ask("path", path.id, "guard"),)
    return Claim(
        slug,
        premise,
        None if asks else False,
        "nobody has said whether the target refuses late amounts" if asks else f"guard {path.guard}, and {because}",
        path,
        f"{path.target} {'may refuse' if asks else 'refuses'} an amount of {path.id} that comes late",
        keys=("guard",),
        asks=asks,
    )
