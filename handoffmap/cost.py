"""What the gaps cost: confirmed drifts -> shares of one joint cost, in currency per 1,000 orders.

Two modes, never mixed. *Benchmark* spreads one firm's published figure over the gaps and leaves the larger
part of it unexplained. *Own numbers* takes the unit costs that the file states under `volume` and borrows
nothing.

A gap `f` is met by somebody `I_f` times per 1,000 orders: how often its events happen, times how often one
goes wrong, times the chance that an order or a person meets the wrong count before it is mended. From `I_f`
follows an intensity between 0 and 1; intensities on one cell join as `1 - product(1 - e)`, cells join the
same way, and what that joint intensity takes of each category is shared out so that the shares add up to
the cent (Shapley within a cell). Findings without a class of drift cost nothing here, and undetermined
ones give only what their question is worth.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from handoffmap import assumptions as a
from handoffmap.model import Cell
from handoffmap.volume import PER_1000_ORDERS, VOLUME_KEYS, fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from handoffmap.finding import CellVerdict, Finding
    from handoffmap.model import Topology

__all__ = [
    "CATEGORIES", "HOLDS_STOCK_BACK", "Assumption", "Category", "Costs", "Range", "Share", "Split",
    "deciding_cells", "price",
]  # fmt: skip

CATEGORIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pick_failures": "Pick failures and rush reallocations",
        "stockouts": "Sales lost to false stockouts",
        "forecasting": "Forecasting and reordering errors",
        "manual_work": "Manual reconciliation work",
    }
)
"""Category -> what it is called."""

Mode = Literal["benchmark", "own numbers"]
_LOW, _MODE, _HIGH = 0, 1, 2
_EXACT_SPLIT = 8
"""Findings on one cell up to which the joint cost is split by Shapley's value; beyond, by intensity."""
_CONTENDERS = 12
"""Dearest gaps that are looked at for how firm the order of the first three is."""
HOLDS_STOCK_BACK: Final = frozenset(
    {"allocated", "soft_reserved", "safety_stock", "quality_control", "damaged", "backordered"}
)
"""Quantities of which too much hides stock and too little oversells: the other way round than for stock
itself.
"""
_SELLABLE = frozenset({"on_hand", "available"})
_PLANS = frozenset({"planning", "data_warehouse", "erp"})


class Range(NamedTuple):
    """Currency per 1,000 orders: every assumption at its cheap end, at its likeliest, at its dear end."""

    low: Fraction
    mode: Fraction
    high: Fraction


class Split(NamedTuple):
    """The likeliest cost by category, in currency per 1,000 orders."""

    pick_failures: Fraction
    stockouts: Fraction
    forecasting: Fraction
    manual_work: Fraction


class Share(NamedTuple):
    """One finding's part of the joint cost, in currency per 1,000 orders.

    The `mode` figures of all shares add up exactly to the total, and the `split` to `mode`. The ends do
    not: not every assumption is at its end at once.
    """

    low: Fraction
    mode: Fraction
    high: Fraction
    split: Split
    shared_with: int
    """Other findings on the same cell that the joint cost was split with."""


class Category(NamedTuple):
    """One category of the total. `cost` None: not computed, and `missing` says what it would take."""

    key: str
    name: str
    cost: Range | None
    benchmark: Fraction | None
    missing: tuple[str, ...] = ()


class Assumption(NamedTuple):
    """One figure that the estimate used, and its source (`assumption` where nobody has measured it)."""

    name: str
    value: str
    source: str


class Costs(NamedTuple):
    """The estimate for one map. `total` None: nothing was computed, so nothing may be printed."""

    mode: Mode
    label: str
    total: Range | None
    categories: tuple[Category, ...]
    benchmark: Fraction | None
    """The whole benchmark, in the benchmark mode."""
    unexplained: Range | None
    """What remains of the benchmark, as a part of 1; its `low` belongs to the total's `low`."""
    orders_per_month: Fraction | None
    shares: Mapping[str, Share]
    """Fingerprint of a confirmed finding with a class of drift -> its share."""
    worth: Mapping[str, Fraction]
    """Fingerprint of an undetermined finding -> what it would cost by itself if it were confirmed."""
    stability: tuple[int, int] | None
    """(corners of the ranges in which the three dearest keep their order, corners looked at)."""
    splitting: str
    assumptions: tuple[Assumption, ...]

    def per_month(self, per_1000_orders: Fraction) -> Fraction | None:
        """The same cost a month, where the file states how many orders that is."""
        return None if self.orders_per_month is None else per_1000_orders * self.orders_per_month / 1000


