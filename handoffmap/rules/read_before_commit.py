"""HM220: the value is read before the change is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Feed


@rule(
    "HM220",
    scope="feed",
    premise="TB3",
    mend="Read the value after the transaction has committed (`read_at: after_commit`).",
)
def read_before_commit(feed: Feed) -> Claim | None:
    """The message is filled before the change that caused it is stored, so that it carries the old value.

    The sale of the last unit sets off an export, which reads 1 a moment before 0 is stored. The
    marketplace shows 1 until something else happens to the item, and for a sold-out item that can be
    weeks: a pick failure waiting for its order.

    Cleared by:
    - `read_at: after_commit`
    - `payload: notify_then_fetch` that reads when it is handled, after the commit
    - a full recurring run: it sends the value again

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            read_at: before_commit

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            read_at: after_commit

    References:
    - https://docs.djangoproject.com/en/stable/topics/db/transactions/#performing-actions-after-commit
    """
    path = feed.path
    if path.read_at != "before_commit" or feed.handoff.pulled or path.payload == "notify_then_fetch":
        return None  # a run, or a fetch, reads what is there by then
    return Claim(
        "read-before-commit",
        "TB3",
        BROKEN,
        "the value is read before the change is committed",
        path,
        f"{path.id} sends the value from before the change that set it off",
        keys=("read_at",),
    )
