"""Writes realistic topologies of any size, the same bytes for the same arguments.

An estate is a row of regions. A region has a warehouse system that is the authority, an ERP, an integration
platform that every message passes, and about twenty spokes: storefronts, stores and 3PLs. Deltas go up to the
warehouse, stock comes down as state or in a nightly file. One region in seven has a defect on the way up,
which spoils its authority; one spoke in five has one on the way down; some facts are left out. Together about
a third of the cells drift.

    python -m benchmarks.generate 1000 --output estate.yaml
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Pools", "Shape", "write_topology"]

Pools: TypeAlias = Literal["own", "items", "one"]
"""How regions are kept apart.

`own`: each region has its own quantities and events, so that its stock is a pool by itself.
`items`: built-in words, each region with its class of items.
`one`: built-in words and no parting, so that every event has to reach every region: nothing converges, and
the number of (origin, cell) pairs grows with the square of the map.
"""

Shape: TypeAlias = Literal["estate", "star"]
"""`estate`: see above. `star`: one hub, every spoke captures orders and receives those of all the others."""

Facts: TypeAlias = dict[str, object]

_SPOKES_PER_REGION = 20
_CORE_PATHS = 2  # receipts into the warehouse, nightly stock into the ERP
_KINDS = ("storefront", "pos", "storefront", "3pl", "pos", "storefront", "pos", "storefront", "3pl", "pos")
_OWNERS = {"storefront": "ecommerce", "pos": "retail", "3pl": "logistics"}
_HOLDS = {"storefront": "available", "pos": "on_hand", "3pl": "on_hand"}
_EVENT_AT = {
    "storefront": ("order_captured", "order_cancelled"),
    "pos": ("pos_sale",),
    "3pl": ("shipment_confirmed",),
    "erp": ("po_received",),
}
_EFFECTS = {
    "order_captured": {"allocated": 1, "available": -1},
    "order_cancelled": {"allocated": -1, "available": 1},
    "pos_sale": {"on_hand": -1, "available": -1},
    "shipment_confirmed": {"on_hand": -1, "allocated": -1},
    "po_received": {"on_hand": 1, "available": 1},
}
_QUANTITIES = ("on_hand", "available", "allocated")
_LEDGER = {
    "key": ["event_id"],
    "retention": "forever",
    "stable_across_retries": True,
    "unique_per_effect": True,
}


@dataclass(slots=True, frozen=True)
class _Spoke:
    id: str
    kind: str
    applies_locally: bool  # counts its own events at once, and is then overwritten from above


@dataclass(slots=True, frozen=True)
class _Region:
    name: str
    health: str  # sound | spoiled | unknown: the way up to the authority
    spokes: tuple[_Spoke, ...]


def write_topology(
    out: TextIO,
    paths: int,
    *,
    seed: int = 1,
    pools: Pools = "own",
    shape: Shape = "estate",
) -> None:
    """Write a topology with exactly `paths` write paths (at least 4) to `out`."""
    # Only random() is used: unlike choice() and shuffle() its numbers are promised never to change.
    dice = random.Random(seed)
    sections = _star(paths) if shape == "star" else _estate(paths, dice, pools)
    out.writelines(sections)


# ── the estate ────────────────────────────────────────────────────────────────────────────────────


def _estate(paths: int, dice: random.Random, pools: Pools) -> Iterator[str]:
    regions = _regions(paths, dice)
    words = _Words(pools)
    yield (
        "handoffmap: 1\n"
        f"name: Estate of {paths} write paths\n"
        f"summary: {len(regions)} regions, generated for measuring.\n"
        f"volume: {{orders_per_month: {50 * paths}}}\n"
    )
    if pools == "own":
        yield "\nquantities:\n"
        for region in regions:
            for quantity in _QUANTITIES:
                yield f"  {words.of(quantity, region)}: {{meaning: count}}\n"
    yield "\nsystems:\n"
    for region in regions:
        yield from _systems(region, words)
    yield "\nevents:\n"
    yield from _events(regions, words)
    yield "\nwrite_paths:\n"
    left = paths
    for region in regions:
        for path in _paths(region, words, dice):
            if left:
                yield path
                left -= 1
    yield "\ncontrols:\n"
    for region in regions:
        yield from _controls(region, words)


def _regions(paths: int, dice: random.Random) -> list[_Region]:
    """As many regions as it takes: a core and two paths for every spoke."""
    regions: list[_Region] = []
    left = paths
    while left > 0:
        name = f"r{len(regions) + 1:04d}"
        left -= _CORE_PATHS
        # A last region of one or two spokes would be no region; its paths go to the one before.
        wanted = (left + 1) // 2
        count = wanted if wanted < _SPOKES_PER_REGION + 4 else _SPOKES_PER_REGION
        left -= 2 * count
        spokes = []
        for number in range(max(count, 1)):
            kind = _KINDS[number % len(_KINDS)]
            spokes.append(_Spoke(f"{name}-{kind}-{number + 1:02d}", kind, dice.random() < 0.05))
        luck = dice.random()
        health = "spoiled" if luck < 0.14 else "unknown" if luck < 0.22 else "sound"
        regions.append(_Region(name, health, tuple(spokes)))
    return regions


@dataclass(slots=True, frozen=True)
class _Words:
    pools: Pools

    def of(self, word: str, region: _Region) -> str:
        """A quantity or an event, in the words of its region."""
        return f"{word}_{region.name}" if self.pools == "own" else word

    def items(self, region: _Region) -> Facts:
        return {"items": [f"range_{region.name}"]} if self.pools == "items" else {}


def _systems(region: _Region, words: _Words) -> Iterator[str]:
    on_hand, available, allocated = (words.of(quantity, region) for quantity in _QUANTITIES)
    own = {"role": "authoritative", "unit": "each"}
    nightly = {"role": "mirror", "unit": "each", "tolerates": "26h"}
    scope = words.items(region)
    yield _entry(f"{region.name}-ipaas", {"kind": "middleware", "owner": "integration"}, flow=True)
    yield _entry(
        f"{region.name}-wms",
        {"kind": "wms", "owner": "warehouse", "item_key": "sku", **scope}
        | {"holds": {on_hand: own, available: own, allocated: own}},
    )
    yield _entry(
        f"{region.name}-erp",
        {"kind": "erp", "owner": "finance", "item_key": "sku", **scope, "holds": {on_hand: nightly}},
    )
    for spoke in region.spokes:
        facts: Facts = {"kind": spoke.kind, "owner": _OWNERS[spoke.kind], "item_key": "sku", **scope}
        facts["holds"] = {words.of(_HOLDS[spoke.kind], region): nightly}
        yield _entry(spoke.id, facts)


def _events(regions: list[_Region], words: _Words) -> Iterator[str]:
    for group in [[region] for region in regions] if words.pools == "own" else [regions]:
        for event, effects in _EFFECTS.items():
            lines = [line for region in group for line in _origins(event, region)]
            if not lines:
                continue
            yield f"  {words.of(event, group[0])}:\n"
            if words.pools == "own":
                moved = {words.of(quantity, group[0]): by for quantity, by in effects.items()}
                yield f"    effects: {_flow(moved)}\n"
                if event == "order_cancelled":
                    yield f"    undoes: {words.of('order_captured', group[0])}\n"
            yield "    at:\n"
            yield from lines


def _origins(event: str, region: _Region) -> Iterator[str]:
    if event == "po_received":
        yield f"      {region.name}-erp: {{applies: []}}\n"
    for spoke in region.spokes:
        if event in _EVENT_AT[spoke.kind]:
            yield f"      {spoke.id}: {{{'' if spoke.applies_locally else 'applies: []'}}}\n"


def _paths(region: _Region, words: _Words, dice: random.Random) -> Iterator[str]:
    yield _receipts(region, words, dice)
    yield _nightly(region, words, f"{region.name}-erp", "on_hand", dice)
    for spoke in region.spokes:
        yield _up(region, words, spoke, dice)
        quantity = _HOLDS[spoke.kind]
        if dice.random() < 0.35:
            yield _nightly(region, words, spoke.id, quantity, dice)
        else:
            yield _down(region, words, spoke, quantity, dice)


def _up(region: _Region, words: _Words, spoke: _Spoke, dice: random.Random) -> str:
    """What happened at a spoke, as deltas to the warehouse."""
    events = _EVENT_AT[spoke.kind]
    facts = _delta(region, words, f"{spoke.id}-up", spoke.id, events)
    facts["owner"] = _OWNERS[spoke.kind]
    _spoil(facts, region, words.of(next(iter(_EFFECTS[events[0]])), region), dice)
    return _item(facts, flow=dice.random() < 0.5)


def _receipts(region: _Region, words: _Words, dice: random.Random) -> str:
    facts = _delta(region, words, f"{region.name}-receipts", f"{region.name}-erp", _EVENT_AT["erp"])
    facts["owner"] = "finance"
    return _item(facts, flow=dice.random() < 0.5)


def _delta(region: _Region, words: _Words, path: str, origin: str, events: tuple[str, ...]) -> Facts:
    moved = [words.of(quantity, region) for quantity in _EFFECTS[events[0]]]
    return {
        "id": path,
        "from": origin,
        "via": [f"{region.name}-ipaas"],
        "to": f"{region.name}-wms",
        "events": [words.of(event, region) for event in events],
        "trigger": "webhook",
        "payload": "delta",
        "op": "adjust",
        "maps": {quantity: quantity for quantity in moved},
        "delivery": "at_least_once",
        "dedupe": _LEDGER,
        "retry": {"max_attempts": "unlimited", "every": "30s"},
        "handoff": "outbox",
        "ack": "after_commit",
        "guard": "none",
        "latency": "30s",
    }


def _spoil(facts: Facts, region: _Region, quantity: str, dice: random.Random) -> None:
    """Give a way up its region's defect or gap, on one path in four."""
    luck, kind = dice.random(), dice.random()
    if region.health == "sound" or luck > 0.25:
        return
    if region.health == "unknown":
        del facts["dedupe" if kind < 0.5 else "handoff"]
    elif kind < 0.5:
        facts["dedupe"] = "none"
    elif kind < 0.75:
        facts["maps"] = {**_table(facts["maps"]), quantity: None}
    else:
        facts["handoff"] = "fire_and_forget"


