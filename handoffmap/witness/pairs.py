"""The **two-cell model**: two items, two places, a kit and its component, along one path.

The slice of a cell is one item in one place; what confuses two of them cannot show there. Here one path carries one
change between two systems of two cells each, and the question is on which of them it lands.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.witness.promises import puts_back, refused
from handoffmap.witness.slices import carries, pruned_upstream
from handoffmap.witness.telling import Run, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Cell, Holding, ItemKey, QuantityMapping, Topology, WritePath

__all__ = ["PairProof", "prove_pairs"]

_SPELLINGS = (("ab-1", "AB-1"), ("ab-1", " ab-1 "), ("0017", "17"))
"""Keys of items that one system may tell apart and another not."""
_START = 47


class PairProof(NamedTuple):
    """What the two-cell model says of one path into a cell's slice."""

    cell: Cell
    path: str
    about: Literal["items", "places", "kits"]
    verdict: Literal["converges", "drifts", "undetermined"]
    run: Run | None
    unknown: tuple[str, ...]


def prove_pairs(topology: Topology, cell: Cell) -> tuple[PairProof, ...]:
    """Everything that could confuse two items or two places on the way to a cell, path by path."""
    found: list[PairProof] = []
    if topology.systems[cell.system].holds[cell.quantity].role == "consumer":
        return ()  # nothing is expected of it
    for path in pruned_upstream(topology, cell).paths:
        if puts_back(path) or refused(path):
            continue  # it writes a number where it has read it, or none anywhere
        found.extend(_of_items(topology, cell, path))
        for left, mapping in (path.maps or {}).items():
            if mapping is not None and mapping.to is not None:
                found.extend(_of_places(topology, cell, path, left, mapping))
                found.extend(_of_kits(topology, cell, path, mapping))
    return tuple(found)


# -- items -------------------------------------------------------------------------------------------------


def _of_items(topology: Topology, cell: Cell, path: WritePath) -> Iterator[PairProof]:
    here, there = topology.systems[path.source], topology.systems[path.target]
    if here.id in {there.id, there.part_of} or here.part_of in {there.id, there.part_of or there.id}:
        return  # parts of one application
    source, target = here.item_key, there.item_key
    if source is None or target is None:
        unknown = tuple(
            f"system {name} item_key" for name, key in ((path.source, source), (path.target, target)) if key is None
        )
        yield PairProof(cell, path.id, "items", "undetermined", None, unknown)
        return
    stated = path.fields.get(source.field)
    if source.field != target.field and (stated is None or stated.to != target.field):
        text = f"the key {source.field} of the first item is none that {path.target} looks up by {target.field}"
        yield PairProof(cell, path.id, "items", "drifts", _lost(cell, path, text), ())
        return
    if source.may_change or target.may_change:
        text = f"the first item gets a new {source.field} at one end and keeps its old one at the other"
        yield PairProof(cell, path.id, "items", "drifts", _lost(cell, path, text), ())
        return
    if (source.normalise is None) != (target.normalise is None):
        silent = path.source if source.normalise is None else path.target
        yield PairProof(cell, path.id, "items", "undetermined", None, (f"system {silent} item_key.normalise",))
        return
    for one, two in _SPELLINGS:
        landed = _landing(source, target, one, two)
        if landed != one:
            text = f"{path.target} takes the key of {one!r} for {landed!r}" if landed else f"{one!r} is not found"
            yield PairProof(cell, path.id, "items", "drifts", _lost(cell, path, text), ())
            return
    yield PairProof(cell, path.id, "items", "converges", None, ())


def _landing(source: ItemKey, target: ItemKey, one: str, two: str) -> str | None:
    """The item on which a change of the first one lands; None: on none."""
    same = _written(one, source) == _written(two, source)
    sent = _written(_written(one, source), target)
    if same:  # one item to the source, which the target may have written down either way
        return one if all(_written(item, target) == sent for item in (one, two)) else None
    # two items, and the other one was there before
    return next((item for item in (two, one) if _written(item, target) == sent), None)


def _written(key: str, rules: ItemKey) -> str:
    for rule in rules.normalise or ():
        if rule == "trim":
            key = key.strip()
        elif rule == "upper":
            key = key.upper()
        elif rule == "lower":
            key = key.lower()
        elif rule == "strip_zeros":
            key = key.lstrip("0")
    return key


