"""Slices in which whole values are sent, and controls that write, each written by hand from the meaning of a map.

Sales happen at the warehouse, whose count is right by itself and therefore left out where nothing else can move it;
the count that is watched is a copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.oracle.asking import AMOUNTS, model, without

if TYPE_CHECKING:
    from collections.abc import Iterator

    from minicheck import Protocol

__all__ = ["VALUE_SLICES"]


class Values(NamedTuple):
    """Each sale sends the warehouse's number. A number only falls, so that a lower one is a newer one."""

    happened: int = 0
    truth: int = 47
    copy: int = 47
    waiting: tuple[int, ...] = ()
    parked: tuple[int, ...] = ()
    faults: int = 1


def sold(s: Values) -> Iterator[tuple[str, Values]]:
    if s.happened < 3:
        truth = s.truth - AMOUNTS[s.happened]
        yield "sale", s._replace(happened=s.happened + 1, truth=truth, waiting=(*s.waiting, truth))


def wrong(s: Values) -> bool:
    return not s.waiting and not s.parked and s.copy != s.truth


def in_any_order(s: Values) -> Iterator[tuple[str, Values]]:
    """Nothing keeps the order, and nothing refuses what is older."""
    yield from sold(s)
    for value in s.waiting:
        yield "deliver", s._replace(copy=value, waiting=without(s.waiting, value))


def by_version(s: Values) -> Iterator[tuple[str, Values]]:
    """What is older than what is there is refused."""
    yield from sold(s)
    for value in s.waiting:
        yield "deliver", s._replace(copy=min(s.copy, value), waiting=without(s.waiting, value))


def in_order(s: Values) -> Iterator[tuple[str, Values]]:
    """One after the other, in the order of sending."""
    yield from sold(s)
    for value in s.waiting[:1]:
        yield "deliver", s._replace(copy=value, waiting=s.waiting[1:])


def replayed(s: Values) -> Iterator[tuple[str, Values]]:
    """In order, but a message that is given up is parked, and replayed by hand whenever somebody comes to it."""
    yield from in_order(s)
    if s.faults:
        for value in s.waiting[:1]:
            yield "give up and park", s._replace(waiting=s.waiting[1:], parked=(*s.parked, value), faults=0)
    for value in s.parked:
        yield "replay", s._replace(copy=value, parked=without(s.parked, value))


def read_too_soon(s: Values) -> Iterator[tuple[str, Values]]:
    """In order, but the message is filled before the sale is stored."""
    if s.happened < 3:
        truth = s.truth - AMOUNTS[s.happened]
        yield "sale", s._replace(happened=s.happened + 1, truth=truth, waiting=(*s.waiting, s.truth))
    for value in s.waiting[:1]:
        yield "deliver", s._replace(copy=value, waiting=s.waiting[1:])


# ── runs ──────────────────────────────────────────────────────────────────────────────────────────


class Nightly(NamedTuple):
    """A run carries the whole number; sales may besides be told as amounts."""

    happened: int = 0
    truth: int = 47
    copy: int = 47
    owed: bool = False
    """Something has changed since the last run."""
    runs: tuple[int, ...] = ()
    """Numbers on their way."""
    amounts: tuple[int, ...] = ()
    faults: int = 1
    free_runs: int = 2
    fresh: bool = False
    """The last thing that happened is a run, or a correction, with nothing else under way."""


def sold_by_day(s: Nightly, *, told: bool) -> Iterator[tuple[str, Nightly]]:
    if s.happened < 3:
        amount = AMOUNTS[s.happened]
        there = s._replace(happened=s.happened + 1, truth=s.truth - amount, owed=True, fresh=False)
        yield "sale", there._replace(amounts=(*s.amounts, amount)) if told else there


def nightly_run(s: Nightly) -> Iterator[tuple[str, Nightly]]:
    if s.free_runs:
        there = s._replace(owed=False, free_runs=s.free_runs - 1, runs=tuple(sorted((*s.runs, s.truth))), fresh=False)
        yield "run", there
    for value in s.runs:
        yield "the run arrives", s._replace(copy=value, runs=without(s.runs, value), fresh=False)


def run_only(s: Nightly) -> Iterator[tuple[str, Nightly]]:
    """Nothing but the run, and one run at a time: until it comes, the copy is late and not wrong."""
    yield from sold_by_day(s, told=False)
    if not s.runs:
        yield "run", s._replace(owed=False, runs=(s.truth,), fresh=False)
    for value in s.runs:
        yield "the run arrives", s._replace(copy=value, runs=(), fresh=True)


def run_only_wrong(s: Nightly) -> bool:
    return not s.runs and not s.owed and s.copy != s.truth


def amounts_lost(s: Nightly) -> Iterator[tuple[str, Nightly]]:
    """Amounts that may be lost, and a run that comes over it when nothing is under way."""
    yield from sold_by_day(s, told=True)
    for amount in s.amounts:
        left = without(s.amounts, amount)
        yield "deliver", s._replace(copy=s.copy - amount, amounts=left, fresh=False)
        if s.faults:
            yield "lose", s._replace(amounts=left, faults=0, fresh=False)
    if not s.amounts:
        yield "run", s._replace(owed=False, copy=s.truth, fresh=True)


def sender_fails(s: Nightly) -> Iterator[tuple[str, Nightly]]:
    """Amounts whose sender may fail, and a correction that waits until nothing is under way."""
    yield from sold_by_day(s, told=True)
    if s.faults:
        yield from ((f"{label}, sender fails", there._replace(faults=0)) for label, there in sold_by_day(s, told=False))
    for amount in s.amounts:
        there = s._replace(copy=s.copy - amount, amounts=without(s.amounts, amount), fresh=False)
        yield "deliver", there
    if not s.amounts:
        yield "correct", s._replace(copy=s.truth, fresh=True)


