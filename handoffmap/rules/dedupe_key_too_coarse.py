"""HM211: two different effects share one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim, held
from handoffmap.ledger import recognises, tells_apart
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Handoff


@rule(
    "HM211",
    scope="delta",
    premise="TA4",
    mend="Put the finest id that varies into the key (shipment and line, receipt and line), and the kind of event "
    "where one ledger sees several.",
)
def dedupe_key_too_coarse(handoff: Handoff) -> Claim | None:
    """Two different effects share one key of the ledger, so that the second is swallowed as a repetition."""
    path = handoff.path
    slug, premise = "dedupe-key-too-coarse", "TA4"
    dedupe = path.dedupe
    if handoff.one_step or dedupe is None or dedupe == "none":
        return None
    apart = tells_apart(dedupe, path.events or ())
    if apart:
        return held(slug, premise, "its key tells every effect apart", path)
    if apart is None:
        fact = "dedupe.key" if dedupe.key is None else "dedupe.unique_per_effect"
        return Claim(
            slug,
            premise,
            None,
            "nobody has said whether two effects can share a key",
            path,
            f"the ledger of {path.id} may swallow an effect that is no repetition",
            asks=(Ask("path", path.id, fact),),
            keys=("dedupe", "key"),
        )
    key = ", ".join(dedupe.key or ())
    return Claim(
        slug,
        premise,
        False,
        f"the key ({key}) does not tell apart all that comes by this path",
        path,
        f"the ledger of {path.id} swallows effects that are no repetitions",
        keys=("dedupe", "key"),
    )


def window_standing(handoff: Handoff) -> tuple[bool | None, str | None, tuple[str, ...]]:
    """(sound, defect, missing facts) of a stated ledger against repetitions; sound where none can come."""
    path = handoff.path
    dedupe = path.dedupe
    if handoff.one_step or dedupe is None or dedupe == "none":
        return True, None, ()
    if path.delivery in {"exactly_once_effect", "at_most_once"}:
        return True, None, ()
    standing = recognises(path, path.events or ())
    return standing.sound, standing.defect, standing.missing
