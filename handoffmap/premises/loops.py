"""Whole values that come back to where they started: cases -> **loops** -> `echo-loop`.

Two cells that each push their value to the other on every change never come to rest once two changes cross. A tag of
the origin stops that; a list of events does too, since a written value carries no event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.model import Cell
from handoffmap.premises.circles import loops_on
from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.premises.computed import (
    MOVES_ALIKE,
    NEVER_NEW,
    brings_nothing_new,
    comes_from_base,
    comes_from_elsewhere,
    moves_its_base_alike,
)
from handoffmap.premises.firing import holds_back
from handoffmap.premises.graph import compares
from handoffmap.premises.phrases import listed
from handoffmap.premises.rounds import comes_round, entries, fires_again, is_mended, turning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import DriftClass
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.rounds import Turning
    from handoffmap.premises.survey import Survey
__all__ = ["is_guarded", "loops_of", "mended_at"]


def loops_of(case: Case) -> tuple[Answer, ...]:
    """The claims about the loop that a cell lies on, if it lies on one."""
    loop = loops_on(case.survey).get(case.cell)
    found = [] if loop is None else list(_examine(case, loop))
    found.extend(_own_value_as_difference(case))
    found.extend(_through_computed(case))
    return tuple(found)


def _own_value_as_difference(case: Case) -> Iterator[Answer]:
    """A delta path without a list of events that reports every change of a copy which this very cell writes."""
    for write in case.graph.writers_of(case.cell):
        path = write.path
        reports_all = "fires_on" in path.stated  # no event is carried by a written value: a change may be reported
        if path.events is not None or not reports_all or case.survey.handoff(path).flow != "delta" or path.origin_tag:
            continue
        copy = Cell(path.source, write.left)
        if copy not in case.graph.cells:
            continue
        out = [feed for feed in case.survey.case(copy).all_feeds if case.cell in feed.reads]
        if not out:
            continue
        names = listed(sorted({feed.path.id for feed in out} | {path.id}))
        yield Claim(
            "echo-loop",
            "TA1",
            BROKEN,
            "it reports every change of the copy, those made from here included",
            path,
            f"what {out[0].path.id} writes comes back to {case.cell} by {path.id} as a change and is added",
            # What lists events is set off by these alone: a reported change comes back once and goes no further.
            drift="divergent" if all(feed.handoff.pushed and feed.path.events is None for feed in out) else "permanent",
            keys=("fires_on",),
            own_heal=False,
            group=names,
        )


def _examine(case: Case, loop: tuple[Cell, ...]) -> Iterator[Answer]:
    lap = _lap(case.survey, loop)
    edges, untagged = lap.edges, lap.untagged
    inside = lap.cells
    mine = next(feed for feed in case.feeds if not inside.isdisjoint(feed.reads))
    names = lap.names
    if not lap.entries:
        return
    if lap.guarded:
        yield held("echo-loop", "TB0", "where changes come in, compare-and-set waits for what comes back", mine.path)
        return
    if all(compares(feed.path) and feed.path.trigger is not None for feed in edges):
        yield Claim(
            "multiple-writers",
            "TB1",
            BROKEN,
            "each end waits until the other knows of its changes, and neither ever does",
            mine.path,
            f"{listed(map(str, loop))} keep each other's values out by {names}",
            group=f"loop {loop[0]}",
            cell=loop[0],
        )
        return
    turn = lap.turn
    if turn is None:
        if lap.entries < 2 or (untagged and lap.fires_again):
            return  # what comes back once is for the other rules
        yield Claim(
            "multiple-writers",
            "TB1",
            BROKEN,
            "each end has changes of its own and writes them over the other's",
            mine.path,
            f"{listed(map(str, loop))} overwrite each other by {names}",
            group=f"loop {loop[0]}",
            cell=loop[0],
        )
        return
    if turn.unsure:
        yield Claim(
            "echo-loop",
            "TB0",
            None,
            "nobody has said whether it ever comes to rest",
            mine.path,
            "",
            drift="divergent",
            asks=turn.unsure,
        )
    if _is_at_rest(lap, turn):
        yield held("echo-loop", "TB0", "each full run brings the value anew, and no older one comes back", mine.path)
        return
    watched = None if turn.endless else _watched(case.survey, loop, edges)
    if (lap.mended and lap.renewed is None and not turn.endless) or watched not in {None, case.cell}:
        return  # it rests, or is told where it is mended: what is right there goes round once more
    worst: DriftClass = "divergent" if turn.endless else "permanent"
    yield from _perhaps_renewed(lap, mine, worst)
    asks = turn.asks or lap.perhaps
    if lap.renewed == "rests" and not turn.endless:
        asks = (*asks, *lap.unsaid)
    yield Claim(
        "echo-loop",
        "TB0",
        None if asks else False,
        "nobody has said whether a message is kept from going back to where it started"
        if asks
        else f"{names} form a loop, and no message says where it started",
        mine.path,
        f"what {mine.path.id} writes comes back to {mine.path.source} by {names}",
        drift="transient" if lap.renewed == "transient" and not turn.endless else worst,
        asks=asks,
        keys=("origin_tag",),
        own_heal=watched is not None,
        group=f"loop {loop[0]}",
        cell=loop[0],
    )


def _watched(survey: Survey, loop: tuple[Cell, ...], edges: list[Feed]) -> Cell | None:
    """The cell of a loop that a reconciliation mends from outside: what it writes goes round, up to the next run.

    Where there is nothing but runs on some circle, a full one brings an older value back each time.
    """
    circling = comes_round([feed for feed in edges if not feed.handoff.pushed])
    for cell in loop:
        if circling and any(f.case.cell == cell and f.handoff.sends_whole_values is not False for f in edges):
            continue
        for control in survey.reconciliations_of(cell):
            if control.mirror == cell and control.corrects in {None, cell} and control.authority not in loop:
                return cell if control.on_mismatch in {"correct", "alert", "report"} else None
    return None


def mended_at(case: Case) -> Cell | None:
    """The cell of a loop at which a reconciliation mends what any fault leaves behind on it; None where none does."""
    loop = loops_on(case.survey).get(case.cell)
    if loop is None:
        return None
    lap = _lap(case.survey, loop)
    turn = lap.turn
    if turn is None or turn.endless or not all(feed.path.events is None and not holds_back(feed) for feed in lap.edges):
        return None
    return _watched(case.survey, loop, lap.edges)


def _is_at_rest(lap: Lap, turn: Turning | None) -> bool:
    """Whether full runs certainly make good what goes round."""
    return lap.renewed == "rests" and not lap.unsaid and (turn is None or not turn.endless)


def _perhaps_renewed(lap: Lap, mine: Feed, worst: DriftClass) -> Iterator[Claim]:
    """Nobody has said whether full runs bring changes into a loop, which would make it right again."""
    if lap.renewed == "transient" and lap.unsaid:
        yield Claim(
            "echo-loop",
            "TB0",
            None,
            "nobody has said whether full runs bring the value in",
            mine.path,
            "",
            drift=worst,
            asks=lap.unsaid,
            own_heal=False,
        )


def _through_computed(case: Case) -> Iterator[Answer]:
    """Whole values written to a computed cell move this one, its first base."""
    for computed in case.computed_over:
        there = case.survey.case(computed)
        for feed in there.feeds:
            alike = moves_its_base_alike(feed)
            if alike or (compares(feed.path) and brings_nothing_new(feed)):
                yield held("set-on-derived", "TB1", MOVES_ALIKE if alike else NEVER_NEW, feed.path)
                continue
            unsaid = (Ask("path", feed.path.id, "op"),) if feed.path.op is None and brings_nothing_new(feed) else ()
            loop = loops_on(case.survey).get(computed)
            lap = _lap(case.survey, loop) if loop is not None else None
            if lap is not None and not lap.entries:
                continue  # nothing ever comes round
            turn = lap.turn if lap is not None else None
            asks = (*turn.asks, *turn.unsure) if turn is not None else ()
            if asks:
                yield Claim(
                    "set-on-derived",
                    "TB1",
                    None,
                    "nobody has said whether it ever comes to rest",
                    feed.path,
                    "",
                    drift="divergent",
                    asks=asks,
                    own_heal=False,
                )
            yield Claim(
                "set-on-derived",
                "TB1",
                None if unsaid else False,
                f"{computed} is computed; writing it moves {case.cell}",
                feed.path,
                f"{feed.path.id} sets {computed}, which is derived",
                drift="divergent" if comes_from_base(feed, case.cell) else _class_of(feed, turn, asks),
                keys=("maps", feed.write.left),
                asks=unsaid,
                own_heal=False,
                cell=computed,
            )


def _class_of(feed: Feed, turn: Turning | None, asks: tuple[Ask, ...]) -> DriftClass:
    """What a value that is written through a computed cell leaves behind, by what goes round its loop."""
    if turn is not None and turn.endless and not asks:
        return "divergent"
    return "transient" if comes_from_elsewhere(feed) else "permanent"


class Lap(NamedTuple):
    """One loop, looked over once for all of its cells."""

    cells: frozenset[Cell]
    edges: list[Feed]
    names: str
    """Its paths, as a reader is told of them."""
    turn: Turning | None
    """What goes round it for ever, if anything does."""
    fires_again: bool
    """Whether any of its paths is set off by what another one of them has written."""
    untagged: list[Feed]
    entries: int
    """Cells at which changes come into it from outside, or happen."""
    guarded: bool
    """Whether they come in at one cell only, and what comes back to it waits until it knows all of them."""
    perhaps: tuple[Ask, ...]
    """The facts on which that hangs."""
    mended: bool
    """Whether full runs bring changes, again and again, and older values die out in between."""
    renewed: Literal["rests", "transient"] | None
    """What becomes of older values where full runs alone bring changes in: they die out, or come round once more."""
    unsaid: tuple[Ask, ...]
    """The facts on which it hangs whether full runs do."""


def is_guarded(survey: Survey, loop: tuple[Cell, ...]) -> bool:
    """Whether what comes round a loop can do no harm where changes come into it."""
    lap = _lap(survey, loop)
    if lap.guarded or (lap.turn is None and lap.entries == 1):
        return True  # what comes back comes back once: whether that does harm is told of the cell
    return _is_at_rest(lap, lap.turn)


def _lap(survey: Survey, loop: tuple[Cell, ...]) -> Lap:
    found = survey.laps.get(loop[0])
    if found is None:
        cells = frozenset(loop)
        feeds = [feed for cell in loop for feed in survey.case(cell).feeds]
        edges = [feed for feed in feeds if not cells.isdisjoint(feed.reads)]
        entered = entries(survey, cells)
        back = [feed for feed in edges if feed.case.cell == entered[0]] if len(entered) == 1 else []
        waits = [compares(feed.path) and feed.path.trigger is not None for feed in back]
        unsaid = [Ask("path", feed.path.id, "op") for feed in back if feed.path.op is None]
        perhaps = tuple(unsaid) if sum(waits) + len(unsaid) == len(back) else ()
        untagged = [feed for feed in edges if feed.path.origin_tag is not True or feed.handoff.pulled]
        guarded = bool(back) and all(waits)
        mended = is_mended(survey, cells)
        renewed, runs = _renewed([survey.case(cell) for cell in entered], cells, edges)
        found = survey.laps[loop[0]] = Lap(
            cells=cells,
            edges=edges,
            names=listed(sorted({feed.path.id for feed in edges})),
            turn=turning(edges, len(entered)),
            fires_again=any(fires_again(feed, edges) for feed in edges),
            untagged=untagged,
            entries=len(entered),
            guarded=guarded,
            perhaps=perhaps,
            mended=mended,
            renewed=renewed,
            unsaid=runs,
        )
    return found


def _renewed(
    entered: list[Case], loop: frozenset[Cell], edges: list[Feed]
) -> tuple[Literal["rests", "transient"] | None, tuple[Ask, ...]]:
    """What full runs make of a loop that they alone bring changes into, and the facts on which it hangs that they do.

    Round a circle of runs an older value goes on for ever if it is sent again and again, and once more if only
    changes are.
    """
    unsaid: list[Ask] = []
    for case in entered:
        if case.own or case.deltas or case.is_derived:
            return None, ()
        for feed in case.feeds:
            if not loop.isdisjoint(feed.reads):
                continue
            if feed.handoff.sends_whole_values is False:
                return None, ()
            unsaid.extend(_perhaps_no_run(feed))
    if not comes_round([feed for feed in edges if not feed.handoff.pushed]):
        return "rests", tuple(unsaid)
    here = {case.cell for case in entered}
    if any(feed.case.cell in here and feed.handoff.sends_whole_values is not False for feed in edges):
        return None, ()
    return "transient", tuple(unsaid)


def _perhaps_no_run(feed: Feed) -> Iterator[Ask]:
    """What nobody has said of a path that decides whether it is a full run."""
    path = feed.path
    facts = (("trigger", path.trigger), ("schedule.covers", path.covers), ("only_if_changed", path.only_if_changed))
    if feed.handoff.sends_whole_values is None:
        yield from (Ask("path", path.id, name) for name, fact in facts if fact is None)
