"""Which events a cell does not get, gets too often, or gets only if somebody says so: cases -> **reach** -> rules.

One cause, one claim: what the file declares (a dropped field, a disabled path, a filter) speaks before what is merely
absent, and the narrower name of an absence before the broader one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.finding import Subject
from handoffmap.model import Cell
from handoffmap.premises.arrivals import BEYOND, certain, fires_for_step, passes
from handoffmap.premises.cells import Journey
from handoffmap.premises.circles import closed_circles
from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.premises.graph import flow_of, is_pulled, is_pushed, keeps_own_count
from handoffmap.premises.phrases import direction_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Event, WritePath
    from handoffmap.premises.arrivals import Arrival
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.graph import Write
    from handoffmap.vocabulary import Seconds

__all__ = ["reach_of"]

BY_EVENT = {
    "shipment_confirmed": "shipment-gap",
    "shipment_voided": "shipment-gap",
    "cycle_counted": "count-gap",
    "inventory_adjusted": "count-gap",
    "transfer_shipped": "transfer-limbo",
    "transfer_received": "transfer-limbo",
}
RESERVATIONS = frozenset({"allocated", "soft_reserved"})
"""Quantities that one event sets aside and a later one has to free again."""
PEOPLE = frozenset({"human", "spreadsheet", "admin_ui"})


def reach_of(case: Case) -> tuple[Answer, ...]:
    """The claims about which events reach a cell and how often; a held claim for each event that comes exactly once."""
    found = case.survey.reach.get(case.cell)
    if found is None:
        case.survey.reach[case.cell] = ()  # what asks in a circle finds nothing told yet
        found = case.survey.reach[case.cell] = (*_examine(case), *_in_no_circle(case))
    return found


def _examine(case: Case) -> Iterator[Answer]:
    if case.is_derived or case.expects_nothing:
        return
    fed = any(feed.handoff.flow == "state" for feed in case.feeds)
    incomplete = case.survey.arrivals.incomplete
    for journey in case.journeys:
        if journey.event.id in incomplete:
            yield _uncertain(case, journey, (BEYOND,))
            continue
        if case.cell.quantity in journey.landing.torn:
            yield _torn(case, journey)
            continue
        if len(journey.arrivals) > 1:
            counting = _in_own_count(journey)
            if counting is None:
                yield from _repeated(case, journey)
            else:
                yield held("unsynchronized", "TA1", "it comes within a count of its own", counting, (journey.event.id,))
        elif sure := certain(journey.arrivals):
            path = sure[0].path
            yield held(
                "unsynchronized",
                "TA1",
                "applied where it happens" if path is None else "brought exactly once",
                path,
                (journey.event.id,),
            )
        elif journey.arrivals:
            yield _uncertain(case, journey, tuple(ask for arrival in journey.arrivals for ask in arrival.doubts))
        elif not fed:
            yield from _not_stated(case, journey)


def _not_stated(case: Case, journey: Journey) -> Iterator[Answer]:
    """An event of which no amount comes to the cell: it is missing from every origin that states no number either."""
    stated = _stated(case, journey)
    if not stated:  # most often: there may be thousands of origins, and none is gone through
        yield from _missing(case, journey)
        return
    rest = tuple(name for name in journey.start.alike if name not in stated)
    if rest:
        start = journey.start._replace(alike=rest, among=frozenset(rest))
        yield from _missing(case, journey._replace(start=start))
    else:
        path = stated[journey.start.alike[0]]
        yield held("unsynchronized", "TA1", "the event brings the number itself", path, (journey.event.id,))


def _in_no_circle(case: Case) -> Iterator[Answer]:
    """What comes to none of the cells that hand their values round with this one, and nobody else's: told here."""
    survey = case.survey
    if case.is_derived or case.expects_nothing or case.cell not in closed_circles(survey):
        return
    for event in case.graph.movers.get(case.cell.quantity, ()):
        for start, landing, everywhere in survey.arrivals.starts_for(event, case.cell):
            others = (name for name in start.alike if name != case.cell.system)
            origin = case.cell.system if start.own else next(others)
            if survey.reaches(event, origin, case.cell) is False:
                yield from _missing(case, Journey(event, start, landing, (), everywhere))


