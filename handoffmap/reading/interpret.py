"""Nodes → **what one file says**: entries with their facts, before files are merged and names are looked up.

Every defect becomes a located `Problem`; an entry that cannot be used is left out, a fact that cannot be used
is left unknown, and reading goes on, so that one run tells all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from handoffmap.model import EMPTY, Control, OwnQuantity, Place, Waiver
from handoffmap.reading.event_entries import effects, events, origins
from handoffmap.reading.makers import FIELDS, MAKERS, TABLE_READERS, place_of, plain, stated_keys, table_of
from handoffmap.reading.named import named_entries
from handoffmap.reading.path_entries import fields, maps, via, write_paths
from handoffmap.reading.readers import TableReader
from handoffmap.reading.scalar_readers import is_id
from handoffmap.reading.session import Reading, says_unknown, shorten, told_node
from handoffmap.reading.shape import TABLES
from handoffmap.reading.system_entries import holds, item_classes, systems
from handoffmap.reading.volume import VOLUME_KEYS, fits
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.vocabulary import QUANTITIES

if TYPE_CHECKING:
    from fractions import Fraction

    from handoffmap.model import Event, System, WritePath
    from handoffmap.reading.scalar_readers import Reader
    from handoffmap.text.node import Node
    from handoffmap.text.problem import Problem
    from handoffmap.text.source import Source
    from handoffmap.text.suggest import Suggester

__all__ = ["RawTopology", "interpret"]

HAS_ID = ("id",)
_VOLUME_KEYS = tuple(VOLUME_KEYS)
_plain_waivers = plain("file", "waivers")
_plain_quantities = plain("file", "quantities")
_plain_quantity = plain("file", "quantities", "entries")
_plain_volume = plain("file", "volume")
_plain_include = plain("file", "include")


@dataclass(slots=True)
class RawTopology:
    """What one file says. Names in it are not looked up yet: they may be declared in another file."""

    place: Place
    name: str | None = None
    summary: str | None = None
    notes: str | None = None
    complete: bool | None = None
    volume: dict[str, Fraction] = field(default_factory=dict)
    include: tuple[tuple[str, Node], ...] = ()
    systems: dict[str, System] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    write_paths: dict[str, WritePath] = field(default_factory=dict)
    controls: dict[str, Control] | None = None
    waivers: tuple[Waiver, ...] = ()
    quantities: dict[str, OwnQuantity] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    """Ids of entries that are there and cannot be used: naming one is no second error."""
    doubtful: set[str] = field(default_factory=set)
    """Systems whose `holds` has an error: what they hold is not judged by."""


def interpret(
    root: Node, source: Source, *, included: bool = False, suggest: Suggester | None = None
) -> tuple[RawTopology, list[Problem]]:
    """Read one file's nodes. `included`: it is part of another, and need not state the format version.

    Gives what could be understood and every problem of this file by itself, in no particular order.
    """
    reading = Reading(source, suggest)
    if root.__class__ is not Table:
        message = f"A topology is a mapping that starts with `handoffmap: 1`, not {told_node(root)}"
        reading.report("wrong-type", message, reading.at(root))
        return RawTopology(Place(source, Table(root.start), root.start, 0)), reading.problems
    table = root
    first = _entry_of_file(table)
    facts = TABLE_READERS["file"](reading, table, given=("handoffmap",) if included else ())
    facts.pop("handoffmap", None)
    raw = RawTopology(
        Place(source, table, first, len("handoffmap")), **facts, lost=reading.lost, doubtful=reading.doubtful
    )
    return raw, reading.problems


def _entry_of_file(root: Table) -> int:
    return root.key_start("handoffmap") if "handoffmap" in root.entries else root.start


def _controls(reading: Reading, node: Node) -> dict[str, Control] | None:
    if says_unknown(node):
        return None
    controls: dict[str, Control] = {}
    for entry in named_entries(reading, node, "controls", "control", "Control"):
        facts = TABLE_READERS["control"](reading, entry.node, entry, HAS_ID)
        facts.pop("id", None)
        stated = stated_keys(tuple(facts))
        facts.update(facts.pop("compare", EMPTY))
        if "kind" in facts:
            controls[entry.id] = Control(entry.id, place_of(reading, entry), **facts, stated=stated)
    return controls


def _waivers(reading: Reading, node: Node) -> tuple[Waiver, ...] | None:
    if node.__class__ is not Items:
        return cast("None", _plain_waivers(reading, node))
    waivers: list[Waiver] = []
    for child in node.items:
        if child.__class__ is not Table:
            message = f"An entry of `waivers` must be a mapping, not {told_node(child)}"
            reading.report("wrong-type", message, reading.at(child))
            continue
        table = child
        facts = TABLE_READERS["waiver"](reading, table)
        if "rule" in facts and "subject" in facts:
            name = table.entries["rule"]
            waivers.append(Waiver(**facts, place=Place(reading.source, table, name.start, len(facts["rule"]))))
    return tuple(waivers)


def _quantities(reading: Reading, node: Node) -> dict[str, OwnQuantity] | None:
    if node.__class__ is not Table:
        return cast("None", _plain_quantities(reading, node))
    table = node
    own: dict[str, OwnQuantity] = {}
    keys = table.keys
    for name, child in table.entries.items():
        if not is_id(name):
            message = f"`{shorten(name)}` cannot be the name of a quantity: letters, digits, _ and - only"
            reading.report("wrong-type", message, reading.at_key(table, name))
        elif name in QUANTITIES:
            reading.report(
                "duplicate-id",
                f"`{name}` is built in and cannot be defined again",
                reading.at_key(table, name),
            )
        else:
            facts = _plain_quantity(reading, child) or {}
            facts = {"meaning": facts} if isinstance(facts, str) else facts
            facts.pop("notes", None)
            place = Place(reading.source, table_of(child, keys[name]), keys[name], len(name))
            own[name] = OwnQuantity(name, place, **facts)
    return own


def _volume(reading: Reading, node: Node) -> dict[str, Fraction] | None:
    figures = cast("dict[str, Fraction] | None", _plain_volume(reading, node))
    if figures is None:
        return None
    table = cast("Table", node)
    for key, figure in figures.items():
        known = VOLUME_KEYS.get(key)
        if known is None:
            _misspelt(reading, table, key)
        elif not fits(key, figure):
            message = f"`{key}` is a {known.unit}, and {told_node(table.entries[key])} cannot be one"
            reading.report("wrong-type", message, reading.at(table.entries[key]))
    return figures


def _misspelt(reading: Reading, table: Table, key: str) -> None:
    """Other figures may be kept in `volume`, but a name that is one letter off a known one is an error."""
    from difflib import get_close_matches

    if get_close_matches(key[:80], _VOLUME_KEYS, n=1, cutoff=0.93):
        message = f"`{shorten(key)}` is not a key of `volume`"
        reading.report("unknown-key", message, reading.at_key(table, key), written=key, allowed=_VOLUME_KEYS)


def _include(reading: Reading, node: Node) -> tuple[tuple[str, Node], ...] | None:
    names = _plain_include(reading, node)
    if names is None:
        return None
    nodes = node.items if node.__class__ is Items else [node]
    return tuple((each.text, each) for each in nodes if isinstance(each, Scalar) and each.text in names)


_CUSTOM: dict[str, dict[str, Reader]] = {
    "file": {
        "systems": systems,
        "events": events,
        "write_paths": write_paths,
        "controls": _controls,
        "waivers": _waivers,
        "quantities": _quantities,
        "volume": _volume,
        "include": _include,
    },
    "system": {"holds": holds, "items": item_classes},
    "event": {"at": origins, "effects": effects},
    "path": {"via": via, "maps": maps, "fields": fields, "items": item_classes},
}

TABLE_READERS.update(
    {name: TableReader(MAKERS, name, FIELDS if name == "path" else {}, _CUSTOM.get(name, {})) for name in TABLES}
)
