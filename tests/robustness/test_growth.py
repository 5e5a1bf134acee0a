"""Twice the map, twice the work: counted in calls, which are the same on every machine, and not in seconds.

One shape for each way in which many paths can meet: nothing may be asked of each pair of them. Not here: origins that
are connected differently, each of which is walked by itself up to a budget; and whole values from all sides into one
cell, which looks for ways round through each of them.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import yaml

from handoffmap.check import diagnose
from handoffmap.reading.load import load
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.model import Topology

Map = dict[str, object]
SAFE: Map = {
    "trigger": "webhook", "payload": "delta", "op": "adjust", "maps": {"available": "available"},
    "delivery": "at_least_once", "handoff": "outbox", "ack": "after_commit", "guard": "none",
    "dedupe": {"key": ["event_id"], "retention": "forever", "stable_across_retries": True, "unique_per_effect": True},
}  # fmt: skip
SHOP: Map = {"kind": "storefront", "holds": {"available": "mirror"}}
HUB: Map = {"kind": "inventory_hub", "holds": {"available": "authoritative"}}


def _star(shops: int, inward: Map, outward: Map | None, events: tuple[str, ...]) -> Map:
    """A hub, into which each shop sends what happens there, and which perhaps sends all of it on to each."""
    names = [f"shop-{number:05}" for number in range(shops)]
    paths: list[Map] = [
        {"id": f"{name}-in", "from": name, "to": "hub", "events": [*events], **inward} for name in names
    ]
    if outward is not None:
        paths += [{"id": f"{name}-out", "from": "hub", "to": name, "events": [*events], **outward} for name in names]
    return {
        "handoffmap": 1,
        "systems": {"hub": HUB} | dict.fromkeys(names, SHOP),
        "events": {event: {"at": names} for event in events},
        "write_paths": paths,
    }


ORDERS = ("order_captured",)
BOTH = ("order_captured", "order_cancelled")
OPEN: Map = {"maps": {"available": "available"}}
WHOLE: Map = {"trigger": "webhook", "payload": "state", "op": "set", "maps": {"available": "available"}}
ONE_LEDGER: Map = {**SAFE, "dedupe": {**SAFE["dedupe"], "ledger": "orders"}}  # type: ignore[dict-item]


def _chain(systems: int) -> Map:
    names = [f"s{number:05}" for number in range(systems)]
    return {
        "handoffmap": 1,
        "systems": {name: {"kind": "oms", "holds": {"available": "mirror"}} for name in names},
        "events": {"order_captured": {"at": names[:1]}},
        "write_paths": [
            {"id": f"to-{there}", "from": here, "to": there, "events": ["order_captured"], **SAFE}
            for here, there in pairwise(names)
        ],
    }


SHAPES: dict[str, Callable[[int], Map]] = {
    "a hub that hears of all": lambda size: _star(size, SAFE, None, ORDERS),
    "a hub that sends all of it on": lambda size: _star(size, SAFE, {**SAFE, "origin_tag": True}, ORDERS),
    "a hub of which little is known": lambda size: _star(size, OPEN, OPEN, ORDERS),
    "orders and what cancels them": lambda size: _star(
        size, {**SAFE, "op": "reserve"}, {**SAFE, "op": "reserve", "origin_tag": True}, BOTH
    ),
    "whole values one way, amounts the other": lambda size: _star(size, SAFE, WHOLE, BOTH),
    "one ledger for all": lambda size: _star(size, ONE_LEDGER, None, BOTH),
    "a chain": _chain,
}


def _read(found: Map) -> Topology:
    topology, problems = load(Source("map.yaml", yaml.safe_dump(found, sort_keys=False)), {})
    assert not problems
    assert topology is not None
    return topology


def _calls(topology: Topology) -> int:
    """Python calls that a diagnosis takes."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        diagnose(topology)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_map_takes_twice_the_work(shape: str) -> None:
    small, large = (_read(SHAPES[shape](size)) for size in (100, 200))
    diagnose(small)  # what is imported and worked out once counts for neither
    assert _calls(large) < 2.5 * _calls(small)
