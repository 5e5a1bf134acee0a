"""What a topology says, as frozen facts: nodes -> **model** -> graph.

A field that is `None` is *unknown*: the file leaves it out and no catalogue fills it in. Unknown is never read as good
or bad. The word `"none"` is a known value. Durations are seconds, factors exact fractions, amounts units of stock.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from handoffmap import vocabulary as v
    from handoffmap.reading.catalogue import CatalogueFact
    from handoffmap.text.parse import Table
    from handoffmap.text.source import Location, Source

__all__ = [
    "Batch", "Cell", "Control", "DeadLetter", "Dedupe", "Event", "FieldMapping", "Holding", "Hop", "ItemKey", "Lane",
    "Limits", "Origin", "OwnQuantity", "Place", "Poll", "QuantityMapping", "Retry", "Schedule", "Subscription",
    "System", "Term", "Topology", "Waiver", "WritePath",
]  # fmt: skip


EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})
"""The mapping without entries, shared."""


class Cell(NamedTuple):
    """One quantity held by one system."""

    system: str
    quantity: str

    def __str__(self) -> str:
        return f"{self.system}.{self.quantity}"


class Place(NamedTuple):
    """Where an entry stands in its file; positions of its keys are worked out when somebody asks."""

    source: Source
    node: Table
    start: int
    """Packed position of the entry's own name (its key, or the value of `id`)."""
    width: int
    """Characters that the name takes, 0 where the entry has none."""

    def at(self, *keys: str) -> Location:
        """The place of a key below this entry (`at("dedupe", "key")`), or of the closest one that is there."""
        from handoffmap.text.place import locate_entry  # only needed when something is told

        return locate_entry(self.source, self.node, self.start, self.width, keys)


class ItemKey(NamedTuple):
    """The field by which a system knows an item."""

    field: str
    may_change: bool | None = None
    normalise: tuple[str, ...] | None = None


class Holding(NamedTuple):
    """What a system states about one quantity that it holds: one cell."""

    quantity: str
    place: Place
    role: v.Role | None = None
    unit: str | None = None
    locations: tuple[str, ...] | Literal["all"] | None = None
    statuses: tuple[str, ...] | None = None
    derived_from: tuple[Term, ...] | None = None
    """The formula over quantities of this system (or `system.quantity`) that a derived cell shows; None: not stated."""
    opening: v.Opening = "booked"
    tolerates: v.Seconds | None = None
    buffer: Fraction | None = None
    integer_only: bool | None = None
    share: v.Share = "all"

    @property
    def counted_as(self) -> tuple[object, ...]:
        """All that is stated of the number, without its name and place."""
        return self[2:]


class Term(NamedTuple):
    """One signed quantity of a formula; `system` is None for the system that the formula stands in."""

    system: str | None
    quantity: str
    sign: Literal[1, -1]


class System(NamedTuple):
    """A system, or one part of an application that can write or disagree by itself."""

    id: str
    place: Place
    kinds: tuple[str, ...]
    holds: Mapping[str, Holding] = EMPTY
    product: str | None = None
    owner: str | None = None
    part_of: str | None = None
    allocates: bool | None = None
    """None: not stated (implied for systems that capture orders or sales)."""
    quota: Cell | None = None
    backorders: bool | None = None
    item_key: ItemKey | None = None
    items: tuple[str, ...] | None = None
    """Item classes that it covers; None: all."""
    time_zone: str | None = None
    version: str | None = None
    """Version of the API or schema that it speaks."""
    sells_kits: bool | None = None
    holds_components: bool | None = None
    accepts_when: Mapping[str, tuple[str, ...]] | None = None
    refused_when: Mapping[str, tuple[str, ...]] | None = None
    notes: str | None = None
    stated: frozenset[str] = frozenset()
    """The keys that the file states a known value for."""

    @property
    def has_derived(self) -> bool:
        """Whether any of its cells is computed."""
        return any(holding.role == "derived" for holding in self.holds.values())


class Origin(NamedTuple):
    """A system in which an event happens first."""

    system: str
    applies: tuple[str, ...] | None = None
    """Quantities of that system that it is applied to; None: all that it moves and the system holds."""
    as_of: bool | None = None
    frozen: bool | None = None


