"""A run that shows **one cause** and no other: the slice with the faults of everything else held back.

A cell with several defects has one shortest run, and that shows one of them. Here only faults of one kind may happen,
on one path, and only the events that are touched: what still goes wrong is that defect's own story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from handoffmap.witness.classes import per_item_class
from handoffmap.witness.compiling import compile_slice
from handoffmap.witness.proof import answered_kindly, needs_floor
from handoffmap.witness.search import RANK, search
from handoffmap.witness.telling import faults_of, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Cell, Topology
    from handoffmap.witness.search import Found
    from handoffmap.witness.tables import PathSpec, Slice
    from handoffmap.witness.telling import Run

__all__ = ["FaultKind", "run_of_cause"]

FaultKind = Literal["repeat", "lose", "crash"]
"""What may go wrong on the way: a message that comes again, one that is lost, a crash before it is handed over."""

_SEEN_AS: dict[FaultKind, frozenset[str]] = {
    "repeat": frozenset({"repeat", "forget", "replay_late"}),
    "lose": frozenset({"lose", "replay_late"}),
    "crash": frozenset({"crash"}),
}


def run_of_cause(
    topology: Topology,
    cell: Cell,
    *,
    events: frozenset[str],
    path: str | None,
    fault: FaultKind | None,
    cap: int = 4_000,
) -> Run | None:
    """The shortest run that makes a cell drift by one cause; None where there is none within `cap` states.

    `events`: those that may happen (empty: all). `fault` on `path`: the only fault that may; None: none may, so that
    what goes wrong goes wrong by itself. A run that passes the path by shows something else and is not given.
    """
    best: Found | None = None
    stated = answered_kindly(_with_events(topology, events), cell)
    for seen in per_item_class(stated, cell):
        for tables in _starts(seen, cell):
            found = search(_held_back(tables, path, fault), cap)
            if found.drift is None or not _shows(found, path, fault):
                continue
            if best is None or RANK[found.drift] > RANK[best.drift]:
                best = found
    return told(best) if best is not None else None


def _starts(topology: Topology, cell: Cell) -> Iterator[Slice]:
    tables = compile_slice(topology, cell, floor=False)
    yield tables
    if needs_floor(tables):
        yield compile_slice(topology, cell, floor=True)


def _with_events(topology: Topology, events: frozenset[str]) -> Topology:
    """The map in which these happen alone, with what they undo."""
    if not events:
        return topology
    undone = {topology.events[name].undoes for name in events if name in topology.events}
    return topology._replace(
        events={name: event for name, event in topology.events.items() if name in events or name in undone}
    )


def _held_back(tables: Slice, path: str | None, fault: FaultKind | None) -> Slice:
    return tables._replace(paths=tuple(_calm(each, fault if each.id == path else None) for each in tables.paths))


def _calm(path: PathSpec, fault: FaultKind | None) -> PathSpec:
    return path._replace(
        can_repeat=path.can_repeat and fault == "repeat",
        forgets=path.forgets and fault == "repeat",
        can_lose=path.can_lose and fault == "lose",
        can_park=path.can_park and fault in {"lose", "repeat"},
        can_crash=path.can_crash and fault == "crash",
    )


def _shows(found: Found, path: str | None, fault: FaultKind | None) -> bool:
    """Whether a run needs the fault that is asked about."""
    if fault is None or path is None:
        return True
    return any(kind in _SEEN_AS[fault] and who == path for kind, who in faults_of(found))
