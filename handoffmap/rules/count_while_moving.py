"""HM219: a count is booked while goods are moving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.conflict import conflicts_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM219",
    scope="cell",
    shared=True,
    premise="TA5",
    mend="Count as of a moment and add back what moved since (`as_of: true`), or freeze movements while counting "
    "(`frozen: true`).",
)
def count_while_moving(case: Case) -> list[Answer]:
    """A count writes the number found while amounts from elsewhere are still on their way to the same cell.

    Somebody counts 8 on the shelf and books 8; the message of the 2 that left before the count comes
    afterwards and makes 6. The count that was to mend the record has broken it: sales lost to false
    stockouts, and a second count.

    Cleared by:
    - `as_of: true`: the count says for which moment it is true, and what moved since is added back
    - `frozen: true`: nothing moves while it is counted and booked
    - nothing that is under way to the cell: no amounts from elsewhere, or only in one step with their
      source

    Flagged::

        handoffmap: 1
        systems:
          threepl: {kind: 3pl, owner: logistics, holds: {}}
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
        events:
          shipment_confirmed: {at: [threepl]}
          cycle_counted: {at: {wms: {as_of: false, frozen: false}}}
        write_paths:
          - id: shipment-to-wms
            from: threepl
            to: wms
            events: [shipment_confirmed]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}

    Use instead::

        handoffmap: 1
        systems:
          threepl: {kind: 3pl, owner: logistics, holds: {}}
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
        events:
          shipment_confirmed: {at: [threepl]}
          cycle_counted: {at: {wms: {as_of: true}}}
        write_paths:
          - id: shipment-to-wms
            from: threepl
            to: wms
            events: [shipment_confirmed]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}

    References:
    - msupply-foundation/mobile#638
    """
    return said(conflicts_of(case), "count-while-moving")
