"""Writers in each other's way in one cell: cases -> **conflict** -> rules.

Whole values, amounts, local events and corrections that meet in a cell. One cause gets one name: a stale base before a
mirror over its authority, that before a snapshot over what is in flight, and only then the mere mix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.finding import Subject
from handoffmap.model import Cell
from handoffmap.premises.ahead import runs_ahead
from handoffmap.premises.cells import written_from
from handoffmap.premises.circles import loops_on
from handoffmap.premises.claim import BROKEN, HOLDS, Ask, Claim, held
from handoffmap.premises.computed import booked_through, perhaps_moved_through, written_to
from handoffmap.premises.firing import finds_it_there, fires_on_every_change, sends_each
from handoffmap.premises.foresight import hears_by_the_cell, refused_behind
from handoffmap.premises.graph import compares, confused, keeps_own_count
from handoffmap.premises.lag import at_least, reads_late, window_of
from handoffmap.premises.ordering import STAMPED, in_one_lane, newest_last, order_of
from handoffmap.premises.patience import moves_with, unsaid_of, unsaid_of_waiting
from handoffmap.premises.phrases import listed
from handoffmap.premises.repeats import all_repeat
from handoffmap.premises.rewriting import counts_all, stale_bases
from handoffmap.premises.round_trip import gone_for_good, nothing_between, sent_on, stated_anew
from handoffmap.premises.rounds import is_mended
from handoffmap.premises.upstream import any_upstream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import DriftClass
    from handoffmap.model import Control, Event, WritePath
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Answer

__all__ = ["conflicts_of"]


def conflicts_of(case: Case) -> tuple[Answer, ...]:
    """The claims about writers of a cell that disturb each other."""
    found = case.survey.conflicts.get(case.cell)
    if found is None:
        found = case.survey.conflicts[case.cell] = tuple(_examine(case))
    return found


def _examine(case: Case) -> Iterator[Answer]:  # noqa: C901 - the order in which the narrower rules go first
    if case.expects_nothing:
        return
    yield from stale_bases(case)
    if case.is_derived:
        yield from written_to(case)
        return
    yield from _counts(case)
    yield from _counted_late(case)
    named: set[str] = set()
    for feed in case.feeds:
        for claim in _over_the_cell(feed):
            if claim.holds is False and claim.drift is not None:
                named.add(feed.path.id)
            yield claim
    if case.feeds:
        yield from _several_sources(case, named)
    yield from _mixed(case, named)
    yield from booked_through(case)
    yield from perhaps_moved_through(case)
    unclear = list(_unclear(case))
    yield from unclear
    if not case.feeds and not case.corrections and not case.rewriters and not unclear:
        yield held("set-adjust-mix", "TA6", "no whole value and no correction is written over it")
    for control in case.corrections:
        yield from _softened(_correction(case, control), unsaid_of(control))
    for control in case.reconciliations:
        if control.on_mismatch is None:
            yield from _perhaps_corrects(case, control)


def _counts(case: Case) -> Iterator[Answer]:
    """A local count that writes the truth over a cell to which amounts are still on their way."""
    for event, origin in case.own:
        counted = [quantity for quantity, effect in event.effects.items() if effect.kind == "set"]
        if not counted:
            continue
        if origin.as_of or origin.frozen:
            said = "as of the moment of counting" if origin.as_of else "while nothing moves"
            yield Claim("count-while-moving", "TA5", HOLDS, f"counted {said}", events=(event.id,))
            continue
        cells = [Cell(case.cell.system, quantity) for quantity in counted]
        brought = {
            path.id: case.survey.handoff(path)
            for cell in cells
            if cell in case.graph.cells
            for path in case.survey.case(cell).deltas.values()
            if not case.survey.handoff(path).one_step
        }
        moving = {name for name, handoff in brought.items() if handoff.flow is not None}
        asks = tuple(Ask("path", name, "payload") for name in sorted(brought)) if not moving else ()
        if not brought:
            yield Claim("count-while-moving", "TA5", HOLDS, "nothing is under way to it", events=(event.id,))
            continue
        names = listed(sorted(moving or brought))
        yield Claim(
            "count-while-moving",
            "TA5",
            None if asks else BROKEN,
            f"amounts brought by {names} may be under way",
            None,
            f"{event.id} writes the counted number while amounts of {names} are still under way",
            events=(event.id,),
            event=event.id,
            cell=next((cell for cell in cells if cell in case.graph.cells), case.cell),
            asks=asks,
        )


def _counted_late(case: Case) -> Iterator[Claim]:
    """Differences of a count made where values come by compare-and-set: what was on its way is in them, and comes."""
    survey = case.survey
    for source in case.counted_elsewhere:
        late = [
            feed
            for feed in survey.case(source).feeds
            if compares(feed.path) and not feed.handoff.one_step and _hears_of_others(feed, source)
        ]
        counts = [
            event.id
            for event, origin in survey.case(source).own
            if event.effects[source.quantity].kind == "set" and not (origin.as_of or origin.frozen)
        ]
        if not late or not counts:
            continue
        names = listed(sorted(feed.path.id for feed in late))
        yield Claim(
            "count-while-moving",
            "TA2",
            BROKEN,
            f"values brought to {source} by {names} may be under way",
            None,
            f"{listed(sorted(counts))} is counted at {source} while values of {names} are still under way",
            events=tuple(sorted(counts)),
            event=min(counts),
            cell=case.cell,
        )


def _told_anew(case: Case, source: Cell | None) -> bool:
    """Whether what was under way to a source comes from there as its next value, over what was written meanwhile."""
    return not case.deltas and any(feed.reads == (source,) and sends_each(feed.path) for feed in case.feeds)


def _hears_of_others(feed: Feed, cell: Cell) -> bool:
    """Whether a feed may bring a change that happened elsewhere, or was not booked where it happened."""
    survey = feed.case.survey
    booked = {event.id for event, _ in survey.case(cell).own}
    return any(
        (origin.system != cell.system or event.id not in booked) and survey.reaches(event, origin.system, read)
        for event in survey.movers_of([cell.quantity])
        for origin in event.origins
        for read in feed.reads
    )


def _unclear(case: Case) -> Iterator[Answer]:
    """Whole values of which nobody has said where they land, beside what happens at the cell or comes as amounts."""
    for path in case.unclear:
        if not (case.own or case.deltas or case.feeds):
            continue
        if not compares(path) and case.cell.quantity in case.graph.systems[path.source].holds:
            yield Claim(
                "set-adjust-mix",
                "TA6",
                None,
                "nobody has said where the quantities of a path land",
                path,
                f"{path.id} may write whole values over {case.cell}",
                asks=(Ask("path", path.id, "maps"),),
                group="mix",
            )


def _apart(one: WritePath, other: WritePath) -> bool:
    """Whether two paths write disjoint items or places."""
    if one.items is not None and other.items is not None and not set(one.items) & set(other.items):
        return True
    return one.location is not None and other.location is not None and one.location != other.location


def _several_sources(case: Case, named: set[str]) -> Iterator[Answer]:
    """Whole values of two systems, each overwriting the other's; silent about paths that a narrower rule names."""
    first = case.feeds[0].path
    if all(feed.path.source == first.source for feed in case.feeds):
        yield held("multiple-writers", "TB1", "whole values come from one source", first)
        return
    by_source: dict[str, Feed] = {}
    for feed in _bringing(case):
        by_source.setdefault(feed.path.source, feed)
    feeds = [by_source[source] for source in sorted(by_source)]
    rivals = [feed for feed in feeds if any(other is not feed and not _apart(feed.path, other.path) for other in feeds)]
    if len(rivals) < 2:
        yield held("multiple-writers", "TB1", "whole values come from one source", feeds[0].path)
        return
    ends: list[tuple[DriftClass | None, tuple[Ask, ...]]]
    ends = [("permanent", ())] if _know_different_things(rivals) else _all_ends(rivals)
    names = listed(feed.path.source for feed in rivals)
    told = not any(feed.path.id in named for feed in rivals)
    sure = [drift for drift, asks in ends if drift is not None and not asks]
    asks = tuple(dict.fromkeys(ask for _, asks in ends for ask in asks))
    if not sure and not asks:
        yield held("multiple-writers", "TB1", "the last value of each is the newest one", feeds[0].path)
        return
    yield Claim(
        "multiple-writers",
        "TB1",
        False if sure else None,
        f"{names} each write the whole value",
        None,
        f"{case.cell} {'is' if sure else 'may be'} set by {names}, and nothing arbitrates between them" if told else "",
        drift="permanent" if "permanent" in sure or not sure or _comes_back(case) else "transient",
        group="sources",
        direction="either",
        asks=() if sure else asks,
        related=tuple((Subject(write_path=feed.path.id), "writes it") for feed in rivals),
    )


