"""Changes of a source that a state path does not send on: cases -> **silence** -> `trigger-gap`.

A pushed state path with a list of events fires for those that arrive at its source as events; a value that was written
there carries none. What one path of a source leaves out another may send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.arrivals import fires_for_step
from handoffmap.premises.cells import corrected_by
from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.premises.firing import comes_back, finds_it_there, fires_on_every_change, holds_back
from handoffmap.premises.graph import compares
from handoffmap.premises.ordering import one_stamp
from handoffmap.premises.patience import unsaid_of, unsaid_of_waiting, waits, waits_long_enough
from handoffmap.premises.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Cell, Event
    from handoffmap.premises.cells import Case, Feed, Journey
    from handoffmap.premises.claim import Answer

__all__ = ["silences_of"]


def silences_of(case: Case) -> tuple[Answer, ...]:
    """The claims about whether some feed fires for every change of what the feeds read."""
    if case.is_derived or not case.feeds:
        return ()
    values = [feed for feed in case.feeds if feed.handoff.flow == "state"]
    return tuple(_examine(case)) if values else tuple(_items_left_out(case, list(case.feeds)))


def _examine(case: Case) -> Iterator[Answer]:
    by_source: dict[str, list[Feed]] = {}
    for feed in case.feeds:
        if feed.handoff.flow == "state":
            by_source.setdefault(feed.path.source, []).append(feed)
    if case.is_brought_all and all(
        compares(feed.path) or finds_it_there(feed) for feeds in by_source.values() for feed in feeds
    ):
        yield held("trigger-gap", "TB3", "every event comes as an amount, and no value adds anything to it")
        yield held("trigger-gap", "TB6", "every event comes as an amount, whatever the item")
        return
    yield from _items_left_out(case, [feed for feeds in by_source.values() for feed in feeds])
    for found in by_source.values():
        for feed in found:
            yield from _not_sent_again(case, feed)
    telling: list[Feed] | None = None
    for source in sorted(by_source):
        feeds = _quickest(by_source[source])
        if any(fires_on_every_change(feed) for feed in feeds) or _between_them(feeds):
            yield held("trigger-gap", "TB3", "it fires on every change, however it came", feeds[0].path)
            yield from _overtaken(case, feeds, feeds)
            continue
        if telling is None:
            telling = [feed for name in by_source for feed in by_source[name] if _sends_all(feed)]
        others = [feed for feed in telling if feed.path.source != source]
        if others:
            yield held("trigger-gap", "TB3", "what it leaves out another source sends", feeds[0].path)
            yield from _overtaken(case, feeds, others)
            continue
        yield from _gaps(case, feeds)


def _sends_all(feed: Feed) -> bool:
    """Whether a push sends every change, and its source certainly hears of all that ought to move the cell."""
    survey, cell = feed.case.survey, feed.case.cell
    if feed.handoff.pulled or not feed.reads or not fires_on_every_change(feed):
        return False
    return all(
        survey.reaches(event, origin.system, read)
        for event in survey.movers_of([cell.quantity])
        for origin in event.origins[:8]
        for read in feed.reads
    )


def _lists_all(feed: Feed) -> bool:
    """Whether a push lists every event that moves what it reads, without a filter."""
    path = feed.path
    if holds_back(feed):
        return False
    moving = feed.case.survey.movers_of(sorted({cell.quantity for cell in feed.reads}))
    return all(event.id in (path.events or ()) for event in moving)


def _overtaken(case: Case, feeds: list[Feed], others: list[Feed]) -> Iterator[Claim]:
    """A push that sends some changes only, beside one that sends all: its last value is not the newest one."""
    telling: list[Feed] | None = None
    for feed in feeds:
        path = feed.path
        if fires_on_every_change(feed) or feed.handoff.pulled or feed.handoff.one_step or path.trigger is None:
            continue
        if compares(path) or path.payload == "notify_then_fetch" or _lists_all(feed):
            continue
        if telling is None:
            telling = [other for other in others if fires_on_every_change(other)]
        rivals = [other.path for other in telling if not one_stamp(path, other.path)]
        if rivals:
            asks = tuple(
                Ask("path", each.id, "guard")
                for each in (path, *rivals)
                if each.guard is None and all(other.source == path.source for other in rivals)
            )
            names = listed(sorted(other.id for other in rivals))
            yield Claim(
                "reordered-state",
                "TB2",
                None if asks else False,
                f"it does not send every change, and nothing keeps it behind {names}",
                path,
                f"an older value sent by {path.id} {'may' if asks else 'can'} overwrite a newer one in {case.cell}",
                keys=("guard",) if path.guard is not None else ("order",),
                asks=asks,
                group="beside",
            )


def _quickest(feeds: list[Feed]) -> list[Feed]:
    """The pushed ones where there are any: what they leave out a later run mends, and until then it is missing."""
    pushed = [feed for feed in feeds if not feed.handoff.pulled]
    return pushed or feeds


def _between_them(feeds: list[Feed]) -> bool:
    """Whether paths with filters let every class of instances through between them."""
    unlisted = [feed.path for feed in feeds if feed.path.events is None and feed.path.fires_for is None]
    passed = {word for path in unlisted for word in path.only or ()}
    return any(path.except_ and not path.only and set(path.except_) <= passed for path in unlisted)


_EVERY_ITEM = held("trigger-gap", "TB6", "every item is carried")


def _not_sent_again(case: Case, feed: Feed) -> Iterator[Answer]:
    """A run that leaves out what it sent last, into a cell that something else has changed since."""
    path = feed.path
    if not feed.handoff.pulled or path.only_if_changed is False or not comes_back(feed):
        return
    corrected = _corrected_early(case)
    if path.only_if_changed is None and path.covers == "changed_only":
        corrected = []  # it is for changes anyway
    moved = case.own or case.deltas or _written_in_part(case, feed)
    if not (moved or corrected):
        return
    asks: tuple[Ask, ...] = ()
    if not moved and all(corrected):
        asks = tuple(dict.fromkeys(ask for unsaid in corrected for ask in unsaid))
    if path.only_if_changed is None:
        asks = (Ask("path", path.id, "only_if_changed"), *asks)
    yield Claim(
        "trigger-gap",
        "TB3",
        None if asks else False,
        "nobody has said whether a run leaves out what it sent last, or what else changes the cell"
        if asks
        else "a run leaves out the value that it sent last, and the cell may have changed since",
        path,
        f"{path.id} {'may not' if asks else 'does not'} send {case.cell} a value that it has sent before",
        keys=("only_if_changed",),
        asks=asks,
        group="again",
    )


def _written_in_part(case: Case, feed: Feed) -> bool:
    """Whether other feeds write a cell, and none of them after every change."""
    others = [other for other in case.feeds if other is not feed and not compares(other.path)]
    return bool(others) and not any(fires_on_every_change(other) or other.path.trigger is None for other in others)


def _corrected_early(case: Case) -> list[tuple[Ask, ...]]:
    """Of each reconciliation that may correct a cell before all has come by itself: the facts on which that hangs."""
    if any(other.handoff.pushed and fires_on_every_change(other) for other in case.feeds):
        return []
    found = []
    for control in case.reconciliations:
        correcting = control._replace(on_mismatch=control.on_mismatch or "correct")
        if corrected_by(correcting) != case.cell or waits_long_enough(case, correcting):
            continue
        asks = [Ask("control", control.id, "on_mismatch")] if control.on_mismatch is None else []
        asks.extend(unsaid_of(control))
        if waits(case, correcting) is None:
            asks.extend(unsaid_of_waiting(case, correcting))
        found.append(tuple(asks))
    return found


def _items_left_out(case: Case, feeds: list[Feed]) -> Iterator[Answer]:
    """Items that the cell covers and no state path does (TB6)."""
    if any(feed.path.items is None for feed in feeds):
        yield _EVERY_ITEM
        return
    carried = {item for feed in feeds for item in feed.path.items or ()}
    covered = case.system.items
    if covered is not None and set(covered) <= carried:
        yield held("trigger-gap", "TB6", "every item of its own is carried")
        return
    path = feeds[0].path
    rest = listed(sorted(set(covered) - carried)) if covered is not None else "any other items"
    yield Claim(
        "trigger-gap",
        "TB6",
        BROKEN,
        f"no path carries {rest}",
        path,
        f"{path.id} brings {case.cell} {listed(sorted(carried))} only, and nothing brings {rest}",
        keys=("items",),
        own_heal=False,
        group="items",
    )


def _gaps(case: Case, feeds: list[Feed]) -> Iterator[Answer]:
    first = feeds[0]
    if first.path.trigger is None:
        yield Claim(
            "trigger-gap",
            "TB3",
            None,
            "nobody has said what sets it off",
            first.path,
            f"{first.path.id} may not send every change of {first.path.source}",
            asks=(Ask("path", first.path.id, "trigger"),),
            keys=("trigger",),
        )
        return
    if all(compares(feed.path) for feed in feeds) and any(map(_is_brought, case.journeys)) and _all_pass(case, feeds):
        yield held("trigger-gap", "TB3", "what it sends has been brought as amounts before", first.path)
        return
    filtered = next((feed for feed in feeds if holds_back(feed)), None)
    moved = case.survey.movers_of({cell.quantity for feed in feeds for cell in feed.reads})
    if filtered is not None and len(feeds) == 1 and (moved or not filtered.reads):
        key = "fires_for" if filtered.path.fires_for else "only" if filtered.path.only else "except"
        unsaid = filtered.handoff.pulled and filtered.path.covers is None
        yield Claim(
            "trigger-gap",
            "TB3",
            None if unsaid else False,
            f"{key} keeps it from firing for the rest",
            filtered.path,
            f"{filtered.path.id} {'may not' if unsaid else 'does not'} send every change of "
            f"{filtered.path.source} to {case.cell}",
            keys=(key,),
            asks=(Ask("path", filtered.path.id, "schedule.covers"),) if unsaid else (),
        )
        return
    missed: list[Event] = []
    vague: list[Event] = []
    for event in _moving(case, feeds):
        answer = _sent(case, feeds, event)
        if answer is False:
            missed.append(event)
        elif answer is None:
            vague.append(event)
    if missed:
        names = listed(event.id for event in missed)
        asks = _perhaps_sent(case, feeds)
        yield Claim(
            "trigger-gap",
            "TB3",
            None if asks else False,
            f"{names} changes what it reads and does not set it off",
            first.path,
            f"{first.path.id} does not fire for {names}, which changes {_read_names(feeds)}",
            keys=("events",),
            asks=asks,
            events=tuple(event.id for event in missed),
        )
    if vague:
        names = listed(event.id for event in vague)
        yield Claim(
            "trigger-gap",
            "TB3",
            None,
            f"nobody has said what would decide whether {names} sets it off",
            first.path,
            f"{first.path.id} may not fire for {names}",
            keys=("events",),
            events=tuple(event.id for event in vague),
            asks=_doubts(case, first, vague),
        )
    if not missed and not vague:
        yield held("trigger-gap", "TB3", "every event that changes what it reads sets it off", first.path)


def _all_pass(case: Case, feeds: list[Feed]) -> bool:
    """Whether no filter keeps back what compare-and-set has to bring: all that the cell does not get otherwise."""
    return all(_fires_for_all(feeds[0], event) for event in _moving(case, feeds))


def _fires_for_all(feed: Feed, event: Event) -> bool:
    """Whether a push without a list fires for every arrival of an event at its source of which the cell needs it."""
    path = feed.path
    if path.events is not None or path.only or path.except_ or feed.handoff.pulled:
        return False
    mine = {
        (each.start.among, each.start.word) for each in feed.case.journeys if each.event is event and _is_brought(each)
    }
    starts = feed.case.survey.arrivals.heard_at(event, path.source)
    landings = [landing for start, landing in starts if (start.among, start.word) not in mine]
    return bool(landings) and all(landing.heard and fires_for_step(path, landing) for landing in landings)


def _is_brought(journey: Journey) -> bool:
    """Whether an event's amount surely comes to the cell from one start."""
    return any(not arrival.doubts for arrival in journey.arrivals)


