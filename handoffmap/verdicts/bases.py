"""What a computed cell is computed from, where the map leaves that open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case

__all__ = ["unnamed_bases"]


def unnamed_bases(case: Case) -> Claim | None:
    """The open claim of a computed cell without a formula, or with a term that is held nowhere."""
    terms = case.holding.derived_from
    nowhere = [
        term.quantity
        for term in terms or ()
        if term.quantity not in case.graph.systems[term.system or case.cell.system].holds
    ]
    if terms is not None and not nowhere:
        return None
    because = "nobody has said what it is computed from"
    if nowhere:
        because = f"nobody has said where the {nowhere[0]} is held that it is computed from"
    return Claim(
        "derived",
        "TB0",
        None,
        because,
        None,
        f"{case.cell} is computed from quantities that nobody has named",
        asks=(Ask("cell", str(case.cell), "derived_from"),),
    )
