"""HM107: a computed number is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM107",
    scope="cell",
    shared=True,
    premise="TB1",
    mend="Write the quantity that is stored, or move stock between statuses (`op: move`).",
)
def set_on_derived(case: Case) -> list[Claim]:
    """A whole value is written into a quantity that is computed there, which moves what it is computed from."""
    return said(conflicts_of(case), "set-on-derived")
