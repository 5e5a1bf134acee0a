"""What is **upstream of a cell**: the cells, paths, amounts and controls that can move it, and nothing else.

The closure runs backwards. A cell wants the paths that write it; a path of values wants the cells that it reads; a
path of amounts wants the amounts that arrive where it starts; and where an amount or an event must arrive, the paths
that bring it are wanted too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.model import Cell, Dedupe
from handoffmap.vocabulary import ADDING, PUSHED, WRITING
from handoffmap.witness.promises import puts_back
from handoffmap.witness.remembering import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from handoffmap.model import Control, Event, QuantityMapping, Term, Topology, WritePath

__all__ = [
    "Upstream", "bases_of", "carries", "coming", "landing", "pruned_upstream", "reads_of", "reports", "restated",
    "rewrites", "upstream",
]  # fmt: skip


class Upstream(NamedTuple):
    """The part of a topology that one cell can depend on."""

    cells: tuple[Cell, ...]
    """Cells that matter, derived ones included."""
    paths: tuple[WritePath, ...]
    controls: tuple[Control, ...]
    amounts: frozenset[tuple[str, str]]
    """(system, quantity): amounts of that quantity arriving there matter."""
    arrivals: frozenset[str]
    """Systems where it matters that an event arrives."""
    quantities: frozenset[str]
    """Those of its cells and amounts."""
    system: str
    """That of the one cell."""

    @property
    def is_corrected_ahead(self) -> bool:
        """Whether a correction may bring what a relay is never told, which has nothing to send on then."""
        values = [path for path in self.paths if carries(path) == "state"]
        relayed = {path.target for path in values} & {path.source for path in values}
        return bool(relayed) and any(control.on_mismatch == "correct" for control in self.controls)

    @property
    def nearest_first(self) -> tuple[WritePath, ...]:
        """Its paths, those into the system of the one cell before the others."""
        return tuple(sorted(self.paths, key=lambda path: path.target != self.system))


def rewrites(path: WritePath) -> bool:
    """Whether a path reads the target, changes the number and writes it back: it carries amounts."""
    return path.base in {"target", "cached"} and not puts_back(path)


def carries(path: WritePath) -> str | None:
    """`delta` or `state`: what a message of this path is; None where nobody has said."""
    if rewrites(path):
        return "delta"
    if path.payload == "notify_then_fetch" or puts_back(path):
        return "state"
    if path.payload is not None:
        return path.payload
    if path.base == "event":
        return "state"
    if path.op in ADDING:
        return "delta"
    return "state" if path.op in WRITING else None


def reports(path: WritePath) -> bool:
    """Whether a path sends the difference of every change of a number, whatever made it, and no event."""
    return path.events is None and "fires_on" in path.stated and carries(path) == "delta"


def bases_of(topology: Topology, cell: Cell) -> tuple[Term, ...] | None:
    """The formula of a derived cell; None for a cell that stores a number of its own."""
    system = topology.systems.get(cell.system)
    holding = system.holds.get(cell.quantity) if system else None
    if holding is None or holding.role != "derived":
        return None
    return holding.derived_from


def landing(topology: Topology, system: str, quantity: str) -> tuple[Cell, int]:
    """The cell that stores what is written to a cell: itself, or the first base of a derived one, with its sign."""
    cell, sign = Cell(system, quantity), 1
    formula = bases_of(topology, cell)
    seen: set[Cell] = set()
    while formula and cell not in seen:
        seen.add(cell)
        first = formula[0]
        cell, sign = Cell(first.system or cell.system, first.quantity), sign * first.sign
        formula = bases_of(topology, cell)
    return cell, sign


def reads_of(path: WritePath, left: str, mapping: QuantityMapping) -> Iterator[Cell]:
    """The cells that one mapping of a path reads: the left side and the terms beside it."""
    yield Cell(path.source, left)
    for term in (*mapping.plus, *mapping.minus):
        yield Cell(term.system or path.source, term.quantity)


def upstream(topology: Topology, cell: Cell) -> Upstream:
    """Everything that can move a cell."""
    return _Closure(topology).of(cell)


@remembered
def mended_by_its_copy(topology: Topology, control: Control) -> bool:
    """Whether the mirror of a control is what its authority is copied from: nobody mends a count by that."""
    if control.authority is None or control.mirror is None:
        return False
    others = {name: each for name, each in (topology.controls or {}).items() if name != control.id}
    without = topology._replace(controls=others)
    if control.mirror not in upstream(without, control.authority).cells:
        return False
    from handoffmap.witness.compiling import Compiled  # what is drawn may never send anything: its tables tell
    from handoffmap.witness.idle import copied

    mirror, _ = landing(topology, *control.mirror)
    return mirror in copied(Compiled(without, control.authority).large)


class _Index(NamedTuple):
    """What every walk through one map asks."""

    into: Mapping[str, list[WritePath]]
    """System -> the paths into it that may ever send anything."""
    kind: Mapping[str, str | None]
    """Path -> what it `carries`."""
    setters: frozenset[str]
    """Systems at which a quantity is counted anew."""


@remembered
def _index(topology: Topology) -> _Index:
    into: dict[str, list[WritePath]] = {}
    kind = {path.id: carries(path) for path in topology.write_paths.values() if path.enabled}
    for path in topology.write_paths.values():
        if path.enabled and not (kind[path.id] == "delta" and _waits_for_nothing(topology, path)):
            into.setdefault(path.target, []).append(path)
    return _Index(into, kind, _setters(topology))


def _waits_for_nothing(topology: Topology, path: WritePath) -> bool:
    """Whether none of the events that it waits for is in the map."""
    return path.events is not None and not any(event in topology.events for event in path.events)


class _Closure:
    """One backward walk."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.cells: dict[Cell, None] = {}
        self.paths: dict[str, WritePath] = {}
        self.controls: dict[str, Control] = {}
        self.amounts: dict[tuple[str, str], None] = {}
        self.arrivals: dict[str, None] = {}
        self.into, self.kind, self.setters = _index(topology)
        self.todo: list[tuple[str, str, str]] = []

    def of(self, cell: Cell) -> Upstream:
        self.want_cell(cell)
        while self.todo:
            kind, system, quantity = self.todo.pop()
            if kind == "cell":
                self.writers(Cell(system, quantity))
            elif kind == "amount":
                self.bringers(system, quantity)
            else:
                self.arrivers(system)
        return Upstream(
            tuple(sorted(self.cells)),
            tuple(self.paths[name] for name in sorted(self.paths)),
            tuple(self.controls[name] for name in sorted(self.controls)),
            frozenset(self.amounts),
            frozenset(self.arrivals),
            frozenset(each.quantity for each in self.cells).union(quantity for _, quantity in self.amounts),
            cell.system,
        )

    # -- what is wanted ------------------------------------------------------------------------------------

    def want_cell(self, cell: Cell) -> None:
        system = self.topology.systems.get(cell.system)
        if system is None or cell.quantity not in system.holds or cell in self.cells:
            return
        self.cells[cell] = None
        self.todo.append(("cell", *cell))

    def want_amount(self, system: str, quantity: str) -> None:
        if (system, quantity) not in self.amounts:
            self.amounts[system, quantity] = None
            self.todo.append(("amount", system, quantity))
            self.want_arrivals(system)

    def want_arrivals(self, system: str) -> None:
        if system not in self.arrivals:
            self.arrivals[system] = None
            self.todo.append(("arrivals", system, ""))

    def want_path(self, path: WritePath) -> None:
        if path.id in self.paths:
            return
        self.paths[path.id] = path
        kind = self.kind[path.id]
        if kind != "state" and not reports(path):
            self.want_arrivals(path.source)
        if kind != "delta" and path.events is not None:
            self.want_arrivals(path.source)
        if path.amount_from is not None:
            self.want_cell(path.amount_from)
        self.flags(path)
        if path.dedupe is not None and path.dedupe != "none" and path.dedupe.ledger is not None:
            self.sharers(path.target, path.dedupe.ledger)

    def flags(self, path: WritePath) -> None:
        target = self.topology.systems[path.target]
        for states in (path.accepts_when, path.refused_when, target.accepts_when, target.refused_when):
            for quantity in states or ():
                self.want_cell(Cell(path.target, quantity))

    # -- who brings it -------------------------------------------------------------------------------------

    def writers(self, cell: Cell) -> None:
        formula = bases_of(self.topology, cell)
        if formula:
            for term in formula:
                self.want_cell(Cell(term.system or cell.system, term.quantity))
            return
        for path in self.into.get(cell.system, ()):
            self.writer(path, cell)
        for control in (self.topology.controls or {}).values():
            self.corrector(control, cell)
        if cell.system in self.setters:
            for event in self.topology.events.values():
                for other, effect in event.effects.items():
                    if effect.kind == "set" and cell.quantity in event.effects:
                        self.want_cell(Cell(cell.system, other))

    def writer(self, path: WritePath, cell: Cell) -> None:
        kind = self.kind[path.id]
        if path.maps is None:
            self.unmapped(path, cell)
            return
        for left, mapping in path.maps.items():
            if mapping is None:
                if left == cell.quantity:
                    self.want_path(path)
                    self.want_amount(path.source, left)
                continue
            itself = mapping.to == cell.quantity  # the cell is a stored one: what is written to it lands there
            if mapping.to is None or not (itself or landing(self.topology, path.target, mapping.to)[0] == cell):
                continue
            self.want_path(path)
            if not itself:
                self.want_cell(Cell(path.target, mapping.to))
            for read in () if puts_back(path) else reads_of(path, left, mapping):
                if kind != "state" and read.system == path.source and not reports(path):
                    self.want_amount(*read)
                if kind != "delta" or reports(path):
                    self.want_cell(read)

    def unmapped(self, path: WritePath, cell: Cell) -> None:
        """What a path may write of which nobody has said where it lands: the cell, or one that is computed over it."""
        self.want_path(path)
        for name in self.topology.systems[cell.system].holds:
            if landing(self.topology, cell.system, name)[0] == cell:
                self.want_cell(Cell(cell.system, name))
                self.want_amount(path.source, name)
                self.want_cell(Cell(path.source, name))

    def corrector(self, control: Control, cell: Cell) -> None:
        if control.kind != "reconciliation" or control.authority is None or control.mirror is None:
            return
        corrected = control.corrects or control.mirror
        if landing(self.topology, *corrected)[0] != cell or control.on_mismatch in {"none", "block"}:
            return
        if control.on_mismatch in {"alert", "report"} and (
            corrected != control.mirror or mended_by_its_copy(self.topology, control)
        ):
            return
        self.controls[control.id] = control
        self.want_cell(control.authority)
        self.want_cell(control.mirror)

    def bringers(self, system: str, quantity: str) -> None:
        if system in self.setters:
            self.want_cell(Cell(system, quantity))
        for path in self.into.get(system, ()):
            if self.kind[path.id] == "state":
                continue
            self.want_path(path)
            lefts = [
                left for left, mapping in (path.maps or {}).items() if mapping is not None and mapping.to == quantity
            ]
            for left in lefts or [quantity]:
                self.want_amount(path.source, left)

    def arrivers(self, system: str) -> None:
        for path in self.into.get(system, ()):
            if self.kind[path.id] != "state":
                self.want_path(path)

    def sharers(self, target: str, ledger: str) -> None:
        for path in self.into.get(target, ()):
            dedupe = path.dedupe
            if dedupe is not None and dedupe != "none" and dedupe.ledger == ledger and self.kind[path.id] != "state":
                self.want_path(path)


