"""The witness model: a small deterministic machine that searches one cell's slice for a run that makes it drift.

It shares the model and the vocabulary with the rules and nothing else, so that the two are independent witnesses.
"""

from __future__ import annotations

from handoffmap.witness.focus import Cause, FaultKind, run_of_cause
from handoffmap.witness.oversell import Oversold, oversell
from handoffmap.witness.pairs import PairProof, prove_pairs
from handoffmap.witness.proof import Outcome, Proof, completions, prove_cell, prove_completion, with_pairs
from handoffmap.witness.remembering import remembering
from handoffmap.witness.retelling import run_in_figures
from handoffmap.witness.search import counted
from handoffmap.witness.tables import Figures
from handoffmap.witness.telling import Run, Step

__all__ = [
    "Cause", "FaultKind", "Figures", "Outcome", "Oversold", "PairProof", "Proof", "Run", "Step", "completions",
    "counted", "oversell", "prove_cell", "prove_completion", "prove_pairs", "remembering", "run_in_figures",
    "run_of_cause", "with_pairs",
]  # fmt: skip
