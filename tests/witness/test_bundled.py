"""The bundled topologies: the model says of each cell what the rules say, within its budget of states."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handoffmap.check import check_paths
from handoffmap.reading.load import load
from handoffmap.witness import prove_cell, prove_pairs, with_pairs

if TYPE_CHECKING:
    from handoffmap.finding import CellVerdict
    from handoffmap.witness import Proof

FOLDER = Path(__file__).parents[2] / "topologies"
STEMS = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def judged(stem: str) -> dict[str, tuple[CellVerdict, Proof]]:
    """Cell -> what the rules say and what the model says."""
    file = str(FOLDER / f"{stem}.yaml")
    topology, _ = load(file)
    assert topology is not None
    return {
        str(verdict.cell): (
            verdict,
            with_pairs(prove_cell(topology, verdict.cell), prove_pairs(topology, verdict.cell)),
        )
        for verdict in check_paths([file]).diagnoses[0].verdicts
    }


@pytest.mark.parametrize("stem", STEMS)
def test_the_model_and_the_rules_agree(stem: str) -> None:
    for cell, (verdict, proof) in judged(stem).items():
        if proof.bound is not None:  # said, and never passed over
            assert proof.verdict == "undetermined"
            assert stem == "discovery_week_one", cell
            continue
        assert (proof.verdict, proof.drift) == (verdict.verdict, verdict.drift), (cell, proof.run)


def test_few_states_are_looked_at() -> None:
    counts = sorted(proof.states for stem in STEMS for _, proof in judged(stem).values())
    assert statistics.median(counts) <= 300
    assert counts[int(len(counts) * 0.99)] <= 5_000


def test_the_three_stories_are_short() -> None:
    for cell, (_, proof) in judged("three_handoffs").items():
        if proof.run is not None:
            assert len(proof.run.steps) <= 5, (cell, proof.run)


def test_the_mended_map_has_no_counterexample() -> None:
    assert {proof.proof for _, proof in judged("three_handoffs.fixed").values()} == {"no_counterexample"}


def test_the_doubled_order_is_the_repeated_webhook() -> None:
    _, proof = judged("three_handoffs")["wms.allocated"]
    assert ("repeat", "order-to-wms") in proof.faults
    assert proof.run is not None
    assert [step.kind for step in proof.run.steps] == ["event", "repeat", "deliver"]
