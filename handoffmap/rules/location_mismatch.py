"""HM305: the places that one side counts are not those of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.premises.phrases import listed
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.graph import Write


@rule(
    "HM305",
    scope="write",
    premise="TA2",
    mend="Count the same places on both sides (`locations`), or say on the path where it lands (`location`).",
)
def location_mismatch(write: Write, case: Case) -> Answer | None:
    """The places that the source counts are not the places that the target counts.

    A warehouse that is missing from a list is missing from the sum: the shop shows 0 while the goods lie in
    the overflow hall, and sales are turned away. A place too many is worse, because it sells what nobody
    there can pick. The two numbers differ by a whole building, and each of them is right where it is made.

    Cleared by:

    - both cells count the same places
    - a delta: the target counts every place of the source, and perhaps more
    - the path says where it lands (`location`), and the target counts that place
    - the source does not hold the quantity, or neither side names places

    Flagged::

        handoffmap: 1
        systems:
          erp:
            kind: erp
            holds: {available: {role: authoritative, locations: [main]}}
          shop:
            kind: storefront
            holds: {available: {role: mirror, locations: [main, overflow]}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 1h, covers: full}
            only_if_changed: false
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          erp:
            kind: erp
            holds: {available: {role: authoritative, locations: [main, overflow]}}
          shop:
            kind: storefront
            holds: {available: {role: mirror, locations: [main, overflow]}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 1h, covers: full}
            only_if_changed: false
            guard: none

    References:
    - Starktail/woocommerce_fusion#152: stock outside the configured list of warehouses
    - milady-ai/milady#1841: an adjustment that lands on the first location there is
    """
    path = write.path
    slug = "location-mismatch"
    flow = case.survey.handoff(path).flow
    premise = "TA2" if flow == "delta" else "TB5"
    source = case.graph.systems[path.source].holds.get(write.left)
    here = source.locations if source is not None else None
    there = case.holding.locations
    if path.location is not None and isinstance(there, tuple) and path.location not in there:
        return _elsewhere(write, case, premise, f"it lands at {path.location}, which {case.cell} does not count")
    if path.location is not None and flow != "delta" and isinstance(here, tuple) and set(here) != {path.location}:
        because = f"the value is of {listed(sorted(here))}, and it lands at {path.location} alone"
        return _elsewhere(write, case, premise, because, () if flow else (Ask("path", path.id, "payload"),))
    if source is None or here == there or path.location is not None:
        return held(slug, premise, "the same places on both sides", path)
    if here is None or there is None:
        listed_side, other = (
            (case.cell, f"{path.source}.{write.left}") if here is None else (path.source, str(case.cell))
        )
        return Claim(
            slug,
            premise,
            None,
            f"{listed_side} counts certain places, and nobody has said which ones {other} counts",
            path,
            f"{path.id} may carry other places into {case.cell} than it counts",
            asks=(Ask("cell", other, "locations"),),
            keys=("maps", write.left),
            own_heal=False,
        )
    if flow == "delta" and there == "all":
        return held(slug, premise, "the target counts every place", path)
    here_set = set(here) if isinstance(here, tuple) else None
    there_set = set(there) if isinstance(there, tuple) else None
    if flow == "delta" and here_set is not None and there_set is not None and here_set <= there_set:
        return held(slug, premise, "the target counts every place of the source", path)
    if here_set == there_set:
        return held(slug, premise, "the same places on both sides", path)
    said_here = "every place" if here_set is None else listed(sorted(here_set))
    said_there = "every place" if there_set is None else listed(sorted(there_set))
    return _elsewhere(write, case, premise, f"{path.source} counts {said_here}, {case.cell.system} counts {said_there}")


def _elsewhere(write: Write, case: Case, premise: str, because: str, asks: tuple[Ask, ...] = ()) -> Claim:
    return Claim(
        "location-mismatch",
        premise,
        None if asks else BROKEN,
        because,
        write.path,
        f"{write.path.id} {'may carry' if asks else 'carries'} other places into {case.cell} than it counts",
        asks=asks,
        keys=("location",) if write.path.location else ("maps", write.left),
        own_heal=False,
    )