class _Pull(NamedTuple):
    """What one finding's cost depends on, before joint cost is shared out."""

    mechanism: a.Mechanism
    events: tuple[str, ...]
    days: float | None
    """None: wrong until somebody mends it."""
    weights: tuple[float, float, float, float]
    """How far the finding can cause each category, 0 to 1."""


class _Corner(NamedTuple):
    """One choice of ends: which figure of each spread is taken."""

    rates: Mapping[str, int]
    frequency: int
    sales: int


def price(topology: Topology, findings: Iterable[Finding], verdicts: Iterable[CellVerdict]) -> Costs:
    """The cost of the confirmed findings and the worth of the open ones; linear in their number.

    The result depends on neither the order of the findings nor that of the file.
    """
    model = _Model(topology, verdicts)
    drifting = {finding.fingerprint: finding for finding in findings if finding.drift is not None}
    known = sorted(drifting.items())
    confirmed = [_Priced(key, model.pull(each), _home(each)) for key, each in known if each.confidence == "confirmed"]
    open_ = [(key, model.pull(each)) for key, each in known if each.confidence == "undetermined"]
    columns = [model.shared_out(confirmed, index) for index in (_LOW, _MODE, _HIGH)]
    shares = _shares(confirmed, columns)
    total = _range([sum(column.total) for column in columns]) if confirmed else None
    middle = model.scenario(_MODE)
    return Costs(
        mode=model.mode,
        label=a.BENCHMARK_LABEL
        if model.mode == "benchmark"
        else "Computed from the figures that the file states, in their currency",
        total=total,
        categories=model.categories(columns, computed=bool(confirmed)),
        benchmark=model.benchmark,
        unexplained=_unexplained(total, model.benchmark),
        orders_per_month=model.stated.get("orders_per_month"),
        shares=MappingProxyType(shares),
        worth=MappingProxyType({key: _money(model.alone(pull, middle, _MODE)) for key, pull in open_}),
        stability=model.stability({key: pull for key, pull, _ in confirmed}, shares),
        splitting=_splitting(confirmed),
        assumptions=model.assumptions({pull for _, pull, _ in confirmed}) if confirmed else (),
    )


def deciding_cells(topology: Topology) -> frozenset[Cell]:
    """Cells that orders are promised against or picked from: authoritative, allocating, or read by a gate."""
    selling = {
        origin.system
        for name in ("order_captured", "pos_sale")
        if (event := topology.events.get(name)) is not None
        for origin in event.origins
    }
    gates = {control.reads for control in (topology.controls or {}).values() if control.reads is not None}
    found = set(gates)
    for system in topology.systems.values():
        allocates = system.allocates or (system.allocates is None and system.id in selling)
        for holding in system.holds.values():
            if allocates or holding.role == "authoritative":
                found.add(Cell(system.id, holding.quantity))
    return frozenset(found)


class _Priced(NamedTuple):
    """One confirmed finding on its way to a share."""

    key: str
    pull: _Pull
    home: Cell


class _Columns(NamedTuple):
    """One scenario: cents of each finding by category, and of each category."""

    cents: list[tuple[int, ...]]
    total: tuple[int, int, int, int]


