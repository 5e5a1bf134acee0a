"""**Making findings of one cell untrue**, one after another, until none is left, or just one.

A change that makes one finding untrue may bring another to the cell; that is one more to mend. Of all maps that have
been come to, the one with the fewest left is tried next.
"""

from __future__ import annotations

import copy
import heapq
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.check import diagnose
from handoffmap.premises.survey import Survey
from tests.agreement.changing import Unchangeable, changed
from tests.agreement.compare import Invalid, read
from tests.agreement.generator import idle_paths
from tests.agreement.safe import mends_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import CellVerdict, Finding
    from handoffmap.model import Cell, Topology
    from tests.agreement.safe import Mend

__all__ = ["Mended", "Mending"]

MOST_MAPS = 60
"""Changed maps that are looked at in one search."""

MOST_CHANGES = 4
"""Changes, each for one finding, that are put together beyond one for each finding that is there."""


class Mended(NamedTuple):
    """The map with some changes, and what the rules say of the cell then."""

    mends: tuple[Mend, ...]
    topology: Topology
    verdict: CellVerdict
    findings: dict[str, Finding]
    """By fingerprint: confirmed ones that turn its verdict, or that of a cell that it takes its drift from."""


class Mending:
    """One cell of one map, and the changes that have been looked at."""

    def __init__(self, found: dict[str, Any], cell: Cell) -> None:
        self.found, self.cell = found, cell
        self.idle = idle_paths(found)
        self.looks = 0
        """Maps that the search may still look at."""
        self._known: dict[frozenset[Mend], Mended | None] = {}

    def with_all_mended(self, start: Mended) -> Iterator[Mended]:
        """Maps in which the rules have nothing against the cell any more."""
        return (each for each in self._search(start, None) if each.verdict.verdict != "drifts")

    def with_all_but(self, kept: str) -> Iterator[Mended]:
        """Maps in which one finding is still made and nothing else is held against the cell."""
        start = self.of(())
        if start is None:
            return iter(())
        return (each for each in self._search(start, kept) if not each.verdict.upstream)

    def of(self, mends: tuple[Mend, ...]) -> Mended | None:
        """The map with some changes; None where that is no map, or one with a path that never delivers."""
        key = frozenset(mends)
        if key not in self._known:
            self._known[key] = self._read(mends)
        return self._known[key]

    def _read(self, mends: tuple[Mend, ...]) -> Mended | None:
        try:
            after = changed(copy.deepcopy(self.found), [edit for mend in mends for edit in mend])
            if idle_paths(after) - self.idle:
                return None
            topology = read(after)
        except (Invalid, Unchangeable):
            return None
        said = diagnose(topology)
        verdicts = {each.cell: each for each in said.verdicts}
        if self.cell not in verdicts:
            return None
        theirs = {name for cell in _fed_by(verdicts, self.cell) for name in verdicts[cell].findings}
        turning = {
            each.fingerprint: each
            for each in said.findings
            if each.fingerprint in theirs and each.confidence == "confirmed" and each.drift is not None
        }
        return Mended(mends, topology, verdicts[self.cell], turning)

    def _search(self, start: Mended, kept: str | None) -> Iterator[Mended]:
        """Maps with no finding about the cell but the kept one, those with the fewest changes first."""
        if not _left(start, kept):
            yield start
            return
        waiting = [(_left(start, kept), 0, start)]
        seen = {frozenset(start.mends)}
        self.looks = MOST_MAPS
        deepest = len(start.mends) + _left(start, kept) + MOST_CHANGES
        while waiting:
            _, _, here = heapq.heappop(waiting)
            if len(here.mends) >= deepest:
                continue
            for there in self._following(here, kept):
                if frozenset(there.mends) in seen:
                    continue
                seen.add(frozenset(there.mends))
                if _left(there, kept):
                    heapq.heappush(waiting, (_left(there, kept), len(seen), there))
                else:
                    yield there

    def _following(self, here: Mended, kept: str | None) -> Iterator[Mended]:
        """The maps with one finding less: with the first that can be mended mended."""
        survey = Survey(here.topology)
        for key, finding in here.findings.items():
            if key == kept:
                continue
            for mend in mends_for(finding, here.topology, survey):
                if not self.looks:
                    return
                self.looks -= 1
                there = self.of((*here.mends, mend))
                if there is not None and key not in there.findings and (kept is None or kept in there.findings):
                    yield there


def _fed_by(verdicts: dict[Cell, CellVerdict], cell: Cell) -> set[Cell]:
    """A cell, and those from which its drift comes."""
    found: set[Cell] = set()
    waiting = [cell]
    while waiting:
        here = waiting.pop()
        if here not in found and here in verdicts:
            found.add(here)
            waiting.extend(verdicts[here].upstream)
    return found


def _left(mended: Mended, kept: str | None) -> int:
    return len(mended.findings) - (kept is not None and kept in mended.findings)
