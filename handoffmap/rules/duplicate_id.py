"""HM005: one name for two things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.text.problem import Problem


@rule(
    "HM005",
    scope="file",
    severity="error",
    mend="Give each its own id; in one mapping keep one of the two keys.",
)
def duplicate_id(problem: Problem) -> bool:
    """A key or an id stands twice.

    Of two entries with one name a reader would keep the last and drop the first unseen, and with it a
    path, a fact or a whole system. A path that is lost from the map is a handoff that nobody judges; both
    places are told instead.

    Cleared by:
    - an id of its own for each system, path and control, over all included files
    - each key once in its mapping; two paths between the same systems may be alike in all but the id

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: wms-to-erp
            from: wms
            to: erp
            events: [cycle_counted]
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
          - id: wms-to-erp
            from: wms
            to: erp
            events: [inventory_adjusted]
            trigger: queue
            op: set
            maps: {on_hand: on_hand}

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: counts-to-erp
            from: wms
            to: erp
            events: [cycle_counted]
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
          - id: changes-to-erp
            from: wms
            to: erp
            events: [inventory_adjusted]
            trigger: queue
            op: set
            maps: {on_hand: on_hand}

    References:
    - https://yaml.org/spec/1.2.2/#3213-node-comparison
    """
    return problem.slug == "duplicate-id"
