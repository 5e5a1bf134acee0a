"""Which events reach which system, how often, and by which path: graph -> **arrivals** -> cells.

An event starts at one of its origins and is carried on by delta paths only: a state message carries a value, no event.
Every way in which it can start is walked once, breadth first. Counts saturate (a third arrival tells no more than the
second), origins that are connected alike are walked once for all of them, and the whole walk has a budget: what lies
beyond it is said to be out of bounds and never guessed.
"""

from __future__ import annotations

from collections import Counter, deque
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from handoffmap.premises.claim import Ask
from handoffmap.premises.graph import flow_of, one_step, refused_for
from handoffmap.premises.ledger import acts_once_per_order, keeps_its_key, ledger_of, may_meet, recognises

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from handoffmap.model import Cell, Event, Holding, Origin, WritePath
    from handoffmap.premises.graph import WritePathGraph

__all__ = ["Arrival", "Arrivals", "Landing", "Start"]

FIRED_AT_MOST = 3
"""Arrivals at one system that are followed on: one, a second, and one to see that it does not end."""
_NONE: Mapping[str, Ask] = MappingProxyType({})
LONGEST_WALK = 400
TOO_MANY = 25
"""Paths in, or out, from which on an origin is not compared with others but walked by itself."""
STEPS_PER_ENTRY = 40
"""Budget of the whole walk: steps per system, event and path of the map."""
FREE_STEPS = 200_000
BEYOND = Ask("file", "", "bound")
"""Stands for what was not walked because the budget was spent."""


STABLE = "dedupe.stable_across_retries"
_KEPT = frozenset({"per_key", "total"})
_OF_REPETITIONS = frozenset({STABLE, "retry.horizon", "dead_letter.alert_within"})
"""Facts of a ledger that only matter where one message comes again."""


class Arrival(NamedTuple):
    """One way in which an event's amount reaches a quantity of a system."""

    path: WritePath | None
    """The last path; None: the event happens here."""
    doubts: tuple[Ask, ...] = ()
    """Facts on which it hangs whether this arrival happens; empty: it certainly does."""
    echo: bool = False
    """The event had been here before."""
    endless: tuple[Ask, ...] | None = None
    """It came along a path that it had already taken, and nothing will stop it; the facts on which that hangs."""


class Landing:
    """All that one start brings to one system."""

    __slots__ = ("amounts", "heard", "maybe_heard", "swallowed", "torn")

    def __init__(self) -> None:
        self.heard: list[WritePath | None] = []
        """Last paths of certain arrivals of the event itself, whatever it carries."""
        self.maybe_heard: list[tuple[WritePath, tuple[Ask, ...]]] = []
        self.amounts: dict[str, list[Arrival]] = {}
        """Quantity -> arrivals of an amount for it (own applications included)."""
        self.swallowed: dict[str, list[WritePath]] = {}
        """Quantity -> paths whose amount a ledger refuses as known: unless theirs comes first."""
        self.torn: dict[str, tuple[WritePath, WritePath, tuple[Ask, ...] | None]] = {}
        """Quantity -> two paths of one ledger of which only one carries it: the second to come is refused whole.

        With the facts on which that hangs, as far as they are not those of the ledger; None where it is certain.
        """

    def book(self, path: WritePath, carried: frozenset[str], vague: Mapping[str, Ask], arrival: Arrival) -> bool:
        """Note one arrival and what it brings; whether it is news, so that what it sets off has to be followed."""
        if arrival.doubts:
            self.maybe_heard.append((path, arrival.doubts))
        else:
            self.heard.append(path)
        news = len(self.heard) + len(self.maybe_heard) <= FIRED_AT_MOST
        news = news or any(len(self.amounts.get(quantity, ())) < FIRED_AT_MOST for quantity in carried)
        for quantity in carried:
            self.amounts.setdefault(quantity, []).append(arrival)
        for quantity, unsaid in vague.items():
            self.amounts.setdefault(quantity, []).append(arrival._replace(doubts=(*arrival.doubts, unsaid)))
        return news


