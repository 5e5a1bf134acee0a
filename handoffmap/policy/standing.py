"""A waiver on a day: whether it holds, and what the rules about waivers ask of it."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from handoffmap.policy.naming import rules_named
from handoffmap.policy.waiver import names_of

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import Finding
    from handoffmap.policy.waiver import Waiver

__all__ = ["Standing"]


class Standing:
    """What a waiver comes to for one map on one day."""

    def __init__(self, waiver: Waiver, diagnosis: Diagnosis, today: date) -> None:
        self.waiver = waiver
        self.used = False
        """Whether there is anything that it would waive if it held."""
        self.end = _day(waiver.until)
        self.days_left = 0 if self.end is None else (self.end - today).days
        self._codes = frozenset(code for name in waiver.rules for code in rules_named(name))
        self._diagnosis = diagnosis

    @property
    def is_complete(self) -> bool:
        """Whether it has a reason and an end."""
        return bool(self.waiver.reason) and self.end is not None

    @property
    def holds(self) -> bool:
        """Whether what it covers is waived today."""
        return self.is_complete and self.days_left >= 0

    @property
    def names_a_rule(self) -> bool:
        """Whether any rule has one of its names."""
        return bool(self._codes)

    @property
    def names_a_subject(self) -> bool:
        """Whether anything in the map has a name that its subject meets; a comment needs none."""
        pattern = self.waiver.subject
        if pattern is None:
            return True
        told = (name for finding in self._diagnosis.findings for name in names_of(finding))
        return any(fnmatchcase(name, pattern) for names in (self._diagnosis.stated, told) for name in names)

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is one of those that it is about."""
        return finding.code in self._codes and self.waiver.covers(finding)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None
