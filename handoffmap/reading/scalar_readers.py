"""What one scalar may be → the function that reads it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from handoffmap.model import Cell
from handoffmap.reading.formula import parse_formula
from handoffmap.reading.session import says_nothing
from handoffmap.reading.shape import UNKNOWN
from handoffmap.text.node import Scalar
from handoffmap.text.scalars import boolean, duration, fraction

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from handoffmap.reading.session import Reading
    from handoffmap.reading.shape import Kind, Value
    from handoffmap.text.node import Node

__all__ = ["ID_LETTERS", "Reader", "is_id", "scalar_reader"]

Reader: TypeAlias = "Callable[[Reading, Node], Any]"
"""Takes a reading and a node; gives the value, or None where it is unknown, or wrong and noted."""


NULLS = ("~", "null", "Null", "NULL")


# Compiled when a file first needs them (`re` keeps them): start-up does not pay for dates.
_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_DATE = _DAY + r"(?:[T ][0-9:.]+(?:Z|[-+][0-9]{2}:?[0-9]{2})?)?"
_WHOLE = r"[-+]?(?:0|[1-9][0-9]{0,17})"

ID_LETTERS = "letters, digits, _ and - only"


def is_id(text: str) -> bool:
    """Whether a text can be the name of a system, event, path or control."""
    return text.replace("-", "a").replace("_", "a").isalnum()


@lru_cache(maxsize=512)
def _number(text: str) -> Fraction | None:
    found = None if "/" in text else fraction(text)
    return found if found is not None and found >= 0 else None


@lru_cache(maxsize=512)
def _count(text: str) -> int | None:
    return int(text) if re.fullmatch(_WHOLE, text) and not text.startswith("-") else None


@lru_cache(maxsize=512)
@lru_cache(maxsize=512)
def _factor(text: str) -> Fraction | None:
    found = fraction(text)
    return found if found is not None and found > 0 else None


@lru_cache(maxsize=4096)
def _cell(text: str) -> Cell | None:
    system, _, quantity = text.partition(".")
    return Cell(system, quantity) if is_id(system) and is_id(quantity) else None


def _effect(text: str) -> int | None:
    return int(text) if re.fullmatch(_WHOLE, text) else None


def _identifier(text: str) -> str | None:
    return text if is_id(text) else None


def _date(text: str) -> str | None:
    return text if re.fullmatch(_DATE, text) else None


def _day(text: str) -> str | None:
    return text if re.fullmatch(_DAY, text) else None


_PLAIN_ONLY = frozenset({"number", "count", "effect"})
"""Kinds that quotes make a text of."""


_CONVERT: dict[str, Callable[[str], Any]] = {
    "id": _identifier,
    "cell": _cell,
    "number": _number,
    "count": _count,
    "duration": lru_cache(maxsize=512)(duration),
    "factor": _factor,
    "formula": parse_formula,
    "date": _date,
    "day": _day,
    "effect": _effect,
}


def scalar_reader(label: str, value: Value, kind: Kind) -> Reader:
    """The reader of a single value. Any other form is told to be wrong for `value`."""
    if kind.name == "flag":
        return _flag_reader(label, value, kind)
    known: dict[str, Any] = {word: word for word in kind.words}
    if not kind.literal:
        known[UNKNOWN] = None
    if kind.name == "word":
        return _word_reader(label, value, kind, known)
    if kind.name in {"text", "name", "quantity"}:
        return _text_reader(label, value, known)
    return _number_reader(label, value, kind, known)


def _word_reader(label: str, value: Value, kind: Kind, known: dict[str, Any]) -> Reader:
    def read(reading: Reading, node: Node) -> Any:
        if node.__class__ is not Scalar:
            return reading.wrong_form(node, label, value)
        text = node.text
        if text in known:
            return known[text]
        return None if says_nothing(node) else reading.wrong_scalar(node, label, kind, value)

    return read


def _flag_reader(label: str, value: Value, kind: Kind) -> Reader:
    def read(reading: Reading, node: Node) -> Any:
        if not isinstance(node, Scalar):
            return reading.wrong_form(node, label, value)
        truth = boolean(node)
        if truth is None and node.text != UNKNOWN and not says_nothing(node):
            reading.wrong_scalar(node, label, kind, value)
        return truth

    return read


def _text_reader(label: str, value: Value, known: dict[str, Any]) -> Reader:
    special = frozenset({*known, "", *NULLS})

    def read(reading: Reading, node: Node) -> Any:
        if node.__class__ is not Scalar:
            return reading.wrong_form(node, label, value)
        text = node.text
        if text not in special:
            return text
        return known[text] if text in known else None if says_nothing(node) else text

    return read


def _number_reader(label: str, value: Value, kind: Kind, known: dict[str, Any]) -> Reader:
    """For everything that is worked out from its text: numbers, durations, cells, formulas, dates, ids."""
    convert = _CONVERT[kind.name]
    plain_only = kind.name in _PLAIN_ONLY

    def read(reading: Reading, node: Node) -> Any:
        if node.__class__ is not Scalar:
            return reading.wrong_form(node, label, value)
        text = node.text
        if text in known:
            return known[text]
        found = convert(text) if node.plain or not plain_only else None
        if found is None and not says_nothing(node):
            reading.wrong_scalar(node, label, kind, value)
        return found

    return read
