"""**Delivery**: dedupe, guard, accepting states, maps, op, rounding and clamp, then arrival and firing, in one step."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.vocabulary import OPENS_AN_ORDER
from handoffmap.witness.tables import plain

if TYPE_CHECKING:
    from handoffmap.witness.state import Key, Message, State
    from handoffmap.witness.tables import Amount, Number, PathSpec, Slice, Value
    from handoffmap.witness.working import Step

__all__ = ["apply", "deliver", "key_of", "may_apply"]


def may_apply(tables: Slice, state: State | Step, message: Message) -> bool:
    """Whether a message can be applied now.

    A compare-and-set waits for a source that knows what the target knows, and what ends an order for the order.
    """
    path = tables.paths[message.path]
    if path.minds_orders and path.guard == "state_machine" and path.kind != "state":
        return not _ends_too_early(tables, state, message)
    if not path.compares:
        return True
    there = _held(state, path)
    if not there & ~message.contains:
        return True
    here = 0
    for value in path.values:
        for cell, _ in value.form.terms:
            here |= state.contains[cell]
    return not there & ~here


def apply(step: Step, path: PathSpec, message: Message) -> None:
    """Apply one message to its target."""
    if path.refused:
        step.note("refused", path.id)
        return
    if path.kind == "state":
        _apply_values(step, path, message)
    else:
        _apply_amounts(step, path, message)


def deliver(step: Step, path: PathSpec, message: Message) -> bool:
    """Apply a message in the step that sends it, if it can be applied now; tells whether it was."""
    if not may_apply(step.tables, step, message):
        return False
    apply(step, path, message)
    return True


# -- guards ------------------------------------------------------------------------------------------------


def _refused(step: Step, path: PathSpec, message: Message) -> bool:
    if path.stamp >= 0:
        stamp = message.order if path.guard == "version" else message.time
        if stamp < step.stamps[path.stamp]:
            step.note("refused", path.id)
            return True
        step.stamps[path.stamp] = stamp
    for cell, words, wanted in path.accepts:
        if (str(step.values[cell]) in words) is not wanted:
            step.note("refused", path.id)
            return True
    return False


def _out_of_turn(step: Step, path: PathSpec, message: Message) -> bool:
    """`guard: state_machine` on amounts: an undo that comes before its event is remembered, and both do nothing."""
    if path.target not in step.tables.remembering:
        return False
    instance = step.script[message.instance]
    event = step.tables.events[instance.menu]
    # Of several instances of one order it undoes the one of its own amount.
    undone = (path.target, instance.order, event.undoes or event.id, str(instance.amount))
    mine, parked = ("done", *undone), ("undone", *undone)
    if path.guard != "state_machine":  # by this way it is applied in any case
        if event.undoes is None:
            step.memory.add(mine)
        return False
    if event.undoes is not None:
        before = step.tables.events[step.script[instance.order].menu].undoes is not None  # what it undoes, lies there
        if mine in step.memory or before:
            return False
        step.memory.add(parked)
        step.note("remembered", path.id)
        return True
    if parked in step.memory:
        step.note("remembered", path.id)
        return True
    step.memory.add(mine)
    return False


# -- values ------------------------------------------------------------------------------------------------


def _apply_values(step: Step, path: PathSpec, message: Message) -> None:
    if message.again and path.recognises:
        return
    payload, contains = message.payload, message.contains
    read_again = path.compares and _outdated(step, path, message)
    if path.fetch or read_again:
        payload, contains = step.snapshot(path, step.values), step.known(path)
        if read_again and step.counters:  # what was refused and read once more is as old as that reading
            message = message._replace(order=step.counters[path.source])
        if path.fetch and path.if_changed:
            step.sent[path.number] = payload  # what was read last is what was sent last
    if path.key == "value" and path.ledger >= 0:
        key: Key = ("value", path.ledger, *(str(each) for each in payload))
        if key in step.memory:
            step.note("swallowed", path.id)
            return
        step.memory.add(key)
    if _refused(step, path, message):
        return
    changed: set[int] = set()
    written: set[int] = set()
    for value, number in zip(path.values, payload, strict=True):
        written.add(value.cell)
        if step.put(value.cell, _written(step, path, value, number), contains, path.id):
            changed.add(value.cell)
    step.arrive(path.target, message, None, changed, written, path.number)


def _outdated(step: Step, path: PathSpec, message: Message) -> bool:
    return bool(_held(step, path) & ~message.contains)


def _held(state: State | Step, path: PathSpec) -> int:
    """The events, as bits, in the numbers that a path of values is compared with: of a computed cell in all bases."""
    found = 0
    for value in path.values:
        found |= state.contains[value.cell]
        for cell, _ in value.derived.terms if value.derived is not None else ():
            found |= state.contains[cell]
    return found


def _written(step: Step, path: PathSpec, value: Value, number: Amount) -> Amount:
    """The number that the stored cell holds after the write."""
    if number is None or isinstance(number, str):
        return number
    number = rounded(number, value.rounding)
    old = step.values[value.cell]
    held: Number = 0 if old is None or isinstance(old, str) else old
    if path.op in {"adjust", "append", "move", "reserve", "release"}:
        step.note("added whole", path.id)
        found = held + value.sign * number
    elif value.derived is not None:
        shown = step.read(value.derived, step.values)
        found = held + value.sign * (number - (0 if shown is None or isinstance(shown, str) else shown))
    else:
        found = number
    return plain(_clamped(step, path, found))


# -- amounts -----------------------------------------------------------------------------------------------


def _apply_amounts(step: Step, path: PathSpec, message: Message) -> None:  # noqa: C901, PLR0912 - line by line
    if path.watches:
        _apply_report(step, path, message)
        return
    event = step.tables.events[step.script[message.instance].menu]
    key = key_of(step, path, message)
    if key is not None and key in step.memory:
        if not message.again:
            step.note("swallowed", path.id)
        return
    if _refused(step, path, message):
        return
    if _out_of_turn(step, path, message):
        if step.contains:  # an event and its undo that cancel out are accounted for
            for change in path.changes:
                if change.cell >= 0:
                    step.contains[change.cell] |= 1 << message.instance
        return
    if _passed_over(step, path, message) or _uncovered(step, path, message):
        return
    if key is not None:
        step.memory.add(key)
    arrived: list[Amount] = [None if index < 0 else message.payload[index] for index in path.carry]
    changed: set[int] = set()
    written: set[int] = set()
    for number, change in enumerate(path.changes):
        amount = _amount(step, path, message, number)
        if amount is None:
            continue
        arrived[change.right] = _together(arrived[change.right], amount)
        if change.cell < 0:
            continue
        written.add(change.cell)
        if _booked(step, path, message, number, amount):
            changed.add(change.cell)
    onward = message.bringing(tuple(arrived))
    step.arrive(path.target, onward, event.id, changed, written, path.number)


def _apply_report(step: Step, path: PathSpec, message: Message) -> None:
    """A difference that a change has made: it is added, and no event arrives with it."""
    if (message.again and path.recognises) or _refused(step, path, message):
        return
    changed: set[int] = set()
    written: set[int] = set()
    for change in path.changes:
        amount = message.payload[change.left]
        if amount is None or isinstance(amount, str) or change.cell < 0:
            continue
        written.add(change.cell)
        old = step.values[change.cell]
        held: Number = 0 if old is None or isinstance(old, str) else old
        found = plain(_clamped(step, path, held + rounded(amount * change.factor, change.rounding)))
        step.values[change.cell] = found
        if found != old:
            changed.add(change.cell)
    step.arrive(path.target, message, None, changed, written, path.number)


def key_of(step: State | Step, path: PathSpec, message: Message) -> Key | None:
    """The entry of the ledger by which this message is known; None where it passes as new."""
    if path.ledger < 0 or not path.recognises:
        return None
    if path.key == "instance":
        return ("key", path.ledger, message.instance, message.part)
    return ("key", path.ledger, step.script[message.instance].order, -1)


def _together(before: Amount, amount: Amount) -> Amount:
    if before is None or isinstance(before, str) or amount is None or isinstance(amount, str):
        return amount
    return before + amount


def _amount(step: Step, path: PathSpec, message: Message, number: int) -> Amount:
    """What one mapping brings; None: the event does not move it."""
    change = path.changes[number]
    amount = message.payload[change.left]
    if isinstance(amount, str):
        return amount
    found: Number = 0
    moved = amount is not None
    if amount is not None:
        found = amount * change.factor
    for quantity, sign in change.beside:
        other = message.payload[quantity]
        if other is not None and not isinstance(other, str):
            moved = True
            found += sign * other
    if not moved:
        return None
    if path.amount_from >= 0 and step.contains:
        instance = step.script[message.instance]
        held = instance.order == message.instance or any(
            step.contains[path.amount_from] >> position & 1
            for position, other in enumerate(step.script)
            if other.order == instance.order and position != message.instance
        )
        found = found if held else 0
    exact = found
    found = rounded(found, change.rounding)
    if found != exact:
        step.note("rounded", path.id)
    return plain(found)


def _booked(step: Step, path: PathSpec, message: Message, number: int, amount: Amount) -> bool:
    """Write one amount to the stored cell of a path's change; tells whether it changed."""
    cell = path.changes[number].cell
    old = step.values[cell]
    if isinstance(amount, str):
        step.values[cell] = amount
        return old != amount
    held: Number = 0 if old is None or isinstance(old, str) else old
    base = _base_of(step, path, message, number)
    if base is not None:
        if base != held:
            step.note("overwrote", path.id)
        held = base
    found: Number
    if path.kind == "delta" and path.op in {"set", "cas"} and not path.base_event:
        step.note("wrote a change", path.id)
        found = amount or 0
    else:
        found = held + (amount or 0)
    found = plain(_clamped(step, path, found))
    step.values[cell] = found
    if path.split == "cached":
        kept = step.sent[path.number] or ()
        step.sent[path.number] = tuple(
            found if change.cell == cell else other for change, other in zip(path.changes, kept, strict=True)
        )
        _forget_what_is_not_kept(step, path, message, cell)
    if step.contains:
        step.contains[cell] |= 1 << message.instance
    return bool(found != old)


