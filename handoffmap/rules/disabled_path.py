"""HM409: the path is there and switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM409",
    scope="cell",
    premise="TA3",
    mend="Switch it on (`enabled: true`), or take it out of the map and say what replaces it.",
)
def disabled_path(case: Case) -> list[Claim]:
    """The only path that would bring an event is switched off."""
    return said(reach_of(case), "disabled-path")