class _Model:
    """The arithmetic of one map: its mode, its figures, and what they make of a finding."""

    def __init__(self, topology: Topology, verdicts: Iterable[CellVerdict]) -> None:
        self.topology = topology
        self.stated = {key: value for key, value in sorted(topology.volume.items()) if fits(key, value)}
        self.deciding = deciding_cells(topology)
        self.windows = {verdict.cell: verdict.window for verdict in verdicts}
        self.missing = _missing(self.stated)
        self.mode: Mode = "own numbers" if any(not lacks for lacks in self.missing.values()) else "benchmark"
        self.benchmark = Fraction(sum(a.BENCHMARK.values())) if self.mode == "benchmark" else None
        self._pulls: dict[_Pull, _Pull] = {}
        self._moving: dict[str, list[str]] = {}
        self._intensity = lru_cache(maxsize=None)(self._intensity_of)

    # What a finding depends on.

    def pull(self, finding: Finding) -> _Pull:
        """The few facts of a finding that its cost depends on; equal ones are one object."""
        events = tuple(sorted(finding.events)) or self._events_moving(_home(finding))
        return _Pull(a.MECHANISM_OF.get(finding.slug, "always"), events, self._days(finding), self._weights(finding))

    def _events_moving(self, home: Cell) -> tuple[str, ...]:
        if not self._moving:
            for name in sorted(self.topology.events):
                for quantity in self.topology.events[name].effects:
                    self._moving.setdefault(quantity, []).append(name)
        return tuple(self._moving.get(home.quantity, ()))

    def _days(self, finding: Finding) -> float | None:
        if finding.drift != "transient":
            return None
        window = finding.window
        if window is None and finding.cells:
            window = self.windows.get(finding.cells[0])
        return a.UNKNOWN_WINDOW_DAYS if window is None else float(window) / 86400

    def _weights(self, finding: Finding) -> tuple[float, float, float, float]:
        picks = stockouts = plans = 0.0
        for cell in finding.cells or (_home(finding),):
            system = self.topology.systems.get(cell.system)
            if cell in self.deciding:
                over, under = _sides(cell.quantity, finding.direction)
                picks, stockouts = max(picks, over), max(stockouts, under)
            if cell in self.deciding or (system is not None and not _PLANS.isdisjoint(system.kinds)):
                plans = 1.0
        return picks, stockouts, plans, 1.0

    # What the assumptions make of it.

    def scenario(self, index: int) -> _Corner:
        """Every assumption at the same end."""
        return _Corner(dict.fromkeys(a.MECHANISMS, index), index, index)

    def _rate(self, mechanism: a.Mechanism, index: int) -> float:
        measured = {"repeat": "duplicate_rate", "loss": "loss_rate"}.get(mechanism)
        if measured is not None and measured in self.stated:
            return float(self.stated[measured])
        return a.MECHANISMS[mechanism][index]

    def _frequency(self, event: str, index: int) -> float:
        declared = self.topology.events.get(event)
        if declared is not None and declared.per_1000_orders is not None:
            return float(declared.per_1000_orders)
        key = PER_1000_ORDERS.get(event)
        if key is not None and key in self.stated:
            return float(self.stated[key])
        return a.EVENTS_PER_1000_ORDERS.get(event, a.OTHER_EVENT)[index]

    def _spread(self, key: str, spread: a.Spread, index: int) -> float:
        return float(self.stated[key]) if key in self.stated else spread[index]

    def intensity(self, pull: _Pull, corner: _Corner) -> float:
        """How much of what could go wrong this finding makes go wrong, from 0 to 1."""
        rate = corner.rates[pull.mechanism]
        return self._intensity(pull.mechanism, pull.events, pull.days, (rate, corner.frequency, corner.sales))

    def _intensity_of(
        self, mechanism: a.Mechanism, events: tuple[str, ...], days: float | None, ends: tuple[int, int, int]
    ) -> float:
        rate, frequency, sales = ends
        happens = sum(self._frequency(event, frequency) for event in events)
        between = self._spread("days_between_sales", a.SALE_EVERY_DAYS, sales)
        met = 1.0 if days is None else min(1.0, days / between) if between else 1.0
        hits = happens * self._rate(mechanism, rate) * met
        return hits / (hits + a.HALF_WAY) if self.mode == "benchmark" else min(1.0, hits / 1000)

    def ceiling(self, index: int) -> tuple[float, float, float, float]:
        """Currency per 1,000 orders that each category comes to if everything goes wrong."""
        if self.mode == "benchmark":
            part = 1 - a.UNEXPLAINED[index]
            picks, stockouts, forecasting, manual = (amount * part for amount in a.BENCHMARK.values())
            return picks, stockouts, forecasting, manual
        low_stock = 1000 * self._spread("low_stock_share", a.LOW_STOCK, index)
        stated = {key: float(value) for key, value in self.stated.items()}
        lost = 1 - self._spread("recapture", a.RECAPTURE, index)
        picks = 0.0 if self.missing["pick_failures"] else low_stock * stated["cost_per_pick_failure"]
        earned = 0.0 if self.missing["stockouts"] else stated["average_order_value"] * stated["margin"]
        work = 0.0 if self.missing["manual_work"] else stated["minutes_per_exception"] / 60 * stated["hourly_rate"]
        return picks, low_stock * earned * lost, 0.0, 1000 * work

    def alone(self, pull: _Pull, corner: _Corner, index: int) -> float:
        """Currency per 1,000 orders that a finding would cost if it were the only one."""
        e = self.intensity(pull, corner)
        return sum(most * weight * e for most, weight in zip(self.ceiling(index), pull.weights, strict=True))

    # Joint cost and its shares.

    def shared_out(self, confirmed: Sequence[_Priced], index: int) -> _Columns:
        """The joint cost with every assumption at the same end, split over the findings to the cent."""
        corner, most = self.scenario(index), self.ceiling(index)
        parts: list[list[float]] = [[0.0] * len(confirmed) for _ in range(4)]
        spared = [1.0] * 4
        known: dict[tuple[_Pull, ...], list[tuple[float, ...]]] = {}
        for members in _by_cell(confirmed):
            pulls = tuple([confirmed[member].pull for member in members])
            splits = known.get(pulls)
            if splits is None:
                splits = known[pulls] = self._splits(pulls, corner)
            for position, split in enumerate(splits):
                spared[position] *= 1 - min(1.0, sum(split))
                for member, part in zip(members, split, strict=True):
                    parts[position][member] = part
        cents = [
            to_the_cent(round(100 * most[position] * (1 - spared[position])), parts[position]) for position in range(4)
        ]
        return _Columns(list(zip(*cents, strict=True)), _four([sum(column) for column in cents]))

    def _splits(self, pulls: Sequence[_Pull], corner: _Corner) -> list[tuple[float, ...]]:
        """The joint intensity of one cell split over its findings, by category."""
        intensities = [self.intensity(pull, corner) for pull in pulls]
        return [
            split_joint(tuple(e * pull.weights[position] for e, pull in zip(intensities, pulls, strict=True)))
            for position in range(4)
        ]

    def categories(self, columns: Sequence[_Columns], *, computed: bool) -> tuple[Category, ...]:
        """The total by category; one that the stated figures do not reach is left out and says so."""
        told = []
        for position, (key, name) in enumerate(CATEGORIES.items()):
            missing = self.missing[key] if self.mode == "own numbers" else ()
            cost = _range([column.total[position] for column in columns]) if computed and not missing else None
            benchmark = Fraction(a.BENCHMARK[key]) if self.mode == "benchmark" else None
            told.append(Category(key, name, cost, benchmark, missing))
        return tuple(told)

    def stability(self, pulls: Mapping[str, _Pull], shares: Mapping[str, Share]) -> tuple[int, int] | None:
        """In how many corners of the ranges the three dearest findings keep their order.

        Each of the dozen dearest is looked at by itself, at either end of each way of going wrong, of the
        frequencies and of the time between sales. None: fewer than two findings cost anything.
        """
        dearest = sorted((key for key in shares if shares[key].mode > 0), key=lambda key: (-shares[key].mode, key))
        dearest = dearest[:_CONTENDERS]
        if len(dearest) < 2:
            return None
        ways: list[str] = sorted({pulls[key].mechanism for key in dearest if pulls[key].mechanism != "always"})
        middle = self.scenario(_MODE)
        wanted = self._order(dearest, pulls, middle)
        corners = list(product((_LOW, _HIGH), repeat=len(ways) + 2))
        held = 0
        for frequency, sales, *ends in corners:
            rates = dict(middle.rates) | dict(zip(ways, ends, strict=True))
            held += self._order(dearest, pulls, _Corner(rates, frequency, sales)) == wanted
        return held, len(corners)

    def _order(self, keys: Sequence[str], pulls: Mapping[str, _Pull], corner: _Corner) -> list[str]:
        """The three dearest by what they cost alone, dearest first."""
        cost = {key: round(self.alone(pulls[key], corner, _MODE), 6) for key in keys}
        return sorted(keys, key=lambda key: (-cost[key], key))[:3]

    def assumptions(self, pulls: Iterable[_Pull]) -> tuple[Assumption, ...]:
        """Every figure that was used, the stated ones first."""
        used = sorted(set(pulls), key=str)
        told = [
            Assumption(VOLUME_KEYS[key].says, f"{_plain(value)} ({VOLUME_KEYS[key].unit})", "the file's `volume`")
            for key, value in self.stated.items()
        ]
        return (*told, *_assumed(self, used))


