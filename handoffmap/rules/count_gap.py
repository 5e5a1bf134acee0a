"""HM406: a count mends one system and opens a gap in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM406",
    scope="cell",
    shared=True,
    premise="TA1",
    mend="Carry `cycle_counted` and `inventory_adjusted` to the cell, or feed it with whole values.",
)
def count_gap(case: Case) -> list[Answer]:
    """A count or an adjustment never reaches a cell that it moves.

    The warehouse is right again and nobody else is: the WMS goes from 51 to 47, the ERP stays at 51. The
    better the warehouse counts, the further the two drift apart; the books carry stock that is gone,
    reordering waits for it, and each quarter somebody compares two lists by hand.

    Cleared by:

    - a path carries `cycle_counted` and `inventory_adjusted` to the cell
    - a state path feeds the cell: it sends the counted number as any other change
    - the path is there and drops the quantity, is disabled, or is filtered: then that is told
    - the cell is a `consumer` or derived, or counts other places

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
          cycle_counted: {at: [wms]}
        write_paths:
          - id: stock-moves-to-erp
            from: wms
            to: erp
            events: [po_received]
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
          cycle_counted: {at: [wms]}
        write_paths:
          - id: stock-moves-to-erp
            from: wms
            to: erp
            events: [po_received, cycle_counted]
            trigger: queue
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - https://doc.chinlinktech.com/x12/007060/transaction-set/947: the EDI document for exactly this message,
      from the warehouse to the owner of the goods
    """
    return said(reach_of(case), "count-gap")
