"""HM308: part of the number is cut off on the way."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule
from handoffmap.rules.unit_mismatch import SINGLE

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.graph import Write


@rule(
    "HM308",
    scope="write",
    premise="TA2",
    mend="Carry the number whole, or round once and on the whole value only.",
)
def precision_loss(write: Write, case: Case) -> Claim | None:
    """A number is rounded on its way, and each rounded difference adds up.

    A receipt of 2.5 kg that arrives as 2 loses half a kilogram, and the next one loses another. The gap grows
    with the number of messages and never shrinks, so that goods sold by weight, by length or by the pack
    drift fastest where they sell best; it ends in false stockouts and in write-offs that nobody can explain.

    Cleared by:

    - nothing is rounded (`rounding: none`, or nothing said)
    - the source holds whole numbers only (`integer_only: true`) and the factor is a whole number

    Flagged::

        handoffmap: 1
        systems:
          erp:
            kind: erp
            holds: {on_hand: {role: authoritative, unit: kg, integer_only: false}}
          shop: {kind: storefront, holds: {on_hand: {role: mirror, unit: kg}}}
        events:
          po_received: {at: [erp]}
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: changes-to-shop
            from: erp
            to: shop
            events: [po_received, inventory_adjusted]
            trigger: queue
            op: adjust
            maps: {on_hand: {to: on_hand, rounding: down}}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          erp:
            kind: erp
            holds: {on_hand: {role: authoritative, unit: kg, integer_only: false}}
          shop: {kind: storefront, holds: {on_hand: {role: mirror, unit: kg}}}
        events:
          po_received: {at: [erp]}
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: changes-to-shop
            from: erp
            to: shop
            events: [po_received, inventory_adjusted]
            trigger: queue
            op: adjust
            maps: {on_hand: {to: on_hand, rounding: none}}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - frappe/ecommerce_integrations#436: quantities cut to whole numbers on the way
    """
    rounding = write.mapping.rounding
    factor = write.mapping.unit_factor
    parted = factor.denominator != 1 if isinstance(factor, Fraction) else _pieces_into_packs(write, case)
    if parted and rounding in {None, "none"} and case.holding.integer_only is None:
        return Claim(
            "precision-loss",
            "TA2" if case.survey.handoff(write.path).flow == "delta" else "TB5",
            None,
            f"the factor makes parts of a {case.holding.unit or 'unit'}, and nobody has said whether it can hold them",
            write.path,
            f"{write.path.id} may lose parts of what it writes into {case.cell}",
            asks=(Ask("cell", str(case.cell), "integer_only"),),
            keys=("maps", write.left),
        )
    broken = parted and case.holding.integer_only
    cut = "to whole numbers" if rounding in {None, "none"} else rounding
    if rounding in {None, "none"} and not broken:
        return None
    if not parted and factor != "per_item":
        source = case.graph.systems[write.path.source].holds.get(write.left)
        if source is None or source.integer_only or (source.integer_only is None and source.unit in SINGLE):
            return None
        unsaid = source.integer_only is None
    else:
        unsaid = False
    flow = case.survey.handoff(write.path).flow
    return Claim(
        "precision-loss",
        "TA2" if flow == "delta" else "TB5",
        None if unsaid else False,
        f"rounded {cut} on the way",
        write.path,
        f"{write.path.id} rounds what it writes into {case.cell}",
        asks=(Ask("cell", f"{write.path.source}.{write.left}", "integer_only"),) if unsaid else (),
        keys=("maps", write.left),
        own_heal=flow == "delta",
    )


def _pieces_into_packs(write: Write, case: Case) -> bool:
    """Whether single pieces become another unit by a factor that nobody has stated: each one is a part of that unit."""
    source = case.graph.systems[write.path.source].holds.get(write.left)
    here, there = source.unit if source is not None else None, case.holding.unit
    return write.mapping.unit_factor is None and here in SINGLE and there is not None and there not in SINGLE
