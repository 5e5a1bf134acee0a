"""HM203: a message that is lost stays lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.model import WritePath
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM203",
    scope="handoff",
    premise="TA3",
    mend="Deliver until the target has it (`retry` without end, or a `dead_letter` that somebody watches and replays), "
    "or send the whole value at a known interval.",
)
def lost_delivery(handoff: Handoff) -> Answer | None:
    """A message that is lost on the way is never sent again.

    One webhook that fails leaves the WMS at 10 of 9 for ever: an amount is sent once, and the next one
    does not make it good. What is sold twice fails at the pick; what never arrives is missing from
    forecasts and reorders.

    Cleared by:
    - retries without end, or a `dead_letter` (`unwatched-dead-letter` judges whether anybody looks)
    - `delivery: exactly_once_effect`
    - whole values that run in full at an interval (`schedule: {every, covers: full}`): the next run
      brings them
    - a full reconciliation with the cell makes the drift transient

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
            delivery: at_most_once

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
            retry: {max_attempts: unlimited, every: 1m}
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}

    References:
    - https://shopify.dev/docs/apps/build/webhooks/best-practices
    - planningcenter/developers#1312
    """
    path = handoff.path
    slug = "lost-delivery"
    premise = "TA3" if handoff.flow == "delta" else "TB3"
    if path.delivery == "exactly_once_effect":
        return held(slug, premise, "delivery is exactly_once_effect", path)
    if handoff.one_step:
        return held(slug, premise, "written in one step with its source", path)
    if handoff.sends_whole_values:
        return held(slug, premise, "the next full run sends the whole value again", path)
    if path.delivery == "at_most_once":
        return _lost(handoff, "delivery is at most once", ("delivery",))
    missing = undecided_letters(path)
    if missing is None and path.delivery == "at_least_once" and path.retry == "none":
        return _lost(handoff, "a failed attempt is neither repeated nor parked", ("retry",))
    asks = tuple(Ask("path", path.id, fact) for fact in missing or ())
    if path.delivery is None:
        asks = (Ask("path", path.id, "delivery"), *asks)
    if not asks:
        return held(slug, premise, "delivered until it succeeds, or parked and replayed", path)
    return _lost(handoff, "nobody has said what happens to a message that fails", ("delivery",), asks)


def unsaid_of_runs(path: WritePath) -> str:
    """What nobody has said of a recurring path: whether a run sends everything, or whether it leaves out the same."""
    return "schedule.covers" if path.covers is None else "only_if_changed"


def undecided_letters(path: WritePath) -> tuple[str, ...] | None:
    """The facts on which it hangs what happens when retries end; empty: messages are kept; None: stated and unsafe."""
    retry, letters = path.retry, path.dead_letter
    if retry is not None and retry != "none" and retry.max_attempts == "unlimited":
        return ()
    if letters is None:
        ends = retry == "none" or (retry is not None and (retry.max_attempts is not None or retry.horizon is not None))
        return ("dead_letter",) if ends else ("retry", "dead_letter")
    if letters == "none":
        return ("retry",) if retry is None else None
    return ()  # what becomes of parked messages is for `unwatched-dead-letter` to say


def _lost(handoff: Handoff, because: str, keys: tuple[str, ...], asks: tuple[Ask, ...] = ()) -> Claim:
    """The claim of a loss, softened where only an unstated habit of the runs would heal it."""
    path = handoff.path
    if handoff.sends_whole_values is None:
        facts = ["trigger"] if path.trigger is None else []
        facts += ["schedule.covers"] if path.covers is None and handoff.pulled else []
        facts += ["only_if_changed"] if path.only_if_changed is None and handoff.pulled else []
        asks = (*asks, *(Ask("path", path.id, fact) for fact in facts))
    return Claim(
        "lost-delivery",
        "TA3" if handoff.flow == "delta" else "TB3",
        None if asks else False,
        because,
        path,
        f"a message of {path.id} that is lost {'may never be' if asks else 'is never'} made good at {path.target}",
        keys=keys,
        asks=asks,
    )
