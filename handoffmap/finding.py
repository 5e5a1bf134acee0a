"""What the tool concludes: verdicts, findings, questions and coverage, as data to which only `telling` gives a form.

model -> graph -> claims -> **verdicts, findings, questions** -> order -> telling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from handoffmap.model import Cell, Place
    from handoffmap.reading.catalogue import CatalogueFact
    from handoffmap.text.source import Location
    from handoffmap.vocabulary import Seconds

__all__ = [
    "CellVerdict", "Confidence", "Coverage", "DriftClass", "Finding", "PremiseNote", "Question", "Related",
    "Severity", "Subject", "Verdict",
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
