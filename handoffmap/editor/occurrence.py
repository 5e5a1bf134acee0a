"""Where the names of systems, events, paths and controls stand in a file, declared or referred to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.reading.shape import TABLES, Value
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.parse import parse
from handoffmap.text.span import scalar_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.text.node import Node
    from handoffmap.text.source import Source

__all__ = ["Occurrence", "Species", "occurrences"]

Species = Literal["system", "event", "path", "control", "any"]
"""`any`: the subject of a waiver, which names whatever has that name."""

_DECLARES: dict[tuple[str, str], Species] = {
    ("file", "systems"): "system", ("file", "events"): "event", ("file", "write_paths"): "path",
    ("file", "controls"): "control",
}  # fmt: skip
"""Sections whose entries have names: the keys of a mapping, or the `id` of an item."""

_REFERS: dict[tuple[str, str], Species] = {
    ("system", "part_of"): "system", ("event", "at"): "system", ("event", "undoes"): "event",
    ("path", "from"): "system", ("path", "to"): "system", ("path", "via"): "system", ("path", "events"): "event",
    ("path", "fires_for"): "path", ("path", "atomic_with"): "path", ("subscription", "backstop"): "path",
    ("control", "at"): "system", ("waiver", "subject"): "any",
}  # fmt: skip
"""(table, key) -> what its value, or the keys of its mapping, are names of."""
_TERM = re.compile(r"([^\s.+\-\u2212]+(?:-[^\s.+\-\u2212]+)*)\.")


class Occurrence(NamedTuple):
    """A name at its place: characters `start` up to, not including, `end` of the file's text."""

    species: Species
    name: str
    start: int
    end: int
    declares: bool


def occurrences(source: Source) -> list[Occurrence]:
    """Every name of a file, in the order of the text; none where it is no YAML."""
    root, _problems = parse(source)
    if not isinstance(root, Table):
        return []
    found = list(_Walk(source.text).table(root, Value(table="file")))
    return sorted(set(found), key=lambda each: (each.start, each.end))


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text

    def table(self, table: Table, kind: Value, species: Species | None = None) -> Iterator[Occurrence]:
        """The names in a mapping; `species`: what its own keys are the names of."""
        known = TABLES[kind.table].keys if kind.table is not None else {}
        for key, node in table.entries.items():
            start = table.key_start(key)
            if start < table.start:  # merged: it is told where it stands
                continue
            if key in known:
                below = known[key].value
                declared = _DECLARES.get((kind.table or "", key))
                if declared is not None:
                    yield from self.section(node, below, declared)
                else:
                    yield from self.node(node, below, _REFERS.get((kind.table or "", key)), start)
            elif kind.entries is not None or not known:
                if species is not None:
                    yield self._quoted(species, key, start, declares=False)
                yield from self.node(node, kind.entries or Value(), None, start)

    def section(self, node: Node, kind: Value, species: Species) -> Iterator[Occurrence]:
        """The entries of a section, which declare names."""
        if isinstance(node, Table):
            for key, entry in node.entries.items():
                start = node.key_start(key)
                if start >= node.start:
                    yield self._quoted(species, key, start, declares=True)
                    yield from self.node(entry, kind.entries or Value(), None, start)
        elif isinstance(node, Items):
            for item in node.items:
                if isinstance(item, Table):
                    name = item.entries.get("id")
                    if isinstance(name, Scalar):
                        yield self._scalar(species, name, declares=True)
                    yield from self.table(item, kind.items or Value())
                elif isinstance(item, Scalar):
                    yield self._scalar(species, item, declares=True)

    def node(self, node: Node, kind: Value, species: Species | None, after: int) -> Iterator[Occurrence]:
        if node.start < after:  # an alias: it is told where its anchor stands
            return
        if isinstance(node, Table):
            yield from self.table(node, kind, species)
        elif isinstance(node, Items):
            for item in node.items:
                yield from self.node(item, kind.items or kind, species, node.start)
        elif isinstance(node, Scalar) and node.text:
            if species == "any" and "." in node.text:
                yield from self._cells(node)
            elif species is not None:
                yield self._scalar(species, node, declares=False)
            elif kind.scalar is not None and kind.scalar.name in {"cell", "formula"}:
                yield from self._cells(node)

    def _cells(self, node: Scalar) -> Iterator[Occurrence]:
        """The systems of `wms.on_hand`, also in a formula."""
        begin, end = scalar_span(self.text, node)
        for match in _TERM.finditer(self.text, begin, end):
            start = match.start(1) + len(match[1]) - len(match[1].lstrip("\"'"))
            yield Occurrence("system", self.text[start : match.end(1)], start, match.end(1), declares=False)

    def _scalar(self, species: Species, node: Scalar, *, declares: bool) -> Occurrence:
        begin, end = scalar_span(self.text, node)
        quote = self.text[begin : begin + 1] in {"'", '"'}
        return Occurrence(species, node.text, begin + quote, end - quote, declares)

    def _quoted(self, species: Species, key: str, start: int, *, declares: bool) -> Occurrence:
        begin = start + (self.text[start : start + 1] in {"'", '"'})
        return Occurrence(species, key, begin, begin + len(key), declares)
