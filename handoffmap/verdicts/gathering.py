"""Everything that is said of one cell: rules -> **gathering** -> verdicts.

What the rules say of the cell, of what writes it and of the way to it, less what another route makes good; and with
each fault whether a healer of the cell can make it good at all.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handoffmap.model import Cell, Dedupe
from handoffmap.premises.claim import BROKEN, Ask, Claim, said, sorted_out
from handoffmap.premises.computed import booked_whole
from handoffmap.premises.conflict import conflicts_of
from handoffmap.premises.firing import comes_back, finds_it_there, fires_on_every_change
from handoffmap.premises.graph import compares
from handoffmap.premises.ledger import tells_apart
from handoffmap.premises.loops import loops_of
from handoffmap.premises.ordering import perhaps_one_stamp
from handoffmap.premises.phrases import listed
from handoffmap.premises.reach import reach_of
from handoffmap.rules import judges_for, rules_for
from handoffmap.rules.unit_mismatch import SINGLE
from handoffmap.verdicts.lacking import LACKING
from handoffmap.verdicts.passing import passes_through, without_what_passes
from handoffmap.verdicts.strangers import of_other_names, of_other_origins, of_strangers, perhaps_of_strangers
from handoffmap.verdicts.streams import LOST, TORN
from handoffmap.verdicts.unsaid import growing, of_unknown_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from handoffmap.model import WritePath
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Answer, Answers, Evidence
    from handoffmap.verdicts.streams import Streams


__all__ = ["Gathering", "said_about"]

MISSED = LOST | {TORN}
"""Rules about whole values that never come: lost on the way, or taken for repetitions."""


class Gathering:
    """What is said of one cell: what holds, and each fault with whether a healer of the cell can make it good."""

    __slots__ = ("faults", "held")

    def __init__(self) -> None:
        self.held: list[Evidence] = []
        self.faults: list[tuple[Claim, bool | None]] = []

    def add(self, answers: Answers, path: WritePath | None, *, healable: bool | None = True) -> None:
        """Take in answers; `healable` None: nobody has said whether the fault is made anew again and again."""
        held, faults = answers
        if held:
            self.held.append((path, held))
        self.faults.extend((claim, healable) for claim in faults)

    def add_own(self, answers: Answers) -> None:
        """Take in answers about the cell itself, each of which says whether it can be healed."""
        held, faults = answers
        if held:
            self.held.append((None, held))
        self.faults.extend((claim, claim.own_heal) for claim in faults)


@cache
def _cell_judges() -> tuple[tuple[str | None, Callable[[Case], Iterable[Answer]]], ...]:
    """The rules about cells; with its slug one that is asked only where what it shares with others names it."""
    return tuple((rule.slug if rule.shared else None, rule.judge) for rule in rules_for("cell"))


def said_about(case: Case, streams: Streams) -> Gathering:
    """Everything that the rules say of a cell, of what writes it, and of the way to it."""
    gathering = Gathering()
    shared = (*reach_of(case), *conflicts_of(case), *loops_of(case))
    named = {claim.slug for claim in shared}
    answers: list[Answer] = said(shared, TORN) if TORN in named else []
    for slug, judge_cell in _cell_judges():
        if slug is None or slug in named:
            answers.extend(judge_cell(case))
    gathering.add_own(sorted_out(answers))
    gathering.faults.extend((claim, claim.own_heal) for claim in of_unknown_kind(case))
    if case.is_derived:
        gathering.faults.extend((claim, claim.own_heal) for claim in (*_mixed_units(case), *_held_back(case)))
        whole = booked_whole(case)
        if whole is not None:
            gathering.add(streams.of_handoff(case.survey.handoff(whole)), whole)
        return gathering
    _about_amounts(case, streams, gathering)
    _about_values(case, streams, gathering)
    gathering.faults.extend((claim, True) for claim in (*_fields_refused(case), *growing(case)))
    return gathering


def _about_amounts(case: Case, streams: Streams, gathering: Gathering) -> None:
    """What is said of the paths that bring amounts, and of the way to them."""
    spared = streams.spared(case) if any(journey.landing.swallowed for journey in case.journeys) else {}
    for path in case.deltas.values():
        answers_of = streams.of_handoff(case.survey.handoff(path))
        if path.id in spared:
            answers_of = answers_of._replace(faults=_spared(answers_of.faults, spared[path.id]))
        if any(claim.slug == TORN for claim in answers_of.faults):
            faults = [_of_this_cell(claim, case, path) for claim in answers_of.faults]
            answers_of = answers_of._replace(faults=tuple(claim for claim in faults if claim is not None))
        gathering.add(answers_of, path)
        gathering.add(streams.of_write(path, case.cell), path)
    for path in of_strangers(case):
        gathering.add(streams.of_write(path, case.cell), path)
    strange = (*of_other_names(case), *of_other_origins(case), *perhaps_of_strangers(case))
    gathering.faults.extend((claim, True) for claim in strange)
    gathering.faults.extend((claim, True) for claim in streams.handed_on(case))


def _about_values(case: Case, streams: Streams, gathering: Gathering) -> None:
    """What is said of the paths that write whole values."""
    judges = judges_for("feed")
    for feed in case.feeds:
        of_feed = sorted_out([judge_feed(feed) for judge_feed in judges])
        of_handoff = streams.of_handoff(feed.handoff)
        if of_feed.faults or of_handoff.faults:
            if (compares(feed.path) and case.is_brought_all) or finds_it_there(feed):
                of_feed, of_handoff = _without(of_feed, LACKING), _without(of_handoff, LACKING)
            elif (asks := _brought_without(feed, streams)) is not None:
                of_handoff = of_handoff._replace(faults=_spared(of_handoff.faults, asks, MISSED))
            if feed.reads and not comes_back(feed):
                of_handoff = _without(of_handoff, frozenset({TORN}))
        gathering.add(of_feed, None)
        gathering.add(of_handoff, feed.path)
        # What a recurring run writes wrong again and again nothing heals.
        again = feed.handoff.sends_whole_values
        of_write = streams.of_write(feed.path, case.cell)
        if feed.reads and of_write.faults and passes_through(case, feed.reads[0]):
            of_write = without_what_passes(of_write, feed)
        gathering.add(of_write, feed.path, healable=None if again is None else not again)


def _without(answers: Answers, slugs: frozenset[str]) -> Answers:
    """What is said of a path, less the faults by which it brings too little."""
    return answers._replace(faults=tuple(claim for claim in answers.faults if claim.slug not in slugs))


def _spared(faults: tuple[Claim, ...], asks: tuple[Ask, ...], slugs: frozenset[str] = LOST) -> tuple[Claim, ...]:
    """What is left of a path's faults where another route makes good what it loses, or may (`asks`)."""
    kept = []
    for claim in faults:
        if claim.slug not in slugs:
            kept.append(claim)
        elif asks:
            kept.append(claim._replace(holds=None, asks=tuple(dict.fromkeys((*claim.asks, *asks)))))
    return tuple(kept)


