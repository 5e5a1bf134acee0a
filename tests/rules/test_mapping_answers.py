"""What the rules about mapping and meaning answer to the facts of one path: what it promises to keep is named, too.

The premise is one about amounts or one about values, as the path carries the one or the other.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.premises.survey import Survey
from handoffmap.reading.load import load
from handoffmap.rules import find_rule
from handoffmap.text.source import Source
from tests.semantics.small_maps import delta, nightly, state, system, topology

if TYPE_CHECKING:
    from handoffmap.premises.claim import Answer

HOLDS, BROKEN = "holds", "broken"
Facts = dict[str, Any]
Row = tuple[str, Facts, "str | set[str] | None"]
"""Kind of path, facts of its mapping (`path`, `wms` and `erp` hold those of others), answer."""

MADE = {"amount": delta, "value": state, "run": nightly}
EVENTS: Facts = {
    "po_received": {"at": ["wms"]},
    "order_captured": {"at": ["wms"]},
    "inventory_adjusted": {"at": ["wms"]},
}


def answer(slug: str, kind: str, facts: Facts) -> Answer | None:
    """What a rule says of the path from the WMS to the ERP's `available`, whose every fact is sound but those given."""
    left = facts.get("left", "available")
    mapping = {"to": "available", **facts.get("mapping", {})}
    events = () if kind != "amount" else facts.get("events", ("po_received",))
    given = {key: value for key, value in facts.get("path", {}).items() if key != "maps"}
    path = MADE[kind]("p", "wms", "erp", *events, **{"maps": {left: mapping, **facts.get("maps", {})}, **given})
    systems = {}
    for name, role in (("wms", "authoritative"), ("erp", "mirror")):
        of_system = dict(facts.get(name, {}))
        cell = of_system.pop("cell", {})
        held = of_system.pop("holds", ("available", "allocated", "on_hand"))
        systems[name] = system(name, role, *held, each=cell, **of_system)
        systems[name] = {key: value for key, value in systems[name].items() if value is not None}
    found = topology(systems, EVENTS, [path], **facts.get("top", {}))
    read, problems = load(Source("map.yaml", json.dumps(found)))
    assert read is not None, [problem.message for problem in problems]
    survey = Survey(read)
    rule = find_rule(slug)
    assert rule is not None
    case = survey.case(next(cell for cell in survey.graph.cells if str(cell) == "erp.available"))
    if rule.scope == "cell":
        return next(iter(rule.judge(case)), None)
    write = next(each for each in survey.graph.writers_of(case.cell) if each.left == left)
    said: Answer | None = rule.judge(write, case)
    return said


def where(**facts: Any) -> Facts:
    return {"cell": facts}


SKU, EAN = "sku", "ean"
FOLDED = {"field": "sku", "normalise": ["lower"]}
TRIMMED = {"field": "sku", "normalise": ["trim"]}
BOTH = ("amount", "value")

