"""What a report says, in its order and in words: one content that the HTML and the Markdown report both tell.

Every gap is told in full once; everything else refers to it. Nothing here is escaped: that is the
templates' job.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from handoffmap.priorities.estimate import CATEGORIES
from handoffmap.telling.anchor import anchor, shown
from handoffmap.telling.duration import say_duration
from handoffmap.telling.fault_table import FAULTS, tell_faults
from handoffmap.telling.handoff_table import handoffs
from handoffmap.telling.lived_with import lived_with, only_waived
from handoffmap.telling.named import name_of
from handoffmap.telling.oversold import buffer_lines, theorem_of
from handoffmap.telling.runs import Told, told_run
from handoffmap.telling.wording import (
    ARRIVALS,
    CLASSES,
    PREMISES,
    VERDICTS,
    count,
    money,
    money_range,
    percent,
    verdict_text,
)
from handoffmap.vocabulary import BUILT_IN_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import CellVerdict, Finding, Question, Related, Subject
    from handoffmap.priorities.estimate import Assumption, Costs, Share
    from handoffmap.priorities.rank import Gap
    from handoffmap.telling.handoff_table import Handoff
    from handoffmap.telling.lived_with import LivedWith
    from handoffmap.telling.scene import Scene
    from handoffmap.text.source import Location

__all__ = ["Link", "Story", "tell"]

FIRST: Final = 5
"""Gaps and questions on the executive's page."""
WAIVERS: Final = frozenset({"HM020", "HM021", "HM022", "HM023"})
"""Rules about waivers, which make no count wrong and weaken no control."""
MOST_NAMED: Final = 6
"""Handoffs that a premise names one by one."""


class Link(NamedTuple):
    """A word that leads to where the thing is told in full; `to` is an anchor, empty for none."""

    text: str
    to: str = ""


class CostLine(NamedTuple):
    """One category of cost: its likeliest figure, its range, and its part of the benchmark in percent."""

    name: str
    amount: str
    ends: str
    part: float
    benchmark: str
    missing: str


class Bill(NamedTuple):
    """What it costs, with the label that it must never be shown without."""

    label: str
    own: bool
    amount: str
    ends: str
    a_month: str
    lines: tuple[CostLine, ...]
    benchmark: str
    unexplained: str
    unexplained_part: float
    stability: str
    splitting: str


class GapStory(NamedTuple):
    """One gap in full."""

    position: int
    anchor: str
    figure: str
    code: str
    slug: str
    severity: str
    kind: str
    """What it means for the count."""
    what: str
    where: tuple[Link, ...]
    why: str
    because: str
    costs: str
    amount: str
    split: tuple[tuple[str, str], ...]
    mend: str
    place: str
    line: str
    """The text of the line at its place."""
    events: tuple[str, ...]
    also: tuple[tuple[Link, str], ...]
    documented: tuple[tuple[str, str], ...]
    """(what a product's documentation says, its public page)."""
    note: bool
    """Housekeeping: told last and folded."""
    theorem: tuple[str, str] | None
    """A theorem that applies, and the premise that it fails on."""
    run: Told | None
    """A run of the model that shows it in numbers; None: there is none, or nobody has asked the model."""


class WaivedStory(NamedTuple):
    """One gap that the team lives with, and until when."""

    number: str
    anchor: str
    rule: str
    severity: str
    kind: str
    what: str
    where: tuple[Link, ...]
    amount: str
    place: str
    reason: str
    owner: str
    ticket: str
    until: str
    left: str
    """How long it is still lived with, in words."""
    today: str
    """The day on which that was judged."""
    said: str
    """Where the waiver stands."""


class QuestionStory(NamedTuple):
    """One question with what hangs on it."""

    rank: int
    anchor: str
    ask: str
    owner: str
    about: Link
    fact: str
    settles: tuple[Link, ...]
    worth: str
    place: str
    then: tuple[str, ...]
    """What would be found if the answer is the bad one."""
    waived: str
    """The day to which all that hangs on it is waived; empty where something counts."""


class PremiseLine(NamedTuple):
    """One premise of a count's verdict, with all that is said of it in one way."""

    mark: str
    premise: str
    demands: str
    reasons: tuple[tuple[str, tuple[Link, ...]], ...]
    """(what shows it, handoffs)."""