def _bringing(case: Case) -> list[Feed]:
    """The feeds that bring changes in; without those that tell back what a full run has brought, and brings again."""
    first = [feed for feed in case.feeds if not case.survey.is_echo(feed)]
    return first if first and all(feed.handoff.sends_whole_values for feed in first) else list(case.feeds)


def _know_different_things(rivals: list[Feed]) -> bool:
    """Whether an event gets into what one of several sources sends, and never into what another does.

    One that compares first waits for ever then, and does no harm beside others that bring all.
    """
    survey = rivals[0].case.survey
    heedless = [feed for feed in rivals if not compares(feed.path)]
    read = [cell for feed in rivals for cell in feed.reads[:1]]
    sure = {cell for feed in heedless for cell in feed.reads[:1]} or set(read)
    movers = survey.movers_of(sorted({cell.quantity for cell in read}))
    if not movers:
        return True  # nobody has listed what moves it
    for event in movers:
        for origin in event.origins[:8]:
            moved = [cell for cell in read if cell.quantity in event.effects]
            heard = {
                cell: survey.reaches(event, origin.system, cell) for cell in moved if not _mended(survey.case(cell))
            }
            if True in heard.values() and any(heard.get(cell) is False for cell in sure):
                return True
    return False


def _mended(case: Case) -> bool:
    """Whether a reconciliation sees to what does not reach a cell by itself."""
    return any(
        control.on_mismatch in {"correct", "alert", "report"} and control.scope == "full"
        for control in case.reconciliations
    )


