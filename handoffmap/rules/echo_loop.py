"""HM210: a write comes back and is applied again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import said
from handoffmap.loops import loops_of
from handoffmap.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Case
    from handoffmap.claim import Claim


@rule(
    "HM210",
    scope="cell",
    shared=True,
    premise="TA1",
    mend="Mark messages with where they started and do not send them back there (`origin_tag: true`).",
)
def echo_loop(case: Case) -> list[Claim]:
    """A system's own write comes back to it as an event and is applied again."""
    return said((*reach_of(case), *loops_of(case)), "echo-loop")
