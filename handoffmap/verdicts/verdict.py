"""What follows for each cell from all that was claimed: rules -> **verdicts** -> findings, questions.

A cell converges when every premise of a theorem was claimed for it and holds; it drifts when a broken one turns it,
whatever the unknown facts are; else it is undetermined. Cells are judged after those whose values they take.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.model import Cell, Dedupe
from handoffmap.premises.cells import written_from
from handoffmap.premises.circles import loops_on
from handoffmap.premises.claim import BROKEN, Ask, Claim, held, said, sorted_out
from handoffmap.premises.computed import booked_whole, moved_by
from handoffmap.premises.conflict import conflicts_of
from handoffmap.premises.firing import comes_back, finds_it_there, fires_on_every_change
from handoffmap.premises.graph import compares, flow_of, keeps_own_count
from handoffmap.premises.lag import hop, lag_of
from handoffmap.premises.ledger import tells_apart
from handoffmap.premises.loops import is_guarded, loops_of
from handoffmap.premises.ordering import one_stamp, perhaps_one_stamp
from handoffmap.premises.patience import unsaid_of, waits_long_enough
from handoffmap.premises.phrases import listed
from handoffmap.premises.reach import reach_of
from handoffmap.premises.rounds import is_mended
from handoffmap.premises.survey import Survey
from handoffmap.rules import judges_for, rules_for
from handoffmap.rules.unit_mismatch import SINGLE
from handoffmap.verdicts.assessed import Assessed, Told
from handoffmap.verdicts.bases import unnamed_bases
from handoffmap.verdicts.heal import healing_of, shows_alike, unsaid_of_whole
from handoffmap.verdicts.lacking import LACKING, never_written
from handoffmap.verdicts.mended_there import mended_sources, sent_on_when_mended, tells_what_is_mended
from handoffmap.verdicts.passing import apart_from_what_passes, passes_through, without_what_passes
from handoffmap.verdicts.strangers import of_other_names, of_other_origins, of_strangers, perhaps_of_strangers
from handoffmap.verdicts.streams import LOST, Streams
from handoffmap.verdicts.unsaid import growing, of_unknown_kind, perhaps_corrected, supposed_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from handoffmap.finding import DriftClass, Verdict
    from handoffmap.model import Control, Topology, WritePath
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Answer, Answers, Evidence
    from handoffmap.verdicts.assessed import Healing
    from handoffmap.vocabulary import Seconds

TORN = "dedupe-key-too-coarse"
"""A rule about paths that `reach` speaks for, too, where two paths tear an event between them."""

MISSED = LOST | {TORN}
"""Rules about whole values that never come: lost on the way, or taken for repetitions."""

__all__ = ["Judgement", "judge"]

WEIGHT: dict[str | None, int] = {None: 0, "transient": 1, "permanent": 2, "divergent": 3}
HANGS = "hangs on what it is fed from"


class Judgement(NamedTuple):
    """Everything that was worked out about one map."""

    survey: Survey
    cells: dict[Cell, Assessed]
    """By system and quantity."""
    elsewhere: tuple[Claim, ...]
    """Claims about the map and its controls, which turn no cell's verdict."""
    streams: Streams


def judge(topology: Topology) -> Judgement:
    """Judge every cell of a map. Linear in the map; raises nothing for anything that a file can say."""
    survey = Survey(topology)
    streams = Streams(survey)
    judged: dict[Cell, Assessed] = {}
    for case, above in _in_order(survey):
        judged[case.cell] = _assess(case, above, judged, streams)
    _judge_on(judged, streams, frozenset())
    spread = _spread_through_loops(survey, judged)
    if spread:  # what a loop hands on was judged before the loop was
        _judge_on(judged, streams, spread)
        _spread_through_loops(survey, judged, spread)
    _let_off_consumers(survey, judged)
    elsewhere: list[Claim] = []
    for rule in rules_for("map"):
        elsewhere.extend(claim for claim in _several(rule.judge(survey)) if claim.holds is not True)
    for control in sorted((topology.controls or {}).values(), key=lambda control: control.id):
        for rule in rules_for("control"):
            elsewhere.extend(claim for claim in _several(rule.judge(control, survey)) if claim.holds is not True)
    return Judgement(survey, {cell: judged[cell] for cell in sorted(judged)}, tuple(elsewhere), streams)


MOST_ROUNDS = 4
"""Rounds through cells that feed each other: what is wrong in one is wrong in all by then."""


