"""Numbers that **pass through** a cell which is meant to show something else, and come out as they went in.

A mirror that ought to hold three back and does not is wrong by three; who copies it and ought to hold back nothing has
the right number from it. So it is with what a correction writes there, over whatever else has come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import QuantityMapping
from handoffmap.premises.cells import written_from
from handoffmap.premises.firing import fires_on_every_change
from handoffmap.premises.lag import lag_of
from handoffmap.premises.patience import unsaid_of

if TYPE_CHECKING:
    from handoffmap.finding import DriftClass, Verdict
    from handoffmap.model import Cell, Holding
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Answers
    from handoffmap.verdicts.assessed import Assessed
    from handoffmap.vocabulary import Seconds

__all__ = ["apart_from_what_passes", "passes_through", "without_what_passes"]

DECLARED = frozenset({"buffer-misuse", "status-collapse"})
"""Rules about what two cells are meant to show, where one number is carried from one to the other."""


def passes_through(case: Case, middle: Cell) -> bool:
    """Whether what a cell is fed from by way of another one is meant to show the same as it, and the other is not."""
    feeds = [feed for feed in case.feeds if middle in feed.reads]
    there = case.survey.case(middle)
    if there.own or there.rewriters or there.unclear or there.is_derived:
        return False
    corrected = bool(there.reconciliations)
    before = _corrected_from(there, case.cell) if corrected else _copied_from(there)
    if before is None or not feeds or not all(map(_as_it_is, feeds)):
        return False
    if corrected and (_shown(there.holding) == _shown(case.holding) or not all(map(fires_on_every_change, feeds))):
        return False
    return _shown(case.graph.cells[before]) == _shown(case.holding)


def _shown(holding: Holding) -> tuple[object, ...]:
    return holding.unit, holding.buffer or 0, frozenset(holding.statuses or ())


def _copied_from(there: Case) -> Cell | None:
    """The one cell that all of a cell comes from as it is, where nothing else moves it."""
    before = {feed.reads for feed in there.feeds}
    if there.deltas or len(before) != 1 or not all(map(_as_it_is, there.feeds)):
        return None
    return before.pop()[0]


def _corrected_from(there: Case, target: Cell) -> Cell | None:
    """The cell that a correction surely writes again and again over what amounts have made of it, save the target."""
    control = there.reconciliations[0]
    sure = control.on_mismatch == "correct" and control.survives_restart is not False and not unsaid_of(control)
    if there.feeds or len(there.reconciliations) != 1 or not there.corrections or not sure:
        return None
    source = written_from(control)
    return source if source is not None and source != target and source.quantity == there.cell.quantity else None


def _as_it_is(feed: Feed) -> bool:
    mapping = feed.write.mapping
    whole = mapping.unit_factor in {None, 1} and mapping._replace(unit_factor=None) == QuantityMapping(mapping.to)
    return whole and len(feed.reads) == 1 and feed.reads[0].quantity == feed.case.cell.quantity


def without_what_passes(answers: Answers, feed: Feed) -> Answers:
    """What is said of a write of such a number: nothing, or that it still sends the one from before for a while."""
    there = feed.case.survey.case(feed.reads[0])
    runs = feed.handoff.pulled and feed.path.covers != "changed_only"
    first: DriftClass | None = "transient" if there.corrections or runs else None
    lasts = _until_corrected(feed, there) if there.corrections else None
    faults = tuple(
        claim._replace(drift=first, lasts=lasts) if claim.slug in DECLARED and claim.holds is False else claim
        for claim in answers.faults
    )
    return answers._replace(faults=tuple(claim for claim in faults if claim.drift or claim.slug not in DECLARED))


def _until_corrected(feed: Feed, there: Case) -> Seconds | None:
    """Seconds until the next correction has come."""
    every, settle = there.reconciliations[0].every, there.reconciliations[0].settle or 0
    late = lag_of(feed.case)
    return None if every is None or late is None else every + settle + late


def apart_from_what_passes(found: Assessed) -> Verdict:
    """How a cell stands apart from what it is meant to show; corrected again and again it is as right as its source."""
    turning = [item.claim for item in found.told if item.turns]
    if found.case.corrections:
        left = [claim.holds for claim in turning if written_from(found.case.corrections[0]) in claim.upstream]
    else:
        left = [claim.holds for claim in turning if claim.slug not in DECLARED]
    return "drifts" if False in left else "undetermined" if left else "converges"
