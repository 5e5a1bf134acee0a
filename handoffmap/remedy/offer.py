"""What is offered for a finding: candidates → **tried, judged again, witnessed** → remedies, the least effort first."""

from __future__ import annotations

from hashlib import blake2s
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.remedy.difference import Difference
from handoffmap.remedy.draft import Draft
from handoffmap.remedy.effort import effort_of
from handoffmap.remedy.menu import NEEDS_PEOPLE, candidates, causal
from handoffmap.remedy.spot import Spot
from handoffmap.remedy.trial import Bench, confirmed, proof_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import Finding
    from handoffmap.model import Cell
    from handoffmap.remedy.edit import Edit
    from handoffmap.remedy.spot import Candidate
    from handoffmap.remedy.trial import Trial
    from handoffmap.witness import Run

__all__ = ["Remedy", "offers", "remedies_for"]

MOST_OFFERED = 3
"""Remedies offered for one finding."""

TOO_LARGE = "the map is so large that it was not looked at; apply the steps and plan again"

_TABLE, _NEAR, _FOLLOW_UPS, _TOGGLES = 60, 6, 8, 220
"""Candidates tried: of the table; near misses looked into; of the table for what a near miss brings; toggles."""

_DEEPEST = 3
"""Changes of the table that are put together where one alone makes way for another finding."""


class Remedy(NamedTuple):
    """Changes of declared facts that make a finding go away and bring no other."""

    id: str
    edits: tuple[Edit, ...]
    effort: Fraction
    """Person-days, an assumption (see `effort`)."""
    clears: tuple[str, ...]
    """Fingerprints of all confirmed findings that it makes go away."""
    mends: tuple[Cell, ...]
    """Cells that drift before and no longer do."""
    asks: int
    """Findings that hang on a question and come with it."""
    difference: Difference
    """What it changes in the text."""


def remedies_for(diagnosis: Diagnosis, *, most: int = MOST_OFFERED) -> dict[str, tuple[Remedy, ...]]:
    """Fingerprint of each confirmed finding that turns a verdict → its remedies, the least effort first.

    A finding for which nothing was found has an empty tuple.
    The files are those that the diagnosis was made of. Nothing is written. Each remedy has been applied to the text,
    read and judged again: its finding is gone, no confirmed one came, no cell stands worse than before, and the
    witness model no longer refutes the cells that the rules now call right.
    """
    bench = Bench(Draft(diagnosis.topology, diagnosis))
    turning = {key: finding for key, finding in confirmed(diagnosis).items() if finding.drift is not None}
    return {key: offers(bench, finding, most) for key, finding in turning.items()}


def offers(bench: Bench, finding: Finding, most: int = MOST_OFFERED) -> tuple[Remedy, ...]:
    """The remedies of one finding: single changes of the table, then several together, then whatever toggling finds."""
    if bench.tried >= bench.budget:
        bench.why_not[finding.fingerprint] = TOO_LARGE
        return ()
    spot = Spot(finding, bench.draft.topology)
    found: dict[str, Remedy] = {}
    near: list[tuple[Candidate, Trial]] = []
    listed = candidates(spot)[:_TABLE]
    _try_all(bench, finding, listed, found, near, most)
    if not found:
        _together(bench, finding, near, found, most)
    if not found:
        _try_all(bench, finding, causal(spot)[:_TOGGLES], found, [], most)
    if not found:
        bench.why_not[finding.fingerprint] = _why_not(finding, len(listed), near)
    return tuple(sorted(found.values(), key=lambda each: (each.asks > 0, each.effort)))  # else as the table has them


def _why_not(finding: Finding, tried: int, near: list[tuple[Candidate, Trial]]) -> str:
    """Why nothing is offered, in a sentence."""
    if finding.slug in NEEDS_PEOPLE:
        return NEEDS_PEOPLE[finding.slug]
    if near:
        brought = sorted({each.slug for _, trial in near for each in trial.new})
        return f"every change of facts that removes it makes way for another finding ({', '.join(brought[:4])})"
    return f"none of the changes of facts that were tried removes it ({tried} of the table, then each fact by itself)"


def _try_all(
    bench: Bench,
    finding: Finding,
    listed: list[Candidate],
    found: dict[str, Remedy],
    near: list[tuple[Candidate, Trial]],
    most: int,
) -> None:
    for candidate in listed:
        trial = bench.of(candidate)
        if trial is None:
            continue
        remedy = accepted(bench, finding, candidate, trial)
        if remedy is not None:
            if not any(_facts(other.edits) <= _facts(candidate) for other in found.values()):
                found[remedy.id] = remedy
            if sum(each.asks == 0 for each in found.values()) >= most:
                break
        elif finding.fingerprint in trial.gone and trial.new:
            near.append((candidate, trial))
    for name in sorted(found, key=lambda name: (found[name].asks > 0, found[name].effort))[most:]:
        del found[name]


