"""HM205: an older value overwrites a newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim, held
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case, Feed, Survey
    from handoffmap.claim import Answer
    from handoffmap.model import Cell, WritePath


@rule(
    "HM205",
    scope="feed",
    premise="TB2",
    mend="Compare versions at the target (`guard: version`), or read the value when the message is handled (`payload: "
    "notify_then_fetch`).",
)
def reordered_state(feed: Feed) -> Answer | None:
    """Two values overtake each other on the way, and the older one is written last.

    Two receipts make 48 and then 53; 53 arrives first and 48 stays, until the next change. Whatever is
    planned or promised from that number in between is 5 short or 5 too many: forecasting and reordering
    errors, pick failures.

    Cleared by:
    - `guard: version`: a value that the source held earlier is refused (also `cas` and `state_machine`)
    - `guard: event_time` where the source applies its events in that order
    - `payload: notify_then_fetch`: the value is read when it is written
    - `order: per_key` or `total` with retries that block and no dead letter replayed behind them
    - a full recurring run that is the only writer: the next run writes the value again

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            order: none
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            order: none
            guard: version

    References:
    - paypal/mirakl-hyperwallet-connector#35
    - Shopify/shopify-app-js#603
    """
    path, handoff = feed.path, feed.handoff
    slug, premise = "reordered-state", "TB2"
    if handoff.one_step or path.payload == "notify_then_fetch":
        return held(slug, premise, "the value is read when it is written", path)
    if path.op == "cas":
        return held(slug, premise, "compare-and-set refuses a value that is out of date", path)
    if path.guard in {"version", "state_machine", "cas"}:
        return held(slug, premise, f"guarded by {path.guard}", path)
    if path.guard == "event_time":
        return _by_event_time(feed)
    if handoff.pulled and path.covers == "full" and not _others(feed):
        return held(slug, premise, "the next full run writes the value again, and nothing else does", path)
    asks, because = order_of(path)
    if asks is None and path.trigger is None and path.covers in {"full", None} and not _others(feed):
        asks, because = (Ask("path", path.id, "trigger"),), "nobody has said whether it runs again and again"
    if asks == () and path.order is not None and _other_feeds(feed):
        asks = (Ask("path", path.id, "guard"),) if path.guard is None else None
        because = "it keeps its own order, and another path writes whole values beside it"
    if handoff.pulled and path.covers is None and (asks is None or asks):
        asks = (Ask("path", path.id, "schedule.covers"), *(asks or ()))
    if asks == ():
        return held(slug, premise, because, path)
    return Claim(
        slug,
        premise,
        None if asks else False,
        because,
        path,
        f"an older value sent by {path.id} {'may' if asks else 'can'} overwrite a newer one in {feed.case.cell}",
        keys=("guard",) if path.guard is not None else ("order",),
        asks=asks or (),
        healed_by_next_run=handoff.pulled and path.covers == "full",
    )


def order_of(path: WritePath) -> tuple[tuple[Ask, ...] | None, str]:
    """Whether a path's messages keep their order: empty asks yes, None no, else the facts it hangs on; and why."""
    if path.order in {"per_key", "total"}:
        letters = path.dead_letter
        if path.delivery in {"exactly_once_effect", "at_most_once"} or letters == "none":
            return (), "messages keep their order"
        if path.retry not in {None, "none"} and getattr(path.retry, "max_attempts", None) == "unlimited":
            return (), "messages keep their order and a failed one blocks those behind it"
        if letters is None:
            return (Ask("path", path.id, "dead_letter"),), "nobody has said whether failed messages are replayed late"
        if letters.replay == "none":
            return (), "messages keep their order"
        if letters.replay is None:
            return (Ask("path", path.id, "dead_letter.replay"),), "nobody has said whether dead letters are replayed"
        return None, "a replayed dead letter comes out of order"
    asks = tuple(Ask("path", path.id, fact) for fact in ("guard", "order") if getattr(path, fact) is None)
    if asks:
        return asks, "nobody has said whether order is kept or an older value refused"
    return None, "messages may overtake each other and nothing refuses an older value"


def _by_event_time(feed: Feed) -> Answer:
    slug, premise, path = "reordered-state", "TB2", feed.path
    orders = [in_event_order(cell, feed.case.survey) for cell in feed.reads]
    if all(orders):
        return held(slug, premise, "guarded by event time, and its source applies events in their order", path)
    vague = False not in orders
    return Claim(
        slug,
        premise,
        None if vague else False,
        "event times do not grow in the order in which the source applied the changes",
        path,
        f"{path.id} refuses by event time, but {path.source} does not apply events in that order",
        keys=("guard",),
        asks=(Ask("path", path.id, "order"),) if vague else (),
    )


def in_event_order(cell: Cell, survey: Survey) -> bool | None:
    """Whether a cell applies changes in the order in which they happened."""
    case = survey.case(cell)
    if case.all_feeds or case.corrections:
        return False
    if not case.deltas:
        return True
    if case.own or len(case.deltas) > 1:
        return False
    (path,) = case.deltas.values()
    if survey.handoff(path).one_step:
        return True
    asks, _ = order_of(path)
    origins = {name for journey in case.journeys for name in journey.start.alike}
    if asks is None or origins != {path.source}:
        return False
    return True if asks == () else None


def _other_feeds(feed: Feed) -> bool:
    """Whether another path writes whole values into the cell, in an order of its own."""
    lane = feed.path.lane.name if feed.path.lane is not None else None
    return any(
        other.path is not feed.path and (lane is None or other.path.lane is None or other.path.lane.name != lane)
        for other in feed.case.feeds
    )


def _others(feed: Feed) -> bool:
    """Whether anything besides this path writes the cell."""
    case: Case = feed.case
    return case.others_than(feed.path)
