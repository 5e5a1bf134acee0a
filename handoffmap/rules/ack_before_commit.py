"""HM218: the receiver says yes before it has the message safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim, held
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Handoff


@rule(
    "HM218",
    scope="handoff",
    premise="TA3",
    mend="Acknowledge after the message is stored (`ack: after_enqueue`) or applied (`ack: after_commit`).",
)
def ack_before_commit(handoff: Handoff) -> Claim | None:
    """The receiver acknowledges before it has stored or applied the message, so that a crash loses it."""
    path = handoff.path
    slug = "ack-before-commit"
    premise = "TA3" if handoff.flow == "delta" else "TB3"
    if handoff.one_step or handoff.sends_whole_values or path.delivery in {"exactly_once_effect", "at_most_once"}:
        return None
    if path.ack in {"after_enqueue", "after_commit"}:
        return held(slug, premise, f"acknowledged {path.ack.replace('_', ' ')}", path)
    doubt = (Ask("path", path.id, "delivery"),) if path.delivery is None else ()
    if handoff.sends_whole_values is None and path.covers is None:
        doubt = (*doubt, Ask("path", path.id, "schedule.covers"))
    if path.ack is None:
        if path.trigger not in {"webhook", "queue", "cdc", None}:
            return None  # nobody acknowledges a file, a call that answers, or a person
        doubt = (*doubt, Ask("path", path.id, "ack"))
    return Claim(
        slug,
        premise,
        None if doubt else False,
        "acknowledged before it is processed" if path.ack else "nobody has said when the receiver acknowledges",
        path,
        f"{path.target} {'may acknowledge' if doubt else 'acknowledges'} a message of {path.id} and lose it",
        keys=("ack",),
        asks=doubt,
    )
