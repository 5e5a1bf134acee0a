"""HM206: the cancellation comes before the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import held
from handoffmap.premises.lifecycle import overtaking
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer


@rule(
    "HM206",
    scope="cell",
    premise="TA7",
    mend="Remember what came too early (`guard: state_machine`), or send both by one path that keeps their order.",
)
def reordered_lifecycle(case: Case) -> list[Answer]:
    """An event and what takes it back overtake each other where their order matters.

    The cancellation comes first and finds no reservation to release; the order comes later and reserves.
    The unit stays allocated to an order that does not exist, and with each such order one unit less can
    be sold (sales lost to false stockouts).

    Cleared by:
    - `guard: state_machine`: what came too early is remembered, and the late start does nothing
    - both by one path that keeps their order (`order: per_key` or `total`)
    - amounts that are only added (`op: adjust`): the order does not matter, the sum is the same; so it is with
      `release` at a target that remembers nothing (`dedupe: none`)
    - a start in one step with its source

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {allocated: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {allocated: authoritative}}
        events:
          order_captured: {at: [storefront]}
          order_cancelled: {at: [storefront]}
        write_paths:
          - id: order-to-wms
            from: storefront
            to: wms
            events: [order_captured]
            trigger: webhook
            op: reserve
            maps: {allocated: allocated}
            guard: none
          - id: cancellation-to-wms
            from: storefront
            to: wms
            events: [order_cancelled]
            trigger: webhook
            op: release
            maps: {allocated: allocated}
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {allocated: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {allocated: authoritative}}
        events:
          order_captured: {at: [storefront]}
          order_cancelled: {at: [storefront]}
        write_paths:
          - id: order-to-wms
            from: storefront
            to: wms
            events: [order_captured]
            trigger: webhook
            op: reserve
            maps: {allocated: allocated}
            guard: state_machine
          - id: cancellation-to-wms
            from: storefront
            to: wms
            events: [order_cancelled]
            trigger: webhook
            op: release
            maps: {allocated: allocated}
            dedupe: {key: [event_id], retention: forever, stable_across_retries: true}
            guard: state_machine

    References:
    - mollie/WooCommerce#1252
    - open-mercato/open-mercato#4521
    """
    bringing = {name: (case.deltas[name], events) for name, events in case.carried.items()}
    found: list[Answer] = list(overtaking(case.survey, case.cell, bringing))
    if not found and case.deltas:
        found.append(
            held("reordered-lifecycle", "TA7", "its events come to the same in any order, and each undo comes too")
        )
    return found
