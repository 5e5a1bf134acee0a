"""One state of a slice, and the messages in it. Tuples throughout: states are hashed hundreds of times each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from handoffmap.witness.tables import Amount, Number

__all__ = ["BUDGET", "Instance", "Key", "Message", "State"]

Key = tuple[int | str, ...]
"""Something that a system remembers: what it is, where, and of which instance or order."""

BUDGET = ("crash", "repeat", "lose", "replay_late", "forget", "tick")
"""The kinds of fault that have a budget each, in the order in which a state counts them."""


class Instance(NamedTuple):
    """One event of the script that has happened."""

    menu: int
    amount: Number
    order: int
    """Number of the order (or other business document) that it belongs to."""


class Message(NamedTuple):
    """Something on its way along one path."""

    path: int
    instance: int
    """Position in the script; for values the event that set it off, -1 for a tick."""
    part: int
    payload: tuple[Amount, ...]
    history: int
    """Systems that it has been at, as bits."""
    order: int
    """The source's counter."""
    time: int
    contains: int
    hops: int
    again: bool = False
    """It has been delivered already, and the sender does not know."""
    parked: bool = False
    base: tuple[Number, ...] | None = None
    """What has been read of the target for each change of its path, between reading and writing."""

    def here(self, hops: int = 0) -> Message:
        """The same message at another place of its chain; asked for so often that `_replace` is too slow."""
        return tuple.__new__(Message, (*self[:8], hops, *self[9:]))

    def bringing(self, payload: tuple[Amount, ...]) -> Message:
        """The same message with other amounts, for the same reason."""
        return tuple.__new__(Message, (*self[:3], payload, *self[4:]))


class State(NamedTuple):
    """Truth, cells, messages, memory, budget and the script so far."""

    truths: tuple[Amount, ...]
    values: tuple[Amount, ...]
    contains: tuple[int, ...]
    counters: tuple[int, ...]
    times: tuple[int, ...]
    messages: tuple[Message, ...]
    memory: frozenset[Key]
    """Keys of ledgers, orders that were reserved, undos that came before their event."""
    stamps: tuple[int, ...]
    sent: tuple[tuple[Amount, ...] | None, ...]
    owed: int
    budget: tuple[int, ...]
    script: tuple[Instance, ...]

    def bare(self) -> tuple[object, ...]:
        """Everything but the budget of faults: what a state is known by, however it was reached."""
        return (*self[:10], self[11])
