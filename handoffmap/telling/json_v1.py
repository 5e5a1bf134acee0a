"""The machine's form of a run, version 1: pinned keys, null for what is missing, always the same bytes.

`location` holds all that depends on where things stand in a file. Text is ASCII with escapes, so that neither
an encoding nor a terminal can change it. A finding, a verdict and a question take one line each.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from handoffmap import __version__
from handoffmap.telling.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from handoffmap.diagnosis import CellProof, Diagnosis, Report, Witness
    from handoffmap.difference import CellChange, Difference, FindingChange
    from handoffmap.finding import CellVerdict, Coverage, Finding, PremiseNote, Question, Subject
    from handoffmap.model import Cell
    from handoffmap.policy.waiver import Waived
    from handoffmap.priorities.estimate import Costs, Range, Share
    from handoffmap.priorities.rank import Gap
    from handoffmap.text.source import Location

__all__ = [
    "SCHEMA_VERSION", "envelope", "render_difference_json", "render_json", "render_questions_json", "waived_data",
]  # fmt: skip

SCHEMA_VERSION = 1
"""Grows when a key changes its meaning or goes away; new keys do not count."""

_UNFOLDED = 4
"""Levels that are spread over lines: the run, its topologies, their keys, the entries of each."""


def render_json(report: Report) -> str:
    """Tell a whole run; files that could not be judged have their findings and nothing else."""
    entries = [_diagnosis(diagnosis) for diagnosis in report.diagnoses]
    entries += [_invalid(file, findings) for file, findings in report.invalid]
    entries.sort(key=lambda entry: str(entry["file"]))
    return envelope(topologies=entries, summary=_summary(report), gone=_gone(report))


def render_questions_json(diagnoses: Iterable[Diagnosis]) -> str:
    """Tell the questions alone, with whom to ask."""
    return envelope(
        topologies=[
            {
                "file": diagnosis.file,
                "name": diagnosis.topology.name,
                "questions": [_question(question) for question in diagnosis.questions],
            }
            for diagnosis in diagnoses
        ]
    )


def render_difference_json(difference: Difference) -> str:
    """Tell what differs between two maps; `old` or `new` is null for what only the other one has."""
    old, new = difference.old, difference.new
    return envelope(
        old=_compared(old),
        new=_compared(new),
        entries=[
            {"section": entry.section, "added": list(entry.added), "removed": list(entry.removed)}
            for entry in difference.entries
        ],
        verdicts=[
            {
                **_cell(change.cell),
                "change": change.change,
                "trend": change.trend,
                "severity": change.severity,
                "old": _stands(change.old),
                "new": _stands(change.new),
            }
            for change in difference.verdicts
        ],
        findings=[
            {
                "change": change.change,
                "trend": change.trend,
                "what": list(change.what),
                "old": None if change.old is None else _found(change.old, old),
                "new": None if change.new is None else _found(change.new, new),
                "waiver": None if change.waived is None else _waiver(change.waived),
            }
            for change in difference.findings
        ],
        questions={
            "opened": [_question(question) for question in difference.opened_questions],
            "closed": [_question(question) for question in difference.closed_questions],
        },
        scorecard=[{"control": control, "old": before, "new": now} for control, before, now in difference.scorecard],
        costs={"changed": difference.costs is not None, "old": _costs(old.costs), "new": _costs(new.costs)},
        summary={
            "same": difference.empty,
            "verdicts": _changes(difference.verdicts),
            "findings": {**_changes(difference.findings), "unchanged": difference.unchanged},
            "questions": {
                "opened": len(difference.opened_questions),
                "closed": len(difference.closed_questions),
            },
        },
    )


def _compared(diagnosis: Diagnosis) -> dict[str, object]:
    topology = diagnosis.topology
    return {"file": diagnosis.file, "name": topology.name, "overlays": list(topology.laid_over)}


def _stands(verdict: CellVerdict | None) -> dict[str, object] | None:
    if verdict is None:
        return None
    return {"verdict": verdict.verdict, "class": verdict.drift, "window": _number(verdict.window)}


def _found(finding: Finding, diagnosis: Diagnosis) -> dict[str, object]:
    return _finding(finding, cost=_cost(diagnosis.shares.get(finding.fingerprint), diagnosis.costs))


def _changes(changes: Iterable[CellChange | FindingChange]) -> dict[str, int]:
    """How many of each kind; those that changed, by whether that is for the worse."""
    numbers = dict.fromkeys(("opened", "closed", "added", "removed", "worse", "better", "changed"), 0)
    for change in changes:
        by_trend = change.change == "changed" and change.trend != "same"
        numbers[change.trend if by_trend else change.change] += 1
    return numbers


def envelope(**parts: object) -> str:
    """Give a document that says which tool wrote it in which version of the format."""
    tool = {"name": "handoffmap", "version": __version__}
    return "".join(_unfold({"schema_version": SCHEMA_VERSION, "tool": tool, **parts}, _UNFOLDED, "")) + "\n"


def _unfold(value: object, levels: int, indent: str) -> Iterator[str]:
    """JSON with the outer levels spread over lines; the inner ones go through the C encoder, a line each."""
    if not levels or not value or not isinstance(value, (dict, list)):
        yield json.dumps(value)
        return
    inner = indent + "  "
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    named: Iterable[tuple[str, object]] = (
        ((json.dumps(key) + ": ", item) for key, item in value.items())
        if isinstance(value, dict)
        else (("", item) for item in value)
    )
    mark = opening
    for name, item in named:
        yield f"{mark}\n{inner}{name}"
        yield from _unfold(item, levels - 1, inner)
        mark = ","
    yield f"\n{indent}{closing}"


# -- one file ------------------------------------------------------------------------------------------------


def _diagnosis(diagnosis: Diagnosis) -> dict[str, object]:
    gaps = {gap.finding.fingerprint: gap for gap in diagnosis.gaps}
    proved = diagnosis.proved
    return {
        "file": diagnosis.file,
        "name": diagnosis.topology.name,
        "scorecard": [
            {"control": control, "standing": standing, "because": because}
            for control, standing, because in diagnosis.scorecard
        ],
        "verdicts": [
            _verdict(verdict, None if proved is None else proved.cells.get(verdict.cell))
            for verdict in sorted(diagnosis.verdicts, key=lambda one: one.cell)
        ],
        "findings": [
            _finding(
                finding,
                cost=_cost(diagnosis.shares.get(finding.fingerprint), diagnosis.costs),
                gap=gaps.get(finding.fingerprint),
                witness=None if proved is None else proved.witnesses.get(finding.fingerprint),
                remedies=_remedies(diagnosis, finding),
            )
            for finding in diagnosis.findings
        ],
        "questions": [_question(question) for question in diagnosis.questions],
        "waived": [waived_data(each) for each in diagnosis.waived],
        "known": [_finding(finding) for finding in diagnosis.known],
        "valid": True,
        "overlays": list(diagnosis.topology.laid_over),
        "costs": _costs(diagnosis.costs),
        "coverage": [
            _coverage(entry)
            for entry in sorted(diagnosis.coverage, key=lambda one: (one.event, one.cell, one.path or ""))
        ],
        "search": None if proved is None else proved.work._asdict(),
    }


def _invalid(file: str, findings: Iterable[Finding]) -> dict[str, object]:
    return {
        "file": file,
        "name": None,
        "scorecard": [],
        "verdicts": [],
        "findings": [_finding(finding) for finding in findings],
        "questions": [],
        "waived": [],
        "known": [],
        "valid": False,
        "overlays": None,
        "costs": None,
        "coverage": [],
        "search": None,
    }


def _summary(report: Report) -> dict[str, object]:
    counts = tally(report)
    return {
        "files": counts.files,
        "invalid": counts.invalid,
        "skipped": counts.skipped,
        "errors": counts.errors,
        "warnings": counts.warnings,
        "notes": counts.notes,
        "undetermined": counts.undetermined,
        "cells": {
            "converges": counts.converges,
            "drifts": counts.drifts,
            "undetermined": counts.open_cells,
        },
        "questions": counts.questions,
        "waived": counts.waived,
        "known": counts.known,
    }


def _gone(report: Report) -> list[dict[str, object]] | None:
    """What the baseline holds and is found no more; null where there is no baseline."""
    return None if report.gone is None else [each._asdict() for each in report.gone]


# -- its parts -----------------------------------------------------------------------------------------------


def _verdict(verdict: CellVerdict, proof: CellProof | None) -> dict[str, object]:
    return {
        "system": verdict.cell.system,
        "quantity": verdict.cell.quantity,
        "verdict": verdict.verdict,
        "class": verdict.drift,
        "window": _number(verdict.window),
        "proof": None if proof is None else proof.word,
        "premises": [
            {
                "premise": premise.premise,
                "holds": premise.holds,
                "because": premise.because,
                "write_path": premise.write_path,
                "location": _location(premise.location),
            }
            for premise in sorted(verdict.premises, key=_in_order)
        ],
        "findings": list(verdict.findings),
        "upstream": [_cell(cell) for cell in sorted(verdict.upstream)],
        "location": _location(None if verdict.place is None else verdict.place.at()),
        "proof_because": None if proof is None else proof.because,
        "witness": None if proof is None else _witness(proof.witness),
    }


def _in_order(premise: PremiseNote) -> tuple[str, str, str]:
    return premise.premise, premise.write_path or "", premise.because


def _finding(
    finding: Finding,
    *,
    cost: dict[str, object] | None = None,
    gap: Gap | None = None,
    witness: Witness | None = None,
    remedies: list[dict[str, object]] | None = None,
) -> dict[str, object]:
    return {
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "class": finding.drift,
        "message": finding.message,
        "premise": finding.premise,
        "subject": _subject(finding.subject),
        "location": _location(finding.location),
        "related": [
            {
                "subject": _subject(related.subject),
                "why": related.why,
                "location": _location(related.location),
            }
            for related in finding.related
        ],
        "witness": _witness(witness),
        "remedies": remedies,
        "cost": cost,
        "fingerprint": finding.fingerprint,
        "why": finding.why or None,
        "mend": finding.mend or None,
        "direction": finding.direction,
        "window": _number(finding.window),
        "events": list(finding.events),
        "cells": [_cell(cell) for cell in finding.cells],
        "catalogue": [
            {"product": fact.product, "fact": fact.key, "says": fact.says, "source": fact.source}
            for fact in finding.catalogue
        ],
        "asks": list(finding.asks),
        "rank": None if gap is None else {"position": gap.position, "because": gap.because},
        "allowed": list(finding.allowed),
        "suggestion": finding.suggestion,
    }


def waived_data(waived: Waived) -> dict[str, object]:
    """A finding that is lived with, and the waiver for which it is."""
    return {**_finding(waived.finding), "waiver": _waiver(waived)}


def _waiver(waived: Waived) -> dict[str, object]:
    waiver = waived.waiver
    return {
        "rules": list(waiver.rules),
        "subject": waiver.subject,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "ticket": waiver.ticket,
        "until": waiver.until,
        "days_left": waived.days_left,
        "location": _location(waiver.location),
    }


def _witness(witness: Witness | None) -> dict[str, object] | None:
    """A run: every step with what each cell shows after it and what it ought to show."""
    if witness is None:
        return None
    run = witness.run
    return {
        "cell": _cell(witness.cell),
        "start": _numbers(run.start),
        "steps": [
            {
                "kind": step.kind,
                "write_path": step.path,
                "event": step.event,
                "amount": _number(step.amount),
                "text": step.text,
                "values": _numbers(step.values),
                "expected": _numbers(step.expected),
            }
            for step in run.steps
        ],
        "end": _numbers(run.end),
        "expected": _numbers(run.expected),
        "class": run.drift,
        "sentence": run.sentence,
    }


def _numbers(values: Iterable[tuple[str, Fraction | str]]) -> dict[str, int | float | str | None]:
    """What the cells show; a flag shows a word."""
    return {name: value if isinstance(value, str) else _number(value) for name, value in values}


def _remedies(diagnosis: Diagnosis, finding: Finding) -> list[dict[str, object]] | None:
    """What mends a finding; null where nobody has looked, an empty list where nothing was found."""
    found = None if diagnosis.remedies is None else diagnosis.remedies.get(finding.fingerprint)
    if found is None:
        return None
    from handoffmap.telling.remedy_data import remedy_data  # `check` has no remedies and loads nothing for them

    return [remedy_data(remedy) for remedy in found]


def _cost(share: Share | None, costs: Costs) -> dict[str, object] | None:
    """What a finding costs: a range with its likeliest value, and whose figures they are."""
    if share is None:
        return None
    return {**_range(share), "per_orders": 1000, "basis": costs.mode, "label": costs.label}


def _costs(costs: Costs) -> dict[str, object]:
    return {
        "basis": costs.mode,
        "label": costs.label,
        "per_orders": 1000,
        "total": None if costs.total is None else _range(costs.total),
        "benchmark": _number(costs.benchmark),
        "unexplained": None if costs.unexplained is None else _range(costs.unexplained),
    }


def _range(span: Range | Share) -> dict[str, float | None]:
    return {"low": _number(span.low), "mode": _number(span.mode), "high": _number(span.high)}


def _coverage(entry: Coverage) -> dict[str, object]:
    return {
        "event": entry.event,
        "system": entry.cell.system,
        "quantity": entry.cell.quantity,
        "arrival": entry.arrival,
        "write_path": entry.path,
        "late": _number(entry.late),
        "origin": entry.origin,
        "detail": entry.detail or None,
    }


def _question(question: Question) -> dict[str, object]:
    return {
        "id": question.id,
        "ask": question.ask,
        "subject": _subject(question.subject),
        "fact": question.fact,
        "settles": [_cell(cell) for cell in question.settles],
        "worth": _number(question.worth),
        "location": _location(question.location),
        "owner": question.owner,
        "rank": question.rank,
    }


def _subject(subject: Subject) -> dict[str, str | None]:
    return subject._asdict()


def _cell(cell: Cell) -> dict[str, str]:
    return {"system": cell.system, "quantity": cell.quantity}


def _location(place: Location | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _number(value: Fraction | float | None) -> int | float | None:
    """An exact whole number where it is one; otherwise what a JSON reader can hold of it."""
    if value is None:
        return None
    whole = int(value)
    return whole if whole == value else round(float(value), 6)
