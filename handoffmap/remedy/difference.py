"""What two texts of one map differ in: as a unified diff for machines, as lines that go and come for people."""

from __future__ import annotations

from difflib import SequenceMatcher, unified_diff
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.remedy.draft import Draft
    from handoffmap.text.source import Source

__all__ = ["Change", "Difference"]


class Change(NamedTuple):
    """Lines that follow each other in one file, as they were and as they are."""

    file: str
    line: int
    """Where they stand now, from 1."""
    gone: tuple[str, ...]
    come: tuple[str, ...]


class Difference:
    """What changed from one draft to another; worked out when somebody reads it."""

    def __init__(self, before: Draft, after: Draft) -> None:
        self._before, self._after = before, after

    @cached_property
    def patch(self) -> str:
        """A unified diff of all files, as `patch -p0` and `git apply -p0` take it."""
        told: list[str] = []
        for old, new in self._changed():
            lines = unified_diff(_lines(old), _lines(new), old.name, new.name)
            told += (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
        return "".join(told)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every stretch of lines that is different, in the order of files and lines."""
        found = []
        for old, new in self._changed():
            was, now = _lines(old), _lines(new)
            for kind, low, high, first, last in SequenceMatcher(None, was, now).get_opcodes():
                if kind != "equal":
                    found.append(Change(new.name, first + 1, _bare(was[low:high]), _bare(now[first:last])))
        return tuple(found)

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """(file, its whole text now) for each file that is different."""
        return tuple((new.name, new.text) for _, new in self._changed())

    def _changed(self) -> Iterator[tuple[Source, Source]]:
        now = {source.name: source for source in self._after.sources}
        for source in self._before.sources:
            new = now.get(source.name, source)
            if new.text != source.text:
                yield source, new


def _lines(source: Source) -> list[str]:
    """The lines with their breaks; `splitlines` would break at characters where YAML does not."""
    lines = [f"{line}\n" for line in source.text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _bare(lines: list[str]) -> tuple[str, ...]:
    return tuple(line.rstrip("\r\n") for line in lines)
