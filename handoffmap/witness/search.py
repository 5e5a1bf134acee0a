"""The **search**: breadth-first over the states of a slice, so that the first run found is a shortest one.

Three questions are asked of it: does any run go round for ever, does any leave the cell wrong for good, does any leave
it wrong for a while. The search ends as soon as the worst class that the slice can show has been seen.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from operator import ge
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from handoffmap.witness.alike import Alike
from handoffmap.witness.commuting import at_once
from handoffmap.witness.machine import Machine
from handoffmap.witness.settling import Settling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.witness.alike import Apart
    from handoffmap.witness.machine import Action
    from handoffmap.witness.state import State
    from handoffmap.witness.tables import Slice

__all__ = ["Found", "Trail", "Wish", "counted", "search"]

Drift = Literal["permanent", "transient", "divergent"]
ANY: Apart = (None, MappingProxyType({}))
"""Nothing in particular is asked about."""
_FEW = 8
"""States that are looked at before it is worth while to ask which of them can be left out."""
RANK: dict[str | None, int] = {None: 0, "transient": 1, "permanent": 2, "divergent": 3}


class Trail(NamedTuple):
    """A run as actions, from the start on."""

    actions: tuple[Action, ...]
    states: tuple[State, ...]
    """The start and the state after each action."""


class Found(NamedTuple):
    """The outcome of one search."""

    drift: Drift | None
    trail: Trail | None
    states: int
    complete: bool
    """False: the cap was reached before all was seen."""
    machine: Machine
    settling: Settling


class Wish(NamedTuple):
    """Which drifting runs count at all; the first of them ends the search."""

    grants: Callable[[Found], bool]
    apart: Apart = ANY
    """What it asks about."""
    by_end: bool = False
    """It asks only where a run ends, and not how it came there."""


def search(tables: Slice, cap: int, wish: Wish | None = None) -> Found:
    """The worst class of drift that a slice shows, with a shortest run to it; at most `cap` states are looked at."""
    found = _Search(tables, cap, wish).found()
    counts = _COUNTS.get()
    if counts is not None:
        counts.append(found.states)
    return found


@contextmanager
def counted() -> Iterator[list[int]]:
    """The states that each search inside it looks at, in the order of asking."""
    counts: list[int] = []
    before = _COUNTS.set(counts)
    try:
        yield counts
    finally:
        _COUNTS.reset(before)


_COUNTS: ContextVar[list[int] | None] = ContextVar("counts", default=None)


class _Node(NamedTuple):
    """A state that has been reached, and from where."""

    state: State
    before: _Node | None
    action: Action | None


class _Search:
    """One breadth-first search."""

    def __init__(self, tables: Slice, cap: int, wish: Wish | None) -> None:
        self.wish = wish
        self.spares = wish is None or wish.by_end
        """A state that was reached before with more to spare need not be looked at again."""
        self.machine = Machine(tables)
        self.settling = Settling(self.machine)
        self.tables = tables
        self.cap = cap
        self.worst = 3 if tables.cyclic or tables.grows else 2
        self.best: str | None = None
        self.where: tuple[_Node, tuple[Action, State] | None] | None = None
        self.known: dict[tuple[object, ...], tuple[tuple[int, ...], ...]] = {}
        """State without its budget of faults -> the budgets with which it has been reached."""
        self.states = 1
        self.complete = True

    def found(self) -> Found:
        start = _Node(self.machine.start, None, None)
        self.is_new(start.state)
        layer = [start]
        if not self.seen(_judged(self.machine, self.settling, start.state), start, None):
            while layer:
                layer = self.following(layer)
        return self.outcome(self.best, self.where)

    def reduce(self) -> None:
        """Leave out what others do as well from here on: finding that out costs more than a few states."""
        self.machine.alike = Alike(self.tables, ANY if self.wish is None else self.wish.apart)
        self.machine.at_once = at_once(self.tables)

    def outcome(self, drift: str | None, where: tuple[_Node, tuple[Action, State] | None] | None) -> Found:
        """What has been found if the search ends here."""
        trail = None if where is None else _trail(*where)
        word = cast("Drift | None", drift)
        return Found(word, trail, self.states, self.complete, self.machine, self.settling)

    def is_new(self, state: State) -> bool:
        """Whether a state has to be looked at; remembers it.

        One that was reached before with as many faults to spare need not be: all that can happen after it could then,
        and no later. A search for a certain story has to, because the story may be in how it was reached.
        """
        bare = state.bare()
        budget = state.budget
        first = (budget,)
        before = self.known.setdefault(bare, first)
        if before is first:
            return True
        if self.spares:
            for other in before:
                if all(map(ge, other, budget)):
                    return False
            self.known[bare] = (*before, budget)
        elif budget in before:
            return False
        else:
            self.known[bare] = (*before, budget)
        return True

    def following(self, layer: list[_Node]) -> list[_Node]:
        """The states one step on that are new; none once the worst has been seen or the cap is reached."""
        new: list[_Node] = []
        for node in layer:
            if self.machine.alike is None and self.states > _FEW:
                self.reduce()
            for action, there, regressed in self.machine.successors(node.state):
                if regressed and self.seen("transient", node, (action, there)):
                    return []
                if not self.is_new(there):
                    continue
                if self.states >= self.cap:
                    self.complete = False
                    return []
                self.states += 1
                reached = _Node(there, node, action)
                new.append(reached)
                if self.seen(_judged(self.machine, self.settling, there), reached, None):
                    return []
        return new

    def seen(self, drift: str | None, node: _Node, last: tuple[Action, State] | None) -> bool:
        """Remember the first place of each worse class; tells whether nothing worse can come."""
        if RANK[drift] > RANK[self.best]:
            if self.wish is not None and not self.wish.grants(self.outcome(drift, (node, last))):
                return False
            self.best, self.where = drift, (node, last)
            if self.wish is not None:
                return True
        return RANK[self.best] >= self.worst


def _judged(machine: Machine, settling: Settling, state: State) -> str | None:
    """The class that shows in this state itself."""
    if not machine.rests(state):
        return "divergent" if machine.tables.cyclic and settling.circles(state) else None
    return settling.judge(state)


def _trail(node: _Node, last: tuple[Action, State] | None) -> Trail:
    actions: list[Action] = []
    states = [node.state]
    while node.before is not None and node.action is not None:
        actions.append(node.action)
        node = node.before
        states.append(node.state)
    actions.reverse()
    states.reverse()
    if last is not None:
        actions.append(last[0])
        states.append(last[1])
    return Trail(tuple(actions), tuple(states))
