"""Values that have been **where they are sent to**: a tag keeps all of them from going there again.

A chain of causes begins with an event, with a run or with a correction, and a tag knows every system on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.model import Cell, Control
    from handoffmap.premises.cells import Case, Feed

__all__ = ["all_repeat"]

FAR = 40
"""Cells upstream that are looked at."""


def all_repeat(feed: Feed) -> bool:
    """Whether every change of what a state path reads has come from its target, or by way of it."""
    target = feed.case.cell.system
    survey = feed.case.survey
    todo, seen = list(feed.reads), set(feed.reads)
    while todo:
        before = _before(survey.case(todo.pop()), target)
        if before is None or len(seen) > FAR:
            return False
        new = [cell for cell in before if cell not in seen]
        seen.update(new)
        todo.extend(new)
    return bool(feed.reads)


def _before(case: Case, target: str) -> list[Cell] | None:
    """The cells whose changes have to come by way of a system if all of one cell's are to; None: not all of them do."""
    survey, graph = case.survey, case.graph
    feeds, deltas = case.all_feeds, case.deltas
    if case.own or not survey.topology.complete:
        return None
    unsure = (*case.unclear, *(write.path for write in graph.writers_of(case.cell)))
    if any(path.source != target and survey.handoff(path).flow is None for path in unsure):
        return None
    if not all(_is_run_of(control, target) for control in case.corrections):
        return None
    events = survey.topology.events
    for name, path in deltas.items():
        if path.source != target and not all(
            survey.arrivals.only_from(events[event], target, path.source) for event in case.carried[name]
        ):
            return None
    others = [other for other in feeds if other.path.source != target]
    if any(other.handoff.pulled or other.path.trigger is None or other.path.events is not None for other in others):
        return None
    return [*case.bases, *(cell for other in others for cell in other.reads)]


def _is_run_of(control: Control, target: str) -> bool:
    """Whether a correction is between a system and another one, and so known to every tag of the former."""
    return any(cell is not None and cell.system == target for cell in (control.authority, control.mirror))
