"""Random valid topologies for the agreement of rules and witness model.

A map is a *shape* (who writes whom) whose facts are all stated and sound, then *spoiled* in a few places, then perhaps
robbed of up to three facts. Limits: two origins an event, five paths, one control, one unit and one place unless the
spoiled fact is about them.
"""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Any

from tests.agreement.dice import Dice
from tests.agreement.shapes import SHAPES
from tests.agreement.spoiling import rob, spoil

if TYPE_CHECKING:
    from tests.agreement.shapes import Facts

__all__ = ["MOST_PATHS", "generate"]

MOST_PATHS = 5


def generate(seed: int, number: int) -> Facts:
    """Map `number` of the series `seed`, as plain data."""
    dice = Dice(random.Random(seed * 1_000_003 + number))  # noqa: S311 - a test's choices, no secret
    found = copy.deepcopy(dice.weighed(SHAPES)(dice))
    del found["write_paths"][MOST_PATHS:]
    spoil(found, dice)
    rob(found, dice)
    return _deliverable(found)


def _deliverable(found: Facts) -> Facts:
    """Without paths that never deliver anything: what they claim nobody could check."""
    while True:
        heard = _heard(found)
        paths = [path for path in found["write_paths"] if _delivers(found, path, heard)]
        if len(paths) == len(found["write_paths"]):
            return found
        gone = {path["id"] for path in found["write_paths"]} - {path["id"] for path in paths}
        found["write_paths"] = paths
        for path in paths:
            if gone & set(path.get("fires_for", ())):
                path.pop("fires_for")
            if gone & set(path.get("atomic_with", ())):
                path.pop("atomic_with")


def _heard(found: Facts) -> dict[str, set[str]]:
    """System -> events that may come to it."""
    heard: dict[str, set[str]] = {name: set() for name in found["systems"]}
    for event, facts in found["events"].items():
        for origin in facts["at"]:
            heard[origin].add(event)
    for _ in range(MOST_PATHS):
        for path in found["write_paths"]:
            if path.get("payload") != "state" and path.get("enabled", True):
                listed = set(path.get("events", found["events"]))
                heard[path["to"]] |= heard[path["from"]] & listed
    return heard


def _delivers(found: Facts, path: dict[str, Any], heard: dict[str, set[str]]) -> bool:
    """Whether anything can set the path off."""
    listed = set(path.get("events", found["events"]))
    if path.get("payload") == "delta" or "events" in path:
        return bool(heard[path["from"]] & listed)
    held = found["systems"][path["from"]].get("holds", {})
    if path.get("base") == "event":
        return True
    lefts = set(path["maps"]) if isinstance(path.get("maps"), dict) else set(held)
    return bool(lefts & set(held))
