"""One fault on one path, and what becomes of it further on: in what takes amounts on, and in what compares first.

An amount that is lost on the first path is lost on the second, and one that is doubled is not. A value that lacks an
event which its target has is held back by compare-and-set for as long as it lacks it; one that counts it twice is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.agreement.compare import compare
from tests.semantics.small_maps import FOREVER, Judged, delta, nightly, system, topology

if TYPE_CHECKING:
    from tests.semantics.small_maps import Facts

POLL: Facts = {"every": "5m", "covers": "changed_only", "watermark": "cursor", "advance_on": "success_only"}
POLLED: Facts = {"trigger": "poll", "handoff": None}
ENDS: Facts = {"retry": {"max_attempts": 5, "every": "1m"}}
LAPSES: Facts = {"lapses_after_failures": 5, "monitored": False, "backstop": "none"}

LACKS: dict[str, Facts] = {
    "lost-delivery": {"delivery": "at_most_once"},
    "dual-write": {"handoff": "dual_write"},
    "ack-before-commit": {"ack": "before_processing"},
    "unwatched-dead-letter": {**ENDS, "dead_letter": {"monitored": False, "replay": "manual"}},
    "subscription-lapse": {"subscription": LAPSES},
    "unmapped-field": {"maps": {"available": None}},
    "disabled-path": {"enabled": False},
    "refused-delta": {"guard": "version"},
    "dedupe-key-too-coarse": {"dedupe": {**FOREVER, "unique_per_effect": False}},
    "watermark-defect": {**POLLED, "poll": {**POLL, "advance_on": "always"}},
    "poll-window-gap": {**POLLED, "poll": {**POLL, "watermark": "source_updated_at", "lookback": "1m"}},
}
"""Rule -> facts by which an event may be missing at the end of a path, and nothing else."""
DOUBLES: dict[str, Facts] = {
    "duplicate-delivery": {"dedupe": "none"},
    "dedupe-key-unstable": {"dedupe": {**FOREVER, "stable_across_retries": False}},
    "dedupe-window-short": {
        "dedupe": {**FOREVER, "retention": "1m"},
        "retry": {"max_attempts": "unlimited", "horizon": "2h"},
    },
}
"""Rule -> facts by which an event may count twice, and nothing else."""
FAULTS = {**LACKS, **DOUBLES}


def chain(facts: Facts) -> Facts:
    """Sales of the shop go to the WMS by a path with a fault, and on from there."""
    shop, wms, erp = system("pos"), system("wms", "mirror", "available"), system("erp", "authoritative", "available")
    paths = [delta("in", "shop", "wms", "pos_sale", **facts), delta("on", "wms", "erp", "pos_sale")]
    return topology({"shop": shop, "wms": wms, "erp": erp}, {"pos_sale": {"at": ["shop"]}}, paths)


def compared(facts: Facts) -> Facts:
    """Sales of the shop go to the WMS, which writes the shop's count where that shows what the WMS knows."""
    shop, wms = system("pos", "mirror", "available"), system("wms", "authoritative", "available")
    paths = [
        delta("in", "shop", "wms", "pos_sale", **facts),
        nightly("level", "wms", "shop", op="cas", guard="none", order="total"),
    ]
    return topology({"shop": shop, "wms": wms}, {"pos_sale": {"at": ["shop"]}}, paths)


@pytest.mark.parametrize("slug", FAULTS)
def test_a_fault_is_handed_on_with_the_amounts(slug: str) -> None:
    found = chain(FAULTS[slug])
    judged = Judged(found)
    assert judged.cell("wms.available") == "drifts permanent"
    # What is sent on again is known by its key: the ledger of the second path makes good what the first one lacks.
    assert judged.cell("erp.available") == ("drifts permanent" if slug in LACKS else "converges")
    assert compare(found).disagreements == ()


@pytest.mark.parametrize("slug", FAULTS)
def test_what_compares_first_takes_no_value_that_lacks_an_event(slug: str) -> None:
    found = compared(FAULTS[slug])
    judged = Judged(found)
    assert judged.cell("wms.available") == "drifts permanent"
    assert judged.cell("shop.available") == ("converges" if slug in LACKS else "drifts permanent")
    assert compare(found).disagreements == ()


ALIKE: dict[str, list[Facts]] = {
    **{slug: [facts] for slug, facts in FAULTS.items()},
    "trigger-gap": [{"except": ["b2b"]}],
    "shipment-gap": [],
    "duplicate-route": [{}, {"id": "in-2"}],
}


@pytest.mark.parametrize("slug", ALIKE)
def test_what_is_computed_is_right_where_both_its_terms_are_wrong_alike(slug: str) -> None:
    """Shipments change on hand and allocated alike, and not what can be promised: whatever happens to the message."""
    shop, wms = system("3pl"), system("wms", "authoritative", "on_hand", "allocated")
    wms["holds"]["available"] = {"role": "derived", "derived_from": "on_hand - allocated", "unit": "each"}
    both = {"on_hand": "on_hand", "allocated": "allocated"}
    paths = []
    for facts in ALIKE[slug]:
        maps = dict.fromkeys(both) if "maps" in facts else both
        paths.append(
            {**delta("in", "shop", "wms", "shipment_confirmed", **{**facts, "maps": maps}), **facts, "maps": maps}
        )
    found = topology({"shop": shop, "wms": wms}, {"shipment_confirmed": {"at": ["shop"]}}, paths)
    found["write_paths"] = [{key: value for key, value in path.items() if value is not None} for path in paths]
    judged = Judged(found)
    assert slug in {each.slug for each in judged.diagnosis.findings if each.drift is not None}
    told = [judged.cell(f"wms.{quantity}") for quantity in ("on_hand", "allocated", "available")]
    assert told == ["drifts permanent", "drifts permanent", "converges"]
    assert compare(found).disagreements == ()


UNHEARD: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("ungated-write", "available", "pos_sale", ("order_captured",)),
    ("count-gap", "on_hand", "cycle_counted", ("pos_sale",)),
    ("shipment-gap", "on_hand", "shipment_confirmed", ("pos_sale",)),
    ("missing-compensation", "allocated", "order_cancelled", ("order_captured",)),
    ("shipment-gap", "allocated", "shipment_confirmed", ("order_captured",)),
    ("transfer-limbo", "in_transit", "transfer_received", ("transfer_shipped",)),
    ("ungated-write", "on_hand", "po_received", ("pos_sale",)),
]


@pytest.mark.parametrize(("slug", "quantity", "event", "carried"), UNHEARD)
def test_what_compares_first_takes_no_value_of_a_source_that_never_hears_of_an_event(
    slug: str, quantity: str, event: str, carried: tuple[str, ...]
) -> None:
    shop, wms = system("pos", "mirror", quantity), system("wms", "authoritative", quantity)
    maps = {"maps": {quantity: quantity}}
    paths = [
        delta("in", "shop", "wms", *carried, **maps),
        nightly("level", "wms", "shop", op="cas", guard="none", order="total", **maps),
    ]
    found = topology({"shop": shop, "wms": wms}, {name: {"at": ["shop"]} for name in (event, *carried)}, paths)
    judged = Judged(found)
    assert slug in {each.slug for each in judged.diagnosis.findings if each.drift is not None}
    assert judged.cell(f"wms.{quantity}") == "drifts permanent"
    assert judged.cell(f"shop.{quantity}") == "converges"
    assert compare(found).disagreements == ()
