"""What is written to a **computed cell**: it stores nothing, so that its first base is moved.

A whole value moves the base by the difference; an amount is right only if the event moves the base alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import QuantityMapping
from handoffmap.premises.circles import loops_on
from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.premises.foresight import hears_by_the_bases
from handoffmap.premises.graph import compares, refused_for
from handoffmap.premises.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Cell, WritePath
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.claim import Answer

__all__ = [
    "MOVES_ALIKE",
    "NEVER_NEW",
    "booked_through",
    "booked_whole",
    "brings_nothing_new",
    "comes_from_base",
    "comes_from_elsewhere",
    "moved_by",
    "moves_its_base_alike",
    "perhaps_moved_through",
    "written_through",
    "written_to",
]


def written_to(case: Case) -> Iterator[Answer]:
    """Whole values written into a cell that stores none."""
    for feed in case.feeds:
        if moves_its_base_alike(feed):
            yield held("set-on-derived", "TB1", MOVES_ALIKE, feed.path)
            continue
        waits = brings_nothing_new(feed)
        asks = () if feed.path.op is not None or not waits else (Ask("path", feed.path.id, "op"),)
        if compares(feed.path) and waits:
            yield held("set-on-derived", "TB1", NEVER_NEW, feed.path)
            continue
        yield Claim(
            "set-on-derived",
            "TB1",
            None if asks else False,
            f"{case.cell} is computed; writing it moves what it is computed from",
            feed.path,
            f"{feed.path.id} sets {case.cell}, which is derived",
            keys=("maps", feed.write.left),
            asks=asks,
            drift="transient" if comes_from_elsewhere(feed) else "permanent",
            own_heal=False,
        )
    yield from _perhaps_written_to(case)


FAR = 40
"""Cells upstream that are looked at."""
MOVES_ALIKE = "the base moves as what is computed does, and by this run alone"
NEVER_NEW = "compare-and-set waits for what the source does not know, and its value brings nothing new"
"""Why whole values that are compared do a computed cell no harm, where all its bases hear of everything."""


def brings_nothing_new(feed: Feed) -> bool:
    """Whether all that moves a computed cell comes to its bases as amounts, and is known to the source only then.

    And no number is scaled or turned over that comes round to it.
    """
    if not all(feed.case.survey.case(base).is_brought_all for base in feed.case.bases) or not hears_by_the_bases(feed):
        return False
    loop = loops_on(feed.case.survey).get(feed.case.cell, ())
    return not any(
        round_it.write.mapping.unit_factor not in {None, 1} or round_it.write.mapping.sign == "negated"
        for cell in loop
        for round_it in feed.case.survey.case(cell).feeds
        if not set(loop).isdisjoint(round_it.reads)
    )


def comes_from_elsewhere(feed: Feed) -> bool:
    """Whether a run takes its values from a cell that none of the target's values get into: it is right in the end."""
    survey = feed.case.survey
    runs = feed.handoff.pulled and feed.path.covers is not None and feed.follows_each_change
    return runs and feed.case.cell not in loops_on(survey) and bool(feed.reads)


def comes_from_base(feed: Feed, base: Cell) -> bool:
    """Whether a computed cell is written the value of its own first base: at each round the other terms come in."""
    todo, seen = [feed], {feed.case.cell}
    while todo and len(seen) <= FAR:
        here = todo.pop()
        if not _hands_on(here):
            continue
        if base in here.reads:
            return True
        (read,) = here.reads
        if read not in seen:
            seen.add(read)
            todo.extend(feed.case.survey.case(read).feeds)
    return False


def _hands_on(feed: Feed) -> bool:
    """Whether each value of one cell is sent on as it is, wherever it came from."""
    path = feed.path
    if path.op is None or path.fires_for is not None or path.only or path.except_ or path.events is not None:
        return False
    if feed.handoff.pulled:
        return path.covers is not None and len(feed.reads) == 1 and _refuses_nothing(path)
    return feed.handoff.pushed and path.origin_tag is False and len(feed.reads) == 1 and _refuses_nothing(path)


def _refuses_nothing(path: WritePath) -> bool:
    """Whether nothing at the target refuses a value, or holds it back."""
    return not compares(path) and path.guard != "event_time" and path.dedupe in {None, "none"}


def moves_its_base_alike(feed: Feed) -> bool:
    """Whether a run that writes a computed cell leaves the right number in its first base, too.

    Every event moves both alike and nothing else that it is computed from, and nothing but the run writes the base.
    """
    case, movers = feed.case, feed.case.graph.movers
    first, *others = case.holding.derived_from or (None,)
    if first is None or not comes_from_elsewhere(feed) or any(movers.get(term.quantity) for term in others):
        return False
    base = case.survey.case(case.bases[0]) if case.bases else None
    if base is None or first.sign != 1 or base.cell.quantity != first.quantity or not base.changed_by <= {"values"}:
        return False
    alike = all(
        event.effects.get(case.cell.quantity) == event.effects.get(first.quantity)
        for event in case.survey.movers_of((case.cell.quantity, first.quantity))
    )
    return alike and all(other.path is feed.path for other in base.all_feeds)


def moved_by(case: Case) -> list[Cell]:
    """The cells whose values move this one, a first base, as they are written to what is computed over it.

    By runs, or by compare-and-set: what is told of any others is told of the path.
    """
    written = [feed for feed in written_through(case) if compares(feed.path) or comes_from_elsewhere(feed)]
    return list(dict.fromkeys(read for feed in written for read in feed.reads))


