"""Safe changes for writers in each other's way: one source, amounts instead of values, a comparison before a write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.graph import flow_of
from handoffmap.remedy.edit import Edit
from handoffmap.remedy.spot import SURE_DEDUPE, fact, no_fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.model import WritePath
    from handoffmap.remedy.spot import Candidate, Spot

__all__ = ["WRITER_MENU"]


def _compared(path: WritePath) -> Iterator[Candidate]:
    yield (fact(path, "op", to="cas"),)
    yield (fact(path, "guard", to="cas"),)


def _switched_off(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        yield (fact(path, "enabled", to=False),)


def _unmapped(spot: Spot) -> Iterator[Candidate]:
    """One cell taken off a path that has no business with it."""
    for path in spot.touching:
        for left, mapping in sorted((path.maps or {}).items()):
            if mapping is not None and spot.cell is not None and mapping.to == spot.cell.quantity:
                yield (no_fact(path, "maps", left),)


def _over_in_flight(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        yield from _compared(path)
    if spot.cell is not None:
        yield from _booked_elsewhere(spot)


def _booked_elsewhere(spot: Spot) -> Iterator[Candidate]:
    """The cell's own events no longer applied where they happen: the value comes back from the source alone."""
    cell = spot.cell
    together: list[Edit] = []
    for name in spot.finding.events:
        event = spot.topology.events.get(name)
        origin = next((each for each in event.origins if cell and each.system == cell.system), None) if event else None
        if event is None or origin is None or cell is None:
            continue
        held = spot.topology.systems[cell.system].holds
        applied = origin.applies if origin.applies is not None else tuple(held)
        left = [quantity for quantity in applied if quantity != cell.quantity and quantity in event.effects]
        together.append(Edit("events", name, ("at", cell.system, "applies"), [*left]))
        yield (together[-1],)
    if len(together) > 1:
        yield tuple(together)


def _amounts_only(spot: Spot) -> Iterator[Candidate]:
    """Every value that is written into the cell turned into an amount, or left out where a copy overwrites a record."""
    cell = spot.cell
    if cell is None:
        return
    setting = [write for write in spot.graph.writers_of(cell) if flow_of(write.path) in {"state", "number"}]
    together: list[Edit] = []
    for write in setting:
        path = write.path
        if path.events:
            together += [fact(path, "op", to="adjust"), fact(path, "payload", to="delta"), no_fact(path, "base")]
        elif len(path.maps or {}) > 1:
            together.append(no_fact(path, "maps", write.left))
        else:
            together.append(fact(path, "enabled", to=False))
    yield tuple(edit for edit in together if edit.action != "remove" or _stated(spot, edit))


def _stated(spot: Spot, edit: Edit) -> bool:
    return edit.keys != ("base",) or spot.topology.write_paths[edit.entry].base is not None


def _several(spot: Spot) -> Iterator[Candidate]:
    yield from _amounts_only(spot)
    for path in spot.touching:
        yield from _compared(path)
        yield (fact(path, "op", to="adjust"), fact(path, "payload", to="delta"))
        yield (fact(path, "order", to="total"),)
    yield from _unmapped(spot)
    yield from _switched_off(spot)


def _rewritten(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        yield (fact(path, "concurrency", to="atomic"),)
        yield (fact(path, "concurrency", to="row_lock"),)
        yield (fact(path, "guard", to="lock"),)
        yield from _compared(path)
        yield (no_fact(path, "base"), fact(path, "op", to="adjust"), fact(path, "payload", to="delta"))
        yield (fact(path, "base", to="source"),)
        yield (fact(path, "base", to="target"), fact(path, "guard", to="lock"))
        yield (fact(path, "only_if_changed", to=True),)
    yield from _switched_off(spot)


def _routes(spot: Spot) -> Iterator[Candidate]:
    """One ledger for both, or one of the two no longer carrying the event."""
    paths = spot.touching
    for path in paths:
        shared = [event for event in spot.finding.events if path.events is not None and event in path.events]
        if shared and path.events is not None and len(shared) < len(path.events):
            yield tuple(Edit("write_paths", path.id, ("events",), event, "drop") for event in shared)
        yield (fact(path, "origin_tag", to=True),)
        yield (fact(path, "fires_for", to=["local"]),)
    if len(paths) > 1 and len({path.target for path in paths}) == 1:
        ledger = f"{paths[0].target}-{'-'.join(spot.finding.events) or 'events'}"
        facts = {**SURE_DEDUPE, "ledger": ledger}
        yield tuple(fact(path, "dedupe", key, to=value) for path in paths for key, value in facts.items())
    yield from _unmapped(spot)
    yield from _switched_off(spot)
    for path in paths:
        for event in spot.finding.events:
            others = [one for one in paths if one is not path and one.source == path.source]
            if others:
                yield (Edit("write_paths", path.id, ("events",), event, "drop"),)


def _upward(spot: Spot) -> Iterator[Candidate]:
    yield from _switched_off(spot)
    yield from _unmapped(spot)
    for path in spot.touching:
        yield from _compared(path)


WRITER_MENU: dict[str, Callable[[Spot], Iterator[Candidate]]] = {
    "multiple-writers": _several,
    "set-adjust-mix": _several,
    "authority-overwritten": _upward,
    "set-on-derived": _upward,
    "blind-overwrite": _several,
    "lost-update": _rewritten,
    "stale-write-back": _rewritten,
    "snapshot-over-in-flight": _over_in_flight,
    "duplicate-route": _routes,
    "double-compensation": _routes,
}
"""Slug → candidates."""
