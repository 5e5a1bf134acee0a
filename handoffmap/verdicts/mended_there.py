"""What a correction writes at a source is a change **made there**: a path that fires for local changes sends it on.

By then the cell may have heard of something newer by another way. A correction that waits until nothing is under way
changes only what would have stayed wrong; any other one may change what is merely late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.cells import written_from
from handoffmap.premises.claim import BROKEN, Claim
from handoffmap.premises.graph import compares
from handoffmap.premises.patience import unsaid_of, waits_long_enough

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from handoffmap.model import Cell
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Ask
    from handoffmap.verdicts.assessed import Assessed

__all__ = ["mended_sources", "sent_on_when_mended", "tells_what_is_mended"]


def sent_on_when_mended(case: Case, judged: Mapping[Cell, Assessed]) -> Iterator[Claim]:
    """The claims about paths that nothing sets off but a correction of what they read."""
    for feed, read in mended_sources(case):
        there = case.survey.case(read)
        late = [control for control in there.corrections if not waits_long_enough(there, control)]
        if late:
            asks = () if not all(map(unsaid_of, late)) else tuple(ask for each in late for ask in unsaid_of(each))
            yield _told_here(feed, read, asks)
        elif read in judged and judged[read].verdict != "converges":
            yield _told_there(feed, judged[read])


def mended_sources(case: Case) -> list[tuple[Feed, Cell]]:
    """What such paths read, with the path."""
    if not case.survey.arrivals.heeds_ways:
        return []
    waiting = [feed for feed in case.all_feeds if _fires_for_corrections(feed)]
    if not waiting:
        return []
    sending = {feed.path.id for feed in case.feeds}
    return [
        (feed, read)
        for feed in waiting
        if feed.path.id not in sending
        for read in feed.reads
        if case.survey.case(read).corrections
    ]


def _fires_for_corrections(feed: Feed) -> bool:
    path = feed.path
    local = "local" in (path.fires_for or ()) and path.events is None
    return local and not (compares(path) or feed.handoff.one_step or path.only)


def _told_here(feed: Feed, read: Cell, asks: tuple[Ask, ...]) -> Claim:
    return Claim(
        "reordered-state",
        "TB2",
        None if asks else BROKEN,
        f"it sends what a correction writes to {read}, and nothing keeps it behind what has come since",
        feed.path,
        f"an older value sent by {feed.path.id} {'may' if asks else 'can'} overwrite a newer one in {feed.case.cell}",
        keys=("fires_for",),
        asks=asks,
        group="beside",
    )


def _told_there(feed: Feed, found: Assessed) -> Claim:
    cell = found.case.cell
    return Claim(
        "",
        "TB0",
        BROKEN if found.verdict == "drifts" else None,
        f"what mends {cell} is sent on by {feed.path.id}, over what has come since",
        feed.path,
        upstream=(cell,),
    )


def tells_what_is_mended(case: Case, read: Cell, judged: Mapping[Cell, Assessed]) -> bool:
    """Whether a source changes by corrections alone, and a cell is brought the same by runs that come after them.

    Then it sends nothing but what was right when it was written, and all that is late is late anyway.
    """
    there = case.survey.case(read)
    if there.changed_by != {"corrections"} or case.own or case.deltas or read not in judged:
        return False
    known = [cell for control in there.corrections if (cell := written_from(control)) is not None]
    runs = [feed for feed in case.feeds if read not in feed.reads]
    sources = {cell for feed in runs for cell in feed.reads}
    return (
        bool(runs)
        and judged[read].drift == "transient"
        and all(feed.handoff.sends_whole_values for feed in runs)
        and all(feed.handoff.pushed for feed in case.feeds if read in feed.reads)
        and all(cell in judged and judged[cell].verdict == "converges" for cell in (*known, *sources))
    )
