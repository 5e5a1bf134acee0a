"""Shape as data → **readers**: one function for each key, made once, that turns a node into a value.

A reader takes the `Reading` under way and a node and gives the value, or None where it is unknown or wrong; what is wrong
is noted in the reading. Nothing here raises on account of what the file says.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from handoffmap.formula import parse_formula
from handoffmap.model import Cell
from handoffmap.node import Items, Node, Scalar, Table
from handoffmap.problem import Problem
from handoffmap.scalars import boolean, duration, fraction, is_empty, is_null
from handoffmap.scalars import kind as yaml_kind
from handoffmap.shape import FORMAT_VERSION, TABLES, UNKNOWN, Key, Kind, Value
from handoffmap.suggest import Suggester

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from handoffmap.source import Location, Source

__all__ = ["Entry", "Makers", "Reader", "Reading", "TableReader", "empty", "explicit_null", "is_id", "reader_of", "shorten"]

NULLS = ("~", "null", "Null", "NULL")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_DATE = re.compile(_DAY.pattern + r"(?:[T ][\d:.]+(?:Z|[-+]\d{2}:?\d{2})?)?")
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_CELL = re.compile(r"([\w-]+)\.([\w-]+)")
_ID = re.compile(r"[\w-]+")

_SHOWN = 60  # characters of the file's own text that a message repeats


class Entry(NamedTuple):
    """A named entry of the file: a system, an event, a path, and where its name stands."""

    id: str
    node: Table
    start: int
    width: int
    called: str
    """What to call it in a sentence: `Write path x`."""


class Reading:
    """One file while it is being interpreted: where it comes from and what has been found wrong so far."""

    __slots__ = ("problems", "source", "suggest")

    def __init__(self, source: Source, suggest: Suggester | None = None) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.suggest = Suggester() if suggest is None else suggest

    def report(
        self,
        slug: str,
        message: str,
        location: Location,
        *,
        written: str | None = None,
        allowed: tuple[str, ...] = (),
        other: Location | None = None,
    ) -> None:
        """Note a problem; `written` is held against `allowed` for a suggestion."""
        suggestion = None if written is None or not allowed else self.suggest(written, allowed)
        self.problems.append(Problem(slug, message, location, allowed, suggestion, other))

    def at(self, node: Node) -> Location:
        """Where a value stands."""
        from handoffmap.span import locate  # noqa: PLC0415 - only a wrong file needs it

        return locate(self.source, node)

    def at_key(self, table: Table, key: str) -> Location:
        """Where a key stands."""
        from handoffmap.span import locate_key  # noqa: PLC0415 - only a wrong file needs it

        return locate_key(self.source, table, key)

    def at_start(self, start: int, width: int = 1) -> Location:
        """A stretch of one line from a packed place."""
        from handoffmap.span import place  # noqa: PLC0415 - only a wrong file needs it

        return place(self.source, start, width)

    def wrong_form(self, node: Node, label: str, value: Value) -> None:
        """Note that YAML's form is wrong: a list where a mapping is wanted, and the like."""
        message = _sentence(f"{label} must be {told_value(value)}, not {told_node(node)}")
        self.report("wrong-type", message, self.at(node))

    def wrong_scalar(self, node: Scalar, label: str, kind: Kind, value: Value) -> None:
        """Note that a single value is not of its kind, or not one of its words."""
        shown = shorten(node.text)
        allowed = ("true", "false") if kind.name == "flag" else kind.words
        if kind.words == (FORMAT_VERSION,):
            slug, message = "unknown-word", f"This tool reads format version `{FORMAT_VERSION}`, not `{shown}`"
        elif kind.name == "word" and yaml_kind(node) == "str":
            slug, message = "unknown-word", f"`{shown}` is not a word of {label}"
            if len(kind.words) == 1:
                message = f"{label} must be {told_value(value)}, not `{shown}`"
        else:
            slug, message = "wrong-type", f"{label} must be {told_value(value)}, not `{shown}`"
        self.report(slug, _sentence(message), self.at(node), written=node.text, allowed=allowed)