def _perhaps_sent(case: Case, feeds: list[Feed]) -> tuple[Ask, ...]:
    """The facts on which it hangs whether what sets no path off is sent all the same: a full run carries everything."""
    runs = [feed.path.id for feed in feeds if feed.handoff.pulled and feed.path.covers is None]
    asks = tuple(Ask("path", name, "schedule.covers") for name in runs)
    return asks if case.survey.topology.complete else (*asks, Ask("cell", str(case.cell), "write_paths"))


def _read_names(feeds: list[Feed]) -> str:
    names = sorted({str(cell) for feed in feeds for cell in feed.reads})
    return listed(names) or listed(sorted({feed.path.source for feed in feeds}))


def _moving(case: Case, feeds: list[Feed]) -> list[Event]:
    """The events that change anything that the feeds read (or, where the event states the number, the cell itself)."""
    quantities = {cell.quantity for feed in feeds for cell in feed.reads}
    if any(not feed.reads for feed in feeds):
        quantities.add(case.cell.quantity)
    brought = _brought_otherwise(case)
    return [event for event in case.survey.movers_of(sorted(quantities)) if event.id not in brought]


def _brought_otherwise(case: Case) -> set[str]:
    """The events whose amounts the cell gets for certain from every start, without any whole value."""
    sure: dict[str, bool] = {}
    for journey in case.journeys:
        sure[journey.event.id] = sure.get(journey.event.id, True) and _is_brought(journey)
    return {event for event, always in sure.items() if always}


