"""HM602: more comes in than goes out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim
from handoffmap.premises.graph import is_pushed
from handoffmap.premises.phrases import duration
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Cell, WritePath
    from handoffmap.premises.survey import Survey

AN_HOUR = 3600
SECONDS_A_MONTH = 30 * 86_400


@rule(
    "HM602",
    scope="map",
    severity="note",
    mend="Give stock a lane of its own, send the latest value only, or ask the target for a higher limit.",
)
def backlog(survey: Survey) -> Iterator[Claim]:
    """Messages queue before a target faster than it takes them, or behind other traffic in the same lane.

    A feed takes two requests a second, a price change sends forty thousand, and the message that an item has
    sold out waits behind them till the evening. The number is right on both sides and a day apart. It happens
    on the busiest days, when each hour of it is worth the most oversold orders.

    Cleared by:

    - the backlog does not grow (`limits: {backlog_growth_per_hour: 0}`)
    - a lane of its own (`lane: {shared: false}`), or nothing is said of lanes and limits
    - the target takes more than `volume` makes of the path's events (amounts sent one by one)
    - what a request takes (`p99_latency`) is within what the cell `tolerates`
    - a shared lane in which nothing is late; of one that is late for the cell, while nobody has said whether its
      backlog grows, it is asked

    Flagged::

        handoffmap: 1
        systems:
          hub: {kind: inventory_hub, holds: {available: authoritative}}
          market: {kind: marketplace, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [hub]}
        write_paths:
          - id: stock-to-market
            from: hub
            to: market
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 15m, covers: full}
            only_if_changed: false
            guard: none
            lane: {name: feeds, shared: true}
            limits: {requests_per_s: 2, backlog_growth_per_hour: 400}

    Use instead::

        handoffmap: 1
        systems:
          hub: {kind: inventory_hub, holds: {available: authoritative}}
          market: {kind: marketplace, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [hub]}
        write_paths:
          - id: stock-to-market
            from: hub
            to: market
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 15m, covers: full}
            only_if_changed: false
            guard: none
            lane: {name: stock, shared: false}
            limits: {requests_per_s: 2, backlog_growth_per_hour: 0}

    References:
    - amzn/selling-partner-api-models#4823: sold-out notices behind catalogue work
    - MONEI/Shopify-api-node#199: more calls than the platform takes
    """
    for path in survey.graph.enabled:
        if path.limits is None and path.lane is None:
            continue
        for cell in survey.written_by(path):
            claim = _judge(path, cell, survey)
            if claim is not None:
                yield claim._replace(cell=cell)


def _judge(path: WritePath, cell: Cell | None, survey: Survey) -> Claim | None:
    limits = path.limits
    growth = limits.backlog_growth_per_hour if limits is not None else None
    if growth is not None and growth > 0:
        return _told(path, f"its backlog grows by {float(growth):g} messages an hour", ("limits",))
    slow = limits.p99_latency if limits is not None else None
    if slow is not None and cell is not None and _too_slow(slow, cell, survey):
        return _told(path, f"one request in a hundred takes over {duration(slow)}", ("limits",))
    if growth is not None:
        return None
    offered = _offered(path, survey)
    rate = limits.requests_per_s if limits is not None else None
    if offered is not None and rate is not None and offered > rate:
        because = f"{float(offered):.3g} messages a second come, and {path.target} takes {float(rate):g}"
        return _told(path, because, ("limits",))
    if path.lane is not None and path.lane.shared and cell is not None and _late_already(path, cell, survey):
        ask = Ask("path", path.id, "limits.backlog_growth_per_hour")
        return _told(path, "it is late, and waits in one lane with other traffic", ("lane",), ask)
    return None


def _late_already(path: WritePath, cell: Cell, survey: Survey) -> bool:
    """Whether what is stated of a path's latency and interval alone is too slow for the cell."""
    every = path.every if survey.handoff(path).pulled else None
    return _too_slow((path.latency or 0) + (every or 0), cell, survey)


def _too_slow(slow: Fraction | int, cell: Cell, survey: Survey) -> bool:
    """Whether a delay is more than the cell tolerates; over an hour, where it does not say and its system sells."""
    tolerates = survey.graph.cells[cell].tolerates
    if tolerates is not None:
        return slow > tolerates
    return slow > AN_HOUR and cell.system in survey.graph.allocators


def _offered(path: WritePath, survey: Survey) -> Fraction | None:
    """Messages a second in the mean of a month, as far as the file states them; None where it does not."""
    topology = survey.topology
    orders = topology.volume.get("orders_per_month")
    batched = path.batch is not None and path.batch.size != 1
    if orders is None or not is_pushed(path) or batched or survey.handoff(path).flow != "delta":
        return None
    per_1000 = Fraction(0)
    for name in path.events or ():
        event = topology.events.get(name)
        stated = event.per_1000_orders if event is not None else None
        # Orders that start in several systems do not all come by this path.
        if stated is None and name == "order_captured" and event is not None and len(event.origins) == 1:
            stated = Fraction(1000)
        per_1000 += stated if stated is not None and event is not None and len(event.origins) == 1 else 0
    return orders * per_1000 / 1000 / SECONDS_A_MONTH if per_1000 else None


def _told(path: WritePath, because: str, keys: tuple[str, ...], ask: Ask | None = None) -> Claim:
    return Claim(
        "backlog",
        "",
        False if ask is None else None,
        because,
        path,
        f"messages of {path.id} {'may queue' if ask else 'queue'} up before {path.target}",
        drift=None,
        keys=keys,
        asks=() if ask is None else (ask,),
    )
