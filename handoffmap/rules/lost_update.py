"""HM207: two runs read the same number and one change is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM207",
    scope="cell",
    shared=True,
    premise="TA5",
    mend="Let the target add (`op: adjust` without `base`), lock the row, or compare before writing (`guard: cas`).",
)
def lost_update(case: Case) -> list[Claim]:
    """The target number is read, changed and written back, and a second writer comes in between."""
    return said(conflicts_of(case), "lost-update")
