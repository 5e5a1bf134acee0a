"""HM011: the usual events of which the map says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.finding import Subject
from handoffmap.premises.claim import BROKEN, Claim
from handoffmap.premises.phrases import listed
from handoffmap.rules._rule import rule
from handoffmap.vocabulary import BUILT_IN_EVENTS, CANONICAL_EVENTS, UNDOES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.premises.survey import Survey


@rule(
    "HM011",
    scope="map",
    severity="note",
    mend="List the event with where it happens.",
)
def undocumented_event(survey: Survey) -> Iterator[Claim]:
    """An event that every stack of this kind knows, or the opposite of a listed one, is not in the map.

    What is not listed is taken not to happen, and no path is asked to carry it. If returns do happen,
    each adds a unit that only one system knows of; the map cannot see it, and the cost appears as sales
    lost to false stockouts.

    Cleared by:
    - the event listed under `events` with the system in which it happens
    - no system that holds any quantity which the event would move
    - `complete: false`: an excerpt does not claim to list every event

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {allocated: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {allocated: authoritative}}
        events:
          order_captured: {at: [storefront]}
          shipment_confirmed: {at: [wms]}
        write_paths:
          - id: order-to-wms
            from: storefront
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}
          - id: shipment-to-storefront
            from: wms
            to: storefront
            events: [shipment_confirmed]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}

    Use instead::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {allocated: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {allocated: authoritative}}
        events:
          order_captured: {at: [storefront]}
          order_cancelled: {at: [storefront]}
          shipment_confirmed: {at: [wms]}
          shipment_voided: {at: [wms]}
        write_paths:
          - id: order-to-wms
            from: storefront
            to: wms
            events: [order_captured, order_cancelled]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}
          - id: shipment-to-storefront
            from: wms
            to: storefront
            events: [shipment_confirmed, shipment_voided]
            trigger: webhook
            op: adjust
            maps: {allocated: allocated}

    References:
    - shopware/shopware#4326
    - microsoft/ALAppExtensions#26215
    """
    topology = survey.topology
    if not topology.complete:
        return
    held = {quantity for system in topology.systems.values() for quantity in system.holds}
    wanted = list(CANONICAL_EVENTS) + [undo for undo, event in UNDOES.items() if event in topology.events]
    missing = [event for event in wanted if event not in topology.events and held & set(BUILT_IN_EVENTS[event])]
    if missing:
        yield Claim(
            "undocumented-event",
            "",
            BROKEN,
            "a built-in event that is not listed is taken not to occur",
            None,
            f"the map does not speak of {listed(missing, 6)}",
            drift=None,
            events=tuple(missing),
            subject=Subject(event=missing[0]),
            keys=("events",),
        )
