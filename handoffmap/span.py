"""Where a node is in the text: offset → `Location` with an end.

Ends are not kept while reading, they would double the memory of a large file; they are found again from the text, for
the few nodes that somebody talks about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from handoffmap.node import Node, Scalar, Table

try:
    from yaml import CLoader as _Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import Loader as _Loader  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoffmap.source import Location, Source

__all__ = ["key_location", "locate", "locate_entry", "locate_key", "place"]

# `&anchor` and `!tag` before a value, with the breaks and comments that may stand between them and it.
_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+(?:#[^\r\n]*)?)*)+")
_QUOTED = re.compile(r"""'[^']*(?:''[^']*)*'|"[^"\\]*(?:\\.[^"\\]*)*\"""", re.DOTALL)
_ALIAS = re.compile(r"\*[^\s,\[\]{}]+")
_SPACES = re.compile(r"[\s\ufeff]*")
_LINE = re.compile(r"[^\r\n]*")
_BREAK = re.compile(r"\r\n|[\r\n]")
_WINDOWS = (1 << 12, 1 << 16, 1 << 20)  # characters re-read to find the end of a collection, before all the rest


def locate(source: Source, node: Node) -> Location:
    """Span of a node's own text: quotes and brackets included, an anchor or tag before it not.

    An empty value has an empty span, directly behind its key.
    """
    start = _behind_properties(source.text, node.start)
    if isinstance(node, Scalar):
        end = _scalar_end(source.text, start, node)
    else:
        end = _collection_end(source, start)
    return source.location(start, end)


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
    offset = _behind_properties(source.text, start)
    alias = _ALIAS.match(source.text, offset)
    if alias is not None:
        return source.location(offset, alias.end())
    plain = source.text[offset : offset + 1] not in {"'", '"'}
    return source.location(offset, _scalar_end(source.text, offset, Scalar(start, key, plain)))


def place(source: Source, start: int, width: int = 1) -> Location:
    """`width` characters from an offset, no further than its line."""
    rest = _LINE.match(source.text, start)
    return source.location(start, min(start + width, rest.end() if rest else start))


def _behind_properties(text: str, offset: int) -> int:
    if text[offset : offset + 1] not in {"&", "!"}:
        return offset
    properties = _PROPERTIES.match(text, offset)
    return properties.end() if properties else offset


# -- scalars ----------------------------------------------------------------------------------------------------------


def _scalar_end(text: str, start: int, node: Scalar) -> int:
    if node.plain:
        return _plain_end(text, start, node.text)
    if text[start : start + 1] in {"|", ">"}:
        return _block_end(text, start, node.text)
    quoted = _QUOTED.match(text, start)
    return quoted.end() if quoted else start


def _plain_end(text: str, start: int, written: str) -> int:
    """End of a plain scalar: the same words, with other space between them where it runs over several lines."""
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


# -- collections ------------------------------------------------------------------------------------------------------


def _collection_end(source: Source, start: int) -> int:
    """End of a list or mapping, by reading it once more from its first character."""
    text = source.text
    if text[start : start + 1] in {"[", "{"}:
        prefix = "["  # in brackets, so that what follows in the same line is read as it was
    else:
        prefix = " " * (source.line_and_column(start)[1] - 1)
    for size in _WINDOWS:
        end, certain = _last_end(prefix + text[start : start + size], skip=prefix == "[")
        if certain or start + size >= len(text):
            return start + end - len(prefix)
    end, _ = _last_end(prefix + text[start:], skip=prefix == "[")
    return start + end - len(prefix)


def _last_end(text: str, *, skip: bool) -> tuple[int, bool]:
    """End of the last thing in the first collection of `text`, and whether something else was seen to follow it.

    With `skip` the collection is the first within another one.
    """
    end, depth, outer = len(text), 0, 1 if skip else 0
    found = False
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += _step(event)
            if isinstance(event, yaml.NodeEvent) and not isinstance(event, yaml.CollectionStartEvent):
                found, end = True, _trimmed_end(text, event)
            elif isinstance(event, yaml.CollectionEndEvent):
                if event.end_mark.index > event.start_mark.index:  # a bracket, not the end of a block
                    found, end = True, event.end_mark.index
                if depth == outer:
                    return end, event.end_mark.index < len(text)
    except yaml.MarkedYAMLError as error:
        # Behind a list that is not indented deeper than its key comes the next key, which does not fit here.
        mark = error.problem_mark
        return end, found and mark is not None and mark.index < len(text) and mark.index >= end
    except yaml.YAMLError:
        pass
    return end, False


def _trimmed_end(text: str, event: Any) -> int:
    end: int = event.end_mark.index
    if getattr(event, "style", None) in {"|", ">"}:
        return len(text[:end].rstrip())
    return end


def _step(event: yaml.Event) -> int:
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0
