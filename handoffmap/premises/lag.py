"""How late a cell hears of an event, in seconds: the latencies and intervals along its longest way.

A sum over the walk: `latency` of each hop, and `every` of each hop that runs by the clock (an event may have to wait
for the whole interval). None where one of them is not stated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.upstream import any_upstream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.model import Cell
    from handoffmap.premises.cells import Case, Handoff
    from handoffmap.premises.survey import Survey
    from handoffmap.vocabulary import Seconds

__all__ = ["at_least", "hop", "lag_of", "reads_late", "window_of"]


def hop(handoff: Handoff) -> Seconds | None:
    """Seconds from a change at the source to its arrival at the target, at the latest."""
    if handoff.one_step:
        return 0
    path = handoff.path
    if path.latency is None or path.trigger is None:
        return None
    if not handoff.pulled:
        return path.latency
    return None if path.every is None else path.latency + path.every


def lag_of(case: Case) -> Seconds | None:
    """The longest way of any event into a cell; 0 where everything happens in place, None where a hop is not stated."""
    lags = case.survey.lags
    if case.cell in lags:
        return lags[case.cell]
    lags[case.cell] = None  # what leads back to itself has no longest way
    lags[case.cell] = found = _longest(case)
    return found


def _longest(case: Case) -> Seconds | None:
    longest: Seconds = 0
    if case.unclear:
        return None
    for path in case.deltas.values():
        before = stream_lag(path.source, case.carried[path.id], case.survey, frozenset({case.cell.system}))
        step = hop(case.survey.handoff(path))
        if before is None or step is None:
            return None
        longest = max(longest, before + step)
    for feed in case.feeds:
        step = hop(feed.handoff)
        for cell in feed.reads or (None,):
            before = lag_of(case.survey.case(cell)) if cell is not None else 0
            if before is None or step is None:
                return None
            longest = max(longest, before + step)
    for cell in case.bases:
        before = lag_of(case.survey.case(cell))
        if before is None:
            return None
        longest = max(longest, before)
    return longest


def stream_lag(system: str, events: tuple[str, ...], survey: Survey, seen: frozenset[str]) -> Seconds | None:
    """The longest way of these events into a system by delta paths; 0 where they start there.

    Worked out once for each system: a way that comes round again is cut where it does, which is the same place
    every time, since systems and paths are gone through by name.
    """
    key = (system, events)
    if key in survey.stream_lags:
        return survey.stream_lags[key]
    survey.stream_lags[key] = 0
    longest: Seconds = 0
    wanted = set(events)
    if len(seen) <= 64:  # longer ways than anybody draws
        for path in survey.graph.paths_into(system):
            if path.source in seen or survey.handoff(path).flow != "delta" or not wanted & set(path.events or ()):
                continue
            before = stream_lag(path.source, events, survey, seen | {system})
            step = hop(survey.handoff(path))
            if before is None or step is None:
                survey.stream_lags[key] = None
                return None
            longest = max(longest, before + step)
    survey.stream_lags[key] = longest
    return longest


def at_least(case: Case) -> Seconds:
    """Seconds that a change is under way to a cell on the last hop alone, as far as that is stated."""
    paths = (*(case.survey.handoff(path) for path in case.deltas.values()), *(feed.handoff for feed in case.feeds))
    return max((step for handoff in paths if (step := hop(handoff)) is not None), default=0)


def window_of(cell: Cell, survey: Survey) -> Seconds | None:
    """The lag of a cell by its name; None for one that is not in the map."""
    return lag_of(survey.case(cell)) if cell in survey.graph.cells else None


def reads_late(cells: Iterable[Cell], survey: Survey, target: Cell) -> bool:
    """Whether any of these cells has itself to wait for a run, so that even a push of it may bring an older value.

    Not for one that the `target` of that push has waited for: what comes from there is no news to it.
    """
    late = any_upstream(
        cells,
        lambda cell: any(feed.handoff.pulled for feed in survey.case(cell).all_feeds),
        lambda cell: (read for feed in survey.case(cell).all_feeds for read in feed.reads if read != target),
    )
    return bool(late)
