"""HM204: a crash between the event and its message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM204",
    scope="handoff",
    premise="TA3",
    mend="Store the message in the same transaction as the event (`handoff: outbox`), or read it from the log (`cdc`).",
)
def dual_write(handoff: Handoff) -> Answer | None:
    """The event and its message are two writes, so that a crash between them loses the message.

    The order is stored, the process dies, and the message was never sent: the storefront shows 46, the
    WMS 47, and no retry knows of it. Each restart at a busy hour costs some orders a unit each (pick
    failures, manual reconciliation work).

    Cleared by:
    - `handoff: outbox` or `cdc`: the message is stored with the event, or read from its log
    - `handoff: same_transaction` or `atomic_with`: both are one write
    - a pulled path (`poll`, `schedule`, `batch_file`): it reads what is stored
    - a full recurring run or reconciliation of the cell makes the drift transient

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: order-to-wms
            from: storefront
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            handoff: dual_write

    Use instead::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: order-to-wms
            from: storefront
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            handoff: outbox

    References:
    - magento/inventory#2290
    - https://docs.rs/arcly-http/0.4.0/arcly_http/data/outbox/
    """
    path = handoff.path
    slug = "dual-write"
    premise = "TA3" if handoff.flow == "delta" else "TB3"
    if handoff.one_step:
        return held(slug, premise, "written in one step with its source", path)
    if handoff.pulled:
        return None
    if path.handoff in {"outbox", "cdc"} or path.trigger == "cdc":
        return held(slug, premise, f"handed over by {path.handoff or 'cdc'}", path)
    if path.handoff is None or path.trigger is None:
        asks = tuple(Ask("path", path.id, name) for name in ("trigger", "handoff") if getattr(path, name) is None)
        return Claim(
            slug,
            premise,
            None,
            "nobody has said whether a crash can come between the event and its message",
            path,
            f"an event at {path.source} may never become a message of {path.id}",
            asks=asks,
            keys=(asks[0].fact,),
        )
    return Claim(
        slug,
        premise,
        BROKEN,
        f"the hand-over is {path.handoff.replace('_', ' ')}: the event can be stored without its message",
        path,
        f"a crash at {path.source} between the event and the message of {path.id} leaves {path.target} without it",
        keys=("handoff",),
    )
