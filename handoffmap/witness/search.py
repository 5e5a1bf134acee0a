"""The **search**: breadth-first over the states of a slice, so that the first run found is a shortest one.

Three questions are asked of it: does any run go round for ever, does any leave the cell wrong for good, does any leave
it wrong for a while. The search ends as soon as the worst class that the slice can show has been seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.witness.machine import Machine
from handoffmap.witness.settling import Settling

if TYPE_CHECKING:
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


def search(tables: Slice, cap: int) -> Found:
    """The worst class of drift that a slice shows, with a shortest run to it."""
    machine = Machine(tables)
    settling = Settling(machine)
    start = machine.start()
    parents: dict[State, tuple[State, Action] | None] = {start: None}
    best: str | None = None
    where: tuple[State, tuple[Action, State] | None] | None = None
    worst = 3 if tables.cyclic else 2
    layer = [start]
    complete = True

    def seen(drift: str | None, state: State, last: tuple[Action, State] | None) -> bool:
        nonlocal best, where
        if RANK[drift] > RANK[best]:
            best, where = drift, (state, last)
        return RANK[best] >= worst

    done = seen(_judged(machine, settling, start), start, None)
    while layer and not done:
        following: list[State] = []
        for state in layer:
            for action, there, regressed in machine.successors(state):
                if regressed and seen("transient", state, (action, there)):
                    done = True
                    break
                if there in parents:
                    continue
                if len(parents) >= cap:
                    complete = False
                    break
                parents[there] = (state, action)
                following.append(there)
                if seen(_judged(machine, settling, there), there, None):
                    done = True
                    break
            if done or not complete:
                break
        if not complete:
            break
        layer = following
    trail = None if where is None else _trail(parents, *where)
    found: Drift | None = best  # type: ignore[assignment]
    return Found(found, trail, len(parents), complete, machine, settling)


def _judged(machine: Machine, settling: Settling, state: State) -> str | None:
    """The class that shows in this state itself."""
    if state.messages and machine.ready(state):
        return "divergent" if machine.tables.cyclic and settling.circles(state) else None
    return settling.judge(state)


def _trail(
    parents: dict[State, tuple[State, Action] | None], state: State, last: tuple[Action, State] | None
) -> Trail:
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
