"""**Neighbours** of the maps that were written by hand: the same with one or two facts changed or taken away.

Each rule has maps of its own in the tests; what lies one fact beside them is where its clauses decide.
"""

from __future__ import annotations

import copy
import importlib
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from handoffmap.rules import all_rules
from tests.agreement.dice import Dice
from tests.rules.pages import page_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.agreement.shapes import Facts

__all__ = ["by_hand", "neighbour"]

HERE = Path(__file__).parent
FOLDERS = (HERE / "regressions", HERE.parent / "semantics" / "cases", HERE.parent / "incidents")
TABLES = (
    "tests.rules.test_silence_controls_and_timing",
    "tests.rules.test_silence_mapping",
    "tests.rules.test_silence_reach",
    "tests.rules.test_silence_writers_and_delivery",
)

WORDS: dict[str, tuple[Any, ...]] = {
    "trigger": (
        "sync_call",
        "webhook",
        "queue",
        "poll",
        "schedule",
        "batch_file",
        "cdc",
        "manual",
        "in_process",
    ),
    "payload": ("delta", "state", "notify_then_fetch"),
    "op": ("adjust", "set", "cas", "move", "reserve", "release", "append"),
    "base": ("source", "target", "cached", "event"),
    "fires_on": ("change", "write"),
    "delivery": ("at_most_once", "at_least_once", "exactly_once_effect"),
    "order": ("none", "per_key", "total"),
    "ack": ("before_processing", "after_enqueue", "after_commit"),
    "guard": ("none", "version", "event_time", "state_machine", "cas", "lock", "cas_opted_out"),
    "concurrency": ("none", "row_lock", "atomic"),
    "handoff": ("outbox", "cdc", "same_transaction", "dual_write", "fire_and_forget"),
    "on_unmapped": ("drop", "error", "quarantine"),
    "read_at": ("before_commit", "after_commit"),
    "on_missing_record": ("keep", "zero", "error"),
    "origin_tag": (True, False),
    "only_if_changed": (True, False),
    "clamp_at_zero": (True,),
    "enabled": (False,),
    "dedupe": (
        "none",
        {"key": ["order_id"], "retention": "forever", "stable_across_retries": True},
        {"key": ["order_id", "line_id"], "retention": "forever", "stable_across_retries": True},
        {"key": ["event_id"], "retention": "forever", "stable_across_retries": True},
        {"key": ["event_id"], "retention": "forever", "stable_across_retries": False},
        {"key": ["event_id"], "retention": "1h", "stable_across_retries": True, "ledger": "orders"},
        {"key": ["event_id"], "retention": "forever", "stable_across_retries": True, "ledger": "orders"},
        {"key": ["payload_hash"], "retention": "forever", "unique_per_effect": False, "stable_across_retries": True},
        {"key": ["number"], "retention": "1d"},
    ),
    "retry": (
        "none",
        {"max_attempts": "unlimited", "every": "1m"},
        {"max_attempts": 5, "every": "1m"},
        {"max_attempts": 5, "horizon": "2h"},
        {"horizon": "2h"},
        {"every": "1m"},
    ),
    "dead_letter": (
        "none",
        {"to": "dlq", "monitored": False, "replay": "manual"},
        {"to": "dlq", "monitored": True, "replay": "none"},
        {"to": "dlq", "monitored": True, "replay": "manual"},
        {"to": "dlq", "monitored": True, "replay": "auto", "alert_within": "1h"},
        {"monitored": True},
        {"replay": "manual"},
    ),
    "schedule": (
        {"every": "24h", "covers": "full"},
        {"every": "1h", "covers": "changed_only"},
        {"every": "1h"},
        {"covers": "full"},
    ),
    "poll": (
        {"every": "5m", "watermark": "cursor", "advance_on": "success_only", "lookback": "1h"},
        {"every": "5m", "watermark": "client_clock", "advance_on": "always", "lookback": "0s"},
        {"every": "5m", "watermark": "source_updated_at"},
        {"every": "5m", "covers": "full"},
    ),
    "subscription": (
        {"lapses_after_failures": 5, "monitored": False},
        {"lapses_after_failures": 5},
        {"lapses_after_failures": 5, "monitored": True, "backstop": "none"},
    ),
    "lane": ({"name": "lane", "concurrency": 1, "shared": True}, {"name": "lane", "concurrency": 4}),
    "fires_for": (["local"],),
    "only": (["b2b"],),
    "except": (["b2b"],),
    "items": (["shoes"], ["shoes", "hats"]),
    "location": ("east", "west"),
    "per": ("order", "line", "shipment"),
    "expires_after": ("2h", "never"),
    "fields": ({"note": None}, {"note": {"dropped": True, "key": True}}, {"note": {"dropped": True}}),
}
"""Facts of a path, and what each may say."""