def _assumed(model: _Model, pulls: Sequence[_Pull]) -> Iterable[Assumption]:
    """The figures that nobody stated."""
    if model.mode == "benchmark":
        yield Assumption("cost of counts that disagree", "$11,500 per 1,000 orders", a.BENCHMARK_SOURCE)
        yield Assumption(
            "part of it that handoffs are not billed for",
            _spread_text(a.UNEXPLAINED, percent=True),
            "assumption; low end after IHL (2015): systems that do not share data are a fifth of the whole",
        )
        yield Assumption(
            "wrong counts met per 1,000 orders that explain half of the rest",
            "20",
            "the article's 2 % pick failures",
        )
    else:
        if "low_stock_share" not in model.stated:
            yield Assumption(VOLUME_KEYS["low_stock_share"].says, _spread_text(a.LOW_STOCK, percent=True), "assumption")
        if "recapture" not in model.stated and not model.missing["stockouts"]:
            yield Assumption(VOLUME_KEYS["recapture"].says, _spread_text(a.RECAPTURE, percent=True), "assumption")
    measured = {"repeat": "duplicate_rate", "loss": "loss_rate"}
    for mechanism, says in _WAYS.items():
        if any(pull.mechanism == mechanism for pull in pulls) and measured.get(mechanism, "") not in model.stated:
            yield Assumption(says, _spread_text(a.MECHANISMS[mechanism], percent=True), "assumption")
    if any(pull.days is not None for pull in pulls) and "days_between_sales" not in model.stated:
        yield Assumption(VOLUME_KEYS["days_between_sales"].says, _spread_text(a.SALE_EVERY_DAYS), "assumption")
    for event in sorted({event for pull in pulls for event in pull.events}):
        declared = model.topology.events.get(event)
        if (declared is not None and declared.per_1000_orders is not None) or PER_1000_ORDERS.get(
            event
        ) in model.stated:
            continue
        spread = a.EVENTS_PER_1000_ORDERS.get(event, a.OTHER_EVENT)
        source = (
            "assumption, after 17 % of retail revenue returned (2023)" if event.startswith("return") else "assumption"
        )
        if event != "order_captured":
            yield Assumption(f"{event} per 1,000 orders", _spread_text(spread), source)


