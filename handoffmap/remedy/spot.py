"""A finding with its surroundings, and the changes of facts in short words: what the tables of remedies speak in."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.premises.survey import Survey
from handoffmap.remedy.edit import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import Finding
    from handoffmap.model import Control, Topology, WritePath
    from handoffmap.premises.graph import WritePathGraph
    from handoffmap.remedy.data import Value

__all__ = ["Candidate", "Spot", "add_event", "control_fact", "fact", "new_path", "no_fact", "safe_delta", "state_run"]

Candidate = tuple[Edit, ...]
"""Changes that are made together."""

SURE_DEDUPE: dict[str, Value] = {
    "key": ["event_id"],
    "retention": "forever",
    "stable_across_retries": True,
    "unique_per_effect": True,
}
"""A ledger that recognises every repetition and swallows nothing else."""


class Spot:
    """One finding in its map."""

    def __init__(self, finding: Finding, topology: Topology, survey: Survey | None = None) -> None:
        self.finding = finding
        self.topology = topology
        self._survey = survey

    @cached_property
    def survey(self) -> Survey:
        """The map ready to be asked which event reaches what."""
        return self._survey or Survey(self.topology)

    @property
    def graph(self) -> WritePathGraph:
        """The write paths as a graph."""
        return self.survey.graph

    @cached_property
    def path(self) -> WritePath | None:
        """The path that the finding is about."""
        return self.topology.write_paths.get(self.finding.subject.write_path or "")

    @cached_property
    def paths(self) -> tuple[WritePath, ...]:
        """All paths that the finding names, its own first."""
        names = [self.finding.subject.write_path, *(each.subject.write_path for each in self.finding.related)]
        known = (self.topology.write_paths.get(name) for name in dict.fromkeys(names) if name)
        return tuple(path for path in known if path is not None)

    @cached_property
    def touching(self) -> tuple[WritePath, ...]:
        """The named paths; where the finding names none, all that write its cells."""
        if self.paths:
            return self.paths
        return self.writers

    @cached_property
    def writers(self) -> tuple[WritePath, ...]:
        """All paths that write the touched cells, by id."""
        found = {write.path.id: write.path for cell in self.finding.cells for write in self.graph.writers_of(cell)}
        return tuple(found[name] for name in sorted(found))

    @cached_property
    def control(self) -> Control | None:
        """The control that the finding is about."""
        return (self.topology.controls or {}).get(self.finding.subject.control or "")

    @cached_property
    def cell(self) -> Cell | None:
        """The first cell that it touches."""
        if self.finding.cells:
            return self.finding.cells[0]
        subject = self.finding.subject
        cell = Cell(subject.system or "", subject.quantity or "")
        return cell if cell in self.graph.cells else None

    def authority_of(self, quantity: str) -> Cell | None:
        """The record for a quantity: the first that is no derived number."""
        return next(iter(self.graph.authorities_of(quantity)), None)

    def missing(self, cell: Cell) -> Iterator[tuple[str, str]]:
        """(event, origin) of the finding's events that do not come, or may not come, into a cell."""
        for name in self.finding.events:
            event = self.topology.events.get(name)
            for origin in event.origins if event else ():
                if event is not None and self.survey.reaches(event, origin.system, cell) is not True:
                    yield name, origin.system

    def free_name(self, wanted: str) -> str:
        """A name for a new path or control that nobody has yet."""
        taken = {*self.topology.write_paths, *(self.topology.controls or ())}
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}-{number}", number + 1
        return name


def fact(path: WritePath, *keys: str, to: Value) -> Edit:
    """A fact of a path set."""
    return Edit("write_paths", path.id, keys, to)


def no_fact(path: WritePath, *keys: str) -> Edit:
    """A fact of a path taken out."""
    return Edit("write_paths", path.id, keys, None, "remove")


def add_event(path: WritePath, event: str) -> Edit:
    """One more event that a path fires for."""
    return Edit("write_paths", path.id, ("events",), event, "add")


def control_fact(control: Control, *keys: str, to: Value) -> Edit:
    """A fact of a control set."""
    return Edit("controls", control.id, keys, to)


def new_path(name: str, facts: dict[str, Value]) -> Edit:
    """A write path that is not there yet."""
    return Edit("write_paths", name, (), facts, "new")


def safe_delta(source: str, target: str, events: list[str], maps: dict[str, Value]) -> dict[str, Value]:
    """A path of amounts that keeps every premise of its theorem."""
    return {
        "from": source,
        "to": target,
        "events": [*events],
        "trigger": "queue",
        "payload": "delta",
        "op": "adjust",
        "maps": maps,
        "delivery": "at_least_once",
        "dedupe": dict(SURE_DEDUPE),
        "guard": "none",
        "ack": "after_commit",
        "dead_letter": {"monitored": True, "replay": "manual"},
        "handoff": "outbox",
        "latency": "1m",
    }


def state_run(source: str, target: str, maps: dict[str, Value], op: str) -> dict[str, Value]:
    """A recurring run that sends whole values."""
    return {
        "from": source,
        "to": target,
        "trigger": "schedule",
        "payload": "state",
        "op": op,
        "maps": maps,
        "schedule": {"every": "15m", "covers": "full"},
        "only_if_changed": False,
        "delivery": "at_least_once",
        "order": "total",
        "guard": "version",
        "latency": "1m",
    }
