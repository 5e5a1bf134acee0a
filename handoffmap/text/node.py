"""What a YAML file consists of, once read: scalars, items and tables, each knowing where it begins.

Nodes carry one integer for their place, the offset of their first character in the source's text, and nothing
else: a file of 100,000 paths has millions of them. `handoffmap.text.span` turns offsets into lines and columns
when somebody asks.

A value that several equal lines share has no place of its own: its `start` is `~n` (so it is negative) if it begins
`n` characters behind the key that it stands for, and what is inside it counts from that key.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Items", "Node", "Scalar", "Table"]

_FEW = 24  # up to here looking through the keys costs less than keeping an index of them


class Node:
    """One value of the file; `start` is the offset of its first character, or of its anchor if it has one."""

    __slots__ = ("start",)

    def __init__(self, start: int) -> None:
        self.start = start


class Scalar(Node):
    """A single value: its text after YAML's unescaping, and whether it stands there without quotes or `|`."""

    __slots__ = ("plain", "text")

    def __init__(self, start: int, text: str, plain: bool) -> None:  # noqa: FBT001 - built millions of times
        self.start = start
        self.text = text
        self.plain = plain

    def __repr__(self) -> str:
        return f"Scalar({self.text!r}, plain={self.plain})"


class Items(Node):
    """A list."""

    __slots__ = ("items",)

    def __init__(self, start: int) -> None:
        self.start = start
        self.items: list[Node] = []

    def __repr__(self) -> str:
        return f"Items({self.items!r})"


class Table(Node):
    """A mapping, in the order of the file; what `<<` brings in follows the table's own keys.

    `key_start` gives the offset of one key, `keys` those of all.
    """

    __slots__ = ("_index", "entries", "key_starts")

    def __init__(self, start: int) -> None:
        self.start = start
        self.entries: dict[str, Node] = {}
        self.key_starts: array[int] = _NONE  # in the order of `entries`; set by the reader
        self._index: dict[str, int] | None = None

    def __repr__(self) -> str:
        return f"Table({self.entries!r})"

    @property
    def keys(self) -> dict[str, int]:
        """Offset of each key, in the order of `entries`; made anew for a small table, so ask once."""
        if self._index is not None:
            return self._index
        index = dict(zip(self.entries, self.key_starts, strict=True))
        if len(index) > _FEW:
            self._index = index
        return index

    def key_start(self, key: str) -> int:
        """Offset of one key; raises `KeyError` for one that is not there."""
        if len(self.entries) > _FEW:
            return self.keys[key]
        for name, start in zip(self.entries, self.key_starts, strict=True):
            if name == key:
                return start
        raise KeyError(key)

    def set_key_starts(self, starts: Iterable[int]) -> None:
        """Say where the keys stand, in the order of `entries`."""
        self.key_starts = array("q", starts)
        self._index = None


_NONE: array[int] = array("q")
