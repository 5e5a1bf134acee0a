"""What a correction brings **ahead** of the paths into a cell, and they never bring: feeds -> ahead -> conflict.

A relay is never shown a value that a run did not find, that was overtaken, or that was read again when it landed. It
has nothing to send on then, and what a correction has brought meanwhile stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask
from handoffmap.premises.firing import comes_back
from handoffmap.premises.ordering import order_of

if TYPE_CHECKING:
    from handoffmap.model import Cell
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.survey import Survey

__all__ = ["runs_ahead"]

FAR = 40
"""Cells upstream of a cell that are looked at."""


def runs_ahead(case: Case, source: Cell | None) -> tuple[Ask, ...] | None:
    """The facts on which it hangs whether a correction may bring what no path does; empty: it may, None: it does not.

    That takes a number that comes back: a path that is told of the change sends it, whatever the cell shows.
    """
    if source is None or not case.feeds:
        return None
    shown = _upstream(source, case.survey)
    asks: dict[Ask, None] = {}
    for feed in case.feeds:
        unsaid = _waits_for_changes(feed)
        hidden = _hidden_from(feed, shown) if unsaid is not None else None
        if unsaid is None or hidden is None:
            return None
        asks.update(dict.fromkeys((*unsaid, *hidden)))
    return tuple(asks)


def _upstream(source: Cell, survey: Survey) -> set[Cell]:
    """A cell and those that it is fed from: what they are not shown it does not show."""
    found = {source}
    todo = [source] if source in survey.graph.cells else []
    while todo and len(found) <= FAR:
        new = {cell for feed in survey.case(todo.pop()).all_feeds for cell in feed.reads} - found
        found |= new
        todo.extend(sorted(new))
    return found


def _waits_for_changes(feed: Feed) -> tuple[Ask, ...] | None:
    """The facts on which it hangs whether a feed sends nothing as long as its source stays as it is; None: it does."""
    path = feed.path
    if path.fires_on == "write" or not comes_back(feed):
        return None
    if path.trigger is None:
        return (Ask("path", path.id, "trigger"),)
    if not feed.handoff.pulled or path.covers == "changed_only":
        return ()
    return (Ask("path", path.id, "schedule.covers"),) if path.covers is None else None


def _hidden_from(feed: Feed, shown: set[Cell]) -> tuple[Ask, ...] | None:
    """The facts on which it hangs whether what a feed reads may miss a value that the cells `shown` it have had."""
    survey = feed.case.survey
    seen = {feed.case.cell, *shown}
    todo = [cell for cell in feed.reads if cell in survey.graph.cells and cell not in seen]
    asks: dict[Ask, None] = {}
    while todo and len(seen) <= FAR:
        here = todo.pop()
        seen.add(here)
        for above in survey.case(here).all_feeds:
            unsaid = _passes_over(above)
            if unsaid == ():
                return ()
            asks.update(dict.fromkeys(unsaid or ()))
            todo.extend(cell for cell in above.reads if cell not in seen)
    return tuple(asks) or None


def _passes_over(feed: Feed) -> tuple[Ask, ...] | None:
    """The facts on which it hangs whether a value of a feed's source may never be shown by the cell that it feeds."""
    path = feed.path
    if feed.handoff.one_step:
        return None
    if feed.handoff.pulled or path.payload == "notify_then_fetch":
        return ()
    asks, _ = order_of(path._replace(guard="none"))  # what has been overtaken is refused, or is wrong there anyway
    return () if asks is None else asks or None
