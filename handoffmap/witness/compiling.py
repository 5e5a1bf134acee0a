"""A topology and a cell → **the tables of the slice**. Facts that are still unknown are read as harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.witness import promises
from handoffmap.witness.corrections import control_specs
from handoffmap.witness.extent import depth, grows, losses, uses, without_idle_repeats
from handoffmap.witness.firing import Firing
from handoffmap.witness.menu import menu
from handoffmap.witness.numbering import Numbering
from handoffmap.witness.path_specs import path_specs
from handoffmap.witness.search import search
from handoffmap.witness.slices import pruned_upstream
from handoffmap.witness.starting import SAME, STARTING, amounts_of, needs_floor, start_truths, start_values
from handoffmap.witness.tables import Figures, Slice

if TYPE_CHECKING:
    from handoffmap.model import Cell, Topology
    from handoffmap.witness.slices import Upstream
    from handoffmap.witness.tables import EventSpec, PathSpec

__all__ = ["Compiled", "compile_slice"]

_ENOUGH = 20_000
"""States after which an authority passes for right."""


def compile_slice(
    topology: Topology, cell: Cell, *, floor: bool = False, least: int = 0, figures: Figures | None = None
) -> Slice:
    """The tables for one cell. `floor`: from a small start, where nothing (or `least`) is there."""
    return Compiled(topology, cell, figures=figures).at(floor=floor, least=least)


class Compiled:
    """The tables of one cell of one map, worked out once for all starts."""

    def __init__(
        self,
        topology: Topology,
        cell: Cell,
        up: Upstream | None = None,
        figures: Figures | None = None,
        before: Compiled | None = None,
    ) -> None:
        """`up`: what is upstream of the cell, where that is known; `figures`: numbers to tell its runs in.

        `before`: the same cell with the same things upstream, other facts of these stated; what they do not touch is
        taken over from it.
        """
        up = pruned_upstream(topology, cell) if up is None else up
        known = None if before is None else before.numbering.restated(topology, up)
        self.numbering: Numbering = known or Numbering(topology, cell, up, figures or Figures())
        self.menus: dict[object, tuple[EventSpec, ...]] = {} if known is None or before is None else before.menus
        """What the menu asks of the facts -> its events; shared by all that is restated."""
        self.large = self._tables()
        """From a large start."""

    def at(self, *, floor: bool, least: int = 0) -> Slice:
        """The tables from one start: a large one, or a small one, where nothing (or `least`) is there."""
        if not floor:
            return self.large
        start = start_truths(self.numbering, floor=True, least=least)
        return self.large._replace(
            start_truths=start,
            start_values=start_values(self.numbering, start),
            amounts=self.amounts(self.large.paths, floor=True, least=least),
            floor=True,
        )

    def amounts(self, paths: tuple[PathSpec, ...], *, floor: bool, least: int = 0) -> tuple[int, ...]:
        """The amounts of a script's events: equal ones where numbers have to come again."""
        return SAME if self.numbering.up.is_corrected_ahead else amounts_of(paths, floor=floor, least=least)

    def _tables(self) -> Slice:
        numbering = self.numbering
        events = menu(numbering, self.menus)
        controls = control_specs(numbering, _never_wrong)
        paths = without_idle_repeats(path_specs(numbering), events, controls)
        events_needed, linked = depth(events, paths, controls)
        shown = [numbering.cell, *(each for each in numbering.up.cells if each != numbering.cell)]
        ought = tuple(numbering.truths.expectation(each) for each in shown)
        start = start_truths(numbering, floor=False, least=0)
        from_system = tuple(
            tuple(path.number for path in paths if path.source == index) for index in range(len(numbering.systems))
        )
        bounds = {"crash": 1, "repeat": 1, "lose": losses(numbering, paths), "replay_late": 1, "forget": 1, "tick": 2}
        return Slice(
            cell=numbering.cell,
            systems=numbering.systems,
            cells=numbering.stored,
            shown=tuple((str(each), numbering.shows(each)) for each in shown),
            ought=ought,
            quantities=numbering.quantities,
            truths=tuple(str(key) for key in numbering.truths.keys),
            start_truths=start,
            start_values=start_values(numbering, start),
            paths=paths,
            from_system=from_system,
            controls=controls,
            events=events,
            remembering=frozenset(
                path.target for path in paths if path.guard == "state_machine" and path.kind != "state"
            ),
            stamps=1 + max((path.stamp for path in paths), default=-1),
            depth=events_needed,
            amounts=numbering.figures.amounts or self.amounts(paths, floor=False),
            linked=linked,
            loose=any(promises.by_amount(path) for path in numbering.up.paths),
            minds_orders=any(path.minds_orders for path in paths),
            uses=uses(numbering, events, paths, controls),
            home=numbering.system[numbering.cell.system],
            home_cells=frozenset(index for index, _ in numbering.shows(numbering.cell).terms),
            cyclic=Firing(numbering.topology, numbering.up).runs_away(),
            grows=grows(paths),
            floor=False,
            bounds=bounds,
        )


def _never_wrong(topology: Topology, cell: Cell) -> bool:
    """Whether no run makes a cell wrong."""
    compiled = Compiled(topology, cell)
    for floor, least in STARTING:
        if floor and not needs_floor(compiled.large):
            break
        if search(compiled.at(floor=floor, least=least), _ENOUGH).drift is not None:
            return False
    return True
