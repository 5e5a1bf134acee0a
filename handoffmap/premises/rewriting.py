"""Numbers that are **read in one step and written back in another**: at the target, or kept from earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim, held
from handoffmap.premises.graph import flow_of, refused_for
from handoffmap.premises.ledger import ledger_of
from handoffmap.premises.ordering import order_of
from handoffmap.premises.patience import waits_long_enough

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import WritePath
    from handoffmap.premises.cells import Case, Journey
    from handoffmap.premises.claim import Answer

__all__ = ["counts_all", "stale_bases"]


def stale_bases(case: Case) -> Iterator[Answer]:
    """Writes that put back a number read earlier, changed or not."""
    yield from _perhaps_put_back(case)
    for write in case.rewriters:
        path = write.path
        if (flow_of(path) != "kept" and path.id not in case.deltas) or refused_for(path) is not None:
            continue  # it brings no amount, or nothing of it is applied
        # What a correction waits for is a read and its write, too; a number that was kept is older than that.
        late = path.base == "cached" or not all(waits_long_enough(case, control) for control in case.corrections)
        others = case.others_than(path, corrections=late)
        if path.op == "cas" or path.guard == "cas" or (path.guard == "lock" and path.base == "target"):
            yield held("lost-update", "TA5", f"guarded by {path.guard if path.op != 'cas' else path.op}", path)
        elif path.base == "cached":
            harmless = _does_no_harm(case, path) if others else "nothing else writes the cell"
            behind = bool(harmless) and bool(case.own) and flow_of(path) != "kept"
            if (harmless and not behind) or (behind and case.survey.handoff(path).one_step):
                yield held("stale-write-back", "TA5", harmless or "", path)
                continue
            asks = _unsaid(path, "op")
            yield Claim(
                "stale-write-back",
                "TA5",
                None if asks else False,
                "it writes back a number that it kept from earlier",
                path,
                f"{path.id} {'may write' if asks else 'writes'} an old number of {case.cell} back over what "
                "has changed since",
                asks=asks,
                keys=("base",),
                drift="transient" if behind else "permanent",  # what happened here comes with its next number
                own_heal=not behind,
            )
        elif path.concurrency in {"row_lock", "atomic"}:
            yield held("lost-update", "TA5", f"concurrency is {path.concurrency}", path)
        elif not others and ((path.lane is not None and path.lane.concurrency == 1) or order_of(path)[0] == ()):
            yield held("lost-update", "TA5", "a sole writer, one at a time", path)
        else:
            open_ = ("concurrency", "op") if others or not _may_be_in_order(path) else ("concurrency", "op", "order")
            asks = _unsaid(path, *open_)
            yield Claim(
                "lost-update",
                "TA5",
                None if asks else False,
                "nobody has said what keeps two of them apart"
                if asks
                else "it reads, adds and writes, and nothing keeps two apart",
                path,
                f"two runs of {path.id} {'may' if asks else 'can'} read the same {case.cell}, and one change is lost",
                asks=asks,
                keys=("concurrency",) if path.concurrency is not None else ("base",),
            )


def _does_no_harm(case: Case, path: WritePath) -> str | None:
    """Why a number that was kept may be written back although others write the cell; None: it may not."""
    if flow_of(path) == "kept":
        return "writes only what it changed" if path.only_if_changed else None
    return "its own number misses nothing" if counts_all(case, path) else None


def counts_all(case: Case, path: WritePath) -> bool:
    """Whether one path surely brings the cell every event that moves it, so that a number kept by it misses nothing."""
    return all(
        any(arrival.path is path and not arrival.doubts for arrival in journey.arrivals)
        and not _may_be_forestalled(case, journey, path)
        for journey in case.journeys
    )


def _may_be_forestalled(case: Case, journey: Journey, path: WritePath) -> bool:
    """Whether another path of the same ledger may bring an event first, so that this one's message is refused."""
    others = journey.landing.swallowed.get(case.cell.quantity, ()) if journey.landing.swallowed else ()
    return any(other is not path and ledger_of(other) == ledger_of(path) for other in others)


def _may_be_in_order(path: WritePath) -> bool:
    """Whether a path would work one message off after the other if its order were kept."""
    return order_of(path._replace(order="per_key"))[0] == ()


def _perhaps_put_back(case: Case) -> Iterator[Claim]:
    """Kept numbers of which nobody has said which cells they go back to."""
    for path in case.graph.unclear_paths_into(case.cell.system):
        if flow_of(path) != "kept" or path.only_if_changed or "cas" in {path.op, path.guard}:
            continue
        if (path.maps is None or path.maps.get(case.cell.quantity, path) is None) and case.others_than(path):
            fact = "maps" if path.maps is None else f"maps.{case.cell.quantity}"
            yield Claim(
                "stale-write-back",
                "TA5",
                None,
                "nobody has said where the number that it kept goes back to",
                path,
                f"{path.id} may write an old number of {case.cell} back over what has changed since",
                asks=(Ask("path", path.id, fact),),
            )


def _unsaid(path: WritePath, *facts: str) -> tuple[Ask, ...]:
    """The facts that nobody has stated; one that neither a hand nor the clock sets off waits for its events, too."""
    names = facts if flow_of(path) == "kept" else (*facts, "events")
    return tuple(Ask("path", path.id, name) for name in names if getattr(path, name) is None)
