"""HM208: a snapshot wipes out what is still on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM208",
    scope="cell",
    shared=True,
    premise="TB4",
    mend="Compare before writing (`op: cas`), or let the events of the cell reach the source in the same step.",
)
def snapshot_over_in_flight(case: Case) -> list[Claim]:
    """A whole value is written over local events that its source does not know of yet."""
    return said(conflicts_of(case), "snapshot-over-in-flight")