class VerdictRow(NamedTuple):
    """One count and what is known of it."""

    anchor: str
    system: str
    quantity: str
    role: str
    verdict: str
    says: str
    decisive: tuple[PremiseLine, ...]
    """What the verdict rests on: for a count that must agree all that holds, else what is broken or open."""
    others: tuple[PremiseLine, ...]
    gaps: tuple[Link, ...]
    upstream: tuple[Link, ...]
    place: str


class BufferRow(NamedTuple):
    """One count that holds pieces back, and how likely that is not enough."""

    cell: Link
    held_back: str
    window: str
    expected: str
    probability: str
    sum_up: str
    inputs: tuple[tuple[str, str, str], ...]


class FaultCell(NamedTuple):
    """What one fault does to one kind of write, with the letter of the control that stops it."""

    word: str
    mark: str
    says: str
    stopped_by: str


class WriteRow(NamedTuple):
    """One kind of write and what each fault does to it."""

    does: str
    stated: str
    number: int
    """Handoffs of this map that write so."""
    used_by: tuple[Link, ...]
    cells: tuple[FaultCell, ...]


class FaultTable(NamedTuple):
    """What one fault does to each kind of write."""

    faults: tuple[str, ...]
    rows: tuple[WriteRow, ...]
    controls: tuple[tuple[str, str], ...]
    """(letter, the control)."""


class Story(NamedTuple):
    """The whole report in words."""

    title: str
    file: str
    summary: str
    complete: bool
    size: str
    lead: str
    tally: tuple[tuple[str, str, int, float], ...]
    """(verdict, what it is called, number of counts, percent of all)."""
    bill: Bill | None
    scorecard: tuple[tuple[str, str, str], ...]
    gaps: tuple[GapStory, ...]
    waived: tuple[WaivedStory, ...]
    questions: tuple[QuestionStory, ...]
    by_owner: tuple[tuple[str, tuple[QuestionStory, ...]], ...]
    unasked: tuple[tuple[str, str], ...]
    """(what could be, place) of undetermined findings that no question stands for."""
    arrivals: tuple[tuple[str, tuple[tuple[str, str, tuple[Link, ...]], ...]], ...]
    """Event -> (arrival, what it is called, counts)."""
    handoffs: tuple[Handoff, ...]
    verdicts: tuple[VerdictRow, ...]
    buffers: tuple[BufferRow, ...]
    faults: FaultTable
    assumptions: tuple[Assumption, ...]
    words: tuple[tuple[str, str], ...]
    """The words that the report uses in a meaning of its own."""

    @property
    def first_gaps(self) -> tuple[GapStory, ...]:
        """Those on the first page."""
        return tuple(gap for gap in self.gaps if not gap.note)[:FIRST]

    @property
    def first_questions(self) -> tuple[QuestionStory, ...]:
        """Those on the first page."""
        return self.questions[:FIRST]


def tell(scene: Scene) -> Story:
    """The content of the report on one diagnosis."""
    diagnosis, topology = scene.diagnosis, scene.topology
    numbers = {
        gap.finding.fingerprint: (str(gap.position), anchor("gap", gap.finding.fingerprint)) for gap in diagnosis.gaps
    }
    lives_with = lived_with(diagnosis)
    for each in lives_with:
        key = each.waived.finding.fingerprint
        numbers[key] = (each.number, anchor("waived", key))
    gaps = tuple(_gap(diagnosis, gap) for gap in diagnosis.gaps)
    questions = tuple(_questions(diagnosis))
    return Story(
        title=shown(topology.name or topology.file),
        file=shown(name_of(diagnosis)),
        summary=shown(topology.summary or ""),
        complete=topology.complete,
        size=_size(scene),
        lead=_lead(diagnosis),
        tally=_tally(diagnosis),
        bill=_bill(diagnosis.costs),
        scorecard=tuple((shown(name), standing, shown(says)) for name, standing, says in diagnosis.scorecard),
        gaps=gaps,
        waived=tuple(_waived(diagnosis, each) for each in lives_with),
        questions=questions,
        by_owner=_by_owner(questions),
        unasked=_unasked(diagnosis),
        arrivals=tuple(_arrivals(scene)),
        handoffs=tuple(handoffs(scene, numbers)),
        verdicts=tuple(_verdicts(diagnosis, numbers)),
        buffers=tuple(_buffers(diagnosis)),
        faults=_faults(scene),
        assumptions=diagnosis.costs.assumptions if diagnosis.costs.total is not None else (),
        words=_WORDS,
    )


