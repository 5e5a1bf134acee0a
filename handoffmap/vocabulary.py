"""The words of a topology: what may be written where, and what each business event does to each quantity.

Words are plain strings typed by `Literal` aliases: the type checker knows them, and start-up pays nothing for them.
`words(Delivery)` gives the words of an alias in the order in which they are told to a user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = [
    "BUILT_IN_EVENTS",
    "CANONICAL_EVENTS",
    "QUANTITIES",
    "UNDOES",
    "Effect",
    "words",
]

Seconds: TypeAlias = "int | Fraction"
"""A duration, exact: whole seconds as an int."""

SystemKind = Literal[
    "storefront", "marketplace", "pos", "oms", "erp", "wms", "3pl", "inventory_hub", "middleware", "edi_van",
    "returns_portal", "planning", "data_warehouse", "pim", "supplier", "carrier", "payment", "spreadsheet", "human",
    "admin_ui", "application",
]  # fmt: skip
Role = Literal["authoritative", "mirror", "derived", "consumer"]
Trigger = Literal[
    "sync_call", "webhook", "queue", "poll", "schedule", "batch_file", "cdc", "manual", "in_process"
]  # fmt: skip
Payload = Literal["delta", "state", "notify_then_fetch"]
Op = Literal["adjust", "set", "cas", "move", "reserve", "release", "append"]
BaseOfSet = Literal["source", "target", "cached", "event"]
FiresOn = Literal["change", "write"]
OnUnmapped = Literal["drop", "error", "quarantine"]
Delivery = Literal["at_most_once", "at_least_once", "exactly_once_effect"]
Order = Literal["none", "per_key", "total"]
Ack = Literal["before_processing", "after_enqueue", "after_commit"]
Guard = Literal["none", "version", "event_time", "state_machine", "cas", "lock", "cas_opted_out"]
Concurrency = Literal["none", "row_lock", "atomic"]
HandoffStep = Literal["outbox", "cdc", "same_transaction", "dual_write", "fire_and_forget"]
Replay = Literal["none", "manual", "auto"]
OnItemError = Literal["fail_batch", "isolate_item", "skip_item"]
Covers = Literal["full", "changed_only"]
Watermark = Literal["source_updated_at", "cursor", "client_clock"]
AdvanceOn = Literal["success_only", "always"]
OnMissingRecord = Literal["keep", "zero", "error"]
ReadAt = Literal["before_commit", "after_commit"]
Per = Literal["order", "line", "shipment"]
LedgerScope = Literal["consumer", "target_api"]
ControlKind = Literal["gate", "reconciliation"]
ControlScope = Literal["full", "sampled", "changed_only"]
Measure = Literal["cells", "totals"]
OnMismatch = Literal["none", "report", "alert", "block", "correct"]
Opening = Literal["none", "booked"]
Share = Literal["all", "own"]
Rounding = Literal["none", "down", "up", "nearest"]
Sign = Literal["same", "negated"]
Normalisation = Literal["trim", "upper", "lower", "strip_zeros"]
Meaning = Literal["count", "money", "flag"]


def words(alias: object) -> tuple[str, ...]:
    """The words of a `Literal` alias above, in their declared order."""
    return get_args(alias)


QUANTITIES: tuple[str, ...] = (
    "on_hand", "available", "allocated", "soft_reserved", "safety_stock", "quality_control", "damaged", "returned",
    "incoming", "in_transit", "backordered",
)  # fmt: skip

PUSHED: frozenset[str] = frozenset({"sync_call", "webhook", "queue", "cdc", "in_process", "manual"})
"""Triggers that fire at once on an arrival or a change."""

PULLED: frozenset[str] = frozenset({"poll", "schedule", "batch_file"})
"""Triggers that owe a tick after a change and recur for ever."""

ADDING: frozenset[str] = frozenset({"adjust", "reserve", "release", "append", "move"})
"""Operations that add an amount to what the target holds."""

WRITING: frozenset[str] = frozenset({"set", "cas"})
"""Operations that write the whole value."""


class Effect(NamedTuple):
    """What one unit of an event does to one quantity.

    `kind` is `fixed` (the same amount each time), `signed` (an amount whose sign depends on the instance), `set` (the
    truth is written) or `flag` (a word is written); `amount` is the factor on the event's own amount; `word` the word.
    """

    kind: Literal["fixed", "signed", "set", "flag"]
    amount: int
    word: str = ""


def _fixed(**amounts: int) -> dict[str, Effect]:
    return {quantity: Effect("fixed", amount) for quantity, amount in amounts.items()}


def _signed(**amounts: int) -> dict[str, Effect]:
    return {quantity: Effect("signed", amount) for quantity, amount in amounts.items()}


BUILT_IN_EVENTS: dict[str, dict[str, Effect]] = {
    "order_captured": _fixed(allocated=1, available=-1),
    "order_edited": _signed(allocated=1, available=-1),
    "order_cancelled": _fixed(allocated=-1, available=1),
    "pick_shorted": _fixed(on_hand=-1, allocated=-1),
    "shipment_confirmed": _fixed(on_hand=-1, allocated=-1),
    "shipment_voided": _fixed(on_hand=1, allocated=1),
    "po_issued": _fixed(incoming=1),
    "asn_received": {},
    "po_received": _fixed(on_hand=1, available=1, incoming=-1),
    "inspection_passed": _fixed(quality_control=-1, available=1),
    "return_authorized": {},
    "refund_issued": {},
    "return_received": _fixed(on_hand=1, returned=1),
    "return_restocked": _fixed(returned=-1, available=1),
    "return_scrapped": _fixed(returned=-1, on_hand=-1),
    "cycle_counted": {"on_hand": Effect("set", 1), "available": Effect("signed", 1)},
    "inventory_adjusted": _signed(on_hand=1, available=1),
    "status_changed": _signed(available=-1, damaged=1),
    "transfer_shipped": _fixed(on_hand=-1, available=-1, in_transit=1),
    "transfer_received": _fixed(on_hand=1, available=1, in_transit=-1),
    "pos_sale": _fixed(on_hand=-1, available=-1),
    "pos_return": _fixed(on_hand=1, available=1),
    "kit_assembled": _signed(on_hand=1, available=1),
}
"""Event -> quantity -> effect per unit: the built-in business events, each with its whole effect vector."""

UNDOES: dict[str, str] = {
    "order_cancelled": "order_captured",
    "shipment_voided": "shipment_confirmed",
    "pos_return": "pos_sale",
}
"""Event -> the event of the same instance that it takes back."""

CANONICAL_EVENTS: tuple[str, ...] = (
    "order_captured", "shipment_confirmed", "po_received", "return_received", "cycle_counted",
)  # fmt: skip
"""The events that a map of stock handoffs should at least speak of."""

OPENS_AN_ORDER: frozenset[str] = frozenset({"order_captured", "pos_sale", "po_issued", "return_authorized"})
"""Events that happen once per business document: two of them are two documents."""

ENDS_AN_ORDER: frozenset[str] = frozenset({"order_cancelled", "shipment_confirmed", "pick_shorted"})
"""Events after which an order holds no allocation any more."""
