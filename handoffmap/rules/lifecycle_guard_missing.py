"""HM410: what has truly happened is refused because of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.finding import Subject
from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.premises.phrases import listed
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM410",
    scope="handoff",
    premise="TA8",
    mend="Let the target take what has truly happened in whatever state it is (`refused_when: {}`), or ask it before "
    "the event is accepted (`trigger: sync_call`, `op: reserve`).",
)
def lifecycle_guard_missing(handoff: Handoff) -> Answer | None:
    """The target refuses by its state what has truly happened, and nothing keeps it for later.

    The goods have left the warehouse, the shop's own rule says that there were none, and it refuses the
    shipment: the order stays open and its unit promised for ever. The message is gone, and no log calls it
    lost. What is held back like that cannot be sold, and somebody closes such orders by hand.

    Cleared by:

    - nothing in the map brings the target into a state in which it refuses (`accepts_when`, `refused_when`)
    - the target is asked before the event is accepted (`trigger: sync_call` with `op: reserve` or `cas`)
    - the state comes by a path of which nobody has said what it carries: then it is asked
    - a full reconciliation with the cell makes the drift transient

    Flagged::

        handoffmap: 1
        quantities:
          source: {meaning: flag}
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          shop: {kind: storefront, holds: {on_hand: mirror, source: mirror}}
        events:
          shipment_confirmed: {at: [wms]}
          source_closed: {at: [shop], effects: {source: {set: closed}}}
        write_paths:
          - id: shipments-to-shop
            from: wms
            to: shop
            events: [shipment_confirmed]
            trigger: queue
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
            refused_when: {source: closed}

    Use instead::

        handoffmap: 1
        quantities:
          source: {meaning: flag}
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          shop: {kind: storefront, holds: {on_hand: mirror, source: mirror}}
        events:
          shipment_confirmed: {at: [wms]}
          source_closed: {at: [shop], effects: {source: {set: closed}}}
        write_paths:
          - id: shipments-to-shop
            from: wms
            to: shop
            events: [shipment_confirmed]
            trigger: queue
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
            refused_when: {}

    References:
    - magento/inventory#2847: a shipment that has left is refused because the mirror counts nothing any more
    """
    path = handoff.path
    if not handoff.refusals:
        return None
    slug = "lifecycle-guard-missing"
    premise = "TB3" if handoff.flow in {"state", "number"} else "TA8"
    if path.trigger == "sync_call" and path.op in {"reserve", "cas"}:
        return held(slug, premise, "a refusal stops the event itself", path)
    sure = [refusal for refusal in handoff.refusals if refusal.certain]
    refusal = (sure or handoff.refusals)[0]
    names = listed(refusal.certain or refusal.possible)
    state = f"the state in {refusal.flag}" + (f" that {names} sets" if names else "")
    return Claim(
        slug,
        premise,
        False if sure else None,
        f"{path.target} refuses it in {state}, and nothing keeps it"
        if sure
        else f"nobody has said whether {state} can refuse what should count",
        path,
        f"{path.target} {'refuses' if sure else 'may refuse'} what {path.id} brings because of {state}",
        keys=(refusal.key,) if refusal.on_path else (),
        asks=() if sure else (Ask("path", path.id, "refused_when"),),
        related=((Subject(path.target, refusal.flag), "its state decides"),),
    )
