"""What the tool concludes: verdicts, findings, questions and coverage, as data to which only `telling` gives a form.

model -> graph -> claims -> **verdicts, findings, questions** -> order -> telling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from handoffmap.model import Cell, Place, Topology
    from handoffmap.premises.graph import WritePathGraph
    from handoffmap.priorities.estimate import Costs, Share
    from handoffmap.priorities.rank import Gap
    from handoffmap.reading.catalogue import CatalogueFact
    from handoffmap.remedy.offer import Remedy
    from handoffmap.text.source import Location, Source
    from handoffmap.vocabulary import Seconds
    from handoffmap.witness import Run

__all__ = [
    "CellVerdict", "Confidence", "Coverage", "Diagnosis", "DriftClass", "Finding", "PremiseNote", "Question", "Related",
    "Report", "Severity", "Subject", "Verdict",
]  # fmt: skip

Severity = Literal["error", "warning", "note"]
Confidence = Literal["confirmed", "undetermined"]
DriftClass = Literal["permanent", "transient", "divergent"]
Verdict = Literal["converges", "drifts", "undetermined"]
Arrival = Literal["once", "never", "repeated", "dropped", "unknown", "state"]


class Subject(NamedTuple):
    """What a finding or a question is about; only the parts that apply are set."""

    system: str | None = None
    quantity: str | None = None
    event: str | None = None
    write_path: str | None = None
    field: str | None = None
    control: str | None = None

    def __str__(self) -> str:
        system, quantity, event, write_path, field, control = self
        cell = f"{system}.{quantity}" if system and quantity else system or quantity
        parts = (write_path, control, cell, field and f"field {field}")
        return " ".join(filter(None, parts)) or event or "the file"


class Related(NamedTuple):
    """Something else that a finding touches: another cell, path, event or control, and why it is named."""

    subject: Subject
    why: str
    location: Location | None = None


class Finding(NamedTuple):
    """One violated (or undetermined) premise, with its place and what to do about it."""

    code: str
    slug: str
    severity: Severity
    confidence: Confidence
    drift: DriftClass | None
    """The class of drift that it causes; None for safety, controls and hygiene."""
    message: str
    """One sentence: what happens, in the map's own names."""
    subject: Subject
    location: Location
    fingerprint: str
    """Stable under moving and reformatting: a hash of rule, file-independent subject and cause."""
    premise: str | None = None
    why: str = ""
    """Why it follows: the facts that make it so."""
    mend: str = ""
    """What to change, in the words of the file."""
    direction: Literal["over", "under", "either"] | None = None
    """Whether the cell ends up showing too much or too little."""
    window: Seconds | None = None
    """Seconds until a transient drift is healed; None: not transient or not known."""
    related: tuple[Related, ...] = ()
    events: tuple[str, ...] = ()
    """The business events that are touched."""
    cells: tuple[Cell, ...] = ()
    """The cells that are touched, the first is the subject's."""
    catalogue: tuple[CatalogueFact, ...] = ()
    """Facts that come from a product's documentation and not from the file."""
    asks: tuple[str, ...] = ()
    """Ids of the questions that an undetermined finding hangs on."""
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None


class PremiseNote(NamedTuple):
    """One premise of a cell's verdict: whether it holds, and what shows it."""

    premise: str
    holds: bool | None
    """None: it hangs on a fact that nobody has stated."""
    because: str
    write_path: str | None = None
    location: Location | None = None


class CellVerdict(NamedTuple):
    """What is known of one cell."""

    cell: Cell
    verdict: Verdict
    drift: DriftClass | None
    window: Seconds | None
    """Seconds: the lag of a converging cell or the exposure of a transient drift; None: no wait, or unknown."""
    premises: Iterable[PremiseNote]
    findings: tuple[str, ...]
    """Fingerprints of the findings that touch the cell."""
    upstream: tuple[Cell, ...] = ()
    """Drifting or undetermined cells that this one takes its value from."""
    place: Place | None = None
    """Where the cell is stated."""


class Coverage(NamedTuple):
    """How one event reaches one cell that it moves."""

    event: str
    cell: Cell
    arrival: Arrival
    """once | never | repeated | dropped (at `path`) | unknown | state (as part of a whole value)"""
    path: str | None = None
    """The seam where it is dropped or repeated, or the path that brings it."""
    late: Seconds | None = None
    """Seconds after the event at the latest, if every latency and interval on the way is known."""
    origin: bool = False
    """The event happens in this very system."""
    detail: str = ""


class Question(NamedTuple):
    """A fact that somebody has to be asked."""

    id: str
    ask: str
    """In plain words, ending in a question mark."""
    owner: str | None
    """Whom to ask: the owner of the path or system; None: no owner is stated."""
    subject: Subject
    fact: str
    """The key that the answer fills in, dotted (`dedupe.retention`)."""
    settles: tuple[Cell, ...]
    """Cells whose verdict or class can turn on the answer."""
    worth: Fraction | None
    """Cost range touched, in currency per 1,000 orders; None where none was computed."""
    location: Location
    rank: int = 0


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


class Report(NamedTuple):
    """One run over any number of files."""

    diagnoses: tuple[Diagnosis, ...]
    invalid: tuple[tuple[str, tuple[Finding, ...]], ...]
    """(file, its HM001-HM009 findings) for each file that could not be judged."""
    skipped: int
    """Files in folders that are no topologies."""
    sources: Mapping[str, Source]
