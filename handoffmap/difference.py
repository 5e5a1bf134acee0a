"""Two diagnoses → **what differs between them**, by meaning: where things stand in a file does not matter.

Findings are matched by their fingerprints, and those that are left by rule and subject, ever less strictly: a finding
that has become graver, or that touches one more cell, is the same finding changed and not one closed and one opened.
Everything here is symmetric: what opens from one map to the other closes on the way back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import CellVerdict, Finding, Question, Severity
    from handoffmap.model import Cell
    from handoffmap.policy.waiver import Waived
    from handoffmap.priorities.estimate import Costs

__all__ = ["CellChange", "Difference", "FindingChange", "MapChange", "Trend", "compare"]

Trend = Literal["worse", "better", "same"]
Change = Literal["opened", "closed", "changed", "added", "removed"]


class CellChange(NamedTuple):
    """One cell whose verdict, class or window differs, or that only one of the maps has."""

    cell: Cell
    change: Change
    """`opened`: it drifts now and did not. `closed`: the other way round. `added`, `removed`: it does not drift."""
    trend: Trend
    old: CellVerdict | None
    new: CellVerdict | None
    severity: Severity | None
    """How grave the drift of the new map is; None where the cell does not drift there, or all of it is lived with."""


class FindingChange(NamedTuple):
    """One finding that was opened, closed, or is there in both maps and not the same."""

    change: Literal["opened", "closed", "changed"]
    trend: Trend
    old: Finding | None
    new: Finding | None
    what: tuple[str, ...] = ()
    """What has changed: `confidence`, `severity`, `class`, `direction`, `window`, `subject`, `cells`, `events`,
    `waiver`."""
    waived: Waived | None = None
    """The waiver under which it is lived with now; it is then no worse than before, whatever has changed."""

    @property
    def finding(self) -> Finding:
        """The finding as it is now; one that is closed, as it was."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - one of the two is always there
        return found


class MapChange(NamedTuple):
    """Entries of one section that only one of the maps has, by id."""

    section: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


class Difference(NamedTuple):
    """All that differs between two diagnoses. Empty parts mean that nothing does."""

    old: Diagnosis
    new: Diagnosis
    entries: tuple[MapChange, ...]
    verdicts: tuple[CellChange, ...]
    findings: tuple[FindingChange, ...]
    opened_questions: tuple[Question, ...]
    closed_questions: tuple[Question, ...]
    scorecard: tuple[tuple[str, str | None, str | None], ...]
    """(control, old standing, new standing) for those of the three controls that stand otherwise."""
    costs: tuple[Costs, Costs] | None
    """The estimates of both maps where they differ; they compare only if their modes are the same."""
    unchanged: int
    """Findings that are there in both and the same."""

    @property
    def empty(self) -> bool:
        """Whether both maps come to the same."""
        told = (self.entries, self.verdicts, self.findings, self.opened_questions, self.closed_questions)
        return not any(told) and not self.scorecard and self.costs is None

    def worse(self, severities: Sequence[str], *, undetermined: bool = False) -> bool:
        """Whether a finding or a cell of such a severity is new or graver; `undetermined` findings count on demand."""
        found = any(
            one.trend == "worse"
            and one.finding.severity in severities
            and (undetermined or one.finding.confidence == "confirmed")
            for one in self.findings
        )
        return found or any(one.trend == "worse" and one.severity in severities for one in self.verdicts)


def compare(old: Diagnosis, new: Diagnosis) -> Difference:
    """What has changed from one diagnosis to the other, the graver changes first."""
    findings, unchanged = _findings(old, new)
    asked_before, asked_now = _questions(old), _questions(new)
    return Difference(
        old=old,
        new=new,
        entries=tuple(_entries(old, new)),
        verdicts=_verdicts(old, new),
        findings=findings,
        opened_questions=tuple(one for key, one in asked_now.items() if key not in asked_before),
        closed_questions=tuple(one for key, one in asked_before.items() if key not in asked_now),
        scorecard=_scorecard(old, new),
        costs=None if _same_costs(old.costs, new.costs) else (old.costs, new.costs),
        unchanged=unchanged,
    )


# -- cells ---------------------------------------------------------------------------------------------------

_VERDICTS = {"converges": 0, "undetermined": 1, "drifts": 2}
_CLASSES = {None: 0, "transient": 0, "permanent": 1, "divergent": 2}
_SEVERITIES: dict[str | None, int] = {None: 0, "note": 1, "warning": 2, "error": 3}
_CHANGES = {"opened": 0, "changed": 1, "added": 2, "closed": 3, "removed": 4}
_TRENDS = {"worse": 0, "same": 1, "better": 2}


