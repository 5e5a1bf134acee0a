"""Text of the everyday form → **nodes, line by line**: much faster than event by event, and with the same result.

A large map says the same things over and over: four of five of its lines stand in it elsewhere too. PyYAML reads
each distinct line once, as an entry of one long mapping or list; how the lines hang together is told by their
indentation alone. That is so where each line is one whole thing: a key with or without a value, an item of a list, a
comment. A text below `|` or `>`, and brackets that close further down, are taken as one line with the one they begin
in. Where anything else comes up (an anchor, words that go on in the next line, a tab, a key twice, an error of any
kind) nothing is given, and `handoffmap.text.parse` reads the text event by event, which also knows what to tell of it.
"""

from __future__ import annotations

from array import array
from itertools import chain
from sys import intern
from typing import TYPE_CHECKING, Any, TypeAlias

from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)

from handoffmap.text.event import EVENT_ERRORS, events
from handoffmap.text.node import Items, Scalar, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoffmap.text.node import Node

__all__ = ["read_lines"]

MAX_OPEN = 40
MAX_IN_LINE = 15
"""Blocks inside one another, and brackets in one line; deeper ones are left to `parse`, which counts them."""

MAX_NEW = 100_000
"""Lines that may be new beyond half of a text: what does not repeat itself costs twice here instead of less."""

_BLOCK = 1 << 16

# What PyYAML takes for a line's end or for nothing at all, and a tab, of which the column is a matter of opinion.
_ODD_SPACE = "\t\r\x85\u2028\u2029\ufeff"


class _NotPlain(Exception):  # noqa: N818 - never leaves this module
    """The text has something in it that is not read here."""


_Line: TypeAlias = "tuple[int, int, str | None, Node, bool]"
"""What a line says, wherever it stands.

The column of the `- ` that it starts with (-1: none), that of what stands behind it, the key (None: an item of a list
that is no table of its own), the value, and whether nothing stands behind the key, so that a block may be the value.
Offsets in the value are counted from the second column.
"""


def read_lines(text: str, shared: str | None = None) -> Node | None:
    """The root of a text of the everyday form without any defect, as `parse` gives it; None for any other text.

    Below the outermost key `shared` lines that are equal share one value (but `id`, of which the place counts).
    """
    if any(space in text for space in _ODD_SPACE):
        return None
    try:
        lines = _distinct(text)
        going_on = frozenset(line for line in lines if _goes_on(line))
        if going_on:
            if not text.endswith("\n"):  # the very last line of a text below `|` would be another one with a break
                return None
            lines = dict.fromkeys(_whole_lines(text, going_on))
        return _assembled(_whole_lines(text, going_on), _understood(lines), shared)
    except (*EVENT_ERRORS, _NotPlain):
        return None


def _blocks(text: str) -> Iterator[list[str]]:
    """The lines of a text, some at a time: all at once they would take several times its memory."""
    begin = 0
    while begin <= len(text):
        end = text.find("\n", begin + _BLOCK)
        if end < 0:
            end = len(text)
        yield text[begin:end].split("\n")
        begin = end + 1


def _distinct(text: str) -> Iterable[str]:
    """Each line once; raises `_NotPlain` for a large text that repeats itself too little to gain from that."""
    found: dict[str, None] = {}
    count = 0
    for lines in _blocks(text):
        found.update(dict.fromkeys(lines))
        count += len(lines)
        if len(found) > MAX_NEW + count // 2:
            raise _NotPlain
    return found


def _goes_on(line: str) -> bool:
    """Whether a line seems to go on in the next one; if that is wrong, PyYAML will not find what is expected."""
    return (line.endswith(_TEXT_BELOW) or _left_open(line) > 0) and not line.lstrip(" ").startswith("#")


_TEXT_BELOW = ("|", ">", "|-", ">-")


def _left_open(line: str) -> int:
    return line.count("[") + line.count("{") - line.count("]") - line.count("}")


def _whole_lines(text: str, going_on: frozenset[str]) -> Iterator[str]:
    """The lines of a text, those of `going_on` together with what they go on with."""
    lines: Iterator[str] = chain.from_iterable(_blocks(text))
    return _joined(lines, going_on) if going_on else lines


def _joined(lines: Iterator[str], going_on: frozenset[str]) -> Iterator[str]:
    line = next(lines, None)
    while line is not None:
        if line not in going_on:
            yield line
            line = next(lines, None)
            continue
        held = [line]
        if line.endswith(_TEXT_BELOW):
            column = len(line) - len(line.lstrip("- "))
            while (line := next(lines, None)) is not None and _is_below(line, column):
                held.append(line)
        else:
            left_open = _left_open(line)
            while (line := next(lines, None)) is not None and left_open > 0:
                held.append(line)
                left_open += _left_open(line)
        yield "\n".join(held)


