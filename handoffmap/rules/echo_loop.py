"""HM210: a write comes back and is applied again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.loops import loops_of
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM210",
    scope="cell",
    shared=True,
    premise="TA1",
    mend="Mark messages with where they started and do not send them back there (`origin_tag: true`).",
)
def echo_loop(case: Case) -> list[Answer]:
    """A system's own write comes back to it as an event and is applied again.

    An opening stock of 17 is sent to the till, comes back as a change of 17 and makes 34; where both
    sides forward everything it goes on for ever. Stock that is not there is promised within minutes (pick
    failures), and each correction sets the loop off again.

    Cleared by:
    - `origin_tag: true`: a message that has been at the target is not sent back there
    - `fires_for` that leaves out what the other path brought
    - whole values that fire for listed events only: a written value carries no event
    - a ledger that never forgets ends the rounds but not the first one: the drift is permanent, not
      divergent

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: wms-to-erp
            from: wms
            to: erp
            events: [inventory_adjusted]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            dedupe: none
            origin_tag: false
          - id: erp-to-wms
            from: erp
            to: wms
            events: [inventory_adjusted]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            dedupe: none
            origin_tag: false

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: wms-to-erp
            from: wms
            to: erp
            events: [inventory_adjusted]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            dedupe: none
            origin_tag: true
          - id: erp-to-wms
            from: erp
            to: wms
            events: [inventory_adjusted]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            dedupe: none
            origin_tag: true

    References:
    - nopSolutions/nopCommerce#7094
    - margince/margince#236
    """
    return said((*reach_of(case), *loops_of(case)), "echo-loop")
