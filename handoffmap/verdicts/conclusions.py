"""Claims gathered into findings: verdicts -> **findings** -> order, telling.

One cause is one finding. Claims of one rule on one path (or, for the structure of the map, on one cell or control) are
told once, with every cell that they touch.
"""

from __future__ import annotations

from hashlib import blake2s
from typing import TYPE_CHECKING

from handoffmap.finding import CellVerdict, Finding, PremiseNote, Related, Subject
from handoffmap.premises.phrases import direction_of, listed
from handoffmap.rules import find_rule
from handoffmap.verdicts.assessed import Told
from handoffmap.verdicts.inherited import WEIGHT
from handoffmap.vocabulary import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import DriftClass, Severity
    from handoffmap.model import Cell, Place, WritePath
    from handoffmap.premises.claim import Ask, Claim, Direction
    from handoffmap.premises.survey import Survey
    from handoffmap.reading.catalogue import CatalogueFact
    from handoffmap.rules import Rule
    from handoffmap.text.source import Location
    from handoffmap.verdicts.assessed import Assessed
    from handoffmap.verdicts.verdict import Judgement
    from handoffmap.vocabulary import Seconds

__all__ = ["Gathered", "gather", "verdicts_of"]

ABOUT_THE_STRUCTURE = frozenset(
    {
        "multiple-writers",
        "multiple-allocators",
        "duplicate-route",
        "dual-write",
        "lost-update",
        "set-adjust-mix",
        "echo-loop",
    }
)
"""Rules whose subject is the cell, with the paths among the related."""

ABOUT_THE_CELL = frozenset(
    {
        "unsynchronized",
        "missing-compensation",
        "double-compensation",
        "shipment-gap",
        "count-gap",
        "transfer-limbo",
        "reservation-leak",
        "derived-not-recomputed",
        "ungated-write",
        "manual-override",
        "stale-batch",
        "no-reconciliation",
        "null-as-zero",
        "count-while-moving",
        "reordered-lifecycle",
    }
)
"""Rules that give one finding for each cell, whatever path is involved."""


class Gathered:
    """All that is told of one cause while it is being gathered."""

    __slots__ = ("asks", "cells", "claim", "drifts", "events", "paths", "potential", "told_of", "windows")

    def __init__(self, claim: Claim, told_of: Cell | None) -> None:
        self.claim = claim
        """The claim that speaks for all."""
        self.told_of = told_of
        """The cell that it was told of."""
        self.cells: dict[Cell, None] = {}
        self.events: dict[str, None] = {}
        self.asks: dict[Ask, None] = {}
        self.paths: dict[str, None] = {}
        self.drifts: list[DriftClass | None] = []
        self.potential: DriftClass | None = None
        self.windows: list[Seconds | None] = []

    def add(self, told: Told, cell: Cell | None) -> None:
        """One more cell (or event) that the same cause touches."""
        claim = told.claim
        if cell is not None:
            self.cells[cell] = None
        if claim.events:
            self.events.update(dict.fromkeys(claim.events))
        if claim.asks or claim.extra_asks:
            self.asks.update(dict.fromkeys((*claim.asks, *claim.extra_asks)))
        if claim.path is not None:
            self.paths[claim.path.id] = None
        if told.turns:
            self.drifts.append(told.drift)
            if told.healed is not None:
                self.windows.append(told.healed.window)
            elif claim.lasts is not None:
                self.windows.append(claim.lasts)
        if claim.drift is not self.potential and WEIGHT[claim.drift] > WEIGHT[self.potential]:
            self.potential = claim.drift
        another = claim is not self.claim or cell is not self.told_of
        if another and _speaks_first(claim, cell) < _speaks_first(self.claim, self.told_of):
            self.claim, self.told_of = claim, cell


def _speaks_first(claim: Claim, cell: Cell | None) -> tuple[object, ...]:
    """The order in which claims of one cause may speak: the first path, its target's first quantity, the message."""
    path = claim.path.id if claim.path is not None else ""
    if cell is None:
        return (path, False, "", (0, ""), claim.message)
    elsewhere = claim.path is not None and cell.system != claim.path.target
    return (path, elsewhere, cell.system, in_words_order(cell.quantity), claim.message)