def _judge_on(judged: dict[Cell, Assessed], streams: Streams, spread: frozenset[Cell]) -> None:
    """Judge again until nothing changes; `spread`: the cells to which a loop has just given its verdict."""
    changed = spread
    for _ in range(MOST_ROUNDS):
        changed = _judged_again(judged, streams, changed, spread)
        if not changed:
            break


def _judged_again(
    judged: dict[Cell, Assessed], streams: Streams, changed: frozenset[Cell], spread: frozenset[Cell]
) -> frozenset[Cell]:
    """Judge again each cell that was judged before one that feeds it, or whose feeders have changed; which change."""
    found: set[Cell] = set()
    for cell, before in list(judged.items()):
        if cell in spread or not (before.unjudged or any(each in changed or each in found for each in before.above)):
            continue
        after = _assess(before.case, before.above, judged, streams)._replace(unjudged=before.unjudged)
        if (after.verdict, after.drift) != (before.verdict, before.drift):
            found.add(cell)
        judged[cell] = after
    return frozenset(found)


def _several(answer: Claim | Iterable[Claim] | None) -> Iterable[Claim]:
    if answer is None:
        return ()
    return (answer,) if isinstance(answer, Claim) else answer


def _feeding(case: Case) -> Iterator[Cell]:
    """The cells that have to be judged before this one."""
    for feed in case.feeds:
        yield from feed.reads
    yield from case.bases
    yield from moved_by(case)
    yield from case.counted_elsewhere
    yield from (read for _, read in mended_sources(case))
    for path in case.unclear:
        source = Cell(path.source, case.cell.quantity)
        if source in case.graph.cells:
            yield source
    for control in case.reconciliations:
        corrected = written_from(control) if control.on_mismatch is not None else supposed_source(control, case.cell)
        for cell in (control.authority, corrected):
            if cell is not None:
                yield cell
    for path in case.deltas.values():
        if path.amount_from is not None:
            yield path.amount_from


def _in_order(survey: Survey) -> Iterator[tuple[Case, tuple[Cell, ...]]]:
    """Every case, with the cells that feed it, after those; on a loop somewhere in between."""
    done: set[Cell] = set()
    opened: dict[Cell, tuple[Cell, ...]] = {}
    for start in sorted(survey.graph.cells):
        stack = [start]
        while stack:
            cell = stack[-1]
            if cell in done:
                stack.pop()
                continue
            if cell not in opened:
                above = opened[cell] = tuple(_feeding(survey.case(cell)))
                waiting = [other for other in above if other not in opened]
                if waiting:
                    stack.extend(waiting)
                    continue
            stack.pop()
            if cell not in done:
                done.add(cell)
                yield survey.case(cell), opened[cell]


class _Gathering:
    """What is said of one cell: what holds, and each fault with whether a healer of the cell can make it good."""

    __slots__ = ("faults", "held")

    def __init__(self) -> None:
        self.held: list[Evidence] = []
        self.faults: list[tuple[Claim, bool | None]] = []

    def add(self, answers: Answers, path: WritePath | None, *, healable: bool | None = True) -> None:
        """Take in answers; `healable` None: nobody has said whether the fault is made anew again and again."""
        held, faults = answers
        if held:
            self.held.append((path, held))
        self.faults.extend((claim, healable) for claim in faults)

    def add_own(self, answers: Answers) -> None:
        """Take in answers about the cell itself, each of which says whether it can be healed."""
        held, faults = answers
        if held:
            self.held.append((None, held))
        self.faults.extend((claim, claim.own_heal) for claim in faults)


@cache
def _cell_judges() -> tuple[tuple[str | None, Callable[[Case], Iterable[Answer]]], ...]:
    """The rules about cells; with its slug one that is asked only where what it shares with others names it."""
    return tuple((rule.slug if rule.shared else None, rule.judge) for rule in rules_for("cell"))


def _said_about(case: Case, streams: Streams) -> _Gathering:
    """Everything that the rules say of a cell, of what writes it, and of the way to it."""
    gathering = _Gathering()
    shared = (*reach_of(case), *conflicts_of(case), *loops_of(case))
    named = {claim.slug for claim in shared}
    answers: list[Answer] = said(shared, TORN) if TORN in named else []
    for slug, judge_cell in _cell_judges():
        if slug is None or slug in named:
            answers.extend(judge_cell(case))
    gathering.add_own(sorted_out(answers))
    gathering.faults.extend((claim, claim.own_heal) for claim in of_unknown_kind(case))
    if case.is_derived:
        gathering.faults.extend((claim, claim.own_heal) for claim in (*_mixed_units(case), *_held_back(case)))
        whole = booked_whole(case)
        if whole is not None:
            gathering.add(streams.of_handoff(case.survey.handoff(whole)), whole)
        return gathering
    _about_amounts(case, streams, gathering)
    _about_values(case, streams, gathering)
    gathering.faults.extend((claim, True) for claim in (*_fields_refused(case), *growing(case)))
    return gathering


