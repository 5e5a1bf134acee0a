"""A run that shows **one cause** and no other: the slice with the faults of everything else held back.

A cell with several defects has one shortest run, and that shows one of them. Here only faults of one kind may happen,
on one path, and only the events that are touched: what still goes wrong is that defect's own story.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.witness.classes import per_item_class
from handoffmap.witness.compiling import Compiled
from handoffmap.witness.idle import sending
from handoffmap.witness.promises import puts_back
from handoffmap.witness.proof import answered_kindly
from handoffmap.witness.search import Wish, search
from handoffmap.witness.starting import STARTING, needs_floor
from handoffmap.witness.telling import faults_of, others_right, outlined, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from handoffmap.model import Cell, Topology
    from handoffmap.witness.search import Found
    from handoffmap.witness.tables import Figures, PathSpec, Slice
    from handoffmap.witness.telling import Bare, Run

__all__ = ["Cause", "FaultKind", "run_of_cause"]

FaultKind = Literal["repeat", "lose", "crash"]
"""What may go wrong on the way: a message that comes again, one that is lost, a crash before it is handed over."""

_SEEN_AS: dict[FaultKind, frozenset[str]] = {
    "repeat": frozenset({"repeat", "forget", "replay_late"}),
    "lose": frozenset({"lose", "replay_late"}),
    "crash": frozenset({"crash"}),
}


class Cause(NamedTuple):
    """What a run has to show to be the story of one finding."""

    events: frozenset[str] = frozenset()
    """At least one of them happens in it; empty: any."""
    path: str | None = None
    """It takes part."""
    fault: FaultKind | None = None
    """The only fault that may happen, on that path; None: none may, what goes wrong goes wrong by itself."""
    drift: str | None = None
    """The class that it should end in."""
    twice: bool = False
    """One instance comes to the cell's system more than once."""
    spreads: bool = False
    """The cells that it takes its value from may be wrong in the end, too."""
    noted: str | None = None
    """What the machine has to take note of on the path."""
    cells: frozenset[str] = frozenset()
    """Cells that are wrong by it as well, by name."""
    apart: bool = False
    """Cells of which nothing is taken in the run may be wrong, too."""


def run_of_cause(
    topology: Topology,
    cell: Cell,
    cause: Cause,
    *,
    alone: bool = True,
    figures: Figures | None = None,
    cap: int = 4_000,
) -> Run | None:
    """The shortest run that makes a cell drift by one cause; None where there is none within `cap` states.

    `alone`: no events but those of the cause may happen. `figures`: numbers that the run is told in. A run that ends
    in another class than the cause's is given where there is no better one: the class may hang on other defects, such
    as a healer that is itself fed wrong values.
    """
    own = _own_events(topology, cell, cause)
    if own:
        run = _run_in(_with_events(topology, own), cell, cause._replace(events=own), figures, cap)
        if run is not None:
            return run
    return _run_in(_with_events(topology, cause.events) if alone else topology, cell, cause, figures, cap)


def _run_in(seen_with: Topology, cell: Cell, cause: Cause, figures: Figures | None, cap: int) -> Run | None:
    """The shortest run of a cause in a map in which the events that may tell it happen, and no others."""
    stated, up = answered_kindly(seen_with, cell)
    others: list[Found] = []

    def tells_all(found: Found) -> bool:
        if others and found.drift != cause.drift:
            return False
        if not _shows(found, cause):
            return False
        if found.drift == cause.drift or (found.drift == "transient" and _is_mended(found.machine.tables, cause)):
            return True
        others.append(found)
        return False

    apart = (cause.path, dict.fromkeys(cause.events, 1))
    wish = Wish(tells_all, apart, by_end=cause.path is None and cause.fault is None and not cause.twice)
    for seen in per_item_class(stated, cell):
        for tables in _starts(Compiled(seen, cell, up if seen is stated else None, figures), figures):
            held = _held_back(tables, cause)
            if not _may_show(held, cause):
                continue
            found = search(held, cap, wish)
            if found.drift is not None:
                return told(found)
    return told(others[0]) if others else None


def _starts(compiled: Compiled, figures: Figures | None) -> Iterator[Slice]:
    yield compiled.large
    if figures is None and needs_floor(compiled.large):
        yield from (compiled.at(floor=floor, least=least) for floor, least in STARTING if floor)


def _own_events(topology: Topology, cell: Cell, cause: Cause) -> frozenset[str]:
    """What happens at the cell itself: enough for a number that is written back with no event behind it."""
    path = topology.write_paths.get(cause.path or "")
    if cause.events or path is None or not puts_back(path):
        return frozenset()
    return frozenset(
        event.id
        for event in topology.events.values()
        if cell.quantity in event.effects and any(origin.system == cell.system for origin in event.origins)
    )


