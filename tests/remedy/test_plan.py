"""The plan ends with nothing confirmed or says why; each step does what it says; the same every time."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from handoffmap.check import check_paths, check_sources
from handoffmap.remedy.choice import cheapest_cover
from handoffmap.remedy.menu import NEEDS_PEOPLE
from handoffmap.remedy.offer import TOO_LARGE, Remedy
from handoffmap.remedy.ordering import in_order
from handoffmap.remedy.plan import plan
from handoffmap.remedy.trial import confirmed
from handoffmap.telling.fix_plan import render_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.remedy.difference import Difference
    from handoffmap.remedy.plan import Plan

    Planned = Callable[[Path], Plan]

ROOT = Path(__file__).parents[2]
BUNDLED = sorted((ROOT / "topologies").glob("*.yaml"))


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_nothing_confirmed_is_left_without_a_reason(path: Path, planned: Planned) -> None:
    made = planned(path)
    assert [finding.fingerprint for finding, _ in made.left] == list(confirmed(made.end))
    assert all(why for _, why in made.left)
    assert {finding.slug for finding, _ in made.left} <= set(NEEDS_PEOPLE)
    assert not [verdict for verdict in made.end.verdicts if verdict.verdict == "drifts"]


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_each_step_is_judged_where_it_stands(path: Path, planned: Planned) -> None:
    made = planned(path)
    before = set(confirmed(made.start))
    for step in made.steps:
        source = step.draft.sources[0]
        (diagnosis,) = check_sources([source]).diagnoses
        after = set(confirmed(diagnosis))
        assert after < before
        assert {finding.fingerprint for finding in step.clears} == before - after
        assert step.left == len(after)
        assert step.after.total == diagnosis.costs.total
        assert step.difference.changes
        before = after


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_cost_never_rises_and_effort_is_stated(path: Path, planned: Planned) -> None:
    for step in planned(path).steps:
        assert step.effort > 0
        assert step.after.total is None or step.before.total is not None
        if step.after.total is not None and step.before.total is not None:
            assert step.after.total.high <= step.before.total.high


def test_the_same_bytes_every_time(planned: Planned) -> None:
    path = ROOT / "topologies" / "three_handoffs.yaml"
    again = plan(check_paths([str(path)]).diagnoses[0])
    for form in ("text", "json", "markdown"):
        assert render_plan(again, form) == render_plan(planned(path), form)


def test_a_clean_map_needs_no_plan(planned: Planned) -> None:
    made = planned(ROOT / "topologies" / "three_handoffs.fixed.yaml")
    assert not made.steps
    assert not made.left
    assert "nothing to mend" in render_plan(made, "text")


def test_what_a_large_map_leaves_unlooked_at_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handoffmap.remedy.plan.budget_of", lambda _: 5)
    made = plan(check_paths([str(ROOT / "topologies" / "three_handoffs.yaml")]).diagnoses[0])
    assert made.steps
    assert TOO_LARGE in {why for _, why in made.left}


# ── choice and order, on remedies made by hand ────────────────────────────────────────────────────


def remedy(name: str, effort: int, *clears: str, asks: int = 0) -> Remedy:
    nothing = cast("Difference", None)
    return Remedy(name, (), Fraction(effort), clears, (), asks, nothing)


def cover(*remedies: Remedy) -> list[str]:
    offered: dict[str, list[Remedy]] = {}
    for each in remedies:
        for key in each.clears:
            offered.setdefault(key, []).append(each)
    chosen, exact = cheapest_cover(offered)
    assert exact
    return [each.id for each in chosen]


def test_one_remedy_for_two_findings_beats_one_each() -> None:
    assert cover(remedy("a", 3, "f"), remedy("b", 3, "g"), remedy("both", 5, "f", "g")) == ["both"]
    assert cover(remedy("a", 2, "f"), remedy("b", 2, "g"), remedy("both", 5, "f", "g")) == ["a", "b"]


def test_greed_does_not_get_in_the_way_of_the_cheapest_set() -> None:
    # The one that clears most for its price is in no cheapest cover.
    chosen = cover(
        remedy("greedy", 4, "f", "g", "h", "i"),
        remedy("left", 3, "f", "g", "x"),
        remedy("right", 3, "h", "i", "y"),
    )
    assert chosen == ["left", "right"]


def test_a_remedy_that_leaves_questions_is_the_last_resort() -> None:
    assert cover(remedy("sure", 9, "f"), remedy("asks", 1, "f", asks=2)) == ["sure"]


def test_the_order_is_the_best_of_all_orders(planned: Planned) -> None:
    """On a small map every order is weighed: none bears less over the days that it takes."""
    path = ROOT / "topologies" / "three_handoffs.yaml"
    start = planned(path).start
    findings = [finding for finding in confirmed(start).values() if finding.severity == "error"]
    remedies = [remedy(f"r{n}", 1 + n % 3, finding.fingerprint) for n, finding in enumerate(findings)]
    chosen = in_order(start, remedies)

    from handoffmap.remedy.ordering import _Weighing

    weighing = _Weighing(start)

    def borne(order: tuple[Remedy, ...]) -> Fraction:
        gone: frozenset[str] = frozenset()
        total = Fraction(0)
        for each in order:
            total += each.effort * weighing.borne(gone)
            gone = gone.union(each.clears)
        return total

    assert borne(chosen) == min(borne(order) for order in permutations(remedies))
