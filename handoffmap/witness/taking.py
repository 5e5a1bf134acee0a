"""Which stored cells a run **takes something from**: a cell that nothing is taken from can spoil no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoffmap.witness.machine import Action, Machine
    from handoffmap.witness.state import State

__all__ = ["taken_in"]


def taken_in(machine: Machine, states: Iterable[State], actions: Iterable[Action]) -> frozenset[int]:
    """The cells whose values are brought anywhere, corrected by, counted against, or computed with."""
    found = {number for number, _ in machine.tables.shown[0][1].terms}
    for state, action in zip(states, actions, strict=False):
        found.update(_taken(machine, state, action))
    return frozenset(found)


def _taken(machine: Machine, state: State, action: Action) -> Iterator[int]:
    tables = machine.tables
    if action.kind == "event":  # what a count moves is the difference to what its system held
        event = tables.events[action.number]
        yield from (number for number, _, _ in event.sets)
        along = [path for path in tables.paths if path.in_step and path.source == event.origin]
    elif action.kind == "correct":
        yield from (number for number, _ in tables.controls[action.number].reads.terms)
        return
    elif action.kind == "tick":
        along = [tables.paths[action.number]]
    else:
        along = [tables.paths[state.messages[action.number].path]]
        along += [path for path in tables.paths if path.in_step and path.source == along[0].target]
    for path in along:
        for value in path.values:
            if value.truth is None:
                yield from (number for number, _ in value.form.terms)
