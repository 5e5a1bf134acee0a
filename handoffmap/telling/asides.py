"""What stands beside the findings at a terminal: what is waived, what is gone from the baseline, and statistics."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from handoffmap.telling.lived_with import time_left
from handoffmap.telling.sanitize import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.diagnosis import Report
    from handoffmap.policy.waiver import Waived
    from handoffmap.telling.pen import Pen

__all__ = ["asides", "say_waived", "statistics"]


def asides(report: Report, pen: Pen) -> Iterator[str]:
    """What is lived with and for how long, and what the baseline holds that is found no more."""
    waived = [each for diagnosis in report.diagnoses for each in diagnosis.waived]
    if waived:
        lines = [pen("strong", "Waived:")]
        ordered = sorted(waived, key=lambda one: (one.days_left, one.finding.code, one.finding.fingerprint))
        lines += (f"  {say_waived(each)}" for each in ordered)
        yield "\n".join((*lines, ""))
    if report.gone:
        lines = [pen("strong", "In the baseline, and found no more:")]
        lines += (f"  {visible(f'{each.code} {each.slug} {each.subject} ({each.file})')}" for each in report.gone)
        yield "\n".join((*lines, ""))


def say_waived(each: Waived) -> str:
    """A waived finding in one line: the rule, what it is about, why it is lived with, and for how long."""
    rule = f"{each.finding.code} {each.finding.slug}"
    return visible(f"{rule} {each.finding.subject}: {each.waiver.reason or ''} ({time_left(each)})")


def statistics(report: Report) -> Iterator[str]:
    """How often each rule speaks, the one that speaks most first."""
    confirmed: Counter[str] = Counter()
    hanging: Counter[str] = Counter()
    for diagnosis in report.diagnoses:
        for finding in diagnosis.findings:
            (confirmed if finding.confidence == "confirmed" else hanging)[f"{finding.code} {finding.slug}"] += 1
    rules = sorted({*confirmed, *hanging}, key=lambda rule: (-confirmed[rule], -hanging[rule], rule))
    if rules:
        lines = [f"{'confirmed':>10}{'undetermined':>14}  rule"]
        lines += (f"{confirmed[rule]:10,}{hanging[rule]:14,}  {rule}" for rule in rules)
        yield "\n".join((*lines, ""))