def _setters(topology: Topology) -> frozenset[str]:
    """The systems at which a quantity is counted anew."""
    return frozenset(
        origin.system
        for event in topology.events.values()
        if any(effect.kind == "set" for effect in event.effects.values())
        for origin in event.origins
    )


@remembered
def pruned_upstream(topology: Topology, cell: Cell) -> Upstream:
    """What is upstream of a cell, without paths that bring nothing to anybody who waits for it."""
    return _pruned(topology, upstream(topology, cell))


def restated(topology: Topology, up: Upstream) -> Upstream:
    """The same part of a map in which some of its facts are stated otherwise, none that shapes it."""
    controls = topology.controls or {}
    return up._replace(
        paths=tuple(topology.write_paths[path.id] for path in up.paths),
        controls=tuple(controls[control.id] for control in up.controls),
    )


def _pruned(topology: Topology, up: Upstream) -> Upstream:
    """Drop paths until each writes a cell of the slice, fills a ledger of it, or brings what a kept one waits for."""
    ledgers = {
        (path.target, path.dedupe.ledger)
        for path in up.paths
        if isinstance(path.dedupe, Dedupe) and path.dedupe.ledger is not None
    }
    moving = _moving_events(topology, up)
    cells = frozenset(up.cells)
    needed = {
        path.id
        for path in up.paths
        if _writes(topology, up, cells, path, moving)
        or (
            isinstance(path.dedupe, Dedupe)
            and (path.target, path.dedupe.ledger) in ledgers
            and _listed(topology, path) & moving
        )
    }
    paths = list(up.paths)
    while True:
        kept = [path for path in paths if path.id in needed or _awaited(topology, path, paths, moving)]
        if len(kept) == len(paths):
            return up._replace(paths=tuple(kept))
        paths = kept


