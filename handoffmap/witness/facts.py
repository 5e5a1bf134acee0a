"""The **unknown facts** of a slice, each with the answers that could be given to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from handoffmap.model import Cell, Topology

__all__ = ["Answer", "Unknown", "completed", "unknown_facts"]


class Answer(NamedTuple):
    """A change of declared facts: (section, id, field, value)."""

    section: str
    entry: str
    changes: tuple[tuple[str, Any], ...]


class Unknown(NamedTuple):
    """A fact that nobody has stated and that may decide."""

    name: str
    answers: tuple[Answer, ...]


def unknown_facts(topology: Topology, cell: Cell) -> list[Unknown]:
    return []


def completed(topology: Topology, answer: Answer) -> Topology:
    section = dict(getattr(topology, answer.section))
    section[answer.entry] = section[answer.entry]._replace(**dict(answer.changes))
    return topology._replace(**{answer.section: section})
