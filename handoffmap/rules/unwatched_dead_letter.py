"""HM606: what the retries give up on, nobody takes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim, held
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Handoff


@rule(
    "HM606",
    scope="handoff",
    premise="TA3",
    mend="Park failed messages in a dead letter that is monitored and replayed (`dead_letter: {monitored: true, replay: "
    "manual}`).",
)
def unwatched_dead_letter(handoff: Handoff) -> Claim | None:
    """Retries end, and what they give up on is parked where nobody looks, or nowhere."""
    path = handoff.path
    slug = "unwatched-dead-letter"
    premise = "TA3" if handoff.flow == "delta" else "TB3"
    retry, letters = path.retry, path.dead_letter
    if handoff.one_step or handoff.sends_whole_values or path.delivery in {"exactly_once_effect", "at_most_once"}:
        return None
    if letters is None or (retry is not None and retry != "none" and retry.max_attempts == "unlimited"):
        return None
    doubt = (Ask("path", path.id, "delivery"),) if path.delivery is None else ()
    if handoff.sends_whole_values is None and path.covers is None:
        doubt = (*doubt, Ask("path", path.id, "schedule.covers"))
    if letters == "none":
        if retry is None or retry == "none":
            return None
        return _parked(handoff, premise, "retries end and there is no dead letter behind them", ("dead_letter",), doubt)
    if letters.replay == "none":
        return _parked(handoff, premise, "its dead letters are never replayed", ("dead_letter", "replay"), doubt)
    if letters.replay == "auto":
        return held(slug, premise, "dead letters are replayed automatically", path)
    if letters.monitored is False:
        return _parked(handoff, premise, "nobody watches its dead letters", ("dead_letter", "monitored"), doubt)
    missing = tuple(
        Ask("path", path.id, f"dead_letter.{fact}")
        for fact in ("replay", "monitored")
        if getattr(letters, fact) is None
    )
    if missing:
        because = "nobody has said whether its dead letters are watched and replayed"
        return _parked(handoff, premise, because, ("dead_letter",), (*doubt, *missing))
    return held(slug, premise, "dead letters are watched and replayed", path)


def _parked(handoff: Handoff, premise: str, because: str, keys: tuple[str, ...], asks: tuple[Ask, ...]) -> Claim:
    path = handoff.path
    return Claim(
        "unwatched-dead-letter",
        premise,
        None if asks else False,
        because,
        path,
        f"a message of {path.id} that fails for good {'may never reach' if asks else 'never reaches'} {path.target}",
        keys=keys,
        asks=asks,
    )
