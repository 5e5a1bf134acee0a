"""What a path's facts promise: True, False, or None where a fact that decides it is unknown.

Lines 17 to 19 of the meaning: which faults a path can meet, and whether its consumer recognises a repetition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from handoffmap.model import DeadLetter, Dedupe, Retry
from handoffmap.vocabulary import ADDING, PULLED, QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from handoffmap.model import Topology, WritePath

__all__ = [
    "PARTIAL", "acknowledged", "applied_in_step", "by_amount", "crashes", "dead_letters", "forgets", "gated",
    "key_names", "loses", "ordered", "pulled", "puts_back", "recognises", "refused", "repeats", "skips", "split_write",
]  # fmt: skip

_INSTANCE: Final = frozenset({"event_id", "message_id", "webhook_id", "delivery_id"})
_PER_EVENT: Final = {
    "order_captured": {"order_id", "line_id"},
    "order_cancelled": {"order_id", "line_id"},
    "shipment_confirmed": {"shipment_id", "line_id"},
    "shipment_voided": {"shipment_id", "line_id"},
    "po_received": {"receipt_id", "line_id"},
    "return_received": {"return_id", "line_id"},
    "return_restocked": {"return_id", "line_id"},
    "return_scrapped": {"return_id", "line_id"},
    "cycle_counted": {"count_id", "line_id"},
    "inventory_adjusted": {"adjustment_id"},
    "transfer_shipped": {"transfer_id", "line_id"},
    "transfer_received": {"transfer_id", "line_id"},
}
_KIND: Final = frozenset({"event_type", "event_kind", "type", "topic", "event"})
_AMOUNTS: Final = frozenset({"quantity", "value", "amount", *QUANTITIES})
_COARSE: Final = _AMOUNTS | {"order_id", "item", "sku", "item_id"}
_UNSTABLE: Final = frozenset(
    {"sent_at", "attempt_id", "timestamp", "body_hash", "hash", "payload_hash", "updated_at", "attempt", "retry_id"}
)
_KNOWN: Final = _INSTANCE | _COARSE | _UNSTABLE | _KIND | {word for words in _PER_EVENT.values() for word in words}
_ACKNOWLEDGED: Final = frozenset({None, "webhook", "queue", "cdc"})
_ORDERS: Final = frozenset({"order_captured", "order_cancelled", "order_edited"})
_OF_AN_ORDER: Final = frozenset({"order_id", "order_number", "line_id", "order_line_id"})
PARTIAL: Final = frozenset(
    {"shipment_confirmed", "shipment_voided", "return_received", "return_restocked", "return_scrapped"}
)
"""Events of which one order may have several."""


def pulled(path: WritePath) -> bool | None:
    """Whether the target (or a clock) asks; None: nobody has said what sets it off."""
    return None if path.trigger is None else path.trigger in PULLED


def puts_back(path: WritePath) -> bool:
    """Whether it keeps a number of its target and writes it back when a hand or the clock sets it off.

    No event is behind it: a sheet that is uploaded, a screen that is saved. With `events` it writes their amounts, too.
    """
    by_itself = path.trigger == "manual" or path.trigger in PULLED
    return path.base == "cached" and path.events is None and by_itself and path.op not in ADDING


def applied_in_step(topology: Topology, path: WritePath) -> bool:
    """Whether it is written in the source's own step."""
    if path.trigger in PULLED:
        return False
    if path.handoff == "same_transaction" or path.atomic_with:
        return True
    # A list, not a generator: asked of every path for every answer, and nearly always of empty tuples.
    return bool([1 for other in topology.write_paths.values() if other.atomic_with and _binds(other, path)])


def _binds(other: WritePath, path: WritePath) -> bool:
    return other.enabled and path.id in other.atomic_with


def gated(path: WritePath) -> bool:
    """Whether its event happens at both ends in one step, or not at all."""
    return path.trigger == "sync_call" and path.op in {"reserve", "cas"} and path.payload != "state"


