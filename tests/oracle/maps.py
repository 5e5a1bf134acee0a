"""The same slices as maps, and the cell that each is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.semantics.small_maps import (
    ERP,
    FOREVER,
    SHOP,
    SITE,
    WMS,
    correction,
    delta,
    nightly,
    state,
    system,
    topology,
)

if TYPE_CHECKING:
    from tests.semantics.small_maps import Facts

__all__ = ["MAPS", "SmallMap"]

MIDDLEWARE = system("middleware")
PER_ORDER: Facts = {"key": ["order_id", "line_id"], "retention": "forever", "stable_across_retries": True}
SHARED: Facts = {**FOREVER, "ledger": "sales"}


class SmallMap(NamedTuple):
    """A map and the cell under proof."""

    facts: Facts
    cell: str


def till(*events: str, **facts: Any) -> SmallMap:
    """One path of amounts from a till that holds nothing to the warehouse."""
    names = events or ("pos_sale",)
    happening = {name: {"at": ["shop"]} for name in dict.fromkeys((*names, *facts.pop("besides", ())))}
    path = delta("sales", "shop", "wms", *names, **facts)
    return SmallMap(topology({"shop": SHOP, "wms": WMS}, happening, [path]), "wms.available")


def copied(*paths: Facts, controls: list[Facts] | None = None, cell: str = "erp.available") -> SmallMap:
    """Sales at the warehouse, and paths to a copy of its count."""
    systems = {"wms": WMS, "erp": ERP}
    return SmallMap(topology(systems, {"pos_sale": {"at": ["wms"]}}, list(paths), controls), cell)


def two_ways(**facts: Any) -> SmallMap:
    """Sales that go to the warehouse straight and by way of a relay."""
    systems = {"shop": SHOP, "relay": MIDDLEWARE, "wms": WMS}
    paths = [
        delta("straight", "shop", "wms", "pos_sale", **facts),
        delta("to-relay", "shop", "relay", "pos_sale", maps=None),
        delta("from-relay", "relay", "wms", "pos_sale", **facts),
    ]
    return SmallMap(topology(systems, {"pos_sale": {"at": ["shop"]}}, paths), "wms.available")


def echo() -> SmallMap:
    """Two shops that tell each other of every change."""
    shops = {name: system("pos", "mirror", "available") for name in ("north", "south")}
    paths = [
        delta("to-south", "north", "south", "pos_sale", dedupe="none"),
        delta("to-north", "south", "north", "pos_sale", dedupe="none"),
    ]
    return SmallMap(topology(shops, {"pos_sale": {"at": ["north"]}}, paths), "south.available")


def clamp() -> SmallMap:
    """Receipts and sales, sent in any order to a count that does not go below nought."""
    events: Facts = {"po_received": {"at": ["wms"]}, "pos_sale": {"at": ["wms"]}}
    path = delta("moves", "wms", "erp", "po_received", "pos_sale", clamp_at_zero=True)
    return SmallMap(topology({"wms": WMS, "erp": ERP}, events, [path]), "erp.available")


def cases() -> SmallMap:
    """A warehouse that counts cases of twelve, and a path that takes their number for pieces."""
    wms = system("wms", "authoritative", "available", each={"unit": "case"})
    path = delta("sales", "wms", "erp", "pos_sale", maps={"available": {"to": "available", "unit_factor": 1}})
    return SmallMap(topology({"wms": wms, "erp": ERP}, {"pos_sale": {"at": ["wms"]}}, [path]), "erp.available")


def count() -> SmallMap:
    """Shipments by a carrier, told to the warehouse, which is counted."""
    systems = {"carrier": system("3pl"), "wms": system("wms", "authoritative", "on_hand")}
    events: Facts = {"shipment_confirmed": {"at": ["carrier"]}, "cycle_counted": {"at": ["wms"]}}
    path = delta("shipments", "carrier", "wms", "shipment_confirmed", maps={"on_hand": "on_hand"})
    return SmallMap(topology(systems, events, [path]), "wms.on_hand")


def mirror() -> SmallMap:
    """Sales at a shop, told to the warehouse, whose number comes back at night."""
    paths = [delta("sales", "site", "wms", "pos_sale"), nightly("stock", "wms", "site", guard="none")]
    return SmallMap(topology({"site": SITE, "wms": WMS}, {"pos_sale": {"at": ["site"]}}, paths), "site.available")


DOUBTFUL: Facts = {"dead_letter": {"monitored": True, "replay": "manual", "alert_within": "21d"}}
GIVES_UP: Facts = {**DOUBTFUL, "retry": {"max_attempts": 8, "every": "1m"}}
CHECKED = correction("wms.available", "erp.available")

MAPS: dict[str, SmallMap] = {
    "duplicate delivery": till(dedupe="none"),
    "repetitions recognised": till(),
    "key forgotten": till(dedupe={**FOREVER, "retention": "14d"}, **GIVES_UP),
    "lost delivery": till(delivery="at_most_once"),
    "dual write": till(handoff="dual_write"),
    "older amount refused": till(guard="event_time"),
    "two routes": two_ways(),
    "two routes, one ledger": two_ways(dedupe=SHARED),
    "echo loop": echo(),
    "missing undo": till("order_captured", besides=("order_cancelled",)),
    "undo in any order": till("order_captured", "order_cancelled"),
    "capture and cancel under one key": till("order_captured", "order_cancelled", dedupe=PER_ORDER),
    "clamp": clamp(),
    "lost update": till(op="set", payload=None, base="target", concurrency="none"),
    "atomic update": till(op="set", payload=None, base="target", concurrency="atomic"),
    "cases taken for pieces": cases(),
    "count while moving": count(),
    "reordered state": copied(state("value", "wms", "erp", guard="none")),
    "versioned state": copied(state("value", "wms", "erp")),
    "state in order": copied(state("value", "wms", "erp", guard="none", order="per_key")),
    "dead letter replayed by hand": copied(state("value", "wms", "erp", guard="none", order="per_key", **GIVES_UP)),
    "read before commit": copied(state("value", "wms", "erp", guard="none", order="per_key", read_at="before_commit")),
    "nightly run": copied(nightly("full", "wms", "erp", guard="none", order="total")),
    "loss that a nightly run mends": copied(
        nightly("full", "wms", "erp"), delta("sales", "wms", "erp", "pos_sale", delivery="at_most_once")
    ),
    "loss that a correction mends": copied(
        delta("sales", "wms", "erp", "pos_sale", handoff="dual_write"), controls=[CHECKED]
    ),
    "correction that does not wait": copied(
        delta("sales", "wms", "erp", "pos_sale"), controls=[{**CHECKED, "settle": "0s"}]
    ),
    "snapshot and amounts": copied(
        nightly("full", "wms", "erp", guard="none"), delta("sales", "wms", "erp", "pos_sale")
    ),
    "snapshot over in-flight": mirror(),
    "correction the wrong way": copied(
        delta("sales", "wms", "erp", "pos_sale", handoff="dual_write"),
        controls=[{**CHECKED, "corrects": "wms.available"}],
        cell="wms.available",
    ),
}
