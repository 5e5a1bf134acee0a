"""HM201: a message that comes twice counts twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.premises.ledger import acts_once_per_order
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM201",
    scope="delta",
    premise="TA4",
    mend="Give the path a `dedupe` with a key that names the effect, stays the same across retries and is kept for as "
    "long as a repetition can come, or let the target take an idempotency key (`delivery: exactly_once_effect`).",
)
def duplicate_delivery(handoff: Handoff) -> Answer | None:
    """A delta that may be delivered more than once is added more than once.

    Nothing is lost and still the count is wrong: an order of 3 whose acknowledgement times out is sent
    again, and the WMS shows 41 of 44. A decrement that counts twice hides stock (sales lost to false
    stockouts); an increment that does promises goods that are not there (pick failures). Neither heals by
    itself.

    Cleared by:
    - a `dedupe` whose key is stable, names the effect and is kept for long enough (211, 212 and 213 judge
      the key)
    - `delivery: exactly_once_effect` (the target takes an idempotency key and it is sent) or
      `at_most_once`
    - `op: reserve` or `release` with `guard: state_machine`: once per order
    - whole values (`op: set`): a repetition writes the same number
    - a write in one step with its source (`handoff: same_transaction`, `atomic_with`, a `sync_call` gate)

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
            delivery: at_least_once
            dedupe: none

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
            delivery: at_least_once
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}

    References:
    - https://shopify.dev/docs/apps/build/webhooks/ignore-duplicates
    - bigcommerce/docs#240
    - BrainWise-DEV/POSNext#50
    """
    path = handoff.path
    slug, premise = "duplicate-delivery", "TA4"
    if handoff.one_step:
        return held(slug, premise, "written in one step with its source", path)
    if path.delivery in {"exactly_once_effect", "at_most_once"}:
        return held(slug, premise, f"delivery is {path.delivery}", path)
    if acts_once_per_order(path):
        return held(slug, premise, "reserves and releases once per order", path)
    dedupe = path.dedupe
    if dedupe is not None and dedupe != "none":
        return held(slug, premise, "repetitions are looked up in a ledger", path)
    missing = tuple(Ask("path", path.id, fact) for fact in ("delivery", "dedupe") if getattr(path, fact) is None)
    if missing:
        return Claim(
            slug,
            premise,
            None,
            "nobody has said " + " or ".join(_unsaid[ask.fact] for ask in missing),
            path,
            f"a repeated message of {path.id} may count twice at {path.target}",
            asks=missing,
            keys=("delivery",) if path.delivery is None else ("dedupe",),
        )
    return Claim(
        slug,
        premise,
        BROKEN,
        f"delivery is at least once, nothing recognises a repetition, and the op ({path.op or 'a delta'}) adds",
        path,
        f"{path.id} can deliver a message twice, and {path.target} applies it twice",
        keys=("dedupe",),
    )


_unsaid = {
    "delivery": "how often a message may come",
    "dedupe": "whether the consumer recognises a repetition",
}
