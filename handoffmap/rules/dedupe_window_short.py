"""HM213: keys are forgotten too early."""

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
    "HM213",
    scope="delta",
    premise="TA4",
    mend="Keep keys for longer than the last retry or replay can take (`dedupe.retention` against `retry.horizon`), or "
    "for ever.",
)
def dedupe_window_short(handoff: Handoff) -> Answer | None:
    """Keys are forgotten before the last repetition can come.

    A message that fails on Friday evening is tried again on Monday, and by then the key is gone: its
    units count twice. It happens after each long outage, on a day when there is most to repair already
    (manual reconciliation work, sales lost to false stockouts).

    Cleared by:
    - `retention: forever`, or longer than `retry.horizon` (or attempts times interval)
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
            retry: {max_attempts: 20, horizon: 72h}
            dedupe: {key: [shipment_id, line_id], retention: 24h, stable_across_retries: true}

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
            retry: {max_attempts: 20, horizon: 72h}
            dedupe: {key: [shipment_id, line_id], retention: 14d, stable_across_retries: true}

    References:
    - square/connect-api-examples#135
    - triggerdotdev/trigger.dev#4953
    """
    path = handoff.path
    if path.dedupe is None or path.dedupe == "none" or acts_once_per_order(path):
        return None
    defect, missing = window_standing(handoff)
    slug, premise = "dedupe-window-short", "TA4"
    if defect == slug:
        return Claim(
            slug,
            premise,
            False if path.delivery == "at_least_once" else None,
            "the retention is shorter than the time in which a repetition can come",
            path,
            f"a late repetition of {path.id} counts again: its key is forgotten by then",
            keys=("dedupe", "retention"),
            asks=() if path.delivery == "at_least_once" else (Ask("path", path.id, "delivery"),),
        )
    asks = tuple(
        Ask("path", path.id, fact)
        for fact in missing
        if fact in {"dedupe.retention", "retry.horizon", "dead_letter.alert_within"}
    )
    if asks:
        return Claim(
            slug,
            premise,
            None,
            "nobody has said how long keys are kept, or how late a repetition can come",
            path,
            f"a late repetition of {path.id} may count again",
            asks=asks,
            keys=("dedupe", "retention"),
        )
    return held(slug, premise, "keys are kept for as long as repetitions can come", path)
