"""What compare-and-set keeps out of a cell: values that lack an event which the cell has.

Such a write waits until its source knows of all that the target knows. Where every change comes to the cell without
it, a source from which events are missing is never written: it has to wait for ever. What the source has and counts
wrongly is written all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.computed import written_through
from handoffmap.premises.firing import fires_on_every_change
from handoffmap.premises.graph import compares

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.model import Cell
    from handoffmap.premises.cells import Case
    from handoffmap.verdicts.assessed import Assessed

__all__ = ["LACKING", "never_written"]

LACKING = frozenset(
    {
        "ack-before-commit", "authority-overwritten", "blind-overwrite", "count-gap", "dedupe-key-too-coarse",
        "disabled-path", "dual-write", "lifecycle-guard-missing", "lost-delivery", "manual-override",
        "missing-compensation", "multiple-writers", "poll-window-gap", "refused-delta", "reordered-state",
        "reservation-leak", "shipment-gap", "snapshot-over-in-flight", "subscription-lapse", "transfer-limbo",
        "trigger-gap", "ungated-write", "unmapped-field", "unsynchronized", "unwatched-dead-letter", "watermark-defect",
    }
)  # fmt: skip
"""Rules by which a cell misses whole events, or is written by a value that does; what it has it counts rightly."""
FAR = 40
"""Cells upstream that are looked at."""


def never_written(case: Case, source: Cell, judged: Mapping[Cell, Assessed]) -> bool | None:
    """Whether all that is wrong, or may be wrong, with a source is missing events, and compare-and-set holds it back.

    `case` is the cell that reads it. None: what is surely wrong is missing events, and more may be wrong.
    """
    readers = [feed for feed in (*case.feeds, *written_through(case)) if source in feed.reads]
    unclear = [path for path in case.unclear if path.source == source.system]
    if not (readers or unclear) or not all(compares(path) for path in (*unclear, *(feed.path for feed in readers))):
        return False
    if any(feed.reads != (source,) for feed in readers):
        return False
    if case.corrections or case.counted_elsewhere:
        return False
    if not (case.is_brought_all or _is_brought_whole(case, source, judged)):
        return False
    if case.holding.opening == "none":
        return False  # what was there before the first event comes from the source alone
    return _only_lacks(source, case.cell, judged)


def _is_brought_whole(case: Case, source: Cell, judged: Mapping[Cell, Assessed]) -> bool:
    """Whether whole values from a source that is right bring every change, besides those that wait."""
    return any(
        feed.reads and fires_on_every_change(feed) and source not in feed.reads
        and all(read in judged and judged[read].verdict == "converges" for read in feed.reads)
        for feed in case.feeds
    )  # fmt: skip


def _only_lacks(source: Cell, target: Cell, judged: Mapping[Cell, Assessed]) -> bool | None:
    todo, seen = [source], {source, target}
    vague = False
    while todo and len(seen) <= FAR:
        found = judged.get(todo.pop())
        if found is None:
            return False
        for item in found.told:
            if not item.turns:
                continue
            if item.claim.slug not in LACKING and (item.claim.slug or not item.claim.upstream):
                if item.claim.holds is False:
                    return False
                vague = True
            new = [cell for cell in item.claim.upstream if cell not in seen]
            seen.update(new)
            todo.extend(new)
    return None if vague and not todo else not todo