_NOWHERE = Landing()

_Ledgers = dict[tuple[str, str], tuple["WritePath", frozenset[str], "Mapping[str, Ask]"]]
"""Ledger -> the path that an instance came by first, and the quantities that it brought, or may have."""


class Start(NamedTuple):
    """One way in which an event can start, and where it leads."""

    event: Event
    origin: Origin
    alike: tuple[str, ...]
    """All origins that are connected like this one, this one included."""
    among: frozenset[str]
    """The same origins, to ask whether a system is one of them."""
    word: str | None
    """The class of instances (a word of `only`, `except` or `items`); None: all the others."""
    own: bool = True
    """Whether what was asked for is what it brings to the origin itself."""


class _Walk(NamedTuple):
    """One start walked to the end, for one origin and, where others are connected alike, for a second one.

    The second tells what the first receives from its likes; all the others are like these two.
    """

    start: Start
    other: Start
    """The same start as seen from systems where it did not happen."""
    landings: dict[str, Landing]
    second: str | None
    mirrored: dict[str, Landing]

    def at(self, system: str) -> Iterator[tuple[bool, Landing, dict[str, Landing]]]:
        """(whether the event started there, what it brought, and where else to) for a system.

        Both cases for one of several origins: its own start, and that of its likes.
        """
        first = self.start.origin.system
        if system not in self.start.among:
            yield False, self.landings.get(system, _NOWHERE), self.landings
            return
        if system == self.second:
            yield True, self.mirrored.get(system, _NOWHERE), self.mirrored
        else:
            yield True, self.landings.get(first, _NOWHERE), self.landings
        if self.second is not None:
            others = self.mirrored if system == first else self.landings
            yield False, others.get(system, _NOWHERE), others


_Visit: TypeAlias = "tuple[_Walk, bool, Landing, dict[str, Landing]]"
"""A walk, whether its event started at a system, what it brought there, and where else to."""
LACKING_TOLD = 8
"""Of the starts that bring a system nothing so many are looked into: what is missing from hundreds is missing alike."""


class _Walks:
    """Walks by the systems that they concern, so that no cell goes through those that end elsewhere."""

    def __init__(self, walks: list[_Walk]) -> None:
        self._walks = walks
        self._told: dict[str, tuple[_Visit, ...]] = {}
        self._landing: dict[str, list[int]] = {}
        for index, walk in enumerate(walks):
            for system in {*walk.landings, *walk.mirrored, *walk.start.alike}:
                self._landing.setdefault(system, []).append(index)

    def to(self, system: str) -> tuple[_Visit, ...]:
        """The walks that bring a system something, and some of those that bring it nothing, in their order."""
        found = self._told.get(system)
        if found is None:
            found = self._told[system] = tuple(
                (walk, own, landing, everywhere)
                for walk in self._that_concern(system)
                for own, landing, everywhere in walk.at(system)
            )
        return found

    def _that_concern(self, system: str) -> Iterator[_Walk]:
        landing = self._landing.get(system, [])
        lacking: list[int] = []
        if len(landing) < len(self._walks):
            brought = set(landing)
            for index in range(len(self._walks)):
                if index not in brought:
                    lacking.append(index)
                    if len(lacking) == LACKING_TOLD:
                        break
        for index in sorted((*landing, *lacking)):
            yield self._walks[index]


class _Step(NamedTuple):
    system: str
    carried: frozenset[str]
    doubts: tuple[Ask, ...]
    path: WritePath | None
    before: _Step | None
    depth: int
    unsure: Mapping[str, Ask] = _NONE
    """Quantities of which nobody has said whether their amount came so far, with what would tell."""


