"""How a consumer recognises a repetition: by a key that is stable, tells effects apart and is kept for long enough.

A ledger belongs to a target and to one path, or to the paths that name it together. The words of a key are judged by
the table below; words that are not in it are unknown, and `unique_per_effect` in the file answers in their stead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from handoffmap.model import Dedupe, WritePath
    from handoffmap.vocabulary import Seconds

__all__ = [
    "Standing", "acts_once_per_order", "horizon", "keeps_its_key", "ledger_of", "may_meet", "recognises", "tells_apart",
    "tells_values_apart",
]  # fmt: skip

Defect = Literal["dedupe-key-unstable", "dedupe-key-too-coarse", "dedupe-window-short"]

NAMES_A_MESSAGE = frozenset({"event_id", "message_id", "webhook_id", "delivery_id"})
NAMES_THE_KIND = frozenset({"event", "event_type", "event_kind", "event_name", "kind", "topic", "type"})
CHANGES_PER_ATTEMPT = frozenset(
    {
        "sent_at",
        "timestamp",
        "send_time",
        "attempt",
        "attempt_id",
        "hash",
        "body_hash",
        "payload_hash",
        "updated_at",
    }
)
HASHES = frozenset({"hash", "body_hash", "payload_hash"})
A_VALUE = frozenset({"value", "quantity", "qty", "amount", "available", "on_hand", "allocated"})

NAMES_AN_INSTANCE: dict[str, tuple[frozenset[str], ...]] = {
    "order_captured": (frozenset({"order_id", "line_id"}),),
    "order_cancelled": (frozenset({"order_id", "line_id"}),),
    "shipment_confirmed": (frozenset({"shipment_id", "line_id"}),),
    "shipment_voided": (frozenset({"shipment_id", "line_id"}),),
    "po_received": (frozenset({"receipt_id", "line_id"}),),
    "return_received": (frozenset({"return_id", "line_id"}),),
    "return_restocked": (frozenset({"return_id", "line_id"}),),
    "return_scrapped": (frozenset({"return_id", "line_id"}),),
    "cycle_counted": (frozenset({"count_id", "line_id"}),),
    "inventory_adjusted": (frozenset({"adjustment_id"}),),
    "transfer_shipped": (frozenset({"transfer_id", "line_id"}),),
    "transfer_received": (frozenset({"transfer_id", "line_id"}),),
}
"""Event -> sets of key words that name one instance of it."""

AN_ORDER_ALONE = frozenset({"order_id", "order_number", "line_id", "order_line_id"})
OF_ONE_ORDER = frozenset({"order_captured", "order_cancelled", "order_edited"})
"""Events that all carry the number of the order which they belong to."""
NOT_ONE_PER_ORDER = frozenset(
    {"shipment_confirmed", "shipment_voided", "return_received", "return_restocked", "return_scrapped"}
)


class Standing(NamedTuple):
    """Whether a ledger swallows every repetition and nothing else."""

    sound: bool | None
    """None: hangs on `missing`."""
    defect: Defect | None = None
    missing: tuple[str, ...] = ()
    """Facts below `dedupe` (or `retry.horizon`) that nobody has stated."""
    because: str = ""


def acts_once_per_order(path: WritePath) -> bool:
    """Whether the target's own states tell it that an order is reserved or released already."""
    return path.op in {"reserve", "release"} and path.guard == "state_machine"


def ledger_of(path: WritePath) -> tuple[str, str]:
    """The identity of the key space that a path's messages are looked up in: (name or path id, target)."""
    named = path.dedupe.ledger if path.dedupe is not None and path.dedupe != "none" else None
    return (f"named {named}" if named else f"path {path.id}", path.target)


def may_meet(one: WritePath, other: WritePath) -> bool:
    """Whether the keys of two paths of one ledger may be the same: keys of other words never are."""
    keys = [each.dedupe.key for each in (one, other) if each.dedupe is not None and each.dedupe != "none"]
    return None in keys or len({frozenset(key or ()) for key in keys}) < 2


