"""HM403: what is taken back stays booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM403",
    scope="cell",
    premise="TA7",
    mend="Carry the undo by the same path (`events`).",
)
def missing_compensation(case: Case) -> list[Claim]:
    """An event reaches the cell and its undo does not."""
    return said(reach_of(case), "missing-compensation")
