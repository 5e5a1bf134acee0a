"""Rules against model, **cell by cell**: the same map, judged on both roads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.check import diagnose
from handoffmap.reading.load import load
from handoffmap.text.source import Source
from handoffmap.witness import prove_cell, prove_pairs, with_pairs

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import CellVerdict
    from handoffmap.model import Cell, Topology
    from handoffmap.witness import Proof

__all__ = ["CAP", "Compared", "Disagreement", "Invalid", "compare", "read"]

CAP = 6_000
"""States per search of a random map; a slice that needs more is counted as a bound reached."""


MANY = 9
"""Unknown facts whose answers are all tried where the rules say more than that a cell is undetermined."""


class Invalid(Exception):  # noqa: N818 - an outcome of generating, not an error
    """The reader refuses the map."""


class Disagreement(NamedTuple):
    """One cell of which the two roads say different things."""

    cell: str
    rules: str
    model: str
    fed: bool
    """The rules say that the cell takes its drift, or its doubt, from another one."""
    why: tuple[str, ...]
    """The premises that do not hold, and the steps of the model's run."""

    @property
    def kind(self) -> str:
        """What a pile of disagreements is sorted by."""
        return f"rules {self.rules} / model {self.model}{' (fed)' if self.fed else ''}"


class Compared(NamedTuple):
    """One map, judged on both roads."""

    topology: Topology
    diagnosis: Diagnosis
    proofs: dict[Cell, Proof]
    disagreements: tuple[Disagreement, ...]
    bounds: int


def read(found: dict[str, Any]) -> Topology:
    """Plain data -> the topology, by way of the reader. Raises `Invalid`."""
    topology, problems = load(Source("map.yaml", json.dumps(found)))
    if problems or topology is None:
        raise Invalid("; ".join(problem.message for problem in problems))
    return topology


def compare(found: dict[str, Any], only: str | None = None) -> Compared:
    """Judge a map on both roads; `only` one cell, where just that one is of interest. Raises `Invalid`."""
    topology = read(found)
    diagnosis = diagnose(topology)
    proofs: dict[Cell, Proof] = {}
    differing = []
    bounds = 0
    for verdict in diagnosis.verdicts:
        if only is not None and str(verdict.cell) != only:
            continue
        proof = with_pairs(prove_cell(topology, verdict.cell, cap=CAP), prove_pairs(topology, verdict.cell))
        if proof.bound is not None and proof.bound.startswith("more") and verdict.verdict != "undetermined":
            proof = prove_cell(topology, verdict.cell, cap=CAP, most=MANY)  # what the rules are sure of is checked
        proofs[verdict.cell] = proof
        if proof.bound is not None and proof.bound.startswith("more"):
            if verdict.verdict != "undetermined":
                differing.append(_disagreement(verdict, proof))
            continue
        if proof.bound is not None:
            bounds += 1
            continue
        if (verdict.verdict, verdict.drift) != (proof.verdict, proof.drift):
            differing.append(_disagreement(verdict, proof))
    return Compared(topology, diagnosis, proofs, tuple(differing), bounds)


def _disagreement(verdict: CellVerdict, proof: Proof) -> Disagreement:
    against = [note for note in verdict.premises if note.holds is not True]
    why = [f"{note.premise} {note.holds}: {note.because} ({note.write_path})" for note in against]
    why.append(f"unknown: {proof.unknown}")
    if proof.run is not None:
        why.extend(f"run: {step.text}" for step in proof.run.steps)
        why.append(proof.run.sentence)
        why.append(str(proof.faults))
    return Disagreement(
        str(verdict.cell), _told(verdict.verdict, verdict.drift), _told(proof.verdict, proof.drift),
        bool(verdict.upstream), tuple(why),
    )  # fmt: skip


def _told(verdict: str, drift: str | None) -> str:
    return f"{verdict} {drift or 'open'}" if verdict == "drifts" else verdict