def refused(path: WritePath) -> bool:
    """Whether the target can apply none of its messages, for want of a field."""
    for field in path.fields.values():
        if field is None or field.to is not None or field.ignored is not None:
            continue
        if path.on_unmapped in {"error", "quarantine"} or (field.dropped and field.key):
            return True
    return False


def acknowledged(path: WritePath) -> bool:
    """Whether the receiver answers for its messages, or may: nobody does for a file, a call, or a person's entry."""
    return path.trigger in _ACKNOWLEDGED


def repeats(path: WritePath) -> bool | None:
    """Whether a message may come again."""
    if path.delivery is None:
        return None
    return path.delivery == "at_least_once"


def recognises(path: WritePath) -> bool | None:
    """Whether a repetition that comes in time is told from a new message."""
    dedupe = path.dedupe
    if dedupe is None:
        return None
    if dedupe == "none":
        return False
    if _UNSTABLE & set(dedupe.key or ()):
        return False
    return dedupe.stable_across_retries


def key_names(path: WritePath, events: Iterable[str]) -> Literal["instance", "order"] | None:
    """What the key of a ledger tells apart: each effect, or no more than the order; None: unknown."""
    dedupe = path.dedupe
    if not isinstance(dedupe, Dedupe):
        return "instance"
    if dedupe.unique_per_effect is not None:
        return "instance" if dedupe.unique_per_effect else "order"
    if dedupe.key is None:
        return None
    words = set(dedupe.key)
    if words & _INSTANCE or words & _UNSTABLE:
        return "instance"
    if not words <= _KNOWN:
        return None
    if words & _AMOUNTS:
        return "order"
    return _of_documents(words, sorted(events))


def _of_documents(words: set[str], carried: list[str]) -> Literal["instance", "order"] | None:
    """What the numbers of documents and lines tell apart, of these events; None: nobody has said."""
    several = len(carried) > 1 and not words & _KIND
    if words <= _OF_AN_ORDER and (PARTIAL & set(carried) or (several and len(_ORDERS & set(carried)) > 1)):
        return "order"  # of one order there are many, or one of each kind
    if not carried or not all(words >= _PER_EVENT.get(event, {"the name of none"}) for event in carried):
        return None
    return "order" if several else "instance"


def by_amount(path: WritePath) -> bool:
    """Whether the key of a ledger holds an amount, so that any two instances may share it."""
    dedupe = path.dedupe
    if (
        isinstance(dedupe, Dedupe)
        and dedupe.unique_per_effect is False
        and (path.payload == "delta" or path.base is not None)
    ):
        return True  # two lines of one order share it, and any two of anything else may
    return (
        isinstance(dedupe, Dedupe)
        and dedupe.unique_per_effect is None
        and bool(_AMOUNTS & set(dedupe.key or ()))
        and not _INSTANCE & set(dedupe.key or ())
    )


def dead_letters(path: WritePath) -> bool | None:
    """Whether what could not be delivered is kept and brought in the end."""
    letter = path.dead_letter
    if letter is None:
        return None
    if letter == "none" or letter.replay == "none":
        return False
    if letter.replay == "auto":
        return True
    if letter.monitored is False:
        return False
    return letter.monitored if letter.replay == "manual" else None


def _tries_for_ever(path: WritePath) -> bool | None:
    retry = path.retry
    if retry is None:  # who keeps a place for dead letters has retries that end
        return False if isinstance(path.dead_letter, DeadLetter) else None
    if retry == "none":
        return False
    if retry.max_attempts is None:
        return None if retry.horizon is None and not isinstance(path.dead_letter, DeadLetter) else False
    return retry.max_attempts == "unlimited"