_WAYS: Final[Mapping[a.Mechanism, str]] = MappingProxyType(
    {
        "repeat": "messages that arrive a second time",
        "loss": "messages that never arrive",
        "race": "writes that cross each other",
        "partly": "items or cases that a partial mapping concerns",
    }
)


def _missing(stated: Mapping[str, Fraction]) -> dict[str, tuple[str, ...]]:
    """Category -> the keys of `volume` that its own-numbers formula lacks (forecasting has none at all)."""
    needs = {
        "pick_failures": ("cost_per_pick_failure",),
        "stockouts": ("average_order_value", "margin"),
        "forecasting": ("no defensible formula",),
        "manual_work": ("hourly_rate", "minutes_per_exception"),
    }
    return {key: tuple(need for need in keys if need not in stated) for key, keys in needs.items()}


def _home(finding: Finding) -> Cell:
    """The cell whose joint cost a finding shares in."""
    if finding.cells:
        return finding.cells[0]
    return Cell(finding.subject.system or "", finding.subject.quantity or "")


def _sides(quantity: str, direction: str | None) -> tuple[float, float]:
    """How far a wrong count oversells and how far it hides stock.

    Too much of what holds stock back (an allocation that is never released) hides stock: the sides change
    places.
    """
    if quantity not in _SELLABLE and quantity not in HOLDS_STOCK_BACK:
        return 0.0, 0.0
    sides = {"over": (1.0, 0.0), "under": (0.0, 1.0)}.get(direction or "either", (0.5, 0.5))
    return sides if quantity in _SELLABLE else (sides[1], sides[0])