def _about_amounts(case: Case, streams: Streams, gathering: _Gathering) -> None:
    """What is said of the paths that bring amounts, and of the way to them."""
    spared = streams.spared(case) if any(journey.landing.swallowed for journey in case.journeys) else {}
    for path in case.deltas.values():
        answers_of = streams.of_handoff(case.survey.handoff(path))
        if path.id in spared:
            answers_of = answers_of._replace(faults=_spared(answers_of.faults, spared[path.id]))
        if any(claim.slug == TORN for claim in answers_of.faults):
            faults = [_of_this_cell(claim, case, path) for claim in answers_of.faults]
            answers_of = answers_of._replace(faults=tuple(claim for claim in faults if claim is not None))
        gathering.add(answers_of, path)
        gathering.add(streams.of_write(path, case.cell), path)
    for path in of_strangers(case):
        gathering.add(streams.of_write(path, case.cell), path)
    strange = (*of_other_names(case), *of_other_origins(case), *perhaps_of_strangers(case))
    gathering.faults.extend((claim, True) for claim in strange)
    gathering.faults.extend((claim, True) for claim in streams.handed_on(case))


def _about_values(case: Case, streams: Streams, gathering: _Gathering) -> None:
    """What is said of the paths that write whole values."""
    judges = judges_for("feed")
    for feed in case.feeds:
        of_feed = sorted_out([judge_feed(feed) for judge_feed in judges])
        of_handoff = streams.of_handoff(feed.handoff)
        if of_feed.faults or of_handoff.faults:
            if (compares(feed.path) and case.is_brought_all) or finds_it_there(feed):
                of_feed, of_handoff = _without(of_feed, LACKING), _without(of_handoff, LACKING)
            elif (asks := _brought_without(feed, streams)) is not None:
                of_handoff = of_handoff._replace(faults=_spared(of_handoff.faults, asks, MISSED))
            if feed.reads and not comes_back(feed):
                of_handoff = _without(of_handoff, frozenset({TORN}))
        gathering.add(of_feed, None)
        gathering.add(of_handoff, feed.path)
        # What a recurring run writes wrong again and again nothing heals.
        again = feed.handoff.sends_whole_values
        of_write = streams.of_write(feed.path, case.cell)
        if feed.reads and of_write.faults and passes_through(case, feed.reads[0]):
            of_write = without_what_passes(of_write, feed)
        gathering.add(of_write, feed.path, healable=None if again is None else not again)


def _without(answers: Answers, slugs: frozenset[str]) -> Answers:
    """What is said of a path, less the faults by which it brings too little."""
    return answers._replace(faults=tuple(claim for claim in answers.faults if claim.slug not in slugs))


def _spared(faults: tuple[Claim, ...], asks: tuple[Ask, ...], slugs: frozenset[str] = LOST) -> tuple[Claim, ...]:
    """What is left of a path's faults where another route makes good what it loses, or may (`asks`)."""
    kept = []
    for claim in faults:
        if claim.slug not in slugs:
            kept.append(claim)
        elif asks:
            kept.append(claim._replace(holds=None, asks=tuple(dict.fromkeys((*claim.asks, *asks)))))
    return tuple(kept)


def _of_this_cell(claim: Claim, case: Case, path: WritePath) -> Claim | None:
    """A key that is too coarse, for one cell: only events that move it have to be told apart."""
    dedupe = path.dedupe
    if claim.slug != TORN or not isinstance(dedupe, Dedupe):
        return claim
    lefts = [write.left for write in case.writes.get(path.id, ())] or [case.cell.quantity]
    events = case.survey.topology.events
    seen = case.survey.handoff(path).ledger_sees
    moving = [name for name in seen if not events[name].effects.keys().isdisjoint(lefts)]
    if len(moving) == len(seen):
        return claim
    apart = tells_apart(dedupe, moving)
    if apart is None:
        asks = (Ask("path", path.id, "dedupe.key" if dedupe.key is None else "dedupe.unique_per_effect"),)
        return claim._replace(holds=None, asks=asks)
    return None if apart else claim


