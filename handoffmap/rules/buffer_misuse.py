"""HM311: a number held back on one side only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.graph import Write


@rule(
    "HM311",
    scope="write",
    premise="TB5",
    mend="Take the buffer off once: at the source, or in the mapping (`minus`).",
)
def buffer_misuse(write: Write, case: Case) -> Claim | None:
    """A cell is meant to hold pieces back, and what is written into it holds back more or fewer.

    Two of ten pieces are to be held back from a marketplace, and it is sent all ten: the last two sell there and
    in the shop at once, and one of the two orders fails at the pick. The other way round the warehouse has taken
    its two off and the channel was meant to show all ten: goods that could be sold stand idle.

    Cleared by:

    - the same `buffer` at both ends: the number is net where it is made and net where it is shown
    - no `buffer` at either end
    - a mapping that takes a quantity off (`minus`) or adds one (`plus`): the number is worked out on the way
    - amounts instead of whole values: a difference holds nothing back

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {available: {role: authoritative}}}
          marketplace: {kind: marketplace, holds: {available: {role: mirror, buffer: 2}}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: stock-to-marketplace
            from: wms
            to: marketplace
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 15m, covers: full}
            only_if_changed: false
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {available: {role: authoritative}, safety_stock: {role: authoritative}}}
          marketplace: {kind: marketplace, holds: {available: {role: mirror, buffer: 2}}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: stock-to-marketplace
            from: wms
            to: marketplace
            trigger: schedule
            op: set
            maps: {available: {to: available, minus: [safety_stock]}}
            schedule: {every: 15m, covers: full}
            only_if_changed: false
            guard: none

    References:
    - openlinker-project/openlinker#1844: the master's number went to each channel whole, and fast items oversold
    - openlinker-project/openlinker#1847: a number to hold back for each connection, taken off once in each flow
    """
    flow = case.survey.handoff(write.path).flow
    if flow == "delta" or write.mapping.minus or write.mapping.plus:
        return None
    source = case.graph.systems[write.path.source].holds.get(write.left)
    here = (source.buffer if source is not None else None) or 0
    there = case.holding.buffer or 0
    if here == there:
        return None
    return Claim(
        "buffer-misuse",
        "TB5",
        BROKEN,
        f"{write.path.source} holds back {here}, {case.cell.system} is meant to hold back {there}",
        write.path,
        f"{write.path.id} writes a number into {case.cell} that holds back {here} instead of {there}",
        keys=("maps", write.left),
        direction="over" if here < there else "under",
        own_heal=False,
    )