def _moving_events(topology: Topology, up: Upstream) -> frozenset[str]:
    """Events that move any quantity that matters anywhere in the slice."""
    return frozenset(event.id for event in topology.events.values() if _moves(up, event))


def _moves(up: Upstream, event: Event) -> bool:
    return not up.quantities.isdisjoint(event.effects)


def under_one_key(topology: Topology, up: Upstream, path: WritePath) -> Iterator[str]:
    """Events of the slice that the keys of a path's ledger have to tell apart: its own, and those keyed alike in it.

    In their order; looked for only where somebody asks, because most keys tell by themselves what they name.
    """
    sharing = [path]
    if isinstance(path.dedupe, Dedupe) and path.dedupe.ledger is not None:
        for other in up.paths:
            mine = isinstance(other.dedupe, Dedupe) and other.target == path.target
            if mine and _keyed(other) == _keyed(path):
                sharing.append(other)
    events = topology.events
    found = set[str]().union(*(coming(topology, up, each) for each in sharing))
    wanted = _wanted(topology, up)
    lefts = frozenset[str]().union(*(_landing_here(topology, up, each, wanted) for each in sharing))
    yield from sorted(name for name in found if name in events and not lefts.isdisjoint(events[name].effects))


def _landing_here(topology: Topology, up: Upstream, path: WritePath, wanted: set[Cell]) -> frozenset[str]:
    """The quantities that a path carries to what is wanted of its target."""
    if path.maps is None:
        return up.quantities
    return frozenset(
        left
        for left, to in path.maps.items()
        if to is None or (to.to is not None and landing(topology, path.target, to.to)[0] in wanted)
    )


