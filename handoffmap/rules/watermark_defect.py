"""HM604: the marker of what has been read runs ahead of what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM604",
    scope="handoff",
    premise="TA3",
    mend="Mark progress by the source's own cursor or times, and move the mark only after success (`advance_on: "
    "success_only`).",
)
def watermark_defect(handoff: Handoff) -> Answer | None:
    """A poll marks its progress by its own clock, or also after a failed run, and skips what lies in between.

    Two clocks that differ by two seconds, or one failed run, and the changes in between are behind the mark
    before anybody has read them. No later run asks for them, and every log is green. The items that are
    skipped keep an old number until they change again: orders for goods that are gone, or goods that nobody
    can buy.

    Cleared by:

    - the mark is the source's own cursor or time, and moves after success only
    - each run covers everything (`covers: full`), so that nothing depends on a mark
    - the path does not poll
    - nothing is said of `watermark` or `advance_on`: then it is asked

    Flagged::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {on_hand: authoritative}}
          shop: {kind: storefront, holds: {on_hand: mirror}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: poll
            op: set
            maps: {on_hand: on_hand}
            poll:
              every: 10m
              watermark: source_updated_at
              lookback: 30m
              advance_on: always
              covers: changed_only
            delivery: exactly_once_effect
            guard: version

    Use instead::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {on_hand: authoritative}}
          shop: {kind: storefront, holds: {on_hand: mirror}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: poll
            op: set
            maps: {on_hand: on_hand}
            poll:
              every: 10m
              watermark: source_updated_at
              lookback: 30m
              advance_on: success_only
              covers: changed_only
            delivery: exactly_once_effect
            guard: version

    References:
    - dynos-fit/dynos-sync#93: a mark taken from the reader's own clock
    - frappe/ecommerce_integrations#436: the mark moves on although the item was not found
    """
    path = handoff.path
    polls = path.trigger == "poll"
    if path.covers == "full" or not (polls or _may_poll(handoff)):
        return None
    slug = "watermark-defect"
    premise = "TA3" if handoff.flow == "delta" else "TB3"
    poll = path.poll
    watermark = poll.watermark if poll is not None else None
    advance_on = poll.advance_on if poll is not None else None
    because = None
    if watermark == "client_clock":
        because = "it asks for what is newer than its own clock says"
    elif advance_on == "always":
        because = "it moves its mark on after a failed run, too"
    if because is not None and polls:
        return Claim(
            slug,
            premise,
            BROKEN,
            because,
            path,
            f"{path.id} can skip changes of {path.source} for good",
            keys=("poll", "watermark" if watermark == "client_clock" else "advance_on"),
        )
    asks = tuple(
        Ask("path", path.id, fact)
        for fact, value in (("poll.watermark", watermark), ("poll.advance_on", advance_on))
        if value is None
    )
    if not polls:
        unsaid = Ask("path", path.id, "trigger")
        if because is not None or asks:  # what sets it off is asked once, by `trigger-gap`
            return Claim(slug, premise, None, "nobody has said whether it polls", path, asks=(unsaid,))
        return None
    if asks:
        return Claim(
            slug,
            premise,
            None,
            "nobody has said by what it knows which changes are new",
            path,
            f"{path.id} may skip changes of {path.source} for good",
            keys=("poll",),
            asks=asks,
        )
    return held(slug, premise, "its mark moves with the source, and after success only", path)


def _may_poll(handoff: Handoff) -> bool:
    """Whether a path of values may turn out to poll, because nobody has said what sets it off."""
    path = handoff.path
    return handoff.flow == "state" and path.trigger is None and path.schedule is None