def gather(judgement: Judgement) -> list[tuple[Gathered, Rule]]:
    """Every cause that is told, with its rule; claims that only point upstream are left out."""
    found: dict[tuple[object, ...], Gathered] = {}
    for cell, assessed in judgement.cells.items():
        for told in assessed.told:
            claim = told.claim
            if not claim.slug or claim.upstream or not claim.message:
                continue
            about = claim.cell or cell
            key = _key(claim, about)
            gathered = found.get(key)
            if gathered is None:
                gathered = found[key] = Gathered(claim, cell)
            if claim.cell is not None:
                gathered.cells.setdefault(claim.cell)
            gathered.add(told, cell)
            if claim.path is not None and not claim.events:
                gathered.events.update(dict.fromkeys(assessed.case.carried.get(claim.path.id, ())))
    for claim in judgement.elsewhere:
        key = _key(claim, claim.cell)
        gathered = found.setdefault(key, Gathered(claim, claim.cell))
        gathered.add(Told(claim, None, turns=False), claim.cell)
    told_rules = []
    for gathered in found.values():
        rule = find_rule(gathered.claim.slug)
        if rule is not None:
            told_rules.append((gathered, rule))
    return told_rules


def _key(claim: Claim, cell: Cell | None) -> tuple[object, ...]:
    """What makes two claims the same cause."""
    if claim.group == "all cells":
        return (claim.slug, claim.holds)
    if claim.control is not None:
        return (claim.slug, claim.holds, claim.control)
    if claim.subject is not None:
        return (claim.slug, claim.holds, claim.subject)
    if claim.slug in ABOUT_THE_CELL or claim.path is None:
        return (claim.slug, claim.holds, cell, claim.group, claim.event)
    if claim.slug in ABOUT_THE_STRUCTURE and claim.group:
        return (claim.slug, claim.holds, claim.group if claim.slug != "set-adjust-mix" else cell)
    return (
        claim.slug,
        claim.holds,
        claim.path.id,
        claim.group,
        claim.field if claim.keys[:1] == ("fields",) else None,
    )


def finding_of(gathered: Gathered, rule: Rule, survey: Survey, asked: dict[Ask, str]) -> Finding:
    """One gathered cause as a finding; `asked` gives the question's id of each missing fact."""
    claim = gathered.claim
    cells = _ordered(gathered)
    confirmed = claim.holds is False
    drift = _class_of(gathered, confirmed=confirmed)
    subject = _subject(claim, cells, gathered)
    events = tuple(sorted(gathered.events))
    return Finding(
        code=rule.code,
        slug=rule.slug,
        severity=_severity(rule, drift if confirmed else gathered.potential, cells, survey),
        confidence="confirmed" if confirmed else "undetermined",
        drift=drift,
        message=_message(claim, cells, events, confirmed=confirmed),
        subject=subject,
        location=_location(claim, cells, survey),
        fingerprint=_fingerprint(rule.slug, subject, events if not claim.path else (), claim, confirmed=confirmed),
        premise=claim.premise or None,
        why=claim.because,
        mend=rule.mend,
        direction=_direction(claim, cells, events, survey)
        if drift is not None or claim.direction != "either"
        else None,
        window=_longest(gathered.windows) if drift == "transient" else None,
        related=tuple(_related(gathered, cells, survey, subject)),
        events=events,
        cells=cells,
        catalogue=_documented(claim.path, rule.slug),
        asks=tuple(sorted({asked[ask] for ask in gathered.asks if ask in asked})) if gathered.asks else (),
    )


TWICE = frozenset({"duplicate-delivery", "dedupe-key-unstable", "dedupe-window-short"})
AWAY = frozenset(
    {"lost-delivery", "unwatched-dead-letter", "ack-before-commit", "dual-write", "refused-delta", "watermark-defect"}
    | {"poll-window-gap", "subscription-lapse", "dedupe-key-too-coarse", "lifecycle-guard-missing"}
)
"""Rules about handoffs by what becomes of an event: it counts twice, or not at all."""


def _direction(claim: Claim, cells: tuple[Cell, ...], events: tuple[str, ...], survey: Survey) -> Direction:
    """Which way the first cell is off: what the claim says, else what its events come to twice or not at all."""
    if claim.direction != "either" or not cells or claim.slug not in TWICE | AWAY:
        return claim.direction
    moved = [survey.topology.events[name] for name in events if name in survey.topology.events]
    return direction_of(moved, cells[0].quantity, twice=claim.slug in TWICE)


MISSING_EVENTS = frozenset(
    {"unsynchronized", "missing-compensation", "shipment-gap", "count-gap", "manual-override"}
    | {"transfer-limbo", "reservation-leak"}
)
"""Rules that give one finding for all events that do not reach a cell."""


def _message(claim: Claim, cells: tuple[Cell, ...], events: tuple[str, ...], *, confirmed: bool) -> str:
    """The claim's own words; where it stands for several events, words that name them all."""
    if claim.slug not in MISSING_EVENTS or len(events) < 2 or len(claim.events) != 1 or claim.path is not None:
        return claim.message
    return f"{listed(events, 6)} {'never reach' if confirmed else 'may not reach'} {claim.cell or cells[0]}"