def _comes_back(case: Case) -> bool:
    """Whether the cell's own value gets into what it is written from: then an older one can come round again."""
    loop = loops_on(case.survey).get(case.cell)
    if loop is not None and is_mended(case.survey, frozenset(loop)):
        return False
    return bool(
        any_upstream(
            _written_from(case), lambda cell: cell == case.cell, lambda cell: _written_from(case.survey.case(cell))
        )
    )


def _written_from(case: Case) -> Iterator[Cell]:
    """The cells whose values are written into a cell, by paths or by corrections."""
    for feed in case.feeds:
        yield from feed.reads
    for control in case.corrections:
        source = written_from(control)
        if source is not None:
            yield source


def _all_ends(rivals: list[Feed]) -> list[tuple[DriftClass | None, tuple[Ask, ...]]]:
    survey = rivals[0].case.survey
    pushes = [feed for feed in rivals if not (feed.handoff.pulled or feed.says_again or survey.is_echo(feed))]
    return [_ends(feed, rivals, [other for other in pushes if other is not feed]) for feed in rivals]


def _ends(feed: Feed, rivals: list[Feed], pushes: list[Feed]) -> tuple[DriftClass | None, tuple[Ask, ...]]:
    """What the values of one of several sources leave behind once all is delivered; and the facts it hangs on.

    Nothing where the newest is the last one to come. A run that waits may put an older one back until it runs again.
    """
    path, handoff = feed.path, feed.handoff
    if compares(path):
        return None, ()
    if handoff.one_step or path.payload == "notify_then_fetch":  # it brings what is there then, late or not
        unsaid = (Ask("path", path.id, "op"),) if path.op is None else ()
        return ("transient", unsaid) if _runs_behind(feed, rivals) else (None, ())
    asks, _ = order_of(path)
    if path.guard in STAMPED:
        asks = ()
    vague = tuple(Ask("path", other.path.id, "trigger") for other in (feed, *pushes) if other.path.trigger is None)
    if path.op is None:
        asks = (*(asks or ()), Ask("path", path.id, "op"))
    if handoff.pulled and path.covers == "full" and path.op is not None:
        asks = ()  # it runs again and again
    if asks is None and path.trigger is not None:
        return "permanent", ()
    if handoff.pulled and path.op is not None and len(vague) < len(pushes):
        return "transient" if fires_on_every_change(feed) else "permanent", ()
    if asks:
        return "permanent", asks
    if _runs_behind(feed, rivals):
        return "transient", ()
    late = bool(pushes) and (handoff.pulled or path.trigger is None)
    return ("transient", vague) if late else (None, ())


