"""HM012: nobody to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.finding import Subject
from handoffmap.premises.claim import BROKEN, Claim
from handoffmap.premises.phrases import listed
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.premises.survey import Survey

RELAYS = frozenset({"middleware", "edi_van"})


@rule("HM012", scope="map", severity="note", mend="Name the team that answers for the system (`owner`).")
def no_owner(survey: Survey) -> Iterator[Claim]:
    """A system has no owner, so that its questions can be put to nobody.

    Each unknown fact is put to the owner of the path or system that it is about. Without one the question
    stays open, the verdicts that hang on it stay undetermined, and a gap that is known stays unmended:
    manual reconciliation work goes on.

    Cleared by:
    - `owner` at the system, or at the application that it is a part of, or at another of its parts
    - a relay that holds no quantity (`middleware`, `edi_van`)
    - `complete: false`: an excerpt may leave it out

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - {id: stock-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {on_hand: on_hand}}

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - {id: stock-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {on_hand: on_hand}}

    References:
    - planningcenter/developers#1312
    """
    topology = survey.topology
    if not topology.complete:
        return
    answering = {system.id for system in topology.systems.values() if system.owner is not None}
    owned = {system.part_of for system in topology.systems.values() if system.owner is not None}
    covered = (owned | answering) - {None}
    lacking = sorted(
        system.id
        for system in topology.systems.values()
        if system.owner is None
        and not (set(system.kinds) <= RELAYS and not system.holds)
        and system.id not in owned
        and system.part_of not in covered
    )
    if lacking:
        yield Claim(
            "no-owner",
            "",
            BROKEN,
            "no owner is stated",
            None,
            f"nobody answers for {listed(lacking)}",
            drift=None,
            subject=Subject(system=lacking[0]),
            systems=tuple(lacking),
        )
