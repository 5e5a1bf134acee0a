"""HM503: the gate looks at a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.finding import Subject
from handoffmap.premises.claim import BROKEN, Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.model import Control
    from handoffmap.premises.survey import Survey


@rule("HM503", scope="control", severity="warning", mend="Let the gate read the authoritative cell (`reads`).")
def stale_gate_read(control: Control, survey: Survey) -> Claim | None:
    """A gate decides by a mirror, which may lag or drift, instead of by the authority.

    The gate asks the number that it should distrust. What the shop sold by mistake the shop still shows, so
    the order passes and fails at the shelf: the control costs its work and prevents no pick failure. It also
    looks good in every list of controls, which is why nobody puts a better one there.

    Cleared by:

    - the gate reads an authoritative cell
    - it reads a derived cell that is computed from authoritative ones alone
    - the control is a reconciliation
    - the role of what it reads, or the cell itself, is not stated: then it is asked

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {available: authoritative}}
          shop: {kind: storefront, holds: {available: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: stock-to-shop
            from: wms
            to: shop
            trigger: queue
            op: set
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: version
        controls:
          - id: pick-gate
            kind: gate
            at: fulfilment
            reads: shop.available
            on_mismatch: block

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {available: authoritative}}
          shop: {kind: storefront, holds: {available: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: stock-to-shop
            from: wms
            to: shop
            trigger: queue
            op: set
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: version
        controls:
          - id: pick-gate
            kind: gate
            at: fulfilment
            reads: wms.available
            on_mismatch: block

    References:
    - magento/inventory#2847: a mirror decides by its own count of zero, and is wrong
    - vendurehq/vendure#4930: what was checked is no longer so when it is allocated
    """
    if control.kind != "gate":
        return None
    subject = Subject(control=control.id)
    if control.reads is None:
        return Claim(
            "stale-gate-read",
            "",
            None,
            "nobody has said what it reads",
            None,
            f"{control.id} may decide by a mirror",
            drift=None,
            subject=subject,
            asks=(Ask("control", control.id, "reads"),),
        )
    holding = survey.graph.cells.get(control.reads)
    if holding is None or holding.role == "authoritative":
        return None
    if holding.role == "derived" and all(
        survey.graph.cells[cell].role == "authoritative" for cell in survey.case(control.reads).bases
    ):
        return None
    if holding.role is None:
        return Claim(
            "stale-gate-read",
            "",
            None,
            f"nobody has said whether {control.reads} is the record",
            None,
            f"{control.id} may decide by a mirror",
            drift=None,
            subject=subject,
            asks=(Ask("cell", str(control.reads), "role"),),
            keys=("reads",),
        )
    return Claim(
        "stale-gate-read",
        "",
        BROKEN,
        f"{control.reads} is a {holding.role}, not the record",
        None,
        f"{control.id} decides by {control.reads}",
        drift=None,
        subject=subject,
        keys=("reads",),
        direction="over",
    )
