"""What can go wrong with an event's amounts on their whole way to a cell: rules about handoffs, along the walk.

A fault of a hop is told at the first held cell behind it. Cells further down point at that one; a relay, which holds
nothing, passes its faults on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.model import Cell, QuantityMapping
from handoffmap.premises.claim import BROKEN, Answers, Ask, Claim, sorted_out
from handoffmap.premises.graph import Write
from handoffmap.premises.ledger import ledger_of, recognises
from handoffmap.premises.lifecycle import overtaking
from handoffmap.rules import judges_for
from handoffmap.rules.item_key_mismatch import same_application
from handoffmap.rules.quantity_mismatch import renamed_rightly
from handoffmap.rules.unit_mismatch import only_unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import WritePath
    from handoffmap.premises.cells import Case, Handoff
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.survey import Survey

__all__ = ["Streams"]

PASSED_ON = 8
"""Faults of one relay that are passed on to each cell behind it; all of them are told for their own path."""


TWICE = frozenset({"duplicate-delivery", "dedupe-key-unstable", "dedupe-window-short"})
"""Rules about repetitions: harmless where a ledger further down still knows the instance."""

LOST = frozenset(
    {
        "lost-delivery", "unwatched-dead-letter", "ack-before-commit", "dual-write", "subscription-lapse",
        "poll-window-gap", "watermark-defect", "refused-delta",
    }
)  # fmt: skip
"""Rules about messages that never come: harmless where a second route shares the ledger and loses none."""
TORN = "dedupe-key-too-coarse"
"""A rule about paths that `reach` speaks for, too, where two paths tear an event between them."""


STAYS_THERE = frozenset({"clamp-at-zero", "operation-mismatch", "buffer-misuse", "status-collapse"})
"""Rules about the number in a cell, which say nothing about the amounts that go on from there."""


def _effect(claim: Claim) -> str:
    """What a fault does to the amounts that go on: they come `twice`, or are `lost`; empty for anything else."""
    if claim.slug in {"twice", *TWICE}:
        return "twice"
    return "lost" if claim.slug in {"lost", *LOST, "dedupe-key-too-coarse"} else ""


class _Stream(NamedTuple):
    """What bears on an event's amounts by the time they are at a system."""

    claims: tuple[Claim, ...]
    """Faults told nowhere else so far: those of hops into relays."""
    above: tuple[Claim, ...]
    """One claim for each held cell at which a fault is told."""

    def behind(self, path: WritePath, known: bool | None) -> _Stream:  # noqa: FBT001 - three-valued
        """What is left of it behind a path whose ledger knows repetitions (or may: None)."""
        if known is False:
            return self
        if known:
            kept = tuple(claim for claim in self.above if claim.slug != "twice")
            return _Stream(tuple(claim for claim in self.claims if claim.slug not in TWICE), kept)
        ask = (Ask("path", path.id, "dedupe"),)
        return _Stream(
            tuple(c._replace(holds=None, asks=(*c.asks, *ask)) if c.slug in TWICE else c for c in self.claims),
            tuple(c._replace(holds=None, asks=(*c.asks, *ask)) if c.slug == "twice" else c for c in self.above),
        )


