"""The **unknown facts** of a slice, and the topologies in which they are stated.

Two kinds. *Graded* facts have an answer that allows every run that any other answer allows, and one that allows the
fewest: whether a message may be lost, repeated, come out of order, be read in two steps. Of these, only the two ends
need be searched: what holds at both holds between them, because a run that a kinder answer allows is a run of the
harsher one. *Branching* facts change what the map is (what sets a path off, what it carries, who corrects whom);
all their answers are tried.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from handoffmap.model import DeadLetter, Dedupe, Poll, QuantityMapping, Retry, Schedule, Term
from handoffmap.vocabulary import ADDING
from handoffmap.witness import promises
from handoffmap.witness.firing import Firing
from handoffmap.witness.remembering import remembered
from handoffmap.witness.slices import carries, reports, under_one_key
from handoffmap.witness.units import Units, only_unit, same_unit
from handoffmap.witness.waiting import PATIENCE, settles_long_enough

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Cell, Control, Topology, WritePath
    from handoffmap.witness.slices import Upstream

__all__ = ["Answer", "Unknown", "branching", "completed", "delivering", "graded"]

_DAY = Fraction(86_400)


_SHAPELESS = frozenset({"dedupe", "op", "origin_tag", "trigger"})
"""Facts of a path that decide what it does, and not with what it has to do; its ledger's name is never an answer."""


class Answer(NamedTuple):
    """A change of declared facts of one entry."""

    section: str
    entry: str
    changes: tuple[tuple[str, Any], ...]

    @property
    def shapes(self) -> bool:
        """Whether it may add something to a slice, or take something from it."""
        return not all(self.section == "write_paths" and name in _SHAPELESS for name, _ in self.changes)


class Unknown(NamedTuple):
    """A fact that nobody has stated and that may decide; of a graded one the kindest answer stands first."""

    name: str
    answers: tuple[Answer, ...]


def completed(topology: Topology, answer: Answer) -> Topology:
    """The topology with one answer given."""
    section: dict[str, Any] = dict(getattr(topology, answer.section) or {})
    section[answer.entry] = section[answer.entry]._replace(**dict(answer.changes))
    sections: dict[str, Any] = {answer.section: section}
    return topology._replace(**sections)


def branching(topology: Topology, up: Upstream) -> Iterator[Unknown]:
    """Unknown facts of a slice of which every answer has to be tried."""
    firing = Firing(topology, up)
    for path in up.paths:
        yield from _of_path(topology, up, path, firing)
        if carries(path) == "state" and promises.pulled(path) is True and _beside_another_source(up, path):
            yield from _again(path)
        if carries(path) == "delta" and path.guard is None and _beside_remembering(topology, up, path):
            yield _path_fact(path, "guard", *({"guard": guard} for guard in _GUARDS))
    factors = _factors(topology, up)
    if factors:
        yield from factors if _takes_for_another(topology, up) else factors[1:]
    for control in up.controls:
        yield from _of_control(topology, control)
    for cell in up.cells:
        if topology.systems[cell.system].holds[cell.quantity].role == "derived" and _hangs_in_the_air(topology, cell):
            yield _of_bases(topology, cell)


def _hangs_in_the_air(topology: Topology, cell: Cell) -> bool:
    """Whether nobody has said what a computed cell is computed from, or something of that is held nowhere and moves."""
    terms = topology.systems[cell.system].holds[cell.quantity].derived_from
    if terms is None:
        return True
    nowhere = {
        term.quantity for term in terms if term.quantity not in topology.systems[term.system or cell.system].holds
    }
    return any(not nowhere.isdisjoint(event.effects) for event in topology.events.values())


