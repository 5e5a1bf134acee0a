"""Computed cells that **stand still**: what moves their bases moves all of them at once, and cancels out.

A shipment takes the same from the shelf and from what is promised: what can be sold stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.model import Event, WritePath
    from handoffmap.premises.cells import Case

__all__ = ["stands_still"]


def stands_still(case: Case) -> bool:
    """Whether nothing that happens or comes by a path ever changes what a computed cell shows."""
    signs = {term.quantity: term.sign for term in case.holding.derived_from or ()}
    if not case.is_derived or case.unclear or {base.quantity for base in case.bases} != signs.keys():
        return False
    bases = [case.survey.case(base) for base in case.bases]
    if any(base.written_by for base in bases):
        return False
    if case.graph.writers_of(case.cell) or any(base.cell.system != case.cell.system for base in bases):
        return False
    return all(
        _cancels_out(journey.event, signs)
        and all(_carries_all(arrival.path, journey.event, signs) for arrival in journey.arrivals)
        for base in bases
        for journey in base.journeys
        if journey.arrivals
    ) and all(origin.applies is None or signs.keys() <= set(origin.applies) for base in bases for _, origin in base.own)


def _cancels_out(event: Event, signs: Mapping[str, int]) -> bool:
    """Whether an event leaves the formula as it is."""
    effects = [(sign, event.effects[name]) for name, sign in signs.items() if name in event.effects]
    if len({effect.kind for _, effect in effects}) > 1 or any(effect.kind == "set" for _, effect in effects):
        return False
    return sum(sign * effect.amount for sign, effect in effects) == 0


def _carries_all(path: WritePath | None, event: Event, signs: Mapping[str, int]) -> bool:
    """Whether one message brings every base its amount, as it is; None: the event happens there."""
    if path is None:
        return True
    maps = path.maps or {}
    for name in signs.keys() & event.effects.keys():
        mapping = maps.get(name)
        if mapping is None or mapping != type(mapping)(name):
            return False
    return not any(to is not None and to.to in signs and to.to != left for left, to in maps.items())
