"""Comments that say something to the program: where they stand, and which lines they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from re import Match, Pattern

    from handoffmap.text.source import Source

__all__ = ["covered_lines", "find_comments"]


def find_comments(source: Source, pattern: Pattern[str], mark: str) -> Iterator[Match[str]]:
    """The comments of a file that meet a pattern; what only looks like one inside a value is none.

    `mark` is in every comment that the pattern meets. The file is read a second time if any value holds it.
    """
    if mark not in source.text:
        return
    values = [
        (token.start_mark.index, token.end_mark.index)
        for token in yaml.scan(source.text)
        if isinstance(token, yaml.ScalarToken) and mark in token.value
    ]
    for match in pattern.finditer(source.text):
        if not any(start <= match.start() < end for start, end in values):
            yield match


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
