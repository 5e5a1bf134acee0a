"""A topology and a cell → **the tables of the slice**. Facts that are still unknown are read as harmless."""

from __future__ import annotations

import math
from copy import copy
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from handoffmap.model import Cell, Dedupe
from handoffmap.vocabulary import QUANTITIES
from handoffmap.witness import promises
from handoffmap.witness.firing import Firing
from handoffmap.witness.menu import menu
from handoffmap.witness.slices import (
    bases_of,
    carries,
    landing,
    pruned_upstream,
    reads_of,
    reports,
    rewrites,
    under_one_key,
)
from handoffmap.witness.tables import Change, ControlSpec, Figures, PathSpec, Slice, Sum, Value, plain
from handoffmap.witness.truths import Truths
from handoffmap.witness.units import Units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.model import Control, QuantityMapping, Topology, WritePath
    from handoffmap.vocabulary import Seconds
    from handoffmap.witness.slices import (
        Upstream,
    )
    from handoffmap.witness.tables import Amount, EventSpec, Number

__all__ = ["PATIENCE", "STARTING", "Compiled", "compile_slice", "needs_floor", "settles_long_enough"]

STARTS: dict[str, int] = {
    "available": 47, "allocated": 40, "soft_reserved": 32, "safety_stock": 31, "quality_control": 33, "damaged": 34,
    "returned": 35, "incoming": 60, "in_transit": 36, "backordered": 38,
}  # fmt: skip
"""Numbers at the start: all different, none zero, and large enough for three decrements."""

PATIENCE = Fraction(10**9)
"""Seconds of waiting after which nothing can be under way: the answer "long enough" to an open question."""

SMALL = 25
"""A start from which the first event of a script can take away all that is there."""

STARTING = ((False, 0), (True, 0), (True, SMALL))
"""Whether from a small start, and what is there then."""

_ENOUGH = 20_000
"""States after which an authority passes for right."""

_KEPT = ("available", "allocated", "soft_reserved", "safety_stock", "quality_control", "damaged", "returned")
"""What makes up `on_hand`, so that a formula over it is right at the start."""


def compile_slice(
    topology: Topology, cell: Cell, *, floor: bool = False, least: int = 0, figures: Figures | None = None
) -> Slice:
    """The tables for one cell. `floor`: from a small start, where nothing (or `least`) is there."""
    return Compiled(topology, cell, figures=figures).at(floor=floor, least=least)


def needs_floor(tables: Slice) -> bool:
    """Whether anything in the slice acts otherwise where nothing is there: a clamp, a reservation, a comparison."""
    return any(path.clamp or path.gate or path.guard == "cas" for path in tables.paths)


class Compiled:
    """The tables of one cell of one map, worked out once for all starts."""

    def __init__(
        self,
        topology: Topology,
        cell: Cell,
        up: Upstream | None = None,
        figures: Figures | None = None,
        before: Compiled | None = None,
    ) -> None:
        """`up`: what is upstream of the cell, where that is known; `figures`: numbers to tell its runs in.

        `before`: the same cell with the same things upstream, other facts of these stated; what they do not touch is
        taken over from it.
        """
        up = pruned_upstream(topology, cell) if up is None else up
        known = None if before is None else before.compiler.restated(topology, up)
        self.compiler: _Compiler = known or _Compiler(topology, cell, up, figures or Figures())
        self.large = self.compiler.slice()
        """From a large start."""

    def at(self, *, floor: bool, least: int = 0) -> Slice:
        """The tables from one start: a large one, or a small one, where nothing (or `least`) is there."""
        if not floor:
            return self.large
        start = self.compiler.start_truths(floor=True, least=least)
        return self.large._replace(
            start_truths=start,
            start_values=self.compiler.start_values(start),
            amounts=_amounts(self.large.paths, floor=True),
            floor=True,
        )


