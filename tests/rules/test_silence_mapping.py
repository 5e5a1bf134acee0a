"""When the rules about mapping and meaning (HM3xx) keep silent, and then when they speak.

Silence comes first: a rule that fires on a sound map costs more trust than one that misses a broken one.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.maps import LEFT_OUT, UNKNOWN, delta, findings_of, state, system, topology, voices
from tests.rules.rows import asked, held, keyed, silent, sure

CANCELLABLE = "order_captured order_cancelled"
BOXES = held("on_hand", erp={"unit": "box"})
DERIVED = {
    "wms": system(
        "on_hand! allocated! available!", available={"role": "derived", "derived_from": "on_hand - allocated"}
    )
}
EAST, WEST = {"locations": ["east"]}, {"locations": ["west"]}
BOTH = {"locations": ["east", "west"]}
STARTS_AT_ZERO = held("on_hand", shop={"opening": "none"})
RECEIVED = {"po_received": ["wms"]}


def receipt(**mapping: object) -> dict[str, object]:
    """Receipts go from the ERP to the WMS as an amount, mapped with these facts."""
    return delta("erp > wms", "po_received", {"on_hand": {"to": "on_hand", **mapping}})


UNMAPPED = [
    silent("unmapped-field", "mapped, in the long form", topology(receipt(sign="same"))),
    silent(
        "unmapped-field",
        "another path brings the amount that this one drops",
        topology(
            delta("erp > wms", "po_received", {"on_hand": None}, id="notice"),
            delta("erp > wms", "po_received", "on_hand"),
        ),
    ),
    silent(
        "unmapped-field",
        "whole values feed the cell beside the message that drops the amount",
        topology(delta("wms > shop", "po_received", {"on_hand": None}, id="notice"), state("wms > shop", "on_hand")),
    ),
    silent(
        "unmapped-field",
        "the event does not move the quantity that is left out",
        topology(delta("erp > wms", "po_received", "on_hand"), systems={"wms": system("on_hand! allocated!")}),
    ),
    silent(
        "unmapped-field",
        "a derived cell needs no mapping",
        topology(delta("shop > wms", CANCELLABLE, "allocated"), systems=DERIVED),
    ),
    silent(
        "unmapped-field",
        "a consumer expects nothing",
        topology(
            delta("wms > planning", "po_received", {"on_hand": None}),
            systems={"planning": system("on_hand-")},
        ),
    ),
    silent(
        "unmapped-field",
        "the target does not hold what is dropped",
        topology(
            delta("erp > wms", "po_received", {"on_hand": "on_hand", "incoming": None}),
            systems={"wms": system("on_hand!")},
        ),
    ),
    silent(
        "unmapped-field",
        "a field is left out for a stated reason",
        topology(delta("erp > wms", "po_received", "on_hand", fields={"lot": {"ignored": "no lots here"}})),
    ),
    silent(
        "unmapped-field",
        "a field is dropped and the write applied without it",
        topology(delta("erp > wms", "po_received", "on_hand", fields={"lot": None}, on_unmapped="drop")),
    ),
    sure(
        "unmapped-field",
        "the amount is dropped at the seam",
        topology(delta("erp > wms", "po_received", {"on_hand": None}), systems={"wms": system("on_hand!")}),
    ),
    sure(
        "unmapped-field",
        "the maps say nothing of a quantity that the event moves",
        topology(delta("erp > wms", "po_received", "on_hand"), systems={"wms": system("on_hand! available!")}),
    ),
    sure(
        "unmapped-field",
        "the map being an excerpt does not excuse a declared drop",
        topology(
            delta("erp > wms", "po_received", {"on_hand": None}),
            systems={"wms": system("on_hand!")},
            complete=False,
        ),
    ),
    sure(
        "unmapped-field",
        "the field that is dropped is the key",
        topology(delta("erp > wms", "po_received", "on_hand", fields={"sku": {"dropped": True, "key": True}})),
    ),
    sure(
        "unmapped-field",
        "the target refuses a write without the field that is dropped",
        topology(delta("erp > wms", "po_received", "on_hand", fields={"lot": None}, on_unmapped="error")),
    ),
]

QUANTITY = [
    silent("quantity-mismatch", "the same quantity", topology(state("wms > shop", "available"))),
    silent(
        "quantity-mismatch",
        "every event moves the formula as it moves the target",
        topology(
            state("wms > shop", {"on_hand": {"to": "available", "minus": ["allocated"]}}),
            systems={"wms": system("on_hand! allocated!")},
            at={name: ["wms"] for name in ("order_captured", "shipment_confirmed", "po_received")},
        ),
    ),
    silent(
        "quantity-mismatch",
        "the one event of a delta moves both quantities alike",
        topology(delta("clerk > wms", "inventory_adjusted", {"on_hand": "available"})),
    ),
    silent(
        "quantity-mismatch",
        "a counted difference is a difference like any other",
        topology(delta("wms > erp", "cycle_counted", {"on_hand": "available"})),
    ),
    silent(
        "quantity-mismatch",
        "the sign makes of the one effect the other",
        topology(
            delta("shop > wms", CANCELLABLE, {"allocated": {"to": "available", "sign": "negated"}}),
            systems={"shop": system()},
        ),
    ),
    sure(
        "quantity-mismatch",
        "what is on the shelf is published as for sale",
        topology(state("wms > shop", {"on_hand": "available"}), at={"order_captured": ["wms"]}),
    ),
    sure(
        "quantity-mismatch",
        "the formula lacks a term that an event moves",
        topology(
            state("wms > shop", {"on_hand": {"to": "available", "minus": ["soft_reserved"]}}),
            systems={"wms": system("on_hand! soft_reserved!")},
            at={"order_captured": ["wms"]},
        ),
    ),
    sure(
        "quantity-mismatch",
        "the event moves the two in opposite directions",
        topology(delta("oms > wms", "order_captured", {"allocated": "available"})),
    ),
]

UNITS = [
    silent(
        "unit-mismatch",
        "single pieces by two names",
        topology(receipt(), systems=held("on_hand", erp={"unit": "pcs"}, wms={"unit": "each"})),
    ),
    silent("unit-mismatch", "an exact factor", topology(receipt(unit_factor=12), systems=BOXES)),
    silent("unit-mismatch", "each item's own factor", topology(receipt(unit_factor="per_item"), systems=BOXES)),
    silent(
        "unit-mismatch",
        "two paths between the same units use one factor",
        topology(
            receipt(unit_factor=12),
            {**receipt(unit_factor=12), "id": "returns", "events": ["return_received"]},
            systems=BOXES,
        ),
    ),
    silent(
        "unit-mismatch",
        "the way back takes the inverse factor",
        topology(
            receipt(unit_factor=12),
            delta("wms > erp", "pos_sale", {"on_hand": {"to": "on_hand", "unit_factor": "1/12"}}),
            systems=BOXES,
        ),
    ),
    silent(
        "unit-mismatch",
        "a source that keeps no count states no unit",
        topology(delta("threepl > wms", "shipment_confirmed", "on_hand"), systems={"threepl": system()}),
    ),
    silent(
        "unit-mismatch",
        "a flag has no unit",
        topology(
            state("wms > shop", "blocked"),
            systems=held("blocked", wms={"unit": UNKNOWN}, shop={"unit": UNKNOWN}),
            quantities={"blocked": {"meaning": "flag"}},
            events={"hold_placed": {"at": ["wms"], "effects": {"blocked": 1}}},
        ),
    ),
    sure("unit-mismatch", "the factor is applied twice", topology(receipt(unit_factor=12))),
    sure("unit-mismatch", "two units and the factor 1", topology(receipt(unit_factor=1), systems=BOXES)),
    sure(
        "unit-mismatch",
        "two factors between the same units",
        topology(
            receipt(unit_factor=12),
            {**receipt(unit_factor=10), "id": "returns", "events": ["return_received"]},
            systems=BOXES,
        ),
    ),
    sure(
        "unit-mismatch",
        "the way back does not undo the factor",
        topology(
            receipt(unit_factor=12),
            delta("wms > erp", "pos_sale", {"on_hand": {"to": "on_hand", "unit_factor": "1/10"}}),
            systems=BOXES,
        ),
    ),
    asked("unit-mismatch", "two units and no factor", topology(receipt(), systems=BOXES)),
    asked(
        "unit-mismatch",
        "one side does not say in what it counts",
        topology(receipt(), systems=held("on_hand", erp={"unit": UNKNOWN})),
    ),
]

ITEM_KEYS = [
    silent("item-key-mismatch", "the same key", topology(state("wms > shop"))),
    silent(
        "item-key-mismatch",
        "the same normalisation in another order",
        topology(
            state("wms > shop"),
            systems=keyed(
                wms={"field": "sku", "normalise": ["trim", "upper"]},
                shop={"field": "sku", "normalise": ["upper", "trim"]},
            ),
        ),
    ),
    silent(
        "item-key-mismatch",
        "the path maps one key to the other",
        topology(state("wms > shop", fields={"sku": "variant_id"}), systems=keyed(shop="variant_id")),
    ),
    silent(
        "item-key-mismatch",
        "parts of one application share one item record",
        topology(
            state("wms > shop"),
            systems={name: {**entry, "part_of": "suite"} for name, entry in keyed(wms=LEFT_OUT, shop=LEFT_OUT).items()},
        ),
    ),
    sure("item-key-mismatch", "two fields", topology(state("wms > shop"), systems=keyed(shop="gtin"))),
    sure(
        "item-key-mismatch",
        "two normalisations",
        topology(
            state("wms > shop"),
            systems=keyed(wms={"field": "sku", "normalise": ["upper"]}, shop={"field": "sku", "normalise": []}),
        ),
    ),
    sure(
        "item-key-mismatch",
        "a key that changes while the other side keeps the old one",
        topology(state("wms > shop"), systems=keyed(wms={"field": "sku", "may_change": True})),
    ),
    asked(
        "item-key-mismatch",
        "one side does not say by what it knows an item",
        topology(state("wms > shop"), systems=keyed(shop=LEFT_OUT)),
    ),
    asked(
        "item-key-mismatch",
        "one side does not say how it normalises",
        topology(state("wms > shop"), systems=keyed(wms={"field": "sku", "normalise": ["trim"]})),
    ),
]

LOCATIONS = [
    silent("location-mismatch", "every place at both ends", topology(state("wms > shop"))),
    silent(
        "location-mismatch",
        "the same places in another order",
        topology(
            state("wms > shop"),
            systems=held("available", wms=BOTH, shop={"locations": ["west", "east"]}),
        ),
    ),
    silent(
        "location-mismatch",
        "neither side counts by place",
        topology(
            state("wms > shop"),
            systems=held("available", wms={"locations": UNKNOWN}, shop={"locations": UNKNOWN}),
        ),
    ),
    silent(
        "location-mismatch",
        "amounts of one building go into the count of all",
        topology(delta("threepl > wms", "shipment_confirmed", "on_hand"), systems=held("on_hand", threepl=EAST)),
    ),
    silent(
        "location-mismatch",
        "amounts of one building go into the count of two",
        topology(
            delta("threepl > wms", "shipment_confirmed", "on_hand"),
            systems=held("on_hand", threepl=EAST, wms=BOTH),
        ),
    ),
    silent(
        "location-mismatch",
        "the path lands at a place that the target counts",
        topology(
            delta("threepl > wms", "shipment_confirmed", "on_hand", location="east"),
            systems=held("on_hand", threepl={"locations": ["dock_7"]}, wms=EAST),
        ),
    ),
    silent(
        "location-mismatch",
        "the source does not hold the quantity",
        topology(
            delta("carrier > wms", "shipment_confirmed", "on_hand"),
            systems={"carrier": system(), **held("on_hand", wms=EAST)},
        ),
    ),
    sure(
        "location-mismatch",
        "the value of one building over the count of two",
        topology(state("wms > shop"), systems=held("available", wms=EAST, shop=BOTH)),
    ),
    sure(
        "location-mismatch",
        "amounts of two buildings into the count of one",
        topology(
            delta("threepl > wms", "shipment_confirmed", "on_hand"),
            systems=held("on_hand", threepl=BOTH, wms=EAST),
        ),
    ),
    sure(
        "location-mismatch",
        "it lands where the target does not count",
        topology(
            delta("threepl > wms", "shipment_confirmed", "on_hand", location="default"),
            systems=held("on_hand", wms=EAST),
        ),
    ),
    sure(
        "location-mismatch",
        "the sum of two buildings lands in one",
        topology(state("wms > shop", location="east"), systems=held("available", wms=BOTH, shop=EAST)),
    ),
    asked(
        "location-mismatch",
        "one side counts certain places and the other does not say which",
        topology(state("wms > shop"), systems=held("available", wms=WEST, shop={"locations": UNKNOWN})),
    ),
]

OPENING = [
    silent(
        "null-as-zero",
        "an opening balance is booked if nothing is said",
        topology(delta("wms > shop", "po_received", "on_hand")),
    ),
    silent(
        "null-as-zero",
        "the first full run brings the opening balance",
        topology(state("wms > shop", "on_hand", every="1h"), systems=STARTS_AT_ZERO, at=RECEIVED),
    ),
    silent(
        "null-as-zero",
        "a consumer may start where it likes",
        topology(
            delta("wms > planning", "po_received", "on_hand"),
            systems={"planning": system("on_hand-", on_hand={"opening": "none"})},
        ),
    ),
    sure(
        "null-as-zero",
        "only differences",
        topology(delta("wms > shop", "po_received", "on_hand"), systems=STARTS_AT_ZERO),
    ),
    sure(
        "null-as-zero",
        "runs that send changes only",
        topology(
            state(
                "wms > shop",
                "on_hand",
                trigger="schedule",
                schedule={"every": "1h", "covers": "changed_only"},
            ),
            systems=STARTS_AT_ZERO,
            at=RECEIVED,
        ),
    ),
    asked(
        "null-as-zero",
        "nobody has said what a run covers",
        topology(
            state(
                "wms > shop",
                "on_hand",
                trigger="schedule",
                schedule={"every": "1h"},
                only_if_changed=False,
            ),
            systems=STARTS_AT_ZERO,
            at=RECEIVED,
        ),
    ),
]

OPERATIONS = [
    silent("operation-mismatch", "a difference is added", topology(receipt())),
    silent("operation-mismatch", "a value is set", topology(state("wms > shop", payload="state"))),
    silent(
        "operation-mismatch",
        "a value is compared and set",
        topology(state("wms > shop", payload="state", op="cas")),
    ),
    silent(
        "operation-mismatch",
        "the event itself states the number",
        topology(delta("clerk > wms", "cycle_counted", "on_hand", payload="delta", op="set", base="event")),
    ),
    silent(
        "operation-mismatch",
        "the target's own number plus the amount is set",
        topology(delta("till > wms", "pos_sale", "on_hand", op="set", base="target", concurrency="row_lock")),
    ),
    silent(
        "operation-mismatch",
        "the message only says that there is something to fetch",
        topology(state("wms > shop", payload="notify_then_fetch")),
    ),
    silent(
        "operation-mismatch",
        "the sign makes of the one effect the other",
        topology(
            delta("shop > wms", CANCELLABLE, {"allocated": {"to": "available", "sign": "negated"}}),
            systems={"shop": system()},
        ),
    ),
    sure(
        "operation-mismatch",
        "a difference is set",
        topology(delta("erp > wms", "po_received", "on_hand", payload="delta", op="set")),
    ),
    sure(
        "operation-mismatch",
        "a value is added",
        topology(state("wms > shop", "on_hand", payload="state", op="adjust"), at=RECEIVED),
    ),
    sure("operation-mismatch", "the sign is turned over", topology(receipt(sign="negated"))),
    asked(
        "operation-mismatch",
        "nobody has said what is done with a difference",
        topology(delta("erp > wms", "po_received", "on_hand", payload="delta", op=UNKNOWN)),
    ),
]

ROUNDING = [
    silent(
        "precision-loss",
        "nothing is rounded",
        topology(
            receipt(unit_factor="1/12", rounding="none"),
            systems=held("on_hand", wms={"unit": "box", "integer_only": False}),
        ),
    ),
    silent(
        "precision-loss",
        "whole numbers times a whole number stay whole",
        topology(
            receipt(unit_factor=12, rounding="nearest"),
            systems=held("on_hand", erp={"unit": "box", "integer_only": True}),
        ),
    ),
    silent("precision-loss", "a piece is whole", topology(receipt(rounding="nearest"))),
    sure(
        "precision-loss",
        "pieces become boxes, rounded each time",
        topology(receipt(unit_factor="1/12", rounding="down"), systems=held("on_hand", wms={"unit": "box"})),
    ),
    sure(
        "precision-loss",
        "a source that counts in fractions",
        topology(receipt(rounding="nearest"), systems=held("on_hand", erp={"integer_only": False})),
    ),
    asked(
        "precision-loss",
        "nobody has said whether the source counts in fractions",
        topology(receipt(rounding="nearest"), systems=held("on_hand", erp={"unit": "kg"}, wms={"unit": "kg"})),
    ),
]

STATUSES = [
    silent("status-collapse", "statuses are not spoken of", topology(state("wms > shop"))),
    silent(
        "status-collapse",
        "the same statuses in another order",
        topology(
            state("wms > shop"),
            systems=held("available", wms={"statuses": ["sellable", "held"]}, shop={"statuses": ["held", "sellable"]}),
        ),
    ),
    sure(
        "status-collapse",
        "held goods go into a count of sellable ones",
        topology(
            state("wms > shop"),
            systems=held("available", wms={"statuses": ["sellable", "held"]}, shop={"statuses": ["sellable"]}),
        ),
    ),
    asked(
        "status-collapse",
        "one side counts certain statuses and the other does not say which",
        topology(state("wms > shop"), systems=held("available", wms={"statuses": ["sellable", "held"]})),
    ),
]

BUFFERS = [
    silent("buffer-misuse", "nothing is held back", topology(state("wms > shop"))),
    silent(
        "buffer-misuse",
        "as much is held back at both ends",
        topology(state("wms > shop"), systems=held("available", wms={"buffer": 2}, shop={"buffer": 2})),
    ),
    silent(
        "buffer-misuse",
        "amounts hold nothing back",
        topology(delta("wms > shop", "po_received"), systems=held("available", wms={}, shop={"buffer": 2})),
    ),
    sure(
        "buffer-misuse",
        "the channel should hold two back and gets the whole number",
        topology(state("wms > shop"), systems=held("available", wms={}, shop={"buffer": 2})),
    ),
]


def bundled(seller: dict[str, object] | None = None, holder: dict[str, object] | None = None, **facts: Any) -> str:
    """Orders from a shop that sells kits to a warehouse that counts components, changed by these facts."""
    shop = system("", "storefront", **{"sells_kits": True, **(seller or {})})
    wms = system("available!", "wms", **{"holds_components": True, **(holder or {})})
    maps = facts.pop("maps", "available")
    return topology(delta("shop > wms", "order_captured", maps, **facts), systems={"shop": shop, "wms": wms})


KITS = [
    silent("kit-not-exploded", "nothing is said of kits", topology(delta("shop > wms", "order_captured"))),
    silent(
        "kit-not-exploded",
        "each kit goes over as its components",
        bundled(maps={"available": {"to": "available", "unit_factor": "per_item"}}),
    ),
    silent("kit-not-exploded", "the shop sells no kits", bundled({"sells_kits": False})),
    silent("kit-not-exploded", "the warehouse counts kits", bundled(holder={"holds_components": False})),
    silent("kit-not-exploded", "parts of one application", bundled({"part_of": "suite"}, {"part_of": "suite"})),
    silent(
        "kit-not-exploded",
        "receipts from a system that sells no kits",
        topology(
            delta("erp > wms", "po_received", "on_hand"),
            systems={"erp": system(sells_kits=False), "wms": system("on_hand!", holds_components=True)},
        ),
    ),
    silent(
        "kit-not-exploded",
        "whole values go to a shop that sells kits",
        topology(state("wms > shop"), systems={"shop": system("available~", "storefront", sells_kits=True)}),
    ),
    silent(
        "unit-mismatch",
        "so many of a component in each kit",
        bundled(maps={"available": {"to": "available", "unit_factor": "per_item"}}),
    ),
    sure("kit-not-exploded", "kits on one side, components on the other", bundled()),
    sure("kit-not-exploded", "of a class of orders only", bundled(only=["b2b"])),
    asked(
        "kit-not-exploded", "nobody has said what the warehouse counts", bundled(holder={"holds_components": UNKNOWN})
    ),
    asked("kit-not-exploded", "nobody has said whether the shop sells kits", bundled({"sells_kits": UNKNOWN})),
    asked("kit-not-exploded", "whether kits are among the items that it carries is not said", bundled(items=["loose"])),
]

NET_OF = {"role": "derived", "derived_from": "on_hand - allocated"}


WHOLE = {"available": "on_hand"}


def published(maps: Any = WHOLE, at: str = "shop", derived: Any = NET_OF, **facts: object) -> str:
    """The record's number goes to a shop that takes its own reservations off what is there."""
    shop = system("on_hand~ allocated! available!", "storefront", available=derived)
    systems = {"wms": system("on_hand! allocated! available!"), "shop": shop}
    events = {"order_captured": [at], **({} if at == "shop" else {"po_received": ["wms"]})}
    order = delta("shop > wms", "order_captured", "available allocated")
    return topology(*([order] if at == "shop" else []), state("wms > shop", maps, **facts), systems=systems, at=events)