def _of_bases(topology: Topology, cell: Cell) -> Unknown:
    """What a computed cell is computed from: from what it ought to be, or from nothing, so that it stays as it is.

    Where the map knows of nothing that it could be computed from, it may still be right by what the map leaves out.
    """
    own = topology.quantities.get(cell.quantity)
    holds = topology.systems[cell.system].holds
    stated = holds[cell.quantity]
    wanted = stated.derived_from or (own.formula if own is not None else None) or (Term(None, cell.quantity, 1),)
    found = [(term, _record(topology, cell, term)) for term in wanted]
    right = stated._replace(role="consumer")
    if all(system is not None for _, system in found):
        right = stated._replace(derived_from=tuple(term._replace(system=system) for term, system in found))
    answers = (right, stated._replace(derived_from=()))
    return Unknown(
        f"cell {cell} derived_from",
        tuple(Answer("systems", cell.system, (("holds", {**holds, cell.quantity: each}),)) for each in answers),
    )


def _record(topology: Topology, cell: Cell, term: Term) -> str | None:
    """The system whose number a term of a formula stands for: its own, or the record of the quantity."""
    for name in (term.system,) if term.system is not None else (cell.system, *sorted(topology.systems)):
        holding = topology.systems[name].holds.get(term.quantity)
        if (name, term.quantity) == cell or holding is None:
            continue
        named = name in {cell.system, term.system}
        if named or holding.role == "authoritative" or (holding.role == "derived" and holding.derived_from is not None):
            return name
    return None


def graded(topology: Topology, up: Upstream) -> list[Unknown]:
    """Unknown facts of a slice of which the kindest and the harshest answer are enough.

    Answers to such facts add nothing to a slice and take nothing from it: `up` may be that of the map before them.
    """
    paths = [topology.write_paths[path.id] for path in up.paths]
    found = [unknown for path in paths for unknown in _grades(path, in_step=promises.applied_in_step(topology, path))]
    found.extend(_factors(topology, up))
    cells = {*up.cells, *up.amounts}
    for path in (each for each in paths if not promises.puts_back(each)):
        for left, mapping in (path.maps or {}).items():
            lands = mapping is not None and (path.target, mapping.to) in cells
            if mapping is not None and lands and mapping.unit_factor not in {None, 1}:
                found.extend(_of_a_stranger(topology, path, left, mapping))
            if mapping is not None and lands:
                found.extend(_of_parts(topology, path, mapping))
    return found


def _factors(topology: Topology, up: Upstream) -> list[Unknown]:
    """Factors that nobody has stated. One alone is graded; of several each has to be tried: two may cancel out.

    So may one with what is taken for another unit than it is.
    """
    cells = {*up.cells, *up.amounts}
    return [
        unknown
        for path in (topology.write_paths[each.id] for each in up.paths)
        for left, mapping in (path.maps or {}).items()
        if mapping is not None
        and (path.target, mapping.to) in cells
        and mapping.unit_factor is None
        and not promises.puts_back(path)
        for unknown in _of_units(topology, path, left, mapping)
    ]


def _takes_for_another(topology: Topology, up: Upstream) -> bool:
    """Whether amounts that begin uncounted are taken for two units in a slice: no factor is right for both."""
    units = Units(topology, up.nearest_first)
    return any(
        left not in topology.systems[path.source].holds
        and mapping is not None
        and mapping.to is not None
        and mapping.to in topology.systems[path.target].holds
        and mapping.unit_factor is None
        and units.scale(path.source, left) != units.scale(path.target, mapping.to)
        for path in (topology.write_paths[each.id] for each in up.paths)
        for left, mapping in (path.maps or {}).items()
    )


def delivering(topology: Topology, path: WritePath, which: int) -> WritePath:
    """A path with every graded fact of its delivery answered the same way; what is asked next hangs on the answer."""
    return _delivering(path, which, in_step=promises.applied_in_step(topology, path))


@remembered
def _delivering(path: WritePath, which: int, *, in_step: bool) -> WritePath:
    while (unknown := next(_grades_of(path, in_step=in_step), None)) is not None and unknown.answers[which].changes:
        path = path._replace(**dict(unknown.answers[which].changes))
    return path


def _path_fact(path: WritePath, name: str, *answers: dict[str, Any]) -> Unknown:
    changes = tuple(Answer("write_paths", path.id, tuple(each.items())) for each in answers)
    return Unknown(f"path {path.id} {name}", changes)


# -- branching ---------------------------------------------------------------------------------------------