class Streams:
    """The rules' answers about each handoff, asked once, and put together along the walks."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._answers: dict[str, Answers] = {}
        self._written: dict[tuple[str, Cell], Answers] = {}
        self._alike: dict[tuple[object, ...], Answers] = {}
        """Kind of handoff or of write -> what holds for all of that kind; faults name their path and are not shared."""
        self._streams: dict[tuple[str, str, str, str], _Stream] = {}
        self._disorders: dict[Cell, tuple[Claim, ...]] = {}
        """Cell -> what comes there too early for the state of its order."""
        self._elsewhere: dict[tuple[str, str], set[str]] = {}
        """System and event -> where what has not been there may be."""
        self._turning: set[str] | None = None
        """Paths that turn a sign over; None: not looked for yet."""

    def of_handoff(self, handoff: Handoff) -> Answers:
        """All claims about one path, whatever cell it writes."""
        found = self._answers.get(handoff.path.id)
        if found is None:
            kind = handoff.kind
            found = self._alike.get(kind)
            if found is None:
                judges = judges_for("handoff")
                answers = [judge(handoff) for judge in judges]
                if handoff.flow == "delta":
                    answers += [judge(handoff) for judge in judges_for("delta")]
                elif handoff.flow is None:
                    answers += [_if_an_amount(judge(handoff)) for judge in judges_for("delta")]
                found = self._shared(kind, sorted_out(answers))
            self._answers[handoff.path.id] = found
        return found

    def _shared(self, kind: tuple[object, ...], answers: Answers) -> Answers:
        """Keep answers for all others of this kind, where nothing is at fault."""
        if answers.faults:
            return answers
        found = self._alike[kind] = Answers(tuple(each._replace(path=None) for each in answers.held), ())
        return found

    def of_write(self, path: WritePath, cell: Cell) -> Answers:
        """All claims about what one path writes into one cell."""
        case = self._survey.case(cell)
        writes = case.writes.get(path.id, ())
        kind = kind_of(writes[0], case) if len(writes) == 1 else None
        found = self._alike.get(kind) if kind is not None else self._written.get((path.id, cell))
        if found is None:
            found = sorted_out([judge(write, case) for write in writes for judge in judges_for("write")])
            if kind is not None:
                found = self._shared(kind, found)
            else:
                self._written[path.id, cell] = found
        return found

    def handed_on(self, case: Case) -> list[Claim]:
        """The faults that the sources of a cell's delta paths hand on."""
        passed: dict[tuple[str, str | None, tuple[Cell, ...]], Claim] = {}
        spared = self.spared(case)
        for name, path in case.deltas.items():
            if not self._survey.arrivals.may_enter(path.source):
                continue  # all that it sends begins there
            known = self._knows(path)
            for left in self._lefts(path, case.cell.quantity):
                for event in case.carried[name]:
                    if path.origin_tag and self._only_from(case.cell.system, path.source, event):
                        continue  # what came from here is not sent back here
                    apart = case.cell.system if path.origin_tag and self._stands_alone(case.cell.system, event) else ""
                    stream = self._at(path.source, left, event, apart).behind(path, known)
                    for claim in (*stream.claims, *stream.above):
                        told = _without_what_is_spared(claim, spared.get(name))
                        away = _lost_on_its_way_from(case.cell.system, claim) and not _passes_by(case, event)
                        if told is None or away or claim.upstream == (case.cell,):
                            continue
                        key = (claim.slug, claim.path.id if claim.path is not None else None, claim.upstream)
                        before = passed.get(key)
                        if before is None or told.holds is False:
                            passed[key] = told
        return list(passed.values())

    def _only_from(self, system: str, middle: str, event: str) -> bool:
        """Whether nothing brings an event to another system but what started at this one, or has started there."""
        facts = self._survey.topology.events[event]
        return not any(
            (landing.heard or landing.maybe_heard) and not start.own and start.among != {system}
            for start, landing in self._survey.arrivals.heard_at(facts, middle)
        )

    def _stands_alone(self, system: str, event: str) -> bool:
        """Whether it is worth the work to look at what has not been at a system: it is not for one of many alike."""
        return self._survey.arrivals.stands_alone(self._survey.topology.events[event], system)

    def _reached_without(self, system: str, event: str) -> set[str]:
        """Where an event may be that has not been at one system: of what has, a tag lets nothing back there."""
        found = self._elsewhere.get((system, event))
        if found is None:
            todo = [each.system for each in self._survey.topology.events[event].origins if each.system != system]
            found = self._elsewhere[system, event] = set(todo)
            while todo:
                onward = self._survey.graph.paths_from(todo.pop())
                new = {path.target for path in onward if self._carries(path, event)} - found - {system}
                found |= new
                todo.extend(new)
        return found

    def spared(self, case: Case) -> dict[str, tuple[Ask, ...]]:
        """The paths whose losses do not matter to a cell: another one of the same ledger surely brings the same.

        With the facts on which that hangs.
        """
        rivals: dict[tuple[str, str], set[str]] = {}
        for journey in case.journeys:
            for path in journey.landing.swallowed.get(case.cell.quantity, ()) if journey.landing.swallowed else ():
                first = [
                    a.path for a in journey.arrivals if a.path is not None and ledger_of(a.path) == ledger_of(path)
                ]
                rivals.setdefault(ledger_of(path), set()).update((path.id, *(each.id for each in first)))
        found: dict[str, tuple[Ask, ...]] = {}
        for names in rivals.values():
            here = sorted(names & set(case.deltas))
            losses = {name: self._losses(case, name) for name in here}
            for name in here:
                for other in here:
                    doubts = losses[other]
                    if other == name or doubts is None or not _wherever(case, name, other):
                        continue
                    if name not in found or not doubts:
                        found[name] = doubts
        return found

    def _losses(self, case: Case, name: str) -> tuple[Ask, ...] | None:
        """Whether anything may be lost on the whole way to a path's target: None yes, else the facts it hangs on."""
        path = case.deltas[name]
        faults = list(self.of_handoff(self._survey.handoff(path)).faults)
        for left in self._lefts(path, case.cell.quantity):
            for event in case.carried[name]:
                stream = self._at(path.source, left, event)
                faults += [*stream.claims, *(claim for claim in stream.above if claim.slug != "twice")]
        losing = [claim for claim in faults if claim.slug in {*LOST, "lost"} or not claim.slug]
        if any(claim.holds is False for claim in losing):
            return None
        unsure = [Ask("path", name, "events")] if path.events is None else []
        unsure += (ask for event in case.carried[name] for ask in self._heard_perhaps(event, path.source))
        return tuple(
            dict.fromkeys(
                (*unsure, *(ask for claim in losing for ask in claim.asks or (Ask("path", name, "delivery"),)))
            )
        )

    def _heard_perhaps(self, event: str, system: str) -> Iterator[Ask]:
        """The facts on which it hangs whether a system hears of an event that happens elsewhere."""
        for start, landing in self._survey.arrivals.heard_at(self._survey.topology.events[event], system):
            if not start.own and not landing.heard:
                yield from (ask for _, doubts in landing.maybe_heard for ask in doubts)

    def _knows(self, path: WritePath) -> bool | None:
        """Whether a path's ledger recognises an instance that has come before, however it was repeated."""
        if path.dedupe == "none":
            return False
        if path.dedupe is None:
            return None
        return recognises(path, self._survey.graph.seen_by_ledger(path)).sound

    def _lefts(self, path: WritePath, quantity: str) -> list[str]:
        """The source quantities that a path writes into a target quantity."""
        if path.maps is None:
            return [quantity]
        return [left for left, to in path.maps.items() if to is not None and to.to == quantity]

    def _at(  # noqa: C901, PLR0912 - one way in after another
        self, system: str, quantity: str, event: str, apart: str = ""
    ) -> _Stream:
        """`apart`: without what has been at that system, because a tag keeps it from going on."""
        key = (system, quantity, event, apart)
        found = self._streams.get(key)
        if found is not None:
            return found
        self._streams[key] = _Stream((), ())  # what comes round again adds nothing
        claims: dict[tuple[str, str], Claim] = {}
        above: dict[tuple[object, ...], Claim] = {}
        cell = Cell(system, quantity)
        kept = cell in self._survey.graph.cells
        begins = self._only_from(apart or system, system, event)
        for path in self._survey.graph.paths_into(system) if not begins else ():
            if not self._brings(path, event):
                continue
            if apart and path.source not in self._reached_without(apart, event):
                continue
            faults = list(self.of_handoff(self._survey.handoff(path)).faults)
            known = self._knows(path)
            if kept:
                # Amounts are forwarded as they arrived, whatever becomes of the number in the cell.
                faults += (claim for claim in self.of_write(path, cell).faults if self._goes_on(claim))
            for slug in ("", "twice", "lost") if kept else ():
                alike = [claim for claim in faults if _effect(claim) == slug]
                if not alike:
                    continue
                worst = min(alike, key=lambda claim: claim.holds is None)
                back = slug == "lost" or self._survey.graph.paths_between(system, path.source)
                left_at = (path.source,) if back else ()
                previous = above.get((slug, cell, *left_at))
                if previous is None or previous.holds is None:
                    above[(slug, cell, *left_at)] = Claim(
                        slug,
                        worst.premise,
                        worst.holds,
                        f"{cell} does not get every {event} exactly once",
                        None,
                        upstream=(cell,),
                        drift=worst.drift,
                        events=(event,),
                        systems=left_at,
                    )
            if not kept and len(claims) < PASSED_ON:
                faults += self._changed_into_relay(path, quantity, event)
                claims.update({(claim.slug, path.id): claim for claim in faults})
            for left in self._lefts(path, quantity):
                before = self._at(path.source, left, event, apart).behind(path, known)
                for claim in before.claims[:PASSED_ON]:
                    if _lost_on_its_way_from(system, claim):
                        continue
                    if len(claims) < PASSED_ON and claim.path is not None:
                        claims.setdefault((claim.slug, claim.path.id), claim)
                for claim in before.above:
                    if len(above) >= PASSED_ON:
                        break
                    if not _lost_on_its_way_from(system, claim):
                        above.setdefault((claim.slug, *claim.upstream, *claim.systems), claim)
        early = self._too_early(cell, event) if not begins else None
        if early is not None and kept:
            because = f"{cell} may take {event} for too early"
            above.setdefault(
                ("", cell), early._replace(slug="", because=because, path=None, message="", upstream=(cell,))
            )
        elif early is not None and early.path is not None:
            claims.setdefault((early.slug, early.path.id), early)
        # What is certain goes first: of many ways by which amounts are lost, each cell behind is told of a few.
        told = sorted(above.values(), key=lambda claim: claim.holds is None)[:PASSED_ON]
        found = self._streams[key] = _Stream(tuple(claims.values()), tuple(told))
        return found

    def _too_early(self, cell: Cell, event: str) -> Claim | None:
        """What comes too early for the state of its order: it is not applied, and does not go on either."""
        found = self._disorders.get(cell)
        if found is None:
            bringing = {
                path.id: (path, [name for name in path.events or () if self._brings(path, name)])
                for path in self._survey.graph.paths_into(cell.system)
                if path.maps is None or any(to is not None and to.to == cell.quantity for to in path.maps.values())
            }
            found = self._disorders[cell] = sorted_out(overtaking(self._survey, cell, bringing)).faults
        return min((claim for claim in found if event in claim.events), key=lambda c: c.holds is None, default=None)

    def _goes_on(self, claim: Claim) -> bool:
        """Whether a fault of what is written into a cell is one of the amounts that go on from there, too."""
        if claim.slug not in STAYS_THERE:
            return True
        turned = claim.slug == "operation-mismatch" and claim.keys[:1] == ("maps",)
        return turned and claim.path is not None and not self._turned_back(claim.path)

    def _changed_into_relay(self, path: WritePath, quantity: str, event: str) -> list[Claim]:
        """A hop into a relay that renames, scales or turns the amount: no cell is there to check what comes out."""
        for left, to in (path.maps or {}).items():
            if to is None or to.to != quantity:
                continue
            renamed = renamed_rightly(self._survey, Write(path, Cell(path.target, quantity), left, to), event)
            if renamed is False:
                return [
                    Claim(
                        "quantity-mismatch",
                        "TA2",
                        BROKEN,
                        f"{event} moves {left} and {quantity} differently",
                        path,
                        f"{path.id} passes {left} of {path.source} on as {quantity}",
                        keys=("maps", left),
                        events=(event,),
                    )
                ]
            as_it_is = to.unit_factor in {None, 1} and to.rounding in {None, "none"}
            if as_it_is and (renamed or to.sign != "negated" or self._turned_back_behind(path.target, quantity)):
                continue
            if to.sign == "negated" and not self._turned_back(path):
                return [
                    Claim(
                        "operation-mismatch",
                        "TA2",
                        BROKEN,
                        f"the sign is turned over on its way into {path.target}, and no path turns it back",
                        path,
                        f"{path.id} takes off {left} what it should add, and adds what it should take off",
                        keys=("maps", left),
                    )
                ]
            return [
                Claim(
                    "unit-mismatch",
                    "TA2",
                    None,
                    f"{left} is changed on its way into {path.target}, which holds nothing",
                    path,
                    f"{path.id} may change {left} before it reaches a cell",
                    keys=("maps", left),
                    asks=(Ask("path", path.id, f"maps.{left}.unit_factor"),),
                )
            ]
        return []

    def _turned_back_behind(self, relay: str, quantity: str) -> bool:
        """Whether every path that takes a quantity on from a relay turns its sign over again."""
        onward = [(path.maps or {}).get(quantity) for path in self._survey.graph.paths_from(relay)]
        return all(to is not None and to.sign == "negated" for to in onward)

    def _turned_back(self, path: WritePath) -> bool:
        """Whether another path turns a sign over, so that what this one turns may come out right."""
        if self._turning is None:
            self._turning = {
                other.id
                for other in self._survey.topology.write_paths.values()
                if any(mapping is not None and mapping.sign == "negated" for mapping in (other.maps or {}).values())
            }
        return not self._turning <= {path.id}

    def _brings(self, path: WritePath, event: str) -> bool:
        return self._carries(path, event) and self._survey.arrivals_at(event, path.source)

    def _carries(self, path: WritePath, event: str) -> bool:
        return self._survey.handoff(path).flow in {"delta", None} and (path.events is None or event in path.events)


