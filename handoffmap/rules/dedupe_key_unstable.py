"""HM212: the key changes from attempt to attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.premises.ledger import acts_once_per_order
from handoffmap.rules._rule import rule
from handoffmap.rules.dedupe_key_too_coarse import window_standing

if TYPE_CHECKING:
    from handoffmap.premises.cells import Handoff
    from handoffmap.premises.claim import Answer


@rule(
    "HM212",
    scope="delta",
    premise="TA4",
    mend="Use a key that the source gives once (an event, order, shipment or receipt id), not one made per attempt.",
)
def dedupe_key_unstable(handoff: Handoff) -> Answer | None:
    """The key is made anew for each attempt, so that no repetition is ever recognised.

    A key with the time of sending in it is another one with each attempt: the ledger is there, is paid
    for and never matches. A shipment that is repeated takes its units off twice (sales lost to false
    stockouts).

    Cleared by:
    - a key that the source gives once and `stable_across_retries: true`
    - `delivery: exactly_once_effect` or `at_most_once`: no repetition comes
    - a write in one step with its source

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
            dedupe: {key: [shipment_id, line_id, sent_at], retention: forever}

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
    - saleor/saleor#10165
    """
    path = handoff.path
    dedupe = path.dedupe
    if dedupe is None or dedupe == "none" or acts_once_per_order(path):
        return None
    defect, missing = window_standing(handoff)
    slug, premise = "dedupe-key-unstable", "TA4"
    if defect == slug:
        return Claim(
            slug,
            premise,
            False if path.delivery == "at_least_once" else None,
            "the key differs from attempt to attempt",
            path,
            f"{path.target} cannot recognise a repetition of {path.id}: its key changes with each attempt",
            keys=("dedupe", "stable_across_retries"),
            asks=() if path.delivery == "at_least_once" else (Ask("path", path.id, "delivery"),),
        )
    if "dedupe.stable_across_retries" in missing:
        return Claim(
            slug,
            premise,
            None,
            "nobody has said whether the key stays the same across retries",
            path,
            f"{path.target} may not recognise a repetition of {path.id}",
            asks=(Ask("path", path.id, "dedupe.stable_across_retries"),),
            keys=("dedupe",),
        )
    return held(slug, premise, "its key stays the same across retries", path)
