"""A map that is an **excerpt**: what does not arrive may come by a path that is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.witness.machine import Action, Machine
from handoffmap.witness.settling import Settling

if TYPE_CHECKING:
    from handoffmap.model import Cell, Topology
    from handoffmap.witness.state import State
    from handoffmap.witness.tables import EventSpec, Slice

__all__ = ["coming_through"]

_MOST_DELIVERIES = 40
"""Deliveries within which one event has come wherever it comes."""


def coming_through(tables: Slice, topology: Topology) -> Slice:
    """The slice with those events alone of which one, undisturbed, comes to the cell.

    An event that a path brings and drops there by a declared fact is kept: that is no absence.
    """
    dropped = {event for event in topology.events if _dropped(topology, tables.cell, event)}

    def stays(event: EventSpec) -> bool:
        return event.id in dropped or _comes_through(tables, event)

    kept = [event for event in tables.events if event.undoes is None and stays(event)]
    names = {event.id for event in kept}
    kept += [event for event in tables.events if event.undoes in names and stays(event)]
    return tables._replace(events=tuple(event._replace(number=index) for index, event in enumerate(kept)))


def _comes_through(tables: Slice, event: EventSpec) -> bool:
    """Whether one such event, undisturbed, comes to the cell at all: rightly, twice or under another name."""
    if any(cell in tables.home_cells for cell, *_ in (*event.applies, *event.sets)):
        return True
    first = [other for other in tables.events if other.id == event.undoes][:1]
    events = (*first, event)
    alone = tables._replace(events=tuple(each._replace(number=index) for index, each in enumerate(events)), depth=2)
    machine = Machine(alone)
    settling = Settling(machine)
    state = machine.start
    for index, each in enumerate(events):
        step = machine.run(state, Action("event", index, 0 if each.undoes and index else -1))
        if step is None:
            return True
        reached, state = _delivered(settling, step.freeze(), index)
    for _ in range(1 + len(machine.recurring)):
        for path in machine.recurring:
            step = machine.run(state, Action("tick", path))
            if step is not None and not reached:
                reached, state = _delivered(settling, step.freeze(), len(events) - 1)
    return reached


def _delivered(settling: Settling, state: State, instance: int) -> tuple[bool, State]:
    """Deliver what is under way; tells whether anything of an instance was written to the cell."""
    tables = settling.tables
    reached = False
    for _ in range(_MOST_DELIVERIES):
        action = settling.next_delivery(state)
        if action is None:
            break
        message = state.messages[action.number]
        path = tables.paths[message.path]
        written = {value.cell for value in path.values}
        if message.instance == instance:
            written |= {change.cell for change in path.changes if message.payload[change.left] is not None}
        reached = reached or not written.isdisjoint(tables.home_cells)
        step = settling.machine.run(state, action)
        if step is None:
            break
        state = step.freeze()
    return reached, state


def _dropped(topology: Topology, cell: Cell, event: str) -> bool:
    """Whether a path that would bring the event says that it does not: mapped to nothing, or switched off."""
    for path in topology.write_paths.values():
        if path.target != cell.system or path.maps is None or (path.events is not None and event not in path.events):
            continue
        mapping = path.maps.get(cell.quantity)
        lands = any(each is not None and each.to == cell.quantity for each in path.maps.values())
        if (mapping is not None and mapping.to is None) or (lands and not path.enabled):
            return True
    return False
