"""**Calm** and **settled**: what a state comes to when everything is delivered and what recurs has run.

Calm: every tick that the undisturbed run of the script needs to make the cell right has run once more; that wait is
lag. Settled: from there all recurring runs again and again, in any order.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from handoffmap.witness.idle import sending
from handoffmap.witness.machine import Action

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.witness.machine import Machine
    from handoffmap.witness.state import Instance, State
    from handoffmap.witness.tables import Amount, Slice

__all__ = ["Endless", "Settling"]

_MOST_DELIVERIES = 80
"""Deliveries after which a slice of three events has either come to rest or never will."""
_FEW_SETTLED = 60
"""States among which a handful of recurring runs moves a slice before it is asked whether numbers grow."""
_MOST_SETTLED = 1_000
"""States among which recurring runs can move a slice at all before it is told that it never comes to rest."""
_MOST_VALUES = 12
"""Numbers that a cell can go through while old values of three events follow each other round."""
_MOST_ROUNDS = 3
"""Rounds of all recurring runs after which a cell is right or never will be by them."""
_PLENTY = 1_000


class Endless(Exception):  # noqa: N818 - an outcome, not an error
    """Messages never run out, or numbers never come to rest."""


class Settling:
    """Calm and settled states of one slice, each worked out once."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.tables: Slice = machine.tables
        self.needs: dict[tuple[Instance, ...], tuple[Action, ...]] = {}
        start = machine.start
        self.misaligned = not all(self.is_right(start, shown) for shown in range(len(self.tables.shown)))
        """Something upstream opens empty: the first runs of all are still awaited."""
        self.smooth: dict[tuple[Instance, ...], tuple[State | None, bool]] = {}
        """Script -> what it comes to `undisturbed`."""
        self.changing: dict[int, frozenset[int]] = {}
        """Run -> what `changing_without` finds."""
        self.quiet: dict[State, State] = {}
        self.following: dict[State, State] = {}
        self.after: dict[tuple[object, ...], str | None] = {}
        self.runs = (
            *(Action("tick", index) for index in machine.recurring),
            *(Action("correct", control.number) for control in self.tables.controls if control.recurs),
        )

    # -- everything delivered ------------------------------------------------------------------------------

    def delivered(self, state: State) -> State:
        """Deliver all that is under way, oldest first. Raises `Endless`."""
        if not state.messages:
            return state
        known = self.quiet.get(state)
        if known is not None:
            return known
        here = state
        for _ in range(_MOST_DELIVERIES):
            after = self.following.get(here) if self.tables.cyclic else None
            if after is None:
                action = self.next_delivery(here)
                if action is None:
                    self.quiet[state] = here
                    return here
                after = self.after_delivery(here, action)
            here = after
        raise Endless

    def after_delivery(self, state: State, action: Action) -> State:
        """The state after one delivery; where chains may be long each is made once, because many runs end in one."""
        step = self.machine.run(state, action)
        assert step is not None  # noqa: S101 - only events can be impossible
        here = step.freeze()
        if self.tables.cyclic:
            if here.messages:
                # Hops bound the search; on the way to rest a chain may be as long as it likes.
                least = min([each.hops for each in here.messages])
                if least:
                    here = here._replace(messages=tuple([each.here(each.hops - least) for each in here.messages]))
            self.following[state] = here
        return here

    def next_delivery(self, state: State) -> Action | None:
        """The oldest message: of the earliest chain, so that every message has its turn."""
        ready = self.machine.ready(state)
        if not ready:
            return None
        paths = self.tables.paths
        ready.sort(key=lambda number: (state.messages[number].base is None, state.messages[number].hops))
        number = ready[0]
        message = state.messages[number]
        if paths[message.path].split == "target" and paths[message.path].changes and message.base is None:
            return Action("read", number)
        return Action("deliver", number)

    def circles(self, state: State) -> bool:
        """Whether delivering goes on for ever from here."""
        try:
            self.delivered(state)
        except Endless:
            return True
        return False

    # -- calm ----------------------------------------------------------------------------------------------

    def right(self, state: State) -> bool:
        """Whether the cell under proof shows what it ought to."""
        return self.is_right(state, 0)

    def is_right(self, state: State, shown: int) -> bool:
        """Whether one of the cells shows what it ought to."""
        if self.tables.ought[shown] is None:
            return True
        return bool(reading(self.machine, state, shown) == reading_ought(self.machine, state, shown))

    def needed(self, script: tuple[Instance, ...]) -> tuple[Action, ...]:
        """The runs that the undisturbed, undelayed run of a script needs to make the cell right, in order."""
        known = self.needs.get(script)
        if known is not None:
            return known
        found: tuple[Action, ...] = ()
        try:
            plain, late = self.undisturbed(script)
            if self.runs and self.misaligned:  # before anything has happened no push has sent anything
                first = not script
                found = 2 * tuple(
                    run for run in self.runs if run.kind == "tick" and (first or not self.stands_behind(run.number))
                )
            elif plain is not None and self.runs and late:
                found = self.least(plain)
                if not found and len(script) > 1:
                    found = self.needed(script[:-1])  # it was not right on the way: what was waited for still comes
        except Endless:
            found = ()
        self.needs[script] = found
        return found

    def undisturbed(self, script: tuple[Instance, ...]) -> tuple[State | None, bool]:
        """The script with everything delivered at once and nothing going wrong.

        And whether any of its events ought to have moved the cell and has not, so that a run has to be waited for:
        what has moved it wrongly does not wait for anything.
        """
        if not script:
            return self.machine.start, False
        known = self.smooth.get(script)
        if known is None:
            known = self.smooth[script] = self.one_more(script)
        return known

    def one_more(self, script: tuple[Instance, ...]) -> tuple[State | None, bool]:
        """What `undisturbed` comes to by the last event of a script. Raises `Endless`."""
        state, late = self.undisturbed(script[:-1])
        if state is None:
            return None, False
        *earlier, last = script
        other = next((index for index, each in enumerate(earlier) if each.order == last.order), -1)
        step = self.machine.run(state, Action("event", last.menu, other))
        if step is None:
            return None, False
        after = self.delivered(step.freeze())
        still = reading(self.machine, after, 0) == reading(self.machine, state, 0)
        moved = reading_ought(self.machine, after, 0) != reading_ought(self.machine, state, 0)
        return after, late or (still and moved)

    def least(self, state: State) -> tuple[Action, ...]:
        """A least sequence of runs that makes the cell right; none where no sequence does."""
        # A control mends what is wrong, it is no way in; nor is a run behind a push that should have sent it.
        runs = [run for run in self.runs if run.kind == "tick" and not self.stands_behind(run.number)]
        chain = list(self.shortest(state, runs))
        paths = self.tables.paths
        writes = {run: {value.cell for value in paths[run.number].values} for run in runs}
        written = {cell for run in chain for cell in writes[run]}
        for beside in runs:
            if beside not in chain and not written.isdisjoint(writes[beside]):
                after = [
                    each for each, run in enumerate(chain) if not writes[beside].isdisjoint(paths[run.number].reads)
                ]
                chain.insert(after[0] if after else len(chain), beside)  # what reads what it writes comes after it
        return tuple(chain)

    def shortest(self, state: State, runs: list[Action]) -> tuple[Action, ...]:
        """The fewest runs that make the cell right, the first of them in their order; none where none do."""
        ways: dict[State, tuple[Action, ...]] = {state: ()}
        for here in (todo := [state]):
            way = ways[here]
            if self.right(here):
                return way
            if len(way) >= _MOST_ROUNDS * len(runs) or len(ways) > _FEW_SETTLED:
                continue
            for run in runs:
                there = self.after_run(here, run)
                if there not in ways:
                    ways[there] = (*way, run)
                    todo.append(there)
        return ()

    def stands_behind(self, index: int) -> bool:
        """Whether a run only repeats what a push is there to send."""
        paths = self.tables.paths
        path = paths[index]
        cells = {value.cell for value in path.values}
        return any(
            other.pushed and other.kind == "state" and other.id in self.live
            and (not other.read_before or other.fetch)  # what it sends is never new
            and (other.source == path.source or other.events is None)
            and not cells.isdisjoint(value.cell for value in other.values if value.truth is None)  # none of one event
            and (other.events is not None or not self.changing_without(index).isdisjoint(other.reads))
            for other in paths
        )  # fmt: skip

    def changing_without(self, index: int) -> frozenset[int]:
        """Stored cells that may change if one run never comes: a push of what it alone brings has nothing to send."""
        known = self.changing.get(index)
        if known is None:
            found = {cell for event in self.tables.events for cell, *_ in (*event.applies, *event.sets)}
            paths = [path for path in self.tables.paths if path.number != index]
            found |= {change.cell for path in paths for change in path.changes}
            more = True
            while more:
                before = len(found)
                for path in paths:
                    if not path.reads.isdisjoint(found) or any(value.truth is not None for value in path.values):
                        found |= {value.cell for value in path.values}
                more = len(found) > before
            known = self.changing[index] = frozenset(found)
        return known

    @cached_property
    def live(self) -> frozenset[str]:
        """The paths that may send something: behind one that a tag keeps silent nothing stands."""
        return sending(self.tables)

    def after_run(self, state: State, run: Action) -> State:
        """One recurring run, with everything delivered. Raises `Endless`."""
        if run.kind == "correct" and not self.machine.may_correct(state, run.number):
            return state
        path = self.tables.paths[run.number] if run.kind == "tick" else None
        if path is not None and not path.full and not state.owed >> path.number & 1:
            return state
        budget = state.budget
        ample = state._replace(budget=(*budget[:-1], _PLENTY))
        step = self.machine.run(ample, run)
        assert step is not None  # noqa: S101 - only events can be impossible
        return self.delivered(step.freeze())._replace(budget=budget)

    def calm(self, state: State) -> State:
        """The calm state that a state without messages comes to. Raises `Endless`."""
        here = state
        for run in self.needed(state.script):
            here = self.after_run(here, run)
        return here

    def filled(self) -> tuple[Amount, ...] | None:
        """What stands in the cells once the first runs have filled what opened empty, as if all had been booked.

        None where nothing opened empty, or the first runs do not make all of it right.
        """
        if not self.misaligned:
            return None
        try:
            state = self.calm(self.machine.start)
        except Endless:
            return None
        right = all(self.is_right(state, shown) for shown in range(len(self.tables.shown)))
        return state.values if right and not (state.messages or state.memory) else None

    # -- settled -------------------------------------------------------------------------------------------

    def judge(self, state: State) -> str | None:
        """The class of drift that a quiet state shows: permanent, transient, divergent, or None for right."""
        key = state.bare()
        known = self.after.get(key, "")
        if known != "":
            return known
        try:
            calm = self.calm(state)
            verdict: str | None
            verdict = (None if self.right(calm) else "permanent") if not self.runs else self.settled(calm)
        except Endless:
            verdict = "divergent"
        self.after[key] = verdict
        return verdict

    def settled(self, calm: State) -> str | None:
        """What keeps recurring when all recurring runs are made again and again."""
        first = self.bare(calm)
        edges: dict[State, list[State]] = {}
        todo = [first]
        while todo:
            here = todo.pop(0)
            if here in edges:
                continue
            edges[here] = []
            for run in self.runs:
                there = self.bare(self.after_run(here, run))
                edges[here].append(there)
                if there not in edges:
                    todo.append(there)
            if len(edges) > _MOST_SETTLED or (len(edges) > _FEW_SETTLED and _growing(edges)):
                if all(map(self.right, edges)):
                    return None  # what grows is elsewhere, and never gets into the cell
                if len(edges) > _MOST_SETTLED or self.gets_in(_growing(edges)):
                    raise Endless
                return "permanent"
        wrong = any(not self.right(each) for each in _recurring(edges))
        if wrong:
            return "permanent"
        return None if self.right(calm) else "transient"

    def gets_in(self, grown: set[int]) -> bool:
        """Whether anything brings what stands in these stored cells to the cell, at once or over others."""
        if any(event.sets for event in self.tables.events):
            return True  # a count brings differences to all that it moves
        paths = [path for path in self.tables.paths if not path.refused]
        found, before = set(grown), -1
        while len(found) > before:
            before = len(found)
            for path in paths:
                if not found.isdisjoint((*path.reads, *(cell for cell, _ in path.watches))):
                    found.update((*(each.cell for each in path.values), *(each.cell for each in path.changes)))
        return not found.isdisjoint(cell for cell, _ in self.tables.shown[0][1].terms)

    def bare(self, state: State) -> State:
        """Without what only grows: at rest no message of a source is older than the stamp it left."""
        if not state.counters:
            if not state.messages:
                return state
            waits = tuple(dict.fromkeys(message.here() for message in state.messages))
            return state._replace(messages=waits)
        # What waits for ever says the same again at each run: once is enough.
        waiting = tuple(dict.fromkeys(message._replace(order=0, hops=0) for message in state.messages))
        stamps = list(state.stamps)
        for path in self.tables.paths:
            if path.guard == "version" and path.stamp >= 0:
                stamps[path.stamp] = 0
        return state._replace(counters=(0,) * len(state.counters), stamps=tuple(stamps), messages=waiting)


