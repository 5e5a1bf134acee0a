"""A run as SARIF 2.1.0, as GitHub's code scanning reads it: rules with their pages, findings with full regions.

What GitHub uses of it and what it leaves aside is in its documentation of SARIF support. `security-severity` is left
out on purpose: its presence would turn a count that drifts into a security alert.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from handoffmap import __version__
from handoffmap.rules import find_rule
from handoffmap.telling.everything import told_with_maps
from handoffmap.telling.line_hash import line_hashes
from handoffmap.telling.rule_markdown import rule_markdown
from handoffmap.telling.runs import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from handoffmap.diagnosis import Diagnosis, Report, Witness
    from handoffmap.finding import Finding
    from handoffmap.rules import Rule
    from handoffmap.text.source import Location
    from handoffmap.witness import Step

__all__ = ["render_sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ABOUT = "https://www.tkturners.com/blog/inventory-counts-drifting-across-systems"
"""The article that says what the tool looks for."""
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
"""Severity -> GitHub's word for it."""
_PRECISION = {"confirmed": "very-high", "undetermined": "medium"}
_LONGEST = 1024
"""Characters that GitHub takes of a description."""


def render_sarif(report: Report) -> str:
    """Tell a whole run; the witness of a finding, where the model has been asked, is its code flow."""
    told = list(told_with_maps(report))
    rules = [rule for code in sorted({finding.code for finding, _ in told}) if (rule := find_rule(code)) is not None]
    index = {rule.code: place for place, rule in enumerate(rules)}
    hashes = _line_hashes(report, [finding for finding, _ in told])
    run = {
        "tool": {
            "driver": {
                "name": "handoffmap",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": _ABOUT,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "automationDetails": {"id": "handoffmap/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not report.invalid}],
        "results": [
            _result(finding, diagnosis, rank, index[finding.code], hashes)
            for rank, (finding, diagnosis) in enumerate(told)
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _line_hashes(report: Report, findings: Iterable[Finding]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for finding in findings:
        wanted.setdefault(finding.location.file, set()).add(finding.location.line)
    return {
        (file, line): told
        for file, lines in wanted.items()
        if file in report.sources
        for line, told in line_hashes(report.sources[file].text, frozenset(lines)).items()
    }


def _rule(rule: Rule) -> dict[str, object]:
    severity = rule.severity or "error"
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.slug.split("-")),
        "shortDescription": {"text": rule.summary[:_LONGEST]},
        "fullDescription": {"text": rule.summary[:_LONGEST]},
        "help": {"text": rule.page, "markdown": rule_markdown(rule)},
        "defaultConfiguration": {"level": severity},
        "properties": {
            "tags": [rule.slug, *([rule.premise] if rule.premise else [])],
            "precision": "very-high",
            "problem.severity": _PROBLEM[severity],
        },
    }


def _result(
    finding: Finding, diagnosis: Diagnosis | None, rank: int, rule: int, hashes: Mapping[tuple[str, int], str]
) -> dict[str, object]:
    place = finding.location
    prints = {"handoffmap/v1": finding.fingerprint}
    if (place.file, place.line) in hashes:
        prints["primaryLocationLineHash"] = hashes[place.file, place.line]
    witness = None
    if diagnosis is not None and diagnosis.proved is not None:
        witness = diagnosis.proved.witnesses.get(finding.fingerprint)
    flows = {} if witness is None or diagnosis is None else {"codeFlows": [_flow(witness, diagnosis, finding)]}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity if finding.confidence == "confirmed" else "note",
        "message": {"text": _message(finding)},
        "locations": [{**_location(place), "logicalLocations": _logical(finding)}],
        **_related(finding),
        **flows,
        "partialFingerprints": prints,
        "rank": max(0.0, 100.0 - rank),
        "properties": {
            "slug": finding.slug,
            "confidence": finding.confidence,
            "precision": _PRECISION[finding.confidence],
            "class": finding.drift,
            "premise": finding.premise,
            "asks": list(finding.asks),
        },
    }


def _message(finding: Finding) -> str:
    """What happens, why, and what to change, each a sentence; the first is the title of an alert."""
    hangs = "" if finding.confidence == "confirmed" else f"It hangs on {', '.join(finding.asks)}"
    parts = (finding.message, finding.why, hangs, finding.mend and f"Mend: {finding.mend}")
    return " ".join(_sentence(part) for part in parts if part)


def _sentence(text: str) -> str:
    """A sentence with a capital and a full stop; brackets are plain, not the beginning of a link."""
    plain = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."


def _related(finding: Finding) -> dict[str, list[dict[str, object]]]:
    found: list[dict[str, object]] = []
    for related in finding.related:
        if related.location is not None:
            text = _sentence(f"{related.subject} {related.why}" if any(related.subject) else related.why)
            found.append({"id": len(found) + 1, **_location(related.location), "message": {"text": text}})
    return {"relatedLocations": found} if found else {}


def _logical(finding: Finding) -> list[dict[str, str]]:
    return [{"fullyQualifiedName": str(finding.subject), "kind": "member"}]


def _location(place: Location) -> dict[str, object]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(place.file)},
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        }
    }


def _uri(file: str) -> str:
    """A file as the repository knows it: relative to the working folder if it lies there."""
    path = Path(file)
    if path.is_absolute():
        try:
            return quote(path.relative_to(Path.cwd()).as_posix())
        except ValueError:
            return path.as_uri()
    return quote(path.as_posix())


# -- the witness -----------------------------------------------------------------------------------------------


def _flow(witness: Witness, diagnosis: Diagnosis, finding: Finding) -> dict[str, object]:
    """A run as a thread of steps: where each is stated, and what every cell shows after it."""
    run = witness.run
    first = {
        "location": {**_location(finding.location), "message": {"text": "The start."}},
        "executionOrder": 1,
        "importance": "important",
        "state": {name: {"text": number(value)} for name, value in run.start},
    }
    steps = [_step(step, place, diagnosis, finding) for place, step in enumerate(run.steps, 2)]
    return {"message": {"text": _sentence(run.sentence)}, "threadFlows": [{"locations": [first, *steps]}]}


def _step(step: Step, order: int, diagnosis: Diagnosis, finding: Finding) -> dict[str, object]:
    ought = dict(step.expected)
    state = {}
    for name, value in step.values:
        right = ought.get(name, value)
        state[name] = {"text": number(value) if right == value else f"{number(value)}, ought to be {number(right)}"}
    return {
        "location": {**_location(_stated(step, diagnosis, finding)), "message": {"text": _sentence(step.text)}},
        "executionOrder": order,
        "importance": "essential"
        if any(ought.get(name, value) != value for name, value in step.values)
        else "important",
        "state": state,
    }


def _stated(step: Step, diagnosis: Diagnosis, finding: Finding) -> Location:
    """Where the path or the event of a step is stated; where the finding is, if neither is known."""
    topology = diagnosis.topology
    if step.path is not None and step.path in topology.write_paths:
        return topology.write_paths[step.path].place.at()
    if step.event is not None and step.event in topology.events:
        return topology.events[step.event].place.at()
    return finding.location
