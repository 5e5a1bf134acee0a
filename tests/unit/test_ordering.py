"""When the messages of a path, or of two, keep their order."""

from __future__ import annotations

from typing import Any

import pytest

from handoffmap.model import DeadLetter, Lane, Retry
from handoffmap.premises.ordering import in_one_lane, newest_last, one_stamp, order_of, perhaps_one_stamp
from tests.unit.test_ledger import path

FOR_EVER = Retry("unlimited", 60)
PARKED = DeadLetter("dlq", monitored=True, replay="manual")
UNSAID = PARKED._replace(replay=None)
UNSEEN = PARKED._replace(monitored=False)
AUTO = PARKED._replace(replay="auto", monitored=False)


@pytest.mark.parametrize(
    "facts, kept, asked",
    [
        ({"order": "none", "guard": "none"}, False, set()),
        ({"order": None, "guard": "none"}, None, {"order"}),
        ({"order": "none", "guard": None}, None, {"guard"}),
        ({"order": None, "guard": None}, None, {"order", "guard"}),
        ({"order": "per_key", "dead_letter": "none", "retry": None}, True, set()),
        ({"order": "total", "dead_letter": "none", "retry": None}, True, set()),
        ({"order": "per_key", "dead_letter": PARKED, "retry": FOR_EVER}, True, set()),
        ({"order": "per_key", "dead_letter": PARKED, "retry": Retry(5)}, False, set()),
        ({"order": "per_key", "dead_letter": PARKED, "retry": "none"}, False, set()),
        ({"order": "per_key", "dead_letter": PARKED, "retry": None}, False, set()),
        ({"order": "per_key", "dead_letter": PARKED, "retry": Retry(5), "delivery": "at_most_once"}, True, set()),
        ({"order": "total", "dead_letter": PARKED, "retry": None, "delivery": "exactly_once_effect"}, False, set()),
        ({"order": "total", "dead_letter": None, "retry": None, "delivery": "exactly_once_effect"}, True, set()),
        ({"order": "per_key", "dead_letter": UNSAID, "retry": None, "delivery": "exactly_once_effect"}, True, set()),
        ({"order": "per_key", "dead_letter": UNSEEN, "retry": None, "delivery": "exactly_once_effect"}, True, set()),
        ({"order": "per_key", "dead_letter": AUTO, "retry": None, "delivery": "exactly_once_effect"}, False, set()),
        ({"order": None, "dead_letter": PARKED, "retry": Retry(5), "guard": "none"}, False, set()),
        ({"order": "per_key", "dead_letter": PARKED._replace(replay="none"), "retry": None}, True, set()),
        ({"order": "per_key", "dead_letter": PARKED._replace(replay="auto"), "retry": None}, False, set()),
        (
            {"order": "per_key", "dead_letter": UNSAID, "retry": None},
            None,
            {"dead_letter.replay"},
        ),
        ({"order": "per_key", "dead_letter": None, "retry": None}, None, {"dead_letter"}),
        ({"order": "per_key", "dead_letter": None, "retry": Retry(5)}, None, {"dead_letter"}),
        ({"order": "per_key", "dead_letter": None, "retry": FOR_EVER}, True, set()),
    ],
)
def test_whether_a_path_keeps_its_order(facts: dict[str, Any], kept: bool | None, asked: set[str]) -> None:
    asks, because = order_of(path(**facts))
    assert because
    assert (asks is not None and not asks, asks is None) == (kept is True, kept is False)
    assert {ask.fact for ask in asks or ()} == asked


ONE = {"order": "total", "lane": Lane("stock", 1, shared=True)}


