"""What is found out about one cell while it is judged: claims as they bear on it, what heals it, its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from handoffmap.finding import DriftClass, Verdict
    from handoffmap.model import Cell
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Ask, Claim, Evidence
    from handoffmap.vocabulary import Seconds

__all__ = ["Assessed", "Healing", "Told"]


class Healing(NamedTuple):
    """Whether something makes the cell right again, and within how many seconds."""

    works: bool | None
    """None: hangs on `asks`."""
    window: Seconds | None
    by: str
    asks: tuple[Ask, ...] = ()
    lost_only: bool = False
    """It sends what has changed at the source: it makes good what another path lost, and nothing else."""


class Told(NamedTuple):
    """A broken or undetermined claim as it bears on one cell."""

    claim: Claim
    drift: DriftClass | None
    """The class after healing; None where it turns no verdict, or where it is not known whether something heals it."""
    turns: bool
    """Whether the cell's verdict turns on it."""
    healed: Healing | None = None


class Assessed(NamedTuple):
    """One cell, judged."""

    case: Case
    above: tuple[Cell, ...]
    """The cells that feed it."""
    verdict: Verdict
    drift: DriftClass | None
    window: Seconds | None
    held: tuple[Evidence, ...]
    told: tuple[Told, ...]
    upstream: tuple[Cell, ...]
    unjudged: frozenset[Cell] = frozenset()
    """Cells that feed it and had not been judged when it was."""
