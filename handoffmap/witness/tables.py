"""The tables of one slice: what the machine looks up at every step, worked out once.

Systems, stored cells, quantities, paths and truths are numbered; all tables are indexed by these numbers.
Numbers are `int` where they can be and `Fraction` where a factor makes them so.
"""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.model import Cell

__all__ = [
    "Amount", "ControlSpec", "EventSpec", "Figures", "Number", "PathSpec", "Slice", "Sum", "plain",
]  # fmt: skip

Number = int | Fraction
Amount = int | Fraction | str | None
"""What an event does to one quantity: a change, a word that is written, or None for nothing."""


def plain(number: Number) -> Number:
    """The same number, as an integer where it is one."""
    if number.__class__ is int:
        return number
    return int(number) if number.denominator == 1 else number


class Figures(NamedTuple):
    """Numbers that a run is to be told in, in place of those that the search chooses for itself.

    They go through the machine like any others: what is told is a run of it, not an edited text. Numbers that hide a
    difference (two events of one amount, say) may hide a drift as well, so that verdicts are sought without them.
    """

    start: Mapping[str, int] = MappingProxyType({})
    """Quantity -> the truth at the start."""
    amounts: tuple[int, ...] = ()
    """Of the first, second and third event; the last one stands for all further ones. Empty: as the search has them."""
    script: tuple[str, ...] = ()
    """The events of the run, in their order. Empty: any."""


class Sum(NamedTuple):
    """A linear form: numbers of cells (or truths) times factors, plus a constant."""

    terms: tuple[tuple[int, Number], ...]
    constant: Number = 0


class Change(NamedTuple):
    """Where one quantity of a delta lands: a stored cell of the target."""

    left: int
    """Quantity of the message."""
    right: int
    """Quantity of the arrival at the target."""
    cell: int
    """Stored cell, -1 where the target holds none of this slice."""
    factor: Number
    rounding: str | None
    beside: tuple[tuple[int, int], ...] = ()
    """(quantity, sign) of the terms that are added to the left one."""


class Value(NamedTuple):
    """What one mapping of a path of values writes: a linear form over stored cells of the slice."""

    cell: int
    form: Sum
    sign: int
    """-1: a derived cell whose first base stands there with a minus."""
    derived: Sum | None
    """For a write to a derived cell: the formula, over stored cells; the first base moves by the difference."""
    rounding: str | None
    truth: int | None = None
    """The source holds nothing: the value is that of the truth, divided by `scale`."""
    scale: Number = 1
    left: int = -1
    """Quantity of the source; for `base: event` and for the amount in a message."""


class PathSpec(NamedTuple):
    """One write path of the slice."""

    number: int
    id: str
    source: int
    target: int
    kind: Literal["delta", "state", "rewrite"]
    op: str
    events: frozenset[str] | None
    pushed: bool
    full: bool
    puts_back: bool
    """It reads its target in one step and writes the same number back in another, whenever it is set off."""
    in_step: bool
    """Written in the source's own transaction."""
    gate: bool
    """The event happens at both ends in one step, or not at all."""
    fetch: bool
    changes: tuple[Change, ...]
    values: tuple[Value, ...]
    carry: tuple[int, ...]
    """Quantity at the target -> quantity of the message that stays as it is, -1 for none."""
    reads: frozenset[int]
    """Stored cells whose change fires it."""
    ledger: int
    """-1: none."""
    key: Literal["instance", "order", "value"]
    recognises: bool
    """A repetition that comes in time is recognised."""
    forgets: bool
    """The key may be gone before a late repetition comes."""
    keeps_no_key: bool
    """Its key may be gone before the same instance comes by another way."""
    guard: str
    compares: bool
    """A value waits for a source that knows what its target knows (compare-and-set)."""
    once_per_order: bool
    minds_orders: bool
    """Its target releases what it knows to be reserved, and nothing else."""
    stamp: int
    lane: int
    """Messages of one lane keep their order; -1: none do."""
    single: int
    """Lane in which one message at a time is worked on, -1: none."""
    split: Literal["no", "target", "cached"]
    can_repeat: bool
    can_lose: bool
    can_crash: bool
    can_park: bool
    tagged: bool
    watches: tuple[tuple[int, int], ...]
    """(stored cell, quantity) of which it reports every change; empty for a path that waits for its events."""
    fires_on_write: bool
    fires_for_local: bool | None
    fires_for_paths: frozenset[int]
    only: frozenset[str] | None
    except_: frozenset[str]
    if_changed: bool
    clamp: bool
    read_before: bool
    parts: int
    accepts: tuple[tuple[int, frozenset[str], bool], ...]
    """(flag cell, words, whether they are the accepted ones)."""
    amount_from: int
    """Stored cell, -1: the message's own amounts."""
    base_event: bool
    refused: bool
    """The target cannot apply its messages, for want of a field: they arrive nowhere."""


