"""The plain words of report and pictures, for somebody who pays for it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from handoffmap.telling.duration import say_duration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from handoffmap.finding import CellVerdict
    from handoffmap.priorities.estimate import Costs, Range, Share

__all__ = [
    "ARRIVALS", "CLASSES", "KINDS", "PREMISES", "STANDINGS", "VERDICTS", "count", "money", "money_range",
    "percent", "verdict_text",
]  # fmt: skip

CLASSES: Final[Mapping[str | None, str]] = MappingProxyType(
    {
        "divergent": "drifts further each time",
        "permanent": "stays wrong",
        "transient": "wrong for a while",
        None: "no count is wrong by it",
    }
)
"""Class of drift -> what it means for the count."""

VERDICTS: Final[Mapping[str, str]] = MappingProxyType(
    {"converges": "must agree", "drifts": "can drift", "undetermined": "cannot be told yet"}
)

ARRIVALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "once": "arrives exactly once",
        "state": "arrives as part of the whole count",
        "repeated": "can arrive more than once",
        "dropped": "is dropped on the way",
        "never": "never arrives",
        "unknown": "cannot be told yet",
    }
)
"""How an event reaches a count, the good ones first."""

STANDINGS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "error": ("✖", "breaks a count that matters"),
        "warning": ("▲", "can make a count wrong, or leaves it unchecked"),
        "question": ("?", "depends on an answer"),
        "waived": ("◇", "waived: a gap that is lived with"),
        "fine": ("", "nothing found"),
        "off": ("○", "switched off"),
    }
)
"""Standing of a handoff -> its mark and what it says."""

PREMISES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "TA0": "both start alike",
        "TA1": "each event takes exactly one way",
        "TA2": "the amount arrives unaltered",
        "TA3": "nothing is lost",
        "TA4": "nothing counts twice",
        "TA5": "amounts are only added",
        "TA6": "nobody else writes",
        "TA7": "what is undone is undone here too",
        "TA8": "nothing is refused",
        "TB0": "the source is right",
        "TB1": "one source",
        "TB2": "the older never replaces the newer",
        "TB3": "every change is sent",
        "TB4": "nothing happens here that the source misses",
        "TB5": "the count arrives unaltered",
        "TB6": "every item, zeros included",
        "TC": "compared with a record that is right",
        "TD": "one system alone promises stock",
    }
)
"""Premise -> what it demands. TA: changes are sent, TB: whole counts are sent, TC: counts are compared."""

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pos": "point of sale",
        "oms": "order management",
        "erp": "ERP",
        "wms": "warehouse system",
        "3pl": "logistics provider",
        "inventory_hub": "inventory hub",
        "edi_van": "EDI network",
        "returns_portal": "returns portal",
        "data_warehouse": "data warehouse",
        "pim": "product data",
        "human": "a person",
        "admin_ui": "admin screen",
    }
)
"""Kind of system -> its plain name, where the word itself is not one."""


def count(number: int, one: str, many: str = "") -> str:
    """`3 gaps`, `1 gap`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def money(amount: Fraction, costs: Costs) -> str:
    """An amount in two significant digits; a dollar sign only for the benchmark's dollars."""
    sign = "$" if costs.mode == "benchmark" else ""
    whole = float(amount)
    if whole < 1:
        return f"under {sign}1" if whole > 0 else f"{sign}0"
    step = 10 ** max(0, len(str(int(whole))) - 2)
    return f"{sign}{round(whole / step) * step:,}"


def money_range(amount: Range | Share, costs: Costs) -> str:
    """`$120 to $900`; one figure where both ends look the same."""
    low, high = money(amount.low, costs), money(amount.high, costs)
    return low if low == high else f"{low} to {high}"


def percent(part: Fraction) -> str:
    """A part of 1 in whole percent."""
    return f"{round(float(part) * 100)} %"


def verdict_text(verdict: CellVerdict) -> str:
    """What is known of a count, in a few words."""
    if verdict.verdict == "drifts":
        told = CLASSES[verdict.drift] if verdict.drift else VERDICTS["drifts"]
        if verdict.drift == "transient" and verdict.window is not None:
            return f"{told}: up to {say_duration(verdict.window)}"
        return told
    if verdict.verdict == "converges" and verdict.window:
        return f"{VERDICTS['converges']}, at most {say_duration(verdict.window)} behind"
    return VERDICTS[verdict.verdict]
