"""The write-path graph, asked in the words of the domain: model -> **graph** -> arrivals.

Systems are nodes and enabled write paths are edges, parallel ones kept apart; relays (`via`) are part of the edge. What
every check asks for is indexed once; networkx holds the graph itself and answers questions of structure. It is imported
by the first such question, because most runs never ask one and its import costs more than they do.
"""

from __future__ import annotations

from math import copysign
from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.model import Cell, QuantityMapping
from handoffmap.premises.once import once
from handoffmap.vocabulary import ADDING, PULLED, PUSHED, WRITING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx

    from handoffmap.model import Dedupe, Event, Holding, Origin, System, Topology, WritePath

__all__ = ["Flow", "Write", "WritePathGraph", "cycles", "flow_of", "is_pulled", "is_pushed"]

Flow = Literal["delta", "state", "number", "kept"]
"""What a message carries.

An amount to add, the whole value of the source, a number that the event itself states, or one that was read at the
target before.
"""


class Write(NamedTuple):
    """One quantity of a path's message on its way into one cell."""

    path: WritePath
    cell: Cell
    left: str
    """The quantity at the source."""
    mapping: QuantityMapping


def flow_of(path: WritePath) -> Flow | None:
    """What the path's messages carry; None while neither payload nor op says it.

    `base: target` and `cached` apply the event's own amount to a number read at the target or kept from earlier, so
    they count as deltas; with `base: event` the event states the number. A kept number that no event sets off, but a
    hand or the clock, is written back as it was.
    """
    set_off_by_itself = path.events is None and (path.trigger == "manual" or is_pulled(path))
    if path.base == "cached" and set_off_by_itself and path.op not in ADDING:
        return "kept"
    if path.base in {"target", "cached"}:
        return "delta"
    if path.base == "event":
        return "number"
    if path.payload == "delta":
        return "delta"
    return None if path.payload is None else "state"


def read_by(write: Write) -> list[Cell]:
    """The cells that a state write computes its value from, held or not."""
    path, mapping = write.path, write.mapping
    terms = (*mapping.plus, *mapping.minus)
    return [Cell(path.source, write.left), *(Cell(term.system or path.source, term.quantity) for term in terms)]


def is_pushed(path: WritePath) -> bool:
    """Whether it fires at once."""
    return path.trigger in PUSHED


def is_pulled(path: WritePath) -> bool:
    """Whether it runs again and again by the clock."""
    return path.trigger in PULLED


def one_step(path: WritePath) -> bool:
    """Whether source and target change together, so that no message is ever under way.

    True for `handoff: same_transaction`, for paths that are `atomic_with` another, and for a gate: a `sync_call` that
    reserves or compares and sets.
    """
    if path.handoff == "same_transaction" or path.atomic_with:
        return path.trigger not in PULLED  # what is read later was not written in that step
    return path.trigger == "sync_call" and path.op in {"reserve", "cas"}


def refused_for(path: WritePath) -> str | None:
    """The field for want of which the target applies none of the path's writes; None: it takes them, or may."""
    for name, mapping in path.fields.items():
        if mapping is None or mapping.to is not None or mapping.ignored is not None:
            continue
        if (mapping.dropped and mapping.key) or path.on_unmapped in {"error", "quarantine"}:
            return name
    return None


def confused(path: WritePath) -> bool:
    """Whether payload and op contradict each other: a delta that is set, or a state that is added."""
    if path.base in {"target", "cached"}:  # an op tells the payload
        return False
    if path.payload == "delta":
        return path.op in WRITING and path.base is None
    return path.op in ADDING


