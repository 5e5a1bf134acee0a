"""HM501: nobody compares the mirror with the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case


@rule(
    "HM501",
    scope="cell",
    severity="warning",
    mend="Compare it with the authority at a known interval, in full (`kind: reconciliation`).",
)
def no_reconciliation(case: Case) -> list[Claim]:
    """A mirror is never compared with its authority, so that drift is found by customers."""
    if case.holding.role != "mirror" or not (case.changes or case.journeys):
        return []
    if not case.graph.authorities_of(case.cell.quantity) or case.reconciliations:
        return []
    controls = case.survey.topology.controls
    if controls is None:
        return [
            Claim(
                "no-reconciliation", "", None, "nobody has said which controls there are", None,
                "nothing may compare the mirrors with their authorities", drift=None, asks=(Ask("file", "", "controls"),),
                group="all cells",
            )  # fmt: skip
        ]
    asks = tuple(Ask("control", name, "compare.mirror") for name in case.survey.vague_reconciliations)
    if not asks and not case.survey.topology.complete:
        asks = (Ask("file", "", "controls"),)
    return [
        Claim(
            "no-reconciliation", "", None if asks else False,
            "nobody has said what a reconciliation compares" if asks else "no reconciliation names it", None,
            f"{case.cell} {'may be' if asks else 'is'} compared with nothing", drift=None, asks=asks,
        )  # fmt: skip
    ]
