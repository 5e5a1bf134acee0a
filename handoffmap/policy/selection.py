"""Which findings a run tells: of which rules, how sure they have to be, and at which severity."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.policy.naming import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from handoffmap.finding import Confidence, Finding, Severity

__all__ = ["EVERYTHING", "Selection", "graded", "selected"]


class Selection(NamedTuple):
    """What is told."""

    codes: frozenset[str] | None = None
    """The rules that are told; None: all."""
    min_confidence: Confidence = "undetermined"
    severities: Mapping[str, Severity] = {}
    """Code -> the severity that the team gives it instead of the rule's own."""

    @property
    def is_all(self) -> bool:
        """Whether every finding is told as it is."""
        return self == EVERYTHING

    def of(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings that are told, in their order, each at the severity that it has here."""
        return tuple(
            finding._replace(severity=self.severities.get(finding.code, finding.severity))
            for finding in findings
            if (self.codes is None or finding.code in self.codes)
            and (self.min_confidence == "undetermined" or finding.confidence == "confirmed")
        )


EVERYTHING = Selection()


def selected(select: Iterable[str], extend: Iterable[str], ignore: Iterable[str], where: str) -> frozenset[str] | None:
    """The codes that are told: those of `select` (all where it is empty) and `extend`, without those of `ignore`.

    None where that is all of them. Raises `UnknownRule` for a name that no rule has.
    """
    chosen = rules_of(select, f"{where} select")
    more = rules_of(extend, f"{where} extend-select")
    less = rules_of(ignore, f"{where} ignore")
    if not chosen and not less:
        return None
    return ((chosen or rules_of(["ALL"], where)) | more) - less


def graded(severity: Mapping[str, Severity], where: str) -> dict[str, Severity]:
    """Code -> severity, from what names of rules are given; of two names for a rule the one that means fewer counts.

    Raises `UnknownRule` for a name that no rule has.
    """
    meant = [(rules_of([name], where), given) for name, given in severity.items()]
    found: dict[str, Severity] = {}
    for codes, given in sorted(meant, key=lambda each: len(each[0]), reverse=True):
        found.update(dict.fromkeys(codes, given))
    return found