class _Compiler:
    """One compilation."""

    def __init__(self, topology: Topology, cell: Cell, up: Upstream, figures: Figures) -> None:
        self.topology = topology
        self.cell = cell
        self.up = up
        self.figures = figures
        self.units = Units(topology, up.paths)
        self.stored = tuple(each for each in self.up.cells if not bases_of(topology, each))
        self.number = {each: index for index, each in enumerate(self.stored)}
        names = {each.system for each in self.up.cells} | {cell.system}
        for path in self.up.paths:
            names |= {path.source, path.target}
        for event in topology.events.values():
            names |= {origin.system for origin in event.origins if origin.system in topology.systems}
        self.systems = tuple(sorted(names))
        self.system = {name: index for index, name in enumerate(self.systems)}
        wanted = {each.quantity for each in self.up.cells} | {quantity for _, quantity in self.up.amounts}
        for path in self.up.paths:
            for left, mapping in (path.maps or {}).items():
                if mapping is not None and mapping.to is not None and (path.target, mapping.to) in self.number:
                    wanted |= {left, mapping.to}
        self.truths = Truths(topology, self.units)
        self.truths.want(cell)
        for each in self.up.cells:
            self.truths.want(each)
        wanted |= {key.quantity for key in self.truths.keys}
        self.quantities = tuple(sorted(wanted))
        self.quantity = {name: index for index, name in enumerate(self.quantities)}
        self.held_back = self.taken_off()
        self.lot = self.lots()
        self.menus: dict[object, tuple[EventSpec, ...]] = {}
        """What the menu asks of the facts -> its events; shared by all that is restated."""

    def restated(self, topology: Topology, up: Upstream) -> _Compiler | None:
        """The same compilation with other facts; None where these change more than how paths deliver."""
        paths, others = self.topology.write_paths, topology.write_paths
        same = topology.systems is self.topology.systems and topology.events is self.topology.events
        if not same or not all(
            path is others[name] or _moves_alike(path, others[name]) for name, path in paths.items()
        ):
            return None
        found = copy(self)
        found.topology, found.up = topology, up
        return found

    # -- the whole -----------------------------------------------------------------------------------------

    def slice(self) -> Slice:
        events = menu(self, self.menus)
        controls = self.controls()
        paths = _without_idle_repeats(self.paths(), events, controls)
        events, depth, linked = self.depth(events, paths, controls)
        uses = self.uses(events, paths, controls)
        shown = [self.cell, *(each for each in self.up.cells if each != self.cell)]
        ought = tuple(self.truths.expectation(each) for each in shown)
        start = self.start_truths(floor=False, least=0)
        from_system = tuple(
            tuple(path.number for path in paths if path.source == index) for index in range(len(self.systems))
        )
        bounds = {"crash": 1, "repeat": 1, "lose": self.losses(paths), "replay_late": 1, "forget": 1, "tick": 2}
        return Slice(
            cell=self.cell,
            systems=self.systems,
            cells=self.stored,
            shown=tuple((str(each), self.shows(each)) for each in shown),
            ought=ought,
            quantities=self.quantities,
            truths=tuple(str(key) for key in self.truths.keys),
            start_truths=start,
            start_values=self.start_values(start),
            paths=paths,
            from_system=from_system,
            controls=controls,
            events=events,
            remembering=frozenset(
                path.target for path in paths if path.guard == "state_machine" and path.kind != "state"
            ),
            stamps=1 + max((path.stamp for path in paths), default=-1),
            depth=depth,
            amounts=self.figures.amounts or _amounts(paths, floor=False),
            linked=linked,
            loose=any(promises.by_amount(path) for path in self.up.paths),
            minds_orders=any(path.minds_orders for path in paths),
            uses=uses,
            home=self.system[self.cell.system],
            home_cells=frozenset(index for index, _ in self.shows(self.cell).terms),
            cyclic=Firing(self.topology, self.up).runs_away(),
            grows=_grows(paths),
            floor=False,
            bounds=bounds,
        )

    def losses(self, paths: tuple[PathSpec, ...]) -> int:
        """How many messages may get lost: two where what comes to a ledger a second time brings what was lost first."""
        firing = Firing(self.topology, self.up)
        if any(spec.can_lose and spec.ledger >= 0 and firing.comes_twice(self.up.paths[spec.number]) for spec in paths):
            return 2
        return _losses(paths)

    # -- cells ---------------------------------------------------------------------------------------------

    def shows(self, cell: Cell) -> Sum:
        """What a cell shows, over stored cells; a computed one holds its own buffer back."""
        terms: dict[int, Number] = {}
        constant = self._add(terms, cell, 1, set())
        return Sum(tuple(sorted((index, factor) for index, factor in terms.items() if factor)), plain(constant))

    def _add(self, terms: dict[int, Number], cell: Cell, factor: Number, seen: set[Cell]) -> Number:
        formula = bases_of(self.topology, cell)
        if formula and cell not in seen:
            constant = -factor * (self.topology.systems[cell.system].holds[cell.quantity].buffer or 0)
            for term in formula:
                base = Cell(term.system or cell.system, term.quantity)
                constant += self._add(terms, base, factor * term.sign, seen | {cell})
            return constant
        if cell in self.number:
            index = self.number[cell]
            terms[index] = terms.get(index, 0) + factor
        return 0

    def start_truths(self, *, floor: bool, least: int) -> tuple[Amount, ...]:
        keys = self.truths.keys
        held = {key.quantity for key in keys}
        found: list[Amount] = []
        for key in keys:
            if self.is_flag(key.quantity):
                found.append(self.first_word(key.quantity))
            elif key.quantity in self.figures.start:
                found.append(self.figures.start[key.quantity])
            elif key.quantity in self.held_back:
                found.append(self.held_back[key.quantity])
            elif floor and key.quantity == "on_hand" and len(held) > 1:
                found.append(least * sum(name in held or name in {"available", "allocated"} for name in _KEPT))
            elif floor:
                found.append(least)
            else:
                found.append(self.plenty(key.quantity, held) * self.lot)
        return tuple(found)

    def plenty(self, quantity: str, held: set[str]) -> int:
        """Of one quantity enough for three decrements of single units."""
        if len(held) == 1:
            return 47
        if quantity == "on_hand":
            return sum(STARTS[name] for name in _KEPT if name in held or name in {"available", "allocated"})
        own = sorted(held - set(QUANTITIES))
        return STARTS.get(quantity, 50 + (own.index(quantity) if quantity in own else 0))

    def lots(self) -> int:
        """Base units in the largest unit that events are counted in, so that there is enough for several of those."""
        origins = {
            Cell(origin.system, quantity)
            for event in self.topology.events.values()
            for origin in event.origins
            if origin.system in self.topology.systems
            for quantity in event.effects
            if quantity in self.quantity
        }
        return max((math.ceil(self.units.scale(*each)) for each in origins), default=1)

    def taken_off(self) -> dict[str, Number]:
        """Quantities that a mapping takes off for a cell with a buffer: as many of them are there as it holds back."""
        found: dict[str, Number] = {}
        for path in self.up.paths:
            for left, mapping in (path.maps or {}).items():
                if mapping is None or mapping.to is None or mapping.plus or len(mapping.minus) != 1:
                    continue
                there = self.topology.systems[path.target].holds.get(mapping.to)
                here = self.topology.systems[path.source].holds.get(left)
                if there is not None and there.buffer and not (here is not None and here.buffer):
                    found[mapping.minus[0].quantity] = plain(Fraction(there.buffer))
        return found

    def is_flag(self, quantity: str) -> bool:
        own = self.topology.quantities.get(quantity)
        return own is not None and own.meaning == "flag"

    def first_word(self, flag: str) -> Amount:
        """The state in which things begin: one that somebody accepts, where that is said."""
        states = [path.accepts_when for path in self.up.paths]
        states += [self.topology.systems[path.target].accepts_when for path in self.up.paths]
        accepted = {word for each in states for word in (each or {}).get(flag, ())}
        return min(accepted) if accepted else 0

    def start_values(self, start: tuple[Amount, ...]) -> tuple[Amount, ...]:
        values: list[Amount] = []
        for cell in self.stored:
            form = self.truths.expectation(cell, always=True)
            value: Number = 0
            if form is not None:
                words = [start[index] for index, _ in form.terms if isinstance(start[index], str)]
                if words:
                    values.append(words[0])
                    continue
                value = form.constant + _total(start, form)
            if self.topology.systems[cell.system].holds[cell.quantity].opening == "none":
                value = 0
            values.append(plain(value))
        return tuple(values)

    # -- paths ---------------------------------------------------------------------------------------------

    def paths(self) -> tuple[PathSpec, ...]:
        ledgers: dict[tuple[str, str], int] = {}
        stamps: dict[tuple[str, str, str], int] = {}
        lanes: dict[str, int] = {}
        numbers = {path.id: index for index, path in enumerate(self.up.paths)}
        return tuple(
            self.path(index, path, ledgers, stamps, lanes, numbers) for index, path in enumerate(self.up.paths)
        )

    def path(
        self,
        index: int,
        path: WritePath,
        ledgers: dict[tuple[str, str], int],
        stamps: dict[tuple[str, str, str], int],
        lanes: dict[str, int],
        numbers: dict[str, int],
    ) -> PathSpec:
        payload = carries(path) or "delta"
        puts_back = promises.puts_back(path)
        rewrite = rewrites(path)
        dedupe = path.dedupe if isinstance(path.dedupe, Dedupe) else None
        key = self.told_apart(path) or "instance"
        ledger = -1
        if dedupe is not None:
            ledger = ledgers.setdefault((path.target, dedupe.ledger or f"{path.id} itself"), len(ledgers))
        guard = path.guard or "none"
        compares = payload == "state" and (guard == "cas" or (path.op == "cas" and guard != "cas_opted_out"))
        if guard == "cas" and (rewrite or compares):
            guard = "none"
        if payload == "state" and guard == "state_machine":
            guard = "version"  # it refuses what the source held before: the counter tells the same
        stamp = -1
        if guard in {"version", "event_time"}:
            stamp = stamps.setdefault((path.source, path.target, guard), len(stamps))
        lane_name = path.id
        single = -1
        if path.lane is not None and path.lane.concurrency == 1:
            lane_name = f"{path.lane.name} {path.target}" if path.lane.name and path.lane.shared else path.id
            single = lanes.setdefault(lane_name, len(lanes))
        lane = lanes.setdefault(lane_name, len(lanes)) if promises.ordered(path) else -1
        in_step = promises.applied_in_step(self.topology, path) and not puts_back
        gate = promises.gated(path)
        pushed = promises.pulled(path) is not True and not puts_back
        applies = not promises.refused(path)
        maps = self.maps(path, payload)
        changes = tuple(self.changes(path, maps)) if payload != "state" and applies else ()
        told = self.put_back(path, maps) if puts_back else self.values(path, maps)
        values = tuple(told) if payload == "state" and applies else ()
        reads = frozenset(() if puts_back else (cell for value in values for cell, _ in value.form.terms))
        once = path.op in {"reserve", "release"} and path.guard == "state_machine"
        split = self.split(path, payload)
        sure = in_step or gate
        fires_for = path.fires_for
        return PathSpec(
            number=index,
            id=path.id,
            source=self.system[path.source],
            target=self.system[path.target],
            kind="state" if payload == "state" else "rewrite" if rewrite else "delta",
            op="set" if puts_back else path.op or ("set" if payload == "state" else "adjust"),
            events=self.fired_by(path, payload),
            pushed=pushed,
            full=puts_back or (not pushed and path.covers != "changed_only"),
            puts_back=puts_back,
            in_step=in_step and split != "target",  # two transactions may read one number
            gate=gate,
            fetch=path.payload == "notify_then_fetch" and not puts_back,
            changes=changes,
            values=values,
            carry=self.carry(path),
            reads=reads,
            ledger=ledger,
            key=("value" if key == "order" and payload == "state" else key),
            recognises=promises.recognises(path) is not False and dedupe is not None,
            forgets=promises.forgets(path) is True,
            keeps_no_key=dedupe is not None and dedupe.retention == 0,
            guard=guard,
            compares=compares and not puts_back,
            once_per_order=once,
            minds_orders=path.op in {"reserve", "release"} and (once or isinstance(path.dedupe, Dedupe)),
            stamp=stamp,
            lane=lane,
            single=single,
            split=split,
            can_repeat=not sure and promises.repeats(path) is True,
            can_lose=not sure and promises.loses(path) is True,
            can_crash=promises.crashes(path, in_step=in_step) is True,
            can_park=not sure and lane >= 0 and promises.dead_letters(path) is True and not _endless(path),
            tagged=path.origin_tag is True,
            watches=tuple(self.watched(path, maps)) if reports(path) else (),
            fires_on_write=path.fires_on == "write",
            fires_for_local=None if fires_for is None else "local" in fires_for,
            fires_for_paths=frozenset(numbers[name] for name in fires_for or () if name in numbers),
            only=None if path.only is None else frozenset(path.only),
            except_=frozenset(path.except_ or ()),
            if_changed=path.only_if_changed is True and not puts_back,
            clamp=path.clamp_at_zero,
            read_before=path.read_at == "before_commit",
            parts=2 if path.per in {"line", "shipment"} else 1,
            accepts=tuple(self.accepts(path)),
            amount_from=-1 if path.amount_from is None else self.number.get(path.amount_from, -1),
            base_event=path.base == "event",
            refused=not applies,
        )

    def told_apart(self, path: WritePath) -> Literal["instance", "order"] | None:
        """What the keys of a path's ledger name; None: nobody has said, and it may be either."""
        if not isinstance(path.dedupe, Dedupe):
            return "instance"
        return promises.key_names(path, under_one_key(self.topology, self.up, path))

    def fired_by(self, path: WritePath, payload: str) -> frozenset[str] | None:
        """Events that set it off; None: any change of what it reads."""
        if path.events is not None:
            return frozenset(path.events)
        if payload == "state":
            return None
        return frozenset() if reports(path) else frozenset(self.topology.events)

    def watched(self, path: WritePath, maps: dict[str, QuantityMapping | None]) -> Iterable[tuple[int, int]]:
        """The stored cells of which a path reports every change, each with the quantity of the message."""
        for left, mapping in maps.items():
            if mapping is not None and mapping.to is not None and Cell(path.source, left) in self.number:
                yield self.number[Cell(path.source, left)], self.quantity[left]

    def split(self, path: WritePath, payload: str) -> Literal["no", "target", "cached"]:
        """Whether the target is read in a step of its own: always where it is read once for several messages."""
        if payload == "state":
            return "no"
        if path.base == "target" and path.per in {"line", "shipment"}:
            return "target"
        return promises.split_write(path) or "no"

    def maps(self, path: WritePath, payload: str) -> dict[str, QuantityMapping | None]:
        if path.maps is not None:
            return dict(path.maps)
        from handoffmap.model import QuantityMapping

        held = self.topology.systems[path.target].holds
        source = self.topology.systems[path.source].holds
        anything = payload == "delta" or promises.puts_back(path)
        return {name: QuantityMapping(name) for name in held if anything or name in source}

    def changes(self, path: WritePath, maps: dict[str, QuantityMapping | None]) -> Iterable[Change]:
        for left, mapping in maps.items():
            if mapping is None or mapping.to is None or left not in self.quantity:
                continue
            if mapping.to not in self.quantity:
                continue
            landed, sign = landing(self.topology, path.target, mapping.to)
            beside = [
                (self.quantity[term.quantity], term.sign * turn)
                for terms, turn in ((mapping.plus, 1), (mapping.minus, -1))
                for term in terms
                if term.quantity in self.quantity and term.system in {None, path.source}
            ]
            yield Change(
                left=self.quantity[left],
                right=self.quantity[mapping.to],
                cell=self.number.get(landed, -1) if landed.system == path.target else -1,
                factor=self.factor(path, left, mapping) * sign,
                rounding=self.rounding(path, mapping),
                beside=tuple(beside),
            )

    def factor(self, path: WritePath, left: str, mapping: QuantityMapping) -> Number:
        stated = mapping.unit_factor
        right = mapping.to or left
        found: Number
        if isinstance(stated, Fraction | int):
            found = plain(Fraction(stated))
        else:
            found = self.units.right_factor(path.source, left, path.target, right)
        return -found if mapping.sign == "negated" else found

    def rounding(self, path: WritePath, mapping: QuantityMapping) -> str | None:
        if mapping.rounding not in {None, "none"}:
            return mapping.rounding
        holding = self.topology.systems[path.target].holds.get(mapping.to or "")
        return "nearest" if holding is not None and holding.integer_only else None

    def values(self, path: WritePath, maps: dict[str, QuantityMapping | None]) -> Iterable[Value]:
        for left, mapping in maps.items():
            if mapping is None or mapping.to is None or self.states_nothing_of(path, left):
                continue
            landed, sign = landing(self.topology, path.target, mapping.to)
            if landed not in self.number:
                continue
            there = Cell(path.target, mapping.to)
            terms: dict[int, Number] = {}
            constant: Number = 0
            factor = self.factor(path, left, mapping)
            for position, read in enumerate(reads_of(path, left, mapping)):
                turn = factor if position == 0 else 1 if position <= len(mapping.plus) else -1
                shown = self.shows(read)
                constant += shown.constant * turn
                for index, weight in shown.terms:
                    terms[index] = terms.get(index, 0) + weight * turn
            held = left in self.topology.systems[path.source].holds
            truth = None
            if path.base == "event" or not held:
                truth = self.truths.number_of(Cell(path.target, mapping.to))
            yield Value(
                cell=self.number[landed],
                form=Sum(tuple(sorted(terms.items())), plain(constant)),
                sign=sign,
                derived=self.shows(there) if landed != there else None,
                rounding=self.rounding(path, mapping),
                truth=truth,
                scale=self.units.scale(path.target, mapping.to),
                left=self.quantity.get(left, -1),
            )

    def put_back(self, path: WritePath, maps: dict[str, QuantityMapping | None]) -> Iterable[Value]:
        """What a path that keeps a number of its target writes back; nothing where it looks first what has changed."""
        if path.op == "cas" or path.guard == "cas" or path.only_if_changed:
            return
        for left, mapping in maps.items():
            there = None if mapping is None or mapping.to is None else Cell(path.target, mapping.to)
            if there is None or there.quantity not in self.topology.systems[path.target].holds:
                continue
            landed, sign = landing(self.topology, *there)
            if landed in self.number:
                shown = self.shows(there)
                derived = shown if landed != there else None
                yield Value(self.number[landed], shown, sign, derived, rounding=None, left=self.quantity.get(left, -1))

    def states_nothing_of(self, path: WritePath, left: str) -> bool:
        """Whether a path that brings the numbers of its events lists none that moves a quantity."""
        listed = [self.topology.events[name] for name in path.events or () if name in self.topology.events]
        return path.base == "event" and bool(listed) and not any(left in event.effects for event in listed)

    def carry(self, path: WritePath) -> tuple[int, ...]:
        """Which amounts go on as they are: all, into a relay, where nothing is said of any; else those mapped only."""
        as_they_are = path.maps is None and not self.topology.systems[path.target].holds
        return tuple(index if as_they_are else -1 for index in range(len(self.quantities)))

    def accepts(self, path: WritePath) -> Iterable[tuple[int, frozenset[str], bool]]:
        target = self.topology.systems[path.target]
        for states, wanted in (
            (path.accepts_when, True),
            (target.accepts_when, True),
            (path.refused_when, False),
            (target.refused_when, False),
        ):
            for quantity, names in (states or {}).items():
                cell = Cell(path.target, quantity)
                if cell in self.number:
                    yield self.number[cell], frozenset(names), wanted

    # -- controls ------------------------------------------------------------------------------------------

    def controls(self) -> tuple[ControlSpec, ...]:
        found = [control for control in self.up.controls if _runs(control) and self.comparable(control)]
        return tuple(self.control(index, control) for index, control in enumerate(found))

    def comparable(self, control: Control) -> bool:
        """Whether what it does makes sense to who does it: a person mends no cell by one of another scope."""
        if control.on_mismatch == "correct" or control.authority is None or control.mirror is None:
            return True
        if self.truths.expectation(control.authority) is None:
            return False  # nothing is expected of it, so nobody mends by it
        if self.truths.number_of(control.authority) != self.truths.number_of(control.mirror):
            return False
        one, other = (self.topology.systems[c.system].holds[c.quantity] for c in (control.authority, control.mirror))
        if (one.buffer or 0, one.statuses) != (other.buffer or 0, other.statuses):
            return False
        return self.dependable(control)

    def without(self, control: Control) -> Topology:
        others = {name: each for name, each in (self.topology.controls or {}).items() if name != control.id}
        return self.topology._replace(controls=others)

    def dependable(self, control: Control) -> bool:
        """Whether the authority of a control that only tells people is never wrong: by another, nobody mends."""
        from handoffmap.witness.search import search

        assert control.authority is not None  # noqa: S101 - `comparable` has looked
        compiled = Compiled(self.without(control), control.authority)
        for floor, least in STARTING:
            tables = compiled.at(floor=floor, least=least)
            if floor and not needs_floor(tables):
                break
            if search(tables, _ENOUGH).drift is not None:
                return False
        return True

    def control(self, index: int, control: Control) -> ControlSpec:
        assert control.authority is not None  # noqa: S101 - `upstream` takes no other
        assert control.mirror is not None  # noqa: S101 - same
        corrected = control.corrects or control.mirror
        other = control.mirror if corrected == control.authority else control.authority
        landed, _ = landing(self.topology, *corrected)
        scale = Fraction(self.units.scale(*other)) / self.units.scale(*corrected)
        shown = self.shows(other)
        terms = tuple((cell, plain(factor * scale)) for cell, factor in shown.terms)
        cells = [cell for cell, _ in (*terms, *self.shows(corrected).terms)]
        return ControlSpec(
            number=index,
            id=control.id,
            reads=Sum(terms, plain(shown.constant * scale)),
            cell=self.number[landed],
            settles=settles_long_enough(self.topology, control) is True,
            acts=control.on_mismatch == "correct",
            recurs=control.survives_restart is not False,
            systems=frozenset({self.system[control.authority.system], self.system[control.mirror.system]}),
            touches=frozenset(cells),
        )

    # -- how much has to be searched -----------------------------------------------------------------------

    def depth(
        self, events: tuple[EventSpec, ...], paths: tuple[PathSpec, ...], controls: tuple[ControlSpec, ...]
    ) -> tuple[tuple[EventSpec, ...], int, bool]:
        """How many events a script needs, by what makes instances depend on one another.

        One: where all writes add and nothing remembers more than the instance, each instance moves the cell by
        itself. A run of several that leaves the cell wrong has one whose part is wrong, and that one's own steps
        are a run, with no more faults. Three: where what one order has done decides about its next event, and where
        an event can happen to a value that came back from where an older one was sent, or compare-and-set hold back
        a third one because of one of two that is refused. Else two: a value, a stamp or a clamp lets one change hide
        or bring back another.
        """
        order_bound = any(
            path.clamp
            or (path.if_changed and not path.pushed)
            or (path.guard == "state_machine" and path.kind != "state")
            or path.once_per_order
            or path.op == "release"
            or path.accepts
            or (path.ledger >= 0 and path.key != "instance")
            or path.amount_from >= 0
            for path in paths
        )
        if order_bound:
            return events, 3, True
        coupled = (
            any(
                path.kind != "delta"
                or path.op in {"set", "cas"}
                or path.compares
                or path.guard in {"version", "event_time", "cas"}
                or path.clamp
                or any(change.rounding for change in path.changes)
                for path in paths
            )
            or any(event.sets for event in events)
            or any(control.acts for control in controls)
        )
        stamped = any(path.kind == "delta" and path.stamp >= 0 for path in paths)
        held_back = stamped and any(path.compares for path in paths)
        if held_back or _works_on_old_values(paths, events):
            return events, 3, False
        return events, (2 if coupled else 1), False

    def uses(
        self, events: tuple[EventSpec, ...], paths: tuple[PathSpec, ...], controls: tuple[ControlSpec, ...]
    ) -> frozenset[str]:
        found = set()
        home = self.system[self.cell.system]
        local = any(event.origin == home and (event.applies or event.sets) for event in events)
        written = any(path.kind == "state" and path.target == home for path in paths) or bool(controls)
        if (local and written) or any(path.compares or path.guard == "cas" or path.amount_from >= 0 for path in paths):
            found.add("contains")
        if any(path.guard == "version" for path in paths):
            found.add("order")
        if any(path.guard == "event_time" for path in paths):
            found.add("time")
        if any(path.tagged for path in paths):
            found.add("history")
        return frozenset(found)


