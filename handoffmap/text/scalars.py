"""What a scalar means: YAML 1.2's core rules, narrowed so that what was written as a name stays one.

`0017`, `12:30:45`, `1_000`, `2026-04-01`, `1e3`, `0x1F`, `on` and `no` are texts; quotes always make a text.
Nothing here is decided while reading: whoever wants a number or a truth value asks for it, and whoever wants
a name takes the text.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from handoffmap.text.node import Scalar

__all__ = [
    "Kind",
    "boolean",
    "duration",
    "fraction",
    "integer",
    "is_empty",
    "is_null",
    "kind",
    "number",
    "value",
]

Kind = Literal["empty", "null", "bool", "int", "float", "str"]

_NULLS = frozenset({"~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

# Numbers with more digits than any quantity has stay texts: conversions are quick whatever the file says.
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,29})")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,29})?\.[0-9]{1,30}(?:[eE][-+]?[0-9]{1,2})?")
_FRACTION = re.compile(r"([-+]?(?:0|[1-9][0-9]{0,29}))\s*/\s*([1-9][0-9]{0,29})")

_UNITS = {
    "w": Fraction(7 * 86_400),
    "d": Fraction(86_400),
    "h": Fraction(3_600),
    "m": Fraction(60),
    "s": Fraction(1),
    "ms": Fraction(1, 1_000),
}
_PART = r"(?:([0-9]{{1,18}}(?:\.[0-9]{{1,18}})?){})?"
_DURATION = re.compile("".join(_PART.format(unit) for unit in _UNITS))  # each unit once, the larger first


def is_empty(node: Scalar) -> bool:
    """Whether nothing stands behind the key: the fact is unknown, which is not an explicit null."""
    return node.plain and not node.text


def is_null(node: Scalar) -> bool:
    """Whether the value is an explicit `null` or `~`; an empty one is not."""
    return node.plain and node.text in _NULLS


def boolean(node: Scalar) -> bool | None:
    """`true` or `false` as a truth value, None for anything else (`yes`, `no`, `on` and `off` are words)."""
    return _BOOLEANS.get(node.text) if node.plain else None


def integer(node: Scalar) -> int | None:
    """Give a whole decimal number, None for anything else; a leading zero makes a name (`0017`)."""
    return int(node.text) if node.plain and _INTEGER.fullmatch(node.text) else None


def number(node: Scalar) -> int | float | None:
    """Give a whole or decimal number, None for anything else; `1e3` has no decimal point and is a name."""
    whole = integer(node)
    if whole is not None or not node.plain:
        return whole
    return float(node.text) if _DECIMAL.fullmatch(node.text) else None


def kind(node: Scalar) -> Kind:
    """What the scalar looks like, for messages about a value of the wrong type."""
    if is_empty(node):
        return "empty"
    if is_null(node):
        return "null"
    if boolean(node) is not None:
        return "bool"
    found = number(node)
    if found is None:
        return "str"
    return "int" if isinstance(found, int) else "float"


def value(node: Scalar) -> str | int | float | bool | None:
    """Give the Python value that the scalar looks like; empty and null are both None (see `is_empty`)."""
    if is_empty(node) or is_null(node):
        return None
    truth = boolean(node)
    if truth is not None:
        return truth
    found = number(node)
    return node.text if found is None else found


def fraction(text: str) -> Fraction | None:
    """Give the exact number that a text states (`12`, `0.5`, `1/12`); None for anything else."""
    ratio = _FRACTION.fullmatch(text)
    if ratio is not None:
        return Fraction(int(ratio[1]), int(ratio[2]))
    if _INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text):
        return Fraction(text)
    return None


def duration(text: str) -> int | Fraction | None:
    """Seconds in a duration such as `30s`, `15m`, `1.5h`, `14d`, `2w`, `500ms`, `1h30m` or a plain `0`.

    The units go from large to small, each once, without spaces. Anything else gives None. Whole seconds come
    as an int.
    """
    if text == "0":
        return 0
    parts = _DURATION.fullmatch(text)
    if parts is None or not text:
        return None
    seconds = sum(
        (Fraction(amount) * unit for amount, unit in zip(parts.groups(), _UNITS.values(), strict=True) if amount),
        Fraction(0),
    )
    return int(seconds) if seconds.denominator == 1 else seconds
