"""Several files read as one: where one part of an entry comes from one file and the next from another.

An entry that an overlay adds to has keys in two files, and one `Source` to look them up in. A stack is such a source:
the texts one behind the other, so that one offset says both the file and the place in it.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from handoffmap.text.node import Items, Table
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoffmap.text.node import Node
    from handoffmap.text.source import Location

__all__ = ["Stack", "moved"]

_BETWEEN = "\n...\n"
"""YAML's end of a document: nothing that is read again from one file runs on into the next."""


class Stack(Source):
    """The texts of several files; places are told in the file that an offset lies in."""

    def __init__(self, parts: Sequence[Source]) -> None:
        super().__init__(parts[0].name, _BETWEEN.join(part.text for part in parts), parts[0].path)
        self.parts = tuple(parts)
        lengths = (len(part.text) + len(_BETWEEN) for part in parts[:-1])
        self.begins = tuple(accumulate(lengths, initial=0))
        """The offset of each part's first character."""

    def location(self, start: int, end: int | None = None) -> Location:
        """The lines and columns in the file that `start` lies in; a stretch ends where its file does."""
        part, begin = self._part(start)
        return part.location(start - begin, None if end is None else min(end - begin, len(part.text)))

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line and column in the file that the offset lies in."""
        part, begin = self._part(offset)
        return part.line_and_column(offset - begin)

    def holding(self, place: Location) -> Source:
        """The file that a place is in."""
        return next((part for part in self.parts if part.name == place.file), self)

    def _part(self, offset: int) -> tuple[Source, int]:
        number = max(bisect_right(self.begins, offset) - 1, 0)
        return self.parts[number], self.begins[number]


def moved(root: Node, by: int) -> Node:
    """The same nodes with all their places moved by so many characters; a node that aliases share is moved once."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        node.start += by
        if isinstance(node, Table):
            node.set_key_starts(start + by for start in node.key_starts)
            waiting.extend(node.entries.values())
        elif isinstance(node, Items):
            waiting.extend(node.items)
    return root
