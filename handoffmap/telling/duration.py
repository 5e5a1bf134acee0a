"""Seconds in words: `90` -> `1 min 30 s`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["say_duration"]

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def say_duration(seconds: Fraction | int) -> str:
    """Give a span in the largest units that tell it whole, at most two of them; days begin at 48 hours."""
    if seconds == 0:
        return "0 s"
    if seconds < 1:
        return f"{float(seconds * 1000):g} ms"
    parts: list[str] = []
    rest = seconds
    for size, unit in _UNITS:
        if unit == "d" and seconds < 2 * size:
            continue
        count = int(rest // size)
        if count or (unit == "s" and rest):
            parts.append(f"{float(rest):g} s" if unit == "s" else f"{count} {unit}")
            rest -= rest if unit == "s" else count * size
    return " ".join(parts[:2])
