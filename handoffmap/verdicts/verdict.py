"""What follows for each cell from all that was claimed: rules -> **verdicts** -> findings, questions.

A cell converges when every premise of a theorem was claimed for it and holds; it drifts when a broken one turns it,
whatever the unknown facts are; else it is undetermined. Cells are judged after those whose values they take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.model import Cell
from handoffmap.premises.cells import written_from
from handoffmap.premises.circles import loops_on
from handoffmap.premises.claim import Claim, held
from handoffmap.premises.computed import moved_by
from handoffmap.premises.lag import hop, lag_of
from handoffmap.premises.loops import is_guarded
from handoffmap.premises.rounds import is_mended
from handoffmap.premises.survey import Survey
from handoffmap.rules import rules_for
from handoffmap.verdicts.assessed import Assessed, Told
from handoffmap.verdicts.gathering import said_about
from handoffmap.verdicts.heal import healing_of
from handoffmap.verdicts.healed import heal, perhaps_healed, waited_for, waits_for_runs
from handoffmap.verdicts.inherited import WEIGHT, inherited, worst_of
from handoffmap.verdicts.lacking import never_written
from handoffmap.verdicts.mended_there import mended_sources
from handoffmap.verdicts.streams import Streams
from handoffmap.verdicts.unsaid import supposed_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoffmap.finding import DriftClass, Verdict
    from handoffmap.model import Topology
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer
    from handoffmap.vocabulary import Seconds


__all__ = ["Judgement", "judge"]


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


def _assess(case: Case, above: tuple[Cell, ...], judged: dict[Cell, Assessed], streams: Streams) -> Assessed:
    """One cell's verdict from its claims and from the cells that feed it (`above`)."""
    if case.expects_nothing:
        return _of_a_consumer(case, above)
    gathering = said_about(case, streams)
    proven: list[Answer] = []
    wrong: list[tuple[Claim, bool]] = []
    for answer, settled in inherited(case, judged):
        if answer.holds is True:
            proven.append(answer)
        else:
            wrong.append((answer, settled))
    holding = [*gathering.held, (None, tuple(proven))] if proven else gathering.held
    # Most cells have nothing that would have to heal, and finding out what heals them is not free.
    lasting = bool(wrong) or any(claim.drift == "permanent" for claim, _ in gathering.faults)
    healing = healing_of(case, judged, streams) if lasting else ()
    waits = waits_for_runs(case) if healing else False
    if waits:  # what a run makes good is made good by the time that the cell is looked at, by whatever else it is, too
        runs = {feed.path.id for feed in case.feeds}
        healing = tuple(sorted(healing, key=lambda each: (not each.works, each.by not in runs)))
    told = [
        perhaps_healed(claim, healing, case) if healable is None else heal(claim, healing if healable else (), case)
        for claim, healable in gathering.faults
    ]
    if waits:
        told = [waited_for(item, case) for item in told]
    for claim, settled in wrong:
        bearing = heal(claim, healing if claim.own_heal else (), case)
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
    return WEIGHT[worst_of(found)]


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
                drift="permanent" if worst is None else worst_of(worst),
            )
            judged[cell] = mine._replace(
                verdict="drifts" if worst is not None else "undetermined",
                drift=worst.drift if worst is not None else None,
                told=(*mine.told, Told(claim, claim.drift, turns=True)),
                upstream=(other,),
                window=None,
            )
    return frozenset(found)
