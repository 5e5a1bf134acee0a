"""HM411: goods that leave one place and arrive at none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM411",
    scope="cell",
    shared=True,
    premise="TA1",
    mend="Carry both ends of the transfer to the cell: what leaves (`transfer_shipped`) and what arrives "
    "(`transfer_received`).",
)
def transfer_limbo(case: Case) -> list[Answer]:
    """A cell hears of one end of a transfer between two places, or of none, and the goods hang in between.

    What left the distribution centre on Monday is still on the road in the books at the end of the quarter,
    and on a shelf besides. The other way round it is on neither side for a week. Reorders count it twice or
    not at all (forecasting and reordering errors), and somebody follows up each transfer by telephone.

    Cleared by:

    - paths carry `transfer_shipped` and `transfer_received` to the cell, or they happen in its system
    - a state path feeds the cell with whole values
    - the event happens in no place that the cell counts
    - `complete: false`: then it is asked whether there is a path

    Flagged::

        handoffmap: 1
        systems:
          dc: {kind: wms}
          stores: {kind: pos}
          erp: {kind: erp, holds: {in_transit: authoritative}}
        events:
          transfer_shipped: {at: [dc]}
          transfer_received: {at: [stores]}
        write_paths:
          - id: departure-to-erp
            from: dc
            to: erp
            events: [transfer_shipped]
            trigger: queue
            op: adjust
            maps: {in_transit: in_transit}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          dc: {kind: wms}
          stores: {kind: pos}
          erp: {kind: erp, holds: {in_transit: authoritative}}
        events:
          transfer_shipped: {at: [dc]}
          transfer_received: {at: [stores]}
        write_paths:
          - id: departure-to-erp
            from: dc
            to: erp
            events: [transfer_shipped]
            trigger: queue
            op: adjust
            maps: {in_transit: in_transit}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
          - id: arrival-to-erp
            from: stores
            to: erp
            events: [transfer_received]
            trigger: queue
            op: adjust
            maps: {in_transit: in_transit}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - third-culture-software/bhima#5915: what leaves a depot and never arrives at the next is seen in no report
    - productdevbook/tezgah#147: what is in the van is counted twice or not at all
    """
    return said(reach_of(case), "transfer-limbo")
