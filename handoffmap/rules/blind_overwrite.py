"""HM215: the comparison is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM215",
    scope="cell",
    shared=True,
    premise="TB4",
    mend="Send the value that was read (`guard: cas`), and retry when it is refused.",
)
def blind_overwrite(case: Case) -> list[Answer]:
    """The path switches off the target's comparison and writes over a cell in which events happen.

    The platform would refuse a value that does not know of the last sale; the connector opts out and
    writes it all the same. 2 sold units are back on offer until the next run, and end in pick failures
    and rush reallocations.

    Cleared by:
    - `guard: cas` or `op: cas`: the value that was read is compared first
    - no events of its own at the cell: there is nothing to overwrite

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          erp: {kind: erp, owner: finance, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: order-to-erp
            from: storefront
            to: erp
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
          - id: stock-to-storefront
            from: erp
            to: storefront
            trigger: schedule
            schedule: {every: 15m, covers: full}
            op: set
            guard: cas_opted_out
            maps: {available: available}

    Use instead::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          erp: {kind: erp, owner: finance, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: order-to-erp
            from: storefront
            to: erp
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
          - id: stock-to-storefront
            from: erp
            to: storefront
            trigger: schedule
            schedule: {every: 15m, covers: full}
            op: cas
            maps: {available: available}

    References:
    - microsoft/BCApps#6244
    """
    return said(conflicts_of(case), "blind-overwrite")
