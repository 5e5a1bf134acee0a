"""What could mend a finding: a table from the rule's slug to changes of facts, in the words of the file.

A candidate is no remedy yet: it becomes one when the map has been judged again with it (see `offer`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.remedy.control_menu import CONTROL_MENU
from handoffmap.remedy.delivery_menu import DELIVERY_MENU
from handoffmap.remedy.effort import effort_of
from handoffmap.remedy.mapping_menu import MAPPING_MENU
from handoffmap.remedy.operation_menu import OPERATION_MENU
from handoffmap.remedy.reach_menu import REACH_MENU
from handoffmap.remedy.toggles import toggles
from handoffmap.remedy.writer_menu import WRITER_MENU

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.remedy.spot import Candidate, Spot

__all__ = ["NEEDS_PEOPLE", "candidates", "causal"]

_MENU = {**CONTROL_MENU, **DELIVERY_MENU, **MAPPING_MENU, **OPERATION_MENU, **REACH_MENU, **WRITER_MENU}

NEEDS_PEOPLE = {
    "no-owner": "who answers for a system is for its owners to say; no other fact stands in for a name",
    "undocumented-event": "whether the event happens, and where, is for people to say; listing it draws its ways next",
    "orphan-system": "whether the system takes part at all is for people to say",
    "no-authority": "which system is the record is a decision of its owners",
    "version-drift": "which version is served, and until when, is for the other side to say",
    "split-authority": "which of them is the record is a decision of their owners",
}
"""Slug → why no change of facts is offered."""


def candidates(spot: Spot) -> list[Candidate]:
    """What the table offers for a finding, the least effort first; each once."""
    return _in_order(_MENU[spot.finding.slug](spot) if spot.finding.slug in _MENU else ())


def causal(spot: Spot) -> list[Candidate]:
    """Every single fact about the finding's paths and controls with every word that it may have."""
    return [] if spot.finding.slug in NEEDS_PEOPLE else _in_order(toggles(spot))


def _in_order(found: Iterator[Candidate] | tuple[Candidate, ...]) -> list[Candidate]:
    unique = {str(candidate): candidate for candidate in found if candidate}
    return sorted(unique.values(), key=lambda each: (effort_of(each), len(each)))  # else as the table has them
