"""Single transitions of the model, each on a map of one or two paths."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from handoffmap.model import Cell
from handoffmap.reading.load import load
from handoffmap.text.source import Source
from handoffmap.witness import Figures, completions, oversell, prove_cell, prove_pairs, run_in_figures
from tests.semantics.small_maps import ERP, FOREVER, SHOP, SITE, WMS, delta, nightly, state, system, topology

if TYPE_CHECKING:
    from handoffmap.model import Topology
    from handoffmap.witness import Proof
    from tests.semantics.small_maps import Facts

SALE: Facts = {"pos_sale": {"at": ["shop"]}}
AT_WMS: Facts = {"pos_sale": {"at": ["wms"]}}


def read(found: Facts) -> Topology:
    loaded, problems = load(Source("map.yaml", yaml.safe_dump(found, sort_keys=False)))
    assert loaded is not None, problems
    return loaded


def sale_to_wms(**facts: Any) -> Proof:
    found = topology({"shop": SHOP, "wms": WMS}, SALE, [delta("sale", "shop", "wms", "pos_sale", **facts)])
    return prove_cell(read(found), Cell("wms", "available"))


def to_erp(*paths: Facts) -> Proof:
    return prove_cell(read(topology({"wms": WMS, "erp": ERP}, AT_WMS, list(paths))), Cell("erp", "available"))


def kinds(proof: Proof) -> list[str]:
    assert proof.run is not None
    return [step.kind for step in proof.run.steps]


@pytest.mark.parametrize(
    ("facts", "fault", "steps"),
    [
        ({"dedupe": "none"}, "repeat", ["event", "repeat", "deliver"]),
        ({"dedupe": {**FOREVER, "stable_across_retries": False}}, "repeat", ["event", "repeat", "deliver"]),
        ({"delivery": "at_most_once"}, "lose", ["event", "lose"]),
        ({"ack": "before_processing"}, "lose", ["event", "lose"]),
        ({"retry": {"max_attempts": 3, "every": "1m"}}, "lose", ["event", "lose"]),
        ({"handoff": "dual_write"}, "crash", ["crash"]),
        ({"handoff": "fire_and_forget"}, "crash", ["crash"]),
    ],
    ids=str,
)
def test_a_fault_of_each_kind_is_on_its_path(facts: Facts, fault: str, steps: list[str]) -> None:
    proof = sale_to_wms(**facts)
    assert (proof.verdict, proof.drift) == ("drifts", "permanent")
    assert (fault, "sale") in proof.faults
    assert kinds(proof) == steps


def test_a_forgotten_key_lets_a_late_replay_through() -> None:
    letter = {"monitored": True, "replay": "manual", "alert_within": "21d"}
    retry = {"max_attempts": 8, "every": "1m"}
    proof = sale_to_wms(dedupe={**FOREVER, "retention": "14d"}, dead_letter=letter, retry=retry)
    assert ("forget", "sale") in proof.faults


def test_a_parked_letter_breaks_the_order() -> None:
    facts = {"dead_letter": {"monitored": True, "replay": "manual"}, "retry": {"max_attempts": 8}}
    proof = to_erp(state("value", "wms", "erp", guard="none", order="per_key", **facts))
    assert ("replay_late", "value") in proof.faults
    assert proof.drift == "permanent"


def test_a_read_and_a_write_are_two_steps() -> None:
    proof = sale_to_wms(op="set", payload=None, base="target", concurrency="none")
    assert {"read", "write"} <= set(kinds(proof))
    assert ("overwrote", "sale") in proof.faults


def test_amounts_name_the_culprit() -> None:
    proof = to_erp(state("value", "wms", "erp", guard="none"))
    assert proof.run is not None
    assert [step.amount for step in proof.run.steps if step.kind == "event"] == [1, 5]
    assert dict(proof.run.start)["erp.available"] == 47
    assert dict(proof.run.end)["erp.available"] == 46
    assert dict(proof.run.expected)["erp.available"] == 41


def test_a_run_is_waited_for_and_no_drift() -> None:
    assert to_erp(nightly("full", "wms", "erp")).verdict == "converges"
    doubled = delta("doubled", "wms", "erp", "pos_sale", dedupe="none")
    assert to_erp(nightly("full", "wms", "erp"), doubled).drift == "transient"


def test_what_is_unknown_is_named_and_tried_both_ways() -> None:
    proof = sale_to_wms(dedupe=None)
    assert (proof.verdict, proof.proof) == ("undetermined", "undetermined")
    assert proof.unknown == ("path sale dedupe",)
    found = topology({"shop": SHOP, "wms": WMS}, SALE, [delta("sale", "shop", "wms", "pos_sale", dedupe=None)])
    assert len(list(completions(read(found), Cell("wms", "available")))) == 2


def test_a_bound_is_said() -> None:
    found = topology({"wms": WMS, "erp": ERP}, AT_WMS, [nightly("full", "wms", "erp")])
    proof = prove_cell(read(found), Cell("erp", "available"), cap=5)
    assert (proof.verdict, proof.bound) == ("undetermined", "5 states")


def test_a_consumer_cannot_be_wrong() -> None:
    sheet = system("spreadsheet", "consumer", "available")
    found = topology({"wms": WMS, "sheet": sheet}, AT_WMS, [])
    assert prove_cell(read(found), Cell("sheet", "available")).verdict == "converges"


def test_an_undo_of_what_the_map_does_not_list_still_happens() -> None:
    found = topology({"wms": WMS, "erp": ERP}, {"pos_return": {"at": ["wms"]}}, [])
    assert prove_cell(read(found), Cell("erp", "available")).drift == "permanent"


def test_a_clamp_is_reached_from_where_nothing_is() -> None:
    events: Facts = {"pos_sale": {"at": ["wms"]}, "po_received": {"at": ["wms"]}}
    path = delta("moves", "wms", "erp", "pos_sale", "po_received", clamp_at_zero=True)
    proof = prove_cell(read(topology({"wms": WMS, "erp": ERP}, events, [path])), Cell("erp", "available"))
    assert ("clamped", "moves") in proof.faults
    assert proof.run is not None
    assert dict(proof.run.start)["erp.available"] == 0


def test_items_of_a_class_that_no_path_carries() -> None:
    proof = to_erp(state("value", "wms", "erp", items=["dry"]))
    assert (proof.verdict, proof.drift) == ("drifts", "permanent")


def test_the_same_run_every_time() -> None:
    assert sale_to_wms(dedupe="none") == sale_to_wms(dedupe="none")


def test_a_run_can_be_told_in_other_numbers() -> None:
    found = read(topology({"wms": WMS, "erp": ERP}, AT_WMS, [state("value", "wms", "erp", guard="none")]))
    run = run_in_figures(found, Cell("erp", "available"), "permanent", Figures({"available": 10}, (2, 3)))
    assert run is not None
    assert dict(run.start) == {"wms.available": 10, "erp.available": 10}
    assert dict(run.end) == {"wms.available": 5, "erp.available": 8}
    assert run_in_figures(found, Cell("wms", "available"), "permanent", Figures({"available": 10})) is None


def test_numbers_that_hide_a_drift_show_no_run() -> None:
    found = read(topology({"wms": WMS, "erp": ERP}, AT_WMS, []))
    assert run_in_figures(found, Cell("erp", "available"), "permanent", Figures({"available": 0}, (1,))) is None


def test_the_events_of_a_run_can_be_wanted_in_an_order() -> None:
    events: Facts = {"pos_sale": {"at": ["wms"]}, "po_received": {"at": ["wms"]}}
    found = read(topology({"wms": WMS, "erp": ERP}, events, []))
    for script in (("pos_sale",), ("po_received",)):
        run = run_in_figures(found, Cell("erp", "available"), "permanent", Figures(script=script))
        assert run is not None
        assert tuple(step.event for step in run.steps) == script


def test_a_flag_is_told_in_words() -> None:
    quantities = {"state": {"meaning": "flag"}}
    systems = {"wms": system("wms", "authoritative", "state"), "erp": system("erp", "mirror", "state")}
    events: Facts = {name: {"at": ["wms"], "effects": {"state": {"set": name}}} for name in ("opened", "closed")}
    path = state("value", "wms", "erp", guard="none", maps={"state": "state"})
    proof = prove_cell(read(topology(systems, events, [path], quantities=quantities)), Cell("erp", "state"))
    assert proof.run is not None
    assert dict(proof.run.start) == {"erp.state": "nothing yet", "wms.state": "nothing yet"}
    assert set(dict(proof.run.end).values()) == {"opened", "closed"}
    assert "shows closed where opened is right" in proof.run.sentence


def test_an_event_that_moves_nothing_sets_off_a_push() -> None:
    events: Facts = {"pos_sale": {"at": ["shop"]}, "page_saved": {"at": ["erp"], "effects": {}}}
    paths = [
        delta("sale", "shop", "wms", "pos_sale"),
        state("saved", "erp", "wms", "page_saved", guard="none"),
    ]
    proof = prove_cell(read(topology({"shop": SHOP, "wms": WMS, "erp": ERP}, events, paths)), Cell("wms", "available"))
    assert proof.drift == "permanent"
    assert proof.run is not None
    assert "page_saved" in {step.event for step in proof.run.steps}


def reported(**facts: Any) -> Proof:
    """A till that reports every change of its number to the warehouse, which sends it its number once."""
    events: Facts = {"started": {"at": ["wms"], "effects": {}}}
    systems = {"wms": WMS, "till": system("pos", "mirror", "available", each={"opening": "none"})}
    paths = [
        state("opening", "wms", "till", "started"),
        delta("changes", "till", "wms", fires_on="change", **facts),
    ]
    return prove_cell(read(topology(systems, events, paths)), Cell("wms", "available"))


def test_a_reported_change_is_added_whatever_made_it() -> None:
    proof = reported(dedupe="none")
    assert (proof.verdict, proof.drift) == ("drifts", "permanent")
    assert proof.run is not None
    assert [step.text for step in proof.run.steps][-1] == "changes delivers a change of 47"
    assert dict(proof.run.end)["wms.available"] == 94
    assert reported(origin_tag=True).verdict == "converges"


@pytest.mark.parametrize(("order", "verdict"), [("none", "drifts"), ("per_key", "converges")])
def test_a_release_of_an_order_that_is_not_known_does_nothing(order: str, verdict: str) -> None:
    wms = system("wms", "authoritative", "allocated")
    events: Facts = {name: {"at": ["shop"]} for name in ("order_captured", "order_cancelled")}
    lane = {"name": "orders", "concurrency": 1, "shared": True}
    facts: Facts = {"maps": {"allocated": "allocated"}, "order": order, "lane": lane if order == "per_key" else None}
    paths = [
        delta("capture", "shop", "wms", "order_captured", op="reserve", **facts),
        delta("cancel", "shop", "wms", "order_cancelled", op="release", **facts),
    ]
    proof = prove_cell(read(topology({"shop": SHOP, "wms": wms}, events, paths)), Cell("wms", "allocated"))
    assert proof.verdict == verdict


# ── units, keys and places ────────────────────────────────────────────────────────────────────────


def test_a_case_is_twelve_pieces() -> None:
    wms = system("wms", "authoritative", "available", each={"unit": "case"})
    maps = {"available": {"to": "available", "unit_factor": 12}}
    found = topology({"wms": wms, "erp": ERP}, AT_WMS, [delta("sale", "wms", "erp", "pos_sale", maps=maps)])
    assert prove_cell(read(found), Cell("erp", "available")).verdict == "converges"
    maps["available"]["unit_factor"] = 1
    found = topology({"wms": wms, "erp": ERP}, AT_WMS, [delta("sale", "wms", "erp", "pos_sale", maps=maps)])
    assert prove_cell(read(found), Cell("erp", "available")).drift == "permanent"


@pytest.mark.parametrize(
    ("one", "two", "verdict"),
    [
        ("sku", "sku", "converges"),
        ("sku", "gtin", "drifts"),
        ({"field": "sku", "normalise": ["upper"]}, {"field": "sku", "normalise": ["upper"]}, "converges"),
        ({"field": "sku", "normalise": []}, {"field": "sku", "normalise": ["upper"]}, "drifts"),
        ({"field": "sku", "normalise": ["upper"]}, "sku", "undetermined"),
        ({"field": "sku", "may_change": True}, "sku", "drifts"),
        (None, "sku", "undetermined"),
    ],
    ids=str,
)
def test_two_items_are_told_apart_or_not(one: Any, two: Any, verdict: str) -> None:
    wms, erp = {**WMS, "item_key": one}, {**ERP, "item_key": two}
    found = read(topology({"wms": wms, "erp": erp}, AT_WMS, [delta("sale", "wms", "erp", "pos_sale")]))
    assert [pair.verdict for pair in prove_pairs(found, Cell("erp", "available")) if pair.about == "items"] == [verdict]


@pytest.mark.parametrize(
    ("here", "there", "verdicts"),
    [(["east"], ["east"], []), (["east"], ["east", "west"], ["drifts"]), (["east"], ["west"], ["drifts"])],
    ids=str,
)
def test_two_places_are_one_or_not(here: list[str], there: list[str], verdicts: list[str]) -> None:
    wms = system("wms", "authoritative", "available", each={"locations": here})
    erp = system("erp", "mirror", "available", each={"locations": there})
    found = read(topology({"wms": wms, "erp": erp}, AT_WMS, [state("value", "wms", "erp")]))
    assert [each.verdict for each in prove_pairs(found, Cell("erp", "available")) if each.about == "places"] == verdicts


# ── oversell ──────────────────────────────────────────────────────────────────────────────────────


def rivals(**north: Any) -> str:
    systems = {"north": {**SHOP, **north}, "south": SHOP, "wms": WMS}
    events: Facts = {"pos_sale": {"at": ["north", "south"]}}
    paths = [delta(name, name, "wms", "pos_sale") for name in ("north", "south")]
    return oversell(read(topology(systems, events, paths)), Cell("wms", "available")).verdict


def test_two_who_promise_can_promise_one_piece_twice() -> None:
    assert rivals() == "reachable"
    assert rivals(allocates=False) == "unreachable"
    assert rivals(allocates={"backorders": True}) == "unreachable"


def test_a_gate_that_asks_the_record_lets_nobody_oversell() -> None:
    gate = {"id": "gate", "kind": "gate", "at": "order", "reads": "wms.available", "on_mismatch": "block"}
    systems = {"north": SHOP, "south": SHOP, "wms": WMS, "site": SITE}
    events: Facts = {"pos_sale": {"at": ["north", "south"]}}
    found = topology(systems, events, [], [gate])
    assert oversell(read(found), Cell("wms", "available")).verdict == "unreachable"


def test_the_run_of_an_oversell_is_two_promises() -> None:
    systems = {"north": SHOP, "south": SHOP, "wms": WMS}
    found = oversell(read(topology(systems, {"pos_sale": {"at": ["north", "south"]}}, [])), Cell("wms", "available"))
    assert found.run is not None
    assert len(found.run.steps) == 2
    assert dict(found.run.expected)["wms.available"] == Fraction(-1)
