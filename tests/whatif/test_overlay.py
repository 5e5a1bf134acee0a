"""What an overlay does to a map: entries and facts that come in, words that replace and remove, clashes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handoffmap.check import check_sources
from handoffmap.model import Cell
from handoffmap.reading.load import load
from handoffmap.telling.json_v1 import render_json
from handoffmap.text.source import Source
from tests.robustness.mutations import mutated

if TYPE_CHECKING:
    from handoffmap.model import Topology
    from handoffmap.text.problem import Problem

TOPOLOGIES = sorted((Path(__file__).parents[2] / "topologies").glob("*.yaml"))

BASE = """\
handoffmap: 1
name: Base
volume: {orders_per_month: 5000}
systems:
  shop:
    kind: storefront
    owner: ecommerce
    holds: {available: mirror}
    item_key: sku
  wms:
    kind: wms
    holds: [on_hand, available]
  hub: {kind: middleware}
events:
  order_captured: {at: shop}
  cycle_counted: {at: {wms: {as_of: true}}}
quantities:
  held: count
write_paths:
  - id: orders
    from: shop
    via: [hub]
    to: wms
    events: [order_captured]
    trigger: webhook
    op: adjust
    maps: {available: available}
    delivery: at_least_once
    dedupe: {key: [order_id], retention: 24h}
  - id: stock
    from: wms
    to: shop
    trigger: schedule
    op: set
    maps: {available: available}
    schedule: 15m
controls:
  - id: nightly
    kind: reconciliation
    compare: {authority: wms.available, mirror: shop.available}
    every: 24h