def _without_what_is_spared(claim: Claim, asks: tuple[Ask, ...] | None) -> Claim | None:
    """A fault of the way to a path where another route makes good what is lost: at once, or if it loses nothing."""
    told = claim._replace(slug="") if claim.slug in {"twice", "lost"} else claim
    if asks is None or _effect(claim) != "lost":
        return told
    return told._replace(holds=None, asks=(*claim.asks, *asks)) if asks else None


def _wherever(case: Case, name: str, other: str) -> bool:
    """Whether one path surely brings all that another one brings, or would if it came first."""
    quantity = case.cell.quantity
    for journey in case.journeys:
        refused = {path.id for path in journey.landing.swallowed.get(quantity, ())}
        brought = {arrival.path.id: arrival.doubts for arrival in journey.arrivals if arrival.path is not None}
        if (name in refused or name in brought) and not (other in refused or brought.get(other) == ()):
            return False
    return True


def _passes_by(case: Case, event: str) -> bool:
    """Whether an event happens at a cell's system without being applied to the cell."""
    here = any(each.id == event for each, _ in case.graph.origins.get(case.cell.system, ()))
    return here and all(own.id != event for own, _ in case.own)


def _lost_on_its_way_from(system: str, claim: Claim) -> bool:
    """Whether a claim is about messages lost on their way out from a system: what left there has been there."""
    if claim.systems:
        return claim.systems == (system,)
    return claim.path is not None and claim.path.source == system and claim.slug in LOST


