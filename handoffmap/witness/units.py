"""How many base units one unit of a cell is: from the factors that the map itself states.

Two cells of one unit want the factor 1. Between two units the factor that a path states is taken for right, unless
it is 1, which cannot be.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.witness.tables import plain

if TYPE_CHECKING:
    from handoffmap.model import System, Topology, WritePath
    from handoffmap.witness.tables import Number

__all__ = ["Units", "only_unit", "same_unit"]

_PIECES = frozenset({"each", "ea", "pc", "pcs", "piece", "pieces", "unit", "units"})
"""Words for one and the same unit."""

_UNLIKE = 12
"""Units of which nothing is known but that they differ."""


def same_unit(unit: str | None) -> str | None:
    """The name under which a unit is compared."""
    return "each" if unit is not None and unit.lower() in _PIECES else unit


def only_unit(system: System) -> str | None:
    """The one unit in which a system counts everything that it holds, if there is one."""
    units = {same_unit(holding.unit) for holding in system.holds.values()}
    return units.pop() if len(units) == 1 else None


class Units:
    """Scales of the units of one topology."""

    def __init__(self, topology: Topology, first: tuple[WritePath, ...] = ()) -> None:
        self.topology = topology
        self._known: dict[tuple[str, str], Number | None] = {}
        self.paths = (*first, *topology.write_paths.values())
        """Those of the slice first, the nearest before all: what holds nothing counts as its target does."""
        edges: dict[str, list[tuple[str, Fraction]]] = {}
        names = {
            same_unit(holding.unit) or ""
            for system in topology.systems.values()
            for holding in system.holds.values()
            if holding.unit is not None
        }
        for path in topology.write_paths.values():
            for left, mapping in (path.maps or {}).items():
                if mapping is None or mapping.to is None or not isinstance(mapping.unit_factor, Fraction | int):
                    continue
                here, there = self.unit(path.source, left), self.unit(path.target, mapping.to)
                factor = Fraction(mapping.unit_factor)
                if here is None or there is None or here == there or factor in {0, 1}:
                    continue
                edges.setdefault(here, []).append((there, factor))
                edges.setdefault(there, []).append((here, 1 / factor))
        base = "each" if "each" in names else min(names, default="")
        self.scales: dict[str, Fraction] = {base: Fraction(1)}
        todo = [base]
        while todo:
            here = todo.pop(0)
            for there, factor in edges.get(here, ()):
                if there not in self.scales:  # one `here` is `factor` of `there`
                    self.scales[there] = self.scales[here] / factor
                    todo.append(there)
        for number, name in enumerate(sorted(names - set(self.scales))):
            self.scales[name] = Fraction(_UNLIKE + number)

    def unit(self, system: str, quantity: str) -> str | None:
        """The unit of a cell; of what a system does not hold the one unit in which it counts all the rest.

        None: unknown, or there is no such unit.
        """
        holds = self.topology.systems[system].holds
        return same_unit(holds[quantity].unit) if quantity in holds else only_unit(self.topology.systems[system])

    def scale(self, system: str, quantity: str) -> Number:
        """Base units in one unit of a cell; for a system that holds nothing, of the cell that it sends to."""
        found = self.known_scale(system, quantity)
        return 1 if found is None else found

    def known_scale(self, system: str, quantity: str) -> Number | None:
        """The same; None where nothing tells in which unit a system counts what it does not hold."""
        if (system, quantity) not in self._known:
            self._known[system, quantity] = self._scale(system, quantity, 0)
        return self._known[system, quantity]

    def _scale(self, system: str, quantity: str, depth: int) -> Number | None:
        holds = self.topology.systems[system].holds
        if quantity in holds:
            return plain(self.scales.get(same_unit(holds[quantity].unit) or "", Fraction(1)))
        only = only_unit(self.topology.systems[system])
        if only is not None:
            return plain(self.scales.get(only, Fraction(1)))
        if depth < len(self.topology.systems):
            for path in self.paths:
                if path.source != system:
                    continue
                mapping = (path.maps or {}).get(quantity)
                if mapping is not None and mapping.to is not None and path.target != system:
                    if isinstance(mapping.unit_factor, Fraction):
                        return 1  # a factor is stated: what it turns into the target's unit is single pieces
                    return self._scale(path.target, mapping.to, depth + 1)
        return None

    def right_factor(self, source: str, left: str, target: str, right: str) -> Number:
        """What an amount has to be multiplied with on its way from one cell to another."""
        if self.unit(source, left) is None or right not in self.topology.systems[target].holds:
            return 1
        return plain(Fraction(self.scale(source, left)) / self.scale(target, right))
