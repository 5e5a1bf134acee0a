"""HM202: one event arrives by two roads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM202",
    scope="cell",
    shared=True,
    premise="TA1",
    mend="Take one route away, or let both share a `ledger` that names the event.",
)
def duplicate_route(case: Case) -> list[Claim]:
    """One event reaches one cell by two routes, and nothing recognises the second as the first."""
    return said(reach_of(case), "duplicate-route")