def _down(region: _Region, words: _Words, spoke: _Spoke, quantity: str, dice: random.Random) -> str:
    """Stock from the warehouse to a spoke, pushed as state on every change."""
    word = words.of(quantity, region)
    facts: Facts = {
        "id": f"{spoke.id}-stock",
        "from": f"{region.name}-wms",
        "via": [f"{region.name}-ipaas"],
        "to": spoke.id,
        "owner": "integration",
        "trigger": "queue",
        "payload": "state",
        "op": "set",
        "base": "source",
        "maps": {word: word},
        "delivery": "at_least_once",
        "order": "none",
        "guard": "version",
        "retry": {"max_attempts": "unlimited", "every": "30s"},
        "handoff": "outbox",
        "ack": "after_commit",
        "latency": "20s",
    }
    luck = dice.random()
    if luck < 0.10:
        facts["guard"] = "none"  # an older value may land last
    elif luck < 0.18:
        facts["events"] = [words.of("po_received", region)]  # sales do not trigger it
    elif luck < 0.24:
        facts["maps"] = {word: None}
    elif luck < 0.32:
        del facts["guard"]
    return _item(facts, flow=dice.random() < 0.5)


def _nightly(region: _Region, words: _Words, to: str, quantity: str, dice: random.Random) -> str:
    """The whole stock, once a night."""
    word = words.of(quantity, region)
    facts: Facts = {
        "id": f"{to}-nightly",
        "from": f"{region.name}-wms",
        "via": [f"{region.name}-ipaas"],
        "to": to,
        "owner": "integration",
        "trigger": "schedule",
        "schedule": {"every": "24h", "covers": "full", "time_zone": "UTC"},
        "payload": "state",
        "op": "set",
        "base": "source",
        "maps": {word: word},
        "delivery": "at_least_once",
        "only_if_changed": False,
        "latency": "15m",
    }
    luck = dice.random()
    if luck < 0.08:
        facts["maps"] = {word: None}
    elif luck < 0.14:
        facts["schedule"] = {"every": "24h", "time_zone": "UTC"}  # full or changed rows only? nobody knows
    return _item(facts, flow=dice.random() < 0.5)


