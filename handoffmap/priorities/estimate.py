"""What the estimate of one map consists of: shares of one joint cost, categories, and the figures behind them.

cost -> **estimate** -> order, telling. All amounts are currency per 1,000 orders.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

__all__ = ["CATEGORIES", "Assumption", "Category", "Costs", "Mode", "Range", "Share", "Split"]

CATEGORIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pick_failures": "Pick failures and rush reallocations",
        "stockouts": "Sales lost to false stockouts",
        "forecasting": "Forecasting and reordering errors",
        "manual_work": "Manual reconciliation work",
    }
)
"""Category -> what it is called."""

Mode = Literal["benchmark", "own numbers"]


class Range(NamedTuple):
    """Currency per 1,000 orders: every assumption at its cheap end, at its likeliest, at its dear end."""

    low: Fraction
    mode: Fraction
    high: Fraction


class Split(NamedTuple):
    """The likeliest cost by category, in currency per 1,000 orders."""

    pick_failures: Fraction
    stockouts: Fraction
    forecasting: Fraction
    manual_work: Fraction


class Share(NamedTuple):
    """One finding's part of the joint cost, in currency per 1,000 orders.

    The `mode` figures of all shares add up exactly to the total, and the `split` to `mode`. The ends do
    not: not every assumption is at its end at once.
    """

    low: Fraction
    mode: Fraction
    high: Fraction
    split: Split
    shared_with: int
    """Other findings on the same cell that the joint cost was split with."""


class Category(NamedTuple):
    """One category of the total. `cost` None: not computed, and `missing` says what it would take."""

    key: str
    name: str
    cost: Range | None
    benchmark: Fraction | None
    missing: tuple[str, ...] = ()


class Assumption(NamedTuple):
    """One figure that the estimate used, and its source (`assumption` where nobody has measured it)."""

    name: str
    value: str
    source: str


class Costs(NamedTuple):
    """The estimate for one map. `total` None: nothing was computed, so nothing may be printed."""

    mode: Mode
    label: str
    total: Range | None
    categories: tuple[Category, ...]
    benchmark: Fraction | None
    """The whole benchmark, in the benchmark mode."""
    unexplained: Range | None
    """What remains of the benchmark, as a part of 1; its `low` belongs to the total's `low`."""
    orders_per_month: Fraction | None
    shares: Mapping[str, Share]
    """Fingerprint of a confirmed finding with a class of drift -> its share."""
    worth: Mapping[str, Fraction]
    """Fingerprint of an undetermined finding -> what it would cost by itself if it were confirmed."""
    stability: tuple[int, int] | None
    """(corners of the ranges in which the three dearest keep their order, corners looked at)."""
    splitting: str
    assumptions: tuple[Assumption, ...]

    def per_month(self, per_1000_orders: Fraction) -> Fraction | None:
        """The same cost a month, where the file states how many orders that is."""
        return None if self.orders_per_month is None else per_1000_orders * self.orders_per_month / 1000
