"""HM405: goods have left and somebody still counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM405",
    scope="cell",
    premise="TA1",
    mend="Carry `shipment_confirmed` (and its undo) to the cell.",
)
def shipment_gap(case: Case) -> list[Claim]:
    """A shipment never reaches a cell that it moves, which goes on holding what has left."""
    return said(reach_of(case), "shipment-gap")
