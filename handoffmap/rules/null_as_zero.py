"""HM306: not counted yet is read as none there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, HOLDS, Ask, Claim, held
from handoffmap.premises.graph import compares
from handoffmap.rules._rule import rule
from handoffmap.rules.lost_delivery import unsaid_of_runs

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Answer


@rule("HM306", scope="cell", premise="TA0", mend="Book an opening balance, or feed the cell with whole values.")
def null_as_zero(case: Case) -> list[Answer]:
    """A cell starts at zero while there is stock, and only differences ever come.

    No count yet is not a count of none. Where 47 pieces lay on the day of the start, the new till begins at
    0, hears of every change from then on and stays 47 short for ever: false stockouts at once, and a negative
    number after the first sale, which somebody corrects by hand.

    Cleared by:

    - an opening balance is booked (`opening: booked`, which is what holds if nothing is said)
    - a recurring full run writes the whole value into the cell
    - the cell is derived, or a consumer

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront, holds: {on_hand: authoritative}}
          pos: {kind: pos, holds: {on_hand: {role: mirror, opening: none}}}
        events:
          po_received: {at: [shop]}
          inventory_adjusted: {at: [shop]}
        write_paths:
          - id: changes-to-pos
            from: shop
            to: pos
            events: [po_received, inventory_adjusted]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          shop: {kind: storefront, holds: {on_hand: authoritative}}
          pos: {kind: pos, holds: {on_hand: {role: mirror, opening: booked}}}
        events:
          po_received: {at: [shop]}
          inventory_adjusted: {at: [shop]}
        write_paths:
          - id: changes-to-pos
            from: shop
            to: pos
            events: [po_received, inventory_adjusted]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - woocommerce/woocommerce-square#19: not counted yet arrives as a zero
    - woocommerce/woocommerce-square#529: a zero is trusted only once there is a history
    """
    if case.is_derived or case.expects_nothing or (case.feeds and case.holding.opening != "none"):
        return []
    if case.holding.opening != "none":
        return [held("null-as-zero", "TA0", "its opening balance is booked")]
    if case.is_flag:
        return [held("null-as-zero", "TA0", "a flag has no opening balance")]
    feeds = [feed for feed in case.feeds if not _waits_for_ever(feed)]
    if any(feed.handoff.pulled and feed.path.covers == "full" for feed in feeds):  # it has sent nothing before
        return [Claim("null-as-zero", "TA0", HOLDS, "the first full run brings the opening balance")]
    vague = [feed.path for feed in feeds if not feed.handoff.pushed and feed.path.covers != "changed_only"]
    if vague:
        return [
            Claim(
                "null-as-zero",
                "TA0",
                None,
                "nobody has said whether a run sends everything",
                None,
                f"{case.cell} may start at zero and stay off by the stock that was there",
                asks=tuple(
                    Ask("path", path.id, "trigger" if path.trigger is None else unsaid_of_runs(path)) for path in vague
                ),
                keys=("opening",),
            )
        ]
    return [
        Claim(
            "null-as-zero",
            "TA0",
            BROKEN,
            "no opening balance was booked, and nothing sends the whole value unasked",
            None,
            f"{case.cell} starts at zero and stays off by the stock that was there",
            direction="under",
            keys=("opening",),
        )
    ]


def _waits_for_ever(feed: Feed) -> bool:
    """Whether compare-and-set holds a feed back for good: its source misses something that comes to the cell."""
    case = feed.case
    return compares(feed.path) and any(
        case.survey.reaches(journey.event, origin, read) is False
        for journey in case.journeys
        if journey.arrivals
        for origin in journey.start.alike[:8]
        for read in feed.reads
        if read.quantity in journey.event.effects
    )
