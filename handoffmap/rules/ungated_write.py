"""HM104: a mirror changes and its authority never hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.conflict import conflicts_of
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM104",
    scope="cell",
    shared=True,
    premise="TB4",
    mend="Send the event from the mirror to the authority, or let the mirror ask it first (`trigger: sync_call`, `op: reserve`).",
)
def ungated_write(case: Case) -> list[Claim]:
    """A mirror's own event never reaches the authority, so that the authority stays wrong or writes over it."""
    return said((*reach_of(case), *conflicts_of(case)), "ungated-write")