def _longest(windows: list[Seconds | None]) -> Seconds | None:
    """The longest window; None where one of them is not known, or where there is none."""
    known = [window for window in windows if window is not None]
    return max(known) if known and len(known) == len(windows) else None


def _documented(path: WritePath | None, slug: str) -> tuple[CatalogueFact, ...]:
    """What a product's documentation states of the facts on which a rule's answer rests."""
    if path is None or not path.from_catalogue or slug not in _FACTS:
        return ()
    return tuple(path.from_catalogue[key] for key in sorted(path.from_catalogue) if key in _FACTS[slug])


_DELIVERY = frozenset({"delivery", "retry", "dead_letter", "ack"})
_FACTS = {
    "duplicate-delivery": frozenset({"delivery"}),
    "dedupe-key-unstable": frozenset({"delivery"}),
    "dedupe-window-short": frozenset({"delivery", "retry"}),
    "lost-delivery": _DELIVERY,
    "unwatched-dead-letter": _DELIVERY,
    "ack-before-commit": _DELIVERY,
    "reordered-state": frozenset({"order", "dead_letter"}),
    "refused-delta": frozenset({"order"}),
    "reordered-lifecycle": frozenset({"order"}),
}
"""Rule -> the facts of a path on which its answer rests."""


def _ordered(gathered: Gathered) -> tuple[Cell, ...]:
    """The touched cells in the order of the vocabulary, those of the path's own target and the subject's own first."""
    if len(gathered.cells) < 2:
        return tuple(gathered.cells)
    claim = gathered.claim
    target = claim.path.target if claim.path is not None else None
    cells = sorted(gathered.cells, key=lambda cell: (cell.system != target, cell.system, in_words_order(cell.quantity)))
    if claim.cell is not None and claim.cell in cells:
        cells.remove(claim.cell)
        cells.insert(0, claim.cell)
    return tuple(cells)


def in_words_order(quantity: str) -> tuple[int, str]:
    """Canonical quantities as the vocabulary lists them, then a file's own by name."""
    return (_PLACE.get(quantity, len(_PLACE)), quantity)


_PLACE = {quantity: place for place, quantity in enumerate(QUANTITIES)}


def _class_of(gathered: Gathered, *, confirmed: bool) -> DriftClass | None:
    """The worst class over the cells; None where it turns none or is not settled."""
    if not confirmed:
        return gathered.potential
    if not gathered.drifts:
        return None
    known = [drift for drift in gathered.drifts if drift is not None]
    if None in gathered.drifts and WEIGHT[gathered.potential] > max((WEIGHT[d] for d in known), default=0):
        return None
    return max(known, key=lambda drift: WEIGHT[drift], default=None)


def _severity(rule: Rule, drift: DriftClass | None, cells: tuple[Cell, ...], survey: Survey) -> Severity:
    if rule.severity is not None:
        return rule.severity
    lasting = drift in {"permanent", "divergent"}
    decides = any(
        survey.graph.cells[cell].role == "authoritative" or cell.system in survey.graph.allocators
        for cell in cells
        if cell in survey.graph.cells
    )
    return "error" if lasting and decides else "warning"


def _subject(claim: Claim, cells: tuple[Cell, ...], gathered: Gathered) -> Subject:
    if claim.subject is not None:
        return claim.subject
    if claim.group == "all cells":
        return Subject()
    system, quantity = cells[0] if cells else (None, None)
    event = claim.event or (next(iter(gathered.events)) if len(gathered.events) == 1 else None)
    if claim.control is not None:
        return Subject(system=system, quantity=quantity, control=claim.control)
    if claim.slug == "ineffective-control":
        return Subject(system=system, quantity=quantity, control=claim.group or None)
    about_cell = claim.slug in ABOUT_THE_CELL or claim.slug in ABOUT_THE_STRUCTURE
    path = None if about_cell or claim.path is None else claim.path.id
    return Subject(system=system, quantity=quantity, event=event, write_path=path, field=claim.field)