# The first page.


def _size(scene: Scene) -> str:
    topology = scene.topology
    parts = [
        count(len(topology.systems), "system"),
        count(len(topology.write_paths), "handoff"),
        count(len(topology.events), "business event"),
        count(len(scene.diagnosis.verdicts), "count"),
    ]
    return ", ".join(parts)


def _lead(diagnosis: Diagnosis) -> str:
    total = len(diagnosis.verdicts)
    wrong = sum(verdict.verdict == "drifts" for verdict in diagnosis.verdicts)
    open_ = sum(verdict.verdict == "undetermined" for verdict in diagnosis.verdicts)
    if not total:
        return "This map holds no counts yet, so there is nothing to compare."
    if not wrong and not open_:
        return "Every count on this map must agree with what has happened: no way was found to make one wrong."
    said = []
    if wrong:
        said.append(f"{wrong:,} of {count(total, 'count')} on this map can part from what really happened")
    if open_:
        rest = f"{open_:,} cannot be told" if wrong else f"{open_:,} of {count(total, 'count')} cannot be told"
        said.append(f"{rest} until somebody answers {count(len(diagnosis.questions), 'question')}")
    if diagnosis.waived:
        said.append(f"{count(len(diagnosis.waived), 'finding')} {'is' if len(diagnosis.waived) == 1 else 'are'} waived")
    return f"{'; '.join(said)}."


def _tally(diagnosis: Diagnosis) -> tuple[tuple[str, str, int, float], ...]:
    total = len(diagnosis.verdicts) or 1
    rows = []
    for word in ("drifts", "undetermined", "converges"):
        number = sum(verdict.verdict == word for verdict in diagnosis.verdicts)
        if number:
            rows.append((word, VERDICTS[word], number, round(100 * number / total, 2)))
    return tuple(rows)


def _bill(costs: Costs) -> Bill | None:
    """The money; None where nothing was computed, so that nothing is printed."""
    if costs.total is None:
        return None
    month = costs.per_month(costs.total.mode)
    whole = max(costs.benchmark or costs.total.mode, costs.total.mode) or 1
    lines = [
        CostLine(
            category.name,
            money(category.cost.mode, costs) if category.cost else "",
            money_range(category.cost, costs) if category.cost else "",
            float(100 * category.cost.mode / whole) if category.cost else 0.0,
            money(category.benchmark, costs) if category.benchmark is not None else "",
            "" if category.cost else _missing(category.missing),
        )
        for category in costs.categories
    ]
    return Bill(
        label=costs.label,
        own=costs.mode == "own numbers",
        amount=money(costs.total.mode, costs),
        ends=money_range(costs.total, costs),
        a_month="" if month is None else money(month, costs),
        lines=tuple(lines),
        benchmark="" if costs.benchmark is None else f"${int(costs.benchmark):,}",
        unexplained="" if costs.unexplained is None else percent(costs.unexplained.mode),
        unexplained_part=0.0 if costs.unexplained is None else float(100 * costs.unexplained.mode),
        stability=_stability(costs),
        splitting=costs.splitting,
    )


def _missing(keys: Sequence[str]) -> str:
    if any(" " in key for key in keys):
        return "not estimated: there is no formula that would stand"
    return f"not estimated: `volume` does not state {' and '.join(keys)}"


def _stability(costs: Costs) -> str:
    if costs.stability is None:
        return ""
    held, corners = costs.stability
    if held == corners:
        return "The three dearest gaps keep their order whichever ends of the assumptions are taken."
    firm = "" if 2 * held >= corners else "The order by cost is not firm. "
    return (
        f"{firm}The three dearest gaps keep their order in {held:,} of {corners:,} combinations of the "
        "assumptions' ends; in the others they change places."
    )


# The gaps.


