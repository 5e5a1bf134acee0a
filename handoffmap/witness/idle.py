"""Paths of a slice that **never send anything**: nothing that can happen in it sets them off.

A least fixpoint over what arrives where and which cells may change; what a tag stops is found by another one, of all
that comes about without the system that the tag guards. Filters of classes, guards and ledgers are read as if they
let everything through, so that a path left out here is left out of every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.model import Cell
    from handoffmap.witness.tables import PathSpec, Slice

__all__ = ["copied", "sending"]


def copied(tables: Slice) -> frozenset[Cell]:
    """The stored cells whose numbers get into the cell of a slice, by any path that may send something."""
    live = sending(tables)
    into: dict[int, set[int]] = {}
    for path in tables.paths:
        if path.id not in live:
            continue
        for value in path.values:
            into.setdefault(value.cell, set()).update(cell for cell, _ in value.form.terms)
        watched = {cell for cell, _ in path.watches} | ({path.amount_from} - {-1})
        for change in path.changes:
            into.setdefault(change.cell, set()).update(watched)
    for control in tables.controls:
        into.setdefault(control.cell, set()).update(cell for cell, _ in control.reads.terms)
    found: set[int] = set()
    todo = set(tables.home_cells)
    while todo:
        new = into.get(todo.pop(), set()) - found
        found |= new
        todo |= new
    return frozenset(tables.cells[cell] for cell in found)


def sending(tables: Slice) -> frozenset[str]:
    """The ids of all paths that may send something in some run."""
    kept = tables.paths
    while True:
        found = _set_off(tables, kept)
        silent = {
            path.id
            for path in kept
            if path.id in found
            and path.tagged
            and (path.pushed or path.kind != "state")
            and path.id not in _set_off(tables, kept, path.target, found)
        }
        if not silent:
            return found
        kept = tuple(path for path in kept if path.id not in silent)


def _set_off(
    tables: Slice, paths: tuple[PathSpec, ...], without: int = -1, runs: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The paths that something sets off.

    `without`: something in whose history a system is not; every one of the `runs` that are made begins a new one.
    """
    events = [event for event in tables.events if event.origin != without]
    arrived = {(event.origin, event.id) for event in events}
    local = {cell for event in events for cell, *_ in (*event.applies, *event.sets)}
    local |= {control.cell for control in tables.controls if without not in control.systems}
    changed = set(local)
    written: dict[int, set[int]] = {}
    waiting = [path for path in paths if path.source != without]
    found: set[str] = set()
    while True:
        set_off = [
            path
            for path in waiting
            if _is_set_off(path, arrived, _heeded(path, changed, local, written))
            or (path.id in runs and path.kind == "state" and not path.pushed)
        ]
        if not set_off:
            return frozenset(found)
        for path in set_off:
            found.add(path.id)
            if path.target != without:
                written[path.number] = {value.cell for value in path.values} | {change.cell for change in path.changes}
                changed |= written[path.number]
        # What goes on from a path of amounts may grow after the path itself is known to send.
        arrived |= {each for each in _brought(paths, found, arrived) if each[0] != without}
        waiting = [path for path in waiting if path.id not in found]


def _heeded(path: PathSpec, changed: set[int], local: set[int], written: dict[int, set[int]]) -> set[int]:
    """The changed cells that may set a path off: where it fires for some ways only, those that are written by these."""
    if path.fires_for_local is None:
        return changed
    ways = (written.get(number, set()) for number in path.fires_for_paths)
    return (local if path.fires_for_local else set()).union(*ways)


def _is_set_off(path: PathSpec, arrived: set[tuple[int, str]], changed: set[int]) -> bool:
    listed = path.events is not None and any((path.source, event) in arrived for event in path.events)
    if path.kind != "state":
        return listed or any(cell in changed for cell, _ in path.watches)
    if not path.pushed:
        return path.full or not path.reads.isdisjoint(changed)
    return listed if path.events is not None else not path.reads.isdisjoint(changed)


def _brought(paths: tuple[PathSpec, ...], found: set[str], arrived: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """What arrives by the paths of amounts that send, until nothing more does."""
    there = set(arrived)
    while True:
        more = {
            (path.target, event)
            for path in paths
            if path.id in found and path.kind != "state" and path.events is not None
            for event in path.events
            if (path.source, event) in there
        }
        if more <= there:
            return there
        there |= more
