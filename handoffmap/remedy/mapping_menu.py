"""Safe changes for what is altered on the way: quantity, unit, item, place, sign, rounding."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.premises.graph import flow_of
from handoffmap.remedy.edit import Edit
from handoffmap.remedy.spot import fact, no_fact, state_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.model import Cell, Holding, WritePath
    from handoffmap.remedy.data import Value
    from handoffmap.remedy.spot import Candidate, Spot

__all__ = ["MAPPING_MENU"]


def _mapped(spot: Spot) -> Iterator[Candidate]:
    path = spot.path
    if path is None:
        return
    if spot.finding.subject.field is not None and path.fields and spot.finding.subject.field in path.fields:
        yield (fact(path, "fields", spot.finding.subject.field, to=spot.finding.subject.field),)
        yield (fact(path, "on_unmapped", to="drop"),)
    cells = [cell for cell in spot.finding.cells if cell.system == path.target]
    if cells:
        yield tuple(fact(path, "maps", cell.quantity, to=cell.quantity) for cell in cells)
    for cell in cells:
        yield (fact(path, "maps", cell.quantity, to=cell.quantity),)
    for cell in spot.finding.cells:
        yield (fact(path, "maps", cell.quantity, to=cell.quantity),)
    yield from _sent_on(spot, path)


def _sent_on(spot: Spot, path: WritePath) -> Iterator[Candidate]:
    """What is left behind on the way no longer waited for: the next path sends on what has come."""
    left = spot.finding.subject.field
    for cell in spot.finding.cells:
        for write in spot.graph.writers_of(cell):
            if write.path.source == path.target and write.left == left and left != cell.quantity:
                yield (no_fact(write.path, "maps", left), fact(write.path, "maps", cell.quantity, to=cell.quantity))


def _lefts(path: WritePath, cell: Cell) -> list[str]:
    """The source quantities that a path writes into a cell."""
    return sorted(
        left for left, mapping in (path.maps or {}).items() if mapping is not None and mapping.to == cell.quantity
    )


def _quantity(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        for cell in spot.finding.cells:
            for left in _lefts(path, cell):
                yield (no_fact(path, "maps", left), fact(path, "maps", cell.quantity, to=cell.quantity))
                if cell.quantity == "available" and left == "on_hand" and _is_held(spot, path, "allocated"):
                    yield (fact(path, "maps", left, "minus", to=["allocated"]),)
                if left in spot.topology.systems[path.target].holds:
                    yield (fact(path, "maps", left, to=left),)
                yield (no_fact(path, "maps", left),)
                record = spot.authority_of(cell.quantity)
                if record is not None and record.system != path.target:
                    yield (
                        no_fact(path, "maps", left),
                        fact(path, "maps", cell.quantity, to=cell.quantity),
                        Edit("write_paths", path.id, ("from",), record.system),
                    )


def _is_held(spot: Spot, path: WritePath, quantity: str) -> bool:
    """Whether a path can read a quantity where it starts; of amounts, the event says what moves."""
    source = spot.topology.systems.get(path.source)
    return flow_of(path) == "delta" or (source is not None and quantity in source.holds)


def _unit(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        for cell in spot.finding.cells:
            for left in _lefts(path, cell):
                for factor in _factors(spot, path, left, cell):
                    yield (fact(path, "maps", left, "unit_factor", to=factor),)
                yield (no_fact(path, "maps", left, "unit_factor"),)


def _factors(spot: Spot, path: WritePath, left: str, cell: Cell) -> Iterator[Value]:
    """Factors that other paths state between the same two units."""
    here, there = _unit_at(spot, path.source, left), _unit_at(spot, *cell)
    if here == there:
        yield 1
        return
    found: dict[Fraction, None] = {}
    for other in spot.topology.write_paths.values():
        for quantity, mapping in sorted((other.maps or {}).items()):
            if mapping is None or mapping.to is None or not isinstance(mapping.unit_factor, Fraction):
                continue
            units = (_unit_at(spot, other.source, quantity), _unit_at(spot, other.target, mapping.to))
            if mapping.unit_factor not in {0, 1}:
                if units == (here, there):
                    found[mapping.unit_factor] = None
                elif units == (there, here):
                    found[1 / mapping.unit_factor] = None
    for factor in sorted(found):
        yield int(factor) if factor.denominator == 1 else f"{factor.numerator}/{factor.denominator}"
    yield "per_item"


def _unit_at(spot: Spot, system: str, quantity: str) -> str | None:
    holds = spot.topology.systems[system].holds if system in spot.topology.systems else {}
    if quantity in holds:
        return holds[quantity].unit
    units = {holding.unit for holding in holds.values()}
    return units.pop() if len(units) == 1 else None


def _item(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        source, target = spot.topology.systems[path.source], spot.topology.systems[path.target]
        if source.item_key is not None and target.item_key is not None:
            yield (fact(path, "fields", source.item_key.field, to=target.item_key.field),)
        for one, other in ((source, target), (target, source)):
            if other.item_key is not None:
                value: dict[str, Value] = {"field": other.item_key.field, "may_change": False}
                if other.item_key.normalise is not None:
                    value["normalise"] = [*other.item_key.normalise]
                yield (Edit("systems", one.id, ("item_key",), value),)
                yield (Edit("systems", one.id, ("item_key",), other.item_key.field),)
        yield tuple(
            Edit(
                "systems",
                system.id,
                ("item_key",),
                {"field": "sku", "may_change": False, "normalise": ["trim", "upper"]},
            )
            for system in (source, target)
        )


def _place(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        for cell in spot.finding.cells:
            for left in _lefts(path, cell):
                source = spot.topology.systems[path.source].holds.get(left)
                if source is not None and source.locations is not None:
                    yield (_holding(cell, "locations", _listed(source)),)
            target = spot.topology.systems[cell.system].holds[cell.quantity]
            if isinstance(target.locations, tuple) and len(target.locations) == 1:
                yield (fact(path, "location", to=target.locations[0]),)
            record = spot.authority_of(cell.quantity)
            if record is not None and record.system not in {path.target, path.source}:
                turned = tuple(no_fact(path, "maps", left) for left in _lefts(path, cell))
                yield (
                    *turned,
                    fact(path, "maps", cell.quantity, to=cell.quantity),
                    Edit("write_paths", path.id, ("from",), record.system),
                )
                name = spot.free_name(f"{record.system}-to-{cell.system}")
                run = state_run(record.system, cell.system, {cell.quantity: cell.quantity}, "set")
                yield (fact(path, "enabled", to=False), Edit("write_paths", name, (), run, "new"))


def _listed(holding: Holding) -> Value:
    return [*holding.locations] if isinstance(holding.locations, tuple) else holding.locations


def _holding(cell: Cell, key: str, value: Value) -> Edit:
    return Edit("systems", cell.system, ("holds", cell.quantity, key), value)


def _opening(spot: Spot) -> Iterator[Candidate]:
    for cell in spot.finding.cells:
        yield (_holding(cell, "opening", "booked"),)
    for path in spot.paths:
        yield (fact(path, "on_missing_record", to="keep"),)


def _operation(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "op", to="adjust"),)
        yield (fact(path, "op", to="set"),)
        yield (fact(path, "payload", to="delta"),)
        yield (fact(path, "payload", to="state"),)
        for left in sorted(path.maps or {}):
            yield (fact(path, "maps", left, "sign", to="same"),)
            yield (fact(path, "maps", left, "sign", to="negated"),)


def _rounded(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        for cell in spot.finding.cells:
            for left in _lefts(path, cell):
                yield (fact(path, "maps", left, "rounding", to="none"),)
    for cell in spot.finding.cells:
        yield (_holding(cell, "integer_only", value=False),)
    yield (
        *(fact(path, "maps", left, "rounding", to="none") for path, left in _rounding(spot)),
        *(_holding(cell, "integer_only", value=False) for cell in spot.finding.cells),
    )


def _rounding(spot: Spot) -> Iterator[tuple[WritePath, str]]:
    """(path, source quantity) of all that the finding's paths write into its cells."""
    return ((path, left) for path in spot.paths for cell in spot.finding.cells for left in _lefts(path, cell))