def tells_apart(dedupe: Dedupe, events: Collection[str]) -> bool | None:
    """Whether two different effects never share a key, for a ledger that sees these events."""
    if dedupe.unique_per_effect is not None:
        return dedupe.unique_per_effect
    if dedupe.key is None:
        return None
    key = frozenset(dedupe.key)
    if key & NAMES_A_MESSAGE:
        return True
    if key & A_VALUE or (key <= AN_ORDER_ALONE and NOT_ONE_PER_ORDER & set(events)):
        return False
    if key <= AN_ORDER_ALONE and len(OF_ONE_ORDER & set(events)) > 1:
        return False  # a capture and its cancellation are one entry
    for event in events:
        if not any(names <= key for names in NAMES_AN_INSTANCE.get(event, ())):
            return None
    return len(events) <= 1 or bool(key & NAMES_THE_KIND)


def tells_values_apart(dedupe: Dedupe) -> bool | None:
    """Whether a ledger lets the same value through when it comes again later, as it must for whole values."""
    if dedupe.unique_per_effect is not None:
        return dedupe.unique_per_effect
    if dedupe.key is None:
        return None
    key = frozenset(dedupe.key)
    if key & NAMES_A_MESSAGE or key & CHANGES_PER_ATTEMPT - HASHES or "version" in key:
        return True
    return False if key & (A_VALUE | HASHES) else None


def horizon(path: WritePath) -> Seconds | None:
    """Seconds after which no repetition of a message can come any more; None: not stated.

    A dead letter that a person replays comes back when somebody has been alerted, if that is stated; else at any time.
    """
    letters = path.dead_letter
    tried = _tried_for(path)
    if tried is None or letters is None or letters == "none" or letters.replay != "manual":
        return tried
    return None if letters.alert_within is None else tried + letters.alert_within


def _tried_for(path: WritePath) -> Seconds | None:
    """Seconds from the first attempt to the last one, without what a person does later; None: not stated."""
    retry = path.retry
    if retry is None:
        return None
    if retry == "none":
        return 0  # a delivery that is doubled on the way comes at once
    if retry.horizon is not None:
        return retry.horizon
    if retry.every is None or not isinstance(retry.max_attempts, int) or retry.backoff not in {None, "none"}:
        return None
    return retry.every * retry.max_attempts


def _unbounded_by(path: WritePath) -> str:
    """The fact that would say how late a repetition can come."""
    retry, letters = path.retry, path.dead_letter
    known = retry == "none" or (
        retry is not None and (retry.horizon is not None or isinstance(retry.max_attempts, int))
    )
    if known and letters is not None and letters != "none" and letters.replay == "manual":
        return "dead_letter.alert_within"
    return "retry.horizon"


def keeps_its_key(dedupe: Dedupe) -> bool | None:
    """Whether a message has the same key at every attempt."""
    if dedupe.key is not None and CHANGES_PER_ATTEMPT & set(dedupe.key):
        return False
    return dedupe.stable_across_retries


def recognises(path: WritePath, events: Collection[str]) -> Standing:
    """Whether a path's `dedupe` swallows every repetition, and only repetitions, of these events.

    Only for paths that state one (`dedupe` neither None nor `none`).
    """
    dedupe = path.dedupe
    if dedupe is None or dedupe == "none":
        raise ValueError(path.id)
    if keeps_its_key(dedupe) is False:
        return Standing(sound=False, defect="dedupe-key-unstable", because="its key differs from attempt to attempt")
    missing = ["dedupe.stable_across_retries"] if dedupe.stable_across_retries is None else []
    latest, tried = horizon(path), _tried_for(path)
    short = False
    if dedupe.retention is None:
        missing.extend(["dedupe.retention"] if latest != 0 else [])
    elif dedupe.retention != "forever":
        short = dedupe.retention == 0 or (tried is not None and max(tried, latest or 0) > dedupe.retention)
        missing.extend([_unbounded_by(path)] if latest is None else [])
    apart = tells_apart(dedupe, events)
    if apart is False:  # it may count repetitions besides
        return Standing(
            sound=False,
            missing=tuple(missing),
            defect="dedupe-key-too-coarse",
            because="two different effects share one key of its ledger",
        )
    if short:
        return Standing(
            sound=False,
            defect="dedupe-window-short",
            because="keys are forgotten before the last repetition can come",
        )
    if apart is None:
        missing.insert(0, "dedupe.key" if dedupe.key is None else "dedupe.unique_per_effect")
    if missing:
        return Standing(sound=None, missing=tuple(missing))
    return Standing(sound=True, because="a stable key, one for each effect, kept for as long as repetitions can come")
