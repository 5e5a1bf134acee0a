"""HM105: a person changes a number and nothing else hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM105",
    scope="cell",
    shared=True,
    premise="TA6",
    mend="Book the change in the authority and let it flow from there, or send the event on to it.",
)
def manual_override(case: Case) -> list[Claim]:
    """A person or a spreadsheet changes stock in one system, and the authority never hears of it."""
    return said(reach_of(case), "manual-override")
