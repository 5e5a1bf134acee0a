"""What becomes of the facts of each kind of table, and what the entries of a file have in common."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, cast

from handoffmap.model import (
    Batch,
    DeadLetter,
    Dedupe,
    Hop,
    ItemKey,
    Lane,
    Limits,
    Place,
    Poll,
    Retry,
    Schedule,
    Subscription,
)
from handoffmap.reading.readers import Makers, reader_of
from handoffmap.reading.shape import TABLES
from handoffmap.text.node import Table

if TYPE_CHECKING:
    from handoffmap.reading.scalar_readers import Reader
    from handoffmap.reading.session import Entry, Reading
    from handoffmap.reading.shape import Value
    from handoffmap.text.node import Node

__all__ = ["FIELDS", "MAKERS", "TABLE_READERS", "place_of", "plain", "stated_keys", "table_of"]


def place_of(reading: Reading, entry: Entry) -> Place:
    """Where an entry stands."""
    return Place(reading.source, entry.node, entry.start, entry.width)


def table_of(node: Node, start: int) -> Table:
    """The node, or an empty table where it is none (`on_hand: authoritative`)."""
    return node if node.__class__ is Table else Table(start)


@lru_cache(maxsize=4096)
def stated_keys(fields: tuple[str, ...]) -> frozenset[str]:
    """The keys of the file for these fields, shared between entries that state the same ones."""
    return frozenset(_KEYS.get(name, name) for name in fields)


_KEYS = {"source": "from", "target": "to", "except_": "except"}


FIELDS = {key: name for name, key in _KEYS.items()}


def _item_key(facts: dict[str, Any]) -> ItemKey | None:
    return ItemKey(**facts) if "field" in facts else None


def _subscription(facts: dict[str, Any]) -> Subscription:
    lapses = facts.get("lapses_after_failures")
    if lapses in {"true", "false"}:
        facts["lapses_after_failures"] = lapses == "true"
    return Subscription(**facts)


def _of(made: Any) -> Any:
    return lambda facts: made(**facts)


MAKERS = Makers(
    build={
        "item_key": _item_key,
        "dedupe": _of(Dedupe),
        "retry": _of(Retry),
        "dead_letter": _of(DeadLetter),
        "batch": _of(Batch),
        "schedule": _of(Schedule),
        "poll": _of(Poll),
        "limits": _of(Limits),
        "lane": _of(Lane),
        "subscription": _subscription,
    },
    from_scalar={
        "item_key": ItemKey,
        "batch": lambda size: Batch(size=size),
        "schedule": lambda every: Schedule(every=every),
        "poll": lambda every: Poll(every=every),
        "lane": lambda name: Lane(name=name),
        "holding": lambda role: {"role": role},
        "hop": Hop,
    },
)


TABLE_READERS = MAKERS.tables


def plain(table: str, key: str, part: Literal["whole", "entries", "items"] = "whole") -> Reader:
    """The reader that follows the shape alone, for what a reader of this module leaves to it."""
    value = TABLES[table].keys[key].value
    label = _LABELS.get((key, part), f"`{key}`" if part == "whole" else f"an entry of `{key}`")
    if part != "whole":
        value = cast("Value", value.entries if part == "entries" else value.items)
    return reader_of(MAKERS, label, value)


_LABELS = {("holds", "entries"): "`role`", ("quantities", "entries"): "`meaning`"}
