"""The incidents' topologies as files: all there, cited line by line, mended by what is marked as the fix."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))
TOPOLOGIES = sorted(path for path in HERE.glob("*.yaml") if path.name not in {"expected.yaml", "end_values.yaml"})

# What only gives the file its form says nothing of the system: headings, the name of an entry.
FORM = re.compile(r"(?:\s*[\w-]+:|\s*- id: \S+|handoffmap: 1|name: .*|complete: false|)")
CITED = re.compile(r'(?:title|systems|scope|event|paths\[\d\]|wrong|why): "[^"]+"')


def test_every_incident_has_its_topology_and_its_mended_form() -> None:
    files = {path.name for path in TOPOLOGIES}
    wanted = {f"{name}.yaml" for name in (*EXPECTED["incidents"], *EXPECTED["clean"])}
    wanted |= {f"{name}.fixed.yaml" for name in EXPECTED["incidents"]}
    assert files == wanted


@pytest.mark.parametrize("path", TOPOLOGIES, ids=lambda path: path.stem)
def test_every_fact_says_where_it_comes_from(path: Path) -> None:
    mended = path.stem.endswith(".fixed")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fact, _, comment = line.partition("  # ")
        if line.startswith("#") or (FORM.fullmatch(fact) and not comment):
            continue
        if mended and re.fullmatch(r"fix: \S.*", comment):
            continue
        for citation in comment.split("; "):
            assert CITED.fullmatch(citation), f"{path.name}:{number}: {line}"


@pytest.mark.parametrize("name", EXPECTED["incidents"])
def test_the_mended_form_differs_by_facts_marked_as_the_fix(name: str) -> None:
    before = _facts(HERE / f"{name}.yaml")
    after = _facts(HERE / f"{name}.fixed.yaml")
    assert before != after
    # A path that was missing is cited from the thread, which tells of it; all else that is new is the fix.
    new = [line for line in after if line not in before]
    taken_out = [line for line in before if line not in after]
    assert any("# fix: " in line for line in new) or (taken_out and not new)


@pytest.mark.parametrize("name", EXPECTED["incidents"])
def test_every_mechanism_and_rule_stands_in_the_table(name: str) -> None:
    table = (HERE / "mechanisms.md").read_text(encoding="utf-8")
    entry = EXPECTED["incidents"][name]
    assert f"| {entry['mechanism']} |" in table
    assert all(f"`{slug}`" in table for slug in entry["flagged"])


def test_every_gap_that_is_named_is_told() -> None:
    text = (HERE / "vocabulary_gaps.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| (G\d+) \|", text, re.MULTILINE))
    for group in EXPECTED.values():
        for name, entry in group.items():
            assert set(entry.get("gaps", ())) <= told, name


def _facts(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
