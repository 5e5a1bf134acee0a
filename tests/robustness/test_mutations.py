"""Whatever a file looks like: no traceback, an exit code that is documented, and something told.

The search goes on outside: `HANDOFFMAP_MUTATIONS=20000 pytest tests/robustness`, or, with times and memory,
`python -m tests.robustness.mutations --runs 20000`.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from tests.robustness.mutations import FORMS, fault_of, mutated

RUNS = int(os.environ.get("HANDOFFMAP_MUTATIONS", "2000"))
AT_ONCE = 100
ONCE_CRASHED = sorted((Path(__file__).parent / "once_crashed").glob("*.yaml"))


@pytest.fixture(autouse=True)
def thaw(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command freezes what it holds to its end; thousands of commands in one process would keep it all."""
    monkeypatch.setattr(gc, "freeze", lambda: None)


@pytest.mark.parametrize("first", range(0, RUNS, AT_ONCE))
def test_a_mutated_map_is_told_about(first: int) -> None:
    faults = {}
    for seed in range(first, min(first + AT_ONCE, RUNS)):
        fault = fault_of(mutated(seed), FORMS[seed // 2 % len(FORMS)])
        if fault is not None:
            faults[seed] = fault
    assert not faults


@pytest.mark.parametrize("path", ONCE_CRASHED, ids=lambda path: path.stem)
@pytest.mark.parametrize("form", FORMS)
def test_what_once_crashed_is_told_about(path: Path, form: str) -> None:
    assert fault_of(path.read_bytes(), form) is None


def test_a_seed_gives_the_same_map_and_most_are_different() -> None:
    maps = [mutated(seed) for seed in range(100)]
    assert maps == [mutated(seed) for seed in range(100)]
    assert len(set(maps)) > 90
