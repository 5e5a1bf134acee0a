"""What becomes of a cell's own events that its source writes over: cases -> **round trips** -> conflict.

They happen at the cell, come to the source, and from there back to the cell within the next value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.arrivals import certain, fires_for_step
from handoffmap.premises.ordering import order_of

if TYPE_CHECKING:
    from handoffmap.model import Cell, Event
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Ask

__all__ = ["gone_for_good", "nothing_between", "sent_on", "stated_anew"]


def sent_on(feed: Feed, event: Event) -> bool:
    """Whether an event that has come to the source of a feed is sent on to the cell that it was written over in."""
    for other in feed.case.feeds:
        path = other.path
        if other.reads != feed.reads:
            continue
        if other.handoff.pulled and path.covers != "changed_only":
            return True
        if path.only or path.except_ or (path.events is not None and event.id not in path.events):
            continue
        if path.origin_tag and other.handoff.pushed:
            continue  # it came from here
        if any(_comes_to_nothing(feed.case.survey.case(read), event) for read in feed.reads):
            continue
        landings = feed.case.survey.arrivals.from_origin(event, feed.case.cell.system, path.source)
        if all(fires_for_step(path, landing) for landing in landings):
            return True
    return False


def _comes_to_nothing(source: Case, event: Event) -> bool:
    """Whether a state machine may remember an early undo of an event, or the event's own, so that nothing changes."""
    minding = {
        name: path
        for path in source.deltas.values()
        if path.guard == "state_machine"
        for name in source.carried.get(path.id, ())
    }
    if event.id not in minding:
        return False
    events = source.survey.topology.events
    return any(
        event.id in {name, events[name].undoes} and events[name].undoes in minding
        and not (minding[name] is minding[events[name].undoes or ""] and order_of(minding[name])[0] is not None)
        for name in minding
    )  # fmt: skip


def stated_anew(feed: Feed, event: Event) -> tuple[Ask, ...] | None:
    """The facts on which it hangs whether the number of an event at the cell comes back to it; None: it does not."""
    path = feed.path
    if event.id not in (path.events or ()) or path.origin_tag:
        return None
    asks: dict[Ask, None] = {}
    for landing in feed.case.survey.arrivals.from_origin(event, feed.case.cell.system, path.source):
        if not landing.heard and not landing.maybe_heard:
            return None
        asks.update((ask, None) for _, doubts in landing.maybe_heard if not landing.heard for ask in doubts)
    return tuple(asks)


def gone_for_good(case: Case, source: Cell | None) -> bool:
    """Whether a correction from a source may write over an own event before anybody has read it.

    That is so where the source hears of it by reading the cell, or would be told the old value behind the new one: a
    tag keeps that from it.
    """
    survey = case.survey
    if source is None:
        return False
    direct = [feed for feed in survey.case(source).feeds if case.cell in feed.reads]
    if direct and all(
        feed.handoff.pushed and feed.path.origin_tag and feed.path.payload != "notify_then_fetch" for feed in direct
    ):
        return False
    return any(
        survey.reaches(event, case.cell.system, source)
        and survey.reaches(event, case.cell.system, source, case.cell) is False
        for event, _ in case.own
    )


def nothing_between(feed: Feed, coming: list[Event]) -> bool:
    """Whether no moment lies between an event at the cell and its source's knowing, or between reading and writing."""
    if not (feed.handoff.one_step or (feed.path.payload == "notify_then_fetch" and feed.path.op is not None)):
        return False
    survey, here = feed.case.survey, feed.case.cell.system
    for event in coming:
        for landing in survey.arrivals.from_origin(event, here, feed.path.source):
            for read in feed.reads:
                ways = certain(landing.amounts.get(read.quantity, ()))
                if read.quantity not in event.effects:
                    continue
                if not any(way.path.source == here and survey.handoff(way.path).one_step for way in ways if way.path):
                    return False
    return True
