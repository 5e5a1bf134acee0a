"""What makes a count right again that a lost message has spoilt, and what does not: one fact changed at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.agreement.compare import compare
from tests.semantics.small_maps import Judged, correction, nightly, state, system, topology

if TYPE_CHECKING:
    from tests.semantics.small_maps import Facts

HEALED, LASTING, OPEN = "drifts transient", "drifts permanent", "drifts"
CHANGED: Facts = {"schedule": {"every": "24h", "covers": "changed_only"}}


def key(*words: str) -> Facts:
    return {"key": list(words), "retention": "forever", "stable_across_retries": True}


def lossy(*paths: Facts, controls: list[Facts] | None = None, events: tuple[str, ...] = ()) -> Facts:
    """The WMS sends its count to the ERP after each change, and a message may be lost for good."""
    systems = {"wms": system("wms", "authoritative", "available"), "erp": system("erp", "mirror", "available")}
    push = state("push", "wms", "erp", delivery="at_most_once")
    at = {name: {"at": ["wms"]} for name in events or ("pos_sale", "po_received")}
    return topology(systems, at, [push, *paths], controls)


CONTROLS: list[tuple[Facts, str]] = [
    ({}, HEALED),
    ({"on_mismatch": "none"}, LASTING),
    ({"on_mismatch": "block"}, LASTING),
    ({"on_mismatch": "alert"}, HEALED),
    ({"on_mismatch": "report"}, HEALED),
    ({"on_mismatch": None}, OPEN),
    ({"on_mismatch": "alert", "last_success_monitored": False}, LASTING),
    ({"on_mismatch": "alert", "last_success_monitored": None}, OPEN),
    ({"last_success_monitored": False}, HEALED),
    ({"scope": "sampled"}, LASTING),
    ({"scope": "changed_only"}, LASTING),
    ({"scope": None}, OPEN),
    ({"measure": "totals"}, LASTING),
    ({"survives_restart": False}, LASTING),
    ({"every": None}, OPEN),
    ({"kind": "gate"}, LASTING),
]


@pytest.mark.parametrize(("facts", "told"), CONTROLS, ids=str)
def test_a_reconciliation_heals_by_what_it_does_and_how_far_it_looks(facts: Facts, told: str) -> None:
    control = {k: v for k, v in {**correction("wms.available", "erp.available"), **facts}.items() if v is not None}
    found = lossy(controls=[control])
    judged = Judged(found)
    assert judged.cell("erp.available") == told
    assert (judged.window("erp.available") is not None) is (told == HEALED)
    assert compare(found).disagreements == ()


RUNS: list[tuple[Facts, tuple[str, ...], str]] = [
    ({}, (), HEALED),
    ({"schedule": {"every": "24h"}}, (), HEALED),
    ({"only_if_changed": True}, (), LASTING),
    ({"only_if_changed": True}, ("pos_sale",), HEALED),
    ({"only_if_changed": None}, (), OPEN),
    (CHANGED, (), HEALED),
    ({**CHANGED, "only_if_changed": True}, (), LASTING),
    ({**CHANGED, "only_if_changed": None}, (), OPEN),
    ({**CHANGED, "only_if_changed": None}, ("pos_sale",), HEALED),
    ({"trigger": None, "handoff": None}, (), "undetermined"),
    ({"dedupe": key("version")}, (), HEALED),
    ({"enabled": False}, (), LASTING),
    ({"guard": "none"}, (), HEALED),
    ({"guard": "event_time"}, (), HEALED),
    ({"only": ["b2b"]}, (), HEALED),
    ({**CHANGED, "only": ["b2b"]}, (), LASTING),
    ({**CHANGED, "fires_for": ["local"]}, (), HEALED),
    ({**CHANGED, "events": ["pos_sale"]}, (), LASTING),
    ({**CHANGED, "events": ["pos_sale", "po_received"]}, (), HEALED),
    ({"maps": {"available": {"to": "available", "unit_factor": 12}}}, (), LASTING),
    ({"op": "cas"}, (), HEALED),
]


@pytest.mark.parametrize(("facts", "events", "told"), RUNS, ids=str)
def test_a_run_heals_by_what_it_sends(facts: Facts, events: tuple[str, ...], told: str) -> None:
    found = lossy(nightly("run", "wms", "erp", **facts), events=events)
    judged = Judged(found)
    assert judged.cell("erp.available") == told
    assert (judged.window("erp.available") is not None) is (told == HEALED)
    assert compare(found).disagreements == ()