def _statuses(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        for cell in spot.finding.cells:
            for left in _lefts(path, cell):
                source = spot.topology.systems[path.source].holds.get(left)
                if source is not None and source.statuses is not None:
                    yield (_holding(cell, "statuses", [*source.statuses]),)


def _buffer(spot: Spot) -> Iterator[Candidate]:
    for cell in spot.finding.cells:
        yield (_holding(cell, "buffer", 0),)
    for path in spot.paths:
        if path.source in spot.topology.systems:
            for left in sorted(path.maps or {}):
                if left in spot.topology.systems[path.source].holds:
                    yield (Edit("systems", path.source, ("holds", left, "buffer"), 0),)


def _clamped(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "clamp_at_zero", to=False),)


def _too_early(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "read_at", to="after_commit"),)


def _counted(spot: Spot) -> Iterator[Candidate]:
    names = spot.finding.events or ((spot.finding.subject.event,) if spot.finding.subject.event else ())
    for name in names:
        if name in spot.topology.events:
            yield (Edit("events", name, ("as_of",), value=True),)
            yield (Edit("events", name, ("frozen",), value=True),)
            for origin in spot.topology.events[name].origins:
                yield (Edit("events", name, ("at", origin.system, "as_of"), value=True),)
                yield (Edit("events", name, ("at", origin.system, "frozen"), value=True),)


MAPPING_MENU: dict[str, Callable[[Spot], Iterator[Candidate]]] = {
    "unmapped-field": _mapped,
    "quantity-mismatch": _quantity,
    "unit-mismatch": _unit,
    "item-key-mismatch": _item,
    "location-mismatch": _place,
    "null-as-zero": _opening,
    "operation-mismatch": _operation,
    "precision-loss": _rounded,
    "status-collapse": _statuses,
    "buffer-misuse": _buffer,
    "clamp-at-zero": _clamped,
    "read-before-commit": _too_early,
    "count-while-moving": _counted,
}
"""Slug → candidates."""