def _forget_what_is_not_kept(step: Step, path: PathSpec, message: Message, cell: int) -> None:
    """A number kept by a path contains what that has brought before: what happened at the cell since is gone."""
    if not step.contains or cell not in step.tables.home_cells:
        return
    step.memory.add(("kept", path.number, message.instance, -1))
    for position, instance in enumerate(step.script):
        here = step.tables.events[instance.menu].origin == step.tables.home
        if here and step.contains[cell] >> position & 1 and ("kept", path.number, position, -1) not in step.memory:
            step.contains[cell] &= ~(1 << position)
            step.regressed = True
            step.note("regressed", path.id)


def _base_of(step: Step, path: PathSpec, message: Message, number: int) -> Number | None:
    """The number of the target that one change goes by, where it was read before; None: what is there now."""
    bases = step.sent[path.number] if path.split == "cached" else message.base
    if bases is None or any(other.cell == path.changes[number].cell for other in path.changes[:number]):
        return None
    base = bases[number]
    return None if isinstance(base, str) else base


def _passed_over(step: Step, path: PathSpec, message: Message) -> bool:
    """`reserve` and `release` act once per order, and a release of an order that was never reserved does nothing.

    A target that keeps no ledger and no states adds what it is told, like an adjustment.
    """
    order = step.script[message.instance].order
    reserved: Key = ("reserved", path.target, order)
    if path.minds_orders and _is_of_this_script(step.tables, step, message) and reserved not in step.memory:
        step.note("unknown order", path.id)
        return True
    if path.once_per_order:
        done: Key = (path.op, path.target, message.instance, message.part)
        if done in step.memory:
            return True
        step.memory.add(done)
    if step.tables.minds_orders and order == message.instance:
        step.memory.add(reserved)
    return False


