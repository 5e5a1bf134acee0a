"""Causal facts by toggling: each fact about a finding's paths and controls, with each word that it may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.reading.shape import TABLES
from handoffmap.remedy.edit import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.remedy.data import Value
    from handoffmap.remedy.edit import Section
    from handoffmap.remedy.spot import Candidate, Spot

__all__ = ["toggles"]

_LEFT_ALONE = frozenset({"id", "from", "to", "kind", "owner", "notes"})
_NESTED = ("dedupe", "dead_letter", "retry", "poll", "schedule", "subscription")


def toggles(spot: Spot) -> Iterator[Candidate]:
    """Every word and truth value of every fact, one change at a time."""
    paths = {path.id for path in spot.paths}
    if not paths and spot.cell is not None:
        paths = {write.path.id for write in spot.graph.writers_of(spot.cell)}
    for name in sorted(paths):
        yield from _of_entry("write_paths", name, "path")
    if spot.control is not None:
        yield from _of_entry("controls", spot.control.id, "control")


def _of_entry(section: Section, name: str, table: str) -> Iterator[Candidate]:
    for keys, value in _answers(table, ()):
        yield (Edit(section, name, keys, value),)


def _answers(table: str, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Value]]:
    for key, what in TABLES[table].keys.items():
        if key in _LEFT_ALONE:
            continue
        scalar = what.value.scalar
        if scalar is not None and scalar.name == "word":
            yield from (((*above, key), word) for word in scalar.words)
        elif scalar is not None and scalar.name == "flag":
            yield from (((*above, key), truth) for truth in (True, False))
        if key in _NESTED and not above:
            yield from _answers(key, (key,))