"""


def laid(*overlays: str, base: str = BASE) -> tuple[Topology | None, list[Problem]]:
    sources = [Source(f"over{number}.yaml", text) for number, text in enumerate(overlays, 1)]
    return load(Source("base.yaml", base), overlays=sources)


def made(*overlays: str, base: str = BASE) -> Topology:
    topology, problems = laid(*overlays, base=base)
    assert [problem.message for problem in problems] == []
    assert topology is not None
    return topology


def path(name: str, facts: str) -> str:
    return f"write_paths:\n  - id: {name}\n    {facts}\n"


# ── what comes in ─────────────────────────────────────────────────────────────────────────────────


def test_new_entries_of_every_section_come_in() -> None:
    topology = made(
        "systems: {pos: {kind: pos, holds: {on_hand: mirror}}}\n"
        "events: {pos_sale: {at: [pos]}}\n"
        "quantities: {reserved_by_phone: count}\n"
        "write_paths: [{id: sales, from: pos, to: wms, events: [pos_sale], op: adjust, maps: {on_hand: on_hand}}]\n"
        "controls: {weekly: {kind: gate}}\n"
    )
    assert set(topology.systems) == {"shop", "wms", "hub", "pos"}
    assert set(topology.events) == {"order_captured", "cycle_counted", "pos_sale"}
    assert set(topology.quantities) == {"held", "reserved_by_phone"}
    assert set(topology.write_paths) == {"orders", "stock", "sales"}
    assert set(topology.controls or {}) == {"nightly", "weekly"}
    assert topology.laid_over == ("over1.yaml",)
    assert [source.name for source in topology.sources] == ["base.yaml", "over1.yaml"]


def test_a_fact_that_the_map_leaves_open_is_added_and_stands_in_the_overlay() -> None:
    orders = made(path("orders", "latency: 30s\n    dedupe: {stable_across_retries: true}")).write_paths["orders"]
    assert orders.latency == 30
    assert orders.dedupe is not None
    assert orders.dedupe != "none"
    assert (orders.dedupe.key, orders.dedupe.retention) == (("order_id",), 86_400)
    assert orders.dedupe.stable_across_retries is True
    assert {"latency", "delivery"} <= orders.stated
    added, there = orders.place.at("latency"), orders.place.at("delivery")
    assert (added.file, added.line, added.column, added.end_column) == ("over1.yaml", 3, 5, 17)
    assert (there.file, there.line) == ("base.yaml", 28)
    inner, outer = orders.place.at("dedupe", "stable_across_retries"), orders.place.at("dedupe", "retention")
    assert (inner.file, inner.line) == ("over1.yaml", 4)
    assert (outer.file, outer.line) == ("base.yaml", 29)
    assert orders.place.at().file == "base.yaml"


@pytest.mark.parametrize("at", ["wms", "[wms]", "{wms: {frozen: true}}", "[wms, shop]"])
def test_an_event_happens_at_one_more_place(at: str) -> None:
    event = made(f"events: {{order_captured: {{at: {at}}}}}").events["order_captured"]
    assert [origin.system for origin in event.origins] == ["shop", "wms"]


def test_facts_of_an_origin_are_added_to_it() -> None:
    (origin,) = made("events: {cycle_counted: {at: {wms: {applies: [on_hand]}}}}").events["cycle_counted"].origins
    assert (origin.system, origin.as_of, origin.applies) == ("wms", True, ("on_hand",))


def test_names_of_events_and_quantities_are_added() -> None:
    topology = made(
        "events: {order_cancelled: {at: shop}}\n"
        "systems: {wms: {holds: [allocated]}, shop: {holds: {available: {unit: each}, allocated: mirror}}}\n"
        + path("orders", "events: order_cancelled\n    maps: {allocated: allocated}")
    )
    assert set(topology.systems["wms"].holds) == {"on_hand", "available", "allocated"}
    shop = topology.systems["shop"].holds
    assert (shop["available"].role, shop["available"].unit, shop["allocated"].role) == ("mirror", "each", "mirror")
    assert topology.write_paths["orders"].events == ("order_captured", "order_cancelled")
    assert set(topology.write_paths["orders"].maps or {}) == {"available", "allocated"}


@pytest.mark.parametrize(
    "facts",
    [
        "dedupe: {retention: 1d}",
        "via: hub",
        "events: order_captured",
        "delivery: unknown",
        "delivery:",
        "latency: unknown",
        "maps: {available: available}",
        "dedupe: unknown",
    ],
)
def test_the_same_in_other_words_and_nothing_at_all_are_no_change(facts: str) -> None:
    topology, plain = made(path("orders", facts)), made()
    changed, base = (one.write_paths["orders"]._replace(place=plain.place) for one in (topology, plain))
    assert changed == base


def test_short_forms_grow_into_long_ones() -> None:
    topology = made(
        path("stock", "schedule: {covers: full}"),
        "systems: {shop: {item_key: {may_change: false}, allocates: true}}",
        "systems: {shop: {allocates: {backorders: true}}}",
        "quantities: {held: {notes: by phone}}",
    )
    schedule, key = topology.write_paths["stock"].schedule, topology.systems["shop"].item_key
    assert schedule is not None
    assert (schedule.every, schedule.covers) == (900, "full")
    assert key is not None
    assert (key.field, key.may_change) == ("sku", False)
    assert (topology.systems["shop"].allocates, topology.systems["shop"].backorders) == (True, True)
    assert topology.quantities["held"].meaning == "count"


def test_facts_of_a_relay_are_added_where_it_is_one() -> None:
    (hop,) = made(path("orders", "via: {hub: {latency: 5s}}")).write_paths["orders"].via
    assert (hop.system, hop.latency) == ("hub", 5)
    assert clashes(path("orders", "via: [wms]")) == ["via"]


def test_the_map_itself_may_be_told_more_of() -> None:
    topology = made("name: Another\nsummary: What if\nvolume: {margin: 0.4}\ncomplete: false\nwaivers: []")
    assert (topology.name, topology.summary, topology.complete) == ("Base", None, False)
    assert topology.volume == {"orders_per_month": Fraction(5000), "margin": Fraction(2, 5)}


def test_controls_that_nobody_has_told_of_come_in() -> None:
    base = BASE[: BASE.index("controls:")]
    assert made(base=base).controls is None
    assert made("controls: []", base=base).controls == {}
    assert set(made("controls: {gate: {kind: gate}}", base=base).controls or {}) == {"gate"}


@pytest.mark.parametrize("file", TOPOLOGIES, ids=lambda file: file.stem)
def test_a_map_laid_over_itself_changes_nothing(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    once = check_sources([Source("a.yaml", text)])
    twice = check_sources([Source("a.yaml", text)], [Source("b.yaml", text)])
    assert render_json(twice) == render_json(once).replace('"overlays": []', '"overlays": [\n        "b.yaml"\n      ]')


def test_entries_of_included_files_are_found(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("include: [parts/paths.yaml]\n" + BASE[: BASE.index("write_paths")])
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "paths.yaml").write_text(BASE[BASE.index("write_paths") :])
    over = Source("over.yaml", path("orders", "latency: 30s\n    handoff: outbox"))
    topology, problems = load(tmp_path / "base.yaml", overlays=[over])
    assert problems == []
    assert topology is not None
    orders = topology.write_paths["orders"]
    assert (orders.latency, orders.handoff, orders.delivery) == (30, "outbox", "at_least_once")
    assert orders.place.at("delivery").file.endswith("parts/paths.yaml")
    assert orders.place.at("delivery").line == 10
    assert orders.place.at("handoff").file == "over.yaml"


def test_a_node_that_aliases_share_is_not_changed_for_the_others() -> None:
    base = BASE.replace(
        "maps: {available: available}\n    delivery", "maps: &same {available: available}\n    delivery"
    )
    base = base.replace("op: set\n    maps: {available: available}", "op: set\n    maps: *same")
    topology = made(path("orders", "maps: {on_hand: on_hand}"), base=base)
    assert set(topology.write_paths["orders"].maps or {}) == {"available", "on_hand"}
    assert set(topology.write_paths["stock"].maps or {}) == {"available"}


# ── several overlays ──────────────────────────────────────────────────────────────────────────────

NEW = "write_paths: [{id: late, from: shop, to: wms, op: adjust, latency: 1m}]"


def test_a_later_overlay_adds_to_what_an_earlier_one_brought() -> None:
    late = made(NEW, path("late", "delivery: at_least_once")).write_paths["late"]
    assert (late.latency, late.delivery) == (60, "at_least_once")
    assert made(path("late", "delivery: at_least_once"), NEW).write_paths["late"]._replace(place=late.place) == late


def test_two_overlays_clash_like_an_overlay_and_the_map() -> None:
    topology, problems = laid(NEW, path("late", "latency: 2m"))
    assert topology is None
    (problem,) = problems
    assert problem.slug == "duplicate-id"
    assert problem.message == ("`latency` of write path `late` is stated otherwise in over1.yaml:1")
    assert (problem.location.file, problem.location.line, problem.location.column) == ("over2.yaml", 3, 14)
    assert "`replace: true`" in (problem.mend or "")
    assert problem.other is not None
    assert (problem.other.file, problem.other.line) == ("over1.yaml", 1)


# ── clashes ───────────────────────────────────────────────────────────────────────────────────────


def clashes(*overlays: str) -> list[str]:
    _, problems = laid(*overlays)
    assert all(problem.slug == "duplicate-id" and problem.other is not None for problem in problems)
    return [problem.message.split("`")[1] for problem in problems]


@pytest.mark.parametrize(
    "overlay, fact",
    [
        (path("orders", "delivery: exactly_once_effect"), "delivery"),
        (path("orders", "dedupe: none"), "dedupe"),
        (path("orders", "dedupe: {retention: 25h}"), "dedupe.retention"),
        (path("orders", "dedupe: {key: [order_id, line]}"), "dedupe.key"),
        (path("orders", "maps: {available: on_hand}"), "maps.available"),
        (path("orders", "maps: {available: null}"), "maps.available"),
        (path("orders", "from: wms"), "from"),
        (path("stock", "schedule: 5m"), "schedule"),
        (path("stock", "schedule: {every: 5m}"), "schedule.every"),
        ("systems: {wms: {kind: erp}}", "kind"),
        ("systems: {shop: {holds: {available: authoritative}}}", "holds.available"),
        ("events: {cycle_counted: {at: {wms: {as_of: false}}}}", "at.wms.as_of"),
        ("quantities: {held: money}", "meaning"),
        ("controls: [{id: nightly, compare: {mirror: wms.on_hand}}]", "compare.mirror"),
        ("volume: {orders_per_month: 6000}", "volume.orders_per_month"),
    ],
)
def test_a_fact_that_is_stated_in_two_ways_is_a_clash_with_both_places(overlay: str, fact: str) -> None:
    assert clashes(overlay) == [fact]
    _, (problem,) = laid(overlay)
    assert problem.location.file == "over1.yaml"
    assert problem.other is not None
    assert problem.other.file == "base.yaml"
    assert f"base.yaml:{problem.other.line}" in problem.message


def test_all_clashes_are_told_in_one_run() -> None:
    assert clashes(path("orders", "delivery: at_most_once\n    dedupe: none"), path("stock", "op: cas")) == [
        "delivery",
        "dedupe",
        "op",
    ]


# ── replacing and removing ────────────────────────────────────────────────────────────────────────


def test_what_replaces_wins_and_the_other_facts_stay() -> None:
    facts = (
        "replace: true\n    delivery: unknown\n    via: [wms]\n"
        "    dedupe: {retention: forever}\n    events: [cycle_counted]"
    )
    orders = made(path("orders", facts)).write_paths["orders"]
    assert orders.delivery is None
    assert [hop.system for hop in orders.via] == ["wms"]
    assert orders.events == ("cycle_counted",)
    assert orders.dedupe is not None
    assert orders.dedupe != "none"
    assert (orders.dedupe.key, orders.dedupe.retention) == (("order_id",), "forever")
    assert orders.trigger == "webhook"


def test_a_place_where_an_event_happens_is_replaced() -> None:
    topology = made("events: {order_captured: {replace: true, at: wms}}")
    assert [origin.system for origin in topology.events["order_captured"].origins] == ["wms"]


def test_a_whole_overlay_may_replace() -> None:
    topology = made(
        "replace: true\nvolume: {orders_per_month: 6000}\n" + path("orders", "delivery: at_most_once") + NEW[:0]
    )
    assert topology.volume["orders_per_month"] == 6000
    assert topology.write_paths["orders"].delivery == "at_most_once"


def test_entries_are_removed_from_lists_and_mappings() -> None:
    topology = made(
        "systems: {hub: {remove: true}}\nwrite_paths: [{id: orders, remove: true}, {id: stock, remove: true}]\n"
        "controls: [{id: nightly, remove: true}]\nquantities: {held: {remove: true}}\n"
        "events: {cycle_counted: {remove: true}}"
    )
    assert set(topology.systems) == {"shop", "wms"}
    assert topology.write_paths == {}
    assert topology.controls == {}
    assert topology.quantities == {}
    assert set(topology.events) == {"order_captured"}


def test_facts_are_removed_and_then_stated_anew() -> None:
    topology = made(
        path(
            "orders",
            "remove: [dedupe, events.order_captured, maps.available]\n    dedupe: none\n    maps: {on_hand: on_hand}",
        ),
        "systems: {wms: {remove: holds.on_hand}}",
        path("orders", "remove: [maps]"),
        "events: {cycle_counted: {remove: at.wms.as_of}}",
    )
    orders = topology.write_paths["orders"]
    assert (orders.dedupe, orders.events, orders.maps) == ("none", (), None)
    assert set(topology.systems["wms"].holds) == {"available"}
    assert topology.events["cycle_counted"].origins[0].as_of is None


# ── bad overlays ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "overlay, slug, line, part",
    [
        ("write_paths: [", "syntax", 1, ""),
        ("", "syntax", 1, "is empty"),
        ("- a\n- b\n", "wrong-type", 1, "An overlay is a mapping"),
        ("hello", "wrong-type", 1, "An overlay is a mapping"),
        ("include: [other.yaml]", "unknown-key", 1, "An overlay includes nothing"),
        ("sistems: {}", "unknown-key", 1, "`sistems` is not a key of a topology file"),
        ("systems: {wms: {knd: wms}}", "unknown-key", 1, "`knd` is not a key of a system"),
        ("systems: {wms: none}", "wrong-type", 1, "must be a mapping"),
        ("systems: [{kind: wms}]", "missing-key", 1, "System has no `id`"),
        ("systems: {new: {owner: me}}", "missing-key", 1, "System `new` has no `kind`"),
        (path("ordrs", "latency: 30s"), "missing-key", 2, "Write path `ordrs` has no"),
        (path("orders", "latency: soon"), "wrong-type", 3, "`latency` must be a duration"),
        (path("orders", "guard: sometimes"), "unknown-word", 3, "is not a word of `guard`"),
        (path("orders", "via: [hub, nowhere]\n    replace: true"), "dangling-reference", 3, "`nowhere` in `via`"),
        ("events: {order_captured: {at: [market]}}", "dangling-reference", 1, "`market` in `at`"),
        (path("orders", "maps: {damaged: damaged}"), "dangling-reference", 3, "holds no `damaged`"),
        (path("orders", "replace: yes"), "wrong-type", 3, "`replace` must be true or false"),
        (path("orders", "remove: [[dedupe]]"), "wrong-type", 3, "`remove` lists facts"),
        (path("orders", "remove: [id]"), "wrong-type", 3, "`remove` lists facts"),
        (
            path("orders", "remove: [latency]"),
            "dangling-reference",
            3,
            "`latency` of write path `orders` is not stated",
        ),
        (path("orders", "remove: [via.nowhere]"), "dangling-reference", 3, "is not stated"),
        (path("orders", "remove: true\n    latency: 1s"), "wrong-type", 3, "takes the whole entry out"),
        (path("ordrs", "remove: true"), "dangling-reference", 2, "`ordrs` is not a write path of this map"),
        ("events: {pos_sale: {remove: true}}", "dangling-reference", 1, "`pos_sale` is not an event of this map"),
        ("controls: [{id: a, kind: gate}, {id: a, kind: gate}]", "duplicate-id", 1, "Control `a` is there twice"),
    ],
)
def test_what_is_wrong_with_an_overlay_is_told_where_it_is(overlay: str, slug: str, line: int, part: str) -> None:
    topology, problems = laid(overlay)
    assert topology is None
    found = [(problem.slug, problem.location.file, problem.location.line) for problem in problems]
    assert (slug, "over1.yaml", line) in found
    assert any(part in problem.message for problem in problems)


def test_a_name_that_is_nearly_there_is_suggested() -> None:
    _, problems = laid(path("ordres", "replace: true"))
    assert [problem.suggestion for problem in problems if problem.slug == "dangling-reference"] == ["orders"]


def test_what_still_names_a_removed_entry_is_told_in_the_map() -> None:
    _, problems = laid("systems: {hub: {remove: true}}")
    (problem,) = problems
    assert (problem.slug, problem.location.file, problem.location.line) == ("dangling-reference", "base.yaml", 22)


def test_words_of_overlays_are_no_keys_of_a_map() -> None:
    _, problems = load(Source("base.yaml", BASE.replace("op: set", "op: set\n    replace: true")))
    assert [(problem.slug, problem.location.line) for problem in problems] == [("unknown-key", 35)]


def test_a_broken_map_and_a_broken_overlay_are_told_together() -> None:
    topology, problems = laid("write_paths: {", base=BASE.replace("op: adjust", "op: ajust"))
    assert topology is None
    assert [(problem.slug, problem.location.file) for problem in problems] == [
        ("unknown-word", "base.yaml"),
        ("syntax", "over1.yaml"),
    ]


def test_a_formula_that_names_too_much_is_pointed_at_in_its_own_file() -> None:
    overlay = "systems:\n  wms:\n    holds:\n      allocated: {role: derived, derived_from: on_hand - nothing}\n"
    _, problems = laid(overlay)
    (problem,) = problems
    assert (problem.location.file, problem.location.line) == ("over1.yaml", 4)
    assert overlay.splitlines()[3][problem.location.column - 1 :].startswith("nothing")


def test_a_cell_of_an_overlay_is_like_any_other() -> None:
    topology = made("controls: [{id: second, kind: gate, at: fulfilment, reads: wms.on_hand}]")
    assert (topology.controls or {})["second"].reads == Cell("wms", "on_hand")


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_whatever_an_overlay_looks_like_it_is_told_about_in_a_file_that_is_there(first: int) -> None:
    """Damaged and twisted maps laid over sound ones: problems with places, or a difference, and never a crash."""
    for seed in range(first, first + 20):
        over = (b"replace: true\n" if seed % 2 else b"") + mutated(seed)
        base = Source("base.yaml", TOPOLOGIES[seed % len(TOPOLOGIES)].read_text(encoding="utf-8"))
        report = check_sources([base], [Source.from_bytes("over.yaml", over)])
        assert render_json(report)
        for _, findings in report.invalid:
            assert findings
            assert {finding.location.file for finding in findings} <= {"base.yaml", "over.yaml"}
