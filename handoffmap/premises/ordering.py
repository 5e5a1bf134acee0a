"""Whether messages come in the order in which they were sent: of one path, and of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask

if TYPE_CHECKING:
    from handoffmap.model import DeadLetter, WritePath

__all__ = ["STAMPED", "in_one_lane", "newest_last", "one_stamp", "order_of", "perhaps_one_stamp"]

STAMPED = frozenset({"version", "state_machine", "event_time"})
"""Guards that refuse a value that is older than the last one."""


def order_of(path: WritePath) -> tuple[tuple[Ask, ...] | None, str]:
    """Whether a path's messages keep their order: empty asks yes, None no, else the facts it hangs on; and why."""
    if path.order in {"per_key", "total"}:
        asks, because = _in_turn(path)
        return ((Ask("path", path.id, "guard"),) if asks is None and path.guard is None else asks), because
    unsaid = ["guard"] if path.guard is None else []
    if path.order is None and _in_turn(path)[0] is not None:
        unsaid.append("order")
    if unsaid:
        asks = tuple(Ask("path", path.id, fact) for fact in unsaid)
        return asks, "nobody has said whether order is kept or an older value refused"
    return None, "messages may overtake each other and nothing refuses an older value"


def _in_turn(path: WritePath) -> tuple[tuple[Ask, ...] | None, str]:
    """The same for a path whose messages are worked off one after the other: a failed one must not come later."""
    letters = path.dead_letter
    if path.delivery == "at_most_once" or letters == "none":
        return (), "messages keep their order"
    if getattr(path.retry, "max_attempts", None) == "unlimited":
        return (), "messages keep their order and a failed one blocks those behind it"
    if path.delivery == "exactly_once_effect" and not _are_replayed(letters):
        return (), "messages keep their order"
    if letters is None:
        return (Ask("path", path.id, "dead_letter"),), "nobody has said whether failed messages are replayed late"
    if letters.replay == "none":
        return (), "messages keep their order"
    if letters.replay is None:
        return (Ask("path", path.id, "dead_letter.replay"),), "nobody has said whether dead letters are replayed"
    return None, "a replayed dead letter comes out of order"


def _are_replayed(letters: DeadLetter | None) -> bool:
    """Whether what has failed is certainly sent again later, which is too late even for what takes effect once."""
    if letters is None:
        return False
    return letters.replay == "auto" or (letters.replay == "manual" and letters.monitored is True)


def newest_last(path: WritePath) -> bool:
    """Whether the newest value of a path is the last one that its target takes from it."""
    return path.guard in STAMPED or order_of(path)[0] == ()


def in_one_lane(one: WritePath, other: WritePath) -> bool | None:
    """Whether two paths of one source wait in one queue that is worked off one message at a time; None: not stated."""
    if one.source != other.source or one.target != other.target or "none" in {one.order, other.order}:
        return False
    first, second = one.lane, other.lane
    if first is None or second is None or first.name is None or first.name != second.name:
        return False
    facts = (first.concurrency, second.concurrency, first.shared, second.shared)
    if not {None, 1} >= set(facts):
        return False
    return None if None in facts or None in {one.order, other.order} else True


def one_stamp(one: WritePath, other: WritePath) -> bool:
    """Whether what one path brings late is refused for what the other has brought, or never comes late."""
    guards = {one.guard, other.guard}
    if one.source == other.source and (guards <= {"version", "state_machine"} or guards == {"event_time"}):
        return True
    return in_one_lane(one, other) is True


def perhaps_one_stamp(one: WritePath, other: WritePath) -> tuple[Ask, ...] | None:
    """The facts on which it hangs whether the same holds; empty: it does, None: it does not."""
    if one_stamp(one, other):
        return ()
    guards = {one.guard, other.guard}
    if one.source != other.source or not guards <= {None, "version", "state_machine"}:
        return None
    return tuple(Ask("path", each.id, "guard") for each in (one, other) if each.guard is None)
