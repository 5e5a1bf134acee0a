"""The whole map, ready to be judged: arrivals -> cases and handoffs, made when they are first asked for -> **survey**.

With what is asked of many cells at once: which feeds can stir, what reaches what, who copies whom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import Cell, Dedupe, QuantityMapping
from handoffmap.premises.arrivals import Arrivals, certain
from handoffmap.premises.cells import Case, Handoff, may_write, waits_for_changes, written_from
from handoffmap.premises.classless import lets_nothing_through
from handoffmap.premises.graph import WritePathGraph, flow_of, read_by, refused_for
from handoffmap.premises.once import once
from handoffmap.premises.repeats import all_repeat
from handoffmap.premises.standing import stands_still
from handoffmap.premises.upstream import FAR, any_upstream
from handoffmap.vocabulary import WRITING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from handoffmap.model import Control, Event, Topology, WritePath
    from handoffmap.premises.cells import Feed
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.graph import Write
    from handoffmap.premises.loops import Lap
    from handoffmap.vocabulary import Seconds

__all__ = ["Survey"]


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
            for cell in {control.mirror, control.corrects}:
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
        """The cells whose values a cell may take: whole, as bases, as what a count differs by, or by a correction."""
        for write in self.graph.writers_of(cell):
            if flow_of(write.path) not in {"delta", "kept"}:
                yield from self.reads(write)
        yield from self.case(cell).bases
        yield from self.case(cell).counted_elsewhere
        for control in self.reconciliations_of(cell):
            source = written_from(control)
            if source is not None:
                yield source

    def handoff(self, path: WritePath) -> Handoff:
        """The handoff of one path."""
        found = self._handoffs.get(path.id)
        if found is None:
            found = self._handoffs[path.id] = Handoff(path, self.graph)
            if isinstance(path.dedupe, Dedupe):
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
            return unmoved and not self.stirs(feed.case.cell)
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
        return any(self._sets_off(self.topology.events[event], path) for event in path.events or ())

    def _sets_off(self, event: Event, path: WritePath) -> bool:
        """Whether an event may come to a path's source by a way for which the path fires; a value brings none."""
        if path.fires_for is None:
            return self.arrivals_at(event.id, path.source)
        return any(
            ("local" if last is None else last.id) in path.fires_for
            for _, landing in self.arrivals.heard_at(event, path.source)
            for last in (*landing.heard, *(way for way, _ in landing.maybe_heard))
        )

    def is_stopped(self, feed: Feed) -> bool:
        """Whether all that changes what a path sends comes there by ways for which it does not fire."""
        path = feed.path
        if not feed.handoff.pushed and path.covers != "changed_only":
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
        read = [Cell(path.source, left) for left in path.maps]
        stirs = any_upstream(
            read,
            lambda here: here not in self.graph.cells or self._stirs_by_itself(self.case(here)),
            lambda here: [read for feed in self.case(here).all_feeds if feed.path is not other for read in feed.reads],
        )
        return stirs is not False

    def comes_by_runs(self, feed: Feed) -> bool:
        """Whether what a path reads changes by runs alone, at once or further on, which bring no event of any class."""
        return bool(feed.reads) and self._comes_from(
            feed.reads, None, lambda above: above.reads if above.handoff.pushed else ()
        )

    def is_echo(self, feed: Feed) -> bool:
        """Whether nothing gets into what a path reads but what its target has had, and corrections."""
        return bool(feed.reads) and self._comes_from(feed.reads, feed.case.cell, lambda above: above.reads)

    def _comes_from(
        self, cells: tuple[Cell, ...], known: Cell | None, further: Callable[[Feed], tuple[Cell, ...]]
    ) -> bool:
        """Whether cells change by whole values alone, all the way back to one that is known."""

        def changes_otherwise(cell: Cell) -> bool:
            case = self.case(cell)
            return bool(case.own or self._is_added_to(case) or case.is_derived or case.unclear)

        def above(cell: Cell) -> Iterator[Cell]:
            return (read for feed in self.case(cell).all_feeds for read in further(feed) if read != known)

        return any_upstream((cell for cell in cells if cell != known), changes_otherwise, above) is False

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
        if case.own or case.system.has_derived or any(map(may_write, case.reconciliations)):
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
            self.handoff(write.path).flow != "state" and self._may_bring(write.path, write.left)
            for write in self.graph.writers_of(case.cell)
        )

    def _perhaps_reads(self, cell: Cell) -> list[Cell]:
        """What paths may read for a cell, after changes alone, of which nobody has said whether they carry values."""
        read = [
            Cell(write.path.source, write.left)
            for write in self.graph.writers_of(cell)
            if self.handoff(write.path).flow is None
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
            path in (*landing.heard, *(last for last, _ in landing.maybe_heard))
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
            case.own or case.deltas or case.all_feeds or case.reconciliations or case.is_derived or case.unclear
            or any(self._may_bring(write.path, write.left) for write in self.graph.writers_of(case.cell))
            for case in read
        )  # fmt: skip

    def is_copied(self, cell: Cell, original: Cell) -> bool:
        """Whether the values of one cell come from another, directly or over several."""

        def above(here: Cell) -> tuple[Cell, ...]:
            case = self.case(here)
            return (*(read for feed in case.feeds for read in feed.reads), *case.bases)

        return cell in self.graph.cells and bool(any_upstream(above(cell), lambda each: each == original, above))

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
        if case.is_derived:
            moved = [base for base in case.bases if base.quantity in event.effects]
            answers = [self._reaches(event, origin, base, seen | {cell}) for base in moved]
            return False if not answers or False in answers else None if None in answers else True
        landings = self.arrivals.from_origin(event, origin, cell.system)
        amounts = [arrival for landing in landings for arrival in landing.amounts.get(cell.quantity, ())]
        if certain(amounts):
            return True
        vague = bool(amounts)
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
    return feed.path.op in WRITING and _aligned(feed)


_AS_IT_IS = tuple(QuantityMapping(None))[1:]
