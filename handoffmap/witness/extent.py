"""**How much has to be searched**: how many events a script needs, how many losses, which parts of a state matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.witness.firing import Firing

if TYPE_CHECKING:
    from handoffmap.witness.numbering import Numbering
    from handoffmap.witness.tables import ControlSpec, EventSpec, PathSpec

__all__ = ["depth", "grows", "losses", "uses", "without_idle_repeats"]


def depth(
    events: tuple[EventSpec, ...], paths: tuple[PathSpec, ...], controls: tuple[ControlSpec, ...]
) -> tuple[int, bool]:
    """How many events a script needs, by what makes instances depend on one another; and whether orders matter.

    One: where all writes add and nothing remembers more than the instance, each instance moves the cell by
    itself. A run of several that leaves the cell wrong has one whose part is wrong, and that one's own steps
    are a run, with no more faults. Three: where what one order has done decides about its next event, and where
    an event can happen to a value that came back from where an older one was sent, or compare-and-set hold back
    a third one because of one of two that is refused, or two routes of one ledger each refuse the first of three
    because of another. Else two: a value, a stamp or a clamp lets one change hide
    or bring back another.
    """
    order_bound = any(
        path.clamp
        or (path.if_changed and not path.pushed)
        or (path.guard == "state_machine" and path.kind != "state")
        or path.once_per_order
        or path.op == "release"
        or path.accepts
        or (path.ledger >= 0 and path.key != "instance")
        or path.amount_from >= 0
        for path in paths
    )
    if order_bound:
        return 3, True
    coupled = (
        any(
            path.kind != "delta"
            or path.op in {"set", "cas"}
            or path.compares
            or path.guard in {"version", "event_time", "cas"}
            or path.clamp
            or any(change.rounding for change in path.changes)
            for path in paths
        )
        or any(event.sets for event in events)
        or any(control.acts for control in controls)
    )
    stamped = [path for path in paths if path.kind != "state" and path.stamp >= 0]
    held_back = bool(stamped) and any(path.compares for path in paths)
    ledgers = [path.ledger for path in stamped if path.ledger >= 0]
    if held_back or len(set(ledgers)) < len(ledgers) or _works_on_old_values(paths, events):
        return 3, False
    return (2 if coupled else 1), False


def uses(
    numbering: Numbering, events: tuple[EventSpec, ...], paths: tuple[PathSpec, ...], controls: tuple[ControlSpec, ...]
) -> frozenset[str]:
    """The parts of a state that matter: contains, order, time, history."""
    found = set()
    home = numbering.system[numbering.cell.system]
    local = any(event.origin == home and (event.applies or event.sets) for event in events)
    whole = {path.target for path in paths if path.kind == "state" or path.split == "cached"}
    written = home in whole or bool(controls)
    if (local and written) or any(path.compares or path.guard == "cas" or path.amount_from >= 0 for path in paths):
        found.add("contains")
    if any(path.guard == "version" for path in paths):
        found.add("order")
    if any(path.guard == "event_time" for path in paths):
        found.add("time")
    if any(path.tagged for path in paths):
        found.add("history")
    return frozenset(found)


def _works_on_old_values(paths: tuple[PathSpec, ...], events: tuple[EventSpec, ...]) -> bool:
    """Whether events happen at a cell whose own values come back to it, or the difference of a count as a value."""
    changed = {cell for event in events for cell, *_ in (*event.applies, *event.sets)}
    if not changed.isdisjoint(_coming_back(paths)):
        return True
    counted = {cell for event in events for cell, *_ in event.sets}
    return bool(counted) and not counted.isdisjoint(_coming_back(paths, events))


def losses(numbering: Numbering, paths: tuple[PathSpec, ...]) -> int:
    """How many messages may get lost: one; two where a second way brings what the first has lost, and loses, too.

    That is so at a ledger to which one instance comes twice or which two paths share, and at a cell into which one
    writes values beside another writer.
    """
    firing = Firing(numbering.topology, numbering.up)
    ways = numbering.up.paths
    if any(spec.can_lose and spec.ledger >= 0 and firing.comes_twice(ways[spec.number]) for spec in paths):
        return 2
    if sum(path.can_lose for path in paths) < 2:
        return 1
    ledgers = [path.ledger for path in paths if path.ledger >= 0]
    if len(set(ledgers)) < len(ledgers):
        return 2
    values = {(value.cell, path.number) for path in paths for value in path.values}
    written = values | {(change.cell, path.number) for path in paths for change in path.changes}
    cells = [cell for cell, _ in written if cell >= 0]
    return 2 if any(cells.count(cell) > 1 for cell, _ in values) else 1


def _coming_back(paths: tuple[PathSpec, ...], events: tuple[EventSpec, ...] = ()) -> set[int]:
    """The cells whose own values come back to them; with `events`, what is counted there within other values, too."""
    feeds: dict[int, set[int]] = {}
    for path in paths:
        for event in events if path.kind == "delta" else ():
            if event.sets and event.origin == path.source and event.id in (path.events or ()):
                for change in path.changes:
                    feeds.setdefault(change.cell, set()).update(cell for cell, *_ in event.sets)
        for value in path.values if path.kind == "state" and not path.puts_back else ():
            feeds.setdefault(value.cell, set()).update(cell for cell, _ in value.form.terms)
    return {cell for cell in feeds if cell in _above(cell, feeds)}


def _above(cell: int, feeds: dict[int, set[int]]) -> set[int]:
    """The cells whose values get into one."""
    seen: set[int] = set()
    todo = list(feeds.get(cell, ()))
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo.extend(feeds.get(one, ()))
    return seen


def grows(paths: tuple[PathSpec, ...]) -> bool:
    """Whether runs may make a number larger and larger: whole values added by a run, or added or scaled in a circle."""
    circle: set[int] | None = None
    for path in paths:
        adds = path.kind == "state" and path.op in {"adjust", "append", "move"}
        if adds and not path.pushed:
            return True
        scales = any(abs(factor) != 1 for value in path.values for _, factor in value.form.terms)
        if path.kind == "state" and (adds or scales):
            circle = _coming_back(paths) if circle is None else circle
            if any(value.cell in circle for value in path.values):
                return True
    return False


def without_idle_repeats(
    paths: tuple[PathSpec, ...], events: tuple[EventSpec, ...], controls: tuple[ControlSpec, ...]
) -> tuple[PathSpec, ...]:
    """Repetitions that can do nothing are left out.

    A value under a version comes again: either a newer one of the same source has been there, and it is refused, or
    it is the last one, and writes what is there, because nobody else writes that cell. A run that takes such a
    repetition comes to the same cells as the run without it.
    """
    booked = {cell for event in events for cell, *_ in (*event.applies, *event.sets)}
    booked |= {control.cell for control in controls}
    return tuple(
        path._replace(can_repeat=False) if path.can_repeat and _is_idle(path, paths, booked) else path for path in paths
    )


def _is_idle(path: PathSpec, paths: tuple[PathSpec, ...], booked: set[int]) -> bool:
    """Whether a repetition of what a path brings does nothing; `booked`: cells that are written by no path."""
    if path.kind != "state" or path.guard != "version" or path.fetch or path.fires_on_write:
        return False
    if path.op not in {"set", "cas"} or path.key == "value":
        return False
    others = {
        cell
        for other in paths
        if other.number != path.number and not (other.guard == "version" and other.stamp == path.stamp)
        for cell in (*(value.cell for value in other.values), *(change.cell for change in other.changes))
    }
    return (others | booked).isdisjoint(value.cell for value in path.values)