class WritePathGraph:
    """The map, indexed for the questions that are asked of it. Built in time linear in the map."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.systems: Mapping[str, System] = topology.systems
        self.cells: dict[Cell, Holding] = {
            Cell(system.id, quantity): holding
            for system in topology.systems.values()
            for quantity, holding in system.holds.items()
        }
        self.enabled: list[WritePath] = []
        self.disabled: list[WritePath] = []
        self._from: dict[str, list[WritePath]] = {}
        self._into: dict[str, list[WritePath]] = {}
        self._writes: dict[Cell, list[Write]] = {}
        self._unmapped: dict[str, list[WritePath]] = {}
        self._amounts: dict[str, dict[str, list[WritePath]]] = {}
        """System -> event -> the paths that bring amounts of it, once asked for."""
        for path in topology.write_paths.values():
            if not path.enabled:
                self.disabled.append(path)
                continue
            self.enabled.append(path)
            self._from.setdefault(path.source, []).append(path)
            self._into.setdefault(path.target, []).append(path)
            self._index_writes(path)
        self.origins: dict[str, list[tuple[Event, Origin]]] = {}
        self.movers: dict[str, list[Event]] = {}
        self.counting: dict[str, tuple[str, ...]] = {}
        """Event -> the quantities that it sets to the number found, for events that do."""
        for event in topology.events.values():
            for origin in event.origins:
                self.origins.setdefault(origin.system, []).append((event, origin))
            for quantity in event.effects:
                self.movers.setdefault(quantity, []).append(event)
            counted = tuple(quantity for quantity, effect in event.effects.items() if effect.kind == "set")
            if counted:
                self.counting[event.id] = counted

    def _index_writes(self, path: WritePath) -> None:
        if path.maps is None:
            self._unmapped.setdefault(path.target, []).append(path)
            return
        for left, mapping in path.maps.items():
            if mapping is None:
                self._unmapped.setdefault(path.target, []).append(path)
            elif mapping.to is not None:
                cell = Cell(path.target, mapping.to)
                if cell in self.cells:
                    self._writes.setdefault(cell, []).append(Write(path, cell, left, mapping))

    def seen_by_ledger(self, path: WritePath) -> tuple[str, ...]:
        """The events that a path's ledger knows by keys like its own: of all paths that share a named one with it.

        Where nobody has said which events a path carries, those are all.
        """
        dedupe = path.dedupe
        if dedupe is None or dedupe == "none" or dedupe.ledger is None:
            return self._carried_by(path)
        return self._ledgers.get((dedupe.ledger, path.target, _words(dedupe)), self._carried_by(path))

    def _carried_by(self, path: WritePath) -> tuple[str, ...]:
        return self._all_events if path.events is None else path.events

    @once
    def _all_events(self) -> tuple[str, ...]:
        return tuple(self.topology.events)

    @once
    def _ledgers(self) -> dict[tuple[str, str, frozenset[str]], tuple[str, ...]]:
        found: dict[tuple[str, str, frozenset[str]], dict[str, None]] = {}
        for path in self.enabled:
            if path.dedupe is not None and path.dedupe != "none" and path.dedupe.ledger is not None:
                seen = found.setdefault((path.dedupe.ledger, path.target, _words(path.dedupe)), {})
                seen.update(dict.fromkeys(self._carried_by(path)))
        return {ledger: tuple(events) for ledger, events in found.items()}

    def moves_one_way(self, path: WritePath) -> bool:
        """Whether every quantity that a state path reads is moved in one direction only by all events there are."""
        lefts: Mapping[str, object] = path.maps if path.maps is not None else self.systems[path.source].holds
        for left, mapping in lefts.items():
            if isinstance(mapping, QuantityMapping) and (mapping.plus or mapping.minus):
                return False
            holding = self.systems[path.source].holds.get(left)
            terms = holding.derived_from if holding is not None and holding.role == "derived" else None
            signs = {term.quantity: term.sign for term in terms or ()} or {left: 1}
            ways = {
                copysign(1, effect.amount * sign) if effect.kind == "fixed" else None
                for quantity, sign in signs.items()
                for event in self.movers.get(quantity, ())
                if (effect := event.effects[quantity]).kind != "fixed" or effect.amount
            }
            if None in ways or len(ways) > 1:
                return False
        return True

    def paths_from(self, system: str) -> Sequence[WritePath]:
        """The enabled paths that leave a system."""
        return self._from.get(system, ())

    def paths_into(self, system: str) -> Sequence[WritePath]:
        """The enabled paths that end in a system."""
        return self._into.get(system, ())

    def amounts_into(self, system: str, event: str) -> Sequence[WritePath]:
        """The enabled paths that bring a system amounts of an event that they list."""
        found = self._amounts.get(system)
        if found is None:
            found = self._amounts[system] = {}
            for path in self.paths_into(system):
                if flow_of(path) == "delta":
                    for name in path.events or ():
                        found.setdefault(name, []).append(path)
        return found.get(event, ())

    def paths_of(self, system: str) -> list[WritePath]:
        """The enabled paths that leave or enter a system, each once, by id."""
        both = {path.id: path for path in (*self.paths_from(system), *self.paths_into(system))}
        return [both[key] for key in sorted(both)]

    def paths_between(self, source: str, target: str) -> list[WritePath]:
        """The enabled parallel paths from one system to another, by id."""
        return self._parallel.get((source, target), [])

    @once
    def taken_names(self) -> frozenset[str]:
        """The quantities under whose name some path brings the amounts of another one."""
        return frozenset(
            to.to
            for path in self.enabled
            for left, to in (path.maps or {}).items()
            if to is not None and to.to is not None and to.to != left
        )

    @once
    def _parallel(self) -> dict[tuple[str, str], list[WritePath]]:
        found: dict[tuple[str, str], list[WritePath]] = {}
        for path in self.enabled:
            found.setdefault((path.source, path.target), []).append(path)
        return found

    def writers_of(self, cell: Cell) -> Sequence[Write]:
        """What enabled paths write into a cell."""
        return self._writes.get(cell, ())

    def drawn_reads(self) -> dict[Cell, list[Cell]]:
        """Cell -> the cells whose values are written into it, by every state path, whether it ever fires or not."""
        found: dict[Cell, list[Cell]] = {}
        for cell, writes in self._writes.items():
            read = [each for write in writes if flow_of(write.path) == "state" for each in read_by(write)]
            if read:
                found[cell] = read
        return found

    def unclear_paths_into(self, system: str) -> Sequence[WritePath]:
        """Enabled paths into a system of which nobody has said where (some of) their quantities land."""
        return self._unmapped.get(system, ())

    def neighbours(self, system: str) -> set[str]:
        """The systems one path away, in either direction, relays left out."""
        return {path.target for path in self.paths_from(system)} | {path.source for path in self.paths_into(system)}

    def authorities_of(self, quantity: str) -> list[Cell]:
        """The cells declared authoritative for a quantity, by system."""
        return self._authorities.get(quantity, [])

    @once
    def _authorities(self) -> dict[str, list[Cell]]:
        found: dict[str, list[Cell]] = {}
        for cell, holding in self.cells.items():
            if holding.role == "authoritative":
                found.setdefault(cell.quantity, []).append(cell)
        return {quantity: sorted(cells) for quantity, cells in found.items()}

    @once
    def allocators(self) -> frozenset[str]:
        """Systems that accept commitments against stock: declared, or implied by capturing orders or sales.

        Implied is it not for a relay, which holds nothing, nor for a system that asks another one synchronously before
        it accepts (`sync_call` with `reserve` or `cas`).
        """
        found = {system.id for system in self.systems.values() if system.allocates}
        for name in ("order_captured", "pos_sale"):
            event = self.topology.events.get(name)
            for origin in event.origins if event else ():
                system = self.systems[origin.system]
                if system.allocates is not None or set(system.kinds) <= {"middleware", "edi_van"}:
                    continue
                if not any(asks_first(path, name) for path in self.paths_from(system.id)):
                    found.add(system.id)
        return frozenset(found)

    @once
    def network(self) -> nx.MultiDiGraph[str]:
        """The graph as networkx holds it: a node for each system, an edge for each enabled path, keyed by its id."""
        import networkx as nx  # see the module's docstring

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        graph.add_nodes_from(sorted(self.systems))
        for path in sorted(self.enabled, key=lambda path: path.id):
            graph.add_edge(path.source, path.target, key=path.id)
        return graph

    def groups(self) -> list[set[str]]:
        """The parts of the map that no path joins, each a set of systems, the largest first."""
        import networkx as nx

        parts = [set(part) for part in nx.weakly_connected_components(self.network)]
        return sorted(parts, key=lambda part: (-len(part), min(part)))

    def around(self, systems: Iterable[str], steps: int = 1) -> set[str]:
        """The systems at most so many paths away from the given ones, in either direction."""
        reached = set(systems)
        edge = set(reached)
        for _ in range(steps):
            edge = {near for system in edge for near in self.neighbours(system)} - reached
            reached |= edge
        return reached


def _words(dedupe: Dedupe) -> frozenset[str]:
    """The words of a key: keys of other words never meet in a ledger."""
    return frozenset(dedupe.key or ())


def compares(path: WritePath) -> bool:
    """Whether it writes only where the target still holds what the source knows (`op: cas`, or `guard: cas`)."""
    return (path.op == "cas" and path.guard != "cas_opted_out") or (path.op == "set" and path.guard == "cas")


def keeps_own_count(path: WritePath) -> bool:
    """Whether it adds to the number that it wrote last, whatever the target shows by now."""
    return path.base == "cached" and not compares(path)


def asks_first(path: WritePath, event: str) -> bool:
    """Whether a path is a gate: asked synchronously, before the event is accepted."""
    return (
        path.trigger == "sync_call" and path.op in {"reserve", "cas"} and (path.events is None or event in path.events)
    )


def cycles(edges: Mapping[Cell, Sequence[Cell]]) -> list[list[Cell]]:
    """The strongly connected parts with a cycle in them, each sorted; nodes are the keys and values of `edges`.

    What cannot lie on a cycle is peeled off first, so that a map without cycles never pays for networkx.
    """
    waiting: dict[Cell, int] = {}
    feeds: dict[Cell, list[Cell]] = {}
    for node, targets in edges.items():
        waiting.setdefault(node, 0)
        waiting[node] += len(targets)
        for target in targets:
            waiting.setdefault(target, 0)
            feeds.setdefault(target, []).append(node)
    ready = [node for node, left in waiting.items() if left == 0]
    for node in ready:
        for source in feeds.get(node, ()):
            waiting[source] -= 1
            if waiting[source] == 0:
                ready.append(source)
    left_over = waiting.keys() - set(ready)
    if not left_over:
        return []
    import networkx as nx

    graph: nx.DiGraph[Cell] = nx.DiGraph()
    graph.add_edges_from((a, b) for a in left_over for b in edges.get(a, ()) if b in left_over)
    loops = [sorted(part) for part in nx.strongly_connected_components(graph) if len(part) > 1]
    loops += [[node] for node in left_over if graph.has_edge(node, node)]
    return sorted(loops, key=str)
