"""What `prove` says at a terminal: each finding with the run that shows it, and each cell with its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.oversold import buffer_lines, theorem_of
from handoffmap.telling.pen import Pen
from handoffmap.telling.runs import text_table
from handoffmap.telling.sanitize import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.diagnosis import Diagnosis, Proved, Report, Work
    from handoffmap.finding import Finding
    from handoffmap.telling.pen import Role

__all__ = ["render_proofs"]

_WIDEST = 40
_WORDS: dict[str, tuple[Role, str]] = {
    "proved": ("converges", "proved"),
    "no_counterexample": ("undetermined", "no counterexample"),
    "refuted": ("drifts", "refuted"),
    "undetermined": ("undetermined", "undetermined"),
}


def render_proofs(report: Report, *, colour: bool = False, only: str | None = None) -> str:
    """Tell every finding's run and every cell's proof; `only`: the finding of this fingerprint, code or slug."""
    pen = Pen(colour=colour)
    parts = [part for diagnosis in report.diagnoses for part in _diagnosis(diagnosis, pen, only)]
    return "\n".join(parts)


def _diagnosis(diagnosis: Diagnosis, pen: Pen, only: str | None) -> Iterator[str]:
    proved = diagnosis.proved
    if proved is None:
        return
    silent = []
    for finding in diagnosis.findings:
        if finding.confidence != "confirmed" or (only is not None and only not in names_of(finding)):
            continue
        witness = proved.witnesses.get(finding.fingerprint)
        if witness is None:
            silent.append(finding)
            continue
        table = "\n".join(f"    {line}" for line in text_table(witness))
        yield f"{_head(finding, pen)}\n{table}\n{_theorem(diagnosis, finding)}"
    if silent:
        yield "".join(f"{_head(finding, pen)}\n    {_why_silent(finding)}\n" for finding in silent)
    if only is None:
        yield _cells(diagnosis, proved, pen)
        yield from _buffers(diagnosis, pen)


def _theorem(diagnosis: Diagnosis, finding: Finding) -> str:
    """The theorem that makes a finding sure, with the premise that fails; empty for most."""
    found = theorem_of(diagnosis.topology, finding)
    return "" if found is None else f"    theorem T-D: {found.says}\n    here: {visible(found.fails)}\n"


def _buffers(diagnosis: Diagnosis, pen: Pen) -> Iterator[str]:
    """How likely each buffer is used up before its count knows, with what went into it."""
    lines = buffer_lines(diagnosis)
    if not lines:
        return
    told = [pen("strong", f"Buffers of {visible(diagnosis.file)}:")]
    for line in lines:
        told.append(f"  {visible(str(line.cell))} holds {line.held_back} back: {visible(line.sum_up)}")
        told.extend(f"    {name}: {value}, {visible(source)}" for name, value, source in line.inputs)
    yield "\n".join((*told, ""))


def names_of(finding: Finding) -> tuple[str, ...]:
    """By what a user may name a finding."""
    return (finding.fingerprint, finding.code, finding.code.lower(), finding.slug)


def _head(finding: Finding, pen: Pen) -> str:
    place = finding.location
    where = pen("faint", f"{visible(place.file)}:{place.line}:{place.column}")
    head = f"{pen(finding.severity, finding.severity)} {pen('strong', f'{finding.code} {finding.slug}')}"
    return f"{head}: {visible(finding.message)}\n    {where}"


def _why_silent(finding: Finding) -> str:
    if finding.drift is None:
        return "turns no count wrong by itself: there is no run to show"
    return "the model shows no run of this cause alone"


def _cells(diagnosis: Diagnosis, proved: Proved, pen: Pen) -> str:
    wide = min(_WIDEST, max((len(visible(str(cell))) for cell in proved.cells), default=0))
    lines = [pen("strong", f"Proofs for {visible(diagnosis.file)}:")]
    counts: dict[str, int] = {}
    for cell, proof in proved.cells.items():
        role, word = _WORDS[proof.word]
        counts[word] = counts.get(word, 0) + 1
        lines.append(f"  {visible(str(cell)):{wide}}  {pen(role, f'{word:17}')}  {visible(proof.because)}")
    told = ", ".join(f"{counts[word]:,} {word}" for _, word in _WORDS.values() if word in counts)
    lines.append(f"{len(proved.cells):,} cells: {told}")
    lines.append(_looked_at(proved.work))
    return "\n".join((*lines, ""))


def _looked_at(work: Work) -> str:
    """How much was searched, in numbers that are the same at every run."""
    spread = f"median {work.median:,}, 99th percentile {work.p99:,}, most {work.most:,}"
    return f"{work.slices:,} slices, {work.states:,} states ({spread})"
