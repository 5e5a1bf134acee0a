"""What a verdict has to rest on: every premise of the theorem that applies to a cell, and every path into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.verdicts.conclusions import NotesOf

if TYPE_CHECKING:
    from handoffmap.verdicts.assessed import Assessed

__all__ = ["lacking"]

OF_AMOUNTS = frozenset({"TA0", "TA1", "TA2", "TA3", "TA4", "TA7", "TA8"})
OF_AN_AMOUNT = frozenset({"TA2", "TA3", "TA4", "TA8"})
OF_VALUES = frozenset({"TB0", "TB1", "TB2", "TB3", "TB4", "TB5", "TB6"})
OF_A_VALUE = frozenset({"TB2", "TB3", "TB4", "TB5"})


def lacking(assessed: Assessed) -> set[tuple[str, str | None]]:
    """(premise, path) of what a converging cell ought to name and does not; the path is None where it is of the cell.

    Of a cell that stores nothing only the source is asked, of one that expects nothing nothing is.
    """
    case = assessed.case
    if assessed.verdict != "converges" or case.holding.role == "consumer":
        return set()
    notes = list(NotesOf(assessed, complete=True))
    named = {note.premise for note in notes}
    of_path = {(note.premise, note.write_path) for note in notes}
    if case.is_derived:
        return set() if "TB0" in named else {("TB0", None)}
    wanted: set[tuple[str, str | None]] = set()
    if case.deltas and not case.feeds:
        wanted |= {(premise, None) for premise in OF_AMOUNTS}
        wanted |= {(premise, path) for premise in OF_AN_AMOUNT for path in case.deltas}
    if case.feeds:
        wanted |= {(premise, None) for premise in OF_VALUES}
        wanted |= {(premise, feed.path.id) for premise in OF_A_VALUE - {"TB3", "TB4"} for feed in case.feeds}
    if case.own:
        wanted.add(("TA1", None))
    return {each for each in wanted if each not in of_path and (each[1] is not None or each[0] not in named)}
