"""Paths of a slice that **never send anything**: nothing that can happen in it sets them off.

A least fixpoint over what arrives where and which cells may change. Filters, guards and ledgers are read as if they
let everything through, so that a path left out here is left out of every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.witness.tables import PathSpec, Slice

__all__ = ["sending"]


def sending(tables: Slice) -> frozenset[str]:
    """The ids of all paths that may send something in some run."""
    arrived = {(event.origin, event.id) for event in tables.events}
    changed = {cell for event in tables.events for cell, *_ in (*event.applies, *event.sets)}
    changed |= {control.cell for control in tables.controls}
    waiting = list(tables.paths)
    found: set[str] = set()
    while True:
        set_off = [path for path in waiting if _is_set_off(path, arrived, changed)]
        if not set_off:
            return frozenset(found)
        for path in set_off:
            found.add(path.id)
            changed |= {value.cell for value in path.values} | {change.cell for change in path.changes}
        # What goes on from a path of amounts may grow after the path itself is known to send.
        arrived |= _brought(tables, found, arrived)
        waiting = [path for path in waiting if path.id not in found]


def _is_set_off(path: PathSpec, arrived: set[tuple[int, str]], changed: set[int]) -> bool:
    listed = path.events is not None and any((path.source, event) in arrived for event in path.events)
    if path.kind != "state":
        return listed or any(cell in changed for cell, _ in path.watches)
    if not path.pushed:
        return path.full or not path.reads.isdisjoint(changed)
    return listed if path.events is not None else not path.reads.isdisjoint(changed)


def _brought(tables: Slice, found: set[str], arrived: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """What arrives by the paths of amounts that send, until nothing more does."""
    there = set(arrived)
    while True:
        more = {
            (path.target, event)
            for path in tables.paths
            if path.id in found and path.kind != "state" and path.events is not None
            for event in path.events
            if (path.source, event) in there
        }
        if more <= there:
            return there
        there |= more
