"""What the cells that it takes its value from make of a cell: verdicts there -> **inherited** -> the verdict here.

Their drift is told there and only pointed at here; some of what is wrong there does not come here at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.premises.cells import written_from
from handoffmap.premises.circles import loops_on
from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.premises.computed import booked_whole, moved_by
from handoffmap.premises.graph import compares
from handoffmap.premises.patience import unsaid_of, waits_long_enough
from handoffmap.verdicts.bases import unnamed_bases
from handoffmap.verdicts.heal import shows_alike
from handoffmap.verdicts.healed import about_ways
from handoffmap.verdicts.lacking import LACKING, never_written
from handoffmap.verdicts.mended_there import sent_on_when_mended, tells_what_is_mended
from handoffmap.verdicts.passing import apart_from_what_passes, passes_through
from handoffmap.verdicts.streams import LOST
from handoffmap.verdicts.unsaid import perhaps_corrected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from handoffmap.finding import DriftClass, Verdict
    from handoffmap.model import Control
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer
    from handoffmap.verdicts.assessed import Assessed


__all__ = ["WEIGHT", "inherited", "worst_of"]

WEIGHT: dict[str | None, int] = {None: 0, "transient": 1, "permanent": 2, "divergent": 3}


def inherited(case: Case, judged: dict[Cell, Assessed]) -> Iterator[tuple[Answer, bool]]:
    """What the cells that it takes its value from make of it: their drift is told there, and only pointed at here.

    With each claim whether its class is settled.
    """
    if case.is_derived and (unnamed := unnamed_bases(case)) is not None:
        yield unnamed, True
    fed = (*perhaps_corrected(case, judged), *sent_on_when_mended(case, judged), *_perhaps_fed(case, judged))
    yield from ((claim, True) for claim in fed)
    if _cancels_out(case, judged) or _is_booked_whole(case, judged):
        yield held("", "TB0", "what its bases miss they miss alike, and it cancels out"), True
        return
    if case.feeds and not any(feed.reads for feed in case.feeds):
        yield held("", "TB0", "the events themselves state the number"), True
    premise = "TB0" if case.feeds or case.bases else "TA2" if case.counted_elsewhere else "TA6"
    sources = _sources(case)
    yield from ((answer, True) for answer in _together(case, sources, judged))
    for cell, healable in sources.items():
        found = judged.get(cell)
        if cell == case.cell or found is None:
            continue  # on a loop with this cell
        if found.verdict == "converges":
            yield held("", premise, f"{cell} converges"), True
            continue
        kept_out = never_written(case, cell, judged)
        if kept_out:
            yield held("", premise, f"compare-and-set waits for what {cell} lacks, and {case.cell} has it"), True
            continue
        asks = _perhaps_unread(case, cell)
        standing, because = _standing_for(case, cell, judged)
        if standing == "converges":
            yield held("", premise, because), True
            continue
        worst = worst_of(found)
        claim = Claim(
            "",
            premise,
            False if standing == "drifts" and not asks and kept_out is not None else None,
            f"{cell} {_standing(found.verdict)}",
            None,
            upstream=(cell,),
            drift=_lasting(case, cell, worst),
            own_heal=healable,
            asks=asks,
        )
        stays = worst == "permanent" and cell in case.counted_elsewhere  # of whichever class it is there
        yield claim, stays or found.verdict != "drifts" or found.drift is not None


def _standing_for(case: Case, cell: Cell, judged: Mapping[Cell, Assessed]) -> tuple[Verdict, str]:
    """How a source stands as far as what comes from it to a cell goes, and why that may be right."""
    found = judged[cell]
    standing = found.verdict if not _read_when_quiet(case, cell) else _once_quiet(found)
    if standing == "converges":
        return standing, f"what is under way to {cell} is waited for"
    if passes_through(case, cell):
        return apart_from_what_passes(found), f"it shows what {cell} is given"
    if tells_what_is_mended(case, cell, judged):
        return "converges", f"{cell} sends what a correction writes, and a run comes after that"
    return standing, ""


def _together(case: Case, sources: Iterable[Cell], judged: dict[Cell, Assessed]) -> Iterator[Answer]:
    """The sources on a loop with a cell that are judged after it."""
    loop = loops_on(case.survey).get(case.cell, ())
    for cell in sources if loop else ():
        if cell != case.cell and cell not in judged:
            yield held("", "TB0", f"{cell} and {case.cell} hand their values round, and are judged together")


def _lasting(case: Case, source: Cell, drift: DriftClass) -> DriftClass:
    """The class of what a source hands on: a difference that a count made at a wrong number stays where it is added."""
    if drift == "transient" and source in case.counted_elsewhere:
        return "permanent"
    return drift


def _read_by_corrections(case: Case, source: Cell) -> list[Control]:
    """The corrections that alone bring a source's value to a cell; none where anything else does, too."""
    if any(source in feed.reads for feed in case.feeds) or source in case.bases or source in case.counted_elsewhere:
        return []
    if any(path.amount_from == source for path in case.deltas.values()):
        return []
    return [control for control in case.corrections if written_from(control) == source]


def _perhaps_unread(case: Case, source: Cell) -> tuple[Ask, ...]:
    """The facts on which it hangs whether a source is ever read, where only a correction reads it."""
    unsaid = [unsaid_of(control) for control in _read_by_corrections(case, source)]
    return tuple(ask for asks in unsaid for ask in asks) if all(unsaid) else ()


