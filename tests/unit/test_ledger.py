"""What the words of a ledger's key say, and how late a repetition can come, as the meaning of a map lists it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.model import DeadLetter, Dedupe, Retry
from handoffmap.premises.ledger import horizon, ledger_of, recognises, tells_apart, tells_values_apart
from handoffmap.reading.load import load
from handoffmap.text.source import Source
from tests.semantics.small_maps import ERP, WMS, delta, topology

if TYPE_CHECKING:
    from handoffmap.model import WritePath

MESSAGES = ("event_id", "message_id", "webhook_id", "delivery_id")
INSTANCES = {
    "order_captured": ("order_id", "line_id"),
    "order_cancelled": ("order_id", "line_id"),
    "shipment_confirmed": ("shipment_id", "line_id"),
    "shipment_voided": ("shipment_id", "line_id"),
    "po_received": ("receipt_id", "line_id"),
    "return_received": ("return_id", "line_id"),
    "return_restocked": ("return_id", "line_id"),
    "return_scrapped": ("return_id", "line_id"),
    "cycle_counted": ("count_id", "line_id"),
    "inventory_adjusted": ("adjustment_id",),
    "transfer_shipped": ("transfer_id", "line_id"),
    "transfer_received": ("transfer_id", "line_id"),
}
VALUES = ("value", "quantity", "qty", "amount", "available", "on_hand", "allocated")
HASHES = ("hash", "body_hash", "payload_hash")
ATTEMPTS = ("sent_at", "timestamp", "send_time", "attempt", "attempt_id", "updated_at")
KINDS = ("event", "event_type", "event_kind", "event_name", "kind", "topic", "type")
PARTS_OF_AN_ORDER = ("order_id", "order_number", "line_id", "order_line_id")
SEVERAL_OF_AN_ORDER = (
    "shipment_confirmed",
    "shipment_voided",
    "return_received",
    "return_restocked",
    "return_scrapped",
)
HOUR = 3600
SOUND = Dedupe(("event_id",), "forever", stable_across_retries=True)


def path(**facts: Any) -> WritePath:
    found = topology(
        {"wms": WMS, "erp": ERP}, {"po_received": {"at": ["wms"]}}, [delta("p", "wms", "erp", "po_received")]
    )
    read, problems = load(Source("map.yaml", json.dumps(found)))
    assert read is not None, problems
    return read.write_paths["p"]._replace(**facts)


@pytest.mark.parametrize("word", MESSAGES)
def test_a_message_tells_every_effect_apart(word: str) -> None:
    assert tells_apart(Dedupe((word, "sku")), ["order_captured", "order_cancelled"]) is True
    assert tells_values_apart(Dedupe((word,))) is True


@pytest.mark.parametrize("event", INSTANCES)
def test_the_words_that_name_one_instance_of_an_event(event: str) -> None:
    key = INSTANCES[event]
    assert tells_apart(Dedupe((*key, "sku")), [event]) is True
    for word in key:
        rest = tuple(each for each in key if each != word)
        assert tells_apart(Dedupe((*rest, "sku")), [event]) is None


def test_an_event_without_words_of_its_own_is_asked() -> None:
    assert tells_apart(Dedupe(("sale_id",)), ["pos_sale"]) is None
    assert tells_apart(Dedupe(None), ["order_captured"]) is None
    assert tells_values_apart(Dedupe(None)) is None


@pytest.mark.parametrize("word", KINDS)
def test_capture_and_cancel_are_told_apart_by_the_kind_of_event(word: str) -> None:
    both = ["order_captured", "order_cancelled"]
    assert tells_apart(Dedupe(("order_id", "line_id", word)), both) is True
    assert tells_apart(Dedupe(("order_id", "line_id", "sku")), both) is False


@pytest.mark.parametrize("word", VALUES)
def test_a_value_in_the_key_is_too_coarse(word: str) -> None:
    assert tells_apart(Dedupe(("sku", word)), ["po_received"]) is False
    assert tells_values_apart(Dedupe(("sku", word))) is False


@pytest.mark.parametrize("word", PARTS_OF_AN_ORDER)
@pytest.mark.parametrize("event", SEVERAL_OF_AN_ORDER)
def test_an_order_alone_is_too_coarse_where_it_has_several(word: str, event: str) -> None:
    assert tells_apart(Dedupe((word,)), [event]) is False


@pytest.mark.parametrize("word", PARTS_OF_AN_ORDER)
@pytest.mark.parametrize("other", ["order_cancelled", "order_edited"])
def test_an_order_alone_is_one_entry_for_all_that_becomes_of_it(word: str, other: str) -> None:
    assert tells_apart(Dedupe((word,)), ["order_captured", other]) is False
    assert tells_apart(Dedupe((word,)), [other]) is None


@pytest.mark.parametrize("said", [True, False])
def test_what_the_file_says_of_it_goes_before_the_words(said: bool) -> None:
    assert tells_apart(Dedupe(("event_id",), unique_per_effect=said), ["po_received"]) is said
    assert tells_values_apart(Dedupe(("value",), unique_per_effect=said)) is said


@pytest.mark.parametrize("word", [*ATTEMPTS, "version"])
def test_what_changes_each_time_lets_the_same_value_through_again(word: str) -> None:
    assert tells_values_apart(Dedupe((word,))) is True


@pytest.mark.parametrize("word", HASHES)
def test_a_hash_of_the_body_swallows_the_same_value(word: str) -> None:
    assert tells_values_apart(Dedupe((word,))) is False
    assert tells_values_apart(Dedupe(("sku",))) is None


@pytest.mark.parametrize("word", [*ATTEMPTS, *HASHES])
def test_a_key_made_for_each_attempt_recognises_nothing(word: str) -> None:
    found = recognises(path(dedupe=SOUND._replace(key=("event_id", word))), ["po_received"])
    assert (found.sound, found.defect) == (False, "dedupe-key-unstable")


def test_a_key_that_is_said_to_change() -> None:
    found = recognises(path(dedupe=SOUND._replace(stable_across_retries=False)), ["po_received"])
    assert (found.sound, found.defect) == (False, "dedupe-key-unstable")


RETRIES = Retry(5, 60)
PARKED = DeadLetter("dlq", monitored=True, replay="manual")


@pytest.mark.parametrize(
    "retry, letters, seconds",
    [
        (None, None, None),
        ("none", None, 0),
        ("none", PARKED, None),
        ("none", PARKED._replace(alert_within=HOUR), HOUR),
        (Retry(5), None, None),
        (Retry("unlimited", 60), None, None),
        (Retry(None, 60), None, None),
        (Retry(5, 60, backoff="exponential"), None, None),
        (RETRIES, None, 300),
        (RETRIES, "none", 300),
        (RETRIES._replace(backoff="none"), None, 300),
        (Retry(horizon=HOUR), None, HOUR),
        (RETRIES._replace(horizon=HOUR), None, HOUR),
        (RETRIES, PARKED, None),
        (RETRIES, PARKED._replace(alert_within=HOUR), 300 + HOUR),
        (Retry(horizon=HOUR), PARKED._replace(alert_within=HOUR), 2 * HOUR),
        (RETRIES, PARKED._replace(replay="auto"), 300),
        (RETRIES, PARKED._replace(replay="none"), 300),
    ],
)
def test_how_late_a_repetition_can_come(retry: Any, letters: Any, seconds: int | None) -> None:
    assert horizon(path(retry=retry, dead_letter=letters)) == seconds


@pytest.mark.parametrize(
    "retention, retry, letters, sound, missing",
    [
        ("forever", None, None, True, ()),
        (None, RETRIES, None, None, ("dedupe.retention",)),
        (0, None, None, False, ()),  # what is forgotten at once is never recognised
        (300, RETRIES, None, True, ()),
        (299, RETRIES, None, False, ()),
        (HOUR, Retry(5), None, None, ("retry.horizon",)),
        (HOUR, None, None, None, ("retry.horizon",)),
        (HOUR, "none", PARKED, None, ("dead_letter.alert_within",)),
        (HOUR, Retry(5), PARKED, None, ("dead_letter.alert_within",)),
        (HOUR, Retry(horizon=60), PARKED, None, ("dead_letter.alert_within",)),
        (HOUR, Retry("unlimited", 60), PARKED, None, ("retry.horizon",)),
        (HOUR, Retry(5), "none", None, ("retry.horizon",)),
        (HOUR, Retry(5), PARKED._replace(replay="auto"), None, ("retry.horizon",)),
    ],
)
def test_whether_keys_are_kept_for_long_enough(
    retention: Any, retry: Any, letters: Any, sound: bool | None, missing: tuple[str, ...]
) -> None:
    found = recognises(
        path(dedupe=SOUND._replace(retention=retention), retry=retry, dead_letter=letters), ["po_received"]
    )
    assert (found.sound, found.missing) == (sound, missing)
    assert found.defect == ("dedupe-window-short" if sound is False else None)


@pytest.mark.parametrize(
    "dedupe, missing",
    [
        (Dedupe(None, "forever", stable_across_retries=True), ("dedupe.key",)),
        (Dedupe(("number",), "forever", stable_across_retries=True), ("dedupe.unique_per_effect",)),
        (Dedupe(("event_id",), "forever"), ("dedupe.stable_across_retries",)),
    ],
)
def test_what_is_asked_of_a_ledger(dedupe: Dedupe, missing: tuple[str, ...]) -> None:
    found = recognises(path(dedupe=dedupe), ["po_received"])
    assert (found.sound, found.missing) == (None, missing)


@pytest.mark.parametrize("dedupe", [None, "none"])
def test_only_a_ledger_is_asked(dedupe: Any) -> None:
    with pytest.raises(ValueError, match="p"):
        recognises(path(dedupe=dedupe), ["po_received"])


def test_a_ledger_belongs_to_its_target_and_to_those_that_name_it() -> None:
    for dedupe in (None, "none", SOUND):
        assert ledger_of(path(dedupe=dedupe)) == ("path p", "erp")
    assert ledger_of(path(dedupe=SOUND._replace(ledger="orders"))) == ("named orders", "erp")
