"""Waivers said in a comment at the line that they are about.

    - id: order-to-wms  # handoffmap: allow[duplicate-delivery] until 2027-03-31: the new middleware comes in Q1
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handoffmap.policy.waiver import Waiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.text.source import Source

__all__ = ["commented_waivers"]

_COMMENT = re.compile(
    r"(?:^|(?<=\s))\#[ \t]*handoffmap:[ \t]*allow\[(?P<rules>[^\]\n]*)\]"
    r"(?:[ \t]+until[ \t]+(?P<until>[^\s:]+))?[ \t]*(?::[ \t]*(?P<reason>[^\r\n]*))?",
    re.MULTILINE,
)
_MARK = "handoffmap:"


def commented_waivers(source: Source) -> Iterator[Waiver]:
    """The waivers in the comments of a file, in their order; what only looks like one inside a text is none."""
    if "allow[" not in source.text:
        return
    texts = _texts(source.text)
    lines = source.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for match in _COMMENT.finditer(source.text):
        if any(start <= match.start() < end for start, end in texts):
            continue
        rules = tuple(filter(None, (name.strip() for name in match["rules"].split(","))))
        location = source.location(match.start(), match.end())
        reason = (match["reason"] or "").strip() or None
        yield Waiver(rules, location, reason, match["until"], lines=_covered(lines, location.line))


def _texts(text: str) -> list[tuple[int, int]]:
    """Where values stand that hold the mark themselves."""
    import yaml  # read a second time, and only where such a comment is

    return [
        (token.start_mark.index, token.end_mark.index)
        for token in yaml.scan(text)
        if isinstance(token, yaml.ScalarToken) and _MARK in token.value
    ]


def _covered(lines: list[str], line: int) -> range:
    """From a comment's line to the end of the entry that begins there, or below where the comment stands alone."""
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
