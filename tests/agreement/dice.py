"""Choices drawn from nothing but `random()`, so that a seed gives the same map on every Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

__all__ = ["Dice"]

T = TypeVar("T")


class Dice:
    """A stream of choices."""

    def __init__(self, stream: random.Random) -> None:
        self._draw = stream.random

    def chance(self, odds: float) -> bool:
        """True in this share of all cases."""
        return self._draw() < odds

    def one(self, choices: Sequence[T]) -> T:
        """One of the choices, each as likely as the others."""
        return choices[int(self._draw() * len(choices))]

    def weighed(self, choices: Sequence[tuple[float, T]]) -> T:
        """One of the choices, by weight."""
        left = self._draw() * sum(weight for weight, _ in choices)
        for weight, choice in choices:
            left -= weight
            if left < 0:
                return choice
        return choices[-1][1]

    def some(self, choices: Sequence[T], most: int) -> list[T]:
        """One to `most` different choices, in their order."""
        wanted = 1 + int(self._draw() * most)
        pool = list(range(len(choices)))
        chosen = []
        while pool and len(chosen) < wanted:
            chosen.append(pool.pop(int(self._draw() * len(pool))))
        return [choices[index] for index in sorted(chosen)]

    def number(self, most: int) -> int:
        """0 to `most`."""
        return int(self._draw() * (most + 1))
