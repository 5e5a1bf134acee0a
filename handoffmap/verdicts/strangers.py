"""Amounts that are booked to a cell by what does not move it: cases -> **strangers** -> verdicts.

Another quantity's amount, one of other places, or one that a system before gave the cell's name to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.premises.claim import Ask, Claim
from handoffmap.premises.graph import refused_for
from handoffmap.premises.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Event, WritePath
    from handoffmap.premises.arrivals import Arrival
    from handoffmap.premises.cells import Case
    from handoffmap.premises.graph import Write

__all__ = ["of_other_names", "of_strangers", "perhaps_of_strangers"]


def of_strangers(case: Case) -> list[WritePath]:
    """Paths that book here what no event of the cell brings: amounts of another quantity, or of other places."""
    events = case.survey.topology.events
    return [
        write.path
        for write in case.graph.writers_of(case.cell)
        if write.path.id not in case.deltas
        and case.survey.handoff(write.path).flow == "delta"
        and (write.left != case.cell.quantity or _of_other_places(write, case))
        and refused_for(write.path) is None
        and any(
            name in events
            and write.left in events[name].effects
            and case.survey.brings(events[name], write.path.source, write.left)
            for name in write.path.events or ()
        )
    ]


def perhaps_of_strangers(case: Case) -> Iterator[Claim]:
    """Paths that would book amounts of another quantity here if they carried its events, of which nobody has said."""
    for write in case.graph.writers_of(case.cell):
        path, left = write.path, write.left
        if path.events is not None or "fires_on" in path.stated or left == case.cell.quantity:
            continue
        if path.id in case.deltas or case.survey.handoff(path).flow != "delta" or refused_for(path) is not None:
            continue
        brought = case.survey.movers_of([left])
        names = [event.id for event in brought if case.survey.brings(event, path.source, left)]
        if names:
            yield Claim(
                "quantity-mismatch",
                "TA2",
                None,
                "nobody has said which events it carries",
                path,
                f"{path.id} may bring {case.cell} the {left} of {listed(names)}, which is not {case.cell.quantity}",
                keys=("maps", left),
                asks=(Ask("path", path.id, "events"),),
                events=tuple(names),
            )


def _of_other_places(write: Write, case: Case) -> bool:
    """Whether all that is counted where a path begins lies where this cell does not count."""
    holding = case.graph.systems[write.path.source].holds.get(write.left)
    here, there = case.holding.locations, holding.locations if holding is not None else None
    return isinstance(here, tuple) and isinstance(there, tuple) and set(here).isdisjoint(there)


def of_other_names(case: Case) -> Iterator[Claim]:
    """Amounts of events that do not move the cell, which took its name on their way to where a path begins."""
    quantity = case.cell.quantity
    if quantity not in case.graph.taken_names:
        return
    found: dict[str, tuple[Arrival, list[str]]] = {}
    for event in case.survey.topology.events.values():
        if quantity in event.effects:
            continue
        for arrival in _named_before(case, event):
            if arrival.path is not None:
                found.setdefault(arrival.path.id, (arrival, []))[1].append(event.id)
    for arrival, names in found.values():
        path = arrival.path
        if path is None or case.survey.handoff(path).flow != "delta":
            continue
        before = Cell(path.source, quantity)
        told = before in case.graph.cells
        yield Claim(
            "" if told else "quantity-mismatch",
            "TA2",
            None if arrival.doubts else False,
            f"{listed(names)} moves no {quantity}, and comes under that name",
            path,
            "" if told else f"{path.id} brings {case.cell} amounts of {listed(names)}, which moves no {quantity}",
            keys=("maps", quantity),
            asks=arrival.doubts,
            events=tuple(names),
            upstream=(before,) if told else (),
            own_heal=True,
        )


def _named_before(case: Case, event: Event) -> list[Arrival]:
    """The arrivals of an event's amounts under the cell's name along paths that call them so already."""
    return [
        arrival
        for _, landing in case.survey.arrivals.heard_at(event, case.cell.system)
        for arrival in landing.amounts.get(case.cell.quantity, ())
        if arrival.path is not None and case.cell.quantity in (arrival.path.maps or {})
    ]
