"""HM211: two different effects share one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.premises.ledger import recognises, tells_apart, tells_values_apart
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM211",
    scope="handoff",
    premise="TA4",
    mend="Put the finest id that varies into the key (shipment and line, receipt and line), and the kind of event "
    "where one ledger sees several.",
)
def dedupe_key_too_coarse(handoff: Handoff) -> Answer | None:
    """Two different effects share one key of the ledger, so that the second is swallowed as a repetition.

    An order of 5 leaves in parcels of 2 and 3; both messages carry the order number, and the second is
    taken for a repetition. The ERP takes 2 off instead of 5, so that 3 units are promised that have left:
    pick failures, and forecasting and reordering errors.

    Cleared by:
    - a key that names the effect: an event or message id, shipment and line, receipt and line, return and
      line
    - `unique_per_effect: true`, where the key is one that only the team can judge
    - one event in the ledger, or the kind of event in the key where capture and cancellation share it
    - `dedupe: none` (then `duplicate-delivery` judges)

    Flagged::

        handoffmap: 1
        systems:
          threepl: {kind: 3pl, owner: logistics, holds: {}}
          erp: {kind: erp, owner: finance, holds: {on_hand: authoritative}}
        events:
          shipment_confirmed: {at: [threepl]}
        write_paths:
          - id: shipment-to-erp
            from: threepl
            to: erp
            events: [shipment_confirmed]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            delivery: at_least_once
            dedupe: {key: [order_id], retention: forever, stable_across_retries: true}

    Use instead::

        handoffmap: 1
        systems:
          threepl: {kind: 3pl, owner: logistics, holds: {}}
          erp: {kind: erp, owner: finance, holds: {on_hand: authoritative}}
        events:
          shipment_confirmed: {at: [threepl]}
        write_paths:
          - id: shipment-to-erp
            from: threepl
            to: erp
            events: [shipment_confirmed]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            delivery: at_least_once
            dedupe: {key: [shipment_id, line_id], retention: forever, stable_across_retries: true}

    References:
    - frappe/ecommerce_integrations#207
    """
    path = handoff.path
    slug = "dedupe-key-too-coarse"
    premise = "TA4" if handoff.flow == "delta" else "TB3"
    dedupe = path.dedupe
    if dedupe is None or dedupe == "none" or (handoff.one_step and path.trigger == "sync_call"):
        return None
    apart = tells_apart(dedupe, handoff.ledger_sees) if handoff.flow == "delta" else tells_values_apart(dedupe)
    if apart:
        return held(slug, premise, "its key tells every effect apart", path)
    if handoff.only_one_way:
        return held(slug, premise, "no value that it sends ever comes back", path)
    if apart is None:
        fact = "dedupe.key" if dedupe.key is None else "dedupe.unique_per_effect"
        return Claim(
            slug,
            premise,
            None,
            "nobody has said whether two effects can share a key",
            path,
            f"the ledger of {path.id} may swallow an effect that is no repetition",
            asks=(Ask("path", path.id, fact),),
            keys=("dedupe", "key"),
        )
    key = ", ".join(dedupe.key or ())
    return Claim(
        slug,
        premise,
        BROKEN,
        f"the key ({key}) does not tell apart all that comes by this path",
        path,
        f"the ledger of {path.id} swallows effects that are no repetitions",
        keys=("dedupe", "key"),
    )


def window_standing(handoff: Handoff) -> tuple[str | None, tuple[str, ...]]:
    """(defect, missing facts) of a stated ledger against repetitions; nothing where none can come."""
    path = handoff.path
    if handoff.one_step or path.delivery in {"exactly_once_effect", "at_most_once"}:
        return None, ()
    standing = recognises(path, handoff.ledger_sees)
    return standing.defect, standing.missing
