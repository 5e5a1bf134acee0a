"""HM206: the cancellation comes before the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import HOLDS, Ask, Claim, held
from handoffmap.premises.ordering import order_of
from handoffmap.rules._rule import rule
from handoffmap.vocabulary import ENDS_AN_ORDER

if TYPE_CHECKING:
    from handoffmap.model import WritePath
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
    found: list[Answer] = []
    for later, earlier in _pairs(case):
        claim = _judge(case, later, earlier)
        if claim is not None:
            found.append(claim)
    if not found and case.deltas:
        found.append(
            held("reordered-lifecycle", "TA7", "its events come to the same in any order, and each undo comes too")
        )
    return found


def _pairs(case: Case) -> list[tuple[str, str]]:
    """(event that ends or takes back, event it follows) for the events that paths bring to the cell."""
    events = case.survey.topology.events
    brought = {name for names in case.carried.values() for name in names}
    pairs = []
    for name in sorted(brought):
        event = events[name]
        if event.undoes is not None and event.undoes in brought:
            pairs.append((name, event.undoes))
        elif name in ENDS_AN_ORDER and "order_captured" in brought and case.cell.quantity == "allocated":
            pairs.append((name, "order_captured"))
    return pairs


def _judge(case: Case, later: str, earlier: str) -> Claim | None:
    ending = [case.deltas[path] for path, events in sorted(case.carried.items()) if later in events]
    starting = [case.deltas[path] for path, events in sorted(case.carried.items()) if earlier in events]
    sensitive, unsaid = _order_matters(starting, ending)
    if case.survey.topology.events[later].undoes == earlier and _remembered_in_vain(case, starting, ending):
        sensitive = True
    if not sensitive and not unsaid:
        return None
    needed = _remembering(case, starting, ending, undo=case.survey.topology.events[later].undoes == earlier)
    if all(path.guard == "state_machine" for path in needed):
        return Claim("reordered-lifecycle", "TA7", HOLDS, "what comes too early is remembered", starting[0])
    asks: tuple[Ask, ...] = tuple(Ask("path", path.id, "dedupe") for path in unsaid)
    if len(starting) == len(ending) == 1 and starting[0] is ending[0]:
        order, _ = order_of(starting[0])
        if order == ():
            return Claim("reordered-lifecycle", "TA7", HOLDS, "both come by one path, in order", starting[0])
        asks = (*asks, *(order or ()))
    if all(path.guard in {None, "state_machine"} for path in needed):
        asks = (*asks, *(Ask("path", path.id, "guard") for path in needed if path.guard is None))
    path = ending[0]
    return Claim(
        "reordered-lifecycle",
        "TA7",
        None if asks else False,
        "nobody has said whether their order is kept"
        if asks
        else "their order is not kept and a late start is not refused",
        path,
        f"{later} {'may' if asks else 'can'} overtake {earlier} on the way to {case.cell}, and the late one stays",
        asks=tuple(dict.fromkeys(asks)),
        events=(earlier, later),
        group=f"{earlier} {later}",
        keys=("op",),
    )


def _remembering(case: Case, starting: list[WritePath], ending: list[WritePath], *, undo: bool) -> list[WritePath]:
    """The paths that all have to go by the order's state: an early undo is remembered until its event comes.

    Another end of the order waits for it by itself, and a start in one step with its source is never late.
    """
    late = [path for path in starting if not case.survey.handoff(path).one_step]
    if not late:
        return []
    return [*ending, *(late if undo else ())]


def _remembered_in_vain(case: Case, starting: list[WritePath], ending: list[WritePath]) -> bool:
    """Whether an undo that comes too early is remembered, and its event is applied all the same when it comes."""
    return any(path.guard == "state_machine" for path in ending) and any(
        path.guard != "state_machine" and not case.survey.handoff(path).one_step for path in starting
    )


def _order_matters(starting: list[WritePath], ending: list[WritePath]) -> tuple[bool, list[WritePath]]:
    """Whether the order changes the result, and the paths of which nobody has said whether it does.

    A target that knows what is reserved releases nothing else. One that remembers nothing adds what it is told.
    """
    refusing = any(path.accepts_when is not None or path.refused_when is not None for path in (*starting, *ending))
    releasing = [path for path in ending if path.op in {"reserve", "release"} and path.dedupe != "none"]
    minding = any(path.guard == "state_machine" or path.dedupe is not None for path in releasing)
    return minding or refusing, [] if minding or refusing else releasing
