"""HM214: a replay adds what the live path has added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import said
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM214",
    scope="cell",
    shared=True,
    premise="TA1",
    mend="Let both paths name one `ledger` with a key that names the event, switch the live path off while the other "
    "runs, or bring whole values instead.",
)
def replay_double_count(case: Case) -> list[Answer]:
    """A back-fill brings the events of a live path once more, under keys of its own.

    A hundred orders are imported again after an outage, and a hundred units go a second time from stock that
    the webhook has taken off already. Nobody sees an error: each path is right by itself, and the shop hides
    goods that are there (sales lost to false stockouts) until somebody counts.

    Cleared by:

    - one `ledger` that both paths name, with a key that names the event
    - the back-fill brings whole values (`op: set`), or the live path is switched off (`enabled: false`)
    - filters (`only`, `except`) that share no instance
    - paths that both fire at once, or from two systems: then it is a `duplicate-route`

    Flagged::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms: {kind: wms, holds: {available: authoritative}}
        events:
          order_captured: {at: [shop]}
        write_paths:
          - id: orders-to-wms
            from: shop
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}
            handoff: outbox
            guard: none
          - id: order-import
            from: shop
            to: wms
            events: [order_captured]
            trigger: manual
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          shop: {kind: storefront}
          wms: {kind: wms, holds: {available: authoritative}}
        events:
          order_captured: {at: [shop]}
        write_paths:
          - id: orders-to-wms
            from: shop
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            dedupe: {ledger: orders, key: [event_id], retention: forever, stable_across_retries: true}
            handoff: outbox
            guard: none
          - id: order-import
            from: shop
            to: wms
            events: [order_captured]
            trigger: manual
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            dedupe: {ledger: orders, key: [event_id], retention: forever, stable_across_retries: true}
            handoff: outbox
            guard: none

    References:
    - Cap-go/capgo.app#1938: the same event twice within one replay
    - gocasters/rankr#182: what is replayed is counted again
    """
    return said(reach_of(case), "replay-double-count")
