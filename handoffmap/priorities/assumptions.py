"""The figures that the cost estimate rests on, each with where it comes from.

Hardly any of them is published: no study of duplicate or loss rates for single events was found. Such a
figure is a placeholder, is called an assumption wherever it is shown, and gives way to what a file states
under `volume`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BENCHMARK", "BENCHMARK_LABEL", "BENCHMARK_SOURCE", "EVENTS_PER_1000_ORDERS", "HALF_WAY", "LOW_STOCK",
    "MECHANISMS", "MECHANISM_OF", "OTHER_EVENT", "RECAPTURE", "SALE_EVERY_DAYS", "UNEXPLAINED",
    "UNKNOWN_WINDOW_DAYS", "Mechanism", "Spread",
]  # fmt: skip

Mechanism = Literal["always", "partly", "repeat", "loss", "race"]


class Spread(NamedTuple):
    """A figure that is not known exactly: what makes the cost low, the likeliest, what makes it high."""

    low: float
    mode: float
    high: float


BENCHMARK: Final[Mapping[str, int]] = MappingProxyType(
    {"pick_failures": 4200, "stockouts": 3100, "forecasting": 2400, "manual_work": 1800}
)
"""Currency (US dollars) per 1,000 orders, by category of cost."""

BENCHMARK_LABEL: Final = "One firm's client figure, not a measurement of this business"
BENCHMARK_SOURCE: Final = (
    "TkTurners, client research published in April 2026: about $11,500 per 1,000 orders. "
    "No independent study that supports the figure or its parts was found."
)

UNEXPLAINED: Final = Spread(0.8, 0.6, 0.4)
"""Part of the benchmark that handoffs are never billed for: shrink, wrong picks, theft, forecasting itself.

Assumption. IHL's estimates (2015) put systems that do not share data at about a fifth of the cost of
distorted inventory, which is the low end; the other two are guesses on the generous side.
"""

HALF_WAY: Final = 20.0
"""Wrong counts met per 1,000 orders at which a gap explains half of what it could explain at all.

From the article's own example of a 2 % pick-failure rate. A gap that spoils every order saturates: people
work around it.
"""

MECHANISMS: Final[Mapping[Mechanism, Spread]] = MappingProxyType(
    {
        "always": Spread(1.0, 1.0, 1.0),
        "partly": Spread(0.01, 0.05, 0.2),
        "repeat": Spread(0.0005, 0.002, 0.005),
        "loss": Spread(0.0001, 0.001, 0.003),
        "race": Spread(0.0005, 0.005, 0.02),
    }
)
"""How often one event goes wrong, by the way in which it does. Assumptions, all of them."""

SALE_EVERY_DAYS: Final = Spread(30.0, 7.0, 1.0)
"""Days between two sales of an item in a place: a count that is wrong for less may be met by nobody.
Assumption.
"""

UNKNOWN_WINDOW_DAYS: Final = 1.0
"""How long a passing drift lasts where the map does not tell. Assumption."""

LOW_STOCK: Final = Spread(0.01, 0.05, 0.1)
"""Share of orders for items whose stock is nearly gone, where a wrong count decides. Assumption."""

RECAPTURE: Final = Spread(0.5, 0.3, 0.1)
"""Share of lost sales that come back as another order. Assumption."""

EVENTS_PER_1000_ORDERS: Final[Mapping[str, Spread]] = MappingProxyType(
    {
        "order_captured": Spread(1000, 1000, 1000),
        "order_edited": Spread(10, 20, 50),
        "order_cancelled": Spread(20, 40, 80),
        "pick_shorted": Spread(5, 20, 40),
        "shipment_confirmed": Spread(1000, 1000, 1000),
        "shipment_voided": Spread(2, 5, 20),
        "po_issued": Spread(10, 50, 100),
        "asn_received": Spread(10, 50, 100),
        "po_received": Spread(10, 50, 100),
        "inspection_passed": Spread(10, 50, 100),
        "return_authorized": Spread(80, 170, 250),
        "refund_issued": Spread(80, 170, 250),
        "return_received": Spread(80, 170, 250),
        "return_restocked": Spread(60, 130, 200),
        "return_scrapped": Spread(5, 20, 50),
        "cycle_counted": Spread(20, 50, 200),
        "inventory_adjusted": Spread(10, 30, 100),
        "status_changed": Spread(5, 20, 50),
        "transfer_shipped": Spread(20, 50, 200),
        "transfer_received": Spread(20, 50, 200),
        "pos_sale": Spread(500, 1000, 2000),
        "pos_return": Spread(40, 100, 200),
        "kit_assembled": Spread(5, 20, 50),
    }
)
"""How often each business event happens. Returns follow a published 17 % of retail revenue (2023); the rest
is assumed.
"""

OTHER_EVENT: Final = Spread(10, 50, 200)
"""The same for an event of the file's own that does not say how often it happens. Assumption."""

_SLUGS: Final[Mapping[Mechanism, tuple[str, ...]]] = MappingProxyType(
    {
        "repeat": (
            "duplicate-delivery", "dedupe-key-too-coarse", "dedupe-key-unstable", "dedupe-window-short",
            "replay-double-count", "unbounded-retry",
        ),
        "loss": (
            "lost-delivery", "dual-write", "ack-before-commit", "poll-window-gap", "watermark-defect",
            "unwatched-dead-letter", "poison-item", "silent-truncation", "subscription-lapse", "backlog",
        ),
        "race": (
            "reordered-state", "reordered-lifecycle", "refused-delta", "lost-update", "snapshot-over-in-flight",
            "set-adjust-mix", "blind-overwrite", "stale-write-back", "multiple-writers",
            "authority-overwritten",
            "count-while-moving", "read-before-commit", "split-authority", "manual-override",
            "reconciles-wrong-way", "misaligned-cutoff", "cutoff-or-time-zone", "stale-batch",
            "stale-gate-read",
        ),
        "partly": (
            "item-key-mismatch", "location-mismatch", "precision-loss", "status-collapse", "null-as-zero",
            "kit-not-exploded", "clamp-at-zero", "lifecycle-guard-missing", "version-drift",
        ),
    }
)  # fmt: skip

MECHANISM_OF: Final[Mapping[str, Mechanism]] = MappingProxyType(
    {slug: mechanism for mechanism, slugs in _SLUGS.items() for slug in slugs}
)
"""Slug of a rule -> the way in which it goes wrong; a slug that is not here spoils every event (`always`)."""
