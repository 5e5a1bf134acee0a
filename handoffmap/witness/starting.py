"""Where a slice **starts**: how much of everything there is, what the cells show, and the amounts of the events."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.vocabulary import QUANTITIES
from handoffmap.witness.tables import plain

if TYPE_CHECKING:
    from handoffmap.witness.numbering import Numbering
    from handoffmap.witness.tables import Amount, Number, PathSpec, Slice, Sum

__all__ = ["SAME", "STARTING", "amounts_of", "needs_floor", "start_truths", "start_values"]

STARTS: dict[str, int] = {
    "available": 47, "allocated": 40, "soft_reserved": 32, "safety_stock": 31, "quality_control": 33, "damaged": 34,
    "returned": 35, "incoming": 60, "in_transit": 36, "backordered": 38,
}  # fmt: skip
"""Numbers at the start: all different, none zero, and large enough for three decrements."""

SMALL = 25
"""A start from which the first event of a script can take away all that is there."""

NEARLY = 19
"""A start from which the largest amount can be taken once both of the others have come, and no sooner."""

SAME = (1, 1, 1)
"""Amounts of which one takes back another."""

STARTING = ((False, 0), (True, 0), (True, SMALL), (True, NEARLY))
"""Whether from a small start, and what is there then."""

_KEPT = ("available", "allocated", "soft_reserved", "safety_stock", "quality_control", "damaged", "returned")
"""What makes up `on_hand`, so that a formula over it is right at the start."""


def needs_floor(tables: Slice) -> bool:
    """Whether anything in the slice acts otherwise where nothing is there: a clamp, a reservation, a comparison."""
    return any(path.clamp or path.gate or path.guard == "cas" for path in tables.paths)


def start_truths(numbering: Numbering, *, floor: bool, least: int) -> tuple[Amount, ...]:
    """The truths at the start: plenty of all, or (`floor`) nothing, or `least` of each."""
    keys = numbering.truths.keys
    held_back = _taken_off(numbering)
    lot = 1 if floor else _lots(numbering)
    held = {key.quantity for key in keys}
    found: list[Amount] = []
    for key in keys:
        if _is_flag(numbering, key.quantity):
            found.append(_first_word(numbering, key.quantity))
        elif key.quantity in numbering.figures.start:
            found.append(numbering.figures.start[key.quantity])
        elif key.quantity in held_back:
            found.append(held_back[key.quantity])
        elif floor and key.quantity == "on_hand" and len(held) > 1:
            found.append(least * sum(name in held or name in {"available", "allocated"} for name in _KEPT))
        elif floor:
            found.append(least)
        else:
            found.append(_plenty(key.quantity, held) * lot)
    return tuple(found)


def _plenty(quantity: str, held: set[str]) -> int:
    """Of one quantity enough for three decrements of single units."""
    if len(held) == 1:
        return 47
    if quantity == "on_hand":
        return sum(STARTS[name] for name in _KEPT if name in held or name in {"available", "allocated"})
    own = sorted(held - set(QUANTITIES))
    return STARTS.get(quantity, 50 + (own.index(quantity) if quantity in own else 0))


def _lots(numbering: Numbering) -> int:
    """Base units in the largest unit that events are counted in, so that there is enough for several of those."""
    origins = {
        Cell(origin.system, quantity)
        for event in numbering.topology.events.values()
        for origin in event.origins
        if origin.system in numbering.topology.systems
        for quantity in event.effects
        if quantity in numbering.quantity
    }
    return max((math.ceil(numbering.units.scale(*each)) for each in origins), default=1)


def _taken_off(numbering: Numbering) -> dict[str, Number]:
    """Quantities that a mapping takes off for a cell with a buffer: as many of them are there as it holds back."""
    found: dict[str, Number] = {}
    for path in numbering.up.paths:
        for left, mapping in (path.maps or {}).items():
            if mapping is None or mapping.to is None or mapping.plus or len(mapping.minus) != 1:
                continue
            there = numbering.topology.systems[path.target].holds.get(mapping.to)
            here = numbering.topology.systems[path.source].holds.get(left)
            if there is not None and there.buffer and not (here is not None and here.buffer):
                found[mapping.minus[0].quantity] = plain(Fraction(there.buffer))
    return found


def _is_flag(numbering: Numbering, quantity: str) -> bool:
    own = numbering.topology.quantities.get(quantity)
    return own is not None and own.meaning == "flag"


def _first_word(numbering: Numbering, flag: str) -> Amount:
    """The state in which things begin: one that somebody accepts, where that is said."""
    states = [path.accepts_when for path in numbering.up.paths]
    states += [numbering.topology.systems[path.target].accepts_when for path in numbering.up.paths]
    accepted = {word for each in states for word in (each or {}).get(flag, ())}
    return min(accepted) if accepted else 0


def start_values(numbering: Numbering, start: tuple[Amount, ...]) -> tuple[Amount, ...]:
    """What stands in the stored cells at the start: what ought to, or nothing where a cell opens empty."""
    values: list[Amount] = []
    for cell in numbering.stored:
        form = numbering.truths.expectation(cell, always=True)
        value: Number = 0
        if form is not None:
            words = [start[index] for index, _ in form.terms if isinstance(start[index], str)]
            if words:
                values.append(words[0])
                continue
            value = form.constant + _total(start, form)
        if numbering.topology.systems[cell.system].holds[cell.quantity].opening == "none":
            value = 0
        values.append(plain(value))
    return tuple(values)


def _total(start: tuple[Amount, ...], form: Sum) -> Number:
    total: Number = 0
    for index, factor in form.terms:
        number = start[index]
        total += 0 if number is None or isinstance(number, str) else number * factor
    return total


def amounts_of(paths: tuple[PathSpec, ...], *, floor: bool, least: int = 0) -> tuple[int, ...]:
    """Amounts that name the culprit; the largest first from a small start, equal where values must come again.

    The largest last where it is the others that it takes away.
    """
    if any(path.key == "value" or (path.if_changed and not path.pushed) for path in paths):
        return SAME
    if any(change.rounding and -1 < change.factor < 1 for path in paths for change in path.changes):
        floor, least = True, 0  # the small ones may leave nothing behind
    return (25, 5, 1) if floor and least != NEARLY else (1, 5, 25)
