"""HM504: the record is corrected from a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.cells import corrected_by, written_from
from handoffmap.claim import Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case


@rule("HM504", scope="cell", premise="TC", mend="Correct the mirror from the authority, or only alert.")
def reconciles_wrong_way(case: Case) -> list[Claim]:
    """A reconciliation writes a mirror's number into the authority."""
    found = []
    for control in case.corrections:
        wrong = control.corrects is not None and control.corrects == control.authority
        source = written_from(control)
        if not wrong and case.holding.role != "authoritative":
            continue
        found.append(
            Claim(
                "reconciles-wrong-way",
                "TC",
                False,
                f"{control.id} writes {source} into {corrected_by(control)}",
                None,
                f"{control.id} corrects the authority {case.cell} from {source}",
                group=control.id,
                keys=("corrects",) if control.corrects is not None else ("compare", "mirror"),
                own_heal=False,
                control=control.id,
            )
        )
    return found