_OPS = {"delta": ("adjust", "set"), "state": ("set", "cas", "adjust")}
"""What a target may do with a payload, the right and the wrong, where nobody has said."""


def _of_path(topology: Topology, up: Upstream, path: WritePath, firing: Firing) -> Iterator[Unknown]:
    kind = carries(path)
    if kind is None:
        kinds = [
            {"payload": payload, "op": op}
            for payload, ops in _OPS.items()
            if payload == "delta" or _has_values(topology, path)
            for op in (ops if path.op is None else (path.op,))
        ]
        yield _path_fact(path, "payload", *kinds)
        return
    if path.op is None:
        yield _path_fact(path, "op", *({"op": op} for op in _OPS[kind]))
    if path.trigger is None and kind == "state" and path.base != "event":  # what an event states is sent as it comes
        yield _path_fact(path, "trigger", *_triggers(path))
    if kind == "delta" and path.events is None and not reports(path):
        yield _path_fact(path, "events", {"events": tuple(sorted(topology.events))}, {"events": ()})
    yield from _of_maps(topology, up, path, kind)
    if path.origin_tag is None and firing.on_circle(path):
        yield _path_fact(path, "origin_tag", {"origin_tag": True}, {"origin_tag": False})
    if kind == "delta" and path.dedupe is None and (firing.comes_twice(path) or _may_mind_orders(path)):
        yield _dedupe(path)
    if kind != "delta" or not isinstance(path.dedupe, Dedupe):
        return
    if path.dedupe.retention is None and _meets_another(up, path, firing):
        kept = (path.dedupe._replace(retention=retention) for retention in ("forever", Fraction(0)))
        yield _path_fact(path, "dedupe.retention", *({"dedupe": each} for each in kept))
    if promises.key_names(path, under_one_key(topology, up, path)) is None and any(under_one_key(topology, up, path)):
        yield _path_fact(
            path, "dedupe.unique_per_effect",
            {"dedupe": path.dedupe._replace(unique_per_effect=True)},
            {"dedupe": path.dedupe._replace(unique_per_effect=False)},
        )  # fmt: skip


def _has_values(topology: Topology, path: WritePath) -> bool:
    """Whether a path can send whole values at all: of what its source neither holds nor counts there are none."""
    holds = topology.systems[path.source].holds
    counted = {
        quantity
        for event in topology.events.values()
        if any(origin.system == path.source for origin in event.origins)
        for quantity, effect in event.effects.items()
        if effect.kind in {"set", "flag"}
    }
    return all(left in holds or left in counted for left, to in (path.maps or {}).items() if to is not None)


_GUARDS = ("state_machine", "none", "version", "event_time")
_BY_STAMP = frozenset({None, "version", "event_time"})


def _beside_remembering(topology: Topology, up: Upstream, path: WritePath) -> bool:
    """Whether another path into the same system goes by the state of an order, which helps only if both do.

    So with versions: what is written in the source's step may be what a whole value under way is refused for.
    """
    return any(
        other.id != path.id and other.target == path.target
        and (other.guard == "state_machine" or (other.guard in _BY_STAMP and _keeps_back(topology, other, path)))
        for other in up.paths
    )  # fmt: skip


def _keeps_back(topology: Topology, value: WritePath, amount: WritePath) -> bool:
    """Whether a whole value may be refused for an amount of the same source that came before it."""
    in_step = promises.applied_in_step(topology, amount)
    return in_step and value.source == amount.source and carries(value) == "state"


def _beside_another_source(up: Upstream, path: WritePath) -> bool:
    """Whether something else writes whole values there: then what sends again may do the good or the harm."""
    return any(
        other.target == path.target and other.source != path.source and carries(other) == "state" for other in up.paths
    ) or any(control.on_mismatch == "correct" and path.target in _corrected(control) for control in up.controls)


def _corrected(control: Control) -> list[str]:
    """The systems that a correction may write to."""
    return [cell.system for cell in (control.authority, control.mirror) if cell is not None]


