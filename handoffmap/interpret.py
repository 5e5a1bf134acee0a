"""Nodes → **what one file says**: entries with their facts, before files are merged and names are looked up.

Every defect becomes a located `Problem`; an entry that cannot be used is left out, a fact that cannot be used is left
unknown, and reading goes on, so that one run tells all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, cast

from handoffmap.model import (
    EMPTY,
    Batch,
    Cell,
    Control,
    DeadLetter,
    Dedupe,
    Event,
    FieldMapping,
    Holding,
    Hop,
    ItemKey,
    Lane,
    Limits,
    Origin,
    OwnQuantity,
    Place,
    Poll,
    QuantityMapping,
    Retry,
    Schedule,
    Subscription,
    System,
    Term,
    Waiver,
    WritePath,
)
from handoffmap.node import Items, Node, Scalar, Table
from handoffmap.readers import (
    Entry,
    Makers,
    Reader,
    Reading,
    TableReader,
    empty,
    explicit_null,
    is_id,
    reader_of,
    shorten,
)
from handoffmap.shape import TABLES, UNKNOWN, Value
from handoffmap.vocabulary import ADDING, BUILT_IN_EVENTS, QUANTITIES, UNDOES, WRITING, Delivery, Effect, words
from handoffmap.volume import VOLUME_KEYS, fits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from handoffmap.problem import Problem
    from handoffmap.source import Source
    from handoffmap.suggest import Suggester

__all__ = ["RawTopology", "interpret", "weakest"]

_DELIVERIES = words(Delivery)  # from the weakest to the strongest


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
    reading = _FileReading(source, suggest)
    if root.__class__ is not Table:
        message = f"A topology is a mapping that starts with `handoffmap: 1`, not {_told(root)}"
        reading.report("wrong-type", message, reading.at(root))
        return RawTopology(Place(source, Table(root.start), root.start, 0)), reading.problems
    table = cast("Table", root)
    first = _entry_of_file(table)
    facts = _TABLES["file"](reading, table, given=("handoffmap",) if included else ())
    facts.pop("handoffmap", None)
    raw = RawTopology(
        Place(source, table, first, len("handoffmap")), **facts, lost=reading.lost, doubtful=reading.doubtful
    )
    return raw, reading.problems


class _FileReading(Reading):
    """A reading that also remembers which entries could not be used."""

    __slots__ = ("doubtful", "lost")

    def __init__(self, source: Source, suggest: Suggester | None) -> None:
        super().__init__(source, suggest)
        self.lost: set[str] = set()
        self.doubtful: set[str] = set()


def weakest(deliveries: list[Delivery]) -> Delivery | None:
    """The delivery that a chain of hops comes down to; None where none of them is known."""
    return min(deliveries, key=_DELIVERIES.index) if deliveries else None


def _entry_of_file(root: Table) -> int:
    return root.key_start("handoffmap") if "handoffmap" in root.entries else root.start


def _told(node: Node) -> str:
    if isinstance(node, Scalar):
        return f"`{shorten(node.text)}`" if node.text else "nothing"
    return "a list" if isinstance(node, Items) else "a mapping"


# -- named entries ----------------------------------------------------------------------------------------------------


def _named(reading: Reading, node: Node, label: str, table: str, called: str) -> Iterator[Entry]:
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
        yield from _by_key(reading, cast("Table", node), label, table, called)
    elif node.__class__ is Items and table == "event":
        yield from _bare(reading, cast("Items", node), label, called)
    elif node.__class__ is Items:
        yield from _by_id(reading, cast("Items", node), label, table, called)
    elif not _unknown(node):
        reading.wrong_form(node, f"`{label}`", TABLES["file"].keys[label].value)


def _by_key(reading: Reading, node: Table, label: str, table: str, called: str) -> Iterator[Entry]:
    keys = node.keys
    for name, child in node.entries.items():
        start = keys[name]
        if not is_id(name):
            message = f"`{shorten(name)}` cannot be the name of {TABLES[table].called}: letters, digits, _ and - only"
            reading.report("wrong-type", message, reading.at_key(node, name))
            _lose(reading, name)
        elif child.__class__ is Table:
            yield Entry(name, cast("Table", child), start, len(name), f"{called} `{name}`")
        elif empty(child) or explicit_null(child):
            yield Entry(name, Table(start), start, len(name), f"{called} `{name}`")
        else:
            message = f"`{name}` in `{label}` must be a mapping, not {_told(child)}"
            reading.report("wrong-type", message, reading.at(child))
            _lose(reading, name)


def _by_id(reading: Reading, node: Items, label: str, table: str, called: str) -> Iterator[Entry]:
    for child in node.items:
        if child.__class__ is not Table:
            message = f"An entry of `{label}` must be a mapping, not {_told(child)}"
            reading.report("wrong-type", message, reading.at(child))
            continue
        entries = cast("Table", child).entries
        name = entries.get("id")
        if name.__class__ is Scalar and is_id(cast("Scalar", name).text):
            scalar = cast("Scalar", name)
            yield Entry(scalar.text, cast("Table", child), scalar.start, len(scalar.text), f"{called} `{scalar.text}`")
        else:
            # The other keys are read all the same: what is wrong in them is told in this run, not in the next.
            _TABLES[table](reading, cast("Table", child))
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


def _lose(reading: Reading, name: str) -> None:
    """Remember an entry that is there and cannot be used."""
    cast("_FileReading", reading).lost.add(name)


# -- systems ----------------------------------------------------------------------------------------------------------


def _systems(reading: Reading, node: Node) -> dict[str, System]:
    return {entry.id: _system(reading, entry) for entry in _named(reading, node, "systems", "system", "System")}


def _system(reading: Reading, entry: Entry) -> System:
    before = len(reading.problems)
    facts = _TABLES["system"](reading, entry.node, entry)
    if len(reading.problems) != before:
        cast("_FileReading", reading).doubtful.add(entry.id)
    facts.pop("id", None)
    stated = _stated(tuple(facts))
    allocates = facts.get("allocates")
    if isinstance(allocates, dict):
        facts.update(allocates, allocates=True)
    return System(entry.id, _place(reading, entry), facts.pop("kind", ()), **facts, stated=stated)


def _holds(reading: Reading, node: Node) -> dict[str, Holding] | None:
    if node.__class__ is Items:
        return _listed_holdings(reading, cast("Items", node))
    if node.__class__ is not Table:
        return cast("None", _plain_holds(reading, node))
    table = cast("Table", node)
    held: dict[str, Holding] = {}
    keys = table.keys
    for quantity, child in table.entries.items():
        place = Place(reading.source, _table_or_none(child, keys[quantity]), keys[quantity], len(quantity))
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


def _item_classes(reading: Reading, node: Node) -> tuple[str, ...] | None:
    """`all` is what leaving it out says."""
    classes = _plain_items(reading, node)
    return None if classes == "all" else classes


# -- events -----------------------------------------------------------------------------------------------------------


def _events(reading: Reading, node: Node) -> dict[str, Event]:
    return {entry.id: _event(reading, entry) for entry in _named(reading, node, "events", "event", "Event")}


def _event(reading: Reading, entry: Entry) -> Event:
    facts = _TABLES["event"](reading, entry.node, entry)
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
        place=_place(reading, entry),
        origins=origins,
        effects=_own_effects(reading, entry, facts) if built_in is None else built_in,
        undoes=facts.get("undoes") if built_in is None else _narrowed(reading, entry),
        per_1000_orders=facts.get("per_1000_orders"),
        built_in=built_in is not None,
    )


def _own_effects(reading: Reading, entry: Entry, facts: dict[str, Any]) -> dict[str, Effect]:
    effects = facts.get("effects")
    if effects is None and ("effects" not in entry.node.entries or _unknown(entry.node.entries["effects"])):
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


def _origins(reading: Reading, node: Node) -> tuple[Origin, ...] | None:
    if node.__class__ is Scalar:
        name = _plain_origins(reading, node)
        return None if name is None else tuple(Origin(system) for system in name)
    if node.__class__ is Items:
        found: list[Origin] = []
        for item in cast("Items", node).items:
            if item.__class__ is Items:
                reading.wrong_form(item, "`at`", TABLES["event"].keys["at"].value)
            else:
                found.extend(_origins(reading, item) or ())
        return tuple(found) or None
    table = cast("Table", node)
    return tuple(Origin(system, **_origin_facts(reading, child)) for system, child in table.entries.items()) or None


def _origin_facts(reading: Reading, node: Node) -> dict[str, Any]:
    return cast("dict[str, Any]", _plain_origin(reading, node)) or {}


def _effects(reading: Reading, node: Node) -> dict[str, Effect] | None:
    if node.__class__ is not Table:
        return cast("None", _plain_effects(reading, node))
    found: dict[str, Effect] = {}
    for quantity, child in cast("Table", node).entries.items():
        effect = _plain_effect(reading, child)
        if effect == "set":
            found[quantity] = Effect("set", 1)
        elif isinstance(effect, dict):
            if "set" in effect:
                found[quantity] = Effect("flag", 1, effect["set"])
        elif effect:
            found[quantity] = Effect("fixed", effect)
    return found


# -- write paths ------------------------------------------------------------------------------------------------------


def _write_paths(reading: Reading, node: Node) -> dict[str, WritePath]:
    read = _TABLES["path"]
    paths: dict[str, WritePath] = {}
    for entry in _named(reading, node, "write_paths", "path", "Write path"):
        facts = read(reading, entry.node, entry, _HAS_ID)
        if "source" in facts and "target" in facts:
            paths[entry.id] = _write_path(_place(reading, entry), entry.id, facts)
        else:
            _lose(reading, entry.id)
    return paths


_HAS_ID = ("id",)


def _write_path(place: Place, name: str, facts: dict[str, Any]) -> WritePath:
    facts["stated"] = _stated(tuple(facts))
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


def _via(reading: Reading, node: Node) -> tuple[Hop, ...] | None:
    if node.__class__ is Scalar:
        hop = _plain_relay(reading, node)
        return None if hop is None else (hop,)
    if node.__class__ is Table:
        return tuple(_hop_by_name(reading, cast("Table", node)))
    hops: list[Hop] = []
    for item in cast("Items", node).items:
        if item.__class__ is Table and "system" not in cast("Table", item).entries:
            hops.extend(_hop_by_name(reading, cast("Table", item)))
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
        _TABLES["hop"](reading, node)  # a hop whose `system` is missing: say so
        return
    for name, child in node.entries.items():
        if child.__class__ is Table:
            facts = _TABLES["hop"](reading, cast("Table", child), given=("system",))
            yield Hop(**{**facts, "system": name})
        elif empty(child) or explicit_null(child):
            yield Hop(name)
        else:
            message = f"`{shorten(name)}` under `via` must be a mapping, not {_told(child)}"
            reading.report("wrong-type", message, reading.at(child))


@lru_cache(maxsize=1024)
def _mapped_to(quantity: str) -> QuantityMapping:
    return QuantityMapping(quantity)


_DROPPED = QuantityMapping(None)
_FIELD_DROPPED = FieldMapping(dropped=True)


def _maps(reading: Reading, node: Node) -> dict[str, QuantityMapping | None] | None:
    if node.__class__ is not Table:
        return cast("None", _plain_maps(reading, node))
    mapped: dict[str, QuantityMapping | None] = {}
    for quantity, child in cast("Table", node).entries.items():
        if child.__class__ is Table:
            mapped[quantity] = _mapping(reading, cast("Table", child))
        elif explicit_null(child):
            mapped[quantity] = _DROPPED
        else:
            to = _plain_mapping(reading, child)
            mapped[quantity] = None if to is None else _mapped_to(to)
    return mapped


def _mapping(reading: Reading, node: Table) -> QuantityMapping | None:
    facts = _TABLES["mapping"](reading, node)
    if "minus" in facts:
        facts["minus"] = tuple(Term(term.system, term.quantity, -term.sign) for term in facts["minus"])  # type: ignore[arg-type]  # 1 or -1
    if "to" in facts or ("to" in node.entries and explicit_null(node.entries["to"])):
        return QuantityMapping(**{"to": None, **facts})
    return None


def _fields(reading: Reading, node: Node) -> dict[str, FieldMapping | None] | None:
    if node.__class__ is not Table:
        return cast("None", _plain_fields(reading, node))
    mapped: dict[str, FieldMapping | None] = {}
    for name, child in cast("Table", node).entries.items():
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


# -- controls, waivers, own quantities, volume ------------------------------------------------------------------------


def _controls(reading: Reading, node: Node) -> dict[str, Control] | None:
    if _unknown(node):
        return None
    controls: dict[str, Control] = {}
    for entry in _named(reading, node, "controls", "control", "Control"):
        facts = _TABLES["control"](reading, entry.node, entry, _HAS_ID)
        facts.pop("id", None)
        stated = _stated(tuple(facts))
        facts.update(facts.pop("compare", EMPTY))
        if "kind" in facts:
            controls[entry.id] = Control(entry.id, _place(reading, entry), **facts, stated=stated)
    return controls


def _waivers(reading: Reading, node: Node) -> tuple[Waiver, ...] | None:
    if node.__class__ is not Items:
        return cast("None", _plain_waivers(reading, node))
    waivers: list[Waiver] = []
    for child in cast("Items", node).items:
        if child.__class__ is not Table:
            message = f"An entry of `waivers` must be a mapping, not {_told(child)}"
            reading.report("wrong-type", message, reading.at(child))
            continue
        table = cast("Table", child)
        facts = _TABLES["waiver"](reading, table)
        if "rule" in facts and "subject" in facts:
            name = table.entries["rule"]
            waivers.append(Waiver(**facts, place=Place(reading.source, table, name.start, len(facts["rule"]))))
    return tuple(waivers)


def _quantities(reading: Reading, node: Node) -> dict[str, OwnQuantity] | None:
    if node.__class__ is not Table:
        return cast("None", _plain_quantities(reading, node))
    table = cast("Table", node)
    own: dict[str, OwnQuantity] = {}
    keys = table.keys
    for name, child in table.entries.items():
        if not is_id(name):
            message = f"`{shorten(name)}` cannot be the name of a quantity: letters, digits, _ and - only"
            reading.report("wrong-type", message, reading.at_key(table, name))
        elif name in QUANTITIES:
            reading.report("duplicate-id", f"`{name}` is built in and cannot be defined again", reading.at_key(table, name))
        else:
            facts = _plain_quantity(reading, child) or {}
            facts = {"meaning": facts} if isinstance(facts, str) else facts
            facts.pop("notes", None)
            place = Place(reading.source, _table_or_none(child, keys[name]), keys[name], len(name))
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
            message = f"`{key}` is a {known.unit}, and {shorten(cast('Scalar', table.entries[key]).text)} cannot be one"
            reading.report("wrong-type", message, reading.at(table.entries[key]))
    return figures


def _misspelt(reading: Reading, table: Table, key: str) -> None:
    """Other figures may be kept in `volume`, but a name that is one letter off a known one is an error."""
    from difflib import get_close_matches  # noqa: PLC0415 - start-up: hardly ever needed

    if get_close_matches(key[:80], _VOLUME_KEYS, n=1, cutoff=0.93):
        message = f"`{shorten(key)}` is not a key of `volume`"
        reading.report("unknown-key", message, reading.at_key(table, key), written=key, allowed=_VOLUME_KEYS)


def _include(reading: Reading, node: Node) -> tuple[tuple[str, Node], ...] | None:
    names = _plain_include(reading, node)
    if names is None:
        return None
    nodes = cast("Items", node).items if node.__class__ is Items else [node]
    return tuple((each.text, each) for each in nodes if isinstance(each, Scalar) and each.text in names)


def _unknown(node: Node) -> bool:
    """Whether what follows a key says that nobody knows."""
    return isinstance(node, Scalar) and (node.text == UNKNOWN or empty(node) or explicit_null(node))


# -- what the shape does not say --------------------------------------------------------------------------------------


def _place(reading: Reading, entry: Entry) -> Place:
    return Place(reading.source, entry.node, entry.start, entry.width)


def _table_or_none(node: Node, start: int) -> Table:
    return cast("Table", node) if node.__class__ is Table else Table(start)


@lru_cache(maxsize=4096)
def _stated(fields: tuple[str, ...]) -> frozenset[str]:
    """The keys of the file for these fields, shared between entries that state the same ones."""
    return frozenset(_KEYS.get(name, name) for name in fields)


_KEYS = {"source": "from", "target": "to", "except_": "except"}
_FIELDS = {key: name for name, key in _KEYS.items()}
_BUILT_IN = tuple(BUILT_IN_EVENTS)
_VOLUME_KEYS = tuple(VOLUME_KEYS)


def _item_key(facts: dict[str, Any]) -> ItemKey | None:
    return ItemKey(**facts) if "field" in facts else None


def _subscription(facts: dict[str, Any]) -> Subscription:
    lapses = facts.get("lapses_after_failures")
    if lapses in {"true", "false"}:
        facts["lapses_after_failures"] = lapses == "true"
    return Subscription(**facts)


def _of(made: Any) -> Any:
    return lambda facts: made(**facts)


_MAKERS = Makers(
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


def _plain(table: str, key: str, part: Literal["whole", "entries", "items"] = "whole") -> Reader:
    """The reader that follows the shape alone, for what a reader of this module leaves to it."""
    value = TABLES[table].keys[key].value
    label = _LABELS.get((key, part), f"`{key}`" if part == "whole" else f"an entry of `{key}`")
    if part != "whole":
        value = cast("Value", value.entries if part == "entries" else value.items)
    return reader_of(_MAKERS, label, value)


_LABELS = {("holds", "entries"): "`role`", ("quantities", "entries"): "`meaning`"}


_plain_holds = _plain("system", "holds")
_plain_name = _plain("system", "holds", "items")
_plain_holding = _plain("system", "holds", "entries")
_plain_items = _plain("system", "items")
_plain_origins = _plain("event", "at")
_plain_origin = _plain("event", "at", "entries")
_plain_effects = _plain("event", "effects")
_plain_effect = _plain("event", "effects", "entries")
_plain_relay = _plain("path", "via", "items")
_plain_maps = _plain("path", "maps")
_plain_mapping = _plain("path", "maps", "entries")
_plain_fields = _plain("path", "fields")
_plain_field = _plain("path", "fields", "entries")
_plain_waivers = _plain("file", "waivers")
_plain_quantities = _plain("file", "quantities")
_plain_quantity = _plain("file", "quantities", "entries")
_plain_volume = _plain("file", "volume")
_plain_include = _plain("file", "include")

_CUSTOM: dict[str, dict[str, Reader]] = {
    "file": {
        "systems": _systems,
        "events": _events,
        "write_paths": _write_paths,
        "controls": _controls,
        "waivers": _waivers,
        "quantities": _quantities,
        "volume": _volume,
        "include": _include,
    },
    "system": {"holds": _holds, "items": _item_classes},
    "event": {"at": _origins, "effects": _effects},
    "path": {"via": _via, "maps": _maps, "fields": _fields, "items": _item_classes},
}

_TABLES = _MAKERS.tables
_TABLES.update({name: TableReader(_MAKERS, name, _FIELDS if name == "path" else {}, _CUSTOM.get(name, {})) for name in TABLES})
