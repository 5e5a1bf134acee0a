"""Both roads put together: verdicts from premises, and **runs of the model that show or fail to show a drift**.

A cell is `proved` where every premise of its theorem holds and no run drifts; `refuted` where a run does. Each finding
that turns a verdict gets the shortest run in which its cause, and no other fault, makes a count wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from handoffmap.diagnosis import CellProof, Proved, Witness, Work
from handoffmap.text.parse import paused_gc
from handoffmap.witness import (
    Cause,
    counted,
    oversell,
    prove_cell,
    prove_pairs,
    remembering,
    run_in_figures,
    run_of_cause,
    with_pairs,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import CellVerdict, Finding
    from handoffmap.model import Cell, Topology
    from handoffmap.witness import FaultKind, Figures, Proof, Run

__all__ = ["MOST_CELLS", "prove"]

MOST_CELLS = 200
"""Cells up to which a report is given its runs unasked: some seconds at most."""

FAULT_OF: Final[Mapping[str, FaultKind]] = {
    "duplicate-delivery": "repeat",
    "dedupe-key-unstable": "repeat",
    "dedupe-window-short": "repeat",
    "lost-delivery": "lose",
    "unwatched-dead-letter": "lose",
    "ack-before-commit": "lose",
    "watermark-defect": "lose",
    "poll-window-gap": "lose",
    "subscription-lapse": "lose",
    "dual-write": "crash",
}
"""Rule -> the fault without which its defect does not show; the others show by themselves."""

CONFUSED: Final[Mapping[str, str]] = {
    "item-key-mismatch": "items",
    "location-mismatch": "places",
    "kit-not-exploded": "kits",
}
"""Rules about two of a kind that are taken for one another, by what the two-cell model calls them."""


OVERSELLING: Final = frozenset({"multiple-allocators"})
"""Rules about a pool that is promised from several sides (theorem T-D)."""

ABSENT: Final = frozenset({"unmapped-field", "disabled-path", "trigger-gap", "missing-compensation"})
"""Rules about a path by which nothing comes, so that no run shows it."""

TWICE: Final = frozenset({"duplicate-route", "double-compensation", "replay-double-count"})
"""Rules about an event that comes by several ways."""

SPREADING: Final = frozenset(
    {"echo-loop", "multiple-writers", "authority-overwritten", "ungated-write", "split-authority", "set-on-derived"}
)
"""Rules about cells that spoil each other, so that none of them is left right."""


NOTED: Final[Mapping[str, str]] = {
    "refused-delta": "refused",
    "clamp-at-zero": "clamped",
    "precision-loss": "rounded",
    "read-before-commit": "read before",
}
"""Rules about what a path does to a write, by the note that the machine makes of it."""


def prove(diagnosis: Diagnosis, figures: Figures | None = None) -> Proved:
    """Search every cell's slice, and a run for every confirmed finding that turns a verdict.

    `figures`: numbers to tell the runs in, where they show the same drift; verdicts do not hang on them.
    """
    # What a search makes goes with it: it holds no circles to be collected.
    with paused_gc(), remembering(), counted() as counts:
        cells, witnesses = _proved(diagnosis, figures)
        return Proved(cells, witnesses, _work(counts))


def _work(counts: list[int]) -> Work:
    """How much was looked at; `counts` holds the states of each search."""
    if not counts:
        return Work(0, 0, 0, 0, 0)
    ordered = sorted(counts)
    many = len(ordered)
    return Work(many, sum(ordered), ordered[many // 2], ordered[-(-99 * many // 100) - 1], ordered[-1])


def _proved(diagnosis: Diagnosis, figures: Figures | None) -> tuple[dict[Cell, CellProof], dict[str, Witness]]:
    topology = diagnosis.topology
    cells = {verdict.cell: _proof_of(topology, verdict, figures) for verdict in diagnosis.verdicts}
    witnesses = {}
    for finding in diagnosis.findings:
        if finding.confidence != "confirmed":
            continue
        if finding.drift is not None or finding.slug in OVERSELLING:
            if finding.slug in OVERSELLING:
                witness = _oversold(topology, finding)
            else:
                witness = _witness_of(topology, finding, figures) or (
                    None if figures is None else _witness_of(topology, finding, None)
                )
            if witness is not None:
                witnesses[finding.fingerprint] = witness
    return cells, witnesses


def _oversold(topology: Topology, finding: Finding) -> Witness | None:
    """Two promises of one piece: a property of the pool, which turns no cell's verdict."""
    pool = next(iter(finding.cells), None)
    found = oversell(topology, pool) if pool is not None else None
    return Witness(pool, found.run) if pool is not None and found is not None and found.run is not None else None