def _runs_behind(feed: Feed, rivals: list[Feed]) -> bool:
    """Whether what a feed reads waits for a run that not all of several sources wait for."""
    waiting = [reads_late(other.reads, feed.case.survey, feed.case.cell) for other in (feed, *rivals)]
    return waiting[0] and not all(waiting)


def _over_the_cell(feed: Feed) -> Iterator[Answer]:
    """A whole value written over a cell in which events happen, too."""
    case, path = feed.case, feed.path
    if confused(path):
        return  # what it writes is no value: `operation-mismatch` speaks
    if case.holding.role == "authoritative" and _role_of_source(feed) in {"mirror", "consumer"}:
        yield _over_authority(feed)
        if not (case.own or case.deltas):
            yield held("authority-overwritten", "TB4", "no events of its own at the cell", path)
        return
    if path.guard == "cas_opted_out" and (case.own or case.deltas):
        back = _ways_back(feed)
        yield Claim(
            "blind-overwrite",
            "TB4",
            BROKEN,
            "the comparison with what is there is switched off",
            path,
            f"{path.id} overwrites {case.cell} without looking, local events included",
            keys=("guard",),
            drift="permanent" if back.missing else "transient",
        )
        return
    if not case.own:
        yield held("snapshot-over-in-flight", "TB4", "no events of its own at the cell", path)
    elif not feed.reads:
        yield _over_number(feed)
    elif compares(path) and case.is_brought_all:
        because = "compare-and-set waits for what the source does not know, and the cell needs nothing from it"
        yield held("snapshot-over-in-flight", "TB4", because, path)
    else:
        yield from _over_local_events(feed)


def _over_local_events(feed: Feed) -> Iterator[Answer]:
    """A whole value written over events that happened at the cell itself."""
    back = _ways_back(feed)
    if back.missing or back.vague:
        yield _no_way_back(feed, back)
    kept = [event for event in back.coming if not sent_on(feed, event)]
    if kept:
        yield _under_way(feed, kept, lasts=True, heals=True)
    if len(kept) < len(back.coming):
        yield _under_way(feed, [event for event in back.coming if event not in kept])
    elif back.vague and not back.missing:
        yield _under_way(feed, back.vague, sure=_fires_anyway(feed))
    if back.circling:
        yield _under_way(feed, back.circling, lasts=True)


def _over_authority(feed: Feed) -> Answer:
    """A mirror's value over the authority: lasting where the mirror never hears of what happens there."""
    case, path = feed.case, feed.path
    back = _ways_back(feed)
    brought = {
        journey.event.id: journey.event
        for journey in case.journeys
        if any(arrival.path is not None for arrival in journey.arrivals)
    }
    if compares(path) and (case.is_brought_all or not back.missing):
        return held("authority-overwritten", "TB4", "compare-and-set waits for what the source does not know", path)
    unheard = back.missing or back.circling or any(_unheard(feed, event) for event in brought.values())
    disturbed = bool(case.own or case.deltas)
    repeats = path.op is None or _may_be_silent(feed)
    return Claim(
        "authority-overwritten",
        "TB4",
        None if repeats else False,
        f"{path.source} is a mirror, {case.cell} the authority",
        path,
        f"{path.id} writes a mirror's number over the authority {case.cell}",
        keys=("op",),
        drift=None if not disturbed else "permanent" if unheard or back.vague else "transient",
        asks=(Ask("path", path.id, _unsaid(path)),) if repeats else (),
        own_heal=False,
    )


