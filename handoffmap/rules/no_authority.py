"""HM101: a quantity without a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.finding import Subject
from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Cell, Holding
    from handoffmap.premises.survey import Survey


@rule("HM101", scope="map", severity="warning", mend="Name one system as the record (`role: authoritative`).")
def no_authority(survey: Survey) -> Iterator[Claim]:
    """Several systems hold a quantity and none of them is its record.

    Where two numbers differ, nobody can say which one is right: 47 here and 44 there end in a count, and
    the count in a guess which side to mend. That is manual reconciliation work for every difference, and
    no control can be built on it.

    Cleared by:
    - `role: authoritative` at one system that holds the quantity
    - a quantity that is derived from authoritative ones only
    - cells that are all `consumer`: they expect nothing

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          marketplace: {kind: marketplace, owner: ecommerce, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [storefront]}
        write_paths:
          - id: storefront-to-marketplace
            from: storefront
            to: marketplace
            trigger: queue
            op: set
            maps: {available: available}

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          marketplace: {kind: marketplace, owner: ecommerce, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: wms-to-storefront
            from: wms
            to: storefront
            trigger: queue
            op: set
            maps: {available: available}
          - id: wms-to-marketplace
            from: wms
            to: marketplace
            trigger: queue
            op: set
            maps: {available: available}

    References:
    - openlinker-project/openlinker#19
    - microsoft/BCApps#6244
    """
    by_quantity: dict[str, list[tuple[Cell, Holding]]] = {}
    for cell, holding in sorted(survey.graph.cells.items(), key=lambda pair: pair[0]):
        by_quantity.setdefault(cell.quantity, []).append((cell, holding))
    for quantity, held in by_quantity.items():
        unsaid = [cell for cell, holding in held if holding.role is None]
        counted = [cell for cell, holding in held if holding.role != "consumer"]
        has_record = any(holding.role == "authoritative" for _, holding in held) or any(
            (holding.role == "derived" and _over_authority(survey, cell))
            or (holding.role == "mirror" and _fed_by_authority(survey, cell))
            for cell, holding in held
        )
        for cell in unsaid:
            yield Claim(
                "no-authority",
                "",
                None,
                "nobody has said whether it is the record or a mirror",
                None,
                f"{cell} may have no authority, or be the record itself",
                drift=None,
                cell=cell,
                asks=(Ask("cell", str(cell), "role"),),
            )
        if has_record or unsaid or not counted:
            continue
        open_world = not survey.topology.complete
        yield Claim(
            "no-authority",
            "",
            None if open_world else False,
            "no system is authoritative for it",
            None,
            f"nobody's {quantity} is the record: "
            f"{'1 system holds' if len(counted) == 1 else f'{len(counted)} systems hold'} it",
            drift=None,
            cell=counted[0],
            related=tuple((Subject(*cell), "holds it too") for cell in counted[1:]),
            asks=(Ask("cell", str(counted[0]), "role"),) if open_world else (),
        )


def _fed_by_authority(survey: Survey, cell: Cell) -> bool:
    """Whether a mirror takes its value, by a formula or as it is, from authoritative cells only."""
    reads = {read for feed in survey.case(cell).feeds for read in feed.reads}
    return bool(reads) and all(survey.graph.cells[read].role == "authoritative" for read in reads)


def _over_authority(survey: Survey, cell: Cell) -> bool:
    """Whether a derived cell is computed from authoritative ones only."""
    bases = survey.case(cell).bases
    return bool(bases) and all(survey.graph.cells[base].role == "authoritative" for base in bases)
