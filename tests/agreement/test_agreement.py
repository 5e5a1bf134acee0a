"""Rules and model, each by itself, on random maps: where they are known to differ still, and nowhere else.

`still_differing.txt` lists (map of seed 1, cell) of the first maps on which they disagree today. Each line is a bug in
one of the two; a line that is gone is to be taken out, and none may come.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.agreement.run import run

if TYPE_CHECKING:
    from tests.agreement.run import Tally

KNOWN = Path(__file__).with_name("still_differing.txt")
MAPS = 300


@pytest.fixture(scope="module")
def tally() -> Tally:
    return run(1, MAPS)


def test_they_differ_where_they_are_known_to_and_nowhere_else(tally: Tally) -> None:
    found = sorted(f"{number} {each.cell}" for number, each, _ in tally.disagreeing)
    assert found == sorted(KNOWN.read_text(encoding="utf-8").splitlines())


def test_the_maps_are_valid_and_of_many_kinds(tally: Tally) -> None:
    assert not tally.invalid
    assert tally.covered["verdict"].keys() >= {"converges", "drifts", "undetermined"}
    assert len([name for name in tally.covered["rule"] if name.endswith("confirmed")]) >= 25
