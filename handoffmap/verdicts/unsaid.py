"""Claims about paths and controls of which nobody has said what they carry or do: cases -> **unsaid** -> verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.premises.cells import corrected_by, written_from
from handoffmap.premises.claim import Ask, Claim
from handoffmap.premises.graph import confused, refused_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from handoffmap.model import Control, Topology, WritePath
    from handoffmap.premises.cells import Case
    from handoffmap.verdicts.assessed import Assessed

__all__ = ["growing", "has_values", "of_unknown_kind", "perhaps_corrected", "supposed_source"]


def of_unknown_kind(case: Case) -> Iterator[Claim]:
    """Paths of which nobody has said what they carry: no amount comes by them, and a whole value may."""
    yield from _of_unknown_reach(case)
    for cell in (case.cell, *case.computed_over):
        for write in case.graph.writers_of(cell):
            path = write.path
            if case.survey.handoff(path).flow is not None or path.id in case.deltas:
                continue
            if path.fields and refused_for(path) is not None:
                continue  # whatever it is, the target does not apply it
            if not _may_send(path, Cell(path.source, write.left), case):
                continue  # no amount comes by it, and no value either
            if not has_values(path, case.survey.topology):
                continue  # nor one of what is neither held nor counted there
            yield Claim(
                "operation-mismatch",
                "TB5",
                None,
                "nobody has said whether it carries a difference or a value",
                path,
                f"{path.id} may write whole values over {case.cell}",
                asks=(Ask("path", path.id, "payload"),),
                keys=("payload",),
                own_heal=False,
            )


def _of_unknown_reach(case: Case) -> Iterator[Claim]:
    """Paths of which nobody has said where their quantities land: whole values may be added here."""
    for path in case.unclear:
        source = Cell(path.source, case.cell.quantity)
        unsaid = case.survey.handoff(path).flow is None
        if not (unsaid or (confused(path) and path.payload != "delta")) or refused_for(path) is not None:
            continue
        if source not in case.graph.cells or not _may_send(path, source, case):
            continue
        yield Claim(
            "operation-mismatch",
            "TB5",
            None,
            f"nobody has said {'what it carries, nor where that lands' if unsaid else 'where its quantities land'}",
            path,
            f"{path.id} may {'write whole values over' if unsaid else 'add whole values to'} {case.cell}",
            asks=(*((Ask("path", path.id, "payload"),) if unsaid else ()), Ask("path", path.id, "maps")),
            keys=("payload",) if unsaid else ("op",),
            own_heal=False,
        )


def supposed_source(control: Control, cell: Cell) -> Cell | None:
    """The cell whose value a reconciliation would write into this one, if it corrected."""
    supposed = control._replace(on_mismatch="correct")
    return written_from(supposed) if corrected_by(supposed) == cell else None


def perhaps_corrected(case: Case, judged: Mapping[Cell, Assessed]) -> Iterator[Claim]:
    """Reconciliations of which nobody has said whether they write an authority into it that may be wrong."""
    for control in case.reconciliations:
        if control.on_mismatch is not None:
            continue
        source = supposed_source(control, case.cell)
        found = judged.get(source) if source is not None else None
        if found is not None and found.verdict != "converges":
            yield Claim(
                "",
                "TC",
                None,
                f"nobody has said whether {control.id} corrects it from {source}, which may be wrong",
                upstream=(found.case.cell,),
                asks=(Ask("control", control.id, "on_mismatch"),),
                own_heal=False,
            )


def has_values(path: WritePath, topology: Topology) -> bool:
    """Whether a path's source holds all that it is to send, or counts it: else it can send no whole values."""
    holds = topology.systems[path.source].holds
    missing = [left for left, to in (path.maps or {}).items() if to is not None and left not in holds]
    return not missing or all(
        any(
            left in event.effects and event.effects[left].kind in {"set", "flag"}
            for event in topology.events.values()
            if any(origin.system == path.source for origin in event.origins)
        )
        for left in missing
    )


def _may_send(path: WritePath, source: Cell, case: Case) -> bool:
    """Whether anything sets a path off that may send whole values."""
    pushed = case.survey.handoff(path).pushed
    if not pushed and path.covers != "changed_only":
        return True
    if not pushed or path.events is None:
        return case.survey.stirs(source)
    return any(case.survey.arrivals_at(event, path.source) for event in path.events)


def growing(case: Case) -> Iterator[Claim]:
    """Whole values that are added: whether they are added again at every run, or only after changes."""
    for feed in case.feeds:
        path = feed.path
        turned = path.op is None and path.payload == "state" and feed.write.mapping.sign == "negated"
        if turned and feed.handoff.sends_whole_values is not False:
            yield _perhaps_growing(path, "op")
        if not confused(path) or feed.handoff.sends_whole_values is not None or not feed.reads:
            continue
        fact = "trigger" if path.trigger is None else "schedule.covers" if path.covers is None else "only_if_changed"
        yield _perhaps_growing(path, fact)


def _perhaps_growing(path: WritePath, fact: str) -> Claim:
    return Claim(
        "operation-mismatch",
        "TB5",
        None,
        "nobody has said whether every run adds the whole value again",
        path,
        drift="divergent",
        asks=(Ask("path", path.id, fact),),
        keys=("op",),
    )
