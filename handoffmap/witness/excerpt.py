"""A map that is an **excerpt**: what does not arrive may come by a path that is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.witness.machine import Action, Machine
from handoffmap.witness.settling import Endless, Settling

if TYPE_CHECKING:
    from handoffmap.model import Cell, Topology
    from handoffmap.witness.tables import EventSpec, Slice

__all__ = ["coming_through"]


def coming_through(tables: Slice, topology: Topology) -> Slice:
    """The slice with those events alone of which one, undisturbed, leaves the cell right.

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
    first = [other for other in tables.events if other.id == event.undoes][:1]
    events = (*first, event)
    alone = tables._replace(events=tuple(each._replace(number=index) for index, each in enumerate(events)), depth=2)
    machine = Machine(alone)
    settling = Settling(machine)
    state = machine.start()
    try:
        for index, each in enumerate(events):
            step = machine.run(state, Action("event", index, 0 if each.undoes and index else -1))
            if step is None:
                return True
            state = settling.delivered(step.freeze())
        return settling.right(settling.calm(state))
    except Endless:
        return True


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
