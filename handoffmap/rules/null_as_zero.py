"""HM306: not counted yet is read as none there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case


@rule("HM306", scope="cell", premise="TA0", mend="Book an opening balance, or feed the cell with whole values.")
def null_as_zero(case: Case) -> list[Claim]:
    """A cell starts at zero while there is stock, and only differences ever come."""
    if case.holding.opening != "none" or case.is_derived or case.holding.role == "consumer":
        return []
    if any(feed.handoff.sends_whole_values for feed in case.feeds):
        return [Claim("null-as-zero", "TA0", True, "the first full run brings the opening balance")]
    return [
        Claim(
            "null-as-zero",
            "TA0",
            False,
            "no opening balance was booked, and only changes are sent",
            None,
            f"{case.cell} starts at zero and stays off by the stock that was there",
            direction="under",
            keys=("opening",),
        )
    ]