def _meets_another(up: Upstream, path: WritePath, firing: Firing) -> bool:
    """Whether one instance may come to a path's ledger by two ways."""
    dedupe = path.dedupe
    if not isinstance(dedupe, Dedupe):
        return False
    return firing.comes_twice(path) or any(
        other.id != path.id
        and other.target == path.target
        and isinstance(other.dedupe, Dedupe)
        and other.dedupe.ledger is not None
        and other.dedupe.ledger == dedupe.ledger
        and (path.events is None or other.events is None or bool(set(path.events) & set(other.events)))
        for other in up.paths
    )


def _dedupe(path: WritePath) -> Unknown:
    good = Dedupe(retention="forever", stable_across_retries=True, unique_per_effect=True)
    return _path_fact(path, "dedupe", {"dedupe": good}, {"dedupe": "none"})


def _repeats(path: WritePath) -> bool:
    once = path.guard == "state_machine"
    return promises.repeats(path) is not False and not (path.op in {"reserve", "release"} and once)


def _may_mind_orders(path: WritePath) -> bool:
    """Whether it hangs on its ledger alone that a target releases what it knows to be reserved, and nothing else."""
    return path.op in {"reserve", "release"} and path.guard != "state_machine"


def _triggers(path: WritePath) -> tuple[dict[str, Any], ...]:
    """A push, or whichever kind of pull its other facts speak of; a poll brings its own questions with it."""
    if path.schedule is not None:
        return {"trigger": "schedule"}, {"trigger": "queue"}
    return {"trigger": "poll"}, {"trigger": "queue"}


def _of_maps(topology: Topology, up: Upstream, path: WritePath, kind: str) -> Iterator[Unknown]:
    cells = {cell.quantity for cell in up.cells if cell.system == path.target}
    if kind == "delta":
        cells |= {quantity for system, quantity in up.amounts if system == path.target}
    source = topology.systems[path.source].holds
    target = topology.systems[path.target].holds
    if path.maps is None:
        anything = kind == "delta" or promises.puts_back(path)
        same = {name: QuantityMapping(name) for name in target if anything or name in source}
        if cells & set(same):
            yield _path_fact(path, "maps", {"maps": same}, {"maps": {}})
        return
    for left, mapping in path.maps.items():
        if mapping is None and left in target and left in cells:
            stated = dict(path.maps)
            yield _path_fact(
                path, f"maps.{left}",
                {"maps": {**stated, left: QuantityMapping(left)}},
                {"maps": {**stated, left: QuantityMapping(None)}},
            )  # fmt: skip


def _of_units(topology: Topology, path: WritePath, left: str, mapping: QuantityMapping) -> Iterator[Unknown]:
    """Without a factor, cells of different units (or one whose unit is not stated) may or may not be told apart."""
    source, target = topology.systems[path.source].holds, topology.systems[path.target].holds
    right_side = mapping.to or left
    if right_side not in target or mapping.plus or mapping.minus:
        return
    there = same_unit(target[right_side].unit)
    here = same_unit(source[left].unit) if left in source else only_unit(topology.systems[path.source]) or there
    if here is not None and here == there:
        return
    if here is None or there is None:
        for system, quantity, unit in ((path.source, left, here), (path.target, right_side, there)):
            holds = topology.systems[system].holds
            if unit is None and quantity in holds:
                same = here or there or "each"
                if left not in source:
                    yield _of_bare_unit(topology, path, left, mapping)
                    return
                answers = tuple(
                    Answer("systems", system, (("holds", {**holds, quantity: holds[quantity]._replace(unit=name)}),))
                    for name in (same, f"not {same}")
                )
                yield Unknown(f"cell {system}.{quantity} unit", answers)
                return
        return
    right = Fraction(Units(topology).right_factor(path.source, left, path.target, right_side))
    maps = dict(path.maps or {})
    yield _path_fact(
        path, f"maps.{left}.unit_factor",
        {"maps": {**maps, left: mapping._replace(unit_factor=right)}},
        {"maps": {**maps, left: mapping._replace(unit_factor=Fraction(1))}},
    )  # fmt: skip


