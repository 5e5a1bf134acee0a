"""HM610: attempts that pile up on what is full already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import Retry
from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import WritePath
    from handoffmap.premises.survey import Survey


@rule(
    "HM610",
    scope="map",
    severity="note",
    mend="Let attempts come less and less often, at different times (`retry: {backoff: exponential, jitter: full}`).",
)
def unbounded_retry(survey: Survey) -> Iterator[Claim]:
    """A target takes so many requests, and failed ones come again without end at one pace, or all at once.

    On the busiest day it refuses a tenth of the messages. All of them come again a minute later, on top of
    the new ones; more are refused, and the queue grows by what was to empty it. Numbers go stale by the hour
    on exactly the day on which they sell.

    Cleared by:

    - attempts end (`max_attempts`, `horizon`), or come less and less often (`backoff`)
    - they are spread (`jitter`)
    - nothing is said of a limit of the target (`limits`)
    - attempts without end, and nothing is said of `backoff`: then it is asked

    Flagged::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {available: authoritative}}
          shop: {kind: storefront, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: queue
            op: set
            maps: {available: available}
            delivery: at_least_once
            ack: after_commit
            handoff: outbox
            guard: version
            limits: {requests_per_s: 2}
            retry: {max_attempts: unlimited, every: 1m, backoff: none}

    Use instead::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {available: authoritative}}
          shop: {kind: storefront, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: queue
            op: set
            maps: {available: available}
            delivery: at_least_once
            ack: after_commit
            handoff: outbox
            guard: version
            limits: {requests_per_s: 2}
            retry: {max_attempts: unlimited, every: 1m, backoff: exponential, jitter: full}

    References:
    - https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    - microsoft/BCApps#9211: failed items are tried again for ever
    - codepvg/leetcode-ranking#380: twenty refused requests come again at the same moment
    """
    for path in survey.graph.enabled:
        if path.limits is None or path.limits.requests_per_s is None or not isinstance(path.retry, Retry):
            continue
        claim = _judge(path, path.retry)
        if claim is not None:
            for cell in survey.written_by(path):
                yield claim._replace(cell=cell)


def _judge(path: WritePath, retry: Retry) -> Claim | None:
    endless = retry.max_attempts == "unlimited" and retry.horizon is None
    because = None
    if retry.jitter == "none":
        because = "what failed together comes again together"
    elif endless and retry.backoff == "none":
        because = "attempts never end and come no less often"
    if because is None and not (endless and retry.backoff is None):
        return None
    return Claim(
        "unbounded-retry",
        "",
        None if because is None else False,
        because or "nobody has said whether attempts come less and less often",
        path,
        f"failed messages of {path.id} {'may' if because is None else 'can'} pile up on {path.target}, "
        f"which takes {_number(path)} requests a second",
        drift=None,
        keys=("retry",),
        asks=() if because is not None else (Ask("path", path.id, "retry.backoff"),),
    )


def _number(path: WritePath) -> str:
    rate = path.limits.requests_per_s if path.limits is not None else None
    return f"{float(rate or 0):g}"
