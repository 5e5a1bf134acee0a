"""Each cell and each handoff with all that bears on it: arrivals -> **cases** -> rules.

A rule never searches the map. It is handed a `Handoff` (one path), a `Feed` (one state write into one cell) or a `Case`
(one cell with its own events, its deltas, its states and its controls) and answers for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.model import Cell, Dedupe, QuantityMapping
from handoffmap.premises.arrivals import Arrivals, certain
from handoffmap.premises.classless import lets_nothing_through
from handoffmap.premises.graph import WritePathGraph, flow_of, is_pulled, is_pushed, one_step, read_by, refused_for
from handoffmap.premises.hearing import hears_in_order
from handoffmap.premises.ledger import tells_values_apart
from handoffmap.premises.once import once
from handoffmap.premises.repeats import all_repeat
from handoffmap.premises.standing import stands_still
from handoffmap.premises.states import refusals_of
from handoffmap.vocabulary import WRITING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from handoffmap.model import Control, Event, Holding, Origin, System, Term, Topology, WritePath
    from handoffmap.premises.arrivals import Arrival, Landing, Start
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.graph import Flow, Write
    from handoffmap.premises.loops import Lap
    from handoffmap.vocabulary import Seconds

__all__ = ["Case", "Feed", "Handoff", "Journey", "Survey"]


class Journey(NamedTuple):
    """One event from one start, as one cell sees it."""

    event: Event
    start: Start
    landing: Landing
    arrivals: Sequence[Arrival]
    """The amounts that it brings to the cell's quantity."""
    everywhere: dict[str, Landing]
    """System -> what the same start brings there."""


FAR = 40
"""Cells that are gone through from one to the next: nobody feeds a count through more mirrors."""
STAMPS = frozenset({"version", "event_time"})
"""Guards that refuse what is older than the last one."""


class Handoff:
    """One write path with what follows from its facts, and the little of other paths that bears on it."""

    __slots__ = (
        "flow", "hears_in_order", "lag", "ledger_sees", "one_step", "only_one_way", "path", "pulled", "pushed",
        "refusals", "shares_stamps",
    )  # fmt: skip

    def __init__(self, path: WritePath, graph: WritePathGraph) -> None:
        self.path = path
        self.flow: Flow | None = flow_of(path)
        self.pushed = is_pushed(path)
        self.pulled = is_pulled(path)
        self.one_step = one_step(path)
        self.ledger_sees = graph.seen_by_ledger(path)
        """The events whose messages are looked up in its ledger."""
        self.refusals = refusals_of(path, graph)
        """The flags of the target whose state can refuse a message."""
        self.shares_stamps = (path.guard is None or path.guard in STAMPS) and any(
            other is not path and other.guard in ({path.guard} if path.guard else STAMPS)
            for other in graph.paths_between(path.source, path.target)
        )
        """Whether another path of the same source is refused by the same stamps."""
        self.hears_in_order = hears_in_order(path, graph) if path.guard == "event_time" else ()
        """The facts on which it hangs whether what it sends grows in event time; empty: it does, None: it does not."""
        self.only_one_way = path.dedupe is not None and self.flow == "state" and graph.moves_one_way(path)
        """Whether what it reads only ever grows, or only ever shrinks, so that no value comes a second time."""
        self.lag: Seconds | None = None
        """Seconds of one run and its message, once worked out (kept here by `lag`)."""

    @property
    def kind(self) -> tuple[object, ...]:
        """All that a rule about handoffs may go by: what holds for one path holds for every other of its kind."""
        dedupe = self.path.dedupe
        own_ledger = dedupe is None or dedupe == "none" or dedupe.ledger is None
        return (
            self.path.handing_over,
            # Alone at its ledger a path sees what it lists; without a list all events, which are too many to compare.
            self.path.events if own_ledger else self.ledger_sees,
            self.refusals,
            self.shares_stamps,
            self.only_one_way,
            self.hears_in_order,
        )

    @property
    def sends_whole_values(self) -> bool | None:
        """Whether each run sends everything, so that what one run misses the next one brings; None: not stated."""
        again = tells_values_apart(self.path.dedupe) if isinstance(self.path.dedupe, Dedupe) else True
        if self.flow in {"delta", "kept"} or self.pushed or again is False:
            return False
        if self.path.covers == "changed_only" or self.path.only_if_changed:
            return False
        return None if None in {self.path.trigger, self.path.covers, self.path.only_if_changed} else again


