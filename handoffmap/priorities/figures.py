"""The figures that the estimate of one map takes: those that its file states, and assumptions for the rest.

model, assumptions -> **figures** -> cost. Which figures are stated decides the mode: with what a category
needs the estimate is in the reader's own numbers, else it is a part of the benchmark.
"""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from handoffmap.priorities import assumptions as a
from handoffmap.priorities.estimate import Assumption
from handoffmap.reading.volume import PER_1000_ORDERS, VOLUME_KEYS, fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from handoffmap.model import Topology
    from handoffmap.priorities.estimate import Mode

__all__ = ["Figures"]


class Figures:
    """What one map states of its volume, and what is assumed where it states nothing.

    An `index` is the end of a spread: 0 the cheap one, 1 the likeliest, 2 the dear one.
    """

    def __init__(self, topology: Topology) -> None:
        self.events = topology.events
        self.stated = {key: value for key, value in sorted(topology.volume.items()) if fits(key, value)}
        self.missing = _missing(self.stated)
        self.mode: Mode = "own numbers" if any(not lacks for lacks in self.missing.values()) else "benchmark"
        self.benchmark = Fraction(sum(a.BENCHMARK.values())) if self.mode == "benchmark" else None

    def rate(self, mechanism: a.Mechanism, index: int) -> float:
        """How often one event goes wrong in this way."""
        measured = _MEASURED.get(mechanism)
        if measured is not None and measured in self.stated:
            return float(self.stated[measured])
        return a.MECHANISMS[mechanism][index]

    def frequency(self, event: str) -> a.Spread:
        """Times per 1,000 orders that an event happens."""
        declared = self.events.get(event)
        if declared is not None and declared.per_1000_orders is not None:
            return _known(declared.per_1000_orders)
        key = PER_1000_ORDERS.get(event)
        if key is not None and key in self.stated:
            return _known(self.stated[key])
        return a.EVENTS_PER_1000_ORDERS.get(event, a.OTHER_EVENT)

    def sale_every(self, index: int) -> float:
        """Days between two sales of an item in a place."""
        return self._spread("days_between_sales", a.SALE_EVERY_DAYS, index)

    def _spread(self, key: str, spread: a.Spread, index: int) -> float:
        return float(self.stated[key]) if key in self.stated else spread[index]

    def ceiling(self, index: int) -> tuple[float, float, float, float]:
        """Currency per 1,000 orders that each category comes to if everything goes wrong."""
        if self.mode == "benchmark":
            part = 1 - a.UNEXPLAINED[index]
            picks, stockouts, forecasting, manual = (amount * part for amount in a.BENCHMARK.values())
            return picks, stockouts, forecasting, manual
        low_stock = 1000 * self._spread("low_stock_share", a.LOW_STOCK, index)
        stated = {key: float(value) for key, value in self.stated.items()}
        lost = 1 - self._spread("recapture", a.RECAPTURE, index)
        picks = 0.0 if self.missing["pick_failures"] else low_stock * stated["cost_per_pick_failure"]
        earned = 0.0 if self.missing["stockouts"] else stated["average_order_value"] * stated["margin"]
        work = 0.0 if self.missing["manual_work"] else stated["minutes_per_exception"] / 60 * stated["hourly_rate"]
        return picks, low_stock * earned * lost, 0.0, 1000 * work

    def told(
        self, mechanisms: AbstractSet[a.Mechanism], events: Iterable[str], *, passing: bool
    ) -> tuple[Assumption, ...]:
        """Every figure that was used, the stated ones first; `passing`: some counts are wrong for a while only."""
        stated = [
            Assumption(VOLUME_KEYS[key].says, f"{_plain(value)} ({VOLUME_KEYS[key].unit})", "the file's `volume`")
            for key, value in self.stated.items()
        ]
        return (*stated, *self._about_the_whole(), *self._about_gaps(mechanisms, events, passing=passing))

    def _about_the_whole(self) -> Iterator[Assumption]:
        """What is assumed whatever the gaps are."""
        if self.mode == "benchmark":
            yield Assumption("cost of counts that disagree", "$11,500 per 1,000 orders", a.BENCHMARK_SOURCE)
            yield Assumption(
                "part of it that handoffs are not billed for",
                _spread_text(a.UNEXPLAINED, percent=True),
                "assumption; low end after IHL (2015): systems that do not share data are a fifth of the whole",
            )
            yield Assumption(
                "wrong counts met per 1,000 orders that explain half of the rest",
                "20",
                "the article's 2 % pick failures",
            )
            return
        if "low_stock_share" not in self.stated:
            yield Assumption(VOLUME_KEYS["low_stock_share"].says, _spread_text(a.LOW_STOCK, percent=True), "assumption")
        if "recapture" not in self.stated and not self.missing["stockouts"]:
            yield Assumption(VOLUME_KEYS["recapture"].says, _spread_text(a.RECAPTURE, percent=True), "assumption")

    def _about_gaps(
        self, mechanisms: AbstractSet[a.Mechanism], events: Iterable[str], *, passing: bool
    ) -> Iterator[Assumption]:
        """What is assumed of the ways in which things go wrong, and of how often they happen."""
        for mechanism, says in _WAYS.items():
            if mechanism in mechanisms and _MEASURED.get(mechanism, "") not in self.stated:
                yield Assumption(says, _spread_text(a.MECHANISMS[mechanism], percent=True), "assumption")
        if passing and "days_between_sales" not in self.stated:
            yield Assumption(VOLUME_KEYS["days_between_sales"].says, _spread_text(a.SALE_EVERY_DAYS), "assumption")
        for event in sorted(events):
            declared = self.events.get(event)
            if declared is not None and declared.per_1000_orders is not None:
                continue
            if PER_1000_ORDERS.get(event) in self.stated or event == "order_captured":
                continue
            returned = event.startswith("return")
            source = "assumption, after 17 % of retail revenue returned (2023)" if returned else "assumption"
            spread = a.EVENTS_PER_1000_ORDERS.get(event, a.OTHER_EVENT)
            yield Assumption(f"{event} per 1,000 orders", _spread_text(spread), source)