def _is_of_this_script(tables: Slice, state: State | Step, message: Message) -> bool:
    """Whether the order of a message began in this run; older ones are reserved from the start."""
    order = state.script[message.instance].order
    first = tables.events[state.script[order].menu]
    mine = tables.events[state.script[message.instance].menu]
    return order < message.instance and (first.id in OPENS_AN_ORDER or mine.undoes == first.id)


def _ends_too_early(tables: Slice, state: State | Step, message: Message) -> bool:
    """Whether a state machine holds back what ends an order that it has not heard of; an undo it remembers instead."""
    instance = state.script[message.instance]
    if tables.events[instance.menu].undoes is not None or not _is_of_this_script(tables, state, message):
        return False
    return ("reserved", tables.paths[message.path].target, instance.order) not in state.memory


def _uncovered(step: Step, path: PathSpec, message: Message) -> bool:
    """`guard: cas` on amounts: what the authority cannot cover is refused."""
    if path.guard != "cas":
        return False
    for number, change in enumerate(path.changes):
        amount = _amount(step, path, message, number)
        held = step.values[change.cell] if change.cell >= 0 else None
        if amount is None or held is None or isinstance(amount, str) or isinstance(held, str):
            continue
        if amount < 0 and held + amount < 0:
            step.note("refused", path.id)
            return True
    return False


# -- numbers -----------------------------------------------------------------------------------------------


def rounded(number: Number, how: str | None) -> Number:
    """A number as a cell of whole units keeps it."""
    if how is None or isinstance(number, int):
        return number
    if how == "down":
        return math.floor(number)
    if how == "up":
        return math.ceil(number)
    return math.floor(number + Fraction(1, 2))


def _clamped(step: Step, path: PathSpec, number: Number) -> Number:
    if path.clamp and number < 0:
        step.note("clamped", path.id)
        return 0
    return number
