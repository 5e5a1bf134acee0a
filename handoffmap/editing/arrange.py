"""A topology's text in the order and layout that all of them have, with every comment kept.

Sections and keys come in the order of the vocabulary, names (systems, events, paths) in the order of the file. Two
blanks a level, lists one level in, one blank line at the most. What is written on one line stays on one line. Text
whose meaning would change stays as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.editing.meaning import same_meaning
from handoffmap.reading.shape import TABLES, Value
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.parse import parse
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoffmap.text.node import Node

__all__ = ["arranged"]

_STEP = 2
_WIDEST = 120
_FLOW = ("{", "[")


def arranged(text: str) -> str:
    """The text, arranged; the same text where it is no YAML, or where arranging it would change what it says."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    root, problems = parse(Source("text", plain))
    if problems or not isinstance(root, Table) or _opens(plain, root.start):
        return text
    made = _tidied(_Arranger(plain).file(root))
    return made if same_meaning(plain, made) else text


class _Kept(str):
    """A line inside a text, whose blanks are the text's own."""

    __slots__ = ()


def _tidied(lines: Iterable[str]) -> str:
    """Without blanks at the ends of lines, without more than one blank line, with one break at the end."""
    made: list[str] = []
    for line in lines:
        if isinstance(line, _Kept):
            made.append(line)
        elif bare := line.rstrip(" \t"):
            made.append(bare)
        elif made and made[-1]:
            made.append("")
    return "\n".join(made).strip("\n") + "\n"


def _opens(text: str, start: int) -> bool:
    return text[start : start + 1] in _FLOW


class _Piece(NamedTuple):
    """A key with all its lines: the comments above it, its own line, and what it holds."""

    name: str
    lead: list[str]
    lines: list[str]


