"""How each event reaches each cell that it moves: verdicts -> **coverage** -> the matrix.

Taken from the claims that the verdicts rest on. An arrival counts as exactly one only if every handoff on its way
delivers exactly once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.finding import Coverage
from handoffmap.premises.lag import hop, stream_lag
from handoffmap.premises.reach import reach_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import Arrival
    from handoffmap.premises.claim import Answer, Claim
    from handoffmap.verdicts.assessed import Assessed
    from handoffmap.verdicts.verdict import Judgement

__all__ = ["CoverageOf"]

GRAVITY: dict[str, int] = {"once": 0, "state": 0, "unknown": 1, "repeated": 2, "never": 3, "dropped": 4}
TWICE = frozenset({"duplicate-delivery", "dedupe-key-unstable", "dedupe-window-short"})
AWAY = frozenset(
    {"lost-delivery", "unwatched-dead-letter", "ack-before-commit", "dual-write", "refused-delta"}
    | {"lifecycle-guard-missing"}
)
REPEATED = frozenset({"duplicate-route", "double-compensation", "replay-double-count", "echo-loop"})


class CoverageOf:
    """The coverage of a judged map: worked out once, when somebody first goes through it."""

    def __init__(self, judgement: Judgement) -> None:
        self._judgement = judgement
        self._entries: tuple[Coverage, ...] | None = None

    def __iter__(self) -> Iterator[Coverage]:
        if self._entries is None:
            self._entries = tuple(entry for assessed in self._judgement.cells.values() for entry in _of_cell(assessed))
        return iter(self._entries)


def _of_cell(assessed: Assessed) -> Iterator[Coverage]:
    case = assessed.case
    if case.holding.role == "consumer":
        return
    faults: dict[str, list[Claim]] = {}
    for told in assessed.told:
        if told.claim.path is not None:
            faults.setdefault(told.claim.path.id, []).append(told.claim)
    found: dict[str, Coverage] = {}
    for claim in reach_of(case):
        for event in claim.events:
            entry = _entry(assessed, event, claim, faults)
            previous = found.get(event)
            if previous is None or _graver(entry, previous):
                found[event] = entry
    fed_by = case.feeds[0].path.id if case.feeds else None
    for mover in case.graph.movers.get(case.cell.quantity, ()):
        if mover.id in found:
            yield found[mover.id]
        elif fed_by is not None or case.is_derived:
            arrival: Arrival = "unknown" if assessed.verdict == "undetermined" else "state"
            late = assessed.window if assessed.verdict == "converges" else None
            yield Coverage(mover.id, case.cell, arrival, fed_by, late, detail="as part of a whole value")


def _graver(entry: Coverage, previous: Coverage) -> bool:
    """Whether one of two starts is the one to tell: the worse, then the later, then the first by name."""
    mine, other = GRAVITY[entry.arrival], GRAVITY[previous.arrival]
    if mine != other:
        return mine > other
    late, sooner = (each.late if each.late is not None else -1 for each in (entry, previous))
    return late > sooner or (late == sooner and (entry.path or "") < (previous.path or ""))


def _entry(assessed: Assessed, event: str, claim: Answer, faults: dict[str, list[Claim]]) -> Coverage:
    case = assessed.case
    path = claim.path
    if claim.holds is True:
        if path is None:
            return Coverage(event, case.cell, "once", None, None, origin=True, detail="happens here")
        arrival, detail = _along(faults.get(path.id, []))
        before = stream_lag(path.source, (event,), case.survey, frozenset({case.cell.system}))
        step = hop(case.survey.handoff(path))
        late = None if before is None or step is None else before + step
        return Coverage(event, case.cell, arrival, path.id, late, detail=detail)
    if claim.holds is None:
        return Coverage(event, case.cell, "unknown", path.id if path else None, None, detail=claim.because)
    if claim.slug in REPEATED:
        return Coverage(event, case.cell, "repeated", path.id if path else None, None, detail=claim.because)
    dropped = path is not None and claim.slug in {
        "unmapped-field",
        "disabled-path",
        "trigger-gap",
        "missing-compensation",
    }
    return Coverage(
        event,
        case.cell,
        "dropped" if dropped else "never",
        path.id if path and dropped else None,
        None,
        detail=claim.because,
    )


def _along(faults: list[Claim]) -> tuple[Arrival, str]:
    """What the faults of the bringing path make of a single arrival."""
    for slugs, arrival in ((AWAY, "dropped"), (TWICE, "repeated")):
        for claim in faults:
            if claim.slug in slugs and claim.holds is False:
                return arrival, claim.because  # type: ignore[return-value]
    for claim in faults:
        if claim.slug in AWAY | TWICE and claim.holds is None:
            return "unknown", claim.because
    return "once", ""
