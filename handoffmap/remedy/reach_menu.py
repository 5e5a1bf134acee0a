"""Safe changes for what never arrives: one more event on a path that is there, or a path modelled on a sound one."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.premises.graph import flow_of
from handoffmap.remedy.edit import Edit
from handoffmap.remedy.spot import add_event, fact, new_path, no_fact, safe_delta, state_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.model import WritePath
    from handoffmap.remedy.data import Value
    from handoffmap.remedy.spot import Candidate, Spot

__all__ = ["REACH_MENU"]

_COMBINATIONS = 24
"""Ways of bringing several missing events at once that are tried."""


def _gap(spot: Spot) -> Iterator[Candidate]:
    cell = spot.cell
    if cell is None:
        return
    missing = list(spot.missing(cell))
    if missing:
        ways = [[*_extended(spot, cell, event, origin)] for event, origin in missing]
        for chosen in islice(product(*ways), _COMBINATIONS):
            yield tuple(dict.fromkeys(edit for candidate in chosen for edit in candidate))
        yield from _new_paths(spot, cell, missing)
        lacking = _lacking(spot, cell)
        if len(lacking) > len(missing):
            yield from _new_paths(spot, cell, lacking)
        rest = [pair for pair, way in zip(missing, ways, strict=True) if not way]
        if rest and len(rest) < len(missing):
            extended = [way[0] for way in ways if way]
            for added in _new_paths(spot, cell, rest):
                yield tuple(dict.fromkeys((*(edit for candidate in extended for edit in candidate), *added)))
    yield from _whole_values(spot, cell)
    if len(missing) > 1:
        for way in ways:
            yield from way


def _lacking(spot: Spot, cell: Cell) -> list[tuple[str, str]]:
    """(event, origin) of everything that moves the cell's quantity and never comes, of other findings too."""
    return [
        (event.id, origin.system)
        for event in sorted(spot.graph.movers.get(cell.quantity, ()), key=lambda event: event.id)
        for origin in event.origins
        if spot.survey.reaches(event, origin.system, cell) is False
    ]


def _extended(spot: Spot, cell: Cell, event: str, origin: str) -> Iterator[Candidate]:
    """Paths into the system from where the event happens or arrives, with one more event to fire for."""
    facts = spot.topology.events[event]
    for path in sorted(spot.graph.paths_into(cell.system), key=lambda path: (path.source != origin, path.id)):
        if flow_of(path) != "delta" or path.events is None or not path.enabled:
            continue
        there = path.source == origin or any(
            landing.heard or landing.maybe_heard
            for landing in spot.survey.arrivals.from_origin(facts, origin, path.source)
        )
        if not there:
            continue
        candidate = () if event in path.events else (add_event(path, event),)
        unmapped = [quantity for quantity in _along(spot, cell, [(event, origin)]) if not _writes(path, quantity)]
        candidate = (*candidate, *(fact(path, "maps", quantity, to=quantity) for quantity in unmapped))
        if path.fires_for is not None and path.source == origin and "local" not in path.fires_for:
            candidate = (*candidate, Edit("write_paths", path.id, ("fires_for",), "local", "add"))
        if candidate:
            yield candidate


def _writes(path: WritePath, quantity: str) -> bool:
    return any(mapping is not None and mapping.to == quantity for mapping in (path.maps or {}).values())


def _along(spot: Spot, cell: Cell, missing: list[tuple[str, str]]) -> list[str]:
    """The cell's quantity, and what else its system lacks of the same events."""
    found = [cell.quantity]
    for quantity, holding in sorted(spot.topology.systems[cell.system].holds.items()):
        if quantity == cell.quantity or holding.role in {"derived", "consumer"}:
            continue
        beside = Cell(cell.system, quantity)
        moving = [(name, origin) for name, origin in missing if quantity in spot.topology.events[name].effects]
        if moving and all(
            spot.survey.reaches(spot.topology.events[name], origin, beside) is False for name, origin in moving
        ):
            found.append(quantity)
    return found


