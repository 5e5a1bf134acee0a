"""HM404: what is taken back is taken back twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM404",
    scope="cell",
    premise="TA7",
    mend="Let one handler put back what is still open, and only that.",
)
def double_compensation(case: Case) -> list[Claim]:
    """The undo of an event reaches the cell more than once."""
    return said(reach_of(case), "double-compensation")
