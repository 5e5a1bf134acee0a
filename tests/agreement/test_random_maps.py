"""Rules against model on random maps: where they still differ is written down, and nowhere else may they differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.agreement.generator import generate
from tests.agreement.run import run

if TYPE_CHECKING:
    from tests.agreement.run import Tally

STILL = yaml.safe_load((Path(__file__).parent / "still_open.yaml").read_text(encoding="utf-8"))
SEED, MAPS = STILL["seed"], STILL["maps"]


@pytest.fixture(scope="module")
def tally() -> Tally:
    return run(SEED, MAPS)


def test_the_same_seed_gives_the_same_maps() -> None:
    assert [generate(SEED, number) for number in range(40)] == [generate(SEED, number) for number in range(40)]


def test_no_map_is_refused(tally: Tally) -> None:
    assert not tally.invalid
    assert tally.maps == MAPS


def test_the_roads_differ_nowhere_but_where_it_is_written_down(tally: Tally) -> None:
    found = {f"{number} {each.cell}": each.kind for number, each, _ in tally.disagreeing}
    assert found == STILL["cells"], "a new one is a bug; one that is gone can be struck from still_open.yaml"


def test_bounds_are_seldom_reached(tally: Tally) -> None:
    assert tally.bounds <= STILL["bounds"]


def test_every_verdict_and_class_occurs(tally: Tally) -> None:
    assert all(tally.covered["verdict"][each] > 0 for each in ("converges", "drifts", "undetermined"))
    assert all(tally.covered["class"][each] > 0 for each in ("permanent", "transient", "divergent", "None"))
