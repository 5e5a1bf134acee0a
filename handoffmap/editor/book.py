"""The files of a map as an editor has them: what is open counts before what is on the disk."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from handoffmap.check import check_sources
from handoffmap.editor.occurrence import occurrences
from handoffmap.policy.waivers import apply_waivers
from handoffmap.reading.discover import discover
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

    def __init__(self, path: str, opened: Mapping[str, str], today: date) -> None:
        """`opened`: path -> text of every file that is open, this one among them; `today`: for waivers."""
        self.path = path
        self.opened = opened
        self.today = today

    @cached_property
    def source(self) -> Source:
        """The file itself."""
        return self._source(self.path)

    @cached_property
    def report(self) -> Report:
        """What the check says of the map: of the file, or of the one beside it that includes it."""
        own = self._judged([self.source])
        if "handoffmap:" in self.source.text:
            return own
        for root in discover([str(Path(self.path).parent)]).sources:
            report = self._judged([self._source(root.name)])
            if any(source.name == self.path for diagnosis in report.diagnoses for source in diagnosis.topology.sources):
                return report
        return own

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
        others = {source.name: source for diagnosis in self.report.diagnoses for source in diagnosis.topology.sources}
        others.pop(self.path, None)
        return (self.source, *(others[name] for name in sorted(others)))

    @cached_property
    def occurrences(self) -> list[tuple[Source, Occurrence]]:
        """Every name of the map at every place."""
        return [(source, each) for source in self.sources for each in occurrences(source)]

    def name_at(self, line: int, column: int) -> Occurrence | None:
        """The name at a line and a column (from 0, in characters) of the file; None where there is none."""
        offset = sum(len(each) + 1 for each in self.source.text.split("\n")[:line]) + column
        here = [each for source, each in self.occurrences if source is self.source and each.start <= offset <= each.end]
        return here[0] if here else None

    def alike(self, name: Occurrence) -> list[tuple[Source, Occurrence]]:
        """Every place of a name."""
        return [
            (source, each)
            for source, each in self.occurrences
            if each.species == name.species and each.name == name.name
        ]

    def names(self, species: str) -> list[str]:
        """Every declared name of a kind, by the alphabet."""
        return sorted({each.name for _, each in self.occurrences if each.species == species and each.declares})

    def _judged(self, sources: list[Source]) -> Report:
        """The report with waivers applied."""
        report = check_sources(sources, instead={path: self._source(path) for path in self.opened})
        return report._replace(diagnoses=tuple(apply_waivers(each, self.today) for each in report.diagnoses))

    def _source(self, path: str) -> Source:
        text = self.opened.get(path)
        return (
            Source.read(path) if text is None else Source.from_bytes(path, text.encode("utf-8", "replace"), Path(path))
        )
