"""A disagreement -> **the smallest map** found on which the two roads still differ in the same way."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tests.agreement.compare import Invalid, compare
from tests.agreement.generator import idle_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.agreement.compare import Disagreement

__all__ = ["shrunk"]

Facts = dict[str, Any]


def shrunk(found: Facts, each: Disagreement) -> tuple[Facts, Disagreement]:
    """Drop what can be dropped, one thing after another, until nothing can."""
    best, last = found, each
    again = True
    while again:
        again = False
        for smaller in _smaller(best):
            still = _differs(smaller, each)
            if still is not None:
                best, last, again = smaller, still, True
                break
    return best, last


def _differs(found: Facts, each: Disagreement) -> Disagreement | None:
    if not found["events"] or _dangles(found) or idle_paths(found) or _lacks_a_base(found):
        return None
    try:
        compared = compare(found, each.cell)
    except Invalid:
        return None
    for other in compared.disagreements:
        if other.cell == each.cell and (other.rules, other.model) == (each.rules, each.model):
            return other
    return None


def _dangles(found: Facts) -> bool:
    """Whether a path or an event names a system that is no longer there."""
    named = {name for path in found["write_paths"] for name in (path["from"], path["to"])}
    named |= {origin for event in found["events"].values() for origin in event["at"]}
    return bool(named - set(found["systems"]))


def _lacks_a_base(found: Facts) -> bool:
    """Whether a formula, or a path of values, speaks of a cell that is no longer there."""
    for path in found["write_paths"]:
        held = found["systems"][path["from"]].get("holds", {})
        if path.get("payload") != "delta" and not path.get("base") and set(path.get("maps", ())) - set(held):
            return True
    for system in found["systems"].values():
        held = system.get("holds", {})
        for each in held.values():
            if set(each.get("derived_from", "").replace("-", " ").split()) - set(held):
                return True
    return False


def _smaller(found: Facts) -> Iterator[Facts]:  # noqa: C901, PLR0912 - one thing after another
    """The map with one thing less, the large things first."""
    for index in range(len(found["write_paths"])):
        yield _without(found, "write_paths", index)
    for index in range(len(found["controls"])):
        yield _without(found, "controls", index)
    for event in found["events"]:
        smaller = _without(found, "events", event)
        for path in smaller["write_paths"]:
            if event in path.get("events", ()):
                path["events"] = [other for other in path["events"] if other != event]
        smaller["write_paths"] = [path for path in smaller["write_paths"] if path.get("events", True)]
        yield smaller
    for name in found["systems"]:
        yield _without(found, "systems", name)
    for name, event in found["events"].items():
        if len(event["at"]) > 1:
            for origin in event["at"]:
                yield _without(found, "events", name, "at", _place(event["at"], origin))
        if isinstance(event["at"], dict):
            smaller = copy.deepcopy(found)
            smaller["events"][name]["at"] = list(event["at"])
            yield smaller
    for name, system in found["systems"].items():
        for quantity, held in system.get("holds", {}).items():
            yield _without(found, "systems", name, "holds", quantity)
            for fact in held:
                if fact not in {"role", "unit", "locations", "derived_from", "tolerates"}:
                    yield _without(found, "systems", name, "holds", quantity, fact)
    for index, path in enumerate(found["write_paths"]):
        if isinstance(path.get("maps"), dict):
            for left in path["maps"]:
                yield _without(found, "write_paths", index, "maps", left)
        for position in range(len(path.get("events", ()))):
            yield _without(found, "write_paths", index, "events", position)
        for fact in path:
            if fact in _SAFE and path[fact] != _SAFE[fact]:
                smaller = copy.deepcopy(found)
                smaller["write_paths"][index][fact] = _SAFE[fact]
                yield smaller
            if fact in _EXTRA and not (fact == "events" and _carries_amounts(path)):
                yield _without(found, "write_paths", index, fact)


def _carries_amounts(path: Facts) -> bool:
    """Whether a path has to say which events it carries: without, that is one more unknown fact."""
    return path.get("payload") != "state" or bool(path.get("base"))


def _place(at: Any, origin: str) -> Any:
    return origin if isinstance(at, dict) else at.index(origin)


def _without(found: Facts, *way: Any) -> Facts:
    smaller = copy.deepcopy(found)
    here: Any = smaller
    for step in way[:-1]:
        here = here[step]
    del here[way[-1]]
    return smaller


_SAFE: Facts = {
    "delivery": "exactly_once_effect",
    "handoff": "outbox",
    "dead_letter": "none",
    "retry": {"max_attempts": "unlimited", "every": "1m"},
    "order": "per_key",
    "ack": "after_commit",
    "read_at": "after_commit",
    "only_if_changed": False,
    "trigger": "queue",
    "latency": "30s",
    "concurrency": "atomic",
    "origin_tag": False,
    "guard": "none",
}
_EXTRA = frozenset(
    {
        "only", "except", "fires_for", "clamp_at_zero", "fields", "on_unmapped", "subscription", "per", "lane",
        "fires_on", "enabled", "events", "base",
    }
)  # fmt: skip
