"""What converges names every premise of its theorem: a verdict is worked out, never the mere absence of findings."""

from __future__ import annotations

from handoffmap.verdicts.verdict import judge
from tests.agreement.compare import Invalid, read
from tests.agreement.evidence import lacking
from tests.agreement.generator import generate
from tests.agreement.neighbours import by_hand


def test_no_premise_is_left_out_of_a_proof() -> None:
    drawn = [generate(3, number) for number in range(300)]
    seen = 0
    found = []
    for place, plain in enumerate([*drawn, *by_hand()]):
        try:
            topology = read(plain)
        except Invalid:
            continue
        for cell, assessed in judge(topology).cells.items():
            seen += assessed.verdict == "converges"
            found += [(place, str(cell), *each) for each in lacking(assessed)]
    assert seen > 1_000
    assert found == []
