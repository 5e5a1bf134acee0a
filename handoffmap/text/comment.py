"""Comments that say something to the program: where they stand, and which lines they are about."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from re import Match, Pattern

    from handoffmap.text.source import Source

__all__ = ["covered_lines", "find_comments"]

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
"""Whose scanner reads a file again: the one in C is about six times as fast, and not everywhere."""


def find_comments(source: Source, pattern: Pattern[str], mark: str) -> Iterator[Match[str]]:
    """The comments of a file that meet a pattern; what only looks like one inside a value is none.

    `mark` is in every comment that the pattern meets. The file is read a second time only where its lines do not show
    by themselves that none of the matches stands in a value.
    """
    text = source.text
    found = [match for begin, end in _lines_with(text, mark) for match in pattern.finditer(text, begin, end)]
    if not found:
        return
    values = [] if _surely_comments(text, found) else _values_with(text, mark)
    for match in found:
        if not any(start <= match.start() < end for start, end in values):
            yield match


def _lines_with(text: str, mark: str) -> Iterator[tuple[int, int]]:
    """From where to where each line goes that has the mark in it."""
    place = text.find(mark)
    while place >= 0:
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        yield text.rfind("\n", 0, place) + 1, end
        place = text.find(mark, end)


# A value that is not in quotes cannot hold ` #`, so that a comment is in doubt for two reasons only: a quote that is
# open where it begins, or lines of text (`|`, `>`) that it stands among. Both are sought too broadly and never too
# narrowly: what is in doubt without need costs time and no more.
_OTHER_BREAKS = ("\x85", "\u2028", "\u2029")
_OPEN_QUOTES = (
    re.compile(r"""\"(?:(?<=^.)|(?<=[\s\[{,:].))(?:[^"\\\n]|\\.)*\\?$""", re.MULTILINE),
    re.compile(r"""\'(?:(?<=^.)|(?<=[\s\[{,:].))(?:[^'\n]|'')*$""", re.MULTILINE),
)
"""Where a value in quotes may go on beyond the end of a line."""
_TEXT_BLOCK = re.compile(r"[|>][-+0-9]{0,2}[ \t]*(?:[ \t]\#.*)?\r?$", re.MULTILINE)
"""Where lines of text may begin."""
_BEFORE_TEXT = re.compile(r"(?:^ *|[ \t])[-?][ \t]+$|:[ \t]+$")
"""What stands before that in a line of its own entry."""
_NO_QUOTE_OPEN = re.compile(
    r"""(?:[^"'\n]|(?:(?<=:[ ])|(?<=[\[{,])|(?<=,[ ]))(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'))*"""
)
"""The part of a line before a comment, if every quote in it begins a value and is closed again."""


def _surely_comments(text: str, found: Sequence[Match[str]]) -> bool:
    """Whether lines alone show that none of the matches stands in a value."""
    last = text.find("\n", found[-1].start())
    end = len(text) if last < 0 else last + 1
    if any(mark in text for mark in _OTHER_BREAKS) or text.count("\r") != text.count("\r\n"):
        return False
    if any(quote.search(text, 0, end) for quote in _OPEN_QUOTES):
        return False
    starts = [match.start() for match in found]
    if any(bisect_left(starts, begin) != bisect_left(starts, end) for begin, end in _blocks(text, end)):
        return False
    begins = (text.rfind("\n", 0, start) + 1 for start in starts)
    return all(_NO_QUOTE_OPEN.fullmatch(text[begin:start]) for begin, start in zip(begins, starts, strict=True))


def _blocks(text: str, end: int) -> Iterator[tuple[int, int]]:
    """From where to where lines stand that may be text, up to a place in a file."""
    head = _TEXT_BLOCK.search(text, 0, end)
    while head is not None:
        line = text[text.rfind("\n", 0, head.start()) + 1 : head.start()]
        if not _BEFORE_TEXT.search(line):
            yield head.end(), end  # it belongs to a key further up, and no one line says how deep its lines stand
            return
        below = re.compile(rf"(?:\n(?:[ \t\r]*$| {{{_depth(line) + 1},}}[^\n]*))*", re.MULTILINE)
        found = below.match(text, head.end())
        block_end = head.end() if found is None else found.end()
        yield head.end(), block_end
        head = _TEXT_BLOCK.search(text, block_end, end)


def _values_with(text: str, mark: str) -> list[tuple[int, int]]:
    """From where to where each value goes that has the mark in it."""
    return [
        (token.start_mark.index, token.end_mark.index)
        for token in yaml.scan(text, Loader=_LOADER)
        if isinstance(token, yaml.ScalarToken) and mark in token.value
    ]


def covered_lines(lines: Sequence[str], line: int) -> range:
    """From a comment's line to the end of the entry that begins there, or below where the comment stands alone.

    `lines` are those of the file, `line` the comment's own, from 1.
    """
    first = line
    while first <= len(lines) and lines[first - 1].lstrip().startswith("#"):
        first += 1
    if first > len(lines):
        return range(line, line + 1)
    depth = _depth(lines[first - 1])
    last = first
    for number in range(first + 1, len(lines) + 1):
        words = lines[number - 1].strip()
        if words and not words.startswith("#"):
            if _depth(lines[number - 1]) <= depth:
                break
            last = number
    return range(line, last + 1)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
