"""HM401: an event never gets there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM401",
    scope="cell",
    premise="TA1",
    mend="Add a write path that carries the event to the cell, or feed the cell with whole values from the authority.",
)
def unsynchronized(case: Case) -> list[Claim]:
    """An event moves a quantity that a system holds, and nothing brings it there."""
    return said(reach_of(case), "unsynchronized")
