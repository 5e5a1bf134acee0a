"""What goes wrong with a sound map: facts turned bad, or taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.agreement.dice import Dice
    from tests.agreement.shapes import Facts

__all__ = ["rob", "spoil"]

Path = dict[str, Any]
Turn = "Callable[[Facts, Path, Dice], None]"

KEYS: tuple[dict[str, Any] | str, ...] = (
    "none",
    "none",
    {"key": ["order_id"], "retention": "forever", "stable_across_retries": True},
    {"key": ["order_id", "line_id"], "retention": "forever", "stable_across_retries": True},
    {"key": ["event_id"], "retention": "forever", "stable_across_retries": True},
    {"key": ["event_id"], "retention": "forever", "stable_across_retries": False},
    {"key": ["event_id", "sent_at"], "retention": "forever", "stable_across_retries": True},
    {"key": ["event_id"], "retention": "1h", "stable_across_retries": True, "unique_per_effect": True},
    {"key": ["order_id"], "retention": "forever", "stable_across_retries": True, "unique_per_effect": False},
)


def spoil(found: Facts, dice: Dice) -> None:
    """Turn some facts: none in one map of six, seldom more than two."""
    for _ in range(dice.weighed(((1, 0), (3, 1), (2, 2), (1, 3)))):
        paths = found["write_paths"]
        if found["controls"] and dice.chance(0.35):
            _turn_control(found, found["controls"][0], dice)
        elif dice.chance(0.12):
            dice.one(WHOLE)(found, dice)
        elif paths:
            path = dice.one(paths)
            dice.weighed(BOTH + (DELTAS if path["payload"] == "delta" else STATES))(found, path, dice)


# -- any path ----------------------------------------------------------------------------------------------


def _delivery(_: Facts, path: Path, dice: Dice) -> None:
    path["delivery"] = dice.one(("at_most_once", "at_least_once", "exactly_once_effect", "at_most_once"))


def _ack(_: Facts, path: Path, dice: Dice) -> None:
    path["ack"] = dice.one(("before_processing", "before_processing", "after_enqueue"))


def _parking(_: Facts, path: Path, dice: Dice) -> None:
    path["retry"] = dice.one(("none", {"max_attempts": 5, "every": "1m"}, {"max_attempts": 5, "horizon": "2h"}))
    path["dead_letter"] = dice.one(
        (
            "none",
            {"to": "dlq", "monitored": False, "replay": "manual"},
            {"to": "dlq", "monitored": True, "replay": "none"},
            {"to": "dlq", "monitored": True, "replay": "manual"},
            {"to": "dlq", "monitored": True, "replay": "manual", "alert_within": "1h"},
            {"to": "dlq", "monitored": True, "replay": "auto"},
        )
    )
    if dice.chance(0.3):
        path["order"] = dice.one(("per_key", "total"))


def _handoff(_: Facts, path: Path, dice: Dice) -> None:
    path["handoff"] = dice.one(("dual_write", "fire_and_forget", "cdc", "same_transaction", "outbox"))


def _order(_: Facts, path: Path, dice: Dice) -> None:
    path["order"] = dice.one(("none", "per_key", "total"))
    if path["order"] != "none" and dice.chance(0.3):
        path["lane"] = {"name": "lane", "concurrency": 1, "shared": True}


def _guard(_: Facts, path: Path, dice: Dice) -> None:
    choices = ["none", "version", "event_time", "state_machine"]
    if path["payload"] == "state":
        choices += ["event_time", "none", "none", "cas", "lock", "cas_opted_out", "cas_opted_out"]
    path["guard"] = dice.one(choices)


def _filter(_: Facts, path: Path, dice: Dice) -> None:
    path[dice.one(("only", "except"))] = ["b2b"]


def _fires_for(found: Facts, path: Path, dice: Dice) -> None:
    into = [other["id"] for other in found["write_paths"] if other["to"] == path["from"] and other is not path]
    path["fires_for"] = dice.some(["local", *into], 2)


def _off(_: Facts, path: Path, __: Dice) -> None:
    path["enabled"] = False


def _factor(_: Facts, path: Path, dice: Dice) -> None:
    if not isinstance(path.get("maps"), dict):
        return
    left = dice.one(sorted(path["maps"]))
    to = path["maps"][left]
    if not isinstance(to, str):
        return
    path["maps"][left] = dice.one(
        (
            None,
            None,
            {"to": to, "unit_factor": 12},
            {"to": to, "unit_factor": "1/12"},
            {"to": to, "sign": "negated"},
            {"to": to, "unit_factor": "1/12", "rounding": "down"},
        )
    )


def _crossed(found: Facts, path: Path, dice: Dice) -> None:
    """Another quantity, or one left out."""
    maps = path.get("maps")
    if not isinstance(maps, dict):
        return
    left = dice.one(sorted(maps))
    if len(maps) > 1 and dice.chance(0.5):
        del maps[left]
        return
    held = found["systems"][path["from"]].get("holds", {})
    others = sorted({"available", "allocated", "on_hand"} - {left})
    if path["payload"] == "state":
        others = [other for other in others if other in held]
    if others:
        maps[dice.one(others)] = maps.pop(left)


def _fields(_: Facts, path: Path, dice: Dice) -> None:
    path["fields"] = {"note": None}
    path["on_unmapped"] = dice.one(("drop", "error", "quarantine"))


def _listed(found: Facts, path: Path, dice: Dice) -> None:
    """Fewer events than there are, or a list where none was."""
    listed = path.get("events", sorted(found["events"]))
    path["events"] = dice.some(listed, max(1, len(listed) - 1))


def _subscription(_: Facts, path: Path, dice: Dice) -> None:
    path["subscription"] = {"lapses_after_failures": 5, "monitored": dice.chance(0.4)}


def _tag(_: Facts, path: Path, dice: Dice) -> None:
    path["origin_tag"] = dice.chance(0.6)


def _trigger(_: Facts, path: Path, dice: Dice) -> None:
    if "schedule" not in path and "poll" not in path:
        path["trigger"] = dice.one(("webhook", "cdc", "in_process", "manual", "queue"))


BOTH = (
    (4, _delivery), (3, _ack), (4, _parking), (4, _handoff), (4, _order), (4, _guard), (2, _filter), (2, _fires_for),
    (2, _off), (3, _factor), (2, _crossed), (2, _fields), (4, _listed), (1, _subscription), (1, _tag), (1, _trigger),
)  # fmt: skip

# -- amounts -----------------------------------------------------------------------------------------------


def _dedupe(found: Facts, path: Path, dice: Dice) -> None:
    dedupe = dice.one(KEYS)
    path["dedupe"] = dict(dedupe) if isinstance(dedupe, dict) else dedupe
    if isinstance(dedupe, dict) and dedupe.get("retention") == "1h":
        path["retry"] = {"max_attempts": 5, "horizon": dice.one(("30m", "2h"))}
        path["dead_letter"] = {"to": "dlq", "monitored": True, "replay": "auto"}
    if isinstance(dedupe, dict) and dice.chance(0.25):
        path["dedupe"]["ledger"] = "orders"
        for other in found["write_paths"]:
            if other["to"] == path["to"] and isinstance(other.get("dedupe"), dict) and dice.chance(0.7):
                other["dedupe"] = {**other["dedupe"], "ledger": "orders"}


def _op(_: Facts, path: Path, dice: Dice) -> None:
    choices = ["append", "move", "set"]
    if set(path.get("events", ())) <= {"order_captured", "order_cancelled"} and "events" in path:
        choices += ["reserve", "release", "reserve"]
    path["op"] = dice.one(choices)
    if path["op"] in {"reserve", "release"} and dice.chance(0.4):
        path["guard"] = "state_machine"
    if path["op"] == "reserve" and dice.chance(0.3):
        path["trigger"] = "sync_call"


def _base(_: Facts, path: Path, dice: Dice) -> None:
    path["base"] = dice.one(("target", "target", "cached"))
    path["payload"] = "state"
    path["op"] = dice.one(("set", "set", "cas"))
    path["concurrency"] = dice.one(("none", "none", "row_lock", "atomic"))
    path["guard"] = dice.one(("none", "none", "lock", "cas", "version"))
    if dice.chance(0.3):
        path["lane"] = {"name": "lane", "concurrency": 1}
        path["order"] = "per_key"


def _clamp(_: Facts, path: Path, __: Dice) -> None:
    path["clamp_at_zero"] = True


def _number(_: Facts, path: Path, __: Dice) -> None:
    path["payload"] = "state"
    path["op"] = "set"
    path["base"] = "event"


DELTAS = (
    (8, _dedupe), (3, _op), (3, _base), (2, _clamp), (0.5, _number), (2, _dedupe),
)  # fmt: skip

# -- whole values ------------------------------------------------------------------------------------------


def _value_op(_: Facts, path: Path, dice: Dice) -> None:
    path["op"] = dice.one(("adjust", "cas", "cas"))


def _read_at(_: Facts, path: Path, __: Dice) -> None:
    path["read_at"] = "before_commit"


def _if_changed(_: Facts, path: Path, __: Dice) -> None:
    path["only_if_changed"] = True


def _covers(_: Facts, path: Path, dice: Dice) -> None:
    for key in ("schedule", "poll"):
        if key in path:
            path[key] = {**path[key], "covers": dice.one(("full", "changed_only"))}
            if dice.chance(0.3):
                path[key].pop("every", None)


def _watermark(_: Facts, path: Path, dice: Dice) -> None:
    if "poll" in path:
        path["poll"] = {
            **path["poll"],
            "watermark": dice.one(("client_clock", "source_updated_at", "cursor")),
            "advance_on": dice.one(("always", "success_only")),
            "lookback": dice.one(("0s", "1h")),
        }


def _fetch(_: Facts, path: Path, __: Dice) -> None:
    path["payload"] = "notify_then_fetch"


def _value_ledger(_: Facts, path: Path, dice: Dice) -> None:
    path["dedupe"] = {
        "key": ["value"], "retention": "forever", "stable_across_retries": True, "unique_per_effect": dice.chance(0.4)
    }  # fmt: skip


def _fires_on(_: Facts, path: Path, __: Dice) -> None:
    path["fires_on"] = "write"


STATES = (
    (3, _value_op), (3, _read_at), (3, _if_changed), (3, _covers), (2, _watermark), (2, _fetch), (1, _value_ledger),
    (1, _fires_on), (1, _clamp),
)  # fmt: skip

# -- the whole map -----------------------------------------------------------------------------------------


def _stored(found: Facts) -> list[Facts]:
    """The cells that store a number."""
    holds = [system.get("holds", {}) for system in found["systems"].values()]
    return [each for held in holds for each in held.values() if each["role"] != "derived"]


def _opening(found: Facts, dice: Dice) -> None:
    held = [each for system in found["systems"].values() for each in system.get("holds", {}).values()]
    if held:
        dice.one(held)["opening"] = "none"


def _role(found: Facts, dice: Dice) -> None:
    held = [each for system in found["systems"].values() for each in system.get("holds", {}).values()]
    held = [each for each in held if each.get("role") != "derived"]
    if held:
        dice.one(held)["role"] = dice.one(("authoritative", "mirror", "mirror", "consumer"))


def _unit(found: Facts, dice: Dice) -> None:
    held = _stored(found)
    if held:
        dice.one(held)["unit"] = "case"


def _whole_units(found: Facts, dice: Dice) -> None:
    held = _stored(found)
    if held:
        dice.one(held)["integer_only"] = True


def _buffer(found: Facts, dice: Dice) -> None:
    held = _stored(found)
    if held:
        dice.one(held)["buffer"] = 3


def _statuses(found: Facts, dice: Dice) -> None:
    held = _stored(found)
    for system in found["systems"].values():
        for each in system.get("holds", {}).values():
            each["statuses"] = ["good"]
    if held and dice.chance(0.7):
        dice.one(held)["statuses"] = ["good", "damaged"]


def _applies(found: Facts, dice: Dice) -> None:
    """An event that is not booked where it happens."""
    event = dice.one(sorted(found["events"]))
    origin = dice.one(list(found["events"][event]["at"]))
    held = sorted(found["systems"][origin].get("holds", {}))
    if held:
        at: Facts = {name: {} for name in found["events"][event]["at"]}
        at[origin] = {"applies": held[1:]}
        found["events"][event] = {**found["events"][event], "at": at}


def _counting(found: Facts, dice: Dice) -> None:
    if "cycle_counted" in found["events"]:
        at = found["events"]["cycle_counted"]["at"]
        found["events"]["cycle_counted"] = {"at": {name: {dice.one(("as_of", "frozen")): True} for name in at}}


def _elsewhere(found: Facts, dice: Dice) -> None:
    """An event that happens somewhere else, or there too."""
    event = dice.one(sorted(found["events"]))
    other = dice.one(sorted(found["systems"]))
    at = found["events"][event]["at"]
    if isinstance(at, list) and other not in at:
        found["events"][event] = {
            **found["events"][event], "at": [other] if dice.chance(0.4) else [*at[:1], other]
        }  # fmt: skip


def _someone(found: Facts, dice: Dice) -> None:
    """A person who adjusts a count without anybody hearing of it."""
    if "clerk" in found["systems"]:
        return
    found["systems"]["clerk"] = {"kind": "human", "owner": "team"}
    found["events"]["inventory_adjusted"] = {"at": ["clerk"]}
    target = dice.one([name for name, system in found["systems"].items() if system.get("holds")])
    held = [name for name in found["systems"][target]["holds"] if name != "allocated"]
    if held:
        from tests.semantics.small_maps import delta

        maps = {name: name for name in held}
        found["write_paths"].append(
            delta("by-hand", "clerk", target, "inventory_adjusted", trigger="manual", maps=maps)
        )


WHOLE = (_opening, _role, _unit, _whole_units, _buffer, _statuses, _applies, _counting, _elsewhere, _someone)


def _turn_control(found: Facts, control: Path, dice: Dice) -> None:
    key, value = dice.one(
        (
            ("settle", "0s"),
            ("settle", "1s"),
            ("settle", "90d"),
            ("scope", "sampled"),
            ("on_mismatch", "none"),
            ("on_mismatch", "correct"),
            ("last_success_monitored", False),
            ("measure", "totals"),
            ("survives_restart", False),
            ("turn", "round"),
            ("corrects", control["compare"]["authority"]),
        )
    )
    if key == "turn":
        compare = control["compare"]
        control["compare"] = {"authority": compare["mirror"], "mirror": compare["authority"]}
    else:
        control[key] = value


# -- unknown facts -----------------------------------------------------------------------------------------

ASKED = (
    "delivery", "ack", "retry", "dead_letter", "handoff", "order", "guard", "dedupe", "op", "trigger", "events", "maps",
    "concurrency", "only_if_changed", "latency", "payload", "origin_tag", "read_at", "dedupe.retention",
    "dedupe.stable_across_retries", "schedule.covers", "schedule.every", "poll.watermark",
)  # fmt: skip
ASKED_OF_CONTROLS = ("settle", "scope", "every", "on_mismatch", "last_success_monitored", "measure")


def rob(found: Facts, dice: Dice, spared: Collection[str] = ()) -> None:
    """Take up to three facts away, from two maps in five, but for some that are `spared`."""
    if not dice.chance(0.4):
        return
    for _ in range(1 + dice.number(2)):
        entries = [*found["write_paths"], *found["controls"]]
        if not entries:
            return
        entry = dice.one(entries)
        if "kind" in entry:
            entry.pop(dice.one(ASKED_OF_CONTROLS), None)
            continue
        there = [key for key in ASKED if _there(entry, key) and key not in spared]
        key = dice.one(there)
        if key == "payload":
            held = set(entry.get("maps", ())) <= set(found["systems"][entry["from"]].get("holds", {}))
            if held or ("base" not in entry and entry.get("op") in {"set", "cas"}):
                entry.pop("op", None)  # it would say that values are sent, of what is perhaps not held
        head, _, tail = key.partition(".")
        if tail:
            entry[head] = {name: value for name, value in entry[head].items() if name != tail}
        else:
            entry.pop(head)


def _there(entry: Path, key: str) -> bool:
    head, _, tail = key.partition(".")
    if tail:
        return isinstance(entry.get(head), dict) and tail in entry[head]
    return head in entry