# -- places ------------------------------------------------------------------------------------------------


def _of_places(
    topology: Topology, cell: Cell, path: WritePath, left: str, mapping: QuantityMapping
) -> Iterator[PairProof]:
    source = topology.systems[path.source].holds.get(left)
    target = topology.systems[path.target].holds.get(mapping.to or left)
    if target is not None and path.location is not None:
        yield from _of_landing(cell, path, source, target)
        return
    if source is None or target is None or source.locations == target.locations:
        return
    if source.locations is None or target.locations is None:
        silent = f"{path.source}.{left}" if source.locations is None else f"{path.target}.{mapping.to}"
        yield PairProof(cell, path.id, "places", "undetermined", None, (f"cell {silent} locations",))
        return
    stray = _stray(topology, source, target, by_value=carries(path) == "state")
    if stray is None:
        yield PairProof(cell, path.id, "places", "converges", None, ())
        return
    text = f"what lies at {stray} is counted at one end and not at the other"
    yield PairProof(cell, path.id, "places", "drifts", _lost(cell, path, text), ())


def _of_landing(cell: Cell, path: WritePath, source: Holding | None, target: Holding) -> Iterator[PairProof]:
    """A path that says where it lands: a place that the target counts, and for a value the one that it is of."""
    if isinstance(target.locations, tuple) and path.location not in target.locations:
        text = f"it lands at {path.location}, which is not counted there"
        yield PairProof(cell, path.id, "places", "drifts", _lost(cell, path, text), ())
        return
    here = source.locations if source is not None else None
    if not isinstance(here, tuple) or set(here) == {path.location} or carries(path) == "delta":
        yield PairProof(cell, path.id, "places", "converges", None, ())
    elif carries(path) is None:
        yield PairProof(cell, path.id, "places", "undetermined", None, (f"path {path.id} payload",))
    else:
        text = f"the value of {', '.join(here)} lands at {path.location} alone"
        yield PairProof(cell, path.id, "places", "drifts", _lost(cell, path, text), ())


def _stray(topology: Topology, source: Holding, target: Holding, *, by_value: bool) -> str | None:
    """A place that one end counts and the other does not; of amounts, one where they happen and are not wanted."""
    known = sorted(
        {
            place
            for system in topology.systems.values()
            for holding in system.holds.values()
            if isinstance(holding.locations, tuple)
            for place in holding.locations
        }
    )
    here = known if not isinstance(source.locations, tuple) else source.locations
    there = known if not isinstance(target.locations, tuple) else target.locations
    strange = sorted(set(here) - set(there)) or (sorted(set(there) - set(here)) if by_value else [])
    if strange:
        return strange[0]
    if source.locations == "all" and target.locations != "all":
        return "any other place"
    return "any other place" if by_value and target.locations == "all" else None


# -- kits --------------------------------------------------------------------------------------------------


def _of_kits(topology: Topology, cell: Cell, path: WritePath, mapping: QuantityMapping) -> Iterator[PairProof]:
    sells = topology.systems[path.source].sells_kits
    holds = topology.systems[path.target].holds_components
    if not sells and not holds:
        return
    if sells is False or holds is False or mapping.unit_factor == "per_item":
        yield PairProof(cell, path.id, "kits", "converges", None, ())
        return
    if sells is None or holds is None:
        silent = f"system {path.source} sells_kits" if sells is None else f"system {path.target} holds_components"
        yield PairProof(cell, path.id, "kits", "undetermined", None, (silent,))
        return
    text = "the change of a kit comes under the kit's own name, and its components stay as they were"
    yield PairProof(cell, path.id, "kits", "drifts", _lost(cell, path, text), ())


# -- the run -----------------------------------------------------------------------------------------------


def _lost(cell: Cell, path: WritePath, text: str) -> Run:
    """One change of one unit that does not land where it should."""
    name = str(cell)
    start = ((name, Fraction(_START)),)
    moved = ((name, Fraction(_START - 1)),)
    event = None if path.events is None or not path.events else path.events[0]
    steps = (
        Step("event", None, event, f"one unit of the first cell moves at {path.source}", start, moved, Fraction(1)),
        Step("deliver", path.id, event, text, start, moved, Fraction(1)),
    )
    return Run(start, steps, start, moved, "permanent", f"{name} shows {_START} where {_START - 1} is right: {text}.")
