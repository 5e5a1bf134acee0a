"""The entry: **prove a cell**, over all completions of the facts that nobody has stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.witness.compiling import compile_slice
from handoffmap.witness.facts import Unknown, completed, unknown_facts
from handoffmap.witness.search import RANK, search
from handoffmap.witness.telling import Run, faults_of, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import DriftClass
    from handoffmap.model import Cell, Topology

__all__ = ["MOST_UNKNOWN", "Outcome", "Proof", "completions", "prove_cell", "prove_completion"]

MOST_UNKNOWN = 4
"""Unknown facts of one slice up to which all their completions are tried."""

Fault = tuple[str, str | None]


class Proof(NamedTuple):
    """What the model says of one cell."""

    cell: Cell
    verdict: Literal["converges", "drifts", "undetermined"]
    drift: DriftClass | None
    """None: no drift, or completions of the unknown facts drift in different ways."""
    proof: Literal["no_counterexample", "refuted", "undetermined"]
    run: Run | None
    """A shortest run to the worst class, under the first completion that drifts."""
    unknown: tuple[str, ...]
    bound: str | None
    states: int
    faults: tuple[Fault, ...]


class Outcome(NamedTuple):
    """What the model says of one cell of a topology in which every fact that matters is stated."""

    drift: DriftClass | None
    run: Run | None
    bound: str | None
    states: int
    faults: tuple[Fault, ...]


def prove_completion(topology: Topology, cell: Cell, *, cap: int = 20_000) -> Outcome:
    """Search a fully stated topology; what is still unknown is read as harmless."""
    best: Outcome | None = None
    states = 0
    bound: str | None = None
    for floor in (False, True):
        tables = compile_slice(topology, cell, floor=floor)
        if floor and not needs_floor(tables):
            break
        found = search(tables, cap)
        states += found.states
        if not found.complete:
            bound = f"{cap} states"
        if found.drift is not None and (best is None or RANK[found.drift] > RANK[best.drift]):
            run = told(found)
            best = Outcome(found.drift, run, None, states, faults_of(found))
        if best is not None and best.drift in {"permanent", "divergent"}:
            break
    if best is None:
        return Outcome(None, None, bound, states, ())
    return best._replace(states=states, bound=bound)


def needs_floor(tables: object) -> bool:
    """Whether anything in the slice acts otherwise where nothing is there: a clamp, a reservation, a comparison."""
    from handoffmap.witness.tables import Slice

    assert isinstance(tables, Slice)  # noqa: S101 - for the type checker
    return any(path.clamp or path.gate or (path.guard == "cas" and path.kind != "state") for path in tables.paths)


def completions(topology: Topology, cell: Cell) -> Iterator[Topology]:
    """The topology with the unknown facts of the cell's slice stated, in every way in which they can be.

    Raises `ValueError` where there are more than `MOST_UNKNOWN` of them.
    """
    for unknown, _ in _completions(topology, cell, ()):
        yield unknown


def _completions(
    topology: Topology, cell: Cell, asked: tuple[str, ...]
) -> Iterator[tuple[Topology, tuple[str, ...]]]:
    """Depth first: what is unknown next may hang on what has just been said."""
    facts: list[Unknown] = unknown_facts(topology, cell)
    if not facts:
        yield topology, asked
        return
    first = facts[0]
    if len(asked) + 1 > MOST_UNKNOWN:
        raise ValueError("too many unknown facts")
    for answer in first.answers:
        yield from _completions(completed(topology, answer), cell, (*asked, first.name))


def prove_cell(topology: Topology, cell: Cell, *, cap: int = 20_000) -> Proof:
    """Prove or refute a cell; `undetermined` where completions differ or a bound is reached."""
    names: dict[str, None] = {}
    drifts: list[Outcome] = []
    sound = 0
    states = 0
    bound: str | None = None
    try:
        for stated, asked in _completions(topology, cell, ()):
            names.update(dict.fromkeys(asked))
            outcome = prove_completion(stated, cell, cap=cap)
            states += outcome.states
            bound = bound or outcome.bound
            if outcome.drift is None:
                sound += 1
            else:
                drifts.append(outcome)
    except ValueError:
        names.update(dict.fromkeys(each.name for each in unknown_facts(topology, cell)))
        bound = f"more than {MOST_UNKNOWN} unknown facts"
    return _concluded(cell, drifts, sound, tuple(names), bound, states)


def _concluded(
    cell: Cell, drifts: list[Outcome], sound: int, names: tuple[str, ...], bound: str | None, states: int
) -> Proof:
    first = drifts[0] if drifts else None
    run = first.run if first else None
    faults = first.faults if first else ()
    if bound is not None and (sound or not drifts or bound.startswith("more")):
        return Proof(cell, "undetermined", None, "undetermined", run, names, bound, states, faults)
    if not drifts:
        return Proof(cell, "converges", None, "no_counterexample", None, names, bound, states, ())
    if sound:
        return Proof(cell, "undetermined", None, "undetermined", run, names, bound, states, faults)
    classes = {outcome.drift for outcome in drifts}
    drift = classes.pop() if len(classes) == 1 else None
    return Proof(cell, "drifts", drift, "refuted", run, names, bound, states, faults)
