"""Waivers said in a comment at the line that they are about.

::

    - id: order-to-wms  # handoffmap: allow[duplicate-delivery] until 2027-03-31: the new middleware comes in Q1
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handoffmap.policy.waiver import Waiver
from handoffmap.text.comment import covered_lines, find_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.text.source import Source

__all__ = ["commented_waivers"]

_COMMENT = re.compile(
    r"(?:^|(?<=\s))\#[ \t]*handoffmap:[ \t]*allow\[(?P<rules>[^\]\n]*)\]"
    r"(?:[ \t]+until[ \t]+(?P<until>[^\s:]+))?[ \t]*(?::[ \t]*(?P<reason>[^\r\n]*))?",
    re.MULTILINE,
)


def commented_waivers(source: Source) -> Iterator[Waiver]:
    """The waivers in the comments of a file, in their order."""
    lines: list[str] = []
    for match in find_comments(source, _COMMENT, "allow["):
        lines = lines or source.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        rules = tuple(filter(None, (name.strip() for name in match["rules"].split(","))))
        location = source.location(match.start(), match.end())
        reason = (match["reason"] or "").strip() or None
        yield Waiver(rules, location, reason, match["until"], lines=covered_lines(lines, location.line))
