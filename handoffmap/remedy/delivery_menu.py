"""Safe changes for what goes wrong on the way: repeats, losses, crashes, order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.remedy.spot import SURE_DEDUPE, add_event, fact, no_fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.model import WritePath
    from handoffmap.remedy.spot import Candidate, Spot

__all__ = ["DELIVERY_MENU"]


def _dedupe(path: WritePath) -> Candidate:
    """A ledger that works, keeping what else the file says of it."""
    return tuple(fact(path, "dedupe", key, to=value) for key, value in SURE_DEDUPE.items())


def _repeats(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield _dedupe(path)
        yield (fact(path, "delivery", to="exactly_once_effect"),)


def _unstable(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "dedupe", "stable_across_retries", to=True),)
        yield (fact(path, "dedupe", "key", to=["event_id"]), fact(path, "dedupe", "stable_across_retries", to=True))
    yield from _repeats(spot)


def _short_window(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "dedupe", "retention", to="forever"),)
    yield from _repeats(spot)


def _coarse(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        key: Candidate = (fact(path, "dedupe", "key", to=["event_id"]),)
        yield key
        unique = (*key, fact(path, "dedupe", "unique_per_effect", to=True))
        yield unique
        yield (*unique, fact(path, "dedupe", "retention", to="forever"))
        if path.dedupe is not None and path.dedupe != "none" and path.dedupe.ledger is not None:
            yield (*unique, no_fact(path, "dedupe", "ledger"))
    every = [
        change
        for path in spot.paths
        for change in (fact(path, "dedupe", "key", to=["event_id"]), fact(path, "dedupe", "unique_per_effect", to=True))
    ]
    yield tuple(every)


def _losses(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        replayed: Candidate = (
            fact(path, "dead_letter", "monitored", to=True),
            fact(path, "dead_letter", "replay", to="manual"),
        )
        yield replayed
        yield (fact(path, "dead_letter", "monitored", to=True),)
        yield (fact(path, "dead_letter", "replay", to="manual"),)
        yield (fact(path, "retry", "max_attempts", to="unlimited"),)
        delivered = fact(path, "delivery", to="at_least_once")
        yield (delivered,)
        yield (delivered, *replayed)
        yield (delivered, *replayed, *_dedupe(path))
        yield (fact(path, "delivery", to="exactly_once_effect"),)
        yield (fact(path, "delivery", to="exactly_once_effect"), *replayed)
        yield (fact(path, "ack", to="after_commit"),)


def _acknowledged(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "ack", to="after_commit"),)
        yield (fact(path, "ack", to="after_enqueue"),)
        yield (fact(path, "ack", to="after_commit"), *_dedupe(path))


def _crash(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        for word in ("outbox", "cdc", "same_transaction"):
            yield (fact(path, "handoff", to=word),)
    for word in ("outbox", "same_transaction"):
        yield tuple(fact(path, "handoff", to=word) for path in spot.paths)


def _older_value(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "guard", to="version"),)
        yield (fact(path, "payload", to="notify_then_fetch"),)
        yield (fact(path, "order", to="per_key"),)
        yield (fact(path, "order", to="total"),)
        yield (fact(path, "op", to="cas"),)


def _lifecycle(spot: Spot) -> Iterator[Candidate]:
    events = set(spot.finding.events)
    events |= {
        undone for name in events if name in spot.topology.events and (undone := spot.topology.events[name].undoes)
    }
    paths = [path for path in spot.writers if path.events is None or not events.isdisjoint(path.events)]
    for path in paths:
        yield (fact(path, "op", to="adjust"),)
        yield (fact(path, "guard", to="state_machine"),)
        yield (fact(path, "order", to="per_key"),)
        yield (fact(path, "order", to="total"),)
    yield tuple(fact(path, "guard", to="state_machine") for path in paths)
    yield tuple(fact(path, "order", to="total") for path in paths)


def _refused(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "guard", to="none"),)
        yield (fact(path, "order", to="per_key"),)


def _echo(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "origin_tag", to=True),)
        yield (fact(path, "fires_for", to=["local"]),)
    yield tuple(fact(path, "origin_tag", to=True) for path in spot.paths)
    for path in spot.paths:
        for event in spot.finding.events:
            if path.events is not None and event in path.events:
                yield (add_event(path, event)._replace(action="drop"),)
        yield (fact(path, "enabled", to=False),)


def _lapse(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "subscription", "monitored", to=True),)
        yield (fact(path, "subscription", "lapses_after_failures", to=False),)


def _polling(spot: Spot) -> Iterator[Candidate]:
    for path in spot.paths:
        yield (fact(path, "poll", "watermark", to="cursor"),)
        yield (fact(path, "poll", "advance_on", to="success_only"),)
        yield (
            fact(path, "poll", "watermark", to="cursor"),
            fact(path, "poll", "advance_on", to="success_only"),
        )
        yield (fact(path, "poll", "lookback", to="24h"),)


DELIVERY_MENU: dict[str, Callable[[Spot], Iterator[Candidate]]] = {
    "duplicate-delivery": _repeats,
    "replay-double-count": _repeats,
    "dedupe-key-unstable": _unstable,
    "dedupe-window-short": _short_window,
    "dedupe-key-too-coarse": _coarse,
    "lost-delivery": _losses,
    "unwatched-dead-letter": _losses,
    "ack-before-commit": _acknowledged,
    "dual-write": _crash,
    "reordered-state": _older_value,
    "reordered-lifecycle": _lifecycle,
    "refused-delta": _refused,
    "echo-loop": _echo,
    "subscription-lapse": _lapse,
    "poll-window-gap": _polling,
    "watermark-defect": _polling,
}
"""Slug → candidates."""
