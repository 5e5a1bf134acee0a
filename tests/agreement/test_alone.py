"""Each finding alone, on a few hundred random maps."""

from __future__ import annotations

from tests.agreement.run import run

SEED, MAPS = 5, 200


def test_the_model_sees_each_finding_with_all_others_mended_and_not_with_this_one_mended_too() -> None:
    tally = run(SEED, MAPS, each_alone=True)
    assert not tally.unlike
    alone = sum(count for told, count in tally.alone.items() if told.endswith(" alone"))
    assert alone > 0.9 * sum(tally.alone.values()), "the others are those for which no isolating change is known"
