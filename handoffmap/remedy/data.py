"""What a file says, as bare data: nodes → **words, lists, tables** → changed → written again.

Comments, order and places are no part of it: two texts with the same data say the same, which is how a patch is held
against what it was to do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.scalars import kind

if TYPE_CHECKING:
    from handoffmap.text.node import Node

__all__ = ["NOTHING", "Data", "Value", "Word", "data_of", "flow_text", "key_text", "same", "to_data"]


class Word(NamedTuple):
    """A single value: its text, and whether it stands without quotes."""

    text: str
    plain: bool


Data = Word | list["Data"] | dict[str, "Data"]
Value = str | int | bool | list["Value"] | dict[str, "Value"] | None
"""What a change writes, in Python's own words."""

NOTHING = Word("", plain=True)
"""A key with nothing behind it."""

_SAFE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./ -]*[A-Za-z0-9_])?")
"""Texts that mean themselves wherever they stand, in brackets too."""


def data_of(node: Node) -> Data:
    """The data of a node; what aliases and `<<` bring in is written out."""
    if isinstance(node, Scalar):
        return Word(node.text, node.plain)
    if isinstance(node, Items):
        return [data_of(item) for item in node.items]
    assert isinstance(node, Table)  # noqa: S101 - for the type checker
    return {key: data_of(value) for key, value in node.entries.items()}


def to_data(value: Value) -> Data:
    """A value of Python as the file would say it."""
    if isinstance(value, list):
        return [to_data(item) for item in value]
    if isinstance(value, dict):
        return {key: to_data(item) for key, item in value.items()}
    if value is None:
        return Word("null", plain=True)
    if isinstance(value, bool):
        return Word("true" if value else "false", plain=True)
    if isinstance(value, int):
        return Word(str(value), plain=True)
    return Word(value, plain=_is_text(value))


def same(one: Data, other: Data) -> bool:
    """Whether both say the same; quotes count only where they make a text of what would be none."""
    if one == other:  # in C, and true of nearly everything
        return True
    if isinstance(one, Word) and isinstance(other, Word):
        return one.text == other.text and _kind(one) == _kind(other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return False


def flow_text(data: Data) -> str:
    """The data in one line, as it may stand behind a key or in brackets."""
    if isinstance(data, Word):
        return data.text if data.plain and (_kind(data) != "str" or _is_text(data.text)) else _quoted(data.text)
    if isinstance(data, list):
        return f"[{', '.join(map(flow_text, data))}]"
    return f"{{{', '.join(f'{key_text(key)}: {flow_text(value)}' for key, value in data.items())}}}"


def key_text(key: str) -> str:
    """A key as it may be written."""
    return key if _is_text(key) else _quoted(key)


def _kind(word: Word) -> str:
    return kind(Scalar(0, word.text, word.plain))


def _is_text(text: str) -> bool:
    """Whether a text without quotes is read as that text."""
    return _SAFE.fullmatch(text) is not None and kind(Scalar(0, text, plain=True)) == "str"


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
