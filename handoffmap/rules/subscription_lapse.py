"""HM609: the source switches the subscription off, and nobody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM609",
    scope="handoff",
    premise="TA3",
    mend="Watch the subscription (`subscription.monitored`), and read what was missed by another path (`backstop`).",
)
def subscription_lapse(handoff: Handoff) -> Answer | None:
    """The source switches a subscription off after failures, and nobody notices that nothing comes any more.

    One bad night at the receiver, and from then on the shop sends nothing and says nothing. Each order after
    that is missing in the warehouse: 200 orders a day are 200 pieces a day that are offered a second time,
    until a picker stands before an empty bin. What was missed meanwhile does not come by itself once the
    subscription is on again.

    Cleared by:

    - somebody notices when it lapses (`monitored: true`)
    - another path reads what was missed (`backstop`)
    - the subscription does not lapse, or nothing is said of one
    - nothing is said of `monitored` or `backstop`: then it is asked

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms: {kind: wms, holds: {available: authoritative}}
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
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
            subscription: {lapses_after_failures: true, monitored: false, backstop: none}

    Use instead::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms: {kind: wms, holds: {available: authoritative}}
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
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
            subscription: {lapses_after_failures: true, monitored: true, backstop: none}

    References:
    - planningcenter/developers#1312: switched off several times, and the receiver was not told
    """
    path = handoff.path
    lapse = path.subscription
    if lapse is None or lapse.lapses_after_failures == 0:
        return None
    slug = "subscription-lapse"
    premise = "TA3" if handoff.flow == "delta" else "TB3"
    if handoff.one_step:
        return held(slug, premise, "written in one step with its source", path)
    if handoff.sends_whole_values:
        return held(slug, premise, "the next full run sends the whole value again", path)
    if lapse.monitored:
        return held(slug, premise, "somebody notices when the subscription lapses", path)
    if lapse.backstop not in {None, "none"}:
        return held(slug, premise, f"{lapse.backstop} reads what was missed", path)
    asks = tuple(
        Ask("path", path.id, f"subscription.{fact}")
        for fact in ("lapses_after_failures", "monitored", "backstop")
        if getattr(lapse, fact) is None
    )
    return Claim(
        slug,
        premise,
        None if asks else False,
        "nobody has said who would notice" if asks else "nobody watches it and nothing stands behind it",
        path,
        f"{path.source} {'may stop' if asks else 'can stop'} sending {path.id}, and nobody notices",
        keys=("subscription",),
        asks=asks,
    )