Reader: TypeAlias = "Callable[[Reading, Node], Any]"


# -- telling ----------------------------------------------------------------------------------------------------------

_TOLD = {
    "flag": "true or false",
    "text": "text",
    "id": "a name of letters, digits, _ and -",
    "name": "a name",
    "quantity": "a quantity",
    "cell": "a cell such as wms.on_hand",
    "number": "a number that is not negative",
    "count": "a whole number that is not negative",
    "duration": "a duration such as 30s, 15m or 24h",
    "factor": 'a number, or a fraction such as "1/12"',
    "formula": "quantities joined by + and -",
    "date": "a date such as 2026-04-01",
    "day": "a day such as 2026-04-01",
    "effect": "a whole number such as 1 or -1",
}


def shorten(text: str) -> str:
    """The file's own text, in one line and not too long."""
    line = " ".join(text.split()) if "\n" in text else text
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def told_value(value: Value) -> str:
    """What a value has to be, as part of a sentence."""
    forms: list[str] = []
    if value.scalar is not None:
        words = [f"`{word}`" for word in value.scalar.words]
        if value.scalar.name != "word":
            forms = [_TOLD[value.scalar.name], *words]
        else:
            forms = words if len(words) == 1 else ["one of its words"]
    if value.items is not None and value.items != Value():
        forms.append("a list")
    if value.table is not None or value.entries is not None:
        forms.append("a mapping")
    return forms[0] if len(forms) == 1 else f"{', '.join(forms[:-1])} or {forms[-1]}"


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]


def told_node(node: Node) -> str:
    """What stands there instead."""
    if isinstance(node, Scalar):
        return f"`{shorten(node.text)}`" if node.text else "empty"
    return "a list" if isinstance(node, Items) else "a mapping"


# -- single values ----------------------------------------------------------------------------------------------------


def empty(node: Node) -> bool:
    """Whether there is nothing behind the key."""
    return isinstance(node, Scalar) and is_empty(node)


def explicit_null(node: Node) -> bool:
    """Whether `null` or `~` is written."""
    return isinstance(node, Scalar) and is_null(node)


def is_id(text: str) -> bool:
    """Whether a text can be the name of a system, event, path or control."""
    return _ID.fullmatch(text) is not None


@lru_cache(maxsize=512)
def _number(text: str) -> Fraction | None:
    found = None if "/" in text else fraction(text)
    return found if found is not None and found >= 0 else None


@lru_cache(maxsize=512)
def _count(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) and not text.startswith("-") else None


@lru_cache(maxsize=512)
def _seconds(text: str) -> Fraction | None:
    found = duration(text)
    return None if found is None else Fraction(found)


@lru_cache(maxsize=512)
def _factor(text: str) -> Fraction | None:
    found = fraction(text)
    return found if found is not None and found > 0 else None


@lru_cache(maxsize=4096)
def _cell(text: str) -> Cell | None:
    parts = _CELL.fullmatch(text)
    return Cell(parts[1], parts[2]) if parts else None