def _torn(case: Case, journey: Journey) -> Claim:
    """Two paths share a ledger and only one of them carries the quantity: if it comes second, it is refused."""
    first, second, asks = journey.landing.torn[case.cell.quantity]
    names = listed(sorted({first.id, second.id}))
    if asks == ():
        unmapped = tuple(Ask("path", each.id, "maps") for each in (first, second) if each.maps is None)
        asks = unmapped or (Ask("path", second.id, "dedupe.retention"),)
    return Claim(
        "dedupe-key-too-coarse",
        "TA4",
        BROKEN if asks is None else None,
        f"{names} share a ledger and do not carry the same quantities"
        if first is not second
        else f"{names} brings it twice, in any order, and not the same amounts",
        min(first, second, key=lambda path: path.id),
        f"of {names} the one that comes second is refused, and {journey.event.id} may never reach {case.cell}",
        keys=("dedupe", "ledger"),
        asks=asks or (),
        events=(journey.event.id,),
    )


def _stated(case: Case, journey: Journey) -> dict[str, WritePath]:
    """The origins of an event for which a path brings the number that it states itself."""
    found: dict[str, WritePath] = {}
    start = journey.start
    for feed in case.feeds:
        path = feed.path
        if not _sets_off_number(feed, journey) or not passes(path, start.word):
            continue
        landing = journey.everywhere.get(path.source)
        if landing is not None and landing.heard and fires_for_step(path, landing):
            for name in (path.source,) if path.source in start.among else start.alike:
                found.setdefault(name, path)
    return found


def _sets_off_number(feed: Feed, journey: Journey) -> bool:
    """Whether an event sets off a path that states a number: one it lists, any for a run, or a change at its start."""
    path = feed.path
    if path.events is not None:
        return journey.event.id in path.events
    source = Cell(path.source, feed.write.left)
    changed = feed.handoff.pulled or source in feed.case.graph.cells
    return feed.write.left in journey.event.effects and changed


def _uncertain(case: Case, journey: Journey, asks: tuple[Ask, ...]) -> Claim:
    """It hangs on unstated facts whether the event arrives."""
    event = journey.event
    path = next((arrival.path for arrival in journey.arrivals if arrival.path is not None), None)
    if BEYOND in asks:
        return Claim(
            "unsynchronized",
            "TA1",
            None,
            "the map is too dense to follow every way to the end",
            None,
            f"whether {event.id} reaches {case.cell} exactly once was not worked out",
            events=(event.id,),
            asks=(BEYOND,),
        )
    return Claim(
        "unsynchronized",
        "TA1",
        None,
        "nobody has said what would decide whether it arrives",
        path,
        f"{event.id} may not reach {case.cell}",
        asks=_once(asks),
        events=(event.id,),
        direction=direction_of([event], case.cell.quantity, twice=False),
    )


def _missing(case: Case, journey: Journey) -> Iterator[Claim]:
    """Nothing brings the event's amount to the cell."""
    event, cell = journey.event, case.cell
    undecided = tuple(
        Ask("path", path.id, "maps" if path.maps is None else "payload")
        for path in case.unclear
        if path.events is None or event.id in path.events
    )
    undecided += tuple(
        Ask("path", write.path.id, "payload")
        for write in case.graph.writers_of(cell)
        if flow_of(write.path) is None and _may_know(case, journey, write)
    )
    direction = direction_of([event], cell.quantity, twice=False)
    if undecided:
        yield Claim(
            "unsynchronized",
            "TA1",
            None,
            "nobody has said where the quantities of a path land",
            None,
            f"{event.id} may not reach {cell}",
            asks=_once(undecided),
            events=(event.id,),
            direction=direction,
        )
        return
    declared = (
        _refused(case, journey) or _dropped(case, journey) or _switched_off(case, journey) or _filtered(case, journey)
    )
    if declared is not None:
        yield declared._replace(direction=direction)
        yield from _likewise(case, journey, declared._replace(direction=direction))
        return
    above = _lacking_above(case, journey)
    if above is not None:
        yield above
        return
    yield _absent(case, journey)._replace(direction=direction)


def _likewise(case: Case, journey: Journey, declared: Claim) -> Iterator[Claim]:
    """The same of the paths of all origins that are connected alike, of which only one was walked."""
    path = declared.path
    if path is None or path.target != case.cell.system or path.source not in journey.start.among:
        return
    for other in case.graph.paths_into(path.target):
        if other is path or other.source not in journey.start.among or other.maps != path.maps:
            continue
        if other.events is not None and journey.event.id in other.events:
            yield declared._replace(path=other, message=declared.message.replace(path.id, other.id))


