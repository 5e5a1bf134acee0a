"""One map → **its record**: the same in this process and in a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.check import check_sources
from handoffmap.estate.record import record_of
from handoffmap.estate.way import ways_of

if TYPE_CHECKING:
    from handoffmap.estate.record import Record
    from handoffmap.rules import Rule
    from handoffmap.text.source import Source

__all__ = ["judged"]


def judged(root: Source, rules: tuple[Rule, ...], *, whole: bool) -> Record:
    """Judge one map, by a team's own rules too. Raises `PluginFailed` where one of those fails."""
    report = check_sources([root])
    if rules:
        from handoffmap.own.judging import with_own_rules

        report = report._replace(diagnoses=tuple(with_own_rules(each, rules) for each in report.diagnoses))
    return record_of(report, root, ways_of(root, report.sources.values()), whole=whole)
