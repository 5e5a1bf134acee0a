"""Entries with a name of their own: a mapping by name, or a list of mappings with an `id`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.reading.makers import TABLE_READERS
from handoffmap.reading.scalar_readers import ID_LETTERS, is_id
from handoffmap.reading.session import Entry, empty, explicit_null, says_unknown, shorten, told_node
from handoffmap.reading.shape import TABLES
from handoffmap.text.node import Items, Scalar, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.reading.session import Reading
    from handoffmap.text.node import Node

__all__ = ["named_entries"]


def named_entries(reading: Reading, node: Node, label: str, table: str, called: str) -> Iterator[Entry]:
    """The entries of a section, written as a mapping by name or as a list of mappings with an `id`.

    Each name is given once, its first time; entries without a usable name are told and passed over.
    """
    seen: dict[str, Entry] = {}
    for entry in _candidates(reading, node, label, table, called):
        first = seen.setdefault(entry.id, entry)
        if first is entry:
            yield entry
        else:
            message = f"{entry.called} is there twice"
            here = reading.at_start(entry.start, entry.width)
            reading.report("duplicate-id", message, here, other=reading.at_start(first.start, first.width))


def _candidates(reading: Reading, node: Node, label: str, table: str, called: str) -> Iterator[Entry]:
    if node.__class__ is Table:
        yield from _by_key(reading, node, label, table, called)
    elif node.__class__ is Items and table == "event":
        yield from _bare(reading, node, label, called)
    elif node.__class__ is Items:
        yield from _by_id(reading, node, label, table, called)
    elif not says_unknown(node):
        reading.wrong_form(node, f"`{label}`", TABLES["file"].keys[label].value)


def _by_key(reading: Reading, node: Table, label: str, table: str, called: str) -> Iterator[Entry]:
    keys = node.keys
    for name, child in node.entries.items():
        start = keys[name]
        if not is_id(name):
            message = f"`{shorten(name)}` cannot be the name of {TABLES[table].called}: {ID_LETTERS}"
            reading.report("wrong-type", message, reading.at_key(node, name))
            reading.lost.add(name)
        elif child.__class__ is Table:
            yield Entry(name, child, start, len(name), f"{called} `{name}`")
        elif empty(child) or explicit_null(child):
            yield Entry(name, Table(start), start, len(name), f"{called} `{name}`")
        else:
            message = f"`{name}` in `{label}` must be a mapping, not {told_node(child)}"
            reading.report("wrong-type", message, reading.at(child))
            reading.lost.add(name)


def _by_id(reading: Reading, node: Items, label: str, table: str, called: str) -> Iterator[Entry]:
    for child in node.items:
        if child.__class__ is not Table:
            message = f"An entry of `{label}` must be a mapping, not {told_node(child)}"
            reading.report("wrong-type", message, reading.at(child))
            continue
        entries = child.entries
        name = entries.get("id")
        if name.__class__ is Scalar and is_id(name.text):
            scalar = name
            yield Entry(scalar.text, child, scalar.start, len(scalar.text), f"{called} `{scalar.text}`")
        else:
            # The other keys are read all the same: what is wrong in them is told in this run, not the next.
            TABLE_READERS[table](reading, child)
            if not TABLES[table].keys["id"].required and (name is None or empty(name)):
                reading.report("missing-key", f"{called} has no `id`", reading.at_start(child.start))


def _bare(reading: Reading, node: Items, label: str, called: str) -> Iterator[Entry]:
    """A list of bare names reads well; what it does not say, where they happen, is then told for each."""
    for child in node.items:
        if isinstance(child, Scalar) and is_id(child.text):
            yield Entry(child.text, Table(child.start), child.start, len(child.text), f"{called} `{child.text}`")
        else:
            message = f"`{label}` must be a mapping from each name to where it happens, not a list"
            reading.report("wrong-type", message, reading.at(child))