def _location(claim: Claim, cells: tuple[Cell, ...], survey: Survey) -> Location:
    """The most specific place: the fact that makes it so, else the entry it is about."""
    topology = survey.topology
    if claim.path is not None and claim.slug not in ABOUT_THE_CELL:
        return claim.path.place.at(*claim.keys)
    name = claim.control or (claim.subject.control if claim.subject is not None else None)
    if claim.slug == "ineffective-control":
        name = claim.group or None
    if name is not None and topology.controls is not None and name in topology.controls:
        return topology.controls[name].place.at(*claim.keys)
    if claim.event is not None and claim.event in topology.events:
        return topology.events[claim.event].place.at()
    if cells and claim.group != "all cells":
        return survey.graph.cells[cells[0]].place.at(*claim.keys)
    system = claim.subject.system if claim.subject is not None else None
    if system is not None and system in topology.systems:
        return topology.systems[system].place.at()
    return topology.place.at(*(claim.keys or (("systems",) if not claim.asks else ())))


def _related(gathered: Gathered, cells: tuple[Cell, ...], survey: Survey, subject: Subject) -> Iterator[Related]:
    claim = gathered.claim
    graph = survey.graph
    for cell in cells[1:]:
        yield Related(Subject(*cell), "is touched too", graph.cells[cell].place.at())
    paths = sorted(gathered.paths)
    if claim.slug in ABOUT_THE_STRUCTURE and claim.group:
        paths = sorted({*paths, *(name for name in claim.group.split() if name in survey.topology.write_paths)})
    for name in paths:
        if name != subject.write_path:
            yield Related(Subject(write_path=name), "takes part", survey.topology.write_paths[name].place.at())
    for other, why in claim.related:
        place = _place_of(other, survey)
        yield Related(other, why, place.at() if place is not None else None)
    for name in claim.systems[1:]:
        yield Related(Subject(system=name), "is meant too", survey.topology.systems[name].place.at())


def _place_of(subject: Subject, survey: Survey) -> Place | None:
    topology = survey.topology
    if subject.system is not None and subject.system in topology.systems:
        system = topology.systems[subject.system]
        if subject.quantity is not None and subject.quantity in system.holds:
            return system.holds[subject.quantity].place
        return system.place
    return None


def _fingerprint(slug: str, subject: Subject, events: tuple[str, ...], claim: Claim, *, confirmed: bool) -> str:
    """A hash of rule, subject and cause: it stays when lines move, and goes when the meaning changes."""
    # One finding a path although it is about the cell (`dual-write`): the path tells it from its neighbours.
    one_of_many = slug in ABOUT_THE_STRUCTURE and not claim.group and claim.path is not None
    cause = claim.path.id if one_of_many and claim.path is not None else claim.group
    parts = (slug, *[part or "" for part in subject], *events, cause, "confirmed" if confirmed else "open")
    return blake2s("\x1f".join(parts).encode(), digest_size=8).hexdigest()


def verdicts_of(judgement: Judgement, findings: tuple[Finding, ...]) -> tuple[CellVerdict, ...]:
    """Every cell's verdict, with the premises that hold or do not, and the findings that touch it in their order."""
    touching: dict[Cell, list[str]] = {}
    for finding in findings:
        for cell in finding.cells:
            touching.setdefault(cell, []).append(finding.fingerprint)
    complete = judgement.survey.topology.complete
    return tuple(
        CellVerdict(
            cell=cell,
            verdict=assessed.verdict,
            drift=assessed.drift,
            window=assessed.window,
            premises=NotesOf(assessed, complete=complete),
            findings=tuple(touching.get(cell, ())),
            upstream=assessed.upstream,
            place=assessed.case.holding.place,
        )
        for cell, assessed in judgement.cells.items()
    )


class NotesOf:
    """The premises of a verdict in their order, each piece of evidence once; put together when somebody reads them."""

    __slots__ = ("_assessed", "_complete")

    def __init__(self, assessed: Assessed, *, complete: bool) -> None:
        self._assessed = assessed
        self._complete = complete

    def __iter__(self) -> Iterator[PremiseNote]:
        notes: dict[tuple[str, bool | None, str, str | None], None] = {}
        for item in self._assessed.told if self._assessed.verdict != "converges" else ():
            if item.turns:
                claim = item.claim
                notes[(claim.premise, claim.holds, claim.because, claim.path.id if claim.path else None)] = None
        for common, answers in self._assessed.held:
            for answer in answers:
                path = answer.path or common
                if answer.premise:
                    notes[(answer.premise, True, answer.because, path.id if path else None)] = None
        if not self._complete:
            notes[("TA1", None, "the map is an excerpt: no cell is proved", None)] = None
        if not notes and self._assessed.verdict == "converges":
            notes[("TA1", True, "no event in the map moves it and no path writes it", None)] = None
        return iter([PremiseNote(*note) for note in sorted(notes, key=_by_premise)])


def _by_premise(note: tuple[str, bool | None, str, str | None]) -> tuple[object, ...]:
    premise, holds, because, path = note
    return (holds is True, holds is None, premise, path or "", because)