def _of_this_cell(claim: Claim, case: Case, path: WritePath) -> Claim | None:
    """A key that is too coarse, for one cell: only events that move it have to be told apart."""
    dedupe = path.dedupe
    if claim.slug != TORN or not isinstance(dedupe, Dedupe):
        return claim
    lefts = [write.left for write in case.writes.get(path.id, ())] or [case.cell.quantity]
    events = case.survey.topology.events
    seen = case.survey.handoff(path).ledger_sees
    moving = [name for name in seen if not events[name].effects.keys().isdisjoint(lefts)]
    if len(moving) == len(seen):
        return claim
    apart = tells_apart(dedupe, moving)
    if apart is None:
        asks = (Ask("path", path.id, "dedupe.key" if dedupe.key is None else "dedupe.unique_per_effect"),)
        return claim._replace(holds=None, asks=asks)
    return None if apart else claim


def _brought_without(feed: Feed, streams: Streams) -> tuple[Ask, ...] | None:
    """Whether all that a feed brings comes to the cell by another feed, too, so that a lost message is no loss.

    None where none does; else the facts on which it hangs.
    """
    found: tuple[Ask, ...] | None = None
    for other in feed.case.feeds:
        if other is feed or not (other.handoff.pushed or feed.handoff.pulled) or not fires_on_every_change(other):
            continue  # runs are waited for alike
        unsaid: tuple[Ask, ...] | None = ()
        if not compares(feed.path):
            unsaid = perhaps_one_stamp(feed.path, other.path) if other.reads == feed.reads else None
        if unsaid is None:
            continue
        missing = [claim for claim in streams.of_handoff(other.handoff).faults if claim.slug in MISSED]
        if not missing and not unsaid:
            return ()
        if not any(claim.holds is False for claim in missing):
            found = tuple(dict.fromkeys((*unsaid, *(ask for claim in missing for ask in claim.asks))))
    return found


def _mixed_units(case: Case) -> Iterator[Claim]:
    """Bases of a computed cell that count in another unit than it does: a formula adds them up as they are."""
    here = case.holding.unit
    for base in case.bases:
        there = case.graph.cells[base].unit
        if here is not None and there is not None and here != there and not {here.lower(), there.lower()} <= SINGLE:
            yield Claim(
                "unit-mismatch",
                "TB5",
                BROKEN,
                f"{base} counts in {there} and {case.cell} in {here}",
                None,
                f"{case.cell} is computed from {base}, which counts in {there}",
                own_heal=False,
            )


def _held_back(case: Case) -> Iterator[Claim]:
    """Bases that show less than there is: a computed cell holds back what is its own to hold back, and no more."""
    signs = {Cell(t.system or case.cell.system, t.quantity): t.sign for t in case.holding.derived_from or ()}
    if not sum(sign * (case.graph.cells[base].buffer or 0) for base, sign in signs.items() if base in case.bases):
        return
    kept_back = listed(str(base) for base in case.bases if case.graph.cells[base].buffer)
    yield Claim(
        "buffer-misuse",
        "TB5",
        BROKEN,
        f"{kept_back} holds some back, and a formula over it comes out wrong by that much",
        None,
        f"{case.cell} is computed from {kept_back}, which holds some back",
        own_heal=False,
    )


def _fields_refused(case: Case) -> Iterator[Claim]:
    """Writes that the target may not apply because a field that it may need is dropped on the way."""
    for path in (*case.deltas.values(), *(feed.path for feed in case.feeds)):
        if not path.fields:
            continue
        for name, mapping in path.fields.items():
            if mapping is None or mapping.to is not None or mapping.ignored is not None:
                continue
            if path.on_unmapped is None and not mapping.key:
                yield Claim(
                    "unmapped-field",
                    "TA3",
                    None,
                    f"nobody has said whether {path.target} takes a write without {name}",
                    path,
                    f"{path.id} drops {name}, without which {path.target} may not apply the write",
                    keys=("fields", name),
                    asks=(Ask("path", path.id, "on_unmapped"),),
                    field=name,
                )
