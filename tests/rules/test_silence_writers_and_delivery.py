"""Rules about authority, writers and delivery: what keeps each silent, and then where it speaks.

The silent half comes first. Each case is a map in which all is well but for what its id names.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.cases import CONFIRMED, UNDETERMINED, silent, speaks
from tests.rules.maps import (
    KEPT_FOR_EVER,
    LEFT_OUT,
    UNKNOWN,
    control,
    delta,
    findings_of,
    state,
    system,
    topology,
    voices,
)

ORDERS = delta("shop > wms", "order_captured")
"""Orders on their way from the shop to the record, everything right."""

ADJUSTED = {"inventory_adjusted": ["wms"]}
BOTH = {"order_captured": ["shop", "market"]}
CLERK = {"clerk": system(kind="human")}


def order(**facts: Any) -> str:
    """An order path from the shop to the record that differs from the safe one in these facts."""
    return topology(delta("shop > wms", "order_captured", **facts))


ONE_LEDGER = {**KEPT_FOR_EVER, "ledger": "orders"}


def imported(again: dict[str, Any] | None = None, **facts: Any) -> str:
    """The safe order path, with these facts, beside an import by hand of the same orders, with those of `again`."""
    other = {"id": "import", "trigger": "manual", **(again or {})}
    return topology(delta("shop > wms", "order_captured", **facts), delta("shop > wms", "order_captured", **other))


def stock(**facts: Any) -> str:
    """A whole value sent from the record to a mirror on every change, safe but for these facts."""
    return topology(state("wms > erp", "on_hand", **facts), at=ADJUSTED)


def nightly(**facts: Any) -> str:
    """A whole value sent to a mirror in full by the clock, safe but for these facts."""
    return topology(state("wms > erp", "on_hand", **{"every": "24h", **facts}), at=ADJUSTED)


def shipped(**facts: Any) -> str:
    """Shipments reported to the record, safe but for these facts."""
    return topology(delta("threepl > wms", "shipment_confirmed", "on_hand", **facts))


def keyed(*key: str, **facts: Any) -> dict[str, Any]:
    """A ledger with this key."""
    return {"key": list(key), "retention": "forever", "stable_across_retries": True, **facts}


# ── authority and writers ─────────────────────────────────────────────────────────────────────────

NO_RECORD = {"shop": system("available~"), "web": system("available~")}


def allocating(*paths: dict[str, Any], controls: object = (), **facts: Any) -> str:
    """A shop and a marketplace that both sell what the WMS has; the facts are about the marketplace."""
    return topology(
        *paths,
        systems={
            "shop": system("available~", "storefront", allocates=True),
            "market": system("available~", "marketplace", **{"allocates": True, **facts}),
            "wms": system("available!", "wms"),
        },
        at=ADJUSTED,
        controls=controls if controls is LEFT_OUT else list(controls),  # type: ignore[call-overload]
    )


def gate(**facts: Any) -> dict[str, Any]:
    return control("gate", **{"at": "order", "reads": "wms.available", "on_mismatch": "block", **facts})


STOCK_DOWN = state("wms > shop")
DERIVED = {"role": "derived", "derived_from": "on_hand - allocated"}
TWO_SOURCES = {
    "wms": system("available!", "wms"),
    "oms": system("available~"),
    "shop": system("available~", "storefront"),
}

SILENT_WRITERS = [
    silent("no-authority", "one record", order()),
    silent("no-authority", "derived from records", topology(systems={
        "wms": system("on_hand! allocated! available-", "wms", available=DERIVED)}, at=ADJUSTED)),
    silent("no-authority", "consumers expect nothing", topology(systems={"bi": system("available-")})),
    silent("split-authority", "a mirror beside the record", order()),
    silent("split-authority", "each has its own places", topology(systems={
        "east": system("on_hand!", "wms", on_hand={"locations": ["nj"]}),
        "west": system("on_hand!", "wms", on_hand={"locations": ["nv"]})})),
    silent("split-authority", "each has its own items", topology(systems={
        "cold": system("on_hand!", "wms", items=["frozen"]),
        "dry": system("on_hand!", "wms", items=["grocery"])})),
    silent("split-authority", "different quantities",
           topology(systems={"wms": system("on_hand!", "wms"), "oms": system("allocated!", "oms")})),
    silent("multiple-writers", "one source", stock()),
    silent("multiple-writers", "two paths of one source", topology(
        state("wms > shop", id="a"), state("wms > shop", id="b", every="24h"), at=ADJUSTED)),
    silent("multiple-writers", "disjoint items", topology(
        state("wms > shop", items=["dry"]), state("oms > shop", items=["cold"]), systems=TWO_SOURCES)),
    silent("multiple-writers", "disjoint places", topology(
        state("wms > shop", location="nj"), state("oms > shop", location="nv"), systems=TWO_SOURCES)),
    silent("multiple-writers", "only amounts", topology(
        delta("shop > wms", "order_captured"), delta("erp > wms", "po_received", "available"))),
    silent("ungated-write", "the mirror's event goes up as an amount", order()),
    silent("ungated-write", "it goes up by way of another system", topology(
        delta("shop > oms", "order_captured"), delta("oms > wms", "order_captured"), STOCK_DOWN)),
    silent("ungated-write", "asked for first", topology(
        delta("shop > wms", "order_captured", trigger="sync_call", op="reserve"), STOCK_DOWN)),
    silent("ungated-write", "the mirror books nothing itself", topology(
        delta("shop > wms", "order_captured"), STOCK_DOWN, at={"order_captured": {"shop": {"applies": []}}})),
    silent("ungated-write", "no events of its own", stock()),
    silent("manual-override", "booked in the record", topology(
        delta("clerk > wms", "return_restocked"), STOCK_DOWN, systems=CLERK)),
    silent("manual-override", "sent on to the record", topology(
        delta("clerk > shop", "return_restocked"), delta("shop > wms", "return_restocked"), systems=CLERK)),
    silent("multiple-allocators", "one allocator", allocating(allocates=False)),
    silent("multiple-allocators", "a gate at the order that reads the record and blocks",
           allocating(controls=[gate()])),
    silent("multiple-allocators", "a quota", allocating(allocates={"quota": "market.available"})),
    silent("multiple-allocators", "backorders", allocating(allocates={"backorders": True})),
    silent("multiple-allocators", "reserved synchronously", topology(
        delta("shop > wms", "order_captured"),
        delta("market > wms", "order_captured", trigger="sync_call", op="reserve"),
        at=BOTH)),
    silent("multiple-allocators", "disjoint places", topology(systems={
        "shop": system("available~", allocates=True, available={"locations": ["nj"]}),
        "wms": system("available!", "wms"),
        "till": system("available~", "pos", allocates=True, available={"locations": ["nv"]})})),
    silent("multiple-allocators", "a relay that orders come through allocates nothing", topology(
        delta("shop > wms", "order_captured"), delta("ipaas > wms", "order_captured"),
        systems={"ipaas": system(kind="middleware")}, at={"order_captured": ["shop", "ipaas"]})),
    silent("set-on-derived", "the stored quantity is written", topology(
        state("wms > shop", "on_hand allocated"), at=ADJUSTED,
        systems={"shop": system("on_hand~ allocated~ available-", available=DERIVED)})),
    silent("set-on-derived", "an amount is added to it", topology(
        delta("wms > shop", "inventory_adjusted", "available"), systems={
            "shop": system("on_hand~ allocated~ available-", available=DERIVED),
            "wms": system("on_hand! available!", "wms")})),
    silent("authority-overwritten", "the record writes the mirror", stock()),
    silent("authority-overwritten", "the mirror sends amounts", order()),
    silent("authority-overwritten", "all it could send came from the record and is suppressed", topology(
        STOCK_DOWN, state("shop > wms", origin_tag=True), at=ADJUSTED)),
]  # fmt: skip

SPEAKING_WRITERS = [
    speaks("no-authority", "mirrors only", topology(systems=NO_RECORD)),
    speaks("no-authority", "an unknown role is a question", topology(systems={
        **NO_RECORD, "wms": system("available!", available={"role": UNKNOWN})}), UNDETERMINED),
    speaks("no-authority", "in an excerpt it is a question",
           topology(systems=NO_RECORD, complete=False), UNDETERMINED),
    speaks("split-authority", "two for the same places",
           topology(systems={"wms": system("on_hand!"), "erp": system("on_hand!")})),
    speaks("split-authority", "all places hold every place", topology(systems={
        "wms": system("on_hand!", on_hand={"locations": ["nj"]}), "erp": system("on_hand!")})),
    speaks("multiple-writers", "two sources",
           topology(state("wms > shop"), state("oms > shop"), systems=TWO_SOURCES)),
    speaks("multiple-writers", "the same items", topology(
        state("wms > shop", items=["dry", "cold"]), state("oms > shop", items=["cold"]),
        systems=TWO_SOURCES)),
    speaks("ungated-write", "the record never hears of the sale",
           topology(STOCK_DOWN, at={"order_captured": ["shop"]})),
    speaks("ungated-write", "also where nothing comes back", topology(
        delta("wms > shop", "inventory_adjusted"), at={"order_captured": ["shop"]})),
    speaks("ungated-write", "in an excerpt it is a question", topology(
        STOCK_DOWN, at={"order_captured": ["shop"]}, complete=False), UNDETERMINED),
    speaks("manual-override", "booked in the mirror only", topology(
        delta("clerk > shop", "return_restocked"), systems={"clerk": system(kind="human"),
        "wms": system("available!", "wms")})),
    speaks("multiple-allocators", "nothing arbitrates", allocating()),
    speaks("multiple-allocators", "unknown controls only add a question", allocating(controls=LEFT_OUT)),
    speaks("multiple-allocators", "a gate that only alerts",
           allocating(controls=[gate(on_mismatch="alert")])),
    speaks("multiple-allocators", "a gate that reads a mirror",
           allocating(controls=[gate(reads="shop.available")])),
    speaks("multiple-allocators", "a gate at the pick is too late",
           allocating(controls=[gate(at="fulfilment")])),
    speaks("multiple-allocators", "capturing orders is allocating", topology(
        delta("shop > wms", "order_captured"), delta("market > wms", "order_captured"), at=BOTH)),
    speaks("set-on-derived", "a computed number is set", topology(
        state("wms > shop"), at=ADJUSTED,
        systems={"shop": system("on_hand~ allocated~ available-", available=DERIVED)})),
    speaks("authority-overwritten", "a mirror sets the record", topology(
        state("shop > wms"), delta("wms > shop", "po_received"), at={"order_captured": ["shop"]})),
    speaks("authority-overwritten", "an unknown origin tag is a question, since a tag would clear it",
           topology(
        STOCK_DOWN, state("shop > wms", origin_tag=UNKNOWN), at=ADJUSTED), UNDETERMINED),
]  # fmt: skip

# ── repetitions, losses, crashes ──────────────────────────────────────────────────────────────────

B2B, REST = {"only": ["b2b"]}, {"except": ["b2b"]}
SHARED = keyed("event_id", ledger="orders")
BY_LINE = keyed("order_id", "line_id", ledger="orders")
BY_HAND = {"monitored": True, "replay": "manual"}
REPLAYED = {"monitored": True, "replay": "auto"}


def two_routes(one: dict[str, Any], two: dict[str, Any], via: dict[str, Any] | None = None) -> str:
    """Orders that go to the WMS directly and by way of the OMS."""
    return topology(
        delta("shop > wms", "order_captured", **one),
        delta("shop > oms", "order_captured", **(via or {})),
        delta("oms > wms", "order_captured", **two),
    )


def lifecycle(capture: dict[str, Any], cancel: dict[str, Any]) -> str:
    """Orders and cancellations by a path each."""
    return topology(
        delta("shop > wms", "order_captured", "allocated", id="orders", **capture),
        delta("shop > wms", "order_cancelled", "allocated", id="cancellations", **cancel),
    )


SILENT_MESSAGES = [
    silent("duplicate-delivery", "a ledger", order()),
    silent("duplicate-delivery", "the target takes a key",
           order(delivery="exactly_once_effect", dedupe="none")),
    silent("duplicate-delivery", "sent once at most", order(delivery="at_most_once", dedupe="none")),
    silent("duplicate-delivery", "a whole value", stock(dedupe="none")),
    silent("duplicate-delivery", "reserves once per order",
           order(op="reserve", guard="state_machine", dedupe="none")),
    silent("duplicate-delivery", "in the source's transaction",
           order(handoff="same_transaction", dedupe="none")),
    silent("duplicate-delivery", "asked synchronously",
           order(trigger="sync_call", op="reserve", dedupe="none")),
    silent("duplicate-delivery", "it is read when handled",
           stock(payload="notify_then_fetch", dedupe="none")),
    silent("duplicate-route", "one route", order()),
    silent("duplicate-route", "one ledger that both name",
           two_routes({"dedupe": SHARED}, {"dedupe": SHARED})),
    silent("duplicate-route", "two alternative origins", topology(
        delta("shop > wms", "order_captured"), delta("market > wms", "order_captured"), at=BOTH)),
    silent("duplicate-route", "filters that share no instance", two_routes(B2B, REST)),
    silent("duplicate-route", "the second carries another quantity",
           two_routes({}, {"maps": {"allocated": "allocated"}}, {"maps": {"allocated": "allocated"}})),
    silent("duplicate-route", "fires for local orders only", topology(
        delta("shop > wms", "order_captured"), delta("shop > oms", "order_captured"),
        delta("oms > wms", "order_captured", fires_for=["local"]), at={"order_captured": ["shop", "oms"]})),
    silent("replay-double-count", "one live path", order()),
    silent("replay-double-count", "the import by hand is the only path", order(trigger="manual")),
    silent("replay-double-count", "both name one ledger", imported(dedupe=ONE_LEDGER, again={"dedupe": ONE_LEDGER})),
    silent("replay-double-count", "the import brings whole values",
           topology(ORDERS, state("shop > wms", id="import", trigger="manual"))),
    silent("replay-double-count", "the live path is switched off while the other runs", imported(enabled=False)),
    silent("replay-double-count", "the two share no instance", imported(**B2B, again=REST)),
    silent("replay-double-count", "the import brings other events", topology(
        delta("shop > wms", "order_captured"), delta("shop > wms", "order_cancelled", id="import", trigger="manual"))),
    silent("replay-double-count", "two live paths are two routes", imported(again={"trigger": "queue"})),
    silent("replay-double-count", "nobody has said what sets the second one off: two routes",
           imported(again={"trigger": UNKNOWN})),
    silent("replay-double-count", "by way of another system it is a second route", topology(
        ORDERS, delta("shop > oms", "order_captured"), delta("oms > wms", "order_captured", trigger="manual"))),
    silent("duplicate-route", "one ledger name on two targets belongs to each", topology(
        delta("shop > wms", "order_captured", dedupe=SHARED),
        delta("shop > oms", "order_captured", dedupe=SHARED))),
    silent("lost-delivery", "dead letters are kept", order()),
    silent("lost-delivery", "retries without end",
           order(retry={"max_attempts": "unlimited"}, dead_letter="none")),
    silent("lost-delivery", "exactly once", order(delivery="exactly_once_effect", dead_letter=LEFT_OUT)),
    silent("lost-delivery", "the next full run brings it",
           nightly(delivery="at_most_once")),
    silent("dual-write", "an outbox", order()),
    silent("dual-write", "read from the log", order(trigger="cdc", handoff="unknown")),
    silent("dual-write", "one transaction", order(handoff="same_transaction")),
    silent("dual-write", "a pulled path has no handoff", nightly(handoff="fire_and_forget")),
    silent("dual-write", "written in one transaction with another path", topology(
        delta("shop > wms", "order_captured", handoff=LEFT_OUT, atomic_with=["log"]),
        delta("shop > oms", "order_captured", id="log"))),
    silent("ack-before-commit", "stored first", order(ack="after_enqueue")),
    silent("ack-before-commit", "applied first", order(ack="after_commit")),
    silent("ack-before-commit", "nobody acknowledges a file",
           order(trigger="batch_file", schedule={"every": "1h"}, ack=LEFT_OUT)),
    silent("ack-before-commit", "the next full run brings it", nightly(ack="before_processing")),
    silent("dedupe-key-too-coarse", "a message id", order(dedupe=keyed("webhook_id"))),
    silent("dedupe-key-too-coarse", "shipment and line", shipped(dedupe=keyed("shipment_id", "line_id"))),
    silent("dedupe-key-too-coarse", "the team says that it is unique", shipped(dedupe=keyed("order_id",
        unique_per_effect=True))),
    silent("dedupe-key-too-coarse", "capture and cancellation told apart by their kind", topology(
        delta("shop > wms", "order_captured order_cancelled", dedupe=keyed("order_id", "line_id",
        "event_type")))),
    silent("dedupe-key-unstable", "given once by the source", order()),
    silent("dedupe-key-unstable", "no repetition comes",
           order(delivery="at_most_once", dedupe=keyed("sent_at"))),
    silent("dedupe-window-short", "kept for ever", order(retry={"max_attempts": 9, "horizon": "48h"})),
    silent("dedupe-window-short", "kept for longer than retries go on", order(
        dead_letter="none", retry={"max_attempts": 9, "horizon": "48h"},
        dedupe=keyed("event_id", retention="14d"))),
    silent("dedupe-window-short", "attempts times interval", order(
        dead_letter="none", retry={"max_attempts": 8, "every": "1h"},
        dedupe=keyed("event_id", retention="24h"))),
    silent("dedupe-window-short", "kept until somebody is told of what is parked", order(
        dead_letter={**BY_HAND, "alert_within": "2h"}, retry={"max_attempts": 9, "horizon": "12h"},
        dedupe=keyed("event_id", retention="24h"))),
    silent("dedupe-window-short", "no repetition comes", order(
        delivery="at_most_once", retry={"max_attempts": 9, "horizon": "48h"},
        dedupe=keyed("event_id", retention="1h"))),
]  # fmt: skip

SPEAKING_MESSAGES = [
    speaks("duplicate-delivery", "nothing recognises it", order(dedupe="none")),
    speaks("duplicate-delivery", "a reservation that nothing limits to one",
           order(op="reserve", dedupe="none")),
    speaks("duplicate-delivery", "a platform documents its delivery", topology(
        delta("shop > wms", "order_captured", dedupe="none", delivery=LEFT_OUT),
        systems={"shop": system("available~", "storefront", product="shopify")})),
    speaks("duplicate-delivery", "the weakest hop counts", topology(
        delta("shop > wms", "order_captured", delivery="exactly_once_effect", dedupe="none",
              via=[{"system": "ipaas", "delivery": "at_least_once"}]),
              systems={"ipaas": system(kind="middleware")})),
    speaks("duplicate-delivery", "unknown delivery is a question",
           order(dedupe="none", delivery=UNKNOWN), UNDETERMINED),
    speaks("duplicate-delivery", "an unknown ledger is a question", order(dedupe=UNKNOWN), UNDETERMINED),
    speaks("duplicate-route", "ledgers are shared only when named", two_routes({}, {})),
    speaks("duplicate-route", "an unknown ledger clears nothing",
           two_routes({"dedupe": UNKNOWN}, {"dedupe": UNKNOWN})),
    speaks("replay-double-count", "imported by hand under keys of its own", imported()),
    speaks("replay-double-count", "imported by file", imported(again={"trigger": "batch_file"})),
    speaks("replay-double-count", "the poll behind the webhook reads the same orders", imported(
        again={"trigger": "poll", "poll": {"every": "1h", "watermark": "cursor", "advance_on": "success_only"}})),
    speaks("replay-double-count", "nobody has said whether the common ledger knows an order again",
           imported(dedupe={"ledger": "orders"}, again={"dedupe": {"ledger": "orders"}}), UNDETERMINED),
    speaks("duplicate-route", "two ledgers of different names", two_routes(
        {"dedupe": keyed("event_id", ledger="a")}, {"dedupe": keyed("event_id", ledger="b")})),
    speaks("duplicate-route", "a diamond over a relay", topology(
        delta("shop > wms", "order_captured"), delta("shop > ipaas", "order_captured", ""),
        delta("ipaas > wms", "order_captured"), systems={"ipaas": system(kind="middleware")})),
    speaks("duplicate-route", "landing places do not clear it", topology(
        delta("shop > wms", "order_captured", id="a", location="nj"),
        delta("shop > wms", "order_captured", id="b", location="nv"))),
    speaks("duplicate-route", "filters that share an instance", two_routes(B2B, {})),
    speaks("lost-delivery", "at most once", order(delivery="at_most_once")),
    speaks("lost-delivery", "neither retried nor parked", order(retry="none", dead_letter="none")),
    speaks("lost-delivery", "a full run that sends only what differs from the last value sent",
        nightly(delivery="at_most_once", only_if_changed=True)),
    speaks("lost-delivery", "unknown delivery is a question",
           order(delivery=UNKNOWN, dead_letter=UNKNOWN), UNDETERMINED),
    speaks("dual-write", "two writes", order(handoff="dual_write")),
    speaks("dual-write", "sent and forgotten", order(handoff="fire_and_forget")),
    speaks("dual-write", "unknown is a question", order(handoff=UNKNOWN), UNDETERMINED),
    speaks("ack-before-commit", "yes before it is safe", order(ack="before_processing")),
    speaks("ack-before-commit", "unknown is a question", order(ack=UNKNOWN), UNDETERMINED),
    speaks("dedupe-key-too-coarse", "an order ships in parts", shipped(dedupe=keyed("order_id"))),
    speaks("dedupe-key-too-coarse", "capture and cancellation under one key", topology(
        delta("shop > wms", "order_captured order_cancelled", dedupe=keyed("order_id", "line_id")))),
    speaks("dedupe-key-too-coarse", "two paths whose kinds share a ledger", lifecycle(
        {"dedupe": BY_LINE}, {"dedupe": BY_LINE})),
    speaks("dedupe-key-too-coarse", "a quantity in the key", order(dedupe=keyed("order_id", "quantity"))),
    speaks("dedupe-key-too-coarse", "two effects are said to share a key",
           order(dedupe=keyed("event_id", unique_per_effect=False))),
    speaks("dedupe-key-too-coarse", "words that no table knows are a question",
           order(dedupe=keyed("doc_no")), UNDETERMINED),
    speaks("dedupe-key-unstable", "the time of sending in the key",
           order(dedupe=keyed("event_id", "sent_at"))),
    speaks("dedupe-key-unstable", "a hash of the body", order(dedupe=keyed("body_hash"))),
    speaks("dedupe-key-unstable", "made per attempt",
           order(dedupe=keyed("event_id", stable_across_retries=False))),
    speaks("dedupe-key-unstable", "unknown is a question",
           order(dedupe=keyed("event_id", stable_across_retries=UNKNOWN)), UNDETERMINED),
    speaks("dedupe-window-short", "retries outlast the keys", order(
        retry={"max_attempts": 9, "horizon": "48h"}, dead_letter=REPLAYED,
        dedupe=keyed("event_id", retention="24h"))),
    speaks("dedupe-window-short", "the keys are gone when somebody is told of what is parked", order(
        retry={"max_attempts": 9, "horizon": "12h"}, dead_letter={**BY_HAND, "alert_within": "24h"},
        dedupe=keyed("event_id", retention="24h"))),
    speaks("dedupe-window-short", "by hand, and nobody has said how soon, is a question", order(
        retry={"max_attempts": 9, "horizon": "12h"}, dead_letter=BY_HAND,
        dedupe=keyed("event_id", retention="24h")), UNDETERMINED),
    speaks("dedupe-window-short", "an unknown horizon is a question", order(
        dead_letter="none", dedupe=keyed("event_id", retention="24h")), UNDETERMINED),
    speaks("dedupe-window-short", "an unknown retention is a question",
           order(dedupe=keyed("event_id", retention=UNKNOWN)), UNDETERMINED),
]  # fmt: skip

# ── order ─────────────────────────────────────────────────────────────────────────────────────────


def both_by_one(**facts: Any) -> str:
    """Orders reserve and their cancellations release by one path."""
    return topology(delta("shop > wms", "order_captured order_cancelled", "allocated", op="reserve", **facts))


HEARD = delta("shop > wms", "order_captured", order="none")
"""What the WMS hears in another order than it happened."""

SILENT_ORDER = [
    silent("reordered-state", "a version", stock(order="none")),
    silent("reordered-state", "read when it is written",
           stock(payload="notify_then_fetch", order="none", guard="none")),
    silent("reordered-state", "compare and set", stock(op="cas", order="none", guard="none")),
    silent("reordered-state", "in order, nothing replayed",
           stock(order="per_key", guard="none", dead_letter="none", retry={
        "max_attempts": "unlimited"})),
    silent("reordered-state", "a full run that is the only writer", nightly(order="none", guard="none")),
    silent("reordered-state", "event times of events that happen at the source",
           stock(order="none", guard="event_time")),
    silent("reordered-state", "a state machine refuses what the source held earlier",
           stock(order="none", guard="state_machine")),
    silent("reordered-lifecycle", "amounts commute", lifecycle({"order": "none"}, {"order": "none"})),
    silent("reordered-lifecycle", "what comes too early is remembered", lifecycle(
        {"op": "reserve", "guard": "state_machine"}, {"op": "release", "guard": "state_machine"})),
    silent("reordered-lifecycle", "one path that keeps their order",
           both_by_one(order="per_key", dead_letter="none")),
    silent("reordered-lifecycle", "the order is reserved before it is accepted", lifecycle(
        {"op": "reserve", "trigger": "sync_call"}, {"op": "release"})),
    silent("refused-delta", "no guard on amounts", order(order="none")),
    silent("refused-delta", "order is kept", order(order="per_key", guard="version", dead_letter="none")),
    silent("refused-delta", "a state machine refuses nothing for its age",
           order(order="none", guard="state_machine")),
    silent("refused-delta", "in the source's transaction",
           order(order="none", guard="version", handoff="same_transaction")),
    silent("refused-delta", "a version on whole values is right", stock(order="none")),
    silent("read-before-commit", "after the commit", stock(read_at="after_commit")),
    silent("read-before-commit", "a full run sends it again", nightly(read_at="before_commit")),
]  # fmt: skip

SPEAKING_ORDER = [
    speaks("reordered-state", "overtaking and nothing refuses", stock(order="none", guard="none")),
    speaks("reordered-state", "a dead letter replayed by hand comes out of order",
           stock(order="per_key", guard="none")),
    speaks("reordered-state", "event times of a source that hears out of order",
           topology(HEARD, state("wms > erp", guard="event_time", order="none"))),
    speaks("reordered-state", "unknown is a question", stock(order=UNKNOWN, guard=UNKNOWN), UNDETERMINED),
    speaks("reordered-lifecycle", "the release may come first",
           lifecycle({"op": "reserve"}, {"op": "release"})),
    speaks("reordered-lifecycle", "also by one path without order", both_by_one(order="none")),
    speaks("reordered-lifecycle", "an unknown guard is a question", lifecycle(
        {"op": "reserve", "guard": UNKNOWN}, {"op": "release", "guard": UNKNOWN}), UNDETERMINED),
    speaks("reordered-lifecycle", "a release that is not remembered", lifecycle(
        {"op": "reserve", "guard": "state_machine"}, {"op": "release"})),
    speaks("refused-delta", "by version", order(order="none", guard="version")),
    speaks("refused-delta", "by event time", order(order="none", guard="event_time")),
    speaks("refused-delta", "an unknown guard is a question",
           order(order="none", guard=UNKNOWN), UNDETERMINED),
    speaks("read-before-commit", "before the commit", stock(read_at="before_commit")),
]  # fmt: skip

# ── writers that meet ─────────────────────────────────────────────────────────────────────────────


def sold_and_set(up: dict[str, Any] | None = None, down: dict[str, Any] | None = None, **top: Any) -> str:
    """The shop's sales go up as amounts, and the record's value comes down every quarter of an hour."""
    return topology(
        delta("shop > wms", "order_captured", **(up or {})),
        state("wms > shop", **{"every": "15m", **(down or {})}),
        **top,
    )


def rewritten(*others: dict[str, Any], **facts: Any) -> str:
    """Orders that are booked into the record by reading, adding and writing back."""
    facts = {"op": "set", "base": "target", "concurrency": "none", **facts}
    return topology(delta("shop > wms", "order_captured", **facts), *others)


def counted(at: Any, *paths: dict[str, Any]) -> str:
    """A count at the WMS, to which shipments are under way."""
    paths = paths or (delta("threepl > wms", "shipment_confirmed", "on_hand"),)
    return topology(*paths, at={"cycle_counted": at})


def mixed(whole: dict[str, Any], amounts: dict[str, Any]) -> str:
    """A mirror that is set and added to by the record."""
    return topology(
        state("wms > erp", "on_hand", id="whole", **whole),
        delta("wms > erp", "po_received", "on_hand", id="amounts", **amounts),
    )


def two_way(one: dict[str, Any], two: dict[str, Any]) -> str:
    """Adjustments that each side passes on to the other."""
    return topology(
        delta("wms > erp", "inventory_adjusted", "on_hand", **{"dedupe": "none", "origin_tag": False, **one}),
        delta("erp > wms", "inventory_adjusted", "on_hand", **{"dedupe": "none", "origin_tag": False, **two}),
    )


IN_ORDER = {"order": "per_key", "dead_letter": "none"}
IN_ONE_LANE = {**IN_ORDER, "lane": {"name": "stock", "concurrency": 1, "shared": True}}
CACHED = {"base": "cached", "op": "set", "only_if_changed": False}
SAVED = delta("content > wms", "inventory_adjusted", id="save", op="adjust")

SILENT_MEETING = [
    silent("lost-update", "the target adds", order()),
    silent("lost-update", "a row lock", rewritten(concurrency="row_lock")),
    silent("lost-update", "an atomic write", rewritten(concurrency="atomic")),
    silent("lost-update", "locked between read and write", rewritten(guard="lock")),
    silent("lost-update", "compared first", rewritten(guard="cas")),
    silent("lost-update", "a sole writer, one at a time", rewritten(lane={"concurrency": 1})),
    silent("snapshot-over-in-flight", "compare and set waits", sold_and_set(down={"op": "cas"})),
    silent("snapshot-over-in-flight", "guard cas on a set means compare and set",
           sold_and_set(down={"guard": "cas"})),
    silent("snapshot-over-in-flight", "no events of its own", stock()),
    silent("snapshot-over-in-flight", "it books nothing itself",
           sold_and_set(at={"order_captured": {"shop": {"applies": []}}})),
    silent("blind-overwrite", "compared", sold_and_set(down={"op": "cas"})),
    silent("blind-overwrite", "no events of its own", stock(guard="cas_opted_out")),
    silent("blind-overwrite", "it books nothing itself", sold_and_set(
        down={"guard": "cas_opted_out"}, at={"order_captured": {"shop": {"applies": []}}})),
    silent("set-adjust-mix", "only whole values", stock()),
    silent("set-adjust-mix", "only amounts", order()),
    silent("set-adjust-mix", "one source, one order", mixed(IN_ONE_LANE, IN_ONE_LANE)),
    silent("set-adjust-mix", "disjoint items", mixed({"items": ["dry"]}, {"items": ["cold"]})),
    silent("set-adjust-mix", "disjoint places", mixed({"location": "nj"}, {"location": "nv"})),
    silent("set-adjust-mix", "a cached number is named as such", rewritten(SAVED, **CACHED)),
    silent("echo-loop", "tags on both ways", two_way({"origin_tag": True}, {"origin_tag": True})),
    silent("echo-loop", "only local changes go on",
           two_way({"fires_for": ["local"]}, {"fires_for": ["local"]})),
    silent("echo-loop", "sales up, values down", topology(delta("shop > wms", "order_captured"), STOCK_DOWN)),
    silent("echo-loop", "a written value carries no event", topology(
        state("shop > wms", events="order_captured"), state("wms > shop", events="inventory_adjusted"),
        at={"order_captured": ["shop"], "inventory_adjusted": ["wms"]})),
    silent("clamp-at-zero", "not clamped", order(order="none")),
    silent("clamp-at-zero", "the sole path, in order",
           order(order="per_key", dead_letter="none", clamp_at_zero=True)),
    silent("clamp-at-zero", "a whole value", stock(clamp_at_zero=True)),
    silent("stale-write-back", "nothing else writes", rewritten(**CACHED)),
    silent("stale-write-back", "compared first", rewritten(SAVED, **CACHED, guard="cas")),
    silent("count-while-moving", "as of a moment", counted({"wms": {"as_of": True}})),
    silent("count-while-moving", "nothing moves", counted({"wms": {"frozen": True}})),
    silent("count-while-moving", "nothing is under way to it", stock()),
    silent("count-while-moving", "what comes is written in its source's step", counted(
        ["wms"], delta("threepl > wms", "shipment_confirmed", "on_hand", handoff="same_transaction"))),
]  # fmt: skip

SPEAKING_MEETING = [
    speaks("lost-update", "read, add, write", rewritten()),
    speaks("lost-update", "one lane does not help with a second writer",
           rewritten(SAVED, lane={"concurrency": 1})),
    speaks("lost-update", "unknown is a question", rewritten(concurrency=UNKNOWN), UNDETERMINED),
    speaks("snapshot-over-in-flight", "a version does not help", sold_and_set(down={"guard": "version"})),
    speaks("snapshot-over-in-flight", "an event time does not help",
           sold_and_set(down={"guard": "event_time"})),
    speaks("snapshot-over-in-flight", "fetching does not help", sold_and_set(down={
        "every": None, "payload": "notify_then_fetch", "origin_tag": False})),
    speaks("snapshot-over-in-flight", "a value read before the sale is under way when the source has it at once",
           sold_and_set({"trigger": "sync_call", "op": "reserve"})),
    speaks("blind-overwrite", "opted out", sold_and_set(down={"guard": "cas_opted_out"})),
    speaks("set-adjust-mix", "no common order", mixed({"order": "none"}, {"order": "none"})),
    speaks("set-adjust-mix", "two sources", topology(
        state("wms > shop"), delta("oms > shop", "return_restocked"), at=ADJUSTED)),
    speaks("set-adjust-mix", "an unknown order is a question",
           mixed({**IN_ONE_LANE, "order": UNKNOWN}, {**IN_ONE_LANE, "order": UNKNOWN}), UNDETERMINED),
    speaks("set-adjust-mix", "each in an order of its own", mixed(IN_ORDER, IN_ORDER)),
    speaks("echo-loop", "two ways of amounts", two_way({}, {})),
    speaks("echo-loop", "an event time ends no amount's loop",
           two_way({"guard": "event_time"}, {"guard": "event_time"})),
    speaks("echo-loop", "a ledger does not clear it",
           two_way({"dedupe": KEPT_FOR_EVER}, {"dedupe": KEPT_FOR_EVER})),
    speaks("echo-loop", "two ways of values on every change", topology(
        state("wms > erp", "on_hand", origin_tag=False), state("erp > wms", "on_hand", origin_tag=False),
        at={"inventory_adjusted": ["wms", "erp"]})),
    speaks("echo-loop", "unknown is a question",
           two_way({"origin_tag": UNKNOWN}, {"origin_tag": UNKNOWN}), UNDETERMINED),
    speaks("clamp-at-zero", "increments come by another path", topology(
        delta("shop > wms", "order_captured", clamp_at_zero=True), delta("erp > wms", "po_received"))),
    speaks("clamp-at-zero", "an unknown order is a question",
           topology(delta("shop > wms", "order_captured po_received", order=UNKNOWN, dead_letter="none",
                          clamp_at_zero=True)), UNDETERMINED),
    speaks("clamp-at-zero", "what has failed comes late in any order",
           topology(delta("shop > wms", "order_captured po_received", order=UNKNOWN, clamp_at_zero=True))),
    speaks("clamp-at-zero", "what it adds to has been taken off by another path", topology(
        delta("shop > wms", "order_captured"), delta("erp > wms", "po_received", clamp_at_zero=True))),
    speaks("stale-write-back", "saved over movements", rewritten(SAVED, **CACHED)),
    speaks("stale-write-back", "what was changed is the whole number",
           rewritten(SAVED, **{**CACHED, "only_if_changed": True})),
    speaks("count-while-moving", "booked while shipments are under way",
           counted({"wms": {"as_of": False, "frozen": False}})),
    speaks("count-while-moving", "a count is taken as posted unless it says otherwise", counted(["wms"])),
]  # fmt: skip

SILENT = [*SILENT_WRITERS, *SILENT_MESSAGES, *SILENT_ORDER, *SILENT_MEETING]
SPEAKING = [*SPEAKING_WRITERS, *SPEAKING_MESSAGES, *SPEAKING_ORDER, *SPEAKING_MEETING]


@pytest.mark.parametrize("slug, text", SILENT)
def test_a_cleared_map_is_not_accused(slug: str, text: str) -> None:
    assert slug not in voices(text)


@pytest.mark.parametrize("slug, confidence, text", SPEAKING)
def test_the_defect_is_told(slug: str, confidence: str, text: str) -> None:
    assert voices(text).get(slug, set()) == {confidence}


# ── one cause, one finding; unknown is not bad ────────────────────────────────────────────────────


def test_a_replay_is_one_finding_on_its_path_and_not_a_route_besides() -> None:
    text = topology(
        delta("shop > wms", "order_captured order_cancelled", "available allocated"),
        delta("shop > wms", "order_captured order_cancelled", "available allocated", id="import", trigger="manual"),
    )
    (found,) = [each for each in findings_of(text) if each.confidence == "confirmed" and each.drift is not None]
    assert (found.slug, found.subject.write_path, found.drift) == ("replay-double-count", "import", "permanent")
    assert "shop-to-wms" in {each.subject.write_path for each in found.related}
    assert {str(cell) for cell in found.cells} == {"wms.available", "wms.allocated"}


def test_a_sale_that_never_goes_up_is_one_finding() -> None:
    text = topology(STOCK_DOWN, at={"order_captured": ["shop"]})
    assert len([finding for finding in findings_of(text) if finding.slug == "ungated-write"]) == 1


def test_an_unknown_unit_does_not_make_a_healed_drift_permanent() -> None:
    """The nightly run heals if units agree: nobody has said that they do not."""
    units = {"on_hand": {"unit": UNKNOWN}}
    text = topology(
        state("wms > erp", "on_hand", every="24h", order="none"),
        delta("wms > erp", "po_received", "on_hand", id="receipts", order="none"),
        systems={"wms": system("on_hand!", "wms", **units), "erp": system("on_hand~", "erp", **units)},
    )
    (mix,) = [finding for finding in findings_of(text) if finding.slug == "set-adjust-mix"]
    assert (mix.confidence, mix.drift) != (CONFIRMED, "permanent")
