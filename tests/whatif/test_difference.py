"""What two maps differ in: nothing for one map in two ways of writing, and the same both ways round."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffmap.check import check_sources
from handoffmap.difference import compare
from handoffmap.model import Cell
from handoffmap.text.source import Source
from tests.cli.test_shuffled import shuffled

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis
    from handoffmap.difference import Difference

ROOT = Path(__file__).parents[2]
TOPOLOGIES = sorted((ROOT / "topologies").glob("*.yaml"))
MENDED = sorted((ROOT / "tests" / "incidents").glob("*.fixed.yaml"))


def judged(text: str, *overlays: str) -> Diagnosis:
    laid = [Source(f"over{number}.yaml", overlay) for number, overlay in enumerate(overlays)]
    report = check_sources([Source("map.yaml", text)], laid)
    assert [finding.message for _, findings in report.invalid for finding in findings] == []
    return report.diagnoses[0]


@cache
def bundled(file: Path) -> Diagnosis:
    return judged(file.read_text(encoding="utf-8"))


def rewritten(text: str, seed: int) -> str:
    """The same map with comments and empty lines between its lines, another line end, and no comments of its own."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    folded = re.sub(r"^(summary|notes): >-\n(?:  .*\n)*", "", text, flags=re.MULTILINE)
    lines = []
    for line in folded.split("\n"):
        bare = re.sub(r"(^|\s+)#.*$", "", line).rstrip()
        lines += ["# something", ""][: chance.randrange(3)]
        lines += [bare] if bare else []
    return "\r\n".join(lines) + "\r\n"


# ── one map in two ways of writing ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", TOPOLOGIES, ids=lambda file: file.stem)
def test_a_map_does_not_differ_from_itself(file: Path) -> None:
    difference = compare(bundled(file), judged(file.read_text(encoding="utf-8")))
    assert difference.empty
    assert difference.unchanged == len(bundled(file).findings)


@pytest.mark.parametrize("file", TOPOLOGIES, ids=lambda file: file.stem)
@pytest.mark.parametrize("seed", [1, 2])
def test_order_makes_no_difference(file: Path, seed: int) -> None:
    text = file.read_text(encoding="utf-8")
    assert compare(bundled(file), judged(shuffled(text, seed))).empty


@pytest.mark.parametrize("file", TOPOLOGIES, ids=lambda file: file.stem)
def test_lines_and_comments_make_no_difference(file: Path) -> None:
    text = rewritten(file.read_text(encoding="utf-8"), 7)
    assert "\r\n# something\r\n" in text
    assert compare(bundled(file), judged(text)).empty


@pytest.mark.parametrize("file", TOPOLOGIES, ids=lambda file: file.stem)
def test_a_map_in_two_parts_is_the_whole_map(file: Path) -> None:
    """Every second write path in an overlay, and each of the others without its last facts, which the overlay adds."""
    text = file.read_text(encoding="utf-8")
    head, rest = text.split("\nwrite_paths:\n")
    section, *tail = re.split(r"^(?=\S)", rest, maxsplit=1, flags=re.MULTILINE)
    _, *paths = re.split(r"^(?=  - )", section, flags=re.MULTILINE)
    assert len(paths) > 3
    cut = [re.split(r"^(?=    (?:maps|latency|delivery):)", path, maxsplit=1, flags=re.MULTILINE) for path in paths]
    kept = "".join(first for number, (first, *_) in enumerate(cut) if number % 2)
    name = "{}".format
    more = "".join(
        path if not number % 2 else name(path.split("\n", 1)[0] + "\n" + "".join(rest))
        for number, (path, (_, *rest)) in enumerate(zip(paths, cut, strict=True))
    )
    base = f"{head}\nwrite_paths:\n{kept}{''.join(tail)}"
    laid = judged(base, f"write_paths:\n{more}")
    assert compare(bundled(file), laid).empty
    assert laid.topology.write_paths.keys() == bundled(file).topology.write_paths.keys()


# ── there and back ────────────────────────────────────────────────────────────────────────────────

OPPOSITE = {"opened": "closed", "closed": "opened", "added": "removed", "removed": "added", "changed": "changed"}
OTHER_WAY = {"worse": "better", "better": "worse", "same": "same"}


def both_ways(old: Diagnosis, new: Diagnosis) -> Difference:
    there, back = compare(old, new), compare(new, old)
    assert {(one.cell, one.change, one.trend, one.old, one.new) for one in there.verdicts} == {
        (one.cell, OPPOSITE[one.change], OTHER_WAY[one.trend], one.new, one.old) for one in back.verdicts
    }
    assert sorted((one.change, one.trend, ids(one.old), ids(one.new), one.what) for one in there.findings) == sorted(
        (OPPOSITE[one.change], OTHER_WAY[one.trend], ids(one.new), ids(one.old), one.what) for one in back.findings
    )
    assert set(there.opened_questions) == set(back.closed_questions)
    assert set(there.closed_questions) == set(back.opened_questions)
    assert [(entry.section, entry.added, entry.removed) for entry in there.entries] == [
        (entry.section, entry.removed, entry.added) for entry in back.entries
    ]
    assert there.unchanged == back.unchanged
    assert there.empty == back.empty
    assert sum(one.old is not None for one in there.findings) + there.unchanged == len(old.findings)
    assert sum(one.new is not None for one in there.findings) + there.unchanged == len(new.findings)
    return there


