"""A cell's drift **in other numbers**: the same search from another start, with other amounts, in a given order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.witness.classes import per_item_class
from handoffmap.witness.compiling import compile_slice
from handoffmap.witness.proof import answered_kindly
from handoffmap.witness.search import Wish, search
from handoffmap.witness.telling import told

if TYPE_CHECKING:
    from handoffmap.model import Cell, Topology
    from handoffmap.witness.search import Found
    from handoffmap.witness.tables import Figures
    from handoffmap.witness.telling import Run

__all__ = ["run_in_figures"]


def run_in_figures(topology: Topology, cell: Cell, drift: str, figures: Figures, *, cap: int = 20_000) -> Run | None:
    """The shortest run to a drift of this class in these numbers; None where they show none within `cap` states.

    Open facts are answered kindly, so that a cell which drifts by an open fact alone has no run here.
    """

    def wanted(found: Found) -> bool:
        return found.drift == drift and _follows(found, figures.script)

    wish = Wish(wanted, (None, {name: number for number, name in enumerate(figures.script)}), by_end=True)
    for seen in per_item_class(answered_kindly(topology, cell)[0], cell):
        found = search(compile_slice(seen, cell, figures=figures), cap, wish)
        if found.drift is not None:
            return told(found)
    return None


def _follows(found: Found, script: tuple[str, ...]) -> bool:
    """Whether these events happen in a run, in this order, and no others."""
    if not script or found.trail is None:
        return not script
    happened = found.trail.states[-1].script
    return tuple(found.machine.tables.events[each.menu].id for each in happened) == script
