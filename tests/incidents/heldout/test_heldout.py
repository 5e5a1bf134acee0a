"""Common public patterns, modelled with few facts: the mechanism is flagged, and mended it is gone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from handoffmap.finding import Finding, Subject

HERE = Path(__file__).parent
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))
DEFECTIVE = [name for name, entry in EXPECTED.items() if "flagged" in entry]
MENDED = [name for name in DEFECTIVE if (HERE / f"{name}.fixed.yaml").exists()]
SPARED = [name for name, entry in EXPECTED.items() if "must_not" in entry]
WEIGHT = {None: 0, "transient": 1, "permanent": 2, "divergent": 3}


def findings_of(name: str) -> tuple[Finding, ...]:
    """The findings of one of the maps."""
    check = pytest.importorskip("handoffmap.check", exc_type=ImportError)
    report = check.check_paths([str(HERE / f"{name}.yaml")])
    assert not report.invalid, [finding.message for _, found in report.invalid for finding in found]
    (diagnosis,) = report.diagnoses
    found: tuple[Finding, ...] = diagnosis.findings
    return found


def on_the_spot(name: str, entry: dict[str, Any]) -> list[Finding]:
    """What the expected rules say of the expected paths and cells."""
    return [
        finding
        for finding in findings_of(name)
        if finding.slug in entry["flagged"]
        and any(_names(it, entry) for it in (finding.subject, *(each.subject for each in finding.related)))
    ]


def _names(subject: Subject, entry: dict[str, Any]) -> bool:
    cell = f"{subject.system}.{subject.quantity}"
    return subject.write_path in entry.get("paths", ()) or cell in entry.get("cells", ())


def alarms(name: str, supported: set[str]) -> set[str]:
    """Confirmed errors and warnings that the map does not support."""
    return {
        finding.slug
        for finding in findings_of(name)
        if finding.confidence == "confirmed" and finding.severity != "note" and finding.slug not in supported
    }


def test_every_map_is_expected() -> None:
    maps = {path.stem.removesuffix(".fixed") for path in HERE.glob("*.yaml")} - {"expected"}
    assert maps == set(EXPECTED)


@pytest.mark.parametrize("name", DEFECTIVE)
def test_the_mechanism_is_flagged(name: str) -> None:
    entry = EXPECTED[name]
    found = [finding for finding in on_the_spot(name, entry) if finding.confidence == entry["confidence"]]
    heaviest = max((WEIGHT[finding.drift] for finding in found), default=0)
    right = bool(found) and heaviest <= WEIGHT[entry.get("class", "permanent")]
    if not right and "pending" in entry:
        pytest.xfail(entry["pending"])
    assert right, [(finding.slug, finding.drift, finding.confidence) for finding in on_the_spot(name, entry)]


@pytest.mark.parametrize("name", DEFECTIVE)
def test_nothing_else_is_accused(name: str) -> None:
    entry = EXPECTED[name]
    assert not alarms(name, {*entry["flagged"], *entry.get("also", ())})


@pytest.mark.parametrize("name", MENDED)
def test_mended_it_is_gone(name: str) -> None:
    entry = EXPECTED[name]
    left = on_the_spot(f"{name}.fixed", entry)
    if entry["confidence"] == "confirmed":
        left = [finding for finding in left if finding.confidence == "confirmed"]
    assert not left
    assert not alarms(f"{name}.fixed", set(entry.get("left", ())))


@pytest.mark.parametrize("name", SPARED)
def test_a_sound_map_is_not_accused(name: str) -> None:
    entry = EXPECTED[name]
    if entry["must_not"] == "any":
        # That a built-in event is not listed is a note about the map, and a note makes no map unclean.
        assert not [found for found in findings_of(name) if found.slug != "undocumented-event"]
        return
    accused = alarms(name, set()) & set(entry["must_not"])
    if accused and "pending" in entry:
        pytest.xfail(entry["pending"])
    assert not accused
