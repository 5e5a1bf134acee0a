"""HM219: a count is booked while goods are moving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM219",
    scope="cell",
    shared=True,
    premise="TA5",
    mend="Count as of a moment and add back what moved since (`as_of: true`), or freeze movements while counting (`frozen: true`).",
)
def count_while_moving(case: Case) -> list[Claim]:
    """A count writes the number found while amounts from elsewhere are still on their way to the same cell."""
    return said(conflicts_of(case), "count-while-moving")
