"""Whether a system **hears of events in the order in which they happened**, so that their times grow as it sends on."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from handoffmap.premises.graph import one_step
from handoffmap.premises.ordering import order_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from handoffmap.model import WritePath
    from handoffmap.premises.claim import Ask
    from handoffmap.premises.graph import WritePathGraph

__all__ = ["hears_before", "hears_in_order"]

_FAR = 8
"""Hops that are followed back."""


def hears_in_order(path: WritePath, graph: WritePathGraph, hops: int = _FAR) -> tuple[Ask, ...] | None:
    """Whether the source of a path hears of what it sends in order: empty yes, None no, else the facts it hangs on."""
    brought = _first_two(path, graph, path.events or ())
    if not brought:
        return ()
    here = any(event.id in (path.events or ()) for event, _ in graph.origins.get(path.source, ()))
    here = here and (path.fires_for is None or "local" in path.fires_for)
    if here or len(brought) > 1 or not hops:
        return None
    before = brought[0]
    order = () if one_step(before) else order_of(before)[0]
    above = hears_in_order(before, graph, hops - 1)
    return None if order is None or above is None else (*order, *above)


def hears_before(
    path: WritePath, graph: WritePathGraph, earlier: str, later: str, hops: int = _FAR
) -> tuple[Ask, ...] | None:
    """Whether what a path delivers of one event comes before another that happened later: empty yes, None no, or asks.

    What happens at its source is sent at once; what is brought there must not be overtaken on its way.
    """
    order = () if one_step(path) else order_of(path)[0]
    if hops < _FAR and order:  # of amounts on their way a guard keeps no order
        order = tuple(ask for ask in order if ask.fact != "guard") or None
    late = _first_two(path, graph, (earlier,))
    if order is None or not late:
        return order
    here = any(event.id == later for event, _ in graph.origins.get(path.source, ()))
    here = here and (path.fires_for is None or "local" in path.fires_for)
    if here or not hops or any(each is not late[0] for each in _first_two(path, graph, (earlier, later))):
        return None
    above = hears_before(late[0], graph, earlier, later, hops - 1)
    return None if above is None else (*order, *above)


def _first_two(path: WritePath, graph: WritePathGraph, events: Collection[str]) -> list[WritePath]:
    """Two of the paths that bring amounts of events to a path's source, which sends them on; fewer if there are."""
    found: dict[str, WritePath] = {}
    for event in events:
        brought = (each for each in graph.amounts_into(path.source, event) if _sends_on(path, each))
        found.update((each.id, each) for each in islice(brought, 2))
        if len(found) > 1:
            break
    return list(found.values())


def _sends_on(path: WritePath, brought_by: WritePath) -> bool:
    """Whether a path sends on what another brings to its source."""
    if brought_by is path or (path.fires_for is not None and brought_by.id not in path.fires_for):
        return False
    return not path.origin_tag or brought_by.source != path.target