class Arrivals:
    """The walks of every event, made when they are first asked for."""

    def __init__(self, graph: WritePathGraph) -> None:
        self._graph = graph
        topology = graph.topology
        self._budget = FREE_STEPS + STEPS_PER_ENTRY * (
            len(topology.systems) + len(topology.events) + len(topology.write_paths)
        )
        self._carriers: dict[str, dict[str, list[WritePath]]] = {}
        self._words: dict[str, set[str]] = {}
        self._vague: dict[str, list[WritePath]] = {}
        self._starts: dict[str, list[_Walk]] = {}
        self._near: dict[tuple[str, object], _Walks] = {}
        self._origins: dict[str, dict[str, list[_Walk]]] = {}
        self._alone: dict[str, set[str]] = {}
        self.incomplete: set[str] = set()
        """Events whose walks were broken off because the budget, or the longest walk, was spent."""
        self._tracked = {name for path in graph.enabled if path.fires_for is not None for name in path.fires_for}
        self._entered: set[str] = set()
        self._surroundings: dict[str, object | None] = {}
        for path in graph.enabled:
            if flow_of(path) in {"delta", None} and refused_for(path) is None:
                self._index(path)
                self._entered.add(path.target)
            elif path.base == "event":
                self._part(path)

    def _index(self, path: WritePath) -> None:
        self._part(path)
        if path.events is None:
            self._vague.setdefault(path.source, []).append(path)
        else:
            for event in path.events:
                self._carriers.setdefault(event, {}).setdefault(path.source, []).append(path)

    def _part(self, path: WritePath) -> None:
        """Note the classes of instances that a path tells apart."""
        words = {*(path.only or ()), *(path.except_ or ()), *(path.items or ())}
        if words:
            for event in self._graph.topology.events if path.events is None else path.events:
                self._words.setdefault(event, set()).update(words)

    @property
    def heeds_ways(self) -> bool:
        """Whether any path fires for some ways in only."""
        return bool(self._tracked)

    def may_enter(self, system: str) -> bool:
        """Whether any event can come to a system from elsewhere."""
        return system in self._entered

    def starts_for(self, event: Event, cell: Cell) -> Iterator[tuple[Start, Landing, dict[str, Landing]]]:
        """Every way in which an event that concerns a cell can start, with what it brings to the cell's system.

        A cell counts all origins whose places and items overlap with its own; a cell with `share: own` only its own
        system.
        """
        holding = self._graph.cells[cell]
        covered = self._graph.systems[cell.system].items
        named = covered is not None and not self._words.get(event.id, set()).isdisjoint(covered)
        for walk, own, landing, everywhere in self._near_walks(event, holding).to(cell.system):
            word = walk.start.word
            if word is None and named:
                continue  # items that no word names are none of its own
            if word is not None and covered is not None and word not in covered and self._is_item(event, word):
                continue
            if own or holding.share == "all":
                yield walk.start if own else walk.other, landing, everywhere

    def heard_at(self, event: Event, system: str) -> Iterator[tuple[Start, Landing]]:
        """Every way in which an event can start, with what it brings to a system (for paths that fire on arrivals)."""
        for walk, own, landing, _ in self._everywhere(event).to(system):
            yield walk.start if own else walk.other, landing

    def only_from(self, event: Event, origin: str, system: str) -> bool:
        """Whether nothing brings an event to a system but what started at that origin; nor does it start there itself.

        A tag keeps all of that from going back to where it started.
        """
        return not any(
            (landing.heard or landing.maybe_heard) and start.among != {origin}
            for start, landing in self.heard_at(event, system)
        )

    def stands_alone(self, event: Event, system: str) -> bool:
        """Whether what starts at a system is told apart from what starts elsewhere, all the way.

        It is not where others are connected alike, and not for events whose walks were broken off.
        """
        found = self._alone.get(event.id)
        if found is None:
            among = [walk.start.among for walk in self._walked(event)]
            found = self._alone[event.id] = {name for names in among if len(names) == 1 for name in names}
        return system in found and event.id not in self.incomplete

    def _everywhere(self, event: Event) -> _Walks:
        found = self._near.get((event.id, None))
        if found is None:
            found = self._near[event.id, None] = _Walks(self._walked(event))
        return found

    def from_origin(self, event: Event, origin: str, system: str) -> Iterator[Landing]:
        """What an event that starts at one origin brings to a system."""
        walks = self._origins.get(event.id)
        if walks is None:
            walks = self._origins[event.id] = {}
            for walk in self._walked(event):
                for name in walk.start.alike:
                    walks.setdefault(name, []).append(walk)
        for walk in walks.get(origin, ()):
            for own, landing, _ in walk.at(system):
                if own == (system == origin):
                    yield landing

    def _is_item(self, event: Event, word: str) -> bool:
        return any(
            path.items and word in path.items for paths in self._carriers.get(event.id, {}).values() for path in paths
        )

    def _near_walks(self, event: Event, holding: Holding) -> _Walks:
        """The walks whose place overlaps with a cell's."""
        places = holding.locations if isinstance(holding.locations, tuple) else None
        key = (event.id, places)
        found = self._near.get(key)
        if found is None:
            walked = self._walked(event)
            if places is not None:
                walked = [walk for walk in walked if self._overlaps(event, walk.start.origin.system, places)]
            found = self._near[key] = _Walks(walked)
        return found

    def _overlaps(self, event: Event, system: str, places: tuple[str, ...]) -> bool:
        own = self._place_of(event, system)
        if own is None or not own.isdisjoint(places):
            return True
        return any(path.location in places for path in self._graph.paths_from(system))

    def _place_of(self, event: Event, system: str) -> frozenset[str] | None:
        """The places where an event of this system happens, if what it moves there is bound to any."""
        found: set[str] = set()
        for quantity in event.effects:
            holding = self._graph.systems[system].holds.get(quantity)
            if holding is None:
                continue
            if not isinstance(holding.locations, tuple):
                return None
            found.update(holding.locations)
        return frozenset(found) or None

    def _walked(self, event: Event) -> list[_Walk]:
        found = self._starts.get(event.id)
        if found is None:
            found = self._starts[event.id] = list(self._walk_all(event))
        return found

    def _walk_all(self, event: Event) -> Iterator[_Walk]:
        alike: dict[object, list[Origin]] = {}
        for origin in event.origins:
            if origin.system in self._graph.systems:
                alike.setdefault(self._signature(event, origin), []).append(origin)
        words: list[str | None] = [None, *sorted(self._words.get(event.id, ()))]
        for origins in alike.values():
            names = tuple(sorted({origin.system for origin in origins}))
            first = min(origins, key=lambda origin: origin.system)
            second = names[1] if len(names) > 1 else None
            like = next((origin for origin in origins if origin.system == second), None)
            for word in words:
                landings = self._walk(event, first, word)
                mirrored = self._walk(event, like, word) if like is not None else {}
                start = Start(event, first, names, frozenset(names), word)
                other = Start(event, first, names, start.among, word, own=False)
                yield _Walk(start, other, landings, second, mirrored)

    def _signature(self, event: Event, origin: Origin) -> object:
        """What two origins must share to be walked as one: paths out and in, what is applied, and the place."""
        if len(event.origins) == 1:
            return origin.system
        outgoing = self._carriers.get(event.id, {}).get(origin.system, ())
        around = self._around(origin.system)
        if around is None or len(outgoing) > TOO_MANY:
            return origin.system
        leaving = _multiset([self._likeness(path, path.target) for path in outgoing])
        return (origin.applies, self._place_of(event, origin.system), around, leaving)

    def _around(self, system: str) -> object | None:
        """What two systems must share for any event that starts there; None: there is too much of it to look at."""
        if system not in self._surroundings:
            incoming = [path for path in self._graph.paths_into(system) if flow_of(path) in {"delta", None}]
            facts = self._graph.systems[system]
            self._surroundings[system] = (
                None
                if len(incoming) > TOO_MANY or self._vague.get(system)
                else (
                    tuple(sorted(facts.holds)),
                    facts.items,
                    _multiset([self._likeness(path, path.source) for path in incoming]),
                )
            )
        return self._surroundings[system]

    def _likeness(self, path: WritePath, other_end: str) -> object:
        maps = None if path.maps is None else frozenset(path.maps.items())
        events = None if path.events is None else frozenset(path.events)
        tracked = path.id if path.id in self._tracked else None
        ways = (path.origin_tag, path.fires_for, path.only, path.except_, path.items)
        return (other_end, events, maps, tracked, ways, path.handing_over)

    def _leaving(self, event: Event, system: str) -> Iterator[WritePath]:
        yield from self._carriers.get(event.id, {}).get(system, ())
        for path in self._vague.get(system, ()):
            if path.maps is None or any(left in event.effects for left in path.maps):
                yield path

    def _walk(self, event: Event, origin: Origin, word: str | None) -> dict[str, Landing]:
        """Follow one instance from one origin; system -> landing."""
        landings: dict[str, Landing] = {}
        here = landings.setdefault(origin.system, Landing())
        here.heard.append(None)
        for quantity in self._graph.systems[origin.system].holds:
            if quantity in event.effects and (origin.applies is None or quantity in origin.applies):
                here.amounts.setdefault(quantity, []).append(Arrival(None))
        swallowed: _Ledgers = {}
        queue = deque([_Step(origin.system, frozenset(event.effects), (), None, None, 0)])
        while queue:
            step = queue.popleft()
            for path in self._leaving(event, step.system):
                self._budget -= 1
                if self._budget <= 0 or step.depth >= LONGEST_WALK:
                    self.incomplete.add(event.id)
                    return landings
                following = self._deliver(event, step, path, word, landings, swallowed)
                if following is not None:
                    queue.append(following)
        return landings

    def _deliver(
        self,
        event: Event,
        step: _Step,
        path: WritePath,
        word: str | None,
        landings: dict[str, Landing],
        swallowed: _Ledgers,
    ) -> _Step | None:
        """One message of one path: where its amounts land, and the step that follows if it goes on."""
        if path is step.path or not passes(path, word) or not fires(path, step):
            return None
        landing = landings.get(path.target)
        if landing is None:
            landing = landings[path.target] = Landing()
        echo = path.target != step.system and bool(landing.heard) and was_at(step, path.target)
        if echo and path.origin_tag:
            return None
        carried, vague = self._onward(path, step, event)
        doubts = self._doubts(path, step, echo=echo)
        met = self._met_before(path, (carried, vague), landing, swallowed, doubts, step)
        if met is None:
            return None
        doubts = (*doubts, *met)
        endless = unstopped(step, path) if echo else None
        if not landing.book(path, carried, vague, Arrival(path, doubts, echo, endless)) or endless is not None:
            return None
        return _Step(path.target, carried.union(vague), doubts, path, step, step.depth + 1, vague)

    def _met_before(
        self,
        path: WritePath,
        brings: tuple[frozenset[str], Mapping[str, Ask]],
        landing: Landing,
        swallowed: _Ledgers,
        doubts: tuple[Ask, ...],
        step: _Step,
    ) -> tuple[Ask, ...] | None:
        """The facts on which it hangs whether a ledger lets a message through; None: it has met the instance before.

        `brings`: the quantities that the message moves, and those that it may move; `step`: what sends it. If that is
        because the same path has delivered before, it comes behind that.
        """
        ledger, swallows = ledger_of(path), self._swallows(path)
        if ledger in swallowed and not may_meet(path, swallowed[ledger][0]):
            return ()
        if ledger not in swallowed:
            if not doubts and swallows is not False:
                swallowed[ledger] = (path, *brings)
            return ()
        (carried, vague), (first, brought, perhaps) = brings, swallowed[ledger]
        unsaid = path
        if swallows and self._swallows(first) is None:  # the key that the first one leaves may be gone by then
            swallows, unsaid = None, first
        either_first = first is not path or not has_sent(step, path)
        if either_first and (swallows or not doubts):  # what is let through is told of for itself
            open_, sure = {**vague, **perhaps}, bool(swallows) and (first is not path or path.order is not None)
            unsure = doubts or None if sure else (*doubts, *unsaid_of_keys(first, path))
            unlike = brought | carried if _is_changed(step) else brought ^ carried
            torn = dict.fromkeys(unlike - open_.keys(), (first, path, unsure))
            perhaps_torn = (brought | carried) & open_.keys()
            torn.update((quantity, (first, path, (*doubts, open_[quantity]))) for quantity in perhaps_torn)
            landing.torn = {**torn, **landing.torn} if doubts else {**landing.torn, **torn}
        if first is not path and swallows is not False:
            for quantity in carried:  # where it is not known again, it counts twice, whatever the first one loses
                landing.swallowed.setdefault(quantity, []).append(path)
        if swallows is None:
            return (Ask("path", unsaid.id, "dedupe"),)
        return None if swallows else ()

    def _doubts(self, path: WritePath, step: _Step, *, echo: bool) -> tuple[Ask, ...]:
        """The facts on which it hangs whether a message of this path comes at all."""
        doubts = step.doubts
        if echo and path.origin_tag is None:
            doubts = (*doubts, Ask("path", path.id, "origin_tag"))
        if path.events is None:
            doubts = (*doubts, Ask("path", path.id, "events"))
        if flow_of(path) is None:
            doubts = (*doubts, Ask("path", path.id, "payload"))
        return doubts

    def _swallows(self, path: WritePath) -> bool | None:
        """Whether a second arrival of the same instance by the path's ledger is refused."""
        if acts_once_per_order(path):
            return True
        if path.dedupe == "none":
            return False
        if path.dedupe is None:
            return None
        standing = recognises(path, self._graph.seen_by_ledger(path))
        never_again = path.delivery in {"exactly_once_effect", "at_most_once"} or one_step(path)
        unstable = STABLE in standing.missing and not never_again
        if standing.sound is None and set(standing.missing) <= _OF_REPETITIONS and not unstable:
            return True  # the same instance by another way is no attempt of this one
        if standing.defect == "dedupe-window-short" and path.dedupe.retention:
            return True  # nor does it come as late as the last attempt may
        return standing.sound

    def _onward(self, path: WritePath, step: _Step, event: Event) -> tuple[frozenset[str], Mapping[str, Ask]]:
        """The quantities for which a message brings an amount, and those for which it may, with what would tell."""
        carried, new = self._through(path, step.carried - step.unsure.keys(), event)
        if not new and not step.unsure:
            return carried, _NONE
        vague = dict.fromkeys(sorted(new), Ask("path", path.id, "maps"))
        for left, ask in step.unsure.items():
            maybe, more = self._through(path, frozenset((left,)), event)
            vague.update((quantity, ask) for quantity in sorted(maybe | more) if quantity not in carried)
        return carried, vague

    def _through(self, path: WritePath, carried: frozenset[str], event: Event) -> tuple[frozenset[str], frozenset[str]]:
        """The quantities for which a message brings an amount to the target, and those for which it may."""
        holds = self._graph.systems[path.target].holds
        if path.maps is None:
            if not holds:
                return carried, frozenset()
            return frozenset(), frozenset(quantity for quantity in holds if quantity in event.effects)
        certain: set[str] = set()
        vague: set[str] = set()
        for left in carried:
            if left not in path.maps:
                continue
            mapping = path.maps[left]
            if mapping is None:
                vague.update(quantity for quantity in holds if quantity in event.effects)
            elif mapping.to is not None:
                certain.update((mapping.to, _first_base(path.target, mapping.to, holds)))
        return frozenset(certain), frozenset(vague - certain)


