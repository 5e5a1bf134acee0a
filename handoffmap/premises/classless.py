"""Changes of **no class**: what a run or a correction writes belongs to no instance, and no `only` lets it through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.model import Cell
    from handoffmap.premises.cells import Feed
    from handoffmap.premises.survey import Survey

__all__ = ["lets_nothing_through"]

FAR = 40
"""Cells upstream that are looked at."""


def lets_nothing_through(feed: Feed, survey: Survey) -> bool:
    """Whether a push for one class of instances waits for changes that runs and corrections alone make."""
    if not feed.path.only or not feed.handoff.pushed or feed.path.events is not None or not feed.reads:
        return False
    todo, seen = list(feed.reads), set(feed.reads)
    while todo and len(seen) <= FAR:
        case = survey.case(todo.pop())
        if case.own or case.deltas or case.rewriters or case.unclear:
            return False
        pushed = [other for other in case.all_feeds if not other.handoff.pulled]
        if any(other.path.events is not None or not other.reads for other in pushed):
            return False
        read: list[Cell] = [*case.bases, *(cell for other in pushed for cell in other.reads)]
        new = [cell for cell in dict.fromkeys(read) if cell not in seen]
        seen.update(new)
        todo.extend(new)
    return not todo
