"""What a team lives with, in words: each waived finding with why, who says so, and for how long; nothing escaped."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.telling.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.policy.waiver import Waived

__all__ = ["LivedWith", "lived_with", "only_waived", "time_left"]


class LivedWith(NamedTuple):
    """One waived finding and the waiver for which it counts no more."""

    number: str
    """`W1` is the one whose waiver ends first."""
    waived: Waived
    left: str
    """How long the waiver still holds."""
    today: str
    """The day on which it was judged."""


def lived_with(diagnosis: Diagnosis) -> tuple[LivedWith, ...]:
    """The waived findings of a map, the one that will count again first at the top."""
    ordered = sorted(
        diagnosis.waived,
        key=lambda one: (one.days_left, one.finding.code, str(one.finding.subject), one.finding.fingerprint),
    )
    return tuple(LivedWith(f"W{number}", each, time_left(each), _today(each)) for number, each in enumerate(ordered, 1))


def _today(waived: Waived) -> str:
    return str(date.fromisoformat(waived.waiver.until or "") - timedelta(days=waived.days_left))


def time_left(waived: Waived) -> str:
    """`98 days left`; on the last day, that it is that."""
    return f"{count(waived.days_left, 'day')} left" if waived.days_left else "today for the last time"


def only_waived(diagnosis: Diagnosis) -> Mapping[str, str]:
    """Question -> the day to which all that hangs on its answer is waived."""
    if not diagnosis.waived:
        return {}
    counting = {name for finding in diagnosis.findings for name in finding.asks}
    ends: dict[str, str] = {}
    for each in diagnosis.waived:
        for name in each.finding.asks:
            if name not in counting:
                ends[name] = min(filter(None, (ends.get(name), each.waiver.until)))
    return ends
