"""**Each finding alone**: the model sees what one finding says, with every other of the cell made safe, or not at all.

Otherwise a false finding hides behind a true one. A set of changes is fit to isolate a finding if the rules still make
it and nothing else is left against the cell; then the model has to see it, too: a run in which its own fault, on its
own path, makes the cell wrong. And with this one mended as well there must be no run left.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from handoffmap.prove import CONFUSED, _own_run, _path_of
from handoffmap.witness import prove_cell, prove_pairs, with_pairs
from tests.agreement.compare import CAP
from tests.agreement.mending import Mending

if TYPE_CHECKING:
    from handoffmap.finding import CellVerdict, Finding
    from handoffmap.model import Cell
    from tests.agreement.compare import Compared
    from tests.agreement.mending import Mended

__all__ = ["Alone", "alone"]

MOST_TRIED = 3
"""Sets of changes that are shown to the model before it is said that it cannot tell."""

Outcome = Literal["alone", "not seen", "not by its own fault", "stays", "not isolated", "not mended"]
"""`alone` is what ought to be. `not isolated`: no changes are known that leave it alone. `not mended`: the model sees
it alone, and no change is known that leaves nothing. `stays`: there is one, and the model still sees a drift."""


class Alone(NamedTuple):
    """What became of one finding with every other one of its cell made safe."""

    cell: Cell
    slug: str
    path: str
    outcome: Outcome
    changes: tuple[str, ...] = ()
    """Those under which it came out so."""


def alone(found: dict[str, Any], compared: Compared) -> list[Alone]:
    """Every confirmed finding of every cell that drifts by findings of its own."""
    results: list[Alone] = []
    for verdict in compared.diagnosis.verdicts:
        if verdict.verdict == "drifts" and not verdict.upstream:
            mending = Mending(found, verdict.cell)
            results.extend(_isolated(mending, verdict.cell, each) for each in _turning(compared, verdict))
    return results


def _turning(compared: Compared, verdict: CellVerdict) -> list[Finding]:
    return [
        each
        for each in compared.diagnosis.findings
        if each.fingerprint in verdict.findings and each.confidence == "confirmed" and each.drift is not None
    ]


def _isolated(mending: Mending, cell: Cell, finding: Finding) -> Alone:
    """What becomes of one of the findings with the others mended, and then with this one mended, too."""
    told = Alone(cell, finding.slug, str(finding.subject.write_path), "not isolated")
    for left in islice(mending.with_all_but(finding.fingerprint), MOST_TRIED):
        drifts = _drifts(left, cell)
        if drifts is None:
            continue
        told = told._replace(changes=_changes(left))
        if not drifts:
            return told._replace(outcome="not seen")
        if not _has_own_run(left, left.findings[finding.fingerprint], cell):
            return told._replace(outcome="not by its own fault")
        return _mended_too(mending, left, told)
    return told


def _mended_too(mending: Mending, left: Mended, told: Alone) -> Alone:
    """What becomes of the last finding of a cell once it is made safe."""
    told = told._replace(outcome="not mended")
    for sound in islice(mending.with_all_mended(left), MOST_TRIED):
        drifts = _drifts(sound, told.cell)
        if drifts:
            return told._replace(outcome="stays", changes=_changes(sound))
        if drifts is False:
            told = told._replace(outcome="alone")
    return told


def _drifts(mended: Mended, cell: Cell) -> bool | None:
    """Whether the model sees a drift under every completion of what is unknown; None: it cannot tell."""
    proof = with_pairs(prove_cell(mended.topology, cell, cap=CAP), prove_pairs(mended.topology, cell))
    return None if proof.bound is not None else proof.verdict == "drifts"


def _has_own_run(mended: Mended, finding: Finding, cell: Cell) -> bool:
    about = CONFUSED.get(finding.slug)
    if about is not None:
        return any(pair.run is not None and pair.about == about for pair in prove_pairs(mended.topology, cell))
    return _own_run(mended.topology, finding, cell, _path_of(finding), None) is not None


def _changes(mended: Mended) -> tuple[str, ...]:
    return tuple(str(edit) for mend in mended.mends for edit in mend)
