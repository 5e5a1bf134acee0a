"""Whether what a path of values reads ever changes, and by what: events of any class, or runs, which have none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.semantics.small_maps import correction, delta, nightly, state
from tests.unit.test_feeds import BOOKED, CHANGED, FED, REWRITTEN, UNCLEAR, feed

Facts = dict[str, Any]

SOLD_THERE: Facts = {"happens": (), "at_shop": ["pos_sale"]}
UNMOVED: Facts = {"happens": ("shipment_confirmed",)}
NIGHTLY_IN = nightly("in", "shop", "wms")
BACK = state("back", "erp", "wms")
NOWHERE = {**BOOKED, "events": ["return_authorized"]}


def there(*paths: Facts, **more: Any) -> Facts:
    return {**SOLD_THERE, "paths": list(paths), **more}


@pytest.mark.parametrize(
    ("more", "moves", "by_runs"),
    [
        ({}, True, False),
        (UNMOVED, False, True),
        (SOLD_THERE, False, True),
        (there(BOOKED), True, False),
        (there(NOWHERE), False, True),
        (there({**BOOKED, "enabled": False}), False, True),
        (there({**BOOKED, "fields": {"x": {"dropped": True, "key": True}}}), False, True),
        (there({**BOOKED, "fires_for": ["in"]}), False, True),
        (there({**BOOKED, "fires_for": ["local"]}), True, False),
        (there(FED), True, False),
        (there({**FED, "enabled": False}), False, True),
        (there({**FED, "fires_for": ["other"]}, {**BACK, "id": "other", "to": "shop", "enabled": False}), False, False),
        (there(NIGHTLY_IN), True, True),
        (there({**NIGHTLY_IN, **CHANGED}), True, True),
        (there(UNCLEAR), True, False),
        (there({key: value for key, value in BOOKED.items() if key != "maps"}), True, True),
        (there(REWRITTEN), True, False),
        ({**SOLD_THERE, "derived": True}, True, False),
        ({**SOLD_THERE, "controls": [correction("erp.available", "wms.available")]}, True, True),
        ({**SOLD_THERE, "controls": [correction("wms.available", "erp.available")]}, False, True),
        ({**SOLD_THERE, "controls": [correction("erp.available", "wms.available", on_mismatch="none")]}, False, True),
        (there(BACK), False, True),
    ],
    ids=str,
)
def test_whether_a_count_ever_moves_and_by_runs_alone(more: Facts, moves: bool, by_runs: bool) -> None:
    found = feed("push", {}, **more)
    survey = found.case.survey
    assert (survey.stirs(found.reads[0]), survey.comes_by_runs(found)) == (moves, by_runs)


@pytest.mark.parametrize(
    ("kind", "facts", "more", "idle"),
    [
        ("push", {}, {}, False),
        ("push", {}, SOLD_THERE, True),
        ("push", {"events": ["return_authorized"]}, SOLD_THERE, False),  # it says what it shows, again and again
        ("push", {"events": ["pos_sale"]}, SOLD_THERE, True),
        ("push", {}, there(BOOKED), False),
        ("push", {}, UNMOVED, True),
        ("run", {}, SOLD_THERE, False),
        ("run", {}, UNMOVED, True),
        ("run", CHANGED, SOLD_THERE, True),
        ("run", {"only_if_changed": True}, SOLD_THERE, True),
        ("run", CHANGED, there(BOOKED), False),
        ("run", {**CHANGED, "events": ["pos_sale"]}, there(NIGHTLY_IN), True),
        ("run", {**CHANGED, "events": ["pos_sale"]}, there(BOOKED), False),
        ("push", {"trigger": None}, SOLD_THERE, False),
    ],
    ids=str,
)
def test_whether_a_path_never_sends_anything(kind: str, facts: Facts, more: Facts, idle: bool) -> None:
    found = feed(kind, facts, **more)
    assert found.case.survey.is_idle(found) is idle


@pytest.mark.parametrize(
    ("kind", "facts", "more", "stopped"),
    [
        ("push", {}, there(NIGHTLY_IN), False),
        ("push", {"only": ["b2b"]}, there(NIGHTLY_IN), True),
        ("push", {"only": ["b2b"]}, there(BOOKED), False),
        ("run", {"only": ["b2b"]}, there(NIGHTLY_IN), False),
        ("run", {**CHANGED, "only": ["b2b"]}, there(NIGHTLY_IN), True),
        ("push", {"fires_for": ["local"]}, {}, False),
        ("push", {"fires_for": ["local"]}, there(BOOKED), True),
        ("push", {"fires_for": ["in"]}, there(BOOKED), False),
        ("push", {"fires_for": ["in"]}, there(FED), False),
        ("push", {"fires_for": ["in"]}, there({**FED, "enabled": False}), True),
        ("push", {"fires_for": ["back"]}, there(BACK), True),  # each waits for the other
        ("push", {"fires_for": ["back"]}, there(BACK, delta("sale", "shop", "erp", "pos_sale")), False),
        ("run", {"fires_for": ["in"]}, there({**FED, "enabled": False}), False),
    ],
    ids=str,
)
def test_whether_a_path_fires_for_nothing_that_comes(kind: str, facts: Facts, more: Facts, stopped: bool) -> None:
    found = feed(kind, facts, **more)
    assert found.case.survey.is_stopped(found) is stopped


@pytest.mark.parametrize(
    ("more", "echo"),
    [
        ({}, False),
        (there(BACK), True),
        (there(BACK, FED), False),
        (there(BACK, NIGHTLY_IN), False),
        (there(BACK, BOOKED), False),
        (there(BACK, UNCLEAR), False),
        (there(BACK, REWRITTEN), False),
        (there(BACK, controls=[correction("erp.available", "wms.available")]), True),
        (there({**BACK, "to": "shop"}, {**FED}), False),
        (there({**BACK, "to": "shop"}, {**FED}, at_shop=[], happens=("return_authorized",)), True),
    ],
    ids=str,
)
def test_whether_it_only_sends_back_what_its_target_has_had(more: Facts, echo: bool) -> None:
    found = feed("push", {}, **more)
    assert found.case.survey.is_echo(found) is echo
