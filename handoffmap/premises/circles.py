"""Which cells hand their values round in a circle: cases -> **circles** -> reach, loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.graph import cycles

if TYPE_CHECKING:
    from handoffmap.model import Cell
    from handoffmap.premises.survey import Survey

__all__ = ["closed_circles", "loops_on"]


def loops_on(survey: Survey) -> dict[Cell, tuple[Cell, ...]]:
    """Cell -> the loop of state writes that it lies on, for every cell on one."""
    if survey.loops is None:
        # Hardly any map has a loop: only where one is drawn are feeds looked at before their cells are judged.
        drawn = sorted(cell for part in cycles(survey.graph.drawn_reads()) for cell in part)
        edges = {
            case.cell: tuple(cell for feed in case.feeds if not survey.is_stopped(feed) for cell in feed.reads)
            for case in map(survey.case, drawn)
        }
        survey.loops = {cell: tuple(loop) for loop in cycles(edges) for cell in loop}
    return survey.loops


def closed_circles(survey: Survey) -> frozenset[Cell]:
    """The cells on loops into which no whole value comes from outside."""
    if survey.closed is None:
        survey.closed = frozenset(
            cell
            for loop in map(frozenset, set(loops_on(survey).values()))
            if not any(loop.isdisjoint(feed.reads) for each in loop for feed in survey.case(each).feeds)
            for cell in loop
        )
    return survey.closed
