"""The predicates of rules written as data: which systems, paths, events or controls are meant.

    when:
      trigger: [webhook, queue]          # any of them
      from.kind: pos                     # of the system at the other end
      latency: {at_least: 5m}
      dead_letter: {stated: true}
      any: [{guard: none}, {order: none}]

Three-valued, as facts are: what hangs on a fact that nobody has stated is neither true nor false.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.text.scalars import boolean, duration, fraction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from handoffmap.model import Topology
    from handoffmap.text.node import Scalar

__all__ = ["ABOUT", "OPERATORS", "Condition", "fact_of", "holds"]

ABOUT = {"systems": "system", "write_paths": "path", "events": "event", "controls": "control"}
"""What a rule may be about: a section of the file, and the table of its keys."""

Told = bool | None
"""Whether a condition holds; None: it hangs on what nobody has stated."""


class Condition(NamedTuple):
    """One line of a predicate: a fact, an operator, and what the fact is held against."""

    fact: tuple[str, ...]
    """The names on the way to the fact, as the file writes them (`dedupe`, `retention`); empty for a group."""
    operator: str
    against: tuple[Scalar, ...] = ()
    group: tuple[tuple[Condition, ...], ...] = ()
    """For `any`, `all` and `not`: lists of conditions, all of which a list asks for."""


class _Absent:
    """A fact of what the file says is not there (`dead_letter: none`): like nothing, and known."""


_ABSENT = _Absent()


def holds(conditions: Iterable[Condition], thing: Any, topology: Topology) -> Told:
    """Whether all conditions hold of a thing."""
    return _all(_one(condition, thing, topology) for condition in conditions)


def _one(condition: Condition, thing: Any, topology: Topology) -> Told:
    if condition.group:
        told = [holds(each, thing, topology) for each in condition.group]
        if condition.operator == "any":
            return _not(_all(map(_not, told)))
        whole = _all(told)
        return _not(whole) if condition.operator == "not" else whole
    value = fact_of(thing, condition.fact, topology)
    if condition.operator == "stated":
        return (value is not None) == (boolean(condition.against[0]) is not False)
    if value is None:
        return None
    return OPERATORS[condition.operator][1](value, condition.against)


def _all(told: Iterable[Told]) -> Told:
    found: Told = True
    for each in told:
        if each is False:
            return False
        if each is None:
            found = None
    return found


def _not(told: Told) -> Told:
    return None if told is None else not told


def fact_of(thing: Any, names: tuple[str, ...], topology: Topology) -> Any:
    """The value of a fact; None: nobody has stated it. `from` and `to` lead on to the systems at the ends."""
    value = thing
    for name in names:
        if isinstance(value, str) and value in topology.systems and value != "none":
            value = topology.systems[value]
        if value is None:
            return None
        if isinstance(value, str):  # `none`, and nothing below it
            return _ABSENT
        if hasattr(value, "keys"):
            value = value.get(name, _ABSENT)
            continue
        value = getattr(value, _ATTRIBUTES.get(name, name), None)
    return value


_ATTRIBUTES = {"from": "source", "to": "target", "except": "except_", "kind": "kinds", "at": "origins"}
"""Keys of the file that the model calls by another name."""


def _equal(value: Any, wanted: Scalar) -> bool:
    """Whether a fact is what is written; of a list, whether it holds it."""
    if isinstance(value, _Absent):
        return wanted.text == "none"
    if isinstance(value, bool):
        return boolean(wanted) is value
    if isinstance(value, (int, Fraction)):
        return _number(wanted) == value
    if isinstance(value, str):
        return value == wanted.text
    if hasattr(value, "keys"):
        return wanted.text in value
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return any(_equal(each, wanted) for each in value)
    return str(getattr(value, "id", getattr(value, "system", value))) == wanted.text


def _number(wanted: Scalar) -> Fraction | None:
    found = fraction(wanted.text)
    if found is None:
        seconds = duration(wanted.text)
        return None if seconds is None else Fraction(seconds)
    return found


def _compared(value: Any, wanted: Scalar, test: Callable[[Fraction, Fraction], bool]) -> Told:
    bound = _number(wanted)
    if bound is None or isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        return False  # a word such as `forever` is no number
    return test(Fraction(value), bound)


def _matches(value: Any, patterns: tuple[Scalar, ...]) -> bool:
    texts = value if isinstance(value, tuple) and not hasattr(value, "_fields") else (value,)
    return any(fnmatchcase(str(text), pattern.text) for text in texts for pattern in patterns)


OPERATORS: Mapping[str, tuple[str, Callable[[Any, tuple[Scalar, ...]], Told]]] = {
    "is": ("the fact is this, or holds it", lambda value, against: any(_equal(value, each) for each in against)),
    "is_not": ("it is none of these", lambda value, against: not any(_equal(value, each) for each in against)),
    "matches": ("its text meets a pattern with `*` and `?`", _matches),
    "at_least": (
        "a number or duration, this or more",
        lambda value, against: _compared(value, against[0], lambda one, bound: one >= bound),
    ),
    "at_most": (
        "a number or duration, this or less",
        lambda value, against: _compared(value, against[0], lambda one, bound: one <= bound),
    ),
    "stated": ("whether the file says anything of it", lambda _value, _against: None),
}
"""Operator -> what it asks, and the test for a value that is known."""
