"""A change of the data as a change of the **text**: only what differs is rewritten, all else stays as it stands.

Comments, order, quotes, line breaks and block or flow style are kept. The result is read again and held against what
was meant; a text that cannot be changed so (a value that aliases share, say) is refused, never changed by halves.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.remedy.data import Word, data_of, flow_text, key_text, same
from handoffmap.remedy.edit import NoSuchEntry, applied
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.parse import parse
from handoffmap.text.source import Source
from handoffmap.text.span import key_span, node_begin, node_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoffmap.remedy.data import Data
    from handoffmap.remedy.edit import Edit
    from handoffmap.text.node import Node

__all__ = ["CannotPatch", "patched", "rewritten"]

_ALIAS = re.compile(r"[ \t]*:?\s*(\*[^\s,\[\]{}]+)")
_COLON = re.compile(r"[ \t]*:")
_LINE_END = re.compile(r"[^\r\n]*")
_BREAK = re.compile(r"\r\n|\r|\n")
_SEPARATOR = re.compile(r"\s*,\s*")


class CannotPatch(Exception):  # noqa: N818 - told as a reason, never shown as an error
    """Why a text cannot be changed in the way that was asked for."""


class _Cut(NamedTuple):
    """Characters of the text, and what comes in their place."""

    begin: int
    end: int
    text: str


def patched(source: Source, edits: Iterable[Edit]) -> Source:
    """The file with its facts changed; raises `CannotPatch` where the text does not allow it."""
    _, data = _known(source)
    try:
        for edit in edits:
            data = applied(data, edit)
    except NoSuchEntry as missing:
        raise CannotPatch(f"{source.name} does not state {missing} itself") from None
    return rewritten(source, data)


def rewritten(source: Source, data: Data) -> Source:
    """The file, changed to say `data`; raises `CannotPatch`."""
    text = source.text
    root, old = _known(source)
    cuts = list(_Writer(source).change(root, old, data, depth=0))
    # From the back, so that offsets stay true; of several insertions at one place the last goes in first.
    for cut in sorted(enumerate(cuts), key=lambda each: (each[1].begin, each[1].end, each[0]), reverse=True):
        text = text[: cut[1].begin] + cut[1].text + text[cut[1].end :]
    result = Source(source.name, text, source.path)
    if not same(data_of(_read(result)), data):
        raise CannotPatch(f"{source.name} is written in a way that does not allow it to be changed in place")
    return result


@lru_cache(maxsize=16)
def _known(source: Source) -> tuple[Node, Data]:
    """The nodes and the data of a file on which many changes are tried."""
    root = _read(source)
    return root, data_of(root)


def _read(source: Source) -> Node:
    root, problems = parse(source)
    if root is None or problems:
        raise CannotPatch(f"{source.name} cannot be read")
    return root


class _Writer:
    """Finds what to cut and what to write instead."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        found = _BREAK.search(self.text)
        self.line_break = found[0] if found else "\n"

    def change(self, node: Node, old: Data, data: Data, depth: int) -> Iterator[_Cut]:
        """Cuts that make a value that stands in its own place, and says `old`, say `data`."""
        if same(old, data):
            return
        if isinstance(node, Table) and isinstance(data, dict) and isinstance(old, dict) and old:
            yield from self.change_table(node, old, data, depth)
        elif isinstance(node, Items) and isinstance(data, list) and isinstance(old, list) and old:
            yield from self.change_list(node, old, data, depth)
        else:
            begin, end = node_span(self.source, node)
            space = " " if begin and self.text[begin - 1] == ":" else ""
            yield _Cut(begin, end, space + flow_text(data))

    # -- tables --------------------------------------------------------------------------------------------

    def change_table(self, table: Table, old: dict[str, Data], data: dict[str, Data], depth: int) -> Iterator[_Cut]:
        own = {key: start for key, start in table.keys.items() if start >= table.start}
        flow = self.text[node_begin(self.source, table)] == "{"
        different = {key: value for key, value in data.items() if key not in old or not same(old[key], value)}
        for key, value in different.items():
            if key in own:
                yield from self.change_value(own[key], key, (table.entries[key], old[key]), value, depth, flow=flow)
        gone = [key for key in own if key not in data]
        if gone:
            yield from self.delete_keys(table, own, gone, flow=flow)
        new = {key: value for key, value in different.items() if key not in own}
        if new:
            yield from self.insert_keys(table, own, new, depth, flow=flow)

    def change_value(
        self, start: int, key: str, there: tuple[Node, Data], data: Data, depth: int, *, flow: bool
    ) -> Iterator[_Cut]:
        node, old = there
        if node.start < start:  # an alias: what it names stands elsewhere and stays
            _, key_end = key_span(self.text, start, key)
            alias = _ALIAS.match(self.text, key_end)
            if alias is None:
                raise CannotPatch("a value is written elsewhere")
            yield _Cut(alias.start(1), alias.end(1), flow_text(data))
        elif depth == 0 and not flow and _entries(data) and (isinstance(old, Word) or not old):
            begin, end = node_span(self.source, node)
            yield _Cut(begin, end, "")
            column = self.column(start)
            at = self.line_end(end)
            yield _Cut(at, at, "".join(self.block_entries(data, column + 2)))
        else:
            yield from self.change(node, old, data, depth + 1)

    def insert_keys(
        self, table: Table, own: dict[str, int], new: dict[str, Data], depth: int, *, flow: bool
    ) -> Iterator[_Cut]:
        if flow:
            written = ", ".join(f"{key_text(key)}: {flow_text(value)}" for key, value in new.items())
            if own:
                at = self.value_end(table, own, max(own, key=own.__getitem__))
                yield _Cut(at, at, f", {written}")
            else:
                at = node_begin(self.source, table) + 1
                yield _Cut(at, at, f"{written}, " if table.entries else written)
            return
        if not own:
            raise CannotPatch("a table has nothing of its own")
        column = self.column(min(own.values()))
        at = self.line_end(self.value_end(table, own, max(own, key=own.__getitem__)))
        lines = []
        for key, value in new.items():
            if depth == 0 and _entries(value):
                lines += [f"{self.line_break}{' ' * column}{key_text(key)}:", *self.block_entries(value, column + 2)]
            elif depth == 1 and isinstance(value, dict) and value:
                lines.append(f"{self.line_break}{' ' * column}{key_text(key)}:")
                lines += (f"{self.line_break}{' ' * (column + 2)}{line}" for line in _facts(value))
            else:
                lines.append(f"{self.line_break}{' ' * column}{key_text(key)}: {flow_text(value)}")
        yield _Cut(at, at, "".join(lines))

    def delete_keys(self, table: Table, own: dict[str, int], gone: list[str], *, flow: bool) -> Iterator[_Cut]:
        ordered = sorted(own, key=own.__getitem__)
        spans = [(own[key], self.value_end(table, own, key)) for key in ordered]
        for key in gone:
            place = ordered.index(key)
            if flow:
                yield self.without(spans, place)
                continue
            begin, end = spans[place]
            line = self.line_start(begin)
            if self.text[line:begin].strip(" "):
                raise CannotPatch("the first key of an entry cannot be taken out")
            yield _Cut(line, self.next_line(end), "")

    def value_end(self, table: Table, own: dict[str, int], key: str) -> int:
        """The offset behind a key and its value."""
        start, node = own[key], table.entries[key]
        _, key_end = key_span(self.text, start, key)
        if node.start < start:
            alias = _ALIAS.match(self.text, key_end)
            if alias is None:
                raise CannotPatch("a value is written elsewhere")
            return alias.end(1)
        if isinstance(node, Scalar) and node.plain and not node.text:
            colon = _COLON.match(self.text, key_end)
            return colon.end() if colon else key_end
        return node_span(self.source, node)[1]

    # -- lists ---------------------------------------------------------------------------------------------

    def change_list(self, items: Items, old: list[Data], data: list[Data], depth: int) -> Iterator[_Cut]:
        if any(item.start < items.start for item in items.items):
            raise CannotPatch("an entry is written elsewhere")
        begin = node_begin(self.source, items)
        flow = self.text[begin] == "["
        if len(data) >= len(old):
            for node, was, value in zip(items.items, old, data, strict=False):
                yield from self.change(node, was, value, depth + 1)
            if len(data) > len(old):
                yield self.append(items, data[len(old) :], begin, flow=flow)
            return
        kept = _kept(old, data)
        if kept is None or not data:
            yield _Cut(*node_span(self.source, items), flow_text(data))
            return
        spans = [node_span(self.source, item) for item in items.items]
        for place in range(len(old)):
            if place in kept:
                continue
            if flow:
                yield self.without(spans, place)
            else:
                yield _Cut(self.line_start(spans[place][0]), self.next_line(spans[place][1]), "")

    def append(self, items: Items, new: list[Data], begin: int, *, flow: bool) -> _Cut:
        end = node_span(self.source, items.items[-1])[1]
        if flow:
            return _Cut(end, end, "".join(f", {flow_text(value)}" for value in new))
        at = self.line_end(end)
        return _Cut(at, at, "".join(self.block_entries(new, self.column(begin))))

    def block_entries(self, data: Data, column: int) -> Iterator[str]:
        """Lines of a list, an entry each."""
        assert isinstance(data, list)  # noqa: S101 - for the type checker
        for entry in data:
            lines = list(_facts(entry)) if isinstance(entry, dict) and entry else [flow_text(entry)]
            for number, line in enumerate(lines):
                yield f"{self.line_break}{' ' * column}{'  ' if number else '- '}{line}"

    # -- places --------------------------------------------------------------------------------------------

    def without(self, spans: list[tuple[int, int]], place: int) -> _Cut:
        """One of several things in brackets taken out, with the comma that is left over."""
        begin, end = spans[place]
        if place:
            return _Cut(spans[place - 1][1], end, "")
        if len(spans) > 1:
            return _Cut(begin, spans[1][0], "")
        comma = _SEPARATOR.match(self.text, end)
        return _Cut(begin, comma.end() if comma else end, "")

    def line_start(self, offset: int) -> int:
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def line_end(self, offset: int) -> int:
        found = _LINE_END.match(self.text, offset)
        return found.end() if found else offset

    def next_line(self, offset: int) -> int:
        end = self.line_end(offset)
        found = _BREAK.match(self.text, end)
        return found.end() if found else end

    def column(self, offset: int) -> int:
        return offset - self.line_start(offset)


def _entries(data: Data) -> bool:
    """Whether it is a list of tables, which is written one below the other."""
    return isinstance(data, list) and bool(data) and all(isinstance(entry, dict) for entry in data)


def _facts(entry: dict[str, Data]) -> Iterator[str]:
    return (f"{key_text(key)}: {flow_text(value)}" for key, value in entry.items())


def _kept(old: list[Data], new: list[Data]) -> set[int] | None:
    """The places of the old list that make up the new one; None where it is no part of it."""
    kept: set[int] = set()
    wanted = iter(new)
    following = next(wanted, None)
    for place, value in enumerate(old):
        if following is not None and same(value, following):
            kept.add(place)
            following = next(wanted, None)
    return kept if following is None else None
