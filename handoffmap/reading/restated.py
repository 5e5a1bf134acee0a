"""Facts that a second file states of an entry that is there already: added, the same, answered, replaced, or a clash.

Works on nodes and along the shape of the file, before anything is interpreted: what comes out is a table as if one
hand had written it, each of its keys with the place where it really stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.reading.makers import MAKERS
from handoffmap.reading.readers import reader_of
from handoffmap.reading.session import Reading, empty, explicit_null
from handoffmap.reading.shape import TABLES, UNKNOWN, Value
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.problem import Problem
from handoffmap.text.scalars import boolean
from handoffmap.text.span import locate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.text.node import Node
    from handoffmap.text.stack import Stack

__all__ = ["Restating", "made"]

_NOTHING_KNOWN = Value()

_FIRST_KEY = {
    "item_key": "field", "batch": "size", "schedule": "every", "poll": "every", "lane": "name", "holding": "role",
    "version": "pins", "quantity": "meaning",
}  # fmt: skip
"""Kind of table -> the key that a single value in its place stands for."""

_MEND = "Say the same in both, or let the overlay win: `replace: true` in its entry, or at its top for all of it."

_GROW = frozenset({"events"})
"""Lists of names to which a second file adds."""


def made(start: int, entries: dict[str, Node], starts: Mapping[str, int]) -> Table:
    """A table with these entries, whose keys stand at `starts`."""
    table = Table(start)
    table.entries = entries
    table.set_key_starts(starts[key] for key in entries)
    return table


class Restating:
    """Lays the facts of one entry over those of another, and notes what is stated in two ways."""

    def __init__(self, source: Stack, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems

    def table(self, base: Table, over: Table, value: Value, told: tuple[str, str], *, replace: bool) -> Table:
        """`base` with what `over` states; `told` is how to call the facts: (`dedupe.`, `write path x`)."""
        entries, starts = dict(base.entries), dict(base.keys)
        over_starts = over.keys
        for key, node in over.entries.items():
            inner = value_of(value, key)
            mine = entries.get(key)
            open_before, open_now = mine is None or _says_nothing(mine, inner), _says_nothing(node, inner)
            if mine is None or (open_now and replace) or (open_before and not open_now):
                entries[key], starts[key] = node, over_starts[key]
            elif not open_now:
                found = self._fact(key, mine, node, inner, told, replace=replace)
                if found is node:
                    starts[key] = over_starts[key]
                entries[key] = found
        return made(base.start, entries, starts)

    def _fact(self, key: str, base: Node, over: Node, value: Value, told: tuple[str, str], *, replace: bool) -> Node:
        grown = _grown(key, base, over, value, replace=replace)
        if grown is not None:
            return grown
        first, second = as_table(key, base, over, value), as_table(key, over, base, value)
        if first is not None and second is not None:
            known_relays = key != "via" or set(second.entries) <= set(first.entries)
            if known_relays and not (replace and key == "at"):
                return self.table(first, second, value, (f"{told[0]}{key}.", told[1]), replace=replace)
        if self._says_the_same(base, over, value):
            return base
        if not replace:
            self._clash(f"{told[0]}{key}", told[1], base, over)
            return base
        return over

    def _clash(self, fact: str, entry: str, base: Node, over: Node) -> None:
        here, there = locate(self.source, over), locate(self.source, base)
        message = f"`{fact}` of {entry} is stated otherwise in {there.file}:{there.line}"
        self.problems.append(Problem("duplicate-id", message, here, other=there, mend=_MEND))

    def _says_the_same(self, base: Node, over: Node, value: Value) -> bool:
        """Whether two values mean the same: `24h` and `1d`, `a` and `[a]`, `[a, b]` and `[b, a]`."""
        if _spelt(base) == _spelt(over):
            return True
        if value == _NOTHING_KNOWN:
            return False
        scratch = Reading(self.source)
        read = reader_of(MAKERS, "", value)
        first, second = read(scratch, base), read(scratch, over)
        if scratch.problems or first is None or second is None:
            return False
        if isinstance(first, tuple) and isinstance(second, tuple):
            return sorted(first, key=repr) == sorted(second, key=repr)
        return bool(first == second)

    def without(self, base: Table, fact: str, value: Value) -> Table | None:
        """`base` without one fact (`dedupe.retention`, `holds.available`, `events.pos_sale`); None: it is not there."""
        key, _, rest = fact.partition(".")
        if fact in base.entries:
            key, rest = fact, ""
        if key not in base.entries:
            return None
        entries, starts = dict(base.entries), base.keys
        if not rest:
            del entries[key]
            return made(base.start, entries, starts)
        inner = value_of(value, key)
        less = self._without_part(key, entries[key], rest, inner)
        if less is None:
            return None
        entries[key] = less
        return made(base.start, entries, starts)

    def _without_part(self, key: str, node: Node, rest: str, value: Value) -> Node | None:
        table = as_table(key, node, None, value)
        if table is not None:
            return self.without(table, rest, value)
        if not isinstance(node, Items):
            return None
        less = Items(node.start)
        less.items = [item for item in node.items if not (isinstance(item, Scalar) and item.text == rest)]
        return less if len(less.items) < len(node.items) else None


def value_of(value: Value, key: str) -> Value:
    """What may follow a key of such a table."""
    if value.table is not None and key in TABLES[value.table].keys:
        return TABLES[value.table].keys[key].value
    return value.entries or _NOTHING_KNOWN


def _says_nothing(node: Node, value: Value) -> bool:
    """Whether the fact is left open: an empty value, `unknown`, or a null that is no drop."""
    if not isinstance(node, Scalar):
        return False
    if empty(node) or (explicit_null(node) and not value.null):
        return True
    return node.text == UNKNOWN and not (value.scalar is not None and value.scalar.literal)


def _grown(key: str, base: Node, over: Node, value: Value, *, replace: bool) -> Node | None:
    """A list of names with those that come in addition; None for what is no such list."""
    if key not in _GROW or replace or value.items is None:
        return None
    first, second = _listed(base), _listed(over)
    if first is None or second is None:
        return None
    known = {item.text for item in first if isinstance(item, Scalar)}
    more = [item for item in second if not isinstance(item, Scalar) or item.text not in known]
    if not more:
        return base
    grown = Items(base.start)
    grown.items = [*first, *more]
    return grown


def _listed(node: Node) -> list[Node] | None:
    if isinstance(node, Items):
        return node.items
    return [node] if isinstance(node, Scalar) else None


def as_table(key: str, node: Node, other: Node | None, value: Value) -> Table | None:
    """A fact in its long form, if it has one; `other` is what it is laid beside.

    Names in a list are keys with nothing behind them (`at: [wms]`, `holds: [on_hand]`, `via: [ipaas]`), and a single
    value stands for a table's first key (`available: mirror`) where the other side is a table.
    """
    if isinstance(node, Table):
        return node
    if key in {"at", "holds", "via"} and value.entries is not None:
        return _named(node)
    if not isinstance(node, Scalar) or not isinstance(other, Table) or value.table is None:
        return None
    if value.table == "allocates" and boolean(node):
        return Table(node.start)
    first = _FIRST_KEY.get(value.table)
    return None if first is None else made(node.start, {first: node}, {first: node.start})


def _named(node: Node) -> Table | None:
    entries: dict[str, Node] = {}
    starts: dict[str, int] = {}
    for item in _listed(node) or ():
        if isinstance(item, Scalar):
            entries.setdefault(item.text, Scalar(item.start, "", plain=True))
            starts.setdefault(item.text, item.start)
        elif isinstance(item, Table) and "system" not in item.entries:
            entries.update(item.entries)
            starts.update(item.keys)
        else:
            return None
    return made(node.start, entries, starts)


def _spelt(node: Node) -> object:
    """A value as it is written, wherever it stands."""
    if isinstance(node, Scalar):
        return node.text if node.plain else (node.text,)
    if isinstance(node, Items):
        return [_spelt(item) for item in node.items]
    return {key: _spelt(inner) for key, inner in node.entries.items()} if isinstance(node, Table) else None
