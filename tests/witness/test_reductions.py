"""What a search leaves out, because something like it is tried, changes nothing of what it finds."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.model import Cell
from handoffmap.reading.load import load
from handoffmap.witness import completions, search
from handoffmap.witness.alike import Alike
from handoffmap.witness.compiling import compile_slice
from tests.agreement.compare import Invalid, read
from tests.agreement.generator import generate
from tests.semantics.small_maps import SHOP, WMS, delta, topology

if TYPE_CHECKING:
    from handoffmap.model import Topology
    from handoffmap.witness.state import State
    from handoffmap.witness.tables import Slice

FOLDER = Path(__file__).parents[2] / "topologies"
STEMS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
CAP = 2_000


class _Whole(search._Search):
    """The search that leaves nothing out."""

    def __init__(self, tables: Slice) -> None:
        super().__init__(tables, CAP, None)
        self.machine.alike = None

    def is_new(self, state: State) -> bool:
        before = self.known.get(state.bare(), ())
        self.known[state.bare()] = (*before, state.budget)
        return state.budget not in before


def slices(topology: Topology) -> list[Slice]:
    """The slice of every cell, under the first completion of what is unknown."""
    cells = [Cell(name, quantity) for name, system in topology.systems.items() for quantity in system.holds]
    found = []
    for cell in cells:
        try:
            first = next(completions(topology, cell))
        except ValueError:  # too many unknown facts
            continue
        found.append(compile_slice(first, cell))
    return found


def states(tables: Slice) -> tuple[int, int]:
    """States of the search with and without what it leaves out, after holding one result against the other."""
    less, whole = search.search(tables, CAP), _Whole(tables).found()
    if whole.complete:
        assert less.complete
        assert less.drift == whole.drift
        assert (less.trail and less.trail.actions) == (whole.trail and whole.trail.actions)
    assert less.states <= whole.states
    return less.states, whole.states


@pytest.mark.parametrize("stem", STEMS)
def test_on_bundled_maps(stem: str) -> None:
    topology, _ = load(str(FOLDER / f"{stem}.yaml"))
    assert topology is not None
    for tables in slices(topology):
        states(tables)


def test_on_random_maps() -> None:
    counts = []
    for number in range(60):
        with suppress(Invalid):
            counts += [states(tables) for tables in slices(read(generate(31, number)))]
    assert sum(less for less, _ in counts) < sum(whole for _, whole in counts)


def fans(*events: str, **facts: Any) -> Topology:
    """Several events at desks of their own, each brought to one count by a path of its own; `facts`: of the first."""
    desks = {f"desk_{event}": SHOP for event in events}
    paths = [delta(event, f"desk_{event}", "wms", event, **(facts if event == events[0] else {})) for event in events]
    return read(topology({**desks, "wms": WMS}, {event: {"at": [f"desk_{event}"]} for event in events}, paths))


def kinds(found: Topology) -> list[tuple[tuple[int, ...], ...]]:
    """The families of events of the slice of `wms.available` that are alike."""
    return Alike(compile_slice(found, Cell("wms", "available"))).kinds


def test_events_are_alike_that_differ_in_name_and_direction_alone() -> None:
    assert kinds(fans("order_captured", "pos_sale", "return_restocked")) == [((0,), (1,), (2,))]


@pytest.mark.parametrize(
    "facts", [{"dedupe": "none"}, {"order": "per_key"}, {"handoff": "dual_write"}, {"op": "set"}], ids=str
)
def test_an_event_whose_path_can_do_more_is_apart(facts: dict[str, Any]) -> None:
    assert kinds(fans("order_captured", "pos_sale", "return_restocked", **facts)) == [((1,), (2,))]


def test_an_event_and_what_undoes_it_are_apart() -> None:
    assert kinds(fans("order_captured", "order_cancelled")) == []


def test_what_is_asked_about_is_apart() -> None:
    tables = compile_slice(fans("order_captured", "pos_sale", "return_restocked"), Cell("wms", "available"))
    assert Alike(tables, ("pos_sale", {})).kinds == [((0,), (2,))]
    assert Alike(tables, (None, {"pos_sale": 1})).kinds == [((0,), (2,))]
    assert Alike(tables, (None, {"pos_sale": 1, "order_captured": 1})).kinds == [((0,), (1,))]
    assert Alike(tables, (None, {"pos_sale": 1, "order_captured": 2})).kinds == []
