"""HM102: two records of one quantity."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from handoffmap.finding import Subject
from handoffmap.premises.claim import BROKEN, Claim
from handoffmap.premises.phrases import listed
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Cell
    from handoffmap.premises.survey import Survey


@rule(
    "HM102",
    scope="map",
    severity="warning",
    mend="Leave one record for each quantity, or give each its own places or items (`locations`, `items`).",
)
def split_authority(survey: Survey) -> Iterator[Claim]:
    """Two systems are both the record of one quantity, for the same items and places.

    Each corrects the other towards itself, or neither ever does: with 9 in the ERP and 10 in the WMS both
    are right by declaration. Every difference becomes manual reconciliation work, and a control that
    trusts the wrong one makes it worse.

    Cleared by:
    - one `authoritative` system for each quantity, the others `mirror`
    - disjoint `locations` (a store each, a warehouse each) or disjoint `items`
    - different quantities: goods on hand in the WMS, commitments in the OMS

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: authoritative}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - {id: counts-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {on_hand: on_hand}}

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - {id: counts-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {on_hand: on_hand}}

    References:
    - magento/inventory#2847
    - openlinker-project/openlinker#19
    """
    quantities = sorted({cell.quantity for cell in survey.graph.cells})
    for quantity in quantities:
        rivals = overlapping(survey, survey.graph.authorities_of(quantity))
        if len(rivals) < 2:
            continue
        yield Claim(
            "split-authority",
            "",
            BROKEN,
            f"{listed(cell.system for cell in rivals)} are all authoritative",
            None,
            f"{quantity} has {len(rivals)} records: {listed(cell.system for cell in rivals)}",
            drift=None,
            cell=rivals[0],
            related=tuple((Subject(*cell), "is authoritative too") for cell in rivals[1:]),
            keys=("role",),
        )


def overlapping(survey: Survey, cells: list[Cell]) -> list[Cell]:
    """Those cells that share a place and an item with at least one other of them; linear in their scopes."""
    scopes = {cell: _scope(survey, cell) for cell in cells}
    crowd = Counter(corner for places, items in scopes.values() for corner in _corners(places, items))
    return [cell for cell, (places, items) in scopes.items() if _shared(places, items, crowd, len(cells))]


ANY = None
"""Every place, or every item."""


def _corners(places: frozenset[str] | None, items: frozenset[str] | None) -> set[tuple[str, str | None, str | None]]:
    """A scope as (kind, place, item) marks to be counted: what it names, and what it names of each dimension alone."""
    found: set[tuple[str, str | None, str | None]] = set()
    for place in places or (ANY,):
        for item in items or (ANY,):
            found |= {("both", place, item), ("place", place, ANY), ("item", ANY, item)}
    return found


def _shared(
    places: frozenset[str] | None,
    items: frozenset[str] | None,
    crowd: Counter[tuple[str, str | None, str | None]],
    all_: int,
) -> bool:
    """Whether any other scope meets this one."""
    for place in places or (ANY,):
        for item in items or (ANY,):
            if place is ANY and item is ANY:
                met = all_
            elif item is ANY:
                met = crowd["place", place, ANY] + crowd["place", ANY, ANY]
            elif place is ANY:
                met = crowd["item", ANY, item] + crowd["item", ANY, ANY]
            else:
                met = sum(crowd["both", p, i] for p in (place, ANY) for i in (item, ANY))
            if met > 1:
                return True
    return False


def _scope(survey: Survey, cell: Cell) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    locations = survey.graph.cells[cell].locations
    items = survey.graph.systems[cell.system].items
    return (
        frozenset(locations) if isinstance(locations, tuple) else None,
        frozenset(items) if items is not None else None,
    )
