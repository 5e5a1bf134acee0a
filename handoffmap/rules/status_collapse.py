"""HM310: stock of several statuses ends in one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.graph import Write


@rule("HM310", scope="write", premise="TA2", mend="Let both cells count the same `statuses`, or map each to its own.")
def status_collapse(write: Write, case: Case) -> Claim | None:
    """The source counts other statuses of stock than the target: damaged goods are published as sellable."""
    source = case.graph.systems[write.path.source].holds.get(write.left)
    here = source.statuses if source is not None else None
    there = case.holding.statuses
    if here is None or there is None or set(here) == set(there):
        return None
    return Claim(
        "status-collapse",
        "TA2" if case.survey.handoff(write.path).flow == "delta" else "TB5",
        False,
        f"{write.path.source} counts {', '.join(here)}; {case.cell.system} counts {', '.join(there)}",
        write.path,
        f"{write.path.id} carries other statuses into {case.cell} than it counts",
        keys=("maps", write.left),
        own_heal=False,
    )
