"""The **transitions** of a slice: what may happen next in a state, and what comes out.

An action is a small tuple: a word, a number (of an event, a message, a path or a control), another number, and the
path at which the sender fails in this step (-1: none).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.vocabulary import OPENS_AN_ORDER
from handoffmap.witness.commuting import AtOnce
from handoffmap.witness.delivery import apply, deliver, key_of, may_apply
from handoffmap.witness.promises import PARTIAL
from handoffmap.witness.state import BUDGET, Instance, Message, State
from handoffmap.witness.tables import plain
from handoffmap.witness.working import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.witness.alike import Alike
    from handoffmap.witness.tables import Amount, EventSpec, Number, PathSpec, Slice

__all__ = ["Action", "Machine"]

_LONGEST = 80
"""Deliveries after which a count waits no longer for things to come to rest."""
_CRASH, _REPEAT, _LOSE, _REPLAY, _FORGET, _TICK = range(len(BUDGET))


class Action(NamedTuple):
    """One thing that happens."""

    kind: str
    """event, deliver, repeat, forget, lose, replay_late, read, write, tick, correct"""
    number: int
    """Event of the menu, message of the state, path or control."""
    other: int = -1
    """For an event: the instance of the script whose order it shares."""
    skip: int = -1
    """Path whose message is never sent, because its sender fails."""
    wide: bool = False
    """It fails before any message is out, that of every path that may fail."""


class Machine:
    """The transitions of one slice."""

    def __init__(self, tables: Slice) -> None:
        self.tables = tables
        runs = [path for path in tables.paths if path.kind == "state" and not path.pushed]
        self.recurring = tuple(path.number for path in runs if not path.puts_back)
        self.free = tuple(path.number for path in runs if path.puts_back and path.values)
        """Runs that may come at any time and mend nothing, because they write what was there."""
        self.plain = not any(
            path.split == "target" or path.compares or (path.minds_orders and path.guard == "state_machine")
            for path in tables.paths
        )
        """No message waits for anything but its turn."""
        self.forgetful = frozenset(path.ledger for path in tables.paths if path.in_step and path.keeps_no_key)
        """Ledgers in which some keys are left by paths that keep none and are delivered at once."""
        self.alike: Alike | None = None
        """Events that a search may leave out, because others do the same; None: none."""
        self.at_once = AtOnce(frozenset(), frozenset())
        """Paths of whose messages a search may try the first alone, because it makes no difference when they come."""

    @cached_property
    def start(self) -> State:
        """All cells as they ought to be, save those that open empty; nothing under way."""
        tables = self.tables
        many = len(tables.systems)
        sent: list[tuple[Amount, ...] | None] = []
        step_values = tables.start_values
        bare = State(
            tables.start_truths, step_values, (0,) * len(tables.cells) if "contains" in tables.uses else (),
            (0,) * many if "order" in tables.uses else (), (-1,) * many if "time" in tables.uses else (),
            (), frozenset(), (-1,) * tables.stamps, (), 0, tuple(tables.bounds[kind] for kind in BUDGET), (),
        )  # fmt: skip
        reader = Step(tables, bare, deliver)
        for path in tables.paths:
            aligned = path.kind == "state" and path.if_changed
            if aligned:
                values = reader.snapshot(path, step_values)
                aligned = all(
                    step_values[value.cell] == number for value, number in zip(path.values, values, strict=True)
                )
                sent.append(values if aligned else None)
            elif path.split == "cached":
                sent.append(reader.base_of(path))
            else:
                sent.append(None)
        return bare._replace(sent=tuple(sent))

    # -- what may happen -----------------------------------------------------------------------------------

    def successors(self, state: State) -> Iterator[tuple[Action, State, bool]]:
        """Every action with the state that it leads to and whether it took a local event from the cell."""
        for action in self.actions(state):
            step = self.run(state, action)
            if step is None:
                continue
            yield action, step.freeze(), step.regressed
            if state.budget[_CRASH] > 0:
                for failing in _failing(action, step):
                    failed = self.run(state, failing)
                    if failed is not None:
                        yield failing, failed.freeze(), failed.regressed

    def actions(self, state: State) -> Iterator[Action]:
        """What may happen next, faults of an empty budget left out."""
        ready = self.ready(state)
        if ready:
            at_once = self.at_once.always if state.budget[_TICK] > 0 else self.at_once.late
            if state.messages[ready[0]].path in at_once:
                yield from self.of_messages(state, ready[:1])
                return
        yield from self.of_messages(state, ready)
        yield from self.of_runs(state)
        yield from self.of_events(state)

    def of_messages(self, state: State, ready: list[int]) -> Iterator[Action]:
        """Deliveries, with what can go wrong on the way."""
        paths = self.tables.paths
        budget = state.budget
        for number in ready:
            message = state.messages[number]
            path = paths[message.path]
            if path.split == "target" and path.changes and message.base is None:
                yield Action("read", number)
                continue
            kind = "write" if message.base is not None and path.split == "target" else "deliver"
            yield Action(kind, number)
            if path.can_repeat and not message.again and budget[_REPEAT] > 0 and self.worth(message):
                yield Action("repeat", number)
            known = message.again and path.recognises and path.forgets
            if budget[_FORGET] > 0 and (known or path.keeps_no_key or self.left_no_key(state, path, message)):
                yield Action("forget", number)
            if path.can_lose and budget[_LOSE] > 0 and not message.again:
                yield Action("lose", number)
            if path.can_park and budget[_REPLAY] > 0 and not message.parked:
                yield Action("replay_late", number)

    def left_no_key(self, state: State, path: PathSpec, message: Message) -> bool:
        """Whether an instance came before in its source's step, by a path whose key may be gone by now."""
        return path.ledger in self.forgetful and not message.again and key_of(state, path, message) in state.memory

    def worth(self, message: Message) -> bool:
        """A repetition that is recognised and cannot come late does nothing: leaving it out loses no run."""
        path = self.tables.paths[message.path]
        return not path.recognises or path.forgets

    def ready(self, state: State) -> list[int]:
        """Messages that may be next: of a lane the oldest only, a repetition directly behind its first."""
        messages = state.messages
        if self.plain and len(messages) < 2:
            return [0] if messages else []
        paths = self.tables.paths
        found: list[int] = []
        lanes: set[int] = set()
        seen: set[Message] = set()
        at_work = set() if self.plain else self.at_work(state)
        for number, message in enumerate(messages):
            path = paths[message.path]
            if path.lane >= 0 and not message.parked:
                if path.lane in lanes:
                    continue
                lanes.add(path.lane)
            if path.single >= 0 and path.single in at_work and message.base is None:
                continue
            if message in seen or not (self.plain or may_apply(self.tables, state, message)):
                continue
            seen.add(message)
            found.append(number)
        return found

    def at_work(self, state: State) -> set[int]:
        """Lanes with one message at a time in which one has been begun."""
        paths = self.tables.paths
        return {
            paths[message.path].single
            for message in state.messages
            if message.base is not None and paths[message.path].split == "target"
        }

    def rests(self, state: State) -> bool:
        """Whether nothing can be delivered."""
        return not state.messages or not (self.plain or self.ready(state))

    def of_runs(self, state: State) -> Iterator[Action]:
        """Runs of paths that read, and of controls that write."""
        paths = self.tables.paths
        for index in self.recurring:
            if paths[index].full:
                if state.budget[_TICK] > 0:
                    yield Action("tick", index)
            elif state.owed >> index & 1:
                yield Action("tick", index)
        if state.budget[_TICK] > 0:
            yield from (Action("tick", index) for index in self.free)
            for control in self.tables.controls:
                if control.acts and self.may_correct(state, control.number):
                    yield Action("correct", control.number)

    def may_correct(self, state: State, index: int) -> bool:
        """A control that waits long enough acts only when nothing is under way to either cell."""
        control = self.tables.controls[index]
        return not control.settles or not (self.ready(state) or state.owed)

    def of_events(self, state: State) -> Iterator[Action]:
        """The next event of the script."""
        tables = self.tables
        happened = len(state.script)
        undone = sum(tables.events[each.menu].undoes is not None for each in state.script)
        held_back = self.alike.held_back(state.script) if self.alike is not None else ()
        for event in tables.events:
            if event.number in held_back:
                continue
            if event.undoes is not None:
                for other in self.undone_by(state, event):
                    yield Action("event", event.number, other)
                continue
            if happened - undone >= tables.depth or happened >= 3:  # what takes one back leaves room for another
                continue
            yield Action("event", event.number)
            if tables.linked:
                for other in self.orders(state, event):
                    yield Action("event", event.number, other)

    def undone_by(self, state: State, event: EventSpec) -> Iterator[int]:
        """What an undo may take back: an instance of the script, or one from before the start (-1)."""
        depth, happened = self.tables.depth, len(state.script)
        if happened < depth and not any(map(self.opens, state.script)):
            yield -1
            if self.tables.loose or (self.tables.linked and event.id in PARTIAL):  # or more of an order from before
                for position, instance in enumerate(state.script):
                    if instance.menu == event.number and instance.order == position:
                        yield position
        if happened < max(depth, 2) or (depth == 2 and happened < 3):
            yield from self.undoable(state, event)

    def opens(self, instance: Instance) -> bool:
        """Whether an instance is one that a later event may take back."""
        return self.tables.events[instance.menu].undoes is None

    def undoable(self, state: State, event: EventSpec) -> Iterator[int]:
        """Instances that this event may take back: of its kind and class, and not ended yet."""
        events = self.tables.events
        ended = {each.order for each in state.script if events[each.menu].ends}
        for position, instance in enumerate(state.script):
            other = events[instance.menu]
            if other.id == event.undoes and other.word == event.word and instance.order == position:
                alive = instance.order not in ended or (
                    other.ends and sum(each.order == instance.order for each in state.script) == 1
                )
                if alive:
                    yield position
            elif other.id == event.undoes and other.word == event.word and other.ends:
                undone = any(
                    events[each.menu].undoes == other.id and each.order == instance.order for each in state.script
                )
                if not undone:
                    yield position

    def orders(self, state: State, event: EventSpec) -> Iterator[int]:
        """Earlier instances whose order a new instance may belong to, where it matters which order it is."""
        if event.id in OPENS_AN_ORDER and not self.tables.loose:
            return
        events = self.tables.events
        seen = set()
        for position, instance in enumerate(state.script):
            if instance.order in seen:
                continue
            seen.add(instance.order)
            others = [events[each.menu] for each in state.script if each.order == instance.order]
            if event.ends and any(each.ends and each.id != event.id for each in others):
                continue
            if events[instance.menu].word == event.word:
                yield position

    # -- what comes of it ----------------------------------------------------------------------------------

    def run(self, state: State, action: Action) -> Step | None:
        """One step; None where it cannot happen (not enough is there)."""
        step = Step(self.tables, state, deliver, action.skip, wide=action.wide)
        if action.skip >= 0:
            step.spend("crash")
        kind = action.kind
        if kind == "event":
            return self.happen(step, action.number, action.other, state)
        if kind == "tick":
            self.tick(step, action.number)
            return step
        if kind == "correct":
            self.correct(step, action.number)
            return step
        self.handle(step, kind, action.number)
        return step

    def handle(self, step: Step, kind: str, number: int) -> None:
        """Do something with one message."""
        message = step.messages[number]
        path = self.tables.paths[message.path]
        if kind == "lose":
            step.spend("lose")
            del step.messages[number]
        elif kind == "replay_late":
            step.spend("replay_late")
            step.change(number, message._replace(parked=True))
        elif kind == "read":
            base = step.base_of(path)
            for index, other in enumerate(step.messages):
                if index == number or (path.parts > 1 and other[:2] == message[:2]):
                    step.change(index, other._replace(base=base))
        elif kind == "repeat":
            step.spend("repeat")
            step.change(number, message._replace(again=True, base=None))
            apply(step, path, message)
        elif kind == "forget":
            step.spend("forget")
            del step.messages[number]
            apply(step, path._replace(recognises=False, ledger=-1 if path.keeps_no_key else path.ledger), message)
        else:
            del step.messages[number]
            apply(step, path, message)

    def happen(self, step: Step, number: int, other: int, state: State) -> Step | None:
        """The next event of the script."""
        tables = self.tables
        event = tables.events[number]
        position = len(step.script)
        amount: Number = tables.amounts[min(position, len(tables.amounts) - 1)]
        order = position
        if other >= 0:
            linked = step.script[other]
            order = linked.order
            if event.undoes is not None:
                amount = linked.amount
        if not self.applied_to_truth(step, event, amount):
            return None
        step.script = (*step.script, Instance(number, amount, order))
        if tables.minds_orders and order == position:
            step.memory.add(("reserved", event.origin, order))  # an order is known where it is placed
        if event.undoes is None and event.origin in tables.remembering:
            step.memory.add(("done", event.origin, order, event.id, str(amount)))
        payload = self.applied_to_cells(step, event, amount, position, state)
        history = 1 << event.origin
        cause = Message(-1, position, 0, payload, history, 0, position if step.times else 0, 0, 0)
        written = {cell for cell, _, _ in (*event.applies, *event.sets)}
        changed = {cell for cell in written if step.values[cell] != step.before[cell]}
        for index in tables.from_system[event.origin]:
            path = tables.paths[index]
            if path.gate and path.events is not None and event.id in path.events and step.may_fire(path, cause, -1):
                if tables.floor and self.lacks(step, index, payload):
                    return None
                step.send_amounts(path, cause)
        step.arrive(event.origin, cause, event.id, changed, written, -1)
        return step

    def lacks(self, step: Step, index: int, payload: tuple[Amount, ...]) -> bool:
        """Whether a gate finds too little at the authority."""
        for change in self.tables.paths[index].changes:
            amount = payload[change.left]
            held = step.values[change.cell] if change.cell >= 0 else None
            if amount is None or held is None or isinstance(amount, str) or isinstance(held, str):
                continue
            if amount * change.factor < 0 and held + amount * change.factor < 0:
                return True
        return False

    def applied_to_truth(self, step: Step, event: EventSpec, amount: Number) -> bool:
        """Move the truth; False where less is there than is taken."""
        for truth, factor in event.truths:
            held = step.truths[truth]
            found = (0 if held is None or isinstance(held, str) else held) + factor * amount
            if found < 0 and factor * amount < 0:
                return False
            step.truths[truth] = plain(found)
        for truth, word in event.flags:
            step.truths[truth] = word
        return True

    def applied_to_cells(
        self, step: Step, event: EventSpec, amount: Number, position: int, before: State
    ) -> tuple[Amount, ...]:
        """Apply an event to what its origin holds; gives the amounts that go on from there."""
        payload = [unit if unit is None or isinstance(unit, str) else plain(unit * amount) for unit in event.amounts]
        posted: Fraction | None = None
        standing = self.at_rest(before).values if event.waits else before.values
        for cell, truth, quantity in event.sets:
            change = plain(self.in_units(step, cell, truth) - _number(standing[cell]))
            payload[quantity] = change
            posted = _per_unit(change, event.amounts[quantity])
            step.values[cell] = plain(_number(step.values[cell]) + change)
            if step.contains:
                step.contains[cell] |= 1 << position if event.waits else (1 << position + 1) - 1
        for cell, unit, quantity in event.applies:
            if isinstance(unit, str):
                step.values[cell] = unit
                continue
            change = plain((unit or 0) * (amount if posted is None else posted))
            payload[quantity] = change
            held = step.values[cell]
            step.values[cell] = plain((0 if held is None or isinstance(held, str) else held) + change)
            if step.contains:
                step.contains[cell] |= 1 << position
        return tuple(payload)

    def at_rest(self, state: State) -> State:
        """What a state comes to once all that is under way has been delivered and read."""
        here = state
        for _ in range(_LONGEST):
            ready = self.ready(here)
            owed = next((index for index in self.recurring if here.owed >> index & 1), None)
            if not ready and owed is None:
                break
            action = next(self.of_messages(here, ready[:1])) if ready else Action("tick", owed or 0)
            step = self.run(here, action)
            assert step is not None  # noqa: S101 - only events can be impossible
            here = step.freeze()
        return here

    def in_units(self, step: Step, cell: int, truth: int) -> Number:
        """The truth as the cell counts it."""
        shown = self.tables.cells[cell]
        for (name, _), ought in zip(self.tables.shown, self.tables.ought, strict=True):
            if name == str(shown) and ought is not None:
                found = step.read(ought, step.truths)
                return 0 if found is None or isinstance(found, str) else found
        found = step.truths[truth]
        return 0 if found is None or isinstance(found, str) else plain(Fraction(found))

    def tick(self, step: Step, index: int) -> None:
        """One run of a path that reads."""
        path = self.tables.paths[index]
        if path.full and step.budget[_TICK] > 0:
            step.spend("tick")
        step.owed &= ~(1 << index)
        time = step.times[path.source] if step.times else 0
        step.send_values(path, -1, 1 << path.source, time, 1)

    def correct(self, step: Step, index: int) -> None:
        """One run of a control that writes one cell into the other."""
        control = self.tables.controls[index]
        if step.budget[_TICK] > 0:
            step.spend("tick")
        value = step.read(control.reads, step.values)
        contains = 0
        if step.contains:
            for cell, _ in control.reads.terms:
                contains |= step.contains[cell]
        changed = set()
        if step.put(control.cell, value, contains, control.id):
            changed.add(control.cell)
        system = self.tables.systems.index(self.tables.cells[control.cell].system)
        time = max(step.times, default=0)
        history = sum(1 << each for each in control.systems)  # a run like any other: it comes from where it reads
        cause = Message(-1, -1, 0, (), history, 0, time, 0, 0)
        step.arrive(system, cause, None, changed, {control.cell}, -2)


def _number(value: Amount) -> Number:
    return 0 if value is None or isinstance(value, str) else value


def _failing(action: Action, step: Step) -> Iterator[Action]:
    """The same action with a sender that fails before one of the messages is out, or before any is."""
    crashable = dict.fromkeys(step.crashable)
    for path in crashable:
        yield action._replace(skip=path)
    if len(crashable) > 1:
        yield action._replace(skip=min(crashable), wide=True)


def _per_unit(change: Number, unit: Amount) -> Fraction:
    """How many units of a count a difference is: other numbers of its place may be counted in other units."""
    assert isinstance(unit, int | Fraction)  # noqa: S101 - what is counted is a number
    return Fraction(change) / unit
