"""The rulings that settle the corners of the meaning: facts and emptiness, paths, and who speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.semantics.small_maps import (
    DELTA,
    ERP,
    FOREVER,
    SHOP,
    SITE,
    WMS,
    Judged,
    delta,
    nightly,
    state,
    system,
    topology,
)

if TYPE_CHECKING:
    from tests.semantics.small_maps import (
        Facts,
    )

SALE: Facts = {"pos_sale": {"at": ["shop"]}}
AT_WMS: Facts = {"pos_sale": {"at": ["wms"]}}
ORDERS: Facts = {"order_captured": {"at": ["shop"]}, "order_cancelled": {"at": ["shop"]}}
BOTH = {"available": "available", "allocated": "allocated"}
KEEPS = {"retention": "forever", "stable_across_retries": True}


def sale_to_wms(**facts: Any) -> Judged:
    """One path that tells the WMS of sales."""
    return Judged(topology({"shop": SHOP, "wms": WMS}, SALE, [delta("sale", "shop", "wms", "pos_sale", **facts)]))


def wms_to_erp(*paths: Facts, controls: list[Facts] | None = None, events: Facts = AT_WMS, **top: Any) -> Judged:
    """Sales happen at the WMS; the paths tell the ERP."""
    return Judged(topology({"wms": WMS, "erp": ERP}, events, list(paths), controls, **top))


def orders_to_wms(*carried: str, events: Facts = ORDERS, **facts: Any) -> Judged:
    """Orders and what ends them, told to the WMS by one path."""
    wms = system("wms", "authoritative", "available", "allocated")
    path = delta("orders", "shop", "wms", *carried, **{"maps": BOTH, **facts})
    return Judged(topology({"shop": SHOP, "wms": wms}, events, [path]))


# ── facts and emptiness ───────────────────────────────────────────────────────────────────────────


def test_an_empty_table_is_known_to_be_empty() -> None:
    judged = sale_to_wms(maps={})
    assert judged.cell("wms.available") == "drifts permanent"
    assert "unmapped-field" in judged.confirmed()


@pytest.mark.parametrize("fact", ["maps", "dedupe", "delivery", "handoff", "guard"])
def test_a_key_with_nothing_after_it_is_unknown_like_the_word_and_like_no_key(fact: str) -> None:
    path = delta("sale", "shop", "wms", "pos_sale")
    told = []
    for value in (None, "unknown"):
        judged = Judged(topology({"shop": SHOP, "wms": WMS}, SALE, [{**path, fact: value}]))
        told.append((judged.cell("wms.available"), judged.asked()))
    without = sale_to_wms(**{fact: None})
    told.append((without.cell("wms.available"), without.asked()))
    assert told[0] == told[1] == told[2]
    assert told[0][0] == "undetermined"


def test_what_the_file_leaves_out_is_noted_and_makes_no_map_unclean() -> None:
    judged = orders_to_wms("order_captured", events={"order_captured": {"at": ["shop"]}})
    assert judged.cell("wms.allocated") == "converges"
    (note,) = judged.findings("undocumented-event")
    assert (note.severity, note.confidence, note.drift) == ("note", "confirmed", None)
    assert "order_cancelled" in str(note)


def test_an_event_that_would_move_nothing_held_is_not_missed() -> None:
    judged = orders_to_wms(*ORDERS)
    for name in ("return_authorized", "shipment_voided", "pos_sale"):
        assert name not in str(judged.findings("undocumented-event"))
    only_money = system("erp", "authoritative", "incoming")
    events: Facts = {"po_issued": {"at": ["erp"]}}
    told = str(Judged(topology({"erp": only_money}, events, [])).findings("undocumented-event"))
    assert "po_received" in told
    assert "cycle_counted" not in told


def test_owners_are_missed_once_for_the_file() -> None:
    shop, wms = system("pos", owner=None), system("wms", "authoritative", "available", owner=None)
    judged = Judged(topology({"shop": shop, "wms": wms}, SALE, [delta("sale", "shop", "wms", "pos_sale")]))
    assert len(judged.findings("no-owner")) == 1
    assert judged.cell("wms.available") == "converges"


def test_an_excerpt_proves_nothing_and_keeps_confirmed_drift() -> None:
    assert sale_to_wms().cell("wms.available") == "converges"
    path = delta("sale", "shop", "wms", "pos_sale")
    excerpt = topology({"shop": SHOP, "wms": WMS}, SALE, [path], complete=False)
    assert Judged(excerpt).cell("wms.available") == "undetermined"
    excerpt["write_paths"][0]["dedupe"] = "none"
    judged = Judged(excerpt)
    assert judged.cell("wms.available") == "drifts permanent"
    assert judged.confirmed() == {"duplicate-delivery"}
    assert judged.findings("undocumented-event") == []


def test_stock_is_booked_unless_the_file_says_otherwise() -> None:
    bare = sale_to_wms()
    wms = system("wms", "authoritative", "available", each={"opening": "none"})
    empty = Judged(topology({"shop": SHOP, "wms": wms}, SALE, [delta("sale", "shop", "wms", "pos_sale")]))
    assert bare.cell("wms.available") == "converges"
    assert empty.cell("wms.available") == "drifts permanent"


@pytest.mark.parametrize(
    ("one", "speaks"),
    [
        ({}, True),
        ({"kind": "middleware"}, False),
        ({"allocates": False}, False),
        ({"allocates": {"backorders": True}}, False),
        ({"allocates": {"quota": "one.safety_stock"}, "quota": True}, False),
    ],
    ids=str,
)
def test_who_takes_orders_promises_stock_save_relays_quotas_and_backorders(one: Facts, speaks: bool) -> None:
    kind = one.get("kind", "storefront")
    first = system(kind, **{key: value for key, value in one.items() if key == "allocates"})
    if one.get("quota"):
        first["holds"] = {"safety_stock": {"role": "authoritative", "unit": "each"}}
    events: Facts = {"pos_sale": {"at": ["one", "two"]}}
    paths = [delta(f"{name}-sale", name, "wms", "pos_sale") for name in ("one", "two")]
    judged = Judged(topology({"one": first, "two": SHOP, "wms": WMS}, events, paths))
    assert ("multiple-allocators" in judged.confirmed()) is speaks
    assert judged.cell("wms.available") == "converges"


def test_a_documented_fact_confirms_is_named_and_never_overrides_the_file() -> None:
    def of(**facts: Any) -> Judged:
        shop = system("storefront", product="shopify")
        path = delta("sale", "shop", "wms", "pos_sale", trigger="webhook", dedupe="none", **facts)
        return Judged(topology({"shop": shop, "wms": WMS}, SALE, [path]))

    (finding,) = of(delivery=None).findings("duplicate-delivery")
    assert finding.confidence == "confirmed"
    assert finding.catalogue
    assert finding.catalogue[0].source.startswith("http")
    assert of(delivery="exactly_once_effect").findings("duplicate-delivery") == []


def test_own_events_need_effects_and_none_is_an_effect() -> None:
    path = delta("sale", "shop", "wms", "blessed")
    systems = {"shop": SHOP, "wms": WMS}
    assert Judged(topology(systems, {"blessed": {"at": ["shop"]}}, [path])).problems == ["missing-key"]
    judged = Judged(topology(systems, {"blessed": {"at": ["shop"], "effects": {}}}, [path]))
    assert judged.cell("wms.available") == "converges"


def test_a_part_of_a_declared_system_or_of_a_free_name_is_no_orphan() -> None:
    def orphans(**facts: Any) -> int:
        systems = {"wms": WMS, "erp": ERP, "cellar": system("application", "mirror", "returned", **facts)}
        judged = Judged(topology(systems, AT_WMS, [delta("sale", "wms", "erp", "pos_sale")]))
        return len(judged.findings("orphan-system"))

    assert orphans() == 1
    assert orphans(part_of="wms") == 0


def test_a_share_of_its_own_counts_what_happens_there_alone() -> None:
    events: Facts = {"pos_sale": {"at": ["north", "south"]}}

    def north(share: str) -> str:
        each = {"share": share}
        systems = {"north": system("pos", "mirror", "available", each=each), "south": SHOP, "wms": WMS}
        paths = [delta(f"{name}-sale", name, "wms", "pos_sale") for name in ("north", "south")]
        return Judged(topology(systems, events, paths)).cell("north.available")

    assert north("own") == "converges"
    assert north("all") == "drifts permanent"


# ── paths ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_trigger_is_a_question() -> None:
    judged = wms_to_erp(state("value", "wms", "erp", trigger=None))
    assert judged.cell("erp.available") == "undetermined"
    assert "value.trigger" in judged.asked()


@pytest.mark.parametrize("key", ["poll", "schedule"])
@pytest.mark.parametrize("trigger", ["poll", "schedule", "batch_file"])
def test_interval_and_cover_stand_under_either_key(key: str, trigger: str) -> None:
    facts = {"trigger": trigger, "schedule": None, key: {"every": "24h", "covers": "full"}}
    judged = wms_to_erp(nightly("full", "wms", "erp", **facts))
    assert judged.cell("erp.available") == "converges"
    assert judged.window("erp.available") == 24 * 3600 + 600


def test_writing_the_same_number_is_no_change_unless_every_write_fires() -> None:
    paths = [state("down", "wms", "erp"), state("up", "erp", "site"), state("on", "site", "erp2")]
    systems = {"wms": WMS, "erp": ERP, "site": SITE, "erp2": ERP}
    assert Judged(topology(systems, AT_WMS, paths)).cell("erp2.available") == "converges"


@pytest.mark.parametrize("base", ["target", "event"])
def test_with_a_base_the_left_side_names_the_effect(base: str) -> None:
    judged = sale_to_wms(op="set", base=base, payload=None, concurrency="atomic", guard="version", order="per_key")
    assert not judged.problems
    assert "operation-mismatch" not in judged.confirmed() | judged.open()


def test_a_count_may_be_sent_as_a_value_by_who_holds_nothing() -> None:
    events: Facts = {"cycle_counted": {"at": {"scanner": {"as_of": True}}}}
    wms = system("wms", "authoritative", "on_hand")
    path = state("count", "scanner", "wms", "cycle_counted", maps={"on_hand": "on_hand"}, order="per_key")
    judged = Judged(topology({"scanner": system("application"), "wms": wms}, events, [path]))
    assert judged.problems == []
    assert judged.cell("wms.on_hand") == "converges"


def test_mapping_what_the_event_does_not_move_does_nothing() -> None:
    wms = system("wms", "authoritative", "available", "allocated")
    judged = Judged(topology({"shop": SHOP, "wms": wms}, SALE, [delta("sale", "shop", "wms", "pos_sale", maps=BOTH)]))
    assert judged.cell("wms.allocated") == judged.cell("wms.available") == "converges"
    assert judged.confirmed() == set()


@pytest.mark.parametrize(
    ("units", "factor", "verdict"),
    [
        (("each", "each"), None, "converges"),
        (("each", "each"), 1, "converges"),
        (("each", "each"), 12, "drifts permanent"),
        (("case", "each"), None, "undetermined"),
        (("case", "each"), 12, "converges"),
        (("case", "each"), 1, "drifts permanent"),
        ((None, "each"), None, "undetermined"),
    ],
    ids=str,
)
def test_units_and_factors(units: tuple[str | None, str], factor: int | None, verdict: str) -> None:
    wms = system("wms", "authoritative", "available", each={"unit": units[0]})
    erp = system("erp", "mirror", "available", each={"unit": units[1]})
    mapping = {"to": "available"} if factor is None else {"to": "available", "unit_factor": factor}
    path = delta("sale", "wms", "erp", "pos_sale", maps={"available": mapping})
    assert Judged(topology({"wms": wms, "erp": erp}, AT_WMS, [path])).cell("erp.available") == verdict


def test_two_paths_between_the_same_units_agree() -> None:
    wms = system("wms", "authoritative", "available", each={"unit": "case"})
    paths = [
        delta(
            f"to-{name}",
            "wms",
            name,
            "pos_sale",
            maps={"available": {"to": "available", "unit_factor": factor}},
        )
        for name, factor in (("erp", 12), ("site", 10))
    ]
    judged = Judged(topology({"wms": wms, "erp": ERP, "site": SITE}, AT_WMS, paths))
    assert "unit-mismatch" in judged.confirmed()


@pytest.mark.parametrize(
    ("fields", "on_unmapped", "verdict"),
    [
        ({"reason": None}, "error", "drifts permanent"),
        ({"reason": None}, "quarantine", "drifts permanent"),
        ({"reason": {"dropped": True, "key": True}}, None, "drifts permanent"),
        ({"reason": None}, "drop", "converges"),
        ({"reason": {"dropped": True}}, "drop", "converges"),
        ({"reason": {"ignored": "nobody reads it"}}, "error", "converges"),
    ],
    ids=str,
)
def test_a_dropped_field_matters_where_the_write_needs_it(fields: Facts, on_unmapped: str | None, verdict: str) -> None:
    judged = sale_to_wms(fields=fields, on_unmapped=on_unmapped)
    assert judged.cell("wms.available") == verdict
    assert ("unmapped-field" in judged.confirmed()) is (verdict != "converges")


RESERVE = {"op": "reserve", "maps": {"allocated": "allocated"}}


def reserving(**facts: Any) -> Judged:
    """Reservations alone, at least once."""
    wms = system("wms", "authoritative", "allocated")
    events: Facts = {"order_captured": {"at": ["shop"]}}
    return Judged(
        topology(
            {"shop": SHOP, "wms": wms},
            events,
            [delta("hold", "shop", "wms", "order_captured", **RESERVE, **facts)],
        )
    )


def test_a_reservation_acts_once_where_something_says_so() -> None:
    assert reserving(dedupe="none", guard="state_machine").cell("wms.allocated") == "converges"
    assert reserving(dedupe=None, guard="state_machine").cell("wms.allocated") == "converges"
    assert reserving(dedupe="none", guard="none").cell("wms.allocated") == "drifts permanent"
    unsaid = reserving(dedupe=None, guard=None)
    assert unsaid.cell("wms.allocated") == "undetermined"
    assert "hold.dedupe" in unsaid.asked()


def test_landing_places_clear_conflicts_and_never_duplicates() -> None:
    def doubled(*places: str | None) -> set[str]:
        paths = [delta(f"p{n}", "shop", "wms", "pos_sale", location=place) for n, place in enumerate(places)]
        wms = system("wms", "authoritative", "available", each={"locations": ["north", "south"]})
        return Judged(topology({"shop": SHOP, "wms": wms}, SALE, paths)).confirmed()

    assert "duplicate-route" in doubled("north", "south")

    def conflict(*places: str | None) -> set[str]:
        erp = system("erp", "mirror", "available", each={"locations": ["north", "south"]})
        systems = {"a": WMS, "b": WMS, "erp": erp}
        events: Facts = {"po_received": {"at": ["a", "b"]}}
        paths = [state(f"p{s}", s, "erp", location=place) for s, place in zip("ab", places, strict=True)]
        return Judged(topology(systems, events, paths)).confirmed()

    assert "multiple-writers" in conflict("north", "north")
    assert "multiple-writers" not in conflict("north", "south")


def test_a_path_onto_its_own_source_never_fires_on_what_it_brought() -> None:
    events: Facts = {"pos_sale": {"at": {"wms": {"applies": []}}}}
    path = delta("own", "wms", "wms", "pos_sale", handler="checkout", trigger="in_process", handoff="same_transaction")
    judged = Judged(topology({"wms": WMS}, events, [path]))
    assert judged.cell("wms.available") == "converges"


@pytest.mark.parametrize(
    ("one", "two", "verdict"),
    [
        ({**FOREVER, "ledger": "one"}, {**FOREVER, "ledger": "one"}, "converges"),
        ({**FOREVER, "ledger": "one"}, {**FOREVER, "ledger": "two"}, "drifts permanent"),
        (FOREVER, FOREVER, "drifts permanent"),
        (None, None, "drifts permanent"),
    ],
    ids=["one", "two", "unnamed", "unknown"],
)
def test_ledgers_are_shared_only_when_named(one: Facts | None, two: Facts | None, verdict: str) -> None:
    paths = [
        delta("a", "shop", "wms", "pos_sale", dedupe=one),
        delta("b", "shop", "wms", "pos_sale", dedupe=two),
    ]
    judged = Judged(topology({"shop": SHOP, "wms": WMS}, SALE, paths))
    assert judged.cell("wms.available") == verdict
    assert ("duplicate-route" in judged.confirmed()) is (verdict != "converges")


EVENTS_OF: dict[str, Facts] = {
    "order_captured": {"allocated": "allocated"},
    "shipment_confirmed": {"on_hand": "on_hand"},
    "po_received": {"on_hand": "on_hand"},
    "return_received": {"on_hand": "on_hand"},
    "inventory_adjusted": {"on_hand": "on_hand"},
    "transfer_received": {"on_hand": "on_hand"},
}


@pytest.mark.parametrize(
    ("event", "key", "verdict"),
    [
        *(
            (event, [word], "converges")
            for event in EVENTS_OF
            for word in ("event_id", "message_id", "webhook_id", "delivery_id")
        ),
        ("order_captured", ["order_id", "line_id"], "converges"),
        ("shipment_confirmed", ["shipment_id", "line_id"], "converges"),
        ("po_received", ["receipt_id", "line_id"], "converges"),
        ("return_received", ["return_id", "line_id"], "converges"),
        ("inventory_adjusted", ["adjustment_id"], "converges"),
        ("transfer_received", ["transfer_id", "line_id"], "converges"),
        ("shipment_confirmed", ["order_id"], "drifts permanent"),
        ("shipment_confirmed", ["order_id", "line_id"], "drifts permanent"),
        ("return_received", ["order_id"], "drifts permanent"),
        ("po_received", ["receipt_id", "quantity"], "drifts permanent"),
        ("inventory_adjusted", ["on_hand"], "drifts permanent"),
        ("po_received", ["receipt_id", "line_id", "sent_at"], "drifts permanent"),
        ("po_received", ["body_hash"], "drifts permanent"),
        ("po_received", ["wibble"], "undetermined"),
        ("order_captured", ["wibble", "order_id"], "undetermined"),
    ],
    ids=str,
)
def test_words_of_a_key(event: str, key: list[str], verdict: str) -> None:
    maps = EVENTS_OF[event]
    (quantity,) = maps
    wms = system("wms", "authoritative", quantity)
    path = delta("move", "shop", "wms", event, maps=maps, dedupe={"key": key, **KEEPS})
    judged = Judged(topology({"shop": SHOP, "wms": wms}, {event: {"at": ["shop"]}}, [path]))
    assert judged.cell(f"wms.{quantity}") == verdict


def test_capture_and_cancellation_need_the_kind_of_event_in_their_key() -> None:
    assert (
        orders_to_wms(*ORDERS, dedupe={"key": ["order_id", "line_id"], **KEEPS}).cell("wms.allocated")
        == "drifts permanent"
    )
    with_kind = {"key": ["event_type", "order_id", "line_id"], **KEEPS}
    assert orders_to_wms(*ORDERS, dedupe=with_kind).cell("wms.allocated") == "converges"


def test_what_the_file_says_of_a_key_stands_before_its_words() -> None:
    coarse = {"key": ["order_id"], **KEEPS, "unique_per_effect": True}
    assert orders_to_wms(*ORDERS, dedupe=coarse).cell("wms.allocated") == "converges"
    fine = {"key": ["event_id"], **KEEPS, "unique_per_effect": False}
    assert orders_to_wms(*ORDERS, dedupe=fine).cell("wms.allocated") == "drifts permanent"


def test_a_ledger_of_values_that_swallows_a_value_seen_before() -> None:
    swallows = {
        "key": ["item", "value"],
        "retention": "1h",
        "stable_across_retries": True,
        "unique_per_effect": False,
    }
    judged = wms_to_erp(
        state("value", "wms", "erp", dedupe=swallows), events={**AT_WMS, "po_received": {"at": ["wms"]}}
    )
    assert judged.cell("erp.available") == "drifts permanent"


@pytest.mark.parametrize("guard", ["version", "state_machine", "cas"])
def test_guards_that_are_a_stamp_on_values(guard: str) -> None:
    assert wms_to_erp(state("value", "wms", "erp", guard=guard)).cell("erp.available") == "converges"
    assert wms_to_erp(state("value", "wms", "erp", guard="none")).cell("erp.available") == "drifts permanent"


def test_a_lock_makes_reading_and_writing_one_step() -> None:
    rewrite = {
        "op": "set",
        "base": "target",
        "payload": None,
        "concurrency": "none",
        "lane": {"name": "l", "concurrency": 4},
    }
    assert sale_to_wms(**rewrite, guard="lock").cell("wms.available") == "converges"
    assert sale_to_wms(**rewrite, guard="none").cell("wms.available") == "drifts permanent"


def test_a_comparing_guard_on_a_set_is_compare_and_set() -> None:
    events: Facts = {"pos_sale": {"at": ["site"]}, "po_received": {"at": ["wms"]}}
    told = []
    for facts in ({"op": "cas", "guard": "none"}, {"op": "set", "guard": "cas"}):
        paths = [delta("up", "site", "wms", "pos_sale"), state("down", "wms", "site", **facts)]
        told.append(Judged(topology({"wms": WMS, "site": SITE}, events, paths)).cell("site.available"))
    assert told == ["converges", "converges"]


def test_a_reservation_that_never_expires_says_so() -> None:
    assert reserving(expires_after="never", guard="state_machine").problems == []


# ── who speaks ────────────────────────────────────────────────────────────────────────────────────


def test_a_path_rule_is_about_the_path_and_its_first_cell() -> None:
    wms = system("wms", "authoritative", "on_hand", "available")
    maps = {"on_hand": "on_hand", "available": "available"}
    judged = Judged(
        topology(
            {"shop": SHOP, "wms": wms},
            SALE,
            [delta("sale", "shop", "wms", "pos_sale", maps=maps, dedupe="none")],
        )
    )
    (finding,) = judged.findings("duplicate-delivery")
    assert (finding.subject.write_path, finding.subject.system, finding.subject.quantity) == (
        "sale",
        "wms",
        "on_hand",
    )
    assert ("wms", "available") in [(other.subject.system, other.subject.quantity) for other in finding.related]


def test_a_structural_rule_is_about_the_cell_with_the_paths_beside_it() -> None:
    paths = [delta("a", "shop", "wms", "pos_sale"), delta("b", "shop", "wms", "pos_sale")]
    (finding,) = Judged(topology({"shop": SHOP, "wms": WMS}, SALE, paths)).findings("duplicate-route")
    assert (finding.subject.system, finding.subject.quantity, finding.subject.write_path) == (
        "wms",
        "available",
        None,
    )
    assert {"a", "b"} <= {other.subject.write_path for other in finding.related}
    (crash,) = sale_to_wms(handoff="dual_write").findings("dual-write")
    assert (crash.subject.system, crash.subject.quantity) == ("wms", "available")
    assert "sale" in {crash.subject.write_path, *(other.subject.write_path for other in crash.related)}


@pytest.mark.parametrize("facts", [{"only": ["b2b"]}, {"except_": ["b2b"]}], ids=str)
def test_a_filter_that_leaves_instances_out_is_a_gap_or_a_missing_undo(facts: Facts) -> None:
    assert "trigger-gap" in wms_to_erp(delta("sale", "wms", "erp", "pos_sale", **facts)).confirmed()
    wms = system("wms", "authoritative", "allocated")
    maps = {"allocated": "allocated"}
    paths = [
        delta("capture", "shop", "wms", "order_captured", maps=maps),
        delta("cancel", "shop", "wms", "order_cancelled", maps=maps, **facts),
    ]
    judged = Judged(topology({"shop": SHOP, "wms": wms}, ORDERS, paths))
    assert "missing-compensation" in judged.confirmed()
    assert judged.cell("wms.allocated") == "drifts permanent"


def test_firing_for_other_changes_only_is_a_gap() -> None:
    judged = Judged(
        topology(
            {"shop": SHOP, "wms": WMS, "erp": ERP},
            {"pos_sale": {"at": ["shop"]}},
            [delta("in", "shop", "wms", "pos_sale"), state("out", "wms", "erp", fires_for=["local"])],
        )
    )
    assert judged.cell("erp.available") == "drifts permanent"
    assert "trigger-gap" in judged.confirmed()


def test_where_nothing_can_bring_the_event_an_unknown_payload_does_not_matter() -> None:
    events: Facts = {"pos_sale": {"at": ["wms"]}, "po_received": {"at": ["shop"]}}
    path = delta("sale", "wms", "erp", "pos_sale", payload=None, op=None)
    judged = Judged(
        topology({"shop": SHOP, "wms": WMS, "erp": ERP}, events, [path, delta("r", "shop", "wms", "po_received")])
    )
    assert "unsynchronized" in judged.confirmed()
    assert judged.cell("erp.available") == "drifts permanent"


def test_an_order_that_nothing_can_end_is_an_event_that_nobody_has_written_down() -> None:
    judged = orders_to_wms("order_captured", events={"order_captured": {"at": ["shop"]}})
    assert "reservation-leak" not in judged.confirmed() | judged.open()


def test_a_mirror_s_own_event_that_never_reaches_the_record() -> None:
    judged = Judged(topology({"wms": WMS, "site": SITE}, {"pos_sale": {"at": ["site"]}}, []))
    assert "ungated-write" in judged.confirmed()
    assert judged.cell("wms.available") == "drifts permanent"
    down = state("down", "wms", "site")
    judged = Judged(
        topology({"wms": WMS, "site": SITE}, {"pos_sale": {"at": ["site"]}, "po_received": {"at": ["wms"]}}, [down])
    )
    assert "ungated-write" in judged.confirmed()
    assert judged.cell("site.available") == "drifts permanent"


GATE: Facts = {"id": "gate", "kind": "gate", "at": "order", "reads": "wms.available", "on_mismatch": "block"}


@pytest.mark.parametrize(
    ("facts", "clears"),
    [
        ({}, True),
        ({"on_mismatch": "alert"}, False),
        ({"at": "fulfilment"}, False),
        ({"reads": "erp.available"}, False),
    ],
    ids=str,
)
def test_a_blocking_gate_at_the_order_that_reads_the_record_lets_two_sell(facts: Facts, clears: bool) -> None:
    events: Facts = {"pos_sale": {"at": ["north", "south"]}}
    systems = {"north": SHOP, "south": SHOP, "wms": WMS, "erp": ERP}
    paths = [
        delta("n", "north", "wms", "pos_sale"),
        delta("s", "south", "wms", "pos_sale"),
        state("v", "wms", "erp"),
    ]
    judged = Judged(topology(systems, events, paths, [{**GATE, **facts}]))
    assert ("multiple-allocators" not in judged.confirmed()) is clears
    assert judged.cell("wms.available") == "converges"


def test_unknown_controls_add_a_question_to_two_that_sell() -> None:
    events: Facts = {"pos_sale": {"at": ["north", "south"]}}
    paths = [delta("n", "north", "wms", "pos_sale"), delta("s", "south", "wms", "pos_sale")]
    judged = Judged(topology({"north": SHOP, "south": SHOP, "wms": WMS}, events, paths, controls_unsaid=True))
    assert "multiple-allocators" in judged.confirmed()
    assert "controls" in judged.asked()


def test_a_gate_at_the_pick_is_missed_only_where_something_is_picked() -> None:
    assert "no-fulfilment-gate" not in orders_to_wms(*ORDERS).confirmed()
    events = {**ORDERS, "shipment_confirmed": {"at": ["wms"]}}
    assert "no-fulfilment-gate" in orders_to_wms(*ORDERS, events=events).confirmed()


def test_a_comparison_is_missed_only_where_something_changes() -> None:
    judged = Judged(
        topology(
            {"wms": system("wms", "authoritative", "damaged"), "erp": system("erp", "mirror", "damaged")},
            {},
            [],
        )
    )
    assert judged.findings("no-reconciliation") == []


def test_a_derived_cell_over_records_is_a_record() -> None:
    wms = system("wms", "authoritative", "on_hand", "allocated")
    wms["holds"]["available"] = {"role": "derived", "unit": "each", "derived_from": "on_hand - allocated"}
    judged = Judged(topology({"wms": wms, "erp": ERP}, AT_WMS, [state("value", "wms", "erp")]))
    assert judged.findings("no-authority") == []


@pytest.mark.parametrize(
    ("guard", "op", "verdict"),
    [
        ("version", "set", "drifts transient"),
        ("event_time", "set", "drifts transient"),
        ("none", "cas", "converges"),
    ],
)
def test_only_comparing_or_having_no_events_clears_a_snapshot(guard: str, op: str, verdict: str) -> None:
    """Receipts alone come by value; the sale goes up in the order in which it happened."""
    events: Facts = {"pos_sale": {"at": ["site"]}}
    paths = [
        delta("up", "site", "wms", "pos_sale", order="per_key"),
        state("down", "wms", "site", guard=guard, op=op),
    ]
    assert Judged(topology({"wms": WMS, "site": SITE}, events, paths)).cell("site.available") == verdict


@pytest.mark.parametrize(
    ("every", "sells", "confidence"),
    [("24h", True, "confirmed"), ("24h", False, "undetermined"), ("5m", True, "undetermined")],
)
def test_lateness_that_nobody_judged(every: str, sells: bool, confidence: str) -> None:
    site = system("storefront", "mirror", "available", each={"tolerates": None}, allocates=sells)
    path = nightly("full", "wms", "site", schedule={"every": every, "covers": "full"})
    (finding,) = Judged(topology({"wms": WMS, "site": site}, AT_WMS, [path])).findings("stale-batch")
    assert (finding.confidence, finding.severity) == (confidence, "note")


def test_the_shape_of_a_waiver() -> None:
    waiver = {
        "rule": "HM201",
        "subject": "sale",
        "reason": "r",
        "owner": "o",
        "ticket": "T-1",
        "until": "2030-01-01",
    }
    path = delta("sale", "shop", "wms", "pos_sale", dedupe="none")
    assert Judged(topology({"shop": SHOP, "wms": WMS}, SALE, [path], waivers=[waiver])).problems == []
    assert Judged(topology({"shop": SHOP, "wms": WMS}, SALE, [path], waivers=[{"rule": "HM201"}])).problems == [
        "missing-key"
    ]


def test_the_facts_of_this_file_are_all_words_of_the_vocabulary() -> None:
    assert (
        Judged(topology({"shop": SHOP, "wms": WMS}, SALE, [{"id": "x", "from": "shop", "to": "wms", **DELTA}])).problems
        == []
    )