_MEASURED: Final[Mapping[a.Mechanism, str]] = MappingProxyType({"repeat": "duplicate_rate", "loss": "loss_rate"})
"""Way of going wrong -> the key of `volume` that states how often it was measured."""

_WAYS: Final[Mapping[a.Mechanism, str]] = MappingProxyType(
    {
        "repeat": "messages that arrive a second time",
        "loss": "messages that never arrive",
        "race": "writes that cross each other",
        "partly": "items or cases that a partial mapping concerns",
    }
)


def _known(figure: Fraction) -> a.Spread:
    """A figure that somebody stated, with no ends to it."""
    exact = float(figure)
    return a.Spread(exact, exact, exact)


def _missing(stated: Mapping[str, Fraction]) -> dict[str, tuple[str, ...]]:
    """Category -> the keys of `volume` that its own-numbers formula lacks (forecasting has none at all)."""
    needs = {
        "pick_failures": ("cost_per_pick_failure",),
        "stockouts": ("average_order_value", "margin"),
        "forecasting": ("no defensible formula",),
        "manual_work": ("hourly_rate", "minutes_per_exception"),
    }
    return {key: tuple(need for need in keys if need not in stated) for key, keys in needs.items()}


def _spread_text(spread: a.Spread, *, percent: bool = False) -> str:
    """`0.05 to 0.5 %, most likely 0.2 %`."""
    low, high = min(spread), max(spread)
    factor, unit = (100, " %") if percent else (1, "")
    if low == high:
        return f"{low * factor:g}{unit}"
    return f"{low * factor:g} to {high * factor:g}{unit}, most likely {spread.mode * factor:g}{unit}"


def _plain(value: Fraction) -> str:
    return f"{float(value):,.10g}" if value.denominator != 1 else f"{value.numerator:,}"
