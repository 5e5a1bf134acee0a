"""Shape as data → **readers**: one function for each key, made once, that turns a node into a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.reading.scalar_readers import scalar_reader
from handoffmap.reading.session import empty, explicit_null, says_nothing, says_unknown, shorten
from handoffmap.reading.shape import TABLES, UNKNOWN
from handoffmap.text.node import Items, Scalar, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from handoffmap.reading.scalar_readers import Reader
    from handoffmap.reading.session import Entry, Reading
    from handoffmap.reading.shape import Key, Value
    from handoffmap.text.node import Node

__all__ = ["Makers", "TableReader", "reader_of"]


class Makers:
    """What is made of the facts of each kind of table: the one thing that the shape does not say.

    `build` makes the value of a table, `from_scalar` that of a single value which stands for one; without
    an entry the facts (or the value) are given as they are.
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
    scalar = None if value.scalar is None else scalar_reader(label, value, value.scalar)
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
    """A list, or a single one; words of `loose` (`all`) stand for themselves. Listed formulas are joined."""
    joins = value.items is not None and value.items.scalar is not None and value.items.scalar.name == "formula"
    must_be_known = value.items is not None and value.items.scalar is not None and value.items.scalar.literal

    def read(reading: Reading, node: Node) -> Any:
        if node.__class__ is Items:
            if not must_be_known and any(says_unknown(each) for each in node.items):
                return None
            found = [one for each in node.items if (one := item(reading, each)) is not None]
            return tuple(term for terms in found for term in terms) if joins else tuple(found)
        if not isinstance(node, Scalar):
            return reading.wrong_form(node, label, value)
        if scalar is None:
            return None if node.text == UNKNOWN or says_nothing(node) else reading.wrong_form(node, label, value)
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
                return build(tables[table](reading, node))
            if entry is not None:
                return _entries(reading, node, entry)
        elif node.__class__ is Scalar:
            if scalar is not None:
                single = scalar(reading, node)
                return None if single is None else from_scalar(single)
            if node.text == UNKNOWN or says_nothing(node):
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
            key: _KeyReader(
                fields.get(key, key), custom.get(key) or reader_of(makers, f"`{key}`", shape.keys[key].value)
            )
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
            if child.start < 0 and child.__class__ is not Scalar:
                value = _read_once(reading, reader.read, child)
            else:
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

    def _missing(self, reading: Reading, node: Table, key: str, entry: Entry | None, *, literal: bool) -> None:
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


def _read_once(reading: Reading, read: Reader, node: Node) -> Any:
    """What a value that equal lines share says: the same wherever it stands, as nobody changes it."""
    known = (read, id(node))
    if known not in reading.seen:
        reading.seen[known] = read(reading, node)
    return reading.seen[known]


def _is_literal(key: Key) -> bool:
    value = key.value
    return value.scalar is None or value.scalar.literal


def _no_items(node: Node) -> bool:
    return (node.__class__ is Items and not node.items) or (node.__class__ is Table and not node.entries)


def _itself(value: Any) -> Any:
    return value
