"""HM601: the number is too old for what is decided by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Ask, Claim
from handoffmap.premises.lag import hop
from handoffmap.premises.phrases import duration
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case, Handoff
    from handoffmap.vocabulary import Seconds

AN_HOUR = 3600
"""From here on a lag into an allocating cell is told although nobody has said what it tolerates."""


@rule(
    "HM601",
    scope="cell",
    severity="note",
    mend="Run it more often, push instead of polling, or say what is tolerable.",
)
def stale_batch(case: Case) -> list[Claim]:
    """The number comes by a batch, later than the cell tolerates.

    It is right once a day and old for the rest of it. At two sales an hour a nightly number is off by some
    fifty pieces before the next run; the last of them are sold twice or not at all. This is lag and not
    drift, so it turns no verdict: whether it costs anything is for whoever sells by the number to say
    (`tolerates`).

    Cleared by:

    - `every` plus `latency` of each path into the cell is within what the cell `tolerates`
    - nothing is said of `tolerates`, and the path pushes within an hour
    - the cell is derived, or a consumer
    - nothing is said of `tolerates`, `every` or `latency` otherwise: then it is asked, save for a lag of more
      than an hour into a system that sells by it, which is told

    Flagged::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {available: authoritative}}
          shop: {kind: storefront, holds: {available: {role: mirror, tolerates: 1h}}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 24h, covers: full}
            only_if_changed: false
            guard: none
            latency: 5m

    Use instead::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {available: authoritative}}
          shop: {kind: storefront, holds: {available: {role: mirror, tolerates: 1h}}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 30m, covers: full}
            only_if_changed: false
            guard: none
            latency: 5m

    References:
    - openlinker-project/openlinker#2623: what was just sold waits for a round of a day
    - microsoft/BCApps#6395: a full synchronisation that takes hours
    """
    if case.holding.role == "consumer" or case.is_derived:
        return []
    found = []
    paths = dict(case.deltas)
    paths.update((feed.path.id, feed.path) for feed in case.feeds)
    for name in sorted(paths):
        claim = _judge(case, case.survey.handoff(paths[name]))
        if claim is not None:
            found.append(claim)
    return found


def _too_old(case: Case, age: Seconds) -> bool:
    """Whether a number of this age is too old for what is decided by it."""
    tolerates = case.holding.tolerates
    return age > tolerates if tolerates is not None else age > AN_HOUR and case.allocates


def _judge(case: Case, handoff: Handoff) -> Claim | None:
    path, tolerates = handoff.path, case.holding.tolerates
    window = hop(handoff)
    cell = case.cell
    known = (path.latency or 0) + ((path.every or 0) if handoff.pulled else 0)
    if window is None and _too_old(case, known):
        window = known  # what is not stated can only add to it
    if window is None:
        facts = [fact for fact in ("trigger", "latency") if getattr(path, fact) is None]
        if handoff.pulled and path.every is None:
            facts.append("schedule.every")
        return Claim(
            "stale-batch",
            "",
            None,
            "nobody has said how long it takes",
            path,
            f"{path.id} may be too slow for {cell}",
            drift=None,
            asks=tuple(Ask("path", path.id, fact) for fact in facts),
            group="lag",
        )
    if tolerates is not None:
        if window <= tolerates:
            return None
        return Claim(
            "stale-batch",
            "",
            BROKEN,
            f"up to {duration(window)}, and {cell} tolerates {duration(tolerates)}",
            path,
            f"{path.id} brings {cell} up to {duration(window)} late",
            drift=None,
            group="lag",
            keys=("schedule",) if handoff.pulled else ("latency",),
        )
    if window > AN_HOUR and case.allocates:
        return Claim(
            "stale-batch",
            "",
            BROKEN,
            f"up to {duration(window)}, and {cell.system} sells by it",
            path,
            f"{path.id} brings {cell} up to {duration(window)} late",
            drift=None,
            group="lag",
            keys=("schedule",) if handoff.pulled else ("latency",),
        )
    if not handoff.pulled and window <= AN_HOUR:
        return None  # a push that takes seconds is not a batch
    return Claim(
        "stale-batch",
        "",
        None,
        "nobody has said how old the number may be",
        path,
        f"{path.id} brings {cell} up to {duration(window)} late, which may be too late",
        drift=None,
        group="lag",
        asks=(Ask("cell", str(cell), "tolerates"),),
    )
