"""Of systems that are connected alike each is judged for itself: what is wrong with one is told of that one.

Maps have dozens of shops that differ in nothing; of those that differ in one fact, whichever it is and whatever its
name, this one is spoken of, and nothing is said of the others but what they would hear without it.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from tests.semantics.small_maps import FOREVER, Judged, delta, state, system, topology

if TYPE_CHECKING:
    from tests.semantics.small_maps import Facts

NAMES = ("ann", "bob", "cid")
ONE = "ann"
BOTH = {"available": "available", "allocated": "allocated"}


def shops(facts: Facts, names: tuple[str, ...] = NAMES, odd: str = ONE, **of_odd: Any) -> Facts:
    """Shops that tell the WMS of their sales and hear from it how much there is; the odd one has facts of its own."""
    holds = {name: system("storefront", "mirror", "available", allocates={"backorders": True}) for name in names}
    wms = system("wms", "authoritative", "available", "allocated")
    paths = []
    for name in names:
        up = delta(f"{name}-sale", name, "wms", "order_captured", "order_cancelled", maps=BOTH)
        down = state(f"{name}-level", "wms", name, guard="cas", op="cas")
        for path in (up, down):
            if name == odd:
                path.update(facts.get(path["id"].split("-")[1], {}))
        paths += [{key: value for key, value in path.items() if value is not None} for path in (up, down)]
    at: Any = list(names)
    if of_odd:
        at = {name: dict(of_odd) if name == odd else {} for name in names}
    return topology({**holds, "wms": wms}, {name: {"at": at} for name in ("order_captured", "order_cancelled")}, paths)


def told(found: Facts, renamed: dict[str, str]) -> list[tuple[str, ...]]:
    """Verdicts and findings, with other names for the systems."""

    def named(text: str) -> str:
        return "".join(renamed.get(part, part) for part in _parts(text))

    judged = Judged(found)
    said = [("verdict", named(str(each.cell)), judged.cell(str(each.cell))) for each in judged.diagnosis.verdicts]
    said += [(each.slug, named(str(each.subject)), each.confidence) for each in judged.diagnosis.findings]
    return sorted(said)


def _parts(text: str) -> list[str]:
    for name in NAMES:
        text = text.replace(name, f"\0{name}\0")
    return text.split("\0")


SOUND = shops({})
ODD: list[tuple[str, Facts, dict[str, Any]]] = [
    ("unmapped-field", {"sale": {"maps": {"available": "available", "allocated": None}}}, {}),
    ("ungated-write", {"sale": {"events": ["order_captured"]}}, {}),
    ("unsynchronized", {"sale": {"events": None}}, {}),
    ("trigger-gap", {"sale": {"except": ["b2b"]}}, {}),
    ("trigger-gap", {"sale": {"only": ["b2b"]}}, {}),
    ("trigger-gap", {"sale": {"fires_for": [f"{ONE}-level"]}}, {}),
    ("refused-delta", {"sale": {"guard": "version"}}, {}),
    ("duplicate-delivery", {"sale": {"dedupe": "none"}}, {}),
    ("operation-mismatch", {"sale": {"op": "set"}}, {}),
    ("reordered-lifecycle", {"sale": {"op": "reserve", "guard": "state_machine"}}, {}),
    ("disabled-path", {"sale": {"enabled": False}}, {}),
    ("dual-write", {"sale": {"handoff": "dual_write"}}, {}),
    ("lost-delivery", {"sale": {"delivery": "at_most_once"}}, {}),
    ("snapshot-over-in-flight", {"level": {"guard": "version", "op": "set"}}, {}),
    ("disabled-path", {"level": {"enabled": False}}, {}),
    ("", {"sale": {"dedupe": {**FOREVER, "ledger": "orders"}}}, {}),
    ("", {"sale": {"origin_tag": True}}, {}),
    ("", {}, {"applies": []}),
]
"""What is said, and of which facts of one shop."""


@pytest.mark.parametrize(("slug", "facts", "of_odd"), ODD, ids=str)
def test_what_is_wrong_with_one_is_told_of_that_one(slug: str, facts: Facts, of_odd: dict[str, Any]) -> None:
    first = told(shops(facts, **of_odd), {})
    new = [each for each in first if each not in told(SOUND, {}) and each[0] != "verdict"]
    assert all(ONE in each[1] or each[1].startswith("wms") for each in new)
    assert slug in {each[0] for each in new} if slug else not new
    for odd in NAMES[1:]:
        here = copy.deepcopy(facts)
        if "fires_for" in here.get("sale", {}):
            here["sale"]["fires_for"] = [f"{odd}-level"]
        assert told(shops(here, odd=odd, **of_odd), {odd: ONE, ONE: odd}) == first


@pytest.mark.parametrize("count", [1, 2, 3])
def test_however_many_there_are_that_are_alike_each_converges(count: int) -> None:
    judged = Judged(shops({}, NAMES[:count]))
    assert {judged.cell(str(each.cell)) for each in judged.diagnosis.verdicts} == {"converges"}
