"""A trail of states → **a run in words and numbers**: what happened, what each cell shows and ought to show."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.witness.settling import Endless, reading, reading_ought
from handoffmap.witness.taking import taken_in

if TYPE_CHECKING:
    from handoffmap.witness.machine import Action, Machine
    from handoffmap.witness.search import Found, Trail
    from handoffmap.witness.settling import Settling
    from handoffmap.witness.state import Message, State

__all__ = ["NOTHING_YET", "Bare", "Numbers", "Run", "Step", "faults_of", "others_right", "outlined", "told"]

Numbers = tuple[tuple[str, "Fraction | str"], ...]
"""What each cell shows: a number, or the word of a flag."""

NOTHING_YET = "nothing yet"
"""What a flag shows before any event has set it."""


_MOST_ROUNDS = 4
"""Deliveries of a chain without end that are told before the rest is left to the sentence."""


_MOST_LOOKED_AT = 200
"""States among which a handful of recurring runs has shown what it does."""


class Step(NamedTuple):
    """One thing that happens in a run."""

    kind: str
    """event, deliver, repeat, crash, lose, replay_late, forget, tick, correct, read, write"""
    path: str | None
    """The path, or the control of a correction."""
    event: str | None
    text: str
    values: Numbers
    """What every cell of the slice shows after it."""
    expected: Numbers
    amount: Fraction | None


class Bare(NamedTuple):
    """A step without the numbers around it."""

    kind: str
    path: str | None
    event: str | None
    amount: Fraction | None
    where: int = -1
    """The system where the event happens, or to which it is brought; -1: it is neither."""


class Run(NamedTuple):
    """A shortest run to a drift."""

    start: Numbers
    steps: tuple[Step, ...]
    end: Numbers
    expected: Numbers
    drift: str
    sentence: str


def told(found: Found) -> Run | None:
    """The run of a search, with the ticks after which the cell is still wrong."""
    if found.trail is None or found.drift is None:
        return None
    machine = found.machine
    states, actions = _whole(found.trail, found)
    steps = [
        _step(machine, before, action, after)
        for before, action, after in zip(states, actions, states[1:], strict=False)
    ]
    last = states[-1]
    start, end = _values(machine, states[0]), _values(machine, last)
    expected = _ought(machine, last)
    return Run(start, tuple(steps), end, expected, found.drift, _sentence(found, end, expected))


def outlined(found: Found) -> tuple[Bare, ...]:
    """The steps of the run that `told` would tell, without the numbers, which take most of the time."""
    if found.trail is None or found.drift is None:
        return ()
    machine = found.machine
    states, actions = _whole(found.trail, found)
    return tuple(_bare(machine, state, action) for state, action in zip(states, actions, strict=False))


def others_right(found: Found, besides: frozenset[str] = frozenset(), *, apart: bool = False) -> bool:
    """Whether all cells that a run ends with are as they ought to be; left aside are the one under proof and others.

    `apart`: so are those of which nothing is taken anywhere in the run.
    """
    if found.trail is None:
        return True
    machine = found.machine
    states, actions = _whole(found.trail, found)
    taken = taken_in(machine, states, actions) if apart else None
    return all(
        reading(machine, states[-1], index) == reading_ought(machine, states[-1], index)
        for index, ought in enumerate(machine.tables.ought)
        if index and ought is not None and machine.tables.shown[index][0] not in besides
        if taken is None or any(number in taken for number, _ in machine.tables.shown[index][1].terms)
    )


def _whole(trail: Trail, found: Found) -> tuple[list[State], list[Action]]:
    """The states and actions of a run, what follows the end of the search included."""
    states, actions = list(trail.states), list(trail.actions)
    for action, after in _rest(found, states[-1]):
        actions.append(action)
        states.append(after)
    return states, actions


def faults_of(found: Found) -> tuple[tuple[str, str | None], ...]:
    """(kind of fault or cause, path) that the run needed, each once."""
    kinds: dict[tuple[str, str | None], None] = {}
    if found.trail is None:
        return ()
    machine = found.machine
    for state, action in zip(found.trail.states, found.trail.actions, strict=False):
        if action.kind in {"repeat", "lose", "replay_late", "forget"}:
            kinds[action.kind, machine.tables.paths[state.messages[action.number].path].id] = None
        step = machine.run(state, action)
        failed = [action.skip] if action.skip >= 0 else []
        for number in step.crashable if action.wide and step is not None else failed:
            kinds["crash", machine.tables.paths[number].id] = None
        for what, who in step.notes if step is not None else ():
            kinds[what, who] = None
    return tuple(kinds)


def _rest(found: Found, state: State) -> list[tuple[Action, State]]:
    """What follows the end of the trail: the runs that were waited for, or some rounds of a chain without end."""
    machine, settling = found.machine, found.settling
    steps: list[tuple[Action, State]] = []
    here = state
    if found.drift == "divergent":
        for _ in range(_MOST_ROUNDS):
            action = settling.next_delivery(here)
            step = None if action is None else machine.run(here, action)
            if action is None or step is None:
                break
            here = step.freeze()
            steps.append((action, here))
        return steps
    if here.messages and machine.ready(here):
        return steps
    try:
        for run in settling.needed(here.script):
            there = settling.after_run(here, run)
            steps.append((run, there))
            here = there
        if found.drift == "permanent" and settling.right(here):
            steps.extend(_to_wrong(settling, here))
    except Endless:
        return steps
    return steps


def _to_wrong(settling: Settling, state: State) -> list[tuple[Action, State]]:
    """The fewest recurring runs after which a cell that is right is wrong. Raises `Endless`."""
    ways: dict[State, list[tuple[Action, State]]] = {state: []}
    todo = [state]
    while todo:
        here = todo.pop(0)
        for run in settling.runs:
            there = settling.after_run(here, run)
            if there in ways:
                continue
            ways[there] = [*ways[here], (run, there)]
            if not settling.right(there) or len(ways) > _MOST_LOOKED_AT:
                return ways[there]
            todo.append(there)
    return []


def _step(machine: Machine, before: State, action: Action, after: State) -> Step:
    bare = _bare(machine, before, action)
    path, event, amount = _subject(machine, before, action)
    text = _text(machine, action, path, event, amount, bare.path if action.skip >= 0 else None)
    return Step(bare.kind, bare.path, event, text, _values(machine, after), _ought(machine, after), amount)


def _bare(machine: Machine, before: State, action: Action) -> Bare:
    path, event, amount = _subject(machine, before, action)
    if action.skip >= 0:
        return Bare("crash", machine.tables.paths[action.skip].id, event, amount)
    return Bare(action.kind, path, event, amount, _where(machine, before, action))


def _where(machine: Machine, state: State, action: Action) -> int:
    """The system where an event happens, or to which a message is brought."""
    if action.kind == "event":
        return machine.tables.events[action.number].origin
    if action.kind in {"deliver", "write"}:
        return machine.tables.paths[state.messages[action.number].path].target
    return -1


def _subject(machine: Machine, state: State, action: Action) -> tuple[str | None, str | None, Fraction | None]:
    tables = machine.tables
    if action.kind == "event":
        position = len(state.script)
        amount = tables.amounts[min(position, len(tables.amounts) - 1)]
        if action.other >= 0 and tables.events[action.number].undoes is not None:
            amount = int(state.script[action.other].amount)
        return None, tables.events[action.number].id, Fraction(amount)
    if action.kind == "tick":
        return tables.paths[action.number].id, None, None
    if action.kind == "correct":
        return tables.controls[action.number].id, None, None
    message: Message = state.messages[action.number]
    path = tables.paths[message.path]
    if path.watches:  # the change itself is sent, whatever event was behind it
        return (
            path.id,
            None,
            next((Fraction(each) for each in message.payload if isinstance(each, int | Fraction)), None),
        )
    if message.instance < 0:
        return path.id, None, None
    instance = state.script[message.instance]
    return path.id, tables.events[instance.menu].id, Fraction(instance.amount)


_TEXTS = {
    "deliver": "{path} delivers {what}",
    "repeat": "{path} delivers {what}; the answer is lost, so it will come again",
    "lose": "{path} loses {what}",
    "replay_late": "{path} gives up on {what} and parks it",
    "forget": "the key of {what} has been forgotten; {path} delivers it again",
    "read": "{path} reads the target before adding {what}",
    "write": "{path} writes back what it read, with {what}",
}


def _text(
    machine: Machine, action: Action, path: str | None, event: str | None, amount: Fraction | None, crashed: str | None
) -> str:
    if action.kind == "event":
        where = machine.tables.events[action.number].origin_name
        text = f"{event} of {amount} at {where}"
    elif action.kind == "tick":
        puts_back = machine.tables.paths[action.number].puts_back
        text = f"{path} reads what it will write back" if puts_back else f"{path} runs"
    elif action.kind == "correct":
        text = f"{path} writes one side over the other"
    else:
        what = f"{event} of {amount}" if event else "a value" if amount is None else f"a change of {amount}"
        text = _TEXTS[action.kind].format(path=path, what=what)
    if crashed is not None:
        text += f"; the sender fails before {'any message is out' if action.wide else f'{crashed} has its message'}"
    return text


def _values(machine: Machine, state: State) -> Numbers:
    return tuple(
        (name, _told(reading(machine, state, index), flag=_is_flag(machine, index)))
        for index, (name, _) in enumerate(machine.tables.shown)
    )


def _ought(machine: Machine, state: State) -> Numbers:
    return tuple(
        (name, _told(reading_ought(machine, state, index), flag=_is_flag(machine, index)))
        for index, (name, _) in enumerate(machine.tables.shown)
        if machine.tables.ought[index] is not None
    )


def _is_flag(machine: Machine, shown: int) -> bool:
    """Whether a cell shows a word: any event of the slice sets one there."""
    ought = machine.tables.ought[shown]
    words = {truth for event in machine.tables.events for truth, _ in event.flags}
    return ought is not None and any(truth in words for truth, _ in ought.terms)


def _told(value: object, *, flag: bool) -> Fraction | str:
    if isinstance(value, str):
        return value
    if flag and not value:
        return NOTHING_YET
    return Fraction(value) if isinstance(value, int | Fraction) else Fraction(0)


_ENDINGS = {
    "permanent": "and nothing in the map brings it back",
    "transient": "until a later run brings it back",
    "divergent": "and the messages never run out",
}


def _sentence(found: Found, end: Numbers, expected: Numbers) -> str:
    name = str(found.machine.tables.cell)
    shows, ought = dict(end).get(name), dict(expected).get(name)
    ending = _ENDINGS[found.drift or "permanent"]
    if shows == ought:
        return f"{name} was made to forget what happened there, {ending}."
    return f"{name} shows {shows} where {ought} is right, {ending}."
