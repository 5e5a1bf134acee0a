"""Amounts that are booked to a cell by what does not move it: cases -> **strangers** -> verdicts.

Another quantity's amount, one of other places or of other systems than it counts, or one that a system before gave the
cell's name to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.premises.claim import Ask, Claim
from handoffmap.premises.graph import refused_for
from handoffmap.premises.phrases import listed
from handoffmap.rules.quantity_mismatch import said_to_carry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Event, WritePath
    from handoffmap.premises.arrivals import Arrival
    from handoffmap.premises.cells import Case
    from handoffmap.premises.graph import Write

__all__ = ["of_other_names", "of_other_origins", "of_strangers", "perhaps_of_strangers"]


def of_strangers(case: Case) -> list[WritePath]:
    """Paths that book here what no event of the cell brings: amounts of another quantity, or of other places."""
    return [
        write.path
        for write in case.graph.writers_of(case.cell)
        if write.path.id not in case.deltas
        and case.survey.handoff(write.path).flow == "delta"
        and (write.left != case.cell.quantity or _of_other_places(write, case))
        and refused_for(write.path) is None
        and any(
            write.left in event.effects and case.survey.brings(event, write.path.source, write.left)
            for event in said_to_carry(write.path, case.survey.topology)
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


def of_other_origins(case: Case) -> Iterator[Claim]:
    """What happens elsewhere, written to a cell that counts its own system's events alone (`share: own`)."""
    if case.holding.share == "all":
        return
    found: dict[tuple[str, str], tuple[WritePath, list[str], list[Ask]]] = {}
    for event in case.survey.movers_of([case.cell.quantity]):
        for path, doubts in _booked_from_elsewhere(case, event):
            _, names, asks = found.setdefault((path.id, "TA2"), (path, [], []))
            names.append(event.id)
            asks.extend(doubts)
    for feed in case.feeds:
        names = [name for read in feed.reads for name in _counted_from_elsewhere(case, read)]
        if names:
            found[feed.path.id, "TB5"] = (feed.path, names, [])
    for (_, premise), (path, names, asks) in found.items():
        told = tuple(dict.fromkeys(names))
        yield Claim(
            "quantity-mismatch",
            premise,
            None if asks else False,
            f"the cell counts what happens at {case.cell.system} alone",
            path,
            f"{path.id} writes {listed(told)} of other systems to {case.cell}, which counts its own (`share: own`)",
            keys=("maps",),
            asks=tuple(dict.fromkeys(asks)),
            events=told,
            own_heal=True,
        )


def _booked_from_elsewhere(case: Case, event: Event) -> Iterator[tuple[WritePath, tuple[Ask, ...]]]:
    """The paths by which amounts of an event come that happened at another system."""
    for start, landing in case.survey.arrivals.heard_at(event, case.cell.system):
        for arrival in landing.amounts.get(case.cell.quantity, ()):
            if arrival.path is not None and not start.own:
                yield arrival.path, arrival.doubts


def _counted_from_elsewhere(case: Case, source: Cell) -> list[str]:
    """The events that a source counts and that happen elsewhere than at the cell's system."""
    journeys = case.survey.case(source).journeys
    return [journey.event.id for journey in journeys if journey.start.among != {case.cell.system}]


def of_other_names(case: Case) -> Iterator[Claim]:
    """Amounts of events that do not move the cell, which took its name on their way to where a path begins."""
    quantity = case.cell.quantity
    if quantity not in case.graph.taken_names:
        return
    found: dict[str, tuple[WritePath, Arrival, list[str]]] = {}
    for event in case.survey.topology.events.values():
        if quantity in event.effects:
            continue
        for path, arrival in _named_before(case, event):
            found.setdefault(path.id, (path, arrival, []))[-1].append(event.id)
    for path, arrival, names in found.values():
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


def _named_before(case: Case, event: Event) -> list[tuple[WritePath, Arrival]]:
    """The arrivals of an event's amounts under the cell's name along paths that call them so already."""
    return [
        (arrival.path, arrival)
        for _, landing in case.survey.arrivals.heard_at(event, case.cell.system)
        for arrival in landing.amounts.get(case.cell.quantity, ())
        if arrival.path is not None and case.cell.quantity in (arrival.path.maps or {})
    ]
