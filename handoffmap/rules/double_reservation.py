"""HM312: what is promised is taken off on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.premises.arrivals import certain
from handoffmap.premises.claim import BROKEN, Claim
from handoffmap.premises.phrases import listed
from handoffmap.premises.reach import RESERVATIONS
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.model import Event
    from handoffmap.premises.cells import Case
    from handoffmap.premises.graph import Write

__all__ = ["double_reservation", "reserved_twice"]


@rule(
    "HM312",
    scope="write",
    premise="TB5",
    mend="Send a system that reserves by itself what is there (`on_hand`), or let it take nothing off again.",
)
def double_reservation(write: Write, case: Case) -> Claim | None:
    """A number that is net of orders is written into the one that the target takes its reservations from.

    Two pieces, one order: the record publishes one, the shop takes its own reservation off that, and shows
    none. The piece is there and cannot be bought, for as long as the order is open. The more orders wait to
    be shipped the more stock is hidden, which costs sales on the items that sell best.

    Cleared by:

    - the source sends what is there, and the target takes off what is promised
    - the target reserves nothing by itself: no order reaches what it would take off
    - the number goes to the cell that is sold by, and not to the one that reservations are taken from
    - amounts instead of whole values

    Flagged::

        handoffmap: 1
        systems:
          erp:
            kind: erp
            holds: {on_hand: authoritative, available: authoritative}
          shop:
            kind: storefront
            holds:
              on_hand: mirror
              allocated: authoritative
              available: {role: derived, derived_from: on_hand - allocated}
        events:
          order_captured: {at: [shop]}
        write_paths:
          - id: orders-to-erp
            from: shop
            to: erp
            events: [order_captured]
            trigger: queue
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: on_hand}
            schedule: {every: 15m, covers: full}
            only_if_changed: false
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          erp:
            kind: erp
            holds: {on_hand: authoritative, available: authoritative}
          shop:
            kind: storefront
            holds:
              on_hand: mirror
              allocated: authoritative
              available: {role: derived, derived_from: on_hand - allocated}
        events:
          order_captured: {at: [shop]}
        write_paths:
          - id: orders-to-erp
            from: shop
            to: erp
            events: [order_captured]
            trigger: queue
            op: adjust
            maps: {available: available}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {on_hand: on_hand}
            schedule: {every: 15m, covers: full}
            only_if_changed: false
            guard: none

    References:
    - magento/inventory#2269: the record's number is net already, and the shop's reservation comes off again
    - magento/inventory#3076: a wish to switch reservations off where another system keeps them
    """
    events = reserved_twice(write, case)
    if not events:
        return None
    names = listed(event.id for event in events)
    return Claim(
        "double-reservation",
        "TB5",
        BROKEN,
        f"{names} is taken off in {write.path.source} and again in {case.cell.system}",
        write.path,
        f"{write.path.id} writes a number net of orders into {case.cell}, from which {case.cell.system} takes its own "
        f"reservations",
        keys=("maps", write.left),
        events=tuple(event.id for event in events),
        direction="under",
        own_heal=False,
    )


def reserved_twice(write: Write, case: Case) -> list[Event]:
    """The events that are in the written value already and are taken off again by the target."""
    if case.survey.handoff(write.path).flow != "state" or case.is_derived:
        return []
    held = _taken_off(case)
    if not held:
        return []
    events = case.survey.movers_of(sorted(held))
    return [event for event in events if _is_net_of(event, write, case) and _reserves(event, held, case)]


def _taken_off(case: Case) -> set[str]:
    """The reservations that some number of the target takes off this cell."""
    found: set[str] = set()
    for holding in case.system.holds.values():
        signs = {
            term.quantity: term.sign for term in holding.derived_from or () if term.system in {None, case.system.id}
        }
        if signs.get(case.cell.quantity) == 1:
            found.update(name for name, sign in signs.items() if sign == -1 and name in RESERVATIONS)
    return found


def _is_net_of(event: Event, write: Write, case: Case) -> bool:
    """Whether an event lowers what is written and not what the cell ought to show."""
    if event.effects.get(case.cell.quantity) is not None:
        return False
    terms = [(write.left, 1), *((term.quantity, 1) for term in write.mapping.plus)]
    terms += [(term.quantity, -1) for term in write.mapping.minus]
    effects = [(sign, effect) for name, sign in terms if (effect := event.effects.get(name)) is not None]
    return sum(sign * effect.amount for sign, effect in effects if effect.kind == "fixed") < 0


def _reserves(event: Event, held: set[str], case: Case) -> bool:
    """Whether an event certainly gets into a reservation of the target."""
    for name in sorted(held & event.effects.keys()):
        cell = Cell(case.cell.system, name)
        if event.effects[name].amount > 0 and cell in case.graph.cells:
            there = case.survey.case(cell)
            if any(journey.event is event and certain(journey.arrivals) for journey in there.journeys):
                return True
    return False
