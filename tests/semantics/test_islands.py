"""What is said of a count does not hang on the size of the map around it: a chain of warehouses of its own, with
nothing between the two, changes no verdict, however many paths it has."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.semantics.small_maps import Judged, nightly, system

if TYPE_CHECKING:
    from tests.semantics.small_maps import Facts

REGRESSIONS = Path(__file__).parents[1] / "agreement" / "regressions"
HANGING = (
    "a_cached_number_written_if_changed", "a_consumer_that_others_are_fed_by",
    "a_correction_that_runs_once_too_early_before_a_full_run", "a_count_before_what_was_not_booked_here",
    "a_count_where_numbers_may_grow", "a_fetch_beside_a_poll", "a_loop_whose_op_may_hold_it_back",
    "a_push_from_where_nothing_changes", "a_push_that_may_never_fire", "a_release_whose_ledger_is_unsaid",
    "a_reservation_of_unsaid_guard", "a_torn_key_that_may_change", "a_value_swallowed_beside_an_unknown_trigger",
    "an_unsaid_payload_where_nothing_is_held", "dead_letters_lost_or_late", "local_changes_of_an_unsaid_trigger",
    "lost_on_a_way_that_may_bring_nothing", "maps_unknown_of_a_run_that_lags", "maps_unknown_of_a_second_run",
    "neither_payload_nor_maps_said", "no_values_of_what_is_not_held", "pieces_into_whole_cases_by_unsaid_maps",
    "torn_if_it_is_mapped_to_nothing", "unsaid_maps_of_all_that_comes_round",
    "unsaid_payload_into_what_is_computed_over", "values_that_may_grow_round_a_tag", "what_grows_beside_a_loss",
    "what_is_rounded_to_nothing",
)  # fmt: skip
"""Maps with a count that is settled by supposing each answer to what nobody has said."""
MANY = 45


def beside(found: Facts) -> Facts:
    """The map with a chain of warehouses beside it."""
    whole = copy.deepcopy(found)
    for number in range(MANY + 1):
        whole["systems"][f"hall-{number}"] = system("wms", "mirror" if number else "authoritative", "damaged")
    chain = [nightly(f"on-{number}", f"hall-{number}", f"hall-{number + 1}") for number in range(MANY)]
    for path in chain:
        path["maps"] = {"damaged": "damaged"}
    whole["write_paths"] = [*whole["write_paths"], *chain]
    return whole


@pytest.mark.parametrize("stem", HANGING)
def test_a_chain_of_its_own_changes_no_verdict(stem: str) -> None:
    found = yaml.safe_load((REGRESSIONS / f"{stem}.yaml").read_text(encoding="utf-8"))
    alone, within = Judged(found), Judged(beside(found))
    for each in alone.diagnosis.verdicts:
        cell = str(each.cell)
        assert (within.cell(cell), within.window(cell)) == (alone.cell(cell), alone.window(cell))
    names = {str(each.cell).split(".")[0] for each in alone.diagnosis.verdicts}
    asked = {each.id for each in within.diagnosis.questions if "hall-" not in each.id and ":on-" not in each.id}
    assert names
    assert asked == alone.asked()