def _is_below(line: str, column: int) -> bool:
    words = line.lstrip(" ")
    return not words or len(line) - len(words) > column


def _assembled(  # noqa: C901, PLR0912, PLR0915 - see below
    lines: Iterable[str], known: dict[str, _Line | None], shared: str | None
) -> Node | None:
    """Put the lines together by their columns.

    One long loop over local names on purpose, as in `handoffmap.text.parse`: it runs once per line.
    """
    new = object.__new__
    # The innermost open block: its `column`, and its `entries` with the offsets of their keys (None: a list, with
    # `items`). `key` is the last key if nothing stood behind it: a block below it is its value.
    stack: list[tuple[Any, ...]] = []
    root: list[Node] = []
    column, items = -1, root
    key: str | None = ""
    holder: Any = None
    entries: dict[str, Node] | None = None
    starts: list[int] = []
    sharing = False
    offset = 0
    node: Any
    for line in lines:
        said = known[line]
        begin = offset
        offset += len(line) + 1
        if said is None:
            continue
        dash, at, name, value, is_open = said
        outer = at if dash < 0 else dash

        if key is not None and (outer > column or (outer == column and dash >= 0)):  # its value begins
            if len(stack) == 1:
                sharing = key == shared
            elif len(stack) > MAX_OPEN:
                raise _NotPlain
            node = Table(begin + outer) if dash < 0 else Items(begin + outer)
            if entries is None:
                items.append(node)
            else:
                entries[key] = node
            stack.append((column, holder, entries, starts, items))
            column, holder = outer, node
            if dash < 0:
                entries, starts = node.entries, []
            else:
                entries, items = None, node.items
        else:
            # A list may stand in the very column of its key: a line without a dash is the end of it.
            while outer < column or (outer == column and dash < 0 and entries is None):
                if entries is not None:
                    holder.key_starts = array("q", starts)
                column, holder, entries, starts, items = stack.pop()
                sharing = sharing and len(stack) > 1
            if outer != column or (dash < 0) is (entries is None):
                raise _NotPlain

        begin += at
        if sharing and name is not None and name != "id":
            node = value
        elif value.__class__ is Scalar:
            node = new(Scalar)  # written out: `Scalar(...)` takes twice as long
            node.start = begin + ~value.start
            node.text = value.text
            node.plain = value.plain
        else:
            node = _moved(value, begin, ~value.start)
        if name is None:
            items.append(node)
            key = None
            continue
        if entries is None:
            stack.append((column, holder, entries, starts, items))
            column, holder = at, Table(begin)
            items.append(holder)
            entries, starts = holder.entries, []
        elif name in entries:
            raise _NotPlain
        entries[name] = node
        starts.append(begin)
        key = name if is_open else None
    while stack:
        if entries is not None:
            holder.key_starts = array("q", starts)
        column, holder, entries, starts, items = stack.pop()
    return root[0] if root else None


def _moved(node: Any, by: int, start: int) -> Node:
    """A copy of what one line says, `by` characters further on; it begins at `start` in the line."""
    if node.__class__ is Scalar:
        return Scalar(start + by, node.text, node.plain)
    if node.__class__ is Items:
        items = Items(start + by)
        items.items = [_moved(each, by, each.start) for each in node.items]
        return items
    table = Table(start + by)
    table.entries = {key: _moved(value, by, value.start) for key, value in node.entries.items()}
    table.key_starts = array("q", [each + by for each in node.key_starts])
    return table


# -- single lines ------------------------------------------------------------------------------------------


def _understood(lines: Iterable[str]) -> dict[str, _Line | None]:
    """What each line says; None for one that says nothing. Raises `EVENT_ERRORS` or `_NotPlain`."""
    known: dict[str, _Line | None] = {}
    pairs: list[_Words] = []
    items: list[_Words] = []
    comments: list[str] = []
    for line in lines:
        words = line.lstrip(" ")
        known[line] = None
        if not words or words[0] == "#":
            comments.append(words)
            continue
        column, dash = len(line) - len(words), -1
        if words.startswith("- "):
            words = words[1:].lstrip(" ")
            column, dash = len(line) - len(words), column
            if not words or words[0] == "#":
                raise _NotPlain
        listed = dash >= 0 and (words[0] in _NO_KEY or not _has_key(words))
        (items if listed else pairs).append((line, dash, column, words))
    if not pairs:
        raise _NotPlain
    _read_pairs(pairs, comments, known)
    _read_items(items, known)
    return known


