"""What a project makes of the findings while somebody types: its settings and waivers, as `check` takes them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from handoffmap.errors import HandoffmapError
from handoffmap.own.declared import read_rules
from handoffmap.own.judging import with_own_rules
from handoffmap.policy.apply import Policy, apply_policy
from handoffmap.policy.selection import Selection, graded, selected
from handoffmap.policy.settings import Settings, find_settings, read_settings
from handoffmap.rules import take_in
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from datetime import date

    from handoffmap.diagnosis import Report
    from handoffmap.rules import Rule

__all__ = ["as_the_project_takes_it"]


def as_the_project_takes_it(report: Report, folder: Path, today: date) -> Report:
    """The report with waivers, the project's selection and severities, and its rules that are data.

    A baseline is for those who judge a change; who edits sees all that is there. Settings that cannot be understood
    count for nothing here: `check` says what is wrong with them, and an editor without findings would be worse.
    """
    try:
        file = find_settings(folder.resolve())
        settings = Settings() if file is None else read_settings(file)
        own = _own_rules(settings)
        policy = Policy(today=today, selection=_selection(settings))
        if own:
            report = report._replace(diagnoses=tuple(with_own_rules(each, own) for each in report.diagnoses))
    except HandoffmapError:
        policy = Policy(today=today)
    return apply_policy(report, policy)


def _own_rules(settings: Settings) -> tuple[Rule, ...]:
    home = Path(settings.file or "").parent
    texts = ((str(home / name), Source.read(str(home / name)).text) for name in settings.rules)
    own = tuple(rule for file, text in texts for rule in _rules_in(file, text))
    take_in(own)
    return own


@lru_cache(maxsize=16)
def _rules_in(file: str, text: str) -> tuple[Rule, ...]:
    """Made once for each text: they are asked with every letter that somebody types."""
    return tuple(each.rule for each in read_rules(Source(file, text)))


def _selection(settings: Settings) -> Selection:
    where = settings.file or "the settings"
    codes = selected(settings.select, settings.extend_select, settings.ignore, where)
    return Selection(codes, settings.min_confidence, graded(settings.severity, where))