def _if_an_amount(answer: Answer | None) -> Answer | None:
    """What a rule about amounts says of a path of which nobody has said what it carries."""
    if answer.__class__ is Claim and answer.holds is False:
        assert answer.path is not None  # noqa: S101 - a rule about paths names its path
        return answer._replace(holds=None, asks=(Ask("path", answer.path.id, "payload"),))
    return answer


def kind_of(write: Write, case: Case) -> tuple[object, ...] | None:
    """All that the rules about writes may go by, for a quantity that is carried over as it is; None for any other."""
    path, cell, left, mapping = write
    if path.fields or path.clamp_at_zero or path.guard == "cas" or left != cell.quantity or mapping[1:] != _AS_IT_IS:
        return None
    source = case.graph.systems[path.source]
    held_there = source.holds.get(left)
    own = case.survey.topology.quantities.get(left)
    return (
        path.payload,
        path.op,
        path.base,
        path.location,
        (bool(source.holds), only_unit_of(source)) if held_there is None else held_there.counted_as,
        case.holding.counted_as,
        source.item_key,
        case.system.item_key,
        source.id == cell.system or same_application(source, case.system),
        own is not None and own.meaning,
        # What the rule about kits goes by, where either end speaks of any.
        (source.sells_kits or case.system.holds_components)
        and (source.sells_kits, case.system.holds_components, bool(path.items)),
    )


_AS_IT_IS = tuple(QuantityMapping(None))[1:]
