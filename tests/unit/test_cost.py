"""Shares of joint cost: they add up, follow direction and order of nothing, and never mix the two modes."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING, Any, cast

import pytest

from handoffmap.finding import Finding, Subject
from handoffmap.model import EMPTY, Cell, Control, Event, Holding, Origin, System, Topology
from handoffmap.priorities.cost import price
from handoffmap.priorities.deciding import deciding_cells
from handoffmap.priorities.sharing import split_joint, to_the_cent
from handoffmap.reading.volume import VOLUME_KEYS, fits
from handoffmap.text.source import Location
from handoffmap.vocabulary import BUILT_IN_EVENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from handoffmap.priorities.estimate import Costs

NOWHERE = cast("Any", None)
HERE = Location("map.yaml", 1, 1, 1, 5)


def topology(volume: Mapping[str, int | Fraction] = EMPTY, **kinds: str) -> Topology:
    kinds = kinds or {"shop": "storefront", "wms": "wms", "erp": "erp"}
    systems = {
        name: System(
            name,
            NOWHERE,
            (kind,),
            {q: Holding(q, NOWHERE, "authoritative" if kind == "wms" else "mirror") for q in ("on_hand", "available")},
        )
        for name, kind in kinds.items()
    }
    events = {
        name: Event(name, NOWHERE, (Origin("shop"),), BUILT_IN_EVENTS[name])
        for name in ("order_captured", "po_received", "shipment_confirmed")
    }
    return Topology(
        "map.yaml", NOWHERE, None, None, None, True, {k: Fraction(v) for k, v in volume.items()}, systems,
        events, {}, None, (), {}, (),
    )  # fmt: skip


def finding(name: str, cell: Cell, slug: str = "unsynchronized", **changes: Any) -> Finding:
    plain = Finding(
        code="HM401", slug=slug, severity="error", confidence="confirmed", drift="permanent",
        message="", subject=Subject(cell.system, cell.quantity), location=HERE, fingerprint=name,
        direction="over", events=("order_captured",), cells=(cell,),
    )  # fmt: skip
    return plain._replace(**changes)


def costs_on(drawn: Topology, findings: Sequence[Finding]) -> Costs:
    return price(drawn, findings, {}, deciding_cells(drawn))


def costs(findings: Sequence[Finding], volume: Mapping[str, int | Fraction] = EMPTY) -> Costs:
    return costs_on(topology(volume), findings)


SHOP = Cell("shop", "available")
ERP = Cell("erp", "on_hand")
OWN: dict[str, int | Fraction] = {
    "orders_per_month": 5000, "average_order_value": 80, "margin": Fraction(2, 5), "hourly_rate": 40,
    "cost_per_pick_failure": 30, "minutes_per_exception": 15,
}  # fmt: skip


def test_the_shares_add_up_to_the_cent_and_so_does_each_split() -> None:
    result = costs(
        [finding(f"f{i}", SHOP if i % 3 else ERP, "dual-write" if i % 2 else "lost-update") for i in range(23)]
    )
    assert result.total is not None
    assert sum(share.mode for share in result.shares.values()) == result.total.mode
    assert all(sum(share.split) == share.mode for share in result.shares.values())
    for position, category in enumerate(result.categories):
        assert category.cost is not None
        assert sum(share.split[position] for share in result.shares.values()) == category.cost.mode


def test_ranges_are_ordered_and_the_benchmark_stays_mostly_unexplained() -> None:
    result = costs([finding(f"f{i}", SHOP, drift="divergent") for i in range(50)])
    assert result.mode == "benchmark"
    assert result.total is not None
    assert result.unexplained is not None
    assert result.total.low <= result.total.mode <= result.total.high <= Fraction(6, 10) * 11500
    assert min(result.unexplained) >= Fraction(4, 10)
    assert all(share.low <= share.mode <= share.high for share in result.shares.values())
    assert "client figure" in result.label
    assert any("TkTurners" in each.source for each in result.assumptions)


def test_too_much_stock_fails_picks_and_too_little_loses_sales() -> None:
    over = costs([finding("f", SHOP, direction="over")]).shares["f"].split
    under = costs([finding("f", SHOP, direction="under")]).shares["f"].split
    either = costs([finding("f", SHOP, direction="either")]).shares["f"].split
    assert over.pick_failures > 0 == over.stockouts
    assert under.stockouts > 0 == under.pick_failures
    assert either.pick_failures > 0 < either.stockouts


def test_an_allocation_that_is_never_released_hides_stock() -> None:
    mapped = topology()
    shop = mapped.systems["shop"]
    held = shop._replace(holds={"allocated": Holding("allocated", NOWHERE, "mirror")})
    result = costs_on(
        mapped._replace(systems={**mapped.systems, "shop": held}),
        [finding("f", Cell("shop", "allocated"), direction="over")],
    )
    assert result.shares["f"].split.stockouts > 0 == result.shares["f"].split.pick_failures


def test_a_count_that_decides_no_order_costs_planning_and_work_only() -> None:
    split = costs([finding("f", ERP)]).shares["f"].split
    assert split.pick_failures == split.stockouts == 0
    assert split.forecasting > 0
    assert split.manual_work > 0


def test_a_gate_makes_the_count_that_it_reads_decide() -> None:
    gate = Control("gate", NOWHERE, "gate", reads=ERP)
    result = costs_on(topology()._replace(controls={"gate": gate}), [finding("f", ERP)])
    assert result.shares["f"].split.pick_failures > 0


def test_nothing_confirmed_prints_nothing() -> None:
    open_ = finding("q", SHOP, confidence="undetermined")
    hygiene = finding("h", SHOP, "no-owner", drift=None)
    result = costs([open_, hygiene])
    assert result.total is None
    assert result.unexplained is None
    assert not result.shares
    assert not result.assumptions
    assert all(category.cost is None for category in result.categories)
    assert set(result.worth) == {"q"}
    assert result.worth["q"] > 0


def test_own_numbers_borrow_nothing_from_the_benchmark() -> None:
    result = costs([finding("f", SHOP), finding("g", ERP)], OWN)
    assert result.mode == "own numbers"
    assert result.benchmark is None
    assert result.unexplained is None
    assert result.total is not None
    assert result.per_month(result.total.mode) == result.total.mode * 5
    assert not any("TkTurners" in each.source or "11,500" in each.value for each in result.assumptions)
    forecasting = next(each for each in result.categories if each.key == "forecasting")
    assert forecasting.cost is None
    assert forecasting.missing


def test_an_own_formula_is_what_the_page_says_it_is() -> None:
    """1,000 orders, all of them wrong and met, a tenth of them at nearly empty shelves, 30 a failed pick."""
    volume: dict[str, int | Fraction] = {"cost_per_pick_failure": 30, "low_stock_share": Fraction(1, 10)}
    share = costs([finding("f", SHOP)], volume).shares["f"]
    assert share.split.pick_failures == 1000 * Fraction(1, 10) * 30
    assert share.split.stockouts == share.split.manual_work == share.split.forecasting == 0


def test_orders_a_month_alone_keep_the_benchmark_and_scale_it() -> None:
    result = costs([finding("f", SHOP)], {"orders_per_month": 5000})
    assert result.mode == "benchmark"
    assert result.benchmark is not None
    assert result.per_month(result.benchmark) == 57500


def test_a_measured_rate_replaces_the_assumed_one() -> None:
    assumed = costs([finding("f", SHOP, "duplicate-delivery")])
    measured = costs([finding("f", SHOP, "duplicate-delivery")], {"duplicate_rate": Fraction(1, 10)})
    assert measured.shares["f"].mode > assumed.shares["f"].mode
    assert not any(each.name == "messages that arrive a second time" for each in measured.assumptions)


def test_a_drift_that_passes_costs_less_the_sooner_it_passes() -> None:
    minute, day = (
        costs([finding("f", SHOP, drift="transient", window=Fraction(seconds))]).shares["f"].mode
        for seconds in (60, 86400)
    )
    assert minute < day < costs([finding("f", SHOP)]).shares["f"].mode


def test_the_order_of_findings_changes_nothing() -> None:
    findings = [finding(f"f{i}", SHOP, slug) for i, slug in enumerate(("lost-update", "dual-write", "unsynchronized"))]
    assert len({str(costs(order)) for order in permutations(findings)}) == 1


def _shapley(intensities: tuple[float, ...]) -> list[float]:
    orders = list(permutations(range(len(intensities))))
    share = [0.0] * len(intensities)
    for order in orders:
        spared = 1.0
        for player in order:
            share[player] += spared * intensities[player] / len(orders)
            spared *= 1 - intensities[player]
    return share


@pytest.mark.parametrize("intensities", [(0.5, 0.5), (0.9, 0.1, 0.3), (1.0, 1.0, 0.2, 0.0), (0.1, 0.2, 0.3, 0.4, 0.5)])
def test_the_split_on_one_cell_is_shapleys(intensities: tuple[float, ...]) -> None:
    assert split_joint(intensities) == pytest.approx(_shapley(intensities))


def test_a_crowded_cell_is_split_in_proportion_and_says_so() -> None:
    result = costs([finding(f"f{i}", SHOP) for i in range(9)])
    assert "in proportion" in result.splitting
    assert "in proportion" not in costs([finding(f"f{i}", SHOP) for i in range(8)]).splitting


def test_cents_are_neither_lost_nor_made() -> None:
    assert to_the_cent(100, [1, 1, 1]) == [34, 33, 33]
    assert to_the_cent(0, [1]) == [0]
    assert to_the_cent(5, []) == []
    assert to_the_cent(5, [0.0]) == [0]


def test_stability_counts_corners() -> None:
    result = costs([finding("f", SHOP, "duplicate-delivery"), finding("g", ERP, "lost-delivery"), finding("h", SHOP)])
    assert result.stability is not None
    held, corners = result.stability
    assert 0 < held <= corners == 2**4
    assert costs([finding("f", SHOP)]).stability is None


def test_a_figure_that_cannot_be_is_ignored() -> None:
    assert fits("margin", Fraction(2, 5))
    assert not fits("margin", Fraction(40))
    assert not fits("hourly_rate", Fraction(-1))
    assert not fits("shoe_size", Fraction(1))
    assert costs([finding("f", SHOP)], {"margin": 40, "average_order_value": 80}).mode == "benchmark"
    assert all(key.says and key.unit for key in VOLUME_KEYS.values())