def _lacking_above(case: Case, journey: Journey) -> Claim | None:
    """A path would bring it on, and its source does not get it: that is told there."""
    for write in case.graph.writers_of(case.cell):
        path, source = write.path, Cell(write.path.source, write.left)
        if path.events is None or journey.event.id not in path.events or flow_of(path) != "delta":
            continue
        landing = journey.everywhere.get(path.source)
        if source not in case.graph.cells or (landing is not None and landing.heard):
            continue
        there = reach_of(case.survey.case(source))
        if any(claim.holds is False and journey.event.id in claim.events for claim in there):
            return Claim(
                "unsynchronized",
                "TA1",
                BROKEN,
                f"{source} does not get it either",
                path,
                upstream=(source,),
                events=(journey.event.id,),
            )
    return None


def _absent(case: Case, journey: Journey) -> Claim:
    """No path in the map would bring it: the claim under the narrowest name of that absence."""
    event, cell = journey.event, case.cell
    slug = _name_of_absence(case, journey)
    ends_by_itself, unsaid = _expiry(case) if slug == "reservation-leak" else (None, ())
    origin = journey.start.origin.system
    open_world = not case.survey.topology.complete
    others = len(journey.start.alike) - 1
    where = listed(journey.start.alike, 2) if others and not journey.start.own else origin
    claim = Claim(
        slug,
        "TA1",
        None if open_world else False,
        "the map is an excerpt: the path may be there" if open_world else "no path and no run brings it",
        None,
        f"{event.id} (at {where}) {'may not reach' if open_world else 'never reaches'} {cell}",
        asks=(Ask("cell", str(cell), "write_paths"),) if open_world else (),
        extra_asks=unsaid,
        events=(event.id,),
        drift="permanent" if ends_by_itself is None else "transient",
        lasts=ends_by_itself,
    )
    if slug == "ungated-write":
        mirror = Cell(origin, cell.quantity)
        return claim._replace(
            cell=mirror,
            message=f"{event.id} changes {mirror}, a mirror, and never reaches the authority {cell}",
        )
    return claim


def _may_know(case: Case, journey: Journey, write: Write) -> bool:
    """Whether a path of which nobody knows what it carries could bring the event within a whole value."""
    path = write.path
    if path.events is not None and journey.event.id not in path.events:
        return False
    source = Cell(path.source, write.left)
    if source not in case.graph.cells:
        return False
    return case.survey.reaches(journey.event, journey.start.origin.system, source) is not False


def _name_of_absence(case: Case, journey: Journey) -> str:
    event = journey.event
    if event.undoes is not None and _arrives(case, event.undoes):
        return "missing-compensation"
    origin = case.graph.systems[journey.start.origin.system]
    elsewhere = case.holding.role == "authoritative" and journey.start.origin.system != case.cell.system
    if elsewhere and PEOPLE & set(origin.kinds):
        return "manual-override"
    ends = _ends_a_reservation(case, event)
    narrow = BY_EVENT.get(event.id)
    if narrow is not None:
        return "reservation-leak" if ends and any(path.op == "reserve" for path in _reserving(case)) else narrow
    if elsewhere:
        mirror = origin.holds.get(case.cell.quantity)
        applies = journey.start.origin.applies
        booked = applies is None or case.cell.quantity in applies
        if mirror is not None and mirror.role == "mirror" and booked:
            return "ungated-write"
    if ends:
        return "reservation-leak"
    return "derived-not-recomputed" if _bases_get_it(case, journey) else "unsynchronized"


def _bases_get_it(case: Case, journey: Journey) -> bool:
    """Whether the cell keeps the result of a formula, and what that is computed from does get the event."""
    moved = [
        cell
        for term in case.stored_formula
        if term.quantity in journey.event.effects
        and (cell := Cell(term.system or case.cell.system, term.quantity)) in case.graph.cells
    ]
    origin = journey.start.origin.system
    return bool(moved) and all(case.survey.reaches(journey.event, origin, cell) for cell in moved)


def _ends_a_reservation(case: Case, event: Event) -> bool:
    """Whether an event frees what another event, which does get into the cell, has set aside there."""
    effect = event.effects.get(case.cell.quantity)
    if case.cell.quantity not in RESERVATIONS or effect is None or (effect.kind, effect.amount) != ("fixed", -1):
        return False
    return any(_sets_aside(case, journey) for journey in case.journeys)


def _sets_aside(case: Case, journey: Journey) -> bool:
    """Whether an event starts reservations of the cell, for certain."""
    effect = journey.event.effects[case.cell.quantity]
    starts = effect.kind == "fixed" and effect.amount > 0 and journey.event.id not in BY_EVENT
    return starts and bool(certain(journey.arrivals))