ROWS: dict[str, list[Row]] = {
    "quantity-mismatch": [
        ("amount", {}, HOLDS),
        ("value", {}, HOLDS),
        ("amount", {"left": "on_hand"}, HOLDS),  # a receipt moves both alike
        ("amount", {"left": "on_hand", "events": ("order_captured",)}, HOLDS),  # what it does not move has no effect
        ("amount", {"left": "allocated", "events": ("order_captured",)}, BROKEN),
        ("amount", {"left": "allocated", "events": ("order_captured",), "mapping": {"sign": "negated"}}, HOLDS),
        ("value", {"left": "on_hand"}, BROKEN),
        ("value", {"left": "on_hand", "mapping": {"minus": ["allocated"]}}, HOLDS),
        ("value", {"left": "available", "mapping": {"minus": ["allocated"]}}, BROKEN),
        ("value", {"left": "available", "mapping": {"plus": ["allocated"]}}, BROKEN),
        ("amount", {"maps": {"on_hand": "available"}}, BROKEN),  # a receipt counts twice
        ("amount", {"maps": {"allocated": "available"}}, HOLDS),
        ("amount", {"maps": {"allocated": "available"}, "events": ("order_captured",)}, BROKEN),
        ("amount", {"maps": {"on_hand": "available"}, "events": ("order_captured",)}, HOLDS),
    ],
    "unit-mismatch": [
        *((kind, {}, HOLDS) for kind in BOTH),
        *((kind, {"mapping": {"unit_factor": 1}}, HOLDS) for kind in BOTH),
        *((kind, {"mapping": {"unit_factor": 12}}, BROKEN) for kind in BOTH),
        *((kind, {"erp": where(unit="case")}, {"p maps.available.unit_factor"}) for kind in BOTH),
        *((kind, {"erp": where(unit="case"), "mapping": {"unit_factor": 1}}, BROKEN) for kind in BOTH),
        *((kind, {"erp": where(unit="case"), "mapping": {"unit_factor": "1/12"}}, HOLDS) for kind in BOTH),
        *((kind, {"erp": where(unit="pcs")}, HOLDS) for kind in BOTH),
        ("amount", {"erp": where(unit=None)}, {"erp.available unit"}),
        ("amount", {"wms": where(unit=None)}, {"wms.available unit"}),
        ("amount", {"wms": where(unit=None), "erp": where(unit=None)}, {"wms.available unit", "erp.available unit"}),
        ("amount", {"wms": {"holds": ()}}, HOLDS),
        ("amount", {"wms": {"holds": ()}, "mapping": {"unit_factor": "per_item"}}, HOLDS),
        ("amount", {"wms": {"holds": ()}, "erp": where(unit=None)}, {"erp.available unit"}),
        ("amount", {"wms": {"holds": ("on_hand",), **where(unit=None)}}, {"wms.on_hand unit"}),
        ("amount", {"wms": {"holds": ("on_hand",)}}, HOLDS),
        ("amount", {"wms": {"holds": ("on_hand",)}, "erp": where(unit="case")}, {"p maps.available.unit_factor"}),
        (
            "amount",
            {"wms": {"sells_kits": True}, "erp": {"holds_components": True}, "mapping": {"unit_factor": "per_item"}},
            HOLDS,
        ),
        ("amount", {"mapping": {"unit_factor": "per_item"}}, BROKEN),
        (
            "amount",
            {"wms": {"sells_kits": True}, "erp": {"holds_components": False}, "mapping": {"unit_factor": "per_item"}},
            BROKEN,
        ),
        (
            "amount",
            {
                "wms": {"sells_kits": True},
                "erp": {"holds_components": True, **where(unit="case")},
                "mapping": {"unit_factor": 1},
            },
            BROKEN,
        ),
    ],
    "item-key-mismatch": [
        *((kind, {}, HOLDS) for kind in BOTH),
        *((kind, {"wms": {"item_key": EAN}}, BROKEN) for kind in BOTH),
        *((kind, {"wms": {"item_key": None}}, {"wms item_key"}) for kind in BOTH),
        *((kind, {"erp": {"item_key": None}}, {"erp item_key"}) for kind in BOTH),
        *((kind, {"wms": {"item_key": FOLDED}}, {"erp item_key.normalise"}) for kind in BOTH),
        *((kind, {"erp": {"item_key": FOLDED}}, {"wms item_key.normalise"}) for kind in BOTH),
        *((kind, {"wms": {"item_key": FOLDED}, "erp": {"item_key": TRIMMED}}, BROKEN) for kind in BOTH),
        *((kind, {"wms": {"item_key": FOLDED}, "erp": {"item_key": FOLDED}}, HOLDS) for kind in BOTH),
        *((kind, {"wms": {"item_key": {"field": "sku", "may_change": True}}}, BROKEN) for kind in BOTH),
        *((kind, {"erp": {"item_key": {"field": "sku", "may_change": True}}}, BROKEN) for kind in BOTH),
        *((kind, {"wms": {"item_key": EAN, "part_of": "suite"}, "erp": {"part_of": "suite"}}, HOLDS) for kind in BOTH),
        ("amount", {"wms": {"item_key": EAN}, "path": {"fields": {"ean": "sku"}}}, HOLDS),
        ("amount", {"wms": {"item_key": EAN}, "path": {"fields": {"ean": "code"}}}, BROKEN),
        ("amount", {"wms": {"item_key": EAN}, "path": {"fields": {"code": "sku"}}}, BROKEN),
    ],
    "location-mismatch": [
        *((kind, {}, HOLDS) for kind in BOTH),
        *((kind, {"wms": where(locations=["east"]), "erp": where(locations=["east"])}, HOLDS) for kind in BOTH),
        *(
            (kind, {"wms": where(locations=["east", "west"]), "erp": where(locations=["west", "east"])}, HOLDS)
            for kind in BOTH
        ),
        ("amount", {"wms": where(locations=["east"])}, HOLDS),
        ("value", {"wms": where(locations=["east"])}, BROKEN),
        *((kind, {"erp": where(locations=["east"])}, BROKEN) for kind in BOTH),
        ("amount", {"wms": where(locations=["east"]), "erp": where(locations=["east", "west"])}, HOLDS),
        ("value", {"wms": where(locations=["east"]), "erp": where(locations=["east", "west"])}, BROKEN),
        ("amount", {"wms": where(locations=["east"]), "erp": where(locations=["west"])}, BROKEN),
        *((kind, {"wms": where(locations=None)}, {"wms.available locations"}) for kind in BOTH),
        *((kind, {"erp": where(locations=None)}, {"erp.available locations"}) for kind in BOTH),
        *((kind, {"wms": where(locations=None), "erp": where(locations=None)}, HOLDS) for kind in BOTH),
        *((kind, {"erp": where(locations=["east"]), "path": {"location": "west"}}, BROKEN) for kind in BOTH),
        ("amount", {"wms": where(locations=["west"]), "path": {"location": "east"}}, HOLDS),
        ("value", {"wms": where(locations=["west"]), "path": {"location": "east"}}, BROKEN),
        (
            "value",
            {
                "wms": where(locations=["east"]),
                "erp": where(locations=["east", "west"]),
                "path": {"location": "east"},
            },
            HOLDS,
        ),
        ("amount", {"wms": {"holds": ()}, "erp": where(locations=["east"])}, HOLDS),
    ],
    "operation-mismatch": [
        *((kind, {}, HOLDS) for kind in (*BOTH, "run")),
        ("amount", {"path": {"op": "set"}}, BROKEN),
        ("value", {"path": {"op": "adjust"}}, BROKEN),
        *((kind, {"mapping": {"sign": "negated"}}, BROKEN) for kind in BOTH),
        ("amount", {"path": {"op": None}}, {"p op"}),
        ("value", {"path": {"op": None}}, {"p op"}),
        ("value", {"path": {"payload": None, "op": None}}, {"p payload"}),
        ("value", {"path": {"base": "event", "events": ["po_received"]}}, HOLDS),
        ("value", {"path": {"payload": None, "op": None, "base": "event", "events": ["po_received"]}}, {"p op"}),
        ("value", {"path": {"payload": None, "op": None, "base": "target", "events": ["po_received"]}}, HOLDS),
    ],
    "precision-loss": [
        *((kind, {}, None) for kind in BOTH),
        *((kind, {"mapping": {"rounding": "none"}}, None) for kind in BOTH),
        *((kind, {"mapping": {"rounding": "down"}}, None) for kind in BOTH),  # pieces are whole
        *(
            (kind, {"wms": where(unit="kg", integer_only=False), "mapping": {"rounding": "down"}}, BROKEN)
            for kind in BOTH
        ),
        *(
            (kind, {"wms": where(unit="kg"), "mapping": {"rounding": "down"}}, {"wms.available integer_only"})
            for kind in BOTH
        ),
        *((kind, {"wms": where(unit="kg", integer_only=True), "mapping": {"rounding": "down"}}, None) for kind in BOTH),
        *(
            (kind, {"erp": where(unit="case"), "mapping": {"unit_factor": "1/12"}}, {"erp.available integer_only"})
            for kind in BOTH
        ),
        *((kind, {"erp": where(unit="case")}, {"erp.available integer_only"}) for kind in BOTH),
        *(
            (kind, {"erp": where(unit="case", integer_only=True), "mapping": {"unit_factor": "1/12"}}, BROKEN)
            for kind in BOTH
        ),
        *(
            (kind, {"erp": where(unit="case", integer_only=False), "mapping": {"unit_factor": "1/12"}}, None)
            for kind in BOTH
        ),
        *(
            (kind, {"erp": where(unit="each", integer_only=True), "mapping": {"unit_factor": 12}}, None)
            for kind in BOTH
        ),
        *(
            (
                kind,
                {
                    "erp": where(unit="case", integer_only=False),
                    "mapping": {"unit_factor": "1/12", "rounding": "down"},
                },
                BROKEN,
            )
            for kind in BOTH
        ),
        ("amount", {"mapping": {"unit_factor": "per_item", "rounding": "down"}}, BROKEN),
    ],
    "kit-not-exploded": [
        *((kind, {}, None) for kind in BOTH),
        *((kind, {"wms": {"sells_kits": True}, "erp": {"holds_components": True}}, BROKEN) for kind in BOTH),
        *((kind, {"wms": {"sells_kits": True}}, {"erp holds_components"}) for kind in BOTH),
        *((kind, {"erp": {"holds_components": True}}, {"wms sells_kits"}) for kind in BOTH),
        *((kind, {"wms": {"sells_kits": True}, "erp": {"holds_components": False}}, None) for kind in BOTH),
        *((kind, {"wms": {"sells_kits": False}, "erp": {"holds_components": True}}, None) for kind in BOTH),
        *(
            (
                kind,
                {
                    "wms": {"sells_kits": True},
                    "erp": {"holds_components": True},
                    "mapping": {"unit_factor": "per_item"},
                },
                HOLDS,
            )
            for kind in BOTH
        ),
        (
            "amount",
            {
                "wms": {"sells_kits": True, "part_of": "suite"},
                "erp": {"holds_components": True, "part_of": "suite"},
            },
            None,
        ),
        (
            "amount",
            {"wms": {"sells_kits": True}, "erp": {"holds_components": True}, "path": {"items": ["shoes"]}},
            {"p maps.available.unit_factor"},
        ),
        ("amount", {"wms": {"sells_kits": True}, "path": {"items": ["shoes"]}}, {"erp holds_components"}),
    ],
    "buffer-misuse": [
        ("amount", {"wms": where(buffer=3)}, None),
        ("value", {}, None),
        ("value", {"wms": where(buffer=3)}, BROKEN),
        ("value", {"erp": where(buffer=3)}, BROKEN),
        ("value", {"wms": where(buffer=3), "erp": where(buffer=3)}, None),
        ("value", {"left": "on_hand", "erp": where(buffer=3), "mapping": {"minus": ["allocated"]}}, None),
        ("value", {"left": "on_hand", "erp": where(buffer=3), "mapping": {"plus": ["allocated"]}}, None),
    ],
    "status-collapse": [
        *((kind, {}, None) for kind in BOTH),
        *((kind, {"wms": where(statuses=["good"])}, {"erp.available statuses"}) for kind in BOTH),
        *((kind, {"erp": where(statuses=["good"])}, {"wms.available statuses"}) for kind in BOTH),
        *((kind, {"wms": where(statuses=["good"]), "erp": where(statuses=["good"])}, None) for kind in BOTH),
        *((kind, {"wms": where(statuses=["good"]), "erp": where(statuses=["damaged"])}, BROKEN) for kind in BOTH),
        ("amount", {"wms": {"holds": ()}, "erp": where(statuses=["good"])}, None),
    ],
    "null-as-zero": [
        ("amount", {}, HOLDS),
        ("amount", {"erp": where(opening="none")}, BROKEN),
        ("value", {}, None),
    ],
}


