"""The files of a map as an editor has them: what is open counts before what is on the disk."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from handoffmap.check import check_sources
from handoffmap.editor.home import map_of
from handoffmap.editor.occurrence import occurrences
from handoffmap.editor.project import as_the_project_takes_it
from handoffmap.errors import UnreadableFile
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.parse import find_topology_key, parse
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from handoffmap.diagnosis import Report
    from handoffmap.editor.occurrence import Occurrence
    from handoffmap.finding import Finding

__all__ = ["Book"]


class Book:
    """One file that somebody edits, with the map that it belongs to."""

    def __init__(self, path: str, opened: Mapping[str, str], today: date, folders: tuple[str, ...] = ()) -> None:
        """`opened`: path -> text of every file that is open, this one among them; `today`: for waivers.

        `folders`: those of the workspace, up to which the map is looked for that includes a part.
        """
        self.path = path
        self.opened = opened
        self.today = today
        self.folders = folders

    @cached_property
    def source(self) -> Source:
        """The file itself."""
        return self._source(self.path)

    @cached_property
    def report(self) -> Report:
        """What the check says of the map: of the file, or of the one that includes it."""
        if find_topology_key(self.source):
            return self._judged(self.source)
        home = map_of(self.path, self._readable, self.folders)
        return self._judged(self.source if home is None else self._source(home))

    @cached_property
    def all_findings(self) -> tuple[Finding, ...]:
        """Everything that is said of the map, the first to mend first."""
        report = self.report
        found = [problem for _, problems in report.invalid for problem in problems]
        found += [finding for diagnosis in report.diagnoses for finding in diagnosis.findings]
        return tuple(found)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is said of this file."""
        return tuple(finding for finding in self.all_findings if finding.location.file == self.path)

    def source_of(self, file: str) -> Source:
        """A file of the map."""
        return next((source for source in self.sources if source.name == file), self.source)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """All files of the map, this one first."""
        others = dict(self.report.sources)
        others.pop(self.path, None)
        return (self.source, *(others[name] for name in sorted(others)))

    @cached_property
    def occurrences(self) -> list[tuple[Source, Occurrence]]:
        """Every name of the map at every place."""
        return [(source, each) for source in self.sources for each in occurrences(source)]

    def name_at(self, line: int, column: int) -> Occurrence | None:
        """The name at a line and a column (from 0, in characters) of the file; None where there is none."""
        offset = sum(len(each) + 1 for each in self.source.text.split("\n")[:line]) + column
        here = [
            each for source, each in self.occurrences if source.name == self.path and each.start <= offset <= each.end
        ]
        if not here or here[0].species != "any":
            return here[0] if here else None
        declared = (each.species for _, each in self.occurrences if each.declares and each.name == here[0].name)
        species = next(declared, None)
        return None if species is None else here[0]._replace(species=species)

    def alike(self, name: Occurrence) -> list[tuple[Source, Occurrence]]:
        """Every place of a name."""
        return [
            (source, each)
            for source, each in self.occurrences
            if each.name == name.name and each.species in {name.species, "any"}
        ]

    def names(self, species: str) -> list[str]:
        """Every declared name of a kind, by the alphabet."""
        return sorted({each.name for _, each in self.occurrences if each.species == species and each.declares})

    @cached_property
    def cells(self) -> list[str]:
        """Every `system.quantity`, by the alphabet; read from the text, since a line that is being typed is no map."""
        found: set[str] = set()
        for source in self.sources:
            root, _problems = parse(source)
            systems = root.entries.get("systems") if isinstance(root, Table) else None
            for name, system in systems.entries.items() if isinstance(systems, Table) else ():
                holds = system.entries.get("holds") if isinstance(system, Table) else None
                if isinstance(holds, Table):
                    found.update(f"{name}.{quantity}" for quantity in holds.entries)
                elif isinstance(holds, Items):
                    found.update(f"{name}.{item.text}" for item in holds.items if isinstance(item, Scalar))
        return sorted(found)

    def _judged(self, source: Source) -> Report:
        """The report on a map as the project takes it, whose settings are those nearest to the map."""
        report = check_sources([source], instead={path: self._source(path) for path in self.opened})
        return as_the_project_takes_it(report, Path(source.name).parent, self.today)

    def _readable(self, path: str) -> Source | None:
        """A file, as it is open or as it is on the disk; None where it cannot be read."""
        try:
            return self._source(path)
        except UnreadableFile:
            return None

    def _source(self, path: str) -> Source:
        text = self.opened.get(path)
        return (
            Source.read(path) if text is None else Source.from_bytes(path, text.encode("utf-8", "replace"), Path(path))
        )
