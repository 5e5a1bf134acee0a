"""One slice **in numbers**: its systems, stored cells, quantities and truths, as the tables name them.

All that a cell shows is told over stored cells, and all that it ought to show over truths.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Literal

from handoffmap.model import Cell, Dedupe
from handoffmap.witness import promises
from handoffmap.witness.slices import bases_of, carries, under_one_key
from handoffmap.witness.tables import Sum, plain
from handoffmap.witness.truths import Truths
from handoffmap.witness.units import Units

if TYPE_CHECKING:
    from handoffmap.model import Topology, WritePath
    from handoffmap.witness.slices import Upstream
    from handoffmap.witness.tables import Figures, Number

__all__ = ["Numbering"]


class Numbering:
    """What is upstream of one cell of one map, numbered."""

    def __init__(self, topology: Topology, cell: Cell, up: Upstream, figures: Figures) -> None:
        self.topology = topology
        self.cell = cell
        self.up = up
        self.figures = figures
        self.units = Units(topology, up.nearest_first)
        self.stored = tuple(each for each in self.up.cells if not bases_of(topology, each))
        self.number = {each: index for index, each in enumerate(self.stored)}
        names = {each.system for each in self.up.cells} | {cell.system}
        for path in self.up.paths:
            names |= {path.source, path.target}
        for event in topology.events.values():
            names |= {origin.system for origin in event.origins if origin.system in topology.systems}
        self.systems = tuple(sorted(names))
        self.system = {name: index for index, name in enumerate(self.systems)}
        wanted = {each.quantity for each in self.up.cells} | {quantity for _, quantity in self.up.amounts}
        for path in self.up.paths:
            for left, mapping in (path.maps or {}).items():
                if mapping is not None and mapping.to is not None and (path.target, mapping.to) in self.number:
                    wanted |= {left, mapping.to}
        self.truths = Truths(topology, self.units)
        self.truths.want(cell)
        for each in self.up.cells:
            self.truths.want(each)
        wanted |= {key.quantity for key in self.truths.keys}
        self.quantities = tuple(sorted(wanted))
        self.quantity = {name: index for index, name in enumerate(self.quantities)}
        self._keys: dict[str, Literal["instance", "order"] | None] = {}

    def restated(self, topology: Topology, up: Upstream) -> Numbering | None:
        """The same part of a map with other facts; None where these change more than how paths deliver."""
        paths, others = self.topology.write_paths, topology.write_paths
        same = topology.systems is self.topology.systems and topology.events is self.topology.events
        if not same or not all(
            path is others[name] or _moves_alike(path, others[name]) for name, path in paths.items()
        ):
            return None
        found = copy(self)
        found.topology, found.up, found._keys = topology, up, {}  # noqa: SLF001 - its own copy
        return found

    def shows(self, cell: Cell) -> Sum:
        """What a cell shows, over stored cells; a computed one holds its own buffer back."""
        terms: dict[int, Number] = {}
        constant = self._add(terms, cell, 1, set())
        return Sum(tuple(sorted((index, factor) for index, factor in terms.items() if factor)), plain(constant))

    def _add(self, terms: dict[int, Number], cell: Cell, factor: Number, seen: set[Cell]) -> Number:
        formula = bases_of(self.topology, cell)
        if formula and cell not in seen:
            constant = -factor * (self.topology.systems[cell.system].holds[cell.quantity].buffer or 0)
            for term in formula:
                base = Cell(term.system or cell.system, term.quantity)
                constant += self._add(terms, base, factor * term.sign, seen | {cell})
            return constant
        if cell in self.number:
            index = self.number[cell]
            terms[index] = terms.get(index, 0) + factor
        return 0

    def told_apart(self, path: WritePath) -> Literal["instance", "order"] | None:
        """What the keys of a path's ledger name; None: nobody has said, and it may be either."""
        if not isinstance(path.dedupe, Dedupe):
            return "instance"
        if path.id not in self._keys:
            self._keys[path.id] = promises.key_names(path, under_one_key(self.topology, self.up, path))
        return self._keys[path.id]

    def key_space(self, path: WritePath, dedupe: Dedupe) -> str:
        """The ledger of a path, and the words of its keys where all that share it state theirs: others never meet."""
        if dedupe.ledger is None:
            return f"{path.id} itself"
        sharing = [each.dedupe for each in self.up.paths if each.target == path.target]
        keys = [each.key for each in sharing if isinstance(each, Dedupe) and each.ledger == dedupe.ledger]
        return dedupe.ledger if None in keys else " ".join((dedupe.ledger, *sorted(set(dedupe.key or ()))))


def _moves_alike(path: WritePath, other: WritePath) -> bool:
    """Whether two statements of one path differ in nothing but how it delivers."""
    return path.maps is other.maps and path.events is other.events and carries(path) == carries(other)
