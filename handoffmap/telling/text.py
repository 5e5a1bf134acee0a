"""Findings for a person at a terminal: a block with a code frame each, the questions, and the sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.asides import asides, statistics
from handoffmap.telling.duration import say_duration
from handoffmap.telling.frame import code_frame
from handoffmap.telling.named import name_of
from handoffmap.telling.pen import Pen
from handoffmap.telling.sanitize import visible
from handoffmap.telling.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from handoffmap.diagnosis import Diagnosis, Report
    from handoffmap.finding import CellVerdict, Finding, Question
    from handoffmap.telling.formats import Manner
    from handoffmap.telling.pen import Role
    from handoffmap.text.source import Location, Source

__all__ = ["render_findings", "render_text"]

_FIRST_QUESTIONS = 5
_FIRST_RELATED = 4
_FIRST_UPSTREAM = 4
_WIDEST = 40
"""Columns that names of cells are padded to; one absurd name is not to push everything aside."""

_FIRST_VERDICTS = 40
"""Verdicts listed of a map without findings, where nobody has asked for all of them."""


def render_text(report: Report, manner: Manner) -> str:
    """Tell a whole run: every finding, the first questions, the verdicts where they matter, and the sum.

    `verbose`, and an architect, get every cell's verdict with its premises and undetermined findings at full length;
    otherwise verdicts are listed for a map without findings only (there they are what was found out). A consultant in
    `discovery` gets every question first, and a line for each finding.
    """
    pen = Pen(colour=manner.colour)
    parts: list[str] = []
    parts += (_block(problem, report.sources, pen) for problem in report.problems)
    for diagnosis in report.diagnoses:
        if manner.persona == "discovery":
            parts += _discovered(diagnosis, pen)
        else:
            parts += _diagnosis(diagnosis, report.sources, pen, verbose=manner.lists_premises)
    parts += asides(report, pen)
    if manner.statistics:
        parts += statistics(report)
    parts.append(_summary(report, pen))
    return "\n".join(parts)


def render_findings(findings: tuple[Finding, ...], sources: Mapping[str, Source], *, colour: bool = False) -> str:
    """Tell findings alone, a block each: what is wrong with a file that could not be read."""
    pen = Pen(colour=colour)
    return "\n".join(_block(finding, sources, pen) for finding in findings)


def _diagnosis(diagnosis: Diagnosis, sources: Mapping[str, Source], pen: Pen, *, verbose: bool) -> Iterator[str]:
    hanging = []
    for finding in diagnosis.findings:
        if finding.confidence == "confirmed" or verbose:
            yield _block(finding, sources, pen)
        else:
            hanging.append(f"{_head(finding, pen)}\n  --> {_place(finding.location)}\n")
    if hanging:
        yield "".join(hanging)
    if verbose or not diagnosis.findings:
        yield from _verdicts(diagnosis, pen, verbose=verbose)
    if diagnosis.questions:
        yield _questions(diagnosis, pen)


def _discovered(diagnosis: Diagnosis, pen: Pen) -> Iterator[str]:
    """All that has to be asked, then what is known and what hangs, a line each."""
    if diagnosis.questions:
        yield _questions(diagnosis, pen, most=len(diagnosis.questions))
    if diagnosis.findings:
        yield "".join(f"{_head(finding, pen)}\n  --> {_place(finding.location)}\n" for finding in diagnosis.findings)


# -- findings ------------------------------------------------------------------------------------------------


def _block(finding: Finding, sources: Mapping[str, Source], pen: Pen) -> str:
    place = finding.location
    gutter = len(str(max(place.line, min(place.end_line, place.line + 2))))
    arrow = pen("frame", " " * gutter + "-->")
    lines = [_head(finding, pen), f"{arrow} {_place(place)}"]
    source = sources.get(place.file)
    framed = source is not None and bool(source.text)
    if source is not None and framed:
        lines += code_frame(source, place, gutter, pen)
    sign = pen("frame", f"{'':{gutter}} =")
    lines += (f"{sign} {pen('strong', label + ':')} {text}" for label, text in _notes(finding, framed=framed))
    lines.append("")
    return "\n".join(lines)


def _head(finding: Finding, pen: Pen) -> str:
    sure = finding.confidence == "confirmed"
    role: Role = finding.severity if sure else "undetermined"
    rule = f"{finding.code} {finding.slug}"
    proviso = "" if sure else f" ({finding.severity} if it proves true)"
    return f"{pen(role, role)} {pen('strong', rule)}{proviso}: {visible(finding.message)}"


def _notes(finding: Finding, *, framed: bool) -> Iterator[tuple[str, str]]:
    """The labelled lines below the frame; without one there is no line to mend, and the message says what to do."""
    if finding.why:
        yield "why", visible(finding.why)
    if finding.drift is not None:
        yield "drift", _drift(finding)
    if finding.mend and (framed or finding.slug != "syntax"):
        yield "mend", visible(finding.mend)
    if finding.suggestion is not None:
        yield "help", f'did you mean "{visible(finding.suggestion)}"?'
    if finding.allowed:
        yield "allowed", visible(", ".join(finding.allowed))
    for related in finding.related[:_FIRST_RELATED]:
        place = f" ({_place(related.location)})" if related.location is not None else ""
        about = f"{visible(str(related.subject))} " if any(related.subject) else ""
        yield "see", f"{about}{visible(related.why)}{place}"
    if len(finding.related) > _FIRST_RELATED:
        yield "see", f"{len(finding.related) - _FIRST_RELATED} more; --output-format json lists them all"
    for fact in finding.catalogue:
        yield "note", visible(f"{fact.product}: {fact.says} ({fact.source})")
    if finding.asks:
        hangs = "not stated" if finding.confidence == "confirmed" else "hangs on"
        yield hangs, visible(", ".join(finding.asks))


_DIRECTIONS = {
    "over": ", the count is too high",
    "under": ", the count is too low",
    "either": ", the count can be too high or too low",
}


def _drift(finding: Finding) -> str:
    window = "" if finding.window is None else f" for up to {say_duration(finding.window)}"
    towards = "" if finding.direction is None else _DIRECTIONS[finding.direction]
    return f"{finding.drift}{window}{towards}"


def _place(place: Location) -> str:
    return f"{visible(place.file)}:{place.line}:{place.column}"


# -- verdicts ------------------------------------------------------------------------------------------------


def _verdicts(diagnosis: Diagnosis, pen: Pen, *, verbose: bool) -> Iterator[str]:
    """One line a cell: verdict, window, premises; `verbose` gives each premise a line of its own."""
    shown = diagnosis.verdicts if verbose else diagnosis.verdicts[:_FIRST_VERDICTS]
    if not shown:
        return
    wide = min(_WIDEST, max(len(visible(str(verdict.cell))) for verdict in shown))
    lines = [pen("strong", f"Verdicts for {visible(name_of(diagnosis))}:")]
    for verdict in shown:
        lines.append(_verdict(verdict, wide, pen))
        if verbose:
            lines += (f"      {line}" for line in _premises(verdict))
    if len(diagnosis.verdicts) > len(shown):
        lines.append(f"  … and {len(diagnosis.verdicts) - len(shown)} more cells; --verbose lists them all")
    yield "\n".join((*lines, ""))


_SPAN = {"converges": "within", "drifts": "for up to", "undetermined": "within"}


def _verdict(verdict: CellVerdict, wide: int, pen: Pen) -> str:
    role: Role = verdict.verdict
    told = f"{verdict.verdict} ({verdict.drift})" if verdict.drift is not None else verdict.verdict
    parts = [f"{visible(str(verdict.cell)):{wide}}", pen(role, told)]
    if verdict.window is not None:
        lasting = f"{_SPAN[verdict.verdict]} {say_duration(verdict.window)}"
        parts.append(lasting if verdict.window else "at once")
    holding = list(dict.fromkeys(premise.premise for premise in verdict.premises if premise.holds))
    if holding and verdict.verdict == "converges":
        parts.append("by " + ", ".join(holding))
    if verdict.upstream:
        nearest = ", ".join(visible(str(cell)) for cell in verdict.upstream[:_FIRST_UPSTREAM])
        others = len(verdict.upstream) - _FIRST_UPSTREAM
        parts.append(f"downstream of {nearest}" + (f" and {others:,} more" if others > 0 else ""))
    return "  " + "  ".join(parts)


_HOLDS = {True: "holds", False: "broken", None: "open"}


def _premises(verdict: CellVerdict) -> Iterator[str]:
    for premise in verdict.premises:
        path = f" [{visible(premise.write_path)}]" if premise.write_path is not None else ""
        yield f"{premise.premise:4} {_HOLDS[premise.holds]:6}{path} {visible(premise.because)}"


# -- questions and the sum -----------------------------------------------------------------------------------


def _questions(diagnosis: Diagnosis, pen: Pen, most: int = _FIRST_QUESTIONS) -> str:
    total = len(diagnosis.questions)
    file = visible(name_of(diagnosis))
    call = visible(" --with ".join((diagnosis.file, *diagnosis.topology.laid_over)))
    rest = f"; the first {most} (all of them: handoffmap questions {call})" if total > most else ""
    lines = [pen("strong", f"{_count(total, 'open question')} about {file}{rest}:")]
    for number, question in enumerate(diagnosis.questions[:most], 1):
        lines.append(f"  {number}. {visible(question.ask)}")
        lines.append(f"     {pen('faint', _about(question))}")
    return "\n".join((*lines, ""))


def _about(question: Question) -> str:
    asked = f"ask {visible(question.owner)}" if question.owner else "no owner is stated"
    settles = f", settles {_count(len(question.settles), 'cell')}" if question.settles else ""
    return f"{asked}; fills in {visible(question.fact)}{settles}; {_place(question.location)}"


def _summary(report: Report, pen: Pen) -> str:
    counts = tally(report)
    findings = [
        pen(role, _count(number, word)) if number else _count(number, word)
        for role, number, word in _levels(counts.errors, counts.warnings, counts.notes)
    ]
    if counts.undetermined:
        findings.append(pen("undetermined", f"{counts.undetermined:,} undetermined"))
    sums = [", ".join(findings)]
    if report.diagnoses:
        cells = counts.converges + counts.drifts + counts.open_cells
        sums.append(
            f"{_count(cells, 'cell')}: {counts.converges:,} converge, {counts.drifts:,} drift, "
            f"{counts.open_cells:,} undetermined"
        )
    aside = ((counts.invalid, "invalid"), (counts.skipped, "others skipped"))
    besides = ", ".join(f"{number:,} {word}" for number, word in aside if number)
    sums.append(_count(counts.files, "file") + (f" ({besides})" if besides else ""))
    beside = [f"{number:,} {word}" for number, word in ((counts.waived, "waived"), (counts.known, "known")) if number]
    if beside:
        sums.append(", ".join(beside))
    return "; ".join(sums) + "\n"


def _levels(errors: int, warnings: int, notes: int) -> tuple[tuple[Role, int, str], ...]:
    return ("error", errors, "error"), ("warning", warnings, "warning"), ("note", notes, "note")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
