"""**How long something may be under way** to a cell, and whether a control waits for it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.witness import promises
from handoffmap.witness.slices import bases_of, carries, coming, landing, pruned_upstream

if TYPE_CHECKING:
    from handoffmap.model import Control, Topology, WritePath
    from handoffmap.vocabulary import Seconds

__all__ = ["PATIENCE", "settles_long_enough"]

PATIENCE = Fraction(10**9)
"""Seconds of waiting after which nothing can be under way: the answer "long enough" to an open question."""


def settles_long_enough(topology: Topology, control: Control) -> bool | None:
    """Whether a control waits for at least what is under way to both cells; None: an unknown fact decides."""
    if control.on_mismatch != "correct":
        return True  # a person looks again before mending
    if control.settle is None:
        return None
    if control.settle <= 0 or control.settle >= PATIENCE:
        return control.settle > 0  # whatever is under way is under way for a while
    ends = [cell for cell in (control.authority, control.mirror) if cell is not None]
    waits = [_window(topology, cell, frozenset()) for cell in ends]
    longest = max((wait for wait in waits if wait is not None), default=0)
    if control.settle < longest:
        return False
    return None if None in waits else True


def _window(topology: Topology, cell: Cell, seen: frozenset[Cell]) -> Seconds | None:
    """Seconds that something may be under way to a cell, runs that have to be waited for included; None: unknown."""
    longest: Seconds = 0
    formula = bases_of(topology, cell)
    if formula:
        befores = [
            _window(topology, Cell(term.system or cell.system, term.quantity), seen | {cell}) for term in formula
        ]
        return None if None in befores else max((each for each in befores if each is not None), default=0)
    up = pruned_upstream(topology, cell)
    for path in up.paths:
        if path.target != cell.system or path.source == cell.system or promises.refused(path):
            continue
        if path.origin_tag and carries(path) == "delta" and not coming(topology, up, path):
            continue  # all that would be under way its tag keeps back
        lefts = [
            left
            for left, mapping in (path.maps or {}).items()
            if mapping is not None and mapping.to is not None and landing(topology, path.target, mapping.to)[0] == cell
        ]
        for left in lefts:
            source = Cell(path.source, left)
            if source in seen:
                continue
            before = _window(topology, source, seen | {cell})
            step = _hop(topology, path)
            if before is None or step is None:
                return None
            longest = max(longest, before + step)
    return longest


def _hop(topology: Topology, path: WritePath) -> Seconds | None:
    if promises.applied_in_step(topology, path):
        return 0
    if path.latency is None or path.trigger is None:
        return None
    if promises.pulled(path):
        return None if path.every is None else path.latency + path.every
    return path.latency
