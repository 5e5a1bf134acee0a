"""Nodes → **write paths**: hops folded in, payload inferred, `maps` and `fields` read."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from handoffmap.model import FieldMapping, Hop, QuantityMapping, Term, WritePath
from handoffmap.reading.makers import TABLE_READERS, place_of, plain, stated_keys
from handoffmap.reading.named import named_entries
from handoffmap.reading.session import empty, explicit_null, shorten, told_node
from handoffmap.reading.shape import TABLES
from handoffmap.text.node import Scalar, Table
from handoffmap.vocabulary import ADDING, Delivery, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Place
    from handoffmap.reading.session import Reading
    from handoffmap.text.node import Items, Node

__all__ = ["fields", "maps", "via", "weakest", "write_paths"]

_DELIVERIES = words(Delivery)  # from the weakest to the strongest
HAS_ID = ("id",)
_DROPPED = QuantityMapping(None)
_FIELD_DROPPED = FieldMapping(dropped=True)
_plain_relay = plain("path", "via", "items")
_plain_maps = plain("path", "maps")
_plain_mapping = plain("path", "maps", "entries")
_plain_fields = plain("path", "fields")
_plain_field = plain("path", "fields", "entries")


def weakest(deliveries: list[Delivery]) -> Delivery | None:
    """The delivery that a chain of hops comes down to; None where none of them is known."""
    return min(deliveries, key=_DELIVERIES.index) if deliveries else None


def write_paths(reading: Reading, node: Node) -> dict[str, WritePath]:
    """Read the section `write_paths`."""
    read = TABLE_READERS["path"]
    paths: dict[str, WritePath] = {}
    for entry in named_entries(reading, node, "write_paths", "path", "Write path"):
        facts = read(reading, entry.node, entry, HAS_ID)
        if "source" in facts and "target" in facts:
            paths[entry.id] = _write_path(place_of(reading, entry), entry.id, facts)
        else:
            reading.lost.add(entry.id)
    return paths


def _write_path(place: Place, name: str, facts: dict[str, Any]) -> WritePath:
    facts["stated"] = stated_keys(tuple(facts))
    facts["id"] = name
    facts["place"] = place
    if "via" in facts:
        _fold_hops(facts)
    version = facts.get("version")
    if isinstance(version, dict):
        facts["version"] = version.get("pins")
        facts["supported_until"] = version.get("supported_until")
    if "payload" not in facts:
        op = facts.get("op")
        if op is not None:
            facts["payload"] = "delta" if op in ADDING else "state"
            facts["payload_inferred"] = True
    return WritePath(**facts)


def _fold_hops(facts: dict[str, Any]) -> None:
    """Take what the hops state about themselves into the path's own facts."""
    hops: tuple[Hop, ...] = facts["via"]
    deliveries = [hop.delivery for hop in hops if hop.delivery is not None]
    if deliveries:
        facts["delivery"] = weakest([*deliveries, *([facts["delivery"]] if "delivery" in facts else [])])
    if "dedupe" not in facts:
        nearest = next((hop.dedupe for hop in reversed(hops) if hop.dedupe is not None), None)
        if nearest is not None:
            facts["dedupe"] = nearest
    known = [hop.latency for hop in hops if hop.latency is not None]
    if known and ("latency" in facts or len(known) == len(hops)):
        facts["latency"] = sum(known, start=facts.get("latency", 0 * known[0]))


def via(reading: Reading, node: Node) -> tuple[Hop, ...] | None:
    """Read `via`: a relay, a list of them, or a mapping with facts for each."""
    if node.__class__ is Scalar:
        hop = _plain_relay(reading, node)
        return None if hop is None else (hop,)
    if node.__class__ is Table:
        return tuple(_hop_by_name(reading, node))
    hops: list[Hop] = []
    for item in cast("Items", node).items:
        if item.__class__ is Table and "system" not in item.entries:
            hops.extend(_hop_by_name(reading, item))
            continue
        hop = _plain_relay(reading, item)
        if isinstance(hop, dict):
            hop = Hop(**hop) if "system" in hop else None
        if hop is not None:
            hops.append(hop)
    return tuple(hops)


def _hop_by_name(reading: Reading, node: Table) -> Iterator[Hop]:
    """`{ipaas: {delivery: ...}}`: relays in the order of the file, each with its facts."""
    if any(key in TABLES["hop"].keys for key in node.entries):
        TABLE_READERS["hop"](reading, node)  # a hop whose `system` is missing: say so
        return
    for name, child in node.entries.items():
        if child.__class__ is Table:
            facts = TABLE_READERS["hop"](reading, child, given=("system",))
            yield Hop(**{**facts, "system": name})
        elif empty(child) or explicit_null(child):
            yield Hop(name)
        else:
            message = f"`{shorten(name)}` under `via` must be a mapping, not {told_node(child)}"
            reading.report("wrong-type", message, reading.at(child))


@lru_cache(maxsize=1024)
def _mapped_to(quantity: str) -> QuantityMapping:
    return QuantityMapping(quantity)


def maps(reading: Reading, node: Node) -> dict[str, QuantityMapping | None] | None:
    """Read `maps`; an explicit null is a drop, an empty value unknown."""
    if node.__class__ is not Table:
        return cast("None", _plain_maps(reading, node))
    mapped: dict[str, QuantityMapping | None] = {}
    for quantity, child in node.entries.items():
        if child.__class__ is Table:
            mapped[quantity] = _mapping(reading, child)
        elif explicit_null(child):
            mapped[quantity] = _DROPPED
        else:
            to = _plain_mapping(reading, child)
            mapped[quantity] = None if to is None else _mapped_to(to)
    return mapped


def _mapping(reading: Reading, node: Table) -> QuantityMapping | None:
    facts = TABLE_READERS["mapping"](reading, node)
    if "minus" in facts:
        facts["minus"] = tuple(Term(term.system, term.quantity, -term.sign) for term in facts["minus"])
    if "to" in facts or ("to" in node.entries and explicit_null(node.entries["to"])):
        return QuantityMapping(**{"to": None, **facts})
    return None


def fields(reading: Reading, node: Node) -> dict[str, FieldMapping | None] | None:
    """Read `fields`; an explicit null is a drop, an empty value unknown."""
    if node.__class__ is not Table:
        return cast("None", _plain_fields(reading, node))
    mapped: dict[str, FieldMapping | None] = {}
    for name, child in node.entries.items():
        if explicit_null(child):
            mapped[name] = _FIELD_DROPPED
            continue
        found = _plain_field(reading, child)
        if isinstance(found, dict):
            dropped = "to" in cast("Table", child).entries and explicit_null(cast("Table", child).entries["to"])
            found = _field(found, dropped=dropped)
        elif found is not None:
            found = FieldMapping(found)
        mapped[name] = found
    return mapped


def _field(facts: dict[str, Any], *, dropped: bool) -> FieldMapping | None:
    """What is said of a field; None where neither a target, nor a reason, nor a loss is stated."""
    if dropped:
        facts["dropped"] = True
    return FieldMapping(**facts) if "to" in facts or "ignored" in facts or facts.get("dropped") else None