def _proof_of(topology: Topology, verdict: CellVerdict, figures: Figures | None) -> CellProof:
    """What premises and model say of one cell together."""
    found = prove_cell(topology, verdict.cell, near=verdict.verdict != "converges")
    found = with_pairs(found, prove_pairs(topology, verdict.cell))
    if found.proof == "refuted":
        if figures is not None and found.drift is not None:
            found = found._replace(run=run_in_figures(topology, verdict.cell, found.drift, figures) or found.run)
        witness = Witness(verdict.cell, found.run) if found.run is not None else None
        return CellProof("refuted", _drifting(found), witness, found.states)
    if found.proof == "undetermined":
        return CellProof("undetermined", _left_open(found), None, found.states)
    if verdict.verdict == "converges":
        premises = sorted({note.premise for note in verdict.premises if note.holds})
        return CellProof("proved", f"{', '.join(premises)} hold, and no run drifts", None, found.states)
    return CellProof("no_counterexample", "no run within the bounds drifts", None, found.states)


def _drifting(found: Proof) -> str:
    lasting = f"{found.drift}, " if found.drift is not None else ""
    if found.run is None:
        return f"{lasting}by some run"
    steps = len(found.run.steps)
    return f"{lasting}by a run of {steps} step{'' if steps == 1 else 's'}"


def _left_open(found: Proof) -> str:
    if found.bound is not None:
        return f"bound reached: {found.bound}"
    return f"it hangs on {', '.join(found.unknown)}" if found.unknown else "it hangs on unstated facts"


def _witness_of(topology: Topology, finding: Finding, figures: Figures | None) -> Witness | None:
    """The finding's own run: at the first of its cells, and with its own events alone, if these are enough."""
    about = CONFUSED.get(finding.slug)
    path = _path_of(finding)
    for cell in finding.cells:
        if about is not None:
            pairs = prove_pairs(topology, cell)
            run = next((pair.run for pair in pairs if pair.about == about and path in {None, pair.path}), None)
        else:
            run = _own_run(topology, finding, cell, path, figures)
        if run is not None:
            return Witness(cell, run)
    return None


def _own_run(topology: Topology, finding: Finding, cell: Cell, path: str | None, figures: Figures | None) -> Run | None:
    cause = Cause(
        frozenset(finding.events),
        path,
        FAULT_OF.get(finding.slug),
        finding.drift,
        twice=finding.slug in TWICE,
        spreads=finding.slug in SPREADING,
        cells=frozenset(map(str, finding.cells)),
    )
    for alone in (True, False) if cause.events else (False,):
        run = run_of_cause(topology, cell, cause, alone=alone, figures=figures)
        if run is not None:
            return run
    noted = NOTED.get(finding.slug)
    if path is None and cause.fault is None:  # what never comes here may be missing elsewhere, too
        run = run_of_cause(topology, cell, cause._replace(spreads=True), figures=figures)
        if run is not None:
            return run
    elif noted is not None:  # what it does to a write, others may take from here
        return run_of_cause(topology, cell, cause._replace(spreads=True, noted=noted), alone=False, figures=figures)
    return run_of_cause(topology, cell, cause._replace(apart=True), alone=False, figures=figures)


def _path_of(finding: Finding) -> str | None:
    """The path that has to take part in the run: the finding's own, or the one by which a crash spoils the cell."""
    if finding.slug in ABSENT:
        return None
    if finding.subject.write_path is not None or finding.slug != "dual-write":
        return finding.subject.write_path
    return next((each.subject.write_path for each in finding.related if each.subject.write_path is not None), None)
