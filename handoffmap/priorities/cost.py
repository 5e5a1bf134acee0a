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

from collections import defaultdict
from fractions import Fraction
from functools import cached_property, lru_cache
from heapq import nsmallest
from itertools import product
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.model import Cell
from handoffmap.priorities import assumptions as a
from handoffmap.priorities.deciding import HOLDS_STOCK_BACK
from handoffmap.priorities.estimate import CATEGORIES, Category, Costs, Range, Share, Split
from handoffmap.priorities.figures import Figures
from handoffmap.priorities.sharing import EXACT_SPLIT, split_joint, to_the_cent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from handoffmap.finding import Finding
    from handoffmap.model import Topology
    from handoffmap.vocabulary import Seconds

__all__ = ["likeliest_total", "price"]

_LOW, _MODE, _HIGH = 0, 1, 2
_CONTENDERS = 12
"""Dearest gaps that are looked at for how firm the order of the first three is."""
_SELLABLE = frozenset({"on_hand", "available"})
_PLANS = frozenset({"planning", "data_warehouse", "erp"})


class _Pull(NamedTuple):
    """What one finding's cost depends on, before joint cost is shared out; thousands of findings are equal in it."""

    mechanism: a.Mechanism
    happens: a.Spread
    """Times per 1,000 orders that one of its events happens."""
    days: float | None
    """None: wrong until somebody mends it."""
    weights: tuple[float, float, float, float]
    """How far the finding can cause each category, 0 to 1."""


class _Corner(NamedTuple):
    """One choice of ends: which figure of each spread is taken."""

    rates: Mapping[str, int]
    frequency: int
    sales: int


def price(
    topology: Topology,
    findings: Iterable[Finding],
    windows: Mapping[Cell, Seconds | None],
    deciding: frozenset[Cell],
) -> Costs:
    """The cost of the confirmed findings and the worth of the open ones; linear in their number.

    `windows` gives the seconds for which a cell can drift, `deciding` is what `deciding_cells` finds. The
    result depends on neither the order of the findings nor that of the file.
    """
    model = _Model(topology, windows, deciding)
    figures = model.figures
    drifting = {finding.fingerprint: finding for finding in findings if finding.drift is not None}
    known = sorted(drifting.items())
    sure = [(key, each) for key, each in known if each.confidence == "confirmed"]
    confirmed = [_Priced(key, model.pull(each), _home(each)) for key, each in sure]
    crowds = _by_cell(confirmed)
    columns = [model.shared_out(crowds, len(confirmed), index) for index in (_LOW, _MODE, _HIGH)]
    total = _range([sum(column.total) for column in columns]) if confirmed else None
    middle = model.scenario(_MODE)
    alone = lru_cache(maxsize=None)(lambda pull: _money(model.alone(pull, middle)))
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
        shares=MappingProxyType(_shares(confirmed, crowds, columns)),
        worth=MappingProxyType(
            {key: alone(model.pull(each)) for key, each in known if each.confidence == "undetermined"}
        ),
        stability=model.stability(confirmed, columns[_MODE]),
        splitting=_splitting(crowds),
        assumptions=figures.told(
            {priced.pull.mechanism for priced in confirmed},
            {event for _, each in sure for event in model.events_of(each)},
            passing=any(priced.pull.days is not None for priced in confirmed),
        )
        if confirmed
        else (),
    )


def likeliest_total(
    topology: Topology,
    findings: Iterable[Finding],
    windows: Mapping[Cell, Seconds | None],
    deciding: frozenset[Cell],
) -> Fraction:
    """The likeliest joint cost of confirmed findings, as `price` has it and nothing else: for comparing many sets."""
    model = _Model(topology, windows, deciding)
    known = sorted((each.fingerprint, each) for each in findings if each.drift is not None)
    confirmed = [_Priced(key, model.pull(each), _home(each)) for key, each in known if each.confidence == "confirmed"]
    column = model.shared_out(_by_cell(confirmed), len(confirmed), _MODE)
    return Fraction(sum(column.total), 100)


class _Priced(NamedTuple):
    """One confirmed finding on its way to a share."""

    key: str
    pull: _Pull
    home: Cell


class _Crowd(NamedTuple):
    """The findings on one cell: their places among all that cost something, and what their cost depends on."""

    members: tuple[int, ...]
    pulls: tuple[_Pull, ...]