def _reserving(case: Case) -> list[WritePath]:
    """The paths that bring what is set aside."""
    found = {
        arrival.path.id: arrival.path
        for journey in case.journeys
        if _sets_aside(case, journey)
        for arrival in certain(journey.arrivals)
        if arrival.path is not None
    }
    return [found[name] for name in sorted(found)]


def _expiry(case: Case) -> tuple[Seconds | None, tuple[Ask, ...]]:
    """Seconds after which every reservation of the cell ends by itself (None: some never does), and what is unsaid.

    A reservation stands until something ends it: that it expires has to be stated.
    """
    paths = _reserving(case)
    happens_here = any(
        arrival.path is None
        for journey in case.journeys
        if _sets_aside(case, journey)
        for arrival in certain(journey.arrivals)
    )
    unsaid = tuple(
        Ask("path", path.id, "expires_after") for path in paths if path.op == "reserve" and path.expires_after is None
    )
    spans = [path.expires_after for path in paths]
    known = [span for span in spans if span is not None and span != "never"]
    if happens_here or len(known) < len(spans):
        return None, unsaid
    return max(known), ()


def _arrives(case: Case, event: str) -> bool:
    """Whether an event gets into the cell from at least one start."""
    return any(journey.event.id == event and certain(journey.arrivals) for journey in case.journeys)


def _dropped(case: Case, journey: Journey) -> Claim | None:
    """The event comes to the system, and the amount is left behind at a seam on the way."""
    event, cell = journey.event, case.cell
    for path in journey.landing.heard:
        if path is None or path.maps is None:
            continue
        into = [left for left, to in path.maps.items() if to is not None and to.to == cell.quantity]
        if any(left in event.effects for left in into):
            left = next(left for left in into if left in event.effects)
            return _lost_upstream(case, journey, path, left)
        field = _dropped_field(path, event, cell.quantity)
        said = f"{field} is mapped to nothing" if field in path.maps else f"its maps say nothing of {cell.quantity}"
        return Claim(
            "unmapped-field",
            "TA1",
            BROKEN,
            said,
            path,
            f"{path.id} brings {event.id} to {cell.system} and does not write {cell.quantity}",
            keys=("maps", field) if field in path.maps else ("maps",),
            events=(event.id,),
            field=field,
        )
    return None


def _dropped_field(path: WritePath, event: Event, quantity: str) -> str:
    """The source field that should have become the quantity: itself unless it is kept and another one is dropped."""
    maps = path.maps or {}
    dropped = [left for left, to in maps.items() if to is not None and to.to is None and left in event.effects]
    if quantity in dropped:
        return quantity
    alike = [left for left in dropped if event.effects[left] == event.effects.get(quantity)]
    return alike[0] if alike else quantity


def _lost_upstream(case: Case, journey: Journey, path: WritePath, left: str) -> Claim:
    """The path maps the quantity, but its source was not brought it: the seam is further up."""
    source = Cell(path.source, left)
    if source in case.graph.cells:
        return Claim(
            "unmapped-field",
            "TA1",
            BROKEN,
            f"{source} does not get it either",
            path,
            upstream=(source,),
            events=(journey.event.id,),
        )
    landing = journey.everywhere.get(path.source)
    for above in landing.heard if landing is not None else ():
        if above is not None and above.maps is not None:
            return Claim(
                "unmapped-field",
                "TA1",
                BROKEN,
                f"{left} is left behind on the way to {path.source}",
                above,
                f"{above.id} brings {journey.event.id} on towards {case.cell} without {left}",
                keys=("maps",),
                events=(journey.event.id,),
                field=left,
            )
    return Claim("unmapped-field", "TA1", BROKEN, "it is lost further up", path, upstream=(source,))


def _refused(case: Case, journey: Journey) -> Claim | None:
    """A path would bring it, and the target (or a relay on the way) refuses what it sends for want of a field."""
    event, cell = journey.event, case.cell
    for path, field in case.survey.refused:
        relay = not case.graph.systems[path.target].holds
        if not relay and path.target != cell.system:
            continue
        if path.events is not None and event.id not in path.events:
            continue
        if not relay and not _would_write(path, event, cell.quantity):
            continue
        if _is_heard(case, journey, path, list(path.maps or (cell.quantity,))):
            return Claim(
                "unmapped-field",
                "TA3",
                BROKEN,
                f"{path.target} refuses a write without {field}",
                path,
                f"{path.id} drops {field}, without which {path.target} does not apply the write",
                keys=("fields", field),
                events=(event.id,),
                field=field,
            )
    return None


