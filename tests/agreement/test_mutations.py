"""A fixed sample of mutants: each small change of a premise or of a rule about delivery is noticed.

All of them are tried by `python -m tests.agreement.mutations`.
"""

from __future__ import annotations

from handoffmap.premises import ordering, reach
from tests.agreement.grafting import outcomes
from tests.agreement.mutants import OPERATORS, mutants_of, text_of
from tests.agreement.mutations import all_mutants, modules
from tests.agreement.probing import Seen
from tests.agreement.trials import tables

CHANGED = (
    "ledger", "ordering", "ack_before_commit", "dual_write", "duplicate_delivery", "lost_delivery", "poll_window_gap",
    "refused_delta", "subscription_lapse", "unwatched_dead_letter", "watermark_defect",
)  # fmt: skip
TRIED = ("tests.unit.test_ledger", "tests.unit.test_ordering", "tests.rules.test_handoff_answers")


def test_a_sample_of_mutants_is_killed() -> None:
    mutants = list(all_mutants(CHANGED, 0.1))
    seen = Seen(modules(CHANGED), mutants, tables(TRIED), most=60)
    found = list(outcomes((mutant, seen.trials[number]) for number, mutant in enumerate(mutants)))
    assert len(found) >= 40
    # Whether two paths share their stamps, or a ledger's keys, takes a second path, which the tables do not have.
    survivors = [each.mutant.name for each in found if each.killed_by is None]
    assert [name for name in survivors if "shares_stamps" not in name and "ledger.may_meet" not in name] == []


def test_no_two_mutants_have_one_name() -> None:
    names = [mutant.name for mutant in mutants_of(ordering)]
    assert len(names) == len(set(names)) > 20


def test_nothing_stays_changed() -> None:
    before = ordering.order_of.__code__
    mutants = mutants_of(ordering)[:3]
    seen = Seen([ordering], mutants, tables(TRIED[1:2]))
    assert [each.killed_by for each in outcomes((mutant, seen.trials[n]) for n, mutant in enumerate(mutants))] != []
    assert ordering.order_of.__code__ is before


def test_every_operator_finds_something_to_change_and_leaves_a_module() -> None:
    found = {mutant.operator: mutant for mutant in mutants_of(reach)}
    assert set(found) == set(OPERATORS)
    for mutant in found.values():
        assert mutant.name.startswith("premises.reach.")
        compile(mutant.tree(text_of(reach)), "reach.py", "exec")
