"""The truths of a slice, and what each cell **ought to show** by them.

A truth is one number per quantity and scope: the places that a cell counts, or the share of one system.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.model import Cell
from handoffmap.witness.slices import bases_of
from handoffmap.witness.tables import Sum, plain

if TYPE_CHECKING:
    from handoffmap.model import Holding, Topology
    from handoffmap.witness.tables import Number
    from handoffmap.witness.units import Units

__all__ = ["TruthKey", "Truths"]


class TruthKey(NamedTuple):
    """Which events a truth counts."""

    quantity: str
    own: str | None
    """Only those that happen at this system."""
    places: frozenset[str] | None
    """Only those at these places; None: all."""

    def __str__(self) -> str:
        where = self.own or "+".join(sorted(self.places or ()))
        return f"{self.quantity} at {where}" if where else self.quantity


class Truths:
    """The truths that the cells of a slice are held against, numbered in the order of asking."""

    def __init__(self, topology: Topology, units: Units) -> None:
        self.topology = topology
        self.units = units
        self.keys: list[TruthKey] = []
        self._known: dict[Cell, Sum] = {}

    def want(self, cell: Cell) -> None:
        """Make sure that what this cell ought to show can be told."""
        self.expectation(cell, always=True)

    def number_of(self, cell: Cell, quantity: str | None = None) -> int:
        """The truth of a cell's own quantity, or of another one, in the cell's scope."""
        holding = self.topology.systems[cell.system].holds.get(cell.quantity)
        places = None
        if holding is not None and isinstance(holding.locations, tuple):
            places = frozenset(holding.locations)
        own = cell.system if holding is not None and holding.share == "own" else None
        key = TruthKey(quantity or cell.quantity, own, places)
        if key not in self.keys:
            self.keys.append(key)
        return self.keys.index(key)

    def expectation(self, cell: Cell, *, always: bool = False) -> Sum | None:
        """What a cell ought to show, over truths; None where nothing is expected of it."""
        holding = self.topology.systems[cell.system].holds[cell.quantity]
        if holding.role == "consumer" and not always:
            return None
        if cell not in self._known:
            self._known[cell] = self._form(cell, holding)
        return self._known[cell]

    def _form(self, cell: Cell, holding: Holding) -> Sum:
        scale = Fraction(1) / self.units.scale(*cell)
        terms: dict[int, Number] = {}
        self._add(terms, cell, scale, set())
        constant = -Fraction(holding.buffer or 0) + self.of_statuses(holding)
        return Sum(tuple(sorted((index, plain(factor)) for index, factor in terms.items() if factor)), plain(constant))

    def _add(self, terms: dict[int, Number], cell: Cell, factor: Number, seen: set[Cell]) -> None:
        formula = bases_of(self.topology, cell)
        if not formula:
            own = self.topology.quantities.get(cell.quantity)
            formula = own.formula if own is not None else None
        if formula and cell not in seen:
            for term in formula:
                base = Cell(term.system or cell.system, term.quantity)
                self._add(terms, base, factor * term.sign, seen | {cell})
            return
        index = self.number_of(cell)
        terms[index] = terms.get(index, 0) + factor

    def of_statuses(self, holding: Holding) -> Number:
        """Stock in statuses that this cell counts and others of its quantity do not: a constant for each."""
        if holding.statuses is None:
            return 0
        stated = {
            other.statuses
            for system in self.topology.systems.values()
            for other in system.holds.values()
            if other.statuses is not None and other.quantity == holding.quantity
        }
        names = sorted({word for statuses in stated for word in statuses})
        always = set(names).intersection(*map(set, stated)) if stated else set()
        # Few enough that a small start stays one: a clamp may be reached although such stock is there.
        return sum(1 << names.index(word) for word in set(holding.statuses) - always)

    def counts(self, key: TruthKey, origin: str) -> bool:
        """Whether an event at this origin is counted by a truth."""
        if key.own is not None:
            return key.own == origin
        if key.places is None:
            return True
        holding = self.topology.systems[origin].holds.get(key.quantity)
        if holding is None or not isinstance(holding.locations, tuple):
            return True
        if not key.places.isdisjoint(holding.locations):
            return True
        return any(
            path.source == origin and path.enabled and path.location in key.places
            for path in self.topology.write_paths.values()
        )