def _is_heard(case: Case, journey: Journey, path: WritePath, lefts: list[str]) -> bool:
    """Whether an event comes to a path's source, by itself or, for whole values, in one of the numbers it reads."""
    if flow_of(path) == "kept":
        return False  # it knows of no event
    landing = journey.everywhere.get(path.source)
    if landing is not None and landing.heard:
        return True
    if flow_of(path) == "delta":
        return False
    sources = [Cell(path.source, left) for left in lefts]
    origin = journey.start.origin.system
    return any(case.survey.reaches(journey.event, origin, one) for one in sources if one in case.graph.cells)


def _would_write(path: WritePath, event: Event, quantity: str) -> bool:
    """Whether a path maps something into a quantity, and for amounts something that the event moves."""
    lefts = [left for left, to in (path.maps or {}).items() if to is not None and to.to == quantity]
    if path.maps is None or flow_of(path) != "delta":
        return path.maps is None or bool(lefts)
    return any(left in event.effects for left in lefts)


def _switched_off(case: Case, journey: Journey) -> Claim | None:
    """A path that would bring it stands in the map and is switched off."""
    event, cell = journey.event, case.cell
    for path in case.survey.disabled_into(cell.system):
        if path.maps is not None and not any(to and to.to == cell.quantity for to in path.maps.values()):
            continue
        if path.events is not None and event.id not in path.events:
            continue
        lefts = [left for left, to in (path.maps or {}).items() if to is not None and to.to == cell.quantity]
        if _is_heard(case, journey, path, lefts or [cell.quantity]):
            return Claim(
                "disabled-path",
                "TA3",
                BROKEN,
                "the only path that would bring it is switched off",
                path,
                f"{path.id} is disabled, and nothing else brings {event.id} to {cell}",
                keys=("enabled",),
                events=(event.id,),
            )
    return None


def _filtered(case: Case, journey: Journey) -> Claim | None:
    """A path would bring it, if a filter did not stop these instances."""
    event, cell = journey.event, case.cell
    for write in case.graph.writers_of(cell):
        path = write.path
        if path.events is None or event.id not in path.events or flow_of(path) != "delta":
            continue
        landing = journey.everywhere.get(path.source)
        if landing is None or not landing.heard:
            continue
        stopped = not passes(path, journey.start.word)
        key = "only" if path.only else "except" if path.except_ else "items"
        if not stopped and not fires_for_step(path, landing):
            stopped, key = True, "fires_for"
        if not stopped:
            continue
        word = journey.start.word or "any other"
        slug = "missing-compensation" if event.undoes is not None and key != "fires_for" else "trigger-gap"
        said = f"{key} stops {word} instances" if key != "fires_for" else "fires_for stops what comes from elsewhere"
        return Claim(
            slug,
            "TA1",
            BROKEN,
            said,
            path,
            f"{path.id} does not carry every {event.id} to {cell}: {said}",
            keys=(key,),
            events=(event.id,),
        )
    return None


def _in_own_count(journey: Journey) -> WritePath | None:
    """The path that brings what happened here back within a number of its own, in which it counts once."""
    own, *others = journey.arrivals
    if own.path is not None or len(others) != 1 or others[0].doubts:
        return None
    path = others[0].path
    return path if path is not None and keeps_own_count(path) else None


