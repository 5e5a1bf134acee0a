"""HM212: the key changes from attempt to attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim, held
from handoffmap.rules._rule import rule
from handoffmap.rules.dedupe_key_too_coarse import window_standing

if TYPE_CHECKING:
    from handoffmap.cells import Handoff


@rule(
    "HM212",
    scope="delta",
    premise="TA4",
    mend="Use a key that the source gives once (an event, order, shipment or receipt id), not one made per attempt.",
)
def dedupe_key_unstable(handoff: Handoff) -> Claim | None:
    """The key is made anew for each attempt, so that no repetition is ever recognised."""
    path = handoff.path
    dedupe = path.dedupe
    if dedupe is None or dedupe == "none":
        return None
    _, defect, missing = window_standing(handoff)
    slug, premise = "dedupe-key-unstable", "TA4"
    if defect == slug:
        return Claim(
            slug,
            premise,
            False if path.delivery == "at_least_once" else None,
            "the key differs from attempt to attempt",
            path,
            f"{path.target} cannot recognise a repetition of {path.id}: its key changes with each attempt",
            keys=("dedupe", "stable_across_retries"),
            asks=() if path.delivery == "at_least_once" else (Ask("path", path.id, "delivery"),),
        )
    if "dedupe.stable_across_retries" in missing:
        return Claim(
            slug,
            premise,
            None,
            "nobody has said whether the key stays the same across retries",
            path,
            f"{path.target} may not recognise a repetition of {path.id}",
            asks=(Ask("path", path.id, "dedupe.stable_across_retries"),),
            keys=("dedupe",),
        )
    return held(slug, premise, "its key stays the same across retries", path)
