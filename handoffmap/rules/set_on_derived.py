"""HM107: a computed number is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.premises.loops import loops_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM107",
    scope="cell",
    shared=True,
    premise="TB1",
    mend="Write the quantity that is stored, or move stock between statuses (`op: move`).",
)
def set_on_derived(case: Case) -> list[Answer]:
    """A whole value is written into a quantity that is computed there, which moves what it is computed from.

    A platform that shows available as on hand less allocated has nowhere to store it: setting available
    to 0 with 10 allocated makes 10 on hand out of nothing. The phantom units are planned and promised,
    which costs forecasting and reordering errors and pick failures.

    Cleared by:
    - writing the stored quantity (here `on_hand`) and letting the shown one follow
    - moving stock between statuses (`op: move`), or adding amounts
    - a cell that is stored, with another role than `derived`

    Flagged::

        handoffmap: 1
        systems:
          wms:
            kind: wms
            owner: warehouse
            holds:
              on_hand: authoritative
              allocated: authoritative
              available: {role: derived, derived_from: on_hand - allocated}
          storefront:
            kind: storefront
            owner: ecommerce
            holds:
              on_hand: mirror
              allocated: mirror
              available: {role: derived, derived_from: on_hand - allocated}
        events:
          order_captured: {at: [wms]}
        write_paths:
          - id: stock-to-storefront
            from: wms
            to: storefront
            trigger: queue
            op: set
            maps: {available: available, allocated: allocated}

    Use instead::

        handoffmap: 1
        systems:
          wms:
            kind: wms
            owner: warehouse
            holds:
              on_hand: authoritative
              allocated: authoritative
              available: {role: derived, derived_from: on_hand - allocated}
          storefront:
            kind: storefront
            owner: ecommerce
            holds:
              on_hand: mirror
              allocated: mirror
              available: {role: derived, derived_from: on_hand - allocated}
        events:
          order_captured: {at: [wms]}
        write_paths:
          - id: stock-to-storefront
            from: wms
            to: storefront
            trigger: queue
            op: set
            maps: {on_hand: on_hand, allocated: allocated}

    References:
    - https://shopify.dev/docs/apps/build/orders-fulfillment/inventory-management-apps
    """
    return said((*conflicts_of(case), *loops_of(case)), "set-on-derived")
