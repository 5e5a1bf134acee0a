"""HM501: nobody compares the mirror with the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case


@rule(
    "HM501",
    scope="cell",
    severity="warning",
    mend="Compare it with the authority at a known interval, in full (`kind: reconciliation`).",
)
def no_reconciliation(case: Case) -> list[Claim]:
    """A mirror is never compared with its authority, so that drift is found by customers.

    It makes no drift and hides all of it. A gap that a nightly comparison would show the next morning grows
    until an order fails at the pick or the auditors count, and by then nobody can say which handoff made it.
    Halving the interval halves the exposure; without one it has no end, and all of it is found and mended by
    hand.

    Cleared by:

    - a reconciliation names the cell as its mirror, or corrects it (whether it can help is
      `ineffective-control`'s to say)
    - the cell is no mirror, or no cell is the authority for its quantity
    - no path, event or correction ever changes the cell
    - no `controls` key, or `complete: false`: then it is asked

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: version
        controls: []

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: version
        controls:
          - id: nightly-erp
            kind: reconciliation
            compare: {authority: wms.on_hand, mirror: erp.on_hand}
            every: 24h
            scope: full
            on_mismatch: alert
            last_success_monitored: true

    References:
    - https://shopify.dev/docs/apps/build/webhooks/best-practices: do not rely on webhooks alone, run a
      reconciliation job
    - openlinker-project/openlinker#2623: where the webhook is missing, the sweep is all that finds a change
    """
    if case.holding.role != "mirror" or not (case.changes or case.journeys):
        return []
    if not case.graph.authorities_of(case.cell.quantity) or case.reconciliations:
        return []
    controls = case.survey.topology.controls
    if controls is None:
        return [
            Claim(
                "no-reconciliation",
                "",
                None,
                "nobody has said which controls there are",
                None,
                "perhaps nothing compares the mirrors with their authorities",
                drift=None,
                asks=(Ask("file", "", "controls"),),
                group="all cells",
            )
        ]
    asks = tuple(Ask("control", name, "compare.mirror") for name in case.survey.vague_reconciliations)
    if not asks and not case.survey.topology.complete:
        asks = (Ask("file", "", "controls"),)
    return [
        Claim(
            "no-reconciliation",
            "",
            None if asks else False,
            "nobody has said what a reconciliation compares" if asks else "no reconciliation names it",
            None,
            f"{case.cell} {'may be' if asks else 'is'} compared with nothing",
            drift=None,
            asks=asks,
        )
    ]