def _brought_without(feed: Feed, streams: Streams) -> tuple[Ask, ...] | None:
    """Whether all that a feed brings comes to the cell by another feed, too, so that a lost message is no loss.

    None where none does; else the facts on which it hangs.
    """
    found: tuple[Ask, ...] | None = None
    for other in feed.case.feeds:
        if other is feed or not (other.handoff.pushed or feed.handoff.pulled) or not fires_on_every_change(other):
            continue  # runs are waited for alike
        unsaid: tuple[Ask, ...] | None = ()
        if not compares(feed.path):
            unsaid = perhaps_one_stamp(feed.path, other.path) if other.reads == feed.reads else None
        if unsaid is None:
            continue
        missing = [claim for claim in streams.of_handoff(other.handoff).faults if claim.slug in MISSED]
        if not missing and not unsaid:
            return ()
        if not any(claim.holds is False for claim in missing):
            found = tuple(dict.fromkeys((*unsaid, *(ask for claim in missing for ask in claim.asks))))
    return found


def _mixed_units(case: Case) -> Iterator[Claim]:
    """Bases of a computed cell that count in another unit than it does: a formula adds them up as they are."""
    here = case.holding.unit
    for base in case.bases:
        there = case.graph.cells[base].unit
        if here is not None and there is not None and here != there and not {here.lower(), there.lower()} <= SINGLE:
            yield Claim(
                "unit-mismatch",
                "TB5",
                BROKEN,
                f"{base} counts in {there} and {case.cell} in {here}",
                None,
                f"{case.cell} is computed from {base}, which counts in {there}",
                own_heal=False,
            )


def _held_back(case: Case) -> Iterator[Claim]:
    """Bases that show less than there is: a computed cell holds back what is its own to hold back, and no more."""
    signs = {Cell(t.system or case.cell.system, t.quantity): t.sign for t in case.holding.derived_from or ()}
    if not sum(sign * (case.graph.cells[base].buffer or 0) for base, sign in signs.items() if base in case.bases):
        return
    kept_back = listed(str(base) for base in case.bases if case.graph.cells[base].buffer)
    yield Claim(
        "buffer-misuse",
        "TB5",
        BROKEN,
        f"{kept_back} holds some back, and a formula over it comes out wrong by that much",
        None,
        f"{case.cell} is computed from {kept_back}, which holds some back",
        own_heal=False,
    )


def _fields_refused(case: Case) -> Iterator[Claim]:
    """Writes that the target may not apply because a field that it may need is dropped on the way."""
    for path in (*case.deltas.values(), *(feed.path for feed in case.feeds)):
        if not path.fields:
            continue
        for name, mapping in path.fields.items():
            if mapping is None or mapping.to is not None or mapping.ignored is not None:
                continue
            if path.on_unmapped is None and not mapping.key:
                yield Claim(
                    "unmapped-field",
                    "TA3",
                    None,
                    f"nobody has said whether {path.target} takes a write without {name}",
                    path,
                    f"{path.id} drops {name}, without which {path.target} may not apply the write",
                    keys=("fields", name),
                    asks=(Ask("path", path.id, "on_unmapped"),),
                    field=name,
                )


def _assess(case: Case, above: tuple[Cell, ...], judged: dict[Cell, Assessed], streams: Streams) -> Assessed:
    """One cell's verdict from its claims and from the cells that feed it (`above`)."""
    if case.expects_nothing:
        return _of_a_consumer(case, above)
    gathering = _said_about(case, streams)
    proven: list[Answer] = []
    wrong: list[tuple[Claim, bool]] = []
    for answer, settled in _inherited(case, judged):
        if answer.holds is True:
            proven.append(answer)
        else:
            wrong.append((answer, settled))
    holding = [*gathering.held, (None, tuple(proven))] if proven else gathering.held
    # Most cells have nothing that would have to heal, and finding out what heals them is not free.
    lasting = bool(wrong) or any(claim.drift == "permanent" for claim, _ in gathering.faults)
    healing = healing_of(case, judged, streams) if lasting else ()
    waits = _waits_for_runs(case) if healing else False
    if waits:  # what a run makes good is made good by the time that the cell is looked at, by whatever else it is, too
        runs = {feed.path.id for feed in case.feeds}
        healing = tuple(sorted(healing, key=lambda each: (not each.works, each.by not in runs)))
    told = [
        _perhaps_healed(claim, healing, case) if healable is None else _heal(claim, healing if healable else (), case)
        for claim, healable in gathering.faults
    ]
    if waits:
        told = [_waited_for(item, case) for item in told]
    for claim, settled in wrong:
        bearing = _heal(claim, healing if claim.own_heal else (), case)
        told.append(bearing if settled else bearing._replace(drift=None))
    faults = [claim for claim, _ in (*gathering.faults, *wrong)]
    upstream = dict.fromkeys(cell for claim in faults for cell in claim.upstream)
    verdict, drift = _conclude(case, told)
    window = _window(case, verdict, drift, told)
    waiting = [cell for cell in above if cell not in judged and cell != case.cell]
    if waiting:
        loop = loops_on(case.survey).get(case.cell, ())  # on a loop of whole values they are judged together
        waiting = [cell for cell in waiting if cell not in loop]
    return Assessed(
        case, above, verdict, drift, window, tuple(holding), tuple(told), tuple(upstream), frozenset(waiting)
    )


