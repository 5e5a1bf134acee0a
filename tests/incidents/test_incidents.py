"""Public incidents through the whole pipeline: the true mechanism is flagged, and mended it is gone.

Run as a program, this file prints the table: stated, expressible, found, false alarms, facts left unknown.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import Finding, Subject

HERE = Path(__file__).parent
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))
INCIDENTS = EXPECTED["incidents"]
CLEAN = EXPECTED["clean"]

# The facts that somebody would be asked for in a full description; the rest matters here and there only.
CELL_FACTS = ("role", "unit", "locations")
PATH_FACTS = (
    "events", "trigger", "payload", "op", "maps", "delivery", "order", "ack", "guard", "dedupe", "handoff",
    "retry", "dead_letter", "latency",
)  # fmt: skip


# ── what the engine says ──────────────────────────────────────────────────────────────────────────


def findings_of(path: Path) -> tuple[Finding, ...]:
    """The findings of one valid topology. The one place that knows the engine's interface."""
    check = pytest.importorskip("handoffmap.check", exc_type=ImportError)
    report = check.check_paths([str(path)])
    assert not report.invalid, [finding.message for _, found in report.invalid for finding in found]
    (diagnosis,) = report.diagnoses
    found: tuple[Finding, ...] = diagnosis.findings
    return found


def concerns(finding: Finding, entry: dict[str, Any]) -> bool:
    """Whether subject or related name one of the entry's paths or cells; an entry without them takes any."""
    if not (entry.get("paths") or entry.get("cells")):
        return True
    subjects = (finding.subject, *(related.subject for related in finding.related))
    return any(_names(subject, entry) for subject in subjects)


def _names(subject: Subject, entry: dict[str, Any]) -> bool:
    cell = f"{subject.system}.{subject.quantity}"
    return subject.write_path in entry.get("paths", ()) or cell in entry.get("cells", ())


def true_findings(path: Path, entry: dict[str, Any]) -> list[Finding]:
    """The findings that name the true mechanism on the true subject."""
    return [found for found in findings_of(path) if found.slug in entry["flagged"] and concerns(found, entry)]


def allowed(entry: dict[str, Any]) -> set[str]:
    """The confidences that are right for an entry."""
    words = entry["confidence"]
    return {words} if isinstance(words, str) else set(words)


def false_alarms(path: Path, entry: dict[str, Any]) -> list[str]:
    """Confirmed errors and warnings that the thread does not support. Notes are no alarms."""
    mended = path.stem.endswith(".fixed")
    supported = set(entry.get("left", ())) if mended else {*entry.get("flagged", ()), *entry.get("also", ())}
    return sorted(
        {
            found.slug
            for found in findings_of(path)
            if found.confidence == "confirmed" and found.severity != "note" and found.slug not in supported
        }
    )


# ── tests ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", INCIDENTS)
def test_the_true_mechanism_is_flagged(name: str) -> None:
    entry = INCIDENTS[name]
    found = true_findings(HERE / f"{name}.yaml", entry)
    if not found and "pending" in entry:
        pytest.xfail(entry["pending"])
    assert found, f"{entry['mechanism']}: none of {entry['flagged']}"
    assert {finding.confidence for finding in found} & allowed(entry)


@pytest.mark.parametrize("name", INCIDENTS)
def test_mended_the_true_mechanism_is_gone(name: str) -> None:
    entry = INCIDENTS[name]
    left = true_findings(HERE / f"{name}.fixed.yaml", entry)
    if allowed(entry) != {"undetermined"}:
        left = [finding for finding in left if finding.confidence == "confirmed"]
    assert not left, [finding.message for finding in left]


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_one_is_not_accused_of_what_it_rules_out(name: str) -> None:
    entry = CLEAN[name]
    accused = [
        finding.message
        for finding in findings_of(HERE / f"{name}.yaml")
        if finding.confidence == "confirmed" and finding.slug in entry["must_not"] and concerns(finding, entry)
    ]
    if accused and "pending" in entry:
        pytest.xfail(entry["pending"])
    assert not accused


@pytest.mark.parametrize("name", [*INCIDENTS, *CLEAN])
def test_no_false_alarm_joins_the_known_ones(name: str) -> None:
    entry = (INCIDENTS | CLEAN)[name]
    known = set(entry.get("alarms", ()))
    assert set(false_alarms(HERE / f"{name}.yaml", entry)) <= known
    if name in INCIDENTS:
        assert set(false_alarms(HERE / f"{name}.fixed.yaml", entry)) <= known


# ── the table ─────────────────────────────────────────────────────────────────────────────────────


class Row(NamedTuple):
    """One incident's line of the table."""

    name: str
    mechanism: str
    stated: int
    expressible: int
    found: str
    false: tuple[str, ...]
    false_when_mended: tuple[str, ...]
    unknown: float


def rows() -> Iterator[Row]:
    """The table's lines, the clean ones last."""
    for name, entry in (INCIDENTS | CLEAN).items():
        path = HERE / f"{name}.yaml"
        expressible = _cited(path)
        yield Row(
            name,
            entry.get("mechanism", "clean"),
            expressible + len(entry.get("gaps", ())),
            expressible,
            _found(path, entry),
            tuple(false_alarms(path, entry)),
            tuple(false_alarms(HERE / f"{name}.fixed.yaml", entry)) if name in INCIDENTS else (),
            _unknown_share(path),
        )


def incident_table() -> str:
    """The table in Markdown."""
    lines = [
        "| id | mechanism | stated | expressible | found | false alarms | when mended | facts left unknown |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.name} | {row.mechanism} | {row.stated} | {row.expressible} | {row.found} | "
        f"{', '.join(row.false) or '-'} | {', '.join(row.false_when_mended) or '-'} | {row.unknown:.0%} |"
        for row in rows()
    ]
    return "\n".join(lines) + "\n"


def _found(path: Path, entry: dict[str, Any]) -> str:
    if "flagged" not in entry:
        accused = [slug for slug in false_alarms(path, entry) if slug in entry["must_not"]]
        return f"accused: {', '.join(accused)}" if accused else "clean"
    found = sorted({f"{finding.slug} ({finding.confidence})" for finding in true_findings(path, entry)})
    if found:
        return ", ".join(found)
    return "MISSED" if entry["issue"] == 2 else "issue 3"


def _cited(path: Path) -> int:
    """The facts that are declared: each has its citation on its line."""
    return len(re.findall(r'  # [\w\[\]]+: "', path.read_text(encoding="utf-8")))


def _unknown_share(path: Path) -> float:
    """How many of the facts that one would ask for are not in the file."""
    topology = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = total = 0
    for system in topology["systems"].values():
        holds = system.get("holds", {})
        cells = list(holds.values()) if isinstance(holds, dict) else [{} for _ in holds]
        total += 1 + len(CELL_FACTS) * len(cells)
        known += ("item_key" in system) + sum(fact in cell for cell in cells for fact in CELL_FACTS)
    for write_path in topology["write_paths"]:
        total += len(PATH_FACTS)
        known += sum(fact in write_path for fact in PATH_FACTS)
    return 1 - known / total


if __name__ == "__main__":
    sys.stdout.write(incident_table())