@pytest.mark.parametrize(
    ("slug", "kind", "facts", "said"), [(slug, *row) for slug, rows in ROWS.items() for row in rows], ids=str
)
def test_the_answer_to_the_facts_of_a_mapping(slug: str, kind: str, facts: Facts, said: str | set[str] | None) -> None:
    claim = answer(slug, kind, facts)
    if said is None:
        assert claim is None
        return
    assert claim is not None
    assert claim.slug == slug
    assert claim.premise[:2] == ("TA" if kind == "amount" else "TB")
    assert claim.because
    if isinstance(said, set):
        assert claim.holds is None
        assert {f"{ask.id} {ask.fact}" for ask in getattr(claim, "asks", ())} == said
    else:
        assert claim.holds is (said == HOLDS)


NIGHTLY_TO: Facts = {"path": {"op": "adjust"}}
UNSAID_OP: Facts = {"path": {"op": None}}


@pytest.mark.parametrize(
    ("kind", "facts", "drift"),
    [
        ("amount", {"path": {"op": "set"}}, "permanent"),
        ("value", NIGHTLY_TO, "permanent"),
        ("run", NIGHTLY_TO, "divergent"),
        ("run", {"path": {"op": "adjust", "schedule": {"every": "1h", "covers": "changed_only"}}}, "permanent"),
        ("amount", UNSAID_OP, "permanent"),
        ("value", UNSAID_OP, "permanent"),
        ("run", UNSAID_OP, "divergent"),
        ("run", {"path": {"op": None, "payload": None}}, "divergent"),
        ("run", {"path": {"op": None, "payload": None}, "wms": {"holds": ("on_hand",)}}, "permanent"),
    ],
    ids=str,
)
def test_a_value_that_every_run_adds_again_grows(kind: str, facts: Facts, drift: str) -> None:
    claim = answer("operation-mismatch", kind, facts)
    assert getattr(claim, "drift", None) == drift
