"""Whether a value can **know of an event before its amount has come** to the cell, or come late without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask
from handoffmap.premises.graph import one_step

if TYPE_CHECKING:
    from handoffmap.model import WritePath
    from handoffmap.premises.cells import Case, Feed, Journey

__all__ = ["hears_by_the_bases", "hears_by_the_cell", "refused_behind"]


def hears_by_the_bases(feed: Feed) -> bool:
    """Whether the source of what is written to a computed cell hears of amounts only after the bases have them."""
    bases = [feed.case.survey.case(base) for base in feed.case.bases]
    return all(hears_by_the_cell(feed, delta, base) for base in bases for delta in base.deltas.values())


def hears_by_the_cell(feed: Feed, delta: WritePath, cell: Case | None = None) -> bool:
    """Whether the source hears of the delta's events only after the cell has them, so that compare-and-set waits.

    What it never hears of is told at the source. `cell`: the one that the delta brings amounts to, if not the feed's.
    """
    if delta.source == feed.path.source and feed.case.survey.handoff(delta).one_step:
        return True  # the cell has them in the same step
    for journey in (cell or feed.case).journeys:
        if not any(arrival.path is delta for arrival in journey.arrivals):
            continue
        landing = journey.everywhere.get(feed.path.source)
        lasts = [path for path in landing.heard if path is not None] if landing is not None else []
        if landing is not None and (None in landing.heard or any(path.source != delta.target for path in lasts)):
            return False
        if not lasts and _learns_by_itself(feed, journey):
            return False
    return True


def _learns_by_itself(feed: Feed, journey: Journey) -> bool:
    """Whether an event gets into what a feed reads within a value, and not by way of the cell that it writes."""
    survey, cell = feed.case.survey, feed.case.cell
    return any(survey.reaches(journey.event, journey.start.origin.system, read, cell) for read in feed.reads)


def refused_behind(value: WritePath, amount: WritePath) -> tuple[Ask, ...] | None:
    """Whether a whole value that was read before an amount of its source's own step is refused behind that.

    The facts on which it hangs; empty: it is, None: it is not.
    """
    if value.source != amount.source or not one_step(amount):
        return None
    if not any(amount.guard in {None, own} and value.guard in {None, *others} for own, others in _ONE_STAMP.items()):
        return None
    return tuple(Ask("path", each.id, "guard") for each in (value, amount) if each.guard is None)


_ONE_STAMP = {"version": ("version", "state_machine"), "event_time": ("event_time",)}
"""Guard of an amount -> guards of whole values that go by the same stamp."""