def _sent(case: Case, feeds: list[Feed], event: Event) -> bool | None:
    """Whether some feed fires for every arrival of an event at their source."""
    source = feeds[0].path.source
    listed_by = [feed for feed in feeds if event.id in (feed.path.events or ())]
    reads = [cell for feed in feeds for cell in feed.reads if cell.quantity in event.effects]
    vague = event.id in case.survey.arrivals.incomplete
    for start, landing in case.survey.arrivals.heard_at(event, source):
        origin = start.origin.system if start.own or start.origin.system != source else start.alike[-1]
        if landing.heard and listed_by:
            continue
        known = _learns(case, reads, event, origin)
        if known is False and reads:
            continue  # the source never learns of it: that is told there
        if landing.maybe_heard and listed_by:
            vague = True
            continue
        if known is None and not landing.heard:
            vague = True
            continue
        return None if vague else False
    return None if vague else True


def _learns(case: Case, reads: list[Cell], event: Event, origin: str) -> bool | None:
    answers = [case.survey.reaches(event, origin, cell) for cell in reads]
    if True in answers:
        return True
    return None if None in answers else False


def _doubts(case: Case, feed: Feed, events: list[Event]) -> tuple[Ask, ...]:
    asks = [
        ask
        for event in events
        for _, landing in case.survey.arrivals.heard_at(event, feed.path.source)
        for _, doubts in landing.maybe_heard
        for ask in doubts
    ]
    return tuple(dict.fromkeys(asks)) or (Ask("path", feed.path.id, "events"),)