def _effect(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _identifier(text: str) -> str | None:
    return text if is_id(text) else None


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda text: text if pattern.fullmatch(text) else None


_PLAIN_ONLY = frozenset({"number", "count", "effect"})
"""Kinds that quotes make a text of."""

_CONVERT: dict[str, Callable[[str], Any]] = {
    "id": _identifier,
    "cell": _cell,
    "number": _number,
    "count": _count,
    "duration": _seconds,
    "factor": _factor,
    "formula": parse_formula,
    "date": _matching(_DATE),
    "day": _matching(_DAY),
    "effect": _effect,
}


def _scalar_reader(label: str, value: Value, kind: Kind) -> Reader:
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
        text = node.text  # type: ignore[attr-defined]  # a Scalar
        if text in known:
            return known[text]
        return None if _says_nothing(node) else reading.wrong_scalar(node, label, kind, value)

    return read


def _flag_reader(label: str, value: Value, kind: Kind) -> Reader:
    def read(reading: Reading, node: Node) -> Any:
        if not isinstance(node, Scalar):
            return reading.wrong_form(node, label, value)
        truth = boolean(node)
        if truth is None and node.text != UNKNOWN and not _says_nothing(node):
            reading.wrong_scalar(node, label, kind, value)
        return truth

    return read


def _text_reader(label: str, value: Value, known: dict[str, Any]) -> Reader:
    special = frozenset({*known, "", *NULLS})

    def read(reading: Reading, node: Node) -> Any:
        if node.__class__ is not Scalar:
            return reading.wrong_form(node, label, value)
        text = node.text  # type: ignore[attr-defined]  # a Scalar
        if text not in special:
            return text
        return known[text] if text in known else None if _says_nothing(node) else text

    return read


def _number_reader(label: str, value: Value, kind: Kind, known: dict[str, Any]) -> Reader:
    """For everything that is worked out from its text: numbers, durations, cells, formulas, dates, ids."""
    convert = _CONVERT[kind.name]
    plain_only = kind.name in _PLAIN_ONLY

    def read(reading: Reading, node: Node) -> Any:
        if node.__class__ is not Scalar:
            return reading.wrong_form(node, label, value)
        text = node.text  # type: ignore[attr-defined]  # a Scalar
        if text in known:
            return known[text]
        found = convert(text) if node.plain or not plain_only else None  # type: ignore[attr-defined]  # a Scalar
        if found is None and not _says_nothing(node):
            reading.wrong_scalar(node, label, kind, value)
        return found

    return read


def _says_nothing(node: Node) -> bool:
    """Whether a scalar is empty, or null where null says no more than that."""
    return node.plain and (not node.text or is_null(node))  # type: ignore[attr-defined]  # a Scalar


# -- lists and tables -------------------------------------------------------------------------------------------------


class Makers:
    """What is made of the facts of each kind of table: the one thing that the shape does not say.

    `build` makes the value of a table, `from_scalar` that of a single value which stands for one; without an entry the
    facts (or the value) are given as they are.
    """

    __slots__ = ("build", "from_scalar", "tables")

    def __init__(
        self,
        build: Mapping[str, Callable[[dict[str, Any]], Any]],
        from_scalar: Mapping[str, Callable[[Any], Any]],
    ) -> None:
        self.build = build
        self.from_scalar = from_scalar
        self.tables: dict[str, TableReader] = {}
        """Every table's reader, by its name in the shape; filled once all of them are made."""


def reader_of(makers: Makers, label: str, value: Value) -> Reader:
    """The reader of what may follow a key; `label` is how messages call it.

    Lists give tuples, tables with free names give dicts, tables of the shape give what `makers` make of them.
    """
    scalar = None if value.scalar is None else _scalar_reader(label, value, value.scalar)
    if scalar is not None and value.items is None and value.table is None and value.entries is None:
        return scalar
    if value.items is not None and value.items.table is None:
        items = reader_of(makers, label if value.items.scalar == value.scalar else f"an entry of {label}", value.items)
        loose = value.scalar.words if value.scalar is not None and value.scalar.name != "word" else ()
        return _list_reader(label, value, scalar, items, frozenset(loose))
    entries = None if value.entries is None else reader_of(makers, f"an entry of {label}", value.entries)
    return _mapping_reader(makers, label, value, scalar, entries)


def _list_reader(
    label: str,
    value: Value,
    scalar: Reader | None,
    item: Reader,
    loose: frozenset[str],
) -> Reader:
    """A list, or a single one; words of `loose` (`all`) stand for themselves. Formulas in a list are joined."""
    joins = value.items is not None and value.items.scalar is not None and value.items.scalar.name == "formula"

    def read(reading: Reading, node: Node) -> Any:
        if node.__class__ is Items:
            found = [one for each in node.items if (one := item(reading, each)) is not None]  # type: ignore[attr-defined]  # Items
            return tuple(term for terms in found for term in terms) if joins else tuple(found)
        if not isinstance(node, Scalar):
            return reading.wrong_form(node, label, value)
        if scalar is None:
            return None if node.text == UNKNOWN or _says_nothing(node) else reading.wrong_form(node, label, value)
        single = scalar(reading, node)
        if single is None or joins:
            return single
        return single if single in loose else (single,)

    return read


def _mapping_reader(
    makers: Makers,
    label: str,
    value: Value,
    scalar: Reader | None,
    entry: Reader | None,
) -> Reader:
    table = value.table
    tables = makers.tables
    build = makers.build.get(table, _itself) if table is not None else _itself
    from_scalar = makers.from_scalar.get(table, _itself) if table is not None else _itself

    def read(reading: Reading, node: Node) -> Any:
        if node.__class__ is Table:
            if table is not None:
                return build(tables[table](reading, node))  # type: ignore[arg-type]  # a Table
            if entry is not None:
                return _entries(reading, node, entry)  # type: ignore[arg-type]  # a Table
        elif node.__class__ is Scalar:
            if scalar is not None:
                single = scalar(reading, node)
                return None if single is None else from_scalar(single)
            if node.text == UNKNOWN or _says_nothing(node):  # type: ignore[attr-defined]  # a Scalar
                return None
        return reading.wrong_form(node, label, value)

    return read


def _entries(reading: Reading, node: Table, entry: Reader) -> dict[str, Any]:
    found = {}
    for name, child in node.entries.items():
        value = entry(reading, child)
        if value is not None:
            found[name] = value
    return found


class _KeyReader(NamedTuple):
    field: str
    read: Reader


class TableReader:
    """The reader of one kind of table of the shape: node -> field -> known value."""

    __slots__ = ("_allowed", "_called", "_keys", "_required")

    def __init__(
        self,
        makers: Makers,
        name: str,
        fields: Mapping[str, str],
        custom: Mapping[str, Reader],
    ) -> None:
        shape = TABLES[name]
        self._called = shape.called
        self._allowed = tuple(shape.keys)
        self._keys = {
            key: _KeyReader(fields.get(key, key), custom.get(key) or reader_of(makers, f"`{key}`", shape.keys[key].value))
            for key in shape.keys
        }
        self._required = tuple((key, _is_literal(entry)) for key, entry in shape.keys.items() if entry.required)

    def __call__(
        self, reading: Reading, node: Table, entry: Entry | None = None, given: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Read all keys. `entry` is whose facts they are, `given` are required keys that stand elsewhere."""
        keys = self._keys
        facts: dict[str, Any] = {}
        for key, child in node.entries.items():
            reader = keys.get(key)
            if reader is None:
                self._unknown_key(reading, node, key)
                continue
            value = reader.read(reading, child)
            if value is not None:
                facts[reader.field] = value
        for key, literal in self._required:
            if not facts.get(keys[key].field) and key not in given:
                self._missing(reading, node, key, entry, literal=literal)
        return facts

    def _unknown_key(self, reading: Reading, node: Table, key: str) -> None:
        message = f"`{shorten(key)}` is not a key of {self._called}"
        reading.report("unknown-key", message, reading.at_key(node, key), written=key, allowed=self._allowed)

    def _missing(
        self, reading: Reading, node: Table, key: str, entry: Entry | None, *, literal: bool
    ) -> None:
        """A required key that is not there, or empty; one whose value is wrong has been told already."""
        child = node.entries.get(key)
        told = entry.called if entry is not None else self._called[:1].upper() + self._called[1:]
        if child is None:
            if entry is not None:
                where = reading.at_start(entry.start, entry.width)
            elif node.entries:
                where = reading.at_key(node, next(iter(node.entries)))
            else:
                where = reading.at_start(node.start)
            reading.report("missing-key", f"{told} has no `{key}`", where)
        elif literal and (empty(child) or explicit_null(child) or _no_items(child)):
            message = f"`{key}` of {told[:1].lower()}{told[1:]} is empty and has to be stated"
            reading.report("missing-key", message, reading.at_key(node, key))


def _is_literal(key: Key) -> bool:
    value = key.value
    return value.scalar is None or value.scalar.literal


def _no_items(node: Node) -> bool:
    return (node.__class__ is Items and not node.items) or (node.__class__ is Table and not node.entries)  # type: ignore[attr-defined]  # as checked


def _itself(value: Any) -> Any:
    return value