def written_through(case: Case) -> list[Feed]:
    """The whole values that are written to what is computed over a first base, and move that."""
    return [feed for computed in case.computed_over for feed in case.survey.case(computed).feeds]


def perhaps_moved_through(case: Case) -> Iterator[Claim]:
    """Whole values that may land in a cell computed over this one, its first base."""
    for computed in case.computed_over:
        yield from _perhaps_written_to(case.survey.case(computed))


def _perhaps_written_to(case: Case) -> Iterator[Claim]:
    """Whole values of which nobody has said whether they land in a computed cell."""
    for path in case.unclear:
        yield Claim(
            "set-on-derived",
            "TB1",
            None,
            "nobody has said where the quantities of a path land",
            path,
            f"{path.id} may set {case.cell}, which is derived",
            asks=(Ask("path", path.id, "maps"),),
            own_heal=False,
        )


def booked_through(case: Case) -> Iterator[Answer]:
    """Amounts booked to a computed cell, which move this one, its first base: right only if the event does, too."""
    for computed in case.computed_over:
        for write in case.graph.writers_of(computed):
            path = write.path
            if not _brings_amounts(case, path):
                continue
            wrong = _moving_otherwise(case, computed, path, write.left)
            if not wrong:
                because = f"what is booked to {computed.quantity} moves it alike"
                yield held("set-on-derived", "TA2", because, path, path.events or ())
            else:
                yield Claim(
                    "set-on-derived",
                    "TB1",
                    BROKEN if path.events is not None else None,
                    f"{computed} is computed; writing it moves {case.cell}, which the event does not",
                    path,
                    f"{path.id} {'books' if path.events is not None else 'may book'} {listed(wrong)} to {computed}, "
                    "which is derived",
                    keys=("maps", write.left),
                    asks=() if path.events is not None else (Ask("path", path.id, "events"),),
                    events=tuple(wrong),
                    own_heal=True,
                )
        for path in case.graph.unclear_paths_into(case.cell.system):
            wrong = _moving_otherwise(case, computed, path, computed.quantity) if _brings_amounts(case, path) else []
            if wrong:
                yield Claim(
                    "set-on-derived",
                    "TB1",
                    None,
                    "nobody has said where the quantities of a path land",
                    path,
                    f"{path.id} may book {listed(wrong)} to {computed}, which is derived",
                    asks=(Ask("path", path.id, "maps"),),
                    events=tuple(wrong),
                )


def booked_whole(case: Case) -> WritePath | None:
    """The one path that books all that moves a computed cell to it, or to a base, and nothing moves its bases besides.

    What it shows is right then, whatever they come to: each of them misses what the others are not moved by.
    """
    quantity, terms = case.cell.quantity, case.holding.derived_from or ()
    bases = [case.survey.case(base) for base in case.bases]
    if not bases or len(bases) != len(terms) or terms[0].sign != 1 or case.all_feeds or case.unclear:
        return None
    if not all(base.changed_by <= {"amounts"} for base in bases):
        return None
    found: dict[str, WritePath] = {}
    for event in case.survey.movers_of((quantity, *(base.cell.quantity for base in bases))):
        for _, landing, _ in case.survey.arrivals.starts_for(event, case.cell):
            ways = landing.amounts.get(quantity, [])
            booked = [way for base in bases for way in landing.amounts.get(base.cell.quantity, ())]
            if ways not in ([], booked) or len(booked) != (quantity in event.effects) or landing.swallowed:
                return None
            found.update((way.path.id, way.path) for way in booked if way.path is not None and not way.doubts)
    (path, *others) = found.values() or (None,)
    if path is None or others or path.maps is None or path.clamp_at_zero or path.guard == "cas":
        return None
    written = {quantity, *(base.cell.quantity for base in bases)}
    added = {quantity, *(term.quantity for term in terms if term.sign == 1)}
    landing_here = {left: to for left, to in path.maps.items() if to is not None and to.to in written}
    return path if any(landing_here == {quantity: QuantityMapping(to)} for to in added) else None


def _brings_amounts(case: Case, path: WritePath) -> bool:
    return (
        case.survey.handoff(path).flow == "delta"
        and not (path.events is None and "fires_on" in path.stated)  # it reports changes, and waits for no event
        and not (path.fields and refused_for(path) is not None)
    )


def _moving_otherwise(case: Case, computed: Cell, path: WritePath, left: str) -> list[str]:
    """The events of a path that move its target's first base otherwise than what it books to the computed cell does."""
    survey, quantity = case.survey, case.cell.quantity
    (first, *_) = case.graph.cells[computed].derived_from or ()
    found = []
    for event in survey.topology.events if path.events is None else path.events:
        facts = survey.topology.events[event]
        effect = facts.effects.get(left)
        if effect is None or not survey.arrivals_at(event, path.source):
            continue
        mine = facts.effects.get(quantity)
        beside = mine is not None and _writes_both(path, quantity)
        if beside or mine is None or mine.kind != effect.kind or mine.amount * first.sign != effect.amount:
            found.append(event)
    return found


def _writes_both(path: WritePath, quantity: str) -> bool:
    """Whether a path books the same event to a base itself, besides what it books to the computed cell."""
    return path.maps is None or any(to is not None and to.to == quantity for to in path.maps.values())
