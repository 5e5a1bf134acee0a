"""HM102: two records of one quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Claim
from handoffmap.finding import Subject
from handoffmap.phrases import listed
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.cells import Survey
    from handoffmap.model import Cell


@rule(
    "HM102",
    scope="map",
    severity="warning",
    mend="Leave one record for each quantity, or give each its own places or items (`locations`, `items`).",
)
def split_authority(survey: Survey) -> Iterator[Claim]:
    """Two systems are both the record of one quantity, for the same items and places."""
    quantities = sorted({cell.quantity for cell in survey.graph.cells})
    for quantity in quantities:
        rivals = overlapping(survey, survey.graph.authorities_of(quantity))
        if len(rivals) < 2:  # noqa: PLR2004
            continue
        yield Claim(
            "split-authority",
            "",
            False,
            f"{listed(cell.system for cell in rivals)} are all authoritative",
            None,
            f"{quantity} has {len(rivals)} records: {listed(cell.system for cell in rivals)}",
            drift=None,
            cell=rivals[0],
            related=tuple((Subject(*cell), "is authoritative too") for cell in rivals[1:]),
            keys=("role",),
        )


def overlapping(survey: Survey, cells: list[Cell]) -> list[Cell]:
    """Those cells that share places and items with at least one other of them."""
    scopes = [(cell, *_scope(survey, cell)) for cell in cells]
    everywhere = [cell for cell, places, items in scopes if places is None and items is None]
    if len(everywhere) == len(cells):
        return cells if len(cells) > 1 else []
    seen: dict[tuple[str | None, str | None], int] = {}
    for _, places, items in scopes:
        for key in {(place, item) for place in places or (None,) for item in items or (None,)}:
            seen[key] = seen.get(key, 0) + 1
    found = []
    for cell, places, items in scopes:
        keys = {(place, item) for place in places or (None,) for item in items or (None,)}
        wide = places is None or items is None or any(None in key for key in seen)
        crowded = any(seen[key] > 1 for key in keys)
        if crowded or (wide and len(cells) > 1 and _meets(scopes, cell, places, items)):
            found.append(cell)
    return found


def _meets(
    scopes: list[tuple[Cell, frozenset[str] | None, frozenset[str] | None]],
    cell: Cell,
    places: frozenset[str] | None,
    items: frozenset[str] | None,
) -> bool:
    for other, their_places, their_items in scopes:
        if other == cell:
            continue
        apart = (places is not None and their_places is not None and places.isdisjoint(their_places)) or (
            items is not None and their_items is not None and items.isdisjoint(their_items)
        )
        if not apart:
            return True
    return False


def _scope(survey: Survey, cell: Cell) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    locations = survey.graph.cells[cell].locations
    items = survey.graph.systems[cell.system].items
    return (
        frozenset(locations) if isinstance(locations, tuple) else None,
        frozenset(items) if items is not None else None,
    )