def _gap(diagnosis: Diagnosis, gap: Gap) -> GapStory:
    finding, share, costs = gap.finding, gap.share, diagnosis.costs
    return GapStory(
        position=gap.position,
        anchor=anchor("gap", finding.fingerprint),
        figure=anchor("gap", finding.fingerprint),
        code=finding.code,
        slug=finding.slug,
        severity=finding.severity,
        kind=_kind(finding),
        what=shown(finding.message),
        where=_where(diagnosis, finding.subject),
        why=shown(finding.why),
        because=gap.because,
        costs=_costs(share, costs),
        amount="" if share is None or not share.mode else money(share.mode, costs),
        split=() if share is None else _split(share, costs),
        mend=shown(finding.mend),
        place=_place(finding.location),
        line=_line(diagnosis, finding.location),
        events=tuple(shown(event) for event in finding.events),
        also=tuple(_related(diagnosis, each) for each in finding.related),
        documented=tuple((shown(fact.says), shown(fact.source)) for fact in finding.catalogue),
        note=finding.drift is None and finding.severity == "note",
        theorem=_theorem(diagnosis, finding),
        run=_run(diagnosis, finding),
    )


def _theorem(diagnosis: Diagnosis, finding: Finding) -> tuple[str, str] | None:
    found = theorem_of(diagnosis.topology, finding)
    return None if found is None else (found.says, shown(found.fails))


def _run(diagnosis: Diagnosis, finding: Finding) -> Told | None:
    witness = diagnosis.proved.witnesses.get(finding.fingerprint) if diagnosis.proved is not None else None
    if witness is None:
        return None
    told = told_run(witness)
    rows = tuple((shown(what), row) for what, row in told.rows)
    return Told(tuple(shown(name) for name in told.cells), rows, shown(told.sentence))


def _kind(finding: Finding) -> str:
    if finding.code in WAIVERS:
        return "a decision that does not stand"
    if finding.drift is None:
        return "housekeeping" if finding.severity == "note" else "a control is missing or weak"
    if finding.window is not None:
        return f"{CLASSES[finding.drift]}: up to {say_duration(finding.window)}"
    return CLASSES[finding.drift]


def _where(diagnosis: Diagnosis, subject: Subject) -> tuple[Link, ...]:
    """The handoff and the count that something is about, as links."""
    links = []
    path = diagnosis.topology.write_paths.get(subject.write_path or "")
    if path is not None:
        via = f" via {', '.join(shown(hop.system) for hop in path.via)}" if path.via else ""
        way = f"{shown(path.id)} ({shown(path.source)} → {shown(path.target)}{via})"
        links.append(Link(way, anchor("path", path.id)))
    elif subject.write_path:
        links.append(Link(shown(subject.write_path)))
    if subject.control:
        links.append(Link(f"control {shown(subject.control)}"))
    if subject.system and subject.quantity:
        cell = f"{shown(subject.system)}.{shown(subject.quantity)}"
        links.append(Link(cell, anchor("cell", subject.system, subject.quantity)))
    elif subject.system or subject.quantity:
        links.append(Link(shown(subject.system or subject.quantity or "")))
    if subject.event and not links:
        links.append(Link(shown(subject.event)))
    return tuple(links) or (Link("the map as a whole"),)


def _related(diagnosis: Diagnosis, each: Related) -> tuple[Link, str]:
    return _where(diagnosis, each.subject)[0], shown(each.why)


def _costs(share: Share | None, costs: Costs) -> str:
    if share is None or not share.mode:
        return ""
    told = f"about {money(share.mode, costs)} per 1,000 orders, within {money_range(share, costs)}"
    if share.shared_with:
        told += f"; its part of what {count(share.shared_with + 1, 'gap')} on the same count cost together"
    return told


def _split(share: Share, costs: Costs) -> tuple[tuple[str, str], ...]:
    named = zip(CATEGORIES.values(), share.split, strict=True)
    return tuple((name, money(amount, costs)) for name, amount in named if amount)


def _place(location: Location) -> str:
    return f"{shown(location.file)}:{location.line}"


def _line(diagnosis: Diagnosis, location: Location) -> str:
    for source in diagnosis.topology.sources:
        if source.name == location.file:
            return shown(source.snippet(location.line), 140)
    return ""


# What is lived with.