class Event(NamedTuple):
    """A business event: where it happens and what one unit of it does."""

    id: str
    place: Place
    origins: tuple[Origin, ...]
    effects: Mapping[str, v.Effect]
    undoes: str | None = None
    per_1000_orders: Fraction | None = None
    built_in: bool = True


class QuantityMapping(NamedTuple):
    """Where one quantity of a message goes at the target. `to` None: it reaches the seam and is dropped there."""

    to: str | None
    unit_factor: Fraction | Literal["per_item"] | None = None
    rounding: v.Rounding | None = None
    plus: tuple[Term, ...] = ()
    minus: tuple[Term, ...] = ()
    sign: v.Sign | None = None


class FieldMapping(NamedTuple):
    """Where a field other than a quantity goes. `to` None with neither `ignored` nor a target: dropped."""

    to: str | None = None
    ignored: str | None = None
    """The reason why it need not arrive."""
    dropped: bool = False
    key: bool = False
    """The target needs it to apply the write at all."""


class Dedupe(NamedTuple):
    """How a consumer recognises a repetition."""

    key: tuple[str, ...] | None = None
    retention: v.Seconds | Literal["forever"] | None = None
    stable_across_retries: bool | None = None
    unique_per_effect: bool | None = None
    ledger: str | None = None
    scope: v.LedgerScope | None = None


class Retry(NamedTuple):
    """What the sender does after a failed attempt."""

    max_attempts: int | Literal["unlimited"] | None = None
    every: v.Seconds | None = None
    backoff: str | None = None
    jitter: str | None = None
    horizon: v.Seconds | None = None


class DeadLetter(NamedTuple):
    """Where messages go whose retries have ended."""

    to: str | None = None
    monitored: bool | None = None
    replay: v.Replay | None = None
    alert_within: v.Seconds | None = None


class Batch(NamedTuple):
    """How many items travel in one message and what one bad item does."""

    size: int | None = None
    on_item_error: v.OnItemError | None = None


class Schedule(NamedTuple):
    """A recurring run."""

    every: v.Seconds | None = None
    time_zone: str | None = None
    cutoff: str | None = None
    covers: v.Covers | None = None


class Poll(NamedTuple):
    """A recurring question to the source."""

    every: v.Seconds | None = None
    covers: v.Covers | None = None
    watermark: v.Watermark | None = None
    lookback: v.Seconds | None = None
    advance_on: v.AdvanceOn | None = None
    page_size: int | None = None
    follows_pages: bool | None = None
    granularity: v.Seconds | None = None
    bounds_time_zone: str | None = None


class Limits(NamedTuple):
    """What the target takes: requests per second, seconds, messages per hour."""

    requests_per_s: Fraction | None = None
    p99_latency: v.Seconds | None = None
    backlog_growth_per_hour: Fraction | None = None


class Lane(NamedTuple):
    """The queue in which a path's messages wait."""

    name: str | None = None
    concurrency: int | None = None
    shared: bool | None = None


class Subscription(NamedTuple):
    """Whether the source may switch the subscription off."""

    lapses_after_failures: int | bool | None = None
    monitored: bool | None = None
    backstop: str | None = None
    """A path id, or the word `none`."""


class Hop(NamedTuple):
    """A relay that a path passes, with what is stated about this hop."""

    system: str
    delivery: v.Delivery | None = None
    latency: v.Seconds | None = None
    dedupe: Dedupe | Literal["none"] | None = None


