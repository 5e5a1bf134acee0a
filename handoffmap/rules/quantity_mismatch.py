"""HM302: one quantity is written into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.premises.claim import BROKEN, Claim, held
from handoffmap.premises.phrases import listed
from handoffmap.rules._rule import rule
from handoffmap.rules.double_reservation import reserved_twice

if TYPE_CHECKING:
    from handoffmap.model import Event, Topology, WritePath
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.graph import Write
    from handoffmap.premises.survey import Survey


@rule(
    "HM302",
    scope="write",
    premise="TA2",
    mend="Map the quantity to its own kind, or state the formula (`{to: available, minus: [allocated]}`).",
)
def quantity_mismatch(write: Write, case: Case) -> Answer | None:
    """A quantity is written into one of another meaning: goods on the shelf are published as goods for sale.

    What is promised already is offered a second time. With 80 on hand and 29 of them allocated the shop shows
    80 instead of 51, and the last 29 orders are taken for goods that belong to somebody else: pick failures,
    rush reallocations, refunds. The error is as large as the open orders, so it is largest on the best days.

    Cleared by:

    - both ends hold the same quantity
    - a formula (`plus`, `minus`) is stated, under which every event moves both sides alike
    - every event that the path lists moves both quantities by the same amount (deltas)
    - the target counts what happens everywhere; with `share: own` it counts its own system's events alone

    Flagged::

        handoffmap: 1
        systems:
          erp:
            kind: erp
            holds:
              on_hand: authoritative
              allocated: authoritative
              available: {role: derived, derived_from: on_hand - allocated}
          shop: {kind: storefront, holds: {available: mirror}}
        events:
          order_captured: {at: [erp]}
          shipment_confirmed: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {on_hand: available}
            schedule: {every: 15m, covers: full}
            only_if_changed: false
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          erp:
            kind: erp
            holds:
              on_hand: authoritative
              allocated: authoritative
              available: {role: derived, derived_from: on_hand - allocated}
          shop: {kind: storefront, holds: {available: mirror}}
        events:
          order_captured: {at: [erp]}
          shipment_confirmed: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 15m, covers: full}
            only_if_changed: false
            guard: none

    References:
    - libracore/WooCommerceConnector#41: what is reserved comes back as sellable with the next push
    - Starktail/woocommerce_fusion#170: the nightly push restores what was just sold
    """
    several = _several_into_one(write, case)
    if several is not None:
        return several
    slug = "quantity-mismatch"
    flow = case.survey.handoff(write.path).flow
    premise = "TA2" if flow == "delta" else "TB5"
    right = case.cell.quantity
    if write.left == right and not write.mapping.plus and not write.mapping.minus:
        return held(slug, premise, "the same quantity at both ends", write.path)
    own = case.survey.topology.quantities
    renamed = not (write.mapping.plus or write.mapping.minus)
    if flow == "delta":
        events = [event for event in said_to_carry(write.path, case.survey.topology) if write.left in event.effects]
    else:
        terms = (*write.mapping.plus, *write.mapping.minus)
        events = case.survey.movers_of((write.left, right, *(term.quantity for term in terms)))
    differing = [event.id for event in events if _moved(event, write) != _wanted(event, case)]
    if flow == "delta" and differing and _named_back(case.survey, write):
        return held(slug, premise, "the same quantity came under another name", write.path)
    copied = flow != "delta" and renamed and not (write.left in own and right in own)
    if not differing and not copied:
        return held(slug, premise, "every event moves both sides alike", write.path)
    if reserved_twice(write, case):
        return None  # `double-reservation` speaks
    formula = write.left + "".join(f" + {term.quantity}" for term in write.mapping.plus)
    formula += "".join(f" - {term.quantity}" for term in write.mapping.minus)
    because = (
        f"{listed(differing)} move{'s' if len(differing) == 1 else ''} {formula} and {right} differently"
        if differing
        else f"{formula} and {right} are different quantities"
    )
    return Claim(
        slug,
        premise,
        BROKEN,
        because,
        write.path,
        f"{write.path.id} writes {formula} of {write.path.source} into {case.cell}",
        keys=("maps", write.left),
        events=tuple(differing),
        direction="over" if (write.left, right) == ("on_hand", "available") else "either",
        own_heal=False,
    )


def said_to_carry(path: WritePath, topology: Topology) -> list[Event]:
    """The events whose amounts a path is said to carry: those it lists, or all where it reports every change."""
    if path.events is not None:
        return [topology.events[name] for name in path.events]
    return list(topology.events.values()) if "fires_on" in path.stated else []


def renamed_rightly(survey: Survey, write: Write, event: str) -> bool | None:
    """Whether an event moves what a path into a relay calls otherwise just as what it calls it.

    None where the name stays, is given back behind the relay, or is one of what the event does not move.
    """
    effects, left, right = survey.topology.events[event].effects, write.left, write.cell.quantity
    if left == right or right not in effects or left not in effects:
        return None
    onward = [(path.maps or {}).get(right) for path in survey.graph.paths_from(write.path.target)]
    if any(to is not None and to.to == left for to in onward):
        return None
    return _moved(survey.topology.events[event], write) == _effect(survey.topology.events[event], right)


def _named_back(survey: Survey, write: Write) -> bool:
    """Whether all that comes to a relay, where nothing happens, bore the name that a path gives back to it there."""
    if Cell(write.path.source, write.left) in survey.graph.cells or write.path.source in survey.graph.origins:
        return False
    lefts = [
        left
        for path in survey.graph.paths_into(write.path.source)
        for left, to in (path.maps or {}).items()
        if to is not None and to.to == write.left
    ]
    return bool(lefts) and set(lefts) == {write.mapping.to}


def _several_into_one(write: Write, case: Case) -> Answer | None:
    """A delta path that adds several quantities of one message to one cell: their sum has to be the right amount."""
    path = write.path
    lefts = [left for left, to in (path.maps or {}).items() if to is not None and to.to == case.cell.quantity]
    if len(lefts) < 2 or case.survey.handoff(path).flow != "delta" or write.left != lefts[0]:
        return None
    events = case.survey.topology.events
    differing = [
        name for name in path.events or () if _summed(events[name], lefts) != _effect(events[name], case.cell.quantity)
    ]
    if not differing:
        return None
    names = listed(lefts)
    return Claim(
        "quantity-mismatch",
        "TA2",
        BROKEN,
        f"{names} together move otherwise than {case.cell.quantity} for {listed(differing)}",
        path,
        f"{path.id} adds {names} of one message to {case.cell}",
        keys=("maps", write.left),
        events=tuple(differing),
        own_heal=False,
    )


def _summed(event: Event, lefts: list[str]) -> tuple[int, int, int]:
    parts = [_effect(event, left) for left in lefts]
    kinds = {kind for kind, amount, _ in parts if amount}
    return (max(kinds, default=0), sum(amount for _, amount, _ in parts), 0)


def _moved(event: Event, write: Write) -> tuple[int, int, int]:
    """What an event does to the left side, the formula's terms included: (fixed, signed, set)."""
    turned = -1 if write.mapping.sign == "negated" and write.left != write.mapping.to else 1
    parts = [(write.left, turned)]
    parts += [(term.quantity, 1) for term in write.mapping.plus]
    parts += [(term.quantity, -1) for term in write.mapping.minus]
    fixed = signed = 0
    for quantity, sign in parts:
        kind, amount, _ = _effect(event, quantity)
        fixed += sign * amount * (kind == 0)
        signed += sign * amount * (kind == 1)
    return (1, signed, 0) if signed else (0, fixed, 0)


def _wanted(event: Event, case: Case) -> tuple[int, int, int]:
    """What an event does to the target: its effect there, or that on the formula of a quantity of the file's own."""
    quantity = case.cell.quantity
    if quantity in event.effects or quantity not in case.survey.topology.quantities:
        return _effect(event, quantity)
    parts = [(term.sign, _effect(event, term.quantity)) for term in case.stored_formula]
    fixed = sum(sign * amount for sign, (kind, amount, _) in parts if kind == 0)
    signed = sum(sign * amount for sign, (kind, amount, _) in parts if kind == 1)
    return (1, signed, 0) if signed else (0, fixed, 0)


def _effect(event: Event, quantity: str) -> tuple[int, int, int]:
    """An event's effect in comparable form; a counted and a signed difference are the same thing to a mirror."""
    effect = event.effects.get(quantity)
    if effect is None:
        return (0, 0, 0)
    return (0 if effect.kind == "fixed" else 1, effect.amount, 0)