OF_A_CELL: dict[str, tuple[Any, ...]] = {
    "role": ("authoritative", "mirror", "consumer"),
    "unit": ("each", "pcs", "case"),
    "opening": ("none",),
    "buffer": (3,),
    "integer_only": (True,),
    "statuses": (["good"], ["good", "damaged"]),
    "locations": (["east"], ["east", "west"], "all"),
    "share": ("own",),
}
OF_A_SYSTEM: dict[str, tuple[Any, ...]] = {
    "kind": ("human", "pos", "middleware", "wms", "storefront"),
    "items": (["shoes"], ["shoes", "hats"]),
    "item_key": ("sku", "ean", {"field": "sku", "may_change": True}),
    "sells_kits": (True, False),
    "holds_components": (True, False),
    "part_of": ("suite",),
}
OF_A_CONTROL: dict[str, tuple[Any, ...]] = {
    "every": ("24h",),
    "scope": ("full", "sampled", "changed_only"),
    "measure": ("cells", "totals"),
    "on_mismatch": ("none", "report", "alert", "block", "correct"),
    "settle": ("0s", "1s", "1h", "90d"),
    "last_success_monitored": (True, False),
    "survives_restart": (True, False),
}
EVENTS = (
    "order_captured", "order_cancelled", "shipment_confirmed", "shipment_voided", "po_received", "cycle_counted",
    "inventory_adjusted", "pos_sale", "pos_return", "return_received", "order_edited",
)  # fmt: skip


class _WithoutDates(yaml.SafeLoader):
    """Reads a date as the text that it is."""