def _wanted(topology: Topology, up: Upstream) -> set[Cell]:
    """The cells of a slice, and what is carried on to them from anywhere, held there or not."""
    wanted = set(up.cells)
    before = -1
    while before < len(wanted):
        before = len(wanted)
        for path in up.paths:
            wanted.update(Cell(path.source, left) for left in _landing_here(topology, up, path, wanted))
    return wanted


def coming(topology: Topology, up: Upstream, path: WritePath) -> set[str]:
    """The events of which a path may send a message: they come to its source, and no tag keeps them from its target."""
    apart = path.target if path.origin_tag else None
    bringing = [other for other in up.paths if carries(other) != "state" and other.target != apart]
    found = set()
    for name in _listed(topology, path) & topology.events.keys():
        there = {origin.system for origin in topology.events[name].origins} - {apart}
        reached = 0
        while reached < len(there):
            reached = len(there)
            there |= {each.target for each in bringing if each.source in there and name in _listed(topology, each)}
        if path.source in there:
            found.add(name)
    return found


def _keyed(path: WritePath) -> object:
    assert isinstance(path.dedupe, Dedupe)  # noqa: S101 - asked for such only
    return (path.dedupe.ledger, frozenset(path.dedupe.key or ()), path.dedupe.unique_per_effect)


def _listed(topology: Topology, path: WritePath) -> frozenset[str]:
    return frozenset(topology.events if path.events is None else path.events)


def _writes(topology: Topology, up: Upstream, cells: frozenset[Cell], path: WritePath, moving: frozenset[str]) -> bool:
    """Whether it can change a cell of the slice."""
    kind = carries(path)
    perhaps = kind is None and path.trigger in PUSHED and path.events is None  # a list sets off values as well
    by_event = (kind == "delta" or perhaps) and not reports(path)
    if path.maps is None:
        return not by_event or bool(_listed(topology, path) & moving)
    for left, mapping in path.maps.items():
        if mapping is not None and (mapping.to is None or landing(topology, path.target, mapping.to)[0] not in cells):
            continue
        lefts = {left} if mapping is None else {left, *(term.quantity for term in (*mapping.plus, *mapping.minus))}
        if perhaps:  # a value that is computed changes with what it is computed from
            lefts = _computed_from(topology, path.source, lefts)
        if not by_event or any(
            not lefts.isdisjoint(topology.events[name].effects)
            for name in _listed(topology, path)
            if name in topology.events
        ):
            return True
        if path.source in {other.target for other in up.paths if _renames(other, lefts)}:
            return True
    return False


def _computed_from(topology: Topology, system: str, quantities: set[str]) -> set[str]:
    """Quantities of a system with those that they are computed from there."""
    found, todo = set(quantities), list(quantities)
    while todo:
        terms = bases_of(topology, Cell(system, todo.pop())) or ()
        new = {term.quantity for term in terms} - found
        found |= new
        todo.extend(new)
    return found


def _renames(path: WritePath, names: set[str]) -> bool:
    """Whether a path brings another quantity under one of these names."""
    maps = (path.maps or {}).items()
    return any(mapping is not None and mapping.to in names and left != mapping.to for left, mapping in maps)


def _awaited(topology: Topology, path: WritePath, paths: Iterable[WritePath], moving: frozenset[str]) -> bool:
    """Whether an event that it brings is one that a path from its target fires on."""
    if carries(path) == "state" or reports(path):
        return False
    for other in paths:
        if other.source != path.target or other.id == path.id:
            continue
        if carries(other) == "state" and other.events is None:
            continue
        shared = _listed(topology, path) & _listed(topology, other)
        if shared & moving or (shared and carries(other) == "state"):  # it sends what is there, whatever has moved it
            return True
    return False
