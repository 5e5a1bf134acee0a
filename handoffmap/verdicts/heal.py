"""What makes a cell right again after a fault: cases -> **healing** -> verdicts.

A recurring full run from a converging source, or a reconciliation with a converging authority, in full and at a known
interval; one that only alerts counts if somebody would notice that it stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.premises.claim import Ask
from handoffmap.premises.firing import comes_back, fires_on_every_change, sends_each
from handoffmap.premises.graph import flow_of, is_pushed
from handoffmap.premises.lag import hop, lag_of
from handoffmap.premises.loops import mended_at
from handoffmap.rules.reordered_state import in_event_order
from handoffmap.verdicts.assessed import Healing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from handoffmap.model import Control, Holding, WritePath
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.graph import Write
    from handoffmap.verdicts.assessed import Assessed
    from handoffmap.verdicts.streams import Streams

__all__ = ["healing_of", "shows_alike", "unsaid_of_whole"]


NOT_HEALED_BY = frozenset({"lifecycle-guard-missing", "dedupe-key-too-coarse"})
"""What a target refuses by its state, or takes for a repetition, it does not take from the next run either."""


def healing_of(case: Case, judged: Mapping[Cell, Assessed], streams: Streams) -> tuple[Healing, ...]:
    """The cell's healers, sure ones before those that hang on unstated facts, the quickest first."""
    writes = case.graph.writers_of(case.cell)
    if not writes and not case.reconciliations:
        return ()
    healers = [healing for feed in case.feeds for healing in _by_feed(feed, judged, streams)]
    others = [_by_vague(write, case, judged) for write in writes]
    others += [_by_control(control, case, judged) for control in case.reconciliations]
    mended = mended_at(case)
    if mended is not None:  # what is wrong here goes round to there, and comes back
        there = case.survey.case(mended)
        found = [_by_control(control, there, judged) for control in there.reconciliations]
        others += [healing._replace(window=None) for healing in found if healing is not None]
    healers += [healing for healing in others if healing is not None]
    healers.sort(key=lambda healing: (not healing.works, healing.window is None, healing.window or 0, healing.by))
    return tuple(healers)


def _by_feed(feed: Feed, judged: Mapping[Cell, Assessed], streams: Streams) -> Iterator[Healing]:
    """What a run makes good: all of it where it sends the whole value again and again, else what another path lost."""
    path, survey = feed.path, feed.case.survey
    whole = True if _sends_after_each_run(feed) else feed.handoff.sends_whole_values
    changes = feed.handoff.pulled and fires_on_every_change(feed) and _sends_what_is_new(feed)
    if (whole is False and not changes) or feed.handoff.flow == "number":
        return
    if path.guard == "event_time" and not all(in_event_order(cell, survey) for cell in feed.reads):
        return  # its next run is refused as well, until something newer happens
    doubts: tuple[Ask, ...] = ()
    lasting = (claim for claim in streams.of_handoff(feed.handoff).faults if claim.slug in NOT_HEALED_BY)
    for claim in (*streams.of_write(path, feed.case.cell).faults, *lasting):
        if claim.holds is False:
            return
        doubts = (*doubts, *claim.asks)
    standing = _source(feed.reads, judged)
    if standing is False:
        return
    before = [lag_of(survey.case(cell)) for cell in feed.reads]
    step = hop(feed.handoff)
    window = (
        None if step is None or None in before else step + max((lag for lag in before if lag is not None), default=0)
    )
    works = True if standing and not doubts else None
    if changes:
        unsaid = (Ask("path", path.id, "only_if_changed"),) if path.only_if_changed is None and comes_back(feed) else ()
        yield Healing(None if unsaid else works, window, path.id, (*doubts, *unsaid), lost_only=True)
    if whole is not False:
        asks = doubts if whole else (*doubts, Ask("path", path.id, unsaid_of_whole(path)))
        yield Healing(works if whole else None, window, path.id, asks)


def _sends_what_is_new(feed: Feed) -> bool:
    """Whether a run sends a value that another path has lost, if nobody has said that it leaves out what it sent last.

    It may be the same number again, where it may show one twice.
    """
    return not feed.path.only_if_changed or not comes_back(feed)


