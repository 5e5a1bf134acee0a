"""The figures that a file's `volume` may state: what each one is, in which unit, and where it must lie.

They turn the cost estimate from a benchmark into the reader's own numbers (`handoffmap.priorities.cost`).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

__all__ = ["PER_1000_ORDERS", "VOLUME_KEYS", "VolumeKey", "fits"]


class VolumeKey(NamedTuple):
    """One figure: its unit, what it means, and the largest value that makes sense (None: any)."""

    unit: str
    says: str
    largest: int | None = None


VOLUME_KEYS: Final[Mapping[str, VolumeKey]] = MappingProxyType(
    {
        "orders_per_month": VolumeKey("orders a month", "how many orders the business takes"),
        "average_order_value": VolumeKey("currency", "what an order is worth to the customer"),
        "margin": VolumeKey("share, 0 to 1", "the part of the order value that is earned", 1),
        "recapture": VolumeKey("share, 0 to 1", "lost sales that come back as another order", 1),
        "cost_per_pick_failure": VolumeKey("currency", "what one order that fails at the pick costs"),
        "hourly_rate": VolumeKey("currency an hour", "what an hour of the people who mend counts costs"),
        "minutes_per_exception": VolumeKey("minutes", "what it takes to look into one wrong count"),
        "low_stock_share": VolumeKey("share, 0 to 1", "orders for items whose stock is nearly gone", 1),
        "days_between_sales": VolumeKey("days", "time between two sales of a typical item in a typical place"),
        "duplicate_rate": VolumeKey("share, 0 to 1", "messages that arrive a second time, from logs", 1),
        "loss_rate": VolumeKey("share, 0 to 1", "messages that never arrive, from logs", 1),
        "shipments_per_1000_orders": VolumeKey("per 1,000 orders", "shipments confirmed"),
        "cancellations_per_1000_orders": VolumeKey("per 1,000 orders", "orders cancelled"),
        "edits_per_1000_orders": VolumeKey("per 1,000 orders", "orders changed after capture"),
        "returns_per_1000_orders": VolumeKey("per 1,000 orders", "returns that come back"),
        "receipts_per_1000_orders": VolumeKey("per 1,000 orders", "purchase order lines received"),
        "counts_per_1000_orders": VolumeKey("per 1,000 orders", "items counted"),
        "transfers_per_1000_orders": VolumeKey("per 1,000 orders", "transfers between places"),
        "pos_sales_per_1000_orders": VolumeKey("per 1,000 orders", "sales at a till"),
    }
)
"""Key of `volume` -> what it is, in the order in which they are told to a user."""

PER_1000_ORDERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "shipment_confirmed": "shipments_per_1000_orders",
        "order_cancelled": "cancellations_per_1000_orders",
        "order_edited": "edits_per_1000_orders",
        "return_received": "returns_per_1000_orders",
        "return_restocked": "returns_per_1000_orders",
        "po_received": "receipts_per_1000_orders",
        "cycle_counted": "counts_per_1000_orders",
        "transfer_shipped": "transfers_per_1000_orders",
        "transfer_received": "transfers_per_1000_orders",
        "pos_sale": "pos_sales_per_1000_orders",
    }
)
"""Built-in event -> the key of `volume` that states how often it happens."""


def fits(key: str, value: Fraction) -> bool:
    """Whether a figure can be what its key says: known, not negative, not above its largest value."""
    known = VOLUME_KEYS.get(key)
    return known is not None and value >= 0 and (known.largest is None or value <= known.largest)