def _repeated(case: Case, journey: Journey) -> Iterator[Claim]:
    """More than one amount of one event may be added."""
    event, cell = journey.event, case.cell
    sure = certain(journey.arrivals)
    asks = _once(tuple(ask for arrival in journey.arrivals for ask in arrival.doubts))
    counted = sure if len(sure) > 1 else list(journey.arrivals)
    holds = False if len(sure) > 1 else None
    direction = direction_of([event], cell.quantity, twice=True)
    asks = () if holds is False else asks
    paths = {arrival.path.id: arrival.path for arrival in counted if arrival.path is not None}
    names = listed(sorted(paths))
    echoes = [arrival for arrival in counted if arrival.echo]
    if echoes and (len(paths) == 1 or any(arrival.path is None for arrival in counted)):
        path = echoes[0].path
        rounds = _rounds(journey)
        endless = any(not arrival.doubts and not arrival.endless for arrival in rounds)
        yield Claim(
            "echo-loop",
            "TA1",
            holds,
            f"what {cell.system} wrote comes back by {names}",
            path,
            f"{event.id} comes back to {cell} by {names} and is counted again",
            direction=direction,
            drift="divergent" if endless else "permanent",
            events=(event.id,),
            asks=asks,
            keys=("origin_tag",),
        )
        if rounds and not endless:
            unsaid = _once(tuple(ask for each in rounds for ask in (*each.doubts, *(each.endless or ()))))
            yield Claim(
                "echo-loop",
                "TA1",
                None,
                "nobody has said what would end it",
                path,
                "",
                drift="divergent",
                events=(event.id,),
                asks=unsaid,
            )
        return
    if len(paths) == 1 and not any(arrival.path is None for arrival in counted):
        (path,) = paths.values()
        yield from _repeated_above(case, journey, path, holds=holds, asks=asks)
        return
    slug = "double-compensation" if event.undoes is not None else "duplicate-route"
    replay = _replaying(list(paths.values())) if len(paths) == len(counted) else None
    if replay is not None:
        yield _replayed(case, event, *replay, holds=holds, asks=asks)._replace(direction=direction)
        return
    here = "where it happens and by " if any(arrival.path is None for arrival in counted) else "by "
    yield Claim(
        slug,
        "TA1",
        holds,
        "nothing recognises the second as the first",
        paths[min(paths)],
        f"{event.id} {'may be' if holds is None else 'is'} applied to {cell} "
        f"{'twice' if len(counted) == 2 else 'more than once'}, {here}{names}",
        direction=direction,
        events=(event.id,),
        asks=asks,
        group=" ".join(sorted(paths)),
        keys=("dedupe",),
    )


def _replaying(paths: list[WritePath]) -> tuple[WritePath, WritePath] | None:
    """(the path that brings an event again, the live one) where all but one path of one source repeat that one.

    A path by hand, by file, by the clock or by a poll beside one that fires at once.
    """
    live = [path for path in paths if is_pushed(path) and path.trigger != "manual"]
    again = [path for path in paths if is_pulled(path) or path.trigger == "manual"]
    if len(live) != 1 or len(live) + len(again) != len(paths):
        return None
    if any((path.source, path.target) != (live[0].source, live[0].target) for path in again):
        return None
    return min(again, key=lambda path: path.id), live[0]


def _replayed(
    case: Case, event: Event, again: WritePath, live: WritePath, *, holds: bool | None, asks: tuple[Ask, ...]
) -> Claim:
    """One path brings once more what another has brought, under keys of its own."""
    return Claim(
        "replay-double-count",
        "TA1",
        holds,
        f"nothing recognises what {again.id} brings as what {live.id} has brought",
        again,
        f"{again.id} {'may bring' if holds is None else 'brings'} events to {case.cell.system} "
        f"that {live.id} has brought, and they count twice",
        events=(event.id,),
        asks=asks,
        related=((Subject(write_path=live.id), "brings them first"),),
        keys=("dedupe",),
    )


def _rounds(journey: Journey) -> list[Arrival]:
    """The arrivals of a walk that takes a path for the second time."""
    return [
        arrival
        for landing in journey.everywhere.values()
        for found in landing.amounts.values()
        for arrival in found
        if arrival.endless is not None
    ]


def _repeated_above(
    case: Case, journey: Journey, path: WritePath, *, holds: bool | None, asks: tuple[Ask, ...]
) -> Iterator[Claim]:
    """The same path brings it twice because its source hears of it twice."""
    event = journey.event
    source = Cell(path.source, case.cell.quantity)
    lefts = [left for left, to in (path.maps or {}).items() if to is not None and to.to == case.cell.quantity]
    source = Cell(path.source, lefts[0]) if lefts else source
    if source in case.graph.cells:
        yield Claim(
            "duplicate-route",
            "TA1",
            holds,
            f"{source} counts it more than once too",
            path,
            upstream=(source,),
            events=(event.id,),
            asks=asks,
        )
        return
    landing = journey.everywhere.get(path.source)
    above = sorted({found.id for found in landing.heard if found is not None}) if landing is not None else []
    yield Claim(
        "duplicate-route" if event.undoes is None else "double-compensation",
        "TA1",
        holds,
        f"{path.source} hears of it by {listed(above)}",
        path,
        f"{event.id} reaches {case.cell} more than once: {path.source} hears of it by {listed(above)}",
        direction=direction_of([event], case.cell.quantity, twice=True),
        events=(event.id,),
        asks=asks,
        group=" ".join(above),
        keys=("dedupe",),
    )


def _once(asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    return tuple(dict.fromkeys(asks))
