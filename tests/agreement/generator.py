"""Random valid topologies for the agreement of rules and witness model.

A map is a *shape* (who writes whom) whose facts are all stated and sound, then *spoiled* in a few places, then perhaps
robbed of up to three facts. Every fifth is of a rare shape, in which rules may speak that hardly ever do elsewhere.
Limits: two origins an event, five paths, one control, one unit and one place unless the spoiled fact is about them;
no two mistakes of which one undoes the other only because no two amounts of the model are alike.
"""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Any

from handoffmap.vocabulary import BUILT_IN_EVENTS
from tests.agreement.dice import Dice
from tests.agreement.rare import PAIRED, PAIRED_FACTS, RARE, SELDOM
from tests.agreement.shapes import SHAPES
from tests.agreement.spoiling import rob, spoil

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.agreement.shapes import Facts

__all__ = ["MOST_PATHS", "generate", "idle_paths", "shape_of"]

MOST_PATHS = 5
_RARE = {shape for _, shape in (*RARE, *SELDOM)}


RARE_EVERY = 5
"""Each so manieth map has a rare shape."""
SELDOM_EVERY = 50
"""Each so manieth one of those that come most seldom; a multiple of the other, so that the rest stays as it is."""


def shape_of(seed: int, number: int) -> str:
    """The shape that map `number` of the series `seed` is made from."""
    return _shape(Dice(_chance(seed, number)), number).__name__


def _shape(dice: Dice, number: int) -> Callable[[Dice], Facts]:
    if number % SELDOM_EVERY == SELDOM_EVERY - 1:
        return dice.weighed(SELDOM)
    return dice.weighed(RARE if number % RARE_EVERY == RARE_EVERY - 1 else SHAPES)


def _chance(seed: int, number: int) -> random.Random:
    return random.Random(seed * 1_000_003 + number)  # noqa: S311 - a test's choices, no secret


def generate(seed: int, number: int) -> Facts:
    """Map `number` of the series `seed`, as plain data."""
    dice = Dice(_chance(seed, number))
    shape = _shape(dice, number)
    found = copy.deepcopy(shape(dice))
    del found["write_paths"][MOST_PATHS:]
    if shape not in _RARE or dice.chance(0.5):
        spoil(found, dice)
    rob(found, dice, spared=PAIRED_FACTS if shape in PAIRED else ())
    _let_none_add_up_amounts(found)
    return _deliverable(found)


def _let_none_add_up_amounts(found: Facts) -> None:
    """Let no path set a cell to the last amount where another one may add up what stands there.

    The sum is right as long as no amount comes twice in a row, which would be no change: in the model none does.
    """
    for path in found["write_paths"]:
        held = set(found["systems"][path["from"]].get("holds", {}))
        read = set(path.get("maps", held))
        if not (_may(path, "state", "adjust") and read <= held):
            continue
        for before in found["write_paths"]:
            if before["to"] == path["from"] and _may(before, "delta", "set") and read & _rights(before, held):
                before["op"] = "adjust"


def _may(path: dict[str, Any], payload: str, op: str) -> bool:
    """Whether a path does that with what it carries, or nobody has said that it does not."""
    return path.get("payload", payload) == payload and path.get("op", op) == op and "base" not in path


def _rights(path: dict[str, Any], held: set[str]) -> set[str]:
    """The quantities that a path may write, of those held at its target."""
    if "maps" not in path:
        return held
    return {to if isinstance(to, str) else str((to or {}).get("to")) for to in path["maps"].values()}


def _deliverable(found: Facts) -> Facts:
    """Without paths that never deliver anything: what they claim nobody could check."""
    while True:
        idle = idle_paths(found)
        if not idle:
            return found
        found["write_paths"] = [path for path in found["write_paths"] if path["id"] not in idle]
        for path in found["write_paths"]:
            for key in ("fires_for", "atomic_with"):
                if idle & set(path.get(key, ())):
                    path.pop(key)


def idle_paths(found: Facts) -> set[str]:
    """The paths that no event ever sets off, and those of whole values that never change."""
    heard: dict[str, set[str]] = {name: set() for name in found["systems"]}
    moving: set[tuple[str, str]] = set()
    for event, facts in found["events"].items():
        for origin in facts["at"]:
            heard[origin].add(event)
            effects = _moved_by(found, event)
            applied = facts["at"][origin].get("applies") if isinstance(facts["at"], dict) else None
            held = effects & set(found["systems"][origin].get("holds", {}))
            moving |= {(origin, quantity) for quantity in held if applied is None or quantity in applied}
    for _ in range(2 * MOST_PATHS):
        for path in found["write_paths"]:
            if path.get("enabled", True) and _delivers(found, path, heard, moving):
                _carry(found, path, heard, moving)
    return {path["id"] for path in found["write_paths"] if not _delivers(found, path, heard, moving)}


def _moved_by(found: Facts, event: str) -> set[str]:
    """The quantities that an event moves."""
    own: dict[str, Any] | None = found["events"][event].get("effects")
    return set(BUILT_IN_EVENTS[event] if own is None else own)


def _listed(found: Facts, path: dict[str, Any]) -> set[str]:
    """The events that a path carries, all where it lists none."""
    listed: list[str] = path["events"] if "events" in path else list(found["events"])
    return set(listed)


def _carry(found: Facts, path: dict[str, Any], heard: dict[str, set[str]], moving: set[tuple[str, str]]) -> None:
    """What one path makes known to its target."""
    if path.get("payload") != "state" or path.get("base") in {"target", "cached"}:
        heard[path["to"]] |= heard[path["from"]] & _listed(found, path)
    held = found["systems"][path["to"]].get("holds", {})
    maps: dict[str, Any] | None = path.get("maps")
    if maps is not None and (path.get("payload") == "delta" or path.get("base")):
        listed = heard[path["from"]] & _listed(found, path)
        moved = {quantity for event in listed for quantity in _moved_by(found, event)}
        maps = {left: to for left, to in maps.items() if left in moved}
    rights = _rights({} if maps is None else {"maps": maps}, set(held))
    moving |= {(path["to"], quantity) for quantity in rights if quantity in held}
    for name, each in held.items():
        if each.get("role") == "derived" and rights & set(each.get("derived_from", "").split()):
            moving.add((path["to"], name))


def _delivers(found: Facts, path: dict[str, Any], heard: dict[str, set[str]], moving: set[tuple[str, str]]) -> bool:
    """Whether anything can set the path off."""
    listed = heard[path["from"]] & _listed(found, path)
    maps: dict[str, Any] | None = path.get("maps")
    if path.get("payload", "state") == "delta" or path.get("base"):
        return any(maps is None or set(maps) & _moved_by(found, event) for event in listed)
    if "events" in path and not listed:
        return False
    lefts = set(maps) if maps is not None else set(found["systems"][path["from"]].get("holds", {}))
    if "payload" not in path and listed:
        return True
    return bool(lefts) and all((path["from"], left) in moving for left in lefts)