def _new_paths(spot: Spot, cell: Cell, missing: list[tuple[str, str]]) -> Iterator[Candidate]:
    """A path from each place where the events happen, or one from the record, which hears of them all."""
    by_origin: dict[str, list[str]] = {}
    for event, origin in missing:
        by_origin.setdefault(origin, []).append(event)
    if cell.system not in by_origin:
        yield tuple(
            _delta(spot, origin, cell, [(name, origin) for name in names]) for origin, names in by_origin.items()
        )
    for record in spot.graph.authorities_of(cell.quantity):
        if record.system != cell.system and by_origin.keys() != {record.system}:
            yield (_delta(spot, record.system, cell, missing),)


def _delta(spot: Spot, source: str, cell: Cell, missing: list[tuple[str, str]]) -> Edit:
    """A new path of amounts; what else the target lacks of these events goes along."""
    events = list(dict.fromkeys(event for event, _ in missing))
    name = spot.free_name(f"{source}-{events[0].replace('_', '-')}-to-{cell.system}")
    maps: dict[str, Value] = {quantity: quantity for quantity in _along(spot, cell, missing)}
    return new_path(name, safe_delta(source, cell.system, events, maps))


def _whole_values(spot: Spot, cell: Cell) -> Iterator[Candidate]:
    for record in spot.graph.authorities_of(cell.quantity):
        if record.system != cell.system:
            name = spot.free_name(f"{record.system}-{cell.quantity.replace('_', '-')}-to-{cell.system}")
            for op in ("cas", "set"):
                yield (new_path(name, state_run(record.system, cell.system, {cell.quantity: cell.quantity}, op)),)


def _switched_on(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "enabled", to=True),)
    yield from _gap(spot)


def _trigger(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        if path.events is not None:
            if spot.finding.events:
                yield tuple(add_event(path, event) for event in spot.finding.events)
            yield (no_fact(path, "events"),)
        for key, stated in (("fires_for", path.fires_for), ("only", path.only), ("except", path.except_)):
            if stated is not None:
                yield (no_fact(path, key),)
        yield (fact(path, "fires_on", to="write"),)
        yield (fact(path, "only_if_changed", to=False),)
        yield (fact(path, "trigger", to="cdc"),)
    yield from _gap(spot)


def _undo(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        for key, stated in (("fires_for", path.fires_for), ("only", path.only), ("except", path.except_)):
            if stated is not None:
                yield (no_fact(path, key),)
    yield from _gap(spot)
    if spot.cell is not None and spot.finding.subject.event is not None:
        undone = spot.topology.events[spot.finding.subject.event].undoes
        for write in spot.graph.writers_of(spot.cell):
            if undone is not None and undone in (write.path.events or ()):
                yield (add_event(write.path, spot.finding.subject.event),)


def _back(spot: Spot) -> Iterator[Candidate]:
    """A mirror's own events sent up to the record."""
    cell = spot.cell
    if cell is None:
        return
    for record in spot.graph.authorities_of(cell.quantity):
        events = [name for name in spot.finding.events if name in spot.topology.events]
        if record.system == cell.system or not events:
            continue
        for path in spot.graph.paths_between(cell.system, record.system):
            if flow_of(path) == "delta" and path.events is not None:
                mapped = (
                    () if _writes(path, record.quantity) else (fact(path, "maps", cell.quantity, to=record.quantity),)
                )
                yield (*(add_event(path, event) for event in events), *mapped)
        name = spot.free_name(f"{cell.system}-to-{record.system}")
        facts = safe_delta(cell.system, record.system, events, {cell.quantity: record.quantity})
        yield (new_path(name, facts),)
        for path in spot.graph.paths_into(cell.system):
            yield (new_path(name, facts), fact(path, "op", to="cas"))


def _by_hand(spot: Spot) -> Iterator[Candidate]:
    yield from _gap(spot)
    yield from _back(spot)


REACH_MENU: dict[str, Callable[[Spot], Iterator[Candidate]]] = {
    "unsynchronized": _gap,
    "shipment-gap": _gap,
    "count-gap": _gap,
    "reservation-leak": _gap,
    "transfer-limbo": _gap,
    "missing-compensation": _undo,
    "disabled-path": _switched_on,
    "trigger-gap": _trigger,
    "ungated-write": _back,
    "manual-override": _by_hand,
}
"""Slug → candidates."""
