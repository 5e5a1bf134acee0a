"""How long a **buffer** lasts: the chance that more is sold elsewhere than it holds back, before the count knows.

A channel that shows less than there is can be late without overselling, as long as no more than that is sold behind
its back while it waits: P(X > buffer) for X ~ Poisson(rate * window). It makes an oversell rarer and never impossible;
only one that decides makes it so (theorem T-D).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from handoffmap.priorities.estimate import Assumption
from handoffmap.priorities.poisson import LARGEST, more_than
from handoffmap.reading.volume import VOLUME_KEYS, fits

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from handoffmap.finding import CellVerdict
    from handoffmap.model import Cell, Topology
    from handoffmap.vocabulary import Seconds

__all__ = ["FORMULA", "BufferRisk", "buffer_risks"]

FORMULA: Final = "P(X > buffer), X ~ Poisson(sales a day * days of the window)"
_RATE: Final = "days_between_sales"
_DAY: Final = 86_400


class BufferRisk(NamedTuple):
    """One count that is meant to hold pieces back."""

    cell: Cell
    buffer: Fraction
    window: Seconds | None
    """Seconds for which it may not know what is sold elsewhere; None where that is not known."""
    expected: float | None
    """Sales within the window."""
    probability: float | None
    """Of more of them than the buffer holds, 0 to 1; None: an input is missing."""
    missing: tuple[str, ...]
    """Why it could not be worked out: the inputs that it would take."""
    inputs: tuple[Assumption, ...]
    """What went into it, each with its source."""


def buffer_risks(topology: Topology, verdicts: Iterable[CellVerdict]) -> tuple[BufferRisk, ...]:
    """The risk of every declared buffer above 0, in the order of the cells."""
    found = []
    for verdict in sorted(verdicts, key=lambda one: one.cell):
        system = topology.systems.get(verdict.cell.system)
        holding = None if system is None else system.holds.get(verdict.cell.quantity)
        if holding is not None and holding.buffer is not None and holding.buffer > 0:
            found.append(_risk(topology, verdict, holding.buffer))
    return tuple(found)


def _risk(topology: Topology, verdict: CellVerdict, buffer: Fraction) -> BufferRisk:
    between = topology.volume.get(_RATE)
    missing = []
    if between is None or not fits(_RATE, between) or between == 0:
        missing.append(f"missing: `{_RATE}` under `volume` ({VOLUME_KEYS[_RATE].says})")
    wanting = _no_window(verdict)
    if wanting:
        missing.append(wanting)
    if missing or between is None or verdict.window is None:
        return BufferRisk(verdict.cell, buffer, verdict.window, None, None, tuple(missing), ())
    expected = float(verdict.window) / _DAY / float(between)
    if max(expected, float(buffer)) > LARGEST:
        return BufferRisk(
            verdict.cell, buffer, verdict.window, None, None, ("the figures are beyond any stock of one item",), ()
        )
    inputs = (
        Assumption("pieces held back", _plain(buffer), f"`buffer` of {verdict.cell}"),
        Assumption(VOLUME_KEYS[_RATE].says, f"{_plain(between)} (days)", "the file's `volume`"),
        Assumption(
            "time for which the count may be behind",
            f"{_plain(float(verdict.window) / _DAY)} (days)",
            "the map's latencies and intervals",
        ),
        Assumption("sales that the count does not know of", "all of them, one piece each, independent", "assumption"),
    )
    chance = more_than(float(buffer), expected)
    return BufferRisk(verdict.cell, buffer, verdict.window, expected, chance, (), inputs)


def _no_window(verdict: CellVerdict) -> str:
    """Why there is no time for which the count may be behind; empty where there is one."""
    if verdict.verdict == "undetermined":
        return "missing: the answers to the open questions about the count"
    if verdict.drift in {"permanent", "divergent"}:
        return "the count drifts for good, and no buffer lasts that long"
    if verdict.window is None:
        return "missing: how late it may be (`latency` or the interval of a path into it)"
    return ""


def _plain(number: Fraction | float) -> str:
    value = float(number)
    return f"{int(value):,}" if value == int(value) else f"{value:,.4g}"