def corrected_at_once(s: Nightly) -> Iterator[tuple[str, Nightly]]:
    """Amounts that arrive for sure, and a correction that does not wait for them."""
    yield from sold_by_day(s, told=True)
    for amount in s.amounts:
        yield "deliver", s._replace(copy=s.copy - amount, amounts=without(s.amounts, amount), fresh=False)
    yield "correct", s._replace(copy=s.truth, fresh=True)


def told_twice(s: Nightly) -> Iterator[tuple[str, Nightly]]:
    """Amounts that arrive for sure, and runs that do not wait for them: what a run has told, an amount tells again."""
    yield from sold_by_day(s, told=True)
    for amount in s.amounts:
        yield "deliver", s._replace(copy=s.copy - amount, amounts=without(s.amounts, amount), fresh=False)
    yield from nightly_run(s)
    if not s.amounts and not s.runs:
        yield "one more run, with nothing under way", s._replace(copy=s.truth, fresh=True)


def amounts_wrong(s: Nightly) -> bool:
    return not s.amounts and not s.runs and s.copy != s.truth


def wrong_after_a_run(s: Nightly) -> bool:
    return amounts_wrong(s) and s.fresh


class Mirror(NamedTuple):
    """Sales happen at the shop and are told to the warehouse as amounts; its number comes back at night."""

    happened: int = 0
    shop: int = 47
    """It heard of every sale the moment it happened, so that it ought to show 47 less all of them."""
    truth: int = 47
    warehouse: int = 47
    to_warehouse: tuple[int, ...] = ()
    to_shop: tuple[int, ...] = ()
    free_runs: int = 2
    forgot: bool = False
    """A write has just taken from the shop a sale that happened there."""


def overwritten(s: Mirror) -> Iterator[tuple[str, Mirror]]:
    here = s._replace(forgot=False)
    if s.happened < 3:
        amount = AMOUNTS[s.happened]
        yield (
            "sale",
            here._replace(
                happened=s.happened + 1,
                shop=s.shop - amount,
                truth=s.truth - amount,
                to_warehouse=tuple(sorted((*s.to_warehouse, amount))),
            ),
        )
    for amount in s.to_warehouse:
        there = here._replace(warehouse=s.warehouse - amount, to_warehouse=without(s.to_warehouse, amount))
        yield "tell the warehouse", there
    if s.free_runs:
        yield "run", here._replace(to_shop=tuple(sorted((*s.to_shop, s.warehouse))), free_runs=s.free_runs - 1)
    for value in s.to_shop:
        there = here._replace(shop=value, to_shop=without(s.to_shop, value), forgot=value > s.shop)
        yield "the run arrives", there


def shop_wrong(s: Mirror) -> bool:
    return s.forgot or (not s.to_warehouse and not s.to_shop and s.shop != s.truth)


def shop_wrong_after_a_run(s: Mirror) -> bool:
    """The run reads what the warehouse shows when it has heard of everything."""
    return not s.to_warehouse and not s.to_shop and s.warehouse != s.truth


class Backwards(NamedTuple):
    """Amounts to a copy, whose sender may fail, and a correction that writes the copy over the record."""

    happened: int = 0
    truth: int = 47
    record: int = 47
    copy: int = 47
    waiting: tuple[int, ...] = ()
    faults: int = 1


def corrected_backwards(s: Backwards) -> Iterator[tuple[str, Backwards]]:
    if s.happened < 3:
        amount = AMOUNTS[s.happened]
        there = s._replace(happened=s.happened + 1, truth=s.truth - amount, record=s.record - amount)
        yield "sale", there._replace(waiting=(*s.waiting, amount))
        if s.faults:
            yield "sale, sender fails", there._replace(faults=0)
    for amount in s.waiting:
        yield "deliver", s._replace(copy=s.copy - amount, waiting=without(s.waiting, amount))
    if not s.waiting:
        yield "correct", s._replace(record=s.copy)


def record_wrong(s: Backwards) -> bool:
    """The correction runs again and again, and brings what the copy shows."""
    return not s.waiting and s.record != s.truth


VALUE_SLICES: dict[str, tuple[Protocol, ...]] = {
    "reordered state": (model(Values(), in_any_order, wrong=wrong),),
    "versioned state": (model(Values(), by_version, wrong=wrong),),
    "state in order": (model(Values(), in_order, wrong=wrong),),
    "dead letter replayed by hand": (model(Values(), replayed, wrong=wrong),),
    "read before commit": (model(Values(), read_too_soon, wrong=wrong),),
    "nightly run": (model(Nightly(), run_only, wrong=run_only_wrong),),
    "loss that a nightly run mends": (
        model(Nightly(), amounts_lost, wrong=amounts_wrong, wrong_for_good=wrong_after_a_run),
    ),
    "loss that a correction mends": (
        model(Nightly(), sender_fails, wrong=amounts_wrong, wrong_for_good=wrong_after_a_run),
    ),
    "correction that does not wait": (
        model(Nightly(), corrected_at_once, wrong=amounts_wrong, wrong_for_good=wrong_after_a_run),
    ),
    "snapshot and amounts": (
        model(Nightly(), told_twice, wrong=amounts_wrong, wrong_for_good=wrong_after_a_run),
    ),
    "snapshot over in-flight": (
        model(Mirror(), overwritten, wrong=shop_wrong, wrong_for_good=shop_wrong_after_a_run),
    ),
    "correction the wrong way": (model(Backwards(), corrected_backwards, wrong=record_wrong),),
}  # fmt: skip
"""Slice -> its model, one for each start."""
