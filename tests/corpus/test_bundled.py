"""The realistic topologies held against expected_verdicts.yaml, written down before the engine existed.

Where the two part, the reason is here: `SETTLED` where the page had it wrong, `OPEN` where the engine has.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from handoffmap.check import check_paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import Subject

HERE = Path(__file__).parent
TOPOLOGIES = HERE.parents[1] / "topologies"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected_verdicts.yaml").read_text("utf-8"))

# (file, what the page says) -> what is right instead, and why.
SETTLED: dict[tuple[str, str], tuple[str | None, str]] = {
    ("mid_market_omnichannel", "manual-override launch-sheet-to-shop"): (
        "stale-write-back launch-sheet-to-shop",
        "`base: cached` is stated, and names what goes wrong more narrowly than the hand that does it",
    ),
    ("pos_heavy_chain", "manual-override store-correction"): (
        None,
        "the manager books in the record itself, once and in one transaction, and it flows on from there",
    ),
    ("marketplace_first", "lost-delivery ebay-order-to-hub"): (
        "unwatched-dead-letter ebay-order-to-hub",
        "retries that end with no dead letter behind them are told by the rule on dead letters",
    ),
    ("discovery_week_one", "webshop.available"): (
        "drifts",
        "it takes whole values from erp.available, which drifts whatever the open questions are answered",
    ),
    ("discovery_week_one", "marketplace_a.available"): ("drifts", "as webshop.available"),
}

# (file, what the page says) -> why the engine does not say it yet, although it should.
OPEN: dict[tuple[str, str], str] = {}


def cases(part: str) -> list[Any]:
    """(file, expectation) for each entry under a key of the page, marked where the engine is behind."""
    found = []
    for file, page in EXPECTED.items():
        stem = file.removesuffix(".yaml")
        entries = page[part].items() if part == "cells" else page[part]
        for entry in entries:
            name = entry[0] if part == "cells" else " ".join(entry)
            marks = [pytest.mark.xfail(reason=OPEN[stem, name])] if (stem, name) in OPEN else []
            found.append(pytest.param(stem, *entry, id=f"{stem}-{name}", marks=marks))
    return found


def diagnosis_of(stem: str) -> Diagnosis:
    if stem not in _DIAGNOSES:
        report = check_paths([str(TOPOLOGIES / f"{stem}.yaml")])
        assert not report.invalid, [found.message for _, problems in report.invalid for found in problems]
        (_DIAGNOSES[stem],) = report.diagnoses
    return _DIAGNOSES[stem]


_DIAGNOSES: dict[str, Diagnosis] = {}


def names(subject: Subject) -> set[str | None]:
    cell = f"{subject.system}.{subject.quantity}" if subject.system and subject.quantity else None
    return {cell, subject.write_path, subject.control}


def found(stem: str, slug: str, subject: str, confidence: str = "confirmed") -> bool:
    """Whether there is such a finding, on the subject or related to it."""
    return any(
        any(subject in names(one) for one in (finding.subject, *(other.subject for other in finding.related)))
        for finding in diagnosis_of(stem).findings
        if finding.slug == slug and finding.confidence == confidence
    )


@pytest.mark.parametrize(("stem", "cell", "expected"), cases("cells"))
def test_the_verdict_is_the_expected_one(stem: str, cell: str, expected: str) -> None:
    expected = SETTLED.get((stem, cell), (expected, ""))[0] or expected
    (verdict,) = [each for each in diagnosis_of(stem).verdicts if str(each.cell) == cell]
    told = {verdict.verdict, verdict.drift} if verdict.verdict == "drifts" else {verdict.verdict}
    assert expected in told


@pytest.mark.parametrize("file", EXPECTED)
def test_every_cell_that_expects_something_has_an_expectation(file: str) -> None:
    diagnosis = diagnosis_of(file.removesuffix(".yaml"))
    cells = {
        f"{system.id}.{quantity}"
        for system in diagnosis.topology.systems.values()
        for quantity, holding in system.holds.items()
        if holding.role != "consumer"
    }
    assert cells == set(EXPECTED[file]["cells"])
    assert cells <= {str(verdict.cell) for verdict in diagnosis.verdicts}


@pytest.mark.parametrize(("stem", "slug", "subject"), cases("placed"))
def test_what_was_placed_is_found(stem: str, slug: str, subject: str) -> None:
    right, reason = SETTLED.get((stem, f"{slug} {subject}"), (f"{slug} {subject}", ""))
    if right is None:
        assert not found(stem, slug, subject), reason
    else:
        assert found(stem, *right.split(" "))


@pytest.mark.parametrize(("stem", "fact", "path"), cases("open"))
def test_what_is_open_is_asked(stem: str, fact: str, path: str) -> None:
    asked = [each.fact for each in diagnosis_of(stem).questions if each.subject.write_path == path]
    assert any(each == fact or each.endswith(f".{fact}") for each in asked), asked


@pytest.mark.parametrize("path", sorted(TOPOLOGIES.glob("*.yaml")), ids=lambda path: path.stem)
def test_findings_are_frozen(as_in_golden: Callable[..., None], path: Path) -> None:
    code = 0 if path.stem == "three_handoffs.fixed" else 1
    file = f"topologies/{path.name}"
    as_in_golden(f"{path.stem}.concise", "check", file, "--output-format", "concise", code=code)


def test_everything_settled_or_open_is_of_the_page() -> None:
    pages = {
        (file.removesuffix(".yaml"), name)
        for file, page in EXPECTED.items()
        for name in (*page["cells"], *map(" ".join, page["placed"]), *map(" ".join, page["open"]))
    }
    assert set(SETTLED) <= pages
    assert set(OPEN) <= pages