def _waived(diagnosis: Diagnosis, each: LivedWith) -> WaivedStory:
    finding, waiver = each.waived.finding, each.waived.waiver
    share = diagnosis.shares.get(finding.fingerprint)
    open_ = finding.confidence == "undetermined"
    return WaivedStory(
        number=each.number,
        anchor=anchor("waived", finding.fingerprint),
        rule=f"{finding.code} {finding.slug}",
        severity=finding.severity,
        kind="possible, until a question is answered" if open_ else _kind(finding),
        what=shown(finding.message),
        where=_where(diagnosis, finding.subject),
        amount="" if share is None or not share.mode else money(share.mode, diagnosis.costs),
        place=_place(finding.location),
        reason=shown(waiver.reason or ""),
        owner=shown(waiver.owner or ""),
        ticket=shown(waiver.ticket or ""),
        until=shown(waiver.until or ""),
        left=each.left,
        today=each.today,
        said=_place(waiver.location),
    )


# The questions.


def _questions(diagnosis: Diagnosis) -> Iterable[QuestionStory]:
    hanging: dict[str, list[str]] = defaultdict(list)
    for finding in (*diagnosis.findings, *(each.finding for each in diagnosis.waived)):
        for asked in finding.asks:
            if finding.confidence == "undetermined":
                hanging[asked].append(shown(finding.message))
    waived = only_waived(diagnosis)
    for rank, question in enumerate(diagnosis.questions, 1):
        yield QuestionStory(
            rank=rank,
            anchor=anchor("question", question.id),
            ask=shown(question.ask),
            owner=shown(question.owner or ""),
            about=_where(diagnosis, question.subject)[0],
            fact=shown(question.fact),
            settles=tuple(Link(shown(str(cell)), anchor("cell", *cell)) for cell in question.settles),
            worth=_worth(question, diagnosis.costs),
            place=_place(question.location),
            then=tuple(hanging[question.id]),
            waived=shown(waived.get(question.id, "")),
        )


def _worth(question: Question, costs: Costs) -> str:
    return "" if question.worth is None or not question.worth else money(question.worth, costs)


def _by_owner(questions: Sequence[QuestionStory]) -> tuple[tuple[str, tuple[QuestionStory, ...]], ...]:
    """Owners in the order of their first question, those without one last."""
    owners: dict[str, list[QuestionStory]] = defaultdict(list)
    for question in questions:
        owners[question.owner].append(question)
    named = [(owner, tuple(asked)) for owner, asked in owners.items() if owner]
    return (*named, *([("", tuple(owners[""]))] if "" in owners else []))


def _unasked(diagnosis: Diagnosis) -> tuple[tuple[str, str], ...]:
    asked = {question.id for question in diagnosis.questions}
    return tuple(
        (shown(finding.message), _place(finding.location))
        for finding in diagnosis.findings
        if finding.confidence == "undetermined" and asked.isdisjoint(finding.asks)
    )


# The tables.


def _arrivals(scene: Scene) -> Iterable[tuple[str, tuple[tuple[str, str, tuple[Link, ...]], ...]]]:
    known = {name: place for place, name in enumerate(BUILT_IN_EVENTS)}
    for event in sorted(scene.by_event, key=lambda name: (known.get(name, len(known)), name)):
        cells: dict[str, list[Link]] = defaultdict(list)
        for entry in sorted(scene.by_event[event], key=lambda entry: entry.cell):
            cells[entry.arrival].append(Link(shown(str(entry.cell)), anchor("cell", *entry.cell)))
        rows = [(word, says, tuple(cells[word])) for word, says in ARRIVALS.items() if word in cells]
        yield shown(event), tuple(reversed(rows))


def _verdicts(diagnosis: Diagnosis, numbers: Mapping[str, tuple[str, str]]) -> Iterable[VerdictRow]:
    places = {key: place for place, key in enumerate(numbers)}
    for verdict in sorted(diagnosis.verdicts, key=lambda one: one.cell):
        holder = diagnosis.topology.systems.get(verdict.cell.system)
        holding = None if holder is None else holder.holds.get(verdict.cell.quantity)
        told = sorted({key for key in verdict.findings if key in numbers}, key=places.__getitem__)
        holds = tuple(_premises(verdict, holds=True))
        rest = (*_premises(verdict, holds=False), *_premises(verdict, holds=None))
        proved = verdict.verdict == "converges"
        yield VerdictRow(
            anchor=anchor("cell", *verdict.cell),
            system=shown(verdict.cell.system),
            quantity=shown(verdict.cell.quantity),
            role=(holding.role if holding is not None else None) or "not stated",
            verdict=verdict.verdict,
            says=verdict_text(verdict),
            decisive=(*rest, *holds) if proved else rest,
            others=() if proved else holds,
            gaps=tuple(Link(*numbers[key]) for key in told),
            upstream=tuple(Link(shown(str(cell)), anchor("cell", *cell)) for cell in verdict.upstream),
            place="" if verdict.place is None else _place(verdict.place.at()),
        )


