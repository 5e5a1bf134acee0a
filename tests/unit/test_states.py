"""Whose state refuses a message, and which events bring it into that state: for certain, perhaps, or never."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handoffmap.premises.graph import WritePathGraph
from handoffmap.premises.states import refusals_of
from handoffmap.reading.load import load
from handoffmap.text.source import Source
from tests.semantics.small_maps import delta, state, system, topology

Facts = dict[str, Any]
OPEN = {"accepts_when": {"stage": "open"}}
TOLD = delta("told", "desk", "wms", "order_closed", maps={"stage": "stage"})
TOLD_FIRST = delta("first", "front", "desk", "order_closed", maps={"stage": "stage"})
SHOWN = state("shown", "desk", "wms", maps={"stage": "stage"})


def refusals(facts: Facts, *paths: Facts, at: Any = ("wms",), of_system: Facts | None = None) -> list[tuple[Any, ...]]:
    """(key, flag, certain, possible) for a path of receipts into the WMS, which knows the stage of an order."""
    wms = system("wms", "authoritative", "available", **(of_system or {}))
    wms["holds"]["stage"] = {"role": "authoritative"}
    desk = system("application", "mirror", "stage")
    desk["holds"]["stage"] = {"role": "mirror"}
    events: Facts = {
        "po_received": {"at": ["erp"]},
        "order_closed": {"at": list(at) if isinstance(at, tuple) else at, "effects": {"stage": {"set": "closed"}}},
        "order_opened": {"at": ["wms"], "effects": {"stage": {"set": "open"}}},
        "order_raised": {"at": ["wms"], "effects": {"stage": 1}},
    }
    receipts = delta("p", "erp", "wms", "po_received", **facts)
    found = topology(
        {"wms": wms, "erp": system("erp"), "desk": desk, "front": system("storefront")},
        events,
        [receipts, *paths],
        quantities={"stage": {"meaning": "flag"}},
    )
    read, problems = load(Source("map.yaml", json.dumps(found)))
    assert read is not None, [problem.message for problem in problems]
    return [
        (each.key, each.flag, each.certain, each.possible)
        for each in refusals_of(read.write_paths["p"], WritePathGraph(read))
    ]


CLOSED = ("order_closed",)


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({}, None),
        (OPEN, "accepts_when"),
        ({"accepts_when": {"stage": ["open", "closed"]}}, None),
        ({"refused_when": {"stage": "closed"}}, "refused_when"),
        ({"refused_when": {"stage": "lost"}}, None),
        ({"refused_when": {"stage": []}}, None),
    ],
    ids=str,
)
def test_which_words_refuse(facts: Facts, key: str | None) -> None:
    assert refusals(facts) == ([(key, "stage", CLOSED, ())] if key else [])
    assert refusals({}, of_system=facts) == ([(key, "stage", CLOSED, ())] if key else [])


@pytest.mark.parametrize(
    ("at", "paths", "comes"),
    [
        (("wms",), (), "surely"),
        ({"wms": {"applies": []}}, (), "never"),
        ({"wms": {"applies": ["stage"]}}, (), "surely"),
        (("desk",), (), "never"),
        (("desk",), (TOLD,), "surely"),
        (("desk",), ({**TOLD, "events": ["order_opened"]},), "never"),
        (("desk",), ({**TOLD, "fires_for": ["local"]},), "perhaps"),
        (("desk",), ({key: value for key, value in TOLD.items() if key != "events"},), "perhaps"),
        (("desk",), ({key: value for key, value in TOLD.items() if key not in {"op", "payload"}},), "perhaps"),
        (("desk",), ({key: value for key, value in TOLD.items() if key != "maps"},), "perhaps"),
        (("desk",), (SHOWN,), "surely"),
        (("front",), (SHOWN,), "never"),
        (("front",), (TOLD,), "never"),
        (("front",), (TOLD, TOLD_FIRST), "surely"),
        (("front",), (TOLD, {**TOLD_FIRST, "events": ["order_opened"]}), "never"),
        (("front",), (SHOWN, TOLD_FIRST), "surely"),
        (("front",), (TOLD, delta("back", "wms", "desk", "order_closed", maps={"stage": "stage"})), "never"),
    ],
    ids=str,
)
def test_whether_an_event_brings_the_target_there(at: Any, paths: tuple[Facts, ...], comes: str) -> None:
    wanted = {"surely": [(CLOSED, ())], "perhaps": [((), CLOSED)], "never": []}[comes]
    assert [each[2:] for each in refusals(OPEN, *paths, at=at)] == wanted
