"""The **events that a script may contain**: those that can move the cell, one of each kind that behaves alike."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.model import Cell, Dedupe
from handoffmap.vocabulary import ENDS_AN_ORDER, PULLED
from handoffmap.witness import promises
from handoffmap.witness.slices import bases_of, carries, reports
from handoffmap.witness.tables import EventSpec, plain

if TYPE_CHECKING:
    from handoffmap.model import Event, Origin, WritePath
    from handoffmap.vocabulary import Effect
    from handoffmap.witness.numbering import Numbering
    from handoffmap.witness.tables import Amount, Number

__all__ = ["menu"]


def menu(numbering: Numbering, known: dict[object, tuple[EventSpec, ...]]) -> tuple[EventSpec, ...]:
    """All events of the slice, without those that differ in nothing which the slice can see.

    `known`: menus of the same paths with other facts of delivery, by what a menu asks of these; this one is added.
    """
    listing = _Menu(numbering)
    asked = (listing.signed, listing.by_hand)
    if asked not in known:
        known[asked] = tuple(event._replace(number=index) for index, event in enumerate(listing.all()))
    return known[asked]


class _Menu:
    """One listing."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.topology = numbering.topology
        self.paths = numbering.up.paths
        words = {word for path in self.paths for word in (*(path.only or ()), *(path.except_ or ()))}
        self.words = ("", *sorted(words))
        self.signed = numbering.up.is_corrected_ahead or any(
            path.clamp_at_zero
            or path.guard == "cas"
            or _swallows(path)
            or (path.only_if_changed and path.trigger in PULLED)
            for path in self.paths
        )
        self.by_hand = self._orders_matter()
        ought = numbering.truths.expectation(numbering.cell)
        self.over = frozenset(index for index, _ in ought.terms) if ought is not None else frozenset()
        """The truths that the cell is held against."""
        self.counting = frozenset(cell.system for cell in numbering.up.cells)
        """Systems with cells of the slice."""
        self.moving = {*numbering.quantities, *(key.quantity for key in numbering.truths.keys)}
        self.pushing = {name for path in self.paths if carries(path) == "state" for name in path.events or ()}
        """Events for which values are sent."""
        self.takers: dict[str, tuple[str, ...]] = {}
        """Event -> the paths that it sets off, wherever it happens; worked out when asked for."""

    def _orders_matter(self) -> bool:
        """Whether it matters which order an event belongs to, so that an event and its undo are told apart."""
        for path in self.paths:
            if path.guard == "state_machine" or path.op in {"release", "reserve"} or path.amount_from is not None:
                return True
            if path.accepts_when or path.refused_when:
                return True
            if carries(path) != "state" and isinstance(path.dedupe, Dedupe) and self.coarse(path):
                return True
        return False

    def coarse(self, path: WritePath) -> bool:
        """Whether the ledger of a path tells less apart than the instances that come to it."""
        return self.numbering.told_apart(path) != "instance"

    def all(self) -> list[EventSpec]:
        found: dict[object, EventSpec] = {}
        events = sorted(filter(self.may_matter, self.topology.events.values()), key=_in_turn)
        undone = {event.undoes for event in self.topology.events.values() if event.undoes in self.topology.events}
        for event in events:
            for origin in event.origins:
                if origin.system not in self.topology.systems:
                    continue
                for word in self.words:
                    for sign in self.signs(event):
                        spec = self.spec(event, origin, word, sign)
                        if spec is None:
                            continue
                        found.setdefault(self.likeness(event, spec, undone), spec)
        kept = list(found.values())
        return self.with_undone(kept)

    def may_matter(self, event: Event) -> bool:
        """Whether an event moves anything that the slice knows of, or sets off a value by itself; most do neither."""
        return not self.moving.isdisjoint(event.effects) or event.id in self.pushing

    def signs(self, event: Event) -> tuple[int, ...]:
        kinds = {effect.kind for effect in event.effects.values()}
        if kinds & {"signed", "set"}:
            return (-1, 1) if self.signed else (-1,)
        return (1,)

    def with_undone(self, specs: list[EventSpec]) -> list[EventSpec]:
        """An undo whose event is not there cannot happen: put the event back, moving nothing where it moves nothing."""
        names = {spec.id for spec in specs}
        for spec in list(specs):
            if spec.undoes is None or spec.undoes in names or spec.undoes not in self.topology.events:
                continue
            undone = self.topology.events[spec.undoes]
            for origin in undone.origins[:1]:
                back = self.spec(undone, origin, spec.word, 1, always=True)
                if back is not None:
                    specs.append(back)
                    names.add(back.id)
        specs.sort(key=lambda each: (each.undoes is not None, each.id, each.origin_name, each.word, each.sign))
        return specs

    # -- one entry -----------------------------------------------------------------------------------------

    def spec(self, event: Event, origin: Origin, word: str, sign: int, *, always: bool = False) -> EventSpec | None:
        numbering = self.numbering
        held = self.topology.systems[origin.system].holds
        scale = self.scale(event, origin)
        truths: list[tuple[int, Number]] = []
        flags: list[tuple[int, str]] = []
        applies: list[tuple[int, Amount, int]] = []
        sets: list[tuple[int, int, int]] = []
        amounts: list[Amount] = [None] * len(numbering.quantities)
        for index, key in enumerate(numbering.truths.keys):
            effect = event.effects.get(key.quantity)
            if effect is None or not numbering.truths.counts(key, origin.system):
                continue
            if effect.kind == "flag" and effect.word:
                flags.append((index, effect.word))
            else:
                truths.append((index, plain(_unit(effect, sign) * scale)))
        for quantity, effect in event.effects.items():
            number = numbering.quantity.get(quantity)
            if number is None:
                continue
            here = Cell(origin.system, quantity)
            cell = numbering.number.get(here, -1)
            applied = origin.applies is None or quantity in origin.applies
            if effect.kind == "flag" and effect.word:
                amounts[number] = effect.word
                if cell >= 0 and applied:
                    applies.append((cell, effect.word, number))
                continue
            mine = self.numbering.units.scale(origin.system, quantity)
            amounts[number] = _ratio(_unit(effect, sign) * scale, mine)
            if quantity in held and applied and cell >= 0 and not bases_of(self.topology, here):
                if effect.kind == "set":
                    sets.append((cell, numbering.truths.number_of(here), number))
                else:
                    applies.append((cell, amounts[number], number))
        spec = EventSpec(
            number=0,
            id=event.id,
            origin=numbering.system[origin.system],
            origin_name=origin.system,
            word=word,
            sign=sign,
            truths=tuple(truths),
            flags=tuple(flags),
            applies=tuple(applies),
            amounts=tuple(amounts),
            sets=tuple(sets),
            waits=bool(sets and (origin.as_of or origin.frozen)),
            undoes=None if self.undoes_older(event) else event.undoes,
            ends=event.id in ENDS_AN_ORDER or event.undoes is not None,
        )
        return spec if always or self.matters(event, origin, spec) else None

    def undoes_older(self, event: Event) -> bool:
        """Whether what it undoes is from before the start.

        Always where that is no event of the map; and where two undos have to overtake each other under a stamp, or
        come after something else at a clamp, and what they undo comes another way: the script would be too long.
        """
        if event.undoes not in self.topology.events:
            return True
        return not self.by_hand and any(
            carries(path) == "delta"
            and (path.clamp_at_zero or path.guard in {"version", "event_time"})
            and path.events is not None
            and event.id in path.events
            and event.undoes not in path.events
            for path in self.paths
        )

    def scale(self, event: Event, origin: Origin) -> Number:
        """Base units in one unit of the origin: an instance is counted in the units of the place where it happens."""
        for quantity in (self.numbering.cell.quantity, *self.numbering.quantities):
            known = self.numbering.units.known_scale(origin.system, quantity) if quantity in event.effects else None
            if known is not None:
                return known
        return 1

    def matters(self, event: Event, origin: Origin, spec: EventSpec) -> bool:
        """Whether it moves what the cell ought to show, or anything on the way to it."""
        if any(index in self.over for index, _ in (*spec.truths, *spec.flags)):
            return True
        if any(amount is not None for _, amount, _ in spec.applies) or spec.sets:
            return True
        return self.is_carried(event, origin.system, spec) or self.sends(event, origin.system)

    def is_carried(self, event: Event, system: str, spec: EventSpec) -> bool:
        """Whether an amount of it leaves the place where it happens."""
        return any(
            path.source == system
            and carries(path) != "state"
            and self.takes(path, event)
            and self.carries_any(path, spec)
            for path in self.paths
        )

    def sends(self, event: Event, system: str) -> bool:
        """Whether a value is sent for it, where it happens or where it is brought."""
        if event.id not in self.pushing:
            return False
        reached = [system]
        for here in reached:
            for path in self.paths:
                if path.source != here:
                    continue
                if carries(path) == "state":
                    if self.sets_off(path, event):
                        return True
                elif self.takes(path, event) and path.target not in reached:
                    reached.append(path.target)
        return False

    def sets_off(self, path: WritePath, event: Event) -> bool:
        """Whether a value is pushed for an event that moves nothing here, so that it says again what is there."""
        return path.events is not None and event.id in path.events and promises.pulled(path) is not True

    def takes(self, path: WritePath, event: Event) -> bool:
        return (path.events is None and not reports(path)) or (path.events is not None and event.id in path.events)

    def carries_any(self, path: WritePath, spec: EventSpec) -> bool:
        moved = {self.numbering.quantities[index] for index, amount in enumerate(spec.amounts) if amount is not None}
        if path.maps is None or path.target not in self.counting:
            return bool(moved)
        silent = moved - set(path.maps)
        lefts = {left for left, mapping in path.maps.items() if mapping is None or mapping.to is not None}
        return bool(moved & lefts) or bool(silent)

    def taken(self, event: Event) -> tuple[str, ...]:
        """The paths that an event sets off."""
        found = self.takers.get(event.id)
        if found is None:
            found = self.takers[event.id] = tuple(
                path.id
                for path in self.paths
                if (event.id in path.events if path.events is not None else carries(path) != "state")
            )
        return found

    # -- likeness ------------------------------------------------------------------------------------------

    def likeness(self, event: Event, spec: EventSpec, undone: set[str | None]) -> object:
        """What the slice can see of an event: two that are alike in it behave alike, save for their names.

        The direction of the amounts is no part of it where nothing clamps: all writes are linear in the amounts, so
        turning the sign of one kind turns the sign of its part of every number and keeps wrong what is wrong.
        """
        turn = 1
        if not self.signed:
            numbers = [factor for _, factor in spec.truths]
            numbers += [amount for amount in spec.amounts if amount is not None and not isinstance(amount, str)]
            turn = -1 if next((number for number in numbers if number), 1) < 0 else 1
        named = event.id in self.numbering.figures.script
        tied = event.id if self.by_hand or spec.sets or spec.flags or named else None
        names = tuple(sorted(name for name in (event.id,) if name in undone and self.by_hand))
        return (
            spec.origin,
            spec.word,
            spec.sign if self.signed else 0,
            self.taken(event),
            tuple((index, _turned(factor, turn)) for index, factor in spec.truths),
            tuple((cell, _turned(amount, turn), quantity) for cell, amount, quantity in spec.applies),
            tuple(_turned(amount, turn) for amount in spec.amounts),
            spec.sets,
            spec.waits,
            spec.flags,
            tied,
            names,
        )


def _in_turn(event: Event) -> tuple[bool, str]:
    return event.undoes is not None, event.id


def _swallows(path: WritePath) -> bool:
    """Whether a ledger takes a value that was there before for a repetition."""
    return isinstance(path.dedupe, Dedupe) and path.dedupe.unique_per_effect is False and carries(path) == "state"


def _unit(effect: Effect, sign: int) -> int:
    return effect.amount * sign if effect.kind in {"signed", "set"} else effect.amount


def _ratio(number: Number, scale: Number) -> Number:
    return number if scale == 1 else plain(Fraction(number) / scale)


def _turned(amount: Amount, turn: int) -> Amount:
    if amount is None or isinstance(amount, str):
        return amount
    return amount * turn
