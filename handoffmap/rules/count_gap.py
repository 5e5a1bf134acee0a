"""HM406: a count mends one system and opens a gap in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM406",
    scope="cell",
    premise="TA1",
    mend="Carry `cycle_counted` and `inventory_adjusted` to the cell, or feed it with whole values.",
)
def count_gap(case: Case) -> list[Claim]:
    """A count or an adjustment never reaches a cell that it moves."""
    return said(reach_of(case), "count-gap")