def skips(path: WritePath) -> bool | None:
    """Whether the mark up to which a poll has read can leave a change behind."""
    poll = path.poll
    if path.trigger != "poll" or path.covers == "full":
        return False
    if poll is None:
        return None
    if poll.watermark == "client_clock" or poll.advance_on == "always":
        return True
    if poll.watermark == "cursor":
        return None if poll.advance_on is None else False
    if poll.watermark is None or poll.advance_on is None:
        return None
    if poll.lookback is None or path.every is None:
        return None
    return poll.lookback <= path.every  # a run that starts late leaves a gap


def _lapses(path: WritePath) -> bool | None:
    subscription = path.subscription
    if subscription is None or not subscription.lapses_after_failures:
        return False
    if subscription.monitored or subscription.backstop not in {None, "none"}:
        return False
    return None if subscription.monitored is None or subscription.backstop is None else True


def loses(path: WritePath) -> bool | None:
    """Whether a message may be lost for good between its sending and its effect."""
    return _any((_lost_on_the_way(path), skips(path), _lapses(path)))


def _lost_on_the_way(path: WritePath) -> bool | None:
    if path.delivery == "at_most_once":
        return True
    if path.delivery == "exactly_once_effect":
        return False
    if path.delivery is None:
        return None
    if path.ack == "before_processing":
        return True
    for_ever = _tries_for_ever(path)
    kept = dead_letters(path)
    ends: bool | None
    if for_ever is True or kept is True:
        ends = False
    elif for_ever is False and kept is False:
        ends = True
    else:
        ends = None
    if path.ack is None and acknowledged(path):
        return _any((ends, None))
    return ends


def _any(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    if True in found:
        return True
    return None if None in found else False


def crashes(path: WritePath, *, in_step: bool) -> bool | None:
    """Whether the sender may fail between its own step and the message; `in_step`: it is `applied_in_step`."""
    if pulled(path) is True or in_step or gated(path) or path.trigger == "cdc" or puts_back(path):
        return False
    if path.handoff is None:
        return None
    breaks = path.handoff in {"dual_write", "fire_and_forget"}
    return None if breaks and path.trigger is None else breaks


def ordered(path: WritePath) -> bool | None:
    """Whether the messages of one path come in the order in which they were sent."""
    return None if path.order is None else path.order != "none"


def forgets(path: WritePath) -> bool | None:
    """Whether a key may be gone before the last repetition comes."""
    dedupe = path.dedupe
    if not isinstance(dedupe, Dedupe) or dedupe.retention == "forever":
        return False
    late, tried = _latest(path), _tried(path)
    if dedupe.retention is None:
        return None if late is None or late > 0 else False
    if tried is not None and tried > dedupe.retention:
        return True  # before any dead letter is looked at
    return None if late is None else late > dedupe.retention


def _latest(path: WritePath) -> Fraction | int | None:
    """Seconds after its first attempt until which a message may come again; None: nobody has said."""
    letter, tried = path.dead_letter, _tried(path)
    if not isinstance(letter, DeadLetter) or letter.replay == "none":
        return None if letter is None else tried
    if letter.replay == "auto":
        return tried
    if letter.alert_within is None or tried is None:
        return None
    return tried + letter.alert_within


def _tried(path: WritePath) -> Fraction | int | None:
    """Seconds after its first attempt until which a message is sent again by itself; None: nobody has said."""
    retry = path.retry
    if retry == "none":
        return 0
    if not isinstance(retry, Retry):
        return None
    if retry.horizon is not None:
        return retry.horizon
    if isinstance(retry.max_attempts, int) and retry.every is not None and retry.backoff is None:
        return retry.max_attempts * retry.every
    return None


def split_write(path: WritePath) -> Literal["no", "target", "cached"] | None:
    """Whether reading the target and writing it back are two steps; None: nobody has said."""
    if path.base not in {"target", "cached"}:
        return "no"
    if path.guard == "cas" or path.op == "cas":
        return "no"
    if path.base == "cached":
        return "cached"  # the writer's own copy of what it wrote last: current as long as nobody else writes
    if path.guard == "lock" or path.concurrency in {"row_lock", "atomic"}:
        return "no"
    if path.concurrency == "none":
        return "target"
    return None
