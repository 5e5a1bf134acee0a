"""What a path's **mappings** do to the stored cells: which amount lands where, which value is computed from what."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.model import Cell, QuantityMapping
from handoffmap.witness import promises
from handoffmap.witness.slices import landing, reads_of
from handoffmap.witness.tables import Change, Sum, Value, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.model import WritePath
    from handoffmap.witness.numbering import Numbering
    from handoffmap.witness.tables import Number

__all__ = ["accepts", "carry", "changes_of", "maps_of", "put_back", "values_of", "watched"]


def maps_of(numbering: Numbering, path: WritePath, payload: str) -> dict[str, QuantityMapping | None]:
    """What a path maps; of one that does not say, every quantity to itself."""
    if path.maps is not None:
        return dict(path.maps)
    held = numbering.topology.systems[path.target].holds
    source = numbering.topology.systems[path.source].holds
    anything = payload == "delta" or promises.puts_back(path)
    return {name: QuantityMapping(name) for name in held if anything or name in source}


def changes_of(numbering: Numbering, path: WritePath, maps: dict[str, QuantityMapping | None]) -> Iterable[Change]:
    """Where the amounts of a path land."""
    for left, mapping in maps.items():
        if mapping is None or mapping.to is None or left not in numbering.quantity:
            continue
        if mapping.to not in numbering.quantity:
            continue
        landed, sign = landing(numbering.topology, path.target, mapping.to)
        beside = [
            (numbering.quantity[term.quantity], term.sign * turn)
            for terms, turn in ((mapping.plus, 1), (mapping.minus, -1))
            for term in terms
            if term.quantity in numbering.quantity and term.system in {None, path.source}
        ]
        yield Change(
            left=numbering.quantity[left],
            right=numbering.quantity[mapping.to],
            cell=numbering.number.get(landed, -1) if landed.system == path.target else -1,
            factor=_factor(numbering, path, left, mapping) * sign,
            rounding=_rounding(numbering, path, mapping),
            beside=tuple(beside),
        )


def _factor(numbering: Numbering, path: WritePath, left: str, mapping: QuantityMapping) -> Number:
    stated = mapping.unit_factor
    right = mapping.to or left
    found: Number
    if isinstance(stated, Fraction | int):
        found = plain(Fraction(stated))
    else:
        found = numbering.units.right_factor(path.source, left, path.target, right)
    return -found if mapping.sign == "negated" else found


def _rounding(numbering: Numbering, path: WritePath, mapping: QuantityMapping) -> str | None:
    if mapping.rounding not in {None, "none"}:
        return mapping.rounding
    holding = numbering.topology.systems[path.target].holds.get(mapping.to or "")
    return "nearest" if holding is not None and holding.integer_only else None


def values_of(numbering: Numbering, path: WritePath, maps: dict[str, QuantityMapping | None]) -> Iterable[Value]:
    """What a path of whole values writes."""
    for left, mapping in maps.items():
        if mapping is None or mapping.to is None or _states_nothing_of(numbering, path, left):
            continue
        landed, sign = landing(numbering.topology, path.target, mapping.to)
        if landed not in numbering.number:
            continue
        there = Cell(path.target, mapping.to)
        terms: dict[int, Number] = {}
        constant: Number = 0
        factor = _factor(numbering, path, left, mapping)
        for position, read in enumerate(reads_of(path, left, mapping)):
            turn = factor if position == 0 else 1 if position <= len(mapping.plus) else -1
            shown = numbering.shows(read)
            constant += shown.constant * turn
            for index, weight in shown.terms:
                terms[index] = terms.get(index, 0) + weight * turn
        held = left in numbering.topology.systems[path.source].holds
        truth = None
        if path.base == "event" or not held:
            truth = numbering.truths.number_of(Cell(path.target, mapping.to), left)
        yield Value(
            cell=numbering.number[landed],
            form=Sum(tuple(sorted(terms.items())), plain(constant)),
            sign=sign,
            derived=numbering.shows(there) if landed != there else None,
            rounding=_rounding(numbering, path, mapping),
            truth=truth,
            scale=numbering.units.scale(path.target, mapping.to)
            * Fraction(numbering.units.right_factor(path.source, left, path.target, mapping.to))
            / factor,
            left=numbering.quantity.get(left, -1),
        )


def put_back(numbering: Numbering, path: WritePath, maps: dict[str, QuantityMapping | None]) -> Iterable[Value]:
    """What a path that keeps a number of its target writes back; nothing where it looks first what has changed."""
    if path.op == "cas" or path.guard == "cas" or path.only_if_changed:
        return
    for left, mapping in maps.items():
        there = None if mapping is None or mapping.to is None else Cell(path.target, mapping.to)
        if there is None or there.quantity not in numbering.topology.systems[path.target].holds:
            continue
        landed, sign = landing(numbering.topology, *there)
        if landed in numbering.number:
            shown = numbering.shows(there)
            derived = shown if landed != there else None
            yield Value(
                numbering.number[landed], shown, sign, derived, rounding=None, left=numbering.quantity.get(left, -1)
            )


def _states_nothing_of(numbering: Numbering, path: WritePath, left: str) -> bool:
    """Whether a path that brings the numbers of its events lists none that moves a quantity."""
    listed = [numbering.topology.events[name] for name in path.events or () if name in numbering.topology.events]
    return path.base == "event" and bool(listed) and not any(left in event.effects for event in listed)


def carry(numbering: Numbering, path: WritePath) -> tuple[int, ...]:
    """Which amounts go on as they are: all, into a relay, where nothing is said of any; else those mapped only."""
    as_they_are = path.maps is None and not numbering.topology.systems[path.target].holds
    return tuple(index if as_they_are else -1 for index in range(len(numbering.quantities)))


def accepts(numbering: Numbering, path: WritePath) -> Iterable[tuple[int, frozenset[str], bool]]:
    """The states in which a target takes what a path brings, or refuses it."""
    target = numbering.topology.systems[path.target]
    for states, wanted in (
        (path.accepts_when, True),
        (target.accepts_when, True),
        (path.refused_when, False),
        (target.refused_when, False),
    ):
        for quantity, names in (states or {}).items():
            cell = Cell(path.target, quantity)
            if cell in numbering.number:
                yield numbering.number[cell], frozenset(names), wanted


def watched(
    numbering: Numbering, path: WritePath, maps: dict[str, QuantityMapping | None]
) -> Iterable[tuple[int, int]]:
    """The stored cells of which a path reports every change, each with the quantity of the message."""
    for left, mapping in maps.items():
        if mapping is not None and mapping.to is not None and Cell(path.source, left) in numbering.number:
            yield numbering.number[Cell(path.source, left)], numbering.quantity[left]
