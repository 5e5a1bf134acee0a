"""Which changes of its source a path of values **sends on**: cases -> **firing** -> silence, conflict, verdicts."""

from __future__ import annotations

from math import copysign
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.model import WritePath
    from handoffmap.premises.cells import Feed

__all__ = ["comes_back", "finds_it_there", "fires_on_every_change", "holds_back", "sends_each"]


def fires_on_every_change(feed: Feed) -> bool:
    """Whether a state path sends something after each change of what it reads."""
    path = feed.path
    if holds_back(feed):
        return feed.handoff.pulled and path.covers == "full"
    if feed.handoff.pulled:
        return path.covers == "full" or path.events is None or _hears_of_each(feed)
    return path.trigger is not None and feed.handoff.flow == "state" and (path.events is None or _hears_of_each(feed))


def _hears_of_each(feed: Feed) -> bool:
    """Whether all that changes what a path reads comes there as an event that it lists."""
    listed_ = set(feed.path.events or ())
    for cell in feed.reads:
        case = feed.case.survey.case(cell)
        if case.written_by:
            return False
        if any(event.id not in listed_ for event in case.graph.movers.get(cell.quantity, ())):
            return False
    return bool(feed.reads)


def holds_back(feed: Feed) -> bool:
    """Whether a filter keeps a path from sending something that changes its source."""
    path = feed.path
    if path.only or (path.except_ and not feed.case.survey.comes_by_runs(feed)):
        return True
    return path.fires_for is not None and not _only_by_these(feed)


def _only_by_these(feed: Feed) -> bool:
    """Whether `fires_for` names all that ever changes the source."""
    allowed = set(feed.path.fires_for or ())
    read = [feed.case.survey.case(cell) for cell in feed.reads]
    for case in (*read, *(each.survey.case(base) for each in read for base in each.bases)):
        came_by = {feed.path.id for feed in case.feeds} | set(case.deltas)
        if ((case.own or case.corrections) and "local" not in allowed) or came_by - allowed:
            return False
    return True


def comes_back(feed: Feed) -> bool:
    """Whether what a feed reads may show the same number twice: not where all that moves it goes one way."""
    kinds = {
        copysign(1, effect.amount) if effect.kind == "fixed" else None
        for event in feed.case.survey.movers_of(sorted({cell.quantity for cell in feed.reads}))
        for cell in feed.reads
        if (effect := event.effects.get(cell.quantity)) is not None
    }
    return len(kinds) > 1 or None in kinds


def finds_it_there(feed: Feed) -> bool:
    """Whether a value that is read when it lands is there already: every amount has come in the source's own step."""
    case, path = feed.case, feed.path
    if not (path.payload == "notify_then_fetch" or feed.handoff.one_step) or case.own or not case.is_brought_all:
        return False
    if not all(each.source == path.source and case.survey.handoff(each).one_step for each in case.deltas.values()):
        return False
    read = [case.survey.case(cell) for cell in feed.reads]
    return bool(case.deltas) and not any(each.written_by for each in read)


def sends_each(path: WritePath) -> bool:
    """Whether nothing keeps a path from sending any change of what it reads."""
    filtered = path.events is not None or path.only or path.except_ or path.fires_for is not None
    return path.trigger is not None and not filtered
