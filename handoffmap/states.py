"""In which states a target refuses what a path brings, and which events lead it there: graph -> **states** -> cases.

`accepts_when` and `refused_when` name words of a flag that the target holds. What is refused is not remembered: an
event that has truly happened never counts there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.graph import flow_of
from handoffmap.model import Cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from handoffmap.graph import WritePathGraph
    from handoffmap.model import Event, WritePath
    from handoffmap.vocabulary import Effect

__all__ = ["Refusal", "refusals_of"]


FAR = 8
"""Systems that the news of a state is followed through; nobody passes it on through more."""


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
        if not words and key == "refused_when":
            continue
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


def _comes(event: Event, flag: Cell, graph: WritePathGraph, seen: frozenset[Cell] = frozenset()) -> bool | None:
    """Whether an event sets the flag of this very system, where it happens or by paths; None: it is not stated."""
    if flag not in graph.cells or flag in seen or len(seen) > FAR:
        return False
    if any(
        origin.system == flag.system and (origin.applies is None or flag.quantity in origin.applies)
        for origin in event.origins
    ):
        return True
    answers: list[bool | None] = []
    for write in graph.writers_of(flag):
        path, flow = write.path, flow_of(write.path)
        if path.fires_for is not None or flow is None:
            answers.append(None)
        elif path.events is not None and event.id not in path.events:
            continue
        elif flow == "state":
            answers.append(_comes(event, Cell(path.source, write.left), graph, seen | {flag}))
        else:
            answers.append(None if path.events is None else _heard(event, path.source, graph, frozenset()))
    if True in answers:
        return True
    return None if None in answers or graph.unclear_paths_into(flag.system) else False


def _heard(event: Event, system: str, graph: WritePathGraph, seen: frozenset[str]) -> bool:
    """Whether an event happens in a system, or is brought there by paths that list it."""
    if any(origin.system == system for origin in event.origins):
        return True
    if len(seen) > FAR:
        return False
    return any(
        path.source not in seen
        and event.id in (path.events or ())
        and flow_of(path) == "delta"
        and _heard(event, path.source, graph, seen | {system})
        for path in graph.paths_into(system)
    )
