"""What single facts of a path say of what it carries and of how it writes, one fact changed at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handoffmap.model import Cell, FieldMapping
from handoffmap.premises.graph import (
    WritePathGraph,
    asks_first,
    compares,
    confused,
    cycles,
    flow_of,
    keeps_own_count,
    one_step,
    refused_for,
)
from handoffmap.reading.load import load
from handoffmap.text.source import Source
from tests.semantics.small_maps import delta, state, system, topology
from tests.unit.test_ledger import path

A_VALUE: dict[str, Any] = {"payload": "state", "op": "set", "events": None}
KEPT: dict[str, Any] = {"payload": "state", "op": "set", "base": "cached", "events": None, "trigger": "manual"}
GATE: dict[str, Any] = {"trigger": "sync_call", "op": "reserve"}


@pytest.mark.parametrize(
    ("facts", "flow"),
    [
        ({}, "delta"),
        (A_VALUE, "state"),
        ({"payload": None, "op": None}, None),
        ({**A_VALUE, "base": "event"}, "number"),
        ({**A_VALUE, "base": "target"}, "delta"),
        (KEPT, "kept"),
        ({**KEPT, "trigger": "schedule"}, "kept"),
        ({**KEPT, "trigger": "poll"}, "kept"),
        ({**KEPT, "trigger": "queue"}, "delta"),
        ({**KEPT, "trigger": None}, "delta"),
        ({**KEPT, "events": ("po_received",)}, "delta"),  # each event's own amount is applied to the number kept
        ({**KEPT, "op": "adjust"}, "delta"),
        ({**KEPT, "base": "target"}, "delta"),
    ],
    ids=str,
)
def test_what_a_path_carries(facts: dict[str, Any], flow: str | None) -> None:
    assert flow_of(path(**facts)) == flow


@pytest.mark.parametrize(
    ("facts", "together"),
    [
        ({}, False),
        ({"handoff": "same_transaction"}, True),
        ({"handoff": "same_transaction", "trigger": "schedule"}, False),
        ({"atomic_with": ("q",)}, True),
        ({"atomic_with": ("q",), "trigger": "poll"}, False),
        (GATE, True),
        ({**GATE, "op": "cas"}, True),
        ({**GATE, "op": "adjust"}, False),
        ({**GATE, "trigger": "queue"}, False),
    ],
    ids=str,
)
def test_whether_both_ends_change_together(facts: dict[str, Any], together: bool) -> None:
    assert one_step(path(**facts)) is together


@pytest.mark.parametrize(
    ("fields", "on_unmapped", "refused"),
    [
        ({}, "error", False),
        ({"x": FieldMapping(dropped=True, key=True)}, None, True),
        ({"x": FieldMapping(dropped=True)}, None, False),
        ({"x": FieldMapping(key=True)}, None, False),
        ({"x": FieldMapping(dropped=True)}, "error", True),
        ({"x": FieldMapping(dropped=True)}, "quarantine", True),
        ({"x": FieldMapping(dropped=True)}, "drop", False),
        ({"x": FieldMapping(to="y", key=True)}, "error", False),
        ({"x": None}, "error", False),
    ],
    ids=str,
)
def test_whether_a_write_is_refused_for_a_field(fields: dict[str, Any], on_unmapped: Any, refused: bool) -> None:
    assert (refused_for(path(fields=fields, on_unmapped=on_unmapped)) == "x") is refused


@pytest.mark.parametrize(
    ("facts", "against"),
    [
        ({}, False),
        (A_VALUE, False),
        ({"op": None}, False),
        ({"op": "set"}, True),
        ({"op": "cas"}, True),
        ({**A_VALUE, "op": "adjust"}, True),
        ({**A_VALUE, "op": "reserve"}, True),
        ({"op": "set", "base": "target"}, False),
        ({**A_VALUE, "op": "adjust", "base": "target"}, False),
        ({**A_VALUE, "op": "adjust", "base": "cached"}, False),
        ({"op": "set", "base": "event"}, False),
    ],
    ids=str,
)
def test_whether_payload_and_op_contradict_each_other(facts: dict[str, Any], against: bool) -> None:
    assert confused(path(**facts)) is against


@pytest.mark.parametrize(
    ("facts", "compared", "own"),
    [
        ({}, False, False),
        ({"op": "cas"}, True, False),
        ({"op": "cas", "guard": "cas_opted_out"}, False, False),
        ({"op": "set", "guard": "cas"}, True, False),
        ({"op": "adjust", "guard": "cas"}, False, False),
        ({"op": "set", "guard": "version"}, False, False),
        ({"op": "set", "base": "cached"}, False, True),
        ({"op": "set", "base": "target"}, False, False),
        ({"op": "set", "base": "cached", "guard": "cas"}, True, False),
    ],
    ids=str,
)
def test_whether_a_write_is_compared_first_and_goes_on_from_the_last_one(
    facts: dict[str, Any], compared: bool, own: bool
) -> None:
    assert compares(path(**facts)) is compared
    assert keeps_own_count(path(**facts)) is own


@pytest.mark.parametrize(
    ("facts", "gate"),
    [
        (GATE, True),
        ({**GATE, "op": "cas"}, True),
        ({**GATE, "op": "adjust"}, False),
        ({**GATE, "trigger": "queue"}, False),
        ({**GATE, "events": None}, True),
        ({**GATE, "events": ("order_captured",)}, False),
    ],
    ids=str,
)
def test_whether_an_event_waits_for_a_path_to_answer(facts: dict[str, Any], gate: bool) -> None:
    assert asks_first(path(**facts), "po_received") is gate


ONE_WAY: list[tuple[dict[str, Any], list[str], bool]] = [
    ({"available": "available"}, ["po_received"], True),
    ({"available": "available"}, ["order_captured"], True),
    ({"available": "available"}, ["po_received", "order_captured"], False),
    ({"available": "available"}, ["po_received", "shipment_confirmed"], True),  # which does not move it
    ({"available": "available"}, ["inventory_adjusted"], False),
    ({"available": "available"}, ["cycle_counted"], False),
    ({"available": {"to": "available", "minus": ["allocated"]}}, ["po_received"], False),
    ({"available": {"to": "available", "plus": ["allocated"]}}, ["po_received"], False),
    ({"promisable": "available"}, ["po_received", "order_captured"], False),
    ({"promisable": "available"}, ["order_captured"], True),
    ({"promisable": "available"}, ["shipment_confirmed"], False),  # both terms of the formula are moved
    ({"promisable": "available", "on_hand": "on_hand"}, ["po_received"], True),
]


@pytest.mark.parametrize(("maps", "events", "one_way"), ONE_WAY, ids=str)
def test_whether_what_a_path_reads_moves_one_way(maps: dict[str, Any], events: list[str], one_way: bool) -> None:
    wms = system("wms", "authoritative", "available", "allocated", "on_hand")
    wms["holds"]["promisable"] = {"role": "derived", "derived_from": "on_hand - allocated", "unit": "each"}
    found = topology(
        {"wms": wms, "erp": system("erp", "mirror", "available", "on_hand")},
        {event: {"at": ["wms"]} for event in events},
        [state("p", "wms", "erp", maps=maps)],
        quantities={"promisable": {"meaning": "count"}},
    )
    read, problems = load(Source("map.yaml", json.dumps(found)))
    assert read is not None, [problem.message for problem in problems]
    assert WritePathGraph(read).moves_one_way(read.write_paths["p"]) is one_way


@pytest.mark.parametrize(
    ("maps", "names"),
    [
        ({"available": "available"}, set()),
        ({"on_hand": "available"}, {"available"}),
        ({"on_hand": None}, set()),
        ({"on_hand": "available", "available": "available"}, {"available"}),
    ],
    ids=str,
)
def test_under_which_names_other_amounts_come(maps: dict[str, Any], names: set[str]) -> None:
    held = system("wms", "authoritative", "available", "on_hand")
    found = topology(
        {"wms": held, "erp": held},
        {"po_received": {"at": ["wms"]}},
        [delta("p", "wms", "erp", "po_received", maps=maps)],
    )
    read, problems = load(Source("map.yaml", json.dumps(found)))
    assert read is not None, [problem.message for problem in problems]
    assert WritePathGraph(read).taken_names == names


A, B, C, D = (Cell(name, "available") for name in "abcd")


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        ({}, []),
        ({A: [B], B: [C]}, []),
        ({A: [B], B: [A]}, [[A, B]]),
        ({A: [A]}, [[A]]),
        ({A: [B], B: [C], C: [B], D: [A]}, [[B, C]]),
        ({A: [B], B: [A], C: [D], D: [C]}, [[A, B], [C, D]]),
        ({A: [B, B], B: []}, []),
    ],
    ids=str,
)
def test_which_cells_go_round(edges: dict[Cell, list[Cell]], found: list[list[Cell]]) -> None:
    assert cycles(edges) == found