def _may_be_silent(feed: Feed) -> bool:
    """Whether nobody has said what would keep a feed from repeating to the cell what came from there."""
    path = feed.path
    if feed.handoff.pulled:
        return False  # a run starts anew, with nothing behind it
    if path.origin_tag is None and any(feed.case.survey.case(cell).deltas for cell in feed.reads):
        return False  # a value sets no amount off: nothing goes round, and no tag is missed
    return path.origin_tag is not False and all_repeat(feed)


def _unsaid(path: WritePath) -> str:
    return "op" if path.op is None else "origin_tag" if path.origin_tag is None else "trigger"


def _unheard(feed: Feed, event: Event) -> bool:
    """Whether a feed's source misses an event from some origin."""
    survey = feed.case.survey
    moved = [cell for cell in feed.reads if cell.quantity in event.effects]
    own = feed.case.cell
    return any(
        survey.reaches(event, origin.system, cell, own) is False for origin in event.origins[:8] for cell in moved
    )


def _over_number(feed: Feed) -> Answer:
    """A number that an event states: right when it was stated, wrong once something has happened here since."""
    case, path = feed.case, feed.path
    others = [event for event, _ in case.own]
    if feed.handoff.one_step:
        return held("snapshot-over-in-flight", "TB4", "it is stated and written in one step", path)
    names = listed(event.id for event in others)
    doubts = [stated_anew(feed, event) for event in others]
    anew = not any(each is None or each for each in doubts)
    if anew and compares(path):
        return held("snapshot-over-in-flight", "TB4", "compare-and-set waits until it is stated anew", path)
    asks = _perhaps_not_sent(feed)
    if None not in doubts and (compares(path) or path.op is None):
        unsaid = () if path.op is not None else (Ask("path", path.id, "op"),)
        asks = (*asks, *(ask for each in doubts for ask in each or ()), *unsaid)
    return Claim(
        "snapshot-over-in-flight",
        "TB4",
        None if asks else BROKEN,
        f"{names} can happen here while the number is under way",
        path,
        f"{path.id} {'may write' if asks else 'writes'} a number over {names} of {case.cell} "
        "that happened after it was stated",
        events=tuple(event.id for event in others),
        keys=("base",) if path.base else ("op",),
        asks=asks,
        drift="transient" if anew else "permanent",
    )


def _perhaps_not_sent(feed: Feed) -> tuple[Ask, ...]:
    """The facts on which it hangs whether any event comes that sets a number off; none where one surely does."""
    path, survey = feed.path, feed.case.survey
    if path.events is None or not feed.handoff.pushed:
        return ()
    events = [survey.topology.events[name] for name in path.events]
    landings = [landing for event in events for _, landing in survey.arrivals.heard_at(event, path.source)]
    if any(landing.heard for landing in landings):
        return ()
    return tuple(dict.fromkeys(ask for landing in landings for _, doubts in landing.maybe_heard for ask in doubts))


def _no_way_back(feed: Feed, back: WaysBack) -> Claim:
    """The source never (or perhaps never) hears of what happens at the cell, and writes over it."""
    case, path = feed.case, feed.path
    sure = bool(back.missing) and case.survey.topology.complete
    names = listed(event.id for event in back.missing or back.vague)
    return Claim(
        "ungated-write",
        "TB4",
        False if sure else None,
        f"{path.source} never hears of {names}" if sure else f"nobody has said whether {path.source} hears of {names}",
        path,
        f"{path.id} {'overwrites' if sure else 'may overwrite'} {case.cell} "
        f"with a value that never includes its own {names}",
        events=tuple(event.id for event in back.missing or back.vague),
        asks=() if sure else (Ask("cell", str(case.cell), "write_paths"),),
        own_heal=False,
        cell=case.cell,
    )


