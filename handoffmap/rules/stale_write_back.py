"""HM217: an old copy is saved over newer movements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM217",
    scope="cell",
    shared=True,
    premise="TA5",
    mend="Write only what was changed (`only_if_changed: true`), as an amount, or compare before writing.",
)
def stale_write_back(case: Case) -> list[Claim]:
    """A number kept from earlier is written back over what has changed since."""
    return said(conflicts_of(case), "stale-write-back")
