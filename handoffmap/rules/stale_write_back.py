"""HM217: an old copy is saved over newer movements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM217",
    scope="cell",
    shared=True,
    premise="TA5",
    mend="Write what was changed as an amount, or compare before writing.",
)
def stale_write_back(case: Case) -> list[Answer]:
    """A number kept from earlier is written back over what has changed since.

    An editor opens a product at 47, 6 are sold while the text is changed, and saving writes 47 back. 6
    units are promised that have left (pick failures), and nobody looks for the cause in the text that was
    edited.

    A path with `events` adds their amounts to the number that it kept. Without, a hand or the clock sets it off
    (`trigger: manual`, `schedule`, `poll`, `batch_file`), and the number goes back as it was read: a sheet from
    Monday that is uploaded on Thursday.

    Cleared by:
    - an amount instead of the whole number (`op: adjust` without `base`)
    - `op: cas` or `guard: cas`: the number that was kept is compared first
    - an event that changes no number: a save of other things writes none
    - without `events`, `only_if_changed: true`: a number that was not edited is not written
    - nothing else that changes the cell

    Flagged::

        handoffmap: 1
        systems:
          checkout: {kind: application, owner: web, part_of: shop, holds: {}}
          content: {kind: admin_ui, owner: web, part_of: shop, holds: {}}
          stock_table: {kind: application, owner: web, part_of: shop, holds: {available: authoritative}}
        events:
          order_captured: {at: [checkout]}
          inventory_adjusted: {at: [content]}
        write_paths:
          - id: order-handler
            from: checkout
            to: stock_table
            events: [order_captured]
            trigger: in_process
            op: adjust
            maps: {available: available}
          - id: content-save
            from: content
            to: stock_table
            events: [inventory_adjusted]
            trigger: in_process
            maps: {available: available}
            op: set
            base: cached
            only_if_changed: false

    Use instead::

        handoffmap: 1
        systems:
          checkout: {kind: application, owner: web, part_of: shop, holds: {}}
          content: {kind: admin_ui, owner: web, part_of: shop, holds: {}}
          stock_table: {kind: application, owner: web, part_of: shop, holds: {available: authoritative}}
        events:
          order_captured: {at: [checkout]}
          inventory_adjusted: {at: [content]}
        write_paths:
          - id: order-handler
            from: checkout
            to: stock_table
            events: [order_captured]
            trigger: in_process
            op: adjust
            maps: {available: available}
          - id: content-save
            from: content
            to: stock_table
            events: [inventory_adjusted]
            trigger: in_process
            maps: {available: available}
            op: adjust

    References:
    - umbraco/Umbraco.Commerce.Issues#93
    """
    return said(conflicts_of(case), "stale-write-back")
