"""What is left of a fault once the cell's healers have run: claims, healings -> **healed** -> verdicts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask
from handoffmap.premises.graph import compares, flow_of, keeps_own_count
from handoffmap.premises.ordering import one_stamp
from handoffmap.rules import rules_for
from handoffmap.verdicts.assessed import Told
from handoffmap.verdicts.heal import unsaid_of_whole
from handoffmap.verdicts.streams import TORN

if TYPE_CHECKING:
    from handoffmap.model import WritePath
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Claim
    from handoffmap.verdicts.assessed import Healing


__all__ = ["about_ways", "heal", "perhaps_healed", "waited_for", "waits_for_runs"]


def waits_for_runs(case: Case) -> bool:
    """Whether the cell is fed by recurring runs alone: then it is as late as they are, and no later for a fault."""
    return not (
        case.own
        or case.deltas
        or any(flow_of(write.path) != "kept" for write in case.rewriters)
        or not all(feed.handoff.pulled or feed.says_again or case.survey.is_echo(feed) for feed in case.feeds)
    )


@cache
def _about_writes() -> frozenset[str]:
    return frozenset(rule.slug for rule in rules_for("write"))


@cache
def about_ways() -> frozenset[str]:
    """The rules about handoffs and about amounts: what they say holds for each cell that a path moves, too."""
    return frozenset(rule.slug for scope in ("handoff", "delta") for rule in rules_for(scope))


def waited_for(item: Told, case: Case) -> Told:
    """A fault that the next full run makes good, where that run has to be waited for anyway."""
    healed = item.healed
    if item.claim.healed_by_next_run:
        return Told(item.claim, None, turns=False)
    if healed is None or healed.lost_only:
        return item
    if not any(feed.path.id == healed.by for feed in case.feeds):
        return item
    if item.claim.slug in _about_writes():
        return item  # each of its runs writes it again, after that one
    if healed.works is None:  # whether that run is right, or a run at all, decides more than the class
        claim = item.claim
        return item._replace(claim=claim._replace(holds=None, asks=tuple(dict.fromkeys((*claim.asks, *healed.asks)))))
    return Told(item.claim, None, turns=False)


LOSSES = frozenset(
    {
        "lost-delivery",
        "unwatched-dead-letter",
        "ack-before-commit",
        "dual-write",
        "trigger-gap",
        "subscription-lapse",
        TORN,
    }
)
"""Rules about messages that never come: what a poll for changes makes good, if it is another path."""


def heal(claim: Claim, healers: tuple[Healing, ...], case: Case) -> Told:
    """The class that is left of a claim once the cell's healers have run."""
    if claim.drift is None:
        return Told(claim, None, turns=False)
    if claim.drift == "permanent":
        if claim.healed_by_next_run:
            return Told(claim, "transient", turns=True)
        for healing in healers:
            if healing.lost_only and not (claim.slug in LOSSES and _stays_brought(claim.path, case, healing)):
                continue
            return Told(claim, "transient" if healing.works else None, turns=True, healed=healing)
    return Told(claim, claim.drift, turns=True)


def perhaps_healed(claim: Claim, healers: tuple[Healing, ...], case: Case) -> Told:
    """The same of what runs write wrong that send the whole value each time, or what has changed: nobody has said."""
    path = claim.path
    if path is None:
        return heal(claim, healers, case)
    found = heal(claim, tuple(each for each in healers if each.by != path.id), case)
    if found.healed is None:
        return found
    asks = (*found.healed.asks, Ask("path", path.id, unsaid_of_whole(path)))
    return found._replace(drift=None, healed=found.healed._replace(works=None, asks=asks))


def _stays_brought(path: WritePath | None, case: Case, healing: Healing) -> bool:
    """Whether what a poll for changes has brought stays: no older value of the lossy path comes after it."""
    if path is None or path.id == healing.by:
        return False
    if flow_of(path) != "state":
        return not keeps_own_count(path)  # what it has counted wrong it writes again, over that
    run = next(feed.path for feed in case.feeds if feed.path.id == healing.by)
    return path.payload == "notify_then_fetch" or compares(path) or one_stamp(path, run)