class _CrowdSplit(NamedTuple):
    """The joint intensity of one crowd, by category."""

    parts: tuple[tuple[float, ...], ...]
    """Of each member."""
    left: tuple[float, ...]
    """What they do not make go wrong, of 1."""


class _Columns(NamedTuple):
    """One scenario: cents of each finding by category, and of each category."""

    cents: list[tuple[int, ...]]
    total: tuple[int, int, int, int]


class _Model:
    """The arithmetic of one map: its mode, its figures, and what they make of a finding."""

    def __init__(self, topology: Topology, windows: Mapping[Cell, Seconds | None], deciding: frozenset[Cell]) -> None:
        self.topology = topology
        self.figures = Figures(topology)
        self.deciding = deciding
        self.windows = windows
        self._happens = lru_cache(maxsize=None)(self._happens_of)

    # What a finding depends on.

    def pull(self, finding: Finding) -> _Pull:
        """The few facts of a finding that its cost depends on."""
        mechanism = a.MECHANISM_OF.get(finding.slug, "always")
        return _Pull(mechanism, self._happens(self.events_of(finding)), self._days(finding), self._weights(finding))

    def events_of(self, finding: Finding) -> tuple[str, ...]:
        """The events that a finding is about, by name; where it names none, all that move its count."""
        return tuple(sorted(finding.events)) or self._moving.get(_home(finding).quantity, ())

    @cached_property
    def _moving(self) -> dict[str, tuple[str, ...]]:
        moving: dict[str, list[str]] = defaultdict(list)
        for name, event in sorted(self.topology.events.items()):
            for quantity in event.effects:
                moving[quantity].append(name)
        return {quantity: tuple(names) for quantity, names in moving.items()}

    def _happens_of(self, events: tuple[str, ...]) -> a.Spread:
        spreads = [self.figures.frequency(event) for event in events]
        return a.Spread(*(sum([spread[end] for spread in spreads]) for end in (_LOW, _MODE, _HIGH)))

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
        rate = self.figures.rate(pull.mechanism, corner.rates[pull.mechanism])
        between = self.figures.sale_every(corner.sales)
        days = pull.days
        met = 1.0 if days is None else min(1.0, days / between) if between else 1.0
        hits = pull.happens[corner.frequency] * rate * met
        return hits / (hits + a.HALF_WAY) if self.figures.mode == "benchmark" else min(1.0, hits / 1000)

    def alone(self, pull: _Pull, corner: _Corner) -> float:
        """Currency per 1,000 orders that a finding would most likely cost if it were the only one."""
        e = self.intensity(pull, corner)
        return sum(most * weight * e for most, weight in zip(self.figures.ceiling(_MODE), pull.weights, strict=True))

    # Joint cost and its shares.

    def shared_out(self, crowds: Sequence[_Crowd], number: int, index: int) -> _Columns:
        """The joint cost of `number` findings with every assumption at the same end, split to the cent."""
        corner, most = self.scenario(index), self.figures.ceiling(index)
        # Crowds of the same findings are split alike, and even a large map has few kinds of them.
        splits = {pulls: self._split(pulls, corner) for pulls in dict.fromkeys(crowd.pulls for crowd in crowds)}
        parts: list[tuple[float, ...]] = [()] * number
        for members, pulls in crowds:
            for member, part in zip(members, splits[pulls].parts, strict=True):
                parts[member] = part
        left = [prod(column) for column in zip(*(splits[crowd.pulls].left for crowd in crowds), strict=True)]
        joint = [round(100 * amount * (1 - spared)) for amount, spared in zip(most, left or [1.0] * 4, strict=True)]
        columns = list(zip(*parts, strict=True)) or [()] * 4
        cents = [to_the_cent(total, column) for total, column in zip(joint, columns, strict=True)]
        return _Columns(list(zip(*cents, strict=True)), _four([sum(column) for column in cents]))

    def _split(self, pulls: Sequence[_Pull], corner: _Corner) -> _CrowdSplit:
        """The joint intensity of one cell split over its findings, by category."""
        intensities = [self.intensity(pull, corner) for pull in pulls]
        columns = [
            split_joint(tuple(e * pull.weights[position] for e, pull in zip(intensities, pulls, strict=True)))
            for position in range(4)
        ]
        return _CrowdSplit(tuple(zip(*columns, strict=True)), tuple(1 - min(1.0, sum(column)) for column in columns))

    def categories(self, columns: Sequence[_Columns], *, computed: bool) -> tuple[Category, ...]:
        """The total by category; one that the stated figures do not reach is left out and says so."""
        told = []
        for position, (key, name) in enumerate(CATEGORIES.items()):
            missing = self.figures.missing[key] if self.figures.mode == "own numbers" else ()
            cost = _range([column.total[position] for column in columns]) if computed and not missing else None
            benchmark = Fraction(a.BENCHMARK[key]) if self.figures.mode == "benchmark" else None
            told.append(Category(key, name, cost, benchmark, missing))
        return tuple(told)

    def stability(self, confirmed: Sequence[_Priced], likeliest: _Columns) -> tuple[int, int] | None:
        """In how many corners of the ranges the three dearest findings keep their order.

        Each of the dozen dearest is looked at by itself, at either end of each way of going wrong, of the
        frequencies and of the time between sales. None: fewer than two findings cost anything.
        """
        costing = zip((sum(cents) for cents in likeliest.cents), confirmed, strict=True)
        dearest = nsmallest(_CONTENDERS, ((-cents, priced.key, priced.pull) for cents, priced in costing if cents > 0))
        if len(dearest) < 2:
            return None
        pulls = {key: pull for _, key, pull in dearest}
        ways: list[str] = sorted({pull.mechanism for pull in pulls.values() if pull.mechanism != "always"})
        middle = self.scenario(_MODE)
        wanted = self._order(pulls, middle)
        corners = list(product((_LOW, _HIGH), repeat=len(ways) + 2))
        held = 0
        for frequency, sales, *ends in corners:
            rates = dict(middle.rates) | dict(zip(ways, ends, strict=True))
            held += self._order(pulls, _Corner(rates, frequency, sales)) == wanted
        return held, len(corners)

    def _order(self, pulls: Mapping[str, _Pull], corner: _Corner) -> list[str]:
        """The three dearest by what they cost alone, dearest first."""
        cost = {key: round(self.alone(pull, corner), 6) for key, pull in pulls.items()}
        return sorted(cost, key=lambda key: (-cost[key], key))[:3]


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