class ControlSpec(NamedTuple):
    """One reconciliation."""

    number: int
    id: str
    reads: Sum
    cell: int
    settles: bool
    acts: bool
    """It runs of its own accord (`correct`); otherwise somebody mends what it reports by the next run."""
    recurs: bool
    """It can be counted on to run again and again."""
    systems: frozenset[int]
    touches: frozenset[int]
    """Stored cells on both sides."""


class EventSpec(NamedTuple):
    """One kind of instance that a script may contain: an event, its origin, its class and the sign of its amount."""

    number: int
    id: str
    origin: int
    origin_name: str
    word: str
    sign: int
    truths: tuple[tuple[int, Number], ...]
    """Truth -> factor on the amount."""
    flags: tuple[tuple[int, str], ...]
    applies: tuple[tuple[int, Amount, int], ...]
    """Stored cell of the origin, what one unit does there, quantity."""
    amounts: tuple[Amount, ...]
    """By quantity: what one unit is in the message, in the origin's units."""
    sets: tuple[tuple[int, int, int], ...]
    """(stored cell, truth, quantity) of a `set` effect that writes the truth."""
    waits: bool
    """Whether what is set allows for what is still under way (`as_of`, `frozen`)."""
    undoes: str | None
    ends: bool
    gates: tuple[int, ...] = ()


class Slice(NamedTuple):
    """Everything that a search needs."""

    cell: Cell
    systems: tuple[str, ...]
    cells: tuple[Cell, ...]
    """Stored cells."""
    shown: tuple[tuple[str, Sum], ...]
    """All cells of the slice with what they show, over stored cells: the one under proof first."""
    ought: tuple[Sum | None, ...]
    """For each shown cell what it ought to be, over truths."""
    quantities: tuple[str, ...]
    truths: tuple[str, ...]
    start_truths: tuple[Amount, ...]
    start_values: tuple[Amount, ...]
    paths: tuple[PathSpec, ...]
    from_system: tuple[tuple[int, ...], ...]
    controls: tuple[ControlSpec, ...]
    events: tuple[EventSpec, ...]
    stamps: int
    remembering: frozenset[int]
    """Systems that know what has become of each order (`guard: state_machine`)."""
    depth: int
    amounts: tuple[int, ...]
    linked: bool
    """Terminal events may end an order of the script."""
    loose: bool
    """Any two instances may share a key: it holds a number that is no name."""
    minds_orders: bool
    """Some path releases what is known to be reserved, and nothing else."""
    uses: frozenset[str]
    """Parts of a state that matter: contains, order, time, history."""
    home: int
    """System of the cell under proof."""
    home_cells: frozenset[int]
    cyclic: bool
    """Whether messages may go round for ever."""
    grows: bool
    """Whether runs may make a number larger and larger."""
    floor: bool
    """Searched from the smallest start."""
    bounds: Mapping[str, int]