def _works_on_old_values(paths: tuple[PathSpec, ...], events: tuple[EventSpec, ...]) -> bool:
    """Whether events happen at a cell whose own values come back to it, or the difference of a count as a value."""
    changed = {cell for event in events for cell, *_ in (*event.applies, *event.sets)}
    if not changed.isdisjoint(_coming_back(paths)):
        return True
    counted = {cell for event in events for cell, *_ in event.sets}
    return bool(counted) and not counted.isdisjoint(_coming_back(paths, events))


def _losses(paths: tuple[PathSpec, ...]) -> int:
    """How many messages may get lost: one; two where a second way brings what the first has lost, and loses, too.

    That is so under a ledger which two paths share, and at a cell into which one writes values beside another writer.
    """
    if sum(path.can_lose for path in paths) < 2:
        return 1
    ledgers = [path.ledger for path in paths if path.ledger >= 0]
    if len(set(ledgers)) < len(ledgers):
        return 2
    values = {(value.cell, path.number) for path in paths for value in path.values}
    written = values | {(change.cell, path.number) for path in paths for change in path.changes}
    cells = [cell for cell, _ in written if cell >= 0]
    return 2 if any(cells.count(cell) > 1 for cell, _ in values) else 1


def _coming_back(paths: tuple[PathSpec, ...], events: tuple[EventSpec, ...] = ()) -> set[int]:
    """The cells whose own values come back to them; with `events`, what is counted there within other values, too."""
    feeds: dict[int, set[int]] = {}
    for path in paths:
        for event in events if path.kind == "delta" else ():
            if event.sets and event.origin == path.source and event.id in (path.events or ()):
                for change in path.changes:
                    feeds.setdefault(change.cell, set()).update(cell for cell, *_ in event.sets)
        for value in path.values if path.kind == "state" and not path.puts_back else ():
            feeds.setdefault(value.cell, set()).update(cell for cell, _ in value.form.terms)
    return {cell for cell in feeds if cell in _above(cell, feeds)}


