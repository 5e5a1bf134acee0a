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
from typing import TYPE_CHECKING, NamedTuple

from handoffmap import assumptions as a
from handoffmap.deciding import HOLDS_STOCK_BACK, deciding_cells
from handoffmap.estimate import CATEGORIES, Category, Costs, Range, Share, Split
from handoffmap.figures import Figures
from handoffmap.model import Cell
from handoffmap.sharing import EXACT_SPLIT, split_joint, to_the_cent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from handoffmap.finding import CellVerdict, Finding
    from handoffmap.model import Topology

__all__ = ["price"]

_LOW, _MODE, _HIGH = 0, 1, 2
_CONTENDERS = 12
"""Dearest gaps that are looked at for how firm the order of the first three is."""
_SELLABLE = frozenset({"on_hand", "available"})
_PLANS = frozenset({"planning", "data_warehouse", "erp"})


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
    figures = model.figures
    known = sorted(drifting.items())
    confirmed = [_Priced(key, model.pull(each), _home(each)) for key, each in known if each.confidence == "confirmed"]
    open_ = [(key, model.pull(each)) for key, each in known if each.confidence == "undetermined"]
    columns = [model.shared_out(confirmed, index) for index in (_LOW, _MODE, _HIGH)]
    shares = _shares(confirmed, columns)
    total = _range([sum(column.total) for column in columns]) if confirmed else None
    middle = model.scenario(_MODE)
    return Costs(
        mode=figures.mode,
        label=a.BENCHMARK_LABEL
        if figures.mode == "benchmark"
        else "Computed from the figures that the file states, in their currency",
        total=total,
        categories=model.categories(columns, computed=bool(confirmed)),
        benchmark=figures.benchmark,
        unexplained=_unexplained(total, figures.benchmark),
        orders_per_month=figures.stated.get("orders_per_month"),
        shares=MappingProxyType(shares),
        worth=MappingProxyType({key: _money(model.alone(pull, middle, _MODE)) for key, pull in open_}),
        stability=model.stability({key: pull for key, pull, _ in confirmed}, shares),
        splitting=_splitting(confirmed),
        assumptions=figures.told(
            {priced.pull.mechanism for priced in confirmed},
            {event for priced in confirmed for event in priced.pull.events},
            passing=any(priced.pull.days is not None for priced in confirmed),
        )
        if confirmed
        else (),
    )


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
        self.figures = Figures(topology)
        self.deciding = deciding_cells(topology)
        self.windows = {verdict.cell: verdict.window for verdict in verdicts}
        self._moving: dict[str, list[str]] = {}
        self._intensity = lru_cache(maxsize=None)(self._intensity_of)

    # What a finding depends on.

    def pull(self, finding: Finding) -> _Pull:
        """The few facts of a finding that its cost depends on."""
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

    def intensity(self, pull: _Pull, corner: _Corner) -> float:
        """How much of what could go wrong this finding makes go wrong, from 0 to 1."""
        rate = corner.rates[pull.mechanism]
        return self._intensity(pull.mechanism, pull.events, pull.days, (rate, corner.frequency, corner.sales))

    def _intensity_of(
        self, mechanism: a.Mechanism, events: tuple[str, ...], days: float | None, ends: tuple[int, int, int]
    ) -> float:
        rate, frequency, sales = ends
        happens = sum(self.figures.frequency(event, frequency) for event in events)
        between = self.figures.sale_every(sales)
        met = 1.0 if days is None else min(1.0, days / between) if between else 1.0
        hits = happens * self.figures.rate(mechanism, rate) * met
        return hits / (hits + a.HALF_WAY) if self.figures.mode == "benchmark" else min(1.0, hits / 1000)

    def alone(self, pull: _Pull, corner: _Corner, index: int) -> float:
        """Currency per 1,000 orders that a finding would cost if it were the only one."""
        e = self.intensity(pull, corner)
        return sum(most * weight * e for most, weight in zip(self.figures.ceiling(index), pull.weights, strict=True))

    # Joint cost and its shares.

    def shared_out(self, confirmed: Sequence[_Priced], index: int) -> _Columns:
        """The joint cost with every assumption at the same end, split over the findings to the cent."""
        corner, most = self.scenario(index), self.figures.ceiling(index)
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
            missing = self.figures.missing[key] if self.figures.mode == "own numbers" else ()
            cost = _range([column.total[position] for column in columns]) if computed and not missing else None
            benchmark = Fraction(a.BENCHMARK[key]) if self.figures.mode == "benchmark" else None
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
    crowded = sum(count > EXACT_SPLIT for count in Counter(priced.home for priced in confirmed).values())
    fair = "Gaps on the same count share its cost by Shapley's value: what each adds, averaged over all orders."
    if not crowded:
        return fair
    return f"{fair} On {crowded} with more than {EXACT_SPLIT} gaps the cost is shared in proportion instead."


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
