from __future__ import annotations

from fractions import Fraction

import pytest

from handoffmap.telling.duration import say_duration


@pytest.mark.parametrize(
    "seconds, expected",
    [
        (0, "0 s"),
        (30, "30 s"),
        (90, "1 min 30 s"),
        (3600, "1 h"),
        (86_400, "24 h"),
        (86_400 * 2, "2 d"),
        (86_400 * 14 + 3600, "14 d 1 h"),
        (Fraction(1, 2), "500 ms"),
        (Fraction(5, 2), "2.5 s"),
        (86_430, "24 h 30 s"),
    ],
)
def test_a_span_is_told_in_the_largest_units(seconds: Fraction | int, expected: str) -> None:
    assert say_duration(seconds) == expected
