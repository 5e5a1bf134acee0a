"""Nodes → **events**: where they happen, and what one unit of an own event does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from handoffmap.model import Event, Origin
from handoffmap.reading.makers import TABLE_READERS, place_of, plain
from handoffmap.reading.named import named_entries
from handoffmap.reading.session import says_unknown
from handoffmap.reading.shape import TABLES
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.vocabulary import BUILT_IN_EVENTS, UNDOES, Effect

if TYPE_CHECKING:
    from handoffmap.reading.session import Entry, Reading
    from handoffmap.text.node import Node

__all__ = ["effects", "events", "origins"]

_BUILT_IN = tuple(BUILT_IN_EVENTS)
_plain_origins = plain("event", "at")
_plain_origin = plain("event", "at", "entries")
_plain_effects = plain("event", "effects")
_plain_effect = plain("event", "effects", "entries")


def events(reading: Reading, node: Node) -> dict[str, Event]:
    """Read the section `events`."""
    return {entry.id: _event(reading, entry) for entry in named_entries(reading, node, "events", "event", "Event")}


def _event(reading: Reading, entry: Entry) -> Event:
    facts = TABLE_READERS["event"](reading, entry.node, entry)
    origins: tuple[Origin, ...] = facts.get("at", ())
    as_of, frozen = facts.get("as_of"), facts.get("frozen")
    if as_of is not None or frozen is not None:
        origins = tuple(
            origin._replace(
                as_of=as_of if origin.as_of is None else origin.as_of,
                frozen=frozen if origin.frozen is None else origin.frozen,
            )
            for origin in origins
        )
    built_in = BUILT_IN_EVENTS.get(entry.id)
    return Event(
        id=entry.id,
        place=place_of(reading, entry),
        origins=tuple(sorted(origins, key=lambda origin: origin.system)),
        effects=_own_effects(reading, entry, facts) if built_in is None else built_in,
        undoes=facts.get("undoes") if built_in is None else _narrowed(reading, entry),
        per_1000_orders=facts.get("per_1000_orders"),
        built_in=built_in is not None,
    )


def _own_effects(reading: Reading, entry: Entry, facts: dict[str, Any]) -> dict[str, Effect]:
    effects = facts.get("effects")
    if effects is None and ("effects" not in entry.node.entries or says_unknown(entry.node.entries["effects"])):
        message = f"{entry.called} is not a built-in event, and an event of your own has to state its `effects`"
        here = reading.at_start(entry.start, entry.width)
        reading.report("missing-key", message, here, written=entry.id, allowed=_BUILT_IN)
    return effects or {}


def _narrowed(reading: Reading, entry: Entry) -> str | None:
    """A built-in event keeps its meaning: it may not state effects or an opposite."""
    for key in ("effects", "undoes"):
        if key in entry.node.entries:
            message = f"{entry.called} is built in: its meaning is fixed, and it takes no `{key}`"
            reading.report("unknown-key", message, reading.at_key(entry.node, key))
    return UNDOES.get(entry.id)


def origins(reading: Reading, node: Node) -> tuple[Origin, ...] | None:
    """Read `at`: a system, a list of them, or a mapping with facts for each."""
    if node.__class__ is Scalar:
        name = _plain_origins(reading, node)
        return None if name is None else tuple(Origin(system) for system in name)
    if node.__class__ is Items:
        found: list[Origin] = []
        for item in node.items:
            if item.__class__ is Items or says_unknown(item):
                reading.wrong_form(item, "`at`", TABLES["event"].keys["at"].value)
            else:
                found.extend(origins(reading, item) or ())
        if not found and not node.items:
            reading.wrong_form(node, "`at`", TABLES["event"].keys["at"].value)
        return tuple(found) or None
    table = cast("Table", node)
    return tuple(Origin(system, **_origin_facts(reading, child)) for system, child in table.entries.items()) or None


def _origin_facts(reading: Reading, node: Node) -> dict[str, Any]:
    return cast("dict[str, Any]", _plain_origin(reading, node)) or {}


def effects(reading: Reading, node: Node) -> dict[str, Effect] | None:
    """Read `effects`: a whole number, `set`, or the word that is set, for each quantity; 0 moves nothing."""
    if node.__class__ is not Table:
        return cast("None", _plain_effects(reading, node))
    found: dict[str, Effect] = {}
    for quantity, child in node.entries.items():
        effect = _plain_effect(reading, child)
        if effect == "set":
            found[quantity] = Effect("set", 1)
        elif isinstance(effect, dict):
            if "set" in effect:
                found[quantity] = Effect("flag", 1, effect["set"])
        elif effect:
            found[quantity] = Effect("fixed", effect)
    return found
