"""One step in the making: a mutable copy of a state, and what happens in the step in passing.

An event, a delivery or a run changes cells; changes and arrivals fire paths; what is written in the same transaction
is delivered at once. `freeze` gives the state that comes out.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.witness.state import BUDGET, Message, State
from handoffmap.witness.tables import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.witness.tables import Amount, Number, PathSpec, Slice, Sum, Value

    Deliver = Callable[["Step", PathSpec, Message], bool]

__all__ = ["MOST_HOPS", "Step"]

MOST_HOPS = 12
"""A chain of causes longer than this goes round; whether for ever is found out by delivering on (`circles`)."""


class Step:
    """A state that is being changed, and notes on what happened to whom."""

    __slots__ = (
        "before", "budget", "contains", "counters", "crashable", "deliver", "depth", "memory", "messages", "moved",
        "notes", "owed", "regressed", "script", "sent", "skip", "stamps", "tables", "times", "truths", "values", "wide",
    )  # fmt: skip

    def __init__(self, tables: Slice, state: State, deliver: Deliver, skip: int = -1, *, wide: bool = False) -> None:
        """`deliver`: what applies a message in the same step, if it can be applied now; tells whether it did.

        `skip`: the path whose message is never sent, because its sender fails; `wide`: nor that of any that may fail.
        """
        self.tables = tables
        self.deliver = deliver
        self.truths = list(state.truths)
        self.values = list(state.values)
        self.contains = list(state.contains)
        self.counters = list(state.counters)
        self.times = list(state.times)
        self.messages = list(state.messages)
        self.memory = set(state.memory)
        self.stamps = list(state.stamps)
        self.sent = list(state.sent)
        self.owed = state.owed
        self.budget = list(state.budget)
        self.script = state.script
        self.before = state.values
        self.skip = skip
        self.wide = wide
        self.notes: list[tuple[str, str]] = []
        """(what happened, path or control): causes that are no faults."""
        self.crashable: list[int] = []
        self.regressed = False
        self.moved = tables.cyclic or bool(state.counters)
        """Messages have been added or changed, or counted anew at rest: they may be out of their order."""
        self.depth = 0

    def note(self, what: str, who: str) -> None:
        """Remember a cause, for the telling."""
        self.notes.append((what, who))

    def spend(self, kind: str) -> None:
        """Take one fault of a kind from the budget."""
        self.budget[BUDGET.index(kind)] -= 1

    def freeze(self) -> State:
        """The state that came out, in canonical order of what has no order."""
        messages = self.messages
        paths = self.tables.paths
        if messages and self.stamps:
            # A value older than the stamp of its target stays so: its delivery would do nothing, now or later.
            messages = [each for each in messages if not self.outdated(each)]
        if self.moved and len(messages) > 1:
            messages.sort(key=lambda each: _rank(each, -1 if each.parked else paths[each.path].lane))
        fields = (
            tuple(self.truths),
            tuple(self.values),
            tuple(self.contains),
            tuple(self.counters),
            tuple(self.times),
            tuple(messages),
            frozenset(self.memory),
            tuple(self.stamps),
            tuple(self.sent),
            self.owed,
            tuple(self.budget),
            self.script,
        )
        return tuple.__new__(State, fields)  # twice as quick as by name, and done at every step of every search

    def outdated(self, message: Message) -> bool:
        """Whether a value is sure to be refused."""
        path = self.tables.paths[message.path]
        return path.kind == "state" and path.guard == "version" and message.order < self.stamps[path.stamp]

    # -- reading -------------------------------------------------------------------------------------------

    def read(self, form: Sum, values: tuple[Amount, ...] | list[Amount]) -> Amount:
        """A linear form over stored cells; a word where a flag is read."""
        total: Number = form.constant
        for cell, factor in form.terms:
            value = values[cell]
            if isinstance(value, str):
                return value
            total += (value or 0) * factor
        return plain(total)

    def known(self, path: PathSpec) -> int:
        """Events that the source of a path of values contains, as bits."""
        if not self.contains:
            return 0
        found = 0
        for value in path.values:
            if value.truth is not None:
                found |= (1 << len(self.script)) - 1
            for cell, _ in value.form.terms:
                found |= self.contains[cell]
        return found

    def snapshot(self, path: PathSpec, values: tuple[Amount, ...] | list[Amount]) -> tuple[Amount, ...]:
        """The values that a message of this path carries now."""
        return tuple(self.value_of(each, values) for each in path.values)

    def value_of(self, value: Value, values: tuple[Amount, ...] | list[Amount]) -> Amount:
        """What one mapping of values reads now; the truth itself where the source holds nothing."""
        if value.truth is not None:
            truth = self.truths[value.truth]
            if truth is None or isinstance(truth, str):
                return truth
            return plain(Fraction(truth) / value.scale)
        return self.read(value.form, values)

    # -- firing --------------------------------------------------------------------------------------------

    def arrive(
        self, system: int, cause: Message, event: str | None, changed: set[int], written: set[int], last: int
    ) -> None:
        """Something has come to a system: `event` (with the amounts of `cause`), or changes alone where it is None."""
        tables = self.tables
        if self.counters and (event is not None or changed):
            self.counters[system] += 1
        if self.times and (event is not None or changed):
            self.times[system] = cause.time
        if not (event is not None or changed or written):
            return
        for index in tables.from_system[system]:
            path = tables.paths[index]
            if path.kind == "state":
                self.fire_state(path, cause, event, changed, written, last)
            elif path.watches:
                self.fire_report(path, cause, changed, last)
            elif event is not None and path.events is not None and event in path.events:
                self.fire_amounts(path, cause, last)

    def fire_amounts(self, path: PathSpec, cause: Message, last: int) -> None:
        """A path of amounts, for an event that it lists; a gate has been asked already where the event happens."""
        if (last >= 0 or not path.gate) and self.may_fire(path, cause, last):
            self.send_amounts(path, cause)

    def fire_report(self, path: PathSpec, cause: Message, changed: set[int], last: int) -> None:
        """A path that sends the difference which any change has made."""
        if not any(cell in changed for cell, _ in path.watches) or not self.may_fire(path, cause, last):
            return
        payload: list[Amount] = [None] * len(self.tables.quantities)
        for cell, quantity in path.watches:
            now, before = self.values[cell], self.before[cell]
            if cell in changed and not isinstance(now, str) and not isinstance(before, str):
                payload[quantity] = plain((now or 0) - (before or 0))
        self.send_amounts(path, cause._replace(payload=tuple(payload)))

    def fire_state(
        self, path: PathSpec, cause: Message, event: str | None, changed: set[int], written: set[int], last: int
    ) -> None:
        """A path of values: pushed now, or a run is owed."""
        moved = not path.reads.isdisjoint(changed) or (path.fires_on_write and not path.reads.isdisjoint(written))
        listed = event is not None and path.events is not None and event in path.events
        if not path.pushed:
            passes = path.full or self.passes(path, cause, last)  # a full run carries what no class set off, too
            if moved and passes and (path.full or path.events is None or listed):
                self.owed |= 1 << path.number
            return
        if (listed if path.events is not None else moved) and self.may_fire(path, cause, last):
            self.send_values(path, cause.instance, cause.history | 1 << path.source, cause.time, cause.hops + 1)

    def may_fire(self, path: PathSpec, cause: Message, last: int) -> bool:
        """Filters by class, by last hop and by history."""
        if last == path.number and path.source == path.target:
            return False
        return self.passes(path, cause, last) and not (
            path.tagged and (cause.history | 1 << path.source) >> path.target & 1
        )

    def passes(self, path: PathSpec, cause: Message, last: int) -> bool:
        """Filters by class and by last hop."""
        if path.only is not None or path.except_:
            word = self.tables.events[self.script[cause.instance].menu].word if cause.instance >= 0 else ""
            if (path.only is not None and word not in path.only) or word in path.except_:
                self.note("filtered", path.id)
                return False
        if path.fires_for_local is not None:
            fires = path.fires_for_local if last < 0 else last in path.fires_for_paths
            if not fires:
                self.note("filtered", path.id)
                return False
        return True

    def crashed(self, path: PathSpec) -> bool:
        """Whether the sender fails before this message is out."""
        if not path.can_crash:
            return False
        self.crashable.append(path.number)
        return self.wide or self.skip == path.number

    def send_amounts(self, path: PathSpec, cause: Message) -> None:
        """The message of a path of amounts, or its parts."""
        if self.crashed(path):
            return
        payload = cause.payload
        if path.parts > 1:
            payload = tuple(
                amount if amount is None or isinstance(amount, str) else plain(Fraction(amount) / path.parts)
                for amount in payload
            )
        history = cause.history | 1 << path.source if "history" in self.tables.uses else 0
        counter = self.counters[path.source] if self.counters else 0
        hops = cause.hops + 1 if self.tables.cyclic else 0
        for part in range(path.parts):
            number = cause.part * path.parts + part
            message = (path.number, cause.instance, number, payload, history, counter, cause.time, 0, hops)
            self.send(path, tuple.__new__(Message, (*message, False, False, None)))

    def base_of(self, path: PathSpec) -> tuple[Number, ...]:
        """What a path that reads its target finds there, for each of its changes; 0 for what is not in this slice."""
        held = [0 if change.cell < 0 else self.values[change.cell] for change in path.changes]
        return tuple(0 if each is None or isinstance(each, str) else each for each in held)

    def send_values(self, path: PathSpec, instance: int, history: int, time: int, hops: int) -> None:
        """The message of a path of values, unless it would say what was said last."""
        if self.crashed(path):
            return
        payload = self.snapshot(path, self.before if path.read_before else self.values)
        if path.if_changed:
            if self.sent[path.number] == payload:
                self.note("unchanged", path.id)
                return
            self.sent[path.number] = payload
        if path.read_before:
            self.note("read before", path.id)
        counter = self.counters[path.source] if self.counters else 0
        if "history" not in self.tables.uses:
            history = 0
        self.send(
            path,
            Message(
                path.number,
                instance,
                0,
                () if path.fetch else payload,
                history,
                counter,
                time if self.times else 0,
                self.known(path),
                hops if self.tables.cyclic else 0,
            ),
        )

    def send(self, path: PathSpec, message: Message) -> None:
        """On its way, or delivered at once where it is written in the source's own step."""
        if path.in_step or path.gate:
            self.depth += 1
            if self.depth <= MOST_HOPS and not self.deliver(self, path, message):
                self.add(message)
            self.depth -= 1
            return
        if message.hops <= MOST_HOPS:
            self.add(message)

    def add(self, message: Message) -> None:
        """Put a message under way."""
        self.messages.append(message)
        self.moved = True

    def change(self, number: int, message: Message) -> None:
        """Put a message in the place of another."""
        self.messages[number] = message
        self.moved = True

    # -- writing -------------------------------------------------------------------------------------------

    def put(self, cell: int, value: Amount, contains: int, who: str) -> bool:
        """Write a whole value; tells whether it changed. Takes note where an event that happened there goes missing."""
        if self.contains:
            if cell in self.tables.home_cells:
                here = self.tables.home
                lost = self.contains[cell] & ~contains
                for position, instance in enumerate(self.script):
                    if lost >> position & 1 and self.tables.events[instance.menu].origin == here:
                        self.regressed = True
                        self.note("regressed", who)
            self.contains[cell] = contains
        changed = self.values[cell] != value
        self.values[cell] = value
        return changed


def _rank(message: Message, lane: int) -> tuple[object, ...]:
    if lane >= 0:
        return (0, lane)
    return (
        1, message.path, message.instance, message.part, message.order, message.time, message.history,
        message.contains, message.hops, message.again, message.parked, str(message.payload), str(message.base),
    )  # fmt: skip