class Feed(NamedTuple):
    """One state path into one cell, with the cells whose values it carries."""

    write: Write
    case: Case
    handoff: Handoff
    reads: tuple[Cell, ...]
    """The source's cell and those of the formula's further terms; empty where the event itself states the number."""
    path: WritePath
    """The path that makes the write."""

    @property
    def follows_each_change(self) -> bool:
        """Whether a value is sent after every change of what it reads, sooner or later."""
        path = self.path
        if path.covers == "full":
            return True
        if path.only or path.except_ or path.fires_for is not None:
            return False
        moving = self.case.survey.movers_of({cell.quantity for cell in self.reads})
        return path.events is None or all(event.id in path.events for event in moving)

    @property
    def says_again(self) -> bool:
        """Whether it is a push that brings nothing new: for events that do not move what it reads, or read before."""
        if not self.handoff.pushed or not self.reads:
            return False
        if self.path.read_at == "before_commit" and self.path.payload != "notify_then_fetch":
            return True
        if not self.path.events:
            return False
        quantities = {cell.quantity for cell in self.reads}
        events = self.case.survey.topology.events
        return all(quantities.isdisjoint(events[name].effects) for name in self.path.events)


class Case:
    """One cell with everything that changes or checks it."""

    def __init__(self, cell: Cell, survey: Survey) -> None:
        self.cell = cell
        self.survey = survey
        self.graph = survey.graph
        self.holding: Holding = survey.graph.cells[cell]
        self.system: System = survey.graph.systems[cell.system]

    @property
    def expects_nothing(self) -> bool:
        """Whether no number is wrong here or further on: a `consumer` whose value no other cell takes."""
        return self.holding.role == "consumer" and self.cell not in self.survey.passed_on

    @once
    def own(self) -> tuple[tuple[Event, Origin], ...]:
        """The events that happen in this very system and are applied to this cell."""
        quantity = self.cell.quantity
        return tuple(
            (event, origin)
            for event, origin in self.graph.origins.get(self.cell.system, ())
            if quantity in event.effects and (origin.applies is None or quantity in origin.applies)
        )

    @once
    def journeys(self) -> tuple[Journey, ...]:
        """Every event that moves the quantity, from every start that concerns the cell.

        Of those that can reach it within a whole value only, none but its own are looked into.
        """
        quantity = self.cell.quantity
        arrivals = self.survey.arrivals
        movers: Sequence[Event] = self.graph.movers.get(quantity, ())
        if not arrivals.may_enter(self.cell.system) and self._surely_fed:
            here = {event.id for event, _ in self.graph.origins.get(self.cell.system, ())}
            movers = [event for event in movers if event.id in here]
        return tuple(
            Journey(event, start, landing, landing.amounts.get(quantity, ()), everywhere)
            for event in movers
            for start, landing, everywhere in arrivals.starts_for(event, self.cell)
        )

    @once
    def is_brought_all(self) -> bool:
        """Whether every event that moves the quantity surely comes to the cell as an amount, from every start."""
        brought = {journey.event.id for journey in self.journeys}
        moving = self.graph.movers
        if self.cell.quantity not in moving and any(term.quantity in moving for term in self.stored_formula):
            return False  # it is moved by what it is worked out from, and no event says by how much
        return all(event.id in brought for event in moving.get(self.cell.quantity, ())) and all(
            certain(journey.arrivals) for journey in self.journeys
        )

    @property
    def _surely_fed(self) -> bool:
        """Whether some state path writes the cell that sends something, and that no tag and no class can silence."""
        return any(
            feed.handoff.flow == "state" and not (feed.handoff.pushed and (feed.path.origin_tag or feed.path.only))
            for feed in self._awake
        )

    @once
    def _awake(self) -> list[Feed]:
        """The state writes of which what they read may ever change."""
        return [feed for feed in self.all_feeds if not self.survey.is_idle(feed)]

    @once
    def deltas(self) -> dict[str, WritePath]:
        """The delta paths that bring (or may bring) an amount, by id."""
        found = {
            arrival.path.id: arrival.path
            for journey in self.journeys
            for arrival in journey.arrivals
            if arrival.path is not None
        }
        quantity = self.cell.quantity
        for journey in self.journeys:
            if journey.landing.swallowed:
                found.update((path.id, path) for path in journey.landing.swallowed.get(quantity, ()))
        found.update((path.id, path) for path, _ in self._from_likes)
        return {name: found[name] for name in sorted(found)}

    @once
    def _from_likes(self) -> tuple[tuple[WritePath, str], ...]:
        """(path, event) of the origins for which another one, connected alike, was walked."""
        alike: dict[str, list[frozenset[str]]] = {}
        for journey in self.journeys:
            among = journey.start.among
            if not journey.arrivals or len(among) < 2:
                continue
            if any(arrival.path is not None and arrival.path.source in among for arrival in journey.arrivals):
                alike.setdefault(journey.event.id, []).append(among)
        if not alike:
            return ()
        return tuple(
            (write.path, event)
            for write in self.graph.writers_of(self.cell)
            for event in write.path.events or ()
            if any(write.path.source in among for among in alike.get(event, ()))
            and flow_of(write.path) in {"delta", None}
        )

    @once
    def carried(self) -> dict[str, tuple[str, ...]]:
        """Path id -> the events whose amounts it brings to the cell."""
        found: dict[str, dict[str, None]] = {}
        for journey in self.journeys:
            for arrival in journey.arrivals:
                if arrival.path is not None:
                    found.setdefault(arrival.path.id, {})[journey.event.id] = None
            if journey.landing.swallowed:
                for path in journey.landing.swallowed.get(self.cell.quantity, ()):
                    found.setdefault(path.id, {})[journey.event.id] = None
        for path, event in self._from_likes:
            found.setdefault(path.id, {})[event] = None
        return {path: tuple(events) for path, events in found.items()}

    @once
    def feeds(self) -> tuple[Feed, ...]:
        """The state writes that can change the cell, without those that never send anything."""
        survey = self.survey
        found = [feed for feed in self._awake if not survey.is_silent(feed)]
        sending = [feed for feed in found if not survey.is_stopped(feed)]
        if sending or not found:
            return tuple(sending)
        # One that is never set off says what is missing only where nothing else brings it.
        return () if self.is_brought_all else tuple(found)

    @once
    def all_feeds(self) -> tuple[Feed, ...]:
        """Every state write into the cell, in the order of path ids."""
        found = [
            Feed(write, self, handoff, self.survey.reads(write), write.path)
            for write in self.graph.writers_of(self.cell)
            if (handoff := self.survey.handoff(write.path)).flow in {"state", "number"}
            and refused_for(write.path) is None
            and not (write.path.base == "event" and self._states_nothing_of(write))
            and not (handoff.flow == "number" and self._never_fires(handoff, write))
        ]
        return tuple(sorted(found, key=lambda feed: feed.path.id))

    def _never_fires(self, handoff: Handoff, write: Write) -> bool:
        """Whether nothing sets a path off that is to state the number of an event.

        Without a list of events it waits for a change of what its source does not hold; or nothing that it lists comes
        there, or only what has happened here, which its tag keeps from coming back.
        """
        path = handoff.path
        if path.events is None:
            return handoff.pushed and Cell(path.source, write.left) not in self.graph.cells
        if path.fires_for is not None and "local" not in path.fires_for:
            ways = [each for each in self.graph.paths_into(path.source) if each.id in path.fires_for]
            if all(self.survey.handoff(each).flow not in {"delta", None} for each in ways):
                return True  # no value carries an event
        events = [self.survey.topology.events[name] for name in path.events]
        if handoff.pushed and not any(self.survey.arrivals_at(event.id, path.source) for event in events):
            return True
        return bool(
            path.origin_tag and handoff.pushed
            and all(origin.system == self.cell.system for event in events for origin in event.origins)
        )  # fmt: skip

    def _states_nothing_of(self, write: Write) -> bool:
        """Whether no event that a path lists moves the quantity whose number it is to state."""
        events = self.survey.topology.events
        listed = [events[name] for name in write.path.events or () if name in events]
        return bool(listed) and not any(write.left in event.effects for event in listed)

    @once
    def writes(self) -> dict[str, list[Write]]:
        """Path id -> what it writes into the cell."""
        found: dict[str, list[Write]] = {}
        for write in self.graph.writers_of(self.cell):
            found.setdefault(write.path.id, []).append(write)
        return found

    @once
    def rewriters(self) -> tuple[Write, ...]:
        """Writes that put back a number read at the cell itself or kept from earlier (`base: target` or `cached`)."""
        return tuple(write for write in self.graph.writers_of(self.cell) if write.path.base in {"target", "cached"})

    @once
    def unclear(self) -> tuple[WritePath, ...]:
        """State (or perhaps state) paths into the system of which nobody has said where their quantities land."""
        return tuple(
            path
            for path in self.graph.unclear_paths_into(self.cell.system)
            if flow_of(path) != "delta" and self.survey.may_carry(path, self.cell)
        )

    @once
    def reconciliations(self) -> tuple[Control, ...]:
        """The reconciliations that compare this cell as a mirror, or that write into it."""
        return self.survey.reconciliations_of(self.cell)

    @once
    def corrections(self) -> tuple[Control, ...]:
        """The reconciliations that write another cell's value into this one."""
        return tuple(control for control in self.reconciliations if corrected_by(control) == self.cell)

    @property
    def is_derived(self) -> bool:
        """Whether the cell stores nothing and shows a formula."""
        return self.holding.role == "derived"

    @property
    def is_flag(self) -> bool:
        """Whether the cell holds a word and no number."""
        own = self.survey.topology.quantities.get(self.cell.quantity)
        return own is not None and own.meaning == "flag"

    @once
    def computed_over(self) -> tuple[Cell, ...]:
        """The cells of the system that are computed with this one as their first base: a write to them moves it."""
        if self.is_derived or not self.system.has_derived:
            return ()
        return tuple(
            Cell(self.cell.system, name)
            for name, holding in self.system.holds.items()
            if holding.role == "derived"
            and holding.derived_from
            and holding.derived_from[0].quantity == self.cell.quantity
            and holding.derived_from[0].system in {None, self.cell.system}
        )

    @property
    def stored_formula(self) -> tuple[Term, ...]:
        """The formula that a cell which stores its number ought to show; empty where none is stated, or it is shown."""
        if self.is_derived:
            return ()
        own = self.survey.topology.quantities.get(self.cell.quantity)
        return self.holding.derived_from or (own.formula if own is not None else None) or ()

    @once
    def bases(self) -> tuple[Cell, ...]:
        """The cells that a derived cell is computed from, as far as they are held anywhere."""
        terms = self.holding.derived_from or () if self.is_derived else ()
        cells = (Cell(term.system or self.cell.system, term.quantity) for term in terms)
        return tuple(cell for cell in cells if cell in self.graph.cells)

    @once
    def counted_elsewhere(self) -> tuple[Cell, ...]:
        """The other counted cells whose differences move this one: forwarded to it, or made in its own system."""
        found: dict[Cell, None] = {}
        counting = self.graph.counting
        if not counting:
            return ()
        for journey in self.journeys:
            applied = journey.start.origin.applies
            counted = [name for name in counting.get(journey.event.id, ()) if applied is None or name in applied]
            if not counted or not any(not arrival.doubts for arrival in journey.arrivals):
                continue
            brought = any(arrival.path is not None and not arrival.doubts for arrival in journey.arrivals)
            for name in journey.start.alike if brought else (self.cell.system,):
                cells = (Cell(name, quantity) for quantity in counted)
                found.update((cell, None) for cell in cells if cell in self.graph.cells and cell != self.cell)
        return tuple(found)

    @property
    def changes(self) -> bool:
        """Whether any path, event or correction ever changes the cell."""
        return bool(self.own or self.deltas or self.feeds or self.corrections or self.rewriters)

    @property
    def allocates(self) -> bool:
        """Whether commitments are accepted against this system's stock."""
        return self.cell.system in self.graph.allocators

    def others_than(self, path: WritePath, *, corrections: bool = True) -> bool:
        """Whether anything besides one path changes the cell, `corrections` counted or not."""
        return bool(
            self.own
            or any(other != path.id for other in self.deltas)
            or any(feed.path.id != path.id for feed in self.feeds)
            or any(write.path.id != path.id and flow_of(write.path) != "kept" for write in self.rewriters)
            or (corrections and self.corrections)
        )


