"""Numbers that **pass through** a cell which is meant to show something else, and come out as they went in.

A mirror that ought to hold three back and does not is wrong by three; who copies it and ought to hold back nothing has
the right number from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import QuantityMapping

if TYPE_CHECKING:
    from handoffmap.finding import DriftClass, Verdict
    from handoffmap.model import Cell
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Answers
    from handoffmap.verdicts.assessed import Assessed

__all__ = ["apart_from_what_passes", "passes_through", "without_what_passes"]

DECLARED = frozenset({"buffer-misuse", "status-collapse"})
"""Rules about what two cells are meant to show, where one number is carried from one to the other."""


def passes_through(case: Case, middle: Cell) -> bool:
    """Whether what a cell is fed from by way of another one is meant to show the same as it, and the other is not."""
    feeds = [feed for feed in case.feeds if middle in feed.reads]
    there = case.survey.case(middle)
    if there.own or there.deltas or there.rewriters or there.reconciliations or there.unclear or there.is_derived:
        return False
    before = {feed.reads for feed in there.feeds}
    if not feeds or len(before) != 1 or not all(map(_as_it_is, (*feeds, *there.feeds))):
        return False
    first = case.graph.cells[before.pop()[0]]
    shown = [(holding.buffer or 0, frozenset(holding.statuses or ())) for holding in (first, case.holding)]
    return shown[0] == shown[1] and first.unit == case.holding.unit


def _as_it_is(feed: Feed) -> bool:
    mapping = feed.write.mapping
    whole = mapping.unit_factor in {None, 1} and mapping._replace(unit_factor=None) == QuantityMapping(mapping.to)
    return whole and len(feed.reads) == 1 and feed.reads[0].quantity == feed.case.cell.quantity


def without_what_passes(answers: Answers, feed: Feed) -> Answers:
    """What is said of a write of such a number: nothing, or that the first run still sends the one from before."""
    first: DriftClass | None = "transient" if feed.handoff.pulled and feed.path.covers != "changed_only" else None
    faults = tuple(
        claim._replace(drift=first) if claim.slug in DECLARED and claim.holds is False else claim
        for claim in answers.faults
    )
    return answers._replace(faults=tuple(claim for claim in faults if claim.drift or claim.slug not in DECLARED))


def apart_from_what_passes(found: Assessed) -> Verdict:
    """How a cell stands apart from what it is meant to show."""
    left = [item.claim.holds for item in found.told if item.turns and item.claim.slug not in DECLARED]
    return "drifts" if False in left else "undetermined" if left else "converges"
