"""Events of one order that overtake each other where their order matters: cases -> **lifecycle** -> rules, streams.

What a target does not apply because it came too early does not go on from there either, be it kept there or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from handoffmap.premises.claim import HOLDS, Ask, Claim
from handoffmap.premises.hearing import hears_before
from handoffmap.premises.ledger import ledger_of
from handoffmap.vocabulary import ENDS_AN_ORDER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from handoffmap.model import Cell, WritePath
    from handoffmap.premises.survey import Survey

__all__ = ["overtaking"]

Bringing: TypeAlias = "Mapping[str, tuple[WritePath, Collection[str]]]"
"""Path id -> the path, and the events whose amounts it brings."""


def overtaking(survey: Survey, cell: Cell, bringing: Bringing) -> Iterator[Claim]:
    """What is said of each pair of events that paths bring to a cell, or to a relay in the name of its quantity."""
    for later, earlier in _pairs(survey, cell.quantity, bringing):
        claim = _judge(survey, cell, bringing, later, earlier)
        if claim is not None:
            yield claim


def _pairs(survey: Survey, quantity: str, bringing: Bringing) -> list[tuple[str, str]]:
    """(event that ends or takes back, event it follows) for the events that paths bring."""
    events = survey.topology.events
    brought = {name for _, names in bringing.values() for name in names}
    pairs = []
    for name in sorted(brought):
        event = events[name]
        if event.undoes is not None and event.undoes in brought:
            pairs.append((name, event.undoes))
        elif name in ENDS_AN_ORDER and "order_captured" in brought and quantity == "allocated":
            pairs.append((name, "order_captured"))
    return pairs


def _judge(survey: Survey, cell: Cell, bringing: Bringing, later: str, earlier: str) -> Claim | None:
    ending = _bringing_anew(survey, cell, bringing, later)
    starting = _bringing_anew(survey, cell, bringing, earlier)
    if not starting or not ending:  # it comes round again only: it was here before the other could come
        return None
    made_good = _made_good(survey, ending, later)
    minding = [path for path in ending if path.id not in made_good]
    sensitive, unsaid = _order_matters(starting, minding)
    if survey.topology.events[later].undoes == earlier and _remembered_in_vain(survey, starting, ending):
        sensitive = True
    if not sensitive and not unsaid:
        return None
    if not any(_may_be_early(survey, path, starting, (later, earlier)) for path in ending):
        because = f"{later} comes behind {earlier}, or is added in any case"
        return Claim("reordered-lifecycle", "TA7", HOLDS, because, starting[0])
    both = ((later, ending), (earlier, starting))
    if all(any(_adds_each(survey, path, name) for path in found) for name, found in both):
        return Claim("reordered-lifecycle", "TA7", HOLDS, "each comes by a way that adds it in any case", starting[0])
    needed = _remembering(survey, starting, ending, undo=survey.topology.events[later].undoes == earlier)
    if all(path.guard == "state_machine" for path in needed):
        return Claim("reordered-lifecycle", "TA7", HOLDS, "what comes too early is remembered", starting[0])
    asks: tuple[Ask, ...] = tuple(Ask("path", path.id, "dedupe") for path in unsaid)
    if len(starting) == len(ending) == 1 and starting[0] is ending[0]:
        order = hears_before(starting[0], survey.graph, earlier, later)
        if order == ():
            return Claim("reordered-lifecycle", "TA7", HOLDS, "both come by one path, in order", starting[0])
        asks = (*asks, *(order or ()))
    if all(path.guard in {None, "state_machine"} for path in needed):
        asks = (*asks, *(Ask("path", path.id, "guard") for path in needed if path.guard is None))
    path = ending[0]
    return Claim(
        "reordered-lifecycle",
        "TA7",
        None if asks else False,
        "nobody has said whether their order is kept"
        if asks
        else "their order is not kept and a late start is not refused",
        path,
        f"{later} {'may' if asks else 'can'} overtake {earlier} on the way to {cell}, and the late one stays",
        asks=tuple(dict.fromkeys(asks)),
        events=(earlier, later),
        group=f"{earlier} {later}",
        keys=("op",),
    )


def _made_good(survey: Survey, ending: list[WritePath], event: str) -> set[str]:
    """The paths beside which another one of the same ledger, which adds whatever it is told, always brings the event.

    What is passed over for want of its order leaves no key, so that the other's amount is not taken for a second one.
    """
    minding: dict[tuple[str, str], set[str]] = {}
    adding: dict[tuple[str, str], set[str]] = {}
    for path in ending:
        if path.guard == "none":
            among = minding if path.op in {"reserve", "release"} else adding
            among.setdefault(ledger_of(path), set()).add(path.id)
    shared = minding.keys() & adding.keys()
    if not shared:
        return set()
    found = {ledger: set(minding[ledger]) for ledger in shared}
    for _, landing in survey.arrivals.heard_at(survey.topology.events[event], ending[0].target):
        refused = (other for others in landing.swallowed.values() for other in others)
        came = {each.id for each in (*landing.heard, *(last for last, _ in landing.maybe_heard), *refused) if each}
        for ledger in shared:
            if adding[ledger].isdisjoint(came):
                found[ledger] -= came
    return {name for names in found.values() for name in names}


def _bringing_anew(survey: Survey, cell: Cell, bringing: Bringing, event: str) -> list[WritePath]:
    """The paths that bring an event to a cell, by id, without those by which it comes round again: it was there."""
    found = [path for _, (path, events) in sorted(bringing.items()) if event in events]
    if len(found) < 2:
        return found
    new: set[str] = set()
    for _, landing in survey.arrivals.heard_at(survey.topology.events[event], cell.system):
        arrivals = landing.amounts.get(cell.quantity, ())
        new.update(arrival.path.id for arrival in arrivals if arrival.path is not None and not arrival.echo)
        new.update(path.id for path in landing.swallowed.get(cell.quantity, ()))
    return [path for path in found if path.id in new]


def _may_be_early(survey: Survey, path: WritePath, starting: list[WritePath], pair: tuple[str, str]) -> bool:
    """Whether a path may bring an end of an order to where it counts that the start has not come yet."""
    if _adds(path):
        return False
    later, earlier = pair
    in_turn = path in starting and _brings_each(survey, path, earlier)
    return not (in_turn and hears_before(path, survey.graph, earlier, later) == ())


def _adds(path: WritePath) -> bool:
    """Whether what a path brings is added whatever has come before."""
    refuses = path.accepts_when is not None or path.refused_when is not None
    return path.guard == "none" and path.op not in {"reserve", "release"} and not refuses


def _adds_each(survey: Survey, path: WritePath, event: str) -> bool:
    """Whether a path surely brings every instance of an event, and adds it whatever has come before."""
    return _adds(path) and _brings_each(survey, path, event)


def _brings_each(survey: Survey, path: WritePath, event: str) -> bool:
    """Whether every instance of an event certainly comes by a path, be it for the first time or not."""
    for _, landing in survey.arrivals.heard_at(survey.topology.events[event], path.target):
        if path not in landing.heard and not any(path in others for others in landing.swallowed.values()):
            return False
    return True


def _remembering(survey: Survey, starting: list[WritePath], ending: list[WritePath], *, undo: bool) -> list[WritePath]:
    """The paths that all have to go by the order's state: an early undo is remembered until its event comes.

    Another end of the order waits for it by itself, and a start in one step with its source is never late.
    """
    late = [path for path in starting if not survey.handoff(path).one_step]
    if not late:
        return []
    return [*ending, *(late if undo else ())]


def _remembered_in_vain(survey: Survey, starting: list[WritePath], ending: list[WritePath]) -> bool:
    """Whether an undo that comes too early is remembered, and its event is applied all the same when it comes."""
    return any(path.guard == "state_machine" for path in ending) and any(
        path.guard != "state_machine" and not survey.handoff(path).one_step for path in starting
    )


def _order_matters(starting: list[WritePath], ending: list[WritePath]) -> tuple[bool, list[WritePath]]:
    """Whether the order changes the result, and the paths of which nobody has said whether it does.

    A target that knows what is reserved releases nothing else. One that remembers nothing adds what it is told.
    """
    refusing = any(path.accepts_when is not None or path.refused_when is not None for path in (*starting, *ending))
    releasing = [path for path in ending if path.op in {"reserve", "release"} and path.dedupe != "none"]
    minding = any(path.guard == "state_machine" or path.dedupe is not None for path in releasing)
    return minding or refusing, [] if minding or refusing else releasing
