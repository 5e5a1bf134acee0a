"""Poisson's tail: known values, small and large, and what must hold of any."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffmap.priorities.poisson import LARGEST, more_than


def exactly(count: int, mean: Fraction) -> float:
    """The same by its definition, the sum in exact fractions; e^-mean as the only rounded number."""
    below = sum((mean**i / math.factorial(i) for i in range(count + 1)), start=Fraction(0))
    return 1 - float(below) * math.exp(-float(mean))


@pytest.mark.parametrize(
    ("count", "mean", "probability"),
    [
        (0, 1.0, 0.632120558828558),  # 1 - 1/e
        (2, 2.0, 0.323323583816937),  # two an hour, one hour, a buffer of two: about 32 %
        (5, 2.0, 0.016563608480614),  # a buffer of five: about 1.7 %
        (10, 10.0, 0.416960249807015),
        (100, 10.0, 5.35709197e-65),
        (0, 1e-12, 1e-12),
        (0, 50.0, 1.0),
        (900, 1000.0, 0.9993022327),  # by sixty decimal digits
    ],
)
def test_known_values(count: int, mean: float, probability: float) -> None:
    assert more_than(count, mean) == pytest.approx(probability, rel=1e-5)


@given(st.integers(0, 60), st.fractions(Fraction(1, 100), 30, max_denominator=100))
def test_it_is_the_sum_of_its_definition(count: int, mean: Fraction) -> None:
    assert more_than(count, float(mean)) == pytest.approx(exactly(count, mean), abs=1e-12)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e5))
def test_a_larger_buffer_lasts_longer_and_a_faster_sale_shorter(count: float, more: float, mean: float) -> None:
    here = more_than(count, mean)
    assert 0 <= more_than(count + more, mean) <= here <= 1
    assert more_than(count, mean + more) >= here * (1 - 1e-9)


def test_ends() -> None:
    assert more_than(0, 0) == 0
    assert more_than(-1, 0) == 1
    assert more_than(2.5, 3.0) == more_than(2, 3.0)
    assert more_than(LARGEST, LARGEST) == pytest.approx(0.5, abs=1e-4)
    assert more_than(LARGEST, 1.0) == 0


@pytest.mark.parametrize(("count", "mean"), [(1, -1.0), (1, math.nan), (math.nan, 1.0), (1e10, 1.0), (1, math.inf)])
def test_what_is_no_figure_is_refused(count: float, mean: float) -> None:
    with pytest.raises(ValueError, match="thousand million"):
        more_than(count, mean)
