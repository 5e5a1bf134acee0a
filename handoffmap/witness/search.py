"""The **search**: breadth-first over the states of a slice, so that the first run found is a shortest one.

Three questions are asked of it: does any run go round for ever, does any leave the cell wrong for good, does any leave
it wrong for a while. The search ends as soon as the worst class that the slice can show has been seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from handoffmap.witness.machine import Machine
from handoffmap.witness.settling import Settling

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.witness.machine import Action
    from handoffmap.witness.state import State
    from handoffmap.witness.tables import Slice

__all__ = ["Found", "Trail", "search"]

Drift = Literal["permanent", "transient", "divergent"]
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


def search(tables: Slice, cap: int, wanted: Callable[[Found], bool] | None = None) -> Found:
    """The worst class of drift that a slice shows, with a shortest run to it; at most `cap` states are looked at.

    `wanted`: which drifting runs count at all; the first of them ends the search.
    """
    return _Search(tables, cap, wanted).found()


class _Search:
    """One breadth-first search."""

    def __init__(self, tables: Slice, cap: int, wanted: Callable[[Found], bool] | None) -> None:
        self.wanted = wanted
        self.machine = Machine(tables)
        self.settling = Settling(self.machine)
        self.cap = cap
        self.worst = 3 if tables.cyclic else 2
        self.best: str | None = None
        self.where: tuple[State, tuple[Action, State] | None] | None = None
        self.parents: dict[State, tuple[State, Action] | None] = {}
        self.complete = True

    def found(self) -> Found:
        start = self.machine.start()
        self.parents[start] = None
        layer = [start]
        if not self.seen(_judged(self.machine, self.settling, start), start, None):
            while layer:
                layer = self.following(layer)
        return self.outcome(self.best, self.where)

    def outcome(self, drift: str | None, where: tuple[State, tuple[Action, State] | None] | None) -> Found:
        """What has been found if the search ends here."""
        trail = None if where is None else _trail(self.parents, *where)
        word = cast("Drift | None", drift)
        return Found(word, trail, len(self.parents), self.complete, self.machine, self.settling)

    def following(self, layer: list[State]) -> list[State]:
        """The states one step on that are new; none once the worst has been seen or the cap is reached."""
        new: list[State] = []
        for state in layer:
            for action, there, regressed in self.machine.successors(state):
                if regressed and self.seen("transient", state, (action, there)):
                    return []
                if there in self.parents:
                    continue
                if len(self.parents) >= self.cap:
                    self.complete = False
                    return []
                self.parents[there] = (state, action)
                new.append(there)
                if self.seen(_judged(self.machine, self.settling, there), there, None):
                    return []
        return new

    def seen(self, drift: str | None, state: State, last: tuple[Action, State] | None) -> bool:
        """Remember the first place of each worse class; tells whether nothing worse can come."""
        if RANK[drift] > RANK[self.best]:
            if self.wanted is not None and not self.wanted(self.outcome(drift, (state, last))):
                return False
            self.best, self.where = drift, (state, last)
            if self.wanted is not None:
                return True
        return RANK[self.best] >= self.worst


def _judged(machine: Machine, settling: Settling, state: State) -> str | None:
    """The class that shows in this state itself."""
    if state.messages and machine.ready(state):
        return "divergent" if machine.tables.cyclic and settling.circles(state) else None
    return settling.judge(state)


def _trail(parents: dict[State, tuple[State, Action] | None], state: State, last: tuple[Action, State] | None) -> Trail:
    actions: list[Action] = []
    states = [state]
    here = parents[state]
    while here is not None:
        states.append(here[0])
        actions.append(here[1])
        here = parents[here[0]]
    actions.reverse()
    states.reverse()
    if last is not None:
        actions.append(last[0])
        states.append(last[1])
    return Trail(tuple(actions), tuple(states))
