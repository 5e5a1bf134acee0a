"""In which order to take remedies: graver drift first, within that what takes most cost away for its effort.

A cell with several causes comes right only when all of them are gone, so single remedies are not weighed one by one:
up to `EXACT` remedies the whole order is worked out (the least cost still borne, summed over the days of work);
beyond, the next bundle is the one of a single remedy or of all that a cell still lacks which gains most for its effort.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from handoffmap.priorities.cost import likeliest_total
from handoffmap.priorities.deciding import deciding_cells
from handoffmap.remedy.trial import confirmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import Finding
    from handoffmap.model import Cell
    from handoffmap.remedy.offer import Remedy

__all__ = ["EXACT", "in_order"]

EXACT = 8
"""Remedies of one gravity up to which every order is weighed."""

_PER_CELL, _PER_FINDING = Fraction(1, 100), Fraction(1, 10_000)
"""What a cell that comes right, and a finding that goes, weigh beside money: they decide among equals."""


def in_order(diagnosis: Diagnosis, remedies: Sequence[Remedy]) -> tuple[Remedy, ...]:
    """The remedies in the order in which to take them."""
    weighing = _Weighing(diagnosis)
    ordered: list[Remedy] = []
    by_gravity: dict[int, list[Remedy]] = {}
    for remedy in remedies:
        by_gravity.setdefault(weighing.gravity(remedy), []).append(remedy)
    for _, alike in sorted(by_gravity.items()):
        done = frozenset(key for remedy in ordered for key in remedy.clears)
        ordered += weighing.exact(alike, done) if len(alike) <= EXACT else weighing.greedy(alike, done)
    return tuple(ordered)


class _Weighing:
    """What is still borne once some findings are gone."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        self.topology = diagnosis.topology
        self.findings = confirmed(diagnosis)
        self.windows = {verdict.cell: verdict.window for verdict in diagnosis.verdicts}
        self.deciding = deciding_cells(diagnosis.topology)
        self.causes = _causes(diagnosis, self.findings)
        self._known: dict[frozenset[str], Fraction] = {}

    def gravity(self, remedy: Remedy) -> int:
        """0 for lasting drift and oversell, 1 for passing drift, 2 for controls that lack, 3 for housekeeping."""
        return min(_gravity(self.findings[key]) for key in remedy.clears if key in self.findings)

    def borne(self, gone: frozenset[str]) -> Fraction:
        """Currency per 1,000 orders that is still lost, and a little for each cell and finding that is left."""
        if gone not in self._known:
            left = [finding for key, finding in self.findings.items() if key not in gone]
            cells = sum(not causes <= gone for causes in self.causes.values())
            money = likeliest_total(self.topology, left, self.windows, self.deciding)
            self._known[gone] = money + _PER_CELL * cells + _PER_FINDING * len(left)
        return self._known[gone]

    def exact(self, remedies: list[Remedy], done: frozenset[str]) -> list[Remedy]:
        """The order with the least cost borne, summed over the days that it takes."""
        remedies = sorted(remedies, key=lambda each: each.id)
        # Set of places taken -> (cost so far, the order that led there), from the empty set upward.
        best: dict[frozenset[int], tuple[Fraction, tuple[int, ...]]] = {frozenset(): (Fraction(0), ())}
        for size in range(1, len(remedies) + 1):
            for places in combinations(range(len(remedies)), size):
                taken = frozenset(places)
                ways = []
                for last in places:
                    before = taken - {last}
                    gone = done.union(*(remedies[place].clears for place in before))
                    cost, order = best[before]
                    ways.append((cost + remedies[last].effort * self.borne(gone), (*order, last)))
                best[taken] = min(ways)
        return [remedies[place] for place in best[frozenset(range(len(remedies)))][1]]

    def greedy(self, remedies: list[Remedy], done: frozenset[str]) -> list[Remedy]:
        """Bundle by bundle."""
        left = sorted(remedies, key=lambda each: each.id)
        ordered: list[Remedy] = []
        while left:
            bundle = max(self._bundles(left, done), key=lambda each: (self._gain(each, done), [r.id for r in each]))
            chosen = self.exact(list(bundle), done) if len(bundle) <= EXACT else list(bundle)
            ordered += chosen
            done = done.union(*(remedy.clears for remedy in chosen))
            left = [remedy for remedy in left if remedy not in chosen]
        return ordered

    def _bundles(self, left: list[Remedy], done: frozenset[str]) -> Iterable[tuple[Remedy, ...]]:
        yield from ((remedy,) for remedy in left)
        for causes in dict.fromkeys(self.causes.values()):
            lacking = causes - done
            bundle = tuple(remedy for remedy in left if not lacking.isdisjoint(remedy.clears))
            if lacking and len(bundle) > 1 and lacking <= frozenset(key for each in bundle for key in each.clears):
                yield bundle

    def _gain(self, bundle: tuple[Remedy, ...], done: frozenset[str]) -> Fraction:
        effort = sum((remedy.effort for remedy in bundle), Fraction(0))
        saved = self.borne(done) - self.borne(done.union(*(remedy.clears for remedy in bundle)))
        return saved / effort if effort else saved


def _gravity(finding: Finding) -> int:
    if finding.drift in {"permanent", "divergent"} or finding.severity == "error":
        return 0
    if finding.drift is not None:
        return 1
    return 2 if finding.severity == "warning" else 3


def _causes(diagnosis: Diagnosis, findings: dict[str, Finding]) -> dict[Cell, frozenset[str]]:
    """Drifting cell → the confirmed findings that have to go before it is right, those upstream included."""
    verdicts = {verdict.cell: verdict for verdict in diagnosis.verdicts if verdict.verdict == "drifts"}
    own = {
        cell: frozenset(key for key in verdict.findings if key in findings and findings[key].drift is not None)
        for cell, verdict in verdicts.items()
    }
    causes: dict[Cell, frozenset[str]] = {}
    for start in verdicts:
        seen, waiting = {start}, [start]
        while waiting:
            for cell in verdicts[waiting.pop()].upstream:
                if cell in verdicts and cell not in seen:
                    seen.add(cell)
                    waiting.append(cell)
        causes[start] = frozenset().union(*(own[cell] for cell in seen))
    return causes