def _sends_after_each_run(feed: Feed) -> bool:
    """Whether a push sends whatever is written to its source, and a full run writes there again and again."""
    if feed.path.fires_on != "write" or not feed.handoff.pushed or not sends_each(feed.path) or feed.path.origin_tag:
        return False
    read = [feed.case.survey.case(cell) for cell in feed.reads]
    return bool(read) and all(any(each.handoff.sends_whole_values for each in case.feeds) for case in read)


def shows_alike(one: Holding, other: Holding) -> bool:
    """Whether two cells hold back the same and count goods of the same statuses: a copy of one suits the other."""
    return (one.buffer or 0, one.statuses) == (other.buffer or 0, other.statuses)


def unsaid_of_whole(path: WritePath) -> str:
    """The first fact on which it hangs whether a path sends everything again and again."""
    if path.trigger is None:
        return "trigger"
    if path.covers is None:
        return "schedule.covers"
    return "only_if_changed" if path.only_if_changed is None else "dedupe.unique_per_effect"


def _by_vague(write: Write, case: Case, judged: Mapping[Cell, Assessed]) -> Healing | None:
    """A path of which nobody has said what it carries: a recurring one may send whole values."""
    path = write.path
    if flow_of(path) is not None or is_pushed(path) or path.covers == "changed_only":
        return None
    source = Cell(path.source, write.left)
    if source not in case.graph.cells or _source((source,), judged) is False:
        return None
    return Healing(None, None, path.id, (Ask("path", path.id, "payload"),))


def _by_control(control: Control, case: Case, judged: Mapping[Cell, Assessed]) -> Healing | None:
    source = _mended_from(control, case.cell)
    if control.on_mismatch in {"none", "block"} or control.scope in {"sampled", "changed_only"}:
        return None
    if control.measure == "totals" or control.survives_restart is False or source is None:
        return None
    unsaid = control.on_mismatch is None
    watched = control.on_mismatch == "correct" or control.last_success_monitored
    if (watched is False and not unsaid) or source not in case.graph.cells:
        return None
    standing = _source((source,), judged)
    if standing is False or source.quantity != case.cell.quantity:
        return None
    if case.survey.is_copied(source, case.cell):
        return None  # nobody mends a count by its copy
    theirs = case.graph.cells[source]
    if theirs.role == "consumer" and control.on_mismatch != "correct":
        return None  # nothing is expected of it, so nobody mends by it
    if not shows_alike(theirs, case.holding):
        return None
    facts = [fact for fact in ("every", "scope", "on_mismatch") if getattr(control, fact) is None]
    if watched is None and not unsaid:
        facts.append("last_success_monitored")
    asks = tuple(Ask("control", control.id, fact) for fact in facts)
    lag = lag_of(case.survey.case(source))
    window = None if control.every is None or lag is None else control.every + (control.settle or 0) + lag
    return Healing(True if not facts and standing else None, window, control.id, asks)


def _mended_from(control: Control, cell: Cell) -> Cell | None:
    """The cell by which a reconciliation mends this one; None where it does not."""
    if control.mirror == cell:
        return control.authority if control.corrects in {None, cell} else None
    tells = control.on_mismatch in {"alert", "report"}
    # The wrong way, and right in the end where the mirror is.
    return control.mirror if control.corrects == control.authority == cell and not tells else None


def _source(cells: tuple[Cell, ...], judged: Mapping[Cell, Assessed]) -> bool | None:
    """Whether every cell that it reads is right in the end: it converges, or is wrong for a while."""
    found = [judged.get(cell) for cell in cells]
    if any(each is None or (each.verdict == "drifts" and not _mends_itself(each)) for each in found):
        return False
    return None if any(each is not None and each.verdict == "undetermined" for each in found) else True


def _mends_itself(found: Assessed) -> bool:
    """Whether a cell is wrong for a while only, and no whole values go round by which that could last."""
    return found.drift == "transient" and not found.case.feeds
