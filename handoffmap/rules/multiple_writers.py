"""HM103: two systems each write the whole number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM103",
    scope="cell",
    shared=True,
    premise="TB1",
    mend="Let one system be the source of the whole value and send the others through it, or give each its own items or places.",
)
def multiple_writers(case: Case) -> list[Claim]:
    """Two systems each write the whole value of one cell, and whichever writes last wins."""
    return said(conflicts_of(case), "multiple-writers")