class WritePath(NamedTuple):
    """One way in which a change of one system is written into another. Facts of `via` hops are already folded in."""

    id: str
    place: Place
    source: str
    target: str
    trigger: v.Trigger | None = None
    payload: v.Payload | None = None
    op: v.Op | None = None
    base: v.BaseOfSet | None = None
    delivery: v.Delivery | None = None
    order: v.Order | None = None
    ack: v.Ack | None = None
    guard: v.Guard | None = None
    dedupe: Dedupe | Literal["none"] | None = None
    handoff: v.HandoffStep | None = None
    atomic_with: tuple[str, ...] = ()
    retry: Retry | Literal["none"] | None = None
    dead_letter: DeadLetter | Literal["none"] | None = None
    schedule: Schedule | None = None
    poll: Poll | None = None
    lane: Lane | None = None
    only_if_changed: bool | None = None
    subscription: Subscription | None = None
    via: tuple[Hop, ...] = ()
    events: tuple[str, ...] | None = None
    payload_inferred: bool = False
    fires_on: v.FiresOn = "change"
    maps: Mapping[str, QuantityMapping | None] | None = None
    """Source quantity -> mapping; a value None: stated as unknown."""
    fields: Mapping[str, FieldMapping | None] = EMPTY
    on_unmapped: v.OnUnmapped | None = None
    concurrency: v.Concurrency | None = None
    batch: Batch | None = None
    limits: Limits | None = None
    origin_tag: bool | None = None
    fires_for: tuple[str, ...] | None = None
    only: tuple[str, ...] | None = None
    except_: tuple[str, ...] | None = None
    location: str | None = None
    per: v.Per | None = None
    on_missing_record: v.OnMissingRecord | None = None
    clamp_at_zero: bool = False
    read_at: v.ReadAt | None = None
    expires_after: v.Seconds | Literal["never"] | None = None
    amount_from: Cell | None = None
    latency: v.Seconds | None = None
    enabled: bool = True
    owner: str | None = None
    version: str | None = None
    observed_at: str | None = None
    notes: str | None = None
    handler: str | None = None
    items: tuple[str, ...] | None = None
    accepts_when: Mapping[str, tuple[str, ...]] | None = None
    refused_when: Mapping[str, tuple[str, ...]] | None = None
    from_catalogue: Mapping[str, CatalogueFact] = EMPTY
    """Facts that the file leaves out and a product's documentation states."""
    stated: frozenset[str] = frozenset()
    """The keys that the file states a known value for."""
    supported_until: str | None = None
    """The date until which the pinned version is served."""

    @property
    def handing_over(self) -> tuple[object, ...]:
        """The facts from `trigger` to `subscription`: how messages come about and what becomes of them on the way."""
        return tuple.__getitem__(self, _HANDING_OVER)

    @property
    def every(self) -> v.Seconds | None:
        """Seconds between two runs of a pulled path."""
        if self.schedule is not None and self.schedule.every is not None:
            return self.schedule.every
        return self.poll.every if self.poll is not None else None

    @property
    def covers(self) -> v.Covers | None:
        """What one run of a pulled state path sends."""
        if self.schedule is not None and self.schedule.covers is not None:
            return self.schedule.covers
        return self.poll.covers if self.poll is not None else None


_HANDING_OVER: Final = slice(WritePath._fields.index("trigger"), WritePath._fields.index("subscription") + 1)


class Control(NamedTuple):
    """A check between systems: a gate at the moment of allocation, or a reconciliation of two cells."""

    id: str
    place: Place
    kind: v.ControlKind
    at: str | None = None
    reads: Cell | None = None
    authority: Cell | None = None
    mirror: Cell | None = None
    every: v.Seconds | None = None
    scope: v.ControlScope | None = None
    measure: v.Measure | None = None
    on_mismatch: v.OnMismatch | None = None
    corrects: Cell | None = None
    settle: v.Seconds | None = None
    aligned_as_of: bool | None = None
    last_success_monitored: bool | None = None
    survives_restart: bool | None = None
    owner: str | None = None
    notes: str | None = None
    stated: frozenset[str] = frozenset()


class OwnQuantity(NamedTuple):
    """A quantity that the file defines itself."""

    name: str
    place: Place
    meaning: v.Meaning | None = None
    formula: tuple[Term, ...] | None = None


class Waiver(NamedTuple):
    """A finding that a team has decided to live with until a date."""

    rule: str
    subject: str
    place: Place
    reason: str | None = None
    owner: str | None = None
    ticket: str | None = None
    until: str | None = None


class Topology(NamedTuple):
    """One map, whole: all files that it includes merged."""

    file: str
    place: Place
    name: str | None
    summary: str | None
    notes: str | None
    complete: bool
    volume: Mapping[str, Fraction]
    systems: Mapping[str, System]
    events: Mapping[str, Event]
    write_paths: Mapping[str, WritePath]
    controls: Mapping[str, Control] | None
    """None: the file does not say whether there are any."""
    waivers: tuple[Waiver, ...]
    quantities: Mapping[str, OwnQuantity]
    sources: tuple[Source, ...]
    """The files that were read, the root first."""
    laid_over: tuple[str, ...] = ()
    """Names of the overlays that were laid over the files, the first one lowest."""
