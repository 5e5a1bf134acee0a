"""HM215: the comparison is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM215",
    scope="cell",
    shared=True,
    premise="TB4",
    mend="Send the value that was read (`guard: cas`), and retry when it is refused.",
)
def blind_overwrite(case: Case) -> list[Claim]:
    """The target offers to compare before it writes and the path declines, over a cell in which events happen."""
    return said(conflicts_of(case), "blind-overwrite")
