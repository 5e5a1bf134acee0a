"""Maps judged and planned once for all tests of this folder: each trial is a whole judgement of the map."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from handoffmap.check import check_paths
from handoffmap.remedy.draft import Draft
from handoffmap.remedy.offer import offers
from handoffmap.remedy.plan import plan
from handoffmap.remedy.trial import Bench, confirmed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.remedy.offer import Remedy
    from handoffmap.remedy.plan import Plan

    Offered = Callable[[Path], tuple[Bench, dict[str, tuple[Remedy, ...]]]]
    Planned = Callable[[Path], Plan]


@cache
def _diagnosis(path: Path) -> Diagnosis:
    report = check_paths([str(path)])
    assert not report.invalid
    return report.diagnoses[0]


@cache
def _offered(path: Path) -> tuple[Bench, dict[str, tuple[Remedy, ...]]]:
    diagnosis = _diagnosis(path)
    bench = Bench(Draft(diagnosis.topology, diagnosis))
    return bench, {key: offers(bench, finding) for key, finding in confirmed(diagnosis).items()}


@cache
def _planned(path: Path) -> Plan:
    return plan(_diagnosis(path))


@pytest.fixture(scope="session")
def offered() -> Offered:
    """The remedies of every confirmed finding of a map, and the bench that they were tried on."""
    return _offered


@pytest.fixture(scope="session")
def planned() -> Planned:
    """The plan of a map."""
    return _planned