@pytest.mark.parametrize(
    "first, second, one",
    [
        (ONE, ONE, True),
        (ONE, {**ONE, "order": "per_key"}, True),
        (ONE, {**ONE, "order": "none"}, False),
        ({**ONE, "order": "none"}, ONE, False),
        (ONE, {**ONE, "order": None}, None),
        ({**ONE, "order": None}, ONE, None),
        (ONE, {**ONE, "lane": None}, False),
        ({**ONE, "lane": None}, ONE, False),
        (ONE, {**ONE, "lane": Lane("other", 1, shared=True)}, False),
        (ONE, {**ONE, "lane": Lane(None, 1, shared=True)}, False),
        ({**ONE, "lane": Lane(None, 1, shared=True)}, {**ONE, "lane": Lane(None, 1, shared=True)}, False),
        (ONE, {**ONE, "lane": Lane("stock", 4, shared=True)}, False),
        (ONE, {**ONE, "lane": Lane("stock", 1, shared=False)}, False),
        ({**ONE, "lane": Lane("stock", 4, shared=True)}, ONE, False),
        ({**ONE, "lane": Lane("stock", 1, shared=False)}, ONE, False),
        (ONE, {**ONE, "lane": Lane("stock", None, shared=True)}, None),
        (ONE, {**ONE, "lane": Lane("stock", 1)}, None),
        ({**ONE, "lane": Lane("stock", None, shared=True)}, ONE, None),
        ({**ONE, "lane": Lane("stock", 1)}, ONE, None),
        (ONE, {**ONE, "source": "site"}, False),
        (ONE, {**ONE, "target": "site"}, False),
    ],
)
def test_whether_two_paths_wait_in_one_lane(first: dict[str, Any], second: dict[str, Any], one: bool | None) -> None:
    assert in_one_lane(path(**first), path(**second)) is one


@pytest.mark.parametrize(
    "first, second, one",
    [
        ({"guard": "version"}, {"guard": "version"}, True),
        ({"guard": "state_machine"}, {"guard": "state_machine"}, True),
        ({"guard": "version"}, {"guard": "state_machine"}, True),
        ({"guard": "version"}, {"guard": "none"}, False),
        ({"guard": "none"}, {"guard": "none"}, False),
        ({"guard": "event_time"}, {"guard": "event_time"}, True),
        ({"guard": "version"}, {"guard": "version", "source": "site"}, False),
        ({**ONE, "guard": "none"}, {**ONE, "guard": "none"}, True),
        ({**ONE, "guard": "none"}, {**ONE, "guard": "none", "order": None}, False),
    ],
)
def test_whether_what_one_path_brings_late_is_refused_for_the_other(
    first: dict[str, Any], second: dict[str, Any], one: bool
) -> None:
    assert one_stamp(path(**first), path(**second)) is one


@pytest.mark.parametrize(
    "first, second, asked",
    [
        ({"guard": "version"}, {"guard": "version"}, []),
        ({"guard": None}, {"guard": "version"}, ["one"]),
        ({"guard": "state_machine"}, {"guard": None}, ["other"]),
        ({"guard": None}, {"guard": None}, ["one", "other"]),
        ({"guard": None}, {"guard": "event_time"}, None),  # whose time would have to be the other's, too
        ({"guard": None}, {"guard": "none"}, None),
        ({"guard": "version"}, {"guard": "event_time"}, None),
        ({"guard": None}, {"guard": "version", "source": "site"}, None),
        ({**ONE, "guard": None}, {**ONE, "guard": None}, []),
    ],
)
def test_whether_two_paths_may_share_a_stamp(
    first: dict[str, Any], second: dict[str, Any], asked: list[str] | None
) -> None:
    asks = perhaps_one_stamp(path(id="one", **first), path(id="other", **second))
    assert (None if asks is None else [ask.id for ask in asks]) == asked
    assert {ask.fact for ask in asks or ()} <= {"guard"}


@pytest.mark.parametrize(
    "facts, newest",
    [
        ({"guard": "version", "order": "none"}, True),
        ({"guard": "state_machine", "order": "none"}, True),
        ({"guard": "event_time", "order": "none"}, True),
        ({"guard": "none", "order": "total", "dead_letter": "none"}, True),
        ({"guard": "none", "order": "none"}, False),
        ({"guard": None, "order": "none"}, False),
        ({"guard": "lock", "order": "total", "dead_letter": PARKED, "retry": Retry(5)}, False),
    ],
)
def test_whether_the_newest_value_is_taken_last(facts: dict[str, Any], newest: bool) -> None:
    assert newest_last(path(**facts)) is newest
