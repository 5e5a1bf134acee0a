"""HM402: a path exists and does not fire for every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule
from handoffmap.silence import silences_of

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM402",
    scope="cell",
    premise="TB3",
    mend="Add the missing events to the path, or let it fire on every change.",
)
def trigger_gap(case: Case) -> list[Claim]:
    """A path feeds the cell but does not fire for every event that changes it."""
    return [*said(reach_of(case), "trigger-gap"), *said(silences_of(case), "trigger-gap")]
