"""HM209: amounts and whole values meet in one cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM209",
    scope="cell",
    shared=True,
    premise="TA6",
    mend="Feed the cell in one way: amounts only, or whole values only, or both from one source in one order.",
)
def set_adjust_mix(case: Case) -> list[Claim]:
    """One path sets a cell and another adds to it, in no common order, so that an amount counts twice or not at all."""
    return said(conflicts_of(case), "set-adjust-mix")
