"""The generated topologies are what the benchmark says they are, so that its figures mean something."""

from __future__ import annotations

import io
import re
from typing import Any, get_args

import pytest
import yaml

from benchmarks.generate import Pools, Shape, write_topology

SIZES = [10, 11, 49, 100, 500]


def _written(paths: int, **given: Any) -> str:
    out = io.StringIO()
    write_topology(out, paths, **given)
    return out.getvalue()


def _entries(text: str) -> list[str]:
    """Each write path's own lines."""
    section = text.partition("\nwrite_paths:\n")[2].partition("\ncontrols:")[0]
    return re.split(r"(?m)^(?=  - )", section)[1:]


@pytest.mark.parametrize("pools", get_args(Pools))
@pytest.mark.parametrize("paths", SIZES)
def test_an_estate_has_the_paths_asked_for_of_12_to_25_lines(paths: int, pools: Pools) -> None:
    lines = [entry.count("\n") for entry in _entries(_written(paths, pools=pools))]
    assert len(lines) == paths
    assert min(lines) >= 12
    assert max(lines) <= 25


@pytest.mark.parametrize("shape", get_args(Shape))
@pytest.mark.parametrize("paths", SIZES)
def test_ids_are_unique_and_every_reference_is_declared(paths: int, shape: Shape) -> None:
    told = yaml.safe_load(_written(paths, shape=shape))
    systems, events = told["systems"], told["events"]
    ids = [path["id"] for path in told["write_paths"]]
    assert len(set(ids)) == len(ids) == paths
    for path in told["write_paths"]:
        assert {path["from"], path["to"], *path.get("via", [])} <= set(systems)
        assert set(path.get("events", [])) <= set(events)
        assert {quantity for quantity in path["maps"].values() if quantity} <= set(systems[path["to"]]["holds"])
    assert {system for event in events.values() for system in event["at"]} <= set(systems)


def test_block_and_flow_style_are_mixed() -> None:
    entries = _entries(_written(100))
    in_flow = sum("maps: {" in entry for entry in entries)
    assert 30 <= in_flow <= 70


def test_the_same_arguments_give_the_same_bytes_and_another_seed_gives_others() -> None:
    assert _written(100) == _written(100)
    assert _written(100) != _written(100, seed=2)
