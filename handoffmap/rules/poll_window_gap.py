"""HM603: a poll looks back no further than its own interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.premises.phrases import duration
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM603",
    scope="handoff",
    premise="TA3",
    mend="Look back further than the interval and the longest delay of a run (`poll.lookback`), or poll by a cursor.",
)
def poll_window_gap(handoff: Handoff) -> Answer | None:
    """A poll looks back no further than its interval, so that a late run leaves a gap that nothing fills.

    Every ten minutes it asks for the changes of the last ten minutes. A run that starts 30 seconds late never
    hears of what changed in those 30 seconds, and no later run asks again: the item keeps its old number
    until it happens to change once more. It hits whatever moved in a busy minute, so the best sellers first,
    as oversold orders or as false stockouts.

    Cleared by:

    - it looks back further than its interval (`lookback`), far enough for a late start, a slow commit and two
      clocks
    - it goes by a cursor of the source instead of by times (`watermark: cursor`)
    - each run covers everything (`covers: full`)
    - nothing is said of `lookback` or `every`: then it is asked

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
              lookback: 10m
              advance_on: success_only
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
    - Azure/azure-webjobs-sdk#821: a reader whose clock is two seconds off skips what was written in between
    """
    path = handoff.path
    poll = path.poll
    if path.trigger != "poll" or poll is None or poll.watermark != "source_updated_at":
        return None
    if path.covers == "full":
        return None
    slug = "poll-window-gap"
    premise = "TA3" if handoff.flow == "delta" else "TB3"
    every = path.every
    if poll.lookback is None or every is None:
        facts = [fact for fact, value in (("poll.lookback", poll.lookback), ("schedule.every", every)) if value is None]
        return Claim(
            slug,
            premise,
            None,
            "nobody has said how far back a run looks",
            path,
            f"a late run of {path.id} may leave a gap",
            keys=("poll",),
            asks=tuple(Ask("path", path.id, fact) for fact in facts),
        )
    if poll.lookback > every:
        return held(slug, premise, f"looks back {duration(poll.lookback)}, runs every {duration(every)}", path)
    return Claim(
        slug,
        premise,
        BROKEN,
        f"it looks back {duration(poll.lookback)} and runs every {duration(every)}",
        path,
        f"a run of {path.id} that starts late leaves a gap of changes that are never sent",
        keys=("poll", "lookback"),
    )
