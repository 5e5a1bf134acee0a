"""The order of the gaps: class, what the count decides, direction, cost, name."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any, cast

from handoffmap.finding import Finding, Subject
from handoffmap.model import Cell, Holding, System, Topology
from handoffmap.priorities.cost import price
from handoffmap.priorities.deciding import deciding_cells
from handoffmap.priorities.rank import in_order, rank
from handoffmap.text.source import Location

NOWHERE = cast("Any", None)
HERE = Location("map.yaml", 1, 1, 1, 5)
MAP = Topology(
    "map.yaml", NOWHERE, None, None, None, True, {},
    {
        "wms": System("wms", NOWHERE, ("wms",), {"on_hand": Holding("on_hand", NOWHERE, "authoritative")}),
        "erp": System("erp", NOWHERE, ("erp",), {"on_hand": Holding("on_hand", NOWHERE, "mirror")}),
    },
    {}, {}, None, (), {}, (),
)  # fmt: skip
DECIDING = deciding_cells(MAP)
WMS, ERP = Cell("wms", "on_hand"), Cell("erp", "on_hand")


def finding(name: str, cell: Cell = WMS, **changes: Any) -> Finding:
    plain = Finding(
        code="HM401", slug="unsynchronized", severity="error", confidence="confirmed", drift="permanent",
        message="", subject=Subject(cell.system, cell.quantity), location=HERE, fingerprint=name,
        direction="over", events=("order_captured",), cells=(cell,),
    )  # fmt: skip
    return plain._replace(**changes)


FINDINGS = [
    finding("a-permanent-deciding-over"),
    finding("b-permanent-deciding-under", direction="under"),
    finding("c-divergent-elsewhere", ERP, drift="divergent"),
    finding("d-passing-deciding", drift="transient", window=Fraction(5400)),
    finding("e-control", drift=None, severity="warning", slug="no-reconciliation"),
    finding("f-housekeeping", drift=None, severity="note", slug="no-owner"),
    finding("g-open", confidence="undetermined"),
]


def test_gravity_comes_before_money_and_open_ones_come_last() -> None:
    shares = price(MAP, FINDINGS, {}, DECIDING).shares
    for order in list(permutations(FINDINGS))[::97]:
        assert [each.fingerprint for each in in_order(order, shares, DECIDING)] == [
            each.fingerprint for each in FINDINGS
        ]


def test_among_equals_the_dearer_comes_first() -> None:
    rare, dear = finding("1", events=("po_received",)), finding("2")
    shares = price(MAP, [rare, dear], {}, DECIDING).shares
    assert [each.fingerprint for each in in_order([rare, dear], shares, DECIDING)] == ["2", "1"]


def test_gaps_are_the_confirmed_ones_numbered_with_a_reason() -> None:
    shares = price(MAP, FINDINGS, {}, DECIDING).shares
    gaps = rank(in_order(FINDINGS, shares, DECIDING), shares, DECIDING)
    assert [gap.position for gap in gaps] == [1, 2, 3, 4, 5, 6]
    assert gaps[0].because.startswith("Stays wrong until somebody mends it by hand; orders are promised")
    assert "cost decides" in gaps[0].because
    assert "1.5 hours" in gaps[3].because
    assert gaps[4].share is None
    assert gaps[5].because.startswith("Housekeeping")
    assert all("\n" not in gap.because for gap in gaps)


def test_too_much_held_back_counts_as_hiding_stock() -> None:
    held = finding("0", Cell("wms", "allocated"))
    over = finding("1", Cell("wms", "allocated"), direction="under")
    assert [each.fingerprint for each in in_order([held, over], {}, DECIDING)] == ["1", "0"]