def _above(cell: int, feeds: dict[int, set[int]]) -> set[int]:
    """The cells whose values get into one."""
    seen: set[int] = set()
    todo = list(feeds.get(cell, ()))
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo.extend(feeds.get(one, ()))
    return seen


def _grows(paths: tuple[PathSpec, ...]) -> bool:
    """Whether runs may make a number larger and larger: whole values added by a run, or added or scaled in a circle."""
    circle: set[int] | None = None
    for path in paths:
        adds = path.kind == "state" and path.op in {"adjust", "append", "move"}
        if adds and not path.pushed:
            return True
        scales = any(abs(factor) != 1 for value in path.values for _, factor in value.form.terms)
        if path.kind == "state" and (adds or scales):
            circle = _coming_back(paths) if circle is None else circle
            if any(value.cell in circle for value in path.values):
                return True
    return False


def _without_idle_repeats(
    paths: tuple[PathSpec, ...], events: tuple[EventSpec, ...], controls: tuple[ControlSpec, ...]
) -> tuple[PathSpec, ...]:
    """Repetitions that can do nothing are left out.

    A value under a version comes again: either a newer one of the same source has been there, and it is refused, or
    it is the last one, and writes what is there, because nobody else writes that cell. A run that takes such a
    repetition comes to the same cells as the run without it.
    """
    booked = {cell for event in events for cell, *_ in (*event.applies, *event.sets)}
    booked |= {control.cell for control in controls}
    return tuple(
        path._replace(can_repeat=False) if path.can_repeat and _is_idle(path, paths, booked) else path for path in paths
    )


