"""What two texts of one map differ in: as a unified diff for machines, as lines that go and come for people."""

from __future__ import annotations

from difflib import SequenceMatcher, unified_diff
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.remedy.draft import Draft
    from handoffmap.source import Source

__all__ = ["Change", "changes", "difference"]


class Change(NamedTuple):
    """Lines that follow each other in one file, as they were and as they are."""

    file: str
    line: int
    """Where they stand now, from 1."""
    gone: tuple[str, ...]
    come: tuple[str, ...]


def difference(before: Draft, after: Draft) -> str:
    """A unified diff of all files, as `patch -p0` and `git apply -p0` take it."""
    told: list[str] = []
    for old, new in _changed(before, after):
        lines = unified_diff(_lines(old), _lines(new), old.name, new.name)
        told += (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    return "".join(told)


def changes(before: Draft, after: Draft) -> tuple[Change, ...]:
    """Every stretch of lines that is different, in the order of files and lines."""
    found = []
    for old, new in _changed(before, after):
        was, now = _lines(old), _lines(new)
        for kind, low, high, first, last in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            if kind != "equal":
                found.append(Change(new.name, first + 1, _bare(was[low:high]), _bare(now[first:last])))
    return tuple(found)


def _changed(before: Draft, after: Draft) -> Iterator[tuple[Source, Source]]:
    now = {source.name: source for source in after.sources}
    for source in before.sources:
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