def _of_a_consumer(case: Case, above: tuple[Cell, ...], told: tuple[Told, ...] = ()) -> Assessed:
    nothing = held("", "TA0", "a consumer: nothing is expected of its number")
    return Assessed(case, above, "converges", None, None, ((None, (nothing,)),), told, ())


def _let_off_consumers(survey: Survey, judged: dict[Cell, Assessed]) -> None:
    """Consumers that others are fed by were judged like mirrors: nothing is expected of them, only of those.

    What is wrong in one is still told of it where a cell that it feeds is wrong for that.
    """
    if not survey.passed_on:
        return
    blamed = {cell for each in judged.values() for cell in each.upstream}
    for cell in survey.passed_on:
        found = judged[cell]
        judged[cell] = _of_a_consumer(found.case, found.above, found.told if cell in blamed else ())


def _waits_for_runs(case: Case) -> bool:
    """Whether the cell is fed by recurring runs alone: then it is as late as they are, and no later for a fault."""
    return not (
        case.own
        or case.deltas
        or any(flow_of(write.path) != "kept" for write in case.rewriters)
        or not all(feed.handoff.pulled or feed.says_again or case.survey.is_echo(feed) for feed in case.feeds)
    )


@cache
def _about_writes() -> frozenset[str]:
    return frozenset(rule.slug for rule in rules_for("write"))


@cache
def _about_ways() -> frozenset[str]:
    return frozenset(rule.slug for scope in ("handoff", "delta") for rule in rules_for(scope))


def _waited_for(item: Told, case: Case) -> Told:
    """A fault that the next full run makes good, where that run has to be waited for anyway."""
    healed = item.healed
    if item.claim.healed_by_next_run:
        return Told(item.claim, None, turns=False)
    if healed is None or healed.lost_only:
        return item
    if not any(feed.path.id == healed.by for feed in case.feeds):
        return item
    if item.claim.slug in _about_writes():
        return item  # each of its runs writes it again, after that one
    if healed.works is None:  # whether that run is right, or a run at all, decides more than the class
        claim = item.claim
        return item._replace(claim=claim._replace(holds=None, asks=tuple(dict.fromkeys((*claim.asks, *healed.asks)))))
    return Told(item.claim, None, turns=False)


LOSSES = frozenset(
    {
        "lost-delivery",
        "unwatched-dead-letter",
        "ack-before-commit",
        "dual-write",
        "trigger-gap",
        "subscription-lapse",
        TORN,
    }
)
"""Rules about messages that never come: what a poll for changes makes good, if it is another path."""


def _heal(claim: Claim, healers: tuple[Healing, ...], case: Case) -> Told:
    """The class that is left of a claim once the cell's healers have run."""
    if claim.drift is None:
        return Told(claim, None, turns=False)
    if claim.drift == "permanent":
        if claim.healed_by_next_run:
            return Told(claim, "transient", turns=True)
        for healing in healers:
            if healing.lost_only and not (claim.slug in LOSSES and _stays_brought(claim.path, case, healing)):
                continue
            return Told(claim, "transient" if healing.works else None, turns=True, healed=healing)
    return Told(claim, claim.drift, turns=True)


def _perhaps_healed(claim: Claim, healers: tuple[Healing, ...], case: Case) -> Told:
    """The same of what runs write wrong that send the whole value each time, or what has changed: nobody has said."""
    path = claim.path
    if path is None:
        return _heal(claim, healers, case)
    found = _heal(claim, tuple(each for each in healers if each.by != path.id), case)
    if found.healed is None:
        return found
    asks = (*found.healed.asks, Ask("path", path.id, unsaid_of_whole(path)))
    return found._replace(drift=None, healed=found.healed._replace(works=None, asks=asks))


