"""What is offered holds: applied to the text and judged from the beginning, the finding is gone and none came."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.check import check_paths, check_sources
from handoffmap.reading.shape import TABLES
from handoffmap.remedy.draft import Draft
from handoffmap.remedy.effort import EFFORT, effort_of
from handoffmap.remedy.menu import NEEDS_PEOPLE
from handoffmap.remedy.offer import offers, remedies_for
from handoffmap.remedy.trial import Bench, confirmed
from handoffmap.rules import all_rules
from handoffmap.text.source import Source
from handoffmap.witness import prove_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.remedy.offer import Remedy

    Offered = Callable[[Path], tuple[Bench, dict[str, tuple[Remedy, ...]]]]

ROOT = Path(__file__).parents[2]
NO_MAPS = {"expected.yaml", "end_values.yaml"}
INCIDENTS = sorted(path for path in (ROOT / "tests" / "incidents").rglob("*.yaml") if path.name not in NO_MAPS)
BUNDLED = sorted((ROOT / "topologies").glob("*.yaml"))
MAPS = [*BUNDLED, *INCIDENTS]
WITHOUT = {"hub-stock-to-amazon", "quantity-push"}


def keys(diagnosis: Diagnosis) -> set[str]:
    return set(confirmed(diagnosis))


def with_patch(path: Path, patch: str) -> str:
    """The text of a file with a unified diff applied to it, by hand and strictly."""
    old = path.read_bytes().decode("utf-8").split("\n")
    told = iter(patch.split("\n")[2:])
    new: list[str] = []
    place = 0
    for line in told:
        if line.startswith("@@"):
            start = int(line.split()[1][1:].split(",")[0]) - 1
            new += old[place:start]
            place = start
        elif line[:1] in {" ", "-"}:
            assert old[place] == line[1:]
            place += 1
            new += [line[1:]] if line[0] == " " else []
        elif line[:1] == "+":
            new.append(line[1:])
    return "\n".join([*new, *old[place:]])


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_every_remedy_clears_its_finding_and_brings_no_other(path: Path, offered: Offered) -> None:
    bench, found = offered(path)
    before = keys(bench.before)
    for key, remedies in found.items():
        assert len(remedies) <= 3
        for remedy in remedies:
            text = with_patch(Path(bench.draft.sources[0].name), remedy.difference.patch)
            report = check_sources([Source(str(path), text, path)])
            assert not report.invalid
            after = keys(report.diagnoses[0])
            assert key not in after
            assert after < before
            assert set(remedy.clears) == before - after


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_comments_and_untouched_lines_stay(path: Path, offered: Offered) -> None:
    text = path.read_text(encoding="utf-8")
    comments = [line.partition("#")[2] for line in text.splitlines() if "#" in line]
    _, found = offered(path)
    for remedy in (remedy for remedies in found.values() for remedy in remedies):
        patched = with_patch(path, remedy.difference.patch)
        kept = {line.partition("#")[2] for line in patched.splitlines() if "#" in line}
        gone = [comment for comment in comments if comment not in kept]
        removed = sum(edit.action == "remove" for edit in remedy.edits)
        assert len(gone) <= removed  # a line that is taken out goes with its comment


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_the_witness_of_a_cell_that_comes_right_is_gone(path: Path, offered: Offered) -> None:
    bench, found = offered(path)
    findings = confirmed(bench.before)
    for key, remedies in found.items():
        for remedy in remedies:
            if findings[key].drift is None:
                continue
            draft = bench.draft.changed(remedy.edits)
            right = {verdict.cell for verdict in draft.diagnosis.verdicts if verdict.verdict == "converges"}
            for cell in right & set(remedy.mends):
                proof = prove_cell(draft.topology, cell, cap=2_000)
                ways = {step.path for step in proof.run.steps} if proof.verdict == "drifts" and proof.run else set()
                assert findings[key].subject.write_path is None or findings[key].subject.write_path not in ways


UNMENDED = {("pos_heavy_chain", "set-adjust-mix", "ledger.on_hand")}
"""The counted number booked as a difference is right only when the copy it is taken from is: the plan mends both."""


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_every_finding_of_a_bundled_map_has_a_remedy_or_a_reason(path: Path, offered: Offered) -> None:
    bench, found = offered(path)
    for key, finding in confirmed(bench.before).items():
        assert found[key] or bench.why_not[key]
        if (path.stem, finding.slug, str(finding.subject)) not in UNMENDED:
            assert found[key] or finding.slug in NEEDS_PEOPLE


def test_nearly_every_finding_of_the_incidents_has_a_remedy(offered: Offered) -> None:
    missing = []
    for path in INCIDENTS:
        bench, found = offered(path)
        for key, finding in confirmed(bench.before).items():
            if not found[key] and finding.slug not in NEEDS_PEOPLE:
                missing.append((path.stem, finding.slug, bench.why_not[key]))
    assert len(missing) <= 3, missing


def pages() -> Iterator[tuple[str, str]]:
    """(slug, flagged map) of every rule about valid maps whose page shows a confirmed finding."""
    file = ROOT / "tests" / "rules" / "pages.py"
    spec = importlib.util.spec_from_file_location("_rule_pages", file)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules["_rule_pages"] = module
    spec.loader.exec_module(module)
    for rule in all_rules():
        page = module.page_of(rule.page)
        if rule.code >= "HM010" and page.confidence == "confirmed":
            yield rule.slug, page.flagged


@pytest.mark.parametrize(("slug", "text"), list(pages()), ids=lambda value: value if "\n" not in value else "")
def test_every_rule_has_its_safe_changes(slug: str, text: str) -> None:
    diagnosis = check_sources([Source("map.yaml", text)]).diagnoses[0]
    bench = Bench(Draft(diagnosis.topology, diagnosis))
    for finding in confirmed(diagnosis).values():
        if finding.slug == slug:
            assert offers(bench, finding) or slug in NEEDS_PEOPLE


def test_remedies_are_given_for_what_turns_a_verdict_and_for_nothing_else() -> None:
    diagnosis = check_paths([str(ROOT / "topologies" / "three_handoffs.yaml")]).diagnoses[0]
    found = remedies_for(diagnosis)
    assert list(found) == [key for key, finding in confirmed(diagnosis).items() if finding.drift is not None]
    assert all(found.values())


def test_the_least_effort_comes_first(offered: Offered) -> None:
    for path in BUNDLED:
        for remedies in offered(path)[1].values():
            order = [(remedy.asks > 0, remedy.effort) for remedy in remedies]
            assert order == sorted(order)
            assert all(remedy.effort == effort_of(remedy.edits) for remedy in remedies)


def test_the_effort_table_names_facts_that_exist() -> None:
    tables = {"write_paths": "path", "systems": "system", "events": "event", "controls": "control"}
    for section, fact in EFFORT:
        assert fact == "new" or fact in TABLES[tables[section]].keys