def _of_parts(topology: Topology, path: WritePath, mapping: QuantityMapping) -> Iterator[Unknown]:
    """A factor that makes parts of a unit, at a cell of which nobody has said whether it can hold them."""
    holds = topology.systems[path.target].holds
    factor, right = mapping.unit_factor, str(mapping.to)
    parted = isinstance(factor, Fraction) and factor.denominator != 1
    if parted and mapping.rounding in {None, "none"} and right in holds and holds[right].integer_only is None:
        answers = tuple(
            Answer("systems", path.target, (("holds", {**holds, right: holds[right]._replace(integer_only=whole)}),))
            for whole in (False, True)
        )
        yield Unknown(f"cell {path.target}.{right} integer_only", answers)


def _of_a_stranger(topology: Topology, path: WritePath, left: str, mapping: QuantityMapping) -> Iterator[Unknown]:
    """A stated factor on what begins where nothing is held: it is right for one unit, and nobody has said which."""
    source = topology.systems[path.source]
    if left in source.holds or path.base == "event" or only_unit(source) is not None:
        return
    if not _begins_uncounted(topology, path.source, left, frozenset()):
        return
    there = topology.systems[path.target].holds.get(mapping.to or left)
    whole = mapping.rounding not in {None, "none"} or (there is not None and there.integer_only)
    if whole and isinstance(mapping.unit_factor, Fraction) and mapping.unit_factor.denominator != 1:
        return  # parts of a unit are cut off, whatever the unit is
    maps = dict(path.maps or {})
    pieces = Fraction(Units(topology).scale(path.target, mapping.to or left))
    harsh = mapping if mapping.unit_factor != 1 / pieces else mapping._replace(unit_factor=Fraction(1))
    yield _path_fact(
        path, f"system {path.source} unit",
        {"maps": {**maps, left: mapping._replace(unit_factor=None)}}, {"maps": {**maps, left: harsh}},
    )  # fmt: skip


def _begins_uncounted(topology: Topology, system: str, quantity: str, seen: frozenset[tuple[str, str]]) -> bool:
    """Whether amounts of a quantity begin at a system that holds none of it, here or before relays."""
    if quantity in topology.systems[system].holds or (system, quantity) in seen:
        return False
    if any(
        origin.system == system and quantity in event.effects
        for event in topology.events.values()
        for origin in event.origins
    ):
        return True
    return any(
        mapping is not None and mapping.to == quantity
        and _begins_uncounted(topology, path.source, left, seen | {(system, quantity)})
        for path in topology.write_paths.values()
        if path.target == system and path.enabled
        for left, mapping in (path.maps or {}).items()
    )  # fmt: skip


def _of_bare_unit(topology: Topology, path: WritePath, left: str, mapping: QuantityMapping) -> Unknown:
    """The unit of a cell that is fed by a system without a count: its amounts may be in any unit."""
    holds = topology.systems[path.target].holds
    quantity = mapping.to or left
    named = {**holds, quantity: holds[quantity]._replace(unit="each")}
    kind = Answer("systems", path.target, (("holds", named),))
    maps = {**(path.maps or {}), left: mapping._replace(unit_factor=Fraction(12))}
    harsh = Answer("write_paths", path.id, (("maps", maps),))
    return Unknown(f"cell {path.target}.{quantity} unit", (kind, harsh))


def _of_control(topology: Topology, control: Control) -> Iterator[Unknown]:
    def fact(name: str, *answers: dict[str, Any]) -> Unknown:
        changes = tuple(Answer("controls", control.id, tuple(each.items())) for each in answers)
        return Unknown(f"control {control.id} {name}", changes)

    if control.on_mismatch is None:
        yield fact("on_mismatch", {"on_mismatch": "correct"}, {"on_mismatch": "none"})
        return
    if control.scope is None:
        yield fact("scope", {"scope": "full"}, {"scope": "sampled"})
    elif control.scope != "full":
        return
    if control.every is None:
        yield fact("every", {"every": _DAY}, {"on_mismatch": "none"})
    if control.on_mismatch in {"alert", "report"} and control.last_success_monitored is None:
        yield fact("last_success_monitored", {"last_success_monitored": True}, {"last_success_monitored": False})
    if control.on_mismatch == "correct" and settles_long_enough(topology, control) is None:
        yield fact("settle", {"settle": PATIENCE}, {"settle": -Fraction(1)})


