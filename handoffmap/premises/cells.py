"""Each cell and each handoff with all that bears on it: arrivals -> **cases** -> rules.

A rule never searches the map. It is handed a `Handoff` (one path), a `Feed` (one state write into one cell) or a `Case`
(one cell with its own events, its deltas, its states and its controls) and answers for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.model import Cell, Dedupe
from handoffmap.premises.arrivals import certain
from handoffmap.premises.graph import flow_of, is_pulled, is_pushed, one_step, refused_for
from handoffmap.premises.hearing import hears_in_order
from handoffmap.premises.ledger import tells_values_apart
from handoffmap.premises.once import once
from handoffmap.premises.states import refusals_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoffmap.model import Control, Event, Holding, Origin, System, Term, WritePath
    from handoffmap.premises.arrivals import Arrival, Landing, Start
    from handoffmap.premises.graph import Flow, Write, WritePathGraph
    from handoffmap.premises.survey import Survey

__all__ = ["Case", "Changer", "Feed", "Handoff", "Journey"]

Changer = Literal["own", "amounts", "values", "corrections", "old numbers", "unclear", "formula"]
"""Own events, amounts and values by paths, corrections, numbers put back, paths of unknown kind, a formula."""


class Journey(NamedTuple):
    """One event from one start, as one cell sees it."""

    event: Event
    start: Start
    landing: Landing
    arrivals: Sequence[Arrival]
    """The amounts that it brings to the cell's quantity."""
    everywhere: dict[str, Landing]
    """System -> what the same start brings there."""


STAMPS = frozenset({"version", "event_time"})
"""Guards that refuse what is older than the last one."""


class Handoff:
    """One write path with what follows from its facts, and the little of other paths that bears on it."""

    __slots__ = (
        "flow", "hears_in_order", "ledger_sees", "one_step", "only_one_way", "path", "pulled", "pushed",
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
        self.only_one_way = self.flow == "state" and graph.moves_one_way(path)
        """Whether what it reads only ever grows, or only ever shrinks, so that no value comes a second time."""

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
            feed.handoff.flow == "state" and not (feed.path.origin_tag or feed.path.only) for feed in self._awake
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
            if len(among) > 1 and any(
                arrival.path is not None and arrival.path.source in among for arrival in journey.arrivals
            ):
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
        if sending:
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
        listed = [events[name] for name in write.path.events or ()]
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
        if self.is_derived:
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
            if not any(not arrival.doubts for arrival in journey.arrivals):
                continue
            brought = any(arrival.path is not None and not arrival.doubts for arrival in journey.arrivals)
            for name in journey.start.alike if brought else (self.cell.system,):
                cells = (Cell(name, quantity) for quantity in counted)
                found.update((cell, None) for cell in cells if cell in self.graph.cells and cell != self.cell)
        return tuple(found)

    @once
    def written_by(self) -> frozenset[Changer]:
        """All that can ever change it but amounts and events of its own, by kind."""
        kinds: tuple[tuple[Changer, object], ...] = (
            ("values", self.all_feeds),
            ("corrections", self.corrections),
            ("old numbers", self.rewriters),
            ("unclear", self.unclear),
            ("formula", self.is_derived),
        )
        return frozenset(kind for kind, found in kinds if found)

    @once
    def changed_by(self) -> frozenset[Changer]:
        """All that can ever change it, by kind."""
        kinds: tuple[tuple[Changer, object], ...] = (("own", self.own), ("amounts", self.deltas))
        return self.written_by.union(kind for kind, found in kinds if found)

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
