"""A map of two counts for each kind of write and each fault: nothing but that fault can happen in it.

Events happen at the source, whose count is right by itself; one path carries them to the other count. `stopped`: the
same map with the control in place that the table names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.semantics.small_maps import FOREVER, RETRIES, delta, state, system, topology

if TYPE_CHECKING:
    from tests.semantics.small_maps import Facts

__all__ = ["CELL", "FaultMap", "fault_map"]

CELL = {"reserve": "copy.allocated", "release": "copy.allocated"}
"""The cell that is looked at, where it is not `copy.available`."""

_LANE: Facts = {"order": "per_key", "lane": {"name": "orders", "concurrency": 1, "shared": True}}
_PARKED: Facts = {
    "dead_letter": {"monitored": True, "replay": "manual", "alert_within": "21d"},
    "retry": {"max_attempts": 8, "every": "1m"},
}
_VALUES = frozenset({"set", "cas"})
_ORDERS = frozenset({"reserve", "release"})


class FaultMap(NamedTuple):
    """A map and the cell under proof."""

    facts: Facts
    cell: str


def fault_map(op: str, fault: str, *, stopped: bool = False) -> FaultMap:
    """The map for one field of the table."""
    facts = _calm(op) | _faulty(op, fault) | (_stopping(op, fault) if stopped else {})
    happening = ["source", "copy"] if fault == "meanwhile" else ["source"]
    if op in _ORDERS:
        return FaultMap(_of_orders(op, facts, happening), CELL[op])
    own = {"fires_for": ["local"]} if fault == "meanwhile" and op not in _VALUES else {}
    make = state if op in _VALUES else delta
    paths = [make("write", "source", "copy", *(() if op in _VALUES else ("pos_sale",)), **facts, **own)]
    if fault == "meanwhile":  # what happens at the copy is told to the source, for sure and once
        paths.append(delta("back", "copy", "source", "pos_sale", fires_for=["local"]))
    return FaultMap(topology(_two("available"), {"pos_sale": {"at": happening}}, paths), "copy.available")


def _two(quantity: str) -> Facts:
    return {"source": system("wms", "authoritative", quantity), "copy": system("erp", "mirror", quantity)}


def _of_orders(op: str, facts: Facts, happening: list[str]) -> Facts:
    """Orders are reserved and released; the fault is on the path of the row."""
    both: Facts = {"maps": {"allocated": "allocated"}, **(_LANE if facts.get("order") != "none" else {"order": "none"})}
    own = {"fires_for": ["local"]} if len(happening) > 1 else {}
    paths = []
    for name, event in (("reserve", "order_captured"), ("release", "order_cancelled")):
        of_row = facts if name == op else {key: facts[key] for key in ("guard",) if facts.get(key) == "state_machine"}
        paths.append(delta(name, "source", "copy", event, **{"op": name, **both, **of_row, **own}))
        if own:
            paths.append(delta(f"{name}-back", "copy", "source", event, maps={"allocated": "allocated"}, **own))
    return topology(
        _two("allocated"), {name: {"at": happening} for name in ("order_captured", "order_cancelled")}, paths
    )


def _calm(op: str) -> Facts:
    """A path on which nothing can go wrong."""
    if op in _VALUES:
        return {"op": op, "guard": "none", "order": "per_key"}
    if op == "rewrite":
        return {"op": "set", "payload": None, "base": "target", "lane": {"concurrency": 1}}
    return {"op": op}


def _faulty(op: str, fault: str) -> Facts:
    values = op in _VALUES
    faults: dict[str, Facts] = {
        "repeat": {} if values else {"dedupe": "none"},
        "lose": {"delivery": "at_most_once"},
        "crash": {"handoff": "dual_write"},
        "overtake": {"order": "none"},
        "forget": {"retry": {**RETRIES, "horizon": "30d"}}
        | ({} if values else {"dedupe": {**FOREVER, "retention": "14d"}}),
        "replay": {**_PARKED, "order": "per_key"},
        "meanwhile": {"lane": None, "concurrency": "none"} if op == "rewrite" else {},
    }
    return faults[fault]


def _stopping(op: str, fault: str) -> Facts:
    """The control that the table names for a field."""
    controls: dict[str, Facts] = {
        "repeat": {"dedupe": FOREVER},
        "lose": {"delivery": "at_least_once", "retry": RETRIES},
        "crash": {"handoff": "outbox"},
        "overtake": {"guard": "version"} if op in _VALUES else {"guard": "state_machine"},
        "forget": {"dedupe": FOREVER},
        "replay": {"guard": "version"} if op in _VALUES else {"guard": "state_machine"},
        "meanwhile": {"concurrency": "atomic"} if op == "rewrite" else {"op": "cas"},
    }
    return controls[fault]
