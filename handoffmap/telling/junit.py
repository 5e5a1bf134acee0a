"""A run as JUnit XML, as the Jenkins and GitLab test views read it: a case for each rule and subject, no name twice.

A finding at the threshold is a failure, one below it or one that hangs on a question is skipped with its text. What
holds has passed: a rule with nothing to say about a map, and a cell that must agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from handoffmap.rules import all_rules
from handoffmap.telling.sanitize import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.diagnosis import Diagnosis, Report
    from handoffmap.finding import Finding
    from handoffmap.policy.gate import Gate

__all__ = ["render_junit"]


class _Case(NamedTuple):
    kind: str
    name: str
    outcome: str
    """failure | skipped | error | passed"""
    head: str = ""
    body: str = ""


def render_junit(report: Report, gate: Gate) -> str:
    """Tell a whole run, a suite for each file."""
    suites = [(file, [_broken(problem) for problem in problems]) for file, problems in report.invalid]
    suites += [(diagnosis.file, list(_cases(diagnosis, gate))) for diagnosis in report.diagnoses]
    suites.sort(key=lambda suite: suite[0])
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for file, cases in suites:
        lines += _suite(file, cases)
    return "\n".join((*lines, "</testsuites>")) + "\n"


def _cases(diagnosis: Diagnosis, gate: Gate) -> Iterator[_Case]:
    """The findings in order, the rules that are silent, and the cells that must agree."""
    said = {finding.code for finding in diagnosis.findings}
    for finding in diagnosis.findings:
        outcome = "failure" if gate.stops(finding) else "skipped"
        yield _Case(f"{finding.code} {finding.slug}", str(finding.subject), outcome, finding.message, _body(finding))
    for rule in all_rules():
        if rule.code not in said:
            yield _Case(f"{rule.code} {rule.slug}", "the whole map", "passed")
    for verdict in diagnosis.verdicts:
        if verdict.verdict == "converges":
            yield _Case("converges", str(verdict.cell), "passed")


def _broken(problem: Finding) -> _Case:
    return _Case(f"{problem.code} {problem.slug}", str(problem.subject), "error", problem.message, _body(problem))


def _body(finding: Finding) -> str:
    """The place, which not every reader of JUnit takes from an attribute, and what the text form says below it."""
    place = finding.location
    parts = [f"{place.file}:{place.line}:{place.column}: {finding.severity}: {finding.message}"]
    if finding.why:
        parts.append(f"why: {finding.why}")
    if finding.confidence != "confirmed":
        parts.append(f"hangs on: {', '.join(finding.asks)}")
    if finding.mend:
        parts.append(f"mend: {finding.mend}")
    return "\n".join(parts)


def _suite(file: str, cases: list[_Case]) -> Iterator[str]:
    counts = {word: sum(case.outcome == word for case in cases) for word in ("failure", "error", "skipped")}
    yield (
        f'  <testsuite name={_attribute(file)} tests="{len(cases)}" failures="{counts["failure"]}" '
        f'errors="{counts["error"]}" skipped="{counts["skipped"]}" time="0">'
    )
    seen: dict[tuple[str, str], int] = {}
    for case in cases:
        seen[case[:2]] = seen.get(case[:2], 0) + 1
        again = seen[case[:2]]
        yield from _case(file, case, case.name if again == 1 else f"{case.name} ({again})")
    yield "  </testsuite>"


def _case(file: str, case: _Case, name: str) -> Iterator[str]:
    """One case; the name is that of the file, too, since a run over many is one list to most readers."""
    head = f'    <testcase classname={_attribute(case.kind)} name={_attribute(f"{file}: {name}")} time="0"'
    if case.outcome == "passed":
        yield f"{head}/>"
        return
    yield f"{head}>"
    # Some schemas allow no message at a skipped case; its body says the same.
    facts = "" if case.outcome == "skipped" else f" type={_attribute(case.kind)} message={_attribute(case.head)}"
    yield f"      <{case.outcome}{facts}>{escape(_plain(case.body))}</{case.outcome}>"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(visible(text))


def _plain(text: str) -> str:
    """The text with nothing in it that XML cannot hold."""
    return "\n".join(visible(line) for line in text.split("\n"))