_WithoutDates.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def by_hand() -> Iterator[Facts]:
    """The maps of the rules' pages and tables, the cases and the regressions."""
    texts = [text for rule in all_rules() if rule.scope != "file" for text in _of_page(rule.page)]
    for name in TABLES:
        module = importlib.import_module(name)
        for test in vars(module).values():
            marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
            for mark in marks:
                rows = [getattr(row, "values", row) for row in mark.args[1]]
                texts += [value for row in rows if not callable(row) for value in row if _is_map(value)]
    for folder in FOLDERS:
        texts += [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml")) if path.stem != "expected"]
    for text in dict.fromkeys(texts):
        found = yaml.load(text, _WithoutDates)  # noqa: S506 - a SafeLoader
        if isinstance(found, dict) and found.get("systems"):
            yield _listed(found)


def _of_page(page: str) -> tuple[str, str]:
    parts = page_of(page)
    return parts.flagged, parts.use_instead


def _is_map(value: Any) -> bool:
    return isinstance(value, str) and "handoffmap:" in value


def _listed(found: Facts) -> Facts:
    """Paths and controls as lists with ids, systems and their cells in the long form."""
    for key in ("write_paths", "controls"):
        if isinstance(found.get(key), dict):
            found[key] = [{"id": name, **(facts or {})} for name, facts in found[key].items()]
    for system in found["systems"].values():
        holds = system.get("holds") or {}
        holds = dict.fromkeys(holds) if isinstance(holds, list) else holds
        system["holds"] = {
            name: dict(each) if isinstance(each, dict) else {"role": each} if each else {}
            for name, each in holds.items()
        }
    return found


def neighbour(found: Facts, seed: int) -> Facts:
    """The map with one to three facts changed; it may be one that the reader refuses."""
    dice = Dice(random.Random(seed))  # noqa: S311 - a test's choices, no secret
    changed = copy.deepcopy(found)
    for _ in range(dice.weighed(((5, 1), (3, 2), (1, 3)))):
        dice.weighed(CHANGES)(changed, dice)
    return changed


def _one_fact(entry: dict[str, Any], words: dict[str, tuple[Any, ...]], dice: Dice) -> None:
    """One fact left open, or said otherwise; rather one that is stated."""
    stated = [key for key in entry if key in words]
    key = dice.one(stated) if stated and dice.chance(0.6) else dice.one(sorted(words))
    if key in entry and dice.chance(0.3):
        del entry[key]
        return
    value = copy.deepcopy(dice.one(words[key]))
    if isinstance(entry.get(key), dict) and isinstance(value, dict) and dice.chance(0.5):
        inner = dice.one(sorted({*entry[key], *value}))
        entry[key] = {name: each for name, each in entry[key].items() if name != inner}
        if inner in value:
            entry[key][inner] = value[inner]
        return
    entry[key] = value


def _path(found: Facts, dice: Dice) -> None:
    if found.get("write_paths"):
        _one_fact(dice.one(found["write_paths"]), WORDS, dice)


def _cell(found: Facts, dice: Dice) -> None:
    held = [each for system in found["systems"].values() for each in (system.get("holds") or {}).values()]
    if held:
        _one_fact(dice.one(held), OF_A_CELL, dice)


def _system(found: Facts, dice: Dice) -> None:
    _one_fact(found["systems"][dice.one(sorted(found["systems"]))], OF_A_SYSTEM, dice)


def _control(found: Facts, dice: Dice) -> None:
    controls = found.get("controls") or []
    if controls and dice.chance(0.8):
        _one_fact(dice.one(controls), OF_A_CONTROL, dice)
        return
    cells = [f"{name}.{held}" for name, system in found["systems"].items() for held in system.get("holds") or {}]
    if len(cells) > 1:
        authority, mirror = dice.one(cells), dice.one(cells)
        facts = {key: dice.one(words) for key, words in OF_A_CONTROL.items() if dice.chance(0.8)}
        compared = {"authority": authority, "mirror": mirror}
        found["controls"] = [*controls, {"id": "check-more", "kind": "reconciliation", "compare": compared, **facts}]


def _events_of_a_path(found: Facts, dice: Dice) -> None:
    if not found.get("write_paths"):
        return
    path = dice.one(found["write_paths"])
    listed = list(path.get("events") or ())
    if listed and dice.chance(0.5):
        path["events"] = dice.some(listed, len(listed))
    elif listed and dice.chance(0.3):
        del path["events"]
    else:
        path["events"] = [*listed, *([dice.one(sorted(found["events"]))] if found.get("events") else [])]


def _event(found: Facts, dice: Dice) -> None:
    events = found.setdefault("events", {})
    names = sorted(found["systems"])
    if not events or dice.chance(0.3):
        events.setdefault(dice.one(EVENTS), {"at": [dice.one(names)]})
        return
    event = dice.one(sorted(events))
    if dice.chance(0.2):
        del events[event]
        return
    at = list(events[event].get("at") or ())
    way = dice.number(2)
    if way == 0:
        events[event]["at"] = dice.some(names, 2)
    elif way == 1:
        events[event]["at"] = [*at, dice.one(names)] if at else [dice.one(names)]
    else:
        facts: list[Facts] = [{"as_of": True}, {"frozen": True}, {"applies": []}, {"applies": ["on_hand"]}]
        events[event]["at"] = {name: dict(dice.one(facts)) for name in at}


def _mapping(found: Facts, dice: Dice) -> None:
    paths = [path for path in found.get("write_paths") or () if isinstance(path.get("maps"), dict) and path["maps"]]
    if not paths:
        return
    path = dice.one(paths)
    left = dice.one(sorted(path["maps"]))
    to = path["maps"][left]
    long = dict(to) if isinstance(to, dict) else {"to": to or left}
    way = dice.number(7)
    if way == 0:
        path["maps"][left] = None
    elif way == 1:
        path["maps"] = {name: each for name, each in path["maps"].items() if name != left}
    elif way == 2:
        path["maps"] = {**path["maps"], dice.one(("available", "on_hand", "allocated")): long["to"]}
    elif way == 3:
        path.pop("maps")
    else:
        facts: list[Facts] = [
            {"unit_factor": 12}, {"unit_factor": "1/12"}, {"unit_factor": 1}, {"unit_factor": "per_item"},
            {"sign": "negated"}, {"sign": "same"}, {"rounding": "down"}, {"rounding": "none"},
            {"minus": ["allocated"]}, {"plus": ["allocated"]},
        ]  # fmt: skip
        path["maps"][left] = {**long, **dice.one(facts)}


def _another_path(found: Facts, dice: Dice) -> None:
    if not found.get("write_paths"):
        return
    path = copy.deepcopy(dice.one(found["write_paths"]))
    path["id"] = f"{path['id']}-2"
    way = dice.number(3)
    names = sorted(found["systems"])
    if way == 0:
        path["from"], path["to"] = path["to"], path["from"]
    elif way == 1:
        path["from"] = dice.one(names)
    elif way == 2:
        path["to"] = dice.one(names)
    _one_fact(path, WORDS, dice)
    found["write_paths"].append(path)


def _excerpt(found: Facts, _: Dice) -> None:
    found["complete"] = False


CHANGES: tuple[tuple[float, Callable[[Facts, Dice], None]], ...] = (
    (40, _path), (8, _cell), (3, _system), (6, _control), (6, _events_of_a_path), (8, _event), (8, _mapping),
    (8, _another_path), (1, _excerpt),
)  # fmt: skip
