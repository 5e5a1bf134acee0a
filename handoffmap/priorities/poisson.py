"""How likely more than so many events are, where they happen independently at a steady rate: **Poisson's tail**.

P(X > k) = sum over i > k of m^i e^(-m) / i!, for a mean of m. Source of the distribution: S. D. Poisson, *Recherches
sur la probabilité des jugements* (1837), ch. III; the sum is taken term by term from the logarithm of its first term,
on the side of k that has the less of the probability, so that neither a power nor a factorial is ever formed and
nothing small is found as a difference of large numbers.
"""

from __future__ import annotations

from math import exp, floor, lgamma, log
from typing import Final

__all__ = ["LARGEST", "more_than"]

LARGEST: Final = 1e9
"""Of mean and count: beyond, the sum would take long, and no such figure is a stock of one item."""

_NEGLIGIBLE: Final = 1e-17
"""Part of the sum below which a further term changes no digit."""


def more_than(count: float, mean: float) -> float:
    """The probability, 0 to 1, of more than `count` events where `mean` are expected.

    A count that is no whole number is passed as soon as the next whole one is reached; any count below 0 always is.
    Raises `ValueError` for a mean below 0, and for figures that are not numbers or beyond `LARGEST`.
    """
    if not (0 <= mean <= LARGEST and count <= LARGEST):
        raise ValueError("a mean from 0 up and a count, neither beyond a thousand million")
    if count < 0:
        return 1.0
    if mean == 0:
        return 0.0
    at_most = floor(count)
    if at_most + 1 > mean:
        return min(1.0, _side(at_most + 1, mean, upward=True))
    return max(0.0, 1.0 - _side(at_most, mean, upward=False))


def _side(first: int, mean: float, *, upward: bool) -> float:
    """The probabilities of `first` and of all beyond it on its side, which is the one away from the mean."""
    scale = exp(first * log(mean) - mean - lgamma(first + 1))
    total = term = 1.0
    number = first
    while term > _NEGLIGIBLE * total and (upward or number > 0):
        if upward:
            number += 1
            term *= mean / number
        else:
            term *= number / mean
            number -= 1
        total += term
    return scale * total