def _facts(edits: Candidate) -> set[tuple[object, ...]]:
    """What is changed, whatever it is changed to: another interval of the same run is no other remedy."""
    return {
        (edit.section, *(sorted(map(str, edit.value)) if isinstance(edit.value, dict) else ()), str(edit.value))
        if edit.action == "new"
        else (edit.section, edit.entry, edit.keys, edit.value if edit.section == "controls" else None)
        for edit in edits
    }


def _together(
    bench: Bench, finding: Finding, near: list[tuple[Candidate, Trial]], found: dict[str, Remedy], most: int
) -> None:
    """Near misses with what mends the findings that they bring."""
    for _ in range(_DEEPEST - 1):
        following: list[tuple[Candidate, Trial]] = []
        near.sort(key=lambda each: (len(each[1].new), effort_of(each[0]), repr(each[0])))
        for candidate, trial in near[:_NEAR]:
            listed = [_joined(candidate, more) for more in _follow_ups(trial)]
            _try_all(bench, finding, listed, found, following, most)
            if found:
                return
        near = following


def _follow_ups(trial: Trial) -> Iterator[Candidate]:
    for brought in trial.new[:2]:
        yield from candidates(Spot(brought, trial.draft.topology))[:_FOLLOW_UPS]


def _joined(one: Candidate, other: Candidate) -> Candidate:
    """Both changes as one; a fact of a path that is new anyway is written into it at once."""
    edits = list(one)
    for edit in other:
        at = next((n for n, own in enumerate(edits) if own.action == "new" and own.entry == edit.entry), None)
        made = edits[at].value if at is not None else None
        if at is not None and isinstance(made, dict) and edit.action == "set" and len(edit.keys) == 1:
            edits[at] = edits[at]._replace(value={**made, edit.keys[0]: edit.value})
        elif edit not in edits:
            edits.append(edit)
    return tuple(edits)


def accepted(bench: Bench, finding: Finding, edits: Candidate, trial: Trial) -> Remedy | None:
    """The remedy, where the trial speaks for it."""
    if finding.fingerprint not in trial.gone or trial.new or trial.moved:
        return None
    if any(each.slug == finding.slug and not set(finding.cells).isdisjoint(each.cells) for each in trial.asks):
        return None  # it would only be asked instead of known
    mends = mended(bench.before, trial.draft.diagnosis)
    if finding.drift is not None and not _witness_gone(bench, finding, {*finding.cells, *mends}, edits, trial):
        return None
    return Remedy(
        id=blake2s("\n".join(map(repr, edits)).encode(), digest_size=4).hexdigest(),
        edits=edits,
        effort=effort_of(edits),
        clears=tuple(key for key in confirmed(bench.before) if key in trial.gone),
        mends=mends,
        asks=len(trial.asks),
        difference=Difference(bench.draft, trial.draft),
    )


def _witness_gone(bench: Bench, finding: Finding, cells: set[Cell], edits: Candidate, trial: Trial) -> bool:
    """Whether the model, too, no longer refutes what the rules now call right.

    A run that is left speaks against the changes if it is the finding's own, or if what they change takes part in it
    and it was not there before. Any other is the witness of something that the rules do not see.
    """
    verdicts = {verdict.cell: verdict.verdict for verdict in trial.draft.diagnosis.verdicts}
    changed = {edit.entry for edit in edits}
    for cell in sorted(cell for cell in cells if verdicts.get(cell) == "converges"):
        proof = proof_of(trial.draft, cell)
        if proof.verdict != "drifts":
            continue
        if proof.run is None or _is_own(proof.run, finding):
            return False
        ways = {step.path for step in proof.run.steps}
        if not changed.isdisjoint(ways) and proof.run != bench.proof_before(cell).run:
            return False
    return True


def _is_own(run: Run, finding: Finding) -> bool:
    """Whether a path and an event of the finding take part in a run, as far as it names any."""
    subjects = (finding.subject, *(related.subject for related in finding.related))
    named = {name for subject in subjects for name in (subject.write_path, subject.control) if name is not None}
    ways = {step.path for step in run.steps}
    events = {step.event for step in run.steps if step.event is not None}
    return (not named or not named.isdisjoint(ways)) and (not finding.events or not events.isdisjoint(finding.events))


def mended(before: Diagnosis, after: Diagnosis) -> tuple[Cell, ...]:
    """The cells that drifted before and no longer do."""
    still = {verdict.cell for verdict in after.verdicts if verdict.verdict == "drifts"}
    return tuple(each.cell for each in before.verdicts if each.verdict == "drifts" and each.cell not in still)
