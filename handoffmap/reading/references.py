"""Names in one part of a map that have to be declared in another: looked up once all its files are merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.problem import Problem
from handoffmap.text.source import Location
from handoffmap.text.span import locate, locate_key
from handoffmap.vocabulary import BUILT_IN_EVENTS, QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from handoffmap.model import Cell, Control, Event, OwnQuantity, Place, System, Term, WritePath
    from handoffmap.reading.interpret import RawTopology
    from handoffmap.text.node import Node
    from handoffmap.text.source import Source
    from handoffmap.text.suggest import Suggester

__all__ = ["check_references"]

_NO_QUANTITY = "is neither a built-in quantity nor one under `quantities`"

_LISTED = 40  # names that a problem lists as allowed; a longer list helps nobody, and the suggestion is there
_LOOKED_AT = 10_000  # nodes below one key that are searched for the very place of a name

_READ_ELSEWHERE = frozenset({"target", "cached", "event"})
"""Words of `base` with which the number does not come from a cell of the source."""


def check_references(merged: RawTopology, suggest: Suggester) -> list[Problem]:
    """Every name in `merged` that is declared nowhere, or not held where it has to be held."""
    lookup = _Lookup(merged, suggest)
    for own in merged.quantities.values():
        lookup.own_quantity(own)
    for system in merged.systems.values():
        lookup.system(system)
    for event in merged.events.values():
        lookup.event(event)
    for path in merged.write_paths.values():
        lookup.path(path)
    for control in (merged.controls or {}).values():
        lookup.control(control)
    return lookup.problems


class _Lookup:
    """The declared names of one map, and what has been asked for in vain."""

    def __init__(self, merged: RawTopology, suggest: Suggester) -> None:
        self.problems: list[Problem] = []
        self.systems = merged.systems
        self.events = merged.events
        self.paths = merged.write_paths
        self.own = merged.quantities
        self.lost = merged.lost
        self.doubtful = merged.doubtful
        self.quantities = frozenset((*QUANTITIES, *merged.quantities))
        self.suggest = suggest
        # Sorted once: `Suggester` remembers by identity.
        self.all_systems = tuple(sorted(merged.systems))
        self.all_events = tuple(sorted(merged.events))
        self.all_paths = tuple(sorted(merged.write_paths))
        self.all_quantities = (*QUANTITIES, *sorted(merged.quantities))
        self._held: dict[str, tuple[str, ...]] = {}

    # -- entries -------------------------------------------------------------------------------------------

    def own_quantity(self, own: OwnQuantity) -> None:
        """The names in the formula of an own quantity."""
        self.terms(own.place, ("formula",), own.formula or ())

    def system(self, system: System) -> None:
        """The quantities that a system holds, what they are derived from, its quota and its state guards."""
        for quantity, holding in system.holds.items():
            if quantity not in self.quantities:
                message = f"`{quantity}` {_NO_QUANTITY}"
                self.report("unknown-word", message, holding.place.at(), quantity, self.all_quantities)
            self.terms(holding.place, ("derived_from",), holding.derived_from or ())
        if system.quota is not None:
            self.cell(system.place, ("allocates", "quota"), system.quota)
        for key, states in (("accepts_when", system.accepts_when), ("refused_when", system.refused_when)):
            self.flags(system.place, key, states, system)

    def event(self, event: Event) -> None:
        """Where an event happens, and what it moves."""
        for origin in event.origins:
            if not self.known_system(event.place, ("at",), origin.system):
                continue
            for quantity in origin.applies or ():
                self.held(event.place, ("at", origin.system, "applies"), origin.system, quantity)
        if event.built_in:
            return
        for quantity, effect in event.effects.items():
            if quantity not in self.quantities:
                message = f"`{quantity}` in `effects` {_NO_QUANTITY}"
                self.dangling(event.place, ("effects",), quantity, message, self.all_quantities)
            elif effect.kind == "flag" and not self.may_be_flag(quantity):
                message = f"`{quantity}` is not a flag, so no word can be written into it"
                where = event.place.at("effects", quantity)
                self.problems.append(Problem("wrong-type", message, where))
        if event.undoes is not None and event.undoes not in self.events and event.undoes not in BUILT_IN_EVENTS:
            message = f"`{event.undoes}` in `undoes` is not an event of this map"
            self.dangling(event.place, ("undoes",), event.undoes, message, self.all_events)

    def path(self, path: WritePath) -> None:
        """Everything that a write path names."""
        systems, events = self.systems, self.events
        if path.source not in systems:
            self.known_system(path.place, ("from",), path.source)
        if path.target not in systems:
            self.known_system(path.place, ("to",), path.target)
        for hop in path.via:
            if hop.system not in systems:
                self.known_system(path.place, ("via",), hop.system)
        for event in path.events or ():
            if event not in events:
                self.no_event(path.place, ("events",), event)
        if path.maps:
            self.maps(path)
        self._rare(path)

    def _rare(self, path: WritePath) -> None:
        """The names that few paths have."""
        if path.amount_from is not None:
            self.cell(path.place, ("amount_from",), path.amount_from)
        if path.atomic_with:
            self.known_paths(path.place, ("atomic_with",), path.atomic_with)
        if path.fires_for:
            self.known_paths(path.place, ("fires_for",), (name for name in path.fires_for if name != "local"))
        if path.subscription is not None and path.subscription.backstop not in {None, "none"}:
            self.known_paths(path.place, ("subscription", "backstop"), (path.subscription.backstop or "",))
        for key, states in (("accepts_when", path.accepts_when), ("refused_when", path.refused_when)):
            if states is not None:
                self.flags(path.place, key, states, self.systems.get(path.target))

    def control(self, control: Control) -> None:
        """Where a control stands, and the cells that it reads, compares and corrects."""
        place, at = control.place, control.at
        known = at is None or at in {"order", "fulfilment"} or at in self.systems or at in self.events
        if at is not None and not known and at not in self.lost:
            allowed = ("order", "fulfilment", *self.all_systems, *self.all_events)
            message = f"`{at}` in `at` is neither `order` nor `fulfilment`, nor a system or event of this map"
            self.dangling(place, ("at",), at, message, allowed)
        for keys, cell in (
            (("reads",), control.reads),
            (("compare", "authority"), control.authority),
            (("compare", "mirror"), control.mirror),
            (("corrects",), control.corrects),
        ):
            if cell is not None:
                self.cell(place, keys, cell)

    # -- quantities of a path ------------------------------------------------------------------------------

    def maps(self, path: WritePath) -> None:
        """Both sides of `maps`: what is sent is known, and held if it is a state; what it becomes is held."""
        source, target = self.systems.get(path.source), self.systems.get(path.target)
        for quantity, mapping in (path.maps or {}).items():
            if quantity not in self.quantities:
                message = f"`{quantity}` in `maps` {_NO_QUANTITY}"
                self.dangling(path.place, ("maps",), quantity, message, self.all_quantities)
            elif source is not None and self._must_hold(path, source, quantity):
                message = f"`{path.source}` holds no `{quantity}` whose state could be sent"
                self.dangling(path.place, ("maps",), quantity, message, self.held_by(source.id))
            if mapping is None:
                continue
            if mapping.to is not None and target is not None:
                self._mapped_to(path, target, quantity, mapping.to)
            for key, terms in (("plus", mapping.plus), ("minus", mapping.minus)):
                if terms:
                    self.terms(path.place, ("maps", quantity, key), terms)
                    self._terms_held(path, source, ("maps", quantity, key), terms)

    def _must_hold(self, path: WritePath, source: System, quantity: str) -> bool:
        """Whether a state is read from a cell that is not there.

        Not so for a person or a file of which no cell is stated, for numbers that come from elsewhere
        (`base`), and for a count that is sent from the very place where it happens.
        """
        if path.payload not in {"state", "notify_then_fetch"} or path.base in _READ_ELSEWHERE:
            return False
        if quantity in source.holds or source.id in self.doubtful:
            return False
        names = self.events if path.events is None else path.events
        return not any(self._sets_at(name, source.id, quantity) for name in names)

    def _terms_held(self, path: WritePath, source: System | None, keys: tuple[str, ...], terms: Iterable[Term]) -> None:
        """A term without a system is one of the source's own quantities, and a state is read from what it holds."""
        for term in terms:
            known = term.system is None and term.quantity in self.quantities
            if known and source is not None and self._must_hold(path, source, term.quantity):
                message = f"`{path.source}` holds no `{term.quantity}` whose state could be read"
                self.dangling(path.place, keys, term.quantity, message, self.held_by(source.id))

    def _sets_at(self, name: str, system: str, quantity: str) -> bool:
        event = self.events.get(name)
        if event is None or quantity not in event.effects or event.effects[quantity].kind not in {"set", "flag"}:
            return False
        return any(origin.system == system for origin in event.origins)

    def _mapped_to(self, path: WritePath, target: System, quantity: str, to: str) -> None:
        if to in target.holds or target.id in self.doubtful:
            return
        keys = ("maps", quantity)
        if target.holds:
            message = f"`{target.id}` holds no `{to}` that `{quantity}` could be mapped to"
            self.dangling(path.place, keys, to, message, self.held_by(target.id))
        elif to not in self.quantities:
            message = f"`{to}` in `maps` {_NO_QUANTITY}"
            self.dangling(path.place, keys, to, message, self.all_quantities)

    # -- single names --------------------------------------------------------------------------------------

    def known_system(self, place: Place, keys: tuple[str, ...], name: str) -> bool:
        """Whether a system is declared; if not, it is told."""
        if name in self.systems:
            return True
        if name not in self.lost:
            message = f"`{name}` in `{keys[-1]}` is not a system of this map"
            self.dangling(place, keys, name, message, self.all_systems)
        return False

    def no_event(self, place: Place, keys: tuple[str, ...], name: str) -> None:
        """Tell that an event is not listed, which is another thing for a built-in one."""
        if name in self.lost:
            return
        message = f"`{name}` in `{keys[-1]}` is not an event of this map"
        if name in BUILT_IN_EVENTS:
            message = f"`{name}` is not listed under `events`, so it does not happen in this map"
        self.dangling(place, keys, name, message, self.all_events)

    def known_paths(self, place: Place, keys: tuple[str, ...], names: Iterable[str]) -> None:
        """Tell the names that are no write path."""
        for name in names:
            if name not in self.paths and name not in self.lost:
                message = f"`{name}` in `{keys[-1]}` is not a write path of this map"
                self.dangling(place, keys, name, message, self.all_paths)

    def cell(self, place: Place, keys: tuple[str, ...], cell: Cell) -> None:
        """A `system.quantity` that has to be held."""
        system = self.systems.get(cell.system)
        if system is None:
            if cell.system not in self.lost:
                message = f"`{cell.system}` in `{cell}` is not a system of this map"
                self.dangling(place, keys, str(cell), message, self.all_systems, sought=cell.system)
        elif cell.quantity not in system.holds and cell.system not in self.doubtful:
            message = f"`{cell.system}` holds no `{cell.quantity}`"
            allowed = tuple(f"{cell.system}.{quantity}" for quantity in self.held_by(cell.system))
            self.dangling(place, keys, str(cell), message, allowed)

    def held(self, place: Place, keys: tuple[str, ...], system: str, quantity: str) -> None:
        """A quantity that a declared system has to hold."""
        if quantity not in self.systems[system].holds and system not in self.doubtful:
            self.dangling(place, keys, quantity, f"`{system}` holds no `{quantity}`", self.held_by(system))

    def terms(self, place: Place, keys: tuple[str, ...], terms: Iterable[Term]) -> None:
        """The names in a formula: quantities there are, or cells that are held."""
        from handoffmap.model import Cell

        for term in terms:
            if term.system is not None:
                self.cell(place, keys, Cell(term.system, term.quantity))
            elif term.quantity not in self.quantities:
                message = f"`{term.quantity}` in `{keys[-1]}` {_NO_QUANTITY}"
                self.dangling(place, keys, term.quantity, message, self.all_quantities)

    def flags(
        self, place: Place, key: str, states: Mapping[str, tuple[str, ...]] | None, system: System | None
    ) -> None:
        """The flag quantities of a state guard, which the guarded system has to hold."""
        if states is None or system is None or system.id in self.doubtful:
            return
        allowed = tuple(quantity for quantity in self.held_by(system.id) if self.may_be_flag(quantity))
        for quantity in states:
            if quantity not in allowed:
                message = f"`{system.id}` holds no flag quantity `{quantity}`"
                self.dangling(place, (key,), quantity, message, allowed)

    def may_be_flag(self, quantity: str) -> bool:
        """Whether a quantity is a flag, or an own one that does not say what it is."""
        own = self.own.get(quantity)
        return own is not None and own.meaning in {None, "flag"}

    def held_by(self, system: str) -> tuple[str, ...]:
        """The quantities of a system, sorted, one tuple for each system."""
        if system not in self._held:
            self._held[system] = tuple(sorted(self.systems[system].holds))
        return self._held[system]

    # -- telling -------------------------------------------------------------------------------------------

    def dangling(
        self,
        place: Place,
        keys: tuple[str, ...],
        written: str,
        message: str,
        allowed: tuple[str, ...],
        sought: str | None = None,
    ) -> None:
        """Note a name that leads nowhere; `sought` is the part of it that was looked up."""
        self.report("dangling-reference", message, _whereabouts(place, keys, written), sought or written, allowed)

    def report(self, slug: str, message: str, where: Location, sought: str, allowed: tuple[str, ...]) -> None:
        """Note a problem with the names that would have been right, and the one that was probably meant."""
        listed = allowed if len(allowed) <= _LISTED else ()
        self.problems.append(Problem(slug, message, where, listed, self.suggest(sought, allowed)))


