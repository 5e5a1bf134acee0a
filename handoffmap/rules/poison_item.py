"""HM607: one bad item takes the others down with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import WritePath
    from handoffmap.premises.survey import Survey


@rule(
    "HM607",
    scope="map",
    severity="warning",
    mend="Let a bad item stand alone and tell somebody of it (`batch: {on_item_error: isolate_item}`).",
)
def poison_item(survey: Survey) -> Iterator[Claim]:
    """One bad item makes a whole batch fail, or is left out of it without a word.

    Two hundred and fifty counts go out in one message, one of them is for a bundle that may not be set, and
    all are refused. The same message is refused with every run, and 249 sound items go stale: what has sold
    out is still offered, until somebody finds the one line.

    Cleared by:

    - a bad item stands alone (`on_item_error: isolate_item`)
    - bad items are skipped, and somebody is told of them (`dead_letter: {monitored: true}`)
    - one item in each message (`batch: {size: 1}`), or nothing is said of batches
    - nothing is said of what a bad item does to its batch, or of who hears of skipped ones: then it is asked

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
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 30m, covers: full}
            batch: {size: 250, on_item_error: fail_batch}
            only_if_changed: false
            guard: none

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
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 30m, covers: full}
            batch: {size: 250, on_item_error: isolate_item}
            only_if_changed: false
            guard: none

    References:
    - microsoft/BCApps#8396: one bundle fails the whole export
    - microsoft/BCApps#9211: failed items are tried again for ever, in silence
    """
    for path in survey.graph.enabled:
        if path.batch is None or path.batch.size in {0, 1}:
            continue
        claim = _judge(path)
        if claim is not None:
            for cell in survey.written_by(path):
                yield claim._replace(cell=cell)


def _judge(path: WritePath) -> Claim | None:
    batch, letters = path.batch, path.dead_letter
    on_error = batch.on_item_error if batch is not None else None
    if on_error == "isolate_item":
        return None
    if on_error == "fail_batch":
        return _told(path, "one bad item rejects all that travel with it", "fails as a whole if one item is bad")
    if on_error is None:
        ask = Ask("path", path.id, "batch.on_item_error")
        return _told(path, "nobody has said what one bad item does", "may fail as a whole if one item is bad", ask)
    if letters is None or (letters != "none" and letters.monitored is None):
        ask = Ask("path", path.id, "dead_letter" if letters is None else "dead_letter.monitored")
        return _told(path, "nobody has said who hears of a skipped item", "may leave out bad items unnoticed", ask)
    if letters != "none" and letters.monitored:
        return None
    return _told(path, "a bad item is skipped, and nobody is told", "leaves out bad items unnoticed")


def _told(path: WritePath, because: str, what: str, ask: Ask | None = None) -> Claim:
    return Claim(
        "poison-item",
        "",
        False if ask is None else None,
        because,
        path,
        f"a batch of {path.id} {what}",
        drift=None,
        keys=("batch", "on_item_error"),
        asks=() if ask is None else (ask,),
    )
