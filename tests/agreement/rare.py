"""**Rare shapes** of random maps: those in which rules speak that hardly ever do on the common shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.semantics.small_maps import delta, nightly, state, system

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.agreement.dice import Dice
    from tests.agreement.shapes import Facts

__all__ = ["PAIRED", "PAIRED_FACTS", "RARE", "SELDOM"]

AVAILABLE = {"available": "available"}
ALLOCATED = {"allocated": "allocated"}


def _map(systems: Facts, at: dict[str, list[str]], paths: list[Facts], **top: Facts) -> Facts:
    events = {event: {"at": origins} for event, origins in at.items()}
    return {
        "handoffmap": 1, "name": "map", "systems": systems, "events": events, "write_paths": paths, "controls": [],
        **top,
    }  # fmt: skip


def reservations(dice: Dice) -> Facts:
    """Orders that reserve by themselves, and what ends them: HM206, HM407, HM403."""
    guard = dice.one(("none", "state_machine"))
    ending = dice.weighed(((5, "order_cancelled"), (1, "shipment_confirmed")))
    systems = {"shop": system("storefront"), "wms": system("wms", "authoritative", "allocated")}
    facts: Facts = {"maps": ALLOCATED, "guard": guard}
    way = dice.one(("one", "two", "two", "adjust"))
    if way == "one":
        paths = [
            delta("orders", "shop", "wms", "order_captured", ending, **{**facts, "op": "adjust"}, order="per_key"),
        ]
    else:
        start, end = ("adjust", "adjust") if way == "adjust" else ("reserve", "release")
        paths = [
            delta("orders", "shop", "wms", "order_captured", op=start, **facts),
            delta("ends", "shop", "wms", ending, op=end, **facts),
        ]
    at = {"order_captured": ["shop"], ending: ["shop"]}
    if dice.chance(0.4):
        at["pick_shorted"] = ["floor"]
        systems["floor"] = system("application")
        if dice.chance(0.5):
            paths.append(delta("picks", "floor", "wms", "pick_shorted", op=paths[-1]["op"], **facts))
    return _map(systems, at, paths)


def backfill(dice: Dice) -> Facts:
    """A live path and an import of the same events: HM214, HM202."""
    systems = {"shop": system("pos"), "wms": system("wms", "authoritative", "available")}
    events = dice.some(("order_captured", "po_received", "pos_sale"), 2)
    live = delta("live", "shop", "wms", *events, trigger=dice.one(("queue", "webhook")))
    old = delta("import", "shop", "wms", *dice.some(events, 2), trigger=dice.weighed(((4, "manual"), (1, "queue"))))
    if dice.chance(0.35):
        for each in (live, old):
            each["dedupe"] = {**each["dedupe"], "ledger": "orders"}
    if dice.chance(0.15):
        live["enabled"] = False
    return _map(systems, {event: ["shop"] for event in events}, [live, old])


def counting(dice: Dice) -> Facts:
    """A count where amounts arrive from elsewhere: HM219, HM406."""
    systems = {"threepl": system("3pl"), "wms": system("wms", "authoritative", "on_hand")}
    way = dice.one(({"as_of": False, "frozen": False}, {"as_of": True}, {"frozen": True}, {"as_of": False}))
    maps = {"on_hand": "on_hand"}
    paths = [delta("shipments", "threepl", "wms", "shipment_confirmed", maps=maps)]
    if dice.chance(0.5):
        systems["erp"] = system("erp", "mirror", "on_hand")
        down = nightly("down", "wms", "erp", maps=maps) if dice.chance(0.5) else state("down", "wms", "erp", maps=maps)
        paths.append(down)
    found = _map(systems, {"shipment_confirmed": ["threepl"]}, paths)
    found["events"]["cycle_counted"] = {"at": {"wms": way}}
    return found


def read_and_write(dice: Dice) -> Facts:
    """Numbers that are read, changed and written back: HM207, HM217."""
    systems = {"shop": system("pos"), "site": system("storefront"), "wms": system("wms", "authoritative", "available")}
    facts: Facts = {
        "payload": "state", "op": "set", "base": dice.one(("target", "cached")),
        "concurrency": dice.one(("none", "none", "row_lock", "atomic")),
        "guard": dice.one(("none", "none", "lock", "cas")),
    }  # fmt: skip
    paths = [delta("sale", "shop", "wms", "pos_sale", **facts)]
    at = {"pos_sale": ["shop"]}
    if dice.chance(0.7):
        at["order_captured"] = ["site"]
        paths.append(delta("web", "site", "wms", "order_captured", **(facts if dice.chance(0.4) else {})))
    else:
        del systems["site"]
    if dice.chance(0.4):
        paths[0]["lane"] = {"name": "lane", "concurrency": 1}
        paths[0]["order"] = "per_key"
    if dice.chance(0.4):  # a sheet that is uploaded, with no event behind it
        systems["desk"] = system("spreadsheet")
        sheet = state("sheet", "desk", "wms", base="cached", guard=dice.one(("none", "none", "cas", "version")))
        sheet["trigger"] = dice.one(("manual", "schedule"))
        if dice.chance(0.3):
            sheet["only_if_changed"] = dice.chance(0.5)
        paths.append(sheet)
    return _map(systems, at, paths)


def opted_out(dice: Dice) -> Facts:
    """Whole values over a cell with events of its own, the comparison switched off or not: HM215, HM208."""
    systems = {
        "shop": system("storefront", "mirror", "available"), "erp": system("erp", "authoritative", "available")
    }  # fmt: skip
    facts: Facts = {
        "guard": dice.one(("cas_opted_out", "cas_opted_out", "cas", "version")),
        "op": dice.one(("set", "cas")),
    }
    level = nightly("level", "erp", "shop", **facts) if dice.chance(0.5) else state("level", "erp", "shop", **facts)
    at = {"order_captured": dice.weighed(((4, ["shop"]), (1, ["erp"])))}
    paths = [level]
    if at["order_captured"] == ["shop"]:
        paths.append(delta("sale", "shop", "erp", "order_captured"))
    return _map(systems, at, paths)


def kept_formula(dice: Dice) -> Facts:
    """The result of a formula that is kept, shown, or written anew: HM408."""
    held = system("oms", "authoritative", "on_hand", "allocated")
    role = dice.one(("authoritative", "authoritative", "derived", "mirror"))
    held["holds"]["promisable"] = {"role": role, "unit": "each", "locations": "all", "tolerates": "48h"}
    if role == "derived":
        held["holds"]["promisable"]["derived_from"] = "on_hand - allocated"
    events = dice.some(("order_captured", "po_received", "pos_sale", "shipment_confirmed"), 2)
    systems = {"oms": held}
    paths: list[Facts] = []
    at = {event: ["oms"] for event in events}
    if dice.chance(0.4):
        systems["shop"] = system("pos")
        at[events[0]] = ["shop"]
        paths.append(delta("sale", "shop", "oms", events[0], maps={"on_hand": "on_hand", "allocated": "allocated"}))
    if dice.chance(0.3):
        systems["site"] = system("storefront", "mirror", "promisable")
        paths.append(state("level", "oms", "site", maps={"promisable": "promisable"}))
    return _map(systems, at, paths, quantities={"promisable": {"meaning": "count", "formula": "on_hand - allocated"}})


def wrong_number(dice: Dice) -> Facts:
    """One quantity copied into another, or one that is net of orders already: HM302, HM312."""
    erp = system("erp", "authoritative", "on_hand", "available")
    if dice.chance(0.5):
        shop = system("storefront", "mirror", "on_hand")
        shop["holds"]["allocated"] = {**shop["holds"]["on_hand"], "role": "authoritative"}
        shop["holds"]["available"] = {
            **shop["holds"]["on_hand"], "role": "derived", "derived_from": "on_hand - allocated"
        }  # fmt: skip
        into = "on_hand"
    else:
        shop = system("storefront", "mirror", "available")
        into = "available"
    left = dice.one(("available", "on_hand"))
    maps = {left: into}
    level = nightly("level", "erp", "shop", maps=maps) if dice.chance(0.5) else state("level", "erp", "shop", maps=maps)
    event = dice.one(("order_captured", "order_captured", "pos_sale"))
    at = {event: ["shop"] if dice.chance(0.7) else ["erp"]}
    paths = [level]
    if at[event] == ["shop"]:
        both = {"on_hand": "on_hand", "available": "available"}
        paths.append(delta("sale", "shop", "erp", event, maps=both))
    return _map({"erp": erp, "shop": shop}, at, paths)


def refusing(dice: Dice) -> Facts:
    """A target that refuses by its state: HM410."""
    shop = system("storefront", "mirror", "on_hand", "source")
    systems = {"wms": system("wms", "authoritative", "on_hand"), "shop": shop}
    maps = {"on_hand": "on_hand"}
    bring = dice.one(("delta", "state"))
    path = (
        delta("confirm", "wms", "shop", "shipment_confirmed", maps=maps)
        if bring == "delta"
        else state("confirm", "wms", "shop", maps=maps)
    )
    path[dice.one(("refused_when", "refused_when", "accepts_when"))] = dice.one(
        ({"source": "closed"}, {"source": "open"}, {})
    )
    found = _map(systems, {"shipment_confirmed": ["wms"]}, [path], quantities={"source": {"meaning": "flag"}})
    if dice.chance(0.8):
        found["events"]["source_closed"] = {"at": ["shop"], "effects": {"source": {"set": "closed"}}}
    return found


def by_hand(dice: Dice) -> Facts:
    """A person who changes a count: HM105."""
    systems = {
        "clerk": {"kind": "human", "owner": "team"}, "site": system("storefront", "mirror", "available"),
        "wms": system("wms", "authoritative", "available"),
    }  # fmt: skip
    target = dice.weighed(((3, "site"), (1, "wms")))
    paths = [delta("by-hand", "clerk", target, "return_restocked", trigger="manual")]
    carried = ["inventory_adjusted", *(["return_restocked"] if target == "wms" else [])]
    if dice.chance(0.6):
        paths.append(delta("down", "wms", "site", *carried))
    else:
        paths.append(nightly("down", "wms", "site") if dice.chance(0.5) else state("down", "wms", "site"))
    return _map(systems, {"return_restocked": ["clerk"], "inventory_adjusted": ["wms"]}, paths)


def rounded(dice: Dice) -> Facts:
    """Units that are converted on the way: HM308, HM303."""
    unit = dice.one(("case", "each"))
    whole = dice.chance(0.6) or None
    systems = {
        "shop": system("pos", "mirror", "available", each={"unit": "each"}),
        "wms": system("wms", "authoritative", "available", each={"unit": unit, "integer_only": whole}),
    }
    factor = dice.one(("1/12", "1/12", 12)) if unit == "case" else 1
    mapping: Facts = {"to": "available", "unit_factor": factor}
    if dice.chance(0.5):
        mapping["rounding"] = dice.one(("down", "up", "none"))
    events = dice.some(("pos_sale", "pos_return"), 2)
    path = delta("sale", "shop", "wms", *events, maps={"available": mapping})
    return _map(systems, {event: ["shop"] for event in events}, [path])


# -- two cells: items, places, kits; a model and an agreement of their own ---------------------------------


def items(dice: Dice) -> Facts:
    """Two systems that write the keys of items in their own ways: HM304."""
    keys: tuple[Facts | str | None, ...] = (
        "sku", {"field": "sku", "normalise": ["upper"]}, {"field": "sku", "normalise": ["upper", "trim"]},
        {"field": "sku", "normalise": ["strip_zeros"]}, {"field": "sku", "normalise": []},
        {"field": "ean", "normalise": []}, {"field": "sku", "normalise": [], "may_change": True}, None,
    )  # fmt: skip
    systems = {"shop": system("pos"), "wms": system("wms", "authoritative", "available")}
    first = dice.one(keys)
    for name, key in (("shop", first), ("wms", first if dice.chance(0.4) else dice.one(keys))):
        systems[name].pop("item_key")
        if key is not None:
            systems[name]["item_key"] = key
    paths = [delta("sale", "shop", "wms", "pos_sale")]
    if dice.chance(0.3):
        paths[0]["fields"] = {"sku": "ean"}
    if dice.chance(0.4):
        systems["erp"] = system("erp", "mirror", "available", item_key=first)
        paths.append(state("down", "wms", "erp"))
    return _map(systems, {"pos_sale": ["shop"]}, paths)


def places(dice: Dice) -> Facts:
    """Two systems that count other places: HM305."""
    lists: tuple[object, ...] = ("all", ["main"], ["main", "outlet"], ["outlet"], None)
    first = dice.one(lists)
    second = first if dice.chance(0.3) else dice.one(lists)
    systems = {
        "wms": system("wms", "authoritative", "available", each={"locations": first}),
        "erp": system("erp", "mirror", "available", each={"locations": second}),
    }
    kind = dice.one(("delta", "state", "nightly"))
    path = (
        delta("down", "wms", "erp", "po_received")
        if kind == "delta"
        else state("down", "wms", "erp") if kind == "state" else nightly("down", "wms", "erp")
    )  # fmt: skip
    if dice.chance(0.25):
        path["location"] = dice.one(("main", "outlet"))
    return _map(systems, {"po_received": ["wms"]}, [path])


def kits(dice: Dice) -> Facts:
    """Kits on one side and their components on the other: HM309."""
    words = (True, True, False, None)
    systems = {
        "shop": system("storefront", sells_kits=dice.one(words)),
        "wms": system("wms", "authoritative", "available", holds_components=dice.one(words)),
    }
    path = delta("sale", "shop", "wms", "order_captured")
    if dice.chance(0.3):
        path["maps"] = {"available": {"to": "available", "unit_factor": "per_item"}}
    return _map(systems, {"order_captured": ["shop"]}, [path])


def transfers(dice: Dice) -> Facts:
    """Goods on their way between two places: HM411."""
    maps = {"in_transit": "in_transit"}
    systems = {
        "dc": system("wms"), "stores": system("pos"), "erp": system("erp", "authoritative", "in_transit"),
    }  # fmt: skip
    paths = [
        delta("leaves", "dc", "erp", "transfer_shipped", maps=maps),
        delta("comes", "stores", "erp", "transfer_received", maps=maps),
    ]
    missing = dice.weighed(((3, 0), (3, 1), (2, None)))
    if missing is not None:
        paths[missing]["events"] = ["transfer_shipped" if missing else "transfer_received"]
    if dice.chance(0.4):
        systems["bi"] = system("data_warehouse", "mirror", "in_transit")
        paths.append(nightly("on", "erp", "bi", maps=maps))
    return _map(systems, {"transfer_shipped": ["dc"], "transfer_received": ["stores"]}, paths)


def polling(dice: Dice) -> Facts:
    """Changes that are asked for again and again, by one mark or another: HM603, HM604."""
    systems = {"wms": system("wms", "authoritative", "available"), "erp": system("erp", "mirror", "available")}
    asked = nightly("asked", "wms", "erp", trigger="poll", latency="1m")
    del asked["schedule"]
    asked["poll"] = {
        "every": dice.one(("5m", "1h")), "covers": dice.weighed(((6, "changed_only"), (1, "full"))),
        "watermark": dice.weighed(((4, "source_updated_at"), (1, "client_clock"), (1, "cursor"))),
        "lookback": dice.weighed(((3, "5m"), (2, "30m"), (1, "2h"), (1, "0s"))),
        "advance_on": dice.weighed(((4, "success_only"), (1, "always"))),
    }  # fmt: skip
    paths = [asked]
    if dice.chance(0.25):
        paths.append(state("told", "wms", "erp"))
    if dice.chance(0.25):
        systems["bi"] = system("data_warehouse", "mirror", "available")
        paths.append(nightly("on", "erp", "bi") if dice.chance(0.5) else state("on", "erp", "bi"))
    at = {event: ["wms"] for event in dice.some(("order_captured", "po_received", "inventory_adjusted"), 2)}
    return _map(systems, at, paths)


def netted(dice: Dice) -> Facts:
    """A number that is net of orders, written where they are taken off again: HM312."""
    shop = system("storefront", "mirror", "on_hand")
    shop["holds"]["allocated"] = {**shop["holds"]["on_hand"], "role": "authoritative"}
    shop["holds"]["available"] = {**shop["holds"]["on_hand"], "role": "derived", "derived_from": "on_hand - allocated"}
    systems = {"erp": system("erp", "authoritative", "on_hand", "available"), "shop": shop}
    maps = {dice.weighed(((4, "available"), (1, "on_hand"))): "on_hand"}
    level = nightly("level", "erp", "shop", maps=maps) if dice.chance(0.5) else state("level", "erp", "shop", maps=maps)
    both = {"on_hand": "on_hand", "available": "available"}
    sale = delta("sale", "shop", "erp", "order_captured", maps=both)
    return _map(systems, {"order_captured": ["shop"]}, [level, sale])


RARE: tuple[tuple[float, Callable[[Dice], Facts]], ...] = (
    (2, reservations), (1, backfill), (1, counting), (1, read_and_write), (1, opted_out), (1, kept_formula),
    (1, wrong_number), (1, refusing), (1, by_hand), (1, rounded), (1, items), (1, places), (1, kits), (1, transfers),
)  # fmt: skip

SELDOM: tuple[tuple[float, Callable[[Dice], Facts]], ...] = ((4, polling), (1, netted))
"""In place of a rare shape now and then: what would else come too seldom to be compared."""

PAIRED = frozenset({items, places, kits})
"""Shapes about two items or two places."""
PAIRED_FACTS = ("maps", "payload", "op", "events")
"""Facts that are never taken away there: the two-cell model judges a path as it is stated."""
