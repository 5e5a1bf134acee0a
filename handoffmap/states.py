"""In which states a target refuses what a path brings, and which events lead it there: graph -> **states** -> cases.

`accepts_when` and `refused_when` name words of a flag that the target holds. What is refused is not remembered: an
event that has truly happened never counts there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.graph import flow_of
from handoffmap.model import Cell
from handoffmap.vocabulary import ENDS_AN_ORDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from handoffmap.graph import WritePathGraph
    from handoffmap.model import Event, WritePath
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
    """Events of which that is not known, or of which it may be meant (they end what the path brings)."""


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
        if not words and key == "refused_when":
            continue
        certain: list[str] = []
        possible: list[str] = []
        moved = False
        for event in graph.movers.get(flag, ()):
            comes = _comes(event, Cell(path.target, flag), graph)
            if comes is False:
                continue
            moved = True
            refuses = _refuses(event.effects[flag], key, words)
            if refuses is False:
                continue
            if refuses and comes and not _meant(event, path, graph):
                certain.append(event.id)
            else:
                possible.append(event.id)
        # A state that nothing in the map changes is that of the start, which nobody can state.
        if certain or possible or (not moved and key == "accepts_when"):
            yield Refusal(key, on_path, flag, tuple(certain), tuple(possible))


def _refuses(effect: Effect, key: str, words: tuple[str, ...]) -> bool | None:
    """Whether a message is refused once an event has done this to the flag; None: it sets no word."""
    if effect.kind != "flag":
        return None
    return (effect.word in words) == (key == "refused_when")


def _meant(event: Event, path: WritePath, graph: WritePathGraph) -> bool:
    """Whether the refusal can be the guard at work: the event is one that the path brings, or ends or undoes one."""
    brought = path.events or ()
    if event.id in brought or event.undoes in brought:
        return True
    if event.id in ENDS_AN_ORDER and "order_captured" in brought:
        return True
    known = graph.topology.events
    return any(known[name].undoes == event.id for name in brought if name in known)


def _comes(event: Event, flag: Cell, graph: WritePathGraph) -> bool | None:
    """Whether an event sets the flag of this very system: where it happens, or one path on; None: further away."""
    if _applied(event, flag, graph):
        return True
    vague = False
    for write in graph.writers_of(flag):
        path = write.path
        if flow_of(path) == "delta":
            sure = event.id in (path.events or ()) and any(origin.system == path.source for origin in event.origins)
        else:
            listed = path.events is None or event.id in path.events
            sure = listed and _applied(event, Cell(path.source, write.left), graph)
        if sure:
            return True
        vague = True
    return None if vague or graph.unclear_paths_into(flag.system) else False


def _applied(event: Event, cell: Cell, graph: WritePathGraph) -> bool:
    """Whether an event happens in a cell's system and is applied to it there."""
    return cell in graph.cells and any(
        origin.system == cell.system and (origin.applies is None or cell.quantity in origin.applies)
        for origin in event.origins
    )