def _read_when_quiet(case: Case, source: Cell) -> bool:
    """Whether a source is read by corrections alone, and by those only when nothing is under way to it."""
    controls = _read_by_corrections(case, source)
    return bool(controls) and all(waits_long_enough(case, control) for control in controls)


def _once_quiet(found: Assessed) -> Verdict:
    """How a cell stands once all that was under way has come: what was written over an event then is made good."""
    left = [
        item.claim.holds
        for item in found.told
        if item.turns and not (item.claim.slug == "snapshot-over-in-flight" and item.drift == "transient")
    ]
    return "drifts" if False in left else "undetermined" if left or found.verdict == "undetermined" else "converges"


ALIKE = LOST | frozenset(
    {
        "duplicate-delivery", "dedupe-key-unstable", "dedupe-window-short", "dedupe-key-too-coarse", "unsynchronized",
        "shipment-gap", "count-gap", "missing-compensation", "duplicate-route", "double-compensation", "trigger-gap",
        "disabled-path", "manual-override", "unmapped-field",
    }
)  # fmt: skip
"""Rules about messages that come too often or not at all: with one message all of its quantities do."""


def _cancels_out(case: Case, judged: Mapping[Cell, Assessed]) -> bool:
    """Whether the bases of a computed cell can only be wrong in the same way, by events that leave it as it is."""
    terms = case.holding.derived_from or ()
    bases = [judged.get(base) for base in case.bases]
    if len(bases) < 2 or any(base is None or base.case.feeds or base.case.corrections for base in bases):
        return False
    causes = [
        {
            (item.claim.slug, item.claim.path.id if item.claim.path is not None else "")
            for item in base.told
            if item.turns
        }
        for base in bases
        if base is not None
    ]
    if not causes[0] or any(other != causes[0] for other in causes) or any(slug not in ALIKE for slug, _ in causes[0]):
        return False
    signs = {term.quantity: term.sign for term in terms}
    for base in bases:
        for journey in base.case.journeys if base is not None else ():
            if [arrival.path for arrival in journey.arrivals] == [None]:
                continue  # booked where it happens
            moved = [
                sign * journey.event.effects[name].amount
                for name, sign in signs.items()
                if name in journey.event.effects
            ]
            if sum(moved) != 0:
                return False
    return True


def _is_booked_whole(case: Case, judged: Mapping[Cell, Assessed]) -> bool:
    """Whether the bases of a computed cell are wrong only because what is booked to it lands in one of them alone."""
    whole = booked_whole(case)
    if whole is None:
        return False
    beside = (LACKING - {"refused-delta"}) | {"set-on-derived", "quantity-mismatch"}
    for cell in case.bases:
        base = judged.get(cell)
        if base is None:
            return False
        wrong = [item.claim for item in base.told if item.turns and item.claim.slug not in beside]
        if any(claim.path is None or claim.path.id != whole.id or claim.slug not in about_ways() for claim in wrong):
            return False  # what is said of the way to a base is said of the computed cell, too
    return True


def worst_of(found: Assessed) -> DriftClass:
    """The class of a cell, or the worst that it may have where that is open."""
    classes = [item.drift or item.claim.drift for item in found.told if item.turns]
    return max((drift for drift in classes if drift is not None), key=WEIGHT.__getitem__, default="permanent")


def _sources(case: Case) -> dict[Cell, bool]:
    """The cells whose values end up in this one, with whether something else could heal what they bring."""
    sources: dict[Cell, bool] = {}
    for feed in case.feeds:  # what a run writes wrong again and again nothing heals
        again = feed.handoff.sends_whole_values is not False
        for read in feed.reads:
            sources[read] = sources.get(read, True) and not again
    sources.update(dict.fromkeys(case.bases, True))
    sources.update(dict.fromkeys(moved_by(case), False))
    for control in case.corrections:
        written = written_from(control)
        if written is not None:  # at each of its runs, over whatever has made that good
            sources[written] = False
    for path in case.deltas.values():
        if path.amount_from is not None:
            sources[path.amount_from] = True
    sources.update(dict.fromkeys(case.counted_elsewhere, True))
    return sources


def _perhaps_fed(case: Case, judged: dict[Cell, Assessed]) -> Iterator[Claim]:
    """Paths of which nobody has said whether they write a value that may be wrong over what others bring."""
    for path in case.unclear:
        found = judged.get(Cell(path.source, case.cell.quantity))
        if found is None or found.case is case:
            continue
        wrong = found.verdict != "converges"
        if compares(path) and not case.feeds:  # what it holds back does no harm
            wrong = wrong and not never_written(case, found.case.cell, judged)
            wrong = wrong or path.read_at != "after_commit" or not shows_alike(found.case.holding, case.holding)
        elif not case.feeds:
            continue
        if not wrong:
            continue
        yield Claim(
            "",
            "TB0",
            None,
            f"nobody has said whether {path.id} brings it {found.case.cell}, which may be wrong",
            upstream=(found.case.cell,),
            drift=worst_of(found),
            asks=(Ask("path", path.id, "maps"),),
            own_heal=False,
        )


def _standing(verdict: Verdict) -> str:
    return "drifts" if verdict == "drifts" else "is undetermined"