def _first_base(system: str, quantity: str, holds: Mapping[str, Holding]) -> str:
    """The stored quantity that a write to a computed one moves."""
    for _ in range(len(holds)):
        formula = holds[quantity].derived_from if quantity in holds else None
        if not formula or formula[0].system not in {None, system}:
            break
        quantity = formula[0].quantity
    return quantity


def _multiset(things: list[object]) -> object:
    """Equal for the same things in any order; a system has one path in and one out more often than not."""
    return things[0] if len(things) == 1 else frozenset(Counter(things).items())


def passes(path: WritePath, word: str | None) -> bool:
    """Whether a path's filters let a class of instances through; None: instances that no word names."""
    if path.only is not None and word not in path.only:
        return False
    if path.items is not None and word not in path.items:
        return False
    return path.except_ is None or word not in path.except_


def fires(path: WritePath, step: _Step) -> bool:
    """Whether a path fires for an arrival, by where it came from."""
    if path.fires_for is None:
        return True
    return ("local" if step.path is None else step.path.id) in path.fires_for


def fires_for_step(path: WritePath, landing: Landing) -> bool:
    """Whether a path fires for at least one of the certain arrivals of a landing."""
    if path.fires_for is None:
        return True
    return any(("local" if last is None else last.id) in path.fires_for for last in landing.heard)


