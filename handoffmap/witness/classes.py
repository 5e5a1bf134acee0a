"""**Item classes**: where paths or systems cover some items only, each class has a slice of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Cell, Topology

__all__ = ["per_item_class"]


def per_item_class(topology: Topology, cell: Cell) -> Iterator[Topology]:
    """The topology as one item of each class sees it: each class that is named, and the items of none."""
    words = {word for path in topology.write_paths.values() for word in path.items or ()}
    words |= {word for system in topology.systems.values() for word in system.items or ()}
    if not words:
        yield topology
        return
    for word in ("", *sorted(words)):
        covered = topology.systems[cell.system].items
        if covered is None or word in covered:
            yield _seen_by(topology, word)


def _seen_by(topology: Topology, word: str) -> Topology:
    paths = {name: path for name, path in topology.write_paths.items() if path.items is None or word in path.items}
    there = {name for name, system in topology.systems.items() if system.items is None or word in system.items}
    paths = {name: path for name, path in paths.items() if {path.source, path.target} <= there}
    events = {
        name: event._replace(origins=tuple(origin for origin in event.origins if origin.system in there))
        for name, event in topology.events.items()
    }
    return topology._replace(write_paths=paths, events=events)