# -- graded ------------------------------------------------------------------------------------------------


def _crash(path: WritePath) -> Unknown:
    """Whether a crash can come between the event and its message."""
    if path.handoff is not None:  # one that can break, of a path that may be pulled and have none
        return _path_fact(path, "trigger", {"trigger": "cdc"}, {"trigger": "queue"})
    return _path_fact(path, "handoff", {"handoff": "outbox"}, {"handoff": "dual_write"})


def _guard(path: WritePath, kind: str | None) -> Unknown:
    good, bad = ("none", "version") if kind == "delta" else ("version", "none")
    if path.op in {"reserve", "release"}:
        good = "state_machine"
    return _path_fact(path, "guard", {"guard": good}, {"guard": bad})


@remembered
def _grades(path: WritePath, *, in_step: bool) -> tuple[Unknown, ...]:
    return tuple(_grades_of(path, in_step=in_step))


def _grades_of(path: WritePath, *, in_step: bool) -> Iterator[Unknown]:
    kind = carries(path)
    sure = in_step or promises.gated(path)
    if promises.crashes(path, in_step=in_step) is None:
        yield _crash(path)
    if kind == "delta" and path.dedupe is None and _repeats(path) and not _may_mind_orders(path) and not sure:
        # Each instance comes to this path once (else `branching` asks): to recognise repetitions can only help.
        yield _dedupe(path)
    if not sure:
        yield from _on_the_way(path, kind)
    if path.order is None:
        yield _path_fact(path, "order", {"order": "per_key"}, {"order": "none"})
    if path.guard is None:
        yield _guard(path, kind)
    if promises.split_write(path) is None:
        yield _path_fact(path, "concurrency", {"concurrency": "atomic"}, {"concurrency": "none"})
    if kind == "state" and promises.pulled(path) is True:
        yield from _again(path)


def _again(path: WritePath) -> Iterator[Unknown]:
    """What decides whether each run sends everything."""
    covers = [_covers(path, "full"), _covers(path, "changed_only")]
    again: list[dict[str, Any]] = [{"only_if_changed": False}, {"only_if_changed": True}]
    turn = -1 if path.op in ADDING else 1  # what is added does the less harm the less often it is sent
    if path.covers is None:
        yield _path_fact(path, "covers", *covers[::turn])
    if path.only_if_changed is None:
        yield _path_fact(path, "only_if_changed", *again[::turn])


def _covers(path: WritePath, covers: Literal["full", "changed_only"]) -> dict[str, Any]:
    if path.poll is not None and path.schedule is None:
        return {"poll": path.poll._replace(covers=covers)}
    return {"schedule": (path.schedule or Schedule())._replace(covers=covers)}


def _on_the_way(path: WritePath, kind: str | None) -> Iterator[Unknown]:
    if path.delivery is None:
        hurt = kind == "delta" and (promises.recognises(path) is not True or promises.forgets(path) is not False)
        # A ledger further down may swallow what comes twice, and none brings what was lost: the harsh end does both.
        both = {"delivery": "at_least_once", "ack": "before_processing"}
        worst = both if hurt else {"delivery": "at_most_once"}
        yield _path_fact(path, "delivery", {"delivery": "exactly_once_effect"}, worst)
    if kind == "delta" and promises.repeats(path) is not False and isinstance(path.dedupe, Dedupe):
        if path.dedupe.stable_across_retries is None and promises.recognises(path) is None:
            yield _path_fact(
                path, "dedupe.stable_across_retries",
                {"dedupe": path.dedupe._replace(stable_across_retries=True)},
                {"dedupe": path.dedupe._replace(stable_across_retries=False)},
            )  # fmt: skip
        elif promises.forgets(path) is None:
            name = "dedupe.retention" if path.dedupe.retention is None else "retry.horizon"
            yield _path_fact(
                path, name,
                {"dedupe": path.dedupe._replace(retention="forever")},
                {"dedupe": path.dedupe._replace(retention=Fraction(0)), **_late(path)},
            )  # fmt: skip
    if promises.loses(path) is None and path.delivery is not None:
        yield _path_fact(path, _what_loses(path), _kept(path), _lost(path))