def reading(machine: Machine, state: State, shown: int) -> object:
    """What a cell of the slice shows."""
    form = machine.tables.shown[shown][1]
    number = form.constant
    for cell, factor in form.terms:
        value = state.values[cell]
        if isinstance(value, str):
            return value
        number += (value or 0) * factor
    return number


def reading_ought(machine: Machine, state: State, shown: int) -> object:
    """What a cell of the slice ought to show; None where nothing is expected of it."""
    form = machine.tables.ought[shown]
    if form is None:
        return None
    number = form.constant
    for truth, factor in form.terms:
        value = state.truths[truth]
        if isinstance(value, str):
            return value
        number += (value or 0) * factor
    return number


def _growing(states: Iterable[State]) -> set[int]:
    """The stored cells that go through more numbers than there are old values to go round."""
    columns = zip(*(state.values for state in states), strict=True)
    return {cell for cell, column in enumerate(columns) if len(set(column)) > _MOST_VALUES}


def _recurring(edges: dict[State, list[State]]) -> list[State]:
    """States that come again for ever while every run has its turn: of components in which each run may stay."""
    component = _components(edges)
    members: dict[int, list[State]] = {}
    for state, number in component.items():
        members.setdefault(number, []).append(state)
    runs = len(next(iter(edges.values())))
    found = []
    for number, states in members.items():
        stays = all(any(component[edges[state][run]] == number for state in states) for run in range(runs))
        if stays:
            found.extend(states)
    return found


def _components(edges: dict[State, list[State]]) -> dict[State, int]:
    """Strongly connected components, by mutual reach (the graphs are tiny)."""
    reach: dict[State, set[State]] = {}
    for start in edges:
        seen: set[State] = {start}
        todo = [start]
        while todo:
            for there in edges[todo.pop()]:
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
        reach[start] = seen
    found: dict[State, int] = {}
    for number, start in enumerate(edges):
        if start in found:
            continue
        for other in edges:
            if other in reach[start] and start in reach[other]:
                found[other] = number
    return found
