"""HM205: an older value overwrites a newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.premises.firing import fires_on_every_change
from handoffmap.premises.graph import compares
from handoffmap.premises.lag import lag_of
from handoffmap.premises.ordering import one_stamp, order_of, perhaps_one_stamp
from handoffmap.premises.upstream import FAR
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.model import Cell
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.survey import Survey


@rule(
    "HM205",
    scope="feed",
    premise="TB2",
    mend="Compare versions at the target (`guard: version`), or read the value when the message is handled (`payload: "
    "notify_then_fetch`).",
)
def reordered_state(feed: Feed) -> Answer | None:  # noqa: C901 - one thing after another that clears it
    """Two values overtake each other on the way, and the older one is written last.

    Two receipts make 48 and then 53; 53 arrives first and 48 stays, until the next change. Whatever is
    planned or promised from that number in between is 5 short or 5 too many: forecasting and reordering
    errors, pick failures.

    Cleared by:
    - `guard: version`: a value that the source held earlier is refused (also `cas` and `state_machine`)
    - `guard: event_time` where the source applies its events in that order
    - `payload: notify_then_fetch`: the value is read when it is written
    - `order: per_key` or `total` with retries that block and no dead letter replayed behind them
    - a full recurring run that is the only writer: the next run writes the value again

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            order: none
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          inventory_adjusted: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            order: none
            guard: version

    References:
    - paypal/mirakl-hyperwallet-connector#35
    - Shopify/shopify-app-js#603
    """
    path, handoff = feed.path, feed.handoff
    slug, premise = "reordered-state", "TB2"
    if path.guard == "event_time":  # what is of an older event is refused, whatever it brings
        told = _by_event_time(feed)
        return told if told.holds is False else _runs_late(feed) or told
    if handoff.one_step or path.payload == "notify_then_fetch":
        late = _runs_late(feed) if not handoff.one_step else None
        return late or held(slug, premise, "the value is read when it is written", path)
    if compares(path):
        return held(slug, premise, "compare-and-set refuses a value that is out of date", path)
    if path.guard in {"version", "state_machine", "cas"}:
        late = _runs_late(feed) if path.guard != "cas" else None
        return late or held(slug, premise, f"guarded by {path.guard}", path)
    whole = handoff.sends_whole_values
    again = handoff.pulled and path.covers == "full" and whole is not False
    if again and whole and not feed.case.others_than(path, corrections=False):
        return held(slug, premise, "the next full run writes the value again, and nothing else does", path)
    asks, because = order_of(path)
    if (
        asks is None
        and path.trigger is None
        and handoff.flow != "number"  # what an event states is sent as it comes
        and path.covers in {"full", None}
        and not feed.case.others_than(path, corrections=False)
    ):
        asks, because = (Ask("path", path.id, "trigger"),), "nobody has said whether it runs again and again"
    late = _runs_late(feed)
    anyway = late is not None and late.holds is False and again and whole  # and nothing lasts longer than that
    if late is not None and (asks == () or (asks and anyway)):
        return late
    if again and path.only_if_changed is None and asks != ():
        asks = (Ask("path", path.id, "only_if_changed"), *(asks or ()))
    if asks == ():
        return held(slug, premise, because, path)
    if handoff.pulled and path.covers is None:
        asks = (Ask("path", path.id, "schedule.covers"), *(asks or ()))
    if path.op is None:  # compare-and-set would refuse it
        asks = (*(asks or ()), Ask("path", path.id, "op"))
    return Claim(
        slug,
        premise,
        None if asks else False,
        because,
        path,
        f"an older value sent by {path.id} {'may' if asks else 'can'} overwrite a newer one in {feed.case.cell}",
        keys=("guard",) if path.guard is not None else ("order",),
        asks=asks or (),
        healed_by_next_run=again and bool(whole),
    )


def _by_event_time(feed: Feed) -> Answer:
    slug, premise, path = "reordered-state", "TB2", feed.path
    late = _runs_late(feed) if path.payload == "notify_then_fetch" else None
    if late is not None:
        return late
    if compares(path) and _comes_from_here(feed):
        return held(slug, premise, "compare-and-set waits for what happened here, and nothing else is late", path)
    orders = [in_event_order(cell, feed.case.survey) for cell in feed.reads]
    if all(orders):
        return held(slug, premise, "guarded by event time, and its source applies events in their order", path)
    vague = False not in orders
    return Claim(
        slug,
        premise,
        None if vague else False,
        "event times do not grow in the order in which the source applied the changes",
        path,
        f"{path.id} refuses by event time, but {path.source} does not apply events in that order",
        keys=("guard",),
        asks=(Ask("path", path.id, "order"),) if vague else (),
    )


def _comes_from_here(feed: Feed) -> bool:
    """Whether all that is brought to what a feed reads happened at the cell that it writes, which knows it first."""
    survey, here = feed.case.survey, feed.case
    own = {event.id for event, _ in here.own}
    return all(
        journey.event.id in own and set(journey.start.alike) == {here.cell.system}
        for read in map(survey.case, feed.reads)
        for journey in read.journeys
        if any(arrival.path is not None for arrival in journey.arrivals)
    ) and not any(survey.case(read).written_by for read in feed.reads)


def in_event_order(cell: Cell, survey: Survey, seen: frozenset[Cell] = frozenset()) -> bool | None:
    """Whether a cell applies changes in the order in which they happened."""
    case = survey.case(cell)
    if case.is_derived:
        orders = [in_event_order(base, survey, seen | {cell}) for base in case.bases]
        return False if False in orders else None if None in orders else True
    if case.corrections or case.unclear:
        return False
    waiting = case.is_brought_all and all(compares(feed.path) for feed in case.feeds)
    if case.feeds and not waiting:  # of what compares first nothing is new where all comes without it
        return _values_in_order(case, seen | {cell})
    if not case.deltas:
        return True
    if case.own or len(case.deltas) > 1:
        return False
    (path,) = case.deltas.values()
    if survey.handoff(path).one_step:
        return True
    asks, _ = order_of(path)
    origins = {name for journey in case.journeys for name in journey.start.alike}
    if asks is None or origins != {path.source}:
        return False
    return True if asks == () else None


def _values_in_order(case: Case, seen: frozenset[Cell]) -> bool | None:
    """Whether a cell that is written by values alone has them from one origin, each with the time at which it came up.

    An older one may come back to it: then its older time does, too.
    """
    if not case.changed_by <= {"values"} or len(_origins_of(case)) != 1:
        return False
    reads = dict.fromkeys(read for feed in case.feeds for read in feed.reads or (case.cell,))
    orders = [in_event_order(read, case.survey, seen) for read in reads if read not in seen]
    return False if False in orders else None if None in orders else True


def _origins_of(case: Case) -> set[Cell]:
    """The cells from which all values of this one come in the end."""
    todo, seen, origins = [case.cell], {case.cell}, set()
    while todo and len(seen) <= FAR:
        here = todo.pop()
        read = [each for feed in case.survey.case(here).feeds for each in feed.reads]
        if not read:
            origins.add(here)
        new = [each for each in read if each not in seen]
        seen.update(new)
        todo.extend(new)
    return origins


def _runs_late(feed: Feed) -> Claim | None:
    """A run that waits while another path writes whole values: it puts an older one back until it runs again."""
    path = feed.path
    if not feed.handoff.pulled:
        return None
    if path.payload == "notify_then_fetch" and all(lag_of(feed.case.survey.case(cell)) == 0 for cell in feed.reads):
        return None  # nothing is ever newer than what it reads then
    others = [
        other.path
        for other in feed.case.feeds
        if other.path is not path and not other.handoff.pulled and not one_stamp(path, other.path)
        if not other.says_again
        if path.payload != "notify_then_fetch" or other.reads != feed.reads  # what is read then is as new as theirs
        if not feed.case.survey.is_echo(other)  # what went out from here is told back: a loop
    ]
    if not others:
        return None
    unsaid = all(other.trigger is None for other in others) or all(perhaps_one_stamp(path, other) for other in others)
    unsaid = unsaid or path.op is None
    return Claim(
        "reordered-state",
        "TB2",
        None if unsaid else False,
        "it keeps its own order, and another path writes whole values beside it",
        path,
        f"an older value sent by {path.id} {'may' if unsaid else 'can'} overwrite a newer one in {feed.case.cell}",
        drift="transient" if fires_on_every_change(feed) else "permanent",
        keys=("guard",) if path.guard is not None else ("order",),
        asks=tuple(
            Ask("path", each.id, fact)
            for each in (path, *others)
            for fact in ("guard", "trigger", "op")
            if getattr(each, fact) is None
        )
        if unsaid
        else (),
    )