def ids(finding: Any) -> tuple[str, str]:
    return ("", "") if finding is None else (finding.slug, finding.fingerprint)


@pytest.mark.parametrize("number", range(len(TOPOLOGIES)), ids=lambda number: TOPOLOGIES[number].stem)
def test_what_opens_from_one_map_to_another_closes_on_the_way_back(number: int) -> None:
    both_ways(bundled(TOPOLOGIES[number]), bundled(TOPOLOGIES[number - 1]))


@pytest.mark.parametrize("file", MENDED, ids=lambda file: file.stem)
def test_a_mended_incident_opens_nothing_that_is_confirmed(file: Path) -> None:
    broken = file.with_name(file.name.replace(".fixed", ""))
    difference = both_ways(bundled(broken), bundled(file))
    assert not difference.worse(("error",))
    assert any(change.trend == "better" for change in difference.findings)


FACTS = ("latency", "dedupe", "delivery", "guard", "handoff", "dead_letter", "ack", "events", "maps", "schedule")


@settings(max_examples=40)
@given(data=st.data())
def test_less_in_a_map_is_the_same_difference_both_ways_round(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(TOPOLOGIES))
    text = file.read_text(encoding="utf-8")
    whole = bundled(file)
    paths = data.draw(
        st.lists(st.sampled_from(sorted(whole.topology.write_paths)), unique=True, min_size=1, max_size=3)
    )
    lines = ["write_paths:"]
    for name in paths:
        path = whole.topology.write_paths[name]
        stated = [fact for fact in FACTS if fact in path.stated]
        facts = data.draw(st.lists(st.sampled_from(stated), unique=True)) if stated else []
        lines += [f"  - id: {name}", f"    remove: [{', '.join(facts)}]" if facts else "    replace: true"]
    less = judged(text, "\n".join(lines))
    difference = both_ways(whole, less)
    assert difference.entries == ()
    assert {change.cell for change in difference.verdicts} <= {verdict.cell for verdict in whole.verdicts}


# ── what counts as a change ───────────────────────────────────────────────────────────────────────

THREE = (ROOT / "topologies" / "three_handoffs.yaml").read_text(encoding="utf-8")


def path(name: str, facts: str) -> str:
    return f"write_paths:\n  - id: {name}\n    replace: true\n    {facts}\n"


def changed(facts: str, name: str = "order-to-wms") -> Difference:
    return both_ways(judged(THREE), judged(THREE, path(name, facts)))


def test_a_finding_that_a_fact_settles_is_the_same_finding_and_worse() -> None:
    difference = changed("delivery: at_least_once\n    dedupe: none\n    retry: {max_attempts: 5}", "shipment-to-erp")
    (change,) = [one for one in difference.findings if one.finding.slug == "duplicate-delivery"]
    assert (change.change, change.trend) == ("changed", "worse")
    assert "confidence" in change.what
    assert change.old is not None
    assert change.old.fingerprint != change.finding.fingerprint
    assert any(question.fact == "delivery" for question in difference.closed_questions)


def test_a_finding_about_one_more_event_is_the_same_finding() -> None:
    over = "events: {order_cancelled: {at: [storefront]}}\n" + path(
        "order-to-wms", "events: [order_captured, order_cancelled]"
    )
    difference = both_ways(judged(THREE), judged(THREE, over))
    (change,) = [
        one
        for one in difference.findings
        if one.finding.slug == "duplicate-delivery" and one.old != one.new and one.finding.confidence == "confirmed"
    ]
    assert change.change == "changed"
    assert "events" in change.what


def test_cells_that_come_and_go_are_told() -> None:
    over = (
        "systems: {planning: {kind: planning, owner: finance, holds: {backordered: {role: authoritative, unit: each}}}}"
    )
    difference = both_ways(judged(THREE), judged(THREE, over))
    (change,) = difference.verdicts
    assert (change.cell, change.change, change.severity) == (Cell("planning", "backordered"), "added", None)
    assert difference.entries[0].added == ("planning",)


def test_a_window_alone_is_a_change() -> None:
    fixed = (ROOT / "topologies" / "three_handoffs.fixed.yaml").read_text(encoding="utf-8")
    difference = both_ways(judged(fixed), judged(fixed, path("order-to-wms", "latency: 5m")))
    (change,) = [one for one in difference.verdicts if one.cell == Cell("wms", "available")]
    assert (change.change, change.trend, change.severity) == ("changed", "worse", None)
    assert change.old is not None
    assert change.new is not None
    assert (change.old.window, change.new.window) == (60, 300)
    assert not difference.worse(("error", "warning", "note"))


