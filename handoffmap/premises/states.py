"""In which states a target refuses what a path brings, and which events lead it there: graph -> **states** -> cases.

`accepts_when` and `refused_when` name words of a flag that the target holds. What is refused is not remembered: an
event that has truly happened never counts there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.model import Cell
from handoffmap.premises.graph import flow_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from handoffmap.model import Event, WritePath
    from handoffmap.premises.graph import WritePathGraph
    from handoffmap.vocabulary import Effect

__all__ = ["Refusal", "refusals_of"]


class Refusal(NamedTuple):
    """One flag of a target whose state decides whether a message is applied."""

    key: str
    """`accepts_when` or `refused_when`."""
    on_path: bool
    """Whether the path states it; else its target does."""
    flag: str
    """The quantity that holds the state."""
    certain: tuple[str, ...]
    """Events that certainly bring the target into a state in which what truly happens is refused."""
    possible: tuple[str, ...]
    """Events of which that is not known."""


def refusals_of(path: WritePath, graph: WritePathGraph) -> tuple[Refusal, ...]:
    """The flags by which a path's messages can be refused; those that never come into such a state are left out."""
    target = graph.systems[path.target]
    found: list[Refusal] = []
    for on_path, key, states in (
        (True, "accepts_when", path.accepts_when),
        (True, "refused_when", path.refused_when),
        (False, "accepts_when", target.accepts_when),
        (False, "refused_when", target.refused_when),
    ):
        if states:
            found.extend(_by_flags(path, graph, key, states, on_path=on_path))
    return tuple(found)


def _by_flags(
    path: WritePath, graph: WritePathGraph, key: str, states: Mapping[str, tuple[str, ...]], *, on_path: bool
) -> Iterator[Refusal]:
    for flag, words in sorted(states.items()):
        certain: list[str] = []
        possible: list[str] = []
        for event in graph.movers.get(flag, ()):
            comes = _comes(event, Cell(path.target, flag), graph)
            if comes is False:
                continue
            if not _refuses(event.effects[flag], key, words):
                continue
            if comes:
                certain.append(event.id)
            else:
                possible.append(event.id)
        if certain or possible:  # things begin in a state that is accepted
            yield Refusal(key, on_path, flag, tuple(certain), tuple(possible))


def _refuses(effect: Effect, key: str, words: tuple[str, ...]) -> bool:
    """Whether a message is refused once an event has set the flag to its word; raising and lowering sets none."""
    return effect.kind == "flag" and (effect.word in words) == (key == "refused_when")


def _comes(event: Event, flag: Cell, graph: WritePathGraph) -> bool | None:
    """Whether an event sets the flag of this very system, where it happens or by paths; None: it is not stated."""
    vague = False
    waiting = [flag]
    for cell in waiting:  # grows while it is gone through: each cell that the state comes from once
        if _applied(event, cell):
            return True
        vague |= bool(graph.unclear_paths_into(cell.system))
        for write in graph.writers_of(cell):
            path, flow, source = write.path, flow_of(write.path), Cell(write.path.source, write.left)
            if flow == "kept" or (path.events is not None and event.id not in path.events):
                continue
            if path.fires_for is not None or flow is None or (flow == "delta" and path.events is None):
                vague = True
            elif flow == "delta":
                if _heard(event, path.source, graph):
                    return True
            elif source not in waiting:
                waiting.append(source)
    return None if vague else False


def _applied(event: Event, cell: Cell) -> bool:
    """Whether an event happens in a cell's system and is applied to it there."""
    return any(
        origin.system == cell.system and (origin.applies is None or cell.quantity in origin.applies)
        for origin in event.origins
    )


def _heard(event: Event, system: str, graph: WritePathGraph) -> bool:
    """Whether an event happens in a system, or is brought there by paths that list it."""
    origins = {origin.system for origin in event.origins}
    waiting = [system]
    for name in waiting:
        if name in origins:
            return True
        waiting.extend(
            source
            for source in dict.fromkeys(
                path.source
                for path in graph.paths_into(name)
                if event.id in (path.events or ()) and flow_of(path) == "delta"
            )
            if source not in waiting
        )
    return False
