"""Messages that a search may **deal with at once**: whatever comes before or after them, the end is the same.

An amount that is added to a cell which nobody reads or overwrites meanwhile can change places with anything else that
happens. A run ends at rest, so that each message is delivered or lost in it at some time: any run can be put into an
order in which the first message that waits, and all that it sets off, comes at once. That run is as long, and a
search that tries deliveries before all else comes to it first in any case. So the other orders need not be tried.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from handoffmap.witness.tables import Amount, EventSpec, PathSpec, Slice

__all__ = ["AtOnce", "at_once"]


class AtOnce(NamedTuple):
    """Paths whose messages commute with all else."""

    always: frozenset[int]
    late: frozenset[int]
    """Those that do so once no run can come any more that nobody waits for."""


_FEW = 2
"""Times that a circle is gone round: what it brings the second time is no different from the third."""

NONE = AtOnce(frozenset(), frozenset())


def at_once(tables: Slice) -> AtOnce:
    """Which paths of a slice can be dealt with at once, as far as its tables tell.

    None where a run may end before it rests (an event that is taken back, messages that go round), or where it
    matters of which order an event is.
    """
    if tables.cyclic or "contains" in tables.uses or tables.minds_orders or tables.remembering:
        return NONE
    if any(event.flags for event in tables.events):
        return NONE
    after = _set_off(tables)
    first_counts = _told_apart(tables, after)
    simple = {path.number for path in tables.paths if path.number not in first_counts and _only_adds(path)}
    minded = frozenset(_minded(tables, simple))
    in_runs = frozenset(_read_by_runs(tables))
    stamped = {path.source for path in tables.paths if path.stamp >= 0}
    always: set[int] = set()
    late: set[int] = set()
    for number in simple:
        cone = _with_all_after(number, after)
        paths = [tables.paths[each] for each in cone]
        if not cone <= simple or any(path.target in stamped or _is_told_on(tables, path) for path in paths):
            continue
        cells = {change.cell for path in paths for change in path.changes}
        if minded.isdisjoint(cells):
            (always if in_runs.isdisjoint(cells) else late).add(number)
    return AtOnce(frozenset(always), frozenset(always | late))


# -- what sets off what ------------------------------------------------------------------------------------


def _set_off(tables: Slice) -> Mapping[int, tuple[int, ...]]:
    """Path of amounts -> the paths of amounts that an event which it brings sets off."""
    amounts = [path for path in tables.paths if path.kind != "state" and path.events]
    return {
        path.number: tuple(
            other.number
            for other in amounts
            if other.source == path.target and not path.refused and not _events_of(path).isdisjoint(_events_of(other))
        )
        for path in tables.paths
    }


def _events_of(path: PathSpec) -> frozenset[str]:
    return path.events or frozenset()


def _with_all_after(number: int, after: Mapping[int, tuple[int, ...]]) -> set[int]:
    """A path with all that its messages may set off in the end."""
    found = {number}
    todo = [number]
    while todo:
        for other in after[todo.pop()]:
            if other not in found:
                found.add(other)
                todo.append(other)
    return found


def _told_apart(tables: Slice, after: Mapping[int, tuple[int, ...]]) -> set[int]:
    """Paths at whose ledger it may matter which of two messages of one instance is the first, a repetition aside.

    Two that come to the same path by different ways, and bring the same, are as good as one another.
    """
    if all(path.ledger < 0 for path in tables.paths):
        return set()
    tagged = {path.number for path in tables.paths if path.tagged}
    unlike: set[int] = set()
    for event in tables.events:
        met: dict[int, set[tuple[int, tuple[Amount, ...]]]] = {}
        often: Counter[int] = Counter()
        for number, payload in _ways(tables, event, after):
            ledger = tables.paths[number].ledger
            met.setdefault(ledger, set()).add((number, payload))
            often[ledger] += 1
            if often[ledger] > 1 and not tagged.isdisjoint(_with_all_after(number, after)):
                unlike.add(ledger)  # where a tag stops a message hangs on the way by which it came
        unlike.update(ledger for ledger, ways in met.items() if len(ways) > 1)
    return {path.number for path in tables.paths if path.ledger >= 0 and path.ledger in unlike}


def _ways(
    tables: Slice, event: EventSpec, after: Mapping[int, tuple[int, ...]]
) -> Iterator[tuple[int, tuple[Amount, ...]]]:
    """The paths that one unit of an event goes along, with what it is there; those in a circle a few times only."""
    met: Counter[int] = Counter()
    todo = [
        (number, event.amounts) for number in tables.from_system[event.origin] if _lists(tables.paths[number], event)
    ]
    while todo:
        number, payload = todo.pop()
        if met[number] > _FEW:
            continue
        met[number] += 1
        path = tables.paths[number]
        if path.parts > 1:
            payload = tuple(
                Fraction(each) / path.parts if isinstance(each, int | Fraction) else each for each in payload
            )
        yield number, payload
        brought = _brought(path, payload)
        todo.extend((other, brought) for other in after[number] if _lists(tables.paths[other], event))


def _lists(path: PathSpec, event: EventSpec) -> bool:
    return path.kind != "state" and event.id in _events_of(path)


def _brought(path: PathSpec, payload: tuple[Amount, ...]) -> tuple[Amount, ...]:
    """What arrives of an amount, roundings left out: they are none of a path that only adds, or the same for equals."""
    arrived = [None if index < 0 else payload[index] for index in path.carry]
    for change in path.changes:
        parts = [(payload[change.left], change.factor), *((payload[each], sign) for each, sign in change.beside)]
        amounts = [amount * factor for amount, factor in parts if isinstance(amount, int | Fraction)]
        if amounts:
            before = arrived[change.right]
            arrived[change.right] = sum(amounts) + (before if isinstance(before, int | Fraction) else 0)
    return tuple(arrived)


# -- who minds ---------------------------------------------------------------------------------------------


def _only_adds(path: PathSpec) -> bool:
    """Whether all that a message of a path does is to add an amount that is its own, whatever is there."""
    sets = path.kind == "delta" and path.op in {"set", "cas"} and not path.base_event
    return (
        path.kind != "state"
        and not (sets or path.watches or path.clamp or path.once_per_order or path.accepts)
        and path.stamp < 0
        and path.guard != "cas"
        and path.split == "no"
        and path.amount_from < 0
        and (path.ledger < 0 or path.key == "instance")
    )


def _minded(tables: Slice, simple: set[int]) -> Iterator[int]:
    """Cells of which it matters at any time what stands there: somebody reads it, or writes something else there."""
    for event in tables.events:
        yield from (cell for cell, *_ in event.sets)
    for path in tables.paths:
        yield from (cell for cell, _ in path.watches)
        yield from (cell for cell, *_ in path.accepts)
        if path.amount_from >= 0:
            yield path.amount_from
        if path.gate or path.number not in simple:
            yield from (change.cell for change in path.changes)
        for value in path.values:
            yield value.cell
            yield from _cells(() if value.derived is None else value.derived.terms)
            if path.pushed or path.fetch or not path.full:
                yield from _cells(value.form.terms)


def _read_by_runs(tables: Slice) -> Iterator[int]:
    """Cells that are read, or written at once, by a run that may come at any time."""
    for path in tables.paths:
        for value in path.values:
            yield from _cells(value.form.terms)
    for control in tables.controls:
        yield control.cell
        yield from control.touches


def _cells(terms: Iterable[tuple[int, object]]) -> Iterator[int]:
    return (cell for cell, _ in terms)


def _is_told_on(tables: Slice, path: PathSpec) -> bool:
    """Whether values are sent where an event that it brings arrives."""
    return any(
        other.kind == "state" and other.source == path.target and not _events_of(other).isdisjoint(_events_of(path))
        for other in tables.paths
    )
