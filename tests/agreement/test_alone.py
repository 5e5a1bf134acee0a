"""Each finding alone, on a few hundred random maps; those that are not is written down, and why."""

from __future__ import annotations

from tests.agreement.run import run

SEED, MAPS = 5, 200

KNOWN: frozenset[str] = frozenset(
    {
        # Made a computed cell without a formula: the rules ask what it is computed from, the model says it drifts.
        "map 14: derived-not-recomputed of None at site.promisable: stays",
        "map 159: derived-not-recomputed of None at oms.promisable: stays",
        # Not looked into yet.
        "map 65: reordered-state of sale at wms.on_hand: stays",
        "map 65: set-adjust-mix of None at wms.on_hand: stays",
        "map 195: count-gap of None at erp.available: stays",
        "map 195: unsynchronized of None at erp.available: stays",
    }
)


def test_the_model_sees_each_finding_with_all_others_mended_and_not_with_this_one_mended_too() -> None:
    tally = run(SEED, MAPS, each_alone=True)
    assert set(tally.unlike) == KNOWN
    alone = sum(count for told, count in tally.alone.items() if told.endswith(" alone"))
    assert alone > 0.8 * sum(tally.alone.values()), "the others are those for which no isolating change is known"
