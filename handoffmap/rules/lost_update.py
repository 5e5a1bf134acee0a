"""HM207: two runs read the same number and one change is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM207",
    scope="cell",
    shared=True,
    premise="TA5",
    mend="Let the target add (`op: adjust` without `base`), lock the row, or compare before writing (`guard: cas`).",
)
def lost_update(case: Case) -> list[Answer]:
    """The target number is read, changed and written back, and a second writer comes in between.

    Orders of 5 and 3 both read 100 and write 95 and 97: 97 stays, and 5 units are sold that no longer are
    there. The busier the hour the likelier it is, so that pick failures and rush reallocations come in
    the peak season.

    Cleared by:
    - an amount that the target adds itself (`op: adjust` without `base`)
    - `concurrency: row_lock` or `atomic`, `guard: lock`, or compare and set (`guard: cas`)
    - a sole writer that works on one message at a time (`lane: {concurrency: 1}`)

    Flagged::

        handoffmap: 1
        systems:
          checkout: {kind: application, owner: web, part_of: shop, holds: {}}
          product_row: {kind: application, owner: web, part_of: shop, holds: {available: authoritative}}
        events:
          order_captured: {at: [checkout]}
        write_paths:
          - id: order-handler
            from: checkout
            to: product_row
            events: [order_captured]
            trigger: in_process
            handoff: same_transaction
            op: set
            base: target
            concurrency: none
            maps: {available: available}

    Use instead::

        handoffmap: 1
        systems:
          checkout: {kind: application, owner: web, part_of: shop, holds: {}}
          product_row: {kind: application, owner: web, part_of: shop, holds: {available: authoritative}}
        events:
          order_captured: {at: [checkout]}
        write_paths:
          - id: order-handler
            from: checkout
            to: product_row
            events: [order_captured]
            trigger: in_process
            handoff: same_transaction
            op: adjust
            maps: {available: available}

    References:
    - nopSolutions/nopCommerce#8085
    """
    return said(conflicts_of(case), "lost-update")