def _is_idle(path: PathSpec, paths: tuple[PathSpec, ...], booked: set[int]) -> bool:
    """Whether a repetition of what a path brings does nothing; `booked`: cells that are written by no path."""
    if path.kind != "state" or path.guard != "version" or path.fetch or path.fires_on_write:
        return False
    if path.op not in {"set", "cas"} or path.key == "value":
        return False
    others = {
        cell
        for other in paths
        if other.number != path.number and not (other.guard == "version" and other.stamp == path.stamp)
        for cell in (*(value.cell for value in other.values), *(change.cell for change in other.changes))
    }
    return (others | booked).isdisjoint(value.cell for value in path.values)


def _moves_alike(path: WritePath, other: WritePath) -> bool:
    """Whether two statements of one path differ in nothing but how it delivers."""
    return path.maps is other.maps and path.events is other.events and carries(path) == carries(other)


def _total(start: tuple[Amount, ...], form: Sum) -> Number:
    total: Number = 0
    for index, factor in form.terms:
        number = start[index]
        total += 0 if number is None or isinstance(number, str) else number * factor
    return total


def _amounts(paths: tuple[PathSpec, ...], *, floor: bool) -> tuple[int, ...]:
    """Amounts that name the culprit; the largest first where nothing is there, equal where values must come again."""
    if any(path.key == "value" or (path.if_changed and not path.pushed) for path in paths):
        return (1, 1, 1)
    if any(change.rounding and -1 < change.factor < 1 for path in paths for change in path.changes):
        floor = True  # the small ones may leave nothing behind
    return (25, 5, 1) if floor else (1, 5, 25)