def _whereabouts(place: Place, keys: tuple[str, ...], written: str) -> Location:
    """The name itself below `keys`, as a value or as a key; else the closest key."""
    node: Node | None = place.node
    for key in keys:
        node = node.entries.get(key) if isinstance(node, Table) else None
    waiting = [] if node is None else [node]
    looked_at = 0
    around: Location | None = None  # a formula that contains the name
    while waiting and looked_at < _LOOKED_AT:
        found = waiting.pop()
        looked_at += 1
        if isinstance(found, Scalar) and found.text == written:
            return locate(place.source, found)
        if around is None and isinstance(found, Scalar) and written in found.text:
            around = _within(locate(place.source, found), place.source, written)
        if isinstance(found, Table):
            if written in found.entries:
                return locate_key(place.source, found, written)
            waiting.extend(reversed(found.entries.values()))
        elif isinstance(found, Items):
            waiting.extend(reversed(found.items))
    return around or place.at(*keys)


def _within(whole: Location, source: Source, written: str) -> Location | None:
    """The place of a part of a value that stands in one line."""
    line = source.holding(whole).snippet(whole.line)
    column = line.find(written, whole.column - 1, whole.end_column) + 1
    if not column or whole.line != whole.end_line:
        return None
    return Location(whole.file, whole.line, column, whole.line, column + len(written))
