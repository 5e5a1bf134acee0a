"""Nodes → **systems** and the quantities that they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from handoffmap.model import Holding, Place, System
from handoffmap.reading.makers import TABLE_READERS, place_of, plain, stated_keys, table_of
from handoffmap.reading.named import named_entries
from handoffmap.text.node import Items, Table

if TYPE_CHECKING:
    from handoffmap.reading.session import Entry, Reading
    from handoffmap.text.node import Node

__all__ = ["holds", "item_classes", "systems"]

_plain_holds = plain("system", "holds")
_plain_name = plain("system", "holds", "items")
_plain_holding = plain("system", "holds", "entries")
_plain_items = plain("system", "items")


def systems(reading: Reading, node: Node) -> dict[str, System]:
    """Read the section `systems`."""
    return {entry.id: _system(reading, entry) for entry in named_entries(reading, node, "systems", "system", "System")}


def _system(reading: Reading, entry: Entry) -> System:
    before = len(reading.problems)
    facts = TABLE_READERS["system"](reading, entry.node, entry)
    if len(reading.problems) != before:
        reading.doubtful.add(entry.id)
    facts.pop("id", None)
    stated = stated_keys(tuple(facts))
    allocates = facts.get("allocates")
    if isinstance(allocates, dict):
        facts.update(allocates, allocates=True)
    return System(entry.id, place_of(reading, entry), facts.pop("kind", ()), **facts, stated=stated)


def holds(reading: Reading, node: Node) -> dict[str, Holding] | None:
    """Read what a system holds: a list of quantities, or a mapping with facts (or a role) for each."""
    if node.__class__ is Items:
        return _listed_holdings(reading, node)
    if node.__class__ is not Table:
        return cast("None", _plain_holds(reading, node))
    table = node
    held: dict[str, Holding] = {}
    keys = table.keys
    for quantity, child in table.entries.items():
        place = Place(reading.source, table_of(child, keys[quantity]), keys[quantity], len(quantity))
        facts = _plain_holding(reading, child) or {}
        held[quantity] = Holding(quantity, place, **facts)
    return held


def _listed_holdings(reading: Reading, node: Items) -> dict[str, Holding]:
    held: dict[str, Holding] = {}
    for child in node.items:
        quantity = _plain_name(reading, child)
        if quantity is None:
            continue
        place = Place(reading.source, Table(child.start), child.start, len(quantity))
        if quantity in held:
            other = held[quantity].place.at()
            reading.report("duplicate-id", f"`{quantity}` is held twice", reading.at(child), other=other)
        else:
            held[quantity] = Holding(quantity, place)
    return held


def item_classes(reading: Reading, node: Node) -> tuple[str, ...] | None:
    """`all` is what leaving it out says."""
    classes = _plain_items(reading, node)
    return None if classes == "all" else classes
