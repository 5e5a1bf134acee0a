"""HM201: a message that comes twice counts twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim, held
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Handoff


@rule(
    "HM201",
    scope="delta",
    premise="TA4",
    mend="Give the path a `dedupe` with a key that names the effect, stays the same across retries and is kept for as "
    "long as a repetition can come, or let the target take an idempotency key (`delivery: exactly_once_effect`).",
)
def duplicate_delivery(handoff: Handoff) -> Claim | None:
    """A delta that may be delivered more than once is added more than once."""
    path = handoff.path
    slug, premise = "duplicate-delivery", "TA4"
    if handoff.one_step:
        return held(slug, premise, "written in one step with its source", path)
    if path.delivery in {"exactly_once_effect", "at_most_once"}:
        return held(slug, premise, f"delivery is {path.delivery}", path)
    if path.op in {"reserve", "release"} and path.guard == "state_machine":
        return held(slug, premise, "reserves and releases once per order", path)
    dedupe = path.dedupe
    if dedupe is not None and dedupe != "none":
        return held(slug, premise, "repetitions are looked up in a ledger", path)
    missing = tuple(
        Ask("path", path.id, fact) for fact in ("delivery", "dedupe") if getattr(path, fact) is None
    )
    if missing:
        return Claim(
            slug,
            premise,
            None,
            "nobody has said " + " or ".join(_unsaid[ask.fact] for ask in missing),
            path,
            f"a repeated message of {path.id} may count twice at {path.target}",
            asks=missing,
            keys=("delivery",) if path.delivery is None else ("dedupe",),
        )
    return Claim(
        slug,
        premise,
        False,
        f"delivery is at least once, nothing recognises a repetition, and the op ({path.op or 'a delta'}) adds",
        path,
        f"{path.id} can deliver a message twice, and {path.target} applies it twice",
        keys=("dedupe",),
    )


_unsaid = {"delivery": "how often a message may come", "dedupe": "whether the consumer recognises a repetition"}
