"""Waivers applied: what a team lives with until a date is taken out of the findings, and waivers are judged themselves.

A waiver needs a reason and an end. One without either waives nothing; one that has ended, that nothing needs any more,
or that names what is not there is told as a finding of its own.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2s
from typing import TYPE_CHECKING

from handoffmap.finding import Finding, Subject
from handoffmap.policy.commented import commented_waivers
from handoffmap.policy.standing import Standing
from handoffmap.policy.waiver import Waived, Waiver
from handoffmap.rules import rules_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.rules import Rule

__all__ = ["apply_waivers"]


def apply_waivers(diagnosis: Diagnosis, today: date) -> Diagnosis:
    """The diagnosis with what is waived on a day set apart, and with the findings about the waivers at its end."""
    waivers = tuple(_waivers_of(diagnosis))
    if not waivers:
        return diagnosis
    standing = [Standing(waiver, diagnosis, today) for waiver in waivers]
    kept: list[Finding] = []
    lived_with: list[Waived] = []
    for finding in diagnosis.findings:
        covering = [each for each in standing if each.covers(finding)]
        for each in covering:
            each.used = True
        holding = next((each for each in covering if each.holds), None)
        if holding is None:
            kept.append(finding)
        else:
            lived_with.append(Waived(finding, holding.waiver, holding.days_left))
    kept.extend(_told_apart(about for each in standing for about in _told(each)))
    asked = {name for finding in kept for name in finding.asks}
    hanging = {name for each in lived_with for name in each.finding.asks} - asked
    questions = diagnosis.questions
    if hanging:
        # What only waived findings hang on is asked last: its answer would change a verdict and no decision.
        ordered = sorted(questions, key=lambda question: question.id in hanging)
        questions = tuple(question._replace(rank=place) for place, question in enumerate(ordered, 1))
    return diagnosis._replace(findings=tuple(kept), waived=tuple(lived_with), questions=questions)


def _told_apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings about waivers that say the same of several places, each with a fingerprint of its own."""
    seen: Counter[str] = Counter()
    for finding in findings:
        twins = seen[finding.fingerprint]
        seen[finding.fingerprint] += 1
        yield finding._replace(fingerprint=_print(finding.fingerprint, str(twins))) if twins else finding


def _waivers_of(diagnosis: Diagnosis) -> Iterator[Waiver]:
    """All waivers of a map: the listed ones first, then the comments of its files in their order."""
    for each in diagnosis.topology.waivers:
        place = each.place.at()
        yield Waiver((each.rule,), place, each.reason, each.until, each.subject, owner=each.owner, ticket=each.ticket)
    for source in diagnosis.topology.sources:
        yield from commented_waivers(source)


def _told(standing: Standing) -> Iterator[Finding]:
    """What has to be said of a waiver: one thing, that of the first rule that speaks."""
    for rule in rules_for("waiver"):
        message = rule.judge(standing)
        if message is not None:
            yield _about(standing.waiver, rule, message)
            return


def _about(waiver: Waiver, rule: Rule, message: str) -> Finding:
    identity = (rule.slug, *waiver.rules, waiver.subject or "", waiver.reason or "", waiver.until or "")
    return Finding(
        code=rule.code,
        slug=rule.slug,
        severity=rule.severity or "warning",
        confidence="confirmed",
        drift=None,
        message=message,
        subject=Subject(),
        location=waiver.location,
        fingerprint=_print(*identity),
        mend=rule.mend,
    )


def _print(*identity: str) -> str:
    return blake2s("\x1f".join(identity).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
