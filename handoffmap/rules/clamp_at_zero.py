"""HM216: a count that may not go below zero forgets what it could not take off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.premises.hearing import hears_before
from handoffmap.premises.ordering import order_of
from handoffmap.premises.patience import waits
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.model import Event, WritePath
    from handoffmap.premises.cells import Case, Journey
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.graph import Write
    from handoffmap.vocabulary import Effect


@rule("HM216", scope="write", premise="TA5", mend="Keep the signed number and clamp only where it is shown.")
def clamp_at_zero(write: Write, case: Case) -> Answer | None:
    """A decrement that comes before its increment is cut off at zero, and the rest of it is lost.

    With 1 on the books a sale of 3 comes before the receipt of 3: cut off at 0 and then 3, where 1 is
    true. The 2 units too many are promised for ever, since both messages have been applied (pick failures
    and rush reallocations).

    Cleared by:
    - `clamp_at_zero: false`: the signed number is kept, and cut off only where it is shown
    - the sole path into the cell, in order: it never gets below zero
    - whole values: nothing is added up

    Flagged::

        handoffmap: 1
        systems:
          erp: {kind: erp, owner: finance, holds: {}}
          storefront: {kind: storefront, owner: ecommerce, holds: {}}
          hub: {kind: inventory_hub, owner: operations, holds: {available: authoritative}}
        events:
          po_received: {at: [erp]}
          order_captured: {at: [storefront]}
        write_paths:
          - id: receipt-to-hub
            from: erp
            to: hub
            events: [po_received]
            trigger: webhook
            op: adjust
            maps: {available: available}
          - id: order-to-hub
            from: storefront
            to: hub
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            clamp_at_zero: true

    Use instead::

        handoffmap: 1
        systems:
          erp: {kind: erp, owner: finance, holds: {}}
          storefront: {kind: storefront, owner: ecommerce, holds: {}}
          hub: {kind: inventory_hub, owner: operations, holds: {available: authoritative}}
        events:
          po_received: {at: [erp]}
          order_captured: {at: [storefront]}
        write_paths:
          - id: receipt-to-hub
            from: erp
            to: hub
            events: [po_received]
            trigger: webhook
            op: adjust
            maps: {available: available}
          - id: order-to-hub
            from: storefront
            to: hub
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            clamp_at_zero: false

    References:
    - vendurehq/vendure#4930
    - shopware/shopware#14289
    """
    path = write.path
    refuses = path.guard == "cas" and path.base not in {"target", "cached"}  # a whole amount, where others cut some off
    if not (path.clamp_at_zero or refuses) or case.survey.handoff(path).flow != "delta":
        return None
    below = (case.holding.buffer or 0) > 0  # what is held back makes a number that is right go below zero
    if not below and not _goes_both_ways(case, path):
        return held("clamp-at-zero", "TA5", "nothing takes off what something else has still to add", path)
    asks, because = _order_of_all(case, path)
    others = _comes_in_between(case, path)
    unsaid = tuple(Ask("control", each.id, "settle") for each in case.corrections if waits(case, each) is None)
    if not below and asks == () and not others and not unsaid:  # in order
        return held("clamp-at-zero", "TA5", "the sole path, in order: the clamp is never reached", path)
    asks = tuple(ask for ask in asks or () if ask.fact != "guard")  # a guard refuses, it keeps no order
    asks = (*asks, *unsaid)
    doubt = bool(asks) and not below and not others
    found = Claim(
        "clamp-at-zero",
        "TA5",
        None if doubt else False,
        because if doubt else "amounts can come in another order than they happened",
        path,
        f"{path.target} cuts {case.cell} off at zero and forgets the rest",
        keys=("clamp_at_zero",),
        asks=asks if doubt else (),
        direction="over",
    )
    return found if path.clamp_at_zero else _as_refused(found, path, case)


def _as_refused(found: Claim, path: WritePath, case: Case) -> Claim:
    """The same where the amount is refused and not cut off."""
    return found._replace(
        slug="refused-delta",
        premise="TA8",
        message=f"{path.target} refuses what {path.id} takes off {case.cell} before it is there",
        keys=("guard",),
    )


def _order_of_all(case: Case, path: WritePath) -> tuple[tuple[Ask, ...] | None, str]:
    """Whether what a path adds comes before what it takes off later, on its own way and on those to its source."""
    asks, because = order_of(path)
    if case.survey.handoff(path).one_step:
        asks = ()  # nothing is ever under way
    events = [case.survey.topology.events[name] for name in case.carried.get(path.id, ())] if asks == () else []
    moving = [(event, event.effects[case.cell.quantity]) for event in events if case.cell.quantity in event.effects]
    added = [event.id for event, effect in moving if _may_add(effect)]
    taken = [event.id for event, effect in moving if _may_take(effect) and not _is_remembered(case, event)]
    for earlier in added:
        for later in taken:
            found = hears_before(path, case.graph, earlier, later)
            if found is None:
                return None, ""
            asks = tuple(dict.fromkeys((*(asks or ()), *found)))
            because = "nobody has said whether they keep their order on the way" if asks else because
    return asks, because


def _comes_in_between(case: Case, path: WritePath) -> bool:
    """Whether something else changes the cell, but for what adds to it in place: that is there at once."""
    if not case.others_than(path):
        return False
    early = any(waits(case, control) is False for control in case.corrections)
    if case.feeds or early or any(write.path is not path for write in case.rewriters):
        return True
    if all(case.survey.handoff(other).one_step for other in case.deltas.values()):
        return False
    if any(other is not path for other in case.deltas.values()):
        return True
    effects = [event.effects[case.cell.quantity] for event, _ in case.own]
    return any(effect.kind != "fixed" or effect.amount < 0 for effect in effects)


def _goes_both_ways(case: Case, path: WritePath) -> bool:
    """Whether something may be taken off the cell before what it is taken from has come, and the path meets that.

    What it takes off itself, or what it adds to a number that others have brought below zero.
    """
    quantity = case.cell.quantity
    effects = {journey.event.id: journey.event.effects.get(quantity) for journey in case.journeys}
    early = {journey.event.id for journey in case.journeys if not _is_remembered(case, journey.event)}
    brought = [
        journey.event.effects.get(quantity)
        for journey in case.journeys
        if any(_comes_later(case, journey, arrival.path) for arrival in journey.arrivals)
    ]
    carried = case.carried.get(path.id, ())
    takes = any(_may_take(effects.get(event)) for event in carried if event in early or event not in effects)
    late = {j.event.id for j in case.journeys if any(_comes_later(case, j, a.path) for a in j.arrivals)}
    adds = path.clamp_at_zero and any(
        _may_add(effects.get(event)) for event in carried if event in late or event not in effects
    )
    taken = any(_may_take(effects[event]) for event in early)
    written = case.feeds or any(waits(case, control) is not True for control in case.corrections)
    return (takes and (bool(written) or any(map(_may_add, brought)))) or (adds and taken)


def _comes_later(case: Case, journey: Journey, path: WritePath | None) -> bool:
    """Whether an amount is under way for a while: not what is booked where it happens, or in one step with that."""
    return path is not None and not (case.survey.handoff(path).one_step and path.source in journey.start.among)


def _may_take(effect: Effect | None) -> bool:
    return effect is None or effect.kind != "fixed" or effect.amount < 0


def _may_add(effect: Effect | None) -> bool:
    return effect is None or effect.kind != "fixed" or effect.amount > 0


def _is_remembered(case: Case, event: Event) -> bool:
    """Whether an undo that comes before its event is kept until that comes, so that it takes nothing off early."""
    pair = {event.id, event.undoes}
    paths = [case.deltas[name] for name, events in case.carried.items() if not pair.isdisjoint(events)]
    return event.undoes is not None and all(path.guard == "state_machine" for path in paths)