def _fires_anyway(feed: Feed) -> bool:
    """Whether a feed writes although its source may never hear of what happens at the cell itself."""
    if feed.handoff.sends_whole_values:
        return True
    survey, own = feed.case.survey, feed.case.cell
    if any(survey.case(cell).corrections for cell in feed.reads):
        return True
    return any(
        survey.reaches(event, origin.system, cell, own)
        for cell in feed.reads
        for event in survey.movers_of([cell.quantity])
        for origin in event.origins[:8]
    )


def _under_way(
    feed: Feed, coming: list[Event], *, lasts: bool = False, heals: bool = False, sure: bool = True
) -> Answer:
    """The source hears of what happens at the cell, and may write before it does.

    `lasts`: it hears of it by reading the cell alone, so that what it writes over first it never hears of; or it
    does not send it on, and whatever else `heals` the cell may.
    `sure`: it does write, if it is known what it writes.
    """
    case, path = feed.case, feed.path
    slug, premise = "snapshot-over-in-flight", "TB4"
    if compares(path):
        return held(slug, premise, "compare-and-set waits for what the source does not know", path)
    if nothing_between(feed, coming):
        return held(slug, premise, "the source knows of it in the same step, and the value is read when it lands", path)
    names = listed(event.id for event in coming)
    repeats = _may_be_silent(feed)
    open_ = path.op is None or repeats
    asks = (Ask("path", path.id, _unsaid(path)),) if open_ else ()
    if not sure:
        asks = (*asks, *_doubts_about(feed, coming))
    because = f"{path.source} {'learns' if sure else 'may learn'} of {names} only later"
    open_ = open_ or not sure
    return Claim(
        slug,
        premise,
        None if open_ else False,
        "nobody has said what the target does with the value" if open_ and sure else because,
        path,
        f"{path.id} {'may write' if open_ else 'writes'} over {names} of {case.cell} before {path.source} knows of it",
        drift="permanent" if lasts else "transient",
        events=tuple(event.id for event in coming),
        keys=("op",),
        asks=asks,
        own_heal=heals,
    )


def _doubts_about(feed: Feed, events: list[Event]) -> tuple[Ask, ...]:
    """The facts on which it hangs whether events at a cell come to what feeds it."""
    found: dict[Ask, None] = {}
    for event in events:
        for landing in feed.case.survey.arrivals.from_origin(event, feed.case.cell.system, feed.path.source):
            for cell in feed.reads:
                for arrival in landing.amounts.get(cell.quantity, ()):
                    found.update(dict.fromkeys(arrival.doubts))
    return tuple(found) or (Ask("cell", str(feed.case.cell), "write_paths"),)


class WaysBack(NamedTuple):
    """What becomes of a cell's own events at the source that writes over it."""

    missing: list[Event]
    """They never get there."""
    vague: list[Event]
    """Nobody has said."""
    coming: list[Event]
    """They get there, in time or late."""
    circling: list[Event]
    """They get there within the cell's own value only, and are gone for good if that is written over first."""


def _ways_back(feed: Feed) -> WaysBack:
    """Sort a cell's own events by whether they reach what the feed reads."""
    back = WaysBack([], [], [], [])
    case = feed.case
    for event, _ in case.own:
        if not feed.reads:
            continue
        moved = [cell for cell in feed.reads if cell.quantity in event.effects]
        answers = [case.survey.reaches(event, case.cell.system, cell) for cell in moved]
        if not moved:
            continue  # it carries another quantity: `quantity-mismatch` speaks
        if False in answers:
            back.missing.append(event)
        elif None in answers:
            back.vague.append(event)
        elif any(case.survey.reaches(event, case.cell.system, cell, case.cell) is False for cell in moved):
            back.circling.append(event)
        else:
            back.coming.append(event)
    return back


def _role_of_source(feed: Feed) -> str | None:
    if not feed.reads:
        return None
    return feed.case.graph.cells[feed.reads[0]].role


