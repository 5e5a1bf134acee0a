"""One joint cost parted into shares: exact where it can be, and always to the cent."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EXACT_SPLIT", "split_joint", "to_the_cent"]

EXACT_SPLIT: Final = 8
"""Findings on one cell up to which the joint cost is split by Shapley's value; beyond, by intensity."""


@lru_cache(maxsize=4096)
def split_joint(intensities: tuple[float, ...]) -> tuple[float, ...]:
    """The joint intensity `1 - product(1 - e)` of one cell, split over its findings.

    Shapley's value of this joint cost is the integral over t from 0 to 1 of `e_i * product over the others
    (1 - t e_j)`: exact, and without walking the subsets. Above eight findings the joint intensity is split
    in proportion.
    """
    if len(intensities) == 1:
        return intensities
    if len(intensities) > EXACT_SPLIT:
        spared = 1.0
        for e in intensities:
            spared *= 1 - e
        whole = sum(intensities)
        return tuple(e / whole * (1 - spared) if whole else 0.0 for e in intensities)
    return tuple(
        e * _integral(intensities[:position] + intensities[position + 1 :]) for position, e in enumerate(intensities)
    )


def _integral(others: tuple[float, ...]) -> float:
    """The integral of `product(1 - t e)` over t from 0 to 1."""
    coefficients = [1.0]
    for e in others:
        shifted = [0.0, *(-e * each for each in coefficients)]
        coefficients = [low + high for low, high in zip([*coefficients, 0.0], shifted, strict=True)]
    return sum(each / (power + 1) for power, each in enumerate(coefficients))


def to_the_cent(total: int, parts: Sequence[float]) -> list[int]:
    """`total` cents shared out in proportion to `parts`; the largest remainders get what rounding leaves.

    Of equal remainders the first get it. Linear where few parts differ, as in a large map.
    """
    whole = sum(parts)
    if not whole:
        return [0] * len(parts)
    exact = {part: total * part / whole for part in set(parts)}
    floors = {part: int(value) for part, value in exact.items()}
    cents = [floors[part] for part in parts]
    short: dict[float, list[int]] = defaultdict(list)
    for place, part in enumerate(parts):
        short[floors[part] - exact[part]].append(place)
    by_remainder = chain.from_iterable(short[lack] for lack in sorted(short))
    for place in islice(by_remainder, max(0, total - sum(cents))):
        cents[place] += 1
    return cents