def _controls(region: _Region, words: _Words) -> Iterator[str]:
    wms = f"{region.name}-wms"
    gate: Facts = {"id": f"{region.name}-pick-gate", "kind": "gate", "at": "fulfilment", "owner": "warehouse"}
    gate |= {"reads": f"{wms}.{words.of('available', region)}", "on_mismatch": "block"}
    yield _item(gate)
    on_hand = words.of("on_hand", region)
    compare = {"authority": f"{wms}.{on_hand}", "mirror": f"{region.name}-erp.{on_hand}"}
    recount: Facts = {"id": f"{region.name}-recount", "kind": "reconciliation", "compare": compare}
    recount |= {"every": "24h", "scope": "full", "on_mismatch": "alert", "last_success_monitored": True}
    yield _item(recount | {"owner": "finance"})


# ── the star ──────────────────────────────────────────────────────────────────────────────────────


def _star(paths: int) -> Iterator[str]:
    """Every order of every spoke goes to the hub, and from there to every spoke."""
    spokes = [f"shop-{number:06d}" for number in range(1, max(paths // 2, 1) + 1)]
    held = {"role": "mirror", "unit": "each"}
    yield f"handoffmap: 1\nname: Star of {paths} write paths\nvolume: {{orders_per_month: {50 * paths}}}\n"
    yield "\nsystems:\n"
    holds = {"available": {"role": "authoritative", "unit": "each"}}
    yield _entry("hub", {"kind": "inventory_hub", "owner": "platform", "item_key": "sku", "holds": holds})
    for spoke in spokes:
        facts: Facts = {"kind": "storefront", "owner": "ecommerce", "item_key": "sku"}
        yield _entry(spoke, {**facts, "holds": {"available": held}})
    yield "\nevents:\n  order_captured:\n    at:\n"
    for spoke in spokes:
        yield f"      - {spoke}\n"
    yield "\nwrite_paths:\n"
    for number in range(paths):
        spoke = spokes[number // 2 % len(spokes)]
        ends = ("hub", spoke) if number % 2 else (spoke, "hub")
        yield _item(
            {
                "id": f"path-{number:06d}",
                "from": ends[0],
                "to": ends[1],
                "owner": "integration",
                "events": ["order_captured"],
                "trigger": "webhook",
                "payload": "delta",
                "op": "adjust",
                "maps": {"available": "available"},
                "delivery": "at_least_once",
                "dedupe": _LEDGER,
                "retry": {"max_attempts": "unlimited", "every": "30s"},
                "handoff": "outbox",
                "ack": "after_commit",
                "guard": "none",
                "origin_tag": True,
                "latency": "30s",
            },
            flow=bool(number % 4),
        )
    yield "\ncontrols: []\n"


# ── YAML by hand: a hundred thousand paths in seconds ─────────────────────────────────────────────


def _entry(key: str, facts: Facts, *, flow: bool = False) -> str:
    """One system, in block style or on one line."""
    if flow:
        return f"  {key}: {_flow(facts)}\n"
    return f"  {key}:\n" + "".join(_lines(facts, "    ", flow=False))


def _item(facts: Facts, *, flow: bool = True) -> str:
    """One entry of a list, its nested tables in flow or in block style."""
    text = "".join(_lines(facts, "    ", flow=flow))
    return "  - " + text[4:]


def _lines(table: Mapping[str, object], indent: str, *, flow: bool) -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict) and not flow:
            # What stands inside a table of a table stays on its line, as people write it.
            yield f"{indent}{key}:\n"
            yield from _lines(value, indent + "  ", flow=True)
        else:
            yield f"{indent}{key}: {_flow(value)}\n"


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _table(value: object) -> Facts:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def main() -> None:
    """Write a topology to a file or to standard output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", type=int, help="number of write paths")
    parser.add_argument("--output", type=Path, help="file to write (default: standard output)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pools", choices=get_args(Pools), default="own")
    parser.add_argument("--shape", choices=get_args(Shape), default="estate")
    given = parser.parse_args()
    if given.output is None:
        write_topology(sys.stdout, given.paths, seed=given.seed, pools=given.pools, shape=given.shape)
        return
    with given.output.open("w", encoding="utf-8", newline="\n") as out:
        write_topology(out, given.paths, seed=given.seed, pools=given.pools, shape=given.shape)


if __name__ == "__main__":
    main()