def _endless(path: WritePath) -> bool:
    return path.retry is not None and path.retry != "none" and path.retry.max_attempts == "unlimited"


def _runs(control: Control) -> bool:
    """Whether a reconciliation mends anything: known interval, full scope, and somebody who acts."""
    if control.every is None or control.scope != "full" or control.measure == "totals":
        return False
    if control.on_mismatch == "correct":
        return True
    if control.survives_restart is False or control.corrects not in {None, control.mirror}:
        return False  # nobody counts on it, or knows which side to mend
    if control.authority is None or control.mirror is None or control.authority.quantity != control.mirror.quantity:
        return False  # nobody mends one quantity by another
    return control.on_mismatch in {"alert", "report"} and control.last_success_monitored is True


def settles_long_enough(topology: Topology, control: Control) -> bool | None:
    """Whether a control waits for at least what is under way to both cells; None: an unknown fact decides."""
    if control.on_mismatch != "correct":
        return True  # a person looks again before mending
    if control.settle is None:
        return None
    if control.settle <= 0 or control.settle >= PATIENCE:
        return control.settle > 0  # whatever is under way is under way for a while
    ends = [cell for cell in (control.authority, control.mirror) if cell is not None]
    waits = [_window(topology, cell, frozenset()) for cell in ends]
    longest = max((wait for wait in waits if wait is not None), default=0)
    if control.settle < longest:
        return False
    return None if None in waits else True


