"""A change held to account: the map judged before and after, and what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.remedy.patch import CannotPatch
from handoffmap.witness import prove_cell, prove_pairs, with_pairs

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import CellVerdict, Finding
    from handoffmap.model import Cell
    from handoffmap.remedy.draft import Draft
    from handoffmap.remedy.edit import Edit
    from handoffmap.witness import Proof

__all__ = ["Bench", "Trial", "budget_of", "confirmed", "worse"]

MOST_STATES = 2_000
"""States after which a witness is given up on: a slice that large is a question of minutes, not of a remedy."""

_LEAST_TRIALS, _MOST_WORK = 200, 60_000
"""Changes that are tried on the largest map; write paths judged in all on smaller ones."""

_RANK = {"transient": 1, None: 2, "permanent": 2, "divergent": 3}


class Trial(NamedTuple):
    """What became of a map by some changes."""

    draft: Draft
    gone: frozenset[str]
    """Fingerprints of confirmed findings that are no longer there."""
    new: tuple[Finding, ...]
    """Confirmed findings that were not there before."""
    asks: tuple[Finding, ...]
    """Open findings that were not there before."""
    moved: tuple[str, ...]
    """What got worse elsewhere, in words."""


class Bench:
    """One map, on which changes are tried; each set of changes once."""

    def __init__(self, draft: Draft, budget: int | None = None) -> None:
        self.draft = draft
        self.budget = budget_of(draft) if budget is None else budget
        """Changes that may be tried; what is not come to by then is not looked at, and said so."""
        self.before = draft.diagnosis
        self.tried = 0
        self.why_not: dict[str, str] = {}
        """Fingerprint of a finding without a remedy → why, in a sentence."""
        self._proofs: dict[Cell, Proof] = {}
        self._known: dict[frozenset[Edit] | str, Trial | None] = {}

    def proof_before(self, cell: Cell) -> Proof:
        """What the witness model says of a cell as the map is."""
        if cell not in self._proofs:
            self._proofs[cell] = proof_of(self.draft, cell)
        return self._proofs[cell]

    def of(self, edits: tuple[Edit, ...]) -> Trial | None:
        """The trial of some changes; None where the text cannot be changed so, or nothing but the text changes."""
        key = "\n".join(sorted(map(repr, edits)))
        if key not in self._known:
            self.tried += 1
            try:
                self._known[key] = compared(self.before, self.draft.changed(edits))
            except CannotPatch:
                self._known[key] = None
        return self._known[key]


def budget_of(draft: Draft) -> int:
    """How many changes are tried on a map: each is a whole judgement, which takes longer the larger it is."""
    return max(_LEAST_TRIALS, _MOST_WORK // (1 + len(draft.topology.write_paths)))


def confirmed(diagnosis: Diagnosis) -> dict[str, Finding]:
    """The confirmed findings by fingerprint, in their order."""
    return {each.fingerprint: each for each in diagnosis.findings if each.confidence == "confirmed"}


def compared(before: Diagnosis, draft: Draft) -> Trial:
    """What is different in a draft."""
    after = draft.diagnosis
    old, new = confirmed(before), confirmed(after)
    open_before = {each.fingerprint for each in before.findings if each.confidence != "confirmed"}
    asks = (each for each in after.findings if each.confidence != "confirmed" and each.fingerprint not in open_before)
    return Trial(
        draft=draft,
        gone=frozenset(old.keys() - new.keys()),
        new=tuple(finding for key, finding in new.items() if key not in old),
        asks=tuple(asks),
        moved=tuple(worse(before, after)),
    )


def worse(before: Diagnosis, after: Diagnosis) -> list[str]:
    """The cells and findings that stand worse than before, in words."""
    told = []
    old = {verdict.cell: verdict for verdict in before.verdicts}
    for verdict in after.verdicts:
        was = old.get(verdict.cell)
        if was is not None and _badness(verdict) > _badness(was):
            told.append(f"{verdict.cell} {_in_words(verdict)}, and before it {_in_words(was)}")
    known = confirmed(before)
    for key, finding in confirmed(after).items():
        was_finding = known.get(key)
        if was_finding is not None and _lasting(finding) > _lasting(was_finding):
            told.append(f"{finding.slug} of {finding.subject} lasts longer")
    return told


def _badness(verdict: CellVerdict) -> int:
    if verdict.verdict != "drifts":
        return 0 if verdict.verdict == "converges" else 1
    return 1 + _RANK[verdict.drift]


def _lasting(finding: Finding) -> int:
    return 0 if finding.drift is None else _RANK[finding.drift]


def _in_words(verdict: CellVerdict) -> str:
    return f"{verdict.verdict} ({verdict.drift})" if verdict.drift else verdict.verdict


def proof_of(draft: Draft, cell: Cell) -> Proof:
    """What the witness model says of a cell, mix-ups of items and places included."""
    return with_pairs(prove_cell(draft.topology, cell, cap=MOST_STATES), prove_pairs(draft.topology, cell))
