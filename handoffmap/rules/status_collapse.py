"""HM310: stock of several statuses ends in one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.graph import Write


@rule(
    "HM310",
    scope="write",
    premise="TA2",
    mend="Let both cells count the same `statuses`, or map each to its own.",
)
def status_collapse(write: Write, case: Case) -> Claim | None:
    """The source counts other statuses of stock than the target: damaged goods are published as sellable.

    Six pieces stand in the warehouse, two of them broken, and the shop sells six. The last two orders fail at
    the pick, after the customer has paid, and are refunded or sourced in a hurry. The gap is as large as all
    that waits for inspection, repair or scrapping.

    Cleared by:

    - both cells count the same statuses, in whatever order they are listed
    - neither side speaks of statuses

    Flagged::

        handoffmap: 1
        systems:
          wms:
            kind: wms
            holds: {on_hand: {role: authoritative, statuses: [sellable, damaged]}}
          shop:
            kind: storefront
            holds: {on_hand: {role: mirror, statuses: [sellable]}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: stock-to-shop
            from: wms
            to: shop
            trigger: schedule
            op: set
            maps: {on_hand: on_hand}
            schedule: {every: 1h, covers: full}
            only_if_changed: false
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          wms:
            kind: wms
            holds: {on_hand: {role: authoritative, statuses: [sellable]}}
          shop:
            kind: storefront
            holds: {on_hand: {role: mirror, statuses: [sellable]}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: stock-to-shop
            from: wms
            to: shop
            trigger: schedule
            op: set
            maps: {on_hand: on_hand}
            schedule: {every: 1h, covers: full}
            only_if_changed: false
            guard: none

    References:
    - https://developer-docs.amazon.com/sp-api/docs/fba-inventory-api-v1-use-case-guide: what can be shipped
      is counted apart from what is reserved, unsellable or being looked for
    """
    source = case.graph.systems[write.path.source].holds.get(write.left)
    here = source.statuses if source is not None else None
    there = case.holding.statuses
    if source is None or (here is None and there is None):
        return None
    if here is not None and there is not None and set(here) == set(there):
        return None
    asks = tuple(
        Ask("cell", cell, "statuses")
        for cell, stated in ((f"{write.path.source}.{write.left}", here), (str(case.cell), there))
        if stated is None
    )
    amounts = case.survey.handoff(write.path).flow == "delta"
    return Claim(
        "status-collapse",
        "TA2" if amounts else "TB5",
        None if asks else False,
        "nobody has said which statuses one of the two sides counts"
        if asks
        else f"{write.path.source} counts {', '.join(here or ())}; {case.cell.system} counts {', '.join(there or ())}",
        write.path,
        f"{write.path.id} {'may carry' if asks else 'carries'} other statuses into {case.cell} than it counts",
        asks=asks,
        keys=("maps", write.left),
        own_heal=False,
        drift=None if amounts else "permanent",  # an amount is added whatever else the two sides count
    )
