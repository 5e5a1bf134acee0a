"""HM221: a guard made for values refuses amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim, held
from handoffmap.rules._rule import rule
from handoffmap.rules.reordered_state import order_of

if TYPE_CHECKING:
    from handoffmap.cells import Handoff


@rule(
    "HM221",
    scope="delta",
    premise="TA8",
    mend="Take the guard off the deltas (`guard: none`; amounts commute), or keep their order (`order: per_key`).",
)
def refused_delta(handoff: Handoff) -> Claim | None:
    """A guard that refuses what is older refuses an amount that merely came late, and the amount is lost."""
    path = handoff.path
    slug, premise = "refused-delta", "TA8"
    if path.guard is not None and path.guard not in {"version", "event_time"}:
        return held(slug, premise, f"guard {path.guard} refuses no amount for its age", path)
    if handoff.one_step:
        return held(slug, premise, "written in one step with its source", path)
    order, because = order_of(path)
    if path.order is not None and order == ():
        return held(slug, premise, because, path)
    asks = order or ()
    if path.guard is None:
        asks = (Ask("path", path.id, "guard"),)
    elif path.order is None:
        asks = (Ask("path", path.id, "order"),)
    return Claim(
        slug,
        premise,
        None if asks else False,
        "nobody has said whether the target refuses late amounts" if asks else f"guard {path.guard}, and {because}",
        path,
        f"{path.target} {'may refuse' if asks else 'refuses'} an amount of {path.id} that comes late",
        keys=("guard",),
        asks=asks,
    )