@lru_cache(maxsize=4096)
def split_joint(intensities: tuple[float, ...]) -> tuple[float, ...]:
    """The joint intensity `1 - product(1 - e)` of one cell, split over its findings.

    Shapley's value of this joint cost is the integral over t from 0 to 1 of `e_i * product over the others
    (1 - t e_j)`: exact, and without walking the subsets. Above eight findings the joint intensity is split
    in proportion.
    """
    if len(intensities) == 1:
        return intensities
    if len(intensities) > _EXACT_SPLIT:
        spared = 1.0
        for e in intensities:
            spared *= 1 - e
        whole = sum(intensities)
        return tuple(e / whole * (1 - spared) if whole else 0.0 for e in intensities)
    return tuple(
        e * _integral(intensities[:position] + intensities[position + 1 :]) for position, e in enumerate(intensities)
    )


def _integral(others: tuple[float, ...]) -> float:
    """The integral of `product(1 - t e)` over t from 0 to 1."""
    coefficients = [1.0]
    for e in others:
        shifted = [0.0, *(-e * each for each in coefficients)]
        coefficients = [low + high for low, high in zip([*coefficients, 0.0], shifted, strict=True)]
    return sum(each / (power + 1) for power, each in enumerate(coefficients))


def to_the_cent(total: int, parts: Sequence[float]) -> list[int]:
    """`total` cents shared out in proportion to `parts`; the largest remainders get what rounding leaves."""
    whole = sum(parts)
    if not whole:
        return [0] * len(parts)
    exact = [total * part / whole for part in parts]
    cents = [int(value) for value in exact]
    short = [got - value for got, value in zip(cents, exact, strict=True)]
    for position in sorted(range(len(parts)), key=short.__getitem__)[: total - sum(cents)]:
        cents[position] += 1
    return cents


def _by_cell(confirmed: Sequence[_Priced]) -> list[list[int]]:
    """The findings of each cell by their place in `confirmed`, cells in the order of their names."""
    cells: dict[Cell, list[int]] = defaultdict(list)
    for place, priced in enumerate(confirmed):
        cells[priced.home].append(place)
    return [cells[home] for home in sorted(cells)]


def _shares(confirmed: Sequence[_Priced], columns: Sequence[_Columns]) -> dict[str, Share]:
    """The share of each finding; its ends are the least and the most that any scenario gives."""
    company = Counter(priced.home for priced in confirmed)
    told = {}
    for place, priced in enumerate(confirmed):
        low, mode, high = (sum(column.cents[place]) for column in columns)
        first, second, third, fourth = columns[_MODE].cents[place]
        split = Split(_cents(first), _cents(second), _cents(third), _cents(fourth))
        ends = min(low, mode, high), max(low, mode, high)
        told[priced.key] = Share(_cents(ends[0]), _cents(mode), _cents(ends[1]), split, company[priced.home] - 1)
    return told


def _unexplained(total: Range | None, benchmark: Fraction | None) -> Range | None:
    if total is None or benchmark is None:
        return None
    return Range(*(1 - amount / benchmark for amount in total))


def _splitting(confirmed: Sequence[_Priced]) -> str:
    """How joint cost was shared, in a sentence."""
    crowded = sum(count > _EXACT_SPLIT for count in Counter(priced.home for priced in confirmed).values())
    fair = "Gaps on the same count share its cost by Shapley's value: what each adds, averaged over all orders."
    if not crowded:
        return fair
    return f"{fair} On {crowded} with more than {_EXACT_SPLIT} gaps the cost is shared in proportion instead."


def _four(row: Sequence[int]) -> tuple[int, int, int, int]:
    first, second, third, fourth = row
    return first, second, third, fourth


@lru_cache(maxsize=4096)
def _cents(amount: int) -> Fraction:
    return Fraction(amount, 100)


def _money(amount: float) -> Fraction:
    return Fraction(round(amount * 100), 100)


def _range(cents: Sequence[int]) -> Range:
    return Range(_cents(cents[0]), _cents(cents[1]), _cents(cents[2]))


def _spread_text(spread: a.Spread, *, percent: bool = False) -> str:
    """`0.05 to 0.5 %, most likely 0.2 %`."""
    low, high = min(spread), max(spread)
    factor, unit = (100, " %") if percent else (1, "")
    if low == high:
        return f"{low * factor:g}{unit}"
    return f"{low * factor:g} to {high * factor:g}{unit}, most likely {spread.mode * factor:g}{unit}"


def _plain(value: Fraction) -> str:
    return f"{float(value):,.10g}" if value.denominator != 1 else f"{value.numerator:,}"