def _stays_brought(path: WritePath | None, case: Case, healing: Healing) -> bool:
    """Whether what a poll for changes has brought stays: no older value of the lossy path comes after it."""
    if path is None or path.id == healing.by:
        return False
    if flow_of(path) != "state":
        return not keeps_own_count(path)  # what it has counted wrong it writes again, over that
    run = next(feed.path for feed in case.feeds if feed.path.id == healing.by)
    return path.payload == "notify_then_fetch" or compares(path) or one_stamp(path, run)


def _inherited(case: Case, judged: dict[Cell, Assessed]) -> Iterator[tuple[Answer, bool]]:
    """What the cells that it takes its value from make of it: their drift is told there, and only pointed at here.

    With each claim whether its class is settled.
    """
    if case.is_derived and (unnamed := unnamed_bases(case)) is not None:
        yield unnamed, True
    fed = (*perhaps_corrected(case, judged), *sent_on_when_mended(case, judged), *_perhaps_fed(case, judged))
    yield from ((claim, True) for claim in fed)
    if _cancels_out(case, judged) or _is_booked_whole(case, judged):
        yield held("", "TB0", "what its bases miss they miss alike, and it cancels out"), True
        return
    if case.feeds and not any(feed.reads for feed in case.feeds):
        yield held("", "TB0", "the events themselves state the number"), True
    premise = "TB0" if case.feeds or case.bases else "TA2" if case.counted_elsewhere else "TA6"
    sources = _sources(case)
    yield from ((answer, True) for answer in _together(case, sources, judged))
    for cell, healable in sources.items():
        found = judged.get(cell)
        if cell == case.cell or found is None:
            continue  # on a loop with this cell
        if found.verdict == "converges":
            yield held("", premise, f"{cell} converges"), True
            continue
        kept_out = never_written(case, cell, judged)
        if kept_out:
            yield held("", premise, f"compare-and-set waits for what {cell} lacks, and {case.cell} has it"), True
            continue
        asks = _perhaps_unread(case, cell)
        standing, because = _standing_for(case, cell, judged)
        if standing == "converges":
            yield held("", premise, because), True
            continue
        worst = _worst_of(found)
        claim = Claim(
            "",
            premise,
            False if standing == "drifts" and not asks and kept_out is not None else None,
            f"{cell} {_standing(found.verdict)}",
            None,
            upstream=(cell,),
            drift=_lasting(case, cell, worst),
            own_heal=healable,
            asks=asks,
        )
        stays = worst == "permanent" and cell in case.counted_elsewhere  # of whichever class it is there
        yield claim, stays or found.verdict != "drifts" or found.drift is not None


def _standing_for(case: Case, cell: Cell, judged: Mapping[Cell, Assessed]) -> tuple[Verdict, str]:
    """How a source stands as far as what comes from it to a cell goes, and why that may be right."""
    found = judged[cell]
    standing = found.verdict if not _read_when_quiet(case, cell) else _once_quiet(found)
    if standing == "converges":
        return standing, f"what is under way to {cell} is waited for"
    if passes_through(case, cell):
        return apart_from_what_passes(found), f"it shows what {cell} is given"
    if tells_what_is_mended(case, cell, judged):
        return "converges", f"{cell} sends what a correction writes, and a run comes after that"
    return standing, ""


def _together(case: Case, sources: Iterable[Cell], judged: dict[Cell, Assessed]) -> Iterator[Answer]:
    """The sources on a loop with a cell that are judged after it."""
    loop = loops_on(case.survey).get(case.cell, ())
    for cell in sources if loop else ():
        if cell != case.cell and cell not in judged:
            yield held("", "TB0", f"{cell} and {case.cell} hand their values round, and are judged together")


def _lasting(case: Case, source: Cell, drift: DriftClass) -> DriftClass:
    """The class of what a source hands on: a difference that a count made at a wrong number stays where it is added."""
    if drift == "transient" and source in case.counted_elsewhere:
        return "permanent"
    return drift


def _read_by_corrections(case: Case, source: Cell) -> list[Control]:
    """The corrections that alone bring a source's value to a cell; none where anything else does, too."""
    if any(source in feed.reads for feed in case.feeds) or source in case.bases or source in case.counted_elsewhere:
        return []
    if any(path.amount_from == source for path in case.deltas.values()):
        return []
    return [control for control in case.corrections if written_from(control) == source]


def _perhaps_unread(case: Case, source: Cell) -> tuple[Ask, ...]:
    """The facts on which it hangs whether a source is ever read, where only a correction reads it."""
    unsaid = [unsaid_of(control) for control in _read_by_corrections(case, source)]
    return tuple(ask for asks in unsaid for ask in asks) if all(unsaid) else ()