class Survey:
    """The whole map, ready to be judged: cases and handoffs are made when they are first asked for."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.graph = WritePathGraph(topology)
        self.arrivals = Arrivals(self.graph)
        self._cases: dict[Cell, Case] = {}
        self._handoffs: dict[str, Handoff] = {}
        self._shared_ledgers: dict[tuple[str, str], set[str]] = {}
        """(system, ledger) -> the events that come to any path that goes by it."""
        self._reached: dict[tuple[str, str, Cell, Cell | None], bool | None] = {}
        self._reconciliations: dict[Cell, list[Control]] = {}
        self.reach: dict[Cell, tuple[Answer, ...]] = {}
        """What has been worked out about which events reach a cell (kept here by `reach`)."""
        self.conflicts: dict[Cell, tuple[Answer, ...]] = {}
        """What has been worked out about writers in each other's way (kept here by `conflict`)."""
        self.lags: dict[Cell, Seconds | None] = {}
        self.stream_lags: dict[tuple[str, tuple[str, ...]], Seconds | None] = {}
        """Lags that have been worked out (kept here by `lag`)."""
        self.loops: dict[Cell, tuple[Cell, ...]] | None = None
        """Cell -> the loop of state writes it lies on (kept here by `circles`)."""
        self.closed: frozenset[Cell] | None = None
        """The cells on loops that nothing comes into (kept here by `circles`)."""
        self.laps: dict[Cell, Lap] = {}
        """First cell of a loop -> the loop looked over (kept here by `loops`)."""
        self._stirring: dict[Cell, bool] = {}
        self._heard: dict[tuple[str, str], bool] = {}
        self._disabled: dict[str, list[WritePath]] | None = None
        self._factors: dict[tuple[str, str], tuple[object, str]] = {}
        for control in (topology.controls or {}).values():
            if control.kind != "reconciliation":
                continue
            for cell in {control.mirror, control.corrects} - {None}:
                if cell is not None:
                    self._reconciliations.setdefault(cell, []).append(control)

    def case(self, cell: Cell) -> Case:
        """The case of one cell."""
        found = self._cases.get(cell)
        if found is None:
            found = self._cases[cell] = Case(cell, self)
        return found

    @once
    def passed_on(self) -> frozenset[Cell]:
        """The consumers whose values end up in a cell of which something is expected, over other consumers or not."""
        cells = self.graph.cells
        waiting = [cell for cell, holding in cells.items() if holding.role != "consumer"]
        if len(waiting) == len(cells):
            return frozenset()
        taken: set[Cell] = set()
        while waiting:
            for cell in self._taken_by(waiting.pop()):
                if cells[cell].role == "consumer" and cell not in taken:
                    taken.add(cell)
                    waiting.append(cell)
        return frozenset(taken)

    def _taken_by(self, cell: Cell) -> Iterator[Cell]:
        """The cells whose values a cell may take: by whole values, as its bases, or by a correction."""
        for write in self.graph.writers_of(cell):
            if flow_of(write.path) not in {"delta", "kept"}:
                yield from self.reads(write)
        yield from self.case(cell).bases
        for control in self.reconciliations_of(cell):
            source = written_from(control)
            if source is not None and source != cell:
                yield source

    def handoff(self, path: WritePath) -> Handoff:
        """The handoff of one path."""
        found = self._handoffs.get(path.id)
        if found is None:
            found = self._handoffs[path.id] = Handoff(path, self.graph)
            if len(found.ledger_sees) > 1 and isinstance(path.dedupe, Dedupe):
                arriving = self._arriving(path.dedupe.ledger, path)
                found.ledger_sees = tuple(event for event in found.ledger_sees if event in arriving)
        return found

    def _arriving(self, ledger: str | None, path: WritePath) -> set[str]:
        """The events that come to a path, or to any that shares its ledger; the others leave no key there."""
        if ledger is None:
            return self._arriving_by([path])
        found = self._shared_ledgers.get((path.target, ledger))
        if found is None:
            paths = [
                other
                for other in self.graph.paths_into(path.target)
                if isinstance(other.dedupe, Dedupe) and other.dedupe.ledger == ledger
            ]
            found = self._shared_ledgers[path.target, ledger] = self._arriving_by(paths)
        return found

    def _arriving_by(self, paths: Iterable[WritePath]) -> set[str]:
        return {
            event
            for other in paths
            for event in (self.topology.events if other.events is None else other.events)
            if self.arrivals_at(event, other.source)
            and not (
                other.origin_tag and self.arrivals.only_from(self.topology.events[event], other.target, other.source)
            )
        }

    def reconciliations_of(self, cell: Cell) -> tuple[Control, ...]:
        """The reconciliations that compare or correct a cell, by id."""
        return tuple(sorted(self._reconciliations.get(cell, ()), key=lambda control: control.id))

    @once
    def vague_reconciliations(self) -> tuple[str, ...]:
        """The reconciliations of which nobody has said what they compare, by id."""
        return tuple(
            sorted(
                control.id
                for control in (self.topology.controls or {}).values()
                if control.kind == "reconciliation" and control.mirror is None and control.corrects is None
            )
        )

    def comes_back(self, cells: Iterable[Cell]) -> bool:
        """Whether a value that cells have had may come again: something takes off what something else adds."""
        effects = [event.effects[cell.quantity] for cell in cells for event in self.graph.movers.get(cell.quantity, ())]
        signs = {effect.amount > 0 if effect.kind == "fixed" else None for effect in effects}
        return None in signs or len(signs) > 1

    def movers_of(self, quantities: Iterable[str]) -> list[Event]:
        """The events that move at least one of these quantities, each once."""
        found = {event.id: event for quantity in quantities for event in self.graph.movers.get(quantity, ())}
        return list(found.values())

    @once
    def refused(self) -> tuple[tuple[WritePath, str], ...]:
        """The paths of which nothing is ever applied, each with the field that is missing."""
        found = ((path, refused_for(path)) for path in self.graph.enabled if path.fields)
        return tuple((path, field) for path, field in found if field is not None)

    def disabled_into(self, system: str) -> list[WritePath]:
        """The disabled paths that end in a system."""
        if self._disabled is None:
            self._disabled = {}
            for path in self.graph.disabled:
                self._disabled.setdefault(path.target, []).append(path)
        return self._disabled.get(system, [])

    def factors(self) -> dict[tuple[str, str], tuple[object, str]]:
        """(unit, unit) -> (the factor between them, the path that stated it first)."""
        return self._factors

    def reads(self, write: Write) -> tuple[Cell, ...]:
        """The cells whose values a state write carries; none where the event or a non-holder states the number."""
        if write.path.base == "event":
            return ()
        return tuple(cell for cell in read_by(write) if cell in self.graph.cells)

    def written_by(self, path: WritePath) -> tuple[Cell | None, ...]:
        """The cells that a path writes, in the order of its `maps`; a single None where it writes none."""
        cells = (Cell(path.target, to.to) for to in (path.maps or {}).values() if to is not None and to.to is not None)
        return tuple(dict.fromkeys(cell for cell in cells if cell in self.graph.cells)) or (None,)

    def arrivals_at(self, event: str, system: str) -> bool:
        """Whether an event may come to a system at all."""
        key = (event, system)
        found = self._heard.get(key)
        if found is None:
            found = self._heard[key] = any(
                landing.heard or landing.maybe_heard
                for _, landing in self.arrivals.heard_at(self.topology.events[event], system)
            )
        return found

    def may_carry(self, path: WritePath, cell: Cell) -> bool:
        """Whether an unmapped path could carry a cell's quantity: its source holds it, or hears of its events."""
        source = self.graph.systems[path.source]
        return cell.quantity in source.holds or not source.holds

    def is_idle(self, feed: Feed) -> bool:
        """Whether a state path sends changes alone, and nothing that it reads ever changes.

        Where nobody has listed any event that would change it, it is not known to be idle: the map is young, or it
        ought to have read something else.
        """
        movers, complete = self.graph.movers, self.topology.complete and bool(self.topology.events)
        unmoved = not any(movers.get(cell.quantity) for cell in feed.reads)
        if not complete or (unmoved and movers.get(feed.case.cell.quantity)):
            return False
        if self._sends_unasked(feed):
            return unmoved and _repeats_it(feed) and not self.stirs(feed.case.cell)
        path = feed.path
        if feed.handoff.pulled and path.covers == "changed_only" and path.events is not None:
            events = [self.topology.events[event] for event in path.events]
            moving = [event for event in events if any(cell.quantity in event.effects for cell in feed.reads)]
            if not any(self.arrivals_at(event.id, path.source) for event in moving):
                return True
        return not any(self.stirs(cell) and not stands_still(self.case(cell)) for cell in feed.reads)

    def _sends_unasked(self, feed: Feed) -> bool:
        """Whether a state path may send a value although nothing that it reads has changed."""
        path = feed.path
        if not feed.reads:
            return True
        if feed.handoff.pulled and (path.covers == "changed_only" or (path.only_if_changed and _aligned(feed))):
            return False
        if not feed.handoff.pushed:
            return True
        return any(self.arrivals_at(event, path.source) for event in path.events or ())

    def is_stopped(self, feed: Feed) -> bool:
        """Whether all that changes what a path sends comes there by ways for which it does not fire."""
        path = feed.path
        if not feed.reads or (not feed.handoff.pushed and path.covers != "changed_only"):
            return False
        if path.only and self.comes_by_runs(feed):
            return True
        if path.fires_for is None:
            return False
        if "local" in path.fires_for and any(self.case(cell).own for cell in feed.reads):
            return False
        named = [each for each in self.graph.paths_into(path.source) if each.id in path.fires_for]
        return not any(self._sends_without(each, path) for each in named)

    def _sends_without(self, path: WritePath, other: WritePath) -> bool:
        """Whether a path may send anything although another one has never sent anything."""
        if self.handoff(path).flow != "state" or path.maps is None:
            return True
        todo = [Cell(path.source, left) for left in path.maps]
        seen = set(todo)
        while todo and len(seen) <= FAR:
            here = todo.pop()
            if here not in self.graph.cells or self._stirs_by_itself(self.case(here)):
                return True
            new = [read for feed in self.case(here).all_feeds if feed.path is not other for read in feed.reads]
            todo.extend(read for read in new if read not in seen)
            seen.update(new)
        return bool(todo)

    def comes_by_runs(self, feed: Feed) -> bool:
        """Whether what a path reads changes by runs alone, at once or further on, which bring no event of any class."""
        return bool(feed.reads) and self._comes_from(
            feed.reads, frozenset(), lambda above: above.reads if above.handoff.pushed else ()
        )

    def is_echo(self, feed: Feed) -> bool:
        """Whether nothing gets into what a path reads but what its target has had, and corrections."""
        return bool(feed.reads) and self._comes_from(feed.reads, frozenset({feed.case.cell}), lambda above: above.reads)

    def _comes_from(
        self, cells: tuple[Cell, ...], known: frozenset[Cell], further: Callable[[Feed], tuple[Cell, ...]]
    ) -> bool:
        """Whether cells change by whole values alone, all the way back to those that are known."""
        todo, seen = [cell for cell in cells if cell not in known], {*cells, *known}
        while todo and len(seen) <= FAR:
            case = self.case(todo.pop())
            if case.own or self._is_added_to(case) or case.rewriters or case.is_derived or case.unclear:
                return False
            new = [read for above in case.all_feeds for read in further(above) if read not in seen]
            seen.update(new)
            todo.extend(new)
        return not todo

    def stirs(self, cell: Cell) -> bool:
        """Whether a cell may ever change: something happens there, or comes there from where something does.

        Of what the source does not hold nobody can tell: it may.
        """
        if cell not in self.graph.cells:
            return True
        todo, seen = [cell], {cell}
        while todo:
            here = todo.pop()
            known = self._stirring.get(here)
            if known is None and self._stirs_by_itself(self.case(here)):
                known = self._stirring[here] = True
            if known:
                self._stirring[cell] = True
                return True
            if known is None:
                firing = (feed for feed in self.case(here).all_feeds if not self.is_stopped(feed))
                reads = (*(read for feed in firing for read in feed.reads), *self._perhaps_reads(here))
                new = [read for read in reads if read not in seen]
                seen.update(new)
                todo.extend(new)
        self._stirring.update(dict.fromkeys(seen, False))
        return False

    def _stirs_by_itself(self, case: Case) -> bool:
        """Whether a cell changes by anything but whole values that are sent after changes of their source."""
        if case.own or case.rewriters or case.system.has_derived or any(map(may_write, case.reconciliations)):
            return True
        if any(self._sends_unasked(feed) and not _repeats_it(feed) for feed in case.all_feeds):
            return True
        return self._is_added_to(case) or any(
            self._may_bring(path, case.cell.quantity) if self.handoff(path).flow == "delta" else True
            for path in self.graph.unclear_paths_into(case.cell.system)
        )

    def _is_added_to(self, case: Case) -> bool:
        """Whether a path may bring an amount, by what comes to its source; `deltas` hangs on this."""
        return any(
            self.handoff(write.path).flow not in {"state", "kept"} and self._may_bring(write.path, write.left)
            for write in self.graph.writers_of(case.cell)
        )

    def _perhaps_reads(self, cell: Cell) -> list[Cell]:
        """What paths may read for a cell, after changes alone, of which nobody has said whether they carry values."""
        read = [
            Cell(write.path.source, write.left)
            for write in self.graph.writers_of(cell)
            if self.handoff(write.path).flow is None and waits_for_changes(write.path)
        ]
        return [each for each in read if each in self.graph.cells]

    def _may_bring(self, path: WritePath, left: str) -> bool:
        """Whether a path of amounts, or perhaps of amounts, may bring one of a quantity of its source."""
        if refused_for(path) is not None:
            return False
        events, flow = self.topology.events, self.handoff(path).flow
        if flow is None and Cell(path.source, left) in self.graph.cells:  # or a value, which may be added
            if waits_for_changes(path):
                return any(self.brings(event, path.source, left) for event in self.movers_of([left]))
            return path.events is None or any(self.arrivals_at(name, path.source) for name in path.events)
        if path.events is None and (flow != "delta" or "fires_on" in path.stated):
            return True
        return any(
            (self.brings(events[name], path.source, left) if flow == "delta" else left in events[name].effects)
            and self._comes_by(path, events[name])
            for name in (events if path.events is None else path.events)
        )

    def brings(self, event: Event, system: str, quantity: str) -> bool:
        """Whether an amount of a quantity may come to a system with an event, or begins there with it."""
        return any(
            (None in landing.heard and quantity in event.effects) or bool(landing.amounts.get(quantity))
            for _, landing in self.arrivals.heard_at(event, system)
        )

    def _comes_by(self, path: WritePath, event: Event) -> bool:
        """Whether an event may be sent by a path at all."""
        if path.fires_for is None or len(event.origins) > 1:
            return self.arrivals_at(event.id, path.source)
        return any(
            path in landing.heard or any(last is path for last, _ in landing.maybe_heard)
            for _, landing in self.arrivals.heard_at(event, path.target)
        )

    def is_silent(self, feed: Feed) -> bool:
        """Whether a state path never sends anything: all of it is suppressed by its origin tag, or nothing changes."""
        if feed.path.origin_tag and feed.handoff.pushed and all_repeat(feed):
            return True
        return lets_nothing_through(feed, self) or self._has_nothing_to_send(feed)

    def _has_nothing_to_send(self, feed: Feed) -> bool:
        """Whether a state path waits for changes of what never changes, beside other ways into the cell."""
        waits = (feed.handoff.pushed and feed.path.events is None) or feed.path.covers == "changed_only"
        if not (waits and feed.reads and self.topology.complete and (feed.case.own or feed.case.deltas)):
            return False
        read = [self.case(cell) for cell in feed.reads]
        return not any(
            case.own or case.deltas or case.all_feeds or case.corrections or case.rewriters or case.is_derived
            or case.unclear
            or any(self._may_bring(write.path, write.left) for write in self.graph.writers_of(case.cell))
            for case in read
        )  # fmt: skip

    def is_copied(self, cell: Cell, original: Cell) -> bool:
        """Whether the values of one cell come from another, directly or over several."""
        todo, seen = [cell], {cell}
        while todo and len(seen) <= FAR:
            here = todo.pop()
            if here not in self.graph.cells:
                continue
            above = self.case(here)
            for each in (*(read for feed in above.feeds for read in feed.reads), *above.bases):
                if each == original:
                    return True
                if each not in seen:
                    seen.add(each)
                    todo.append(each)
        return False

    def reaches(self, event: Event, origin: str, cell: Cell, apart_from: Cell | None = None) -> bool | None:
        """Whether an event from one origin gets into a cell at all, as an amount or within a value; None: unknown.

        `apart_from`: not within a value of that cell, which may be written over before anybody has read it.
        """
        if cell not in self.graph.cells:  # the source of a path may keep its number under another name, or none
            return False
        key = (event.id, origin, cell, apart_from)
        if key not in self._reached:
            apart = frozenset() if apart_from is None else frozenset((apart_from,))
            self._reached[key] = self._reaches(event, origin, cell, apart)
        return self._reached[key]

    def _reaches(self, event: Event, origin: str, cell: Cell, seen: frozenset[Cell]) -> bool | None:
        if cell in seen or len(seen) > FAR:
            return False
        case = self.case(cell)
        if cell.system == origin and any(event is own for own, _ in case.own):
            return True
        vague = False
        if case.is_derived:
            moved = [base for base in case.bases if base.quantity in event.effects]
            answers = [self._reaches(event, origin, base, seen | {cell}) for base in moved]
            return False if not answers or False in answers else None if None in answers else True
        for landing in self.arrivals.from_origin(event, origin, cell.system):
            amounts = landing.amounts.get(cell.quantity, ())
            if certain(amounts):
                return True
            vague = vague or bool(amounts)
        for feed in case.all_feeds:
            if feed.write.path.base == "event":
                if event.id in (feed.path.events or ()):
                    return True
                continue
            moved = [source for source in feed.reads if source.quantity in event.effects]
            answers = [self._reaches(event, origin, source, seen | {cell}) for source in moved]
            if answers and all(answers):
                return True
            vague = vague or (bool(answers) and False not in answers)
        return None if vague or case.unclear else False

    def cells(self) -> Iterator[Case]:
        """All cases, in the order of system and quantity."""
        for cell in sorted(self.graph.cells):
            yield self.case(cell)


