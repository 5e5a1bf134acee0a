"""What one pass concludes about a map, put together, and what one run concludes about any number of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from handoffmap.finding import CellVerdict, Coverage, Finding, Question
    from handoffmap.model import Cell, Topology
    from handoffmap.policy.baseline import Known
    from handoffmap.policy.waiver import Waived
    from handoffmap.premises.graph import WritePathGraph
    from handoffmap.priorities.estimate import Costs, Share
    from handoffmap.priorities.rank import Gap
    from handoffmap.remedy.offer import Remedy
    from handoffmap.text.source import Source
    from handoffmap.witness import Run

__all__ = ["CellProof", "Diagnosis", "Proved", "Report", "Witness", "Work"]


class Witness(NamedTuple):
    """A run in which one cell goes wrong."""

    cell: Cell
    run: Run


class CellProof(NamedTuple):
    """What premises and model together say of one cell."""

    word: Literal["proved", "no_counterexample", "refuted", "undetermined"]
    because: str
    """The premises, the run's length, or the facts and bounds on which it hangs."""
    witness: Witness | None
    states: int
    """States that were looked at."""


class Work(NamedTuple):
    """How much the model looked at: a slice is one cell with all that leads into it, under one answer to what is open.

    Slices that were searched once more for the run of one finding count again.
    """

    slices: int
    states: int
    """In all slices together."""
    median: int
    """States of the slice in the middle; of two, the larger."""
    p99: int
    """States that 99 of 100 slices stay within."""
    most: int


class Proved(NamedTuple):
    """Everything that the model was asked about one map."""

    cells: Mapping[Cell, CellProof]
    witnesses: Mapping[str, Witness]
    """Fingerprint -> the finding's own run; a finding without one is not shown by the model."""
    work: Work


class Diagnosis(NamedTuple):
    """Everything that one pass concludes about one topology."""

    file: str
    topology: Topology
    graph: WritePathGraph
    verdicts: tuple[CellVerdict, ...]
    findings: tuple[Finding, ...]
    """In the order of rank: the first is the one to mend first."""
    questions: tuple[Question, ...]
    coverage: Iterable[Coverage]
    """Each event in each cell that it moves; worked out when somebody goes through it."""
    gaps: tuple[Gap, ...]
    """Confirmed findings in order, each with its share of cost and the line that explains its place."""
    costs: Costs
    scorecard: tuple[tuple[str, str, str], ...]
    """(control, standing: `in place` | `partial` | `missing` | `unknown`, one sentence) for the three controls."""
    shares: Mapping[str, Share]
    """Fingerprint -> share of cost."""
    proved: Proved | None = None
    """None: nobody has asked the model."""
    remedies: Mapping[str, tuple[Remedy, ...]] | None = None
    """Fingerprint -> what mends a confirmed finding, the least effort first; None: nobody has looked for any."""
    waived: tuple[Waived, ...] = ()
    """Findings that the team lives with until a date; they are in none of `findings`."""
    known: tuple[Finding, ...] = ()
    """Findings that were there when the baseline was taken; they are in none of `findings` either."""
    stated: Iterable[str] = ()
    """The names of all systems, events, paths, controls and cells, by which a waiver may say what it is about."""


class Report(NamedTuple):
    """One run over any number of files."""

    diagnoses: tuple[Diagnosis, ...]
    invalid: tuple[tuple[str, tuple[Finding, ...]], ...]
    """(file, its HM001-HM009 findings) for each file that could not be judged."""
    skipped: int
    """Files in folders that are no topologies."""
    sources: Mapping[str, Source]
    gone: tuple[Known, ...] | None = None
    """What the baseline holds and is found no more; None: there is no baseline."""
    own_asked: bool = False
    """Whether a team's own rules have been asked, and what they say is among the findings."""

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong with files, each defect once, though several maps may include the file."""
        return tuple(dict.fromkeys(problem for _, problems in self.invalid for problem in problems))
