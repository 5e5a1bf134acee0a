"""HM218: the receiver says yes before it has the message safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.rules._rule import rule
from handoffmap.rules.lost_delivery import unsaid_of_runs

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM218",
    scope="handoff",
    premise="TA3",
    mend="Acknowledge after the message is stored (`ack: after_enqueue`) or applied (`ack: after_commit`).",
)
def ack_before_commit(handoff: Handoff) -> Answer | None:
    """The receiver acknowledges before it has stored or applied the message, so that a crash loses it.

    The sender hears yes and forgets the message; the receiver dies with it in memory. One unit for each
    message that was in work at that moment is missing for ever, without a trace in either log: pick
    failures, and manual reconciliation work to find the hole.

    Cleared by:
    - `ack: after_enqueue`: stored durably, then acknowledged, then worked on
    - `ack: after_commit`
    - a file, a call that answers or a person: nothing is acknowledged
    - a full recurring run, which brings the value again

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
            ack: before_processing
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}

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
            ack: after_enqueue
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}

    References:
    - nozzlegear/ShopifySharp#919
    """
    path = handoff.path
    slug = "ack-before-commit"
    premise = "TA3" if handoff.flow == "delta" else "TB3"
    if handoff.one_step or handoff.sends_whole_values or path.delivery in {"exactly_once_effect", "at_most_once"}:
        return None
    if path.ack in {"after_enqueue", "after_commit"}:
        return held(slug, premise, f"acknowledged {path.ack.replace('_', ' ')}", path)
    doubt = (Ask("path", path.id, "delivery"),) if path.delivery is None else ()
    if handoff.sends_whole_values is None:
        doubt = (*doubt, Ask("path", path.id, "trigger" if path.trigger is None else unsaid_of_runs(path)))
    if path.ack is None:
        if path.trigger not in {"webhook", "queue", "cdc", None}:
            return None  # nobody acknowledges a file, a call that answers, or a person
        doubt = (*doubt, Ask("path", path.id, "ack"))
    return Claim(
        slug,
        premise,
        None if doubt else False,
        "acknowledged before it is processed" if path.ack else "nobody has said when the receiver acknowledges",
        path,
        f"{path.target} {'may acknowledge' if doubt else 'acknowledges'} a message of {path.id} and then lose it",
        keys=("ack",),
        asks=doubt,
    )
