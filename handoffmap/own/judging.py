"""Rules of one's own, asked: what they find joins the findings of a map. One that fails is named, and ends the run."""

from __future__ import annotations

import threading
from hashlib import blake2s
from typing import TYPE_CHECKING, Any

from handoffmap.errors import PluginFailed
from handoffmap.finding import Finding, Subject
from handoffmap.own.found import Found
from handoffmap.priorities.rank import of_those_told
from handoffmap.text.source import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.rules import Rule

__all__ = ["PATIENCE", "with_own_rules"]

PATIENCE = 10.0
"""Seconds that one rule may take for one map: an assumption, a hundred times what a bundled map takes in all."""


def with_own_rules(diagnosis: Diagnosis, rules: Iterable[Rule], patience: float = PATIENCE) -> Diagnosis:
    """The diagnosis with what the rules find at its end.

    Raises `PluginFailed` for a rule that raises, gives what is no `Found`, or takes longer than `patience` seconds.
    """
    found = [_finding(rule, each) for rule in rules for each in _asked(rule, diagnosis, patience)]
    if not found:
        return diagnosis
    findings = (*diagnosis.findings, *found)
    return diagnosis._replace(findings=findings, gaps=of_those_told(diagnosis.gaps, findings))


def _asked(rule: Rule, diagnosis: Diagnosis, patience: float) -> list[Found]:
    """What one rule says, asked in a thread of its own: one that never comes back is left behind."""
    answer: list[Any] = []
    raised: list[BaseException] = []

    def ask() -> None:
        try:
            answer.extend(rule.judge(diagnosis.topology))
        except BaseException as error:  # noqa: BLE001 - whatever somebody else's rule does
            raised.append(error)

    thread = threading.Thread(target=ask, daemon=True, name=rule.slug)
    thread.start()
    thread.join(patience)
    where, hint = (
        f"rule {rule.code} {rule.slug}",
        f"it was asked about {diagnosis.file}; run with --no-plugins without it",
    )
    if thread.is_alive():
        raise PluginFailed(f"has not answered within {patience:g} seconds", where=where, hint=hint)
    if raised:
        told = f"{type(raised[0]).__name__}: {raised[0]}"
        raise PluginFailed(f"raised {told}", where=where, hint=hint) from raised[0]
    for each in answer:
        if not _is_sound(each):
            raise PluginFailed(f"gave {each!r:.60}, which is no Found", where=where, hint=hint)
    return answer


def _is_sound(answer: object) -> bool:
    """Whether an answer is a `Found` with a text and a place, which nobody's type checker may have seen to."""
    if not isinstance(answer, Found):
        return False
    message: object = answer.message
    place: object = answer.location
    return isinstance(message, str) and isinstance(place, Location)


def _finding(rule: Rule, found: Found) -> Finding:
    subject = Subject(found.system, found.quantity, found.event, found.write_path, None, found.control)
    identity = (rule.slug, *(part or "" for part in subject), found.confidence)
    if not any(subject):
        identity = (*identity, found.message)
    return Finding(
        code=rule.code,
        slug=rule.slug,
        severity=rule.severity or "warning",
        confidence=found.confidence,
        drift=None,
        message=found.message,
        subject=subject,
        location=found.location,
        fingerprint=blake2s("\x1f".join(identity).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest(),
        mend=rule.mend,
    )