RESERVED_TWICE = [
    silent("double-reservation", "what is there is sent", published({"on_hand": "on_hand"})),
    silent("double-reservation", "no order reaches the shop's own reservations", published(at="wms")),
    silent(
        "double-reservation",
        "reservations are put back on the way",
        published({"available": {"to": "on_hand", "plus": ["allocated"]}}),
    ),
    silent(
        "double-reservation",
        "what the shop sells by is not worked out from it",
        published(derived={"role": "derived", "derived_from": "allocated"}),
    ),
    silent(
        "double-reservation",
        "amounts",
        topology(
            delta("wms > shop", "order_captured", {"available": "on_hand"}),
            systems={"shop": system("on_hand~ allocated! available!", available=NET_OF)},
        ),
    ),
    sure("double-reservation", "net already, and reserved again", published()),
    sure(
        "double-reservation",
        "made net on the way",
        published({"on_hand": {"to": "on_hand", "minus": ["allocated"]}}),
    ),
    silent("quantity-mismatch", "the narrower name speaks", published()),
    sure("quantity-mismatch", "nothing takes anything off again", published(derived={"role": "mirror"})),
    silent(
        "double-reservation",
        "nobody has said what the shop's number is worked out from",
        published(derived={"role": "derived"}),
    ),
    sure(
        "quantity-mismatch",
        "nobody has said what the shop's number is worked out from",
        published(derived={"role": "derived"}),
    ),
]

