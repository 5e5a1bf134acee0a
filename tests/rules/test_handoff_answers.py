"""What the rules about handoffs answer to the facts of one path: the premise holds, is broken, hangs on questions, or
is not for them to speak of (`None` for the answer)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.premises.survey import Survey
from handoffmap.reading.load import load
from handoffmap.rules import find_rule
from handoffmap.text.source import Source
from tests.semantics.small_maps import ERP, FOREVER, WMS, delta, nightly, state, system, topology

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff

HOLDS, BROKEN = "holds", "broken"
CALL = {"trigger": "sync_call", "op": "reserve"}
ONE_STEP = {"handoff": "same_transaction"}
LETTERS = {"monitored": True, "replay": "manual"}
POLL = {"every": "5m", "covers": "changed_only", "watermark": "cursor", "advance_on": "success_only"}
ENDS = {"retry": {"max_attempts": 5, "every": "1m"}}


def handoff(kind: str, facts: dict[str, Any]) -> Handoff:
    """One path between the WMS and the ERP: every fact is stated and safe, but those that are given."""
    made: dict[str, Any] = {
        "amount": lambda: delta("p", "wms", "erp", "po_received", **facts),
        "value": lambda: state("p", "wms", "erp", **facts),
        "run": lambda: nightly("p", "wms", "erp", **facts),
        "poll": lambda: nightly("p", "wms", "erp", **{"trigger": "poll", "schedule": None, "poll": POLL, **facts}),
    }
    found = topology({"wms": WMS, "erp": ERP}, {"po_received": {"at": ["wms"]}}, [made[kind]()])
    read, problems = load(Source("map.yaml", json.dumps(found)))
    assert read is not None, [problem.message for problem in problems]
    return Survey(read).handoff(read.write_paths["p"])


def poll(**facts: Any) -> dict[str, Any]:
    return {"poll": {key: value for key, value in {**POLL, **facts}.items() if value is not None}}


def key(*words: str) -> dict[str, Any]:
    """A ledger that keeps its keys for ever, and says nothing of whether they tell every effect apart."""
    found = {"key": list(words) or None, "retention": "forever", "stable_across_retries": True}
    return {name: value for name, value in found.items() if value is not None}


ROWS: dict[str, list[tuple[str, dict[str, Any], str | set[str] | None]]] = {
    "lost-delivery": [
        ("amount", {}, HOLDS),
        ("value", {}, HOLDS),
        ("amount", {"delivery": "at_most_once"}, BROKEN),
        ("value", {"delivery": "at_most_once"}, BROKEN),
        ("amount", {"delivery": "exactly_once_effect", "retry": "none"}, HOLDS),
        ("amount", {"delivery": "at_most_once", **ONE_STEP}, HOLDS),
        ("run", {"delivery": "at_most_once"}, HOLDS),
        ("run", {"delivery": "at_most_once", "only_if_changed": True}, BROKEN),
        ("run", {"delivery": "at_most_once", "schedule": {"every": "1h", "covers": "changed_only"}}, BROKEN),
        ("run", {"delivery": "at_most_once", "schedule": {"every": "1h"}}, {"schedule.covers"}),
        ("run", {"delivery": "at_most_once", "only_if_changed": None}, {"only_if_changed"}),
        ("value", {"delivery": "at_most_once", "trigger": None}, {"trigger"}),
        ("amount", {"retry": "none"}, BROKEN),
        ("amount", {"retry": "none", "dead_letter": LETTERS}, HOLDS),
        ("amount", {"retry": "none", "dead_letter": None}, {"dead_letter"}),
        ("amount", {**ENDS, "dead_letter": None}, {"dead_letter"}),
        ("amount", {"retry": {"horizon": "2h"}, "dead_letter": None}, {"dead_letter"}),
        ("amount", {"retry": {"every": "1m"}, "dead_letter": None}, {"retry", "dead_letter"}),
        ("amount", {"retry": None, "dead_letter": None}, {"retry", "dead_letter"}),
        ("amount", {"retry": None}, {"retry"}),
        ("amount", {"retry": None, "dead_letter": LETTERS}, HOLDS),
        ("amount", {**ENDS}, HOLDS),
        ("amount", {"delivery": None}, {"delivery"}),
        ("amount", {"delivery": None, "retry": "none"}, {"delivery"}),
        ("amount", {"dead_letter": None}, HOLDS),
    ],
    "dual-write": [
        ("amount", {}, HOLDS),
        ("amount", {"handoff": "cdc"}, HOLDS),
        ("value", {"handoff": "dual_write"}, BROKEN),
        ("amount", {"handoff": "dual_write"}, BROKEN),
        ("amount", {"handoff": "fire_and_forget"}, BROKEN),
        ("amount", {"handoff": "dual_write", "trigger": "cdc"}, HOLDS),
        ("amount", {"handoff": None, "trigger": "cdc"}, HOLDS),
        ("amount", ONE_STEP, HOLDS),
        ("amount", {"handoff": "dual_write", **CALL}, HOLDS),
        ("amount", {"handoff": None}, {"handoff"}),
        ("amount", {"trigger": None, "handoff": "dual_write"}, {"trigger"}),
        ("amount", {"trigger": None, "handoff": None}, {"trigger", "handoff"}),
        ("run", {"handoff": "dual_write"}, None),
        ("poll", {"handoff": None}, None),
    ],
    "ack-before-commit": [
        ("amount", {}, HOLDS),
        ("amount", {"ack": "after_enqueue"}, HOLDS),
        ("amount", {"ack": "before_processing"}, BROKEN),
        ("value", {"ack": "before_processing"}, BROKEN),
        ("amount", {"ack": "before_processing", **ONE_STEP}, None),
        ("run", {"ack": "before_processing"}, None),
        ("run", {"ack": "before_processing", "only_if_changed": True}, BROKEN),
        ("run", {"ack": "before_processing", "only_if_changed": None}, {"only_if_changed"}),
        ("run", {"ack": "before_processing", "schedule": {"every": "1h"}}, {"schedule.covers"}),
        ("value", {"ack": "before_processing", "trigger": None}, {"trigger"}),
        ("amount", {"ack": "before_processing", "delivery": "exactly_once_effect"}, None),
        ("amount", {"ack": "before_processing", "delivery": "at_most_once"}, None),
        ("amount", {"ack": "before_processing", "delivery": None}, {"delivery"}),
        ("amount", {"ack": None}, {"ack"}),
        ("amount", {"ack": None, "trigger": "webhook"}, {"ack"}),
        ("amount", {"ack": None, "trigger": "cdc"}, {"ack"}),
        ("amount", {"ack": None, "trigger": None}, {"ack"}),
        ("amount", {"ack": None, "trigger": "manual"}, None),
        ("amount", {"ack": None, "trigger": "in_process"}, None),
    ],
    "unwatched-dead-letter": [
        ("amount", {}, None),
        ("amount", {**ENDS, "dead_letter": LETTERS}, HOLDS),
        ("amount", {**ENDS, "dead_letter": {**LETTERS, "replay": "auto"}}, HOLDS),
        ("amount", {**ENDS, "dead_letter": {"monitored": False, "replay": "auto"}}, HOLDS),
        ("amount", {**ENDS, "dead_letter": {**LETTERS, "replay": "none"}}, BROKEN),
        ("value", {**ENDS, "dead_letter": {**LETTERS, "replay": "none"}}, BROKEN),
        ("amount", {**ENDS, "dead_letter": {**LETTERS, "monitored": False}}, BROKEN),
        ("amount", {**ENDS, "dead_letter": {"monitored": False}}, BROKEN),
        ("amount", {**ENDS, "dead_letter": {"monitored": True}}, {"dead_letter.replay"}),
        ("amount", {**ENDS, "dead_letter": {"replay": "manual"}}, {"dead_letter.monitored"}),
        ("amount", {**ENDS, "dead_letter": {"to": "dlq"}}, {"dead_letter.replay", "dead_letter.monitored"}),
        ("amount", {**ENDS, "dead_letter": "none"}, BROKEN),
        ("amount", {"retry": {"horizon": "2h"}}, BROKEN),
        ("amount", {"retry": {"every": "1m"}}, {"retry.max_attempts"}),
        ("amount", {"retry": "none"}, None),
        ("amount", {"retry": None}, None),
        ("amount", {"retry": None, "dead_letter": {**LETTERS, "replay": "none"}}, BROKEN),
        ("amount", {"retry": "none", "dead_letter": {**LETTERS, "replay": "none"}}, BROKEN),
        ("amount", {**ENDS, "dead_letter": None}, None),
        ("amount", {"dead_letter": {**LETTERS, "replay": "none"}}, None),
        ("amount", {**ENDS, "delivery": "at_most_once"}, None),
        ("amount", {**ENDS, "delivery": "exactly_once_effect"}, None),
        ("amount", {**ENDS, "delivery": None}, {"delivery"}),
        ("amount", {**ENDS, **ONE_STEP}, None),
        ("run", ENDS, None),
        ("run", {**ENDS, "only_if_changed": None}, {"only_if_changed"}),
        ("value", {**ENDS, "trigger": None}, {"trigger"}),
    ],
    "watermark-defect": [
        ("value", {}, None),
        ("run", {}, None),
        ("poll", {}, HOLDS),
        ("poll", poll(watermark="source_updated_at"), HOLDS),
        ("poll", poll(watermark="client_clock"), BROKEN),
        ("poll", poll(advance_on="always"), BROKEN),
        ("poll", poll(watermark=None, advance_on="always"), BROKEN),
        ("poll", poll(watermark="client_clock", advance_on=None), BROKEN),
        ("poll", poll(watermark=None), {"poll.watermark"}),
        ("poll", poll(advance_on=None), {"poll.advance_on"}),
        ("poll", poll(watermark=None, advance_on=None), {"poll.watermark", "poll.advance_on"}),
        ("poll", poll(watermark="client_clock", covers="full"), None),
        ("poll", {"trigger": None}, None),
        ("poll", {"trigger": None, **poll(watermark=None)}, {"trigger"}),
        ("poll", {"trigger": None, **poll(watermark="client_clock")}, {"trigger"}),
        ("run", {"trigger": None, "schedule": {"every": "1h"}}, None),  # it has a clock, and no mark
        ("amount", {"trigger": None, "handoff": None}, None),
    ],
    "poll-window-gap": [
        ("poll", {}, None),
        ("poll", poll(watermark="source_updated_at", lookback="1h"), HOLDS),
        ("poll", poll(watermark="source_updated_at", lookback="5m"), BROKEN),
        ("poll", poll(watermark="source_updated_at", lookback="0s"), BROKEN),
        ("poll", poll(watermark="source_updated_at"), {"poll.lookback"}),
        ("poll", poll(watermark="source_updated_at", lookback="1h", every=None), {"schedule.every"}),
        ("poll", poll(watermark="source_updated_at", every=None), {"poll.lookback", "schedule.every"}),
        ("poll", poll(watermark="source_updated_at", covers="full"), None),
        ("run", {"poll": {"watermark": "source_updated_at"}, "schedule": {"covers": "changed_only"}}, None),
    ],
    "subscription-lapse": [
        ("amount", {}, None),
        ("amount", {"subscription": {"lapses_after_failures": 5, "monitored": False, "backstop": "none"}}, BROKEN),
        ("value", {"subscription": {"lapses_after_failures": 5, "monitored": False, "backstop": "none"}}, BROKEN),
        ("run", {"subscription": {"lapses_after_failures": 5, "monitored": False, "backstop": "none"}}, HOLDS),
        ("amount", {"subscription": {"lapses_after_failures": 5, "monitored": True}}, HOLDS),
        ("amount", {"subscription": {"lapses_after_failures": 5, "monitored": False, "backstop": "p"}}, HOLDS),
        ("amount", {"subscription": {"lapses_after_failures": 5, "backstop": "none"}}, {"subscription.monitored"}),
        ("amount", {"subscription": {"lapses_after_failures": 5, "monitored": False}}, {"subscription.backstop"}),
        ("amount", {"subscription": {"monitored": False, "backstop": "none"}}, {"subscription.lapses_after_failures"}),
        ("amount", {"subscription": {"lapses_after_failures": False}}, None),
        ("amount", {"subscription": {"lapses_after_failures": 0, "monitored": False, "backstop": "none"}}, None),
        ("amount", {"subscription": {"lapses_after_failures": 5}, **ONE_STEP}, HOLDS),
    ],
    "refused-delta": [
        ("amount", {}, HOLDS),
        ("amount", {"guard": "state_machine"}, HOLDS),
        ("amount", {"guard": "version"}, BROKEN),
        ("amount", {"guard": "event_time"}, BROKEN),
        ("amount", {"guard": "version", **CALL}, HOLDS),
        ("amount", {"guard": "version", "order": "total"}, HOLDS),
        ("amount", {"guard": "event_time", "order": "total"}, HOLDS),
        ("amount", {"guard": "version", "order": "per_key", **ENDS, "dead_letter": LETTERS}, BROKEN),
        ("amount", {"guard": "version", "order": None}, {"order"}),
        ("amount", {"guard": None}, {"guard"}),
        ("amount", {"guard": None, "order": "total"}, HOLDS),
        ("amount", {"guard": None, "order": None}, {"guard"}),
        ("amount", {"guard": "version", "order": None, "delivery": "at_most_once"}, {"order"}),
    ],
    "duplicate-delivery": [
        ("amount", {}, HOLDS),
        ("amount", {"dedupe": "none"}, BROKEN),
        ("amount", {"dedupe": "none", "delivery": "at_most_once"}, HOLDS),
        ("amount", {"dedupe": "none", "delivery": "exactly_once_effect"}, HOLDS),
        ("amount", {"dedupe": "none", **CALL}, HOLDS),
        ("amount", {"dedupe": "none", "op": "reserve", "guard": "state_machine"}, HOLDS),
        ("amount", {"dedupe": "none", "op": "release", "guard": "state_machine"}, HOLDS),
        ("amount", {"dedupe": "none", "op": "reserve"}, BROKEN),
        ("amount", {"dedupe": "none", "guard": "state_machine"}, BROKEN),
        ("amount", {"dedupe": "none", "delivery": None}, {"delivery"}),
        ("amount", {"dedupe": None}, {"dedupe"}),
        ("amount", {"dedupe": None, "delivery": None}, {"delivery", "dedupe"}),
    ],
    "dedupe-key-too-coarse": [
        ("amount", {}, HOLDS),
        ("value", {}, None),
        ("amount", {"dedupe": None}, None),
        ("amount", {"dedupe": "none"}, None),
        ("amount", {"dedupe": {**FOREVER, "unique_per_effect": False}}, BROKEN),
        ("amount", {"dedupe": key("quantity")}, BROKEN),
        ("amount", {"dedupe": key("number")}, {"dedupe.unique_per_effect"}),
        ("amount", {"dedupe": key()}, {"dedupe.key"}),
        ("amount", {"dedupe": key("number"), "trigger": "sync_call", **ONE_STEP}, None),
        ("amount", {"dedupe": key("number"), **ONE_STEP}, {"dedupe.unique_per_effect"}),
        ("amount", {"dedupe": key("number"), "trigger": "sync_call"}, {"dedupe.unique_per_effect"}),
        ("value", {"dedupe": key("quantity")}, HOLDS),  # receipts alone never bring an old value back
        ("value", {"dedupe": key("version")}, HOLDS),
    ],
    "dedupe-key-unstable": [
        ("amount", {}, HOLDS),
        ("amount", {"dedupe": None}, None),
        ("amount", {"dedupe": "none"}, None),
        ("amount", {"dedupe": {**FOREVER, "stable_across_retries": False}}, BROKEN),
        ("amount", {"dedupe": key("sent_at")}, BROKEN),
        *(
            ("amount", {"dedupe": key("sent_at"), **never}, HOLDS)
            for never in (ONE_STEP, {"delivery": "at_most_once"}, {"delivery": "exactly_once_effect"})
        ),
        ("amount", {"dedupe": {**FOREVER, "stable_across_retries": None}}, {"dedupe.stable_across_retries"}),
        ("amount", {"dedupe": key("sent_at"), "op": "reserve", "guard": "state_machine"}, None),
    ],
    "dedupe-window-short": [
        ("amount", {}, HOLDS),
        ("amount", {"dedupe": None}, None),
        ("amount", {"dedupe": "none"}, None),
        ("amount", {"dedupe": {**FOREVER, "retention": "1m"}, **ENDS}, BROKEN),
        ("amount", {"dedupe": {**FOREVER, "retention": "1h"}, **ENDS}, HOLDS),
        ("amount", {"dedupe": {**FOREVER, "retention": None}, **ENDS}, {"dedupe.retention"}),
        ("amount", {"dedupe": {**FOREVER, "retention": "1h"}, "retry": None}, {"retry.horizon"}),
        (
            "amount",
            {"dedupe": {**FOREVER, "retention": "1h"}, **ENDS, "dead_letter": LETTERS},
            {"dead_letter.alert_within"},
        ),
        ("amount", {"dedupe": {**FOREVER, "retention": "1m"}, **ENDS, "delivery": None}, {"delivery"}),
        *(
            ("amount", {"dedupe": {**FOREVER, "retention": "1m"}, **ENDS, **never}, HOLDS)
            for never in (ONE_STEP, {"delivery": "at_most_once"}, {"delivery": "exactly_once_effect"})
        ),
        ("amount", {"dedupe": {**FOREVER, "retention": "1m"}, **ENDS, "op": "reserve", "guard": "state_machine"}, None),
    ],
}


@pytest.mark.parametrize("slug, kind, facts, answer", [(slug, *row) for slug, rows in ROWS.items() for row in rows])
def test_the_answer_to_the_facts_of_a_path(
    slug: str, kind: str, facts: dict[str, Any], answer: str | set[str] | None
) -> None:
    rule = find_rule(slug)
    assert rule is not None
    asked = handoff(kind, facts)
    claim = rule.judge(asked)
    if answer is None:
        assert claim is None
        return
    assert claim.slug == slug
    of_amounts = "TA4" if slug.startswith("dedupe") else "TA3"
    assert claim.premise == (rule.premise if rule.scope == "delta" else of_amounts if asked.flow == "delta" else "TB3")
    assert claim.because
    if isinstance(answer, set):
        assert claim.holds is None
        assert {ask.fact for ask in claim.asks} == answer
    else:
        assert claim.holds is (answer == HOLDS)
        assert claim.holds or not claim.asks


@pytest.mark.parametrize(
    ("first", "guard", "answer"),
    [
        ({"order": "total"}, "event_time", HOLDS),
        ({"order": "none"}, "event_time", BROKEN),  # what is sent in order is not in the order in which it happened
        ({"order": None, "guard": None}, "event_time", {"order", "guard"}),
        ({"order": "none"}, "version", HOLDS),
        ({"order": "none", **ONE_STEP}, "event_time", HOLDS),
        ({"order": "none", "events": ["order_captured"]}, "event_time", HOLDS),
    ],
    ids=str,
)
def test_amounts_are_refused_by_their_time_where_their_source_hears_of_them_out_of_order(
    first: dict[str, Any], guard: str, answer: str | set[str]
) -> None:
    before = delta("first", "shop", "wms", "po_received", **first)
    path = delta("p", "wms", "erp", "po_received", guard=guard, order="total")
    events = {name: {"at": ["shop"]} for name in ("po_received", "order_captured")}
    found = topology({"shop": system("pos"), "wms": WMS, "erp": ERP}, events, [before, path])
    read, problems = load(Source("map.yaml", json.dumps(found)))
    assert read is not None, [problem.message for problem in problems]
    rule = find_rule("refused-delta")
    assert rule is not None
    claim = rule.judge(Survey(read).handoff(read.write_paths["p"]))
    if isinstance(answer, set):
        assert claim.holds is None
        assert {ask.fact for ask in claim.asks} == answer
    else:
        assert claim.holds is (answer == HOLDS)
