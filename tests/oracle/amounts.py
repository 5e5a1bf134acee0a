"""Slices in which amounts are sent, each as a transition system written by hand from the meaning of a map.

Everywhere but where it is said otherwise: sales happen at a till that holds nothing, and the warehouse's count is
what is watched. Three sales at most, of 1, 5 and 25; one fault of each kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.oracle.asking import AMOUNTS, model, without

if TYPE_CHECKING:
    from collections.abc import Iterator

    from minicheck import Protocol

__all__ = ["AMOUNT_SLICES"]


class Sales(NamedTuple):
    """Sales, and their messages to one count."""

    happened: int = 0
    truth: int = 47
    held: int = 47
    waiting: tuple[int, ...] = ()
    """Amounts of messages under way."""
    again: tuple[int, ...] = ()
    """Amounts of messages that have been delivered and will come once more."""
    seen: frozenset[int] = frozenset()
    """Keys that the receiver keeps: the amount names its sale."""
    faults: int = 1


def sold(s: Sales) -> Iterator[tuple[str, Sales]]:
    if s.happened < 3:
        amount = AMOUNTS[s.happened]
        yield (
            f"sale of {amount}",
            s._replace(happened=s.happened + 1, truth=s.truth - amount, waiting=tuple(sorted((*s.waiting, amount)))),
        )


def wrong(s: Sales) -> bool:
    return not s.waiting and not s.again and s.held != s.truth


# ── faults of the delivery ────────────────────────────────────────────────────────────────────────


def delivered_twice(s: Sales) -> Iterator[tuple[str, Sales]]:
    """At least once, and nothing recognises a repetition."""
    yield from sold(s)
    for amount in s.waiting:
        there = s._replace(held=s.held - amount, waiting=without(s.waiting, amount))
        yield "deliver", there
        if s.faults:
            yield "deliver, answer lost", there._replace(again=(*s.again, amount), faults=0)
    for amount in s.again:
        yield "deliver again", s._replace(held=s.held - amount, again=without(s.again, amount))


def recognised(s: Sales) -> Iterator[tuple[str, Sales]]:
    """At least once, with a ledger of keys that is kept for ever."""
    yield from sold(s)
    for amount in s.waiting:
        there = s._replace(
            held=s.held if amount in s.seen else s.held - amount,
            waiting=without(s.waiting, amount),
            seen=s.seen | {amount},
        )
        yield "deliver", there
        if s.faults:
            yield "deliver, answer lost", there._replace(again=(*s.again, amount), faults=0)
    for amount in s.again:
        counted = s.held if amount in s.seen else s.held - amount
        yield "deliver again", s._replace(held=counted, again=without(s.again, amount))


def forgotten(s: Sales) -> Iterator[tuple[str, Sales]]:
    """As `recognised`, but a repetition may come so late that its key is gone."""
    yield from recognised(s)
    for amount in s.again:
        yield "deliver, key gone", s._replace(held=s.held - amount, again=without(s.again, amount))


def lost(s: Sales) -> Iterator[tuple[str, Sales]]:
    """At most once."""
    yield from sold(s)
    for amount in s.waiting:
        there = s._replace(waiting=without(s.waiting, amount))
        yield "deliver", there._replace(held=s.held - amount)
        if s.faults:
            yield "lose", there._replace(faults=0)


def crashed(s: Sales) -> Iterator[tuple[str, Sales]]:
    """The event and its message are two writes: the sender may fail between them."""
    for label, there in sold(s):
        yield label, there
        if s.faults:
            yield f"{label}, sender fails", there._replace(waiting=s.waiting, faults=0)
    for amount in s.waiting:
        yield "deliver", s._replace(held=s.held - amount, waiting=without(s.waiting, amount))


# ── routes ────────────────────────────────────────────────────────────────────────────────────────


class Routes(NamedTuple):
    """Sales that go straight to the count and by way of a relay as well."""

    happened: int = 0
    truth: int = 47
    held: int = 47
    straight: tuple[int, ...] = ()
    to_relay: tuple[int, ...] = ()
    from_relay: tuple[int, ...] = ()
    seen: frozenset[int] = frozenset()


def two_ways(s: Routes, *, ledger: bool) -> Iterator[tuple[str, Routes]]:
    if s.happened < 3:
        amount = AMOUNTS[s.happened]
        yield (
            "sale",
            s._replace(
                happened=s.happened + 1,
                truth=s.truth - amount,
                straight=(*s.straight, amount),
                to_relay=(*s.to_relay, amount),
            ),
        )
    for amount in s.to_relay:
        there = s._replace(to_relay=without(s.to_relay, amount), from_relay=tuple(sorted((*s.from_relay, amount))))
        yield "the relay passes on", there
    for amount in s.straight:
        yield "deliver straight", _counted(s._replace(straight=without(s.straight, amount)), amount, ledger=ledger)
    for amount in s.from_relay:
        yield "deliver", _counted(s._replace(from_relay=without(s.from_relay, amount)), amount, ledger=ledger)


def _counted(s: Routes, amount: int, *, ledger: bool) -> Routes:
    if ledger and amount in s.seen:
        return s
    return s._replace(held=s.held - amount, seen=s.seen | {amount})


def routes_wrong(s: Routes) -> bool:
    return not (s.straight or s.to_relay or s.from_relay) and s.held != s.truth


class Echo(NamedTuple):
    """Two shops that tell each other of every change; what each holds is left out, what is on its way is all."""

    happened: int = 0
    to_north: int = 0
    to_south: int = 0


def echoed(s: Echo) -> Iterator[tuple[str, Echo]]:
    """A change that was brought is a change, and is told in its turn. Three messages are many."""
    if s.happened < 1:
        yield "sale at the north shop", s._replace(happened=1, to_south=s.to_south + 1)
    if s.to_south:
        yield "deliver to the south", s._replace(to_south=s.to_south - 1, to_north=s.to_north + 1)
    if s.to_north:
        yield "deliver to the north", s._replace(to_north=s.to_north - 1, to_south=s.to_south + 1)


# ── undo, order, clamp ────────────────────────────────────────────────────────────────────────────


class Orders(NamedTuple):
    """Orders of 1, 5 and 25 that are captured and may be cancelled, as older ones may; their messages to one count."""

    open: tuple[int, ...] = ()
    cancelled: tuple[int, ...] = ()
    older: tuple[int, ...] = ()
    """Cancelled orders that were captured before the start."""
    held: int = 47
    captures: tuple[int, ...] = ()
    cancels: tuple[int, ...] = ()
    seen: frozenset[int] = frozenset()


def ordered(s: Orders, *, sends_cancels: bool) -> Iterator[tuple[str, Orders]]:
    happened = len(s.open) + 2 * len(s.cancelled) + len(s.older)
    if happened < 3:
        amount = AMOUNTS[happened]
        cancels = (*s.cancels, amount) if sends_cancels else s.cancels
        yield "cancel an older one", s._replace(older=(*s.older, amount), cancels=cancels)
        yield "capture", s._replace(open=(*s.open, amount), captures=(*s.captures, amount))
        for order in s.open:
            yield (
                "cancel",
                s._replace(
                    open=without(s.open, order),
                    cancelled=(*s.cancelled, order),
                    cancels=(*s.cancels, order) if sends_cancels else s.cancels,
                ),
            )


def never_undone(s: Orders) -> Iterator[tuple[str, Orders]]:
    """Captures are sent, cancels are not."""
    yield from ordered(s, sends_cancels=False)
    for order in s.captures:
        yield "deliver", s._replace(held=s.held - order, captures=without(s.captures, order))


def undone(s: Orders) -> Iterator[tuple[str, Orders]]:
    """Both are sent, in any order: adding does not mind."""
    yield from ordered(s, sends_cancels=True)
    for order in s.captures:
        yield "deliver", s._replace(held=s.held - order, captures=without(s.captures, order))
    for order in s.cancels:
        yield "deliver the cancel", s._replace(held=s.held + order, cancels=without(s.cancels, order))


def one_key(s: Orders) -> Iterator[tuple[str, Orders]]:
    """Capture and cancel of one order have the same key: whichever comes second is taken for a repetition."""
    yield from ordered(s, sends_cancels=True)
    for order in s.captures:
        there = s._replace(captures=without(s.captures, order), seen=s.seen | {order})
        yield "deliver", there if order in s.seen else there._replace(held=s.held - order)
    for order in s.cancels:
        there = s._replace(cancels=without(s.cancels, order), seen=s.seen | {order})
        yield "deliver the cancel", there if order in s.seen else there._replace(held=s.held + order)


def orders_wrong(s: Orders) -> bool:
    return not s.captures and not s.cancels and s.held != 47 - sum(s.open) + sum(s.older)


class Moves(NamedTuple):
    """Receipts and sales at the warehouse, which holds the truth, and their messages to a second count."""

    happened: int = 0
    truth: int = 0
    held: int = 0
    waiting: tuple[int, ...] = ()
    """Receipts with a plus, sales with a minus."""


def clamped(s: Moves) -> Iterator[tuple[str, Moves]]:
    """The count never goes below nought; what would is cut off."""
    if s.happened < 3:
        amount = (25, 5, 1)[s.happened]
        for change in (amount, -amount):
            if s.truth + change >= 0:
                yield (
                    "receipt" if change > 0 else "sale",
                    s._replace(
                        happened=s.happened + 1,
                        truth=s.truth + change,
                        waiting=tuple(sorted((*s.waiting, change))),
                    ),
                )
    for change in s.waiting:
        yield "deliver", s._replace(held=max(0, s.held + change), waiting=without(s.waiting, change))


def moves_wrong(s: Moves) -> bool:
    return not s.waiting and s.held != s.truth


def newest_only(s: Sales) -> Iterator[tuple[str, Sales]]:
    """A guard refuses an amount whose event is older than one that was there; `faults` is the newest place."""
    yield from sold(s)
    for amount in s.waiting:
        place = AMOUNTS.index(amount) + 1
        left = without(s.waiting, amount)
        there = s._replace(waiting=left)
        yield "deliver", there if place < s.faults else there._replace(held=s.held - amount, faults=place)


# ── read, add, write back ─────────────────────────────────────────────────────────────────────────


class Rewrites(NamedTuple):
    """Sales whose handler reads the count, and writes it back in a step of its own."""

    happened: int = 0
    truth: int = 47
    held: int = 47
    waiting: tuple[int, ...] = ()
    read: tuple[tuple[int, int], ...] = ()
    """(amount, what was read)."""


def written_back(s: Rewrites, *, one_step: bool) -> Iterator[tuple[str, Rewrites]]:
    if s.happened < 3:
        amount = AMOUNTS[s.happened]
        yield "sale", s._replace(happened=s.happened + 1, truth=s.truth - amount, waiting=(*s.waiting, amount))
    for amount in s.waiting:
        left = without(s.waiting, amount)
        if one_step:
            yield "read and write", s._replace(waiting=left, held=s.held - amount)
        else:
            yield "read", s._replace(waiting=left, read=tuple(sorted((*s.read, (amount, s.held)))))
    for amount, found in s.read:
        yield "write", s._replace(read=without(s.read, (amount, found)), held=found - amount)


def rewrites_wrong(s: Rewrites) -> bool:
    return not s.waiting and not s.read and s.held != s.truth


# ── another unit, another writer ──────────────────────────────────────────────────────────────────


class Cases(NamedTuple):
    """Cases of twelve leave the warehouse; the other count is in pieces."""

    happened: int = 0
    truth: int = 47 * 12
    held: int = 47 * 12
    waiting: tuple[int, ...] = ()


def as_they_are(s: Cases) -> Iterator[tuple[str, Cases]]:
    """The number of cases is taken for a number of pieces."""
    if s.happened < 3:
        amount = AMOUNTS[s.happened]
        yield "sale", s._replace(happened=s.happened + 1, truth=s.truth - 12 * amount, waiting=(*s.waiting, amount))
    for amount in s.waiting:
        yield "deliver", s._replace(held=s.held - amount, waiting=without(s.waiting, amount))


def cases_wrong(s: Cases) -> bool:
    return not s.waiting and s.held != s.truth


class Counted(NamedTuple):
    """Shipments by a carrier, told to the warehouse, where somebody counts what is there."""

    happened: int = 0
    truth: int = 47
    held: int = 47
    waiting: tuple[int, ...] = ()


def counted_meanwhile(s: Counted) -> Iterator[tuple[str, Counted]]:
    """A count writes what is found, while a shipment that has left is still to be told of."""
    if s.happened < 3:
        amount = AMOUNTS[s.happened]
        yield (
            "shipment",
            s._replace(happened=s.happened + 1, truth=s.truth - amount, waiting=(*s.waiting, amount)),
        )
        yield "stock is found", s._replace(happened=s.happened + 1, truth=s.truth + amount, held=s.truth + amount)
    for amount in s.waiting:
        yield "deliver", s._replace(held=s.held - amount, waiting=without(s.waiting, amount))


def counted_wrong(s: Counted) -> bool:
    return not s.waiting and s.held != s.truth


AMOUNT_SLICES: dict[str, tuple[Protocol, ...]] = {
    "duplicate delivery": (model(Sales(), delivered_twice, wrong=wrong),),
    "repetitions recognised": (model(Sales(), recognised, wrong=wrong),),
    "key forgotten": (model(Sales(), forgotten, wrong=wrong),),
    "lost delivery": (model(Sales(), lost, wrong=wrong),),
    "dual write": (model(Sales(), crashed, wrong=wrong),),
    "older amount refused": (model(Sales(faults=0), newest_only, wrong=wrong),),
    "two routes": (model(Routes(), lambda s: two_ways(s, ledger=False), wrong=routes_wrong),),
    "two routes, one ledger": (model(Routes(), lambda s: two_ways(s, ledger=True), wrong=routes_wrong),),
    "echo loop": (
        model(Echo(), echoed, wrong=lambda _: False, at_rest=lambda s: s.to_north + s.to_south == 0),
    ),
    "missing undo": (model(Orders(), never_undone, wrong=orders_wrong),),
    "undo in any order": (model(Orders(), undone, wrong=orders_wrong),),
    "capture and cancel under one key": (model(Orders(), one_key, wrong=orders_wrong),),
    "clamp": tuple(model(Moves(truth=start, held=start), clamped, wrong=moves_wrong) for start in (47, 0, 25)),
    "lost update": (model(Rewrites(), lambda s: written_back(s, one_step=False), wrong=rewrites_wrong),),
    "atomic update": (model(Rewrites(), lambda s: written_back(s, one_step=True), wrong=rewrites_wrong),),
    "cases taken for pieces": (model(Cases(), as_they_are, wrong=cases_wrong),),
    "count while moving": (model(Counted(), counted_meanwhile, wrong=counted_wrong),),
}  # fmt: skip
"""Slice -> its model, one for each start."""
