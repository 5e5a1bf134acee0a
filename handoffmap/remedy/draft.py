"""A map as it would be: its files with some facts changed, read again and judged again, nothing written."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from handoffmap.check import diagnose
from handoffmap.reading.load import load
from handoffmap.remedy.patch import CannotPatch, patched

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.model import Topology
    from handoffmap.remedy.edit import Edit
    from handoffmap.text.source import Source

__all__ = ["Draft"]


class Draft:
    """A valid map and the files that it was read from."""

    def __init__(self, topology: Topology, diagnosis: Diagnosis | None = None) -> None:
        self.topology = topology
        self._diagnosis = diagnosis

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files, the root first."""
        return self.topology.sources

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """What one pass concludes about it."""
        return self._diagnosis if self._diagnosis is not None else diagnose(self.topology)

    def changed(self, edits: Iterable[Edit]) -> Draft:
        """The map with facts changed; raises `CannotPatch` where a text does not allow it, or would be no map."""
        files = {source.name: source for source in self.sources}
        by_file: dict[str, list[Edit]] = {}
        for edit in edits:
            by_file.setdefault(self.file_of(edit), []).append(edit)
        for name, mine in by_file.items():
            files[name] = patched(files[name], mine)
        return self.read(files)

    def read(self, files: Mapping[str, Source]) -> Draft:
        """The map from other texts of its files; raises `CannotPatch` where that is no map."""
        topology, problems = load(files[self.sources[0].name], instead=files)
        if topology is None:
            raise CannotPatch(problems[0].message if problems else "the result is no map")
        return Draft(topology)

    def file_of(self, edit: Edit) -> str:
        """The file in which an entry stands; of a new one that in which the others of its section stand."""
        entries = getattr(self.topology, edit.section) or {}
        if edit.entry in entries:
            name: str = entries[edit.entry].place.source.name
            return name
        held = {entry.place.source.name for entry in entries.values()}
        return next((source.name for source in self.sources if source.name in held), self.sources[0].name)
