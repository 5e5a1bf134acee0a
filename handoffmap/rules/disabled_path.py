"""HM409: the path is there and switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM409",
    scope="cell",
    shared=True,
    premise="TA3",
    mend="Switch it on (`enabled: true`), or take it out of the map and say what replaces it.",
)
def disabled_path(case: Case) -> list[Answer]:
    """The only path that would bring an event is switched off.

    Switched off for a release and never on again: the drawing shows the arrow, and nothing runs along it.
    From that day every receipt and every adjustment is missing at the target, and what is missing is not made
    up for when somebody at last switches it on: the whole gap has to be counted out by hand.

    Cleared by:

    - the path is enabled (as it is if nothing is said)
    - another path brings the event's amount to the cell, or a state path feeds it
    - the disabled path would not carry the event: not its source, not on its list, not in its `maps`

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: stock-moves-to-erp
            from: wms
            to: erp
            events: [po_received, inventory_adjusted]
            enabled: false
            trigger: queue
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: stock-moves-to-erp
            from: wms
            to: erp
            events: [po_received, inventory_adjusted]
            enabled: true
            trigger: queue
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - planningcenter/developers#1312: a subscription is switched off after failures, and nobody is told
    """
    return said(reach_of(case), "disabled-path")
