"""Maps in which a fact is **borrowed** from another map written by hand: whatever is said anywhere is said elsewhere.

`neighbours` knows which words a fact may have; here nobody has listed them, so that rare facts meet each other, too.
"""

from __future__ import annotations

import copy
import random
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.agreement.dice import Dice
from tests.agreement.neighbours import by_hand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.agreement.shapes import Facts

__all__ = ["with_borrowed"]

LEFT_ALONE = frozenset({"id", "holds", "label", "owner", "places", "notes", "waivers", "since", "url"})
"""What names a thing or is only told."""


def with_borrowed(found: Facts, seed: int) -> Facts:
    """The map with one to three facts as some other map has them; it may be one that the reader refuses."""
    dice = Dice(random.Random(seed))  # noqa: S311 - a test's choices, no secret
    changed = copy.deepcopy(found)
    for _ in range(dice.weighed(((5, 1), (4, 2), (2, 3)))):
        entries = sorted(_entries(changed), key=lambda pair: pair[0])
        kinds = sorted({kind for kind, _ in entries})
        kind = "path" if "path" in kinds and dice.chance(0.5) else dice.one(kinds)
        _borrow(dice.one([entry for each, entry in entries if each == kind]), _facts_of(kind), dice)
    return changed


def _borrow(entry: Facts, facts: dict[str, list[Any]], dice: Dice) -> None:
    """One fact taken from elsewhere, or put away."""
    stated = [key for key in entry if key in facts]
    if stated and dice.chance(0.2):
        del entry[dice.one(stated)]
        return
    key = dice.one(stated) if stated and dice.chance(0.3) else dice.one(sorted(facts))
    entry[key] = copy.deepcopy(dice.one(facts[key]))


def _entries(found: Facts) -> Iterator[tuple[str, Facts]]:
    """(kind, facts) of everything that a map lists."""
    yield "map", found
    for system in found["systems"].values():
        yield "system", system
        yield from (("cell", cell) for cell in (system.get("holds") or {}).values())
    for path in found.get("write_paths") or ():
        yield "path", path
        for to in (path.get("maps") or {}).values() if isinstance(path.get("maps"), dict) else ():
            if isinstance(to, dict):
                yield "mapping", to
    yield from (("control", control) for control in found.get("controls") or ())
    yield from (("event", event) for event in (found.get("events") or {}).values() if isinstance(event, dict))


@cache
def _facts_of(kind: str) -> dict[str, list[Any]]:
    """Key -> all that any map says there, each once."""
    facts: dict[str, dict[str, Any]] = {}
    for found in by_hand():
        for each, entry in _entries(found):
            if each == kind:
                for key, value in entry.items():
                    if key not in LEFT_ALONE and (kind != "map" or key in {"complete", "quantities", "locations"}):
                        facts.setdefault(key, {})[repr(value)] = value
    return {key: list(values.values()) for key, values in facts.items()}
