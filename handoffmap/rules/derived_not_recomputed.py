"""HM408: the result of a formula is kept, and its terms move on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, said
from handoffmap.premises.graph import flow_of
from handoffmap.premises.phrases import listed
from handoffmap.premises.reach import reach_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Event
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer, Direction


@rule(
    "HM408",
    scope="cell",
    premise="TB3",
    mend="Show the formula instead of keeping its result (`role: derived`), or write it anew whenever a term changes.",
)
def derived_not_recomputed(case: Case) -> list[Answer]:
    """A cell keeps the result of a formula, and nothing works it out again when one of its terms changes.

    The search index, the bundle's own stock or the column that a report reads was right when it was filled.
    Twenty pieces arrive, what can be promised rises, and the kept number stays: sales lost to false
    stockouts. Where the terms fall, it sells what is gone, and each order for it fails at the pick.

    Cleared by:

    - the cell shows the formula and stores nothing (`role: derived`)
    - a state path writes it: whether that fires for every change is for `trigger-gap` to say
    - the event moves the terms so that they cancel out, or in no place that the cell counts
    - an amount of the event is brought to the cell
    - nobody has said whether the cell is kept or shown (`role`), or where a path's quantities land (`maps`):
      then it is asked; so it is where the map is an excerpt (`complete: false`)

    Flagged::

        handoffmap: 1
        quantities:
          promisable: {meaning: count, formula: on_hand - allocated}
        systems:
          oms:
            kind: oms
            holds: {on_hand: authoritative, allocated: authoritative, promisable: authoritative}
        events:
          order_captured: {at: [oms]}
          po_received: {at: [oms]}
        write_paths: []

    Use instead::

        handoffmap: 1
        quantities:
          promisable: {meaning: count, formula: on_hand - allocated}
        systems:
          oms:
            kind: oms
            holds:
              on_hand: authoritative
              allocated: authoritative
              promisable: {role: derived, derived_from: on_hand - allocated}
        events:
          order_captured: {at: [oms]}
          po_received: {at: [oms]}
        write_paths: []

    References:
    - hyyan/woo-poly-integration#334: the copies in other languages keep the number of before the sale
    - OCA/stock-logistics-availability#73: what can be sold of a kit, from numbers that have moved on
    """
    return [*said(reach_of(case), "derived-not-recomputed"), *_left_behind(case)]


def _left_behind(case: Case) -> Iterator[Claim]:
    """Events that move the formula and are no effect on the quantity itself: nothing could bring them."""
    own = case.survey.topology.quantities.get(case.cell.quantity)
    if own is None or not case.stored_formula or case.expects_nothing:
        return
    if any(feed.handoff.flow == "state" for feed in case.feeds):
        return
    events = [event for event in _moving(case) if not _brought(case, event)]
    if not events:
        return
    asks = _unsaid(case)
    names = listed(event.id for event in events)
    formula = listed(str(term.quantity) for term in case.stored_formula)
    yield Claim(
        "derived-not-recomputed",
        "TB3",
        None if asks else False,
        f"nobody has said whether it is worked out anew from {formula}"
        if asks
        else f"{names} changes what it is worked out from ({formula})",
        None,
        f"{case.cell} {'may keep' if asks else 'keeps'} the result of a formula that {names} "
        f"{'changes' if len(events) == 1 else 'change'}",
        asks=asks,
        events=tuple(event.id for event in events),
        direction=_direction(case, events),
    )


def _moving(case: Case) -> list[Event]:
    """The events that change the formula's result without being an effect on the quantity itself."""
    found = case.survey.movers_of(sorted({term.quantity for term in case.stored_formula}))
    return [event for event in found if case.cell.quantity not in event.effects and _change(case, event) != 0]


def _change(case: Case, event: Event) -> int | None:
    """What one unit of an event does to the formula; None: it depends on the instance."""
    effects = [
        (term.sign, effect) for term in case.stored_formula if (effect := event.effects.get(term.quantity)) is not None
    ]
    fixed = sum(sign * effect.amount for sign, effect in effects if effect.kind == "fixed")
    varying = sum(sign * effect.amount for sign, effect in effects if effect.kind != "fixed")
    return None if varying else fixed


def _brought(case: Case, event: Event) -> bool:
    """Whether every start that concerns the cell brings it some amount, under whatever name."""
    starts = case.survey.arrivals.starts_for(event, case.cell)
    return all(landing.amounts.get(case.cell.quantity) for _, landing, _ in starts)


def _unsaid(case: Case) -> tuple[Ask, ...]:
    """The facts that could still clear the cell."""
    asks = [Ask("cell", str(case.cell), "role")] if case.holding.role is None else []
    asks += [Ask("path", path.id, "maps" if path.maps is None else "payload") for path in case.unclear]
    asks += [
        Ask("path", write.path.id, "payload")
        for write in case.graph.writers_of(case.cell)
        if flow_of(write.path) is None
    ]
    if not asks and not case.survey.topology.complete:
        asks.append(Ask("cell", str(case.cell), "write_paths"))
    return tuple(dict.fromkeys(asks))


def _direction(case: Case, events: list[Event]) -> Direction:
    changes = {_change(case, event) for event in events}
    if None in changes:
        return "either"
    if all(change > 0 for change in changes if change is not None):
        return "under"
    return "over" if all(change < 0 for change in changes if change is not None) else "either"
