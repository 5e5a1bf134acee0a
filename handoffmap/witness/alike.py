"""Paths that **behave alike**: a search need not try one where another of its kind would do.

Two paths of amounts that only their own events set off, and that differ in nothing but their names, can change places
in any run: what comes out is the same run under other names. So a run may be asked to take the first of its kind
before the second. The first shortest run that a search comes to does so anyway: with a later path in the place of an
earlier one that is not used yet, it would not be the first. The search is smaller, and what it finds is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.witness.state import Instance
    from handoffmap.witness.tables import EventSpec, PathSpec, Slice

__all__ = ["Alike", "Apart"]

Apart = tuple[str | None, Mapping[str, int]]
"""A path that a search asks about, and the events, by number where it asks for one or the other of them."""


class Alike:
    """Which events of the menu may come next: of those that are alike, the first that has not happened."""

    def __init__(self, tables: Slice, apart: Apart = (None, MappingProxyType({}))) -> None:
        self.kinds: list[tuple[tuple[int, ...], ...]] = []
        """Families of events that are alike, in the order in which a search tries them."""
        found: dict[object, list[tuple[int, ...]]] = {}
        own = {} if tables.cyclic or len(tables.events) < 2 else _own_events(tables)
        ways = Counter((tables.paths[number].changes, len(events)) for number, events in own.items())
        turns = _is_linear(tables) if ways else False
        for number, events in own.items():
            path = tables.paths[number]
            if path.id != apart[0] and ways[path.changes, len(events)] > 1:
                alike = found.setdefault(_likeness(tables, path, events, own, apart[1], turns=turns), [])
                alike.append(tuple(event.number for event in events))
        for families in found.values():
            families.sort()
            if len(families) > 1 and all(map(_precedes, families, families[1:])):
                self.kinds.append(tuple(families))
        self._known: dict[frozenset[int], frozenset[int]] = {}

    def held_back(self, script: tuple[Instance, ...]) -> frozenset[int]:
        """Events that may not happen next, because others that are like them come first."""
        if not self.kinds:
            return frozenset()
        happened = frozenset(each.menu for each in script)
        if happened not in self._known:
            waiting: set[int] = set()
            for families in self.kinds:
                fresh = [family for family in families if happened.isdisjoint(family)]
                waiting.update(event for family in fresh[1:] for event in family)
            self._known[happened] = frozenset(waiting)
        return self._known[happened]


def _precedes(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether each event of a family is tried before its like in another."""
    return all(mine < its for mine, its in zip(one, other, strict=True))


def _own_events(tables: Slice) -> Mapping[int, tuple[EventSpec, ...]]:
    """Path of amounts -> the events that set it off and no other, where nothing else does."""
    set_off: dict[int, list[EventSpec]] = {}
    shared: set[int] = set()
    for event in tables.events:
        by_it = [tables.paths[number] for number in tables.from_system[event.origin]]
        by_it = [path for path in by_it if path.events is not None and event.id in path.events]
        for path in by_it:
            set_off.setdefault(path.number, []).append(event)
            if len(by_it) > 1:
                shared.add(path.number)
    return {
        number: tuple(events)
        for number, events in set_off.items()
        if number not in shared and _stands_alone(tables, tables.paths[number])
    }


def _stands_alone(tables: Slice, path: PathSpec) -> bool:
    """Whether nothing is brought to its source, and it shares no ledger, lane or stamp with another path."""
    return (
        path.kind == "delta"
        and not path.fires_for_paths
        and path.amount_from < 0
        and not any(
            other.number != path.number
            and (
                other.target == path.source
                or path.number in other.fires_for_paths
                or (path.ledger >= 0 and other.ledger == path.ledger)
                or (path.lane >= 0 and other.lane == path.lane)
                or (path.single >= 0 and other.single == path.single)
                or (path.stamp >= 0 and other.stamp == path.stamp)
            )
            for other in tables.paths
        )
        and path.source != path.target
    )


def _likeness(
    tables: Slice,
    path: PathSpec,
    events: tuple[EventSpec, ...],
    own: Mapping[int, tuple[EventSpec, ...]],
    named: Mapping[str, int],
    *,
    turns: bool,
) -> object:
    """All that a search can see of a path and its events, names left out."""
    bare = path._replace(
        number=0, id="", source=0, events=None, ledger=min(path.ledger, 0), lane=min(path.lane, 0),
        single=min(path.single, 0), stamp=min(path.stamp, 0), pushed=True, full=False, fetch=False,
        fires_on_write=False, reads=frozenset(), if_changed=False, read_before=False,
    )  # fmt: skip
    if path.key == "instance" and not path.can_repeat:
        bare = bare._replace(ledger=-1, recognises=False, forgets=False)  # nothing comes to it twice
    return bare, tuple(_of_event(tables, event, own, named, turns=turns) for event in events)


def _of_event(
    tables: Slice, event: EventSpec, own: Mapping[int, tuple[EventSpec, ...]], named: Mapping[str, int], *, turns: bool
) -> object:
    """All that a search can see of an event: its name only where another event, an order or an amount asks for it."""
    tied = tables.linked or event.undoes is not None or any(other.undoes == event.id for other in tables.events)
    tied = tied or len(set(tables.amounts)) < len(tables.amounts)
    held = any(cell.system == tables.systems[event.origin] for cell in tables.cells)
    bare = event._replace(
        number=0, id=event.id if tied else "", origin_name="",
        origin=event.origin if held or event.origin == tables.home else -1,
    )  # fmt: skip
    if turns and not tied and _is_falling(event):
        bare = bare._replace(
            sign=-event.sign,
            truths=tuple((truth, -factor) for truth, factor in event.truths),
            amounts=tuple(-each if isinstance(each, int | Fraction) else each for each in event.amounts),
        )
    if turns:
        bare = bare._replace(sign=1)
    apart = event.number if event.applies or event.sets or event.flags else None
    listed = frozenset(
        path.number for path in tables.paths if path.number not in own and path.events and event.id in path.events
    )
    return bare, listed, named.get(event.id), apart


def _is_falling(event: EventSpec) -> bool:
    numbers = [factor for _, factor in event.truths]
    numbers += [each for each in event.amounts if isinstance(each, int | Fraction)]
    return next((number for number in numbers if number), 1) < 0


def _is_linear(tables: Slice) -> bool:
    """Whether what an event does to any number is a small multiple of its amount, whatever comes before or after.

    Then turning the direction of one event turns its part of every difference. The amounts are so far apart that no
    part makes up for another, so what is wrong stays wrong and what is equal stays equal.
    """
    few = [0, *tables.amounts]
    if any(each <= 4 * before for before, each in pairwise(few)):
        return False
    least = min((number for number in tables.start_truths if isinstance(number, int | Fraction)), default=0)
    if (
        tables.floor
        or least < sum(tables.amounts)
        or any(
            path.clamp
            or path.compares
            or path.guard == "cas"
            or path.key == "value"
            or path.if_changed
            or path.split != "no"
            for path in tables.paths
        )
    ):
        return False
    changes = [change for path in tables.paths for change in path.changes]
    values = [value for path in tables.paths for value in path.values]
    forms = [*(value.form for value in values), *(form for _, form in tables.shown)]
    forms += [form for form in tables.ought if form is not None]
    return (
        not any(change.rounding for change in changes)
        and not any(value.rounding or value.scale != 1 for value in values)
        and all(abs(change.factor) == 1 for change in changes)
        and all(abs(factor) == 1 for form in forms for _, factor in form.terms)
        and not any(path.accepts for path in tables.paths)
    )