LOT = {"lot": None}


def fielded(fields: object = LOT, on_unmapped: object = "drop") -> str:
    return topology(delta("erp > wms", "po_received", "on_hand", fields=fields, on_unmapped=on_unmapped))


FIELDS = [
    silent("attribute-lost", "no other fields", topology(delta("erp > wms", "po_received", "on_hand"))),
    silent("attribute-lost", "the field is carried over", fielded({"lot": "lot_number"})),
    silent("attribute-lost", "left out for a reason", fielded({"lot": {"ignored": "no lots here"}})),
    silent("attribute-lost", "refused without it, so that the number is lost, too", fielded(on_unmapped="error")),
    silent("attribute-lost", "the field is the key", fielded({"sku": {"dropped": True, "key": True}})),
    silent("attribute-lost", "nobody has said where the field goes", fielded({"lot": UNKNOWN})),
    silent("attribute-lost", "nobody has said what the target does without", fielded(on_unmapped=UNKNOWN)),
    asked("unmapped-field", "nobody has said what the target does without", fielded(on_unmapped=UNKNOWN)),
    sure("attribute-lost", "the lot is dropped, and the receipt booked", fielded()),
]


def test_a_lost_attribute_turns_no_verdict_and_is_one_finding_on_its_path() -> None:
    text = topology(
        delta("erp > wms", "po_received", "on_hand available", fields={"lot": None, "owner": None}, on_unmapped="drop")
    )
    (found,) = [each for each in findings_of(text) if each.slug == "attribute-lost"]
    assert (found.drift, found.severity, found.subject.write_path) == (None, "note", "erp-to-wms")
    assert {str(cell) for cell in found.cells} == {"wms.on_hand", "wms.available"}
    assert "lot and owner" in found.message


@pytest.mark.parametrize(
    "slug, text, confidences",
    [
        *UNMAPPED, *QUANTITY, *UNITS, *ITEM_KEYS, *LOCATIONS, *OPENING, *OPERATIONS, *ROUNDING, *STATUSES,
        *BUFFERS, *KITS, *RESERVED_TWICE, *FIELDS,
    ],
)  # fmt: skip
def test_who_speaks_about_a_mapping(slug: str, text: str, confidences: set[str]) -> None:
    assert voices(text).get(slug, set()) == confidences