def _mixed(case: Case, named: set[str]) -> Iterator[Answer]:
    """Amounts and whole values in one cell; silent about paths that a narrower rule names."""
    for name in sorted(case.deltas):
        delta = case.deltas[name]
        own_count = keeps_own_count(delta) and counts_all(case, delta)
        rivals = [feed.path for feed in case.feeds if not _harmless(feed, delta)]
        if own_count:  # what it writes is as right as what they send, and never older than its own last one
            rivals = [feed.path for feed in case.feeds if _comes_late(feed)]
        if not rivals or (delta.base in {"target", "cached"} and not own_count and not _keeps_apart(delta)):
            continue
        undecided = [path for path in rivals if in_one_lane(path, delta) is None]
        asks = (
            tuple(Ask("path", path.id, "order" if path.order is None else "lane") for path in (*undecided, delta))
            if len(undecided) == len(rivals)
            else ()
        )
        refused = [refused_behind(path, delta) for path in rivals]
        if all(refused):
            asks = (*asks, *dict.fromkeys(ask for unsaid in refused for ask in unsaid or ()))
        asks = (*asks, *_doubts_of(case, delta))
        names = listed(path.id for path in rivals)
        told = any(path.id not in named for path in rivals)
        later = [feed for feed in case.feeds if feed.path in rivals]
        echoes = own_count or all(
            feed.handoff.pulled
            and newest_last(feed.path)
            and feed.follows_each_change
            and _hears_at_all(feed, delta)
            and (case.survey.handoff(delta).one_step or hears_by_the_cell(feed, delta))
            for feed in later
        )
        yield Claim(
            "set-adjust-mix",
            "TA6",
            None if asks else False,
            f"set by {names}, added to by {delta.id}, in no common order",
            delta,
            f"{case.cell} is set by {names} and adjusted by {delta.id}: an amount can count twice or not at all"
            if told
            else "",
            group="mix",
            asks=asks,
            drift="transient" if echoes else "permanent",
        )


def _comes_late(feed: Feed) -> bool:
    """Whether a value may wait for its run and lands on a newer one then."""
    return feed.handoff.pulled and not compares(feed.path) and feed.path.payload != "notify_then_fetch"


def _keeps_apart(path: WritePath) -> bool:
    """Whether two of a path that reads, adds and writes cannot read the same number."""
    if path.op == "cas" or path.guard == "cas":
        return True
    return path.base != "cached" and (path.guard == "lock" or path.concurrency in {"row_lock", "atomic"})


def _doubts_of(case: Case, delta: WritePath) -> tuple[Ask, ...]:
    """The facts on which it hangs whether a path brings the cell any amount; none where it certainly brings one."""
    found: dict[Ask, None] = {}
    for journey in case.journeys:
        for arrival in journey.arrivals:
            if arrival.path is not delta:
                continue
            if not arrival.doubts:
                return ()
            found.update(dict.fromkeys(arrival.doubts))
    return tuple(found)


def _harmless(feed: Feed, delta: WritePath) -> bool:
    """Whether a whole value and an amount cannot get into each other's way."""
    if in_one_lane(feed.path, delta) or _apart(feed.path, delta) or finds_it_there(feed):
        return True
    if refused_behind(feed.path, delta) == ():
        return True
    at_once = feed.case.survey.handoff(delta).one_step and fires_on_every_change(feed)
    if not at_once and not hears_by_the_cell(feed, delta):
        return False
    follows = feed.handoff.pushed and feed.follows_each_change  # `reordered-state` speaks of older values
    waits = compares(feed.path) and bool(feed.reads)  # a number once stated never gets right again
    return waits or (follows and (_hears_at_all(feed, delta) or _tells_all_back(feed)))


def _tells_all_back(feed: Feed) -> bool:
    """Whether pushes in order tell the source of every change of the cell itself, and of nothing else."""
    survey = feed.case.survey
    above = [each for read in feed.reads for each in survey.case(read).feeds]
    return survey.is_echo(feed) and all(
        each.reads == (feed.case.cell,)
        and each.handoff.pushed
        and newest_last(each.path)
        and fires_on_every_change(each)
        and not survey.case(each.case.cell).corrections
        for each in above
    )


