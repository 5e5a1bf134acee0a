"""When the rules about reach (HM4xx) keep silent, and then when they speak.

An event that does not arrive has one name: what the file declares (a path that is off, a filter) before
what is merely absent, the narrow name before the broad one.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.maps import KEPT_FOR_EVER, UNKNOWN, delta, findings_of, state, system, topology, voices
from tests.rules.rows import asked, held, silent, sure

CANCELLABLE = "order_captured order_cancelled"
TWO_BUILDINGS = held("on_hand", wms={"locations": ["west"]}, threepl={"locations": ["east"]})
OWN_SHELF = held("on_hand", till={"share": "own"}, wms={})
RECEIPT = delta("wms > erp", "po_received", "on_hand")
ORDER = delta("shop > wms", "order_captured")
RETURNED = {"return_received": ["wms"]}
COUNTED = {"cycle_counted": ["wms"]}
SHIPPED = {"shipment_confirmed": ["wms"]}


def ledger(name: str, **facts: str) -> dict[str, object]:
    return {**KEPT_FOR_EVER, "ledger": name, **facts}


UNSYNCHRONIZED = [
    silent(
        "unsynchronized",
        "carried over a relay",
        topology(
            delta("wms > erp", "return_received", "on_hand", via=["ipaas"]),
            systems={"ipaas": system(kind="middleware")},
        ),
    ),
    silent(
        "unsynchronized",
        "carried on by a system in between",
        topology(delta("shop > oms", "order_captured"), delta("oms > wms", "order_captured")),
    ),
    silent("unsynchronized", "whole values feed the cell", topology(state("wms > erp", "on_hand"), at=RETURNED)),
    silent(
        "unsynchronized",
        "a consumer expects nothing",
        topology(RECEIPT, systems={"planning": system("on_hand-", "planning")}),
    ),
    silent(
        "unsynchronized",
        "a derived cell moves with its bases",
        topology(
            delta("shop > wms", "order_captured", "allocated"),
            systems={
                "wms": system(
                    "on_hand! allocated! available!",
                    available={"role": "derived", "derived_from": "on_hand - allocated"},
                )
            },
        ),
    ),
    silent(
        "unsynchronized",
        "a till that counts its own shelf only",
        topology(delta("till > wms", "pos_sale", "on_hand"), systems=OWN_SHELF, at=RETURNED),
    ),
    silent(
        "unsynchronized",
        "it happens in a building that the cell does not count",
        topology(systems=TWO_BUILDINGS, at={"return_received": ["wms", "threepl"]}),
    ),
    silent("unsynchronized", "it moves nothing", topology(RECEIPT, at={"refund_issued": ["wms"]})),
    silent(
        "unsynchronized",
        "the message drops it, which has a narrower name",
        topology(delta("erp > wms", "po_received", {"on_hand": None}), systems={"wms": system("on_hand!")}),
    ),
    silent(
        "unsynchronized",
        "two paths share the classes of orders between them",
        topology({**ORDER, "only": ["b2b"]}, {**ORDER, "id": "rest", "except": ["b2b"]}),
    ),
    sure("unsynchronized", "nothing carries it", topology(RECEIPT, at=RETURNED)),
    sure(
        "unsynchronized",
        "one of two origins has no way",
        topology(
            ORDER,
            at={"order_captured": ["shop", "market"]},
            systems={"market": system(kind="marketplace")},
        ),
    ),
    sure(
        "unsynchronized",
        "a value carries no event onward",
        topology(state("wms > hub", "on_hand"), delta("hub > erp", "return_received", "on_hand"), at=RETURNED),
    ),
    sure(
        "unsynchronized",
        "nobody has said what the path carries, but it is not this",
        topology(delta("wms > erp", "order_captured", "on_hand", op=UNKNOWN, payload=UNKNOWN), at=RETURNED),
    ),
    asked("unsynchronized", "the map is an excerpt", topology(RECEIPT, at=RETURNED, complete=False)),
    asked(
        "unsynchronized",
        "nobody has said which events the path carries",
        topology(delta("wms > erp", "", "on_hand"), at=RETURNED),
    ),
    asked(
        "unsynchronized",
        "nobody has said where the quantities land",
        topology(
            {key: fact for key, fact in RECEIPT.items() if key != "maps"},
            systems=held("on_hand", wms={}, erp={}),
        ),
    ),
]

TRIGGERS = [
    silent(
        "trigger-gap",
        "a path without a list",
        topology(state("wms > shop", "on_hand"), at={**RETURNED, **COUNTED}),
    ),
    silent(
        "trigger-gap",
        "every event that changes the source is listed",
        topology(state("wms > shop", "on_hand", events="return_received cycle_counted")),
    ),
    silent(
        "trigger-gap",
        "what one path leaves out another one sends",
        topology(
            state("wms > shop", "on_hand", events="return_received"),
            state("wms > shop", "on_hand", events="cycle_counted", id="counts"),
        ),
    ),
    silent(
        "trigger-gap",
        "runs by the clock cover everything",
        topology(state("wms > shop", "on_hand", every="15m"), at={**RETURNED, **COUNTED}),
    ),
    silent(
        "trigger-gap",
        "the event does not change what is sent",
        topology(state("wms > shop", "on_hand", events="return_received"), at={"order_captured": ["wms"]}),
    ),
    silent(
        "trigger-gap",
        "the source never hears of the event, which is told there",
        topology(
            state("wms > shop", "on_hand", events="return_received"),
            systems={"threepl": system(kind="3pl")},
            at={"shipment_confirmed": ["threepl"]},
        ),
    ),
    silent(
        "trigger-gap",
        "it fires for local changes and there are no others",
        topology(state("wms > shop", "on_hand", fires_for=["local"]), at=RETURNED),
    ),
    silent(
        "trigger-gap",
        "two paths share the classes of changes between them",
        topology(
            state("wms > shop", "on_hand", only=["b2b"]),
            state("wms > shop", "on_hand", id="rest", except_=["b2b"]),
            at=RETURNED,
        ),
    ),
    silent(
        "trigger-gap",
        "other items are kept elsewhere",
        topology(
            {**ORDER, "items": ["shoes"]},
            systems={"shop": system(), "wms": system("available!", items=["shoes"])},
        ),
    ),
    silent(
        "trigger-gap",
        "the event states the number, and what happens at the target is no event of the source",
        topology(
            delta("clerk > wms", "cycle_counted", "on_hand", op="set", base="event"),
            systems={"clerk": system(kind="human")},
            at={"po_received": ["wms"]},
        ),
    ),
    sure(
        "trigger-gap",
        "an event that changes the source is not listed",
        topology(state("wms > shop", "on_hand", events="return_received"), at=COUNTED),
    ),
    sure(
        "trigger-gap",
        "the source learns by values, which set off nothing that is listed",
        topology(
            state("wms > hub", "on_hand"),
            state("hub > shop", "on_hand", events="return_received"),
            at=RETURNED,
        ),
    ),
    sure(
        "trigger-gap",
        "it fires for local changes and others come by a path",
        topology(
            delta("erp > wms", "po_received", "on_hand"),
            state("wms > shop", "on_hand", fires_for=["local"]),
        ),
    ),
    sure("trigger-gap", "a filter leaves some orders to no path", topology({**ORDER, "only": ["b2b"]})),
    asked(
        "trigger-gap",
        "nobody has said what sets it off",
        topology(state("wms > shop", "on_hand", events="return_received", trigger=UNKNOWN), at=COUNTED),
    ),
    asked(
        "trigger-gap",
        "the map is an excerpt",
        topology(state("wms > shop", "on_hand", events="return_received"), at=COUNTED, complete=False),
    ),
]

UNDOS = [
    silent("missing-compensation", "by the same path", topology(delta("shop > wms", CANCELLABLE))),
    silent(
        "missing-compensation",
        "by another path",
        topology(ORDER, delta("shop > wms", "order_cancelled", id="cancels")),
    ),
    silent(
        "missing-compensation",
        "whole values feed the cell",
        topology(state("wms > shop"), at={"order_captured": ["wms"], "order_cancelled": ["wms"]}),
    ),
    silent("missing-compensation", "the undo is not in the map", topology(ORDER)),
    silent(
        "missing-compensation",
        "what is undone does not arrive either",
        topology(
            delta("erp > wms", "po_received"),
            systems={"shop": system()},
            at={"order_captured": ["shop"], "order_cancelled": ["shop"]},
        ),
    ),
    silent(
        "missing-compensation",
        "a return is no undo",
        topology(delta("wms > erp", "shipment_confirmed", "on_hand"), at=RETURNED),
    ),
    silent(
        "missing-compensation",
        "two paths share the classes of the undo between them",
        topology(
            delta("shop > wms", CANCELLABLE, except_=["b2b"]),
            delta("shop > wms", CANCELLABLE, id="b2b", only=["b2b"]),
        ),
    ),
    sure("missing-compensation", "nothing carries the undo", topology(ORDER, at={"order_cancelled": ["shop"]})),
    sure(
        "missing-compensation",
        "a voided shipment",
        topology(delta("wms > shop", "shipment_confirmed", "allocated"), at={"shipment_voided": ["wms"]}),
    ),
    sure(
        "missing-compensation",
        "a class of the undo is left out",
        topology(ORDER, delta("shop > wms", "order_cancelled", id="cancels", except_=["b2b"])),
    ),
    asked(
        "missing-compensation",
        "the map is an excerpt",
        topology(ORDER, at={"order_cancelled": ["shop"]}, complete=False),
    ),
    silent("double-compensation", "one path alone", topology(delta("shop > wms", CANCELLABLE))),
    silent(
        "double-compensation",
        "the second is looked up in the ledger of the first",
        topology(
            delta("shop > wms", CANCELLABLE, dedupe=ledger("orders")),
            delta("shop > wms", "order_cancelled", id="restock", dedupe=ledger("orders")),
        ),
    ),
    silent(
        "double-compensation",
        "the filters leave no instance to both",
        topology(
            delta("shop > wms", CANCELLABLE, except_=["refunded"]),
            delta("shop > wms", CANCELLABLE, id="restock", only=["refunded"]),
        ),
    ),
    silent(
        "double-compensation",
        "the two start from alternative origins",
        topology(
            delta("shop > wms", CANCELLABLE),
            delta("market > wms", CANCELLABLE),
            systems={"shop": system(kind="storefront"), "market": system(kind="marketplace")},
            at={name: ["shop", "market"] for name in CANCELLABLE.split()},
        ),
    ),
    sure(
        "double-compensation",
        "two handlers each put it back",
        topology(delta("shop > wms", CANCELLABLE), delta("shop > wms", "order_cancelled", id="restock")),
    ),
    sure(
        "double-compensation",
        "two ledgers that know nothing of each other",
        topology(
            delta("shop > wms", CANCELLABLE, dedupe=ledger("orders")),
            delta("shop > wms", "order_cancelled", id="restock", dedupe=ledger("refunds")),
        ),
    ),
    sure(
        "double-compensation",
        "what is not said of dedupe clears nothing",
        topology(
            delta("shop > wms", CANCELLABLE, dedupe=UNKNOWN),
            delta("shop > wms", "order_cancelled", id="restock", dedupe=UNKNOWN),
        ),
    ),
    sure(
        "double-compensation",
        "a second handler on the same counter",
        topology(
            delta("shop > wms", CANCELLABLE),
            delta("wms > wms", "order_cancelled", id="second", handler="on_restock"),
        ),
    ),
    asked(
        "double-compensation",
        "one ledger, and nobody knows for how long it is kept",
        topology(
            delta("shop > wms", CANCELLABLE, dedupe=ledger("orders", retention=UNKNOWN)),
            delta("shop > wms", "order_cancelled", id="restock", dedupe=ledger("orders", retention=UNKNOWN)),
        ),
    ),
]

SHIPMENTS_AND_COUNTS = [
    silent("shipment-gap", "carried", topology(delta("wms > shop", "shipment_confirmed", "allocated"))),
    silent("shipment-gap", "whole values feed the cell", topology(state("wms > shop", "allocated"), at=SHIPPED)),
    silent(
        "shipment-gap",
        "a shipment does not move what is held",
        topology(systems={"shop": system("available~"), "wms": system("on_hand!")}, at=SHIPPED),
    ),
    silent(
        "shipment-gap",
        "it leaves another building",
        topology(systems=TWO_BUILDINGS, at={"shipment_confirmed": ["wms", "threepl"]}),
    ),
    silent(
        "shipment-gap",
        "a consumer expects nothing",
        topology(systems={"planning": system("on_hand-"), "wms": system("on_hand!")}, at=SHIPPED),
    ),
    silent(
        "shipment-gap",
        "a voided shipment where shipments arrive has a narrower name",
        topology(delta("wms > shop", "shipment_confirmed", "allocated"), at={"shipment_voided": ["wms"]}),
    ),
    sure(
        "shipment-gap",
        "nothing tells the shop",
        topology(delta("shop > wms", "order_captured", "allocated"), at=SHIPPED),
    ),
    asked(
        "shipment-gap",
        "the map is an excerpt",
        topology(delta("shop > wms", "order_captured", "allocated"), at=SHIPPED, complete=False),
    ),
    silent("count-gap", "carried", topology(delta("wms > erp", "cycle_counted", "on_hand"))),
    silent(
        "count-gap",
        "whole values feed the cell",
        topology(state("wms > erp", "on_hand"), at={**COUNTED, "inventory_adjusted": ["wms"]}),
    ),
    silent(
        "count-gap",
        "a count does not move what is held",
        topology(systems={"erp": system("allocated~"), "wms": system("on_hand!")}, at=COUNTED),
    ),
    silent("count-gap", "a till that counts its own shelf only", topology(systems=OWN_SHELF, at=COUNTED)),
    sure("count-gap", "nothing tells the ERP of a count", topology(RECEIPT, at=COUNTED)),
    sure(
        "count-gap",
        "nothing tells the ERP of an adjustment",
        topology(RECEIPT, at={"inventory_adjusted": ["wms"]}),
    ),
    asked("count-gap", "the map is an excerpt", topology(RECEIPT, at=COUNTED, complete=False)),
]

SWITCHED_OFF = [
    silent("disabled-path", "switched on", topology({**RECEIPT, "enabled": True})),
    silent(
        "disabled-path",
        "another path does its work",
        topology({**RECEIPT, "id": "old", "enabled": False}, RECEIPT),
    ),
    silent(
        "disabled-path",
        "whole values feed the cell instead",
        topology({**RECEIPT, "id": "old", "enabled": False}, state("wms > erp", "on_hand", every="1h")),
    ),
    silent(
        "disabled-path",
        "it is not for the event that is missing",
        topology(RECEIPT, {**RECEIPT, "id": "old", "events": ["po_issued"], "enabled": False}, at=RETURNED),
    ),
    silent(
        "disabled-path",
        "it would drop the quantity anyway",
        topology(
            delta("wms > erp", "po_received", {"on_hand": None}, enabled=False),
            systems=held("on_hand", wms={}, erp={}),
        ),
    ),
    sure("disabled-path", "the only path", topology({**RECEIPT, "enabled": False})),
    sure(
        "disabled-path",
        "the only feed",
        topology(state("wms > erp", "on_hand", enabled=False), at=RETURNED),
    ),
    sure(
        "disabled-path",
        "the map being an excerpt does not switch it on",
        topology({**RECEIPT, "enabled": False}, complete=False),
    ),
]

HOLD = delta("shop > wms", "order_captured order_cancelled", "allocated")
CUT = {"pick_shorted": ["floor"]}
SENT = {"shipment_confirmed": ["floor"]}
RESERVED = {**HOLD, "op": "reserve", "events": ["order_captured"]}
RELEASED = delta("shop > wms", "order_cancelled", "allocated", id="release", op="release", guard="state_machine")
BASKETS = {
    "basket_filled": {"at": ["shop"], "effects": {"soft_reserved": 1}},
    "basket_left": {"at": ["site"], "effects": {"soft_reserved": -1}},
}
FLOOR = {"floor": system(), "shop": system()}


def baskets(**facts: object) -> str:
    """Holds for baskets are set aside in the WMS, and nothing tells it that a basket was left."""
    path = delta("shop > wms", "basket_filled", "soft_reserved", op="reserve", **facts)
    return topology(path, systems={"shop": system(), "site": system(), "wms": system("soft_reserved!")}, events=BASKETS)


LEAKS = [
    silent("reservation-leak", "the map ends no reservation but by the undo, which is carried", topology(HOLD)),
    silent(
        "reservation-leak",
        "what ends the reservation is carried, too",
        topology(HOLD, delta("floor > wms", "pick_shorted", "allocated"), systems=FLOOR, at=CUT),
    ),
    silent(
        "reservation-leak",
        "it ends in the system that holds the reservation",
        topology(HOLD, systems={"shop": system()}, at={"pick_shorted": ["wms"]}),
    ),
    silent(
        "reservation-leak",
        "whole values feed the cell",
        topology(HOLD, state("wms > erp", "allocated"), systems=FLOOR, at={"pick_shorted": ["wms"]}),
    ),
    silent(
        "reservation-leak",
        "nothing is reserved there: the broader rule speaks once",
        topology(systems={**FLOOR, "wms": system("allocated!")}, at=CUT),
    ),
    silent(
        "reservation-leak",
        "what the cut takes off the shelf is no reservation",
        topology(delta("shop > wms", "pos_sale", "on_hand"), systems=FLOOR, at=CUT),
    ),
    silent(
        "reservation-leak",
        "the undo of what reserved has a narrower name",
        topology(RESERVED, at={"order_cancelled": ["shop"]}),
    ),
    silent(
        "reservation-leak",
        "a shipment that moves a number which nobody reserved by `reserve`",
        topology(HOLD, systems=FLOOR, at=SENT),
    ),
    silent(
        "reservation-leak",
        "a dropped field has a narrower name",
        topology(HOLD, delta("floor > wms", "pick_shorted", {"allocated": None}), systems=FLOOR, at=CUT),
    ),
    sure("reservation-leak", "what is cut at the pick stays promised", topology(HOLD, systems=FLOOR, at=CUT)),
    sure(
        "reservation-leak",
        "a reservation that no shipment ends",
        topology({**RESERVED, "guard": "state_machine"}, RELEASED, systems=FLOOR, at=SENT),
    ),
    sure("reservation-leak", "a basket holds what was put into it for ever", baskets(expires_after="never")),
    sure("reservation-leak", "a basket that gives back late", baskets(expires_after="30m")),
    asked("reservation-leak", "the map is an excerpt", topology(HOLD, systems=FLOOR, at=CUT, complete=False)),
]

ROAD = {"wms": system("in_transit!", "wms"), "stores": system()}
DEPARTED = {"transfer_shipped": ["wms"]}
MOVED = {**DEPARTED, "transfer_received": ["stores"]}
ARRIVES = delta("stores > wms", "transfer_received", "in_transit")

TRANSFERS = [
    silent("transfer-limbo", "no transfers", topology(delta("erp > wms", "po_received", "on_hand"))),
    silent("transfer-limbo", "both ends are told", topology(ARRIVES, systems=ROAD, at=MOVED)),
    silent(
        "transfer-limbo",
        "whole values feed the cell",
        topology(ARRIVES, state("wms > erp", "in_transit"), systems=ROAD, at=MOVED),
    ),
    silent(
        "transfer-limbo",
        "no cell counts what is on its way",
        topology(
            systems={
                "wms": system("on_hand!", on_hand={"locations": ["dc"]}),
                "stores": system("on_hand!", on_hand={"locations": ["stores"]}),
            },
            at=MOVED,
        ),
    ),
    silent(
        "transfer-limbo",
        "the path that would tell it is switched off, which has a narrower name",
        topology({**ARRIVES, "enabled": False}, systems=ROAD, at=MOVED),
    ),
    sure("transfer-limbo", "what leaves is told, and what arrives is not", topology(systems=ROAD, at=MOVED)),
    sure(
        "transfer-limbo",
        "what arrives is told, and what leaves is not",
        topology(
            ARRIVES,
            systems={"wms": system("in_transit!"), "stores": system(), "dc": system()},
            at={"transfer_shipped": ["dc"], "transfer_received": ["stores"]},
        ),
    ),
    asked("transfer-limbo", "the map is an excerpt", topology(systems=ROAD, at=MOVED, complete=False)),
    asked(
        "unsynchronized",
        "nobody has said where the path's quantities land",
        topology(delta("stores > wms", "transfer_received", {"in_transit": UNKNOWN}), systems=ROAD, at=MOVED),
    ),
]


KEPT = {"quantities": {"promisable": {"meaning": "count", "formula": "on_hand - allocated"}}}
SHOWN = {"role": "derived", "derived_from": "on_hand - allocated"}
BOTH_MOVE = {"order_captured": ["oms"], "po_received": ["oms"]}
BOTH_WMS = {"order_captured": ["wms"], "po_received": ["wms"]}


def promised(*paths: dict[str, object], at: Any = BOTH_MOVE, **promisable: Any) -> str:
    """An order system that counts goods and promises, and keeps the difference of the two."""
    oms = system("on_hand! allocated! promisable!", "oms", promisable=promisable)
    return topology(*paths, systems={"oms": oms}, at=at, **KEPT)


RESULTS = [
    silent("derived-not-recomputed", "no formula at all", topology(HOLD)),
    silent("derived-not-recomputed", "it is shown, not kept", promised(**SHOWN)),
    silent(
        "derived-not-recomputed",
        "a handler works it out again",
        promised(state("oms > oms", {"on_hand": {"to": "promisable", "minus": ["allocated"]}})),
    ),
    silent(
        "quantity-mismatch",
        "a handler that works out the formula writes what it ought to",
        promised(state("oms > oms", {"on_hand": {"to": "promisable", "minus": ["allocated"]}})),
    ),
    sure(
        "quantity-mismatch",
        "a handler that leaves out a term",
        promised(state("oms > oms", {"on_hand": "promisable"})),
    ),
    silent("derived-not-recomputed", "both terms move alike", promised(at={"shipment_confirmed": ["oms"]})),
    silent("derived-not-recomputed", "no event moves a term", promised(at={"po_issued": ["oms"]})),
    silent("derived-not-recomputed", "a consumer expects nothing", promised(role="consumer")),
    silent(
        "derived-not-recomputed",
        "a known quantity whose formula is left to the vocabulary",
        topology(
            systems={"wms": system("on_hand! available!", available={"derived_from": "on_hand"})},
            at={"return_received": ["wms"]},
        ),
    ),
    silent(
        "derived-not-recomputed",
        "the receipt is brought as an amount",
        promised(
            delta("wms > oms", "po_received", {"on_hand": "promisable"}),
            at={"po_received": {"wms": {"applies": []}}},
        ),
    ),
    sure("derived-not-recomputed", "the terms move and the result stays", promised()),
    sure(
        "derived-not-recomputed",
        "a copy of a number that nothing sends",
        topology(systems={"wms": system("on_hand! allocated!"), "index": system("promisable~")}, at=BOTH_WMS, **KEPT),
    ),
    sure(
        "derived-not-recomputed",
        "the event is applied to the term and not to the result",
        topology(
            systems={"wms": system("on_hand! available!", available={"derived_from": "on_hand"})},
            at={"po_received": {"wms": {"applies": ["on_hand"]}}},
        ),
    ),
    asked("derived-not-recomputed", "nobody has said whether it is kept or shown", promised(role=UNKNOWN)),
    asked(
        "derived-not-recomputed",
        "nobody has said where a path's quantities land",
        promised(state("oms > oms", {"on_hand": UNKNOWN})),
    ),
    asked(
        "derived-not-recomputed",
        "the map is an excerpt",
        topology(systems={"oms": system("on_hand! promisable!")}, at=BOTH_MOVE, complete=False, **KEPT),
    ),
]

STATES = {"quantities": {"stage": {"meaning": "flag"}, "season": {"meaning": "flag"}}}


def staged(event: str = "closed", *, here: bool = True, **facts: object) -> str:
    """Receipts go to a shop that goes by the stage of an item; an event of its own (or of the ERP) closes it."""
    ends = {"at": ["shop" if here else "erp"], "effects": {"stage": {"set": event}}}
    return topology(
        delta("wms > shop", "po_received", "on_hand", **facts),
        systems={
            "shop": system("on_hand~ stage!" if here else "on_hand~ stage~"),
            "erp": system("" if here else "stage!"),
        },
        events={"po_received": {"at": ["wms"]}, "stage_set": ends},
        **STATES,
    )


REFUSALS = [
    silent("lifecycle-guard-missing", "no states at all", topology(HOLD)),
    silent("lifecycle-guard-missing", "nothing is refused", staged(refused_when={})),
    silent("lifecycle-guard-missing", "no event leads to that state", staged("open", refused_when={"stage": "closed"})),
    silent(
        "lifecycle-guard-missing",
        "a flag that is raised and lowered gets no word",
        topology(
            delta("wms > shop", "po_received", "on_hand", refused_when={"stage": "closed"}),
            systems={"shop": system("on_hand~ stage!")},
            events={"po_received": {"at": ["wms"]}, "stage_set": {"at": ["shop"], "effects": {"stage": 1}}},
            **STATES,
        ),
    ),
    silent("lifecycle-guard-missing", "every state is accepted", staged(accepts_when={"stage": ["open", "closed"]})),
    silent(
        "lifecycle-guard-missing",
        "the state changes elsewhere and is never told to the target",
        staged(here=False, refused_when={"stage": "closed"}),
    ),
    silent(
        "lifecycle-guard-missing",
        "a refusal stops the event itself",
        staged(trigger="sync_call", op="reserve", refused_when={"stage": "closed"}),
    ),
    sure("lifecycle-guard-missing", "what is closed refuses a receipt", staged(refused_when={"stage": "closed"})),
    sure("lifecycle-guard-missing", "only what is open is accepted", staged(accepts_when={"stage": "open"})),
    sure(
        "lifecycle-guard-missing",
        "a whole value is refused, too, and each run anew",
        topology(
            state("wms > shop", "on_hand", every="1h", refused_when={"stage": "closed"}),
            systems={"shop": system("on_hand~ stage~")},
            events={
                "po_received": {"at": ["wms"]},
                "stage_set": {"at": ["shop"], "effects": {"stage": {"set": "closed"}}},
            },
            **STATES,
        ),
    ),
    sure(
        "lifecycle-guard-missing",
        "the state is brought to the target by way of a hub",
        topology(
            delta("wms > shop", "po_received", "on_hand", refused_when={"stage": "closed"}),
            state("erp > hub", "stage"),
            state("hub > shop", "stage"),
            systems={"shop": system("on_hand~ stage~"), "hub": system("stage~"), "erp": system("stage!")},
            events={
                "po_received": {"at": ["wms"]},
                "stage_set": {"at": ["erp"], "effects": {"stage": {"set": "closed"}}},
            },
            **STATES,
        ),
    ),
    sure(
        "lifecycle-guard-missing",
        "the state is brought to the target",
        topology(
            delta("wms > shop", "po_received", "on_hand", refused_when={"stage": "closed"}),
            state("erp > shop", "stage"),
            systems={"shop": system("on_hand~ stage~"), "erp": system("stage!")},
            events={
                "po_received": {"at": ["wms"]},
                "stage_set": {"at": ["erp"], "effects": {"stage": {"set": "closed"}}},
            },
            **STATES,
        ),
    ),
    asked(
        "lifecycle-guard-missing",
        "the state comes by a path of which nobody has said what it carries",
        topology(
            delta("wms > shop", "po_received", "on_hand", refused_when={"stage": "closed"}),
            state("erp > shop", "stage", op=UNKNOWN),
            systems={"shop": system("on_hand~ stage~"), "erp": system("stage!")},
            events={
                "po_received": {"at": ["wms"]},
                "stage_set": {"at": ["erp"], "effects": {"stage": {"set": "closed"}}},
            },
            **STATES,
        ),
    ),
    silent(
        "lifecycle-guard-missing",
        "nothing in the map changes the state that is accepted",
        topology(
            delta("wms > shop", "po_received", "on_hand", accepts_when={"stage": "open"}),
            systems={"shop": system("on_hand~ stage~")},
            **STATES,
        ),
    ),
]


def test_what_is_refused_by_a_state_is_lost_and_nothing_else_is_said_of_it() -> None:
    found = [each for each in findings_of(staged(refused_when={"stage": "closed"})) if each.drift is not None]
    told = [(each.slug, each.drift, each.direction) for each in found if each.confidence == "confirmed"]
    assert told == [("lifecycle-guard-missing", "permanent", "under")]


def test_a_reservation_that_expires_is_freed_late_and_not_never() -> None:
    (found,) = [each for each in findings_of(baskets(expires_after="30m")) if each.slug == "reservation-leak"]
    assert (found.drift, found.window) == ("transient", 1800)
    for facts in ({"expires_after": "never"}, {}):
        (found,) = [each for each in findings_of(baskets(**facts)) if each.slug == "reservation-leak"]
        assert (found.drift, found.window) == ("permanent", None)
        assert found.asks == (() if facts else ("shop-to-wms.expires_after",))


@pytest.mark.parametrize(
    "text",
    [topology(HOLD, systems=FLOOR, at=CUT), topology(systems=ROAD, at=MOVED)],
    ids=["reservation-leak", "transfer-limbo"],
)
def test_the_narrow_name_of_an_absence_replaces_the_broad_one(text: str) -> None:
    assert "unsynchronized" not in voices(text)


@pytest.mark.parametrize(
    "slug, text, confidences",
    [*UNSYNCHRONIZED, *TRIGGERS, *UNDOS, *SHIPMENTS_AND_COUNTS, *SWITCHED_OFF, *LEAKS, *TRANSFERS, *RESULTS, *REFUSALS],
)
def test_who_speaks_about_reach(slug: str, text: str, confidences: set[str]) -> None:
    assert voices(text).get(slug, set()) == confidences