def _verdicts(old: Diagnosis, new: Diagnosis) -> tuple[CellChange, ...]:
    before = {verdict.cell: verdict for verdict in old.verdicts}
    now = {verdict.cell: verdict for verdict in new.verdicts}
    lived_with = _lived_with(new)
    changes = []
    for cell in sorted(before.keys() | now.keys()):
        first, second = before.get(cell), now.get(cell)
        if first is not None and second is not None and first[1:4] == second[1:4]:
            continue
        change = _change(first, second)
        drifts = second is not None and second.verdict == "drifts" and cell not in lived_with
        severity = _severity(second, new) if second is not None and drifts else None
        changes.append(CellChange(cell, change, _trend_of_cell(first, second), first, second, severity))
    changes.sort(key=lambda one: (_CHANGES[one.change], _TRENDS[one.trend], -_SEVERITIES[one.severity], one.cell))
    return tuple(changes)


def _lived_with(diagnosis: Diagnosis) -> frozenset[Cell]:
    """The drifting cells of which all that makes them drift is waived, in themselves and upstream."""
    if not diagnosis.waived:
        return frozenset()
    counting = {each.fingerprint for each in diagnosis.findings if each.confidence == "confirmed" and each.drift}
    drifting = {verdict.cell: verdict for verdict in diagnosis.verdicts if verdict.verdict == "drifts"}
    waived = {each.finding.fingerprint for each in diagnosis.waived}
    held = {
        cell
        for cell, verdict in drifting.items()
        if counting.isdisjoint(verdict.findings) and (verdict.upstream or not waived.isdisjoint(verdict.findings))
    }
    fed: dict[Cell, list[Cell]] = {}
    for cell in held:
        for one in drifting[cell].upstream:
            fed.setdefault(one, []).append(cell)
    waiting = [cell for cell in drifting if cell not in held]
    while waiting:  # what is fed by a cell that counts, counts
        for cell in fed.get(waiting.pop(), ()):
            if cell in held:
                held.remove(cell)
                waiting.append(cell)
    return frozenset(held)


def _change(old: CellVerdict | None, new: CellVerdict | None) -> Change:
    drifted = old is not None and old.verdict == "drifts"
    drifts = new is not None and new.verdict == "drifts"
    if drifts != drifted:
        return "opened" if drifts else "closed"
    if old is None:
        return "added"
    return "removed" if new is None else "changed"


def _trend_of_cell(old: CellVerdict | None, new: CellVerdict | None) -> Trend:
    """A cell that is not there is as good as one that converges at once."""
    return _trend(_gravity(old), _gravity(new))


def _gravity(verdict: CellVerdict | None) -> tuple[object, ...]:
    if verdict is None or (verdict.verdict == "converges" and not verdict.window):
        return (0, 0, False, 0)
    unbounded = verdict.window is None and verdict.verdict == "drifts"
    return (_VERDICTS[verdict.verdict], _CLASSES[verdict.drift], unbounded, verdict.window or 0)


def _severity(verdict: CellVerdict, diagnosis: Diagnosis) -> Severity:
    """As a finding would be graded: an error where the drift stays, in a record or in what promises stock."""
    graph = diagnosis.graph
    decides = graph.cells[verdict.cell].role == "authoritative" or verdict.cell.system in graph.allocators
    return "error" if decides and verdict.drift in {"permanent", "divergent"} else "warning"


def _trend(old: tuple[object, ...], new: tuple[object, ...]) -> Trend:
    if old == new:
        return "same"
    return "worse" if list(new) > list(old) else "better"


# -- findings ------------------------------------------------------------------------------------------------


def _by_fingerprint(finding: Finding) -> Hashable:
    return (finding.slug, finding.fingerprint)


def _by_subject(finding: Finding) -> Hashable:
    return (finding.slug, finding.subject)


def _by_all_but_the_event(finding: Finding) -> Hashable:
    return (finding.slug, finding.subject._replace(event=None))


def _by_path(finding: Finding) -> Hashable:
    subject = finding.subject
    if subject.write_path is None and subject.control is None:
        return None
    return (finding.slug, subject.write_path, subject.control, subject.field)


_MATCHES: tuple[Callable[[Finding], Hashable], ...] = (_by_fingerprint, _by_subject, _by_all_but_the_event, _by_path)
"""What makes two findings the same one, the strictest first; None matches nothing."""