def _window(topology: Topology, cell: Cell, seen: frozenset[Cell]) -> Seconds | None:
    """Seconds that something may be under way to a cell, runs that have to be waited for included; None: unknown."""
    longest: Seconds = 0
    formula = bases_of(topology, cell)
    if formula:
        befores = [
            _window(topology, Cell(term.system or cell.system, term.quantity), seen | {cell}) for term in formula
        ]
        return None if None in befores else max((each for each in befores if each is not None), default=0)
    for path in pruned_upstream(topology, cell).paths:
        if path.target != cell.system or path.source == cell.system or promises.refused(path):
            continue
        lefts = [
            left
            for left, mapping in (path.maps or {}).items()
            if mapping is not None and mapping.to is not None and landing(topology, path.target, mapping.to)[0] == cell
        ]
        for left in lefts:
            source = Cell(path.source, left)
            if source in seen:
                continue
            before = _window(topology, source, seen | {cell})
            step = _hop(topology, path)
            if before is None or step is None:
                return None
            longest = max(longest, before + step)
    return longest


def _hop(topology: Topology, path: WritePath) -> Seconds | None:
    if promises.applied_in_step(topology, path):
        return 0
    if path.latency is None or path.trigger is None:
        return None
    if promises.pulled(path):
        return None if path.every is None else path.latency + path.every
    return path.latency
