"""The report's table of faults and writes: each field worked out anew by the model, with its control and without."""

from __future__ import annotations

import pytest
import yaml

from handoffmap.model import Cell
from handoffmap.reading.load import load
from handoffmap.telling.fault_table import FAULTS, OUTCOMES, WRITES, kind_of_write, tell_faults
from handoffmap.text.source import Source
from handoffmap.vocabulary import Op, words
from handoffmap.witness import prove_cell
from tests.semantics.small_maps import ERP, WMS, delta, state, topology
from tests.witness.fault_maps import fault_map

FIELDS = [(write, fault) for write in WRITES for fault in FAULTS]
HARMFUL = [(write, fault) for write in WRITES for fault in OUTCOMES[write]]
SHOWN_AS = {
    "repeat": {"repeat"}, "forget": {"forget"}, "lose": {"lose"}, "crash": {"crash"}, "overtake": {"unknown order"},
    "replay": {"replay_late"}, "meanwhile": {"overwrote", "regressed"},
}  # fmt: skip
"""Fault of the table -> the faults or causes of which the model has to name one, where it names any."""


def proved(write: str, fault: str, *, stopped: bool) -> tuple[str | None, set[str]]:
    found = fault_map(write, fault, stopped=stopped)
    loaded, problems = load(Source("map.yaml", yaml.safe_dump(found.facts, sort_keys=False)))
    assert loaded is not None, problems
    proof = prove_cell(loaded, Cell(*found.cell.split(".")))
    assert (proof.bound, proof.unknown) == (None, ()), "nothing is open on these maps"
    return proof.drift, {kind for kind, _ in proof.faults}


def test_every_op_and_every_fault_has_its_place() -> None:
    assert set(WRITES) == {*words(Op), "rewrite"}
    assert set(OUTCOMES) == set(WRITES)
    assert all(set(fields) <= set(FAULTS) for fields in OUTCOMES.values())


@pytest.mark.parametrize(("write", "fault"), FIELDS)
def test_a_field_is_what_the_model_says(write: str, fault: str) -> None:
    drift, faults = proved(write, fault, stopped=False)
    told, _ = OUTCOMES[write].get(fault, (None, ""))
    assert drift == told
    assert drift is None or not faults or faults & SHOWN_AS[fault]


@pytest.mark.parametrize(("write", "fault"), HARMFUL)
def test_the_control_that_is_named_stops_it(write: str, fault: str) -> None:
    assert proved(write, fault, stopped=True)[0] is None


def test_a_path_stands_in_the_row_of_its_write() -> None:
    paths = [
        delta("adds", "wms", "erp", "pos_sale"),
        state("writes", "wms", "erp", op="set"),
        delta("rewrites", "wms", "erp", "pos_sale", op="set", payload=None, base="target"),
        delta("unsaid", "wms", "erp", "pos_sale", op=None),
    ]
    loaded, _ = load(
        Source("m", yaml.safe_dump(topology({"wms": WMS, "erp": ERP}, {"pos_sale": {"at": ["wms"]}}, paths)))
    )
    assert loaded is not None
    kinds = {name: kind_of_write(path) for name, path in loaded.write_paths.items()}
    assert kinds == {"adds": "adjust", "writes": "set", "rewrites": "rewrite", "unsaid": None}
    rows = {row.stated: row.paths for row in tell_faults(loaded)}
    assert rows["op: adjust"] == ("adds",)
    assert rows["base: target"] == ("rewrites",)
    assert rows["op: cas"] == ()
