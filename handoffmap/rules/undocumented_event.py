"""HM011: the usual events of which the map says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Claim
from handoffmap.finding import Subject
from handoffmap.phrases import listed
from handoffmap.rules._rule import rule
from handoffmap.vocabulary import BUILT_IN_EVENTS, CANONICAL_EVENTS, UNDOES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.cells import Survey


@rule("HM011", scope="map", severity="note", mend="List the event with where it happens, or say in `notes` why it cannot.")
def undocumented_event(survey: Survey) -> Iterator[Claim]:
    """An event that every stack of this kind knows, or the opposite of a listed one, is not in the map."""
    topology = survey.topology
    if not topology.complete:
        return
    held = {quantity for system in topology.systems.values() for quantity in system.holds}
    wanted = list(CANONICAL_EVENTS) + [undo for undo, event in UNDOES.items() if event in topology.events]
    missing = [
        event for event in wanted if event not in topology.events and held & set(BUILT_IN_EVENTS[event])
    ]
    if missing:
        yield Claim(
            "undocumented-event",
            "",
            False,
            "a built-in event that is not listed is taken not to occur",
            None,
            f"the map does not speak of {listed(missing, 6)}",
            drift=None,
            events=tuple(missing),
            subject=Subject(event=missing[0]),
            keys=("events",),
        )
