"""HM010: a system that nothing in the map speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.finding import Subject
from handoffmap.premises.claim import BROKEN, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Topology
    from handoffmap.premises.survey import Survey


@rule("HM010", scope="map", severity="note", mend="Draw its write paths, or take it out of the map.")
def orphan_system(survey: Survey) -> Iterator[Claim]:
    """A system stands in the map and no path, event or control touches it.

    A number that nothing writes is either a copy kept by hand or a path that was forgotten in the
    interviews. Where it was forgotten every unit that moves drifts there unseen, and somebody finds out
    in manual reconciliation work.

    Cleared by:
    - a write path that starts, ends or passes there, or an event that happens there
    - a control that compares, corrects or reads one of its cells
    - a part of an application (`part_of`) whose other parts are touched, or a system that others name as
      their whole
    - `complete: false`: in an excerpt a path may be missing

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
          planning: {kind: planning, owner: supply, holds: {on_hand: consumer}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - {id: stock-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {on_hand: on_hand}}

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
          planning: {kind: planning, owner: supply, holds: {on_hand: consumer}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - {id: stock-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {on_hand: on_hand}}
          - id: erp-to-planning
            from: erp
            to: planning
            trigger: schedule
            op: set
            maps: {on_hand: on_hand}

    References:
    - odoo/documentation#19309
    """
    topology = survey.topology
    if not topology.complete:
        return
    touched = _touched(topology)
    for system in topology.systems.values():
        if system.id not in touched and (system.part_of is None or system.part_of not in touched):
            yield Claim(
                "orphan-system",
                "",
                BROKEN,
                "no path, event or control names it",
                None,
                f"nothing in the map touches {system.id}",
                drift=None,
                subject=Subject(system=system.id),
            )


def _touched(topology: Topology) -> set[str]:
    """Systems (and groups) that something names; a part of an application stands for the whole of it."""
    found: set[str] = set()
    for path in topology.write_paths.values():
        found.update((path.source, path.target), (hop.system for hop in path.via))
    for event in topology.events.values():
        found.update(origin.system for origin in event.origins)
    for control in (topology.controls or {}).values():
        found.update(cell.system for cell in (control.reads, control.authority, control.mirror) if cell is not None)
        found.update({control.at} - {None} if control.at in topology.systems else ())  # type: ignore[arg-type]
    for system in topology.systems.values():
        if system.quota is not None:
            found.update((system.quota.system, system.id))
        if system.part_of is not None:
            found.add(system.part_of)
            if system.id in found:
                found.add(system.part_of)
        for holding in system.holds.values():
            found.update(term.system for term in holding.derived_from or () if term.system is not None)
            if holding.derived_from:
                found.add(system.id)
    return found
