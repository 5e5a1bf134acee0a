"""The **shapes** of random maps: who writes whom, every fact stated and sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.semantics.small_maps import correction, delta, nightly, state, system

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.agreement.dice import Dice

__all__ = ["SHAPES", "Facts"]

Facts = dict[str, Any]

QUANTITIES: tuple[tuple[float, tuple[str, ...]], ...] = (
    (12, ("available",)),
    (2, ("on_hand",)),
    (2, ("allocated",)),
    (2, ("available", "allocated")),
    (1, ("on_hand", "available")),
)
MOVERS: dict[str, tuple[str, ...]] = {
    "available": ("order_captured", "order_cancelled", "po_received", "pos_sale", "inventory_adjusted", "order_edited"),
    "on_hand": ("shipment_confirmed", "shipment_voided", "po_received", "return_received", "pos_sale"),
    "allocated": ("order_captured", "order_cancelled", "shipment_confirmed", "order_edited"),
}
UNDOES = {"order_cancelled": "order_captured", "shipment_voided": "shipment_confirmed"}


def _events(dice: Dice, quantities: tuple[str, ...], most: int = 2) -> list[str]:
    """One to three events that move a quantity; an undo comes with what it undoes, more often than not."""
    pool = sorted({event for quantity in quantities for event in MOVERS[quantity]})
    found = dice.some(pool, most)
    for event in list(found):
        undone = UNDOES.get(event)
        if undone is not None and undone not in found and dice.chance(0.9):
            found.insert(0, undone)
    if dice.chance(0.06) and "allocated" not in quantities:
        found.append("cycle_counted")
    return found


def _maps(quantities: tuple[str, ...]) -> dict[str, Any]:
    return {quantity: quantity for quantity in quantities}


def _map(systems: Facts, at: dict[str, list[str]], paths: list[Facts], dice: Dice, **top: Any) -> Facts:
    """The whole map; a control in one of four, between an authority and a mirror of it."""
    events = {event: {"at": origins} for event, origins in at.items()}
    found: Facts = {"handoffmap": 1, "name": "map", "systems": systems, "events": events, "write_paths": paths, **top}
    found["controls"] = _controls(systems, dice) if dice.chance(0.25) else []
    return found


def _controls(systems: Facts, dice: Dice) -> list[Facts]:
    pairs = [
        (f"{one}.{quantity}", f"{other}.{quantity}")
        for one, first in systems.items()
        for quantity, held in first.get("holds", {}).items()
        if held.get("role") == "authoritative"
        for other, second in systems.items()
        if other != one and second.get("holds", {}).get(quantity, {}).get("role") == "mirror"
    ]
    if not pairs:
        return []
    authority, mirror = dice.one(pairs)
    return [correction(authority, mirror, on_mismatch=dice.weighed(((2, "correct"), (2, "alert"), (1, "report"))))]


def _lands(dice: Dice, source: str, target: str, quantities: tuple[str, ...], name: str) -> Facts:
    """A path of whole values of any trigger."""
    kind = dice.weighed(((5, "push"), (3, "nightly"), (1, "changed"), (1, "poll"), (1, "file")))
    maps = _maps(quantities)
    if kind == "push":
        return state(name, source, target, trigger=dice.one(("queue", "webhook", "cdc", "queue")), maps=maps)
    found = nightly(name, source, target, maps=maps)
    if kind == "changed":
        found["schedule"] = {"every": "1h", "covers": "changed_only"}
    elif kind == "poll":
        del found["schedule"]
        found["trigger"] = "poll"
        found["poll"] = {
            "every": "5m", "covers": "changed_only", "watermark": "cursor", "advance_on": "success_only",
            "lookback": "1h",
        }  # fmt: skip
    elif kind == "file":
        found["trigger"] = "batch_file"
    return found


def up(dice: Dice) -> Facts:
    """Amounts from one or two places of sale to the authority, and perhaps on from there."""
    quantities = dice.weighed(QUANTITIES)
    events = _events(dice, quantities)
    systems = {
        "shop": system("pos", "mirror", *quantities) if dice.chance(0.25) else system("pos"),
        "wms": system("wms", "authoritative", *quantities),
    }
    origins = ["shop"]
    paths = [delta("sale", "shop", "wms", *events, maps=_maps(quantities))]
    if dice.chance(0.2):
        systems["site"] = system("storefront")
        origins = ["shop", "site"]
        paths.append(delta("web", "site", "wms", *events, maps=_maps(quantities)))
    elif dice.chance(0.2) and len(events) > 1:
        paths[0]["events"] = events[:1]
        paths.append(delta("rest", "shop", "wms", *events[1:], maps=_maps(quantities)))
    _onward(dice, systems, paths, events, quantities)
    return _map(systems, dict.fromkeys(events, origins), paths, dice)


def _onward(dice: Dice, systems: Facts, paths: list[Facts], events: list[str], quantities: tuple[str, ...]) -> None:
    """From the authority to a mirror, and from there to another."""
    if not dice.chance(0.55):
        return
    systems["erp"] = system("erp", "mirror", *quantities)
    if dice.chance(0.4):
        paths.append(delta("down", "wms", "erp", *events, maps=_maps(quantities)))
    else:
        paths.append(_lands(dice, "wms", "erp", quantities, "down"))
    if dice.chance(0.3):
        systems["bi"] = system("data_warehouse", "mirror", *quantities)
        if dice.chance(0.4):
            paths.append(delta("on", "erp", "bi", *events, maps=_maps(quantities)))
        else:
            paths.append(_lands(dice, "erp", "bi", quantities, "on"))


def down(dice: Dice) -> Facts:
    """Events at the authority, whole values or amounts to mirrors."""
    quantities = dice.weighed(QUANTITIES)
    events = _events(dice, quantities)
    systems = {"wms": system("wms", "authoritative", *quantities)}
    paths: list[Facts] = []
    while not paths:
        _onward(dice, systems, paths, events, quantities)
    if dice.chance(0.25):
        systems["site"] = system("storefront", "mirror", *quantities)
        paths.append(_lands(dice, "wms", "site", quantities, "wide"))
    if dice.chance(0.2):
        source = dice.one([name for name in systems if name != "erp"])
        paths.append(_lands(dice, source, "erp", quantities, "second"))
    return _map(systems, {key: ["wms"] for key in events}, paths, dice)


def loop(dice: Dice) -> Facts:
    """Sales at a mirror go up as amounts; whole values come down."""
    quantities = dice.weighed(QUANTITIES)
    events = _events(dice, quantities)
    systems = {
        "shop": system("storefront", "mirror", *quantities),
        "wms": system("wms", "authoritative", *quantities),
    }
    at = {event: dice.weighed(((4, ["shop"]), (1, ["wms"]), (1, ["shop", "wms"]))) for event in events}
    at[events[0]] = ["shop"]
    up_ = [event for event in events if "shop" in at[event]]
    paths = [delta("sale", "shop", "wms", *up_, maps=_maps(quantities))]
    back = _lands(dice, "wms", "shop", quantities, "level")
    if dice.chance(0.5):
        back["op"] = "cas"
        back["guard"] = dice.one(("none", "version"))
    paths.append(back)
    if dice.chance(0.3):
        systems["erp"] = system("erp", "mirror", *quantities)
        paths.append(_lands(dice, "wms", "erp", quantities, "down"))
    return _map(systems, at, paths, dice)


def diamond(dice: Dice) -> Facts:
    """Two ways from one origin: directly, and over a relay or a mirror."""
    quantities = dice.weighed(QUANTITIES)
    events = _events(dice, quantities, 1)
    middle = dice.one(("hub", "oms"))
    holds = quantities if middle == "oms" else ()
    systems = {
        "shop": system("pos"),
        middle: system("middleware" if middle == "hub" else "oms", "mirror", *holds),
        "wms": system("wms", "authoritative", *quantities),
    }
    maps = _maps(quantities)
    first = delta("in", "shop", middle, *events, maps=maps)
    second = delta("out", middle, "wms", *events, maps=maps)
    paths = [first, second]
    if dice.chance(0.6):
        paths.append(delta("direct", "shop", "wms", *events, maps=maps))
        shared = dice.weighed(((2, "none"), (3, "named"), (1, "one")))
        if shared != "none":
            for each in paths[1:] if shared == "named" else paths[2:]:
                each["dedupe"] = {**each["dedupe"], "ledger": "orders"}
    if dice.chance(0.3):
        systems["erp"] = system("erp", "mirror", *quantities)
        paths.append(_lands(dice, "wms", "erp", quantities, "down"))
    return _map(systems, {key: ["shop"] for key in events}, paths, dice)


def mesh(dice: Dice) -> Facts:
    """Two or three systems that tell each other."""
    quantities = dice.weighed(QUANTITIES[:3])
    events = _events(dice, quantities, 1)
    names = ["wms", "erp", "site"][: 2 + dice.chance(0.2)]
    kinds = {"wms": "wms", "erp": "erp", "site": "storefront"}
    systems = {name: system(kinds[name], "authoritative" if name == "wms" else "mirror", *quantities) for name in names}
    whole = dice.chance(0.4)
    paths = []
    for one in names:
        for other in names:
            if one != other and (len(names) == 2 or dice.chance(0.6)):
                name = f"{one}-{other}"
                made = (
                    _lands(dice, one, other, quantities, name)
                    if whole
                    else delta(name, one, other, *events, maps=_maps(quantities))
                )
                made["origin_tag"] = dice.chance(0.6)
                paths.append(made)
    at = {event: dice.weighed(((3, ["wms"]), (2, ["erp"]), (2, ["wms", "erp"]))) for event in events}
    return _map(systems, at, paths, dice)


def rivals(dice: Dice) -> Facts:
    """Two systems that write whole values, or values and amounts, into one cell."""
    quantities = dice.weighed(QUANTITIES)
    events = _events(dice, quantities)
    systems = {
        "wms": system("wms", "authoritative", *quantities),
        "oms": system("oms", "mirror", *quantities),
        "site": system("storefront", "mirror", *quantities),
    }
    at = {key: ["wms"] for key in events}
    paths = [_lands(dice, "wms", "site", quantities, "level")]
    way = dice.one(("rival", "rival", "mix", "mix"))
    if way == "rival":
        paths.append(delta("copy", "wms", "oms", *events, maps=_maps(quantities)))
        paths.append(_lands(dice, "oms", "site", quantities, "other"))
    elif dice.chance(0.5):
        paths.append(delta("add", "wms", "site", *events, maps=_maps(quantities)))
        if dice.chance(0.5):
            for each in paths:
                each["order"] = "per_key"
                each["retry"] = {"max_attempts": "unlimited", "every": "1m"}
    else:
        at = {event: [dice.one(("wms", "oms"))] for event in events}
        mine = [event for event in events if at[event] == ["oms"]]
        if mine:
            paths.append(delta("add", "oms", "site", *mine, maps=_maps(quantities)))
            paths.append(delta("tell", "oms", "wms", *mine, maps=_maps(quantities)))
    used = {path["from"] for path in paths} | {path["to"] for path in paths}
    used |= {origin for origins in at.values() for origin in origins}
    return _map({name: each for name, each in systems.items() if name in used}, at, paths, dice)


def computed(dice: Dice) -> Facts:
    """A derived cell over two bases, and a mirror fed from it."""
    bases = ("on_hand", "allocated")
    wms = system("wms", "authoritative", *bases)
    wms["holds"]["available"] = {
        "role": "derived", "unit": "each", "locations": "all", "tolerates": "48h", "derived_from": "on_hand - allocated"
    }  # fmt: skip
    events = dice.some(("order_captured", "pos_sale", "po_received"), 2)  # a shipment leaves the difference as it is
    systems = {"shop": system("pos"), "wms": wms, "site": system("storefront", "mirror", "available")}
    at = {event: [dice.one(("shop", "wms"))] for event in events}
    mine = [event for event in events if at[event] == ["shop"]]
    paths = []
    if mine:
        paths.append(delta("sale", "shop", "wms", *mine, maps=_maps(bases)))
    else:
        del systems["shop"]
    paths.append(_lands(dice, "wms", "site", ("available",), "level"))
    if dice.chance(0.15):
        into = delta("book", "shop", "wms", *mine, maps={"available": "available"}) if mine else None
        if into is not None:
            paths.append(into)
    if dice.chance(0.1):
        systems["erp"] = system("erp", "mirror", "available")
        paths.append(_lands(dice, "wms", "erp", ("available",), "down"))
        paths.append(_lands(dice, "erp", "wms", ("available",), "back"))
    return _map(systems, at, paths, dice)


SHAPES: tuple[tuple[float, Callable[[Dice], Facts]], ...] = (
    (6, up), (6, down), (4, loop), (3, diamond), (2, mesh), (3, rivals), (2, computed),
)  # fmt: skip