def _by_cell(confirmed: Sequence[_Priced]) -> list[_Crowd]:
    """The findings of each cell, cells in the order of their names."""
    cells: dict[Cell, list[int]] = defaultdict(list)
    for place, priced in enumerate(confirmed):
        cells[priced.home].append(place)
    return [
        _Crowd(tuple(members), tuple([confirmed[member].pull for member in members]))
        for _, members in sorted(cells.items())
    ]


def _shares(confirmed: Sequence[_Priced], crowds: Sequence[_Crowd], columns: Sequence[_Columns]) -> dict[str, Share]:
    """The share of each finding; its ends are the least and the most that any scenario gives."""
    company = [0] * len(confirmed)
    for crowd in crowds:
        for member in crowd.members:
            company[member] = len(crowd.members) - 1
    share = lru_cache(maxsize=None)(_share)
    rows = map(share, *(column.cents for column in columns), company)
    return {priced.key: row for priced, row in zip(confirmed, rows, strict=True)}


def _share(low: tuple[int, ...], mode: tuple[int, ...], high: tuple[int, ...], shared_with: int) -> Share:
    """A share from the cents of each category in each scenario."""
    ends = sum(low), sum(mode), sum(high)
    split = Split(*map(_cents, mode))
    return Share(_cents(min(ends)), _cents(ends[_MODE]), _cents(max(ends)), split, shared_with)


def _unexplained(total: Range | None, benchmark: Fraction | None) -> Range | None:
    if total is None or benchmark is None:
        return None
    return Range(*(1 - amount / benchmark for amount in total))


def _splitting(crowds: Sequence[_Crowd]) -> str:
    """How joint cost was shared, in a sentence."""
    crowded = sum(len(crowd.members) > EXACT_SPLIT for crowd in crowds)
    fair = "Gaps on the same count share its cost by Shapley's value: what each adds, averaged over all orders."
    if not crowded:
        return fair
    return f"{fair} On {crowded} with more than {EXACT_SPLIT} gaps the cost is shared in proportion instead."


def _four(row: Sequence[int]) -> tuple[int, int, int, int]:
    first, second, third, fourth = row
    return first, second, third, fourth


def _cents(amount: int) -> Fraction:
    return Fraction(amount, 100)


def _money(amount: float) -> Fraction:
    return Fraction(round(amount * 100), 100)


def _range(cents: Sequence[int]) -> Range:
    return Range(_cents(cents[0]), _cents(cents[1]), _cents(cents[2]))
