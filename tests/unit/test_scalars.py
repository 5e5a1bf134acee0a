"""What was written as a name stays one; numbers, truth values and durations are what they look like."""

from __future__ import annotations

from fractions import Fraction

import pytest

from handoffmap.text.node import Scalar
from handoffmap.text.scalars import boolean, duration, fraction, integer, is_empty, is_null, kind, number, value


def plain(text: str) -> Scalar:
    return Scalar(0, text, plain=True)


@pytest.mark.parametrize(
    "text",
    ["0017", "12:30:45", "1_000", "2026-04-01", "1e3", "0x1F", "0o17", "0777", "1.",
     ".inf", ".nan", "+", "-", "1,000",
     "١", "on", "off", "yes", "no", "Yes", "y", "n", "tRUE", "none", "nil", "NuLL", "9" * 40],
)  # fmt: skip
def test_stays_what_was_written(text: str) -> None:
    assert kind(plain(text)) == "str"
    assert value(plain(text)) == text


@pytest.mark.parametrize(
    ("text", "kind_", "expected"),
    [
        ("0", "int", 0),
        ("-12", "int", -12),
        ("+5", "int", 5),
        ("0.5", "float", 0.5),
        (".5", "float", 0.5),
        ("-1.5e3", "float", -1500.0),
        ("true", "bool", True),
        ("FALSE", "bool", False),
        ("null", "null", None),
        ("~", "null", None),
        ("", "empty", None),
    ],
)
def test_means(text: str, kind_: str, expected: object) -> None:
    assert kind(plain(text)) == kind_
    assert value(plain(text)) == expected
    assert type(value(plain(text))) is type(expected)


@pytest.mark.parametrize("text", ["", "null", "~", "true", "12", "0.5"])
def test_quotes_make_a_text(text: str) -> None:
    node = Scalar(0, text, plain=False)
    assert kind(node) == "str"
    assert value(node) == text
    assert boolean(node) is integer(node) is number(node) is None


def test_an_empty_value_is_not_an_explicit_null() -> None:
    assert (is_empty(plain("")), is_null(plain(""))) == (True, False)
    assert (is_empty(plain("~")), is_null(plain("~"))) == (False, True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("0s", 0),
        ("30s", 30),
        ("15m", 900),
        ("24h", 86_400),
        ("14d", 1_209_600),
        ("2w", 1_209_600),
        ("1.5h", 5_400),
        ("500ms", Fraction(1, 2)),
        ("1h30m", 5_400),
        ("1d12h", 129_600),
        ("0.1s", Fraction(1, 10)),
    ],
)
def test_a_duration_is_exact_seconds(text: str, seconds: int | Fraction) -> None:
    assert duration(text) == seconds
    assert type(duration(text)) is type(seconds)


@pytest.mark.parametrize(
    "text", ["", "5", "5min", "1H", "30m1h", "1h1h", "-1h", "1 h", " 1h", "1h\n", ".5h", "h", "forever", "٣s"]
)
def test_is_no_duration(text: str) -> None:
    assert duration(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", Fraction(12)),
        ("1/12", Fraction(1, 12)),
        ("0.5", Fraction(1, 2)),
        (".25", Fraction(1, 4)),
        ("-2 / 3", Fraction(-2, 3)),
    ],
)
def test_a_factor_is_exact(text: str, expected: Fraction) -> None:
    assert fraction(text) == expected


@pytest.mark.parametrize("text", ["", "1/0", "1/", "1e9", "012", "1/2/3", "per_item", "9" * 5000])
def test_is_no_factor(text: str) -> None:
    assert fraction(text) is None