def was_at(step: _Step, system: str) -> bool:
    """Whether a walk has been at a system before."""
    walk: _Step | None = step
    while walk is not None:
        if walk.system == system:
            return True
        walk = walk.before
    return False


def _is_changed(step: _Step) -> bool:
    """Whether amounts have come round to a system again, scaled or turned over on their way."""
    walk, changed = step, False
    while walk.path is not None and walk.before is not None:
        for to in (walk.path.maps or {}).values():
            changed = changed or (to is not None and (to.sign == "negated" or to.unit_factor not in {None, 1}))
        walk = walk.before
        if walk.system == step.system:
            return changed
    return False


def has_sent(step: _Step, path: WritePath) -> bool:
    """Whether what a path brings now comes behind what it brought before: on this walk, or sent on it and in order."""
    walk: _Step | None = step
    while walk is not None:
        if walk.path is path or (walk is not step and walk.system == step.system and path.order in _KEPT):
            return True
        walk = walk.before
    return False


def unstopped(step: _Step, path: WritePath) -> tuple[Ask, ...] | None:
    """Whether a walk goes round for ever, if it has taken a path before: no ledger on its round knows the event.

    The facts on which that hangs; None where it is no round, or one that stops. What a ledger forgets only after
    hours it still knows when the event comes round at once.
    """
    unsaid: dict[Ask, None] = {}
    walk: _Step | None = step
    while walk is not None and walk.path is not None:
        if acts_once_per_order(walk.path):
            return None
        if walk.path.dedupe is None:
            unsaid[Ask("path", walk.path.id, "dedupe")] = None
        elif walk.path.dedupe != "none":
            stays = keeps_its_key(walk.path.dedupe)
            if stays:
                return None
            if stays is None:
                unsaid[Ask("path", walk.path.id, STABLE)] = None
        if walk.path is path:
            return tuple(unsaid)
        walk = walk.before
    return None


def certain(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The arrivals that hang on nothing."""
    return [arrival for arrival in arrivals if not arrival.doubts]


def unsaid_of_keys(*paths: WritePath) -> tuple[Ask, ...]:
    """The facts on which it hangs whether these paths leave and find the same key for an instance."""
    stated = [(path, path.dedupe) for path in paths if path.dedupe is not None and path.dedupe != "none"]
    return tuple(Ask("path", path.id, STABLE) for path, dedupe in stated if keeps_its_key(dedupe) is None)