def _buffers(diagnosis: Diagnosis) -> Iterable[BufferRow]:
    for line in buffer_lines(diagnosis):
        where = Link(shown(str(line.cell)), anchor("cell", *line.cell))
        inputs = tuple((name, value, shown(source)) for name, value, source in line.inputs)
        yield BufferRow(where, line.held_back, line.window, line.expected, line.probability, shown(line.sum_up), inputs)


def _faults(scene: Scene) -> FaultTable:
    """The theory of the faults, with this map's handoffs in their rows."""
    told = tell_faults(scene.topology)
    controls = list(dict.fromkeys(field.unless for row in told for field in row.fields if field.unless))
    letters = {control: chr(ord("a") + number) for number, control in enumerate(controls)}
    marks = {"converges": "✓", "transient": "◐"}
    rows = tuple(
        WriteRow(
            row.does,
            row.stated,
            len(row.paths),
            _few({path: Link(shown(path), anchor("path", path)) for path in row.paths}),
            tuple(
                FaultCell(each.word, marks.get(each.word, "✖"), each.says, letters.get(each.unless, ""))
                for each in row.fields
            ),
        )
        for row in told
    )
    return FaultTable(tuple(FAULTS.values()), rows, tuple((letter, control) for control, letter in letters.items()))


def _premises(verdict: CellVerdict, *, holds: bool | None) -> Iterable[PremiseLine]:
    """The premises that hold, are broken or are open, each once with its reasons and their handoffs."""
    reasons: dict[str, dict[str, dict[str, Link]]] = defaultdict(lambda: defaultdict(dict))
    for note in verdict.premises:
        if note.holds is holds:
            paths = reasons[note.premise][shown(note.because)]
            if note.write_path is not None:
                paths[note.write_path] = Link(shown(note.write_path), anchor("path", note.write_path))
    mark = {True: "✓", False: "✖", None: "?"}[holds]
    for premise in sorted(reasons):
        # What several reasons say of the same handoffs is said in one breath.
        together: dict[tuple[Link, ...], list[str]] = defaultdict(list)
        for because, paths in reasons[premise].items():
            together[_few(paths)].append(because)
        told = tuple((", ".join(said), links) for links, said in together.items())
        yield PremiseLine(mark, premise, PREMISES.get(premise, ""), told)


def _few(paths: Mapping[str, Link]) -> tuple[Link, ...]:
    """Handoffs by name; of many the first and how many more."""
    links = [paths[key] for key in sorted(paths)]
    more = len(links) - MOST_NAMED
    return tuple(links) if more <= 0 else (*links[:MOST_NAMED], Link(f"{more:,} more"))


_WORDS = (
    ("count", "One quantity that one system holds, such as what the warehouse system says is on hand."),
    (
        "handoff",
        "One way in which a change in one system is written into another: a webhook, a file, a person.",
    ),
    (
        "business event",
        "Something that happens to stock: an order, a receipt, a shipment, a return, a count on the shelf.",
    ),
    (
        "must agree",
        "The facts on the map prove that the count follows what happens; the table says which facts.",
    ),
    ("can drift", "Some run of events makes the count wrong, whatever the answers to open questions are."),
    (
        "cannot be told yet",
        "It hangs on a fact that nobody has stated. Unknown is read neither as good nor as bad.",
    ),
    ("stays wrong", "Nothing on the map ever puts the count right again; somebody has to."),
    (
        "wrong for a while",
        "A later write or check puts it right; the report says after how long, where the map does.",
    ),
    ("drifts further each time", "Every round makes it worse."),
    ("authority", "The system whose count is the record; ★ on the map. The others should follow it."),
    ("seam", "The place in a handoff where one system's field becomes another's."),
)
