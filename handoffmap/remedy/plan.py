"""The fix plan: remedies → a set that clears what it can → **steps, each judged where it stands** → what is left.

Every step is applied to the text that the steps before it have made, read and judged again; what the plan tells of it
is what came out. Where steps get into each other's way, or an upper finding was hiding a lower one, the findings that
are left are looked at anew on the map as it then is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.remedy.choice import cheapest_cover
from handoffmap.remedy.difference import Difference
from handoffmap.remedy.draft import Draft
from handoffmap.remedy.offer import accepted, mended, offers
from handoffmap.remedy.ordering import in_order
from handoffmap.remedy.trial import Bench, budget_of, confirmed

if TYPE_CHECKING:
    from fractions import Fraction

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import Finding
    from handoffmap.model import Cell
    from handoffmap.policy.waiver import Waived
    from handoffmap.priorities.estimate import Costs
    from handoffmap.remedy.edit import Edit
    from handoffmap.remedy.offer import Remedy

__all__ = ["Plan", "Step", "plan", "plan_as_settled"]

_ROUNDS = 6
"""Times that what is left is looked at anew."""


class Step(NamedTuple):
    """One remedy in its place."""

    edits: tuple[Edit, ...]
    effort: Fraction
    """Person-days, an assumption."""
    clears: tuple[Finding, ...]
    """Confirmed findings that go with it."""
    mends: tuple[Cell, ...]
    """Cells that drift before this step and no longer after it."""
    left: int
    """Confirmed findings after it."""
    drifting: int
    """Cells that still drift after it."""
    asks: int
    """Findings that hang on a question after it."""
    before: Costs
    after: Costs
    difference: Difference
    draft: Draft
    """The map after this step."""


class Plan(NamedTuple):
    """The way from a map to one with nothing confirmed, as far as changes of facts lead."""

    start: Diagnosis
    steps: tuple[Step, ...]
    end: Diagnosis
    left: tuple[tuple[Finding, str], ...]
    """Confirmed findings that no step clears, each with why."""
    exact: bool
    """Whether no cheaper set of the offered remedies exists."""
    tried: int
    """Changes that were applied and judged."""
    spared: frozenset[str] = frozenset()
    """Fingerprints of findings that need no mending: the team lives with them, or is told nothing of them."""
    waived: tuple[Waived, ...] = ()
    """Those that the team lives with, and until when."""

    @property
    def found(self) -> int:
        """How many confirmed findings are to be cleared."""
        left = {finding.fingerprint for finding, _ in self.left}
        return len((confirmed(self.start).keys() | left) - self.spared)


def plan_as_settled(raw: Diagnosis, settled: Diagnosis) -> Plan:
    """Plan for what the team is told of a map: nothing is mended that it lives with.

    `settled` is `raw` with waivers applied, rules selected and those of the team's own asked. What only that one has
    is left: nothing is known of how to mend it.
    """
    counts = confirmed(settled)
    spared = frozenset(confirmed(raw).keys() - counts.keys())
    made = plan(raw, spared)
    more = ((finding, finding.mend or _NOBODY) for key, finding in counts.items() if key not in confirmed(raw))
    return made._replace(left=(*made.left, *more), waived=settled.waived)


_NOBODY = "a rule of the team's own found it, and says nothing of how to mend it"


def plan(diagnosis: Diagnosis, spared: frozenset[str] = frozenset()) -> Plan:
    """Plan how to clear the confirmed findings of a map. Nothing is written; the files are those it was made of.

    `spared`: fingerprints of findings that may stay.
    """
    draft = Draft(diagnosis.topology, diagnosis)
    steps: list[Step] = []
    why_not: dict[str, str] = {}
    tried, exact, budget = 0, True, budget_of(draft)
    for _ in range(_ROUNDS):
        bench = Bench(draft, budget - tried)
        offered = {key: offers(bench, finding) for key, finding in _wanted(draft.diagnosis, spared).items()}
        why_not = bench.why_not
        chosen, all_weighed = cheapest_cover(offered)
        exact = exact and all_weighed
        tried += bench.tried
        before = len(steps)
        for remedy in in_order(draft.diagnosis, chosen):
            step = _step(draft, remedy, spared)
            if step is not None:
                steps.append(step)
                draft = step.draft
        if len(steps) == before:
            break
    left = tuple(
        (finding, why_not.get(key, "the steps above get in the way of every change that would remove it"))
        for key, finding in _wanted(draft.diagnosis, spared).items()
    )
    return Plan(diagnosis, tuple(steps), draft.diagnosis, left, exact, tried, spared)


def _wanted(diagnosis: Diagnosis, spared: frozenset[str]) -> dict[str, Finding]:
    """The confirmed findings that are to be cleared."""
    return {key: finding for key, finding in confirmed(diagnosis).items() if key not in spared}


def _step(draft: Draft, remedy: Remedy, spared: frozenset[str]) -> Step | None:
    """The remedy on the map as it is by now; None where it no longer does what it did alone."""
    bench = Bench(draft)
    trial = bench.of(remedy.edits)
    there = confirmed(draft.diagnosis)
    wanted = [there[key] for key in remedy.clears if key in there and key not in spared]
    if trial is None or not wanted or accepted(bench, wanted[0], remedy.edits, trial) is None:
        return None
    after = trial.draft.diagnosis
    return Step(
        edits=remedy.edits,
        effort=remedy.effort,
        clears=tuple(finding for key, finding in there.items() if key in trial.gone),
        mends=mended(draft.diagnosis, after),
        left=len(_wanted(after, spared)),
        drifting=sum(verdict.verdict == "drifts" for verdict in after.verdicts),
        asks=sum(finding.confidence != "confirmed" for finding in after.findings),
        before=draft.diagnosis.costs,
        after=after.costs,
        difference=Difference(draft, trial.draft),
        draft=trial.draft,
    )