def _hears_at_all(feed: Feed, delta: WritePath) -> bool:
    """Whether the source hears of everything that an amount brings."""
    return all(
        landing is not None and bool(landing.heard)
        for journey in feed.case.journeys
        if any(arrival.path is delta for arrival in journey.arrivals)
        for landing in (journey.everywhere.get(feed.path.source),)
    )


def _perhaps_corrects(case: Case, control: Control) -> Iterator[Answer]:
    """Nobody has said what a reconciliation does; should it correct, it has to wait until nothing is under way."""
    for claim in _correction(case, control._replace(on_mismatch="correct")):
        if claim.holds is not True:
            yield claim._replace(
                holds=None,
                because="nobody has said whether it corrects",
                asks=(Ask("control", control.id, "on_mismatch"),),
                keys=(),
            )


def _softened(answers: Iterator[Answer], unsaid: tuple[Ask, ...]) -> Iterator[Answer]:
    """What is said of a correction that may never run, or do no harm: it hangs on these facts, too."""
    for claim in answers:
        if unsaid and claim.holds is not True:
            asks = tuple(dict.fromkeys((*unsaid, *claim.asks)))
            yield claim._replace(holds=None, because="nobody has said whether it does harm", asks=asks)
        else:
            yield claim


def _correction(case: Case, control: Control) -> Iterator[Answer]:
    """A reconciliation that writes into the cell."""
    source = written_from(control)
    if control.corrects == control.authority or case.holding.role == "authoritative":
        return  # the wrong way: `reconciles-wrong-way` speaks
    theirs = case.graph.cells[source] if source is not None else None
    if theirs is not None and (theirs.buffer or 0, theirs.statuses) != (
        case.holding.buffer or 0,
        case.holding.statuses,
    ):
        yield Claim(
            "ineffective-control",
            "TC",
            BROKEN,
            f"{source} and {case.cell} are not meant to show the same",
            None,
            f"{control.id} writes {source} over {case.cell}, which counts otherwise",
            group=control.id,
            own_heal=False,
        )
        return
    if moves_with(case, source):
        yield Claim("ineffective-control", "TC", HOLDS, f"what moves {source} moves {case.cell} in the same step")
        return
    ahead = () if case.own or case.deltas else runs_ahead(case, source)
    if ahead is None:
        yield Claim("ineffective-control", "TC", HOLDS, f"{control.id} corrects a mirror that nothing else moves")
        return
    yield from _softened(_waiting(case, control, source), ahead)


def _waiting(case: Case, control: Control, source: Cell | None) -> Iterator[Answer]:
    """Whether a correction waits until nothing is under way that it would write over, or get ahead of."""
    slug, message = (
        "ineffective-control",
        f"{control.id} corrects {case.cell} while amounts are still under way to it",
    )
    for_good = gone_for_good(case, source) or (control.survives_restart is False and not _told_anew(case, source))
    drift: DriftClass = "permanent" if for_good else "transient"
    if control.settle is None:
        yield Claim(
            slug,
            "TC",
            None,
            "nobody has said how long a difference must last before it is corrected",
            None,
            f"{control.id} may correct {case.cell} while amounts are still under way to it",
            drift=drift,
            asks=(Ask("control", control.id, "settle"),),
            group=control.id,
            own_heal=False,
            keys=("settle",),
        )
        return
    windows = [window_of(cell, case.survey) for cell in (case.cell, source) if cell is not None]
    known = [at_least(case), *(window for window in windows if window is not None)]
    if any(control.settle < window for window in known) or control.settle == 0:
        yield Claim(
            slug,
            "TC",
            BROKEN,
            "it settles for less time than a message may be under way",
            None,
            message,
            drift=drift,
            group=control.id,
            own_heal=control.survives_restart is False,  # else it does so again at each run
            keys=("settle",),
        )
    elif None in windows:
        yield Claim(
            slug,
            "TC",
            None,
            "nobody has said how long messages to it may be under way",
            None,
            message,
            drift=drift,
            group=control.id,
            own_heal=False,
            asks=unsaid_of_waiting(case, control),
        )
    else:
        yield Claim(slug, "TC", HOLDS, f"{control.id} waits until nothing is under way")