def test_a_cell_that_drifts_counts_by_its_role_even_where_no_finding_is_new() -> None:
    old, new = judged(THREE), judged(THREE)
    calm = tuple(one._replace(verdict="converges", drift=None, window=Fraction(1)) for one in old.verdicts)
    difference = both_ways(old._replace(verdicts=calm), new)
    assert difference.findings == ()
    assert {str(one.cell): one.severity for one in difference.verdicts} == {
        "erp.on_hand": "warning",
        "storefront.allocated": "error",
        "storefront.available": "error",
        "wms.allocated": "error",
        "wms.available": "error",
        "wms.on_hand": "error",
    }
    assert difference.worse(("error",))
    assert not both_ways(new, old._replace(verdicts=calm)).worse(("error", "warning", "note"))


def test_undetermined_findings_count_on_demand_only() -> None:
    fixed = (ROOT / "topologies" / "three_handoffs.fixed.yaml").read_text(encoding="utf-8")
    difference = both_ways(judged(fixed), judged(fixed, path("order-to-wms", "handoff: unknown")))
    (change,) = difference.findings
    assert (change.change, change.finding.slug, change.finding.confidence) == ("opened", "dual-write", "undetermined")
    assert not difference.worse(("error", "warning", "note"))
    assert difference.worse(("error",), undetermined=True)
    assert not difference.worse((), undetermined=True)
    assert {one.trend for one in difference.verdicts} == {"worse"}
    assert {one.severity for one in difference.verdicts} == {None}


def test_costs_are_told_where_they_differ() -> None:
    difference = changed("enabled: false")
    assert difference.costs is not None
    assert compare(judged(THREE), judged(THREE)).costs is None
    more = judged(THREE, "replace: true\nvolume: {orders_per_month: 9000}")
    difference = compare(judged(THREE), more)
    assert difference.costs is not None
    assert not difference.empty


def test_findings_are_matched_by_fingerprint_before_anything_else() -> None:
    whole = judged(THREE)
    finding = whole.findings[0]
    twin = finding._replace(fingerprint="0" * 16, message="another cause on the same subject")
    old = whole._replace(findings=(finding, twin))
    new = whole._replace(findings=(twin._replace(severity=cast("Any", "note")), finding))
    (change,) = both_ways(old, new).findings
    assert change.finding.message == twin.message
    assert (change.what, change.trend) == (("severity",), "better")
    assert both_ways(old, whole._replace(findings=(finding,))).findings[0].old == twin


def test_what_is_left_is_matched_ever_less_strictly() -> None:
    """Each of these has another fingerprint in the other map, and is the same finding all the same."""
    whole = judged(THREE)
    (first,) = [one for one in whole.findings if one.slug == "duplicate-delivery" and one.confidence == "confirmed"]
    subject = first.subject
    for other in (
        subject,
        subject._replace(event=None),
        subject._replace(system="erp", quantity="on_hand", event=None),
    ):
        second = first._replace(fingerprint="1" * 16, subject=other, severity=cast("Any", "warning"))
        (change,) = both_ways(whole._replace(findings=(first,)), whole._replace(findings=(second,))).findings
        assert (change.change, change.trend, change.old, change.new) == ("changed", "better", first, second)
    strangers = (
        first._replace(fingerprint="1" * 16, subject=subject._replace(write_path="another")),
        first._replace(fingerprint="1" * 16, slug="dual-write"),
        first._replace(fingerprint="1" * 16, subject=subject._replace(write_path=None, system="another")),
    )
    for stranger in strangers:
        changes = both_ways(whole._replace(findings=(first,)), whole._replace(findings=(stranger,))).findings
        assert [change.change for change in changes] == ["opened", "closed"]


def test_the_closest_match_goes_first() -> None:
    whole = judged(THREE)
    (first,) = [one for one in whole.findings if one.slug == "duplicate-delivery" and one.confidence == "confirmed"]
    subject = first.subject._replace(event="order_captured")
    exact = first._replace(fingerprint="1" * 16, subject=subject)
    loose = first._replace(fingerprint="0" * 16, subject=subject._replace(event="order_cancelled"), drift=None)
    old = whole._replace(findings=(first._replace(subject=subject),))
    (change,) = both_ways(old, whole._replace(findings=(loose, exact))).findings
    assert (change.change, change.new) == ("opened", loose)
    far = loose._replace(subject=subject._replace(event=None, system="erp"))
    near = loose._replace(fingerprint="2" * 16)
    (first_change, second_change) = both_ways(old, whole._replace(findings=(far, near))).findings
    assert (first_change.change, first_change.new) == ("opened", far)
    assert (second_change.change, second_change.new) == ("changed", near)