class _Arranger:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def file(self, root: Table) -> Iterator[str]:
        """All lines: what stands above the first key stays there."""
        first = self._line(min(root.key_starts))
        yield from self.lines[:first]
        yield from self._table(root, first, len(self.lines), 0, 0, _of("file"))

    # -- blocks ------------------------------------------------------------------------------------------

    def _table(self, table: Table, first: int, end: int, column: int, wanted: int, kind: Value | None) -> list[str]:
        """The lines `first` to `end` of a block mapping whose keys stand in `column`, with the keys in `wanted`."""
        starts = list(table.key_starts)
        places = [self._line(start) for start in starts]
        orderly = (
            bool(places)
            and all(one < other for one, other in pairwise(places))
            and all(start - self.starts[place] == column for start, place in zip(starts, places, strict=True))
            and first <= places[0]
            and places[-1] < end
        )
        if not orderly:  # merged, or several keys on a line: only moved sideways
            return [_shifted(line, wanted - column) for line in self.lines[first:end]]
        leads = [
            places[0],
            *(self._lead(place, before + 1, column) for before, place in pairwise(places)),
        ]
        after = self._after(places[-1] + 1, end, column)
        pieces = []
        for number, (name, node) in enumerate(table.entries.items()):
            stop = leads[number + 1] if number + 1 < len(leads) else after
            lead = [_shifted(line, wanted - column) for line in self.lines[leads[number] : places[number]]]
            pieces.append(
                _Piece(
                    name,
                    lead,
                    self._piece(starts[number], node, places[number], stop, column, wanted, _below(kind, name)),
                )
            )
        ranks = {name: rank for rank, name in enumerate(_keys(kind))}
        pieces.sort(key=lambda piece: ranks.get(piece.name, len(ranks)))
        tail = [_shifted(line, wanted - column) for line in self.lines[after:end]]
        return [*(line for piece in pieces for line in (*piece.lead, *piece.lines)), *tail]

    def _after(self, least: int, end: int, column: int) -> int:
        """Where the comments and blank lines begin that end a mapping and are not part of its last key."""
        while end > least:
            words = self.lines[end - 1].strip()
            if words and not (words.startswith("#") and (_depth(self.lines[end - 1]) < column or not column)):
                break
            end -= 1
        return end

    def _lead(self, place: int, least: int, column: int) -> int:
        """Where the comments and blank lines begin that stand directly above a key."""
        while place > least:
            words = self.lines[place - 1].strip()
            if words and not (words.startswith("#") and _depth(self.lines[place - 1]) <= column):
                break
            place -= 1
        return place

    def _piece(
        self, start: int, node: Node, place: int, stop: int, column: int, wanted: int, kind: Value | None
    ) -> list[str]:
        """A key's own line and all that belongs to it."""
        head = " " * wanted + self.lines[place][column:]
        rest = self.lines[place + 1 : stop]
        begins = self._line(node.start) if node.start > start else -1
        if isinstance(node, Scalar) and begins == place:
            return [head, *(_Kept(_shifted(line, wanted - column)) for line in rest)]
        if isinstance(node, Scalar) or begins < 0:
            return [head, *(_shifted(line, wanted - column) for line in rest)]
        if _opens(self.text, node.start):
            if begins == place:
                head = self._flowing(head, node, node.start - self.starts[place] + wanted - column, kind)
            return [head, *(_shifted(line, wanted - column) for line in rest)]
        if begins <= place:
            return [head, *(_shifted(line, wanted - column) for line in rest)]
        between = [
            _shifted(line, wanted + _STEP - _depth(line)) if line.strip() else ""
            for line in self.lines[place + 1 : begins]
        ]
        return [head, *between, *self._block(node, begins, stop, wanted + _STEP, kind)]

    def _block(self, node: Node, first: int, end: int, wanted: int, kind: Value | None) -> list[str]:
        """The lines of a block mapping or list."""
        column = _depth(self.lines[first])
        if isinstance(node, Table):
            return self._table(node, first, end, column, wanted, kind)
        if isinstance(node, Items):
            return self._list(node, first, end, column, wanted, kind)
        return [_shifted(line, wanted - column) for line in self.lines[first:end]]

    def _list(self, items: Items, first: int, end: int, column: int, wanted: int, kind: Value | None) -> list[str]:
        dashes = [
            number
            for number in range(first, end)
            if self.lines[number].startswith(f"{' ' * column}-")
            and self.lines[number][column + 1 : column + 2] in {"", " "}
        ]
        if len(dashes) != len(items.items):
            return [_shifted(line, wanted - column) for line in self.lines[first:end]]
        leads = [
            dashes[0],
            *(self._lead(place, before + 1, column) for before, place in pairwise(dashes)),
            end,
        ]
        inner = kind.items if kind is not None else None
        made: list[str] = []
        for number, (place, node) in enumerate(zip(dashes, items.items, strict=True)):
            made += (_shifted(line, wanted - column) for line in self.lines[leads[number] : place])
            made += self._item(node, place, leads[number + 1], column, wanted, inner)
        return made

    def _item(self, node: Node, place: int, stop: int, column: int, wanted: int, kind: Value | None) -> list[str]:
        """One entry of a list; a mapping's first key stands behind the dash."""
        line = self.lines[place]
        at = len(line) - len(line[column + 1 :].lstrip(" ")) if line[column + 1 :].strip() else column + _STEP
        dash = f"{' ' * wanted}- "
        here = self.starts[place] + at
        if isinstance(node, Table) and node.start == here and not _opens(self.text, node.start):
            body = self._table(node, place, stop, at, wanted + _STEP, kind)
            first = next(
                number for number, each in enumerate(body) if each.strip() and not each.lstrip().startswith("#")
            )
            body[first] = dash + body[first][wanted + _STEP :]
            above = [_shifted(each, -_STEP) for each in body[:first]]
            return [*above, *body[first:]]
        head = f"{dash}{line[at:]}".rstrip()
        if node.start == here and _opens(self.text, node.start):
            head = self._flowing(head, node, wanted + _STEP, kind)
        return [head, *(_shifted(each, wanted + _STEP - at) for each in self.lines[place + 1 : stop])]

    # -- what is written on one line ---------------------------------------------------------------------

    def _flowing(self, head: str, node: Node, at: int, kind: Value | None) -> str:
        """A line whose value is written in brackets, with the value put into order; as it is where that is too long."""
        length = self._flow_length(node.start)
        if length is None or head[at : at + length] != self.text[node.start : node.start + length]:
            return head
        told = self._flow(node, kind)
        made = head[:at] + told + head[at + length :]
        return head if len(made) > max(_WIDEST, len(head)) else made

    def _flow(self, node: Node, kind: Value | None) -> str:
        if isinstance(node, Table) and _opens(self.text, node.start):
            ranks = {name: rank for rank, name in enumerate(_keys(kind))}
            names = sorted(
                zip(node.entries, node.key_starts, strict=True), key=lambda each: ranks.get(each[0], len(ranks))
            )
            pairs = (
                f"{self._key(start)}: {self._flow(node.entries[name], _below(kind, name))}" for name, start in names
            )
            return "{" + ", ".join(pairs) + "}"
        if isinstance(node, Items) and _opens(self.text, node.start):
            inner = kind.items if kind is not None else None
            return "[" + ", ".join(self._flow(each, inner) for each in node.items) + "]"
        return self._scalar(node.start)

    def _key(self, start: int) -> str:
        return self._scalar(start, key=True)

    def _scalar(self, start: int, *, key: bool = False) -> str:
        """A scalar inside brackets, as written."""
        text = self.text
        if text[start] in "\"'":
            return text[start : _quoted_end(text, start)]
        end = start
        while (
            end < len(text)
            and text[end] not in ",]}\n"
            and not (text[end] == ":" and (key or text[end + 1 : end + 2] in {" ", ""}))
        ):
            if text[end] == "#" and text[end - 1] in " \t":
                break
            end += 1
        return text[start:end].strip()

    def _flow_length(self, start: int) -> int | None:
        """Characters of a value in brackets; None where it does not end on its line, or holds a comment."""
        depth, at, text = 0, start, self.text
        while at < len(text) and text[at] != "\n":
            letter = text[at]
            if letter in "\"'" and text[at - 1] in " ,[{:":
                at = _quoted_end(text, at)
                continue
            if letter == "#" and text[at - 1] in " \t":
                return None
            if letter in "&*!" and text[at - 1] in " ,[{:":
                return None  # anchors, aliases and tags stay where they are
            depth += (letter in "{[") - (letter in "}]")
            at += 1
            if not depth:
                return at - start
        return None

    def _line(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1


def _quoted_end(text: str, start: int) -> int:
    """Where a quoted scalar ends."""
    quote, at = text[start], start + 1
    while at < len(text):
        if quote == '"' and text[at] == "\\":
            at += 2
            continue
        if text[at] == quote:
            if quote == "'" and text[at + 1 : at + 2] == "'":
                at += 2
                continue
            return at + 1
        at += 1
    return len(text)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _shifted(line: str, by: int) -> str:
    if not line.strip() or not by:
        return line
    return " " * by + line if by > 0 else line[min(-by, _depth(line)) :]


# -- the vocabulary's order ------------------------------------------------------------------------------------


def _of(table: str) -> Value:
    return Value(table=table)


def _keys(kind: Value | None) -> tuple[str, ...]:
    """The keys of a mapping in the order of the vocabulary; none where names are free."""
    if kind is None or kind.table is None:
        return ()
    return tuple(TABLES[kind.table].keys)


def _below(kind: Value | None, name: str) -> Value | None:
    """What may stand under a key of a mapping."""
    if kind is None:
        return None
    if kind.table is not None and name in TABLES[kind.table].keys:
        return TABLES[kind.table].keys[name].value
    return kind.entries
