"""Which findings make a run fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from handoffmap.finding import Finding, Severity

__all__ = ["THRESHOLDS", "Gate"]

THRESHOLDS = ("error", "warning", "note", "never")
_SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error")


class Gate(NamedTuple):
    """The threshold at which a run fails; the same for every command and every format."""

    fail_on: str = "error"
    """One of `THRESHOLDS`."""
    strict: bool = False
    """Whether undetermined findings count, too."""

    @property
    def failing(self) -> tuple[Severity, ...]:
        """The severities that count."""
        return () if self.fail_on == "never" else _SEVERITIES[_SEVERITIES.index(self.fail_on) :]

    def stops(self, finding: Finding) -> bool:
        """Whether a finding makes a run fail."""
        return finding.severity in self.failing and (self.strict or finding.confidence == "confirmed")
