"""Whether an older value stays where a newer one ought to be: a fact of the path, or of what is beside it, changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.agreement.compare import compare
from tests.semantics.small_maps import Judged, delta, nightly, state, system, topology

if TYPE_CHECKING:
    from tests.semantics.small_maps import Facts

RIGHT, LASTING, HEALED, OPEN = "converges", "drifts permanent", "drifts transient", "undetermined"
PARKED: Facts = {"monitored": True, "replay": "manual"}
ENDS: Facts = {"retry": {"max_attempts": 5, "every": "1m"}}
BARE: Facts = {"guard": "none", "order": "none"}
IN_ORDER: Facts = {"guard": "none", "order": "per_key"}
CHANGED: Facts = {"schedule": {"every": "1h", "covers": "changed_only"}}
UNSAID: Facts = {"schedule": {"every": "1h"}}
TOLD = delta("told", "shop", "wms", "pos_sale")


def written(kind: str, facts: Facts, *beside: Facts, at: str = "wms") -> Facts:
    """The WMS's count is sent to the ERP; sales are booked there, or come there by a path."""
    made: Any = {"push": state, "run": nightly}[kind]
    systems = {
        "wms": system("wms", "authoritative", "available"),
        "erp": system("erp", "mirror", "available"),
        "shop": system("pos"),
    }
    events = {"pos_sale": {"at": [at]}, "po_received": {"at": ["wms"]}}
    return topology(systems, events, [made("out", "wms", "erp", **facts), *beside])


PUSHED: list[tuple[Facts, str]] = [
    ({"guard": "version"}, RIGHT),
    ({"guard": "state_machine"}, RIGHT),
    ({"guard": "event_time"}, RIGHT),
    ({"guard": "cas"}, RIGHT),
    ({"op": "cas", "guard": "none"}, RIGHT),
    ({"op": "cas", "guard": "cas_opted_out"}, LASTING),
    ({"guard": "lock"}, LASTING),
    ({"guard": None}, OPEN),
    (BARE, LASTING),
    ({**BARE, "order": None}, OPEN),
    (IN_ORDER, RIGHT),
    ({**IN_ORDER, "order": "total"}, RIGHT),
    ({**IN_ORDER, **ENDS, "dead_letter": PARKED}, LASTING),
    ({**IN_ORDER, "dead_letter": PARKED}, RIGHT),
    ({**BARE, "handoff": "same_transaction"}, RIGHT),
    ({**BARE, "payload": "notify_then_fetch"}, RIGHT),
    ({**BARE, "trigger": None}, OPEN),
]


@pytest.mark.parametrize(("facts", "told"), PUSHED, ids=str)
def test_a_pushed_value_is_overtaken_unless_something_holds_its_order(facts: Facts, told: str) -> None:
    found = written("push", facts)
    judged = Judged(found)
    assert judged.cell("erp.available") == told
    assert compare(found).disagreements == ()


RUNS: list[tuple[Facts, str]] = [
    (BARE, RIGHT),
    ({**BARE, "only_if_changed": True}, LASTING),
    ({**BARE, "only_if_changed": None}, OPEN),
    ({**BARE, **CHANGED}, LASTING),
    ({**BARE, **UNSAID}, OPEN),
    ({**IN_ORDER, **UNSAID}, RIGHT),
    ({**IN_ORDER, **CHANGED}, RIGHT),
    ({**BARE, **CHANGED, "guard": "version"}, RIGHT),
]


@pytest.mark.parametrize(("facts", "told"), RUNS, ids=str)
def test_a_run_that_is_overtaken_is_made_good_by_the_next_full_one(facts: Facts, told: str) -> None:
    found = written("run", facts)
    judged = Judged(found)
    assert judged.cell("erp.available") == told
    assert compare(found).disagreements == ()


TIMES: list[tuple[str, Facts, tuple[Facts, ...], str]] = [
    ("shop", {}, (TOLD,), LASTING),
    ("shop", {}, ({**TOLD, "order": "total"},), LASTING),
    ("wms", {}, (), RIGHT),
    ("shop", {"guard": "version"}, (TOLD,), RIGHT),
]


@pytest.mark.parametrize(("at", "facts", "beside", "told"), TIMES, ids=str)
def test_event_times_grow_only_where_the_source_applies_events_as_they_happened(
    at: str, facts: Facts, beside: tuple[Facts, ...], told: str
) -> None:
    found = written("push", {"guard": "event_time", **facts}, *beside, at=at)
    judged = Judged(found)
    assert judged.cell("erp.available") == told
    assert compare(found).disagreements == ()


PUSH: Facts = {"guard": "version"}
BESIDE: list[tuple[Facts, Facts, str]] = [
    (PUSH, PUSH, RIGHT),
    (PUSH, IN_ORDER, HEALED),
    ({**PUSH, "guard": "none", "order": "total"}, PUSH, HEALED),
    (PUSH, {"guard": "state_machine"}, RIGHT),
    (PUSH, {"guard": "event_time"}, HEALED),
    (PUSH, {**PUSH, "op": "cas"}, RIGHT),
    (PUSH, {"guard": None, "order": "total"}, OPEN),
    (PUSH, {**IN_ORDER, "op": None}, OPEN),
    ({**PUSH, "trigger": None, "handoff": None}, IN_ORDER, OPEN),
    (PUSH, {**IN_ORDER, "only_if_changed": True}, HEALED),
    (PUSH, {**IN_ORDER, **CHANGED}, HEALED),
    (PUSH, BARE, HEALED),
]


@pytest.mark.parametrize(("push", "run", "told"), BESIDE, ids=str)
def test_a_run_beside_a_push_puts_an_older_value_back_until_it_runs_again(push: Facts, run: Facts, told: str) -> None:
    found = written("push", push, nightly("run", "wms", "erp", **run))
    judged = Judged(found)
    assert judged.cell("erp.available") == told
    assert compare(found).disagreements == ()