def _findings(old: Diagnosis, new: Diagnosis) -> tuple[tuple[FindingChange, ...], int]:
    """The changes in order, and how many findings are there in both and the same."""
    waived_then, waived_now = ({each.finding.fingerprint: each for each in one.waived} for one in (old, new))
    left, right = _there(old), _there(new)
    changes: list[FindingChange] = []
    unchanged = 0
    for key_of in _MATCHES:
        pairs, left, right = _pairs(left, right, key_of)
        for first, second in pairs:
            what = tuple(name for name, look in _LOOKS.items() if look(first) != look(second))
            trend = _trend(_weight(first), _weight(second))
            waived = waived_now.get(second.fingerprint)
            if (first.fingerprint in waived_then) is (waived is None):
                what = (*what, "waiver")
                trend = "worse" if waived is None else "better"
            if what:
                trend = "same" if waived is not None and trend == "worse" else trend
                changes.append(FindingChange("changed", trend, first, second, what, waived))
            else:
                unchanged += 1
    place = {id(finding): number for number, finding in enumerate((*_there(new), *_there(old)))}
    for finding in right:
        waived = waived_now.get(finding.fingerprint)
        changes.append(FindingChange("opened", "worse" if waived is None else "same", None, finding, (), waived))
    changes += (FindingChange("closed", "better", finding, None) for finding in left)
    changes.sort(
        key=lambda one: (_CHANGES[one.change], _TRENDS[one.trend], _is_open(one.finding), place[id(one.finding)])
    )
    return tuple(changes), unchanged


def _there(diagnosis: Diagnosis) -> list[Finding]:
    """All findings of a map: what is waived is there as well."""
    return [*diagnosis.findings, *(each.finding for each in diagnosis.waived)]


def _is_open(finding: Finding) -> bool:
    return finding.confidence != "confirmed"


def _pairs(
    left: Sequence[Finding], right: Sequence[Finding], key_of: Callable[[Finding], Hashable]
) -> tuple[list[tuple[Finding, Finding]], list[Finding], list[Finding]]:
    """Findings of both sides that share a key, in the order of their names; and those that are left over."""
    waiting: dict[Hashable, list[Finding]] = {}
    for finding in sorted(left, key=_name):
        waiting.setdefault(key_of(finding), []).append(finding)
    waiting.pop(None, None)
    pairs = []
    matched: set[int] = set()
    for finding in sorted(right, key=_name):
        same = waiting.get(key_of(finding))
        if same:
            first = same.pop(0)
            pairs.append((first, finding))
            matched |= {id(first), id(finding)}
    left, right = ([finding for finding in side if id(finding) not in matched] for side in (left, right))
    return pairs, left, right


def _name(finding: Finding) -> tuple[str, str, str]:
    return finding.confidence, finding.fingerprint, finding.message


_LOOKS: Mapping[str, Callable[[Finding], object]] = {
    "confidence": lambda one: one.confidence,
    "severity": lambda one: one.severity,
    "class": lambda one: one.drift,
    "direction": lambda one: one.direction,
    "window": lambda one: one.window,
    "subject": lambda one: one.subject._replace(event=None),
    "cells": lambda one: frozenset(one.cells),
    "events": lambda one: frozenset(one.events),
}


def _weight(finding: Finding) -> tuple[object, ...]:
    transient = finding.drift == "transient"
    return (
        finding.confidence == "confirmed",
        _SEVERITIES[finding.severity],
        -1 if finding.drift is None else _CLASSES[finding.drift],
        transient and finding.window is None,
        finding.window or 0,
        len(finding.cells),
        len(finding.events),
    )


# -- what else is told ---------------------------------------------------------------------------------------


def _entries(old: Diagnosis, new: Diagnosis) -> Iterable[MapChange]:
    before, now = old.topology, new.topology
    sections: tuple[tuple[str, Mapping[str, object], Mapping[str, object]], ...] = (
        ("systems", before.systems, now.systems),
        ("events", before.events, now.events),
        ("write_paths", before.write_paths, now.write_paths),
        ("controls", before.controls or {}, now.controls or {}),
        ("quantities", before.quantities, now.quantities),
    )
    for section, first, second in sections:
        added, removed = sorted(second.keys() - first.keys()), sorted(first.keys() - second.keys())
        if added or removed:
            yield MapChange(section, tuple(added), tuple(removed))


def _questions(diagnosis: Diagnosis) -> dict[Hashable, Question]:
    return {(question.subject, question.fact): question for question in diagnosis.questions}


def _scorecard(old: Diagnosis, new: Diagnosis) -> tuple[tuple[str, str | None, str | None], ...]:
    before = {control: standing for control, standing, _ in old.scorecard}
    now = {control: standing for control, standing, _ in new.scorecard}
    names = dict.fromkeys((*before, *now))
    return tuple((name, before.get(name), now.get(name)) for name in names if before.get(name) != now.get(name))


def _same_costs(old: Costs, new: Costs) -> bool:
    return (old.mode, old.total, old.orders_per_month) == (new.mode, new.total, new.orders_per_month)
