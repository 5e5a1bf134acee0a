"""What may stand at a place of a file that somebody is writing: found by its lines, since it is seldom whole."""

from __future__ import annotations

import re
from typing import NamedTuple

from handoffmap.reading.shape import TABLES, Value

__all__ = ["Context", "context_at"]

_KEY = re.compile(r"^(?P<dash>(?:-[ ]+)*)(?P<key>[^\s:#{\[\]},]+)[ ]*:(?:[ ]+|$)(?P<rest>.*)$")


class Context(NamedTuple):
    """A place in a file."""

    value: Value
    """What may stand there; as a key: the mapping that the key is of."""
    key: str | None
    """The key whose value is written; None: a key is written."""
    prefix: str
    """What stands there already."""
    way: tuple[str, ...]
    """The keys that lead there, the outermost first."""


def context_at(text: str, line: int, column: int) -> Context:
    """What may stand at a line and a column, both from 0 and in characters."""
    lines = text.split("\n")
    written = lines[line][:column] if line < len(lines) else ""
    bare = written.lstrip(" ")
    dash = re.match(r"(?:-[ ]+)*", bare)
    depth = len(written) - len(bare) + (len(dash[0]) if dash else 0)
    inside, key, prefix = _on_line(written[depth:])
    way = [*_above(lines, line, written, depth), *inside]
    value = Value(table="file")
    for name in way:
        value = _below(value, name)
    told = tuple(name for name in way if name != _ITEM)
    if key is None:
        return Context(value, None, prefix, told)
    return Context(_below(value, key), key, prefix, (*told, key))


_ITEM = "-"
"""On the way to a place: an entry of a list."""


def _on_line(rest: str) -> tuple[list[str], str | None, str]:
    """Of what stands on one line before the cursor: the way into its brackets, the key in hand, the last word."""
    levels: list[list[str]] = []
    key: str | None = None
    word = ""
    for piece in _PIECE.findall(rest):
        if piece.startswith("#"):
            break
        if piece in {"{", "["}:
            levels.append(([key] if key is not None else []) + ([_ITEM] if piece == "[" else []))
            key, word = None, ""
        elif piece in {"}", "]", ","}:
            if piece != "," and levels:
                levels.pop()
            key, word = None, ""
        elif piece == ":":
            key, word = word or key, ""
        else:
            word = "" if piece.isspace() else piece
    return [name for level in levels for name in level], key, word


_PIECE = re.compile(r"""\"(?:[^"\\]|\\.)*"?|'[^']*'?|(?<!\S)\#.*|[{}\[\],]|:(?=\s|$)|\s+|[^\s{}\[\],:]+|:""")
"""What one line is made of: quoted texts, a comment, brackets and commas, colons, blanks, words."""


def _above(lines: list[str], line: int, written: str, depth: int) -> list[str]:
    """The way from the top of the file to what stands at a depth of a line."""
    way: list[str] = []
    listed = -1
    indent = len(written) - len(written.lstrip(" "))
    if depth > indent:
        way.append(_ITEM)
        listed, depth = indent, indent + 1
    for number in range(line - 1, -1, -1):
        match = _KEY.match(lines[number].lstrip(" "))
        if match is None:
            continue
        indent = len(lines[number]) - len(lines[number].lstrip(" "))
        column = indent + len(match["dash"])
        if match["dash"] and indent == listed:
            continue
        if column < depth:
            way.append(match["key"])
            listed, depth = -1, column
            if match["dash"]:
                way.append(_ITEM)
                listed, depth = indent, indent + 1
        elif match["dash"] and indent < depth:
            way.append(_ITEM)
            listed, depth = indent, indent + 1
    return way[::-1]


def _below(value: Value, name: str) -> Value:
    """What may stand under a key, or in a list."""
    if name == _ITEM:
        return value.items or value
    if value.table is not None and name in TABLES[value.table].keys:
        return TABLES[value.table].keys[name].value
    return value.entries or Value()
