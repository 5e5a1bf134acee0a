"""The meaning of a topology, point by point: `test_4_2_<n>_...` speaks of the n-th point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.semantics.small_maps import (
    ERP,
    FOREVER,
    SHOP,
    SITE,
    WMS,
    Judged,
    correction,
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


def sale_to_wms(**facts: Any) -> Judged:
    """One path that tells the WMS of sales."""
    return Judged(topology({"shop": SHOP, "wms": WMS}, SALE, [delta("sale", "shop", "wms", "pos_sale", **facts)]))


def wms_to_erp(*paths: Facts, controls: list[Facts] | None = None, events: Facts = AT_WMS, **top: Any) -> Judged:
    """Sales happen at the WMS; the paths tell the ERP."""
    return Judged(topology({"wms": WMS, "erp": ERP}, events, list(paths), controls, **top))


# ── 1 closed and open ─────────────────────────────────────────────────────────────────────────────


def test_4_2_1_a_path_that_is_not_there_does_not_exist() -> None:
    judged = wms_to_erp()
    assert judged.cell("erp.available") == "drifts permanent"
    assert "unsynchronized" in judged.confirmed()


def test_4_2_1_a_built_in_event_that_is_not_listed_does_not_occur() -> None:
    judged = sale_to_wms()
    assert judged.cell("wms.available") == "converges"
    (note,) = judged.findings("undocumented-event")
    assert note.severity == "note"


def test_4_2_1_no_controls_are_none_and_no_word_of_controls_is_a_question() -> None:
    path = delta("sale", "wms", "erp", "pos_sale")
    (known,) = wms_to_erp(path).findings("no-reconciliation")
    (unsaid,) = wms_to_erp(path, controls_unsaid=True).findings("no-reconciliation")
    assert (known.confidence, unsaid.confidence) == ("confirmed", "undetermined")


def test_4_2_1_an_excerpt_makes_absences_questions() -> None:
    judged = wms_to_erp(complete=False)
    assert judged.cell("erp.available") == "undetermined"
    assert judged.confirmed() == set()
    assert "unsynchronized" in judged.open()


# ── 2 where an event happens ──────────────────────────────────────────────────────────────────────


def test_4_2_2_it_is_applied_to_all_that_its_origin_holds() -> None:
    shop = system("pos", "mirror", "available")
    judged = Judged(topology({"shop": shop, "wms": WMS}, SALE, [delta("sale", "shop", "wms", "pos_sale")]))
    assert judged.cell("shop.available") == judged.cell("wms.available") == "converges"


def test_4_2_2_applies_narrows_that() -> None:
    shop = system("pos", "mirror", "available")
    events: Facts = {"pos_sale": {"at": {"shop": {"applies": []}}}}
    judged = Judged(topology({"shop": shop, "wms": WMS}, events, [delta("sale", "shop", "wms", "pos_sale")]))
    assert judged.cell("shop.available") == "drifts permanent"
    assert judged.cell("wms.available") == "converges"


def test_4_2_2_several_origins_are_alternatives() -> None:
    events: Facts = {"pos_sale": {"at": ["north", "south"]}}
    paths = [delta("one", "north", "wms", "pos_sale"), delta("two", "south", "wms", "pos_sale")]
    systems = {"north": SHOP, "south": SHOP, "wms": WMS}
    assert Judged(topology(systems, events, paths)).cell("wms.available") == "converges"
    assert Judged(topology(systems, events, paths[:1])).cell("wms.available") == "drifts permanent"


def test_4_2_2_taking_orders_means_promising_stock_unless_the_authority_is_asked_first() -> None:
    events: Facts = {"order_captured": {"at": ["one", "two"]}}
    wms = system("wms", "authoritative", "allocated")
    systems = {"one": system("storefront"), "two": system("marketplace"), "wms": wms}
    maps = {"allocated": "allocated"}

    def rivals(**facts: Any) -> set[str]:
        paths = [delta(name, name, "wms", "order_captured", maps=maps, **facts) for name in ("one", "two")]
        return Judged(topology(systems, events, paths)).confirmed()

    assert "multiple-allocators" in rivals()
    assert "multiple-allocators" not in rivals(trigger="sync_call", op="reserve", guard="state_machine")


# ── 3 when a path fires ───────────────────────────────────────────────────────────────────────────


def test_4_2_3_it_fires_for_arrivals_that_came_by_another_path() -> None:
    paths = [delta("one", "shop", "wms", "pos_sale"), delta("two", "wms", "erp", "pos_sale")]
    judged = Judged(topology({"shop": SHOP, "wms": WMS, "erp": ERP}, SALE, paths))
    assert judged.cell("erp.available") == "converges"


def test_4_2_3_a_pushed_value_without_events_fires_on_any_change() -> None:
    shop = system("pos", "authoritative", "available")
    paths = [state("one", "shop", "erp"), state("two", "erp", "site")]
    judged = Judged(topology({"shop": shop, "erp": ERP, "site": SITE}, SALE, paths))
    assert judged.cell("site.available") == "converges"


def test_4_2_3_an_event_missing_from_its_list_is_a_gap() -> None:
    events = {**AT_WMS, "po_received": {"at": ["wms"]}}
    judged = wms_to_erp(state("value", "wms", "erp", "pos_sale"), events=events)
    assert judged.cell("erp.available") == "drifts permanent"
    assert "trigger-gap" in judged.confirmed()


def test_4_2_3_that_gap_passes_where_a_run_follows() -> None:
    events = {**AT_WMS, "po_received": {"at": ["wms"]}}
    judged = wms_to_erp(state("value", "wms", "erp", "pos_sale"), nightly("full", "wms", "erp"), events=events)
    assert judged.cell("erp.available") in {"drifts transient", "converges"}


def test_4_2_3_a_run_without_events_covers_them_all_and_a_delta_without_is_asked() -> None:
    poll = {
        "every": "5m",
        "covers": "full",
        "watermark": "cursor",
        "advance_on": "success_only",
        "lookback": "1h",
    }
    assert (
        wms_to_erp(nightly("full", "wms", "erp", trigger="poll", schedule=None, poll=poll)).cell("erp.available")
        == "converges"
    )
    judged = wms_to_erp(delta("sale", "wms", "erp"))
    assert judged.cell("erp.available") == "undetermined"
    assert "sale.events" in judged.asked()


def test_4_2_3_a_value_carries_no_event_onward() -> None:
    shop = system("pos", "authoritative", "available")
    paths = [state("one", "shop", "erp", "pos_sale"), delta("two", "erp", "site", "pos_sale")]
    judged = Judged(topology({"shop": shop, "erp": ERP, "site": SITE}, SALE, paths))
    assert judged.cell("erp.available") == "converges"
    assert judged.cell("site.available") == "drifts permanent"


# ── 4 whole values ────────────────────────────────────────────────────────────────────────────────


def test_4_2_4_a_later_run_mends_what_an_earlier_one_missed() -> None:
    assert wms_to_erp(nightly("full", "wms", "erp")).cell("erp.available") == "converges"
    lossy = wms_to_erp(delta("sale", "wms", "erp", "pos_sale", delivery="at_most_once"), nightly("full", "wms", "erp"))
    assert lossy.cell("erp.available") == "drifts transient"


# ── 5 maps ────────────────────────────────────────────────────────────────────────────────────────


def test_4_2_5_no_maps_are_unknown() -> None:
    judged = sale_to_wms(maps=None)
    assert judged.cell("wms.available") == "undetermined"
    assert "sale.maps" in judged.asked()


def test_4_2_5_null_is_a_drop() -> None:
    judged = Judged(
        topology(
            {"shop": SHOP, "wms": system("wms", "authoritative", "available", "on_hand")},
            SALE,
            [
                delta("sale", "shop", "wms", "pos_sale", maps={"available": "available"})
                | {"maps": {"available": "available", "on_hand": None}}
            ],
        )
    )
    assert judged.cell("wms.available") == "converges"
    assert judged.cell("wms.on_hand") == "drifts permanent"
    (finding,) = judged.findings("unmapped-field")
    assert (finding.confidence, finding.subject.write_path) == ("confirmed", "sale")


def test_4_2_5_a_drop_by_one_path_does_not_matter_where_another_brings_it() -> None:
    wms = system("wms", "authoritative", "available", "on_hand")
    paths = [
        delta("one", "shop", "wms", "pos_sale") | {"maps": {"available": "available", "on_hand": None}},
        delta("two", "shop", "wms", "pos_sale", maps={"on_hand": "on_hand"}),
    ]
    judged = Judged(topology({"shop": SHOP, "wms": wms}, SALE, paths))
    assert judged.cell("wms.on_hand") == judged.cell("wms.available") == "converges"
    assert "unmapped-field" not in judged.confirmed()


def test_4_2_5_a_derived_cell_needs_no_mapping() -> None:
    wms = system("wms", "authoritative", "on_hand", "allocated")
    wms["holds"]["available"] = {"role": "derived", "unit": "each", "derived_from": "on_hand - allocated"}
    maps = {"on_hand": "on_hand"}
    judged = Judged(topology({"shop": SHOP, "wms": wms}, SALE, [delta("sale", "shop", "wms", "pos_sale", maps=maps)]))
    assert judged.cell("wms.available") == "converges"
    assert "unmapped-field" not in judged.confirmed()


def test_4_2_5_the_target_must_hold_the_right_side_and_a_state_source_the_left_one() -> None:
    bare = topology(
        {"shop": SHOP, "wms": WMS},
        SALE,
        [delta("sale", "shop", "wms", "pos_sale", maps={"on_hand": "on_hand"})],
    )
    assert Judged(bare).problems == ["dangling-reference"]
    bare = topology({"shop": SHOP, "wms": WMS}, SALE, [state("value", "shop", "wms")])
    assert Judged(bare).problems == ["dangling-reference"]


# ── 6 inside one application ──────────────────────────────────────────────────────────────────────


def test_4_2_6_only_one_transaction_makes_two_writes_one() -> None:
    assert "dual-write" in sale_to_wms(handoff="dual_write").confirmed()
    assert sale_to_wms(handoff="same_transaction", delivery=None, dedupe="none").cell("wms.available") == "converges"
    together = topology(
        {"shop": SHOP, "wms": WMS, "erp": ERP},
        SALE,
        [
            delta("one", "shop", "wms", "pos_sale", handoff="dual_write", atomic_with=["two"]),
            delta("two", "shop", "erp", "pos_sale", handoff="dual_write", atomic_with=["one"]),
        ],
    )
    assert "dual-write" not in Judged(together).confirmed()


def test_4_2_6_a_second_handler_on_one_counter_counts_again() -> None:
    events: Facts = {"pos_sale": {"at": {"wms": {"applies": []}}}}
    paths = [
        delta(name, "wms", "wms", "pos_sale", handler=name, trigger="in_process", handoff="same_transaction")
        for name in ("checkout", "hold")
    ]
    judged = Judged(topology({"wms": WMS}, events, paths))
    assert judged.cell("wms.available") == "drifts permanent"
    assert "duplicate-route" in judged.confirmed()
    assert Judged(topology({"wms": WMS}, events, paths[:1])).cell("wms.available") == "converges"


# ── 7 relays ──────────────────────────────────────────────────────────────────────────────────────


def test_4_2_7_middleware_that_holds_a_number_can_drift() -> None:
    hub = system("middleware", "mirror", "available")
    judged = Judged(
        topology({"wms": WMS, "hub": hub}, AT_WMS, [delta("sale", "wms", "hub", "pos_sale", dedupe="none")])
    )
    assert judged.cell("hub.available") == "drifts permanent"


def test_4_2_7_a_hop_hands_on_its_weakness() -> None:
    relay = {"ipaas": system("middleware")}
    sure = delta("sale", "shop", "wms", "pos_sale", via=["ipaas"], delivery="exactly_once_effect", dedupe=None)
    weak = {**sure, "via": [{"system": "ipaas", "delivery": "at_most_once", "latency": "5m"}]}
    systems = {"shop": SHOP, "wms": WMS, **relay}
    assert Judged(topology(systems, SALE, [sure])).cell("wms.available") == "converges"
    assert Judged(topology(systems, SALE, [weak])).cell("wms.available") == "drifts permanent"


# ── 8 controls ────────────────────────────────────────────────────────────────────────────────────

CHECKED = "wms.available", "erp.available"


def doubled_under(**facts: Any) -> Judged:
    """A mirror that counts repetitions twice, under a control."""
    path = delta("sale", "wms", "erp", "pos_sale", dedupe="none")
    return wms_to_erp(path, controls=[correction(*CHECKED, **facts)])


def test_4_2_8_a_full_control_at_a_known_interval_heals() -> None:
    assert doubled_under().cell("erp.available") == "drifts transient"
    assert doubled_under(on_mismatch="alert").cell("erp.available") == "drifts transient"


@pytest.mark.parametrize(
    "facts",
    [
        {"scope": "sampled"},
        {"scope": "changed_only"},
        {"on_mismatch": "none"},
        {"on_mismatch": "alert", "last_success_monitored": False},
        {"on_mismatch": "report", "last_success_monitored": False},
    ],
    ids=str,
)
def test_4_2_8_a_control_that_cannot_help_does_not(facts: Facts) -> None:
    assert doubled_under(**facts).cell("erp.available") == "drifts permanent"


@pytest.mark.parametrize("fact", ["every", "scope", "on_mismatch"])
def test_4_2_8_an_unknown_fact_of_a_control_leaves_the_class_open(fact: str) -> None:
    judged = doubled_under(**{fact: None})
    assert judged.cell("erp.available") == "drifts"
    assert f"nightly-check.{fact}" in judged.asked()


def test_4_2_8_correcting_the_record_is_the_wrong_way() -> None:
    path = delta("sale", "wms", "erp", "pos_sale", dedupe="none")
    judged = wms_to_erp(path, controls=[correction(*CHECKED, corrects="wms.available")])
    assert judged.cell("wms.available") == "drifts permanent"
    assert "reconciles-wrong-way" in judged.confirmed()


def test_4_2_8_a_drifting_record_heals_nobody() -> None:
    paths = [
        delta("in", "shop", "wms", "pos_sale", dedupe="none"),
        delta("out", "shop", "erp", "pos_sale", dedupe="none"),
    ]
    judged = Judged(
        topology({"shop": SHOP, "wms": WMS, "erp": ERP}, SALE, paths, [correction(*CHECKED, on_mismatch="alert")])
    )
    assert judged.cell("erp.available") == "drifts permanent"


def test_4_2_8_an_unknown_role_makes_the_record_a_question() -> None:
    path = delta("sale", "wms", "erp", "pos_sale")
    wms = system("wms", None, "available")
    judged = Judged(topology({"wms": wms, "erp": ERP}, AT_WMS, [path]))
    (finding,) = judged.findings("no-authority")
    assert finding.confidence == "undetermined"


# ── 9 lag ─────────────────────────────────────────────────────────────────────────────────────────


def test_4_2_9_a_nightly_run_is_late_and_right() -> None:
    judged = wms_to_erp(nightly("full", "wms", "erp"))
    assert judged.cell("erp.available") == "converges"
    assert judged.window("erp.available") == 24 * 3600 + 600
    assert "stale-batch" not in judged.confirmed() | judged.open()


@pytest.mark.parametrize(("tolerates", "confidence"), [("1h", "confirmed"), (None, "undetermined")])
def test_4_2_9_only_stale_batch_judges_how_late(tolerates: str | None, confidence: str) -> None:
    erp = system("erp", "mirror", "available", each={"tolerates": tolerates})
    judged = Judged(topology({"wms": WMS, "erp": erp}, AT_WMS, [nightly("full", "wms", "erp")]))
    assert judged.cell("erp.available") == "converges"
    (finding,) = judged.findings("stale-batch")
    assert finding.confidence == confidence
    assert finding.severity == "note"


# ── 10 scopes ─────────────────────────────────────────────────────────────────────────────────────


def test_4_2_10_disjoint_items_clear_conflicts_of_writers() -> None:
    systems = {"a": WMS, "b": system("wms", "authoritative", "available"), "erp": ERP}
    events: Facts = {"po_received": {"at": ["a", "b"]}}

    def conflict(one: Any, two: Any) -> bool:
        paths = [state("one", "a", "erp", items=one), state("two", "b", "erp", items=two)]
        return "multiple-writers" in Judged(topology(systems, events, paths)).confirmed()

    assert conflict(None, None)
    assert not conflict(["shoes"], ["hats"])


def test_4_2_10_filters_clear_duplicates_and_open_coverage() -> None:
    def of(**facts: Any) -> Judged:
        first = delta("first", "wms", "erp", "pos_sale", only=["b2b"])
        return wms_to_erp(first, delta("second", "wms", "erp", "pos_sale", **facts))

    assert of(except_=["b2b"]).cell("erp.available") == "converges"
    assert "duplicate-route" in of().confirmed()
    assert of(only=["b2c"]).cell("erp.available") == "drifts permanent"
    assert "duplicate-route" not in of(only=["b2c"]).confirmed()


# ── 11 who speaks ─────────────────────────────────────────────────────────────────────────────────


def test_4_2_11_a_declared_fact_speaks_before_an_absence() -> None:
    judged = sale_to_wms(enabled=False)
    assert judged.confirmed() == {"disabled-path"}


def test_4_2_11_a_path_rule_speaks_once_for_all_its_cells() -> None:
    wms = system("wms", "authoritative", "available", "on_hand")
    maps = {"available": "available", "on_hand": "on_hand"}
    judged = Judged(
        topology(
            {"shop": SHOP, "wms": wms},
            SALE,
            [delta("sale", "shop", "wms", "pos_sale", maps=maps, dedupe="none")],
        )
    )
    (finding,) = judged.findings("duplicate-delivery")
    touched = {str(finding.subject), *(str(other.subject) for other in finding.related)}
    assert {"wms.on_hand"} <= touched or any("on_hand" in name for name in touched)


def test_4_2_11_a_reach_rule_speaks_once_for_all_its_events() -> None:
    events: Facts = {"pos_sale": {"at": ["wms"]}, "po_received": {"at": ["wms"]}}
    (finding,) = wms_to_erp(events=events).findings("unsynchronized")
    assert finding.events == ("po_received", "pos_sale")


def test_4_2_11_a_cell_fed_by_a_drifting_one_points_upstream() -> None:
    paths = [delta("sale", "shop", "wms", "pos_sale", dedupe="none"), state("value", "wms", "erp")]
    judged = Judged(topology({"shop": SHOP, "wms": WMS, "erp": ERP}, SALE, paths))
    assert judged.cell("erp.available") == "drifts permanent"
    verdict = next(v for v in judged.diagnosis.verdicts if v.cell.system == "erp")
    assert [str(cell) for cell in verdict.upstream] == ["wms.available"]
    assert judged.confirmed() == {"duplicate-delivery"}


ORDERS: Facts = {"order_captured": {"at": ["shop"]}, "order_cancelled": {"at": ["shop"]}}


@pytest.mark.parametrize(
    ("events", "carried", "slug"),
    [
        (ORDERS, ["order_captured"], "missing-compensation"),
        (
            {"shipment_confirmed": {"at": ["shop"]}, **ORDERS},
            ["order_captured", "order_cancelled"],
            "shipment-gap",
        ),
        ({"cycle_counted": {"at": {"shop": {"as_of": True}}}, **ORDERS}, [*ORDERS], "count-gap"),
        ({"po_received": {"at": ["shop"]}, **ORDERS}, [*ORDERS], "unsynchronized"),
    ],
    ids=str,
)
def test_4_2_11_the_narrower_name_of_an_absence_speaks(events: Facts, carried: list[str], slug: str) -> None:
    wms = system("wms", "authoritative", "available", "allocated")
    maps = {"available": "available", "allocated": "allocated"}
    judged = Judged(topology({"shop": SHOP, "wms": wms}, events, [delta("orders", "shop", "wms", *carried, maps=maps)]))
    assert judged.confirmed() - {"no-fulfilment-gate"} == {slug}


RECEIPTS: Facts = {"pos_sale": {"at": ["site"]}, "po_received": {"at": ["wms"]}}


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        (
            delta("w", "wms", "site", "po_received", op="set", base="target", payload=None, concurrency="none"),
            "lost-update",
        ),
        (
            delta("w", "wms", "site", "po_received", op="set", base="cached", payload=None, concurrency="none"),
            "stale-write-back",
        ),
        (state("w", "wms", "site"), "snapshot-over-in-flight"),
        (state("w", "wms", "site", guard="cas_opted_out", order="per_key"), "blind-overwrite"),
        (delta("w", "wms", "site", "po_received", op="set"), "operation-mismatch"),
        (state("w", "wms", "site", op="adjust"), "operation-mismatch"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_4_2_11_each_way_of_overwriting_has_one_name(path: Facts, slug: str) -> None:
    judged = Judged(topology({"wms": WMS, "site": SITE}, RECEIPTS, [delta("up", "site", "wms", "pos_sale"), path]))
    assert judged.confirmed() == {slug}


def test_4_2_11_a_mirror_over_its_authority() -> None:
    paths = [delta("down", "wms", "erp", "pos_sale"), nightly("up", "erp", "wms")]
    assert "authority-overwritten" in wms_to_erp(*paths).confirmed()
    assert not {"set-adjust-mix", "multiple-writers", "snapshot-over-in-flight"} & wms_to_erp(*paths).confirmed()


def test_4_2_11_an_echo_of_amounts_is_cleared_by_a_tag_alone() -> None:
    def ring(**facts: Any) -> set[str]:
        return wms_to_erp(
            delta("down", "wms", "erp", "pos_sale", **facts), delta("up", "erp", "wms", "pos_sale", **facts)
        ).confirmed()

    assert "echo-loop" in ring()
    assert "echo-loop" in ring(guard="version", order="total")
    assert "echo-loop" not in ring(origin_tag=True)


# ── 12 severity ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "control", "severity"),
    [("authoritative", False, "error"), ("mirror", False, "warning"), ("mirror", True, "warning")],
)
def test_4_2_12_lasting_drift_of_what_decides_is_an_error(role: str, control: bool, severity: str) -> None:
    other = "mirror" if role == "authoritative" else "authoritative"
    systems = {"shop": system("erp", other, "available"), "wms": system("wms", role, "available")}
    events: Facts = {"po_received": {"at": ["shop"]}}
    controls = [correction("shop.available", "wms.available")] if control else []
    judged = Judged(topology(systems, events, [delta("in", "shop", "wms", "po_received", dedupe="none")], controls))
    (finding,) = judged.findings("duplicate-delivery")
    assert finding.severity == severity


def test_4_2_12_oversell_that_can_be_reached_is_an_error_and_controls_warn() -> None:
    events: Facts = {"pos_sale": {"at": ["north", "south"]}}
    paths = [
        delta("one", "north", "wms", "pos_sale"),
        delta("two", "south", "wms", "pos_sale"),
        state("v", "wms", "erp"),
    ]
    judged = Judged(topology({"north": SHOP, "south": SHOP, "wms": WMS, "erp": ERP}, events, paths))
    assert [f.severity for f in judged.findings("multiple-allocators")] == ["error"]
    assert [f.severity for f in judged.findings("no-reconciliation")] == ["warning"]


# ── 13 questions ──────────────────────────────────────────────────────────────────────────────────


def test_4_2_13_one_question_for_each_path_and_fact() -> None:
    judged = sale_to_wms(dedupe=None)
    assert judged.cell("wms.available") == "undetermined"
    assert judged.asked() == {"sale.dedupe"}


@pytest.mark.parametrize(
    ("facts", "unsaid"),
    [
        ({"delivery": "exactly_once_effect", "dedupe": None}, "dedupe"),
        ({"guard": "none", "order": None}, "order"),
        ({"dead_letter": None}, "dead_letter"),
        ({"delivery": "exactly_once_effect", "ack": None}, "ack"),
        ({"concurrency": None}, "concurrency"),
        ({"dedupe": {**FOREVER, "ledger": None}}, "dedupe"),
    ],
    ids=str,
)
def test_4_2_13_what_no_answer_can_change_is_not_asked(facts: Facts, unsaid: str) -> None:
    if unsaid == "dedupe" and isinstance(facts.get("dedupe"), dict):
        facts = {"dedupe": {key: value for key, value in facts["dedupe"].items() if value is not None}}
    judged = sale_to_wms(**facts)
    assert judged.cell("wms.available") == "converges"
    assert judged.asked() == set()


def test_4_2_13_questions_about_what_drifts_anyway_come_last() -> None:
    wms = system("wms", "authoritative", "available")
    systems = {"shop": SHOP, "wms": wms, "erp": ERP}
    paths = [
        delta("a-drifting", "shop", "wms", "pos_sale", dedupe="none", handoff=None),
        delta("b-open", "shop", "erp", "pos_sale", handoff=None),
    ]
    judged = Judged(topology(systems, SALE, paths))
    assert [question.id for question in judged.diagnosis.questions] == [
        "b-open.handoff",
        "a-drifting.handoff",
    ]


def test_4_2_13_findings_hold_what_is_confirmed_and_what_hangs_on_a_question() -> None:
    judged = sale_to_wms(dedupe="none", handoff=None)
    assert judged.confirmed() == {"duplicate-delivery"}
    (finding,) = judged.findings("dual-write")
    assert (finding.confidence, finding.asks) == ("undetermined", ("sale.handoff",))
