"""The entry: **prove a cell**, over all completions of the facts that nobody has stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.witness.classes import per_item_class
from handoffmap.witness.compiling import Compiled
from handoffmap.witness.excerpt import coming_through
from handoffmap.witness.facts import branching, completed, delivering, graded
from handoffmap.witness.firing import Firing
from handoffmap.witness.remembering import remembered
from handoffmap.witness.search import RANK, search
from handoffmap.witness.slices import pruned_upstream, restated
from handoffmap.witness.starting import STARTING, needs_floor
from handoffmap.witness.telling import faults_of, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import DriftClass
    from handoffmap.model import Cell, Topology
    from handoffmap.witness.facts import Unknown
    from handoffmap.witness.pairs import PairProof
    from handoffmap.witness.search import Found
    from handoffmap.witness.slices import Upstream
    from handoffmap.witness.tables import Slice
    from handoffmap.witness.telling import Run

__all__ = [
    "MOST_UNKNOWN", "Outcome", "Proof", "answered_kindly", "completions", "needs_floor", "prove_cell",
    "prove_completion", "with_pairs",
]  # fmt: skip

MOST_UNKNOWN = 4
"""Unknown facts of one slice up to which all their completions are tried."""

_MOST_ROUNDS = 20
"""Facts of one path that may be unknown at a time, with room to spare."""

_NEAR = 500
"""States within which most drifts are found that there are."""

_KIND, _HARSH = 0, -1
"""Which answer to each graded fact: the first or the last."""

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


def prove_completion(
    topology: Topology,
    cell: Cell,
    *,
    cap: int = 20_000,
    open_world: bool = False,
    up: Upstream | None = None,
    known: list[Compiled] | None = None,
) -> Outcome:
    """Search a fully stated topology; what is still unknown is read as harmless.

    `open_world`: the map is an excerpt, and events that do not reach the cell may do so by a path that it leaves out:
    only those that come through are let happen. `up`: what is upstream of the cell, where that is known.
    `known`: what was compiled of it with other facts of delivery; this one is added.
    """
    best: Outcome | None = None
    states = 0
    bound: str | None = None
    for seen in per_item_class(topology, cell):
        compiled = Compiled(
            seen, cell, up if seen is topology else None, before=known[-1] if known and seen is topology else None
        )
        if known is not None and seen is topology:
            known.append(compiled)
        for floor, least in STARTING:
            if floor and not needs_floor(compiled.large):
                break
            tables = compiled.at(floor=floor, least=least)
            if open_world:
                tables = coming_through(tables, seen)
            found = _searched(tables, cap)
            states += found.states
            if not found.complete:
                bound = f"{cap} states"
            if found.drift is not None and (best is None or RANK[found.drift] > RANK[best.drift]):
                best = Outcome(found.drift, told(found), None, states, faults_of(found))
            if best is not None and best.drift in {"permanent", "divergent"}:
                return best._replace(states=states, bound=bound)
    if best is None:
        return Outcome(None, None, bound, states, ())
    return best._replace(states=states, bound=bound)


def _searched(tables: Slice, cap: int) -> Found:
    """The worst of a slice, also once its first runs have filled what opens empty: nothing is awaited any more then."""
    found = search(tables, cap)
    filled = found.settling.filled() if RANK[found.drift] < RANK["permanent"] else None
    if filled is None:
        return found
    later = search(tables._replace(start_values=filled), cap)
    worse = later if RANK[later.drift] > RANK[found.drift] else found
    return worse._replace(states=found.states + later.states, complete=found.complete and later.complete)


def completions(topology: Topology, cell: Cell) -> Iterator[Topology]:
    """The topology with the unknown facts of the cell's slice stated, in every way that has to be searched.

    Graded facts are answered together, once harshly and once kindly (`facts` says why that is enough). Raises
    `ValueError` where there are more than `MOST_UNKNOWN` others.
    """
    for (stated, _, up), _ in _branches(_part(topology, cell), (), MOST_UNKNOWN):
        yield from (_answered(stated, up, _HARSH), _answered(stated, up, _KIND)) if graded(stated, up) else (stated,)


class _Part(NamedTuple):
    """A map and what is upstream of one cell in it."""

    topology: Topology
    cell: Cell
    up: Upstream


@remembered
def _part(topology: Topology, cell: Cell) -> _Part:
    return _Part(topology, cell, pruned_upstream(topology, cell))


def _branches(part: _Part, asked: tuple[str, ...], most: int) -> Iterator[tuple[_Part, tuple[str, ...]]]:
    """Depth first: what is unknown next may hang on what has just been said."""
    unknown = _asked_next(part)
    if unknown is None:
        yield part, asked
        return
    if len(asked) >= most:
        raise ValueError("too many unknown facts")
    for number in range(len(unknown.answers)):
        yield from _branches(_with_answer(part, number), (*asked, unknown.name), most)


@remembered
def _asked_next(part: _Part) -> Unknown | None:
    """The next unknown fact of which every answer has to be tried; None: none is left."""
    return next(branching(part.topology, part.up), None)


@remembered
def _with_answer(part: _Part, number: int) -> _Part:
    """The same part of a map with one of the answers to what is asked next."""
    unknown = _asked_next(part)
    assert unknown is not None  # noqa: S101 - there is an answer to it
    answer = unknown.answers[number]
    topology = completed(part.topology, answer)
    if answer.shapes:
        return _part(topology, part.cell)
    return part._replace(topology=topology, up=restated(topology, part.up))


@remembered
def answered_kindly(topology: Topology, cell: Cell) -> tuple[Topology, Upstream]:
    """One completion of the unknown facts of a cell's slice: the first answer of each, graded ones the kind one.

    With what is upstream of the cell in it.
    """
    part = _part(topology, cell)
    while _asked_next(part) is not None:
        part = _with_answer(part, 0)
    stated = _answered(part.topology, part.up, _KIND)
    return stated, restated(stated, part.up)


def _answered(topology: Topology, up: Upstream, which: int) -> Topology:
    """All graded facts answered the same way: kindly or harshly."""
    told = {path.id: delivering(topology, topology.write_paths[path.id], which) for path in up.paths}
    if any(path is not topology.write_paths[name] for name, path in told.items()):
        topology = topology._replace(write_paths={**topology.write_paths, **told})
    for _ in range(_MOST_ROUNDS):
        grades = graded(topology, up)
        if not grades:
            break
        entries = set()
        before = topology
        for unknown in grades:  # one of each entry in a round: what is asked of it next hangs on the answer
            answer = unknown.answers[which]
            if answer[:2] not in entries:
                entries.add(answer[:2])
                if answer.changes:
                    topology = completed(topology, answer)
        if topology is before:
            break  # what is left is answered by leaving it as it is
    return topology


def prove_cell(
    topology: Topology, cell: Cell, *, cap: int = 20_000, near: bool = True, most: int = MOST_UNKNOWN
) -> Proof:
    """Prove or refute a cell; `undetermined` where completions differ or a bound is reached.

    `near`: look first where most drifts are. That is a matter of time alone, and none where a cell does not drift.
    `most`: unknown facts of which all answers are tried; with more of them the cell is `undetermined`.
    """
    holding = topology.systems[cell.system].holds[cell.quantity]
    if holding.role == "consumer":  # nothing is expected of it
        return Proof(cell, "converges", None, "no_counterexample", None, (), None, 0, ())
    names: dict[str, None] = {}
    drifts: list[Outcome] = []
    tally = _Tally()
    try:
        for part, asked in _branches(_part(topology, cell), (), most):
            names.update(dict.fromkeys(asked))
            for name in _search_grades(part.topology, part.up, cell, (cap, near), tally, drifts):
                names[name] = None
    except ValueError:
        names.update(dict.fromkeys(each.name for each in branching(topology, pruned_upstream(topology, cell))))
        tally.bound = f"more than {most} unknown facts"
    if not topology.complete:
        names["complete"] = None
    return _concluded(cell, drifts, tally, tuple(names), excerpt=not topology.complete)


class _Tally:
    """What the searches of one cell came to, added up."""

    def __init__(self) -> None:
        self.sound = 0
        self.states = 0
        self.bound: str | None = None

    def add(self, outcome: Outcome, drifts: list[Outcome]) -> None:
        self.states += outcome.states
        self.bound = self.bound or outcome.bound
        if outcome.drift is None:
            self.sound += 1
        else:
            drifts.append(outcome)


def _search_grades(
    branch: Topology, up: Upstream, cell: Cell, bounds: tuple[int, bool], tally: _Tally, drifts: list[Outcome]
) -> tuple[str, ...]:
    """Search both ends, as far as one does not tell of the other; gives the names of the facts that decide.

    A run of the kind end is one of the harsh end: where that drifts as badly as can be, so does this, and where this
    is right, so is that. Most drifts are near, so a quick look at the kind end comes first.
    """
    cap, near = bounds
    grades = graded(branch, up)
    known: list[Compiled] = []

    def at(which: int, most: int = cap) -> Outcome:
        stated = _answered(branch, up, which) if grades else branch
        here = restated(stated, up)
        return prove_completion(stated, cell, cap=most, open_world=not branch.complete, up=here, known=known)

    kind = at(_KIND, min(cap, _NEAR)) if near and grades and branch.complete else None
    if kind is not None and kind.bound is not None:
        kind = None
    if kind is not None and (
        kind.drift == "divergent" or (kind.drift == "permanent" and not Firing(branch, up).diverges())
    ):
        tally.add(kind, drifts)
        return ()
    harsh = at(_HARSH)
    if not grades or (harsh.drift is None and harsh.bound is None):
        tally.add(harsh, drifts)
        return ()
    kind = kind or at(_KIND)
    for outcome in (kind, harsh):
        tally.add(outcome, drifts)
    return () if kind.drift == harsh.drift else tuple(each.name for each in grades)


def _concluded(
    cell: Cell, drifts: list[Outcome], tally: _Tally, names: tuple[str, ...], *, excerpt: bool = False
) -> Proof:
    sound, bound, states = tally.sound, tally.bound, tally.states
    first = drifts[0] if drifts else None
    run = first.run if first else None
    faults = first.faults if first else ()
    if bound is not None and (sound or not drifts or bound.startswith("more")):
        return Proof(cell, "undetermined", None, "undetermined", run, names, bound, states, faults)
    if not drifts and excerpt:
        return Proof(cell, "undetermined", None, "undetermined", None, names, bound, states, ())
    if not drifts:
        return Proof(cell, "converges", None, "no_counterexample", None, names, bound, states, ())
    if sound:
        return Proof(cell, "undetermined", None, "undetermined", run, names, bound, states, faults)
    classes = {outcome.drift for outcome in drifts}
    drift = classes.pop() if len(classes) == 1 else None
    return Proof(cell, "drifts", drift, "refuted", run, names, bound, states, faults)


def with_pairs(proof: Proof, pairs: tuple[PairProof, ...]) -> Proof:
    """A proof of one cell, with what the two-cell model says of the paths into its slice.

    Two items or places taken for one another drift for good; an open question about them leaves the cell open.
    """
    wrong = next((pair for pair in pairs if pair.verdict == "drifts"), None)
    if wrong is not None and proof.drift != "divergent":
        cause: Fault = (f"{wrong.about} confused", wrong.path)
        run, faults = proof.run or wrong.run, (*proof.faults, cause)
        return proof._replace(verdict="drifts", drift="permanent", proof="refuted", run=run, faults=faults)
    asked = tuple(dict.fromkeys(name for pair in pairs for name in pair.unknown))
    if asked and proof.verdict == "converges":
        return proof._replace(verdict="undetermined", proof="undetermined", unknown=(*proof.unknown, *asked))
    if asked and proof.drift == "transient":
        return proof._replace(drift=None, unknown=(*proof.unknown, *asked))
    return proof