def _read_when_quiet(case: Case, source: Cell) -> bool:
    """Whether a source is read by corrections alone, and by those only when nothing is under way to it."""
    controls = _read_by_corrections(case, source)
    return bool(controls) and all(waits_long_enough(case, control) for control in controls)


def _once_quiet(found: Assessed) -> Verdict:
    """How a cell stands once all that was under way has come: what was written over an event then is made good."""
    left = [
        item.claim.holds
        for item in found.told
        if item.turns and not (item.claim.slug == "snapshot-over-in-flight" and item.drift == "transient")
    ]
    return "drifts" if False in left else "undetermined" if left or found.verdict == "undetermined" else "converges"


ALIKE = LOST | frozenset(
    {
        "duplicate-delivery", "dedupe-key-unstable", "dedupe-window-short", "dedupe-key-too-coarse", "unsynchronized",
        "shipment-gap", "count-gap", "missing-compensation", "duplicate-route", "double-compensation", "trigger-gap",
        "disabled-path", "manual-override", "unmapped-field",
    }
)  # fmt: skip
"""Rules about messages that come too often or not at all: with one message all of its quantities do."""


def _cancels_out(case: Case, judged: Mapping[Cell, Assessed]) -> bool:
    """Whether the bases of a computed cell can only be wrong in the same way, by events that leave it as it is."""
    terms = case.holding.derived_from or ()
    bases = [judged.get(base) for base in case.bases]
    if len(bases) < 2 or any(base is None or base.case.feeds or base.case.corrections for base in bases):
        return False
    causes = [
        {
            (item.claim.slug, item.claim.path.id if item.claim.path is not None else "")
            for item in base.told
            if item.turns
        }
        for base in bases
        if base is not None
    ]
    if not causes[0] or any(other != causes[0] for other in causes) or any(slug not in ALIKE for slug, _ in causes[0]):
        return False
    signs = {term.quantity: term.sign for term in terms}
    for base in bases:
        for journey in base.case.journeys if base is not None else ():
            if [arrival.path for arrival in journey.arrivals] == [None]:
                continue  # booked where it happens
            moved = [
                sign * journey.event.effects[name].amount
                for name, sign in signs.items()
                if name in journey.event.effects
            ]
            if sum(moved) != 0:
                return False
    return True


def _is_booked_whole(case: Case, judged: Mapping[Cell, Assessed]) -> bool:
    """Whether the bases of a computed cell are wrong only because what is booked to it lands in one of them alone."""
    whole = booked_whole(case)
    if whole is None:
        return False
    beside = (LACKING - {"refused-delta"}) | {"set-on-derived", "quantity-mismatch"}
    for cell in case.bases:
        base = judged.get(cell)
        if base is None:
            return False
        wrong = [item.claim for item in base.told if item.turns and item.claim.slug not in beside]
        if any(claim.path is None or claim.path.id != whole.id or claim.slug not in _about_ways() for claim in wrong):
            return False  # what is said of the way to a base is said of the computed cell, too
    return True


def _worst_of(found: Assessed) -> DriftClass:
    """The class of a cell, or the worst that it may have where that is open."""
    classes = [item.drift or item.claim.drift for item in found.told if item.turns]
    return max((drift for drift in classes if drift is not None), key=WEIGHT.__getitem__, default="permanent")


def _sources(case: Case) -> dict[Cell, bool]:
    """The cells whose values end up in this one, with whether something else could heal what they bring."""
    sources: dict[Cell, bool] = {}
    for feed in case.feeds:  # what a run writes wrong again and again nothing heals
        again = feed.handoff.sends_whole_values is not False
        for read in feed.reads:
            sources[read] = sources.get(read, True) and not again
    sources.update(dict.fromkeys(case.bases, True))
    sources.update(dict.fromkeys(moved_by(case), False))
    for control in case.corrections:
        written = written_from(control)
        if written is not None:  # at each of its runs, over whatever has made that good
            sources[written] = False
    for path in case.deltas.values():
        if path.amount_from is not None:
            sources[path.amount_from] = True
    sources.update(dict.fromkeys(case.counted_elsewhere, True))
    return sources