def _aligned(feed: Feed) -> bool:
    """Whether what a path reads and what it writes are the same number before anything has happened."""
    mapping, cells = feed.write.mapping, feed.case.graph.cells
    if mapping[1:] != _AS_IT_IS or len(feed.reads) != 1 or feed.reads[0].quantity != feed.case.cell.quantity:
        return False
    there, here = cells[feed.reads[0]], feed.case.holding
    return (there.unit, there.buffer or 0, there.statuses, there.opening) == (
        here.unit, here.buffer or 0, here.statuses, here.opening,
    )  # fmt: skip


def _repeats_it(feed: Feed) -> bool:
    """Whether all that a path can send before anything has changed is the number that is there already."""
    return feed.path.op in WRITING and feed.path.payload != "delta" and _aligned(feed)


_AS_IT_IS = tuple(QuantityMapping(None))[1:]


def waits_for_changes(path: WritePath) -> bool:
    """Whether a path that lists no events sends something only after a change of what it reads."""
    return path.events is None and (is_pushed(path) or path.covers == "changed_only")


def may_write(control: Control) -> bool:
    """Whether a reconciliation writes a cell, or has somebody do it: what compares sums or samples knows of none.

    Nor does what only tells of it, where nobody would notice that it has stopped.
    """
    apart = control.measure != "totals" and control.scope not in {"sampled", "changed_only"}
    unwatched = control.on_mismatch in {"alert", "report"} and control.last_success_monitored is False
    return apart and control.on_mismatch not in {"none", "block"} and not unwatched


def corrected_by(control: Control) -> Cell | None:
    """The cell that a correcting reconciliation writes: its mirror, unless `corrects` names another."""
    if control.on_mismatch != "correct" or not may_write(control):
        return None
    return control.corrects or control.mirror


def written_from(control: Control) -> Cell | None:
    """The cell whose value a correcting reconciliation writes."""
    target = corrected_by(control)
    return control.mirror if target == control.authority else control.authority
