"""Where a node is in the text: offset → `Location` with an end.

Ends are not kept while reading, they would double the memory of a large file; they are found again from the
text, for the few nodes that somebody talks about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from handoffmap.text.event import EVENT_ERRORS, events
from handoffmap.text.node import Scalar, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoffmap.text.node import Node
    from handoffmap.text.source import Location, Source

__all__ = ["key_location", "key_span", "locate", "locate_entry", "locate_key", "node_begin", "node_span", "place"]

# `&anchor` and `!tag` before a value, with the breaks and comments that may stand between them and it.
_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+(?:#[^\r\n]*)?)*)+")
_QUOTED = re.compile(r"""'[^']*(?:''[^']*)*'|"[^"\\]*(?:\\.[^"\\]*)*\"""", re.DOTALL)
_MARKS = frozenset("&!*'\"")  # what may stand before a key or around it
_ALIAS = re.compile(r"\*[^\s,\[\]{}]+")
_SPACES = re.compile(r"[\s\ufeff]*")
_LINE = re.compile(r"[^\r\n]*")
_BREAK = re.compile(r"\r\n|[\r\n]")
_WINDOWS = (1 << 12, 1 << 16, 1 << 20)  # characters re-read to find a collection's end, before all the rest


def locate(source: Source, node: Node) -> Location:
    """Span of a node's own text: quotes and brackets included, an anchor or tag before it not.

    An empty value has an empty span, directly behind its key.
    """
    return source.location(*node_span(source, node))


def node_begin(source: Source, node: Node) -> int:
    """The offset of a node's own first character, behind its anchor."""
    return _behind_properties(source.text, node.start)


def node_span(source: Source, node: Node) -> tuple[int, int]:
    """The same span in offsets; the node must have a place of its own (see `handoffmap.text.node`)."""
    if isinstance(node, Scalar):
        return scalar_span(source.text, node)
    start = _behind_properties(source.text, node.start)
    return start, _collection_end(source, start)


def locate_key(source: Source, table: Table, key: str) -> Location:
    """Span of a key of `table` as it is written, quotes included; raises `KeyError` if it is not there."""
    return key_location(source, table.key_start(key), key)


def locate_entry(source: Source, node: Node, start: int, width: int, keys: Sequence[str]) -> Location:
    """Span of the last of `keys`, each a key below the one before it and the first in `node`.

    Where the way ends early it is the last key that is there; where none is, `width` characters from `start`.
    """
    found = None
    for key in keys:
        if not isinstance(node, Table) or key not in node.entries:
            break
        found = (node, key)
        node = node.entries[key]
    return locate_key(source, *found) if found else place(source, start, max(width, 1))


def key_location(source: Source, start: int, key: str) -> Location:
    """Span of the key `key` whose offset is known."""
    return source.location(*key_span(source.text, start, key))


def key_span(text: str, start: int, key: str) -> tuple[int, int]:
    """Offsets of the first character of the key `key` and behind its last."""
    if text.startswith(key, start) and text[start : start + 1] not in _MARKS:
        return start, start + len(key)
    offset = _behind_properties(text, start)
    alias = _ALIAS.match(text, offset)
    if alias is not None:
        return offset, alias.end()
    plain = text[offset : offset + 1] not in {"'", '"'}
    return offset, _scalar_end(text, offset, Scalar(start, key, plain))


def scalar_span(text: str, node: Scalar) -> tuple[int, int]:
    """Offsets of the first character of a single value and behind its last."""
    start = _behind_properties(text, node.start)
    return start, _scalar_end(text, start, node)


def place(source: Source, start: int, width: int = 1) -> Location:
    """`width` characters from an offset, no further than its line."""
    rest = _LINE.match(source.text, start, start + width)
    return source.location(start, rest.end() if rest else start)


def _behind_properties(text: str, offset: int) -> int:
    if text[offset : offset + 1] not in {"&", "!"}:
        return offset
    properties = _PROPERTIES.match(text, offset)
    return properties.end() if properties else offset


def _scalar_end(text: str, start: int, node: Scalar) -> int:
    if node.plain:
        return _plain_end(text, start, node.text)
    if text[start : start + 1] in {"|", ">"}:
        return _block_end(text, start, node.text)
    quoted = _QUOTED.match(text, start)
    return quoted.end() if quoted else start


def _plain_end(text: str, start: int, written: str) -> int:
    """End of a plain scalar: the same words, with other space between them where it has several lines."""
    if text.startswith(written, start):
        return start + len(written)
    end = start
    for word in written.split():
        spaces = _SPACES.match(text, end)
        begin = spaces.end() if spaces else end
        if not text.startswith(word, begin):
            return end
        end = begin + len(word)
    return end


def _block_end(text: str, start: int, written: str) -> int:
    """End of a `|` or `>` scalar: its last line that is not blank and not indented less than its content.

    The content's indentation is that of its first line, less the spaces that belong to the value itself.
    """
    first = next((line for line in written.splitlines() if line.strip(" ")), "")
    own_spaces = len(first) - len(first.lstrip(" "))
    header = _LINE.match(text, start)
    offset = header.end() if header else start
    end = start + len(text[start:offset].rstrip())
    indent = None
    while offset < len(text):
        line_break = _BREAK.match(text, offset)
        begin = line_break.end() if line_break else offset
        line = _LINE.match(text, begin)
        offset = line.end() if line else begin
        content = text[begin:offset]
        if not content.strip(" "):
            if begin >= len(text):
                break
            continue
        spaces = len(content) - len(content.lstrip(" "))
        if indent is None:
            if not first:
                break
            indent = spaces - own_spaces
        if spaces < indent:
            break
        end = offset
    return end


def _collection_end(source: Source, start: int) -> int:
    """End of a list or mapping, by reading it once more from its first character."""
    text = source.text
    in_brackets = text[start : start + 1] in {"[", "{"}
    # A bracket before it, so that the rest of its line is read as it was; or else its own indentation.
    prefix = "[" if in_brackets else " " * (source.line_and_column(start)[1] - 1)
    end = len(prefix)
    for size in (*_WINDOWS, len(text)):
        end, certain = _last_end(prefix + text[start : start + size], outer=int(in_brackets))
        if certain:
            break
    return start + max(end - len(prefix), 0)


def _last_end(text: str, outer: int) -> tuple[int, bool]:
    """End of the last thing in the first collection below `outer` others, and whether more follows it."""
    end = depth = 0
    try:
        for event in events(text):
            first, last = event.start_mark.index, event.end_mark.index
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                if last > first:  # a bracket, not the end of a block
                    end = last
                if depth == outer:
                    return end, last < len(text)
            elif isinstance(event, yaml.NodeEvent):
                is_block = getattr(event, "style", None) in {"|", ">"}
                end = len(text[:last].rstrip()) if is_block else last
    except yaml.MarkedYAMLError as error:
        # Behind a list that is not indented deeper than its key comes the next key, which does not fit here.
        # In the last line the trouble may be that the text was cut off.
        at = error.problem_mark.index if error.problem_mark else len(text)
        return end, not outer and end <= at < max(text.rfind("\n"), text.rfind("\r"))
    except EVENT_ERRORS:
        pass
    return end, False