def _late(path: WritePath) -> dict[str, Any]:
    """Facts under which a repetition comes late for certain, those that are stated left alone.

    Attempts that nobody has counted end: then one message may come late, and another be lost.
    """
    retry = path.retry
    if isinstance(retry, Retry):
        return {"retry": retry._replace(horizon=retry.horizon or _DAY)} | _alert(path)
    attempts: int | Literal["unlimited"] = 2 if path.dead_letter == "none" else "unlimited"
    return {"retry": Retry(max_attempts=attempts, horizon=_DAY)} | _alert(path) if retry is None else _alert(path)


def _alert(path: WritePath) -> dict[str, Any]:
    letter = path.dead_letter
    if letter is None:
        return {"dead_letter": DeadLetter(monitored=True, replay="manual", alert_within=_DAY)}
    if letter == "none" or letter.replay not in {None, "manual"} or letter.alert_within is not None:
        return {}
    return {"dead_letter": letter._replace(replay="manual", alert_within=_DAY)}


def _what_loses(path: WritePath) -> str:
    if promises.skips(path) is None:
        return "poll"
    if path.ack is None and path.dead_letter is not None and path.retry is not None:
        return "ack"
    return "dead_letter" if path.dead_letter is None or path.retry is not None else "retry"


def _kept(path: WritePath) -> dict[str, Any]:
    """Facts under which nothing is lost, those that are stated left alone."""
    found: dict[str, Any] = {}
    if path.ack is None:
        found["ack"] = "after_commit"
    letter = path.dead_letter
    if isinstance(letter, DeadLetter):
        found["dead_letter"] = letter._replace(
            replay=letter.replay or "manual", monitored=True if letter.monitored is None else letter.monitored
        )
    elif letter is None and path.retry is not None:
        found["dead_letter"] = DeadLetter(monitored=True, replay="auto")
    elif path.retry is None:
        found["retry"] = Retry(max_attempts="unlimited", horizon=Fraction(0))
    elif isinstance(path.retry, Retry) and path.retry.max_attempts is None:
        found["retry"] = path.retry._replace(max_attempts="unlimited")
    if promises.skips(path) is None:
        poll = path.poll or Poll()
        found["poll"] = poll._replace(
            watermark=poll.watermark or "cursor",
            advance_on=poll.advance_on or "success_only",
            lookback=PATIENCE if poll.lookback is None else poll.lookback,
            every=Fraction(0) if path.every is None else poll.every,
        )
    if path.subscription is not None and not path.subscription.monitored:
        if path.subscription.monitored is None:
            found["subscription"] = path.subscription._replace(monitored=True)
        elif path.subscription.backstop is None:
            found["subscription"] = path.subscription._replace(backstop="another path")
    return found


def _lost(path: WritePath) -> dict[str, Any]:
    """Facts under which a message may be lost, those that are stated left alone."""
    lapse = path.subscription
    if lapse is not None and not lapse.monitored and lapse.backstop in {None, "none"}:
        return {"subscription": lapse._replace(monitored=False, backstop="none")}
    if path.ack is None and promises.acknowledged(path):
        return {"ack": "before_processing"}
    if promises.skips(path) is None:
        return {"poll": (path.poll or Poll())._replace(advance_on="always")}
    letter = path.dead_letter
    if isinstance(letter, DeadLetter):
        return {"dead_letter": letter._replace(replay=letter.replay or "none", monitored=False)}
    if letter is None:
        return {"dead_letter": "none", "retry": "none" if path.retry is None else _ending(path.retry)}
    return {"retry": "none" if path.retry is None else _ending(path.retry)}


def _ending(retry: Any) -> Any:
    return retry._replace(max_attempts=retry.max_attempts or 1) if isinstance(retry, Retry) else retry
