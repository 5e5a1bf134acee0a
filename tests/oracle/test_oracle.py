"""The witness model against an independent model checker, on slices that were written by hand for it.

`minicheck` is given each slice as a transition system in its own terms. It must come to the same answer (drifts or
not, and in which way) and to a shortest run of the same length as `prove_cell`. `asking` says what a step is. Of a run
without end the steps are compared up to the state from which messages cannot run out any more.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from handoffmap.model import Cell
from handoffmap.reading.load import load
from handoffmap.text.source import Source
from handoffmap.witness import prove_cell
from tests.oracle.amounts import AMOUNT_SLICES
from tests.oracle.asking import Answer, answer
from tests.oracle.maps import MAPS
from tests.oracle.values import VALUE_SLICES

MODELS = AMOUNT_SLICES | VALUE_SLICES
_ROUNDS_TOLD = 4
"""Rounds of a chain without end that a run tells after it has become one."""


def by_the_machine(name: str) -> Answer:
    """What `prove_cell` says of the slice as a map."""
    facts, cell = MAPS[name]
    topology, problems = load(Source("map.yaml", yaml.safe_dump(facts, sort_keys=False)))
    assert topology is not None, problems
    proof = prove_cell(topology, Cell(*cell.split(".")))
    assert (proof.bound, proof.unknown) == (None, ()), "a slice here has neither open facts nor a bound"
    if proof.proof == "no_counterexample":
        return Answer(None, None)
    assert proof.run is not None
    return Answer(proof.drift, len(proof.run.steps) - (_ROUNDS_TOLD if proof.drift == "divergent" else 0))


def test_every_slice_is_there_twice() -> None:
    assert set(MODELS) == set(MAPS)
    assert len(MAPS) >= 10


def test_the_hand_written_ones_owe_nothing_to_what_is_tested() -> None:
    for name in ("asking", "amounts", "values"):
        text = (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        assert "import handoffmap" not in text
        assert "from handoffmap" not in text


@pytest.mark.parametrize("name", sorted(MAPS))
def test_both_give_the_same_answer_in_as_many_steps(name: str) -> None:
    assert by_the_machine(name) == answer(MODELS[name])


def test_every_answer_occurs() -> None:
    assert {answer(models).drift for models in MODELS.values()} == {None, "transient", "permanent", "divergent"}
