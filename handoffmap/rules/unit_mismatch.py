"""HM303: twelve pieces become twelve boxes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.model import System
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.graph import Write

SINGLE = frozenset({"each", "ea", "piece", "pieces", "pcs", "pc", "unit", "units", "single", "item"})
"""Names of one and the same unit: the single piece."""


@rule(
    "HM303",
    scope="write",
    premise="TA2",
    mend='State the unit of both cells and the exact factor between them (`unit_factor: "1/12"`).',
)
def unit_mismatch(write: Write, case: Case) -> Answer | None:
    """A number crosses into another unit of measure with no factor, or with one that does not belong there.

    The digits are right and the quantity is wrong by the size of the pack: 52,900 pieces are offered as
    52,900 boxes of a thousand. One order can promise a thousand times what there is; the other way round
    goods look sold out that fill the shelf. Every path that reads the cell hands the error on.

    Cleared by:

    - both cells count in the same unit, and the factor is 1 or left out
    - an exact factor between the two units is stated, and every other path between them uses the same one
    - `per_item` between a system that sells kits and one that holds their components
    - a source that holds no quantity at all states no unit: its events are counted in the target's, or
      turned into that item by item (`per_item`)
    - the quantity is a flag

    Flagged::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {available: {role: authoritative, unit: each}}}
          shop: {kind: storefront, holds: {available: {role: mirror, unit: box}}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: {to: available, unit_factor: 1}}
            schedule: {every: 1h, covers: full}
            only_if_changed: false
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {available: {role: authoritative, unit: each}}}
          shop: {kind: storefront, holds: {available: {role: mirror, unit: box}}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: {to: available, unit_factor: "1/1000"}}
            schedule: {every: 1h, covers: full}
            only_if_changed: false
            guard: none

    References:
    - Starktail/woocommerce_fusion#257: pieces published as boxes
    - microsoft/ALAppExtensions#26719: a conversion that can never apply
    """
    path = write.path
    slug = "unit-mismatch"
    premise = "TA2" if case.survey.handoff(path).flow == "delta" else "TB5"
    source = case.graph.systems[path.source].holds.get(write.left)
    there = case.holding.unit
    here = source.unit if source is not None else only_unit_of(case.graph.systems[path.source])
    factor = write.mapping.unit_factor
    if case.is_flag:
        return held(slug, premise, "a flag has no unit", path)
    if not case.graph.systems[path.source].holds:
        if factor == "per_item":
            return held(slug, premise, "each item's own factor turns it into what is counted here", path)
        if factor in {None, 1}:
            here = there  # a system that keeps no count counts what the event counts
    if here is None or there is None:
        asks = tuple(
            Ask("cell", f"{system}.{quantity}", "unit")
            for system, quantity, unit in (
                (path.source, write.left, here if source is not None else "-"),
                (*case.cell, there),
            )
            if unit is None
        ) or _unit_asks(write, case)
        return Claim(
            slug,
            premise,
            None,
            "nobody has said in which unit one of the two sides counts",
            path,
            f"{path.id} may carry {write.left} into another unit at {case.cell}",
            asks=asks,
            keys=("maps", write.left),
            own_heal=False,
        )
    same = here == there or {here, there} <= SINGLE
    if same and factor == "per_item" and _between_kits(write, case):
        return held(slug, premise, "the factor says how many of a component are in a kit", path)
    if same and factor in {None, 1}:
        return held(slug, premise, f"both sides count in {there}", path)
    if factor is None:
        return Claim(
            slug,
            premise,
            None,
            f"{path.source} counts in {here}, {case.cell.system} in {there}, and no factor is stated",
            path,
            f"{path.id} carries {here} into {there} at {case.cell}, by a factor that nobody has stated",
            asks=(Ask("path", path.id, f"maps.{write.left}.unit_factor"),),
            keys=("maps", write.left),
            own_heal=False,
        )
    if not same and factor != 1:
        return _agreement(write, case, here, there, premise)
    because = (
        f"both sides count in {there} and the factor is {factor}"
        if same
        else f"{here} and {there} are different units and the factor is 1"
    )
    return Claim(
        slug,
        premise,
        BROKEN,
        because,
        path,
        f"{path.id} writes {here} as {there} into {case.cell}"
        if not same
        else f"{path.id} scales {case.cell} by {factor}",
        keys=("maps", write.left),
        own_heal=False,
    )


def _between_kits(write: Write, case: Case) -> bool:
    """Whether kits leave on one side and their components are counted on the other, as far as anybody has said."""
    said = {case.graph.systems[write.path.source].sells_kits, case.system.holds_components}
    return True in said and False not in said


def _agreement(write: Write, case: Case, here: str, there: str, premise: str) -> Answer:
    """Two paths between the same two units must use the same factor."""
    factor = write.mapping.unit_factor
    known = case.survey.factors().setdefault((here, there), (factor, write.path.id))
    back = case.survey.factors().get((there, here))
    if back is not None and isinstance(back[0], Fraction) and back[0] != 0:
        known = (1 / back[0], back[1])
    if known[0] != factor and known[1] != write.path.id:
        return Claim(
            "unit-mismatch",
            premise,
            BROKEN,
            f"{known[1]} uses {known[0]} between the same two units",
            write.path,
            f"{write.path.id} turns {here} into {there} by {factor}, {known[1]} by {known[0]}",
            keys=("maps", write.left),
            own_heal=False,
        )
    return held("unit-mismatch", premise, f"{here} into {there} by an exact factor", write.path)


def _unit_asks(write: Write, case: Case) -> tuple[Ask, ...]:
    """What to ask where the source does not hold the quantity: the unit of what it does hold, else the factor."""
    source = case.graph.systems[write.path.source]
    unsaid = sorted(quantity for quantity, holding in source.holds.items() if holding.unit is None)
    if unsaid:
        return tuple(Ask("cell", f"{source.id}.{quantity}", "unit") for quantity in unsaid)
    return (Ask("path", write.path.id, f"maps.{write.left}.unit_factor"),)


def only_unit_of(system: System) -> str | None:
    """The one unit in which a system counts everything, if there is one: that of a quantity that it does not hold."""
    units = {holding.unit for holding in system.holds.values()}
    return units.pop() if len(units) == 1 else None
