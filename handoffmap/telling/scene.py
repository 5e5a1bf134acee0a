"""What the pictures are drawn from: one walk over a diagnosis, indexed for drawing parts of it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import CellVerdict, Coverage, Finding
    from handoffmap.model import System, WritePath
    from handoffmap.vocabulary import Effect

__all__ = ["Scene", "Standing", "paths_of", "standing_of", "worst"]

Standing = Literal["error", "warning", "question", "waived", "fine", "off"]
_GRAVER: dict[str, int] = {"fine": 0, "off": 1, "waived": 2, "question": 3, "warning": 4, "error": 5}


class Scene:
    """A diagnosis, indexed by path, system and event; built in time linear in it."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        self.diagnosis = diagnosis
        self.topology = diagnosis.topology
        self.paths: list[WritePath] = [self.topology.write_paths[key] for key in sorted(self.topology.write_paths)]
        self.relays = self._relays()
        self.systems: list[System] = [
            self.topology.systems[key] for key in sorted(self.topology.systems) if key not in self.relays
        ]
        self.standings = self._standings()
        self.by_event: dict[str, list[Coverage]] = defaultdict(list)
        self.coverage = tuple(diagnosis.coverage)
        for entry in self.coverage:
            self.by_event[entry.event].append(entry)
        self.verdicts: dict[str, list[CellVerdict]] = defaultdict(list)
        for verdict in sorted(diagnosis.verdicts, key=lambda one: one.cell):
            self.verdicts[verdict.cell.system].append(verdict)
        self.leaving: dict[str, list[WritePath]] = defaultdict(list)
        self.entering: dict[str, list[WritePath]] = defaultdict(list)
        for path in self.paths:
            self.leaving[path.source].append(path)
            self.entering[path.target].append(path)

    def _relays(self) -> frozenset[str]:
        """Systems that hold nothing and that paths only pass through."""
        ends = {end for path in self.paths for end in (path.source, path.target)}
        ends |= {origin.system for event in self.topology.events.values() for origin in event.origins}
        passed = {hop.system for path in self.paths for hop in path.via}
        return frozenset(
            key for key in passed - ends if key in self.topology.systems and not self.topology.systems[key].holds
        )

    def _standings(self) -> dict[str, Standing]:
        """Path -> the gravest thing that a finding says of it."""
        found: dict[str, Standing] = {path.id: "fine" if path.enabled else "off" for path in self.paths}
        told = [(finding, standing_of(finding)) for finding in self.diagnosis.findings]
        lived_with = (each.finding for each in self.diagnosis.waived)
        told += [(finding, "waived") for finding in lived_with if standing_of(finding) != "fine"]
        for finding, word in told:
            for path in paths_of(finding):
                if path in found and _GRAVER[word] > _GRAVER[found[path]]:
                    found[path] = word
        return found

    def carried(self, event: str) -> list[WritePath]:
        """The paths that take an event onward from where it happens, in any form, by id."""
        declared = self.topology.events.get(event)
        if declared is None:
            return []
        reached = {origin.system for origin in declared.origins}
        waiting = sorted(reached)
        found: dict[str, WritePath] = {}
        while waiting:
            for path in self.leaving[waiting.pop()]:
                if path.id in found or not _takes(path, event, declared.effects):
                    continue
                found[path.id] = path
                if path.enabled and path.target not in reached:
                    reached.add(path.target)
                    waiting.append(path.target)
        return [found[key] for key in sorted(found)]

    def drifting(self, system: str) -> tuple[int, int]:
        """(counts that can drift, all counts) of a system."""
        verdicts = self.verdicts[system]
        return sum(verdict.verdict == "drifts" for verdict in verdicts), len(verdicts)


def standing_of(finding: Finding) -> Standing:
    """What a finding makes of the handoffs that it speaks of."""
    if finding.confidence == "undetermined":
        return "question"
    if finding.severity == "note":
        return "fine"
    return finding.severity


def paths_of(finding: Finding) -> list[str]:
    """The handoffs that a finding speaks of: its own, or for one about the structure those it names."""
    if finding.subject.write_path is not None:
        return [finding.subject.write_path]
    return sorted({each.subject.write_path for each in finding.related if each.subject.write_path is not None})


def worst(words: Sequence[Standing]) -> Standing:
    """The gravest of some standings."""
    return max(words, key=_GRAVER.__getitem__, default="fine")


def _takes(path: WritePath, event: str, effects: Mapping[str, Effect]) -> bool:
    """Whether a path brings an event on: by listing it, or as part of a count that it moves."""
    if path.events is not None:
        return event in path.events
    if path.payload == "delta":
        return False
    return path.maps is None or any(quantity in effects for quantity in path.maps)
