"""HM308: part of the number is cut off on the way."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.claim import Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.graph import Write


@rule("HM308", scope="write", premise="TA2", mend="Carry the number whole, or round once and on the whole value only.")
def precision_loss(write: Write, case: Case) -> Claim | None:
    """A number is rounded on its way, and each rounded difference adds up."""
    rounding = write.mapping.rounding
    if rounding in {None, "none"}:
        return None
    factor = write.mapping.unit_factor
    if factor is None or (isinstance(factor, Fraction | int) and Fraction(factor).denominator == 1):
        source = case.graph.systems[write.path.source].holds.get(write.left)
        if source is None or source.integer_only:
            return None
    flow = case.survey.handoff(write.path).flow
    return Claim(
        "precision-loss",
        "TA2" if flow == "delta" else "TB5",
        False,
        f"rounded {rounding} on the way",
        write.path,
        f"{write.path.id} rounds what it writes into {case.cell}",
        keys=("maps", write.left),
        own_heal=flow == "delta",
    )
