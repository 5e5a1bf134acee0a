"""HM502: nothing stands between a wrong number and the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.finding import Subject
from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule
from handoffmap.rules.multiple_allocators import POOLED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Control
    from handoffmap.premises.survey import Survey

PICKS = ("pick_shorted", "shipment_confirmed")


@rule(
    "HM502",
    scope="map",
    severity="warning",
    mend="Check the authority when an order is ready to pick, and block what is not there (`kind: gate`, "
    "`at: fulfilment`).",
)
def no_fulfilment_gate(survey: Survey) -> Iterator[Claim]:
    """Orders go to the pick without a check that the authority has the goods.

    The gate mends no drift; it keeps drift from the customer. Without it a wrong number is found by the
    picker in front of an empty bin, after the customer has paid: a walk for nothing, a rush reallocation or a
    refund, once for every order that meets a drifted count. With it the same order waits for minutes.

    Cleared by:

    - a gate at fulfilment, at a pick or shipment event, or at a WMS or 3PL blocks on a mismatch (what it
      reads is judged by `stale-gate-read`)
    - nothing in the map allocates stock, or no pick and no shipment is in it
    - no `controls` key, `complete: false`, or a gate that does not say where it stands or what it does: then
      it is asked

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms:
            kind: wms
            holds: {available: authoritative, on_hand: authoritative}
        events:
          order_captured: {at: [shop]}
          shipment_confirmed: {at: [wms]}
        write_paths:
          - id: order-to-wms
            from: shop
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
        controls: []

    Use instead::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms:
            kind: wms
            holds: {available: authoritative, on_hand: authoritative}
        events:
          order_captured: {at: [shop]}
          shipment_confirmed: {at: [wms]}
        write_paths:
          - id: order-to-wms
            from: shop
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
        controls:
          - id: pick-gate
            kind: gate
            at: fulfilment
            reads: wms.available
            on_mismatch: block

    References:
    - vendurehq/vendure#4930: availability is checked in one step and allocated in another
    """
    topology = survey.topology
    if not survey.graph.allocators or not any(event in topology.events for event in PICKS):
        return
    pools = [cells[0] for name in POOLED if (cells := survey.graph.authorities_of(name))]
    subject = Subject(*pools[0]) if pools else Subject(system=min(survey.graph.allocators))
    if topology.controls is None:
        yield Claim(
            "no-fulfilment-gate",
            "",
            None,
            "nobody has said which controls there are",
            None,
            "orders may reach the pick without a check against the authority",
            drift=None,
            subject=subject,
            asks=(Ask("file", "", "controls"),),
        )
        return
    gates = [control for control in topology.controls.values() if control.kind == "gate"]
    if any(control.on_mismatch == "block" and _at_fulfilment(survey, control) for control in gates):
        return
    vague = [
        control
        for control in gates
        if (control.on_mismatch in {None, "block"}) and (control.at is None or _at_fulfilment(survey, control))
    ]
    asks = tuple(
        Ask("control", control.id, fact)
        for control in sorted(vague, key=lambda control: control.id)
        for fact in ("at", "on_mismatch")
        if getattr(control, fact) is None
    )
    if not asks and not topology.complete:
        asks = (Ask("file", "", "controls"),)
    yield Claim(
        "no-fulfilment-gate",
        "",
        None if asks else False,
        "nobody has said what the gate does" if asks else "no gate at fulfilment blocks",
        None,
        f"orders {'may reach' if asks else 'reach'} the pick without a check against the authority",
        drift=None,
        subject=subject,
        asks=asks,
    )


def _at_fulfilment(survey: Survey, control: Control) -> bool:
    """Whether a gate stands where goods are picked."""
    if control.at in {"fulfilment", *PICKS}:
        return True
    system = survey.graph.systems.get(control.at or "")
    return system is not None and bool({"wms", "3pl"} & set(system.kinds))
