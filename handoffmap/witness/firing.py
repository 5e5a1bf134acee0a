"""Which path **fires which**: the static order of causes in a slice, and where it comes back to itself."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from handoffmap.model import Cell, Dedupe
from handoffmap.vocabulary import ADDING, PULLED
from handoffmap.witness.promises import puts_back, recognises
from handoffmap.witness.slices import carries, landing, reports

if TYPE_CHECKING:
    from handoffmap.model import Topology, WritePath
    from handoffmap.witness.slices import Upstream

__all__ = ["Firing"]


class Firing:
    """Path -> paths that an arrival or a change brought by it may set off."""

    def __init__(self, topology: Topology, up: Upstream) -> None:
        self.topology = topology
        self.paths = {path.id: path for path in up.paths}

    @cached_property
    def after(self) -> dict[str, list[str]]:
        """Path -> paths that it may set off."""
        paths = self.paths.values()
        leaving: dict[str, list[WritePath]] = {}
        for path in paths:
            leaving.setdefault(path.source, []).append(path)
        return {
            path.id: [other.id for other in leaving.get(path.target, ()) if self._fires(path, other)] for path in paths
        }

    def _fires(self, path: WritePath, other: WritePath) -> bool:
        if path.target != other.source or (path.id == other.id and path.source == path.target) or puts_back(other):
            return False
        if reports(other):
            return self._writes_what_is_read(path, other)
        if reports(path):  # it brings a change and no event
            return carries(other) == "state" and other.events is None and self._writes_what_is_read(path, other)
        shared = path.events is None or other.events is None or bool(set(path.events) & set(other.events))
        if carries(other) == "delta" or (carries(other) == "state" and other.events is not None):
            return carries(path) != "state" and shared
        return self._writes_what_is_read(path, other) or (
            carries(other) is None and carries(path) != "state" and shared
        )

    def _writes_what_is_read(self, path: WritePath, other: WritePath) -> bool:
        if path.maps is None or other.maps is None:
            return True
        written = {
            landing(self.topology, path.target, mapping.to)[0]
            for mapping in path.maps.values()
            if mapping is not None and mapping.to is not None
        }
        read = set()
        for left, mapping in other.maps.items():
            terms = () if mapping is None else (*mapping.plus, *mapping.minus)
            for cell in (Cell(other.source, left), *(Cell(t.system or other.source, t.quantity) for t in terms)):
                read.add(cell)
                read.add(landing(self.topology, *cell)[0])
        return bool(written & read)

    def comes_twice(self, path: WritePath) -> bool:
        """Whether one instance may come to this path in more than one way, so that a ledger decides which counts."""
        if self.on_circle(path):
            return True
        ways = [
            name for name, others in self.after.items() if path.id in others and carries(self.paths[name]) != "state"
        ]
        listed = set(path.events if path.events is not None else self.topology.events)
        for event in listed & set(self.topology.events):
            here = any(origin.system == path.source for origin in self.topology.events[event].origins)
            brought = sum(other is None or event in other for other in (self.paths[name].events for name in ways))
            if brought + here > 1:
                return True
        return False

    def runs_away(self, *, doubtful: bool = False) -> bool:
        """Whether messages could go round for ever; `doubtful`: under any answer to how paths deliver.

        They cannot where every circle holds a path that lets each chain through a bounded number of times: one that
        waits for a run, one whose ledger knows the instance (there are few, and one key at most is forgotten), or
        one with a tag (a chain that has gone round once has been everywhere on it).
        """
        loose = _in_the_round([path for path in self.paths.values() if not _bounded(path, doubtful=doubtful)])
        inner = {path.id: [other.id for other in loose if self._fires(path, other)] for path in loose}
        return any(self._reaches_itself(name, inner) for name in sorted(inner))

    def diverges(self) -> bool:
        """Whether messages could go round for ever, or runs add whole values again: under any answer."""
        adding = [path for path in self.paths.values() if path.op in ADDING and carries(path) == "state"]
        return any(path.trigger in PULLED for path in adding) or self.runs_away(doubtful=True)

    def on_circle(self, path: WritePath) -> bool:
        """Whether this path may set itself off in the end."""
        return self._reaches_itself(path.id, self.after)

    def _reaches_itself(self, start: str, after: dict[str, list[str]]) -> bool:
        seen: set[str] = set()
        todo = list(after[start])
        while todo:
            name = todo.pop()
            if name == start:
                return True
            if name not in seen:
                seen.add(name)
                todo.extend(after[name])
        return False


def _in_the_round(paths: list[WritePath]) -> list[WritePath]:
    """Paths before which and behind which there is another, again and again: all that a circle could be made of."""
    while True:
        sources, targets = {path.source for path in paths}, {path.target for path in paths}
        kept = [path for path in paths if path.target in sources and path.source in targets]
        if len(kept) == len(paths):
            return kept
        paths = kept


def _bounded(path: WritePath, *, doubtful: bool) -> bool:
    if path.origin_tag is True:
        return True
    if carries(path) == "state":
        return path.trigger in PULLED
    if reports(path) or not isinstance(path.dedupe, Dedupe):
        return False
    return recognises(path) is True if doubtful else recognises(path) is not False