def _perhaps_fed(case: Case, judged: dict[Cell, Assessed]) -> Iterator[Claim]:
    """Paths of which nobody has said whether they write a value that may be wrong over what others bring."""
    for path in case.unclear:
        found = judged.get(Cell(path.source, case.cell.quantity))
        if found is None or found.case is case:
            continue
        wrong = found.verdict != "converges"
        if compares(path) and not case.feeds:  # what it holds back does no harm
            wrong = wrong and not never_written(case, found.case.cell, judged)
            wrong = wrong or path.read_at != "after_commit" or not shows_alike(found.case.holding, case.holding)
        elif not case.feeds:
            continue
        if not wrong:
            continue
        yield Claim(
            "",
            "TB0",
            None,
            f"nobody has said whether {path.id} brings it {found.case.cell}, which may be wrong",
            upstream=(found.case.cell,),
            drift=_worst_of(found),
            asks=(Ask("path", path.id, "maps"),),
            own_heal=False,
        )


def _standing(verdict: Verdict) -> str:
    return "drifts" if verdict == "drifts" else "is undetermined"


def _conclude(case: Case, told: list[Told]) -> tuple[Verdict, DriftClass | None]:
    """The verdict, and the class if it drifts and every completion of the unknown facts gives the same one."""
    turning = [item for item in told if item.turns]
    broken = [item for item in turning if item.claim.holds is False]
    if broken:
        worst = max(broken, key=lambda item: WEIGHT[item.drift])
        possible = max(WEIGHT[item.drift or item.claim.drift] for item in turning)
        return "drifts", worst.drift if possible <= WEIGHT[worst.drift] else None
    if turning or not case.survey.topology.complete:
        return "undetermined", None
    return "converges", None


def _window(case: Case, verdict: Verdict, drift: DriftClass | None, told: list[Told]) -> Seconds | None:
    """The lag of a converging cell, or how long a transient drift can last; None where it is not known."""
    if verdict == "converges":
        return lag_of(case)
    if drift != "transient":
        return None
    windows = [_exposure(case, item) for item in told if item.turns]
    if None in windows:
        return None
    return max((window for window in windows if window is not None), default=None)


def _exposure(case: Case, item: Told) -> Seconds | None:
    """Seconds until one transient fault is over: the healer's next run, or the way to the source and back again."""
    claim = item.claim
    if claim.lasts is not None:
        return claim.lasts
    if item.healed is not None:
        return item.healed.window
    control = (case.survey.topology.controls or {}).get(claim.group) if claim.premise == "TC" else None
    if control is not None:
        source = written_from(control)
        lag = lag_of(case.survey.case(source)) if source is not None else None
        return None if control.every is None or lag is None else control.every + (control.settle or 0) + lag
    if claim.healed_by_next_run and claim.path is not None:
        return hop(case.survey.handoff(claim.path))
    return lag_of(case)


def _weight(found: Assessed) -> int:
    """How bad the class of a drifting cell is, or may be where that is open."""
    return WEIGHT[_worst_of(found)]


def _is_held_back(case: Case, loop: tuple[Cell, ...], judged: dict[Cell, Assessed]) -> bool:
    """Whether compare-and-set keeps all that a loop would bring to a cell out of it."""
    read = [cell for feed in case.feeds for cell in feed.reads if cell in loop]
    return all(never_written(case, cell, judged) for cell in read)


def _spread_through_loops(
    survey: Survey, judged: dict[Cell, Assessed], before: frozenset[Cell] = frozenset()
) -> frozenset[Cell]:
    """On a loop of state writes one drifting cell makes all of them drift, and none proves itself.

    Gives the cells to which it has; `before`: those to which it had.
    """
    found: set[Cell] = set()
    for loop in sorted(set(loops_on(survey).values())):
        drifting = [judged[cell] for cell in loop if judged[cell].verdict == "drifts"]
        worst = max(drifting, key=_weight, default=None)
        if worst is None and (is_guarded(survey, loop) or is_mended(survey, frozenset(loop))):
            continue
        for cell in loop:
            mine = judged[cell]
            if worst is None:
                done = cell in before
            else:
                done = mine.verdict == "drifts" and _weight(mine) >= _weight(worst)
                done = done or _is_held_back(mine.case, loop, judged)
            if done:
                continue
            found.add(cell)
            other = (
                worst.case.cell
                if worst is not None
                else next(one for one in (*loop, cell) if one != cell or len(loop) == 1)
            )
            claim = Claim(
                "",
                "TB0",
                None if worst is None or (worst.drift is None and mine.verdict == "drifts") else False,
                f"it lies on a loop with {other}",
                upstream=(other,),
                drift="permanent" if worst is None else _worst_of(worst),
            )
            judged[cell] = mine._replace(
                verdict="drifts" if worst is not None else "undetermined",
                drift=worst.drift if worst is not None else None,
                told=(*mine.told, Told(claim, claim.drift, turns=True)),
                upstream=(other,),
                window=None,
            )
    return frozenset(found)
