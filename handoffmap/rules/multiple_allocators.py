"""HM106: two systems sell the same last unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.finding import Subject
from handoffmap.model import Cell
from handoffmap.premises.claim import BROKEN, Ask, Claim
from handoffmap.premises.graph import asks_first
from handoffmap.premises.phrases import listed
from handoffmap.rules._rule import rule
from handoffmap.rules.split_authority import overlapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Control
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.survey import Survey

POOLED = ("available", "on_hand", "allocated")


@rule(
    "HM106",
    scope="map",
    premise="TD",
    severity="error",
    mend="Let one gate at the order read the authority and block, reserve synchronously, give each channel a quota, or "
    "allow backorders (`allocates`).",
)
def multiple_allocators(survey: Survey) -> Iterator[Answer]:
    """Two systems promise the same stock, and with any latency between them both can sell the last unit.

    One unit is left and two channels show 1; two customers order within the same minute and both are told
    yes. One order fails at the pick and is cancelled or filled from elsewhere at a loss (pick failures
    and rush reallocations). Faster messages make it rarer, never impossible.

    Cleared by:
    - a gate at the order that reads the authority and blocks (`kind: gate`, `at: order`, `on_mismatch:
      block`)
    - a synchronous reservation at the authority before the order is accepted (`trigger: sync_call`, `op:
      reserve`)
    - a share of the stock for each channel (`allocates: {quota: system.quantity}`)
    - backorders allowed (`allocates: {backorders: true}`), or disjoint places or items

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, allocates: true, holds: {available: mirror}}
          marketplace: {kind: marketplace, owner: ecommerce, allocates: true, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: wms-to-storefront
            from: wms
            to: storefront
            trigger: queue
            op: set
            maps: {available: available}
          - id: wms-to-marketplace
            from: wms
            to: marketplace
            trigger: queue
            op: set
            maps: {available: available}

    Use instead::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, allocates: true, holds: {available: mirror}}
          marketplace: {kind: marketplace, owner: ecommerce, allocates: true, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: wms-to-storefront
            from: wms
            to: storefront
            trigger: queue
            op: set
            maps: {available: available}
          - id: wms-to-marketplace
            from: wms
            to: marketplace
            trigger: queue
            op: set
            maps: {available: available}
        controls:
          - {id: order-gate, kind: gate, at: order, reads: wms.available, on_mismatch: block}

    References:
    - vendurehq/vendure#4930
    - awesto/django-shop#888
    """
    graph = survey.graph
    open_ones = [
        name
        for name in sorted(graph.allocators)
        if graph.systems[name].quota is None
        and not graph.systems[name].backorders
        and not any(asks_first(path, "order_captured") for path in graph.paths_from(name))
    ]
    quantity = next((name for name in POOLED if graph.authorities_of(name)), None)
    rivals = _of_one_pool(survey, open_ones, quantity)
    if len(rivals) < 2:
        return
    controls = survey.topology.controls
    if any(_gates_orders(survey, control) for control in (controls or {}).values()):
        return
    pool = graph.authorities_of(quantity)[0] if quantity is not None else Cell(rivals[0], _held(survey, rivals[0]))
    yield Claim(
        "multiple-allocators",
        "TD",
        BROKEN,
        "nothing arbitrates between them before an order is accepted",
        None,
        f"{listed(rivals)} each promise the same stock: two orders for the last unit can both be accepted",
        drift=None,
        cell=pool if pool in graph.cells else None,
        subject=Subject(*pool),
        related=tuple((Subject(system=name), "promises stock") for name in rivals),
        direction="over",
        extra_asks=(Ask("file", "", "controls"),) if controls is None else (),
    )


def _of_one_pool(survey: Survey, names: list[str], quantity: str | None) -> list[str]:
    """The allocators whose places and items overlap with another one's."""
    wanted = [Cell(name, quantity or _held(survey, name)) for name in names]
    scoped = [cell for cell in wanted if cell in survey.graph.cells]
    unscoped = [cell.system for cell in wanted if cell not in survey.graph.cells]
    if unscoped:
        return names
    return [cell.system for cell in overlapping(survey, scoped)]


def _held(survey: Survey, system: str) -> str:
    return next(iter(sorted(survey.graph.systems[system].holds)), "available")


def _gates_orders(survey: Survey, control: Control) -> bool:
    """Whether a control stops an order that the authority could not cover."""
    if control.kind != "gate" or control.on_mismatch != "block" or control.at not in {"order", "order_captured"}:
        return False
    if control.reads is None or control.reads not in survey.graph.cells:
        return False
    return survey.graph.cells[control.reads].role == "authoritative"