_Words = tuple[str, int, int, str]
"""A line, the columns of its dash and of what stands behind it, and that alone."""

_NO_KEY = "[{'\""  # what begins like this in a list is an item of it; if it is a key, the text is not read here


def _has_key(words: str) -> bool:
    words = words.partition("\n")[0].partition(" #")[0]
    return ": " in words or words.rstrip(" ").endswith(":")


def _has_text(words: str) -> bool:
    """Whether a text below `|` or `>` may be the value, all of which has been taken."""
    return "\n" in words and words.partition("\n")[0].endswith(_TEXT_BELOW)


def _read_pairs(lines: list[_Words], comments: list[str], known: dict[str, _Line | None]) -> None:
    """Lines with a key, read as one mapping. Comments are read too, for what no text may have in it."""
    stream = events("\n".join([*comments, *(words for *_, words in lines), ""]))
    _skip_to(stream, MappingStartEvent)
    begin = sum(map(len, comments)) + len(comments)
    key: Any
    for line, dash, column, words in lines:
        key = next(stream, None)
        # Where an earlier line has swallowed this one or a part of it, no key begins where this line does.
        if key is None or key.start_mark.index != begin or key.__class__ is not ScalarEvent or key.anchor or key.tag:
            raise _NotPlain
        if not key.value or key.value == "<<":
            raise _NotPlain
        known[line] = _line(
            dash, column, intern(key.value), _node(stream, next(stream, None), begin, below=_has_text(words))
        )
        begin += len(words) + 1
    _skip_to(stream, MappingEndEvent)


def _read_items(lines: list[_Words], known: dict[str, _Line | None]) -> None:
    """Items of lists that have no key, read as one list."""
    if not lines:
        return
    stream = events("".join(f"- {words}\n" for *_, words in lines))
    _skip_to(stream, SequenceStartEvent)
    begin = 2
    first: Any
    for line, dash, column, words in lines:
        first = next(stream, None)
        if first is None or first.start_mark.index != begin:
            raise _NotPlain
        known[line] = _line(dash, column, None, _node(stream, first, begin, below=_has_text(words)))
        begin += len(words) + 3
    _skip_to(stream, SequenceEndEvent)


def _skip_to(stream: Iterator[Any], kind: type) -> None:
    """Take the events up to the next one of a kind, which may have nothing but the document's start before it."""
    for event in stream:
        if event.__class__ is kind:
            return
        if event.__class__ not in _OPENINGS:
            break
    raise _NotPlain


_OPENINGS = frozenset({StreamStartEvent, DocumentStartEvent})


def _line(dash: int, column: int, key: str | None, value: Node) -> _Line:
    is_open = value.__class__ is Scalar and value.plain and not value.text
    value.start = ~value.start
    return dash, column, key, value, is_open


def _node(stream: Iterator[Any], event: Any, begin: int, depth: int = 0, *, below: bool = False) -> Node:
    """The value that begins with an event, its offsets counted from `begin`; `below`: it may be a text below."""
    kind = event.__class__
    if kind not in _STARTS or event.anchor is not None or event.tag is not None:
        raise _NotPlain
    start: int = event.start_mark.index - begin
    if kind is ScalarEvent:
        if event.style in _BLOCK_STYLES and not below:
            raise _NotPlain
        return Scalar(start, intern(event.value), not event.style)
    if not event.flow_style or depth > MAX_IN_LINE:
        raise _NotPlain
    if kind is SequenceStartEvent:
        items = Items(start)
        while (inner := next(stream, None)).__class__ is not SequenceEndEvent:
            items.items.append(_node(stream, inner, begin, depth + 1))
        return items
    table = Table(start)
    starts: list[int] = []
    while (inner := next(stream, None)).__class__ is not MappingEndEvent:
        key = _node(stream, inner, begin, depth + 1)
        if not isinstance(key, Scalar) or key.text == "<<" or key.text in table.entries:
            raise _NotPlain
        table.entries[key.text] = _node(stream, next(stream, None), begin, depth + 1)
        starts.append(key.start)
    table.key_starts = array("q", starts)
    return table


_STARTS = frozenset({ScalarEvent, MappingStartEvent, SequenceStartEvent})
_BLOCK_STYLES = frozenset({"|", ">"})
