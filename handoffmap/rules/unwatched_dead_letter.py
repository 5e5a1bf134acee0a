"""HM606: what the retries give up on, nobody takes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.rules._rule import rule
from handoffmap.rules.lost_delivery import unsaid_of_runs

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM606",
    scope="handoff",
    premise="TA3",
    mend="Park failed messages in a dead letter that is monitored and replayed (`dead_letter: {monitored: true, "
    "replay: manual}`).",
)
def unwatched_dead_letter(handoff: Handoff) -> Answer | None:  # noqa: C901 - one thing after another that clears it
    """Retries end, and what they give up on is parked where nobody looks, or nowhere.

    A message that fails for good is one order, receipt or shipment that the target never hears of. The queue
    is empty, the dashboard is green, and the pieces are sold twice or lie unsold until somebody opens the
    folder. The failures come in bulk: one rejected item or one expired password parks a whole afternoon.

    Cleared by:

    - dead letters are replayed automatically, or watched and replayed by hand
    - retries have no end (`max_attempts: unlimited`)
    - `delivery: exactly_once_effect`, or the write is one step with its source
    - each run sends every value in full, so that the next one brings what failed
    - nothing is said of a dead letter, or delivery is at most once: then `lost-delivery` speaks or asks

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms: {kind: wms, holds: {allocated: authoritative}}
        events:
          order_captured: {at: [shop]}
        write_paths:
          - id: order-to-wms
            from: shop
            to: wms
            events: [order_captured]
            trigger: queue
            op: adjust
            maps: {allocated: allocated}
            delivery: at_least_once
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}
            ack: after_commit
            handoff: outbox
            guard: none
            retry: {max_attempts: 5, horizon: 2h}
            dead_letter: {monitored: false, replay: manual}

    Use instead::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms: {kind: wms, holds: {allocated: authoritative}}
        events:
          order_captured: {at: [shop]}
        write_paths:
          - id: order-to-wms
            from: shop
            to: wms
            events: [order_captured]
            trigger: queue
            op: adjust
            maps: {allocated: allocated}
            delivery: at_least_once
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}
            ack: after_commit
            handoff: outbox
            guard: none
            retry: {max_attempts: 5, horizon: 2h}
            dead_letter: {monitored: true, replay: manual}

    References:
    - microsoft/BCApps#9211: failed items are tried again for ever, in silence
    - microsoft/BCApps#8396: one bundle fails the whole batch
    """
    path = handoff.path
    slug = "unwatched-dead-letter"
    premise = "TA3" if handoff.flow == "delta" else "TB3"
    retry, letters = path.retry, path.dead_letter
    if handoff.one_step or handoff.sends_whole_values or path.delivery in {"exactly_once_effect", "at_most_once"}:
        return None
    if letters is None or (retry is not None and retry != "none" and retry.max_attempts == "unlimited"):
        return None
    doubt = (Ask("path", path.id, "delivery"),) if path.delivery is None else ()
    if handoff.sends_whole_values is None:
        doubt = (*doubt, Ask("path", path.id, "trigger" if path.trigger is None else unsaid_of_runs(path)))
    if letters == "none":
        if retry is None or retry == "none":
            return None
        if retry.max_attempts is None and retry.horizon is None:
            doubt = (*doubt, Ask("path", path.id, "retry.max_attempts"))
        return _parked(handoff, premise, "retries end and there is no dead letter behind them", ("dead_letter",), doubt)
    if letters.replay == "none":
        return _parked(handoff, premise, "its dead letters are never replayed", ("dead_letter", "replay"), doubt)
    if letters.replay == "auto":
        return held(slug, premise, "dead letters are replayed automatically", path)
    if letters.monitored is False:
        return _parked(handoff, premise, "nobody watches its dead letters", ("dead_letter", "monitored"), doubt)
    missing = tuple(
        Ask("path", path.id, f"dead_letter.{fact}")
        for fact in ("replay", "monitored")
        if getattr(letters, fact) is None
    )
    if missing:
        because = "nobody has said whether its dead letters are watched and replayed"
        return _parked(handoff, premise, because, ("dead_letter",), (*doubt, *missing))
    return held(slug, premise, "dead letters are watched and replayed", path)


def _parked(handoff: Handoff, premise: str, because: str, keys: tuple[str, ...], asks: tuple[Ask, ...]) -> Claim:
    path = handoff.path
    return Claim(
        "unwatched-dead-letter",
        premise,
        None if asks else False,
        because,
        path,
        f"a message of {path.id} that fails for good {'may never reach' if asks else 'never reaches'} {path.target}",
        keys=keys,
        asks=asks,
    )
