"""Which changes of its source a path of values sends on, one fact of the path or of its source changed at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.premises.firing import comes_back, fires_on_every_change, sends_each
from handoffmap.premises.survey import Survey
from handoffmap.reading.load import load
from handoffmap.text.source import Source
from tests.semantics.small_maps import correction, delta, nightly, state, system, topology

if TYPE_CHECKING:
    from handoffmap.premises.cells import Feed

Facts = dict[str, Any]

EACH: Facts = {"events": ["pos_sale", "po_received"]}
SOME: Facts = {"events": ["pos_sale"]}
OTHER: Facts = {"events": ["return_authorized"]}
CHANGED: Facts = {"schedule": {"every": "1h", "covers": "changed_only"}}
UNSAID: Facts = {"schedule": {"every": "1h"}}
FED = state("in", "shop", "wms")
BOOKED = delta("in", "shop", "wms", "pos_sale")
UNCLEAR = {**{key: value for key, value in FED.items() if key != "maps"}}
REWRITTEN = delta("again", "shop", "wms", "pos_sale", payload="state", op="set", base="target")


def feed(kind: str, facts: Facts, **more: Any) -> Feed:
    """A path of the WMS's count to the ERP; sales and receipts are booked at the WMS."""
    made = {"push": state, "run": nightly}[kind]
    holdings = ("available", "on_hand", "allocated")
    wms, erp = system("wms", "authoritative", *holdings), system("erp", "mirror", *holdings)
    shop = system("pos", "mirror", "available")
    if more.get("derived"):
        wms["holds"]["available"] = {"role": "derived", "derived_from": "on_hand - allocated", "unit": "each"}
    names = more.get("happens", ("pos_sale", "po_received"))
    events = {name: {"at": ["wms"]} for name in names}
    events["return_authorized"] = {"at": ["wms"]}
    for name in more.get("at_shop", ()):
        events[name] = {"at": ["shop"]}
    found = topology(
        {"wms": wms, "erp": erp, "shop": shop},
        events,
        [made("out", "wms", "erp", **facts), *more.get("paths", ())],
        more.get("controls"),
    )
    read, problems = load(Source("map.yaml", json.dumps(found)))
    assert read is not None, [problem.message for problem in problems]
    survey = Survey(read)
    case = survey.case(next(cell for cell in survey.graph.cells if str(cell) == "erp.available"))
    return next(each for each in case.all_feeds if each.path.id == "out")


@pytest.mark.parametrize(
    ("kind", "facts", "more", "fires"),
    [
        ("push", {}, {}, True),
        ("push", EACH, {}, True),
        ("push", SOME, {}, False),
        ("push", {"trigger": None}, {}, False),
        ("push", EACH, {"paths": [FED]}, False),  # what comes as a value is no event
        ("push", EACH, {"paths": [UNCLEAR]}, False),
        ("push", EACH, {"controls": [correction("erp.available", "wms.available")]}, False),
        ("push", EACH, {"paths": [REWRITTEN]}, False),
        ("push", EACH, {"derived": True}, False),
        ("push", EACH, {"paths": [BOOKED]}, True),
        ("push", {"base": "event", **EACH}, {}, False),  # it states the number of its event
        ("push", {"only": ["b2b"]}, {}, False),
        ("push", {"except": ["b2b"]}, {}, False),
        ("push", {"fires_for": ["local"]}, {}, True),
        ("push", {"fires_for": ["local"]}, {"paths": [BOOKED], "at_shop": ["pos_sale"]}, False),
        ("push", {"fires_for": ["in"]}, {"paths": [BOOKED], "at_shop": ["pos_sale"]}, False),
        ("push", {"fires_for": ["in"]}, {"paths": [BOOKED], "at_shop": ["pos_sale"], "happens": ()}, True),
        ("run", {}, {}, True),
        ("run", CHANGED, {}, True),
        ("run", {**CHANGED, **SOME}, {}, False),
        ("run", {**CHANGED, **EACH}, {}, True),
        ("run", SOME, {}, True),
        ("run", {"only": ["b2b"]}, {}, True),  # a full run asks for no class
        ("run", {**CHANGED, "only": ["b2b"]}, {}, False),
    ],
    ids=str,
)
def test_whether_something_is_sent_after_each_change(kind: str, facts: Facts, more: Facts, fires: bool) -> None:
    assert fires_on_every_change(feed(kind, facts, **more)) is fires


@pytest.mark.parametrize(
    ("facts", "each"),
    [
        ({}, True),
        ({"trigger": None}, False),
        (EACH, False),
        ({"only": ["b2b"]}, False),
        ({"except": ["b2b"]}, False),
        ({"fires_for": ["local"]}, False),
    ],
    ids=str,
)
def test_whether_nothing_keeps_a_change_back(facts: Facts, each: bool) -> None:
    assert bool(sends_each(feed("push", facts).path)) is each


@pytest.mark.parametrize(
    ("kind", "facts", "follows", "again"),
    [
        ("push", {}, True, False),
        ("push", EACH, True, False),
        ("push", SOME, False, False),
        ("push", OTHER, False, True),  # set off by what moves nothing, it says what it has said before
        ("push", {"events": ["return_authorized", "pos_sale"]}, False, False),
        ("push", {"only": ["b2b"]}, False, False),
        ("push", {"except": ["b2b"]}, False, False),
        ("push", {"fires_for": ["local"]}, False, False),
        ("run", {}, True, False),
        ("run", SOME, True, False),
        ("run", {"only": ["b2b"]}, True, False),
        ("run", {**CHANGED, **SOME}, False, False),
        ("run", {**CHANGED, **OTHER}, False, False),
        ("run", {**CHANGED, "only": ["b2b"]}, False, False),
    ],
    ids=str,
)
def test_whether_a_value_follows_each_change_sooner_or_later(
    kind: str, facts: Facts, follows: bool, again: bool
) -> None:
    found = feed(kind, facts)
    assert (bool(found.follows_each_change), bool(found.says_again)) == (follows, again)


@pytest.mark.parametrize(
    ("happens", "back"),
    [
        (("po_received",), False),
        (("pos_sale",), False),
        (("order_captured", "pos_sale"), False),
        (("pos_sale", "po_received"), True),
        (("inventory_adjusted",), True),
        (("cycle_counted",), True),
        (("shipment_confirmed",), False),
    ],
    ids=str,
)
def test_whether_a_number_is_shown_twice(happens: tuple[str, ...], back: bool) -> None:
    assert comes_back(feed("push", {}, happens=happens)) is back


@pytest.mark.parametrize(
    ("kind", "facts", "whole"),
    [
        ("push", {}, False),
        ("run", {}, True),
        ("run", CHANGED, False),
        ("run", UNSAID, None),
        ("run", {"only_if_changed": True}, False),
        ("run", {"only_if_changed": None}, None),
        ("run", {**CHANGED, "only_if_changed": None}, False),
        ("run", {**UNSAID, "only_if_changed": True}, False),
        ("run", {"dedupe": {"key": ["version"], "retention": "forever", "stable_across_retries": True}}, True),
        ("run", {"dedupe": {"key": ["value"], "retention": "forever", "stable_across_retries": True}}, False),
        ("run", {"dedupe": {"key": ["number"], "retention": "forever", "stable_across_retries": True}}, None),
    ],
    ids=str,
)
def test_whether_each_run_sends_everything(kind: str, facts: Facts, whole: bool | None) -> None:
    assert feed(kind, facts).handoff.sends_whole_values is whole
