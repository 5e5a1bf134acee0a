"""The examples of a rule written as data, run: the rule has to speak where it is flagged, and be silent elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.check import check_sources
from handoffmap.own.judging import with_own_rules
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.own.declared import DeclaredRule

__all__ = ["failures"]


def failures(declared: DeclaredRule) -> Iterator[str]:
    """What is wrong with the examples of a rule, a sentence each; nothing where all are as they say."""
    if not declared.flagged or not declared.silent:
        yield "needs an example that is `flagged` and one that is `silent`"
    for number, text in enumerate(declared.flagged, 1):
        yield from _told(declared, text, f"flagged example {number}", speaks=True)
    for number, text in enumerate(declared.silent, 1):
        yield from _told(declared, text, f"silent example {number}", speaks=False)


def _told(declared: DeclaredRule, text: str, called: str, *, speaks: bool) -> Iterator[str]:
    report = check_sources([Source(called, text)])
    for _file, problems in report.invalid:
        for problem in problems:
            yield f"{called} is no valid map: line {problem.location.line}: {problem.message}"
    for diagnosis in report.diagnoses:
        found = with_own_rules(diagnosis._replace(findings=()), [declared.rule]).findings
        if speaks and not found:
            yield f"{called} is not flagged"
        if not speaks and found:
            yield f"{called} is flagged: {found[0].message}"
