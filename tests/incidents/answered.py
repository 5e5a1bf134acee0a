"""What an incident's record leaves open, answered in the kindest way, so that its own defect is all that is left.

A thread tells what went wrong and little else: no map of it could be proved, mended or not. Here every fact that a
file leaves out is given its safe value, the same in the map and in its mended form. What the file states is never
touched, save `complete: false`, which says of the file and not of the incident that more may exist.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.semantics.small_maps import Facts

__all__ = ["answered"]

_CELL: Facts = {"role": "mirror", "unit": "each", "locations": "all", "tolerates": "48h", "integer_only": False}
_PATH: Facts = {
    "delivery": "at_least_once",
    "order": "per_key",
    "ack": "after_commit",
    "retry": {"max_attempts": "unlimited", "every": "1m"},
    "dead_letter": "none",
    "concurrency": "atomic",
    "latency": "30s",
    "only_if_changed": False,
    "read_at": "after_commit",
}
_KNOWN_AGAIN: Facts = {
    "key": ["event_id"],
    "retention": "forever",
    "stable_across_retries": True,
    "unique_per_effect": True,
}
_PULLED = {
    "schedule": ("schedule", {"every": "24h", "covers": "full"}),
    "batch_file": ("schedule", {"every": "24h", "covers": "full"}),
    "poll": ("poll", {"every": "15m", "covers": "full"}),
}
_POLLED_AMOUNTS: Facts = {
    "watermark": "cursor",
    "lookback": "1h",
    "advance_on": "success_only",
    "follows_pages": True,
    "granularity": "1ms",
    "bounds_time_zone": "UTC",
}


def answered(facts: Facts, answers: Facts | None = None) -> Facts:
    """The map with every open fact answered, by `answers` first: facts of paths and systems, and whole new paths."""
    found = deepcopy(facts)
    found["complete"] = True
    found.setdefault("controls", [])
    for system, said in (answers or {}).get("systems", {}).items():
        _add(found["systems"][system], said)
    for path in found["write_paths"]:
        _add(path, (answers or {}).get("write_paths", {}).get(path["id"], {}))
    found["write_paths"] += deepcopy((answers or {}).get("entries", []))
    for system in found["systems"].values():
        _answer_system(system)
    for path in found["write_paths"]:
        _answer_path(path)
    return found


def _answer_system(system: Facts) -> None:
    system.setdefault("owner", "team")
    system.setdefault("item_key", "sku")
    held = system.get("holds", {})
    held = {name: {} for name in held} if isinstance(held, list) else held
    system["holds"] = {name: _with(holding or {}, _CELL) for name, holding in held.items()}


def _answer_path(path: Facts) -> None:
    path.setdefault("trigger", "queue")
    if "op" not in path:
        path["op"] = "adjust" if path.get("payload", "delta") == "delta" else "set"
    values = path.get("payload", "state" if path["op"] in {"set", "cas"} else "delta") != "delta"
    values = values and path.get("base") not in {"target", "cached"}
    in_process = path["trigger"] == "in_process"
    path.update(_with(path, _PATH))
    path.setdefault("handoff", "same_transaction" if in_process else "outbox")
    path.setdefault("guard", "version" if values else "none")
    if not values:
        path["dedupe"] = (
            _with(path["dedupe"], _KNOWN_AGAIN)
            if isinstance(path.get("dedupe"), dict)
            else path.get("dedupe", dict(_KNOWN_AGAIN))
        )
    key, run = _PULLED.get(path["trigger"], ("", {}))
    if key:
        path[key] = _with(path.get(key, {}), run if values else {**run, **_POLLED_AMOUNTS} if key == "poll" else run)


def _add(there: Facts, said: Facts) -> None:
    """Answer facts of one entry; one that is stated is no open fact."""
    for key, value in said.items():
        if isinstance(there.get(key), dict) and isinstance(value, dict):
            _add(there[key], value)
        else:
            assert key not in there, f"{key} is stated"
            there[key] = value


def _with(stated: Facts, silent: Facts) -> Facts:
    """What is stated, and the kind answer to the rest."""
    return {**silent, **stated}