def _with_events(topology: Topology, events: frozenset[str]) -> Topology:
    """The map in which these happen alone, with what they undo."""
    if not events:
        return topology
    undone = {topology.events[name].undoes for name in events if name in topology.events}
    return topology._replace(
        events={name: event for name, event in topology.events.items() if name in events or name in undone}
    )


def _held_back(tables: Slice, cause: Cause) -> Slice:
    return tables._replace(
        paths=tuple(_calm(each, cause.fault if each.id == cause.path else None) for each in tables.paths)
    )


def _calm(path: PathSpec, fault: FaultKind | None) -> PathSpec:
    return path._replace(
        can_repeat=path.can_repeat and fault == "repeat",
        forgets=path.forgets and fault == "repeat",
        can_lose=path.can_lose and fault == "lose",
        can_park=path.can_park and fault in {"lose", "repeat"},
        can_crash=path.can_crash and fault == "crash",
    )


def _may_show(tables: Slice, cause: Cause) -> bool:
    """Whether any run of a slice could be the story of the cause at all, as far as its tables tell without a search."""
    path = next((each for each in tables.paths if each.id == cause.path), None)
    if cause.path is not None and (path is None or cause.path not in sending(tables)):
        return False
    if cause.fault is not None:
        return path is not None and _may_fail(path)
    return not cause.events or any(event.id in cause.events for event in tables.events)


def _is_mended(tables: Slice, cause: Cause) -> bool:
    """Whether a run from a cell that has to be right in the end writes over all that the cause spoils.

    Then none of its stories lasts, and a longer one need not be looked for.
    """
    if cause.spreads:
        return False
    runs = [path for path in tables.paths if path.kind == "state" and not path.pushed and not path.puts_back]
    writing = [path for path in runs if not tables.home_cells.isdisjoint(value.cell for value in path.values)]
    return len(writing) == 1 and not tables.controls and _writes_in_any_case(writing[0], tables.home_cells)


def _writes_in_any_case(path: PathSpec, cells: frozenset[int]) -> bool:
    """Whether each run of a path writes whole values over these cells, whatever it has sent before."""
    refusing = path.stamp >= 0 or path.compares or path.accepts or path.ledger >= 0 or path.refused
    sure = path.full and path.op == "set" and not (path.if_changed or refusing)
    return sure and cells <= {value.cell for value in path.values}


def _may_fail(path: PathSpec) -> bool:
    """Whether a fault is left to a path whose other faults are held back."""
    return path.can_repeat or path.can_lose or path.can_park or path.can_crash


def _shows(found: Found, cause: Cause) -> bool:
    """Whether a run is the story of the cause and not of a neighbour."""
    if cause.fault is not None:
        return any(kind in _SEEN_AS[cause.fault] and who == cause.path for kind, who in faults_of(found))
    if cause.events and not _happens(found, cause.events):
        return False
    run = outlined(found)
    if cause.path is not None and all(step.path != cause.path for step in run):
        return False
    if cause.twice and not _comes_twice(run, found, cause.events):
        return False
    if cause.noted is not None and (cause.noted, cause.path) not in faults_of(found):
        return False
    return cause.spreads or found.drift == "transient" or others_right(found, cause.cells, apart=cause.apart)


def _happens(found: Found, events: frozenset[str]) -> bool:
    """Whether one of these events is in the script of a run."""
    if found.trail is None:
        return False
    menu = found.machine.tables.events
    return any(menu[instance.menu].id in events for instance in found.trail.states[-1].script)


def _comes_twice(run: tuple[Bare, ...], found: Found, events: frozenset[str]) -> bool:
    """Whether one of these events (any, where none are named) is brought to the cell's system more than once."""
    tables = found.machine.tables
    happened = Counter(step.event for step in run if step.kind == "event" and (not events or step.event in events))
    brought: Counter[tuple[str, Fraction | None]] = Counter()
    for step in run:
        if step.event is not None and step.where >= 0:
            brought[step.event, step.amount] += (step.path is not None) * (step.where == tables.home)
            brought[step.event, step.amount] += _brought_in_step(tables, step.where, step.event)
    return any(count > 1 and happened[event] for (event, _), count in brought.items())


def _brought_in_step(tables: Slice, where: int, event: str, most: int = 3) -> int:
    """How often an event that comes to one system is brought to the cell's in that same step."""
    along = [path for path in tables.paths if path.source == where and (path.in_step or path.gate)]
    return sum(
        (path.target == tables.home) + (_brought_in_step(tables, path.target, event, most - 1) if most else 0)
        for path in along
        if path.events is None or event in path.events
    )
