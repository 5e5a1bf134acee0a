"""HM311: a number held back on one side only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import BROKEN, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.graph import Write


@rule(
    "HM311",
    scope="write",
    premise="TB5",
    mend="Take the buffer off once: at the source, or in the mapping (`minus`).",
)
def buffer_misuse(write: Write, case: Case) -> Claim | None:
    """A cell is meant to show less than there is, and it is fed the whole number (or has the buffer taken off twice)."""
    flow = case.survey.handoff(write.path).flow
    if flow == "delta" or write.mapping.minus or write.mapping.plus:
        return None
    source = case.graph.systems[write.path.source].holds.get(write.left)
    here = (source.buffer if source is not None else None) or 0
    there = case.holding.buffer or 0
    if here == there:
        return None
    return Claim(
        "buffer-misuse",
        "TB5",
        BROKEN,
        f"{write.path.source} holds back {here}, {case.cell.system} is meant to hold back {there}",
        write.path,
        f"{write.path.id} writes a number into {case.cell} that holds back {here} instead of {there}",
        keys=("maps", write.left),
        direction="over" if here < there else "under",
        own_heal=False,
    )
