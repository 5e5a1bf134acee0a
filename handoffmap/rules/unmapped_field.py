"""HM301: the message arrives and the quantity does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM301",
    scope="cell",
    premise="TA1",
    mend="Map the quantity (`maps`) at the seam that drops it.",
)
def unmapped_field(case: Case) -> list[Claim]:
    """A path brings the event to the system and leaves the quantity behind."""
    return said(reach_of(case), "unmapped-field")
