"""Whether a system hears of events in the order in which they happened, path by path."""

from __future__ import annotations

from typing import Any

import pytest

from handoffmap.premises.graph import WritePathGraph
from handoffmap.premises.hearing import hears_before, hears_in_order
from tests.agreement.compare import read
from tests.semantics.small_maps import ERP, SHOP, WMS, delta, topology

TWO = ("order_captured", "order_cancelled")


def graph(*paths: dict[str, Any], at: str = "shop") -> WritePathGraph:
    """Two events of a shop, an undo among them, that come to a warehouse by way of the hub and the ledger."""
    events = {TWO[0]: {"at": [at]}, TWO[1]: {"at": [at]}}
    systems = {"shop": SHOP, "erp": ERP, "hub": SHOP, "wms": WMS}
    return WritePathGraph(read(topology(systems, events, list(paths))))


IN = delta("in", "shop", "hub", *TWO, order="total")
AGAIN = delta("again", "shop", "hub", *TWO, order="total")
OUT = delta("out", "hub", "wms", *TWO, order="total")
BACK = delta("back", "wms", "hub", *TWO, order="total")
SELF = delta("self", "hub", "hub", *TWO, order="total")
LOCAL = {"fires_for": ["local"]}
BY_IN = {"fires_for": ["in"]}

LINES = [
    ("it happens there", [OUT], "hub", ()),
    ("one way in that keeps order", [IN, OUT], "shop", ()),
    ("one way in that keeps none", [{**IN, "order": "none"}, OUT], "shop", None),
    ("one way in of unsaid order", [{key: IN[key] for key in IN if key != "order"}, OUT], "shop", "asks"),
    ("one way in, in the same step", [{**IN, "order": "none", "handoff": "same_transaction"}, OUT], "shop", ()),
    ("two ways in", [IN, AGAIN, OUT], "shop", None),
    ("two ways in and one of them sets it off", [IN, AGAIN, {**OUT, **BY_IN}], "shop", ()),
    ("two ways in and what happens there alone sets it off", [IN, AGAIN, {**OUT, **LOCAL}], "shop", ()),
    ("it happens there and comes in", [IN, OUT], "hub", None),
    ("it happens there and only what comes in sets it off", [IN, {**OUT, **BY_IN}], "hub", ()),
    (
        "it happens there, and what happens there sets it off too",
        [IN, {**OUT, "fires_for": ["local", "in"]}],
        "hub",
        None,
    ),
    ("what comes back from the target", [IN, BACK, OUT], "shop", None),
    ("what comes back from the target is tagged", [IN, BACK, {**OUT, "origin_tag": True}], "shop", ()),
    ("a tag and two ways from elsewhere", [IN, AGAIN, {**OUT, "origin_tag": True}], "shop", None),
    ("its own messages", [IN, {**SELF, "id": "out"}], "shop", ()),
]


@pytest.mark.parametrize(("paths", "at", "heard"), [line[1:] for line in LINES], ids=[line[0] for line in LINES])
def test_whether_a_source_hears_in_order(paths: list[dict[str, Any]], at: str, heard: Any) -> None:
    found = graph(*paths, at=at)
    said = hears_in_order(found.topology.write_paths["out"], found)
    assert bool(said) if heard == "asks" else said == heard


@pytest.mark.parametrize(("paths", "at", "heard"), [line[1:] for line in LINES], ids=[line[0] for line in LINES])
def test_whether_one_event_comes_before_another(paths: list[dict[str, Any]], at: str, heard: Any) -> None:
    found = graph(*paths, at=at)
    said = hears_before(found.topology.write_paths["out"], found, *TWO)
    assert bool(said) if heard == "asks" else said == heard


def test_that_what_is_heard_of_in_a_circle_is_in_no_order() -> None:
    paths = [
        delta("in", "shop", "hub", *TWO, order="total"),
        delta("on", "hub", "erp", *TWO, order="total"),
        delta("back", "erp", "hub", *TWO, order="total", fires_for=["on"]),
        delta("out", "hub", "wms", *TWO, order="total", fires_for=["back"]),
    ]
    paths[1]["fires_for"] = ["back"]
    found = graph(*paths)
    out = found.topology.write_paths["out"]
    assert hears_in_order(out, found) is None
    assert hears_before(out, found, *TWO) is None


def test_that_a_guard_keeps_no_order_of_amounts_that_are_on_their_way() -> None:
    unsaid = {key: value for key, value in IN.items() if key not in {"order", "guard"}}
    last = {key: value for key, value in OUT.items() if key not in {"order", "guard"}}
    asked = graph(IN, last)
    assert {ask.fact for ask in hears_before(asked.topology.write_paths["out"], asked, *TWO) or ()} == {
        "order",
        "guard",
    }
    above = graph(unsaid, OUT)
    assert {ask.fact for ask in hears_before(above.topology.write_paths["out"], above, *TWO) or ()} == {"order"}


@pytest.mark.parametrize(("later_by", "before"), [("in", ()), ("again", None)])
def test_that_both_events_have_to_come_by_one_way(later_by: str, before: Any) -> None:
    first = {**IN, "events": [TWO[0]] if later_by == "again" else list(TWO)}
    found = graph(first, {**AGAIN, "events": [TWO[1]], "to": "hub" if later_by == "again" else "erp"}, OUT)
    assert hears_before(found.topology.write_paths["out"], found, *TWO) == before


@pytest.mark.parametrize(("also_at_the_hub", "before"), [(TWO[0], ()), (TWO[1], None)])
def test_that_only_the_later_event_may_come_between(also_at_the_hub: str, before: Any) -> None:
    events = {name: {"at": ["shop", "hub"] if name == also_at_the_hub else ["shop"]} for name in TWO}
    systems = {"shop": SHOP, "hub": SHOP, "wms": WMS}
    found = WritePathGraph(read(topology(systems, events, [IN, OUT])))
    assert hears_before(found.topology.write_paths["out"], found, *TWO) == before


def test_that_what_overtakes_on_the_last_way_is_in_no_order() -> None:
    found = graph(IN, {**OUT, "order": "none"})
    assert hears_before(found.topology.write_paths["out"], found, *TWO) is None
