"""HM108: a mirror's number lands on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM108",
    scope="cell",
    shared=True,
    premise="TB4",
    mend="Turn the path round: the authority writes, the mirror reads; what happens at the mirror goes up as an amount.",
)
def authority_overwritten(case: Case) -> list[Claim]:
    """A mirror writes its number over the authority."""
    return said(conflicts_of(case), "authority-overwritten")
