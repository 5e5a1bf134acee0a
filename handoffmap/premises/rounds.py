"""What goes round a loop of whole values, and whether it ever ends: feeds -> **rounds** -> loops.

A written value sets off what reads it: a push at once, a run when its time comes. A tag keeps a message from going
where its chain of causes has been, and a run begins a new chain. Round a circle of pushes two values follow each other
for ever; round any circle that scales, turns or adds what goes round it, the numbers never come to rest.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.model import Dedupe
from handoffmap.premises.claim import Ask
from handoffmap.premises.graph import compares, confused, cycles
from handoffmap.premises.ledger import tells_values_apart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.model import Cell, WritePath
    from handoffmap.premises.cells import Case, Feed
    from handoffmap.premises.survey import Survey

__all__ = ["Turning", "comes_round", "entries", "fires_again", "is_mended", "turning"]


class Turning(NamedTuple):
    """What goes round."""

    asks: tuple[Ask, ...]
    """The tags on which it hangs whether anything does; empty: something surely does."""
    endless: bool
    """Whether it never ends, if anything goes round."""
    unsure: tuple[Ask, ...]
    """The facts on which it hangs whether it never ends, where that is not sure."""


def turning(edges: list[Feed], entered: int) -> Turning | None:
    """What goes round the feeds of one loop, into which changes come at so many cells; None where nothing does."""
    loose = [feed for feed in edges if fires_again(feed, edges) and (_is_open(feed, edges) is not False)]
    if not _turns(loose):
        return None
    sure = [feed for feed in loose if _is_open(feed, edges)]
    asks = () if _turns(sure) else _tags(loose)
    pushes = _pushes(loose, untold=bool(asks))
    if _grows(loose if asks else sure) or _grows(pushes, turned=True) or comes_round(_handing_on(pushes, entered)):
        return Turning(asks, endless=True, unsure=())
    return Turning(asks, endless=False, unsure=_doubts(loose, entered))


def fires_again(feed: Feed, edges: list[Feed]) -> bool:
    """Whether a value that one of these feeds has written sends the path off, at once or by its next run."""
    path = feed.path
    if feed.handoff.pulled and path.covers != "changed_only":
        return True
    if path.fires_for is not None and not any(other.path.id in path.fires_for for other in edges):
        return False
    return path.events is None


def comes_round(feeds: Iterable[Feed]) -> bool:
    """Whether any of these feeds leads back to what it reads."""
    return bool(_circles(feeds))


def entries(survey: Survey, loop: frozenset[Cell]) -> list[Cell]:
    """The cells at which changes come into a loop."""
    return [cell for cell in sorted(loop) if _is_moved(survey.case(cell)) or _from_outside(survey.case(cell), loop)]


def is_mended(survey: Survey, loop: frozenset[Cell]) -> bool:
    """Whether full runs from outside bring every change again and again, and no run can keep an older value alive."""
    cases = [survey.case(cell) for cell in entries(survey, loop)]
    if any(map(_is_moved, cases)):
        return False
    if not any(feed.handoff.sends_whole_values for case in cases for feed in _from_outside(case, loop)):
        return False
    inside = [feed for cell in loop for feed in survey.case(cell).feeds if not loop.isdisjoint(feed.reads)]
    runs = [feed for feed in inside if not feed.handoff.pushed]
    return all(feed.handoff.sends_whole_values is False for feed in runs) or not comes_round(runs)


def _is_moved(case: Case) -> bool:
    """Whether a cell changes by anything but whole values; a computed one by whatever changes a base of it."""
    if case.is_derived:
        bases = [case.survey.case(base) for base in case.bases]
        return not bases or any(_is_moved(base) or base.all_feeds or base.corrections for base in bases)
    return bool(case.own or case.deltas)


def _from_outside(case: Case, loop: frozenset[Cell]) -> list[Feed]:
    return [feed for feed in case.feeds if loop.isdisjoint(feed.reads)]


def _circles(feeds: Iterable[Feed]) -> list[list[Cell]]:
    edges: dict[Cell, list[Cell]] = {}
    for feed in feeds:
        edges.setdefault(feed.case.cell, []).extend(feed.reads)
    return cycles(edges)


def _turns(feeds: list[Feed]) -> bool:
    """Whether values go round these feeds; what comes by a run is of no class that a filter lets through."""
    classless = [feed for feed in feeds if not feed.path.only]
    return comes_round(classless) or comes_round([feed for feed in feeds if not feed.handoff.pulled])


def _is_open(feed: Feed, edges: list[Feed]) -> bool | None:
    """Whether no tag stops what comes by a loop to a feed; None: nobody has said.

    A tag knows nothing of what was before the last run. Where all runs begin at the system that it guards, what they
    bring round is stopped.
    """
    tag = feed.path.origin_tag
    if feed.handoff.pulled or tag is False:
        return True
    if any(other.handoff.pulled and other.path.source != feed.path.target for other in edges):
        return True
    return False if tag else None


def _tags(feeds: list[Feed]) -> tuple[Ask, ...]:
    return tuple(Ask("path", feed.path.id, "origin_tag") for feed in feeds if feed.path.origin_tag is None)


def _pushes(feeds: list[Feed], *, untold: bool) -> list[Feed]:
    """The pushes that any written value sets off, none with a tag; `untold`: those count of which nobody has said."""
    open_ = {None, False} if untold else {False}
    return [
        feed
        for feed in feeds
        if feed.path.origin_tag in open_
        and (feed.handoff.pushed or (untold and feed.path.trigger is None))
        and (untold or feed.path.op is not None)
    ]


def _handing_on(feeds: list[Feed], entered: int) -> list[Feed]:
    """Those round which two values follow each other: not where one is refused, held back, or read only once it is due.

    What is read before the change is stored is always another value than the one that is there; and what is read only
    once it is due differs from what has been sent if changes come in elsewhere, too. What is rounded each time that it
    becomes smaller is the same number in the end.
    """
    before = any(feed.path.read_at == "before_commit" for feed in feeds if feed.path.payload != "notify_then_fetch")
    shrinks = all(abs(_gain(feed)) <= 1 for feed in feeds)
    return [
        feed
        for feed in feeds
        if not (shrinks and abs(_gain(feed)) < 1 and _is_rounded(feed))
        and (before or entered > 1 or feed.path.payload != "notify_then_fetch")
        and feed.path.guard != "event_time"
        and not compares(feed.path)
        and not _sends_each_value_once(feed.path)
    ]


def _sends_each_value_once(path: WritePath) -> bool:
    """Whether a ledger takes a value that comes round again for a repetition."""
    return isinstance(path.dedupe, Dedupe) and tells_values_apart(path.dedupe) is False


def _grows(feeds: list[Feed], *, turned: bool = False) -> bool:
    """Whether numbers change each time they come round: added to what is there, or scaled by what does not fit.

    `turned`: a sign that is turned over counts, too; by runs it goes to and fro and no further.
    """
    part = {cell: index for index, circle in enumerate(_circles(feeds)) for cell in circle}
    near: dict[Cell, list[tuple[Cell, Fraction]]] = {}
    for feed in feeds:
        here = feed.case.cell
        for read in feed.reads[:1]:
            if here not in part or part.get(read) != part[here]:
                continue
            if confused(feed.path):
                return True
            gain = _gain(feed) if turned else abs(_gain(feed))
            if not (_is_rounded(feed) and abs(gain) < 1):
                near.setdefault(read, []).append((here, gain))
                near.setdefault(here, []).append((read, 1 / gain))
    return not _fit(near)


def _fit(near: dict[Cell, list[tuple[Cell, Fraction]]]) -> bool:
    """Whether the factors along any two ways between two cells come to the same."""
    levels: dict[Cell, Fraction] = {}
    for start in near:
        if start in levels:
            continue
        levels[start] = Fraction(1)
        todo = [start]
        while todo:
            here = todo.pop()
            for there, gain in near[here]:
                if there not in levels:
                    levels[there] = levels[here] * gain
                    todo.append(there)
                elif levels[there] != levels[here] * gain:
                    return False
    return True


def _is_rounded(feed: Feed) -> bool:
    """Whether a feed writes whole numbers only: what becomes smaller comes to rest."""
    return feed.write.mapping.rounding not in {None, "none"} or bool(feed.case.holding.integer_only)


def _gain(feed: Feed) -> Fraction:
    """By how much a value is larger once it is written; what nobody has said is taken to be right."""
    factor = feed.write.mapping.unit_factor
    gain = Fraction(factor) if isinstance(factor, Fraction | int) else Fraction(1)
    return -gain if feed.write.mapping.sign == "negated" else gain


def _doubts(feeds: list[Feed], entered: int) -> tuple[Ask, ...]:
    """The facts that might make what goes round these feeds endless."""
    asks = [
        Ask("path", feed.path.id, f"maps.{feed.write.left}.unit_factor")
        for feed in feeds
        if feed.write.mapping.unit_factor is None and _in_another_unit(feed)
    ]
    pushed = _pushes(feeds, untold=True)
    if comes_round(_handing_on(pushed, entered)):
        asks += [
            Ask("path", feed.path.id, fact)
            for feed in pushed
            for fact in ("origin_tag", "trigger", "op")
            if getattr(feed.path, fact) is None
        ]
    return tuple(dict.fromkeys(asks))


def _in_another_unit(feed: Feed) -> bool:
    """Whether both ends of a feed count in units of their own."""
    units = [feed.case.graph.cells[cell].unit for cell in (feed.case.cell, *feed.reads[:1])]
    return len({unit.lower() for unit in units if unit is not None}) > 1  # of two
